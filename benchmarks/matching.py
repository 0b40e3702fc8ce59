"""How fast and how sure a text becomes a verdict: ``python -m benchmarks.matching``.

Prints, with ratios: raw text to verdict against a bare pyahocorasick over already folded text and
against flashtext over the raw text (same words, same run, one core); the exact judgement of
articles that name both sides; time and memory of a compiled topic; what the gate lets pass; and
whether labelled texts keep their labels in every disguise. Uses the shared articles, and says what
is not there.
"""

from __future__ import annotations

import argparse
import gc
import gzip
import json
import resource
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import ahocorasick

from crawler import matching, spiders
from crawler.languages import ar, plain_words
from crawler.matching.term_index import Entry
from crawler.matching.topics import Topic
from crawler.seeds import folder
from tests.disguises import DISGUISES

SHARED = Path(__file__).resolve().parents[2] / "shared"
Row = dict[str, Any]
BARE, OURS = "bare pyahocorasick, folded text", "rasd, raw text to verdict"
LONG = 5_000  # words of a long article


def main() -> None:
    """Everything, or the parts that are named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", help="speed, exact, compiled, disguises; all if none")
    parser.add_argument("--topic", default="morocco-iraq")
    parser.add_argument("--every", type=int, default=1, help="take each n-th article for the speed")
    parser.add_argument("--rounds", type=int, default=3, help="the fastest of so many counts")
    asked = parser.parse_args()
    topic = folder.load_seeds(None, spiders.kinds()).topics[asked.topic]
    if not asked.parts or "compiled" in asked.parts:
        compiled(topic)
    if not asked.parts or "exact" in asked.parts:
        exact(topic)
    if not asked.parts or "disguises" in asked.parts:
        disguises(topic)
    if not asked.parts or "speed" in asked.parts:
        speed(topic, asked.every, asked.rounds)


def compiled(topic: Topic) -> None:
    """Time of making a topic ready; memory that it holds at once, and after reading a lot of
    news.
    """
    ready = matching.Matcher(topic)  # the first fills caches that the process has anyway
    spent = min(_seconds(lambda: matching.Matcher(topic)) for _ in range(3))
    rows = [(r["title"] or "", r["text"]) for r in _rows("data/text/saudinewsnet.jsonl.gz", 4)]
    gc.collect()
    before = _resident_megabytes()
    more = [matching.Matcher(topic) for _ in range(4)]
    held = (_resident_megabytes() - before) / len(more)
    for title, text in rows:
        ready.prefilter.may_match(title, text)
    before = _resident_megabytes()
    for title, text in rows:
        more[0].prefilter.may_match(title, text)
    grown = max(0.0, _resident_megabytes() - before)
    print(f"compiled: {len(ready.vocabulary.entries)} patterns in {spent:.3f} s (goal ≤ 1)")
    print(
        f"  {held:.1f} MB resident, {held + grown:.1f} MB with the automata's states "
        f"after {len(rows)} articles (goal ≤ 50)"
    )


def _resident_megabytes() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def exact(topic: Topic) -> None:
    """The verdict without the gate, on real articles that name both sides, and on long ones made
    of them.
    """
    rows = _rows("data/text/both-dev.jsonl.gz")
    if not rows:
        return
    ready = matching.Matcher(topic)
    texts = [(row["title"], row["text"]) for row in rows]
    _exactly(ready, texts, f"{len(rows)} articles that name both sides", "goal ≤ 5")
    words = "\n\n".join(text for _, text in texts).split(" ")
    starts = range(0, len(words) - LONG, LONG)
    long = [(texts[n % len(texts)][0], " ".join(words[n : n + LONG])) for n in starts]
    _exactly(
        ready, long, f"{len(long)} articles of {LONG:,} words put together from them", "no goal"
    )


def _exactly(ready: matching.Matcher, texts: list[tuple[str, str]], what: str, goal: str) -> None:
    """Each text judged three times, the quickest counts: a machine that is busy else says little."""
    fields = [matching.text_fields(title, text) for title, text in texts]
    ready.match_exactly(fields[0])
    spent = sorted(
        min(_seconds(lambda f=f: ready.match_exactly(f)) for _ in range(3)) * 1e3 for f in fields
    )  # type: ignore[misc]
    characters = sum(len(text) for _, text in texts) // len(texts)
    print(f"exact judgement: {what}, {characters:,} characters on average")
    print(
        f"  median {spent[len(spent) // 2]:.2f} ms, 95 % within "
        f"{spent[int(len(spent) * 0.95)]:.2f} ms, "
        f"longest {spent[-1]:.2f} ms ({goal})"
    )


def disguises(topic: Topic) -> None:
    """Each labelled text in each disguise: does its verdict stay?"""
    path = SHARED / "domain" / "labels-dev.jsonl"
    if not path.exists():
        print(f"disguises: no {path.name} here")
        return
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    for name, disguise in DISGUISES.items():
        kept, lost, gained = 0, [], []
        for row in rows:
            plain = set(matching.match_text(row["title"], row["text"], topic).labels)
            hidden = set(
                matching.match_text(disguise(row["title"]), disguise(row["text"]), topic).labels
            )
            kept += plain == hidden
            lost += [row["id"]] if plain - hidden else []
            gained += [row["id"]] if hidden - plain else []
        print(
            f"disguise {name}: {kept} of {len(rows)} verdicts as before, lost "
            f"{lost or 'none'}, gained {gained or 'none'}"
        )


def speed(topic: Topic, every: int, rounds: int) -> None:
    """Raw text to verdict, beside a bare automaton over folded text and flashtext over raw text."""
    rows = [(r["title"] or "", r["text"]) for r in _rows("data/text/saudinewsnet.jsonl.gz", every)]
    if not rows:
        return
    ready = matching.Matcher(topic)
    words = sorted(set(_plain_forms(ready.vocabulary.entries)))
    megabytes = sum(len(title.encode()) + len(text.encode()) for title, text in rows) / 1e6
    print(
        f"speed: {len(rows)} articles, {megabytes:.1f} MB, {len(words)} forms; CPU "
        f"seconds, best of {rounds}"
    )
    folded = [
        " ".join(ar.unify_letters(word) for word in plain_words(f"{a} \n{b}")) for a, b in rows
    ]
    runs: dict[str, Callable[[], object]] = {
        BARE: _bare(words, folded),
        OURS: lambda: sum(bool(ready.match(matching.text_fields(a, b)).labels) for a, b in rows),
    }
    flash = _flashtext(words, rows)
    if flash is not None:
        runs["flashtext, raw text"] = flash
    best: dict[str, float] = {}
    ratios = []
    for _ in range(rounds):
        spent = {
            name: _seconds(run)
            for name, run in runs.items()
            if name not in best or run is not flash
        }
        ratios.append(spent[BARE] / spent[OURS])
        best = {name: min(best.get(name, 1e9), spent.get(name, 1e9)) for name in runs}
    for name, seconds in best.items():
        print(f"  {name}: {seconds:.2f} s, {megabytes / seconds:.1f} MB/s")
    passed = sum(ready.prefilter.may_match(a, b) for a, b in rows)
    print(f"  the gate lets {passed} pass ({passed / len(rows):.1%})")
    each = ", ".join(f"{ratio:.2f}" for ratio in ratios)
    print(
        f"  rasd / bare pyahocorasick: {best[BARE] / best[OURS]:.2f} ×, round by round "
        f"{each} (goal ≥ 0.5)"
    )
    if flash is not None:
        print(f"  rasd / flashtext: {best['flashtext, raw text'] / best[OURS]:.1f} × (goal ≥ 4)")


def _plain_forms(entries: Iterable[Entry]) -> Iterator[str]:
    """All forms of all terms as folded words with single spaces, for the peers' plain search."""
    for entry in entries:
        heads = [min(words, key=len) for words in entry.pattern[:-1] if words]
        yield from (" ".join((*heads, last)) for last in sorted(entry.pattern[-1]))


def _bare(words: list[str], texts: list[str]) -> Callable[[], object]:
    automaton = ahocorasick.Automaton()
    for word in words:
        automaton.add_word(word, word)
    automaton.make_automaton()

    def run() -> None:
        for text in texts:
            for _ in automaton.iter(text):
                pass

    return run


def _flashtext(words: list[str], rows: list[tuple[str, str]]) -> Callable[[], object] | None:
    try:
        from flashtext import KeywordProcessor
    except ImportError:
        print("  flashtext is not installed (the bench extra): left out")
        return None
    keywords = KeywordProcessor()
    for word in words:
        keywords.add_keyword(word)
    return lambda: [(keywords.extract_keywords(a), keywords.extract_keywords(b)) for a, b in rows]


def _seconds(run: Callable[[], object]) -> float:
    started = time.process_time()
    run()
    return time.process_time() - started


def _rows(name: str, every: int = 1) -> list[Row]:
    path = SHARED / name
    if not path.exists():
        print(f"no {path.name} here: left out")
        return []
    return list(_each(path, every))


def _each(path: Path, every: int) -> Iterator[Row]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if number % every == 0:
                yield json.loads(line)


if __name__ == "__main__":
    main()
