"""No story counts as told that wasn't, on SQLite and PostgreSQL: whatever is committed or issued
while a digest is composed."""

from __future__ import annotations

import asyncio
import mailbox
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from crawler import app
from crawler.config import Config, Subscriber, load
from crawler.config.settings import SmtpConfig
from crawler.digest import composition
from crawler.digest.records import Digest, DigestInput
from crawler.errors import ConfigError
from crawler.model import IssueToQueue
from storage import tables as t
from storage.archive import SqlArchive, open_archive
from tests.builders import NOW
from tests.integration.test_outbox import HOUR, Desk, keep, names
from tests.unit.digest.scenes import DAY

LOCK_SECONDS = 2.0
ROUNDS, DESKS = 3, 6


@pytest.fixture
def desk(archive: SqlArchive) -> Iterator[Desk]:
    """A desk without subscribers."""
    opened = Desk(archive)
    yield opened
    opened.writer.close()


def listed(archive: SqlArchive) -> Counter[int]:
    """How many issues list each article."""
    with archive.engine.connect() as c:
        return Counter(c.execute(sa.select(t.issue_articles.c.article_id)).scalars())


def while_composing(monkeypatch: pytest.MonkeyPatch, work: Any) -> None:
    """Have this done once, after the articles of an issue were read."""
    compose, done = composition.compose, list[bool]()

    def composing(given: DigestInput) -> Digest:
        digest = compose(given)
        if not done:
            done.append(True)
            work()
        return digest

    monkeypatch.setattr(composition, "compose", composing)


