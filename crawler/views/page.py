"""``rasd try``: one page read without storing it. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from crawler.model import BROKEN, Article, PreparedArticle, Rejection
from crawler.views import fields
from crawler.views.fields import JsonRow

NO_ADDRESS = "http://page.invalid/"  # the address of a page that was given none

_READERS: Mapping[str, str] = {  # as docs/vocabulary.md has them
    "template": "in its source's learned place",
    "trafilatura": "trafilatura's second opinion",
    "json-ld": "whole in the page's JSON-LD",
    "framework": "whole in the data of the page's framework",
    "fallback": "by a look at every line, or as the feed delivered it",
}


def page_row(found: PreparedArticle | Rejection | None, url: str | None, seconds: float) -> JsonRow:
    """The article found, its matches, and how long that took; empty texts are null.

    ``{"error": …}`` for a rejection, for a page that broke its reader, and if ``found`` is None
    because the reading was stopped. ``url`` is the address the page was given.
    """
    if found is None:
        return {"error": "stopped"}
    if isinstance(found, Rejection):
        return {"error": f"{found.reason}: {found.detail}".removesuffix(": ")}
    reading = found.reading
    if reading.article.extraction in BROKEN:
        return {"error": f"{reading.article.extraction}: the page broke its reader"}
    return _article_row(reading.article, url) | {
        "ruled": list(reading.ruled),
        "seconds": round(seconds, 4),
        "matches": [fields.verdict_row(match) for match in reading.matches],
    }


def _article_row(article: Article, url: str | None) -> JsonRow:
    row = (
        fields.heading_row(article)
        | fields.date_row(article.published)
        | fields.text_row(article)
        | {"url": url}
    )
    if article.canonical_url.startswith(NO_ADDRESS):
        row["canonical_url"] = None
    return row | {name: row[name] or None for name in ("headline", "lead", "body")}


def page_lines(row: JsonRow) -> list[str]:
    """``page_row`` for people: every field with where it is from, then why it was flagged."""
    if "error" in row:
        return [f"cannot be read: {row['error']}"]
    facts = [(name, _one_line(row[name])) for name in ("url", "canonical_url", "headline", "lead")]
    facts.append(("published", _date(row)))
    facts += [(n, _one_line(row[n])) for n in ("modified_at", "language", "section", "image")]
    facts.append(("authors", ", ".join(row["authors"]) or "–"))
    facts.append(("reader", f"{_reader(row)} ({row['extraction']}, {row['seconds']} s)"))
    if row["oddities"]:
        facts.append(("odd", ", ".join(row["oddities"])))
    facts += [("matches", _match(match)) for match in row["matches"]]
    if not row["matches"]:
        facts.append(("matches", "no topic"))
    lines = [f"{name:14} {value}" for name, value in facts]
    if row["summary"]:
        lines.append(f"{'summary':14} {_one_line(row['summary'])} (not shown by the page)")
    return [*lines, "", row["body"] or "(no text found)"]


def _date(row: JsonRow) -> str:
    if row["published_at"] is None:
        return "no date that can be trusted"
    return f"{row['published_at']}  from {row['published_from']}: {row['published_printed']!r}"


def _reader(row: JsonRow) -> str:
    """What found the text, and which parts the source's own rule gave."""
    ruled = row["ruled"]
    where = "where its source's rule says" if "body" in ruled else _READERS[row["reader"]]
    found = f"{row['reader']}: {where}"
    return f"{found}; the source's rule gave {', '.join(ruled)}" if ruled else found


def _match(match: JsonRow) -> str:
    proof = " · ".join(dict.fromkeys(mention["text"] for mention in match["mentions"]))
    return f"{match['topic']}: {', '.join(match['labels'])}: {proof}"


def _one_line(value: object) -> str:
    return " ".join(str(value).split()) if value else "–"
