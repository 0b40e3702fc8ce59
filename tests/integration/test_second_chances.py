"""Stories whose first address, page or host was no good are had at the second, or told of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.engine import poll
from tests.integration.test_temporary_trouble import PAGE, fates, let_pass
from tests.site.hostile import explained, install, leads, rows, says
from tests.site.wire import Answer, Wire, seed

HOST = "wire.test"
HARBOUR = "Le port de pêche sera agrandi au printemps"
FERRIES = "Les ferries changent de quai dès lundi"
LIGHTHOUSE = "Le phare retrouve sa lumière d'origine"
WORDS = {
    HARBOUR: "Les travaux dureront huit mois et coûteront douze millions, dit la capitainerie. ",
    FERRIES: "Les voyageurs embarqueront désormais près de la gare, annonce la compagnie. ",
    LIGHTHOUSE: "La lentille de Fresnel, démontée depuis trente ans, tourne à nouveau la nuit. ",
}
DATE = "Mon, 23 Nov 2026 08:00:00 GMT"


def story(title: str) -> Answer:
    """The page of a story."""
    return says(PAGE.format(title, WORDS[title] * 6).encode())


@dataclass
class Paper:
    """One outlet with a feed; a test changes what its feed lists and its pages show."""

    wire: Wire
    folder: Path

    def __post_init__(self) -> None:
        self.config = install(
            self.folder, self.wire, {"paper": seed(self.wire, HOST, '{url: "BASE/feed"}')}
        )

    def item(self, path: str, title: str, guid: str = "", date: str = DATE) -> str:
        """An entry of the feed."""
        link = path if "//" in path else self.wire.base(HOST) + path
        named = f"<guid isPermaLink='false'>{guid}</guid>" if guid else ""
        dated = f"<pubDate>{date}</pubDate>" if date else ""
        said = f"<description>{WORDS.get(title, '')}</description>"
        return f"<item><title>{title}</title><link>{link}</link>{named}{dated}{said}</item>"

    def poll(
        self, items: Sequence[str], pages: Mapping[str, Answer] | None = None, hours: float = 30
    ) -> None:
        """Poll once, so many hours after the poll before."""
        feed = f"<rss version='2.0'><channel>{''.join(items)}</channel></rss>"
        self.wire.answers["/feed"] = says(feed.encode(), "text/xml")
        self.wire.answers.update(pages or {})
        let_pass(self.config, hours)
        poll(self.config)

    def headlines(self) -> list[str]:
        """The headlines in the archive."""
        return [row["headline"] for row in rows(self.config, "SELECT * FROM articles ORDER BY id")]


GONE = says(b"not here", status=404)


def test_a_corrected_address_is_read_though_the_wrong_one_never_was(tmp_path: Path) -> None:
    """The feed corrects a link that leads nowhere: guid, title and date stay, the story is had at
    the new address, and the wrong one is not asked for again."""
    with Wire([HOST]) as wire:
        paper = Paper(wire, tmp_path)
        paper.poll([paper.item("/wrong", HARBOUR, "7")], {"/wrong": GONE})
        assert paper.headlines() == []
        paper.poll([paper.item("/right", HARBOUR, "7")], {"/right": story(HARBOUR)})
        paper.poll([paper.item("/right", HARBOUR, "7")])
        assert paper.headlines() == [HARBOUR]
        assert wire.asked.count(f"{HOST}/wrong") == 1
    assert fates(paper.config) == {"right": "kept"}


def test_a_corrected_address_is_read_after_the_wrong_one_was_given_up(tmp_path: Path) -> None:
    """At another address it may be had after all; one that changes with each poll is not believed
    more often than a guid may move."""
    with Wire([HOST]) as wire:
        paper = Paper(wire, tmp_path)
        for _ in range(7):
            paper.poll([paper.item("/wrong", HARBOUR, "7")], {"/wrong": GONE})
        assert fates(paper.config) == {"wrong": "gone not_found"}
        paper.poll([paper.item("/right", HARBOUR, "7")], {"/right": story(HARBOUR)})
        assert paper.headlines() == [HARBOUR]


def test_a_corrected_address_is_remembered_as_such_until_it_is_read(tmp_path: Path) -> None:
    """The page at the new address fails at first: the article moves there all the same later, and
    is not kept a second time."""
    edited = f"{HARBOUR} (corrigé)"
    busy = says(b"busy", status=500)
    with Wire([HOST]) as wire:
        paper = Paper(wire, tmp_path)
        paper.poll([paper.item("/first", HARBOUR, "7")], {"/first": story(HARBOUR)})
        page = says(PAGE.format(edited, WORDS[HARBOUR] * 6).encode())
        paper.poll([paper.item("/second", edited, "7")], {"/second": busy})
        paper.poll([paper.item("/second", edited, "7")], {"/second": page})
    (article,) = rows(paper.config, "SELECT * FROM articles")
    assert article["url"].endswith("/second")
    assert fates(paper.config) == {"first": "kept", "second": "kept"}


def test_a_column_of_an_undated_feed_is_not_known_by_its_title(tmp_path: Path) -> None:
    """One guid and one title, never a date, and another page each day."""
    with Wire([HOST]) as wire:
        paper = Paper(wire, tmp_path)
        for number, title in enumerate(WORDS):
            item = paper.item(f"/{number}", "Le billet du jour", "column", date="")
            paper.poll([item], {f"/{number}": story(title)})
        assert len(paper.headlines()) == len(WORDS)


def test_what_cannot_be_had_is_kept_by_the_feeds_words(tmp_path: Path) -> None:
    """A wall with status 403, an error and a host that is no more: after the last attempt the story
    stands under its title. What is gone is given up, and the poll says both."""
    pages = {
        "/wall": says(b"<title>Just a moment...</title>", status=403),
        "/gone": GONE,
    }
    with Wire([HOST]) as wire:
        paper = Paper(wire, tmp_path)
        dead = f"http://old.{HOST}:{wire.port}/dead"
        items = [
            paper.item("/wall", HARBOUR),
            paper.item(dead, FERRIES),
            paper.item("/gone", LIGHTHOUSE),
        ]
        paper.poll(items, pages)
        assert set(fates(paper.config).values()) == {
            "failed forbidden", "failed unreachable", "failed not_found",
        }  # fmt: skip
        for _ in range(7):
            paper.poll(items)
        assert wire.asked.count(f"{HOST}/wall") == 7
    assert sorted(paper.headlines()) == sorted([HARBOUR, FERRIES])
    assert fates(paper.config)["gone"] == "gone not_found"
    told = [explained(row) for row in rows(paper.config, "SELECT * FROM polls")]
    assert sum("the feed's words are kept" in line for line in told) == 1
    assert sum("given up" in line for line in told) == 1


def test_pages_of_a_dead_host_are_in_nobodys_way(tmp_path: Path) -> None:
    """More links than a poll may ask lead to a subdomain that is no more: what stands behind them
    in the feed is had at the next poll."""
    with Wire([HOST]) as wire:
        paper = Paper(wire, tmp_path)
        dead = f"http://old.{HOST}:{wire.port}"
        items = [paper.item(f"{dead}/{n}", f"Brève numéro {n} du port") for n in range(410)]
        items.append(paper.item("/harbour", HARBOUR))
        paper.poll(items, {"/harbour": story(HARBOUR)})
        paper.poll([paper.item("/ferries", FERRIES)], {"/ferries": story(FERRIES)})
        assert set(paper.headlines()) == {HARBOUR, FERRIES}


def test_a_page_that_tells_another_story_is_not_the_one_that_its_link_promised(
    tmp_path: Path,
) -> None:
    """Links lead to a notice that reads like an article, or to another story, for a while or for
    good: the story is had later, or stands under its own title; it is not lost in the other one."""
    with Wire([HOST]) as wire:
        paper = Paper(wire, tmp_path)
        items = [paper.item(f"/{n}", title) for n, title in enumerate(WORDS)]
        to_notice, to_other = leads("/notice"), leads("/0")
        notice = says(
            PAGE.format(
                "Notre site change de peau",
                "Nos équipes préparent la nouvelle version de notre site pour demain. " * 20,
            ).encode()
        )
        paper.poll(items[:1], {"/0": story(HARBOUR)})
        paper.poll(items, {"/1": to_notice, "/2": to_other, "/notice": notice})
        assert fates(paper.config) == {
            "0": "kept", "1": "failed another_story", "2": "failed another_story",
        }  # fmt: skip
        paper.poll(items, {"/1": story(FERRIES)})
        for _ in range(3):
            paper.poll(items)
        assert paper.headlines() == [HARBOUR, FERRIES, LIGHTHOUSE]
        assert wire.asked.count(f"{HOST}/2") == 3
    told = [explained(row) for row in rows(paper.config, "SELECT * FROM polls")]
    assert any("another_story" in line for line in told)


def test_a_link_that_leads_on_to_its_story_is_that_story(tmp_path: Path) -> None:
    """Whatever the title, as long as the text has something of it; a title in another language than
    the text says nothing."""
    titles = [HARBOUR, "Douze millions pour le port de pêche", "ميناء الصيد يتوسع في الربيع المقبل"]
    with Wire([HOST]) as wire:
        paper = Paper(wire, tmp_path)
        for number in range(len(titles)):
            wire.answers[f"/to/{number}"] = leads(f"/{number}")
            wire.answers[f"/{number}"] = story(HARBOUR)
        paper.poll([paper.item(f"/to/{number}", title) for number, title in enumerate(titles)])
    assert set(fates(paper.config).values()) == {"kept"}
    bodies = rows(paper.config, "SELECT body FROM articles")
    assert all("douze millions" in row["body"] for row in bodies)


def test_two_stories_at_one_address_are_two_if_their_titles_are_apart(tmp_path: Path) -> None:
    """A feed without guids links all its flashes to one page; later ones come alone."""
    with Wire([HOST]) as wire:
        paper = Paper(wire, tmp_path)
        flash = says(
            PAGE.format("Toute l'actualité", "Suivez l'actualité avec nous. " * 40).encode()
        )
        flashes = [paper.item("/flash", title) for title in WORDS]
        paper.poll(flashes[:2], {"/flash": flash})
        paper.poll(flashes[2:])
        assert sorted(paper.headlines()) == sorted(WORDS)
        retitled = [paper.item("/port", HARBOUR), paper.item("/port", f"{HARBOUR}, enfin")]
        paper.poll(retitled, {"/port": story(HARBOUR)})
        assert wire.asked.count(f"{HOST}/port") == 1


def test_a_feed_that_links_to_the_home_page_has_its_stories_in_its_own_words(
    tmp_path: Path,
) -> None:
    """One entry at a time; the home page is none of them."""
    home = says(PAGE.format("Le Phare, quotidien de la côte", "À la une ce matin. " * 60).encode())
    with Wire([HOST]) as wire:
        paper = Paper(wire, tmp_path)
        for title in WORDS:
            paper.poll([paper.item("/", title, guid=title)], {f"{HOST}/": home})
        assert paper.headlines() == list(WORDS)


def test_an_address_whose_page_stays_while_its_title_changes_loses_no_story(
    tmp_path: Path,
) -> None:
    """The page at a known address tells nothing of what the feed calls it now."""
    with Wire([HOST]) as wire:
        paper = Paper(wire, tmp_path)
        paper.poll([paper.item("/port", HARBOUR)], {"/port": story(HARBOUR)})
        paper.poll([paper.item("/port", LIGHTHOUSE)])
        assert paper.headlines() == [HARBOUR, LIGHTHOUSE]


def test_what_browsers_show_is_read_whatever_the_success_is_called(tmp_path: Path) -> None:
    """203 comes from proxies; 206, where no part was asked for, may be a part, and is noted."""
    with Wire([HOST]) as wire:
        paper = Paper(wire, tmp_path)
        pages = {
            "/203": says(PAGE.format(HARBOUR, WORDS[HARBOUR] * 6).encode(), status=203),
            "/206": says(PAGE.format(FERRIES, WORDS[FERRIES] * 6).encode(), status=206),
        }
        paper.poll([paper.item("/203", HARBOUR), paper.item("/206", FERRIES)], pages)
        assert sorted(paper.headlines()) == sorted([HARBOUR, FERRIES])
    (told,) = rows(paper.config, "SELECT * FROM polls")
    assert told["kept"] == 2 and "partial" in explained(told)


def test_a_sitemap_whose_files_stand_elsewhere_says_so(tmp_path: Path) -> None:
    """Another host's files are not asked for; the poll's line names it."""
    index = (
        "<sitemapindex><sitemap><loc>http://cdn.elsewhere.test/1.xml</loc></sitemap></sitemapindex>"
    )
    with Wire([HOST]) as wire:
        feed = '{url: "BASE/index.xml", kind: sitemap}'
        config = install(tmp_path, wire, {"paper": seed(wire, HOST, feed)})
        wire.answers["/index.xml"] = says(index.encode(), "text/xml")
        poll(config)
    (told,) = rows(config, "SELECT * FROM polls")
    assert "elsewhere.test is named, and not asked" in explained(told)


def test_a_page_that_no_reader_takes_is_given_up_with_a_word(tmp_path: Path) -> None:
    """What the reader rejects is asked for again as well; the poll says when that ends."""
    with Wire([HOST]) as wire:
        paper = Paper(wire, tmp_path)
        page = says(b"A list of ships, without any markup.", "text/plain")
        for _ in range(8):
            paper.poll([paper.item("/ships", "Ships")], {"/ships": page})
        assert wire.asked.count(f"{HOST}/ships") == 7
    assert fates(paper.config) == {"ships": "rejected not_html"}
    told = [explained(row) for row in rows(paper.config, "SELECT * FROM polls")]
    assert [n for n, line in enumerate(told) if "given up" in line] == [6]
