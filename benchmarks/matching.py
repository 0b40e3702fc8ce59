"""How fast and how sure a text becomes a verdict: ``python -m benchmarks.matching``.

Prints, with ratios: raw text to verdict against a bare pyahocorasick over already folded text and
against flashtext over the raw text (same words, same run, one core); the exact judgement of
articles that name both sides; time and memory of a compiled topic; what the gate lets pass; and
whether labelled texts keep their labels in every disguise. Uses the shared articles, and says what
is not there.
"""

from __future__ import annotations

import argparse
import gzip
import json
import resource
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import ahocorasick

from crawler import app, gate, matching
from crawler.languages import ar, plain_words
from crawler.topics import Topic
from tests.disguises import DISGUISES

SHARED = Path(__file__).resolve().parents[2] / "shared"
Row = dict[str, Any]


def main() -> None:
    """Everything, or the parts that are named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", help="speed, exact, compiled, disguises; all if none")
    parser.add_argument("--topic", default="morocco-iraq")
    parser.add_argument("--every", type=int, default=1, help="take each n-th article for the speed")
    parser.add_argument("--rounds", type=int, default=2, help="the fastest of so many counts")
    asked = parser.parse_args()
    topic = app.load_seeds(None).topics[asked.topic]
    if not asked.parts or "compiled" in asked.parts:
        compiled(topic)
    if not asked.parts or "exact" in asked.parts:
        exact(topic)
    if not asked.parts or "disguises" in asked.parts:
        disguises(topic)
    if not asked.parts or "speed" in asked.parts:
        speed(topic, asked.every, asked.rounds)


def compiled(topic: Topic) -> None:
    """Time and memory of a topic made ready."""
    spent = min(_seconds(lambda: matching.Matcher(topic)) for _ in range(3))
    tracemalloc.start()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    ready = matching.Matcher(topic)
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    automaton = sys.getsizeof(ready.gate.automaton)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    print(f"compiled: {len(ready.vocabulary.entries)} patterns in {spent:.3f} s (goal ≤ 1)")
    print(
        f"  {held / 1e6:.1f} MB of Python objects and {automaton / 1e6:.1f} MB of automaton, "
        f"peak grown by {grown / 1e3:.1f} MB (goal ≤ 50)"
    )


def exact(topic: Topic) -> None:
    """The verdict without the gate, on real articles that name both sides."""
    rows = _rows("data/text/both-dev.jsonl.gz")
    if not rows:
        return
    ready = matching.Matcher(topic)
    fields = [matching.text_fields(row["title"], row["text"]) for row in rows]
    spent = sorted(_seconds(lambda f=f: ready.exactly(f)) for f in fields * 2)  # type: ignore[misc]
    median, high = spent[len(spent) // 2], spent[int(len(spent) * 0.95)]
    characters = sum(len(row["text"]) for row in rows) // len(rows)
    print(f"exact judgement: {len(rows)} articles of {characters} characters on average")
    print(f"  median {median * 1e3:.2f} ms, 95 % within {high * 1e3:.2f} ms, longest {spent[-1] * 1e3:.2f} ms (goal ≤ 5)")


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
            hidden = set(matching.match_text(disguise(row["title"]), disguise(row["text"]), topic).labels)
            kept += plain == hidden
            lost += [row["id"]] if plain - hidden else []
            gained += [row["id"]] if hidden - plain else []
        print(f"disguise {name}: {kept} of {len(rows)} verdicts as before, lost {lost or 'none'}, gained {gained or 'none'}")


def speed(topic: Topic, every: int, rounds: int) -> None:
    """Raw text to verdict, beside a bare automaton over folded text and flashtext over raw text."""
    rows = [(r["title"] or "", r["text"]) for r in _rows("data/text/saudinewsnet.jsonl.gz", every)]
    if not rows:
        return
    ready = matching.Matcher(topic)
    words = sorted(set(gate.forms(ready.vocabulary.entries)))
    megabytes = sum(len(title.encode()) + len(text.encode()) for title, text in rows) / 1e6
    print(f"speed: {len(rows)} articles, {megabytes:.1f} MB, {len(words)} forms; CPU seconds, best of {rounds}")
    folded = [" ".join(ar.letters(word) for word in plain_words(f"{a} \n{b}")) for a, b in rows]
    runs = {
        "bare pyahocorasick, folded text": _bare(words, folded),
        "rasd, raw text to verdict": lambda: sum(
            bool(ready.match(matching.text_fields(a, b)).labels) for a, b in rows
        ),
    }
    flash = _flashtext(words, rows)
    best: dict[str, float] = {}
    for _ in range(rounds):
        for name, run in runs.items():
            best[name] = min(best.get(name, 1e9), _seconds(run))
    if flash is not None:
        best["flashtext, raw text"] = _seconds(flash)
    for name, spent in best.items():
        print(f"  {name}: {spent:.2f} s, {megabytes / spent:.1f} MB/s")
    bare, ours = best["bare pyahocorasick, folded text"], best["rasd, raw text to verdict"]
    passed = sum(ready.gate.maybe(a, b) for a, b in rows)
    print(f"  the gate lets {passed} pass ({passed / len(rows):.1%})")
    print(f"  rasd / bare pyahocorasick: {bare / ours:.2f} × (goal ≥ 0.5)")
    if flash is not None:
        print(f"  rasd / flashtext: {best['flashtext, raw text'] / ours:.1f} × (goal ≥ 4)")


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
