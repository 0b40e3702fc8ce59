"""What comes from outside and what the machine is set to: escapes, locales, encodings."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from crawler.model import Reading
from storage.archive import open_archive
from tests import builders, forks
from tests.places import PROJECT
from tests.site.server import send
from tests.site.wire import Wire

EVIL = "\x1b]0;owned\x07\x1b[2J\x9b31m"
OBEYED = {"\x1b", "\x07", "\x9b", "\r"}
LOCALES = [
    {"LC_ALL": "C"},
    {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    {"PYTHONIOENCODING": "latin-1"},
    {"PYTHONIOENCODING": "cp1256:strict"},
]


def rasd(
    folder: Path, *words: str | bytes, stdin: bytes = b"", **environment: str
) -> tuple[int, str, str]:
    """One real process: its exit code, and what it wrote."""
    done = subprocess.run(
        [sys.executable, "-m", "crawler", "--config", str(folder / "rasd.toml"), *words],
        input=stdin,
        capture_output=True,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(PROJECT), "COLUMNS": "200", **environment},
        timeout=300,
        check=False,
    )
    return (
        done.returncode,
        done.stdout.decode("utf-8", "surrogateescape"),
        done.stderr.decode("utf-8", "surrogateescape"),
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An installation whose archive holds one Arabic story with a hostile headline."""
    (tmp_path / "rasd.toml").write_text(f'archive = "sqlite:///{tmp_path}/archive.sqlite"\n')
    archive = open_archive(f"sqlite:///{tmp_path}/archive.sqlite")
    article = builders.an_article(
        f"وقّع الوزيران اتفاقية لتقاسم مياه السد.{EVIL}",
        headline=f"اتفاقية حول الماء{EVIL}",
        language="ar",
        section=EVIL,
        authors=(EVIL,),
    )
    entry = ("http://news.test/a", builders.an_entry())
    (sighting,) = archive.record_entries("news", "http://news.test/feed", [entry], builders.NOW)
    page = builders.a_page("x")
    builders.save_article(archive, sighting, page, Reading(article=article, fingerprint=b""))
    archive.close()
    return tmp_path


@pytest.mark.parametrize("words", [("search", "اتفاقية"), ("show", "1"), ("explain", "1")])
@pytest.mark.parametrize("form", [(), ("--json",)], ids=["table", "json"])
def test_a_stored_escape_is_shown_not_obeyed(
    folder: Path, words: tuple[str, ...], form: tuple[str, ...]
) -> None:
    """In tables and in JSON; JSON still says what is stored."""
    done = forks.run(["--config", str(folder / "rasd.toml"), *words, *form], cwd=folder)
    code, out, err = done.returncode, done.stdout, done.stderr
    assert code == 0 and "اتفاقية" in out, err
    assert not (set(out) | set(err)) & OBEYED
    if form:
        found = json.loads(out)
        row = found[0] if isinstance(found, list) else found
        assert row["headline"].endswith(EVIL)


def test_a_servers_content_type_is_shown_not_obeyed(tmp_path: Path) -> None:
    """The header stands in the report of a probe, in its log lines and in ``sources show``."""
    with Wire(["paper.test"]) as wire:
        wire.answers["paper.test/feed"] = lambda request: send(
            request, 200, f"text/\x1b[31m{EVIL.replace(chr(0x9B), '')}", b"<html>no feed</html>"
        )
        source = tmp_path / "seeds" / "sources" / "zz" / "paper.yml"
        source.parent.mkdir(parents=True)
        source.write_text(
            f"name: Paper\nhome: {wire.base('paper.test')}/\ncountry: MA\nlanguages: [fr]\n"
            f"timezone: Africa/Casablanca\nfeeds:\n  - {{url: '{wire.base('paper.test')}/feed'}}\n"
        )
        (tmp_path / "rasd.toml").write_text(
            f'archive = "sqlite:///{tmp_path}/archive.sqlite"\nseeds = "{tmp_path}/seeds"\n'
            f'[network]\nallow = ["127.0.0.2/32:{wire.port}"]\n'
            f'[network.hosts]\n"paper.test" = "127.0.0.2"\n'
        )
        words = [("sources", "probe", "paper"), ("poll", "--all"), ("sources", "show", "paper")]
        config = ["--config", str(tmp_path / "rasd.toml")]
        said = [forks.run([*config, *verb], cwd=tmp_path) for verb in (*words, ("status",))]
    written = "".join(done.stdout + done.stderr for done in said)
    assert "␛" in written and "Traceback" not in written, written
    assert not set(written) & OBEYED


