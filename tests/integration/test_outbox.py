"""From the archive to the recipients, on SQLite and on PostgreSQL: everything is shown once."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import structlog.testing

from crawler import outbox
from crawler.app import open_search
from crawler.digest import composition, rendering
from crawler.digest.records import Digest, DigestInput
from crawler.matching.topics import SavedQuery
from crawler.model import Delivery, FeedEntry, IssueToQueue, Message
from crawler.outbox import Outbox, Recipient
from crawler.outbox import box as outbox_box
from crawler.outbox.delivery import PARALLEL
from crawler.query import parse
from crawler.seeds import Seeds
from crawler.urls import key
from crawler.writer import Writer
from storage import tables as t
from storage.archive import SqlArchive
from storage.watchlist import SqlWatchList
from tests.builders import NOW, a_date, a_page, a_reading, a_source, an_entry, save_article
from tests.unit.digest.scenes import DAY, RECIPE, TOPIC

HOUR = timedelta(hours=1)


def keep(archive: SqlArchive, name: str, at: datetime = NOW, **changes: Any) -> int:
    """Keep one article labelled ``general``, seen, published and kept at this moment; its id."""
    url = f"http://news.test/{name}"
    entries: list[tuple[str, FeedEntry]] = [(key(url), an_entry(f"/{name}"))]
    (sighting,) = archive.record_entries("news", "http://news.test/feed", entries, at)
    given = {"headline": f"Headline {name}", "published": a_date(at)} | changes
    labels = given.pop("labels", ("general",))
    body = given.pop("body", "Words.")
    reading = a_reading(body, *labels, url=url, first_seen_at=at, **given)
    return save_article(archive, sighting, a_page("<p>Words.</p>"), reading, at)


class Desk:
    """An outbox over an archive, with a clock that is set and a channel that remembers."""

    def __init__(self, archive: SqlArchive, most: int = 12, **changes: Any) -> None:
        self.archive, self.now, self.mails = archive, NOW, list[Message]()
        self.recipe = replace(RECIPE, languages=("en",), max_events=most, **changes)
        self.writer = Writer(archive.together)
        dams = SavedQuery(slug="dams", title={"en": "Dams"}, query=parse("dam OR barrage"))
        seeds = Seeds(
            sources={"news": a_source()},
            concepts={},
            queries={"dams": dams},
            topics={"water": TOPIC},
            digests={"daily": self.recipe},
        )
        self.outbox = Outbox(
            archive=archive,
            watch_list=SqlWatchList(archive.engine),
            search=open_search(archive, seeds, {}),
            seeds=seeds,
            channels={"smtp": self},
            clock=lambda: self.now,
            writer=self.writer,
        )

    async def deliver(self, message: Message) -> Delivery:
        """Remember it."""
        self.mails.append(message)
        return Delivery(outcome="sent")

    def subscribe(self, *addresses: str) -> None:
        """Subscribe these to the daily digest, by mail."""
        for address in addresses:
            self.archive.subscribe("daily", "smtp", address, self.now)

    def day(self, days: int = 1) -> list[str]:
        """Let so many days pass; the texts of the mails of the last round."""
        self.now += days * DAY
        self.mails.clear()

        async def round_() -> None:
            await self.outbox.queue_due()
            await self.outbox.deliver()

        asyncio.run(round_())
        return [mail.text for mail in self.mails]


@pytest.fixture
def desk(archive: SqlArchive) -> Iterator[Desk]:
    """A desk without subscribers."""
    opened = Desk(archive)
    yield opened
    opened.writer.close()


def names(text: str) -> list[str]:
    """The headlines of a mail, in its order."""
    lines = text.splitlines()
    return [line.split("Headline ")[1].rstrip("\u2069") for line in lines if "Headline " in line]


def test_a_digest_shows_what_the_last_one_left_out(archive: SqlArchive) -> None:
    """Seven stories of today and five of the days before, eight places: today's are all shown
    today; what was left out comes first tomorrow, before tomorrow's news, and once."""
    desk = Desk(archive, most=8)
    desk.subscribe("a@desk.test")
    for n in range(5):
        keep(archive, f"old-{n}", NOW, published=a_date(NOW - (2 + n) * DAY))
    for n in range(7):
        keep(archive, f"new-{n}", NOW, published=a_date(NOW - n * HOUR))
    first, tomorrow = desk.day(), "tomorrow"
    assert names(first[0]) == [f"new-{n}" for n in range(7)] + ["old-0"]
    assert "and 4 more, first in the next issue" in first[0]
    keep(archive, tomorrow, desk.now)
    assert names(desk.day()[0]) == ["old-1", "old-2", "old-3", "old-4", tomorrow]
    assert names(desk.day()[0]) == []
    desk.writer.close()


