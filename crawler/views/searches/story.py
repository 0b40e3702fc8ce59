"""``rasd story``: who told a story first, who copied it when, and what each changed. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from rich.console import Group
from rich.text import Text

from crawler.model import ArchivedArticle
from crawler.stories import copies
from crawler.stories.account import Retelling, StoryAccount
from crawler.views.fields import JsonRow, iso, short

SHOWN = 100  # characters of a paragraph


def story_row(told: StoryAccount, countries: Mapping[str, str]) -> JsonRow:
    """A story as data: its number, the articles by time with what each changed, and how many each
    country has. ``countries``: by source."""
    others = [_article_row(one.article, countries) | _retelling_row(one) for one in told.others]
    return {
        "story": f"s{told.number}",
        "first": _article_row(told.first, countries),
        "others": others,
        "countries": dict(told.countries),
    }


def story_text(row: JsonRow) -> Group:
    """``story_row`` for a terminal."""
    first = row["first"]
    lines = [
        Text.assemble((f"{row['story']}  ", "cyan"), (first["headline"] or first["url"], "bold")),
        Text(f"first   {short(first['reported_at'])}  {_whose(first)}"),
        Text(f"        {first['url']}", style="dim"),
    ]
    for one in row["others"]:
        lines.append(Text(f"{_delay(one):<7} {_whose(one)}  {one['how']}"))
        if one["headline"] != first["headline"]:
            lines.append(Text(f"        {one['headline']}"))
        lines.append(Text(f"        {one['url']}", style="dim"))
        lines += [Text(f"        - {_cut(text)}") for text in one["dropped"]]
        lines += [Text(f"        + {_cut(text)}") for text in one["added"]]
    counts = (f"{country or 'unknown'} {n}" for country, n in row["countries"].items())
    lines.append(Text(f"{1 + len(row['others'])} articles; by country: {', '.join(counts)}"))
    return Group(*lines)


def _article_row(kept: ArchivedArticle, countries: Mapping[str, str]) -> JsonRow:
    article = kept.article
    return {
        "id": kept.id,
        "source": article.source,
        "country": countries.get(article.source, ""),
        "language": article.language,
        "headline": article.headline,
        "url": article.url,
        "reported_at": iso(copies.reported_at(kept)),
    }


def _retelling_row(one: Retelling) -> JsonRow:
    return {
        "delay_minutes": one.delay // timedelta(minutes=1),
        "is_timed": one.is_timed,
        "how": one.how,
        "dropped": list(one.dropped),
        "added": list(one.added),
    }


def _whose(row: JsonRow) -> str:
    country = f" ({row['country']})" if row["country"] else ""
    return f"{row['source']}{country}  {row['id']}"


def _delay(row: JsonRow) -> str:
    """``+2:05``, ``+3d``, ``same day`` in few characters; a minus for an earlier date."""
    minutes = row["delay_minutes"]
    sign, minutes = ("-", -minutes) if minutes < 0 else ("+", minutes)
    days = minutes // 1440
    if days or not row["is_timed"]:
        return f"{sign}{days}d"
    return f"{sign}{minutes // 60}:{minutes % 60:02d}"


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[:SHOWN]} …"