@pytest.mark.parametrize("locale", LOCALES, ids=lambda one: " ".join(one.values()))
def test_no_locale_breaks_output_or_an_arabic_query(folder: Path, locale: dict[str, str]) -> None:
    """The query is found, each answer is printed, and JSON is the same document everywhere."""
    code, out, err = rasd(folder, "search", "اتفاقية".encode(), "--json", **locale)
    assert (code, err) == (0, "")
    (row,) = json.loads(out)
    assert row["headline"].startswith("اتفاقية حول الماء")
    code, out, err = rasd(folder, "show", "1", **locale)
    assert code == 0 and "␛" in out.replace(r"\u241b", "␛") and "Traceback" not in err, err


@pytest.mark.parametrize("locale", LOCALES[1:3], ids=lambda one: " ".join(one.values()))
def test_texts_on_stdin_are_utf8_whatever_the_locale(folder: Path, locale: dict[str, str]) -> None:
    """A line of JSON is UTF-8 by its own rules."""
    line = json.dumps(
        {"id": "ش", "title": "المغرب والعراق يوقعان اتفاقية أمنية"}, ensure_ascii=False
    )
    code, out, err = rasd(folder, "match", "--jsonl", "-", stdin=line.encode(), **locale)
    assert (code, err) == (0, "")
    judged = json.loads(out)
    assert judged["id"] == "ش" and "bilateral" in judged["labels"]


def test_an_argument_that_is_no_text_is_refused(folder: Path) -> None:
    """A Latin-1 query under UTF-8 is no query; before, SQLite's driver ended the verb."""
    code, out, err = rasd(folder, "search", b"caf\xe9", PYTHONUTF8="1")
    assert (code, out) == (2, "") and "not UTF-8" in err


def test_a_file_of_labels_that_is_not_utf8_is_refused(folder: Path) -> None:
    """With its name, without a traceback."""
    (folder / "labels.jsonl").write_bytes('{"id": 1, "title": "café"}'.encode("latin-1"))
    code, _, err = rasd(folder, "eval", str(folder / "labels.jsonl"))
    assert code == 2 and "not UTF-8 at byte 23" in err


FULL = "cannot be written: No space left on device; make room"


@pytest.mark.parametrize(
    "words",
    [
        ("explain", "1", "--html", "{}"), ("digest", "preview", "--html", "{}"),
        ("sources", "export", "{}", "--format", "opml"), ("sources", "export", "--opml", "{}"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_a_verb_that_cannot_write_its_file_says_so_in_a_line(
    folder: Path, words: tuple[str, ...]
) -> None:
    """With what is wrong and what to do: no traceback, and no half of a file."""
    for path, problem in (("none/a", "No such file or directory; make"), ("/dev/full", FULL)):
        given = ["--config", str(folder / "rasd.toml"), *(w.format(path) for w in words)]
        done = forks.run(given, cwd=folder)
        assert done.returncode == 73, done.stderr
        assert done.stderr.startswith(f"rasd: {path}: ") and problem in done.stderr
        assert done.stderr.count("\n") == 1 and done.stdout == ""


@pytest.mark.parametrize("words", [("--version",), ("search", "اتفاقية"), ("status", "--json")])
def test_a_full_stdout_is_one_line(folder: Path, words: tuple[str, ...]) -> None:
    """Once, with an exit code of its own; the end of the process adds nothing."""
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "crawler", "--config", str(folder / "rasd.toml"), *words],
            stdout=full, stderr=subprocess.PIPE, text=True, timeout=300, check=False, cwd=folder,
            env={**os.environ, "PYTHONPATH": str(PROJECT)},
        )  # fmt: skip
    assert (done.returncode, done.stderr) == (73, f"rasd: stdout: {FULL}\n")
