"""Saved searches: estimated, saved, used by name, and kept while something uses them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import feedparser
import pytest
from typer.testing import CliRunner

from crawler import app
from crawler.cli.main import commands
from crawler.errors import FileNotWrittenError, NotFoundError, QueryError, SeedError, UsageError
from tests import small_archive
from tests.builders import NOW

Rasd = Callable[..., str]


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """The moment that rasd takes for now: a day after the newest article."""
    moment = NOW + timedelta(days=1)
    monkeypatch.setattr(app, "now", lambda: moment)
    return moment


@pytest.fixture
def folder(tmp_path: Path, archive_url: str, now: datetime) -> Path:
    """A desk with one saved search and five articles, one of them doubtful."""
    small_archive.install(tmp_path, archive_url)
    return tmp_path


@pytest.fixture
def rasd(folder: Path) -> Rasd:
    """Runs a verb and gives what it prints; raises what it raises."""

    def run(*words: str, code: int = 0, answer: str | None = None) -> str:
        given = ["--config", str(folder / "rasd.toml"), *words]
        done = CliRunner().invoke(commands, given, input=answer)
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        assert done.exit_code == code, done.output
        return done.stdout

    return run


def test_a_search_is_estimated_saved_and_used(rasd: Rasd, folder: Path) -> None:
    """The estimate comes before the file; then the name stands for the query, in searches and in
    the list."""
    said = rasd("saved", "save", "rivers", "river", "OR", "نهر", "--title", "fr: fleuves", "--yes")
    lines = said.splitlines()
    assert lines[0] == "Texts with the word “river” or the word “نهر”."
    assert lines[1].startswith("4 articles in the last 100 days, 2 on the worst (2026-11-22)")
    assert lines[2] == f"saved in {folder}/seeds/queries/rivers.yml: @rivers"
    assert rasd("search", "@rivers", "--count").strip() == "4"
    listed = {row["slug"]: row for row in json.loads(rasd("saved", "list", "--json"))}
    assert listed["rivers"]["title"] == {"fr": "fleuves"}
    assert listed["rivers"]["estimate"]["found"] == 4
    assert listed["high-water"]["query"] == "concept:river AND concept:flood"
    assert "seeds/queries" not in rasd("saved", "list")
    assert "no mistake" in rasd("seeds", "check")


def test_an_estimate_counts_days_and_what_is_doubtful(rasd: Rasd) -> None:
    """What a search finds in the last 100 days, by day; the article that is on the watch list."""
    found = json.loads(rasd("saved", "estimate", "river", "--json"))
    assert (found["found"], found["worst"], found["worst_on"]) == (3, 2, "2026-11-22")
    assert (found["doubtful"], found["is_exact"]) == (0, True)
    assert (found["until"], found["archive_begins"]) == ("2026-11-24", "2026-10-24")
    assert found["found"] == int(rasd("search", "river", "--since", "100d", "--count"))
    assert rasd("saved", "estimate", "NOT river").startswith("2 articles")


@pytest.mark.parametrize("archive_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("query", "error", "why"),
    [
        ("river AND", QueryError, "was expected"),
        (" ", QueryError, "the query is empty"),
        ("concept:rivers", QueryError, "did you mean 'river'"),
        ("river @high-watr", QueryError, "no saved query 'high-watr'"),
        ("river label:rivvers", UsageError, "did you mean 'rivers'"),
        ("river source:unne", UsageError, "did you mean 'une'"),
        ("@high-water OR river", SeedError, "circle"),
    ],
)
def test_a_search_that_means_nothing_is_not_saved(
    rasd: Rasd, folder: Path, query: str, error: type[Exception], why: str
) -> None:
    """The message says why; no file is written, and none changes."""
    with pytest.raises(error, match=why):
        rasd("saved", "save", "high-water", query, "--replace", "--yes")
    text = (folder / "seeds/queries/high-water.yml").read_text(encoding="utf-8")
    assert text == small_archive.SEEDS["queries/high-water.yml"]
    assert [path.name for path in (folder / "seeds/queries").iterdir()] == ["high-water.yml"]


@pytest.mark.parametrize("archive_url", ["sqlite"], indirect=True)
def test_a_name_that_is_taken_is_replaced_when_it_is_said(rasd: Rasd, folder: Path) -> None:
    """Its title and note stay unless others are given, and who uses it is named."""
    with pytest.raises(UsageError, match="--replace takes its place"):
        rasd("saved", "save", "high-water", "flood", "--yes")
    with pytest.raises(UsageError, match="no name for a saved search"):
        rasd("saved", "save", "../high", "flood", "--yes")
    file = folder / "seeds/queries/high-water.yml"
    file.write_text(f"# asked daily\n{file.read_text(encoding='utf-8')}", encoding="utf-8")
    rasd("saved", "save", "rivers", "@high-water", "--yes")
    said = rasd("saved", "save", "high-water", "flood river", "--replace", "--yes")
    assert "it is used by queries/rivers.yml:3" in said
    text = file.read_text(encoding="utf-8")
    assert text == '# asked daily\ntitle: {en: "high water"}\nquery: >\n  flood river\n'


@pytest.mark.parametrize("archive_url", ["sqlite"], indirect=True)
def test_nothing_is_saved_unasked(
    rasd: Rasd, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a terminal --yes is needed; on one the answer decides, and it is no by default."""
    with pytest.raises(UsageError, match="--yes"):
        rasd("saved", "save", "rivers", "river")
    monkeypatch.setattr("crawler.cli.articles.saved._has_terminal", lambda: True)
    assert rasd("saved", "save", "rivers", "river", answer="\n", code=1).endswith("not saved\n")
    assert not (folder / "seeds/queries/rivers.yml").exists()
    assert "saved in" in rasd("saved", "save", "rivers", "river", answer="yes\n")
    assert (folder / "seeds/queries/rivers.yml").exists()


