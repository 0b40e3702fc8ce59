"""How well a topic judges: labelled texts and verdicts in, tables and errors out. Pure.

Precision is the share of what was flagged that is right, recall the share of what is right that was
flagged, F1 their harmonic mean; a value whose denominator is 0 is None, never a flattering 1. Truth
may be partial: an item counts for the labels that someone judged, and for no other.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from crawler.errors import RasdError
from crawler.languages import fold
from crawler.model import Language, Match

ALL = "all"
_TEXTS = ("id", "lang", "title", "text", "difficulty", "tag", "cluster")


class LabelsError(RasdError, ValueError):
    """A file of labelled items says something that is not understood."""

    exit_code = 65

    def __init__(self, *problems: str) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A text and what a person says of it. ``truth`` holds the labels that were judged."""

    id: str
    title: str
    text: str
    truth: dict[str, bool]
    language: Language = ""
    difficulty: str = ""
    tag: str = ""  # the trap it is, in a word
    cluster: str = ""  # rewrites of one event share it


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfusionMatrix:
    """Right and wrong answers to one question, counted."""

    true_positives: int = 0
    false_positives: int = 0
    false_negatives: int = 0
    true_negatives: int = 0

    def plus(self, flagged: bool, wanted: bool) -> ConfusionMatrix:
        """One more answer."""
        name = (
            f"{'true' if flagged == wanted else 'false'}_{'positives' if flagged else 'negatives'}"
        )
        return replace(self, **{name: getattr(self, name) + 1})

    @property
    def items(self) -> int:
        """How many answers."""
        wrong = self.false_positives + self.false_negatives
        return self.true_positives + self.true_negatives + wrong

    @property
    def precision(self) -> float | None:
        """The share of what was flagged that is right."""
        return _share(self.true_positives, self.false_positives)

    @property
    def recall(self) -> float | None:
        """The share of what is right that was flagged."""
        return _share(self.true_positives, self.false_negatives)

    @property
    def f1(self) -> float | None:
        """The harmonic mean of the two."""
        return _share(2 * self.true_positives, self.false_positives + self.false_negatives)


def _share(part: int, rest: int) -> float | None:
    return round(part / (part + rest), 4) if part + rest else None


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationRow:
    """One line of the table; ``all`` stands for every language or every difficulty."""

    label: str
    language: str
    difficulty: str
    tally: ConfusionMatrix


@dataclass(frozen=True, slots=True, kw_only=True)
class Error:
    """A verdict that is not what a person says, with the verdict."""

    item: Labelled
    label: str
    flagged: bool
    verdict: Match


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """What came of judging labelled items: the table's rows and the errors, in the items' order."""

    items: int
    rows: tuple[EvaluationRow, ...]
    errors: tuple[Error, ...]


def read_labelled(lines: Iterable[str], labels: Sequence[str], where: str) -> list[Labelled]:
    """The labelled items of JSON lines, for a topic with these labels; empty lines are skipped.

    LabelsError lists every line that is no item, as ``file:line``: what was found, what was meant.
    """
    items: list[Labelled] = []
    problems: list[str] = []
    seen: dict[str, int] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            item = _item(line, labels)
            if item.id in seen:
                raise ValueError(f"the id {item.id!r} stands already in line {seen[item.id]}")
            seen[item.id] = number
            items.append(item)
        except ValueError as error:
            problems.append(f"{where}:{number}: {error}")
    if not items and not problems:
        problems.append(f"{where}:1: no labelled item in the whole file")
    if problems:
        raise LabelsError(*problems)
    return items


def judged_labels(lines: Iterable[str]) -> frozenset[str]:
    """The names that any line says true or false of; lines that are no items say nothing."""
    names: set[str] = set()
    for line in lines:
        try:
            row = json.loads(line)
        except ValueError:
            continue
        if isinstance(row, dict):
            names |= {name for name, value in row.items() if isinstance(value, bool)}
    return frozenset(names)


def _item(line: str, labels: Sequence[str]) -> Labelled:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise ValueError(f"not JSON: {error}") from error
    if not isinstance(row, dict):
        raise ValueError('not a JSON object with "id", "title", "text" and labels')
    known = {name: _text(row, name) for name in _TEXTS}
    if not known["id"]:
        raise ValueError('the key "id" is missing')
    if not known["title"] and not known["text"]:
        raise ValueError('neither "title" nor "text" says anything')
    truth = {name: _truth(name, row[name]) for name in labels if name in row}
    if not truth:
        bools = [name for name, value in row.items() if isinstance(value, bool)]
        held = f"it has {', '.join(bools)}" if bools else "it has no true or false at all"
        raise ValueError(f"none of the topic's labels ({', '.join(labels)}) is judged here; {held}")
    language = known.pop("lang")
    return Labelled(truth=truth, language=language, **known)


