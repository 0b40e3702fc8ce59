"""The draft of a topic, and the seed files that it is written as; every guess is marked. Pure.

``seeds.load`` reads the files back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crawler.evaluation.keyness import TellingTerm
from crawler.languages.detect import detect
from crawler.seeds.scaffold import quoted

DOUBTFUL_POINTS = 10  # under the line, for the watch list: half the odds


@dataclass(frozen=True, slots=True, kw_only=True)
class ConceptDraft:
    """Words that were found together."""

    name: str
    title: str
    terms: tuple[TellingTerm, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownConcept:
    """A concept of the lexicon that the examples mention more than other texts do."""

    name: str
    examples: int
    others: int
    of_others: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleDraft:
    """A rule, in how many examples it holds and in how many texts that don't belong."""

    text: str
    examples: int = 0
    elsewhere: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceDraft:
    """A line of evidence; of the texts in which the rule holds, how many have it."""

    name: str
    rule: str
    against: bool = False
    points: int = 0
    right: int = 0
    wrong: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicDraft:
    """A topic that no person has read yet, with what each guess rests on.

    ``rules`` are those tried; the first is the topic's. ``passing`` and ``flagged`` count examples,
    ``…_elsewhere`` texts that don't belong.
    """

    slug: str
    title: str
    label: str
    concepts: tuple[ConceptDraft, ...]
    examples: int
    lookalikes: int
    others: int
    known: tuple[KnownConcept, ...] = ()
    rules: tuple[RuleDraft, ...] = ()
    evidence: tuple[EvidenceDraft, ...] = ()
    start: int = 0
    passing: int = 0
    passing_elsewhere: int = 0
    flagged: int = 0
    flagged_elsewhere: int = 0
    matches: tuple[str, ...] = ()
    misses: tuple[str, ...] = ()


def seed_files(draft: TopicDraft) -> dict[str, str]:
    """The text of each seed file by its path in a seeds folder: the topic's, and its concepts'."""
    files = {f"lexicon/{one.name}.yml": _concept_file(draft, one) for one in draft.concepts}
    return {f"topics/{draft.slug}.yml": "\n".join(_topic_lines(draft)) + "\n"} | files


# ── a concept ─────────────────────────────────────────────────────────────────────────────────


def _concept_file(draft: TopicDraft, concept: ConceptDraft) -> str:
    lines = [
        f"# {_line(draft.title)}: {concept.title}. Proposed by rasd topic new: guesses.",
        "# Strike what is no sign of the subject, add what is missing (rasd term TEXT tries one).",
        f"title: {_titles(f'{draft.title}: {concept.title}')}",
        "terms:",
    ]
    for language in dict.fromkeys(term.language for term in concept.terms):
        lines.append(f"  {language}:")
        lines += [_term_line(term) for term in concept.terms if term.language == language]
    return "\n".join(lines) + "\n"


def _term_line(term: TellingTerm) -> str:
    text = quoted(term.text)
    if any(term.inflect):
        names = [name or "none" for name in term.inflect]
        inflect = names[0] if len(names) == 1 else f"[{', '.join(names)}]"
        text = f"{{term: {text}, inflect: {inflect}}}"
    counts = f"in {term.texts} of {term.of_texts} texts, {term.elsewhere} of {term.of_elsewhere}"
    return f"    - {text}  # guess: {counts} others; log-likelihood {term.likelihood:g}"


# ── the topic ─────────────────────────────────────────────────────────────────────────────────


def _topic_lines(draft: TopicDraft) -> Iterator[str]:
    looks = f", {draft.lookalikes} that only look like them" if draft.lookalikes else ""
    yield f"# Proposed by rasd topic new from {draft.examples} example texts{looks},"
    yield f"# and {draft.others} other texts. What is marked as a guess is one: read it aloud,"
    yield "# strike what no reader would say; then fit, back-test, judge thirty, and fit again."
    for one in draft.known:
        counts = f"{one.examples} of {draft.examples} examples, {one.others} of {one.of_others}"
        yield f"# It may help that the lexicon has concept:{one.name} ({counts} others)."
    yield f"title: {_titles(draft.title)}"
    yield "labels:"
    yield f"  {draft.label}:"
    yield f"    title: {_titles(draft.title)}"
    yield from _rule_lines(draft)
    flagged = (
        f"flags {draft.flagged} of {draft.examples} examples, {draft.flagged_elsewhere} others"
    )
    yield f"    start: {draft.start}  # guess: {flagged}"
    yield "    holds_from: 0"
    yield f"    doubtful_from: {-DOUBTFUL_POINTS}"
    for key, against in (("speaks_for", False), ("speaks_against", True)):
        lines = [line for line in draft.evidence if line.against == against]
        if lines:
            yield f"    {key}:"
        for line in lines:
            yield _evidence_line(draft, line)
    for key, texts in (("matches", draft.matches), ("misses", draft.misses)):
        yield from _example_lines(key, texts, f"[{draft.label}]" if key == "matches" else "")


def _rule_lines(draft: TopicDraft) -> Iterator[str]:
    for n, rule in enumerate(draft.rules):
        counts = f"{rule.examples} of {draft.examples} examples, {rule.elsewhere} others"
        if n == 0:
            yield f"    rule: {quoted(rule.text)}  # guess: holds in {counts}"
        else:
            yield f"    # or: {rule.text}  ({counts})"


def _evidence_line(draft: TopicDraft, line: EvidenceDraft) -> str:
    right, wrong = f"{line.right} of {draft.passing}", f"{line.wrong} of {draft.passing_elsewhere}"
    values = f"{{points: {line.points}, rule: {quoted(line.rule)}}}"
    name = quoted(line.name) if set(line.name) & set(",:#") else line.name
    return f"      {name}: {values}  # guess: in {right} examples, {wrong} others"


def _example_lines(key: str, texts: Sequence[str], labels: str) -> Iterator[str]:
    if texts:
        yield f"{key}:"
    for text in texts:
        yield f"  - text: {quoted(text)}"
        if labels:
            yield f"    labels: {labels}"


def _titles(text: str) -> str:
    language = detect(text, ())
    return f"{{{'en' if language == 'und' else language}: {quoted(text)}}}"


def _line(text: str) -> str:
    return " ".join(text.split())
