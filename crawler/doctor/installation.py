"""The configuration, the seeds, and what the machine has: programs, versions, clock, time zones."""

from __future__ import annotations

import os
import platform
import shutil
import sqlite3
import subprocess
import zoneinfo
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from importlib import import_module, resources
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from crawler import __version__, matching, spiders
from crawler import seeds as seed_files
from crawler.app import recipients
from crawler.channels.smtp import sender_of
from crawler.config import Config
from crawler.errors import ConfigError, SeedError
from crawler.monitoring import doctor
from crawler.monitoring.doctor import Check, fail, ok
from crawler.seeds.folder import load_seeds
from storage.archive_file import refusal, sqlite_file

RELEASED = date(2026, 11, 1)  # of this rasd: no correct clock is before it
CLOCK_SECONDS = 5  # for the time service's answer
COMPARED_DAYS = 366  # that two tables of a zone are compared over, a look every six hours
_CHROMIUM = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
_LIBRARIES = ("scrapy", "twisted", "trafilatura", "sqlalchemy", "apscheduler")


@dataclass(slots=True)
class Seeds:
    """The seeds of a folder, or why there are none."""

    folder: Path | None
    loaded: seed_files.Seeds = field(default_factory=seed_files.Seeds)
    problems: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        try:
            self.loaded = load_seeds(self.folder, spiders.kinds())
        except (SeedError, ConfigError) as error:
            self.problems = tuple(str(error).splitlines())


def configuration(chosen: Config, found: Seeds) -> Check:
    """What ``rasd config --check`` says."""
    try:
        problems = list(config_problems(chosen, None if found.problems else found.loaded))
    except ConfigError as error:
        problems = str(error).splitlines()
    if problems:
        page = "docs/how-to/configure.md"
        return fail("configuration", "; ".join(problems), "mend it: rasd config --check", page)
    return ok("configuration", f"good; {chosen.folder}")


def config_problems(chosen: Config, found: seed_files.Seeds | None) -> Iterator[str]:
    """Yield what the settings name and the machine does not have, in a line each; without seeds,
    nothing of what depends on them.

    Raises ConfigError for what cannot be read at all.
    """
    sender_of(chosen)
    if found is not None:
        if not found.sources:
            yield "seeds: no source in them, so nothing can be watched"
        for recipient in recipients.configured(chosen, found):
            if recipient.channel == "maildir" and (why := cannot_make(Path(recipient.address))):
                yield f"subscribers: {recipient.address}: {why}"
    if (file := sqlite_file(chosen.archive)) is not None:
        if problem := refusal(file, writing=True):
            yield f"archive: {problem}"
        elif problem := _irregular(file) if file.exists() else cannot_make(file.parent):
            yield f"archive: {file}: {problem}"
    if chosen.crawl.browser and shutil.which(chosen.crawl.browser) is None:
        yield f"crawl.browser: {chosen.crawl.browser!r} is no program"


def _irregular(path: Path) -> str:
    return "" if path.is_file() else "is no regular file"


def cannot_make(folder: Path) -> str:
    """Why a folder cannot be used or made; "" if it can."""
    nearest = next(one for one in (folder, *folder.parents) if os.path.exists(one))
    if not nearest.is_dir():
        return f"{nearest} is no folder"
    return "" if os.access(nearest, os.W_OK | os.X_OK) else f"{nearest} cannot be written"


def seeds(found: Seeds) -> Check:
    """Whether they can be read, and whether the topics' examples hold."""
    page = "docs/reference/seed-files.md"
    if found.problems:
        more = f" and {len(found.problems) - 1} more" if len(found.problems) > 1 else ""
        return fail("seeds", f"{found.problems[0]}{more}", "mend them: rasd seeds check", page)
    topics = found.loaded.topics
    failed = [slug for slug, topic in topics.items() if matching.failed_examples(topic)]
    if failed:
        text = f"examples of {', '.join(failed)} come out otherwise"
        return fail("seeds", text, "rasd seeds check names them", "docs/how-to/build-a-topic.md")
    whole = found.loaded
    counted = f"{len(whole.sources)} sources, {len(topics)} topics, {len(whole.concepts)} concepts"
    return ok("seeds", f"{counted}, {len(whole.digests)} digests")


def office_holders(found: Seeds, now: datetime) -> Check:
    """Offices of the lexicon without a holder."""
    return doctor.office_holders(found.loaded.concepts.values(), now)


