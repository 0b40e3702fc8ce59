"""Copies among real news: what is found and what is joined wrongly, beside other programs.

15,009 pairs of Arabic articles of 2015 (``../shared/data/dups``), each with the share of five-word
sequences that both have (jaccard5) and that the shorter has of the longer one (containment5),
computed exactly. A pair is a copy at jaccard5 ≥ .6 or containment5 ≥ .8. Measured are

- pairs: each pair compared with ``likeness.compare``, whatever finds it;
- stories: all articles placed one after the other, as the archive does; a pair is found if it is in
  one story. Copies of copies are in a story too: what makes a copy is not transitive, so the share
  of pairs of a story that are copies of each other is lower than the share of right links;
- links: of the articles that joined a story, those that are a copy of one of its earlier members;
- others: rensa's and datasketch's LSH over the same sequences, pairs whose signatures are at least
  .6 alike; containment is nothing that they look for.

``python -m benchmarks.dups`` (datasketch where it is installed)
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from time import process_time
from typing import Any

import rensa

from crawler.stories import likeness
from crawler.stories.placing import Place, Placing, Told
from crawler.stories.wording import copy_keys

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
PERMUTATIONS, BANDS = 128, 64
JACCARD, CONTAINMENT = 0.6, 0.8

Pair = frozenset[str]


@dataclass(frozen=True, slots=True)
class Measures:
    """What two articles share."""

    jaccard: float
    containment: float

    @property
    def is_copy(self) -> bool:
        """Whether they are copies by the measures of this benchmark."""
        return self.jaccard >= JACCARD or self.containment >= CONTAINMENT


def main() -> int:
    """Measure and print."""
    argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0]).parse_args()
    if not DATA.exists():
        sys.exit("the shared texts are not on this machine; nothing measured")
    truth = dict(listed())
    told, seconds = timed(articles)
    print(
        f"{len(told):,} articles, {len(truth):,} pairs; words folded, keys made {per(seconds, told)}"
    )
    kinds, seconds = timed(lambda: {pair: compared(pair, told) for pair in truth})
    joined = {pair for pair, kind in kinds.items() if kind not in (None, "headline")}
    print(
        f"\npairs      {recalls(joined, truth)}  precision {precision(joined, truth):.3f}", end=""
    )
    print(f"  {per(seconds, truth)}\n           joined as {dict(Counter(kinds.values()))}")
    placing, seconds = timed(lambda: place(told))
    report_stories(placing, told, truth)
    print(f"           {per(seconds, told)}")
    some = {name for pair in truth for name in pair}
    few = {name: one for name, one in told.items() if name in some}
    for name, pairs_of in others():
        found, seconds = timed(lambda work=pairs_of: set(work(few)))
        known = {pair for pair in found if pair in truth}
        print(f"{name:10} {recalls(found, truth)}  precision {precision(known, truth):.3f}", end="")
        print(f"  {per(seconds, few)}")
    return 0


def listed() -> Iterator[tuple[Pair, Measures]]:
    """The pairs and what they share."""
    with gzip.open(DATA / "dups" / "saudi-dev.jsonl.gz", "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            yield frozenset((row["a"], row["b"])), Measures(row["jaccard5"], row["containment5"])


def articles() -> dict[str, Told]:
    """The articles by their id, in the order of their dates."""
    with gzip.open(DATA / "text" / "saudinewsnet.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = sorted(map(json.loads, lines), key=lambda row: str(row["date"]))
    return {row["id"]: _told(row) for row in rows}


def _told(row: Mapping[str, Any]) -> Told:
    found = Told(
        source=row["source"],
        headline=row["title"],
        text=row["text"],
        first_seen_at=datetime.fromisoformat(row["date"]).replace(tzinfo=UTC),
    )
    return replace(found, keys=copy_keys(found.wording))


def compared(pair: Pair, told: Mapping[str, Told]) -> likeness.Likeness | None:
    """What makes copies of a pair."""
    a, b = (told[name].wording for name in sorted(pair))
    return likeness.compare(a, b)


def place(told: Mapping[str, Told]) -> Placing:
    """All articles placed one after the other; their numbers are those of their order."""
    known = dict(enumerate(told.values(), 1))
    work = Placing(load=lambda numbers: {number: known[number] for number in numbers})
    for number, one in known.items():
        work.place(number, one, alone=Place(number, number))
    return work


def report_stories(
    placing: Placing, told: Mapping[str, Told], truth: Mapping[Pair, Measures]
) -> None:
    """Print what the stories hold, and the texts within them."""
    names = dict(enumerate(told, 1))

    def measured(a: int, b: int) -> Measures:
        known = truth.get(frozenset((names[a], names[b])))
        return known or Measures(*likeness.shares(*(told[names[n]].wording for n in (a, b))))

    for level in ("text", "story"):
        groups: dict[int, list[int]] = defaultdict(list)
        for number, found in placing.places.items():
            groups[getattr(placing.current(found), level)].append(number)
        pairs = [pair for group in groups.values() for pair in itertools.combinations(group, 2)]
        together = {frozenset((names[a], names[b])) for a, b in pairs}
        right = sum(measured(a, b).is_copy for a, b in pairs) / len(pairs)
        print(f"{level + ' of':10} {recalls(together, truth)}  of its pairs {right:.3f} are copies")
        if level == "text":
            links = [
                any(measured(a, b).is_copy for a in group[:n])
                for group in groups.values()
                for n, b in enumerate(group)
                if n
            ]
            print(f"           of {len(links):,} links {sum(links) / len(links):.3f} are right")


def others() -> Iterator[tuple[str, Callable[[Mapping[str, Told]], Iterator[Pair]]]]:
    """The other programs that are installed."""
    yield "rensa", by_rensa
    if find_spec("datasketch"):
        yield "datasketch", by_datasketch


def by_rensa(told: Mapping[str, Told]) -> Iterator[Pair]:
    """The pairs that rensa's LSH finds, whose signatures are alike enough."""
    index = rensa.RMinHashLSH(JACCARD, PERMUTATIONS, BANDS)
    names = list(told)
    signatures: list[rensa.RMinHash] = []
    for number, one in enumerate(told.values()):
        signature = rensa.RMinHash(num_perm=PERMUTATIONS, seed=1)
        signature.update(list(one.wording.shingles))
        for other in index.query(signature):
            if signature.jaccard(signatures[other]) >= JACCARD:
                yield frozenset((names[number], names[other]))
        signatures.append(signature)
        index.insert(number, signature)


