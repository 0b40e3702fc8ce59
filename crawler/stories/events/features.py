"""What of an article can be found again in a report of the same event elsewhere. Pure.

A feature is a key with a weight: more in the headline and in the first paragraph, which tell the
event, than behind them, where earlier events are retold. Keys begin with their kind::

    n:tmm      a name, by its consonants (``languages.name_keys``): Tamimi, التميمي
    m:arrest   a meaning of a word of the news (``vocabulary``), or a concept of the lexicon
    #:2300     a number, or a day that is named (#:2026-03-08)
    w:ar:حريق  a word, which only a text of the same language can share

In Latin letters a name is a word with a capital; in Arabic, which has none, every word that is not
known to be common may be one. Who uses names weighs them by how rare they are (``rarity``).
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from crawler.languages import LANGUAGES, fold, folded_word
from crawler.languages.name_keys import is_latin_article, name_keys
from crawler.stories.events.numbers import NamedNumbers, find_numbers
from crawler.stories.events.vocabulary import meanings

HEADLINE, LEAD, BODY = 1.3, 1.0, 0.6  # weights by place
MAX_CHARACTERS = 4_000  # of a text: its beginning tells the event
NUMBERS_CHARACTERS = 1_500  # of a part in which numbers are read; statistics follow
_WORD = re.compile(r"[^\W\d_]+")
_SENTENCE_START = re.compile(r"(?:^|[.!?؟:»«“”\"\n]\s{0,2})$")
_LONGEST_WORD = 40
# Frequent words of LanguageTables are frequent in headlines too, some of them names of acts; these
# are those without any meaning of their own that it lacks.
_EMPTY = {
    "ar": "و قال قالت اكد اكدت اضاف اضافت ذكر افاد اوضح اليوم امس غدا السيد السيده",
    "en": "a an i him her them there here some any also told according may mr mrs",
    "fr": "m mme ainsi aussi afin alors lors tandis notamment selon dont celui celle",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFeatures:
    """An article, as it is compared with others."""

    published_at: datetime
    language: str
    keys: Mapping[str, float]  # to the weight of the place where it stands first
    retells: bool = False  # it names a year before that of its publication


def find_features(
    headline: str,
    text: str,
    *,
    language: str,
    published_at: datetime,
    concepts: Iterable[str] = (),
) -> EventFeatures:
    """The features of an article; ``text`` is its body, with a line break between paragraphs.

    ``concepts``: names of the lexicon's concepts that stand in it. They unite languages as far as
    the lexicon does, and are not weighed by place.
    """
    keys: dict[str, float] = {f"m:{name}": LEAD for name in concepts}
    body = text[:MAX_CHARACTERS].strip()
    first, _, rest = body.partition("\n")
    years: set[int] = set()
    for part, weight in ((headline, HEADLINE), (first, LEAD), (rest, BODY)):
        named = find_numbers(part[:NUMBERS_CHARACTERS], published_at.year)
        years |= named.years
        for key in (*_word_keys(part, language), *_number_keys(named)):
            keys[key] = max(keys.get(key, 0.0), weight)
    return EventFeatures(
        published_at=published_at,
        language=language,
        keys=keys,
        retells=any(year < published_at.year for year in years),
    )


def pack(article: EventFeatures) -> bytes:
    """The features as bytes for a column."""
    by_weight: dict[str, list[str]] = {}
    for key, weight in article.keys.items():
        by_weight.setdefault(str(weight), []).append(key)
    told = [article.published_at.isoformat(), article.language, article.retells, by_weight]
    return zlib.compress(json.dumps(told, ensure_ascii=False).encode())


def unpack(packed: bytes) -> EventFeatures:
    """The features that ``pack`` made bytes of. ValueError if they are of another making."""
    try:
        published_at, language, retells, by_weight = json.loads(zlib.decompress(packed))
    except (zlib.error, ValueError) as error:
        raise ValueError("these bytes hold no features of an article") from error
    return EventFeatures(
        published_at=datetime.fromisoformat(published_at),
        language=language,
        keys={key: float(weight) for weight, keys in by_weight.items() for key in keys},
        retells=retells,
    )


def _number_keys(named: NamedNumbers) -> Iterator[str]:
    yield from (f"#:{number}" for number in named.numbers)
    yield from (f"#:{day}" for day in named.days)


def _word_keys(part: str, language: str) -> Iterator[str]:
    for found in _WORD.finditer(part):
        first, keys, name = _keys_of_word(found.group(), language)
        yield from keys
        if name and not (first and _starts_sentence(part, found.start())):
            yield from name


def _starts_sentence(text: str, at: int) -> bool:
    return at == 0 or _SENTENCE_START.search(text, max(0, at - 4), at) is not None


@lru_cache(maxsize=100_000)  # news repeats its words
def _keys_of_word(raw: str, language: str) -> tuple[bool, tuple[str, ...], tuple[str, ...]]:
    """(whether it is no name where a sentence begins, its keys, those that it has as a name)."""
    if len(raw) > _LONGEST_WORD:
        return False, (), ()
    meant = meanings(raw, language)
    keys = tuple(f"m:{meaning}" for meaning in sorted(meant))
    word = folded_word(raw)
    if len(word) < 2 or word in _frequent(language):
        return False, keys, ()
    keys += tuple(f"w:{language}:{token.text}" for token in fold(raw).tokens)
    is_capital = raw[0].isupper() and not is_latin_article(word)
    if is_capital or (language == "ar" and not meant):
        return bool(meant), keys, tuple(f"n:{key}" for key in sorted(name_keys(raw)))
    return False, keys, ()


@lru_cache(maxsize=16)
def _frequent(language: str) -> frozenset[str]:
    tables = (one.words for one in LANGUAGES if one.code == language)
    words = " ".join((*tables, _EMPTY.get(language, "")))
    return frozenset(folded_word(word) for word in words.split())