@pytest.mark.parametrize("archive_url", ["sqlite"], indirect=True)
def test_what_is_used_is_not_removed(rasd: Rasd, folder: Path) -> None:
    """Who uses it is named, with the line; what nothing uses goes, and its query is printed."""
    rasd("saved", "save", "rivers", "@high-water", "OR", "river", "--yes")
    with pytest.raises(UsageError, match=r"used by queries/rivers.yml:3; take it out"):
        rasd("saved", "remove", "high-water")
    report: dict[str, Any] = json.loads(rasd("saved", "show", "high-water", "--json"))
    assert report["used_by"] == ["queries/rivers.yml:3"]
    assert "nothing in the seeds" in rasd("saved", "show", "rivers")
    assert "@high-water OR river" in rasd("saved", "remove", "rivers")
    assert not (folder / "seeds/queries/rivers.yml").exists()
    for verb in ("show", "remove"):
        with pytest.raises(NotFoundError, match="no saved search 'rivers'"):
            rasd("saved", verb, "rivers")


@pytest.mark.parametrize("archive_url", ["sqlite"], indirect=True)
def test_a_folder_that_takes_no_file_is_named(rasd: Rasd, folder: Path) -> None:
    """The error is the file's, and says what to do."""
    queries = folder / "seeds" / "queries"
    (queries / "rivers.yml.d").mkdir()
    (queries / ".rivers.yml.new").mkdir()  # where the file would be drafted
    with pytest.raises(FileNotWrittenError, match=r"rivers\.yml: cannot be written"):
        rasd("saved", "save", "rivers", "river", "--yes")


def test_a_digest_of_a_saved_search_says_what_it_would_have_brought(
    rasd: Rasd, folder: Path
) -> None:
    """When an address is subscribed, before the first mail; its preview has the sentence that
    answers the search."""
    recipe = small_archive.SEEDS["digests/daily.yml"].replace("topics: [water]", "queries: [high]")
    rasd("saved", "save", "high", "soldiers", "--title", "Soldiers", "--yes")
    (folder / "seeds/digests/desk.yml").write_text(recipe, encoding="utf-8")
    said = rasd("subscribe", "desk", str(folder / "Mail"))
    assert said.startswith("@high: 2 articles in the last 100 days, 2 on the worst (2026-11-22)")
    shown = rasd("digest", "preview", "desk", "--since", "2d")
    assert "■ Soldiers (1)" in shown and "[soldiers] carry sand" in shown
    with pytest.raises(UsageError, match=r"used by digests/desk.yml:3"):
        rasd("saved", "remove", "high")


@pytest.mark.parametrize("archive_url", ["sqlite"], indirect=True)
def test_a_search_is_a_feed(rasd: Rasd, folder: Path) -> None:
    """As many entries as it finds, newest first, with the sentences that answer it; the feed's id
    is that of the search, whenever it is written."""
    file = folder / "rivers.atom"
    rasd("search", "soldiers", "--output", str(file))
    read: Any = feedparser.parse(file.read_bytes())
    assert not read.bozo
    assert [entry.id.rpartition("/")[2] for entry in read.entries] == ["3", "1"]
    assert all("soldiers carry sand" in entry.summary for entry in read.entries)
    assert read.feed.title == "rasd: soldiers"  # as typed, whatever forms of it are found
    printed = rasd("search", "soldiers", "--since", "30d", "--format", "atom", "--limit", "1")
    again: Any = feedparser.parse(printed.encode("utf-8"))
    assert (again.feed.id, len(again.entries)) == (read.feed.id, 1)
    assert feedparser.parse(rasd("search", "nowhere", "--format", "atom")).entries == []
