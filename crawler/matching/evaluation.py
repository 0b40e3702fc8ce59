"""Measure a topic on labelled texts: precision, recall, F1, and the errors. Pure.

Precision is the share of flagged items that are right, recall the share of right items that were
flagged, F1 their harmonic mean; a value with denominator 0 is None. Labels may be partial: an item
counts only for the labels that a person has judged.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from crawler.errors import InvalidFileError
from crawler.languages import fold
from crawler.model import Language, Match

ALL = "all"
_TEXTS = ("id", "lang", "title", "text", "difficulty", "tag")


class LabelsError(InvalidFileError):
    """A file of labelled items has mistakes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledItem:
    """A text with a person's judgement. ``truth`` has the judged labels only."""

    id: str
    title: str
    text: str
    truth: dict[str, bool]
    language: Language = ""
    difficulty: str = ""
    tag: str = ""  # the trap it is, in a word


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfusionMatrix:
    """Counts of right and wrong answers for one label."""

    true_positives: int = 0
    false_positives: int = 0
    false_negatives: int = 0
    true_negatives: int = 0

    def plus(self, flagged: bool, wanted: bool) -> ConfusionMatrix:
        """The counts with one more answer."""
        name = (
            f"{'true' if flagged == wanted else 'false'}_{'positives' if flagged else 'negatives'}"
        )
        return replace(self, **{name: getattr(self, name) + 1})

    @property
    def items(self) -> int:
        """The number of answers."""
        wrong = self.false_positives + self.false_negatives
        return self.true_positives + self.true_negatives + wrong

    @property
    def precision(self) -> float | None:
        """The share of flagged items that are right; None if none was flagged."""
        return _share(self.true_positives, self.false_positives)

    @property
    def recall(self) -> float | None:
        """The share of right items that were flagged; None if none is right."""
        return _share(self.true_positives, self.false_negatives)

    @property
    def f1(self) -> float | None:
        """The harmonic mean of precision and recall."""
        return _share(2 * self.true_positives, self.false_positives + self.false_negatives)


def _share(part: int, rest: int) -> float | None:
    return round(part / (part + rest), 4) if part + rest else None


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationRow:
    """One line of the table; ``all`` stands for every language or every difficulty."""

    label: str
    language: str
    difficulty: str
    matrix: ConfusionMatrix


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """A match that differs from the person's judgement."""

    item: LabelledItem
    label: str
    flagged: bool
    verdict: Match


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """The result for labelled items: the table's rows, and the disagreements in the items'
    order.
    """

    items: int
    rows: tuple[EvaluationRow, ...]
    errors: tuple[Disagreement, ...]


def parse_labelled_items(
    lines: Iterable[str], labels: Sequence[str], where: str
) -> list[LabelledItem]:
    """Parse JSON lines into labelled items for a topic with these labels; empty lines are
    skipped.

    Raises LabelsError with a message for every invalid line, as ``file:line: problem``.
    """
    items: list[LabelledItem] = []
    problems: list[str] = []
    seen: dict[str, int] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            item = _parse_item(line, labels)
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


def find_judged_labels(lines: Iterable[str]) -> frozenset[str]:
    """The names to which any line assigns true or false; invalid lines are skipped."""
    names: set[str] = set()
    for line in lines:
        try:
            row = json.loads(line)
        except ValueError:
            continue
        if isinstance(row, dict):
            names |= {name for name, value in row.items() if isinstance(value, bool)}
    return frozenset(names)


def _parse_item(line: str, labels: Sequence[str]) -> LabelledItem:
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
    return LabelledItem(truth=truth, language=language, **known)


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


def evaluate(judged: Iterable[tuple[LabelledItem, Match]]) -> Evaluation:
    """Count by label, language and difficulty, with sums, and collect every disagreement."""
    tallies: dict[tuple[str, str, str], ConfusionMatrix] = {}
    errors: list[Disagreement] = []
    count = 0
    for item, verdict in judged:
        count += 1
        for label, wanted in item.truth.items():
            flagged = label in verdict.labels
            for key in _keys(item, label):
                tallies[key] = tallies.get(key, ConfusionMatrix()).plus(flagged, wanted)
            if flagged != wanted:
                errors.append(
                    Disagreement(item=item, label=label, flagged=flagged, verdict=verdict)
                )
    return Evaluation(items=count, rows=_rows(tallies), errors=tuple(errors))


def _keys(item: LabelledItem, label: str) -> Iterator[tuple[str, str, str]]:
    for language in dict.fromkeys((item.language or "und", ALL)):
        for difficulty in dict.fromkeys((item.difficulty or ALL, ALL)):
            yield label, language, difficulty


def _rows(tallies: dict[tuple[str, str, str], ConfusionMatrix]) -> tuple[EvaluationRow, ...]:
    """By label in order of appearance; then languages and difficulties by name, sums first."""
    labels = list(dict.fromkeys(label for label, _, _ in tallies))

    def order(key: tuple[str, str, str]) -> tuple[int, bool, str, bool, str]:
        label, language, difficulty = key
        return labels.index(label), language != ALL, language, difficulty != ALL, difficulty

    return tuple(
        EvaluationRow(label=key[0], language=key[1], difficulty=key[2], matrix=tallies[key])
        for key in sorted(tallies, key=order)
    )


MIN_ALARMS = 3  # two false alarms with one word are a chance, three are a hint
MIN_ALARM_SHARE = 0.5  # of the false alarms, for a word to be worth a question
MAX_SHARE_ELSEWHERE = 0.1  # of the other texts: a word that stands in more tells nothing
MIN_OTHER_TEXTS = 5  # without other texts every "of" and "said" would look like noise
MAX_SUGGESTIONS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A word that false alarms share: a question for the analyst; it is never applied by itself."""

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


def suggest_noise_words(
    judged: Sequence[tuple[LabelledItem, Match]], label: str
) -> list[Suggestion]:
    """Words that most false alarms of a label share and other judged texts don't, best first."""
    alarms: list[LabelledItem] = []
    others: list[LabelledItem] = []
    for item, verdict in judged:
        if label in item.truth:
            alarm = label in verdict.labels and not item.truth[label]
            (alarms if alarm else others).append(item)
    if len(alarms) < MIN_ALARMS or len(others) < MIN_OTHER_TEXTS:
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
        if count >= max(MIN_ALARMS, MIN_ALARM_SHARE * len(alarms))
        and outside[word] <= MAX_SHARE_ELSEWHERE * len(others)
    ]
    found.sort(key=lambda s: (-s.alarms / s.of_alarms + s.elsewhere / s.of_others, s.word))
    return found[:MAX_SUGGESTIONS]


def _words(item: LabelledItem, written: dict[str, str]) -> set[str]:
    """The item's folded words; ``written`` collects the first spelling of each."""
    folded = fold(f"{item.title}\n{item.text}")
    for token in folded.tokens:
        written.setdefault(token.text, folded.original[token.start : token.end])
    return {
        token.text for token in folded.tokens if len(token.text) > 2 and not token.text.isdigit()
    }
