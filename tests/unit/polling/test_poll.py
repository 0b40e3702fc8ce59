"""A poll's decisions: which outcome an answer means, and what is done next."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from crawler import urls
from crawler.model import Cause, Feed, FeedEntry, FeedState, FeedWindow
from crawler.polling import outcomes, steps
from crawler.polling import poll as polls
from crawler.polling.ledger import PollRules
from crawler.polling.poll import PollInProgress
from tests.builders import NOW, a_source
from tests.unit.polling.driver import (
    FEED,
    World,
    a_gap,
    a_page_answer,
    a_poll,
    a_sighting,
    a_window,
    an_answer,
    fetched,
    of_type,
    settle_all,
)

LISTING = PollRules(max_depth=20, max_urls=3, stop_at_known=True)
SITEMAP = PollRules(max_depth=3, max_urls=200)
POLLED_BEFORE = FeedState(source="news", feed=FEED, last_success_at=NOW - timedelta(hours=1))


# ── outcomes ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(304, "not_modified"), (403, "blocked"), (429, "blocked"), (404, "failed"), (503, "failed")],
)
def test_a_status_decides_without_the_body(status: int, outcome: str) -> None:
    """Only a 200 is read."""
    poll = a_poll(unconditional=False)
    done = World().run(poll.received(an_answer(status)))
    assert (poll.outcome, of_type(steps.ReadWindow, done)) == (outcome, [])
    assert poll.claim_close()


@pytest.mark.parametrize(
    ("window", "outcome", "detail"),
    [
        (a_window("/a"), "new", ""),
        (a_window("/known"), "nothing_new", ""),
        (FeedWindow(kind="rss20", unusable=3), "empty", "3 entries without a link"),
        (FeedWindow(kind="rss20", partial=True), "failed", "it breaks off"),
        (FeedWindow(kind="sitemap", older=4), "nothing_new", ""),
        ("timeout", "failed", "timeout"),
    ],
)
def test_a_window_decides_the_outcome(window: FeedWindow | str, outcome: str, detail: str) -> None:
    """What is known is nothing new; no entries at all are an empty feed."""
    poll = a_poll()
    World(window=window, known={"/known"}).run(poll.received(an_answer()))
    assert poll.outcome == outcome
    assert detail in poll.close(NOW)[0].explanation


@pytest.mark.parametrize(
    ("block_page", "outcome"),
    [
        ("challenge", "blocked"),
        ("consent", "blocked"),
        ("maintenance", "failed"),
        ("error_page", "failed"),
        ("soft404", "not_a_feed"),
        (None, "not_a_feed"),
    ],
)
def test_a_page_in_the_place_of_the_feed(block_page: str | None, outcome: str) -> None:
    """A challenge blocks the feed; any other page is no feed."""
    poll = a_poll()
    world = World(window=FeedWindow(kind=""), block_page=block_page)
    world.run(poll.received(an_answer(content_type="text/html; charset=utf-8")))
    assert poll.outcome == outcome


def test_a_later_url_that_fails_makes_the_poll_partial() -> None:
    """The first URL that can be read makes the poll a success."""
    poll = a_poll(rules=SITEMAP)
    more = FeedWindow(kind="sitemap", more=("http://news.test/2.xml",))
    World(window=more).run(poll.received(an_answer()))
    World().run(poll.received(an_answer(500, depth=2)))
    assert (poll.outcome, poll.partial) == ("nothing_new", True)


def test_an_error_behind_the_last_page_is_no_failure() -> None:
    """What was shown is all there is; an error at the first URL is one all the same."""
    poll = a_poll(rules=LISTING)
    World(window=a_window("/a", more=("http://news.test/?page=2",))).run(poll.received(an_answer()))
    World().run(poll.received(an_answer(400, depth=2, instead="")))
    assert (poll.outcome, poll.partial, poll.last_place_new) == ("new", False, False)
    failed = a_poll(rules=LISTING)
    World().run(failed.received(an_answer(400, instead="")))
    assert failed.outcome == "failed"


def test_a_refused_url_is_requested_in_its_other_form() -> None:
    """Once: the poll's outcome is that of the other answer."""
    poll = a_poll(rules=LISTING)
    refusal = an_answer(400, instead="http://news.test/?n=10")
    done = World().run(poll.received(refusal))
    assert done == [steps.AskPlace(url="http://news.test/?n=10", depth=1)]
    assert poll.outcome is None and not poll.claim_close()
    World(window=a_window("/a")).run(poll.received(an_answer()))
    settle_all(poll)
    assert (poll.outcome, poll.claim_close()) == ("new", True)
    again = a_poll(rules=LISTING)
    World().run(again.received(refusal))
    World().run(again.received(refusal))
    assert again.outcome == "failed"


