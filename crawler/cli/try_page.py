"""A single page read without storing it: its source, and the report of what was found. Pure.

``page`` and ``neutral`` make of a file what a crawl would have received; ``told`` words a Reading
for machines, ``lines`` for people. Who asks: ``rasd try`` and the benchmarks.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from crawler import urls
from crawler.model import BROKEN, Article, Match, Page, PreparedArticle, Rejection, Source

NOWHERE = "http://page.invalid/"  # where a page stands that nobody gave an address

# Top-level domain → the zone of the country's press, where it has one. States of many zones are
# left out: a date printed there without a zone is read as UTC, as for .com.
_ZONES: dict[str, str] = {
    "ae": "Asia/Dubai", "at": "Europe/Vienna", "be": "Europe/Brussels", "bh": "Asia/Bahrain", "ch": "Europe/Zurich",
    "ci": "Africa/Abidjan", "cm": "Africa/Douala", "cz": "Europe/Prague", "de": "Europe/Berlin", "dj": "Africa/Djibouti",
    "dk": "Europe/Copenhagen", "dz": "Africa/Algiers", "eg": "Africa/Cairo", "es": "Europe/Madrid", "fi": "Europe/Helsinki",
    "fr": "Europe/Paris", "gr": "Europe/Athens", "hu": "Europe/Budapest", "ie": "Europe/Dublin", "il": "Asia/Jerusalem",
    "in": "Asia/Kolkata", "iq": "Asia/Baghdad", "ir": "Asia/Tehran", "it": "Europe/Rome", "jo": "Asia/Amman",
    "jp": "Asia/Tokyo", "km": "Indian/Comoro", "kw": "Asia/Kuwait", "lb": "Asia/Beirut", "lu": "Europe/Luxembourg",
    "ly": "Africa/Tripoli", "ma": "Africa/Casablanca", "ml": "Africa/Bamako", "mr": "Africa/Nouakchott", "ne": "Africa/Niamey",
    "ng": "Africa/Lagos", "nl": "Europe/Amsterdam", "no": "Europe/Oslo", "om": "Asia/Muscat", "pk": "Asia/Karachi",
    "pl": "Europe/Warsaw", "ps": "Asia/Hebron", "pt": "Europe/Lisbon", "qa": "Asia/Qatar", "ro": "Europe/Bucharest",
    "sa": "Asia/Riyadh", "sd": "Africa/Khartoum", "se": "Europe/Stockholm", "sn": "Africa/Dakar", "so": "Africa/Mogadishu",
    "sy": "Asia/Damascus", "td": "Africa/Ndjamena", "tn": "Africa/Tunis", "tr": "Europe/Istanbul", "uk": "Europe/London",
    "ye": "Asia/Aden", "za": "Africa/Johannesburg",
}  # fmt: skip


_READERS: dict[str, str] = {  # as docs/vocabulary.md has them
    "template": "in its source's learned place",
    "trafilatura": "trafilatura's second opinion",
    "json-ld": "whole in the page's JSON-LD",
    "fallback": "by a look at every line, or as the feed delivered it",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a batch: a page's file, its address and when it was received, if known."""

    file: str
    url: str | None
    fetched_at: datetime | None


def line(text: str, where: str) -> Line | str:
    """The line of a batch, or what is wrong with it, beginning with ``where``."""
    try:
        row = json.loads(text)
    except (ValueError, RecursionError):
        return f"{where}: no JSON"
    if not isinstance(row, Mapping) or not isinstance(row.get("file"), str):
        return f'{where}: not an object with a "file"'
    url, fetched = row.get("url"), row.get("fetched_at")
    if url is not None and not isinstance(url, str):
        return f"{where}: url is no text"
    try:
        at = datetime.fromisoformat(fetched) if fetched else None
    except (ValueError, TypeError):
        return f"{where}: fetched_at {fetched!r} is no ISO time"
    if at is not None:
        at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    return Line(file=row["file"], url=url or None, fetched_at=at)


def page(url: str | None, body: bytes, fetched_at: datetime) -> Page:
    """The page as if it had just been received from this address."""
    stands = (urls.clean(url) if url else None) or NOWHERE
    return Page(
        url=stands, requested_url=stands, fetched_at=fetched_at, status=200, headers=(), body=body
    )


