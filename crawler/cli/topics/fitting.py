"""``rasd fit``: the points of a topic's evidence, fitted to judged texts."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from crawler import evaluation, matching
from crawler.cli import output
from crawler.cli.context import (
    Json,
    load_seeds,
    new_commands,
    opened,
    print_result,
    read_lines,
    settings,
)
from crawler.cli.progress import progress, working
from crawler.cli.topics.texts import read_texts
from crawler.errors import InvalidFileError
from crawler.evaluation import LabelledItem, fitting
from crawler.evaluation.observations import (
    Observation,
    observe,
    observe_background,
    observe_examples,
)
from crawler.matching.topics import Topic
from crawler.seeds import folder
from crawler.seeds.points import with_points
from crawler.seeds.schema import KeyPath
from crawler.views import arguments
from crawler.views import evaluation as evaluation_view

COPY_FIRST = "copy the seeds folder and choose the copy: rasd --seeds FOLDER fit …"

commands = new_commands()


@commands.command()
def fit(
    topic: Annotated[str, typer.Argument(help="A topic of the seeds.")],
    labels: Annotated[
        list[Path] | None,
        typer.Argument(help='Files of {"id","lang","title","text","cluster","<label>": true}.'),
    ] = None,
    archive: Annotated[
        bool, typer.Option("--archive", help="Fit to what rasd judge has stored, too.")
    ] = False,
    background: Annotated[
        list[Path] | None,
        typer.Option(help='Texts that have no label, {"title","text"} a line; may be .gz.'),
    ] = None,
    background_weight: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="A background text's share in the fit.")
    ] = fitting.BACKGROUND_WEIGHT,
    precision: Annotated[
        float, typer.Option(min=0.5, max=1.0, help="What each label's threshold aims at.")
    ] = fitting.PRECISION,
    penalty: Annotated[
        float, typer.Option(min=0.001, help="Of large points; more makes them smaller.")
    ] = fitting.PENALTY,
    write: Annotated[
        bool, typer.Option("--write", help="Write the points into the topic's file.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Fit a topic's points to judged texts.

    Prints how good the points are on texts that they were not fitted to, what each line of evidence
    is worth, which errors remain, and the change of the topic's file. Comments stay. What analysts
    judged in the archive only proposes: --write has to be asked for.
    """

    chosen = arguments.one(load_seeds().topics, topic, "topic", "TOPIC")
    name = f"topics/{chosen.slug}.yml"
    if not any(label.evidence for label in chosen.labels.values()):
        said = "no label has evidence to fit: write speaks_for: or speaks_against: under one"
        raise InvalidFileError(f"{name}:1: {said}")
    if not labels and not archive:
        raise typer.BadParameter("give files of labelled lines, or --archive")
    observed = _observed(labels or (), chosen, archive=archive)
    fitted = _fit(
        chosen, observed, background or (), background_weight, precision=precision, penalty=penalty
    )
    path = folder.find_seeds_folder(settings().seeds) / name
    before = path.read_bytes().decode("utf-8")  # with its own ends of lines
    after = with_points(name, before, _values(fitted))
    old, new = (text.splitlines(keepends=True) for text in (before, after))
    diff = list(difflib.unified_diff(old, new, name, name, n=1))
    if write and diff:
        output.write_file(path, after, advice=COPY_FIRST)
    report = evaluation_view.fit_row(chosen, fitted, diff, str(path) if write and diff else None)
    print_result(report, as_json, evaluation_view.fit_text)


def _observed(files: Sequence[Path], topic: Topic, *, archive: bool) -> list[Observation]:
    """What the labelled texts of these files show, and what was judged in the archive."""
    observed = list(progress(_observed_files(files, topic), "texts read"))
    if archive:
        with opened(last_good=False) as app:
            observed += observe(evaluation_view.judged_articles(app, topic), topic)
    return observed


def _fit(
    topic: Topic,
    observed: Sequence[Observation],
    background: Sequence[Path],
    background_weight: float,
    *,
    precision: float,
    penalty: float,
) -> tuple[fitting.FittedLabel, ...]:
    """The topic's labels, fitted to these texts; InvalidFileError if they are too few."""
    behind = [one for path in background for one in read_texts(path)]
    unlabelled = observe_background(_with_fields(behind), topic, background_weight)
    try:
        with working("fitting"):
            return fitting.fit_topic(
                topic,
                list(observed),
                list(unlabelled),
                list(observe_examples(topic)),
                precision=precision,
                penalty=penalty,
            )
    except fitting.TooFewError as error:
        raise InvalidFileError(str(error)) from error


def _observed_files(paths: Sequence[Path], topic: Topic) -> Iterator[Observation]:
    for path in paths:
        items = evaluation.parse_labelled_items(read_lines(path), tuple(topic.labels), str(path))
        yield from observe(_with_fields(items), topic)


def _with_fields(
    items: Sequence[LabelledItem],
) -> Iterator[tuple[LabelledItem, matching.Fields]]:
    for item in items:
        yield item, matching.text_fields(item.title, item.text, language=item.language)


def _values(fitted: Sequence[fitting.FittedLabel]) -> Mapping[KeyPath, int]:
    """The numbers to write, by the path of their key in the topic's file."""
    values: dict[KeyPath, int] = {}
    for label in fitted:
        at = ("labels", label.label)
        values |= {
            (*at, "start"): label.start,
            (*at, "holds_from"): label.holds_from,
            (*at, "doubtful_from"): label.doubtful_from,
        }
        for line in label.lines:
            side = "speaks_against" if line.against else "speaks_for"
            values[(*at, side, line.name, "points")] = line.points
    return values
