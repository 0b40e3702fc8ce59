"""``rasd search``, ``show`` and ``match``: articles of the archive, and texts judged. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from rich.console import Group
from rich.text import Text

from crawler import matching
from crawler.matching.topics import Topic
from crawler.model import ArchivedArticle, Match
from crawler.views import fields, terminal
from crawler.views.arguments import UsageError
from crawler.views.fields import JsonRow, short

_IN_THE_TEXT = (
    "lead",
    "summary",
    "body",
)  # fields whose sentences say more than the headline above them


def found_rows(results: Iterable[tuple[ArchivedArticle, Match | None]]) -> list[JsonRow]:
    """Search results, each with the mentions that answer the query and the first one's sentence."""
    return [_found_row(kept, answer) for kept, answer in results]


def _found_row(kept: ArchivedArticle, answer: Match | None) -> JsonRow:
    mentions = answer.mentions if answer else ()
    first = next(iter(mentions), None)
    quoted = first is not None and first.field in _IN_THE_TEXT
    texts = matching.article_fields(kept.article).texts
    return fields.archived_row(kept) | {
        "matches": [fields.match_row(match) for match in kept.matches],
        "mentions": [fields.mention_row(mention) for mention in mentions],
        "sentence": fields.sentence(first, texts) if first and quoted else "",
    }


def found_text(rows: Sequence[JsonRow]) -> Group | Text:
    """``found_rows`` for a terminal; an empty answer says so."""
    if not rows:
        return Text("nothing found; the filters and the words all have to hold")
    lines: list[Text] = []
    for row in rows:
        where = f"{short(row['published_at'] or row['first_seen_at'])} · {row['source']}"
        facts = Text.assemble((f"        {where}", "dim"), "  ", (_labels(row), "green"))
        lines += [terminal.article_line(row), facts]
        if row["sentence"]:
            lines.append(Text(f"        {row['sentence']}"))
    return Group(*lines)


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
        Text(f"{row['source']} · {row['language']} · {row['url']}", style="dim"),
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
    return [Text(), head, *proof, *terminal.taken_away_lines(match["taken_away"])]


def date_origin(row: JsonRow) -> str:
    """When an article was published and which part of its page says so."""
    seen = f"first seen {short(row['first_seen_at'])}"
    if row["published_at"] is None:
        return f"no date that can be trusted; {seen}"
    day = "" if row["published_has_time"] else " (a day only)"
    origin = f"from {row['published_from']}: {row['published_printed']!r}"
    return f"published {short(row['published_at'])} UTC{day}, {origin}; {seen}"


def judged_row(line: str, topic: Topic, where: str) -> JsonRow:
    """The verdict on one line ``{"id", "title", "text", "lang"?}``, with that id.

    UsageError, beginning with ``where``, for any other line.
    """
    try:
        item = json.loads(line)
        if not item.keys() & {"title", "text"}:
            raise ValueError("neither title nor text")
        title, text = str(item.get("title") or ""), str(item.get("text") or "")
    except (ValueError, AttributeError, RecursionError) as error:
        raise UsageError(f'{where}: not a JSON object with "id", "title" and "text"') from error
    verdict = matching.match_text(title, text, topic, language=str(item.get("lang") or ""))
    return {"id": item.get("id")} | fields.verdict_row(verdict)
