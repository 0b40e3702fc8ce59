"""Small lexicons whose concepts decide about each other, and texts in which they do.

Made for laws: concepts share surnames and demonyms, support each other, have terms of their own
country's press, traps and terms of office; a text is made of their words in any order.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from hypothesis import strategies as st

from crawler.matching.topics import Concept, Term
from crawler.model import Actor, Article
from tests.builders import an_article

COUNTRIES = ("", "MA", "IQ")
NAMES = ("accord", "iraq", "maghreb", "police", "sudan")
_PREMIER = Actor(name="Mohammed al-Sudani", role="prime minister", side="iraq")
_OTHER = Actor(name="Ali al-Sudani", role="envoy", side="sudan")
_ENVOY = Actor(name="Omar El Iraki", role="envoy", side="maghreb")
TERMS = (
    Term(text="Irak", language="fr"),
    Term(text="عراقي", language="ar", inflect=("nisba",)),
    Term(text="سوداني", language="ar", inflect=("nisba",)),
    Term(text="sudani", language="en", inflect=("plural",)),
    Term(text="محمد شياع السوداني", language="ar", actor=_PREMIER),
    Term(text="Mohammed Al Sudani", language="en", actor=_PREMIER, valid_until=date(2026, 6, 1)),
    Term(text="علي السوداني", language="ar", actor=_OTHER),
    Term(text="Omar El Iraki", language="fr", actor=_ENVOY, valid_from=date(2026, 1, 1)),
    Term(text="ministère de l'Intérieur", language="fr", domestic=True),
    Term(text="ministre", language="fr", domestic=True),
    Term(text="accord", language="fr", inflect=("noun",)),
    Term(text="accord de coopération", language="fr", traps=("accord de coopération musicale",)),
    Term(text="pacte", language="fr", ambiguous=True),
    Term(text="Fès", language="fr", namesakes=("coiffe",)),
    Term(text="police", language="fr", only_in=("fr",)),
    Term(text="avec", language="fr"),
)
TRAPS = ("accord de musique", "Irak *", "police de caractères")
WORDS = (
    "Irak", "Fès", "coiffe", "accord", "accords", "accord de coopération musicale", "musique",
    "accord de coopération", "accord de musique", "pacte", "police", "police de caractères", "avec",
    "ministère de l'Intérieur", "ministre", "de l'", "a dit", "Sudani", "Mohammed Al Sudani", "M.",
    "Omar El Iraki", "El Iraki", "Iraki", "Omar Sudani", "السوداني", "سوداني", "العراقي", "نظيره",
    "محمد شياع السوداني", "علي السوداني", "قال", "الوزير", "عبد الواحد العراقي", "والسوداني", ",", ".",
    ". ", "\n\n", "؟ ", "(", "–",
)  # fmt: skip
texts = st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join)
_subsets = st.sets(st.sampled_from(NAMES), max_size=2).map(lambda names: tuple(sorted(names)))


@st.composite
def lexicons(draw: st.DrawFn) -> dict[str, Concept]:
    """Concepts by name, with each of TERMS in one or two of them."""
    terms: dict[str, list[Term]] = {name: [] for name in NAMES}
    for term in TERMS:
        for name in draw(st.sets(st.sampled_from(NAMES), min_size=1, max_size=2)):
            terms[name].append(term)
    return {name: draw(_concepts(name, tuple(terms[name]))) for name in NAMES if terms[name]}


@st.composite
def _concepts(draw: st.DrawFn, name: str, terms: tuple[Term, ...]) -> Concept:
    return Concept(
        name=name,
        title={"en": name},
        terms=terms,
        traps=tuple(sorted(draw(st.sets(st.sampled_from(TRAPS), max_size=1)))),
        country=draw(st.sampled_from(COUNTRIES)),
        supported_by=draw(_subsets),
        foreign=draw(_subsets),
        introduced_by=draw(st.sampled_from([(), (), ("accord",), ("police",)])),
    )


@st.composite
def articles(draw: st.DrawFn) -> Article:
    """An article whose fields are such texts; its headline or its text may be missing."""
    return replace(
        an_article(),
        headline=draw(texts),
        lead=draw(texts),
        body=draw(texts),
        summary=draw(texts),
        language=draw(st.sampled_from(["fr", "ar", "und"])),
        published=None,
        first_seen_at=datetime(2026, draw(st.sampled_from([5, 7])), 1, tzinfo=UTC),
    )
