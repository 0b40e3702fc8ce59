"""The verbs of working on a topic: measure it, explain it, try a term, back-test, judge again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.console import Json, Topic, opened, read_lines, say, settings

if TYPE_CHECKING:
    from crawler.topics import Topic as TopicRecord

commands = typer.Typer()

Id = Annotated[int, typer.Argument(help="An id, as search shows it.")]
Since = Annotated[str | None, typer.Option(help="A day (2026-11-23) or an age (7d, 12h).")]


@commands.command("eval")
def evaluate(
    labels: Annotated[Path, typer.Argument(help='Lines {"id","lang","title","text","<label>": true}.')],
    topic: Topic = None,
    as_json: Json = False,
) -> None:
    """Measure a topic on labelled texts: precision, recall, F1, and the errors with their proof."""
    from crawler import evaluation, topicreports

    lines = list(read_lines(labels))
    chosen = topicreports.judged_by(_topics(), topic, evaluation.judged_labels(lines))
    items = evaluation.read(lines, tuple(chosen.labels), str(labels))
    judged = [(item, topicreports.judge(item, chosen)) for item in items]
    report = topicreports.evaluation_row(evaluation.evaluate(judged), chosen)
    say(report, as_json, topicreports.evaluation_table)


@commands.command()
def explain(
    article: Id,
    as_json: Json = False,
    html: Annotated[Path | None, typer.Option(help="Write a page with the proof here.")] = None,
) -> None:
    """Why an article was flagged or was not: mentions, what was taken away, and a replay."""
    from crawler import explanation, topicreports

    with opened() as app:
        kept = app.archive.article(article)
        source = app.sources.get(kept.article.source)
        country = source.country if source else ""
        found = explanation.explain(kept, app.seeds.topics, country=country)
    if html is not None:
        from crawler import explanationpage

        html.write_text(explanationpage.page(kept, found, app.seeds.topics), encoding="utf-8")
        typer.echo(f"{html}: why article {article} was flagged or was not")
        return
    say(
        explanation.row(kept, found),
        as_json,
        lambda report: topicreports.explanation_text(kept, found),
    )


def _topics() -> dict[str, TopicRecord]:
    from crawler import app as apps

    return apps.load_seeds(settings().seeds).topics
