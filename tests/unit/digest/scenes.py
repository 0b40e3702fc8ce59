"""Articles and digests for tests: a topic of two labels, a recipe, issues composed and rendered."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

from crawler.digest import composition, rendering
from crawler.digest.records import Digest, DigestInput
from crawler.matching.topics import Concept, Label, Topic
from crawler.model import ArchivedArticle, Match, Mention, Message, SourceHealth
from crawler.query import Word
from crawler.seeds.digests import DigestRecipe
from tests.builders import NOW, a_date, a_match, a_source, kept

TITLE = {"ar": "الماء", "fr": "Eau", "en": "Water"}
TOPIC = Topic(
    slug="water",
    title=TITLE,
    version="v1",
    labels={
        n: Label(name=n, title={"ar": t, "en": n}, rule=Word("x"))
        for n, t in (("general", "عام"), ("special", "خاص"))
    },
    concepts={"dam": Concept(name="dam", title={"ar": "سد", "en": "dam"}, terms=())},
)
RECIPE = DigestRecipe(
    slug="daily",
    title=TITLE,
    topics=("water",),
    languages=("ar", "fr"),
    hour=time(7, 30),
    timezone="Africa/Casablanca",
)
BODY = "افتتح الوزير السد الجديد صباح اليوم. وقال إن السعة تضاعفت."
DAY = timedelta(days=1)


def proven(number: int = 1, *labels: str, body: str = BODY, **changes: Any) -> ArchivedArticle:
    """An article whose word السد is the proof."""
    at = body.index("السد") if "السد" in body else 0
    mention = Mention(
        field="body", start=at, end=at + 4, concept="dam", term="سد", text=body[at : at + 4]
    )
    given = {"headline": f"عنوان رقم {number}", "url": f"http://news.test/{number}"}
    plain = kept(number, body, **{"language": "ar"} | given | changes)
    return replace(plain, matches=(a_match(*(labels or ("general",)), mentions=(mention,)),))


def dated(number: int, at: datetime, *labels: str, **changes: Any) -> ArchivedArticle:
    """An article published then, kept now."""
    return proven(number, *labels, published=a_date(at), **changes)


def doubted(number: int, score: float, **changes: Any) -> ArchivedArticle:
    """An article that scored just under the line of ``special``."""
    match = Match(
        topic="water",
        version="v1",
        labels=(),
        score={"special": score},
        mentions=(),
        doubtful=("special",),
    )
    given = {"headline": f"مشكوك {number}", "url": f"http://news.test/{number}"}
    plain = kept(number, BODY, **{"language": "ar"} | given | changes)
    return replace(plain, matches=(match,))


def given(*articles: ArchivedArticle, **changes: Any) -> DigestInput:
    """The input of an issue of these articles, the last issue a day ago; one source is failing."""
    health = [
        SourceHealth(
            source="news",
            last_poll_at=NOW,
            last_success_at=NOW,
            last_outcome="new",
            failures=0,
            articles=3,
            next_poll_at=NOW,
        ),
        SourceHealth(
            source="dead",
            last_poll_at=NOW,
            last_success_at=None,
            last_outcome="failed",
            failures=2,
            articles=0,
            next_poll_at=NOW,
        ),
    ]
    plain = DigestInput(
        recipe=RECIPE,
        topics={"water": TOPIC},
        sources={"news": a_source(), "dead": a_source(slug="dead", name="Dead Paper")},
        articles=articles,
        health=health,
        since=NOW - DAY,
        now=NOW,
    )
    return replace(plain, **changes)


def composed(*articles: ArchivedArticle, **changes: Any) -> Digest:
    """The digest of these articles."""
    return composition.compose(given(*articles, **changes))


def worded(*articles: ArchivedArticle, **changes: Any) -> Message:
    """The mail of these articles."""
    return addressed(composed(*articles, **changes))


def addressed(digest: Digest, key: str = "k") -> Message:
    """A digest as a mail to one recipient."""
    return rendering.address(
        rendering.render(digest),
        recipient="desk@example.org",
        channel="smtp",
        sender_domain="rasd.test",
        key=key,
    )
