"""Grouping articles into stories: ours beside comparing every pair, in one run.

The articles are made (``tests.unit.stories.press``): of eight, two are copies of an earlier one, one
is a relative that shares a third of its text, the others stand alone. Every pair is compared on a
part of them only, and its time for all is extrapolated by the number of pairs.

``python -m benchmarks.stories [--articles 2000] [--pairs-of 300]``
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from itertools import combinations
from time import perf_counter

from crawler.model import ArchivedArticle
from crawler.stories import copies, likeness
from crawler.stories.wording import of_article
from tests.unit.stories.press import a_press

ROUNDS = 3

Groups = set[frozenset[int]]


def main() -> int:
    """Measure and print; 1 if the two groupings differ."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--articles", type=int, default=2000, help="how many we group")
    parser.add_argument(
        "--pairs-of", type=int, default=300, help="of how many all pairs are compared"
    )
    given = parser.parse_args()
    articles = a_press(given.articles)
    few = articles[: given.pairs_of]
    ours, stories = seconds(lambda: grouped(articles))
    pairwise, reference = seconds(lambda: by_pairs(few))
    share = (len(articles) * (len(articles) - 1)) / (len(few) * (len(few) - 1))
    same = grouped(few) == reference
    print(f"ours        {len(articles):6} articles  {ours:8.3f} s  {len(stories)} stories")
    print(f"every pair  {len(few):6} articles  {pairwise:8.3f} s  {len(reference)} stories")
    print(f"every pair  {len(articles):6} articles  {pairwise * share:8.1f} s (extrapolated)")
    print(f"ratio {pairwise * share / ours:.0f} ×; stories of the {len(few)}: ", end="")
    print("the same" if same else "DIFFERENT")
    return 0 if same else 1


def seconds(work: Callable[[], Groups]) -> tuple[float, Groups]:
    """The shortest time of three, and what was found."""
    times = []
    for _ in range(ROUNDS):
        began = perf_counter()
        found = work()
        times.append(perf_counter() - began)
    return min(times), found


def grouped(articles: Sequence[ArchivedArticle]) -> Groups:
    """The ids of each story's articles, as the product groups them."""
    return {frozenset(kept.id for kept in story.members) for story in copies.group(articles)}


def by_pairs(articles: Sequence[ArchivedArticle]) -> Groups:
    """The naive way: every pair compared."""
    groups = {kept.id: {kept.id} for kept in articles}
    words = {kept.id: of_article(kept.article) for kept in articles}
    for a, b in combinations(words, 2):
        if likeness.compare(words[a], words[b]) is not None:
            merged = groups[a] | groups[b]
            groups |= dict.fromkeys(merged, merged)
    return {frozenset(group) for group in groups.values()}


if __name__ == "__main__":
    sys.exit(main())