def test_a_saved_search_has_a_section_with_what_it_finds(archive: SqlArchive) -> None:
    """A story that no topic labels comes once, with the sentence that answers the search; one that
    a topic labels stands under its label; what is not found is not there."""
    desk = Desk(archive, queries=("dams",))
    desk.subscribe("a@desk.test")
    keep(archive, "dam", body="Rain fell. The dam was opened.", labels=())
    keep(archive, "both", body="A dam. It is full.")
    keep(archive, "rain", body="Rain fell.", labels=())
    (text,) = desk.day()
    assert names(text) == ["both", "dam"]
    assert "■ Dams (1)" in text and "■ general (1)" in text
    assert "The [dam] was opened." in text
    assert "score" not in text[text.index("■ Dams") :].partition("■ Watch")[0]
    keep(archive, "later", desk.now, body="Un barrage.", labels=())
    assert names(desk.day()[0]) == ["later"]
    assert names(desk.day()[0]) == []
    preview = desk.outbox.preview(desk.recipe, NOW - DAY)
    assert [len(section.items) for section in preview.sections] == [1, 2]
    desk.writer.close()


def test_a_digest_may_be_of_a_saved_search_alone(archive: SqlArchive) -> None:
    """What an issue has no place for comes in the next ones, while it was kept at most SEARCH_AGE
    before the issue that left it out last."""
    desk = Desk(archive, most=2, topics=(), queries=("dams",))
    desk.subscribe("a@desk.test")
    for n in range(7):
        body = f"Dam number {n} of {n * 7} was built."
        keep(archive, f"{n}", published=a_date(NOW - n * HOUR), body=body, labels=())
    assert names(desk.day()[0]) == ["0", "1"]
    assert names(desk.day()[0]) == ["2", "3"]
    assert names(desk.day(outbox_box.SEARCH_AGE.days)[0]) == ["4", "5"]
    assert names(desk.day()[0]) == []
    desk.writer.close()


def test_a_story_of_last_year_is_told_once_in_a_section_of_its_own(desk: Desk) -> None:
    """Not among today's, and not again the next day."""
    desk.subscribe("a@desk.test")
    keep(desk.archive, "old", NOW, published=a_date(NOW - 365 * DAY))
    keep(desk.archive, "new", NOW, published=a_date(NOW))
    (text,) = desk.day()
    today, _, earlier = text.partition("Found now, dated earlier (1)")
    assert names(today) == ["new"] and "Headline old" in earlier
    assert "Headline" not in desk.day()[0]


def test_every_article_is_shown_once_whenever_it_was_written(desk: Desk) -> None:
    """One that was committed late, with an earlier time than the last issue's, is not lost between
    two windows of time: what counts is whether an issue lists it."""
    desk.subscribe("a@desk.test")
    keep(desk.archive, "early")
    assert names(desk.day()[0]) == ["early"]
    keep(desk.archive, "late", NOW + HOUR)
    assert names(desk.day()[0]) == ["late"]
    assert names(desk.day()[0]) == []


def test_a_copy_of_a_story_that_was_shown_is_not_shown_again(desk: Desk) -> None:
    """Neither the next day nor ever; a recipient who was not shown it gets it."""
    desk.subscribe("a@desk.test")
    headline = "Ministers of both sides sign Headline one"
    keep(desk.archive, "first", headline=headline)
    assert names(desk.day()[0]) == ["one"]
    keep(desk.archive, "copy", desk.now, headline=headline)
    desk.subscribe("b@desk.test")
    old, new = desk.day()
    assert (names(old), names(new)) == ([], ["one"])
    assert [names(text) for text in desk.day(days=40)] == [[], []]


def test_a_headline_that_comes_back_every_week_is_news_every_week(desk: Desk) -> None:
    """It is a copy only within days of what was shown; or each week's would hide the next one's, and no reader would ever see a second."""
    desk.subscribe("a@desk.test")
    seen = []
    for week in range(6):
        keep(
            desk.archive, f"w{week}", desk.now, headline="Weekly bulletin of all dams Headline one"
        )
        seen.append(names(desk.day()[0]))
        desk.day(days=6)
    assert seen == [["one"]] * 6


