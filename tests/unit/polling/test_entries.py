"""What tells the entries of a window apart, and at which address each is asked for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crawler import urls
from crawler.model import FeedEntry, FeedState, FeedWindow
from crawler.polling import entries, steps
from crawler.polling.poll import PollInProgress
from tests.builders import NOW, a_source
from tests.unit.polling.driver import FEED, World, a_poll, an_answer, fetched, of_type, settle_all

LIVE = "http://news.test/live"


def a_row(number: int, url: str = LIVE, **more: str) -> FeedEntry:
    """An entry with a title of its own."""
    return FeedEntry(url=url, title=f"Story {number}", **more)


def keyed(*rows: FeedEntry) -> list[str]:
    """The keys by which these entries are known."""
    pairs = [(urls.key(row.url), row) for row in rows]
    return [key for key, _ in entries.told_apart(pairs)]


@pytest.mark.parametrize(
    "rows",
    [
        [a_row(n, guid=f"g{n}") for n in (1, 2)],
        [a_row(n, fragment=f"post-{n}") for n in (1, 2)],
        [a_row(n, guid=f"g{n}", fragment="top") for n in (1, 2)],
        [a_row(n) for n in (1, 2, 3)],
        [a_row(n, guid="g") for n in (1, 2, 3)],
    ],
)
def test_entries_that_share_an_address_are_stories_of_their_own(rows: list[FeedEntry]) -> None:
    """By guid, by what stands behind the hash, or because the whole list has one address."""
    keys = keyed(*rows)
    assert len(set(keys)) == len(rows)
    assert all(key.startswith("news.test/live#") for key in keys)
    assert keyed(*reversed(rows)) == keys[::-1]


@pytest.mark.parametrize(
    "rows",
    [
        [a_row(1, guid="g1"), a_row(1, guid="g2")],
        [a_row(1, guid="g"), a_row(2, guid="g")],
        [a_row(1), a_row(2)],
        [a_row(1, fragment="xtor=RSS-1"), a_row(2, fragment="xtor=RSS-1")],
        [FeedEntry(url=LIVE, guid="1"), FeedEntry(url=LIVE, guid="2")],
        [a_row(1, guid="g1")],
    ],
)
def test_one_story_listed_twice_is_one(rows: list[FeedEntry]) -> None:
    """The same title, the same guid, or too little to tell: the page is read."""
    assert set(keyed(*rows)) == {"news.test/live"}


def test_an_entry_that_is_repeated_among_others_is_one() -> None:
    """Three entries, two stories."""
    first, second = a_row(1, guid="g1"), a_row(2, guid="g2")
    one, two, three = keyed(first, second, first)
    assert one == three != two


def shown(*rows: FeedEntry, **more: object) -> FeedWindow:
    """A feed that lists these entries."""
    return FeedWindow(kind="rss20", entries=rows, **more)  # type: ignore[arg-type]


def test_they_are_judged_by_their_own_words_and_the_page_is_not_asked_for() -> None:
    """What the page at the shared address shows is none of the stories."""
    poll = a_poll()
    rows = [a_row(n, guid=f"g{n}", fragment=f"post-{n}", summary="Words.") for n in (1, 2)]
    done = World(window=shown(*rows)).run(poll.received(an_answer()))
    read = of_type(steps.ReadInline, done)
    assert [step.sighting.url for step in read] == [f"{LIVE}#post-1", f"{LIVE}#post-2"]
    assert all(b"Words." in step.article for step in read)
    assert fetched(done) == []


def test_they_are_judged_so_by_a_later_poll_as_well() -> None:
    """What a crash left queued is not fetched from the shared address."""
    poll = a_poll(has_pending=True)
    ((key, entry),) = entries.told_apart([("news.test/live", a_row(1))], {"news.test/live"})
    waiting = World()._new(key, entry)
    done = World(pending=[waiting]).run(poll.received(an_answer()))
    assert [step.sighting for step in of_type(steps.ReadInline, done)] == [waiting]
    assert fetched(done) == []


def test_a_long_feed_tells_them_apart_to_its_end() -> None:
    """An address that is shared at the beginning is shared in every slice."""
    poll = a_poll()
    rows = [a_row(n, guid=f"g{n}") for n in range(4)]
    world = World(
        window=shown(*rows[:2], tail=(b"slice",)),
        tail=[("news.test/live", rows[2]), ("news.test/live", rows[3])],
    )
    world.run(poll.received(an_answer()))
    assert len(poll.keys) == len(poll.new) == 4
    settle_all(poll)
    assert poll.close(NOW)[0].balances


# ── whose address ─────────────────────────────────────────────────────────────────────────────

PROXY = "http://proxy.example/~r/1"
OWN = "http://news.test/a"


@pytest.mark.parametrize(
    ("link", "own", "asked"),
    [
        (PROXY, (OWN,), OWN),
        (PROXY, ("http://elsewhere.test/x", OWN), OWN),
        (PROXY, ("http://elsewhere.test/x",), PROXY),
        (PROXY, (), PROXY),
        (OWN, ("http://news.test/b",), OWN),
        ("http://elsewhere.test/a", (PROXY,), "http://elsewhere.test/a"),
    ],
)
def test_the_outlets_own_address_is_asked_for(link: str, own: tuple[str, ...], asked: str) -> None:
    """Where the link leads to another site and the entry names one at home."""
    window = shown(FeedEntry(url=link), own_urls=(own,))
    (entry,) = entries.placed(window, {"news.test"}, {"news.test"})
    assert entry.url == asked


def test_a_proxy_that_the_source_polls_is_no_home() -> None:
    """Its feed stands there; its stories do not, unless they name no other address."""
    window = shown(FeedEntry(url=PROXY), FeedEntry(url=PROXY + "2"), own_urls=((OWN,), ()))
    placed = entries.placed(window, {"news.test"}, {"news.test", "proxy.example"})
    assert [entry.url for entry in placed] == [OWN, PROXY + "2"]


def test_guids_that_are_addresses_at_home_are_asked_for_where_the_link_is_shared() -> None:
    """Every link leads to the front page, every guid to its story."""
    rows = [a_row(n, "http://news.test/", guid=f"http://news.test/{n}") for n in (1, 2)]
    window = shown(*rows, own_urls=tuple((row.guid or "",) for row in rows))
    placed = entries.placed(window, {"news.test"}, {"news.test"})
    assert [entry.url for entry in placed] == ["http://news.test/1", "http://news.test/2"]


# ── every entry has a fate ────────────────────────────────────────────────────────────────────


def closed(poll: PollInProgress, window: FeedWindow, **more: object) -> list[steps.Step]:
    """The steps of a poll of this window, whose pages are all kept."""
    done = World(window=window, **more).run(poll.received(an_answer()))  # type: ignore[arg-type]
    settle_all(poll)
    return done


def test_what_has_no_usable_link_is_recorded_and_rejected() -> None:
    """Once, with a word in the poll's line; it is no part of what was seen."""
    poll = a_poll()
    lost = FeedEntry(url="javascript:void(0)", title="Lost", guid="7")
    done = closed(poll, shown(a_row(1), unusable=2, unlinked=(lost, FeedEntry(url="")), listed=3))
    (step,) = of_type(steps.RejectSightings, done)
    assert [(s.url, cause.reason) for s, cause in step.rejected] == [
        ("javascript:void(0)", "no_link"), ("", "no_link")
    ]  # fmt: skip
    row, state = poll.close(NOW)
    assert (row.entries, row.unusable, row.seen, row.new, row.rejected) == (3, 2, 1, 1, 0)
    assert row.balances and state.unusable == 2
    assert "no_link: 2 entries have no usable link (javascript:void(0))" in row.explanation


