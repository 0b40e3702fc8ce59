"""Verdicts with proof, on the topic that ships and on small topics of the tests' own."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from crawler import matching, seeds
from crawler.seeds import Topic
from tests.builders import an_article
from tests.site import press

SHARED = Path(__file__).resolve().parents[2] / "shared"
WATER = {
    "lexicon/river.yml": "title: {en: river}\nterms: {en: [Tigris, {term: river, inflect: plural}], ar: [دجلة]}\ntraps: {en: [Tigris Hotel]}\n",
    "lexicon/dam.yml": "title: {en: dam}\nterms: {en: [{term: dam, inflect: plural}], ar: [سد]}\n",
    "topics/water.yml": "title: {en: Water}\nlabels:\n  dams: {title: {en: dams}, rule: 'concept:river NEAR/5 concept:dam'}\n",
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
    """The story the project began with is security; match, cell, list of states and obstacles are not."""
    found = matching.match_text(story.headline, "\n\n".join(story.paragraphs), topic)
    assert found.labels == story.labels


@pytest.mark.parametrize("evasion", ["tatweel", "zero-width", "harakat", "presentation"])
def test_evasion_is_folded_away(evasion: str, topic: Topic) -> None:
    """A flagged story is still flagged when its letters are disguised (P4, P5)."""
    text = "وقع وزيرا العدل في المغرب والعراق اتفاقية بشأن نقل المحكوم عليهم"
    disguised = {
        "tatweel": text.replace("غ", "غـ").replace("ع", "عـ"),
        "zero-width": text.replace("غ", "غ\u200d").replace("ر", "ر\u200b"),
        "harakat": text.replace("غ", "غْ").replace("ق", "قِ"),
        "presentation": text.replace("م", "ﻣ").replace("ع", "ﻋ"),
    }[evasion]
    assert matching.match_text("", disguised, topic).labels == ("bilateral", "security")


def test_no_false_alarm_on_real_articles_that_name_both(topic: Topic) -> None:
    """107 real articles of 2015 name both states; none is security cooperation. At most one slips."""
    path = SHARED / "data" / "text" / "both-dev.jsonl.gz"
    if not path.exists():
        pytest.skip("the shared articles are not on this machine")
    rows = [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]
    flagged = [r["title"] for r in rows if "security" in matching.match_text(r["title"], r["text"], topic).labels]
    assert len(flagged) <= 1, flagged


def test_the_version_changes_with_the_words() -> None:
    """A verdict names the rules it was made by."""
    other = WATER | {"lexicon/dam.yml": WATER["lexicon/dam.yml"].replace("سد", "خزان")}
    assert seeds.load(other, kinds=["feed"]).topics["water"].version != water().version
