"""Archives of earlier versions, opened by this one: nothing is lost, and the watch goes on.

``tests.archives`` says what they hold.
"""

from __future__ import annotations

import asyncio
import json
import mailbox
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast, get_args

import pytest
import sqlalchemy as sa

from crawler import app, query, urls
from crawler.app import open_search
from crawler.channels.maildir import MaildirChannel
from crawler.languages.index_text import write_index_text
from crawler.model import ArchivedArticle, Fate, FindingKind, Gap, Reason, sentence
from crawler.model.coverage import GapReason
from crawler.monitoring.check import HealthCheck
from crawler.outbox import Outbox
from crawler.seeds import Seeds
from crawler.stories import fingerprint
from crawler.writer import Writer
from storage import tables as t
from storage import text_index
from storage.archive import SqlArchive, open_archive
from storage.canaries import SqlCanaries
from storage.coverage import SqlCoverage
from storage.engine import connect
from storage.hosts import SqlHosts
from storage.probes import SqlProbes
from storage.reprocessing import SqlReprocessing
from storage.rows import causes_of
from storage.source_history import SqlSourceHistory
from storage.templates import SqlTemplates
from storage.verdicts import SqlVerdicts
from storage.watchlist import SqlWatchList
from tests import archives, engine
from tests.archives import reasons_0019
from tests.archives.papers import SEEDS, Kiosk
from tests.builders import a_source
from tests.site import press

SCHEMAS = sorted(path.stem for path in archives.FOLDER.glob("*.json"))
STORIES = {story.slug: story for story in press.load()}
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d")
SUBSCRIBER = "reader@example.org"
POLLED = ("al-masar", "le-sillon", "the-ledger", *SEEDS)
RETRIED = {"busy": 1, "long": 3, "mixed": 9}  # sightings that waited, by source
NEW = {
    "al-masar": "/2026/late-edition", "busy": "/a/2", "gap-open": "/a/15",
    "le-sillon": "/article/late-edition", "listing": "/a/9", "long": "/a/6", "mapped": "/a/2",
    "mixed": "/p/new", "posted": "/a/2", "steady": "/a/3", "the-ledger": "/news/late-edition.html",
}  # fmt: skip
"""The story that each newspaper published since."""
WAITING = (
    "busy.test/a/1", "long.test/a/0", "long.test/a/1", "mixed.test/p/challenge",
    "mixed.test/p/consent", "mixed.test/p/error", "mixed.test/p/forbidden", "mixed.test/p/lost",
    "mixed.test/p/slow",
)  # fmt: skip
"""The pages that waited to be fetched, and are there now."""
STORED = 1  # pages that waited to be read: the one of long.test/a/2
OUT_OF_REACH = 3  # addresses of ``mixed`` that failed and fail again


@dataclass(frozen=True, slots=True, kw_only=True)
class OldArchive:
    """An archive of an earlier schema version, migrated to this one."""

    schema: str
    url: str
    facts: dict[str, Any]
    archive: SqlArchive

    @property
    def made_at(self) -> datetime:
        """When it was made; nothing in it is later."""
        return datetime.fromisoformat(self.facts["made_at"])

    def count(self) -> dict[str, dict[str, int]]:
        """What it holds now."""
        with self.archive.engine.connect() as connection:
            return archives.count(connection)

    def rows(self, statement: str) -> Sequence[sa.RowMapping]:
        """The rows that an SQL statement selects."""
        with self.archive.engine.connect() as c:
            return c.execute(sa.text(statement)).mappings().all()

    def found(self, asked: str, seeds: Seeds) -> list[ArchivedArticle]:
        """The articles that a search finds."""
        search = app.open_search(self.archive, seeds, seeds.concepts)
        return [kept for kept, _ in search.find(query.parse(asked), limit=1000)]


@pytest.fixture(params=SCHEMAS)
def old(request: pytest.FixtureRequest, archive_url: str) -> Iterator[OldArchive]:
    """The archive of each earlier schema version, on each database, migrated."""
    archives.restore(request.param, archive_url)
    facts = archives.facts(request.param)
    with closing(open_archive(archive_url)) as opened:
        yield OldArchive(schema=request.param, url=archive_url, facts=facts, archive=opened)


@pytest.fixture
def kiosk(old: OldArchive) -> Iterator[Kiosk]:
    """The archived newspapers, three hours later, on the port that the archive knows."""
    for number in range(2, 255):
        try:
            opened = Kiosk(f"127.0.84.{number}")
        except OSError:  # another test uses this address
            continue
        break
    opened.now = old.made_at - timedelta(minutes=10)  # by which their stories are dated there
    with opened:
        yield opened


