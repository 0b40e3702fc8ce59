"""``make demo``: the whole loop in a minute, without a network.

Serves the papers of ``tests/site`` on loopback and runs the installed ``rasd`` as any user would,
with a configuration and seeds of its own; then holds what rasd says against the papers' access log.
"""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.site import desk
from tests.site.server import Newspaper

RASD = Path(sys.executable).with_name("rasd")


def main() -> int:
    """Run the demo; 0 if every count agrees."""
    began = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="rasd-demo-"))
    with Newspaper() as paper:
        config = desk.write(folder, paper)
        print(
            f"three small newspapers with {len(paper.stories)} stories are served on this machine, "
            f"at {paper.address}:{paper.port};\nrasd watches them from {folder}. It takes about a "
            "minute.\n",
            flush=True,
        )
        run(config, "subscribe", "daily", str(folder / "inbox"))
        run(config, "poll", "--all")
        fetched = len(paper.article_hits())
        run(config, "poll", "--all")
        again = len(paper.article_hits()) - fetched
        run(config, "digest", "send")
        run(config, "search", "العراق AND اتفاقية")
        run(config, "digest", "preview", "--html", str(folder / "digest.html"), quiet=True)
        counts = json.loads(run(config, "status", "--json", quiet=True))["counts"]
        flagged = json.loads(run(config, "search", "--label", "bilateral", "--json", quiet=True))
    mails = len(list((folder / "inbox" / "new").iterdir()))
    expected = sum(bool(s.labels) for s in paper.stories)
    print(
        f"the papers' own log: {fetched} article pages fetched, {again} fetched again "
        "by the second poll"
    )
    agreed = (
        fetched == len(paper.stories) == counts["articles"]
        and again == 0
        and counts["flagged"] == expected
        and mails == 1
    )
    print(
        "every count agrees"
        if agreed
        else f"THE COUNTS DIFFER: {counts}, expected {expected} flagged"
    )
    print(
        f"demo polled={counts['polls']} new={counts['sightings']} kept={counts['articles']} "
        f"flagged={counts['flagged']} mailed={mails} seconds={time.monotonic() - began:.1f}\n"
    )
    print("\n".join(ending(flagged[0], config)))
    return 0 if agreed else 1


def ending(article: Mapping[str, Any], config: Path) -> list[str]:
    """A flagged article with its proof, and where all of it lies: lines that can be pasted."""
    folder = config.parent
    proof = max(article["evidence"], key=lambda line: (bool(line["sentence"]), line["points"]))
    label = proof["label"]
    show = shlex.join([str(RASD), "--config", str(config), "show", str(article["id"])])
    return [
        f"flagged:  {article['headline']}",
        f"label:    {label}, score {article['score'][label]:.2f}",
        f"proof:    {proof['name']} ({proof['points']:+d}): «{proof['sentence']}»",
        "",
        f"all of it, with its proof highlighted:  {show}",
        f"the digest, in a browser:               {(folder / 'digest.html').as_uri()}",
        f"the same as a mail:                     {shlex.quote(str(folder / 'inbox'))}",
        f"when you have seen enough:              rm -r {shlex.quote(str(folder))}",
        "then:  make run",
    ]


def run(config: Path, *words: str, quiet: bool = False) -> str:
    """One command, shown with its output as a user would see it."""
    done = subprocess.run(
        [str(RASD), "--config", str(config), *words],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    if not quiet:
        print(f"$ rasd {' '.join(words)}\n{done.stderr}{done.stdout}")
    if done.returncode:
        sys.exit(f"rasd {words[0]} ended with {done.returncode}: {done.stderr}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