def test_files_of_a_doubtful_index_are_known_as_such() -> None:
    """Their bytes are read with more caution."""
    poll = a_poll(rules=SITEMAP)
    old = "http://news.test/old.xml"
    World(window=FeedWindow(kind="sitemapindex", more=(old,), doubted=(old,))).run(
        poll.received(an_answer())
    )
    assert poll.doubted_urls == {old}


def test_the_same_bytes_are_not_read() -> None:
    """A fingerprint equal to that of the poll before is nothing new, and keeps the entries'
    number.
    """
    state = FeedState(source="news", feed=FEED, body_sha256="same", entries=12)
    poll = a_poll(state=state)
    assert poll.compares_bodies
    done = World().run(poll.received(an_answer(fingerprint="same", etag='"2"')))
    row, after = poll.close(NOW)
    assert (done, row.outcome, row.seen, row.known) == ([], "nothing_new", 12, 12)
    assert after.etag == '"2"'


def test_bytes_are_not_compared_while_something_is_missing() -> None:
    """A gap may be covered by what was seen before."""
    assert not a_poll(missing=(a_gap(),)).compares_bodies
    assert not a_poll(rules=SITEMAP).compares_bodies


def test_a_feed_that_has_moved_says_where() -> None:
    """Only the first answer tells of the feed's address."""
    poll = a_poll()
    World(window=a_window("/a")).run(poll.received(an_answer(moved_to="http://news.test/rss")))
    assert "http://news.test/rss" in poll.close(NOW)[0].explanation


# ── what is new ───────────────────────────────────────────────────────────────────────────────


def test_only_what_is_new_is_fetched() -> None:
    """What was known is counted, and costs no request."""
    poll = a_poll()
    done = World(window=a_window("/a", "/known", "/b"), known={"/known"}).run(
        poll.received(an_answer())
    )
    assert fetched(done) == ["/a", "/b"]
    assert (poll.seen, len(poll.new)) == (3, 2)


def test_an_address_that_is_listed_twice_is_one() -> None:
    """Shapes of one address share a key."""
    poll = a_poll()
    done = World(window=a_window("/a", "/a?utm_source=x", "/a#top")).run(poll.received(an_answer()))
    assert fetched(done) == ["/a"]


def test_what_is_on_another_site_is_rejected_in_one_step() -> None:
    """Thousands of rejections are one transaction."""
    poll = a_poll()
    window = a_window("/a", "http://else.test/b", "http://else.test/c")
    done = World(window=window).run(poll.received(an_answer()))
    (rejected,) = of_type(steps.RejectSightings, done)
    assert len(rejected.rejected) == 2
    assert fetched(done) == ["/a"]
    assert poll.fates["rejected"] == 2


def test_an_article_that_came_with_the_feed_is_not_fetched() -> None:
    """Its bytes are read as they are."""
    poll = a_poll()
    done = World(window=a_window("/a", "/b", articles=(b"{}", b""))).run(poll.received(an_answer()))
    (inline,) = of_type(steps.ReadInline, done)
    assert (inline.article, fetched(done)) == (b"{}", ["/b"])


def test_nothing_known_in_a_window_opens_a_gap() -> None:
    """It is opened by the step that records, and only of a feed that was polled before."""
    for state, opens in ((POLLED_BEFORE, True), (FeedState(source="news", feed=FEED), False)):
        poll = a_poll(state=state)
        done = World(window=a_window("/a", "/b")).run(poll.received(an_answer()))
        (recorded,) = of_type(steps.RecordEntries, done)
        assert (recorded.gap is not None, poll.overflow) == (opens, opens)


