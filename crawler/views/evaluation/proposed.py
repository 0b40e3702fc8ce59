"""``rasd topic new``: what was proposed, what it rests on, and what to do next. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Group
from rich.text import Text

from crawler.evaluation.drafts import ConceptDraft, TopicDraft
from crawler.views.fields import JsonRow

SHOWN_TERMS = 8  # of a concept in one language
MIN_OTHERS = 200  # texts to compare with; fewer say little about what is frequent


def proposal_row(
    draft: TopicDraft, files: Sequence[str], folder: str, labelled: Sequence[str]
) -> JsonRow:
    """The proposal as data, with the files that hold it, and those of labelled lines behind it."""
    return {
        "topic": draft.slug,
        "label": draft.label,
        "folder": folder,
        "files": list(files),
        "labelled": list(labelled),
        "examples": draft.examples,
        "lookalikes": draft.lookalikes,
        "others": draft.others,
        "concepts": [_concept_row(concept) for concept in draft.concepts],
        "known": [
            {"concept": one.name, "examples": one.examples, "others": one.others}
            for one in draft.known
        ],
        "rules": [
            {"rule": rule.text, "examples": rule.examples, "others": rule.elsewhere}
            for rule in draft.rules
        ],
        "evidence": [
            {
                "name": line.name,
                "rule": line.rule,
                "points": line.points,
                "against": line.against,
                "examples": line.right,
                "others": line.wrong,
            }
            for line in draft.evidence
        ],
        "start": draft.start,
        "flagged": draft.flagged,
        "flagged_others": draft.flagged_elsewhere,
    }


def _concept_row(concept: ConceptDraft) -> JsonRow:
    return {
        "concept": concept.name,
        "terms": [
            {
                "term": term.text,
                "language": term.language,
                "inflect": list(term.inflect) if any(term.inflect) else [],
                "likelihood": term.likelihood,
                "examples": term.texts,
                "of_examples": term.of_texts,
                "others": term.elsewhere,
                "of_others": term.of_elsewhere,
            }
            for term in concept.terms
        ],
    }


# ── for a terminal ────────────────────────────────────────────────────────────────────────────


def proposal_text(report: JsonRow) -> Group:
    """``proposal_row`` for a terminal: the words found, the rule, the next commands."""
    return Group(*_lines(report))


def _lines(report: JsonRow) -> Iterator[Text]:
    yield Text(f"{report['topic']}, label {report['label']}", style="bold")
    looks = f", {report['lookalikes']} that only look like it" if report["lookalikes"] else ""
    yield Text(f"from {report['examples']} examples{looks} and {report['others']} other texts")
    if report["others"] < MIN_OTHERS:
        yield Text("few texts to compare with: many terms will be everyday words", style="yellow")
    for concept in report["concepts"]:
        yield from _concept_lines(concept)
    if report["known"]:
        known = " · ".join(one["concept"] for one in report["known"])
        yield Text(f"the lexicon has, and the examples mention: {known}", style="cyan")
    rule = report["rules"][0]
    held = f"holds in {rule['examples']} of {report['examples']} examples, {rule['others']} others"
    yield Text(f"rule: {rule['rule']}: {held}")
    flagged = f"{report['flagged']} of {report['examples']} examples"
    yield Text(
        f"{len(report['evidence'])} lines of evidence; as it stands it flags {flagged} and "
        f"{report['flagged_others']} others"
    )


def next_steps(report: JsonRow) -> list[str]:
    """The files and the commands that follow: lines to be copied, hence not to be wrapped."""
    commands = [f"  {command}" for command in _next_commands(report)]
    return ["", *report["files"], "every guess is marked there: strike and add, then", *commands]


def _next_commands(report: JsonRow) -> Iterator[str]:
    folder, topic = report["folder"], report["topic"]
    labelled = "".join(f" {path}" for path in report["labelled"])
    if labelled:
        yield f"rasd --seeds {folder} fit {topic}{labelled} --write"
    yield f"rasd seeds check {folder}"
    yield f"rasd backtest {report['files'][0]}"
    yield f"rasd --seeds {folder} judge --ask 30 --topic {topic}"
    yield f"rasd --seeds {folder} fit {topic}{labelled} --archive"


def _concept_lines(concept: JsonRow) -> Iterator[Text]:
    yield Text(concept["concept"], style="cyan")
    for language in dict.fromkeys(term["language"] for term in concept["terms"]):
        words = [term["term"] for term in concept["terms"] if term["language"] == language]
        more = f" … {len(words)} in all" if len(words) > SHOWN_TERMS else ""
        yield Text(f"  {language}: {' · '.join(words[:SHOWN_TERMS])}{more}")
