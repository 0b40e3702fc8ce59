"""``rasd search``, ``show`` and ``match``: articles of the archive, and texts judged;
``backup`` and ``restore``: copies of it. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Group
from rich.text import Text

from crawler import matching
from crawler.errors import UsageError
from crawler.evaluation.text_lines import as_text
from crawler.exports.record import article_record, country_of
from crawler.matching.topics import Topic
from crawler.model import (
    ArchivedArticle,
    Backup,
    FoundArticles,
    MailHold,
    Manifest,
    Match,
    SearchOrder,
    Source,
)
from crawler.views import fields, terminal
from crawler.views.fields import JsonRow, iso, short

ALSO_SHOWN = 12  # words in the line that says what was added to a search

if TYPE_CHECKING:
    from storage.backups.making import Made
    from storage.backups.restoring import Restored


def found_rows(
    results: Iterable[tuple[ArchivedArticle, Match | None]], sources: Mapping[str, Source]
) -> list[JsonRow]:
    """Search results as records: each with the mentions that answer the query and the first one's
    sentence. ``sources`` give the outlets' countries."""
    return [
        article_record(kept, country=country_of(kept.article.source, sources), answer=answer).row()
        for kept, answer in results
    ]


def found_text(rows: Sequence[JsonRow]) -> Group | Text:
    """``found_rows`` for a terminal; an empty answer says so."""
    if not rows:
        return Text("nothing found; the filters and the words all have to hold")
    lines: list[Text] = []
    for row in rows:
        where = f"{short(row['published_at'] or row['first_seen_at'])} · {row['source']}"
        facts = Text(f"        {where}", style="dim")
        if labels := _labels(row):
            facts = Text.assemble(facts, "  ", (labels, "green"))
        lines += [terminal.article_line(row), facts]
        if row["sentence"]:
            lines.append(Text.assemble("        ", terminal.snippet(row)))
    return Group(*lines)


def also_line(also: Sequence[str]) -> str:
    """What a search looked for as well; "" if for nothing."""
    if not also:
        return ""
    shown, others = also[:ALSO_SHOWN], len(also) - ALSO_SHOWN
    return f"also: {', '.join(shown)}" + (f" and {others} more" if others > 0 else "")


def count_line(found: FoundArticles, order: SearchOrder, after: int | None) -> str:
    """How many articles are shown and how many there are, and how to see the next."""
    shown = len(found.articles)
    if after is not None and not shown:
        return f"nothing behind {after}"
    least = "" if found.is_exact else "at least "
    of = f"{shown}{' more' if after is not None else ''} of {least}{found.count}"
    said = f"{found.count} found" if shown == found.count and found.is_exact else of
    first = "most relevant" if order == "relevance" else order
    if not found.goes_on:
        return f"{said}, {first} first"
    return f"{said}, {first} first; the next ones: --after {found.articles[-1][0].id}"


def _labels(row: JsonRow) -> str:
    """The labels of all topics; only if there are none, the doubtful ones."""
    held = " ".join(label for m in row["matches"] for label in m["labels"])
    return held or " ".join(f"doubtful: {name}" for m in row["matches"] for name in m["doubtful"])


def article_row(kept: ArchivedArticle) -> JsonRow:
    """One article with its text, and every match with its proof."""
    matches = [fields.verdict_row(match) for match in kept.matches]
    return fields.archived_row(kept) | fields.text_row(kept.article) | {"matches": matches}


def article_text(row: JsonRow) -> Group:
    """``article_row`` for a terminal: the proof marked in the text, then the reasons."""
    proof = [mention for match in row["matches"] for mention in match["mentions"]]

    def shown(field: str, text: str, style: str = "") -> Text:
        return terminal.marked(text, [m for m in proof if m["field"] == field], style)

    parts = [
        shown("headline", row["headline"], "bold"),
        Text(f"{row['id']} · {row['source']} · {row['language']} · {row['url']}", style="dim"),
        Text(date_origin(row), style="dim"),
    ]
    if row["oddities"]:
        parts.append(Text(f"odd: {', '.join(row['oddities'])}", style="yellow"))
    parts.append(Text())
    if not row["body"].startswith(row["lead"]):
        parts += [shown("lead", row["lead"]), Text()]
    parts.append(shown("body", row["body"] or f"(no text: {row['extraction']})"))
    if row["summary"]:
        parts += [Text(), Text("summary, not shown by the page:", style="dim")]
        parts.append(shown("summary", row["summary"]))
    for match in row["matches"]:
        parts += _match_lines(match)
    if not row["matches"]:
        parts += [Text(), Text("no topic flagged this", style="dim")]
    return Group(*parts)


def _match_lines(match: JsonRow) -> list[Text]:
    scores = ", ".join(f"{label} {match['score'][label]:.2f}" for label in match["labels"])
    head = Text(f"{match['topic']}: {scores}  (version {match['version']})", style="green")
    proof = terminal.concept_lines(match["mentions"])
    cards = _card_lines(match["evidence"])
    return [Text(), head, *cards, *proof, *terminal.taken_away_lines(match["taken_away"])]