def test_an_archive_of_an_earlier_rasd_has_shown_what_its_issues_list(desk: Desk) -> None:
    """Rows of issues that cut at twelve count as they were written; nothing is shown twice."""
    listed = [keep(desk.archive, f"listed-{n}", NOW - HOUR) for n in range(3)]
    keep(desk.archive, "before", NOW - 3 * DAY)
    issue = {"recipe": "daily", "address": "a@desk.test", "slot": "2026-11-23", "until": NOW}
    with desk.archive.engine.begin() as c:
        number = c.execute(sa.insert(t.issues).values(issue).returning(t.issues.c.id)).scalar_one()
        c.execute(
            sa.insert(t.issue_articles),
            [{"issue_id": number, "article_id": article} for article in listed],
        )
    desk.subscribe("a@desk.test")
    keep(desk.archive, "new", NOW + HOUR)
    assert names(desk.day()[0]) == ["new"]


def test_fifty_recipients_are_one_composition(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Composed and rendered once for all who have been shown the same; one more who has not,
    once.
    """
    calls: list[str] = []
    threads = {threading.get_ident()}
    compose, render = composition.compose, rendering.render

    def composing(given: DigestInput) -> Digest:
        calls.append("compose")
        threads.discard(threading.get_ident())
        return compose(given)

    def wording(digest: Digest) -> rendering.Letter:
        calls.append("render")
        return render(digest)

    monkeypatch.setattr(composition, "compose", composing)
    monkeypatch.setattr(rendering, "render", wording)
    desk.subscribe(*(f"{n}@desk.test" for n in range(50)))
    keep(desk.archive, "one")
    mails = desk.day()
    assert calls == ["compose", "render"]
    assert threads == {threading.get_ident()}, "composed on the event loop's thread"
    assert len(mails) == 50 and len(set(mails)) == 1
    assert len({mail.message_id for mail in desk.mails}) == 50
    calls.clear()
    desk.subscribe("late@desk.test")
    keep(desk.archive, "two", desk.now)
    assert len(desk.day()) == 51
    assert calls == ["compose", "render"] * 2


def test_nothing_of_a_round_runs_on_the_event_loop(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading, writing, claiming, closing: every statement is another thread's."""
    seen: set[int] = set()

    def note(*of: object) -> None:
        seen.add(threading.get_ident())

    desk.subscribe("a@desk.test")
    keep(desk.archive, "one")
    sa.event.listen(desk.archive.engine, "before_cursor_execute", note)
    assert len(desk.day()) == 1
    sa.event.remove(desk.archive.engine, "before_cursor_execute", note)
    assert seen and threading.get_ident() not in seen


def test_an_issue_made_meanwhile_makes_the_choice_anew(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process sends by hand between choosing and queueing: nothing is shown twice, and what
    it left is shown."""
    desk.subscribe("a@desk.test")
    first = keep(desk.archive, "one")
    keep(desk.archive, "two", NOW + HOUR)
    queue, meddled = desk.archive.queue_issues, list[bool]()

    def meddle(issues: list[IssueToQueue]) -> Any:
        if not meddled:
            meddled.append(True)
            other = replace(issues[0], slot="by-hand", article_ids=(first,), message=None)
            assert queue([other]) == ["queued"]
        return queue(issues)

    monkeypatch.setattr(desk.archive, "queue_issues", meddle)
    assert [names(text) for text in desk.day()] == [["two"]]


def test_silence_is_an_issue_without_a_mail(desk: Desk) -> None:
    """``when_empty: silence``: the slot is issued, nothing is sent, and it is not tried again."""
    quiet = replace(desk.recipe, when_empty="silence")
    asked = [Recipient(recipe="daily", channel="smtp", address="a@desk.test")]

    async def twice() -> list[int]:
        return [await desk.outbox.queue(quiet, asked, "slot", NOW) for _ in range(2)]

    assert asyncio.run(twice()) == [1, 0]
    assert desk.archive.claim_message(NOW + DAY) is None


def test_a_message_without_its_channel_waits(desk: Desk) -> None:
    """It is deferred, with the reason, until the channel is configured."""
    desk.archive.subscribe("daily", "pigeon", "loft", NOW)
    desk.now += DAY

    async def send() -> list[tuple[Message, Delivery]]:
        await desk.outbox.queue_due()
        return await desk.outbox.deliver()

    ((_, delivery),) = asyncio.run(send())
    assert (delivery.outcome, delivery.detail) == ("deferred", "channel 'pigeon' is not configured")
    assert outbox.summary([]) == "nothing to deliver"


def test_a_broken_digest_holds_back_no_other(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor the mail that waits: the fault is logged, and the digest is tried again."""
    broken = replace(desk.recipe, slug="broken")
    digests = {"broken": broken, "daily": desk.recipe}
    desk.outbox = replace(desk.outbox, seeds=replace(desk.outbox.seeds, digests=digests))
    for recipe in digests:
        desk.archive.subscribe(recipe, "smtp", "x@y.z", NOW)
    compose = composition.compose

    def breaking(given: DigestInput) -> Digest:
        if given.recipe.slug == "broken":
            raise KeyError("a label")
        return compose(given)

    monkeypatch.setattr(composition, "compose", breaking)
    with structlog.testing.capture_logs() as lines:
        assert len(desk.day()) == 1
    assert [line["recipe"] for line in lines if line["log_level"] == "error"] == ["broken"]


def test_a_channel_that_breaks_holds_back_no_other_mail(desk: Desk) -> None:
    """Its message is tried once more, as one that may or may not have left."""

    class Broken:
        async def deliver(self, message: Message) -> Delivery:
            raise UnicodeEncodeError("ascii", message.recipient, 0, 1, "no ASCII")

    desk.outbox = replace(desk.outbox, channels={"smtp": desk, "maildir": Broken()})
    desk.archive.subscribe("daily", "maildir", "\u00e4/b", NOW)
    desk.subscribe("x@y.z")
    assert len(desk.day()) == 1
    desk.now += timedelta(minutes=10)
    again = desk.archive.claim_message(desk.now)
    assert again is not None
    assert again.message.channel == "maildir"


def test_mails_in_hand_are_delivered_though_their_caller_is_cancelled(desk: Desk) -> None:
    """As the scheduler's jobs are at a stop, and the canary's when it takes too long: cut off, a
    mail would stay in ``sending`` until the next start. No other mail is begun."""
    begun, may_end = asyncio.Event(), asyncio.Event()

    class Slow:
        async def deliver(self, message: Message) -> Delivery:
            begun.set()
            await may_end.wait()
            return await desk.deliver(message)

    async def cancelled() -> None:
        delivering = asyncio.create_task(desk.outbox.deliver())
        await begun.wait()
        delivering.cancel()
        asyncio.get_running_loop().call_later(0.05, may_end.set)
        with pytest.raises(asyncio.CancelledError):
            await delivering

    desk.outbox = replace(desk.outbox, channels={"smtp": Slow()})
    desk.subscribe(*(f"{n}@y.z" for n in range(2 * PARALLEL)))
    asyncio.run(desk.outbox.queue_due())
    asyncio.run(cancelled())
    assert 1 <= len(desk.mails) <= PARALLEL
    assert desk.archive.mails(("sending",)) == []
    waiting = {mail.recipient for mail in desk.archive.mails(("queued",))}
    assert waiting == {f"{n}@y.z" for n in range(2 * PARALLEL)} - {m.recipient for m in desk.mails}


def test_an_issue_by_hand_covers_the_slot_of_its_day(desk: Desk) -> None:
    """After the hour: the round finds nothing due. Sent twice in a minute, it is made once."""
    desk.subscribe("a@desk.test")
    keep(desk.archive, "one", NOW - HOUR)
    recipients = desk.outbox.recipients("daily")

    async def by_hand() -> list[int]:
        return [(await desk.outbox.send(desk.recipe, recipients))[0] for _ in range(2)]

    assert asyncio.run(by_hand()) == [1, 0]
    assert desk.day(0) == []


def test_a_preview_writes_nothing(desk: Desk) -> None:
    """It shows what was kept since then, shown before or not."""
    desk.subscribe("a@desk.test")
    number = keep(desk.archive, "one")
    assert names(desk.day()[0]) == ["one"]
    digest = desk.outbox.preview(desk.recipe, NOW - DAY)
    assert digest.article_ids == (number,)
    assert len(desk.archive.issue_histories("daily")) == 1


def a_message(name: str = "daily/x/2026-11-23") -> Message:
    """A worded mail."""
    return Message(
        key=name,
        message_id=f"<{name}@x>",
        channel="smtp",
        recipient="x@y.z",
        subject="s",
        text="t",
        html="<p>t</p>",
        language="ar",
        direction="rtl",
        created_at=NOW,
    )


def an_issue(*ids: int, **changes: Any) -> IssueToQueue:
    """A recipient's first issue."""
    plain = IssueToQueue(
        recipe="daily",
        address="x@y.z",
        slot="2026-11-23",
        until=NOW,
        previous_id=None,
        article_ids=ids,
        message=a_message(),
    )
    return replace(plain, **changes)


def test_an_issue_is_queued_once(archive: SqlArchive) -> None:
    """A second run of the same slot writes nothing (F-3), nor does an issue on an old basis; the
    history says up to when the archive was covered."""
    number = keep(archive, "a")
    assert archive.queue_issues([an_issue(number, until=NOW - DAY)]) == ["queued"]
    assert archive.queue_issues([an_issue(number)]) == ["issued"]
    assert archive.queue_issues([an_issue(slot="next")]) == ["outdated"]
    history = archive.issue_histories("daily")["x@y.z"]
    assert (history.first_until, history.last_until) == (NOW - DAY, NOW - DAY)
    later = an_issue(slot="next", previous_id=history.last_id, message=None)
    assert archive.queue_issues([later, an_issue(address="b", message=None)]) == ["queued"] * 2
    assert archive.issue_histories("daily")["x@y.z"].last_until == NOW
    assert archive.issued_addresses("daily", "2026-11-23") == {"x@y.z", "b"}
    assert archive.claim_message(NOW) is not None
    assert archive.claim_message(NOW) is None


def test_issues_are_queued_all_or_none(archive: SqlArchive) -> None:
    """A message whose key is there already undoes the issue beside it, too."""
    archive.queue_issues([an_issue()])
    with pytest.raises(sa.exc.IntegrityError):
        archive.queue_issues([an_issue(address="b", message=a_message("b")), an_issue(address="c")])
    assert set(archive.issue_histories("daily")) == {"x@y.z"}


def test_what_an_issue_lists_was_shown_and_nothing_else(archive: SqlArchive) -> None:
    """By recipient and recipe, whatever the time; within [since, until) for what is not listed."""
    first, second = keep(archive, "a"), keep(archive, "b", NOW + HOUR)
    topics, end = ("water",), NOW + DAY

    def unlisted(address: str, since: datetime = NOW, until: datetime = end) -> tuple[int, ...]:
        return archive.unlisted_ids("daily", address, topics, since, until)

    assert unlisted("x@y.z") == (first, second)
    archive.queue_issues([an_issue(first)])
    assert unlisted("x@y.z") == (second,)
    assert unlisted("other") == (first, second)
    assert unlisted("other", until=NOW + HOUR) == (first,)
    assert unlisted("other", since=NOW + HOUR) == (second,)
    assert archive.unlisted_ids("weekly", "x@y.z", topics, NOW, end) == (first, second)
    assert archive.unlisted_ids("daily", "x@y.z", ("other",), NOW, end) == ()
    assert archive.listed_ids("daily", "x@y.z", NOW) == (first,)
    assert archive.listed_ids("daily", "x@y.z", NOW + HOUR) == ()
    assert [kept.id for kept in archive.articles([second, first, 99])] == [second, first]


@pytest.mark.parametrize(
    ("outcome", "again"), [("sent", None), ("dead", None), ("deferred", 5), ("unknown", 10)]
)
def test_mail_is_tried_again_by_its_outcome(
    archive: SqlArchive, outcome: Any, again: int | None
) -> None:
    """Sent and dead are over; deferred comes again in 5 minutes, unknown once in 10 (F-5, F-32)."""
    archive.queue_issues([an_issue()])
    queued = archive.claim_message(NOW)
    assert queued is not None
    archive.close_message(queued, Delivery(outcome=outcome), NOW)
    assert archive.claim_message(NOW + timedelta(minutes=4)) is None
    later = archive.claim_message(NOW + timedelta(minutes=again or 10_000))
    assert (later is not None) == (again is not None)
    if later is not None:
        assert later.message.message_id == queued.message.message_id


def test_a_mail_left_in_sending_by_a_crash_is_unknown(archive: SqlArchive) -> None:
    """It is not sent again at once: the server may have it (F-5)."""
    archive.queue_issues([an_issue()])
    archive.claim_message(NOW)
    assert archive.recover(archive.mails(("sending",)), NOW) == 1
    assert archive.claim_message(NOW) is None
    assert archive.claim_message(NOW + timedelta(minutes=10)) is not None
