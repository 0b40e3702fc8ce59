"""What ``rasd eval`` and ``rasd judge`` say: plain data first (that is ``--json``), then a terminal's."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from rich.console import Group
from rich.table import Table
from rich.text import Text

from crawler import matching
from crawler.errors import NotFoundError
from crawler.matching import evaluation, explanation
from crawler.matching.evaluation import Disagreement, Evaluation, LabelledItem, Suggestion
from crawler.matching.explanation import JsonObject
from crawler.matching.topics import Topic
from crawler.model import ArchivedArticle, Match, Verdict, VerdictName
from crawler.views.fields import UsageError, one

if TYPE_CHECKING:
    from crawler.app import App


def judged_by(topics: Mapping[str, Topic], name: str | None, labels: Collection[str]) -> Topic:
    """The topic of this name; without one, the only topic whose labels a file judges."""
    fitting = {slug: topic for slug, topic in topics.items() if set(labels) & set(topic.labels)}
    return one(topics if name or not fitting else fitting, name, "topic", "--topic")


def judge(item: LabelledItem, topic: Topic) -> Match:
    """The topic's verdict on a labelled item."""
    return matching.match_text(item.title, item.text, topic, language=item.language)


def evaluation_row(
    done: Evaluation, topic: Topic, suggested: Sequence[Suggestion] = ()
) -> JsonObject:
    """``rasd eval --json``."""
    return {
        "topic": topic.slug,
        "version": topic.version,
        "items": done.items,
        "rows": [
            {
                "label": r.label,
                "language": r.language,
                "difficulty": r.difficulty,
                "items": r.matrix.items,
                "true_positives": r.matrix.true_positives,
                "false_positives": r.matrix.false_positives,
                "false_negatives": r.matrix.false_negatives,
                "precision": r.matrix.precision,
                "recall": r.matrix.recall,
                "f1": r.matrix.f1,
            }
            for r in done.rows
        ],
        "errors": [_error_row(error, topic) for error in done.errors],
        "suggestions": [str(s) for s in suggested],
    }


def _error_row(error: Disagreement, topic: Topic) -> JsonObject:
    item = error.item
    fields = matching.text_fields(item.title, item.text, language=item.language)
    shown = explanation.with_evidence(
        error.verdict, fields, topic, None if error.flagged else error.label
    )
    return {
        "id": item.id,
        "label": error.label,
        "wanted": not error.flagged,
        "language": item.language,
        "difficulty": item.difficulty,
        "tag": item.tag,
        "title": item.title,
        "verdict": explanation.verdict_row(shown, fields.texts),
    }


def evaluation_table(report: JsonObject) -> Group:
    """``rasd eval`` for a terminal: the table, then each error with its proof."""
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0))
    for name in ("label", "language", "difficulty"):
        table.add_column(name, no_wrap=True)
    for name in ("items", "right", "wrong", "missed", "precision", "recall", "F1"):
        table.add_column(name, justify="right", no_wrap=True)
    for r in report["rows"]:
        total = r["language"] == r["difficulty"] == evaluation.ALL
        counts = (r["items"], r["true_positives"], r["false_positives"], r["false_negatives"])
        rates = (_rate(r["precision"]), _rate(r["recall"]), _rate(r["f1"]))
        names = (r["label"], r["language"], r["difficulty"])
        table.add_row(*names, *map(str, counts), *rates, style="bold" if total else "")
    parts: list[Text | Table] = [
        Text(f"{report['topic']} {report['version']}: {report['items']} items"),
        table,
    ]
    for row in report["errors"]:
        parts += [Text(), *_error_lines(row)]
    parts += [Text(), *(Text(line, style="cyan") for line in report["suggestions"])]
    return Group(*parts)


