"""What starting the command line costs."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from crawler.config import load
from storage.archive import open_archive
from tests import places, thousand
from tests.site import desk
from tests.site.server import Newspaper


def test_help_imports_no_crawler() -> None:
    """``rasd --help`` waits for no library that only verbs need."""
    code = (
        "import sys; from crawler.cli.main import commands\n"
        "try: commands(['--help'])\n"
        "except SystemExit: pass\n"
        "print(sorted({'scrapy', 'sqlalchemy', 'lxml', 'rich', 'pydantic'} & sys.modules.keys()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=places.PROJECT, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    "words",
    [("search", "العراق"), ("search", "concept:police"), ("show", "1"), ("findings",)],
)
def test_a_question_waits_for_no_library_that_only_crawls_and_mails_need(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    """Nor for topics and sources that nothing asks for: the daemon has checked these seeds."""
    config = thousand.write(tmp_path, 20)
    code = (
        "import sys; from crawler.seeds.files import SeedDocument; from crawler.__main__ import main\n"
        "parse, parsed = SeedDocument.parse, []\n"
        "def count(path, *more): parsed.append(path); return parse(path, *more)\n"
        "SeedDocument.parse = count\n"
        "try: main()\n"
        "except SystemExit as end: assert not end.code\n"
        "loaded = {name.partition('.')[0] for name in sys.modules}\n"
        "print(sorted(loaded), file=sys.stderr)\n"
        "print(sorted({path.partition('/')[0] for path in parsed}), file=sys.stderr)"
    )
    command = [sys.executable, "-c", code, "--config", str(config), *words]
    done = subprocess.run(command, capture_output=True, text=True, cwd=places.PROJECT, check=True)
    imported, folders = map(ast.literal_eval, done.stderr.splitlines()[-2:])
    assert {"sqlalchemy", "structlog"} <= set(imported)
    unused = {"aiosmtplib", "alembic", "apscheduler", "jinja2", "lxml", "psycopg", "requests"}
    assert not {*unused, "pygments", "scrapy", "tldextract", "trafilatura", "twisted"} & set(
        imported
    )
    assert set(folders) <= {"lexicon"}


def test_seeds_that_no_daemon_has_checked_are_checked_by_a_question(tmp_path: Path) -> None:
    """An analyst reads of a mistake at once, whatever the question."""
    config = thousand.write(tmp_path, 1)
    shutil.copytree(places.PROJECT / "seeds", tmp_path / "seeds")
    topic = sorted((tmp_path / "seeds" / "topics").glob("*.yml"))[0]
    topic.write_text(topic.read_text(encoding="utf-8") + "\nlabel: {}\n", encoding="utf-8")
    command = ["--config", str(config), "--seeds", str(tmp_path / "seeds"), "search", "visa"]
    done = subprocess.run(
        [sys.executable, "-m", "crawler", *command],
        capture_output=True,
        text=True,
        cwd=places.PROJECT,
        check=True,
    )
    assert f"seeds are broken: topics/{topic.name}:" in done.stderr
    assert "unknown key 'label'" in done.stderr


def test_without_an_archive_no_question_waits_for_seeds(tmp_path: Path) -> None:
    """A new user's first question gets its answer in two lines, be the seeds as they may."""
    (tmp_path / "seeds" / "topics").mkdir(parents=True)
    (tmp_path / "seeds" / "topics" / "x.yml").write_text("title: 1", encoding="utf-8")
    (tmp_path / "rasd.toml").write_text('seeds = "seeds"\n', encoding="utf-8")
    for words in (["search", "x"], ["show", "1"], ["findings"], ["gaps"], ["status"], ["doubtful"]):
        done = subprocess.run(
            [sys.executable, "-m", "crawler", *words],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            check=False,
            env={**os.environ, "PYTHONPATH": str(places.PROJECT)},
        )
        assert done.returncode == 78, (words, done.stderr)
        assert done.stderr.endswith("no archive yet; rasd run or rasd poll makes it\n")


def test_a_poll_imports_no_library_that_it_has_no_use_for(
    newspaper: Newspaper, tmp_path: Path
) -> None:
    """Alembic while the archive is up to date, what Scrapy's extensions need, and what structlog
    would colour tracebacks with: 17 MB that the daemon would keep; its workers neither."""
    config = desk.write(tmp_path, newspaper)
    command = [sys.executable, "-X", "importtime", "-m", "crawler", "--config", str(config)]
    open_archive(load(config).archive).close()
    done = subprocess.run([*command, "poll", "--all"], capture_output=True, text=True, check=True)
    lines = [line for line in done.stderr.splitlines() if "import time:" in line]  # in the log
    imported = {line.rpartition("|")[2].split()[0].partition(".")[0] for line in lines}
    assert {"sqlalchemy", "scrapy", "structlog", "trafilatura"} <= imported
    assert not imported & {"aiohttp", "alembic", "mako", "pygments"}
