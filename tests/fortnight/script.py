"""What happens to the desk, and when: a fortnight, or a few days in which the same happens.

Every moment counts from midnight of the first day. The kill is the moment of now, for the process
that is killed knows no clock but the system's; all other days lie around it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.archives import earlier
from tests.fortnight import account, newsstand
from tests.fortnight.account import Account
from tests.fortnight.clock import VirtualClock
from tests.fortnight.machine import Machine
from tests.fortnight.newsstand import Newsstand, Story
from tests.fortnight.office import DEAD_READER, RECIPE, Office
from tests.fortnight.post_office import PostOffice

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DIGEST_AT = 7.5 * HOUR
QUIET = (
    30 * HOUR
)  # at the end nothing is published: what is left for the next digest gets its place
CEASED_HOURS = 8  # before its source is removed: all that an outlet published was found by then
EARLIER = "0023"  # the schema that is upgraded
OFF = 3 * HOUR  # that the machine was off before the process is started


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One form of the script; ``moments`` are hours from its beginning, by event."""

    days: int
    outlets: int
    a_day: float  # stories of an outlet
    every: str  # at which a feed is polled
    step: timedelta  # of the virtual clock
    max_events: int
    moments: dict[str, float]
    quiet_hours: float = 12  # at the end nothing is published, so that all of it is told
    seed: int = 7


FORTNIGHT = Plan(
    days=14, outlets=40, a_day=5, quiet_hours=36, every="2h", step=timedelta(minutes=30), max_events=16,
    moments={
        "outlet down": 4 * 24 + 8, "outlet up": 4 * 24 + 22,
        "network down": 5 * 24 + 9, "network up": 5 * 24 + 17,
        "killed": 7 * 24 + 14,
        "mail down": 10 * 24 + 18, "mail up": 11 * 24 + 9,
        "dead reader unsubscribed": 11 * 24 + 11,
        "source added": 24 + 9, "source removed": 2 * 24 + 22,
        "topic edited": 3 * 24 + 11, "seed broken": 3 * 24 + 14, "seed mended": 3 * 24 + 20,
        "clock wrong for a minute": 8 * 24 + 15,
        "disk full": 9 * 24 + 10, "disk freed": 9 * 24 + 11,
        "upgraded": 12 * 24 + 12,
    },
)  # fmt: skip
SHORT = Plan(
    days=3, outlets=10, a_day=5, every="2h", step=timedelta(minutes=60), max_events=6,
    moments={
        "outlet down": 10, "outlet up": 24,
        "network down": 25, "network up": 32,
        "killed": 24 + 14,
        "mail down": 24 + 20, "mail up": 48 + 10,
        "dead reader unsubscribed": 48 + 10.5,
        "source added": 9, "source removed": 22,
        "topic edited": 24 + 7, "seed broken": 11, "seed mended": 16,
        "clock wrong for a minute": 24 + 18,
        "disk full": 48 + 12, "disk freed": 48 + 13,
        "upgraded": 48 + 16,
    },
)  # fmt: skip
FAULTS = {
    "outlet down": ("outlet-00", "failing"),
    "network down": ("", "offline"),
    "clock wrong for a minute": ("", "clock"),
    "disk full": ("", "storage"),
    "mail down": ("", "mail_waiting"),
    "dead reader unsubscribed": ("", "mail_dead"),
    "seed broken": ("", "seeds"),
}
"""Event → (source, kind) of the finding that it makes."""


LINES = {
    "network down": {
        "no network: every source is out of reach for now": 1,
        "the network is back": 1,
    },
    "seed broken": {
        "seeds are broken; the last good ones stay in use": 1,
        "seeds are whole again": 1,
    },
    "clock wrong for a minute": {"the clock jumped": 2},
    "disk full": {"the archive can't be used": 1, "the archive can be used again": 1},
}
"""Event → the lines of the log that say so, and how often each does."""