def test_its_key_is_no_address() -> None:
    """Each is known by what it says, and by nothing that a link could say."""
    one, two = FeedEntry(url="x:1", title="A"), FeedEntry(url="x:1", title="B")
    assert entries.unlinked_key(one) != entries.unlinked_key(two)
    assert entries.unlinked_key(one) == entries.unlinked_key(one)
    assert urls.key(entries.unlinked_key(one)) == entries.unlinked_key(one)


def test_what_is_repeated_is_known() -> None:
    """Every entry of the window is counted once, under one fate."""
    poll = a_poll()
    closed(poll, shown(a_row(1), a_row(1), a_row(1, "http://news.test/b")))
    row, _ = poll.close(NOW)
    assert (row.entries, row.seen, row.known, row.new, row.kept) == (3, 3, 1, 2, 2)
    assert row.balances


def test_an_entry_that_a_reader_lost_is_noticed() -> None:
    """The feed listed three, two are there: the row contradicts itself and is not written."""
    poll = a_poll()
    closed(poll, shown(a_row(1), a_row(2, "http://news.test/b"), listed=3))
    assert (poll.entries, poll.seen + poll.unusable) == (3, 2)


def test_an_unchanged_feed_has_the_counts_of_its_last_poll() -> None:
    """It was not read again."""
    poll = a_poll()
    closed(poll, shown(a_row(1), unusable=1))
    _, before = poll.close(NOW)
    poll = a_poll(state=replace(before, body_sha256="same"))
    World().run(poll.received(an_answer(fingerprint="same")))
    row, _ = poll.close(NOW)
    assert (row.entries, row.unusable, row.known, row.balances) == (2, 1, 1, True)


def test_a_guid_that_was_shown_before_makes_no_gap() -> None:
    """An address was corrected, and nothing else in the window is known."""
    for moved in (True, False):
        state = FeedState(source="news", feed=FEED, last_success_at=NOW)
        poll = a_poll(state=state, source=a_source())
        world = World(window=shown(a_row(1)), moved=moved)
        world.run(poll.received(an_answer()))
        assert poll.overflow is not moved