def test_one_known_entry_closes_the_window_to_gaps() -> None:
    """The window overlaps with what was seen before."""
    poll = a_poll(state=POLLED_BEFORE)
    World(window=a_window("/a", "/known"), known={"/known"}).run(poll.received(an_answer()))
    assert not poll.overflow


def test_the_far_end_of_a_long_feed_waits_for_the_next_poll() -> None:
    """It is recorded and queued; another site's addresses are rejected."""
    tail = [(urls.key(u), FeedEntry(url=u)) for u in ("http://news.test/z", "http://else.test/z")]
    poll = a_poll()
    done = World(window=a_window("/a", tail=(b"packed",)), tail=tail).run(
        poll.received(an_answer())
    )
    assert fetched(done) == ["/a"]
    assert (poll.fates["queued"], poll.fates["rejected"], poll.seen) == (1, 1, 3)


def test_a_burst_is_noted() -> None:
    """More new entries than one poll takes up are part of the poll's detail."""
    poll = a_poll()
    paths = [f"/{n}" for n in range(polls.MAX_PENDING_SIGHTINGS + 1)]
    done = World(window=a_window(*paths)).run(poll.received(an_answer()))
    assert len(of_type(steps.Pause, done)) == 2
    assert "2001 new at once" in str(poll.close(NOW)[0])


# ── further URLs ──────────────────────────────────────────────────────────────────────────────


def test_a_listing_is_read_on_while_it_shows_something_new() -> None:
    """A page without anything new ends it."""
    following = ("http://news.test/latest?page=2",)
    for known, asked in ((set[str](), 1), ({"/a"}, 0)):
        poll = a_poll(rules=LISTING)
        world = World(window=a_window("/a", more=following), known=known)
        assert len(of_type(steps.AskPlace, world.run(poll.received(an_answer())))) == asked
        assert poll.open_requests == asked


@pytest.mark.parametrize(("reaches_back", "asked"), [(False, 1), (True, 0)])
def test_a_gap_is_searched_for_beyond_a_page_of_known_entries(
    reaches_back: bool, asked: int
) -> None:
    """Until a page shows what was known before the gap began."""
    poll = a_poll(rules=LISTING, missing=(a_gap(),))
    window = a_window("/known", more=("http://news.test/latest?page=2",))
    world = World(window=window, known={"/known"}, reaches_back=reaches_back)
    done = world.run(poll.received(an_answer()))
    assert of_type(steps.FindReach, done)[0].at == a_gap().from_at
    assert len(of_type(steps.AskPlace, done)) == asked


def test_further_urls_end_at_the_kinds_limit() -> None:
    """The poll is partial then: what was not read is asked for again."""
    poll = a_poll(rules=PollRules(max_depth=3, max_urls=3))
    files = tuple(f"http://news.test/{n}.xml" for n in range(9))
    world = World(window=FeedWindow(kind="sitemapindex", more=files))
    assert len(of_type(steps.AskPlace, world.run(poll.received(an_answer())))) == 2
    assert poll.partial


def test_urls_that_are_too_deep_are_not_asked() -> None:
    """An index of indexes of indexes is a loop or an attack."""
    poll = a_poll(rules=SITEMAP)
    world = World(window=FeedWindow(kind="sitemapindex", more=("http://news.test/4.xml",)))
    assert not of_type(steps.AskPlace, world.run(poll.received(an_answer(depth=3))))


def test_a_url_is_asked_once_and_on_the_sources_hosts_only() -> None:
    """An index that names itself ends there."""
    poll = a_poll(rules=SITEMAP)
    world = World(window=FeedWindow(kind="sitemapindex", more=(FEED, "http://else.test/a.xml")))
    assert not of_type(steps.AskPlace, world.run(poll.received(an_answer())))
    assert not poll.partial


