"""Ask the daemon at work on the archive for a poll, and wait for it."""

from __future__ import annotations

import time
from collections.abc import Sequence

from crawler.app import App
from crawler.cli import output
from crawler.errors import LockHeldError, NoAnswerError
from crawler.model import PollRequest
from crawler.monitoring.poll_log import log_facts

LOOK_SECONDS = 0.25  # between two looks at the answer
TAKEN_SECONDS = 60  # for the daemon to take the request: twelve of its ticks
ANSWERED = frozenset({"new", "nothing_new", "not_modified", "empty"})


def ask_for_poll(app: App, sources: Sequence[str], wait: int, held: LockHeldError) -> int:
    """Have the process that holds the archive poll these sources (none: all) now, and log each
    poll as it would.

    Returns the exit code: 1 if no feed answered. Raises NoAnswerError if there is no answer within
    ``wait`` seconds, or if the process doesn't take requests; ``held`` says which one it is.
    """
    holder = str(held).partition(";")[0].replace("the archive is held by ", "")
    request = app.poll_requests.add(sources, app.clock())
    output.say(f"rasd: asked {holder} for the poll", err=True)
    try:
        found = _wait(app, request, wait, holder)
    finally:
        app.poll_requests.withdraw(request)
    for facts in found.answer.get("polls", ()):
        log_facts(facts)
    if refusal := found.answer.get("refusal"):
        output.say(f"rasd: {holder} did not poll: {refusal}", err=True)
        return 1
    return 0 if any(f["outcome"] in ANSWERED for f in found.answer.get("polls", ())) else 1


def _wait(app: App, request: int, wait: int, holder: str) -> PollRequest:
    began = time.monotonic()
    while True:
        found = app.poll_requests.look(request)
        waited = time.monotonic() - began
        if found is None:
            raise NoAnswerError(f"{holder} has dropped the request")
        if found.answered_at is not None:
            return found
        if found.taken_at is None and waited > min(wait, TAKEN_SECONDS):
            raise NoAnswerError(
                f"{holder} has not taken the request within {waited:.0f} s; "
                "is it `rasd run`, and does it tick? rasd status says when it polled last"
            )
        if waited > wait:
            raise NoAnswerError(
                f"{holder} still polls after {waited:.0f} s, and goes on; rasd status will show "
                "it, and --wait has this wait longer"
            )
        time.sleep(LOOK_SECONDS)
