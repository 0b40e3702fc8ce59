"""``rasd fit``: new points, how good they are, what each line is worth, what remains. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from crawler.evaluation import ALL, ConfusionMatrix
from crawler.evaluation.fitting import (
    FittedLabel,
    FittedLine,
    Judged,
    f1_interval,
    interval,
)
from crawler.matching.topics import Topic
from crawler.views import terminal
from crawler.views.evaluation.measured import counts_row
from crawler.views.fields import JsonRow

MAX_TITLE = 90  # characters of a text's title in the list of errors


def fit_row(
    topic: Topic, fitted: Sequence[FittedLabel], diff: Sequence[str], written: str | None
) -> JsonRow:
    """The fit as data; ``diff`` is the change of the topic's file, ``written`` its path if it was
    made.
    """
    return {
        "topic": topic.slug,
        "labels": [_label_row(one) for one in fitted],
        "diff": "".join(diff),
        "written": written,
    }


def _label_row(fitted: FittedLabel) -> JsonRow:
    languages = sorted({one.observation.language for one in fitted.judged})
    return {
        "label": fitted.label,
        "start": fitted.start,
        "holds_from": fitted.holds_from,
        "doubtful_from": fitted.doubtful_from,
        "lines": [_line_row(line) for line in fitted.lines],
        "strike": [line.name for line in fitted.lines if not line.points],
        "measured": [
            _measured_row(language, fitted.matrix(language)) for language in (ALL, *languages)
        ],
        "background": fitted.background,
        "background_flagged": [_judged_row(one) for one in fitted.background_flagged],
        "examples": len(fitted.examples),
        "example_errors": [
            _judged_row(one) for one in fitted.examples if one.flagged != one.wanted
        ],
        "errors": [_judged_row(one) for one in fitted.judged if one.flagged != one.wanted],
    }


def _line_row(line: FittedLine) -> JsonRow:
    return {
        "name": line.name,
        "against": line.against,
        "points": line.points,
        "before": line.before,
        "right": line.right,
        "wrong": line.wrong,
        "gain": line.gain,
    }


def _measured_row(language: str, counts: ConfusionMatrix) -> JsonRow:
    right = counts.true_positives
    return {
        "language": language,
        **counts_row(counts),
        "precision_interval": interval(right, right + counts.false_positives),
        "recall_interval": interval(right, right + counts.false_negatives),
        "f1_interval": f1_interval(counts),
    }


def _judged_row(one: Judged) -> JsonRow:
    return {
        "id": one.observation.id,
        "title": one.observation.title,
        "language": one.observation.language,
        "wanted": one.wanted,
        "points": one.points,
    }


# ── for a terminal ────────────────────────────────────────────────────────────────────────────


def fit_text(report: JsonRow) -> Group:
    """``fit_row`` for a terminal: per label the measurements, the lines, the errors; the diff."""
    parts: list[RenderableType] = []
    for label in report["labels"]:
        parts += [*_label_parts(label), Text()]
    changed = report["diff"]
    # a diff that is wrapped is none
    parts.append(
        Text(changed, no_wrap=True, overflow="ignore")
        if changed
        else Text("the file has these points already")
    )
    if changed and report["written"]:
        parts.append(Text(f"written to {report['written']}; rasd seeds check tries its examples"))
    elif changed:
        parts.append(Text("nothing is written: --write changes the file", style="dim"))
    return Group(*parts)


def _label_parts(label: JsonRow) -> Iterator[RenderableType]:
    yield Text(
        f"{label['label']}: starts from {label['start']}, holds from {label['holds_from']}, "
        f"doubtful from {label['doubtful_from']}",
        style="bold",
    )
    yield Text("cross-validated by event; in brackets where 95 of 100 such sets would lie")
    yield _measured_table(label["measured"])
    flagged = label["background_flagged"]
    yield Text(f"background: {len(flagged)} of {label['background']} that pass the rule flagged")
    yield from (_error_line(one, "FALSE ALARM") for one in flagged)
    wrong = label["example_errors"]
    yield Text(f"the topic's own examples: {label['examples'] - len(wrong)} of {label['examples']}")
    yield from (_error_line(one, "MISSED" if one["wanted"] else "FALSE ALARM") for one in wrong)
    yield Text()
    yield _lines_table(label["lines"])
    if label["strike"]:
        yield Text(f"matters nothing, to be struck: {'; '.join(label['strike'])}", style="cyan")
    yield Text()
    for one in label["errors"]:
        yield _error_line(one, "MISSED" if one["wanted"] else "FALSE ALARM")


def _measured_table(rows: Iterable[JsonRow]) -> Table:
    table = terminal.bare_table(
        "language", "items", "right", "wrong", "missed", "precision", "recall", "F1",
        right=("items", "right", "wrong", "missed"),
    )  # fmt: skip
    for row in rows:
        names = ("items", "true_positives", "false_positives", "false_negatives")
        rates = (_rate(row, name) for name in ("precision", "recall", "f1"))
        table.add_row(row["language"] or "unknown", *(str(row[name]) for name in names), *rates)
    return table


def _rate(row: JsonRow, name: str) -> str:
    if row[name] is None:
        return "–"
    low, high = row[f"{name}_interval"]
    return f"{row[name]:.3f} ({low:.2f}–{high:.2f})"


def _lines_table(rows: Iterable[JsonRow]) -> Table:
    table = terminal.bare_table(
        "points", "before", "in right", "in wrong", "bits saved", "line",
        right=("points", "before", "in right", "in wrong", "bits saved"),
    )  # fmt: skip
    for row in sorted(rows, key=lambda row: -row["gain"]):
        numbers = (f"{row['points']:+d}", f"{row['before']:+d}", row["right"], row["wrong"])
        table.add_row(*map(str, numbers), f"{row['gain']:.1f}", row["name"])
    return table


def _error_line(row: JsonRow, what: str) -> Text:
    points = "rule does not hold" if row["points"] is None else f"{row['points']:+d}"
    return Text.assemble(
        (f"{what} ", "red"), f"{row['id']}  ", (f"{points}  ", "dim"), row["title"][:MAX_TITLE]
    )