def test_validators_are_those_of_a_single_url() -> None:
    """What one file of a sitemap says of itself says nothing of the others."""
    poll = a_poll(rules=SITEMAP)
    index = FeedWindow(kind="sitemapindex", more=("http://news.test/2.xml",))
    World(window=index).run(poll.received(an_answer(etag='"1"')))
    World(window=a_window("/a")).run(poll.received(an_answer(etag='"2"', depth=2)))
    assert poll.etag is None


@pytest.mark.parametrize(
    ("kind", "partial"), [("rss20", False), ("sitemap", False), ("section", True)]
)
def test_a_feed_whose_transfer_broke_off_is_used(kind: str, partial: bool) -> None:
    """What came is read and noted; its validators would keep the rest from us. Whether something is
    missing a parser knows, but not one of a listing."""
    poll = a_poll()
    window = FeedWindow(kind=kind, entries=a_window("/a").entries)
    World(window=window).run(poll.received(an_answer(etag='"1"', whole=False)))
    assert (poll.outcome, poll.etag, poll.partial) == ("new", None, partial)
    assert [note.reason for note in poll.notes] == ["partial"]


# ── what waits from earlier polls ─────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("status", "taken_up"), [(200, ["/old"]), (304, ["/old"]), (500, [])])
def test_earlier_polls_leftovers_are_taken_up(status: int, taken_up: list[str]) -> None:
    """By the first answer that can be read, also by one that says that nothing changed."""
    poll = a_poll(has_pending=True, unconditional=False)
    done = World(pending=[a_sighting(1)]).run(poll.received(an_answer(status)))
    assert fetched(done) == taken_up


def test_a_stored_page_is_read_and_a_damaged_one_fetched_again() -> None:
    """A page that an earlier poll stored costs no request."""
    for stored, paths in ((True, []), (False, ["/old"])):
        poll = a_poll(has_pending=True, unconditional=False)
        world = World(pending=[a_sighting(1, has_page=True)], page_is_stored=stored)
        assert fetched(world.run(poll.received(an_answer(304)))) == paths


def test_counts_of_the_site_are_asked_for_only_with_a_gap() -> None:
    """And only where the feed itself could be read."""
    for missing, status, asked in (((a_gap(),), 200, 1), ((), 200, 0), ((a_gap(),), 304, 0)):
        done = World(window=a_window("/a")).run(a_poll(missing=missing).received(an_answer(status)))
        assert len(of_type(steps.AskGapCounts, done)) == asked


@pytest.mark.parametrize(
    ("unconditional", "depth", "outcome"),
    [(True, 1, "failed"), (False, 1, "not_modified"), (False, 2, "failed")],
)
def test_a_304_answers_only_a_condition(unconditional: bool, depth: int, outcome: str) -> None:
    """A server that says "not modified" to a first request has shown nothing."""
    poll = a_poll(unconditional=unconditional)
    World().run(poll.received(an_answer(304, depth=depth)))
    assert poll.outcome == outcome
    assert (poll.reason == "http_status") == (outcome == "failed")


# ── pages ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("status", "refusal", "block_page", "fate"),
    [
        (404, None, None, "failed"),
        (410, None, None, "failed"),
        (500, None, None, "failed"),
        (200, Cause(reason="bad_content_type"), None, "failed"),
        (200, None, "challenge", "failed"),
    ],
)
def test_a_page_that_is_no_article_has_its_fate(
    status: int, refusal: Cause | None, block_page: str | None, fate: str
) -> None:
    """Nothing of it is read."""
    poll, sighting = a_poll(), a_sighting(1)
    poll.expect([sighting], new=True)
    world = World(block_page=block_page)
    done = world.run(poll.page_received(sighting, a_page_answer(status, refusal=refusal)))
    assert [s.fate for s in of_type(steps.SetOutcome, done)] == [fate]
    assert (poll.fates[fate], of_type(steps.ReadFetched, done)) == (1, [])  # type: ignore[index]


