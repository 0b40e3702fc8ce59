"""The language of headlines and paragraphs, and how fast it is recognised, lingua beside us.

Held out: titles and first paragraphs of ``../shared/data`` (ar, fr, en), of which no rule was
made, and the lines of ``benchmarks/headlines`` (es, fa, ckb). lingua is asked to choose between
the very languages in play (it has no Sorani: those lines are counted apart), in its fast and its
careful mode.

``python -m benchmarks.language`` (lingua: ``make peers``)
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import median

from crawler.languages.detect import detect

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
OURS = Path(__file__).parent / "headlines"
MOST = 400  # lines a language and kind
MORE = 8_000  # … for speed: a watch reads thousands of texts a day, and their words repeat
ROUNDS = 7
PRESS = (("ar", "jawhara"), ("fr", "morocco-media-fr"))
Lines = list[tuple[str, str]]  # (language, text)
Teller = Callable[[str], str]


def main() -> None:
    """Measure and print."""
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    sets = {"headlines": held_out("title"), "paragraphs": held_out("paragraph")}
    tellers: dict[str, Teller] = {"rasd": lambda text: detect(text, ("ar", "fr", "en")), **peers()}
    for name, lines in sets.items():
        counted = Counter(language for language, _ in lines)
        print(
            f"\n== {name}: "
            + "  ".join(f"{language} {n}" for language, n in sorted(counted.items()))
        )
        for teller, tell in tellers.items():
            print(f"  {teller:16} {quality(tell, lines)}")
        speed(
            tellers,
            shuffled(
                text
                for _, text in held_out(name.removesuffix("s").replace("headline", "title"), MORE)
            ),
        )


def quality(tell: Teller, lines: Lines) -> str:
    """Share of lines named rightly: all that lingua knows, then each language, then the errors."""
    wrong = [(language, said, text) for language, text in lines if (said := tell(text)) != language]
    totals = Counter(language for language, _ in lines)
    missed = Counter(language for language, _, _ in wrong)
    known = sum(n for language, n in totals.items() if language != "ckb")
    right = 1 - sum(n for language, n in missed.items() if language != "ckb") / known
    each = "  ".join(f"{name} {1 - missed[name] / n:.3f}" for name, n in sorted(totals.items()))
    said = (
        "".join(f"\n      {a} as {b}: {text[:70]}" for a, b, text in wrong[:6])
        if "-v" in sys.argv
        else ""
    )
    return f"{right:.4f} without ckb   {each}{said}"


def speed(tellers: dict[str, Teller], texts: list[str]) -> None:
    """Texts a second, each text told once by each: a fifth warms, as a running daemon is warm,
    the rest is timed in slices in which each takes its turn; the median slice and the median
    ratio."""
    warming, timed = texts[::5], [text for n, text in enumerate(texts) if n % 5]
    took: dict[str, list[float]] = {name: [] for name in tellers}
    for n in range(ROUNDS + 1):
        part = timed[n - 1 :: ROUNDS] if n else warming
        for name, tell in tellers.items():
            began = time.process_time()
            for text in part:
                tell(text)
            took[name] += [(time.process_time() - began) / len(part)] if n else []
    for name, seconds in took.items():
        ratio = median(a / b for a, b in zip(seconds, took["rasd"], strict=True))
        said = "" if name == "rasd" else f"   rasd is {ratio:.1f} x as fast"
        print(f"  {name:16} {1 / median(seconds):10,.0f} texts a second{said}")
    print(
        f"  rasd: {median(took['rasd']) * 1e6:.1f} µs a text of "
        f"{sum(map(len, timed)) / len(timed):.0f} characters"
    )


def held_out(kind: str, most: int = MOST) -> Lines:
    """The lines of a kind; of what is not on this machine, none."""
    lines: Lines = []
    if DATA.is_dir():
        for language, name in PRESS:
            packed = (DATA / "text" / f"{name}.jsonl.gz").read_bytes()
            rows = (json.loads(line) for line in gzip.decompress(packed).splitlines())
            lines += take(language, (_of(row, kind) for row in rows), most)
        lines += take("en", english(kind), most)
    else:
        print("the shared texts are not on this machine: ar, fr and en are left out")
    for path in sorted(OURS.glob("*.txt")):
        own = path.read_text(encoding="utf-8").splitlines()
        lines += take(
            path.stem, (line for line in own if (len(line) > 100) == (kind == "paragraph")), most
        )
    return lines


def _of(row: dict[str, str], kind: str) -> str:
    text = row.get("text") or row.get("lede") or row.get("body") or ""
    return (row.get("title") or "") if kind == "title" else text.split("\n")[0][:600]


def english(kind: str) -> Iterable[str]:
    """Titles and paragraphs of the one set of pages that is in English alone; a short first
    sentence is as long as a headline, and counts as one."""
    folder = DATA / "html" / "fundus-us"
    for line in (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines():
        told = json.loads(line)["expected"]
        paragraphs = [p for p in (told.get("text") or "").split("\n") if len(p) > 100]
        if kind == "title":
            yield told.get("title") or ""
            yield from (first for p in paragraphs if len(first := p.split(". ")[0]) < 100)
        else:
            yield from (p[:600] for p in paragraphs)


def shuffled(texts: Iterable[str]) -> list[str]:
    """The texts in an order that has nothing to do with their languages, and is always the same."""
    return sorted(texts, key=lambda text: hashlib.sha256(text.encode()).digest())


def take(language: str, texts: Iterable[str], most: int) -> Lines:
    """At most ``most`` different lines that hold words."""
    fit = (text.strip() for text in texts if len(text.split()) >= 3)
    return [(language, text) for text in list(dict.fromkeys(fit))[:most]]


def peers() -> dict[str, Teller]:
    """lingua in both modes, if it is installed."""
    try:
        from lingua import Language, LanguageDetectorBuilder
    except ImportError:
        print("lingua is not installed: make peers")
        return {}
    among = (Language.ARABIC, Language.ENGLISH, Language.FRENCH, Language.PERSIAN, Language.SPANISH)
    build = LanguageDetectorBuilder.from_languages
    fast = build(*among).with_preloaded_language_models().with_low_accuracy_mode().build()
    careful = build(*among).with_preloaded_language_models().build()

    def told(detector: object) -> Teller:
        def tell(text: str) -> str:
            found = detector.detect_language_of(text)  # type: ignore[attr-defined]
            return found.iso_code_639_1.name.lower() if found else "und"

        return tell

    return {"lingua fast": told(fast), "lingua careful": told(careful)}


if __name__ == "__main__":
    main()
