"""A proposal is seed files that load, in which each guess is marked and counted."""

from __future__ import annotations

import re

import pytest

from crawler import seeds
from crawler.evaluation.drafts import TopicDraft, seed_files
from crawler.evaluation.proposal import Request, TooLittleError, compiled, propose_topic
from crawler.matching.matcher import failed_examples
from crawler.seeds.points import with_points
from tests.unit.evaluation.texts import an_item, on_dams, on_football

REQUEST = Request(slug="dams", title="Dams: \"full\" or 'empty'", label="dams")
LOOKALIKES = [
    an_item(f"roadblock-{n}", text, "en")
    for n, text in enumerate(
        (
            "Gendarmes at a roadblock found a lorry of cigarettes near the dam.",
            "A roadblock near the dam stopped two lorries; gendarmes arrested a man.",
            "The roadblock by the old dam was lifted, gendarmes said.",
        )
    )
]


def proposed(**changes: object) -> TopicDraft:
    """A proposal from fifteen texts on dams beside ninety on football."""
    return propose_topic(REQUEST, on_dams(), LOOKALIKES, on_football())


def test_the_files_load_and_their_examples_hold() -> None:
    """Also where a title has quotes and a colon in it."""
    draft = proposed()
    files = seed_files(draft)
    loaded = seeds.load(files, kinds=())
    topic = loaded.topics["dams"]
    assert failed_examples(topic) == [] and len(topic.examples) >= 10
    assert set(files) == {"topics/dams.yml", *(f"lexicon/{c.name}.yml" for c in draft.concepts)}
    assert next(iter(topic.title.values())) == REQUEST.title


def test_the_draft_flags_what_it_was_made_from_and_nothing_else() -> None:
    """Counts in it are those of its own rule."""
    draft = proposed()
    assert (draft.flagged, draft.passing) == (15, 15)
    assert draft.flagged_elsewhere <= len(LOOKALIKES)
    assert draft.rules[0].examples == 15 and draft.rules[0].elsewhere == draft.passing_elsewhere


def test_every_guess_is_marked_with_its_counts() -> None:
    """Each term, the rule, the start, each line of evidence."""
    files = seed_files(proposed())
    topic = files.pop("topics/dams.yml")
    for text in files.values():
        terms = [line for line in text.splitlines() if line.startswith("    - ")]
        assert terms and all(re.search(r"# guess: in \d+ of \d+ texts", line) for line in terms)
    guessed = [line for line in topic.splitlines() if re.match(r" +(rule|start|.*points):? ", line)]
    assert guessed and all("# guess: " in line for line in guessed)


def test_signs_are_kept_and_no_line_holds_nowhere() -> None:
    """What speaks for the label never takes points from it, whatever the counts say."""
    for line in proposed().evidence:
        assert (line.points <= 0) if line.against else (line.points >= 0)
        assert line.right or line.wrong


def test_what_only_looks_like_it_has_words_of_its_own() -> None:
    """Those that the examples don't have."""
    concepts = {concept.name: concept for concept in proposed().concepts}
    words = {term.text for term in concepts["dams-not"].terms}
    assert "roadblock" in words and "dam" not in words


def test_a_concept_of_the_lexicon_that_stands_out_is_named() -> None:
    """In a comment: whether it belongs into a rule is for a person to say."""
    files = {
        "lexicon/weir.yml": "title: {en: weirs}\nterms: {en: [dam, dams], fr: [barrage, barrages], ar: [سد]}\n",
        "lexicon/play.yml": "title: {en: play}\nterms: {en: [match], fr: [match], ar: [مباراة]}\n",
    }
    lexicon = seeds.load(files, kinds=()).concepts
    draft = propose_topic(REQUEST, on_dams(), [], on_football(), lexicon)
    assert [(one.name, one.examples, one.others) for one in draft.known] == [("weir", 15, 0)]
    assert "has concept:weir (15 of 15 examples" in seed_files(draft)["topics/dams.yml"]


def test_too_little_is_said() -> None:
    """How many examples there are, and how many a proposal takes; or that they share nothing."""
    with pytest.raises(TooLittleError, match="4 example texts; a proposal takes 5"):
        propose_topic(REQUEST, on_dams("en")[:4], [], on_football())
    apart = [an_item(f"x{n}", f"w{n}a w{n}b w{n}c", "en") for n in range(6)]
    with pytest.raises(TooLittleError, match="share no word that stands out"):
        propose_topic(REQUEST, apart, [], on_football())


def test_a_fitted_number_is_a_guess_no_more() -> None:
    """Its comment goes, every other stays."""
    draft = proposed()
    text = seed_files(draft)["topics/dams.yml"]
    line = compiled(draft).labels["dams"].evidence[0]
    path = ("labels", "dams", "speaks_for", line.name, "points")
    after = with_points("topics/dams.yml", text, {path: 99, ("labels", "dams", "holds_from"): 0})
    changed = [(a, b) for a, b in zip(text.splitlines(), after.splitlines(), strict=True) if a != b]
    ((before, now),) = changed
    assert "# guess" in before and "# guess" not in now and "points: 99" in now
