"""``rasd term``: what a new term would match, and how broad it is. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group
from rich.text import Text

from crawler.errors import UsageError
from crawler.languages import CODES, INFLECTIONS, plain_words
from crawler.matching import term_preview
from crawler.matching.term_preview import Spread, TermPreview
from crawler.matching.topics import Term
from crawler.views.fields import JsonRow

MAX_COUNTS_SHOWN = 8  # sources, languages and spellings counted on a terminal
MAX_SPELLINGS_SHOWN = 24  # spellings of a word on a terminal; --json has them all


def term(
    text: str, inflections: Sequence[str], language: str | None, only_in: Sequence[str] = ()
) -> Term:
    """A term on trial, its inflections given in the order of its words.

    Without a language, the script decides: Arabic or English. UsageError for a text without words
    and for an unknown inflection or language.
    """
    if not plain_words(text):
        raise UsageError(f"{text!r} holds no word")
    for name in inflections:
        if name not in (*INFLECTIONS, "none"):
            raise UsageError(
                f"no inflection {name!r}; known: {', '.join(sorted(INFLECTIONS))}, none"
            )
    for name in only_in:
        if name not in CODES:
            raise UsageError(f"no language {name!r}; known: {', '.join(CODES)}")
    script = "ar" if any("\u0600" <= letter <= "\u06ff" for letter in text) else "en"
    inflect = tuple("" if name == "none" else name for name in reversed(inflections))
    return Term(text=text, language=language or script, inflect=inflect, only_in=tuple(only_in))


def term_row(probe: TermPreview, spread: Spread) -> JsonRow:
    """All forms of a term, the concepts that hold it already, and where the archive has it."""
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


def term_text(row: JsonRow) -> Group:
    """``term_row`` for a terminal."""
    lines = [Text(f"{row['term']} ({row['language']}){_only(row)}", style="bold")]
    for pattern in row["patterns"]:
        lines += [Text(), *(line for word in pattern for line in _word_lines(word))]
    lines.append(Text())
    for held in row["held_by"]:
        how = "already finds it" if held["whole"] else "finds a part of it"
        line = f"  concept {held['concept']} {how}: {held['term']}{_only(held)}"
        lines.append(Text(line, style="yellow" if held["whole"] else "dim"))
    if not row["held_by"]:
        lines.append(Text("  no concept of the lexicon finds it or a part of it", style="dim"))
    return Group(*lines, Text(), *_spread_lines(row))


def _word_lines(word: JsonRow) -> list[Text]:
    spellings = word["spellings"]
    left = len(spellings) - MAX_SPELLINGS_SHOWN
    written = " ".join(spellings[:MAX_SPELLINGS_SHOWN]) + (f" … {left} more" if left > 0 else "")
    forms = " | ".join(word["forms"]) or "any word"
    return [Text(f"  {forms}"), Text(f"    written {written}", style="dim")]


def _only(row: JsonRow) -> str:
    return f", only in texts of {' '.join(row['only_in'])}" if row["only_in"] else ""


def _spread_lines(row: JsonRow) -> list[Text]:
    count = f"{'at least ' if row['at_least'] else ''}{row['articles']}"
    lines = [Text(f"  in {count} of {row['of_articles']} articles ({row['share']:.1%})")]
    for name, title in (("written", "as"), ("by_language", "languages"), ("by_source", "sources")):
        if counted := list(row[name].items()):
            most = " · ".join(f"{what} {number}" for what, number in counted[:MAX_COUNTS_SHOWN])
            more = " …" if len(counted) > MAX_COUNTS_SHOWN else ""
            lines.append(Text(f"  {title}: {most}{more}", style="dim"))
    if row["too_broad"]:
        limit = f"{term_preview.MAX_TERM_SHARE:.0%}"
        advice = "make it a phrase, or require another word near it"
        lines.append(Text(f"  too broad: more than {limit} of all articles; {advice}", style="red"))
    return lines