class Script:
    """The desk, and what is done to it."""

    def __init__(self, plan: Plan, folder: Path) -> None:
        self.plan = plan
        killed_at = timedelta(hours=plan.moments["killed"])
        self.start = datetime.now(UTC).replace(second=0, microsecond=0) - killed_at
        self.end = self.start + plan.days * DAY + DIGEST_AT + HOUR
        self.clock = VirtualClock(self.start)
        self.slugs = newsstand.slugs(plan.outlets)
        self.first, self.removed, self.added = self.slugs[0], self.slugs[1], self.slugs[-1]
        days = plan.days - plan.quiet_hours / 24
        published = newsstand.draw(self.slugs, self.start, days, plan.a_day, plan.seed)
        self.stand = Newsstand(list(filter(self._is_published, published)), self.clock.now)
        self.post = PostOffice(DEAD_READER)
        self.office = Office(folder, self.stand, self.slugs)
        self.office.furnish(self.slugs[:-1], self.first, plan.every)
        hour = self.start + DIGEST_AT
        self.office.configure(self.start, hour, self.post.port, plan.max_events)
        self.machine = Machine(self.office.config, self.clock)
        self.account = Account(machine=self.machine)

    def _is_published(self, story: Story) -> bool:
        """Whether its outlet goes on until then: the one that is removed has ended before."""
        hours = self.plan.moments["source removed"] - CEASED_HOURS
        return story.outlet != self.removed or story.at < self.start + timedelta(hours=hours)

    def play(self) -> None:
        """From the first day to the last."""
        events = {event: self.start + timedelta(hours=h) for event, h in self.plan.moments.items()}
        with self.stand, self.post:
            self.machine.say("subscribe", RECIPE, DEAD_READER)
            self.machine.start()
            try:
                for n in range(self.plan.days + 1):
                    begin = self.start + n * DAY
                    end = min(begin + DAY, self.end)
                    self._day(end, {e: at for e, at in events.items() if begin <= at < end})
                    self.account.close_day(begin, end)
            finally:
                self.machine.end()

    def _day(self, end: datetime, events: dict[str, datetime]) -> None:
        for event, at in sorted(events.items(), key=lambda one: one[1]):
            self.machine.pass_time(at - (OFF if event == "killed" else 0 * HOUR), self.plan.step)
            _EVENTS[event](self)
            self.account.events.append(event)
        self.machine.pass_time(end, self.plan.step)

    def killed(self) -> None:
        """``rasd run`` after a pause, killed by -9 amid the pages it asks for, and started again."""
        self.machine.stop()
        self.clock.live = True
        asked = list[str]()
        run = self.machine.run_process("run")

        def kill(path: str) -> None:
            asked.append(path)
            if len(asked) == 3:
                run.kill()

        self.stand.asked = kill
        self.machine.await_that(lambda: run.code is not None, "rasd run is killed")
        assert run.code == -9, run.said("err")
        self.stand.asked = lambda path: None
        run = self.machine.run_process("run")
        self.machine.await_that(self._all_is_read, "rasd run catches up")
        self.machine.end_process(run)
        self.clock.world, self.clock.live = self.clock.now(), False
        self.machine.start()

    def dead_reader_is_unsubscribed(self) -> None:
        """Who has no mailbox any more gets no digest, and what waits for them is dropped."""
        self.machine.say("unsubscribe", RECIPE, DEAD_READER)
        dead = self.machine.rows("SELECT id FROM outbox WHERE state = 'dead'")
        self.machine.say("outbox", "drop", *(str(id) for (id,) in dead))

    def source_is_added(self) -> None:
        """An outlet is watched that was not."""
        self.office.add_source(self.added)
        self.machine.notice()

    def source_is_removed(self) -> None:
        """An outlet is watched no more; it has published nothing lately."""
        self.office.remove_source(self.removed)
        self.machine.notice()
        self.removed_at = self.clock.now()

    def topic_is_edited(self) -> None:
        """The desk's own topic flags something more, also of what is stored."""
        self.office.edit_topic("concept:dry-dock OR concept:lighthouse")
        self.machine.notice()

    def seed_is_broken(self) -> None:
        """Somebody left a file that is not as it must be."""
        self.office.break_seed(True)
        self.machine.notice()

    def seed_is_mended(self) -> None:
        """The file is as it must be."""
        self.office.break_seed(False)
        self.machine.notice()

    def clock_goes_wrong(self) -> None:
        """Three days ahead for a minute, while the daemon works, and then right again."""
        for count, ahead in enumerate((3 * DAY, 0 * DAY), 1):
            self.clock.skew = ahead
            self.machine.await_line("the clock jumped", count)
            self.machine.work()
            self.clock.forward_to(self.clock.now() + timedelta(minutes=1))
            self.machine.work()

    def disk_fills(self) -> None:
        """No write succeeds any more; in the hour that follows there is much to write."""
        self.machine.disk_is_full = True
        self.machine.pass_time(self.clock.now() + HOUR, timedelta(minutes=5))

    def disk_is_freed(self) -> None:
        """Once the archive is tried again, all is as before."""
        self.machine.disk_is_full = False
        self.machine.pass_time(self.clock.now() + HOUR / 4, timedelta(minutes=5))

    def upgraded(self) -> None:
        """The archive is one of an earlier version, and this rasd is started on it."""
        self.machine.stop()
        earlier.put_back(self.machine.archive, EARLIER)
        self.machine.start()

    def _all_is_read(self) -> bool:
        now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")
        due = self.machine.rows("SELECT source FROM feeds WHERE next_poll_at <= ?", now)
        queued = self.machine.rows("SELECT source FROM sightings WHERE fate = 'queued'")
        return not {source for (source,) in (*due, *queued)} & set(self.office.watched)

    def polls_of_the_removed(self) -> int:
        """How often the outlet was polled after its source was removed."""
        polls = "SELECT ended_at FROM polls WHERE source = ?"
        at = (account.moment(ended) for (ended,) in self.machine.rows(polls, self.removed))
        return sum(ended > self.removed_at for ended in at)

    def stories_to_keep(self) -> Sequence[Story]:
        """What the outlets published while they were watched."""
        return list(self.stand.all())

    def is_news(self, story: Story) -> bool:
        """Whether a topic of the desk's flags it, by now."""
        return story.kind != ""

    def lines(self) -> dict[str, int]:
        """The lines of the log of the faults that the script makes, and how often each is there."""
        said = [LINES[event] for event in self.plan.moments if event in LINES]
        return {line: count for lines in said for line, count in lines.items()}

    def faults(self) -> dict[tuple[str, str], int]:
        """(source, kind) of the findings that the script makes, and how often it makes them."""
        return {fault: 1 for event, fault in FAULTS.items() if event in self.plan.moments}


_EVENTS: dict[str, Callable[[Script], None]] = {
    "outlet down": lambda script: script.stand.down(newsstand.OWN_ADDRESS),
    "outlet up": lambda script: script.stand.up(newsstand.OWN_ADDRESS),
    "network down": lambda script: script.stand.down(newsstand.ADDRESS, newsstand.OWN_ADDRESS),
    "network up": lambda script: script.stand.up(newsstand.ADDRESS, newsstand.OWN_ADDRESS),
    "killed": Script.killed,
    "dead reader unsubscribed": Script.dead_reader_is_unsubscribed,
    "clock wrong for a minute": Script.clock_goes_wrong,
    "disk full": Script.disk_fills,
    "disk freed": Script.disk_is_freed,
    "upgraded": Script.upgraded,
    "source added": Script.source_is_added,
    "source removed": Script.source_is_removed,
    "topic edited": Script.topic_is_edited,
    "seed broken": Script.seed_is_broken,
    "seed mended": Script.seed_is_mended,
    "mail down": lambda script: script.post.down(),
    "mail up": lambda script: script.post.up(),
}
