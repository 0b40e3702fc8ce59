"""What stands in a page's place for a while: it is asked for again, and the story is kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from crawler import app
from crawler.config import load
from storage import tables
from tests.engine import poll
from tests.site.hostile import explained, install, leads, raw, rows, says
from tests.site.wire import Answer, Wire, seed

FEED = '{url: "BASE/feed"}'
SENTENCE = "Le conseil de la ville a adopté hier le projet de rénovation du vieux port. "
PAGE = (
    "<!doctype html><html lang=fr><head><meta charset=utf-8><title>{0}</title></head>"
    "<body><article><h1>{0}</h1><p>{1}</p><p>{1}</p></article></body></html>"
)
TITLES = {
    "gone": "Le port de pêche sera agrandi au printemps",
    "loop": "La criée ouvrira deux heures plus tôt",
    "away": "Les mareyeurs demandent une halle couverte",
    "pdf": "La digue nord sera refaite avant l'hiver",
    "shut": "Un second remorqueur arrive dans le port",
    "notice": "Le tirant d'eau passe à douze mètres",
    "database": "La capitainerie recrute trois pilotes",
    "stub": "Le quai des ferries change de place",
    "script": "Les grues du terminal sont en service",
    "wall": "Le phare retrouve sa lumière d'origine",
}
NOTICE = "<title>Le Phare</title><h1>Site en maintenance</h1><p>Nous revenons bientôt.</p>"
DATABASE = "<title>Erreur</title><p>Impossible d'établir la connexion à la base de données.</p>"
WALL = "<title>Just a moment...</title><p>Checking your browser before you go on.</p>"


def story(path: str) -> Answer:
    """The page that is shown when all is well."""
    return says(PAGE.format(TITLES[path], SENTENCE * 6).encode())


def trouble(wire: Wire) -> dict[str, Answer]:
    """What each page is answered with at first."""
    to = f"{wire.base('wire.test')}/real"
    return {
        "gone": says(b"not here", status=404),
        "loop": leads("/loop"),
        "away": leads("http://maintenance.host.test/"),
        "pdf": says(b"%PDF-1.7 " + bytes(900)),
        "shut": story("shut"),  # robots.txt forbids it
        "notice": says(NOTICE.encode()),
        "database": says(DATABASE.encode()),
        "stub": says(f"<meta http-equiv=refresh content='0; url={to}-stub'>".encode()),
        "script": says(b"<script>location.replace('/real-script')</script>"),
        "wall": says(WALL.encode()),
    }


def items(wire: Wire) -> bytes:
    """The feed of all pages."""
    base = wire.base("wire.test")
    listed = "".join(
        f"<item><title>{title}</title><link>{base}/{path}</link>"
        f"<description>{SENTENCE}</description></item>"
        for path, title in TITLES.items()
    )
    return f"<rss version='2.0'><channel>{listed}</channel></rss>".encode()


def let_pass(config: Path, hours: float) -> None:
    """Time goes by for what is to be asked again and for what is remembered of robots.txt."""
    with app.open_app(load(config)) as opened, opened.archive.engine.begin() as c:
        earlier = datetime.now(UTC) - timedelta(hours=hours)
        c.execute(tables.robots.update().values(fetched_at=earlier))
        due = tables.sightings.c.next_try_at.is_not(None)
        now = datetime.now(UTC)
        c.execute(sa.update(tables.sightings).where(due).values(next_try_at=now))


def fates(config: Path) -> dict[str, str]:
    """Path → fate and reason of each sighting."""
    return {
        row["url"].rpartition("/")[2]: f"{row['fate']} {row['reason']}".strip()
        for row in rows(config, "SELECT * FROM sightings")
    }


def test_what_passes_hides_no_story(tmp_path: Path) -> None:
    """A bad hour of a site: everything has failed, nothing is final, and a day later all is read;
    pages that only lead to the story are followed at once."""
    with Wire(["wire.test"]) as wire:
        wire.answers = {f"/{path}": answer for path, answer in trouble(wire).items()}
        wire.answers |= {"/real-stub": story("stub"), "/real-script": story("script")}
        wire.answers["/feed"] = says(items(wire), "text/xml")
        wire.answers["/robots.txt"] = says(b"User-agent: *\nDisallow: /shut\n", "text/plain")
        config = install(tmp_path, wire, {"wire": seed(wire, "wire.test", FEED)})
        poll(config)
        assert fates(config) == {
            "gone": "failed not_found", "loop": "failed redirect_limit",
            "away": "failed offsite_redirect", "pdf": "failed bad_content_type",
            "shut": "failed robots", "notice": "failed maintenance",
            "database": "failed error_page", "stub": "kept", "script": "kept",
            "wall": "failed challenge",
        }  # fmt: skip
        wire.answers |= {f"/{path}": story(path) for path in TITLES}
        wire.answers["/robots.txt"] = says(b"User-agent: *\nDisallow: /admin\n", "text/plain")
        let_pass(config, 2)
        poll(config)
        assert fates(config) == dict.fromkeys(TITLES, "kept")
        headlines = {row["headline"] for row in rows(config, "SELECT * FROM articles")}
        assert headlines == set(TITLES.values())


def test_a_page_that_is_never_shown_is_kept_by_what_its_feed_says(tmp_path: Path) -> None:
    """A wall that stays is no reason to miss the story, and its words are not the story's; what is
    gone is gone in the end."""
    with Wire(["wire.test"]) as wire:
        wire.answers = {f"/{path}": answer for path, answer in trouble(wire).items()}
        wire.answers["/feed"] = says(items(wire), "text/xml")
        wire.answers["/empty"] = raw(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        config = install(tmp_path, wire, {"wire": seed(wire, "wire.test", FEED)})
        for _ in range(7):
            poll(config)
            let_pass(config, 25)
        found = fates(config)
        assert (found["wall"], found["notice"], found["database"]) == ("kept", "kept", "kept")
        assert (found["gone"], found["loop"]) == ("gone not_found", "rejected redirect_limit")
        assert found["pdf"] == "rejected bad_content_type"
        (article,) = rows(config, "SELECT * FROM articles WHERE url LIKE '%/wall'")
        assert article["headline"] == TITLES["wall"]
        assert article["lead"] == SENTENCE.strip()
        assert (article["body"], article["extraction"]) == ("", "empty")
        (last,) = rows(config, "SELECT * FROM polls ORDER BY id DESC LIMIT 1")
        assert "the feed's words are kept" in explained(last)
