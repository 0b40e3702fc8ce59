"""Which articles to judge first, so that few judgements teach a topic's points most. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from crawler.matching.topics import Label


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article in which a label's rule holds, with its sum of points."""

    article_id: int
    points: int


def choose_to_judge(candidates: Sequence[Candidate], label: Label, count: int) -> list[Candidate]:
    """At most ``count`` of the candidates: half of them those nearest to the line, where a
    judgement decides most; the others evenly from the surest to the farthest, so that both ends are
    known as well.

    They come in an order that says nothing about their points: a person who knows the machine's
    answer tends to agree with it.
    """
    ranked = sorted(candidates, key=lambda one: (-one.points, one.article_id))
    near = sorted(ranked, key=lambda one: abs(one.points - label.holds_from))[: count - count // 2]
    rest = [one for one in ranked if one not in near]
    step = max(1.0, len(rest) / max(1, count // 2))
    spread = [rest[int(n * step)] for n in range(min(count // 2, len(rest)))]
    return sorted([*near, *spread], key=_shuffled)


def _shuffled(one: Candidate) -> str:
    return hashlib.sha256(str(one.article_id).encode()).hexdigest()
