"""Articles grouped by event over three languages: ours beside headlines alone, in B³.

B³ (Bagga and Baldwin 1998) averages over articles: of those put together with one, how many tell
its event (precision), and of those that do, how many were put together with it (recall). The set is
described in ``tests/events/README.md``; articles come in order of publication, and how rare a word
is has to be learned from those before. The baseline puts together articles of one language, not two
days apart, whose headlines share words; its threshold is the best for the half that it is tried on.

``python -m benchmarks.events`` measures the dev half; ``--held`` the other, for a final figure
only; ``--among 2000`` mixes as many real articles in, from ../shared; ``--stream 9000`` groups as
many of four days and says how fast, at the beginning and at the end; ``--fit`` prints the weights of
``crawler.stories.events.score`` anew.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import sys
from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import combinations
from time import process_time

from benchmarks import event_weights
from crawler.languages import folded_text
from crawler.stories.events import EventClusters, EventFeatures, find_features
from tests.places import PROJECT, SHARED

SET = PROJECT / "tests" / "events"
BASELINE_DAYS = timedelta(days=2)
THRESHOLDS = [n / 20 for n in range(1, 20)]
REAL = (("saudinewsnet", "ar"), ("morocco-media-fr", "fr"))
FIRST_DAY = "2015-07-21"  # of ``stream``: from then on, all papers of the set are there
SEED = 7  # any number: the same real articles in each run


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldArticle:
    """An article, and the event that it tells."""

    event: str
    headline: str
    text: str
    language: str
    published_at: datetime

    @property
    def features(self) -> EventFeatures:
        """What it is compared by."""
        return find_features(
            self.headline, self.text, language=self.language, published_at=self.published_at
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BCubed:
    """The measure of a grouping."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Their harmonic mean."""
        return 2 * self.precision * self.recall / (self.precision + self.recall)

    def __str__(self) -> str:
        return f"B³ F1 {self.f1:.3f}  (precision {self.precision:.3f}, recall {self.recall:.3f})"


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--held", action="store_true", help="measure the half that is held back")
    parser.add_argument("--among", type=int, default=0, help="real articles to mix in")
    parser.add_argument("--stream", type=int, default=0, help="real articles to time")
    parser.add_argument("--fit", action="store_true", help="print the weights, fitted anew")
    given = parser.parse_args()
    half = "held" if given.held else "dev"
    articles = read(half)
    if given.fit:
        print(event_weights.fit(read("dev"), real_articles(700)))
        return 0
    print(f"{half}: {len(articles)} articles, {len({a.event for a in articles})} events")
    truth = [article.event for article in articles]
    print(f"ours        {b_cubed(truth, grouped(articles))}")
    threshold, found = best_baseline(articles)
    print(f"headlines   {found}, Jaccard from {threshold}")
    if given.among:
        among(articles, given.among)
    if given.stream:
        stream(given.stream)
    return 0


def read(half: str) -> list[ToldArticle]:
    """The articles of a half of the set, in order of publication."""
    lines = (SET / f"{half}.jsonl").read_text(encoding="utf-8").splitlines()
    return [_article(json.loads(line)) for line in lines]


def _article(row: dict[str, str]) -> ToldArticle:
    return ToldArticle(
        event=row["event"],
        headline=row["headline"],
        text=row["text"],
        language=row["language"],
        published_at=datetime.fromisoformat(row["published_at"]),
    )


def grouped(articles: Sequence[ToldArticle]) -> list[int]:
    """The number of each article's event, as we find it."""
    clusters = EventClusters()
    event: dict[int, int] = {}
    for number, article in enumerate(articles):
        joined = clusters.add(number, article.features)
        event[number] = joined.event
        if joined.merged:
            event = {n: joined.event if e in joined.merged else e for n, e in event.items()}
    return [event[number] for number in range(len(articles))]


def b_cubed(truth: Sequence[Hashable], found: Sequence[Hashable]) -> BCubed:
    """How well the groups found agree with the true ones, article by article."""
    true_groups, found_groups = _groups(truth), _groups(found)
    precision = recall = 0.0
    for true, ours in zip(truth, found, strict=True):
        both = len(true_groups[true] & found_groups[ours])
        precision += both / len(found_groups[ours])
        recall += both / len(true_groups[true])
    return BCubed(precision=precision / len(truth), recall=recall / len(truth))


