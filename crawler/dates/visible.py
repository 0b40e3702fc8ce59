"""Which of a page's visible lines is its date line: near the headline, short, and about publishing. Pure.

A year in prose is never a date (P9): only a line that holds little but a date is heard, or one that
begins by saying that it tells when the text appeared.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from crawler import dates
from crawler.dates.names import plain

AFTER, BEFORE = 10, 3  # lines looked at below and above the headline; above stand mastheads
FRESH = timedelta(days=3)  # what was updated just now was published about then; else nobody knows
_UPDATE = 3
WORDS = 14  # a line of more is prose, unless it begins with a cue
BARE = 7  # words of a date alone: "jeudi 14 mai 2020 à 17h55 GMT"
_PUBLISHED = re.compile(
    r"^\W*(?:تاريخ النشر|نشر|نشرت|اخر نشر|كتب|اضيف|بتاريخ|التاريخ|تم النشر|publie|poste|mis en ligne|publication|redige|ecrit|"
    r"published|posted|first published|date|publicado)(?!\w)"
)
_UPDATED = re.compile(
    r"\W*(?:اخر تحديث|تم التحديث|تحديث|حدث|عدل|mis a jour|mise a jour|maj|modifie|actualise|last updated|updated|last modified|modified|actualizado)(?!\w)"
)
_DIGIT = re.compile(r"\d")
_SENTENCE = re.compile(r"[.؟?!…]\s*$")
_BLOCKS = frozenset({"p", "div", "span", "li", "td", "time", "h2", "h3", "h4", "h5", "h6", "address", "figcaption", "small", "i", "em", "b", "strong", "a", "ul", "section", "header", "dd"})  # fmt: skip
_SKIPPED = frozenset(
    {"script", "style", "noscript", "nav", "aside", "footer", "form", "button", "template"}
)


def printed(
    above: Sequence[str],
    below: Sequence[str],
    *,
    zone: str,
    country: str = "",
    now: datetime | None = None,
) -> list[str]:
    """The printed dates of the lines around a headline, the likeliest first.

    ``above`` and ``below`` are visible lines in reading order; lines that say when a text was
    published come first, then those below the headline, then those above it, then updates.
    """
    lines = [*below[:AFTER], *reversed(above[-BEFORE:])]
    ranked: list[tuple[int, int, str]] = []
    for place, raw in enumerate(lines):
        if (told := _told(raw)) is None:
            continue
        rank, text = told
        at = dates.parse(text, zone=zone, now=now, country=country)
        if at is not None and rank == _UPDATE and (now is None or abs(now - at[0]) > FRESH):
            continue
        if at is not None:  # the line as it stands, where it says the same as its telling part
            whole = dates.parse(raw, zone=zone, now=now, country=country) == at
            ranked.append((rank, place, " ".join(raw.split()) if whole else text))
    return [text for _, _, text in sorted(ranked)]


def is_one(line: str, *, zone: str) -> bool:
    """Whether a line is short and says when the text appeared, in so many words, or is nothing but a date."""
    text = plain(line) if len(line) <= dates.LONGEST else ""
    words = len(text.split())
    said = (
        _PUBLISHED.search(text)
        or _UPDATED.match(text)
        or (words <= BARE and not _SENTENCE.search(text))
    )
    return (
        words <= WORDS + 6
        and bool(said)
        and _DIGIT.search(text) is not None
        and dates.parse(line, zone=zone) is not None
    )


def around(headline: Any) -> tuple[list[str], list[str]]:
    """The visible lines above and below a headline's element (lxml), nearest last and nearest first."""
    above: list[str] = []
    for node in _preceding(headline):
        if text := _own_line(node):
            above.append(text)
        if len(above) >= BEFORE:
            break
    below: list[str] = []
    for node in _following(headline):
        text = _own_line(node)
        if text and (not below or text not in below[-1]):
            below.append(text)
        if len(below) >= AFTER:
            break
    return above[::-1], below


def _told(raw: str) -> tuple[int, str] | None:
    """(rank, the part that tells the date) of a line, or None for prose."""
    text = plain(raw[: 4 * dates.LONGEST])
    if not text or len(raw) > 4 * dates.LONGEST:
        return None
    if cue := _PUBLISHED.match(text):
        rest = _UPDATED.split(text[cue.end() :], maxsplit=1)[0]
        return (0, rest[:100].strip()) if rest.strip() else None
    if updated := _UPDATED.match(text):
        return _UPDATE, text[updated.end() : updated.end() + 100].strip()
    if len(text.split()) > WORDS or _SENTENCE.search(text):
        return None
    return 1 if _DIGIT.search(text) else 2, _UPDATED.split(text, maxsplit=1)[0].strip()


def _following(node: Any) -> Iterator[Any]:
    """The elements that begin after this one ends, in reading order, at most a few hundred."""
    steps = 0
    while node is not None and steps < 400:
        for sibling in node.itersiblings():
            for element in sibling.iter():
                steps += 1
                if steps > 400:
                    return
                if element.tag in _BLOCKS and not _inside_skipped(element, sibling):
                    yield element
        node = node.getparent()


def _preceding(node: Any) -> Iterator[Any]:
    """The elements before this one under its near ancestors, nearest first: a masthead is further."""
    for _ in range(3):
        for sibling in list(node.itersiblings(preceding=True))[:6]:
            found = [e for n, e in enumerate(sibling.iter()) if n < 30 and e.tag in _BLOCKS]
            yield from (e for e in reversed(found) if not _inside_skipped(e, sibling))
        node = node.getparent()
        if node is None or node.tag in ("body", "html"):
            return


def _inside_skipped(element: Any, until: Any) -> bool:
    while element is not None:
        if element.tag in _SKIPPED:
            return True
        if element is until:
            return False
        element = element.getparent()
    return False


def _own_line(node: Any) -> str:
    """The text of an element small enough to be one line; "" for a container of more."""
    if len(node) > 12:
        return ""
    text = " ".join(" ".join(node.itertext()).split())
    return text if len(text) <= 4 * dates.LONGEST else ""
