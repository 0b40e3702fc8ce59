"""The sentences of a digest that prove a match, quoted from the original text."""

from __future__ import annotations

from crawler.digest import proofs
from crawler.digest.records import Segment
from crawler.model import FieldName, Mention
from tests.builders import kept


def a_mention(text: str, word: str, concept: str = "c", field: FieldName = "body") -> Mention:
    """The first place of the word in this text."""
    at = text.index(word)
    return Mention(field=field, start=at, end=at + len(word), concept=concept, term=word, text=word)


def written(segments: tuple[Segment, ...]) -> str:
    """A quoted sentence with its marked pieces in brackets."""
    return "".join(f"[{s.text}]" if s.marked else s.text for s in segments)


def test_a_sentence_of_the_summary_says_that_the_page_does_not_show_it() -> None:
    """The note stands before it, unmarked; sentences of the text have none."""
    said = "The dam will be raised by two metres, the ministry announced on Monday."
    story = kept(1, "The dam was built a century ago.", lead="", summary=said)
    there = a_mention(story.article.body, "dam")
    beside = a_mention(said, "dam", field="summary")
    plain, noted = proofs.proofs(story, [there, beside], unshown="summary")
    assert not plain[0].text.startswith("[") and not plain[0].marked
    assert (noted[0].text, noted[0].marked) == ("[summary] ", False)


def test_sentences_with_more_concepts_come_first() -> None:
    """At most two, each with its mentions marked; what lies between is left out."""
    body = "The river rose. The dam held. The river broke the dam. The dam again."
    ends = [
        a_mention(body, "river", "river"), a_mention(body, "dam held", "dam"),
        a_mention(body, "river broke", "river"), a_mention(body, "the dam.", "dam"),
    ]  # fmt: skip
    found = proofs.proofs(kept(1, body, lead=""), ends)
    assert [written(one).strip() for one in found] == [
        "The [river broke] [the dam.]", "The [river] rose."
    ]  # fmt: skip


def test_a_mention_of_the_headline_alone_proves_no_sentence() -> None:
    """The headline is shown anyway."""
    assert proofs.proofs(kept(1, "Words."), [a_mention("Dam", "Dam", field="headline")]) == ()


def test_a_long_sentence_is_cut_around_its_mentions() -> None:
    """Between words, with dots where something was left out, and no longer than it may be."""
    body = "before " * 200 + "dam " + "after " * 200
    (found,) = proofs.proofs(kept(1, body, lead=""), [a_mention(body, "dam")])
    text = written(found)
    assert text.startswith("… before ") and text.endswith(" after …")
    assert "[dam]" in text and len(text) <= proofs.MAX_PROOF_CHARS + len("…[] …") + len("before ")


def test_mentions_that_overlap_are_marked_once() -> None:
    """The first and longest is marked; no letter is lost or doubled."""
    body = "The great dam held."
    overlapping = [a_mention(body, "dam"), a_mention(body, "great dam")]
    (found,) = proofs.proofs(kept(1, body, lead=""), overlapping)
    assert written(found) == "The [great dam] held."


def test_no_sentence_is_quoted_twice() -> None:
    """Neither the standfirst that the text repeats, nor a summary that was cut off."""
    sentence = "Rabat et Bagdad signent un accord de sécurité."
    other = "Le ministre irakien est attendu au Maroc."
    article = kept(
        1,
        f"{sentence} {other}",
        lead=sentence.replace("sécurité.", "sécurité !"),
        summary="Rabat et Bagdad signent un accord",
    )
    mentions = [
        *(a_mention(article.article.body, word, word) for word in ("Rabat", "Bagdad", "Maroc")),
        *(a_mention(article.article.lead, word, word, "lead") for word in ("Rabat", "Bagdad")),
        *(
            a_mention(article.article.summary, word, word, "summary")
            for word in ("Rabat", "Bagdad")
        ),
    ]
    assert [written(proof) for proof in proofs.proofs(article, mentions)] == [
        "[Rabat] et [Bagdad] signent un accord de sécurité.",
        "Le ministre irakien est attendu au [Maroc].",
    ]