def test_a_page_that_may_be_an_article_is_read() -> None:
    """Its fate comes from the pipelines."""
    poll, sighting = a_poll(), a_sighting(1)
    poll.expect([sighting], new=True)
    done = World().run(poll.page_received(sighting, a_page_answer()))
    assert isinstance(done[-1], steps.ReadFetched)
    assert sighting.id in poll.out


@pytest.mark.parametrize(
    ("wall", "attempts", "title", "kept"),
    [
        ("challenge", 6, "A title", True),
        ("stub", 6, "A title", True),
        ("empty_page", 2, "A title", True),
        ("empty_page", 1, "A title", False),
        ("challenge", 5, "A title", False),
        ("challenge", 6, "", False),
        ("soft404", 6, "A title", False),
    ],
)
def test_a_page_that_is_never_shown_is_kept_by_its_entry(
    wall: str, attempts: int, title: str, kept: bool
) -> None:
    """At the last attempt, if the feed has a headline and the page is not gone; what came of it
    is noted."""
    poll, plain = a_poll(), a_sighting(1, attempts=attempts)
    sighting = replace(plain, entry=replace(plain.entry, title=title))
    poll.expect([sighting], new=True)
    done = World(block_page=wall).run(poll.page_received(sighting, a_page_answer()))
    assert isinstance(done[0], steps.IdentifyBlockPage) and done[0].headline == title
    assert isinstance(done[-1], steps.ReadEntry) == kept
    ends = attempts == 6 or kept
    assert [note.reason for note in poll.notes] == ([wall] if ends else [])
    said = "the feed's words are kept" if kept else "given up"
    assert all(note.detail == said for note in poll.notes)


def test_a_page_whose_transfer_broke_off_is_read() -> None:
    """As a browser shows it; the poll says so once."""
    poll = a_poll()
    for number in (1, 2):
        sighting = a_sighting(number)
        poll.expect([sighting], new=True)
        done = World().run(poll.page_received(sighting, a_page_answer(whole=False)))
        assert isinstance(done[-1], steps.ReadFetched)
    assert [note.reason for note in poll.notes] == ["partial"]


@pytest.mark.parametrize(
    ("action", "fate"), [("wait", "queued"), ("reject", "rejected"), ("retry", "failed")]
)
def test_a_page_that_could_not_be_fetched(action: steps.FailureAction, fate: str) -> None:
    """It waits, is rejected, or is tried again later."""
    poll, sighting = a_poll(), a_sighting(1)
    poll.expect([sighting], new=True)
    World().run(poll.page_failed(sighting, action, Cause(reason="timeout"), NOW))
    assert dict(poll.fates) == {fate: 1}


@pytest.mark.parametrize(("attempts", "again"), [(0, True), (5, True), (6, False)])
def test_a_failing_page_is_given_up_after_some_attempts(attempts: int, again: bool) -> None:
    """It stays failed, with no next try."""
    poll, sighting = a_poll(), a_sighting(1, attempts=attempts)
    poll.expect([sighting], new=True)
    (outcome,) = World().run(poll.page_received(sighting, a_page_answer(500)))
    assert isinstance(outcome, steps.SetOutcome)
    assert (outcome.next_try_at is not None) == again


@pytest.mark.parametrize(
    ("answer", "fate"),
    [
        (a_page_answer(404), "gone"),
        (a_page_answer(refusal=Cause(reason="bad_content_type")), "rejected"),
        (a_page_answer(503), "failed"),
    ],
)
def test_the_last_attempt_gives_a_page_its_fate(answer: steps.PageAnswer, fate: str) -> None:
    """What it had failed with until then was taken for a thing that passes."""
    last = outcomes.MAX_PAGE_ATTEMPTS - 1
    poll, sighting = a_poll(), a_sighting(1, attempts=last)
    poll.expect([sighting], new=True)
    (outcome,) = World().run(poll.page_received(sighting, answer))
    assert (outcome.fate, outcome.next_try_at) == (fate, None)  # type: ignore[union-attr]


def test_a_fate_that_cannot_be_written_is_not_counted() -> None:
    """The archive still has it as queued, and so has the poll."""
    poll, sighting = a_poll(), a_sighting(1)
    poll.expect([sighting], new=True)
    World(writes=False).run(poll.page_received(sighting, a_page_answer(404)))
    assert dict(poll.fates) == {"queued": 1}