def test_every_row_is_there_with_its_outcome(old: OldArchive) -> None:
    """Rows by table; polls, sightings, messages, findings, labels and languages by their kind.
    Tables that came later are empty, or made of what was there."""
    counted = old.count()
    later = dict.fromkeys(counted["rows"].keys() - old.facts["rows"].keys(), 0)
    for column in ("themes", "actors"):
        with old.archive.engine.connect() as c:
            told = c.execute(sa.select(t.matches.c[column])).scalars().all()
        later[f"match_{column}"] = sum(map(len, told))
        assert later[f"match_{column}"] > 0
    later["story_progress"] = 1  # its articles have no place among the stories yet
    later |= {"article_shadows": old.facts["rows"]["articles"], "index_states": 1}
    assert counted["rows"] == old.facts["rows"] | later
    for name in archives.FACTS_OF:
        assert counted[name] == old.facts[name], name


def test_opened_again_it_is_the_same(old: OldArchive) -> None:
    """A migrated archive is not migrated again."""
    before = {table: old.rows(f"SELECT * FROM {table}") for table in old.facts["rows"]}
    with closing(open_archive(old.url)):
        pass
    for table, rows in before.items():
        assert Counter(map(str, old.rows(f"SELECT * FROM {table}"))) == Counter(map(str, rows))


@pytest.mark.parametrize(
    ("table", "outcome", "text", "expected"),
    [
        ("polls", "outcome", "detail", reasons_0019.POLLS),
        ("sightings", "fate", "reason", reasons_0019.SIGHTINGS),
    ],
)
def test_every_text_of_0019_has_its_reason(
    archive_url: str, table: str, outcome: str, text: str, expected: dict[str, str]
) -> None:
    """Row by row: the reason is the one that the text named, none fell back to ``download_failed``,
    and people read the same words as before."""
    archives.restore("0019", archive_url)
    before = _explained(archive_url, f"SELECT id, {outcome}, {text}, '', '[]' FROM {table}")
    open_archive(archive_url).close()
    notes = "CAST(notes AS TEXT)" if table == "polls" else "'[]'"
    after = _explained(archive_url, f"SELECT id, {outcome}, reason, detail, {notes} FROM {table}")
    assert after.keys() == before.keys()
    assert {f"{what} {told}" for what, told, *_ in before.values()} == expected.keys()
    for number, (what, told, *_) in before.items():
        outcome_now, reason, detail, pairs = after[number]
        notes_now = causes_of(json.loads(pairs))
        named = reason + "".join(f"+{note.reason}" for note in notes_now)
        assert (outcome_now, named) == (what, expected[f"{what} {told}"])
        said = sentence(cast(Reason, reason), detail, notes_now)
        assert said == reasons_0019.REWORDED.get(told, told)


def _explained(url: str, statement: str) -> dict[int, tuple[str, ...]]:
    """Rows by id, opened without a migration; moments in texts are left out."""
    opened = connect(url)
    with opened.connect() as c:
        rows = [tuple(row) for row in c.execute(sa.text(statement))]
    opened.dispose()
    return {n: tuple(MOMENT.sub("…", text) for text in texts) for n, *texts in rows}


def test_what_is_closed_now_holds_every_old_word(old: OldArchive) -> None:
    """Reasons, kinds of findings and reasons of gaps are closed sets: every stored word is in its
    set; a feed's reason is its last poll's."""
    reasons = set(get_args(Reason)) - {"download_failed", "http_status"}
    for table in ("polls", "feeds", "probes", "sightings"):
        assert {row["reason"] for row in old.rows(f"SELECT reason FROM {table}")} <= reasons, table
    assert old.facts["findings"].keys() <= set(get_args(FindingKind))
    assert {row["reason"] for row in old.rows("SELECT reason FROM gaps")} == set(
        get_args(GapReason)
    )
    probes = {(row["outcome"], row["reason"]) for row in old.rows("SELECT * FROM probes")}
    assert probes == {("ok", ""), ("not_a_feed", "not_a_feed"), ("failed", "unreachable")}


def test_what_is_derived_is_derived_alike_today(old: OldArchive) -> None:
    """URL keys, which tell known from new, words of the index, and signatures of copies: a changed
    rule would need a migration of what is stored."""
    for row in old.rows("SELECT url, url_key FROM sightings"):
        assert urls.key(row["url"]) == row["url_key"]
    with old.archive.engine.connect() as c:
        ranks = {row.id: row.rank for row in c.execute(sa.text("SELECT id, rank FROM articles"))}
        texts = text_index.read_shadows(c, list(ranks.values()))
    signatures = old.rows("SELECT id, fingerprint FROM articles")
    assert len(texts) == len(signatures) == old.facts["rows"]["articles"]
    for row in signatures:
        article = old.archive.article(row["id"]).article
        assert texts[ranks[row["id"]]][1:] == write_index_text(article)
        assert bytes(row["fingerprint"]) == fingerprint.compute(article.body)


