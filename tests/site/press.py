"""Three papers and their stories: an Arabic, a French and an English house, each with its own CMS.

``load`` reads ``articles/``; ``page`` and ``feed`` render what a server sends. Times count back
from the moment given, so that the news is always of today.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from pathlib import Path
from urllib.parse import quote
from zoneinfo import ZoneInfo

import yaml

FOLDER = Path(__file__).parent / "articles"
ZONE = ZoneInfo("Africa/Casablanca")
_FRENCH = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
]


@dataclass(frozen=True)
class Paper:
    """One house: its host name, language and the paths of its feeds."""

    key: str
    host: str
    name: str
    local_name: str
    feed: str


PAPERS = {
    "ar": Paper("ar", "al-masar.test", "Al Masar", "المسار", "/feed"),
    "fr": Paper("fr", "le-sillon.test", "Le Sillon", "Le Sillon", "/atom.xml"),
    "en": Paper("en", "the-ledger.test", "The Ledger", "The Ledger", "/feed.json"),
}


@dataclass(frozen=True)
class Story:
    """One article and what rasd should say of it."""

    paper: str
    slug: str
    headline: str
    summary: str
    author: str
    section: str
    minutes_ago: int
    labels: tuple[str, ...]
    paragraphs: tuple[str, ...]

    @property
    def path(self) -> str:
        """Where it stands on its paper's site, percent-encoded."""
        slug = quote(self.slug)
        return {"ar": f"/2026/{slug}", "fr": f"/article/{slug}", "en": f"/news/{slug}.html"}[
            self.paper
        ]

    def published_at(self, now: datetime) -> datetime:
        """Aware UTC, whole minutes."""
        return (now - timedelta(minutes=self.minutes_ago)).replace(second=0, microsecond=0)


def load(folder: Path = FOLDER) -> list[Story]:
    """Every story of the folder, by paper and slug."""
    stories = []
    for path in sorted(folder.glob("*/*.md")):
        _, head, body = path.read_text(encoding="utf-8").split("---\n", 2)
        front = yaml.safe_load(head)
        front["labels"] = tuple(front["labels"])
        paragraphs = tuple(p.strip() for p in body.strip().split("\n\n"))
        stories.append(
            Story(paper=path.parent.name, slug=path.stem, paragraphs=paragraphs, **front)
        )
    return stories


def page(story: Story, base: str, now: datetime, others: Sequence[Story]) -> str:
    """The story's page as its house's CMS would make it."""
    return {"ar": _arabic, "fr": _french, "en": _english}[story.paper](story, base, now, others)


def feed(paper: Paper, stories: Sequence[Story], base: str, now: datetime) -> tuple[str, bytes]:
    """(content type, body) of the paper's feed, newest first."""
    ordered = sorted(stories, key=lambda s: s.minutes_ago)
    return {"ar": _rss, "fr": _atom, "en": _json}[paper.key](paper, ordered, base, now)


def _arabic(story: Story, base: str, now: datetime, others: Sequence[Story]) -> str:
    linked = json.dumps(
        {
            "@context": "https://schema.org",
            "@graph": [
                {"@type": "WebSite", "name": "المسار", "url": base},
                {
                    "@type": "NewsArticle",
                    "headline": story.headline,
                    "datePublished": story.published_at(now).astimezone(ZONE).isoformat(),
                    "author": [{"@type": "Person", "name": story.author}],
                    "articleSection": story.section,
                },
            ],
        },
        ensure_ascii=False,
    )
    also = "".join(
        f'<li><a href="{base}{s.path}">{escape(s.headline)}</a></li>' for s in others[:4]
    )
    middle = len(story.paragraphs) // 2
    body = "".join(f"<p>{escape(p)}</p>" for p in story.paragraphs[:middle])
    rest = "".join(f"<p>{escape(p)}</p>" for p in story.paragraphs[middle:])
    return f"""<!doctype html><html lang="ar" dir="rtl"><head><meta charset="utf-8">
<title>{escape(story.headline)} - المسار</title><link rel="canonical" href="{base}{story.path}">
<meta property="og:title" content="{escape(story.headline)}"><meta property="og:site_name" content="المسار">
<script type="application/ld+json">{linked}</script></head>
<body class="single-post"><header><nav><ul><li><a href="/">الرئيسية</a></li><li><a href="/politics">سياسة</a></li>
<li><a href="/sport">رياضة</a></li></ul></nav></header>
<main><article class="post"><h1 class="entry-title">{escape(story.headline)}</h1>
<div class="meta">{escape(story.author)}</div><div class="entry-content">{body}
<div class="related-posts"><h4>اقرأ أيضا</h4><ul>{also}</ul></div>{rest}</div>
<div class="share-buttons"><a href="#">فيسبوك</a> <a href="#">واتساب</a></div></article></main>
<footer><p>جميع الحقوق محفوظة لجريدة المسار</p></footer></body></html>"""


