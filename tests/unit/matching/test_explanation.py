"""Why a text was flagged: every mention in its sentence, a replay, a page for
readers.
"""

from __future__ import annotations

import json
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from crawler import matching
from crawler.matching import explanation
from crawler.matching.topics import Topic
from crawler.model import ArchivedArticle, Mention
from crawler.views import explanation_html
from crawler.views.explanation import explanation_row
from tests.builders import NOW, an_article
from tests.examples import examples

LANGUAGES = ("ar", "fr", "en")


def judged(topic: Topic, n: int = 0, **changes: str) -> ArchivedArticle:
    """An example of the topic, judged by it."""
    text = [e.text for e in topic.examples if len(e.labels) > 1][n]
    article = an_article(text, **{"headline": "", "language": "ar"} | changes)
    return ArchivedArticle(
        id=7, article=article, matches=matching.match(article, [topic]), kept_at=NOW
    )


def test_an_older_verdict_says_so(topic: Topic) -> None:
    """The reader learns that it is old, and what today's topic says."""
    kept = judged(topic)
    old = replace(kept, matches=(replace(kept.matches[0], version="old", labels=()),))
    (one,) = explanation.explain(old, {topic.slug: topic})
    assert one.state == "older" and one.today is not None and one.today.labels
    assert topic.version in explanation_html.page(old, [one], {topic.slug: topic})
    (gone,) = explanation.explain(kept, {})
    assert (gone.state, gone.today) == ("gone", None)
    (would,) = explanation.explain(replace(kept, matches=()), {topic.slug: topic})
    assert would.state == "would"
    changed = replace(kept.matches[0], score=dict.fromkeys(kept.matches[0].score, 0.51))
    (differs,) = explanation.explain(replace(kept, matches=(changed,)), {topic.slug: topic})
    assert differs.state == "differs"


def test_what_was_not_flagged_shows_what_was_found_all_the_same(topic: Topic) -> None:
    """A miss can be understood: the words that stood there, and what was taken away with its
    reason.
    """
    misses = [e.text for e in topic.examples if not e.labels]
    found = 0
    for text in misses:
        fields = matching.text_fields("", text)
        bare = matching.match_text("", text, topic)
        shown = explanation.with_evidence(bare, fields, topic)
        assert shown.labels == () and all(m.reason for m in shown.taken_away)
        found += bool(shown.mentions or shown.taken_away)
    assert found == len(misses)


def test_each_mention_stands_in_its_sentence(topic: Topic) -> None:
    """Field, start, end, term and concept of each, and offsets that lead back to the stored
    text.
    """
    kept = judged(topic)
    row = explanation_row(kept, explanation.explain(kept, {topic.slug: topic}))
    (verdict,) = row["verdicts"]
    assert verdict["mentions"]
    for m in verdict["mentions"]:
        assert kept.article.body[m["start"] : m["end"]] == m["text"]
        assert m["text"] in m["sentence"] and m["term"] and m["concept"]


@given(
    st.text("ab .\n", max_size=40),
    st.lists(st.tuples(st.integers(0, 40), st.integers(1, 8)), max_size=5),
)
@settings(max_examples=examples(60))
def test_pieces_are_the_text(text: str, spans: list[tuple[int, int]]) -> None:
    """Nothing is lost or doubled where marks overlap, and each piece knows all its mentions."""
    mentions = [
        Mention(field="body", start=s, end=s + n, concept="c", term="t", text="") for s, n in spans
    ]
    pieces = explanation.split_at_mentions(text, 0, mentions)
    assert "".join(piece for piece, _ in pieces) == text
    at = 0
    for piece, held in pieces:
        for m in mentions:
            assert (m in held) == (m.start <= at and at + len(piece) <= m.end)
        at += len(piece)


def test_json_is_one_document(topic: Topic) -> None:
    """What ``--json`` prints can be read back and holds the topic's version."""
    kept = judged(topic)
    row = explanation_row(kept, explanation.explain(kept, {topic.slug: topic}))
    assert json.loads(json.dumps(row, ensure_ascii=False)) == row
    assert (
        row["verdicts"][0]["version"] == topic.version
        and row["verdicts"][0]["replay"] == "reproduced"
    )