# ── begin and close ───────────────────────────────────────────────────────────────────────────


def test_a_poll_is_conditional_only_if_a_304_can_be_believed() -> None:
    """Validators are sent back unless something is missing, failed, or a day has gone by."""
    known = FeedState(source="news", feed=FEED, etag='"1"', full_at=NOW, last_success_at=NOW)
    begun = PollInProgress.begin(a_source(), Feed(url=FEED), known, now=NOW, since=None)
    assert begun.conditions() == {"If-None-Match": '"1"'}
    for feed, gaps in ((Feed(url=FEED, render=True), []), (Feed(url=FEED), [a_gap()])):
        poll = PollInProgress.begin(a_source(), feed, known, now=NOW, since=None, open_gaps=gaps)
        assert (poll.conditions(), poll.unconditional) == ({}, True)


def test_a_poll_is_closed_once_when_nothing_is_open() -> None:
    """Not before its last page has its fate, and not twice."""
    poll = a_poll()
    assert not poll.claim_close()
    World(window=a_window("/a", "/b")).run(poll.received(an_answer()))
    assert not poll.claim_close()
    settle_all(poll)
    assert poll.claim_close()
    assert not poll.claim_close()


def test_a_poll_that_rejected_all_it_found_still_takes_up_what_waits() -> None:
    """Completeness is judged when an answer was taken whole."""
    poll = a_poll(has_pending=True)
    world = World(window=a_window("http://else.test/a"), pending=[a_sighting(1)])
    world.run(poll.received(an_answer()))
    assert not poll.claim_close()
    settle_all(poll)
    row, _ = poll.close(NOW)
    assert (row.rejected, row.retried, row.balances) == (1, 1, True)


def test_a_poll_that_ends_early_leaves_its_pages_queued() -> None:
    """And balances all the same."""
    poll = a_poll()
    World(window=a_window("/a", "/b")).run(poll.received(an_answer()))
    poll.close_early("failed", Cause(reason="not_understood"))
    row, _ = poll.close(NOW)
    assert (row.outcome, row.queued, row.balances) == ("new", 2, True)


def test_a_second_fate_is_not_counted() -> None:
    """A page has one fate a poll."""
    poll, sighting = a_poll(), a_sighting(1)
    poll.expect([sighting], new=True)
    poll.settled(sighting, "kept", flagged=True)
    poll.settled(sighting, "failed", flagged=True)
    assert (dict(poll.fates), poll.flagged) == ({"kept": 1}, 1)


def test_a_feed_that_could_not_be_asked_keeps_its_hosts_wish() -> None:
    """The poll failed, and the next one is not before."""
    poll = a_poll()
    until = NOW + timedelta(hours=2)
    poll.feed_failed(Cause(reason="held", detail="asked for time"), until)
    row, state = poll.close(NOW)
    assert row.outcome == "failed"
    assert state.next_poll_at is not None and state.next_poll_at >= until


@pytest.mark.parametrize(("partial", "etag"), [(False, '"1"'), (True, None)])
def test_validators_are_kept_only_from_an_answer_read_to_its_end(
    partial: bool, etag: str | None
) -> None:
    """A feed that broke off is asked again, whatever the server says."""
    poll = a_poll()
    World(window=a_window("/a", partial=partial)).run(poll.received(an_answer(etag='"1"')))
    settle_all(poll)
    assert poll.close(NOW)[1].etag == etag


def test_a_304_that_lied_is_found_out() -> None:
    """New entries under the validators of before: they are not sent for a week."""
    before = FeedState(source="news", feed=FEED, etag='"1"', last_success_at=NOW)
    poll = a_poll(state=before, unconditional=True)
    World(window=a_window("/a", "/known"), known={"/known"}).run(
        poll.received(an_answer(etag='"1"'))
    )
    settle_all(poll)
    _, state = poll.close(NOW)
    assert (state.lied_at, state.etag) == (NOW, None)