def _text(row: dict[str, Any], name: str) -> str:
    value = row.get(name)
    if value is None:
        return ""
    if isinstance(value, str | int) and not isinstance(value, bool):
        return str(value)
    raise ValueError(f'"{name}" is {value!r}, not text')


def _truth(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f'the label "{name}" is {value!r}, neither true nor false')
    return value


def evaluate(judged: Iterable[tuple[Labelled, Match]]) -> Evaluation:
    """Tallies per label × language × difficulty with their sums, and every error."""
    tallies: dict[tuple[str, str, str], ConfusionMatrix] = {}
    errors: list[Error] = []
    count = 0
    for item, verdict in judged:
        count += 1
        for label, wanted in item.truth.items():
            flagged = label in verdict.labels
            for key in _keys(item, label):
                tallies[key] = tallies.get(key, ConfusionMatrix()).plus(flagged, wanted)
            if flagged != wanted:
                errors.append(Error(item=item, label=label, flagged=flagged, verdict=verdict))
    return Evaluation(items=count, rows=_rows(tallies), errors=tuple(errors))


def _keys(item: Labelled, label: str) -> Iterator[tuple[str, str, str]]:
    for language in dict.fromkeys((item.language or "und", ALL)):
        for difficulty in dict.fromkeys((item.difficulty or ALL, ALL)):
            yield label, language, difficulty


def _rows(tallies: dict[tuple[str, str, str], ConfusionMatrix]) -> tuple[EvaluationRow, ...]:
    """By label in the order met; within it languages and difficulties by name, the sums first."""
    labels = list(dict.fromkeys(label for label, _, _ in tallies))

    def order(key: tuple[str, str, str]) -> tuple[int, bool, str, bool, str]:
        label, language, difficulty = key
        return labels.index(label), language != ALL, language, difficulty != ALL, difficulty

    return tuple(
        EvaluationRow(label=key[0], language=key[1], difficulty=key[2], tally=tallies[key])
        for key in sorted(tallies, key=order)
    )


FEWEST_ALARMS = 3  # two false alarms with one word are a chance, three are a hint
LEAST_SHARE = 0.5  # of the false alarms, for a word to be worth a question
MOST_ELSEWHERE = 0.1  # of the other texts: a word that stands in more tells nothing
FEWEST_OTHERS = 5  # without other texts every "of" and "said" would look like noise
MOST_SUGGESTED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A word that false alarms have in common; a question to the analyst, applied by nobody."""

    label: str
    word: str  # as it stands in the first of them
    alarms: int
    of_alarms: int
    elsewhere: int
    of_others: int

    def __str__(self) -> str:
        counted = f"{self.alarms} of {self.of_alarms} false alarms"
        other = f"{self.elsewhere} of {self.of_others} other texts"
        return f"{self.label}: {self.word!r} stands in {counted} and in {other}: add it to noise?"


def suggestions(judged: Sequence[tuple[Labelled, Match]], label: str) -> list[Suggestion]:
    """Words that most false alarms of a label share and other judged texts do not, best first."""
    alarms: list[Labelled] = []
    others: list[Labelled] = []
    for item, verdict in judged:
        if label in item.truth:
            alarm = label in verdict.labels and not item.truth[label]
            (alarms if alarm else others).append(item)
    if len(alarms) < FEWEST_ALARMS or len(others) < FEWEST_OTHERS:
        return []
    written: dict[str, str] = {}
    within = Counter(word for item in alarms for word in _words(item, written))
    outside = Counter(word for item in others for word in _words(item, {}))
    found = [
        Suggestion(
            label=label,
            word=written[word],
            alarms=count,
            of_alarms=len(alarms),
            elsewhere=outside[word],
            of_others=len(others),
        )
        for word, count in within.items()
        if count >= max(FEWEST_ALARMS, LEAST_SHARE * len(alarms))
        and outside[word] <= MOST_ELSEWHERE * len(others)
    ]
    found.sort(key=lambda s: (-s.alarms / s.of_alarms + s.elsewhere / s.of_others, s.word))
    return found[:MOST_SUGGESTED]


def _words(item: Labelled, written: dict[str, str]) -> set[str]:
    """The item's folded words; ``written`` learns how each was written first."""
    folded = fold(f"{item.title}\n{item.text}")
    for token in folded.tokens:
        written.setdefault(token.text, folded.original[token.start : token.end])
    return {
        token.text for token in folded.tokens if len(token.text) > 2 and not token.text.isdigit()
    }
