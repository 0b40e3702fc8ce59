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
from tests.fortnight import newsstand
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
    days=14, outlets=40, a_day=5, quiet_hours=36, every="2h", step=timedelta(minutes=20), max_events=16,
    moments={
        "outlet down": 4 * 24 + 8, "outlet up": 4 * 24 + 22,
        "network down": 5 * 24 + 9, "network up": 5 * 24 + 17,
        "killed": 7 * 24 + 14,
        "mail down": 10 * 24 + 18, "mail up": 11 * 24 + 9,
        "dead reader unsubscribed": 11 * 24 + 11,
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
        "upgraded": 48 + 16,
    },
)  # fmt: skip
FAULTS = {
    "outlet down": ("outlet-00", "failing"),
    "network down": ("", "offline"),
    "mail down": ("", "mail_waiting"),
    "dead reader unsubscribed": ("", "mail_dead"),
}
"""Event → (source, kind) of the finding that it makes."""


LINES = {
    "network down": {"no network: every source is out of reach for now": 1},
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
        days = plan.days - plan.quiet_hours / 24
        published = newsstand.draw(self.slugs, self.start, days, plan.a_day, plan.seed)
        self.stand = Newsstand(published, self.clock.now)
        self.post = PostOffice(DEAD_READER)
        self.office = Office(folder, self.stand, self.slugs)
        self.office.furnish(self.slugs, self.slugs[0], plan.every)
        hour = self.start + DIGEST_AT
        self.office.configure(self.start, hour, self.post.port, plan.max_events)
        self.machine = Machine(self.office.config, self.clock)
        self.account = Account(machine=self.machine)

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

    def upgraded(self) -> None:
        """The archive is one of an earlier version, and this rasd is started on it."""
        self.machine.stop()
        earlier.put_back(self.machine.archive, EARLIER)
        self.machine.start()

    def _all_is_read(self) -> bool:
        now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")
        due = "SELECT count(*) FROM feeds WHERE next_poll_at <= ? AND source != 'canary'"
        waiting = "SELECT count(*) FROM sightings WHERE fate = 'queued' AND source != 'canary'"
        return self.machine.rows(due, now) == self.machine.rows(waiting) == [(0,)]

    def stories_to_keep(self) -> Sequence[Story]:
        """What the outlets published while they were watched."""
        return list(self.stand.all())

    def is_news(self, story: Story) -> bool:
        """Whether a topic of the desk's flags it, by now."""
        return story.kind in ("security", "bilateral", "harbour")

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
    "upgraded": Script.upgraded,
    "mail down": lambda script: script.post.down(),
    "mail up": lambda script: script.post.up(),
}
