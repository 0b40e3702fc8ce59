"""A word that is something else by the lexicon's traps is known by its place."""

from __future__ import annotations

import pytest

from crawler.languages import fold
from crawler.matching.concepts.homographs import Homographs
from crawler.matching.topics import Concept, Term

MOROCCO = Concept(
    name="morocco",
    title={},
    terms=(
        Term(text="المغرب", language="ar"),
        Term(text="Maroc", language="fr"),
        Term(text="Ouahbi", language="fr", traps=("Mohamed Ouahbi", "coach Ouahbi")),
    ),
    traps=("أذان المغرب", "صلاة المغرب", "المغرب العربي", "Maroc Telecom"),
)


@pytest.mark.parametrize(
    ("word", "text", "share"),
    [
        ("المغرب", "رفع أذان المغرب في المساجد", 1.0),
        ("المغرب", "قبيل صلاة المغرب", 1.0),
        ("المغرب", "اتحاد المغرب العربي", 1.0),
        ("المغرب", "زار الوزير المغرب أمس", 0.0),
        ("المغرب", "وقع المغرب والعراق اتفاقية بعد صلاة المغرب", 0.5),
        ("مغرب", "أذان المغرب", 1.0),
        ("maroc", "Maroc Telecom investit au Maroc", 0.5),
        ("ouahbi", "Le coach Ouahbi a convoqué Mohamed Ouahbi", 1.0),
        ("ouahbi", "Le ministre Ouahbi à Bagdad", 0.0),
        ("telecom", "Maroc Telecom", 1.0),
        ("عراق", "أذان المغرب", 0.0),
        ("العراق", "العراقيل أمام المغرب العربي", 0.0),
    ],
)
def test_the_share_of_places_that_mean_something_else(word: str, text: str, share: float) -> None:
    """Of this word alone; a trap that doesn't hold it covers nothing."""
    assert Homographs((word,), [MOROCCO]).share([fold(text)]) == share


def test_all_fields_count_together() -> None:
    """A headline on the country weighs as much as a text on the prayer."""
    fields = [fold("المغرب يوقع"), fold("أذان المغرب. صلاة المغرب. صلاة المغرب.")]
    assert Homographs(("المغرب",), [MOROCCO]).share(fields) == 0.75
    assert Homographs((), [MOROCCO]).share(fields) == 0.0
    assert Homographs(("المغرب",), []).share(fields) == 0.0
