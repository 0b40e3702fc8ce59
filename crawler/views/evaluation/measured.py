"""``rasd eval``: how well a topic judges labelled texts and judged articles of an archive."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from rich.console import Group
from rich.table import Table
from rich.text import Text

from crawler import evaluation, matching
from crawler.errors import NotFoundError
from crawler.evaluation import (
    ConfusionMatrix,
    Disagreement,
    Evaluation,
    LabelledItem,
    Suggestion,
)
from crawler.matching import explanation
from crawler.matching.fields import Fields
from crawler.matching.topics import Topic
from crawler.model import ArchivedArticle, Match
from crawler.stories.copies import group
from crawler.views import fields, terminal
from crawler.views.arguments import one
from crawler.views.evaluation.verdicts import WANTED
from crawler.views.fields import JsonRow

if TYPE_CHECKING:
    from crawler.app import App


def topic_of_labels(
    topics: Mapping[str, Topic], name: str | None, labels: Collection[str]
) -> Topic:
    """The topic with this name; without a name, the only topic whose labels a file judges."""
    fitting = {slug: topic for slug, topic in topics.items() if set(labels) & set(topic.labels)}
    return one(topics if name or not fitting else fitting, name, "topic", "--topic")


def match_item(item: LabelledItem, topic: Topic) -> Match:
    """The topic's verdict on a labelled text."""
    return matching.match_text(item.title, item.text, topic, language=item.language)


def evaluated_archive(app: App, name: str | None) -> JsonRow:
    """Today's topic measured on the articles that analysts judged, with suggestions.

    Without a name, the only topic with verdicts. NotFoundError if there is no verdict.
    """
    topic = judged_topic(app, name)
    matcher = matching.get_matcher(topic)
    judged = [(item, matcher.match(found)) for item, found in judged_articles(app, topic)]
    found = [s for label in topic.labels for s in evaluation.suggest_words_against(judged, label)]
    return evaluation_row(evaluation.evaluate(judged), topic, found)


def judged_topic(app: App, name: str | None) -> Topic:
    """The topic with this name; without a name, the only one with verdicts. Raises NotFoundError
    if there is no verdict at all.
    """
    topics = app.seeds.topics
    if name is None:
        topics = {slug: topic for slug, topic in topics.items() if app.verdicts.latest(slug)}
        if not topics:
            raise NotFoundError("no article has been judged yet: rasd judge ID yes|no")
    return one(topics, name, "topic", "--topic")


def judged_articles(app: App, topic: Topic) -> list[tuple[LabelledItem, Fields]]:
    """The articles that analysts judged for a topic as labelled texts; copies of one text are one
    cluster. Raises NotFoundError if there is none.
    """
    truth: dict[int, dict[str, bool]] = {}
    for verdict in app.verdicts.latest(topic.slug):
        if verdict.label in topic.labels:
            truth.setdefault(verdict.article_id, {})[verdict.label] = WANTED[verdict.verdict]
    if not truth:
        raise NotFoundError(f"no article has been judged for {topic.slug} yet")
    stories = group([app.archive.article(article_id) for article_id in truth])
    return [
        _labelled(app, kept, truth[kept.id], f"story {story.lead.id}")
        for story in stories
        for kept in (story.lead, *story.copies)
    ]


def _labelled(
    app: App, kept: ArchivedArticle, truth: dict[str, bool], cluster: str
) -> tuple[LabelledItem, Fields]:
    """A stored article as a labelled text, and its fields."""
    source = app.sources.get(kept.article.source)
    item = LabelledItem(
        id=str(kept.id),
        title=kept.article.headline,
        text=kept.article.body or kept.article.lead,
        truth=truth,
        language=kept.article.language,
        cluster=cluster,
    )
    return item, matching.article_fields(kept.article, country=source.country if source else "")


def evaluation_row(done: Evaluation, topic: Topic, suggested: Sequence[Suggestion] = ()) -> JsonRow:
    """Counts and rates per label, language and difficulty; each error with its proof."""
    return {
        "topic": topic.slug,
        "version": topic.version,
        "items": done.items,
        "rows": [
            {"label": row.label, "language": row.language, "difficulty": row.difficulty}
            | counts_row(row.matrix)
            for row in done.rows
        ],
        "errors": [_error_row(error, topic) for error in done.errors],
        "suggestions": [str(one) for one in suggested],
    }


def counts_row(counts: ConfusionMatrix) -> JsonRow:
    """Right and wrong answers, and the rates that follow; null for a rate of nothing."""
    return {
        "items": counts.items,
        "true_positives": counts.true_positives,
        "false_positives": counts.false_positives,
        "false_negatives": counts.false_negatives,
        "precision": counts.precision,
        "recall": counts.recall,
        "f1": counts.f1,
    }


def _error_row(error: Disagreement, topic: Topic) -> JsonRow:
    item = error.item
    found = matching.text_fields(item.title, item.text, language=item.language)
    missed = None if error.flagged else error.label
    return {
        "id": item.id,
        "label": error.label,
        "wanted": not error.flagged,
        "language": item.language,
        "difficulty": item.difficulty,
        "tag": item.tag,
        "title": item.title,
        "verdict": fields.verdict_row(
            explanation.with_evidence(error.verdict, found, topic, missed), found.texts
        ),
    }


def evaluation_text(report: JsonRow) -> Group:
    """``evaluation_row`` for a terminal: the table, then each error with its proof."""
    head = Text(f"{report['topic']} {report['version']}: {report['items']} items")
    parts: list[Text | Table] = [head, _counts_table(report["rows"])]
    for row in report["errors"]:
        parts += [Text(), *_error_lines(row)]
    parts += [Text(), *(Text(line, style="cyan") for line in report["suggestions"])]
    return Group(*parts)


def _counts_table(rows: Sequence[JsonRow]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0))
    for name in ("label", "language", "difficulty"):
        table.add_column(name, no_wrap=True)
    for name in ("items", "right", "wrong", "missed", "precision", "recall", "F1"):
        table.add_column(name, justify="right", no_wrap=True)
    for r in rows:
        total = r["language"] == r["difficulty"] == evaluation.ALL
        counts = (r["items"], r["true_positives"], r["false_positives"], r["false_negatives"])
        rates = (_rate(r["precision"]), _rate(r["recall"]), _rate(r["f1"]))
        names = (r["label"], r["language"], r["difficulty"])
        table.add_row(*names, *map(str, counts), *rates, style="bold" if total else "")
    return table


def _error_lines(row: JsonRow) -> list[Text]:
    verdict = row["verdict"]
    score = verdict["score"].get(row["label"], 0.0)
    what = f"{'MISSED' if row['wanted'] else 'FALSE ALARM'} {row['label']} {score:.2f}"
    facts = " · ".join(filter(None, (row["language"], row["difficulty"], row["tag"])))
    nothing = Text("  nothing that the rules look for stands here", style="dim")
    return [
        Text.assemble((what, "bold red"), f"  {row['id']}  ", (facts, "dim")),
        Text(f"  {row['title'] or '(no title)'}", style="bold"),
        *terminal.evidence_lines(e for e in verdict["evidence"] if e["label"] == row["label"]),
        *(terminal.concept_lines(verdict["mentions"]) or [nothing]),
        *terminal.taken_away_lines(verdict["taken_away"]),
    ]


def _rate(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
