"""rasd for people who know Scrapy: the real ``scrapy`` command on a newspaper on loopback."""

from __future__ import annotations

import csv
import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from crawler.engine.setting_rules import RULES
from crawler.exports.cells import cells
from storage import lock
from tests import forks, howto
from tests.site import desk
from tests.site.server import Newspaper

SECONDS = 500.0
LOG_LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ \[(debug|info|warning|error) *\] \S")
FORMATS = ("json", "jsonl", "csv", "xml")
PRIVATE = "http://10.0.0.1/"


@dataclass(frozen=True)
class User:
    """A Scrapy user: a folder with ``scrapy.cfg``, a configuration, a newspaper."""

    folder: Path
    config: Path
    paper: Newspaper

    def scrapy(self, *words: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Run ``scrapy`` with these words to its end."""
        return subprocess.run(
            [sys.executable, "-m", "scrapy", *words],
            cwd=cwd or desk.PROJECT,
            env=os.environ | {"RASD_CONFIG": str(self.config), "PYTHONPATH": str(desk.PROJECT)},
            stdin=subprocess.DEVNULL,  # an interactive shell ends there
            capture_output=True,
            text=True,
            timeout=SECONDS,
        )

    def rasd(self, *words: str) -> Any:
        """What ``rasd … --json`` answers."""
        done = forks.run(["--config", str(self.config), *words, "--json"], cwd=self.folder)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def page(self, path: str, paper: str = "en") -> str:
        """The address of a page."""
        return self.paper.base(paper) + path


@pytest.fixture(scope="module")
def user(tmp_path_factory: pytest.TempPathFactory) -> Iterator[User]:
    """One desk for all tests: what one crawl has stored, the others look at."""
    folder = tmp_path_factory.mktemp("scrapy")
    with Newspaper() as paper:
        yield User(folder, desk.write(folder, paper), paper)


@pytest.fixture(scope="module")
def crawled(user: User) -> subprocess.CompletedProcess[str]:
    """A crawl of the Arabic paper into five feeds, one of them stdout."""
    files = [word for kind in FORMATS for word in ("-O", str(user.folder / f"items.{kind}"))]
    done = user.scrapy("crawl", "feed", "-a", "source=al-masar", *files, "-O", "-:jsonlines")
    assert done.returncode == 0, done.stderr
    return done


@pytest.fixture(scope="module")
def found(user: User, crawled: object) -> dict[int, dict[str, Any]]:
    """What ``rasd search --json`` answers, by id."""
    rows = user.rasd("search", "", "--source", "al-masar", "--limit", "100")
    assert len(rows) == sum(story.paper == "ar" for story in user.paper.stories)
    assert any(row["evidence"] and row["actors"] is not None for row in rows)
    return {row["id"]: row for row in rows}


# ── four formats ──────────────────────────────────────────────────────────────────────────────


def test_json_and_json_lines_equal_a_search(user: User, found: Mapping[int, Any]) -> None:
    """Field by field, for the same articles; each article once."""
    array = json.loads((user.folder / "items.json").read_text("utf-8"))
    lines = [json.loads(x) for x in (user.folder / "items.jsonl").read_text("utf-8").splitlines()]
    for items in (array, lines):
        assert {item["id"]: item for item in items} == found and len(items) == len(found)


def test_csv_equals_a_search(user: User, found: Mapping[int, Any]) -> None:
    """A cell a field, as the article record's page describes; no list or object of Python's."""
    with (user.folder / "items.csv").open(encoding="utf-8", newline="") as file:
        items = {int(item["id"]): item for item in csv.DictReader(file)}
    for number, row in found.items():
        assert items[number] == {name: str(cell) for name, cell in cells(row).items()}
    assert items.keys() == found.keys()


def test_xml_equals_a_search(user: User, found: Mapping[int, Any]) -> None:
    """An element a field, one named ``value`` for each of a list; unknown is empty."""
    items = etree.parse(str(user.folder / "items.xml")).getroot()
    assert {int(item.findtext("id")): from_xml(item) for item in items} == {
        number: in_texts(row) for number, row in found.items()
    }


def from_xml(element: Any) -> Any:
    """A text, a list of its elements named ``value``, or an object of the others."""
    if not len(element):
        return element.text or ""
    if element[0].tag == "value":
        return [from_xml(one) for one in element]
    return {one.tag: from_xml(one) for one in element}


def in_texts(value: Any, name: str = "") -> Any:
    """A row as XML can have it: docs/how-to/for-scrapy-users.md describes it."""
    match value:
        case _ if value in (None, [], {}):
            return ""
        case bool():
            return str(value).lower()
        case dict() if name == "score":
            return [{"label": label, "score": str(score)} for label, score in value.items()]
        case dict():
            return {key: in_texts(one, key) for key, one in value.items()}
        case list():
            return [in_texts(one) for one in value]
    return str(value)


def test_stdout_has_items_and_stderr_all_else(
    user: User, crawled: subprocess.CompletedProcess[str], found: Mapping[int, Any]
) -> None:
    """Items can be piped; every line of the log has one form, the poll's and Scrapy's."""
    items = [json.loads(line) for line in crawled.stdout.splitlines()]
    assert {item["id"]: item for item in items} == found
    lines = crawled.stderr.splitlines()
    assert [line for line in lines if not LOG_LINE.match(line)] == []
    said = "\n".join(lines)
    assert "does not support" not in said  # overwriting stdout, which -O does not ask for
    assert "polled source=al-masar" in said and "Spider closed (finished)" in said
    assert f"stat item_scraped_count: {len(found)} " in said and "Stored csv feed" in said


# ── a project of one's own ────────────────────────────────────────────────────────────────────

SETTINGS, PIPELINES, SPIDER, SCRIPT = howto.python_blocks("for-scrapy-users")[:4]
BROKEN = '''
class Broken:
    """Breaks at one of the articles."""

    def process_item(self, item):
        if "extradition" in item.headline:
            raise ValueError("it broke")
        return item
'''


@pytest.fixture(scope="module")
def project(user: User) -> Path:
    """A user's own project, as the page shows it: a settings module, a pipeline, a spider."""
    folder = user.folder / "project"
    (folder / "mine" / "spiders").mkdir(parents=True)
    (folder / "scrapy.cfg").write_text("[settings]\ndefault = mine.settings\n")
    for name, text in {
        "__init__": "",
        "settings": SETTINGS,
        "pipelines": PIPELINES,
        "broken": BROKEN,
        "spiders/__init__": "",
        "spiders/menu": SPIDER,
    }.items():
        (folder / "mine" / f"{name}.py").write_text(text)
    return folder


def test_a_pipeline_of_ones_own_gets_the_record(user: User, project: Path) -> None:
    """Where it breaks, the article stays kept; ``CLOSESPIDER_ITEMCOUNT`` ends a crawl, and what it
    left is read by the next one."""
    crawl = ("crawl", "feed", "-a", "source=the-ledger", "-o", "items.jsonl")
    settings = project / "mine" / "settings.py"
    settings.write_text(f"{SETTINGS}\nITEM_PIPELINES['mine.broken.Broken'] = 500\n")
    chosen = ("-s", 'FEED_EXPORT_FIELDS=["id", "headline"]')
    first = user.scrapy(*crawl, *chosen, "-s", "CLOSESPIDER_ITEMCOUNT=1", cwd=project)
    second = user.scrapy(*crawl, *chosen, cwd=project)
    settings.write_text(SETTINGS)
    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    assert "closespider_itemcount" in first.stderr
    rows = user.rasd("search", "", "--source", "the-ledger")
    expected = {(row["id"], row["headline"]) for row in rows}
    assert len(expected) == sum(story.paper == "en" for story in user.paper.stories)
    headlines = (project / "headlines.txt").read_text("utf-8").splitlines()
    assert sorted(line.partition(" ")[2] for line in headlines) == sorted(h for _, h in expected)
    items = [json.loads(x) for x in (project / "items.jsonl").read_text("utf-8").splitlines()]
    exported = {(item["id"], item["headline"]) for item in items}
    assert exported == {(n, h) for n, h in expected if "extradition" not in h}
    assert len(items) == len(exported) and "ValueError: it broke" in first.stderr + second.stderr


def test_a_spider_of_ones_own_has_the_guard_and_needs_no_lock(user: User, project: Path) -> None:
    """It gets no private address, and runs beside a daemon."""
    with held(user):
        done = user.scrapy("crawl", "menu", "-a", f"url={PRIVATE}", "-o", "-:json", cwd=project)
    assert done.returncode == 0, done.stderr
    (item,) = json.loads(done.stdout)
    assert item["heading"] == "not fetched: '10.0.0.1' leads to 10.0.0.1 port 80"


def test_a_script_of_ones_own_crawls(user: User, project: Path, tmp_path: Path) -> None:
    """Once: it is a file without ``if __name__ == "__main__"``, which no worker runs again. With
    Scrapy's log, in which the poll has its line; stdout is the script's."""
    config = desk.write(tmp_path, user.paper)
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    done = subprocess.run(
        [sys.executable, str(script)],
        cwd=project,
        env=os.environ | {"RASD_CONFIG": str(config), "PYTHONPATH": str(desk.PROJECT)},
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert "INFO: polled source=the-ledger" in done.stderr
    assert "Spider closed (finished)" in done.stderr
    assert done.stderr.count("started (bot: rasd)") == 1 and "Traceback" not in done.stderr


# ── the page ──────────────────────────────────────────────────────────────────────────────────


def contents(user: User) -> list[bytes]:
    """The archive's file and its log of writes."""
    files = (user.folder / "var").glob("rasd.sqlite*")
    return [file.read_bytes() for file in sorted(files) if file.suffix != ".sqlite-shm"]


SHOWN = {
    "parse -d 2": "'extraction': 'full'",
    "parse --spider": "'id': 0",
    "fetch": "<h1>Fourteen countries show farm machines",
    "shell": "response   <200 ",
    "settings": "0.02",
}
"""What commands that store nothing print, by how they begin; a console greets on stderr."""


def test_every_command_of_the_page_can_be_run(user: User, project: Path, tmp_path: Path) -> None:
    """In its order, in a project of one's own, against the paper of its name. What only looks at a
    URL does so beside a daemon, and writes nothing."""
    config = desk.write(tmp_path, user.paper)
    here = replace(user, folder=tmp_path, config=config)
    for line in commands():
        words = shlex.split(line.replace("https://the-ledger.example", user.page("")))[1:]
        shown = next((text for begins, text in SHOWN.items() if line[7:].startswith(begins)), None)
        if shown is None:
            done = here.scrapy(*words, cwd=project)
        else:
            with held(here):
                before = contents(here)
                done = here.scrapy(*words, cwd=project)
                assert contents(here) == before, line
            assert shown in done.stdout + done.stderr, line
            assert "DeprecationWarning" not in done.stderr, line
        assert done.returncode == 0, f"{line}\n{done.stderr}"
    articles = (project / "articles.jsonl").read_text("utf-8").splitlines()
    assert len(articles) == sum(story.paper == "en" for story in user.paper.stories)
    (menu,) = json.loads((project / "menu.json").read_text("utf-8"))
    assert menu["status"] == 404


def commands() -> list[str]:
    """The commands that the page shows."""
    page = (desk.PROJECT / "docs" / "how-to" / "for-scrapy-users.md").read_text("utf-8")
    shells = re.findall(r"^```sh\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    lines = [line for block in shells for line in block.splitlines()]
    assert all(line.startswith("scrapy ") for line in lines)
    assert all(any(line[7:].startswith(begins) for line in lines) for begins in SHOWN)
    return lines


def test_the_page_names_every_setting_that_is_refused() -> None:
    """And no other."""
    page = (desk.PROJECT / "docs" / "how-to" / "for-scrapy-users.md").read_text("utf-8")
    table = page.partition("| Refused |")[2].partition("\n\n")[0]
    cells = " ".join(line.split("|")[1] for line in table.splitlines()[2:])
    components = {"DOWNLOAD_HANDLERS", "EXTENSIONS", "DOWNLOADER_MIDDLEWARES", "ITEM_PIPELINES"}
    assert set(re.findall(r"`(\w+)`", cells)) == (
        set(RULES) | components | {"DNS_RESOLVER", "ROBOTSTXT_OBEY"}
    )


# ── errors ────────────────────────────────────────────────────────────────────────────────────


@contextmanager
def held(user: User) -> Iterator[None]:
    """The archive's lock, as a daemon at work has it."""
    held = lock.hold(f"sqlite:///{user.folder}/var/rasd.sqlite", pid=4711, host="desk-1")
    try:
        yield
    finally:
        held.release()


def test_an_unknown_source_and_a_refused_setting_are_a_line_each(user: User) -> None:
    """With the exit codes of ``rasd``, without a traceback, and nothing is requested."""
    before = len(user.paper.log)
    unknown = user.scrapy("crawl", "feed", "-a", "source=al-masaar")
    assert unknown.returncode == 2 and "Traceback" not in unknown.stderr
    assert "scrapy: no source 'al-masaar' in the seeds; did you mean 'al-masar'?" in unknown.stderr
    refused = user.scrapy(
        "crawl", "feed", "-a", "source=al-masar", "-s", "DOWNLOAD_VERIFY_CERTIFICATES=False"
    )
    assert refused.returncode == 78 and "Traceback" not in refused.stderr
    assert "scrapy: DOWNLOAD_VERIFY_CERTIFICATES = 'False' is refused" in refused.stderr
    assert len(user.paper.log) == before


def test_an_export_that_cannot_be_written_is_a_line(user: User, project: Path) -> None:
    """A file before anything is requested; what fails at the end is exit code 1, with advice."""
    before = len(user.paper.log)
    done = user.scrapy("crawl", "feed", "-a", "source=le-sillon", "-O", "/proc/items.json")
    assert done.returncode == 73 and "Traceback" not in done.stderr
    assert "scrapy: /proc/items.json: cannot be written: " in done.stderr
    assert len(user.paper.log) == before
    menu = (
        "crawl",
        "menu",
        "-a",
        f"url={user.page('/')}",
        "-O",
        "ftp://x:y@127.0.0.1:1/items.json",
    )
    done = user.scrapy(*menu, cwd=project)
    assert done.returncode == 1 and "scrapy: an export failed; articles are in" in done.stderr


def test_a_benchmark_of_this_machine_is_refused(user: User) -> None:
    """Also beside a daemon: it would crawl an address that the guard refuses."""
    with held(user):
        done = user.scrapy("bench")
    assert done.returncode == 2 and "Traceback" not in done.stderr
    assert "scrapy: bench crawls a server on this machine" in done.stderr


def test_nothing_is_requested_where_the_guard_does_not_hold(user: User, tmp_path: Path) -> None:
    """It is tried before the first request, as ``rasd`` does; exit code 78."""
    config = tmp_path / "rasd.toml"
    config.write_text(
        f'archive = "sqlite:///{tmp_path}/a.sqlite"\nseeds = "{user.folder}/seeds"\n[network]\nallow = ["127.0.0.0/8"]\n'
    )
    before = len(user.paper.log)
    done = replace(user, config=config).scrapy("fetch", user.page("/news/trade-fair.html"))
    assert done.returncode == 78 and "Traceback" not in done.stderr
    assert "scrapy: The network guard does not work" in done.stderr
    assert len(user.paper.log) == before


def test_a_crawl_beside_a_daemon_is_refused(user: User, crawled: object) -> None:
    """Exit code 75; the line says who has the archive and what can be done."""
    with held(user):
        done = user.scrapy("crawl", "feed", "-a", "source=al-masar")
    assert done.returncode == 75 and "Traceback" not in done.stderr
    assert "scrapy: the archive is held by pid 4711 on desk-1" in done.stderr
    assert "rasd poll SOURCE" in done.stderr


# ── single URLs ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("words", [("fetch",), ("shell", "-c", "response")])
def test_a_private_address_is_refused_with_its_reason(user: User, words: tuple[str, ...]) -> None:
    """M4: exit code 1 and one line, no traceback."""
    done = user.scrapy(*words, "-L", "ERROR", PRIVATE)
    assert done.returncode == 1 and "Traceback" not in done.stderr
    (line,) = done.stderr.splitlines()
    assert LOG_LINE.match(line) and f"not fetched url={PRIVATE} reason=ssrf_blocked" in line