def test_a_story_committed_while_an_issue_is_composed_is_in_the_next(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its time is before the issue's, for it was taken when the page was read."""
    desk.subscribe("a@desk.test")
    keep(desk.archive, "early")
    while_composing(monkeypatch, lambda: keep(desk.archive, "late", NOW + HOUR))
    assert [names(desk.day()[0]) for _ in range(3)] == [["early"], ["late"], []]


def test_a_story_behind_a_held_lock_is_in_the_next_issue(
    desk: Desk, archive_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process writes it in a transaction that is seconds wide: begun before the issue is
    composed, committed after."""
    desk.subscribe("a@desk.test")
    keep(desk.archive, "early")
    began, read = threading.Event(), threading.Event()

    def slow() -> None:
        with closing(open_archive(archive_url)) as other, other.together():
            keep(other, "late", NOW + HOUR)
            began.set()
            read.wait(60)
            time.sleep(LOCK_SECONDS)

    while_composing(monkeypatch, read.set)
    writing = threading.Thread(target=slow)
    writing.start()
    try:
        assert began.wait(60)
        first = desk.day()
    finally:
        read.set()
        writing.join()
    assert names(first[0]) == ["early"]
    assert [names(desk.day()[0]) for _ in range(2)] == [["late"], []]


def test_two_digests_of_one_recipe_at_once_show_each_story_once(
    desk: Desk, archive_url: str
) -> None:
    """Six processes issue it at the same moment, each for a slot of its own: each makes its issue,
    and each story is in one."""
    desk.subscribe("a@desk.test", "b@desk.test")
    desks = [Desk(open_archive(archive_url)) for _ in range(DESKS)]
    recipients = desk.outbox.recipients("daily")
    queued: list[int] = []
    for round_ in range(ROUNDS):
        keep(desk.archive, f"story-{round_}", NOW + HOUR)
        start = threading.Barrier(DESKS)

        def issue(number: int, of: Desk, start: Any = start, day: int = round_) -> None:
            start.wait()
            slot, now = f"{day}-{number}", NOW + (day + 1) * DAY
            queued.append(asyncio.run(of.outbox.queue(of.recipe, recipients, slot, now)))

        threads = [threading.Thread(target=issue, args=pair) for pair in enumerate(desks)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    for one in desks:
        one.writer.close()
        one.archive.close()
    assert set(listed(desk.archive).values()) == {2}, "once for each of two recipients"
    assert len(listed(desk.archive)) == ROUNDS
    assert queued == [2] * DESKS * ROUNDS


def test_an_issue_that_others_overtake_again_and_again_is_made_at_last(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whenever it was composed, another process has issued meanwhile: then choosing, marking and
    queueing are one transaction, in which no other process can."""
    desk.subscribe("a@desk.test")
    first = keep(desk.archive, "one")
    keep(desk.archive, "two", NOW + HOUR)
    queue, compose, overtaken = desk.archive.queue_issues, composition.compose, list[int]()

    def overtake(given: DigestInput) -> Digest:
        digest = compose(given)
        if threading.current_thread().name.startswith("asyncio"):
            history = desk.archive.issue_histories("daily").get("a@desk.test")
            other = IssueToQueue(
                recipe="daily",
                address="a@desk.test",
                slot=f"other-{len(overtaken)}",
                until=NOW,
                previous_id=None if history is None else history.last_id,
                article_ids=() if overtaken else (first,),
                message=None,
            )
            assert queue([other]) == ["queued"]
            overtaken.append(1)
        return digest

    monkeypatch.setattr(composition, "compose", overtake)
    assert [names(text) for text in desk.day()] == [["two"]]
    assert len(overtaken) == 2


def test_a_doubtful_story_committed_while_an_issue_is_composed_is_on_the_next_watch_list(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The watch list looks by time, so one that came late would be on none: its id tells it."""
    desk.subscribe("a@desk.test")
    doubts = list[Any]()
    original = composition.compose

    def noting(given: DigestInput) -> Digest:
        doubts.append([one.article.headline for one in given.doubtful])
        return original(given)

    monkeypatch.setattr(composition, "compose", noting)

    def doubt(name: str, at: Any = NOW) -> None:
        number = keep(desk.archive, name, at)
        with desk.archive.engine.begin() as c:
            c.execute(sa.delete(t.match_labels).where(t.match_labels.c.article_id == number))
            own = t.matches.c.article_id == number
            c.execute(sa.update(t.matches).where(own).values(doubtful=["general"]))

    doubt("early")
    while_composing(monkeypatch, lambda: doubt("late", NOW + DAY - HOUR / 2))
    for _ in range(3):
        desk.day()
    assert doubts == [["Headline early"], ["Headline late"], []]


@pytest.mark.parametrize(
    ("sender", "domain"),
    [
        ("Desk <a@desk.example>", "desk.example"),
        ("Desk, News <a@médias.example>", "xn--mdias-bsa.example"),
        ("a@desk.example", "desk.example"),
        ("", "rasd.invalid"),
    ],
)
def test_a_message_id_comes_from_a_parsed_sender(tmp_path: Path, sender: str, domain: str) -> None:
    """``Name <a@b>`` gives ``…@b>``, once; the mail that is written has the same one, or a mail
    that is there would not be recognised."""
    settings = Config(
        archive=f"sqlite:///{tmp_path}/x.sqlite",
        smtp=SmtpConfig(sender=sender),
        subscribers=(Subscriber(digest="daily", address=str(tmp_path / "box")),),
    )
    with app.open_app(settings) as opened:
        recipe = opened.seeds.digests["daily"]
        recipients = opened.outbox.recipients("daily")
        asyncio.run(opened.outbox.send(recipe, recipients))
        (sent,) = opened.archive.mails(("sent",))
        with opened.archive.engine.begin() as c:
            message_id = c.execute(sa.select(t.outbox.c.message_id)).scalar_one()
            c.execute(sa.update(t.outbox).values(state="unknown", next_try_at=NOW))
        asyncio.run(opened.outbox.deliver())
    assert sent.recipient == str(tmp_path / "box")
    assert message_id.endswith(f"@{domain}>") and message_id.count(">") == 1
    (mail,) = mailbox.Maildir(tmp_path / "box")
    assert mail["Message-ID"] == message_id


@pytest.mark.parametrize("sender", ["Desk", "a@b, c@d", "Desk <a@b>>"])
def test_a_sender_that_is_none_is_found_at_the_start(tmp_path: Path, sender: str) -> None:
    """Not when the digest is due; and no archive is made for it."""
    path = tmp_path / "rasd.toml"
    path.write_text(
        f'archive = "sqlite:///x.sqlite"\n[smtp]\nhost = "mail.test"\nsender = "{sender}"\n'
    )
    with pytest.raises(ConfigError, match="sender"), app.open_app(load(path), locked=True):
        pass
    assert list(tmp_path.iterdir()) == [path]
