"""Reasons are data: a closed word beside the detail for people, in polls, feeds, probes, sightings.

Until now one text held both (``unreachable: connection refused``), a poll's several joined by
"; ". Each text is parsed here once. What nothing here knows becomes ``download_failed`` with its
whole text as the detail. This module holds its own copy of the words: it must go on reading the old
texts when the program's words have changed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

_BATCH_ROWS = 5_000  # read and written at a time

_WORDS = frozenset({
    "bad_content_type", "binary_file", "budget", "burst", "empty_feed", "headers_too_big", "held",
    "not_html", "offsite", "offsite_redirect", "parse_bomb", "partial", "place_limit",
    "port_refused", "redirect_limit", "render", "robots", "robots_unreachable", "scheme_blocked",
    "ssrf_blocked", "timeout", "tls_downgrade", "tls_error", "too_big", "unreachable",
    "url_malformed",
})  # fmt: skip
"""Words that stood before a colon and are reasons now."""

_NOTES = frozenset({
    "budget", "burst", "moved", "parse_bomb", "partial", "place_limit", "sitemap_overflow",
    "too_big",
})  # fmt: skip
"""Reasons that a poll which succeeded could note."""

_NEXT_NOTE = re.compile(
    r"; (?=(?:budget|burst|parse_bomb|partial|place_limit|too_big): |sitemap_overflow=)"
)
_FORMS: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (re.compile(r"unreachable: ssrf_blocked: (.*)", re.DOTALL), "ssrf_blocked", r"\1"),
    (re.compile(r"robots_unreachable: \w+: tls_error: (.*)", re.DOTALL), "tls_error", r"robots.txt: \1"),
    (re.compile(r"the server said 429"), "rate_limited", r"\g<0>"),
    (re.compile(r"the server said 40[1237]|the server said 451"), "forbidden", r"\g<0>"),
    (re.compile(r"the server said (?:404|410)"), "not_found", r"\g<0>"),
    (re.compile(r"the server said 5\d\d"), "server_error", r"\g<0>"),
    (re.compile(r"the server said \d+"), "http_status", r"\g<0>"),
    (re.compile(r"reading the feed: timeout"), "reading_timeout", r"\g<0>"),
    (re.compile(r"reading the feed: .*"), "reading_crashed", r"\g<0>"),
    (re.compile(r"blocked:(challenge|consent|soft404)"), r"\1", ""),
    (re.compile(r"(challenge|consent) page instead of the feed"), r"\1", "a page instead of the feed"),
    (re.compile(r"moved to .*"), "moved", r"\g<0>"),
    (re.compile(r"sitemap_overflow=(\d+): more addresses than are taken"), "sitemap_overflow",
     r"\1 addresses more than are taken"),
    (re.compile(r"\d+ entries without a link"), "empty_feed", r"\g<0>"),
    (re.compile(r"forbidden by robots\.txt", re.IGNORECASE), "robots", r"\g<0>"),
    (re.compile(r"no answer (?:was understood|came); the log says more"), "not_understood", r"\g<0>"),
    (re.compile(r"(?i).*(?:\bssl\b|certificate|tls handshake).*", re.DOTALL), "tls_error", r"\g<0>"),
)  # fmt: skip
"""Whole texts with their reason and the detail that remains; the first that fits counts."""

Columns = dict[str, Any]


def upgrade() -> None:
    """Add the columns and fill them: half a minute for 600,000 rows with a text."""
    for table in ("polls", "feeds"):
        op.add_column(table, _text("reason", sa.String()))
        op.add_column(table, sa.Column("notes", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("probes", _text("reason", sa.String()))
    op.add_column("sightings", _text("detail", sa.Text()))
    c = op.get_bind()
    _rewrite(c, "polls", ("id",), "detail", "outcome", poll_columns)
    _rewrite(c, "feeds", ("source", "feed"), "detail", "last_outcome", poll_columns)
    _rewrite(c, "probes", ("id",), "detail", "outcome", probe_columns)
    _rewrite(c, "sightings", ("id",), "reason", "fate", sighting_columns)


def parse(text: str) -> tuple[str, str]:
    """(reason, detail) of one old text; ("", "") of none."""
    if not text:
        return "", ""
    for form, reason, detail in _FORMS[:-1]:
        if match := form.fullmatch(text):
            return match.expand(reason), match.expand(detail)
    word, colon, detail = text.partition(": ")
    if colon and word in _WORDS:
        return word, detail
    return ("tls_error" if _FORMS[-1][0].fullmatch(text) else "download_failed"), text


def poll_columns(outcome: str | None, text: str) -> Columns:
    """reason, detail and notes of a poll's old text."""
    first, *others = _NEXT_NOTE.split(text)
    cause, notes = _of_outcome(outcome, first), [parse(other) for other in others]
    succeeded = outcome in ("new", "nothing_new", "not_modified")
    if cause[0] == "moved" or (succeeded and cause[0] in _NOTES):
        notes.insert(0, cause)
        cause = _of_outcome(outcome, "")
    return {"reason": cause[0], "detail": cause[1], "notes": [list(note) for note in notes]}


