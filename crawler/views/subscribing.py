"""When the mails of a subscription go out, in words. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from crawler.digest import schedule
from crawler.model import IssueHistory
from crawler.seeds.digests import DigestRecipe

NO_DAEMON = "no daemon is at work on this archive: start rasd run, or rasd digest send sends it now"


def first_lines(
    recipe: DigestRecipe,
    history: IssueHistory | None,
    now: datetime,
    *,
    looks_back: timedelta,
    is_watched: bool,
) -> list[str]:
    """When the first mail goes and what it holds, and when the others do.

    ``history`` is of earlier issues to the same address: without one, the first goes at the
    daemon's next tick and ``looks_back``. ``is_watched``: a daemon is at work.
    """
    due = schedule.next_due_at(now, recipe.hour, recipe.timezone)
    daily = f"every day at {recipe.hour:%H:%M} ({recipe.timezone}), next on {local(due, recipe)}"
    is_late = history is not None and history.last_until < schedule.due_at(
        now, recipe.hour, recipe.timezone
    )
    if history is not None and not is_late:
        lines = [f"the next mail: on {local(due, recipe)}, with what is flagged until then"]
    else:
        since = now - looks_back if history is None else history.last_until
        when = "within a minute" if is_watched else "as soon as a daemon runs"
        lines = [
            f"the first mail: {when}, with what was flagged since {local(since, recipe)}",
            f"then {daily}",
        ]
    if recipe.when_empty == "silence":
        lines.append("if nothing was flagged, no mail goes out")
    return lines if is_watched else [*lines, NO_DAEMON]


def local(moment: datetime, recipe: DigestRecipe) -> str:
    """The moment in the recipe's zone: ``Tuesday 2026-12-01 07:30``."""
    return f"{moment.astimezone(ZoneInfo(recipe.timezone)):%A %Y-%m-%d %H:%M}"
