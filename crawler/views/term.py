"""What ``rasd term`` says: plain data first (that is ``--json``), then a terminal's."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group
from rich.text import Text

from crawler.languages import CODES, INFLECTIONS, plain_words
from crawler.matching import term_preview
from crawler.matching.explanation import JsonObject
from crawler.matching.term_preview import Spread, TermPreview
from crawler.matching.topics import Term
from crawler.views import fields

KEYS_SHOWN = 24  # spellings of a word on a terminal; --json has them all


def term(
    text: str, inflections: Sequence[str], language: str | None, only_in: Sequence[str] = ()
) -> Term:
    """A term on trial, its inflections given in the order of its words as in the lexicon."""
    if not plain_words(text):
        raise fields.UsageError(f"{text!r} holds no word")
    for name in inflections:
        if name not in (*INFLECTIONS, "none"):
            raise fields.UsageError(
                f"no inflection {name!r}; known: {', '.join(sorted(INFLECTIONS))}, none"
            )
    for name in only_in:
        if name not in CODES:
            raise fields.UsageError(f"no language {name!r}; known: {', '.join(CODES)}")
    script = "ar" if any("\u0600" <= letter <= "\u06ff" for letter in text) else "en"
    inflect = tuple("" if name == "none" else name for name in reversed(inflections))
    return Term(text=text, language=language or script, inflect=inflect, only_in=tuple(only_in))


def term_row(probe: TermPreview, spread: Spread) -> JsonObject:
    """``rasd term --json``."""
    return {
        "term": probe.term.text,
        "language": probe.term.language,
        "only_in": list(probe.term.only_in),
        "patterns": [
            [
                {"forms": sorted(forms), "spellings": term_preview.matching_keys(forms)}
                for forms in pattern
            ]
            for pattern in probe.patterns
        ],
        "held_by": [
            {"concept": h.concept, "term": h.term, "whole": h.whole, "only_in": list(h.only_in)}
            for h in probe.holders
        ],
        "articles": spread.found,
        "at_least": spread.more,
        "of_articles": spread.articles,
        "share": round(spread.share, 4),
        "too_broad": spread.too_broad,
        "by_source": dict(spread.by_source),
        "by_language": dict(spread.by_language),
        "written": dict(spread.written),
    }


def term_text(row: JsonObject) -> Group:
    """``rasd term`` for a terminal."""
    lines = [Text(f"{row['term']} ({row['language']}){_only(row)}", style="bold")]
    for pattern in row["patterns"]:
        lines.append(Text())
        for word in pattern:
            keys = word["spellings"]
            more = f" … {len(keys) - KEYS_SHOWN} more" if len(keys) > KEYS_SHOWN else ""
            lines.append(Text(f"  {' | '.join(word['forms']) or 'any word'}"))
            lines.append(Text(f"    written {' '.join(keys[:KEYS_SHOWN])}{more}", style="dim"))
    lines.append(Text())
    for held in row["held_by"]:
        how = "already finds it" if held["whole"] else "finds a part of it"
        said = f"  concept {held['concept']} {how}: {held['term']}{_only(held)}"
        lines.append(Text(said, style="yellow" if held["whole"] else "dim"))
    if not row["held_by"]:
        lines.append(Text("  no concept of the lexicon finds it or a part of it", style="dim"))
    lines += [Text(), *_spread_lines(row)]
    return Group(*lines)


def _only(row: JsonObject) -> str:
    return f", only in texts of {' '.join(row['only_in'])}" if row["only_in"] else ""


def _spread_lines(row: JsonObject) -> list[Text]:
    count = f"{'at least ' if row['at_least'] else ''}{row['articles']}"
    lines = [Text(f"  in {count} of {row['of_articles']} articles ({row['share']:.1%})")]
    for name, title in (("written", "as"), ("by_language", "languages"), ("by_source", "sources")):
        counted = list(row[name].items())
        said = " · ".join(f"{what} {n}" for what, n in counted[:8]) + (
            " …" if len(counted) > 8 else ""
        )
        lines += [Text(f"  {title}: {said}", style="dim")] if counted else []
    if row["too_broad"]:
        limit = f"{term_preview.MAX_TERM_SHARE:.0%}"
        lines.append(
            Text(
                f"  too broad: more than {limit} of all articles; make it a phrase, or ask for it near another",
                style="red",
            )
        )
    return lines