def _groups(names: Sequence[Hashable]) -> dict[Hashable, set[int]]:
    groups: dict[Hashable, set[int]] = defaultdict(set)
    for number, name in enumerate(names):
        groups[name].add(number)
    return groups


def best_baseline(articles: Sequence[ToldArticle]) -> tuple[float, BCubed]:
    """The best threshold of the baseline for these articles, and what it reaches."""
    truth = [article.event for article in articles]
    measured = ((t, b_cubed(truth, by_headline(articles, t))) for t in THRESHOLDS)
    return max(measured, key=lambda one: one[1].f1)


def by_headline(articles: Sequence[ToldArticle], threshold: float) -> list[int]:
    """The baseline: joined to the first earlier article of its language with a like headline."""
    words = [frozenset(folded_text(article.headline).split()) for article in articles]
    event = list(range(len(articles)))
    for n, m in combinations(range(len(articles)), 2):
        a, b = articles[n], articles[m]
        near = abs(a.published_at - b.published_at) <= BASELINE_DAYS
        likeness = len(words[n] & words[m]) / len(words[n] | words[m])
        if event[m] == m and near and a.language == b.language and likeness >= threshold:
            event[m] = event[n]
    return event


def among(articles: Sequence[ToldArticle], number: int) -> None:
    """Measure the set again with real articles about other events in between, and our speed."""
    begin, end = articles[0].published_at, articles[-1].published_at
    dice = random.Random(SEED)
    real = real_articles(number)
    if not real:
        print("no real articles: ../shared/data/text is not there")
        return
    spread = [
        ToldArticle(
            event=f"real {n}",
            headline=one.headline,
            text=one.text,
            language=one.language,
            published_at=begin + dice.random() * (end - begin),
        )
        for n, one in enumerate(real)
    ]
    mixed = sorted([*articles, *spread], key=lambda article: article.published_at)
    began = process_time()
    found = grouped(mixed)
    seconds = process_time() - began
    ours = {id(article) for article in articles}
    places = [n for n, article in enumerate(mixed) if id(article) in ours]
    measured = b_cubed([mixed[n].event for n in places], [found[n] for n in places])
    with_real = {found[n] for n in range(len(mixed)) if id(mixed[n]) not in ours}
    touched = sum(found[n] in with_real for n in places)
    print(f"among {len(spread)} real articles  {measured}")
    print(f"  {touched} of the set's articles are together with a real one")
    print(f"  {len(mixed) / seconds:.0f} articles a second of processor time")


def stream(number: int) -> None:
    """Group so many real articles as they were published, all in one window: seconds of processor
    time by tenths, features included."""
    path = SHARED / "data" / "text" / f"{REAL[0][0]}.jsonl.gz"
    if not path.exists():
        print("no real articles: ../shared/data/text is not there")
        return
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = sorted(map(json.loads, lines), key=lambda row: str(row["date"]))
    rows = [row for row in rows if row["date"] >= FIRST_DAY][:number]
    clusters = EventClusters()
    began = process_time()
    for n, row in enumerate(rows, 1):
        at = datetime.fromisoformat(row["date"]).replace(tzinfo=UTC)
        clusters.add(n, find_features(row["title"], row["text"], language="ar", published_at=at))
        if n % max(1, number // 10) == 0:
            rate = number // 10 / (process_time() - began)
            print(f"  {len(clusters)} in the window: {rate:.0f} articles a second")
            began = process_time()


def real_articles(number: int) -> list[ToldArticle]:
    """Real articles, the same in each run; their true events are unknown. None without ../shared"""
    return [article for name, language in REAL for article in _real(name, language, number // 2)]


def _real(name: str, language: str, number: int) -> Iterator[ToldArticle]:
    path = SHARED / "data" / "text" / f"{name}.jsonl.gz"
    if not path.exists():
        return
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [row for row in map(json.loads, lines) if len(row["text"]) > 200]
    for row in random.Random(SEED).sample(rows, min(number, len(rows))):
        yield ToldArticle(
            event="",
            headline=row["title"],
            text=row["text"],
            language=language,
            published_at=datetime(2026, 3, 10, tzinfo=UTC),
        )


if __name__ == "__main__":
    sys.exit(main())
