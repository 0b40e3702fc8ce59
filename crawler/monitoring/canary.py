"""The canary: a story of our own that must pass from its feed to a message every hour, in each
language.

Its source, its seeds and its responses; pure. ``fetch.canary_handler`` answers its addresses
without a socket, ``daemon.canary`` polls it and looks for it in the message. No digest, export or
count ever contains it: what it left in the archive is deleted after each run.
"""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime
from functools import cache
from html import escape

from crawler import seeds
from crawler.model import Feed, Language, Source

SLUG = "canary"
BASE = "canary://canary.invalid"
LANGUAGES: tuple[Language, ...] = ("ar", "fr", "en")

# Language → (headline, text). The phrase that is looked for is one that no outlet would print.
_STORIES: dict[Language, tuple[str, str]] = {
    "ar": (
        "تغريدة كناري رصد وصلت",
        "نزل الطائر إلى المنجم في موعده وعاد سالما. هذه تغريدة كناري رصد التي تقول إن "
        "الطريق مفتوح من أوله إلى آخره، "
        "من الخلاصة إلى الصفحة ثم إلى الأرشيف فصندوق البريد. إذا لم تصل في ساعتها فإن "
        "شيئا في الطريق قد انقطع، "
        "وعلى من يدير الرصد أن ينظر فيه قبل موعد النشرة القادمة.",
    ),
    "en": (
        "The rasd canary song came through",
        "The bird went down the shaft on time and came back. This is the rasd canary "
        "song, which says that the way is "
        "open from one end to the other: from the feed to the page, from the page to "
        "the archive, from the archive "
        "to the mailbox. If it is not heard within its hour, something on the way has "
        "broken, and whoever runs the "
        "watch should look before the next digest is due.",
    ),
    "fr": (
        "Le chant du canari rasd est arrivé",
        "L'oiseau est descendu dans la mine à l'heure et il en est revenu. Ceci est le "
        "chant du canari rasd : il dit "
        "que la voie est libre d'un bout à l'autre, du flux à la page, de la page à "
        "l'archive, de l'archive à la boîte "
        "aux lettres. S'il n'est pas entendu dans l'heure, quelque chose s'est rompu en"
        " chemin, et il faut regarder "
        "avant la prochaine lettre.",
    ),
}

_SEEDS = {
    "lexicon/canary.yml": (
        "title: {en: canary}\n"
        "terms:\n  ar: [تغريدة كناري رصد]\n  en: [rasd canary song]\n  fr: [chant du canari rasd]\n"
    ),
    "topics/canary.yml": (
        "title: {en: canary}\nlabels:\n  heard: {title: {en: heard}, rule: 'concept:canary'}\n"
    ),
    "digests/canary.yml": (
        "title: {en: canary}\ntopics: [canary]\nlanguages: [en]\nhour: "
        "'00:00'\ntimezone: Africa/Abidjan\n"
    ),
}


@cache
def its_seeds() -> seeds.Seeds:
    """The canary's concept, topic, digest and source, read like any seeds."""
    found = seeds.load(_SEEDS, kinds=())
    return seeds.Seeds(
        sources={SLUG: source()},
        concepts=found.concepts,
        topics=found.topics,
        digests=found.digests,
    )


@cache
def source() -> Source:
    """The outlet that the canary appears to be."""
    return Source(
        slug=SLUG,
        name="canary",
        home=f"{BASE}/",
        country="ZZ",
        languages=LANGUAGES,
        timezone="Africa/Abidjan",  # UTC
        feeds=tuple(Feed(url=f"{BASE}/{language}/feed") for language in LANGUAGES),
        delay_seconds=0.0,
    )


def slot(now: datetime) -> str:
    """The hour that the story is of, in UTC: 2026112421."""
    return now.astimezone(UTC).strftime("%Y%m%d%H")


def headline(language: Language) -> str:
    """The headline that must be in the message."""
    return _STORIES[language][0]


def answer(path: str, now: datetime) -> tuple[str, bytes] | None:
    """The response to one of its addresses, (content type, body), at this moment; None: there is
    none.
    """
    _, language, name = (*path.split("/"), "", "")[:3]
    if language not in _STORIES:
        return None
    if name == "feed":
        return "application/rss+xml; charset=utf-8", _feed(language, now).encode()
    return (
        ("text/html; charset=utf-8", _page(language, now).encode()) if name == slot(now) else None
    )


def _feed(language: Language, now: datetime) -> str:
    title, text = _STORIES[language]
    link = f"{BASE}/{language}/{slot(now)}"
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>canary</title>'
        f"<link>{BASE}/</link><item><title>{escape(title)}</title><link>{link}</link><guid>{link}</guid>"
        f"<description>{escape(text[:80])}</description><pubDate>{format_datetime(now)}</pubDate></item>"
        "</channel></rss>"
    )


def _page(language: Language, now: datetime) -> str:
    title, text = _STORIES[language]
    return (
        f'<!doctype html><html lang="{language}"><head><meta '
        f'charset="utf-8"><title>{escape(title)}</title>'
        '<meta property="article:published_time" '
        f'content="{now.isoformat()}"></head><body><article>'
        f"<h1>{escape(title)}</h1><p>{escape(text)}</p></article></body></html>"
    )
