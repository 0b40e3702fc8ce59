"""The rows of a sitemap's XML, one by one, and the moments that their dates mean. Pure.

Elements are known by their local names and places, since namespaces are written in many ways
(https, another version, a prefix that was never declared, none at all): ``loc`` and ``lastmod``
are children of a row, ``title`` and ``publication_date`` stand in ``news``.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time

from lxml import etree

from crawler import dates
from crawler.text_cache import cached_by_text

MAX_TAG_CHARACTERS = 200  # of a tag with its namespace that is remembered
MAX_ODD_DATES = 100_000  # different dates of unusual form in one file; each takes some 30 µs
_ROW_TAGS = ("url", "sitemap")
_ROOT_TAGS = ("urlset", "sitemapindex")
_OWN_FIELDS = ("loc", "lastmod")  # children of a row
_NEWS_FIELDS = ("title", "publication_date")
_OTHERS = ("image", "video", "xhtml", "mobile", "geo")  # have titles and dates of their own
_ALIASES = {"publicationdate": "publication_date", "publication-date": "publication_date"}
_ISO = re.compile(
    r"(\d{4})-(\d\d?)-(\d\d?)[T ]+(\d\d?):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?\s*"
    r"(Z|[+-]\d\d?:?\d\d|[+-]\d\d)?",
    re.IGNORECASE,
)
_MONTH = re.compile(r"((?:19|20)\d\d)(?:[-/](\d\d?))?")
_DAY_FIRST, _MONTH_FIRST = "FR", "US"  # countries that read 03/04/2026 as one day and another

Row = tuple[str, dict[str, str]]
"""``url`` or ``sitemap``, and its fields."""


class RowCollector:
    """Collects a sitemap's rows from lxml's parser events, without a tree, which takes half the
    time.

    ``ended``: the root element was closed.
    """

    def __init__(self) -> None:
        self.ended = False
        self._rows: list[Row] = []
        self._fields: dict[str, str] | None = None
        self._field = ""
        self._text: list[str] = []
        self._depth = 0  # below the row
        self._news = 0  # elements ``news`` that are open

    def start(self, tag: str, attributes: object) -> None:
        name, kind = _name(tag)
        if name in _ROW_TAGS and kind != "other":
            self._begin(name)
            return
        if self._fields is None:
            return
        self._depth += 1
        self._news += name == "news"
        own = name in _OWN_FIELDS and self._depth == 1
        if own or (name in _NEWS_FIELDS and (self._news or kind == "news") and kind != "other"):
            self._field, self._text = name, []

    def _begin(self, name: str) -> None:
        if self._fields and "loc" in self._fields:  # the row before was not closed
            self._rows.append((name, self._fields))
        self._fields, self._field, self._depth, self._news = {}, "", 0, 0

    def data(self, text: str) -> None:
        if self._field:
            self._text.append(text)

    def end(self, tag: str) -> None:
        name, _ = _name(tag)
        if self._fields is None:
            self.ended |= name in _ROOT_TAGS
            return
        if name in _ROW_TAGS and not self._depth:
            self._rows.append((name, self._fields))
            self._fields, self._field = None, ""
            return
        if name == self._field:
            if text := "".join(self._text).strip():
                self._fields.setdefault(name, text)
            self._field = ""
        self._depth = max(self._depth - 1, 0)
        self._news -= name == "news"

    def close(self) -> None:
        """Required by lxml."""

    def take(self) -> list[Row]:
        """The rows since the last call."""
        taken, self._rows = self._rows, []
        return taken


@cached_by_text(maxsize=200, longest=MAX_TAG_CHARACTERS)
def _name(tag: str) -> tuple[str, str]:
    """(a tag's local name, the kind of its namespace: ``news``, ``other`` or "")."""
    space, _, local = tag.rpartition("}")
    prefix, _, name = local.rpartition(":")  # a prefix that was never declared
    space, name = f"{space} {prefix}".lower(), name.lower()
    other = any(kind in space for kind in _OTHERS)
    return _ALIASES.get(name, name), "other" if other else "news" if "news" in space else ""


def read_rows(pieces: Iterable[bytes], rows: RowCollector) -> Iterator[Row]:
    """Yield the rows one by one; what stands before a break is given."""
    parser = etree.XMLParser(
        target=rows,
        encoding="utf-8",  # whatever the declaration says: the pieces are in UTF-8
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        recover=True,
    )
    rest = iter(pieces)
    try:
        for piece in rest:
            parser.feed(piece)
            yield from rows.take()
        parser.close()
    except etree.LxmlError:
        pass
    yield from rows.take()
    if not rows.ended:
        for _ in rest:
            pass  # whether it broke off or is a bomb can't be told from the place where XML ended


class DateReader:
    """Reads the dates of one file; it stops reading odd ones after ``MAX_ODD_DATES``."""

    def __init__(self) -> None:
        self._odd: dict[str, datetime | None] = {}

    def read(self, printed: str | None) -> datetime | None:
        """The latest moment that a date may mean; None if it means none, or one before 1990.

        A day without time counts to its end, a month to its last day, and 03/04/2026 as the later
        of both days: what may be new is looked at.
        """
        if not printed:
            return None
        at = _usual(printed)
        if at is None:
            if printed not in self._odd and len(self._odd) < MAX_ODD_DATES:
                self._odd[printed] = _odd(printed[: dates.MAX_DATE_CHARACTERS])
            at = self._odd.get(printed)
        return at if at is not None and at >= dates.EARLIEST_DATE else None


def _usual(printed: str) -> datetime | None:
    """A W3C date, as nearly all sitemaps have them."""
    try:
        at = datetime.fromisoformat(printed)
    except ValueError:
        return None
    if len(printed) <= 10:
        at = datetime.combine(at.date(), time(23, 59, 59))
    try:
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except OverflowError:  # the year 1 or 9999, moved by a zone
        return None


def _odd(printed: str) -> datetime | None:
    """A date in another form: in RFC 822, in words, with figures left out …"""
    text = " ".join(printed.split())
    if found := _ISO.fullmatch(text):
        return _from_parts(found)
    if month := _MONTH.fullmatch(text):
        return _end_of_month(int(month[1]), int(month[2] or 12))
    tried = (
        dates.parse_date(text, zone="UTC", country=country)
        for country in (_DAY_FIRST, _MONTH_FIRST)
    )
    if not (read := [one for one in tried if one is not None]):
        return None
    at, has_time = max(read)
    return at if has_time else datetime.combine(at.date(), time(23, 59, 59), tzinfo=UTC)


def _from_parts(found: re.Match[str]) -> datetime | None:
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    zone = (found[7] or "Z").upper()
    digits = zone[1:].replace(":", "")
    hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "")
    offset = "" if zone == "Z" else f"{zone[0]}{int(hours or 0):02d}:{minutes or '00'}"
    day_text = f"{year:04d}-{month:02d}-{day:02d}"
    at = _usual(f"{day_text}T{hour:02d}:{minute:02d}:{second:02d}{offset}")
    return at or _usual(day_text)  # 24:00 and 25:61 are of that day


def _end_of_month(year: int, month: int) -> datetime | None:
    if not 1 <= month <= 12:
        return None
    last = calendar.monthrange(year, month)[1]
    return datetime(year, month, last, 23, 59, 59, tzinfo=UTC)