def _error_lines(row: JsonObject) -> list[Text]:
    verdict = row["verdict"]
    what = "MISSED" if row["wanted"] else "FALSE ALARM"
    facts = " · ".join(filter(None, (row["language"], row["difficulty"], row["tag"])))
    score = verdict["score"].get(row["label"], 0.0)
    lines = [
        Text.assemble(
            (f"{what} {row['label']} {score:.2f}", "bold red"), f"  {row['id']}  ", (facts, "dim")
        ),
        Text(f"  {row['title'] or '(no title)'}", style="bold"),
    ]
    found: dict[str, list[str]] = {}
    for m in verdict["mentions"]:
        found.setdefault(m["concept"] or "words", []).append(m["text"])
    lines += [
        Text(f"  {name}: {' · '.join(dict.fromkeys(words))}") for name, words in found.items()
    ]
    if not found:
        lines.append(Text("  nothing that the rules look for stands here", style="dim"))
    away = dict.fromkeys((m["text"], m["reason"]) for m in verdict["taken_away"])
    lines += [Text(f"  taken away: {text} ({reason})", style="dim") for text, reason in away]
    return lines


def _rate(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


SAID: dict[VerdictName, bool] = {"relevant": True, "missed": True, "not": False}


def judged_topic(kept: ArchivedArticle, topics: Mapping[str, Topic], name: str | None) -> Topic:
    """The topic a verdict is about: the named one, the only one that matched, or the only one there is."""
    matched = {m.topic: topics[m.topic] for m in kept.matches if m.topic in topics}
    return one(topics if name or not matched else matched, name, "topic", "--topic")


def said(
    kept: ArchivedArticle,
    topic: Topic,
    verdict: str,
    *,
    label: str | None,
    by: str,
    note: str,
    now: datetime,
) -> Verdict:
    """An analyst's verdict, about the label named or the one under which the article stands.

    ``relevant`` and ``not`` speak of the most special label held, else of the doubtful one;
    ``missed`` of the first label that the topic did not give. UsageError for what makes no sense.
    """
    name = next((known for known in SAID if known == verdict), None)
    if name is None:
        raise UsageError(f"{verdict!r} is no verdict; say {', '.join(SAID)}")
    if label is not None and label not in topic.labels:
        raise UsageError(f"{topic.slug} has no label {label!r}; it has {', '.join(topic.labels)}")
    match = next((m for m in kept.matches if m.topic == topic.slug), None)
    held = match.labels if match else ()
    if label is None and name == "missed":
        label = next((known for known in topic.labels if known not in held), None)
    elif label is None:
        label = (*topic.labels, *(match.doubtful if match else ()), *held)[-1]
        if match is None:
            raise UsageError(
                f"{topic.slug} did not flag {kept.id}: nothing to call {name}; say missed, or --label"
            )
    if label is None or (name == "missed" and label in held):
        raise UsageError(f"{topic.slug} gave {kept.id} {', '.join(held)}: it was not missed")
    version = match.version if match else ""
    return Verdict(
        article_id=kept.id, topic=topic.slug, label=label, verdict=name, said_by=by, note=note,
        version=version, said_at=now,
    )  # fmt: skip


def evaluated_archive(app: App, name: str | None) -> JsonObject:
    """``rasd eval --from-archive``: today's topic against what analysts said, with suggestions."""
    topics = app.seeds.topics
    if name is None:
        judged_topics = {slug: topic for slug, topic in topics.items() if app.verdicts.latest(slug)}
        if not judged_topics:
            raise NotFoundError(
                "nobody has judged an article yet: rasd judge ID relevant|not|missed"
            )
        topics = judged_topics
    topic = one(topics, name, "topic", "--topic")
    truth: dict[int, dict[str, bool]] = {}
    for verdict in app.verdicts.latest(topic.slug):
        if verdict.label in topic.labels:
            truth.setdefault(verdict.article_id, {})[verdict.label] = SAID[verdict.verdict]
    if not truth:
        raise NotFoundError(f"nobody has judged an article for {topic.slug} yet")
    judged = []
    for article_id, labels in truth.items():
        kept = app.archive.article(article_id)
        source = app.sources.get(kept.article.source)
        fields = matching.article_fields(kept.article, country=source.country if source else "")
        item = LabelledItem(
            id=str(article_id), title=kept.article.headline, text=kept.article.body or kept.article.lead,
            truth=labels, language=kept.article.language,
        )  # fmt: skip
        judged.append((item, matching.get_matcher(topic).match(fields)))
    asked = [s for label in topic.labels for s in evaluation.suggest_noise_words(judged, label)]
    return evaluation_row(evaluation.evaluate(judged), topic, asked)
