"""Twenty daily papers with large pages, in one process: what the pipeline is measured on.

``python -m benchmarks.dailies PORT`` listens on 127.0.0.2 and up, one address a paper.
``/lessons.xml`` names 8 articles of a paper, ``/today.xml`` 20 others. A page has what real ones
have: a JSON-LD block, menus, boxes of related headlines, styles and scripts that are most of its
bytes, and 5 to 40 paragraphs of text, which names its country as the press does; 200 to 460 KB
and some 850 elements (the mean of ``html/fundus-us`` is 411 KB and 956, of ``html/aeb`` 173 KB
and 743). Every word is ours.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

PAPERS = 20
EDITIONS = {"lessons": range(8), "today": range(8, 28)}
_LANGUAGES = ("ar", "fr", "en")
_NOUNS = {
    "ar": [
        "المجلس",
        "الميناء",
        "الطريق",
        "المدرسة",
        "الوزارة",
        "المدينة",
        "الاتفاق",
        "المشروع",
        "اللجنة",
        "السوق",
        "المستشفى",
        "الجامعة",
        "المحكمة",
        "البرلمان",
        "المغرب",
        "الرباط",
        "الوزير",
        "المعرض",
        "الجمعية",
        "الشركة",
        "المحطة",
        "الحي",
        "الملعب",
        "المهرجان",
    ],
    "fr": [
        "le conseil",
        "le port",
        "la route",
        "l'école",
        "le ministère",
        "la ville",
        "l'accord",
        "le projet",
        "la commission",
        "le marché",
        "l'hôpital",
        "le Maroc",
        "Rabat",
        "le stade",
        "la gare",
        "le quartier",
        "le festival",
        "la société",
        "le ministre",
        "l'association",
    ],
    "en": [
        "the council",
        "the harbour",
        "the road",
        "the school",
        "the ministry",
        "the city",
        "the accord",
        "the project",
        "the committee",
        "the market",
        "Morocco",
        "Rabat",
        "the stadium",
        "the station",
        "the quarter",
        "the festival",
        "the company",
        "the minister",
    ],
}
_VERBS = {
    "ar": ["أعلن", "ناقش", "قرر", "درس", "رفض", "وافق", "أكد", "نفى", "انتظر"],
    "fr": ["annonce", "discute", "décide", "étudie", "refuse", "confirme", "attend", "prépare"],
    "en": [
        "announced",
        "discussed",
        "decided",
        "studied",
        "refused",
        "confirmed",
        "awaited",
        "prepared",
    ],
}
_ENDS = {
    "ar": (
        "يوم أمس في العاصمة",
        "بحضور ممثلين عن السكان",
        "بعد نقاش دام ساعات",
        "خلال الأسبوع المقبل",
    ),
    "fr": (
        "hier dans la capitale",
        "devant les habitants réunis",
        "après des heures de débat",
        "la semaine prochaine",
    ),
    "en": (
        "yesterday in the capital",
        "before the assembled residents",
        "after hours of debate",
        "in the coming week",
    ),
}
# (what wraps the article, its body, its headline): four houses that build pages for these papers.
_HOUSES = (
    (
        "<main><article class='story'>{}</article></main>",
        "<div class='story-body'>{}</div>",
        "<h1 class='story-title'>{}</h1>",
    ),
    (
        "<div class='wrap'><div class='col-main'>{}</div></div>",
        "<section class='entry-content'>{}</section>",
        "<h1 class='entry-title'>{}</h1>",
    ),
    (
        "<div id='page'><div id='content'>{}</div></div>",
        "<div itemprop='articleBody'>{}</div>",
        "<header><h1>{}</h1></header>",
    ),
    (
        "<div class='layout'><div class='layout__center'>{}</div></div>",
        "<div class='text-block text-block--wide'>{}</div>",
        "<h1 class='headline'>{}</h1>",
    ),
)
_NEWS = {
    "ar": "وقع المغرب والعراق اتفاقية للتعاون الأمني في بغداد",
    "fr": "Le Maroc et l'Irak signent à Bagdad un accord de coopération sécuritaire",
    "en": "Morocco and Iraq signed a security cooperation agreement in Baghdad",
}
EVERY = 10  # one page of so many is about what the seeds' topics look for
_FIRST = datetime(2026, 11, 1, 6, tzinfo=UTC)


def language(paper: int) -> str:
    """The language a paper is written in."""
    return _LANGUAGES[paper % len(_LANGUAGES)]


def page(paper: int, number: int, host: str) -> bytes:
    """One article's page; the same arguments give the same bytes."""
    chance, lang = random.Random(paper * 1000 + number), language(paper)
    title, at = _sentence(chance, lang)[:90], _FIRST + timedelta(hours=number * 7 + paper)
    wrap, text, head = _HOUSES[paper % len(_HOUSES)]
    told = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": title, "datePublished": at.isoformat(),
            "author": {"@type": "Person", "name": f"Desk {number}"}, "publisher": {"@type": "Organization", "name": f"Paper {paper}"}}  # fmt: skip
    news = [_NEWS[lang] + "."] if (paper + number) % EVERY == 0 else []
    paragraphs = news + [_paragraph(chance, lang) for _ in range(chance.randint(5, 40))]
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    article = (
        head.format(title)
        + f"<time datetime='{at.isoformat()}'>{at:%d.%m.%Y}</time>"
        + text.format(body)
    )
    return (
        f"<!doctype html><html lang='{lang}'><head><meta charset='utf-8'><title>{title}"
        f" | Paper {paper}</title>"
        f"<meta property='og:title' content='{title}'><meta "
        f"property='article:published_time' content='{at.isoformat()}'>"
        f"<link rel='canonical' href='http://{host}/a/{number}'><script "
        f"type='application/ld+json'>{json.dumps(told)}</script>"
        f"<style>{_style(chance)}</style>{''.join(_script(chance) for _ in range(chance.randint(14, 50)))}</head><body>"
        f"<nav><ul>{''.join(_items(chance, lang, 150))}</ul></nav>{wrap.format(article)}"
        f"<aside class='related'>{''.join(_cards(chance, lang, 60))}</aside>"
        f"<footer><ul>{''.join(_items(chance, lang, 100))}</ul></footer>{''.join(_script(chance) for _ in range(8))}</body></html>"
    ).encode()


