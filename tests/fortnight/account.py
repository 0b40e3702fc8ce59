"""What the desk's archive and mailboxes say afterwards: day by day, and story by story."""

from __future__ import annotations

import mailbox
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from tests.fortnight import post_office
from tests.fortnight.machine import Machine
from tests.fortnight.newsstand import Story
from tests.fortnight.office import Office
from tests.fortnight.post_office import Mail, PostOffice

COLUMNS = ("day", "polls", "new", "flagged", "told", "sent", "waiting", "dead", "opened", "closed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A row of the table; ``events`` is what was done to the desk."""

    counts: tuple[int, ...]  # in the order of COLUMNS
    events: tuple[str, ...]

    def line(self) -> str:
        """As it is printed."""
        return "".join(f"{n:>8}" for n in self.counts) + "  " + "; ".join(self.events)


def table(days: Iterable[Day]) -> str:
    """The days, and their names above."""
    head = "".join(f"{name:>8}" for name in COLUMNS) + "  events"
    return "\n".join((head, *(day.line() for day in days)))


@dataclass(kw_only=True)
class Account:
    """Counts each day when it is over."""

    machine: Machine
    days: list[Day] = field(default_factory=list)
    events: list[str] = field(default_factory=list)  # of the day that goes on

    def close_day(self, begin: datetime, end: datetime) -> None:
        """Count the day that is over."""
        of_day = (_stored(begin), _stored(end))
        ((polls, new),) = self.machine.rows(
            "SELECT count(*), coalesce(sum(new), 0) FROM polls WHERE ended_at >= ? AND ended_at < ?"
            " AND source != 'canary'",
            *of_day,
        )
        counts = (len(self.days) + 1, polls, new, *(self._count(s, of_day) for s in _STATEMENTS))
        self.days.append(Day(counts=counts, events=tuple(self.events)))
        self.events.clear()

    def _count(self, statement: str, of_day: tuple[str, str]) -> int:
        values = of_day if "?" in statement else ()
        return int(self.machine.rows(statement, *values)[0][0])


_STATEMENTS = (
    "SELECT count(DISTINCT s.article_id) FROM sightings s JOIN match_labels USING (article_id)"
    " WHERE s.settled_at >= ? AND s.settled_at < ?",
    "SELECT count(DISTINCT article_id) FROM issue_articles JOIN issues ON id = issue_id"
    " WHERE until >= ? AND until < ?",
    "SELECT count(*) FROM outbox WHERE state = 'sent' AND closed_at >= ? AND closed_at < ?",
    "SELECT count(*) FROM outbox WHERE state NOT IN ('sent', 'dead', 'dropped')",
    "SELECT count(*) FROM outbox WHERE state = 'dead' AND closed_at >= ? AND closed_at < ?",
    "SELECT count(*) FROM findings WHERE opened_at >= ? AND opened_at < ?",
    "SELECT count(*) FROM findings WHERE closed_at >= ? AND closed_at < ?",
)
"""flagged, told, sent, waiting, dead, opened, closed."""


def _hours(stored: str, start: datetime) -> float:
    return round((moment(stored) - start) / timedelta(hours=1), 1)


def moment(stored: str) -> datetime:
    """A time as SQLite has it."""
    return datetime.fromisoformat(stored).replace(tzinfo=UTC)


def _stored(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f")


def kept(machine: Machine) -> Counter[str]:
    """The headlines in the archive, and how often each is there."""
    return Counter(headline for (headline,) in machine.rows("SELECT headline FROM articles"))


def flagged(machine: Machine) -> set[str]:
    """The headlines that a topic has given a label."""
    found = "SELECT headline FROM articles WHERE id IN (SELECT article_id FROM match_labels)"
    return {headline for (headline,) in machine.rows(found)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A finding as it is stored."""

    source: str
    kind: str
    hours: float  # after the first midnight, when it was opened
    is_closed: bool
    proof: str


def findings(machine: Machine, start: datetime) -> list[Found]:
    """All that was ever found, in order; ``start`` is the first midnight."""
    found = "SELECT source, kind, opened_at, closed_at IS NOT NULL, proof FROM findings ORDER BY id"
    return [
        Found(source=source, kind=kind, hours=_hours(at, start), is_closed=bool(over), proof=proof)
        for source, kind, at, over, proof in machine.rows(found)
    ]


def mails(office: Office, post: PostOffice) -> list[Mail]:
    """What arrived, by SMTP and in the Maildir."""
    box = mailbox.Maildir(office.maildir, create=False)
    return [*post.mails, *(post_office.read(str(office.maildir), m.as_bytes()) for m in box)]


def not_mailed_once(
    stories: Sequence[Story], readers: Sequence[str], arrived: Sequence[Mail]
) -> dict[tuple[str, str], int]:
    """(reader, headline) → in how many mails to this reader it stands, if not in exactly one."""
    texts = {reader: [m.text for m in arrived if m.recipient == reader] for reader in readers}
    counts = {
        (reader, story.headline): sum(story.headline in text for text in texts[reader])
        for reader in readers
        for story in stories
    }
    return {key: count for key, count in counts.items() if count != 1}