def _french(story: Story, base: str, now: datetime, others: Sequence[Story]) -> str:
    at = story.published_at(now).astimezone(ZONE)
    printed = f"{at.day} {_FRENCH[at.month - 1]} {at.year} à {at:%Hh%M}"
    body = "".join(f"<p>{escape(p)}</p>" for p in story.paragraphs)
    also = "".join(
        f'<li><a href="{base}{s.path}">{escape(s.headline)}</a></li>' for s in others[:4]
    )
    return f"""<!doctype html><html lang="fr"><head><meta charset="utf-8">
<title>{escape(story.headline)} | Le Sillon</title><link rel="canonical" href="{base}{story.path}">
<meta property="og:title" content="{escape(story.headline)}"><meta name="author" content="{escape(story.author)}">
<meta property="article:published_time" content="{at.isoformat()}">
<meta property="article:section" content="{escape(story.section)}"></head>
<body><header><a href="/">Le Sillon</a><nav><a href="/politique">Politique</a> <a href="/sport">Sport</a></nav></header>
<article><h1>{escape(story.headline)}</h1><p class="date">Publié le {printed}</p>
<p class="chapo"><strong>{escape(story.summary)}</strong></p>{body}</article>
<aside><h3>À lire aussi</h3><ul>{also}</ul></aside><footer>© Le Sillon</footer></body></html>"""


def _english(story: Story, base: str, now: datetime, others: Sequence[Story]) -> str:
    at = story.published_at(now)
    body = "".join(f"<p>{escape(p)}</p>" for p in story.paragraphs)
    return f"""<!doctype html><html lang="en"><head><meta charset="utf-8">
<title>{escape(story.headline)} | The Ledger</title><meta name="author" content="{escape(story.author)}"></head>
<body><div id="top"><a href="/">The Ledger</a></div><div class="story"><h1>{escape(story.headline)}</h1>
<p class="byline">By {escape(story.author)} <time datetime="{at.isoformat()}">{at:%d %B %Y}</time></p>
{body}</div><div class="foot">The Ledger is published daily.</div></body></html>"""


def _rss(paper: Paper, stories: Sequence[Story], base: str, now: datetime) -> tuple[str, bytes]:
    items = "".join(
        f"<item><title>{escape(s.headline)}</title><link>{base}{s.path}?utm_source=rss</link>"
        f"<guid isPermaLink='false'>{paper.key}-{escape(s.slug)}</guid>"
        f"<description>{escape(s.summary)}</description>"
        f"<pubDate>{format_datetime(s.published_at(now))}</pubDate></item>"
        for s in stories
    )
    body = (
        '<?xml version="1.0" encoding="UTF-8"?><rss '
        f'version="2.0"><channel><title>{paper.local_name}'
        f"</title><link>{base}/</link><description>أخبار</description>{items}</channel></rss>"
    )
    return "application/rss+xml; charset=utf-8", body.encode()


def _atom(paper: Paper, stories: Sequence[Story], base: str, now: datetime) -> tuple[str, bytes]:
    entries = "".join(
        f"<entry><title>{escape(s.headline)}</title><link "
        f"href='{base}{s.path}'/><id>{base}{s.path}</id>"
        f"<updated>{s.published_at(now).isoformat()}</updated>"
        f"<published>{s.published_at(now).isoformat()}</published><summary>{escape(s.summary)}</summary></entry>"
        for s in stories
    )
    body = (
        f"<?xml version='1.0' encoding='utf-8'?><feed xmlns='http://www.w3.org/2005/Atom'>"
        f"<title>{paper.name}</title><id>{base}/</id><updated>{now.isoformat()}</updated>{entries}</feed>"
    )
    return "application/atom+xml", body.encode()


def _json(paper: Paper, stories: Sequence[Story], base: str, now: datetime) -> tuple[str, bytes]:
    items = [
        {
            "id": s.slug,
            "url": f"{base}{s.path}",
            "title": s.headline,
            "summary": s.summary,
            "date_published": s.published_at(now).isoformat(),
        }
        for s in stories
    ]
    said = {"version": "https://jsonfeed.org/version/1.1", "title": paper.name, "items": items}
    return "application/feed+json", json.dumps(said, ensure_ascii=False).encode()


def now() -> datetime:
    """The moment a server opens; its news counts back from here."""
    return datetime.now(UTC)