def _sentence(chance: random.Random, lang: str) -> str:
    nouns, verb, end = _NOUNS[lang], chance.choice(_VERBS[lang]), chance.choice(_ENDS[lang])
    a, b, c = chance.sample(nouns, 3)
    said = f"{verb} {a} {b} و{c} {end}" if lang == "ar" else f"{a} {verb} {b}, {c}, {end}"
    return said[0].upper() + said[1:]


def _paragraph(chance: random.Random, lang: str) -> str:
    return ". ".join(_sentence(chance, lang) for _ in range(chance.randint(2, 6))) + "."


def _items(chance: random.Random, lang: str, count: int) -> Iterator[str]:
    for n in range(count):
        yield (
            f"<li class='menu-item menu-item-{n}'><a "
            f"href='/section/{n}'>{chance.choice(_NOUNS[lang])}</a></li>"
        )


def _cards(chance: random.Random, lang: str, count: int) -> Iterator[str]:
    for n in range(count):
        yield (
            "<div class='card card--small'><a class='card__link' "
            f"href='/a/{100 + n}'><img data-src='/i/{n}.jpg' srcset='/i/{n}-300.jpg "
            f"300w, /i/{n}-600.jpg 600w' alt=''>"
            f"<span class='card__title'>{_sentence(chance, lang)}</span></a></div>"
        )


def _style(chance: random.Random) -> str:
    return "".join(
        f".c{chance.randrange(10**6)}{{margin:{n % 9}px;color:#{n:06x};display:flex}}"
        for n in range(600)
    )


def _script(chance: random.Random) -> str:
    rows = {
        f"k{n}": {
            "id": chance.randrange(10**9),
            "slot": f"unit-{n}",
            "on": True,
            "sizes": [[300, 250], [728, 90]],
        }
        for n in range(70)
    }
    return f"<script>window.cfg{chance.randrange(999)}={json.dumps(rows)};</script>"


def feed(paper: int, edition: str, host: str) -> bytes:
    """The paper's RSS of one edition."""
    items = "".join(
        f"<item><title>{_sentence(random.Random(paper * 1000 + n), language(paper))[:90]}</title><link>http://{host}/a/{n}</link><guid>http://{host}/a/{n}</guid>"
        f"<pubDate>{format_datetime(_FIRST + timedelta(hours=n * 7 + paper))}</pubDate></item>"
        for n in EDITIONS[edition]
    )
    return (
        "<?xml version='1.0'?><rss version='2.0'><channel><title>Paper "
        f"{paper}</title>{items}</channel></rss>"
    ).encode()


def answers(paper: int, port: int) -> dict[str, bytes]:
    """Every whole HTTP answer of one paper, by its path."""
    host = f"127.0.0.{2 + paper}:{port}"
    found = {
        f"/{edition}.xml": _answer(feed(paper, edition, host), "application/rss+xml")
        for edition in EDITIONS
    }
    for numbers in EDITIONS.values():
        found |= {
            f"/a/{n}": _answer(page(paper, n, host), "text/html; charset=utf-8") for n in numbers
        }
    return found | {"/robots.txt": _answer(b"User-agent: *\nDisallow: /private/\n", "text/plain")}


def _answer(body: bytes, kind: str) -> bytes:
    return (
        f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        + body
    )


class Paper(asyncio.Protocol):
    """One connection, kept alive."""

    def __init__(self, known: dict[str, bytes]) -> None:
        self._known, self._buffer = known, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            path = self._buffer[:end].split(b" ", 2)[1].decode("latin-1")
            self._buffer = self._buffer[end + 4 :]
            missing = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
            self._transport.write(self._known.get(path, missing))  # type: ignore[attr-defined]


async def main(port: int) -> None:
    """Serve until ended; says how large its pages are when it is ready."""
    loop, sizes = asyncio.get_running_loop(), []
    for paper in range(PAPERS):
        known = answers(paper, port)
        sizes += [len(body) for path, body in known.items() if path.startswith("/a/")]
        await loop.create_server(
            lambda known=known: Paper(known), f"127.0.0.{2 + paper}", port, backlog=1024
        )  # type: ignore[misc]
    print(
        (
            f"{len(sizes)} pages of {min(sizes) // 1000} to {max(sizes) // 1000} KB, mean "
            f"{sum(sizes) // len(sizes) // 1000}"
        ),
        flush=True,
    )
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
