"""Grouping articles into stories: ours beside comparing every pair, in one run.

The articles are made: of eight, two are copies of an earlier one (78 % of the text in common),
one is a relative (33 %), the others stand alone. Every pair is compared on a part of them only,
and its time for all is extrapolated by the number of pairs.

``python -m benchmarks.stories [--articles 2000] [--pairs-of 500]``
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from time import perf_counter

from crawler.languages import folded_text
from crawler.model import ArchivedArticle, Article
from crawler.stories import copies, fingerprint
from tests.builders import NOW, an_article

COPY_HASHES, RELATIVE_HASHES = 50, 21  # of 64 that a copy and a relative share with an earlier one
BATCH = 8  # articles, of which two are copies and one is a relative
ROUNDS = 3
SEED = 5  # any number: the same articles in each run


def main() -> int:
    """Measure and print; 1 if the two groupings differ."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=int, default=2000, help="how many we group")
    parser.add_argument(
        "--pairs-of", type=int, default=500, help="of how many all pairs are compared"
    )
    given = parser.parse_args()
    articles = made(given.articles)
    few = articles[: given.pairs_of]
    ours, stories = seconds(lambda: copies.group(articles))
    pairwise, reference = seconds(lambda: by_pairs(few))
    share = (len(articles) * (len(articles) - 1)) / (len(few) * (len(few) - 1))
    same = ids(copies.group(few)) == ids(reference)
    print(f"ours        {len(articles):6} articles  {ours:8.3f} s  {len(stories)} stories")
    print(f"every pair  {len(few):6} articles  {pairwise:8.3f} s  {len(reference)} stories")
    print(f"every pair  {len(articles):6} articles  {pairwise * share:8.1f} s (extrapolated)")
    print(f"ratio {pairwise * share / ours:.0f} ×; stories of the {len(few)}: ", end="")
    print("the same" if same else "DIFFERENT")
    return 0 if same else 1


def seconds(
    work: Callable[[], Sequence[copies.Story]],
) -> tuple[float, Sequence[copies.Story]]:
    """The shortest time of three, and what was found."""
    times = []
    for _ in range(ROUNDS):
        began = perf_counter()
        found = work()
        times.append(perf_counter() - began)
    return min(times), found


def made(number: int) -> list[ArchivedArticle]:
    """So many articles, always the same."""
    dice = random.Random(SEED)
    plain = an_article()
    articles: list[ArchivedArticle] = []
    signatures: list[list[int]] = []
    for n in range(number):
        hashes = [dice.getrandbits(32) for _ in range(fingerprint.PERMUTATIONS)]
        kind = n % BATCH
        if kind in (1, 2, 3) and signatures:
            shared = RELATIVE_HASHES if kind == 3 else COPY_HASHES
            other = dice.choice(signatures)
            for place in dice.sample(range(fingerprint.PERMUTATIONS), shared):
                hashes[place] = other[place]
        signatures.append(hashes)
        articles.append(_article(n, plain, hashes))
    return articles


def _article(number: int, plain: Article, hashes: Sequence[int]) -> ArchivedArticle:
    return ArchivedArticle(
        id=number,
        article=replace(plain, headline=f"A headline of its own, number {number}"),
        matches=(),
        fingerprint=b"".join(n.to_bytes(fingerprint.BYTES_A_HASH) for n in hashes),
        kept_at=NOW,
    )


def by_pairs(articles: Sequence[ArchivedArticle]) -> list[copies.Story]:
    """The naive way: every pair compared, hash by hash, as rasd did until November 2026."""
    parent = list(range(len(articles)))

    def root(n: int) -> int:
        while parent[n] != n:
            n = parent[n]
        return n

    headlines = [folded_text(a.article.headline) for a in articles]
    for n, one in enumerate(articles):
        for m in range(n):
            same_words = headlines[n] == headlines[m] and headlines[n].count(" ") >= 4
            if same_words or _share(one.fingerprint, articles[m].fingerprint) >= 0.6:
                parent[root(n)] = root(m)
    groups: dict[int, list[ArchivedArticle]] = {}
    for n, article in enumerate(articles):
        groups.setdefault(root(n), []).append(article)
    return [copies.Story(lead=lead, copies=tuple(rest)) for lead, *rest in groups.values()]


def _share(a: bytes, b: bytes) -> float:
    return sum(a[n : n + 4] == b[n : n + 4] for n in range(0, len(a), 4)) / (len(a) // 4)


def ids(stories: Sequence[copies.Story]) -> set[frozenset[int]]:
    """The ids of each story's articles."""
    return {frozenset(kept.id for kept in story.members) for story in stories}


if __name__ == "__main__":
    sys.exit(main())