def _card_lines(evidence: Sequence[JsonRow]) -> list[Text]:
    """The lines that hold, below the label that they count for."""
    lines = []
    for label in dict.fromkeys(row["label"] for row in evidence):
        lines.append(Text(f"  {label}:"))
        lines += terminal.evidence_lines(row for row in evidence if row["label"] == label)
    return lines


def date_origin(row: JsonRow) -> str:
    """When an article was published and which part of its page says so."""
    seen = f"first seen {short(row['first_seen_at'])}"
    if row["published_at"] is None:
        return f"no date that can be trusted; {seen}"
    day = "" if row["published_has_time"] else " (a day only)"
    origin = f"from {row['published_from']}: {row['published_printed']!r}"
    return f"published {short(row['published_at'])} UTC{day}, {origin}; {seen}"


def judged_row(line: str, topic: Topic, where: str) -> JsonRow:
    """The verdict on one line ``{"id", "title", "text", "lang"?, "country"?}`` or article record,
    with that id.

    UsageError, beginning with ``where``, for any other line.
    """
    try:
        item = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{where}: not JSON: {error}") from error
    if not isinstance(item, dict):
        raise UsageError(f'{where}: not a JSON object with "id", "title" and "text"')
    item = as_text(item)
    if not item.keys() & {"title", "text"}:
        raise UsageError(
            f'{where}: no "title" and no "text"; it has {", ".join(item) or "nothing"}'
        )
    title, text = str(item.get("title") or ""), str(item.get("text") or "")
    language, country = (str(item.get(key) or "") for key in ("lang", "country"))
    verdict = matching.match_text(title, text, topic, language=language, country=country)
    return {"id": item.get("id")} | fields.verdict_row(verdict)


# ── backups ───────────────────────────────────────────────────────────────────────────────────


def made_row(made: Made, remembered: bool) -> JsonRow:
    """A new backup as data; ``remembered``: the daemon will test it."""
    return {
        "folder": made.backup.folder,
        **_manifest_row(made.manifest),
        "removed": [str(path) for path in made.removed],
        "remembered": remembered,
    }


def made_lines(row: JsonRow) -> list[str]:
    """``made_row`` for a terminal."""
    lines = [f"backed up {_whole_archive(row)} into {row['folder']}"]
    lines += [f"removed {path}" for path in row["removed"]]
    if not row["remembered"]:
        lines.append("the archive is of another version: the daemon does not know of this backup")
    return lines


def restored_row(done: Restored) -> JsonRow:
    """A restored archive as data."""
    return {
        **_manifest_row(done.manifest),
        "aside": None if done.aside is None else str(done.aside),
        "mail_on_hold": True,
    }


def restored_lines(row: JsonRow) -> list[str]:
    """``restored_row`` for a terminal."""
    lines = [f"restored {_whole_archive(row)}, as it was at {short(row['made_at'])}"]
    if row["aside"] is not None:
        lines.append(f"the archive that was there is {row['aside']} now")
    lines.append("mail is on hold: rasd mail release lets it leave")
    return lines


def backup_row(latest: Backup | None, checked: Backup | None) -> JsonRow | None:
    """The latest backup and the latest test of restoring one; None if none was ever made."""
    if latest is None:
        return None
    return {
        "folder": latest.folder,
        "made_at": iso(latest.made_at),
        "size": latest.size,
        "articles": latest.articles,
        "checked_at": iso(checked.checked_at) if checked is not None else None,
        "checked_folder": checked.folder if checked is not None else None,
        "failure": checked.failure if checked is not None else "",
    }


def backup_line(row: JsonRow | None) -> str:
    """``backup_row`` in a line."""
    if row is None:
        return "backup: none was ever made; see rasd backup"
    made = f"backup: {short(row['made_at'])}, {row['articles']:,} articles"
    if row["checked_at"] is None:
        return f"{made}; not restored as a test yet, rasd run does it weekly"
    result = f"FAILED: {row['failure']}" if row["failure"] else "all was there"
    return f"{made}; restored as a test {short(row['checked_at'])}: {result}"


def hold_row(hold: MailHold | None) -> JsonRow | None:
    """Since when and why mail is on hold; None if it is not."""
    return None if hold is None else {"since_at": iso(hold.since_at), "reason": hold.reason}


def hold_line(row: JsonRow) -> str:
    """``hold_row`` in a line."""
    since, reason = short(row["since_at"]), row["reason"]
    return f"mail is ON HOLD since {since} ({reason}); rasd mail release lets it leave"


def _manifest_row(manifest: Manifest) -> dict[str, Any]:
    return {
        "archive": manifest.archive,
        "made_at": iso(manifest.made_at),
        "rasd": manifest.rasd,
        "schema": manifest.schema,
        "size": manifest.size,
        "sha256": manifest.sha256,
        "rows": dict(manifest.rows),
    }


def _whole_archive(row: JsonRow) -> str:
    return (
        f"{row['rows'].get('articles', 0):,} articles ({sum(row['rows'].values()):,} rows, "
        f"{row['size']:,} bytes)"
    )
