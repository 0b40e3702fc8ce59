"""Verdicts with proof, on the topic that ships and on small topics of the tests' own."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler import matching, seeds
from crawler.languages import fold
from crawler.matching.term_index import Vocabulary
from crawler.matching.topics import Topic
from tests import places
from tests.builders import an_article
from tests.disguises import DISGUISES
from tests.examples import examples
from tests.site import press

SHARED = places.SHARED
WATER = {
    "lexicon/river.yml": (
        "title: {en: river}\nterms: {en: [Tigris, {term: river, inflect: plural}], ar: "
        "[دجلة]}\ntraps: {en: [Tigris Hotel]}\n"
    ),
    "lexicon/dam.yml": "title: {en: dam}\nterms: {en: [{term: dam, inflect: plural}], ar: [سد]}\n",
    "topics/water.yml": (
        "title: {en: Water}\nlabels:\n  dams: {title: {en: dams}, rule: 'concept:river NEAR/5 "
        "concept:dam'}\n"
    ),
}


def water() -> Topic:
    """A topic of another subject."""
    return seeds.load(WATER, kinds=["feed"]).topics["water"]


def test_every_mention_leads_to_its_place_in_the_original() -> None:
    """Proof is a place in the text as it was published, not in a folded copy."""
    article = an_article("ارتفع منسوب نهر دِجلة خلف السدّ الجديد.", headline="x")
    (match,) = matching.match(article, [water()])
    assert match.labels == ("dams",)
    texts = {"body": article.body, "headline": article.headline, "lead": article.lead}
    assert [texts[m.field][m.start : m.end] for m in match.mentions] == ["دِجلة", "السدّ"]


def test_a_trap_takes_a_mention_away_and_says_so() -> None:
    """Tigris Hotel is no river; with another river the label stands and the trap is shown."""
    assert matching.match_text("", "The Tigris Hotel by the dam opened.", water()).labels == ()
    both = matching.match_text("", "At the Tigris Hotel, rivers and dams were discussed.", water())
    assert both.labels == ("dams",)
    assert [m.reason for m in both.taken_away] == ["trap Tigris Hotel"]


@pytest.mark.parametrize("disguise", [None, *DISGUISES])
@pytest.mark.parametrize(
    ("text", "listed"),
    [
        ("A lake, a river and a dam", True),
        ("Un lac, une rivière et un barrage", True),
        ("بحيرة ونهر وسد", True),
        ("A lake near a river by a dam", False),
    ],
)
def test_a_list_of_names_is_one_in_every_disguise(
    text: str, listed: bool, disguise: str | None
) -> None:
    """The word that joins the last name is read as all words are."""
    files = {
        f"lexicon/{name}.yml": f"title: {{en: {name}}}\nterms: {{en: [{en}], fr: [{fr}], ar: [{ar}]}}\n"
        for name, en, fr, ar in [
            ("lake", "a lake", "un lac", "بحيرة"),
            ("river", "a river", "une rivière", "نهر"),
            ("dam", "a dam", "un barrage", "سد"),
        ]
    } | {
        "topics/t.yml": "title: {en: T}\nenumerations: {of: [lake, river, dam]}\n"
        "labels: {a: {title: {en: a}, rule: concept:lake AND concept:river AND concept:dam}}\n"
    }
    topic = seeds.load(files, kinds=["feed"]).topics["t"]
    written = DISGUISES[disguise](text) if disguise else text
    assert matching.match_text("", written, topic).labels == (() if listed else ("a",))


@pytest.mark.parametrize(
    ("text", "found"),
    [("the Blue Dam", True), ("the Blue-Dam", True), ("in blue, dam or no dam", False)],
)
def test_no_phrase_reaches_over_a_comma(text: str, found: bool) -> None:
    """ "Ambassadors to Iraq, Morocco and Bahrain" does not name the pair Iraq–Morocco."""
    files = WATER | {
        "lexicon/dam.yml": "title: {en: dam}\nterms: {en: [Blue Dam]}\n",
        "topics/water.yml": "title: {en: Water}\n"
        "labels:\n  dams: {title: {en: dams}, rule: 'concept:dam'}\n",
    }
    (topic,) = seeds.load(files, kinds=["feed"]).topics.values()
    assert bool(matching.match_text("", text, topic).labels) is found


def test_distance_is_counted_in_words() -> None:
    """Six words between are more than five."""
    near = "The river one two three four five dam."
    far = "The river one two three four five six dam."
    assert matching.match_text("", near, water()).labels == ("dams",)
    assert matching.match_text("", far, water()).labels == ()


def test_a_failed_extraction_does_not_hide_a_story() -> None:
    """Without a body, the words of the address count."""
    article = an_article("", lead="", headline="", url="http://n.test/new-river-dam-opens")
    assert matching.match(article, [water()])[0].labels == ("dams",)


@pytest.mark.parametrize("story", press.load(), ids=lambda s: f"{s.paper}/{s.slug}")
def test_the_papers_stories_get_their_labels(story: press.Story, topic: Topic) -> None:
    """The story the project began with is security; match, cell, list of states and obstacles
    are not.
    """
    found = matching.match_text(story.headline, "\n\n".join(story.paragraphs), topic)
    assert found.labels == story.labels


@settings(max_examples=examples(40), deadline=None)
@given(st.data())
def test_folding_a_mention_gives_its_term_again(data: st.DataObject) -> None:
    """Each stored place, cut out of the original, is found as the same term again."""
    topic = seeds.load(WATER, kinds=["feed"]).topics["water"]
    pieces = st.sampled_from(
        [
            "نهر دِجلة",
            "السدّ",
            "Tigris",
            "the rivers",
            "وبدجلة",
            "d\u00adams",
            "le barrage",
            "a dаm",
            "قال",
        ]
    )
    text = " ".join(data.draw(st.lists(pieces, min_size=2, max_size=9)))
    vocabulary = Vocabulary(topic.concepts)
    for mention in matching.match_text("", text, topic).mentions:
        assert text[mention.start : mention.end] == mention.text
        again = {f.entry.text for f in vocabulary.term_index.scan(fold(mention.text))}
        assert mention.term in again


PEOPLE = {
    **WATER,
    "lexicon/dam.yml": WATER["lexicon/dam.yml"]
    + """actors:
  - {name: Qassim al-Hadid, role: water minister, side: river,
     valid_from: 2020, valid_until: 2022-06, traps: [Kassem Hadid Stadium],
     terms: {en: [{term: Qassim al-Hadid, inflect: name}], ar: [قاسم الحديد]}}
