"""A term on trial shows all it will match, who holds it already, and whether it is too broad."""

from __future__ import annotations

import pytest

from crawler.errors import RasdError
from crawler.languages import fold
from crawler.matching import term_preview
from crawler.matching.term_index import Vocabulary, find_idle_traps
from crawler.matching.topics import Concept, Term
from crawler.seeds import Seeds
from crawler.views import term as view_term
from tests.builders import kept


@pytest.mark.parametrize(
    ("text", "inflect", "texts", "not_in"),
    [
        ("سد", [], ["السد", "بالسد", "والسد", "للسد"], ["سدود", "أسد", "وسد"]),
        ("مذكرة تفاهم", ["noun", "none"], ["ومذكرتي تفاهم", "مذكرات تفاهم"], ["مذكرة"]),
        ("barrage", ["plural"], ["barrages", "Barrage"], ["barragiste"]),
    ],
)
def test_the_forms_shown_are_the_forms_that_match(
    text: str, inflect: list[str], texts: list[str], not_in: list[str]
) -> None:
    """A text matches exactly if each of its words stands among the spellings that the probe
    lists.
    """
    term = view_term.term(text, inflect, None)
    probe = term_preview.preview_term(term, {})
    found = Vocabulary({"x": term_preview.preview_concept(term)}).term_index
    for written in (*texts, *not_in):
        folded = fold(written)
        listed = any(
            len(pattern) == len(folded.tokens)
            and all(
                t.text in term_preview.matching_keys(forms)
                for t, forms in zip(folded.tokens, pattern, strict=True)
            )
            for pattern in probe.patterns
        )
        assert listed == bool(list(found.scan(folded))) == (written in texts), written


def test_the_languages_of_a_term_are_shown() -> None:
    """Who tries a word learns that the lexicon tries it on some texts only, and may ask the
    same.
    """
    held = Concept(
        name="dirt",
        title={"en": "dirt"},
        terms=(Term(text="sale", language="fr", only_in=("fr",)),),
    )
    probe = term_preview.preview_term(
        view_term.term("sale", [], None, ["en", "es"]), {"dirt": held}
    )
    row = view_term.term_row(probe, term_preview.count_spread([], articles=0, limit=1))
    assert row["only_in"] == ["en", "es"] and row["held_by"][0]["only_in"] == ["fr"]
    said = "\n".join(str(line) for line in view_term.term_text(row).renderables)
    assert "only in texts of en es" in said and "sale, only in texts of fr" in said


def test_breadth_is_the_share_of_all_articles() -> None:
    """Counting that stopped at its limit says at least, and the warning has its threshold."""
    answers = [(kept(n, source=f"p{n % 2}"), ["dam", "Dam"]) for n in range(3)]
    narrow = term_preview.count_spread(answers, articles=150, limit=10)
    assert (narrow.found, narrow.more, narrow.share, narrow.too_broad) == (3, False, 0.02, False)
    assert narrow.by_source == (("p0", 2), ("p1", 1)) and narrow.written == (("Dam", 3), ("dam", 3))
    assert term_preview.count_spread(answers, articles=149, limit=3).too_broad
    assert term_preview.count_spread(answers, articles=149, limit=3).more
    assert term_preview.count_spread([], articles=0, limit=3).share == 0.0


def test_what_is_no_term_is_refused() -> None:
    """No word, or an inflection that no language has."""
    with pytest.raises(RasdError, match="holds no word"):
        view_term.term("…", [], None)
    with pytest.raises(RasdError, match="no inflection 'nown'; known: "):
        view_term.term("سد", ["nown"], None)


def test_a_trap_without_a_term_in_it_is_named(seeds: Seeds) -> None:
    """It could take nothing away: often a term that slipped among the traps. Our lexicon has
    none.
    """
    army = Concept(
        name="army",
        title={"en": "army"},
        terms=(Term(text="soldier", language="en"),),
        traps=("toy * soldier", "navy"),
    )
    assert find_idle_traps(army) == ["navy"]
    assert {c.name: find_idle_traps(c) for c in seeds.concepts.values() if find_idle_traps(c)} == {}