def by_datasketch(told: Mapping[str, Told]) -> Iterator[Pair]:
    """The pairs that datasketch's LSH finds, whose signatures are alike enough."""
    from datasketch import MinHash, MinHashLSH  # not one of rasd's libraries

    index = MinHashLSH(num_perm=PERMUTATIONS, params=(BANDS, PERMUTATIONS // BANDS))
    signatures: dict[str, MinHash] = {}
    for name, one in told.items():
        signature = MinHash(num_perm=PERMUTATIONS)
        signature.update_batch([shingle.encode() for shingle in one.wording.shingles])
        for other in index.query(signature):
            if signature.jaccard(signatures[other]) >= JACCARD:
                yield frozenset((name, other))
        signatures[name] = signature
        index.insert(name, signature)


def recalls(found: Collection[Pair], truth: Mapping[Pair, Measures]) -> str:
    """The recall of both kinds of copies, and of those that only containment tells."""
    alike = [pair for pair, m in truth.items() if m.jaccard >= JACCARD]
    contained = [pair for pair, m in truth.items() if m.containment >= CONTAINMENT]
    only = [pair for pair in contained if truth[pair].jaccard < JACCARD]
    shares = [sum(pair in found for pair in some) / len(some) for some in (alike, contained, only)]
    return "recall {:.3f} jaccard, {:.3f} containment ({:.3f} of those below)".format(*shares)


def precision(found: Iterable[Pair], truth: Mapping[Pair, Measures]) -> float:
    """The share of copies among these pairs."""
    verdicts = [truth[pair].is_copy for pair in found]
    return sum(verdicts) / max(len(verdicts), 1)


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """What it gives, and its seconds of CPU."""
    began = process_time()
    found = work()
    return found, process_time() - began


def per(seconds: float, things: Collection[Any]) -> str:
    """Milliseconds each."""
    return f"{seconds / len(things) * 1000:.2f} ms each"


if __name__ == "__main__":
    sys.exit(main())
