"""The desk's seeds and configuration, and what it does to them while the daemon runs."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from tests.fortnight import newsstand, post_office
from tests.fortnight.newsstand import Newsstand
from tests.places import SEEDS

RECIPE = "desk"
SMTP_READERS = ("first@desk.test", "second@desk.test")
DEAD_READER = "gone@desk.test"
LEXICON = {
    "dry-dock": "{fr: [bassin de radoub], en: [dry dock], ar: [الحوض الجاف]}",
    "lighthouse": "{fr: [phare], en: [lighthouse], ar: [منارة]}",
}
HARBOUR = """
title: {ar: الميناء, fr: Le port, en: The harbour}
labels:
  harbour:
    title: {ar: ميناء, fr: port, en: harbour}
    rule: RULE
matches:
  - {text: "The dry dock is closed.", labels: [harbour]}
misses:
  - {text: "The market is open."}
"""


class Office:
    """The desk's folder: seeds, configuration, a reader's Maildir."""

    def __init__(self, folder: Path, stand: Newsstand, outlets: Sequence[str]) -> None:
        self.folder, self.stand = folder, stand
        self.seeds, self.config = folder / "seeds", folder / "rasd.toml"
        self.maildir = folder / "inbox"
        self.watched: list[str] = []
        self.outlets = list(outlets)  # all that are ever watched: names must lead somewhere

    @property
    def readers(self) -> tuple[str, ...]:
        """Those whose mailboxes exist."""
        return (*SMTP_READERS, str(self.maildir))

    def furnish(self, watched: Sequence[str], own_server: str, every: str) -> None:
        """Write seeds for these outlets; ``own_server`` is the one that can be down by itself."""
        for name in ("lexicon", "queries"):
            shutil.copytree(SEEDS / name, self.seeds / name)
        self._write("topics/morocco-iraq.yml", (SEEDS / "topics/morocco-iraq.yml").read_text())
        for name, terms in LEXICON.items():
            self._write(f"lexicon/{name}.yml", f"title: {{en: {name}}}\nterms: {terms}\n")
        self.edit_topic("concept:dry-dock")
        self.every, self._own_server = every, own_server
        for slug in watched:
            self.add_source(slug)

    def add_source(self, slug: str) -> None:
        """Watch one more outlet."""
        self.watched.append(slug)
        base, language = self.stand.base(slug), newsstand.language_of(slug)
        self._write(
            f"sources/zz/{slug}.yml",
            f"name: {slug}\nhome: {base}/\ncountry: MA\nlanguages: [{language}]\n"
            f'timezone: UTC\nfeeds:\n  - {{url: "{base}/feed", every: {self.every}}}\n',
        )

    def remove_source(self, slug: str) -> None:
        """Watch an outlet no more."""
        self.watched.remove(slug)
        (self.seeds / f"sources/zz/{slug}.yml").unlink()

    def edit_topic(self, rule: str) -> None:
        """Have the desk's own topic flag something else."""
        self._write("topics/harbour.yml", HARBOUR.replace("RULE", rule))

    def break_seed(self, is_broken: bool) -> None:
        """Leave a file in the seeds that no program can read, or mend it."""
        rule = "concept:dry-dock" if not is_broken else "concept:dry-dokc"
        text = f"title: {{en: by the water}}\nquery: {rule}\n"
        self._write("queries/by-the-water.yml", text)

    def configure(self, start: datetime, hour: datetime, mail_port: int, max_events: int) -> None:
        """Write the digest's recipe, sent at this hour, and ``rasd.toml`` with all readers."""
        self._write(
            f"digests/{RECIPE}.yml",
            "title: {ar: المكتب, fr: Le bureau, en: The desk}\ntopics: [morocco-iraq, harbour]\n"
            f'languages: [en, fr, ar]\nhour: "{hour:%H:%M}"\ntimezone: UTC\nwhen_empty: silence\n'
            f"max_events: {max_events}\n",
        )
        hosts = "".join(f'"{slug}.test" = "{self._address(slug)}"\n' for slug in self.outlets)
        places = (newsstand.ADDRESS, newsstand.OWN_ADDRESS)
        allowed = ", ".join(f'"{place}/32:{self.stand.port}"' for place in places)
        readers = "".join(
            f'[[subscribers]]\ndigest = "{RECIPE}"\naddress = "{reader}"\n'
            for reader in self.readers
        )
        self.config.write_text(
            f'archive = "sqlite:///{self.folder}/var/rasd.sqlite"\nseeds = "{self.seeds}"\n'
            f"tick_seconds = 0.2\n[network]\nallow = [{allowed}]\n[network.hosts]\n{hosts}"
            f'[crawl]\ncontact = "desk@example.org"\ndelay_seconds = 0.001\n'
            f"[reading]\nworkers = 1\n"
            f'[smtp]\nhost = "{post_office.HOST}"\nport = {mail_port}\nsecurity = "none"\n'
            f'sender = "rasd <rasd@desk.test>"\n{readers}',
            encoding="utf-8",
        )

    def _address(self, slug: str) -> str:
        return newsstand.OWN_ADDRESS if slug == self._own_server else newsstand.ADDRESS

    def _write(self, path: str, text: str) -> None:
        place = self.seeds / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
