"""``rasd topic new``, ``rasd eval``, ``rasd judge``, ``rasd fit``: a topic proposed, how well it
judges, what an analyst says of it, and the points that follow.
"""

from __future__ import annotations

from crawler.views.evaluation.fitted import fit_row, fit_text
from crawler.views.evaluation.measured import (
    evaluated_archive,
    evaluation_row,
    evaluation_text,
    judged_articles,
    judged_topic,
    match_item,
    topic_of_labels,
)
from crawler.views.evaluation.proposed import next_steps, proposal_row, proposal_text
from crawler.views.evaluation.verdicts import analyst_verdict, topic_of_article

__all__ = [
    "analyst_verdict",
    "evaluated_archive",
    "evaluation_row",
    "evaluation_text",
    "fit_row",
    "fit_text",
    "judged_articles",
    "judged_topic",
    "match_item",
    "next_steps",
    "proposal_row",
    "proposal_text",
    "topic_of_article",
    "topic_of_labels",
]
