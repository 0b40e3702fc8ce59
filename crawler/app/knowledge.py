"""What an installation knows of the words of a search: its archive, and its lexicon."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from crawler import query
from crawler.app.loaded_seeds import LoadedSeeds
from crawler.languages import digits, folded_word, plain_words
from crawler.languages.names import are_spellings, bare_name
from crawler.matching.concepts import Homographs
from crawler.matching.topics import Concept


def of(loaded: LoadedSeeds, occurring: query.Occurring) -> query.Knowledge:
    """What a query is expanded by. Of the lexicon only what has actors is read, and only once a
    word may be a name."""

    @cache
    def persons() -> tuple[query.Surname, ...]:
        return tuple(surnames(_with("actors", loaded)))

    @cache
    def bridges() -> tuple[tuple[str, ...], ...]:
        return tuple(one for concept in _with("bridges", loaded) for one in concept.bridges)

    return query.Knowledge(occurring=occurring, persons=persons, bridges=bridges)


def _with(key: str, loaded: LoadedSeeds) -> Iterator[Concept]:
    """The concepts whose files may have this key: parsing all of them takes a second."""
    for slug in loaded.found.concepts:
        if key in loaded.files.get(f"lexicon/{slug}.yml", key):
            yield loaded.found.concepts[slug]


def homographs(asked: query.Query, loaded: LoadedSeeds) -> Homographs:
    """The traps of the lexicon in which a word of this query stands: what tells a text on the
    sunset prayer from one on the country. Only concepts whose files have the word are read."""
    words = [node.text for node in query.walk(asked) if isinstance(node, query.Word)]
    keys = [folded_word(bare_name(word)) for word in words]
    files = {slug: loaded.files.get(f"lexicon/{slug}.yml") for slug in loaded.found.concepts}
    telling = (
        loaded.found.concepts[slug]
        for slug, text in files.items()
        if text is None or ("traps" in text and any(key in digits(text.casefold()) for key in keys))
    )
    return Homographs(dict.fromkeys(words), telling)


def surnames(concepts: Iterable[Concept]) -> Iterator[query.Surname]:
    """The spellings of each actor's last name: those words of its terms that spell it."""
    for concept in concepts:
        terms: dict[str, list[str]] = {}
        for term in concept.terms:
            if term.actor is not None:
                terms.setdefault(term.actor.name, []).append(term.text)
        for name, texts in terms.items():
            last = plain_words(name.partition(",")[0])[-1]
            words = dict.fromkeys(word for text in texts for word in plain_words(text))
            yield (last, *(word for word in words if word != last and are_spellings(word, last)))