def source_of(url: str, sources: Iterable[Source]) -> Source:
    """The source that publishes at this address: by its host, else by its site; else a neutral one."""
    host, site = urlsplit(url).hostname, urls.registrable(url)
    of_site = [
        s for s in sources if site in {urls.registrable(place) for place in (s.home, *s.hosts)}
    ]
    of_host = [s for s in of_site if urlsplit(s.home).hostname == host]
    return next(iter((*of_host, *of_site)), None) or neutral(url)


def neutral(url: str) -> Source:
    """A source made of an address alone: its host, its country's zone or UTC, any language."""
    host = (urlsplit(url).hostname or "page.invalid").removeprefix("www.")
    domain = host.rsplit(".", 1)[-1]
    zone = _ZONES.get(domain)
    country = {"uk": "GB"}.get(domain, domain.upper() if zone else "")
    return Source(
        slug=host, name=host, home=f"http://{host}/", country=country,
        languages=("ar", "fr", "en"), timezone=zone or "UTC", feeds=(),
    )  # fmt: skip


def told(
    found: PreparedArticle | Rejection | None, url: str | None, seconds: float
) -> dict[str, Any]:
    """What was found as a JSON object, absent as null; ``{"error"}`` for a page that cannot be read."""
    if found is None:
        return {"error": "stopped"}
    if isinstance(found, Rejection):
        return {"error": f"{found.reason}: {found.detail}".removesuffix(": ")}
    reading = found.reading
    article = reading.article
    if article.extraction in BROKEN:
        return {"error": f"{article.extraction}: the page broke its reader"}
    return _facts(article, url) | {
        "ruled": list(reading.ruled),
        "seconds": round(seconds, 4),
        "matches": [_match(match) for match in reading.matches],
    }


def _facts(article: Article, url: str | None) -> dict[str, Any]:
    published = article.published
    nowhere = article.canonical_url.startswith(NOWHERE)
    return {
        "url": url,
        "canonical_url": None if nowhere else article.canonical_url,
        "headline": article.headline or None,
        "lead": article.lead or None,
        "body": article.body or None,
        "authors": list(article.authors),
        "section": article.section,
        "image": article.image,
        "published_at": published and published.at.isoformat(),
        "published_from": published and published.source,
        "published_printed": published and published.printed,
        "published_confidence": published and published.confidence,
        "published_has_time": published and published.has_time,
        "modified_at": article.modified_at and article.modified_at.isoformat(),
        "language": article.language,
        "extraction": article.extraction,
        "reader": article.reader,
        "oddities": list(article.oddities),
    }


def _match(match: Match) -> dict[str, Any]:
    return {
        "topic": match.topic,
        "labels": list(match.labels),
        "score": match.score,
        "mentions": [
            {"field": m.field, "start": m.start, "end": m.end, "concept": m.concept, "text": m.text}
            for m in match.mentions
        ],
    }


def lines(report: Mapping[str, Any]) -> list[str]:
    """The report for people: every field with where it is from, then why it was flagged."""
    if "error" in report:
        return [f"cannot be read: {report['error']}"]
    shown = [
        f"{name:14} {_one_line(report[name])}"
        for name in ("url", "canonical_url", "headline", "lead")
    ]
    at = report["published_at"]
    date = (
        f"{at}  from {report['published_from']}: {report['published_printed']!r}"
        if at
        else "none that can be believed"
    )
    shown += [f"{'published':14} {date}"]
    shown += [
        f"{name:14} {_one_line(report[name])}"
        for name in ("modified_at", "language", "section", "image")
    ]
    shown += [f"{'authors':14} {', '.join(report['authors']) or '–'}"]
    shown += [f"{'reader':14} {_reader(report)} ({report['extraction']}, {report['seconds']} s)"]
    if report["oddities"]:
        shown.append(f"{'odd':14} {', '.join(report['oddities'])}")
    for match in report["matches"]:
        proof = " · ".join(dict.fromkeys(m["text"] for m in match["mentions"]))
        shown.append(f"{'matches':14} {match['topic']}: {', '.join(match['labels'])}: {proof}")
    if not report["matches"]:
        shown.append(f"{'matches':14} no topic")
    return [*shown, "", report["body"] or "(no text found)"]


def _reader(report: Mapping[str, Any]) -> str:
    """What found the text, and what the source's own rule had a part in."""
    ruled = report["ruled"]
    where = "where its source's rule says" if "body" in ruled else _READERS[report["reader"]]
    found = f"{report['reader']}: {where}"
    return f"{found}; the source's rule gave {', '.join(ruled)}" if ruled else found


def _one_line(value: object) -> str:
    return " ".join(str(value).split()) if value else "–"
