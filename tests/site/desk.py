"""A user's own desk for the papers: a seeds folder and a configuration, written to a folder."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.site import press
from tests.site.server import Newspaper

PROJECT = Path(__file__).resolve().parents[2]


def write(folder: Path, paper: Newspaper, *, allow: bool = True, more: str = "") -> Path:
    """Seeds (the project's topic and lexicon, the papers as sources) and ``rasd.toml``; its path.

    ``more`` is appended to the configuration; ``allow=False`` leaves the network closed. One reader
    is enough for a dozen stories, and each costs a second to start.
    """
    if "[reading]" not in more:
        more += "\n[reading]\nworkers = 1\n"
    seeds = folder / "seeds"
    for name in ("lexicon", "queries", "topics", "digests"):
        shutil.copytree(PROJECT / "seeds" / name, seeds / name, dirs_exist_ok=True)
    for p in press.PAPERS.values():
        path = seeds / "sources" / "zz" / f"{p.host.partition('.')[0]}.yml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            f'name: "{p.name}"\nnames: {{{p.key}: "{p.local_name}"}}\nhome: {paper.base(p.key)}/\n'
            f"country: MA\nlanguages: [{p.key}]\ntimezone: Africa/Casablanca\n"
            f'feeds:\n  - {{url: "{paper.feed_url(p.key)}", every: 15m}}\n',
            encoding="utf-8",
        )
    hosts = "\n".join(f'"{p.host}" = "{paper.address}"' for p in press.PAPERS.values())
    allowed = f'"{paper.address}/32:{paper.port}"' if allow else ""
    config = folder / "rasd.toml"
    config.write_text(
        f'archive = "sqlite:///{folder}/var/rasd.sqlite"\nseeds = "{seeds}"\n{more}\n'
        f"[network]\nallow = [{allowed}]\n\n[network.hosts]\n{hosts}\n\n"
        f'[crawl]\ncontact = "desk@example.org"\ndelay_seconds = 0.02\n',
        encoding="utf-8",
    )
    return config