def test_a_search_finds_the_articles_that_it_found(old: OldArchive, seeds: Seeds) -> None:
    """By words in each language, by a concept, and by label what the newspapers' editor expects."""

    def headlines(asked: str) -> set[str]:
        return {kept.article.headline for kept in old.found(asked, seeds)}

    assert headlines("العراق AND اتفاقية") == {STORIES["transfer-convention"].headline}
    assert headlines("formation NEAR/3 policière") == {STORIES["formation-policiere"].headline}
    assert STORIES["extradition-talks"].headline in headlines("concept:extradition")
    expected = {story.headline for story in STORIES.values() if "security" in story.labels}
    assert headlines("label:security") == expected | {"Harbour notes, number 4"}


def test_an_article_is_shown_with_its_mentions(old: OldArchive, seeds: Seeds) -> None:
    """Each mention is the text at its place; named persons and doubted articles are there too."""
    kept = old.found("label:bilateral", seeds)
    assert len(kept) == old.facts["labels"]["bilateral"]
    for one in kept:
        (match,) = one.matches
        assert match.mentions
        for mention in match.mentions:
            field = getattr(one.article, mention.field)
            assert field[mention.start : mention.end] == mention.text
    actors = {actor.name for one in kept for actor in one.matches[0].actors}
    assert actors == {"Nasser Bourita", "Fuad Hussein"}
    watch_list = SqlWatchList(old.archive.engine)
    around = (old.made_at - DAY, old.made_at + DAY)
    (doubted,) = watch_list.doubtful(["morocco-iraq"], *around)
    assert (doubted.article.oddities, doubted.matches[0].labels) == (("suspicious",), ())


