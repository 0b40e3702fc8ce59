"""Words that a topic's false alarms share: questions for the analyst, never applied. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from crawler.evaluation.labelled import LabelledItem
from crawler.languages import fold
from crawler.model import Match

MIN_ALARMS = 3  # two false alarms with one word are a chance, three are a hint
MIN_ALARM_SHARE = 0.5  # of the false alarms, for a word to be worth a question
MAX_SHARE_ELSEWHERE = 0.1  # of the other texts: a word that stands in more tells nothing
MIN_OTHER_TEXTS = 5  # without other texts every "of" and "said" would look telling
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
        stands = f"{self.label}: {self.word!r} stands in {counted} and in {other}"
        return f"{stands}: should it speak against the label?"


def suggest_words_against(
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