def versions() -> Check:
    """Of Python, rasd and the libraries that decide what is read; and whether SQLite can search."""
    from lxml import etree

    libxml2 = ".".join(map(str, etree.LIBXML_VERSION))
    parts = [f"rasd {__version__}", f"Python {platform.python_version()}"]
    parts += [f"{name} {version(name)}" for name in _LIBRARIES]
    parts += [f"SQLite {sqlite3.sqlite_version}", f"libxml2 {libxml2}"]
    found = ", ".join(parts)
    if not _has_full_text():
        advice = "install a Python whose SQLite has the full-text extension"
        return fail("versions", f"{found}: SQLite has no FTS5", advice)
    return ok("versions", found)


def _has_full_text() -> bool:
    with closing(sqlite3.connect(":memory:")) as c:
        try:
            c.execute("CREATE VIRTUAL TABLE t USING fts5(x)")
        except sqlite3.OperationalError:
            return False
    return True


def browser(chosen: Config, found: seed_files.Seeds) -> Check:
    """The Chromium that sources with ``render: true`` need."""
    slugs = [s.slug for s in found.sources.values() if any(f.render for f in s.feeds)]
    if not slugs:
        return ok("browser", "no source needs one")
    needs = f"needed by {', '.join(slugs[:5])}"
    page = "docs/how-to/configure.md"
    if find_spec("scrapy_playwright") is None:
        return fail("browser", f"{needs}: the extra js is missing", "pip install 'rasd[js]'", page)
    names = (chosen.crawl.browser,) if chosen.crawl.browser else _CHROMIUM
    place = next((place for name in names if (place := shutil.which(name))), None)
    if place is None:
        return fail("browser", f"{needs}: none found", "apt install chromium", page)
    return ok("browser", f"{place}, {needs}")


# ── time ──────────────────────────────────────────────────────────────────────────────────────


def clock(now: datetime, offsets: Sequence[timedelta]) -> Check:
    """``offsets``: of our clock to those of servers, as their last answers say."""
    return doctor.clock(now, _synchronized(), offsets, RELEASED)


def _synchronized() -> bool | None:
    """Whether the system's time service has set the clock; None if there is none to ask."""
    if (program := shutil.which("timedatectl")) is None:
        return None
    command = [program, "show", "--property=NTPSynchronized", "--value"]
    try:
        said = subprocess.run(command, capture_output=True, text=True, timeout=CLOCK_SECONDS)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return {"yes": True, "no": False}.get(said.stdout.strip()) if said.returncode == 0 else None


def zones(found: seed_files.Seeds, now: datetime) -> Check:
    """The tables of the zones in which sources print dates and digests go out."""
    named = {source.timezone for source in found.sources.values()}
    named |= {recipe.timezone for recipe in found.digests.values()}
    missing, differing = [], dict[str, date]()
    for name in sorted(named):
        try:
            used = zoneinfo.ZoneInfo(name)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError):
            missing.append(name)
            continue
        packaged = _packaged(name)
        if packaged is not None and (day := _first_difference(used, packaged, now)) is not None:
            differing[name] = day
    tables = _tables_version(), _system_tables_version()
    return doctor.zones(missing, differing, tables, len(named), now)


def _system_tables_version() -> str:
    """Of the system's tables, such as 2026a; "" if it has none, or does not say it."""
    for folder in zoneinfo.TZPATH:
        try:
            with (Path(folder) / "tzdata.zi").open(encoding="ascii", errors="replace") as file:
                return file.readline().removeprefix("# version ").strip()
        except OSError:
            continue
    return ""


def _tables_version() -> str:
    """Of Python's ``tzdata``, such as 2026a; "" if it is not installed."""
    return str(getattr(import_module("tzdata"), "IANA_VERSION", "")) if find_spec("tzdata") else ""


def _packaged(name: str) -> zoneinfo.ZoneInfo | None:
    """The zone as Python's ``tzdata`` has it; None if it has not."""
    try:
        with resources.files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as file:
            return zoneinfo.ZoneInfo.from_file(file, key=name)
    except (ModuleNotFoundError, OSError):
        return None


def _first_difference(
    one: zoneinfo.ZoneInfo, other: zoneinfo.ZoneInfo, now: datetime
) -> date | None:
    """The first day of the year to come on which two tables of a zone differ."""
    for looks in range(4 * COMPARED_DAYS):
        at = now + timedelta(hours=6 * looks)
        if at.astimezone(one).utcoffset() != at.astimezone(other).utcoffset():
            return at.date()
    return None