def probe_columns(outcome: str | None, text: str) -> Columns:
    """reason and detail of a probe's old text."""
    reason, detail = _of_outcome(outcome, text)
    return {"reason": reason, "detail": detail}


def sighting_columns(fate: str | None, text: str) -> Columns:
    """reason and detail of what a sighting's reason was."""
    if fate == "quarantined" and text in ("timeout", "crashed"):
        return {"reason": f"reading_{text}", "detail": ""}
    reason, detail = parse(text)
    return {"reason": reason, "detail": detail}


def _of_outcome(outcome: str | None, text: str) -> tuple[str, str]:
    """As ``parse``; what a feed that is none was instead is the detail of that."""
    reason, detail = parse(text)
    if outcome == "not_a_feed" and reason in ("", "download_failed"):
        return "not_a_feed", text
    if outcome == "empty" and not text:
        return "empty_feed", ""
    if outcome == "failed" and not text:
        return "not_understood", ""
    return reason, detail


def _text(name: str, kind: sa.types.TypeEngine[str]) -> sa.Column[str]:
    return sa.Column(name, kind, nullable=False, server_default="")


def _rewrite(
    c: sa.Connection,
    name: str,
    keys: tuple[str, ...],
    text: str,
    outcome: str,
    columns: Callable[[str | None, str], Columns],
) -> None:
    """Parse the texts of one table, a batch at a time, in the order of its key."""
    names = (*keys, text, outcome, *columns(None, ""))
    kinds = {"notes": sa.JSON()}
    table = sa.table(name, *(sa.column(n, kinds.get(n)) for n in dict.fromkeys(names)))
    row = table.c
    update = (
        sa.update(table)
        .where(*(row[key] == sa.bindparam(f"of_{key}") for key in keys))
        .values({n: sa.bindparam(f"new_{n}", type_=kinds.get(n)) for n in columns(None, "")})
    )
    explained = sa.or_(row[text] != "", row[outcome].in_(["not_a_feed", "empty", "failed"]))
    asked = sa.select(*(row[n] for n in (*keys, text, outcome))).where(explained)
    for rows in _batches(c, asked, [row[key] for key in keys]):
        changed = [
            {f"of_{key}": r[key] for key in keys}
            | {f"new_{n}": value for n, value in columns(r[outcome], r[text]).items()}
            for r in rows
        ]
        c.execute(update, changed)


def _batches(
    c: sa.Connection, asked: sa.Select[Any], key: Sequence[sa.ColumnElement[Any]]
) -> Iterator[Sequence[sa.RowMapping]]:
    """The rows asked for, some at a time, each time those after the last key seen."""
    asked = asked.order_by(*key).limit(_BATCH_ROWS)
    rows = c.execute(asked).mappings().all()
    while rows:
        yield rows
        last = sa.tuple_(*(sa.literal(rows[-1][column.key or ""]) for column in key))
        rows = c.execute(asked.where(sa.tuple_(*key) > last)).mappings().all()
