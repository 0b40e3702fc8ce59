"""What of an article is found again in a report of the same event elsewhere."""

from __future__ import annotations

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.stories.events import EventFeatures, find_features, pack, unpack
from crawler.stories.events.features import BODY, HEADLINE, LEAD
from crawler.stories.events.vocabulary import LANGUAGES, meanings, rows
from tests.builders import NOW
from tests.naughty import STRINGS


def features(headline: str, text: str = "", language: str = "fr") -> EventFeatures:
    """Those of an article of now."""
    return find_features(headline, text, language=language, published_at=NOW)


def test_a_name_is_found_in_both_scripts() -> None:
    """The ministers of one meeting share their keys."""
    french = features("Hazem Al-Tamimi reçu à Rabat")
    arabic = features("حازم التميمي في الرباط", language="ar")
    assert {"n:hzm", "n:tmm", "n:rbt"} <= french.keys.keys() & arabic.keys.keys()


def test_what_happens_is_a_meaning_in_each_language() -> None:
    """A fire is a fire."""
    told = {"fr": "Incendie dans une usine", "en": "Factory blaze", "ar": "حريق في مصنع"}
    found = [features(text, language=language).keys.keys() for language, text in told.items()]
    assert {"m:blaz", "m:factory"} <= set.intersection(*map(set, found))


def test_a_feature_weighs_by_its_first_place() -> None:
    """Headline, first paragraph, rest; also where it stands in several."""
    keys = features("Taza : accident", "À Fès, après Taza.\n\nPuis Oujda et Fès.").keys
    assert (keys["n:tz"], keys["n:fs"], keys["n:jd"]) == (HEADLINE, LEAD, BODY)


def test_a_common_word_with_a_capital_is_no_name_where_a_sentence_begins() -> None:
    """But a name is one everywhere."""
    keys = features("Incendie à Basra. Police et pompiers. Basra encore.").keys
    assert "n:bsr" in keys
    assert "n:blz" not in keys and not any(key in keys for key in ("n:nsnd", "n:bls"))


def test_concepts_of_the_lexicon_are_meanings() -> None:
    """They unite languages as far as the lexicon does."""
    told = find_features("x", "", language="fr", published_at=NOW, concepts=["extradition"])
    assert told.keys["m:extradition"] == LEAD


def test_an_earlier_year_makes_it_a_retelling() -> None:
    """The year of publication does not."""
    assert features("Dix ans après", "Le 8 mars 2016, la crue.").retells
    assert not features("Crue", f"Le 8 mars {NOW.year}, la crue.").retells


def test_each_row_of_the_table_has_three_columns_and_its_own_name() -> None:
    """Or two meanings would be one; stems are long enough not to take in other words."""
    assert len({row.split()[0].rstrip("*") for row in rows()}) == len(rows())
    for row in rows():
        columns = row.split("|")
        assert len(columns) == len(LANGUAGES) and all(column.strip() for column in columns), row
        stems = [word for word in row.split() if word.endswith("*")]
        assert all(len(stem) > 3 for stem in stems), row


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_word_of_the_table_has_its_meaning(language: str) -> None:
    """As the table writes it."""
    for row in rows():
        name = row.split()[0].rstrip("*")
        for word in row.split("|")[LANGUAGES.index(language)].split():
            assert name in meanings(word.rstrip("*"), language), (name, word)


@given(st.text(max_size=300) | st.sampled_from(STRINGS), st.sampled_from(["ar", "fr", "xx", ""]))
def test_any_text_has_features(text: str, language: str) -> None:
    """Of any language; hidden marks are no words."""
    found = features(text, text, language)
    assert all(key[:2] in ("n:", "m:", "#:", "w:") and len(key) > 2 for key in found.keys)
    assert unpack(pack(found)) == found


def test_features_of_an_article_take_a_few_kilobytes() -> None:
    """Also of a long one: what comes late is not looked at."""
    words = " ".join(f"Nom{n} prénom{n} {n * 7}" for n in range(5_000))
    assert len(pack(features("Une longue liste", words))) < 6_000


@pytest.mark.parametrize("packed", [b"", b"x", zlib.compress(b"{"), zlib.compress(b"[1, 2]")])
def test_other_bytes_are_refused(packed: bytes) -> None:
    """With an error that says so."""
    with pytest.raises(ValueError, match="hold no features"):
        unpack(packed)