def test_mail_that_waited_is_delivered_once(
    old: OldArchive, seeds: Seeds, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Deferred mail is sent, and what a crash or a lost connection left unknown is sent again; what
    was sent or refused stays as it is."""
    monkeypatch.chdir(tmp_path)
    later = old.made_at + DAY
    left = old.archive.mails(("sending",))
    assert len(left) == old.facts["messages"]["sending"]
    assert old.archive.recover(left, later) == len(left)
    with closing(Writer(old.archive.together)) as writer:
        outbox = Outbox(
            archive=old.archive,
            watch_list=SqlWatchList(old.archive.engine),
            search=open_search(old.archive, seeds, seeds.concepts),
            seeds=seeds,
            channels={"smtp": MaildirChannel()},
            clock=lambda: later + HOUR,
            writer=writer,
        )
        done = asyncio.run(outbox.deliver())
        assert asyncio.run(outbox.deliver()) == []
    assert {message.recipient: delivery.outcome for message, delivery in done} == {
        f"{name}@example.org": "sent" for name in ("busy", "lost", "reader", "torn")
    }
    for message, _ in done:
        (mail,) = mailbox.Maildir(tmp_path / message.recipient)
        assert mail["Message-ID"] == message.message_id
        assert STORIES["extradition-talks"].headline in message.text
    assert old.count()["messages"] == {"dead": 1, "sent": 5}


def test_the_next_issue_lists_nothing_again(old: OldArchive) -> None:
    """Recipients who had an issue get what none of theirs lists; one whose issue was empty, all."""
    for address in ("inbox", SUBSCRIBER, "busy@example.org"):
        assert _unlisted(old, address) == ()
    assert len(_unlisted(old, "silent@example.org")) == old.facts["labels"]["bilateral"]


def test_every_kept_page_can_be_read_again(old: OldArchive) -> None:
    """No byte of a page is lost; the two that broke their reader are still in quarantine."""
    again = SqlReprocessing(old.archive.engine, lambda name: None)
    assert len(list(again.pages())) == old.facts["rows"]["articles"]
    assert [found.reason for found in again.quarantined()] == ["timeout", "crashed"]


def test_gaps_findings_and_canaries_are_kept(old: OldArchive) -> None:
    """A gap that was closed and one that is open, what is wrong, when the canary was heard."""
    coverage = SqlCoverage(old.archive.engine)
    gaps: dict[str, Gap] = {gap.source: gap for gap in coverage.gaps(everything=True)}
    assert (gaps["gap-closed"].closed_at is not None, gaps["gap-closed"].found) == (True, 5)
    assert [gap.source for gap in coverage.gaps()] == ["gap-open"]
    assert gaps["gap-open"].missing_estimate == 5
    closed = {(f.source, f.kind): f.closed_at for f in coverage.findings(everything=True)}
    assert closed["locked", "blocked"] is not None
    assert closed["tls", "tls"] is None
    assert closed["", "canary"] is None
    heard = SqlCanaries(old.archive.engine).heard()
    assert {language for language, at in heard.items() if at is None} == {"en"}


def test_what_was_wrong_is_found_again(old: OldArchive) -> None:
    """A check of the migrated history finds the same: no finding is closed, none is opened anew."""
    coverage, history = SqlCoverage(old.archive.engine), SqlSourceHistory(old.archive.engine)
    before = coverage.findings()
    sources = [a_source(slug=finding.source) for finding in before if finding.source]
    ours = [finding for finding in before if not finding.source]
    check = HealthCheck(coverage=coverage, history=history)
    found = check.run(sources, old.made_at + HOUR, ours)
    assert {(f.source, f.kind) for f in found} == {(f.source, f.kind) for f in before}
    assert coverage.findings() == before


def test_what_was_learned_is_kept(old: OldArchive) -> None:
    """Templates, hosts that asked for time, robots.txt, probes, verdicts, subscriptions, issues."""
    database, port = old.archive.engine, archives.PORT
    assert {t.source: t.version for t in SqlTemplates(database).in_use()}["steady"] == 2
    assert SqlTemplates(database).drifts() == {}  # the retired one has a successor
    retired = old.rows("SELECT source, version, reason FROM templates WHERE retired_at IS NOT NULL")
    assert [dict(row) for row in retired] == [
        {"source": "steady", "version": 1, "reason": "the body is not in its place"}
    ]
    held = SqlHosts(database).held_until(f"busy.test:{port}")
    assert held is not None and held > old.made_at
    robots = SqlHosts(database).robots(f"http://keep-out.test:{port}")
    assert robots is not None and b"Disallow: /" in robots.body
    (probe,) = SqlProbes(database).latest("moved")
    assert probe.moved_to == f"http://moved.test:{port}/new" and probe.suggestions
    verdicts = SqlVerdicts(database).latest("morocco-iraq")
    assert [verdict.verdict for verdict in verdicts] == ["relevant", "not", "relevant"]
    addresses = {subscription.address for subscription in old.archive.subscriptions("daily")}
    assert {"inbox", "reader@example.org"} < addresses
    assert old.archive.issued_addresses("daily", "2026-11-23") == {"silent@example.org"}


def test_the_watch_goes_on(old: OldArchive, kiosk: Kiosk, tmp_path: Path) -> None:
    """One poll of newspapers that the archive knows. All but one published a story since, and some
    now give the pages that they refused: no article is fetched twice, none is lost, every poll's
    counts balance, and the next issue can list only what is new."""
    for slug in ("transfer-convention", "formation-policiere", "extradition-talks"):
        kiosk.publish(replace(STORIES[slug], slug="late-edition"))
    before = old.count()
    with engine.running(kiosk.install(tmp_path, archive=old.url)) as daemon:
        clock: Any = daemon.app.clock
        clock.forward(old.made_at + 3 * HOUR - clock())
        assert engine.run(daemon.once(asyncio.Event(), set(POLLED), False)) == 0
    fetched = [f"{source}.test{path}" for source, path in NEW.items() if source != "posted"]
    assert sorted(kiosk.pages_fetched()) == sorted((*fetched, *WAITING))
    after = old.count()
    more = {name: after["rows"][name] - before["rows"][name] for name in ("sightings", "gaps")}
    assert more == {"sightings": len(NEW), "gaps": 0}
    articles = len(NEW) + len(WAITING) + STORED
    assert after["rows"]["articles"] == before["rows"]["articles"] + articles
    kept = before["sightings"]["kept"] + articles
    ends = before["sightings"] | {"kept": kept, "failed": OUT_OF_REACH}
    assert after["sightings"] == {fate: n for fate, n in ends.items() if fate != "queued"}
    _check_polls(old.rows(f"SELECT * FROM polls WHERE id > {before['rows']['polls']}"))
    fresh = [old.archive.article(number).article.url for number in _unlisted(old, SUBSCRIBER)]
    assert len(fresh) == 3 and all("/late-edition" in url for url in fresh)


def _check_polls(polls: Sequence[sa.RowMapping]) -> None:
    """One poll for each feed; its counts balance, and it tried again what waited."""
    assert sorted(poll["source"] for poll in polls) == sorted(POLLED)
    for poll in polls:
        assert poll["seen"] == poll["known"] + poll["new"], poll["source"]
        assert poll["new"] == sum(poll[fate] for fate in get_args(Fate)), poll["source"]
        assert poll["new"] == (poll["source"] in NEW), poll["source"]
    assert {poll["source"]: poll["retried"] for poll in polls if poll["retried"]} == RETRIED


def _unlisted(old: OldArchive, address: str) -> tuple[int, ...]:
    """The articles that the next issue to this address can list."""
    begin = old.archive.issue_histories("daily")[address].first_until - DAY
    until = max(old.made_at + DAY, app.now() + DAY)
    return old.archive.unlisted_ids("daily", address, ["morocco-iraq"], begin, until)