""",
    "topics/water.yml": WATER["topics/water.yml"] + "themes: {rain: 'rain'}\n",
}


def people() -> Topic:
    """The water topic with a minister and a theme."""
    return seeds.load(PEOPLE, kinds=["feed"]).topics["water"]


@pytest.mark.parametrize(
    "name", ["Qassim al-Hadid", "Kassem El Hadid", "Qasim Hadid", "Qasem Alhadid", "قاسم الحديد"]
)
def test_an_actor_is_named_in_any_spelling(name: str) -> None:
    """Role and side come with the name; the article of a name may be there, glued, or gone."""
    found = matching.match_text("", f"{name} spoke of the river and of rain.", people())
    assert found.labels == ("dams",) and found.themes == ("rain",)
    assert [(a.name, a.role, a.side) for a in found.actors] == [
        ("Qassim al-Hadid", "water minister", "river")
    ]


def test_an_office_counts_in_its_time_only() -> None:
    """A minister of 2020–2022 is none in an article of 2026, and the proof says why; undated he
    counts.
    """
    article = an_article("Qasim Hadid at the river dam.", headline="x")
    (match,) = matching.match(article, [people()])
    assert match.actors == () and [m.reason for m in match.taken_away] == [
        "not in office at the time"
    ]


def test_a_trap_of_one_term_leaves_the_others() -> None:
    """The stadium is no minister; the dam beside it stays a dam."""
    found = matching.match_text("", "Kassem Hadid Stadium by the river dam.", people())
    assert found.labels == ("dams",) and found.actors == ()


CHOOSY = {
    **WATER,
    "lexicon/river.yml": WATER["lexicon/river.yml"].replace(
        "Tigris,", "Tigris, {term: Sale, only_in: [en]},"
    ),
}


def test_a_term_is_tried_in_its_languages_only() -> None:
    """Sale is a river in English texts and "dirty" in French ones; untold and unknown, it is
    tried.
    """
    topic = seeds.load(CHOOSY, kinds=["feed"]).topics["water"]
    french = "Le dam est sale et la ministre a dit que les eaux sont dans une situation grave."
    for language, text, labels in [
        ("fr", "Sale dam", ()),
        ("en", "Sale dam", ("dams",)),
        ("und", "Sale dam", ("dams",)),
        ("", french, ()),
        ("en", french, ("dams",)),
        ("", "The Sale dam was opened by the minister of water in the south.", ("dams",)),
    ]:
        found = matching.match_text("", text, topic, language=language)
        assert found.labels == labels, (language, text)
        fields = matching.text_fields("", text, language=language)
        assert matching.get_matcher(topic).match_exactly(fields) == found


def test_the_version_changes_with_the_words() -> None:
    """A verdict names the rules it was made by."""
    other = WATER | {"lexicon/dam.yml": WATER["lexicon/dam.yml"].replace("سد", "خزان")}
    assert seeds.load(other, kinds=["feed"]).topics["water"].version != water().version


def test_the_summary_is_judged_beside_the_text_and_says_so() -> None:
    """It is part of the top, and its mentions name it as their field."""
    body = "The meeting lasted an hour, and the ministers shook hands. " * 4
    silent = an_article(body, headline="A meeting")
    told = an_article(body, headline="A meeting", summary="The river Tigris fell below its dam.")
    assert matching.match(silent, [water()]) == ()
    (match,) = matching.match(told, [water()])
    assert match.labels == ("dams",)
    assert {mention.field for mention in match.mentions} == {"summary"}
    assert all(told.summary[m.start : m.end] == m.text for m in match.mentions)
    score_in_the_text = matching.match(an_article(told.summary, headline="A meeting"), [water()])
    assert match.score == score_in_the_text[0].score


def test_a_standfirst_beside_the_text_leaves_the_first_paragraph_its_weight() -> None:
    """Both are the top of the story."""
    first = "The river Tigris fell below its dam, an engineer of the valley reported on Monday."
    body = f"{first}\n\nThe meeting lasted an hour, and the ministers shook hands."
    plain = matching.match(an_article(body, headline="x", lead=first), [water()])
    below = matching.match(an_article(body, headline="x", lead="A dry spring."), [water()])
    assert plain[0].score == below[0].score
