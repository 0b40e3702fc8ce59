"""The log lines of a closed poll."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import structlog

from crawler.model import Poll
from crawler.polling.closing import ClosedPoll

OnClose = Callable[[ClosedPoll, Exception | None], None]
"""Called once with each closed poll, and the error if the archive did not take it."""
OnPoll = Callable[[Poll], None]
"""Called once with each closed poll, whether or not the archive took it."""

log = structlog.get_logger("rasd")


def log_close(closed: ClosedPoll, error: Exception | None) -> None:
    """Log a closed poll, and why the archive did not take it if it did not."""
    if error is not None:
        log.error("a poll could not be closed", source=closed.poll.source, exc_info=error)
    log_poll(closed.poll)


def log_poll(poll: Poll) -> None:
    """Log a closed poll in one line with fixed keys."""
    log_facts(facts_of(poll))


def log_facts(facts: Mapping[str, Any]) -> None:
    """Log a poll by what ``facts_of`` said of it, in this process or in another."""
    log.info("polled", **facts)


def facts_of(poll: Poll) -> dict[str, Any]:
    """What the line of a closed poll says, ready for JSON; the last six only if they apply."""
    seconds = (poll.ended_at - poll.started_at).total_seconds()
    facts: dict[str, Any] = {
        "source": poll.source,
        "feed": poll.feed,
        "outcome": poll.outcome,
        "entries": poll.entries,
        "new": poll.new,
        "kept": poll.kept,
        "flagged": poll.flagged,
        "rejected": poll.rejected,
        "failed": poll.failed,
        "seconds": round(seconds, 1),
    }
    if poll.retried:
        facts["retried"] = poll.retried
    if poll.unusable:
        facts["unusable"] = poll.unusable
    if poll.quarantined:
        facts["quarantined"] = poll.quarantined
    if poll.overflow:
        facts["overflow"] = True
    if poll.reason:
        facts["reason"] = poll.reason
    if explanation := poll.explanation:
        facts["detail"] = explanation
    return facts
