"""How well a topic judges labelled texts, and the points that make it judge best.

::

    labelled texts ─► a topic's matches ─► measures                    (rasd eval)
                  └─► which lines hold ─► fitted points ─► a diff      (rasd fit)
"""

from __future__ import annotations

from crawler.evaluation.labelled import (
    LabelledItem,
    LabelsError,
    find_judged_labels,
    parse_labelled_items,
)
from crawler.evaluation.measures import (
    ALL,
    ConfusionMatrix,
    Disagreement,
    Evaluation,
    EvaluationRow,
    evaluate,
)
from crawler.evaluation.suggestions import Suggestion, suggest_words_against

__all__ = [
    "ALL",
    "ConfusionMatrix",
    "Disagreement",
    "Evaluation",
    "EvaluationRow",
    "LabelledItem",
    "LabelsError",
    "Suggestion",
    "evaluate",
    "find_judged_labels",
    "parse_labelled_items",
    "suggest_words_against",
]
