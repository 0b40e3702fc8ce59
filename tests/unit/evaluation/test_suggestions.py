"""What common words false alarms have is asked, not applied."""

from __future__ import annotations

from crawler import evaluation
from tests.unit.evaluation.judged import a_verdict, an_item


def test_a_word_common_to_false_alarms_is_asked_about() -> None:
    """The share among false alarms and elsewhere comes with the question; others' words are
    not.
    """
    alarms = [
        (an_item(n, f"The cup number{n} of the year", general=False), a_verdict("general"))
        for n in range(4)
    ]
    others = [
        (an_item(n, f"The visit number{n} of the year", general=True), a_verdict("general"))
        for n in range(10, 16)
    ]
    (found,) = evaluation.suggest_words_against([*alarms, *others], "general")
    assert str(found) == (
        "general: 'cup' stands in 4 of 4 false alarms and in 0 of 6 other texts: should it speak against the label?"
    )
    assert evaluation.suggest_words_against([*alarms[:2], *others], "general") == []
    assert evaluation.suggest_words_against([*alarms, *others[:3]], "general") == []
