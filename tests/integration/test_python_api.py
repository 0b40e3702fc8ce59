"""rasd used from Python: ``crawler.open`` and what ``docs/how-to/use-from-python.md`` shows."""

from __future__ import annotations

import doctest
import json
import re
import sqlite3
import subprocess
import sys
import threading
import tracemalloc
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

import crawler
from crawler import seeds
from crawler.api import OpenArchive
from crawler.api import archive as api_archive
from crawler.cli.main import commands
from crawler.config import load
from crawler.errors import (
    ArchiveError,
    ConfigError,
    MissingExtraError,
    NoArchiveError,
    NotFoundError,
    OldArchiveError,
    QueryError,
    SeedError,
    StorageError,
    UsageError,
)
from crawler.model import SearchOrder
from storage import lock, migrations
from storage.archive import open_archive
from tests import small_archive
from tests.builders import NOW, a_date
from tests.places import PROJECT

PAGE = PROJECT / "docs" / "how-to" / "use-from-python.md"


@pytest.fixture
def config(archive_url: str, tmp_path: Path) -> Path:
    """The configuration of a desk with five articles, on each database."""
    return small_archive.install(tmp_path, archive_url)


@pytest.fixture
def opened(config: Path) -> Iterator[OpenArchive]:
    """The desk's archive, open."""
    with crawler.open(config) as archive:
        yield archive


def ids(found: object) -> list[int]:
    """The ids of records, in their order."""
    return [record.id for record in found]  # type: ignore[attr-defined]


def test_the_page_does_what_it_shows(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each example, in the page's order, as a reader types them."""
    monkeypatch.chdir(config.parent)
    for name in ("found.csv", "found.jsonl"):
        assert CliRunner().invoke(commands, ["search", "--output", name]).exit_code == 0
    blocks = re.findall(r"^```pycon\n(.*?)^```", PAGE.read_text("utf-8"), re.M | re.S)
    examples = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, PAGE.name, str(PAGE), 0)
    assert len(examples.examples) > 10 and not any(
        one.options.get(doctest.SKIP) for one in examples.examples
    )
    said: list[str] = []
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    assert runner.run(examples, out=said.append).failed == 0, "".join(said)
    lines = (config.parent / "articles.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["id"] for line in lines] == [2, 5]


def test_a_search_is_that_of_the_command_line(
    config: Path, opened: OpenArchive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same articles in the same order, and each row equal to the JSON that it prints."""
    asked = ["search", "concept:river", "--label", "floods", "--since", "2026-11-22", "--json"]
    monkeypatch.setenv("RASD_ARCHIVE", load(config).archive)
    monkeypatch.setenv("RASD_SEEDS", str(config.parent / "seeds"))
    printed = json.loads(CliRunner().invoke(commands, asked).stdout)
    found = opened.search("concept:river", label="floods", since="2026-11-22")
    assert list(found.rows()) == printed and len(printed) == 3


def test_the_configuration_is_that_of_the_command_line(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a path it is the file that RASD_CONFIG names: another archive may be the user's."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    monkeypatch.setenv("RASD_CONFIG", str(config))
    with crawler.open() as archive:
        assert archive.article(1).source == "une"


def test_filters_choose_and_order(opened: OpenArchive) -> None:
    """Newest first, the undated by when they were seen; moments in every form."""
    assert ids(opened.search()) == [2, 3, 1, 5, 4]
    assert ids(opened.search(order="oldest", limit=2)) == [4, 5]
    assert ids(opened.search(sources="une", until=NOW - timedelta(days=3))) == [4]
    assert ids(opened.search(languages=["ar", "fr"])) == [2]
    assert ids(opened.search(topic="water", label="rivers", sources=("une",))) == [1, 5]
    for since in (datetime(2026, 11, 22, 11, tzinfo=UTC), "2026-11-22T11:00Z"):
        assert ids(opened.search("river", since=since)) == [3]
    assert ids(opened.search(since=date(2026, 11, 22), until=date(2026, 11, 23))) == [3, 1]
    assert ids(opened.search(since=timedelta(days=36_500))) == [2, 3, 1, 5, 4]
    assert ids(opened.search("  ")) == ids(opened.search())


def test_articles_come_by_id_or_all(opened: OpenArchive) -> None:
    """In the order of the ids; an id that is not there is an error."""
    assert ids(opened.articles()) == [1, 2, 3, 4, 5]
    assert ids(opened.articles([5, 1])) == [5, 1] and ids(opened.articles([])) == []
    assert opened.article(2).country == "IQ" and opened.article(2).language == "ar"
    for read in (lambda: opened.article(99), lambda: list(opened.articles([1, 99]))):
        with pytest.raises(NotFoundError, match="no article 99"):
            read()


def test_stories_fold_copies(opened: OpenArchive) -> None:
    """The earliest stands for all; a story's row is its row, and names the copies."""
    first, second, third = opened.stories("concept:river")
    assert (first.article.id, second.article.id, third.article.id) == (2, 1, 5)
    assert ids(second.members) == [1, 3] and second.labels == ("rivers", "floods")
    row = second.row()
    assert row["copies"] == [{"id": 3, "source": "nahr", "url": "https://nahr.test/3"}]
    assert row == second.article.row() | {"copies": row["copies"]} and second.article.mentions
    frame = opened.stories(since=timedelta(days=36_500)).to_pandas()
    assert [len(copies) for copies in frame["copies"]] == [0, 1, 0, 0]


def test_a_table_has_typed_columns(opened: OpenArchive) -> None:
    """Times are times, also in a column without any; nothing found is a table without rows."""
    frame = opened.search().to_pandas()
    assert list(frame["id"]) == [2, 3, 1, 5, 4]
    assert frame["published_at"].max() == NOW
    for name in ("published_at", "modified_at", "first_seen_at", "kept_at"):
        assert str(frame[name].dtype).endswith(", UTC]")
    empty = opened.search("unheard").to_pandas()
    assert len(empty) == 0 and list(empty.columns) == list(frame.columns)


def test_a_column_has_one_type_whatever_stands_in_it(opened: OpenArchive) -> None:
    """A month without a story, or without a picture, can be laid beside another."""
    full, empty = opened.search().to_pandas(), opened.search("unheard").to_pandas()
    assert full["modified_at"].isna().all() and full["image"].isna().all()
    assert dict(full.dtypes) == dict(empty.dtypes)
    assert dict(opened.stories("unheard").to_pandas().dtypes)["kept_at"] == full["kept_at"].dtype
    kinds = {name: str(dtype) for name, dtype in full.dtypes.items()}
    assert kinds["id"] == "int64" and kinds["published_has_time"] == "boolean"
    assert kinds["published_at"] == kinds["modified_at"] == "datetime64[us, UTC]"
    assert full["image"].dtype == full["headline"].dtype
    assert list(full[full["published_has_time"]]["id"]) == [2, 3, 1, 4]


def test_ids_may_come_from_a_table(opened: OpenArchive) -> None:
    """Numbers of numpy are numbers; what can be no id is not there, and no crash."""
    frame = opened.search().to_pandas()
    assert opened.article(frame["id"].iloc[0]).id == 2
    assert ids(opened.articles(frame["id"].to_numpy())) == [2, 3, 1, 5, 4]
    for number in (0, -1, 2**63, 10**30):
        with pytest.raises(NotFoundError, match=f"no article {number}"):
            opened.article(number)
    for wrong in (lambda: opened.articles("12"), lambda: opened.article("2")):  # type: ignore[arg-type]
        with pytest.raises(UsageError, match="is no"):
            wrong()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"limit": -1}, "limit -1: less than none can't be found; None is all"),
        ({"limit": "10"}, "'10' is no limit: a whole number is"),
        ({"order": "oldes"}, "order 'oldes': known are newest, oldest"),
        (
            {"label": ["floods", "rivers"]},
            r"\['floods', 'rivers'\] is no label: a search takes one",
        ),
        ({"since": 7}, r"7 is no time, no day \(2026-11-23\) and no age \(7d, 12h\)"),
        ({"sources": [1]}, "1 is no name"),
        ({"languages": "arab"}, "no language 'arab'; did you mean 'ar'"),
    ],
)
def test_what_can_not_be_meant_is_an_error(
    opened: OpenArchive, wrong: dict[str, Any], said: str
) -> None:
    """When it is asked, of rasd's own kind, and neither an empty answer nor another one."""
    with pytest.raises((UsageError, NotFoundError), match=said):
        opened.search(**wrong)


def test_a_large_limit_is_all(opened: OpenArchive) -> None:
    """More than a machine can count."""
    assert ids(opened.search(limit=10**30)) == [2, 3, 1, 5, 4]
    assert ids(opened.search(limit=0)) == []


def test_a_notebook_shows_what_can_be_done(config: Path) -> None:
    """Rather than an address in memory."""
    with crawler.open(config) as archive:
        assert "to_pandas()" in repr(archive.search())
        assert "open: search()" in repr(archive)
    assert "closed" in repr(archive)


def test_without_pandas_it_is_named(opened: OpenArchive, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the extra that brings it; rows need none."""
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'rasd\[pandas\]'"):
        opened.search().to_pandas()
    assert len(list(opened.search().rows())) == 5


def test_a_misspelt_name_is_an_error(opened: OpenArchive) -> None:
    """Rather than finding nothing: with the near name, when it is asked."""
    with pytest.raises(QueryError, match="did you mean 'flood'"):
        opened.search("concept:floood")
    with pytest.raises(QueryError):
        opened.search("(river")
    for asked, near in (({"label": "rivrs"}, "rivers"), ({"topic": "watr"}, "water")):
        with pytest.raises(NotFoundError, match=f"did you mean '{near}'"):
            opened.search(**asked)
    with pytest.raises(NotFoundError, match="no source 'unne'; did you mean 'une'"):
        opened.stories(sources=["nahr", "unne"])
    for since in ("yesterday", datetime(2026, 11, 22)):
        with pytest.raises(UsageError):
            opened.search(since=since)
    with pytest.raises(UsageError, match="order 'rank': known are newest, oldest"):
        opened.search(order=cast("SearchOrder", "rank"))
    with pytest.raises(UsageError, match="limit -1"):
        opened.search(limit=-1)
    assert ids(opened.search(label="doubtful")) == []


def test_what_only_the_archive_knows_is_known(config: Path) -> None:
    """A source that the seeds have dropped still has its articles; its country is unknown."""
    (config.parent / "seeds" / "sources" / "iq" / "nahr.yml").unlink()
    with crawler.open(config) as archive:
        found = list(archive.search(sources="nahr"))
    assert ids(found) == [2, 3] and {record.country for record in found} == {None}


def test_a_closed_archive_says_so(config: Path) -> None:
    """Also to a loop that was begun before."""
    with crawler.open(config) as archive:
        found = archive.search()
        begun = iter(found)
    for read in (lambda: list(found), lambda: next(begun), lambda: archive.article(1)):
        with pytest.raises(ArchiveError, match="closed"):
            read()


def test_opening_changes_nothing(config: Path, opened: OpenArchive) -> None:
    """The database refuses to write, no lock is taken, and the file keeps its bytes."""
    url = load(config).archive
    with pytest.raises((StorageError, sa.exc.DBAPIError)) as refused:
        opened._archive.reject([], NOW)
        with opened._archive.engine.begin() as c:
            c.execute(sa.text("DELETE FROM match_labels"))
    assert "read" in str(refused.value).lower()
    lock.hold(url, pid=1, host="h").release()
    if url.startswith("sqlite"):
        before = Path(url.removeprefix("sqlite:///")).read_bytes()
        with crawler.open(config) as again:
            assert len(ids(again.search())) == 5
        assert Path(url.removeprefix("sqlite:///")).read_bytes() == before


def test_no_archive_is_made(archive_url: str, tmp_path: Path) -> None:
    """An archive that is not there is an error, and neither folder nor file appears."""
    config = tmp_path / "rasd.toml"
    url = archive_url.replace("archive.sqlite", "none/archive.sqlite")
    config.write_text(f'archive = "{url}"\n', encoding="utf-8")
    config.chmod(0o600)
    with pytest.raises(NoArchiveError, match="no archive yet"), crawler.open(config):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["rasd.toml"]


@pytest.mark.parametrize(
    ("version", "error", "advice"),
    [
        ("0019", OldArchiveError, "brings it up to date"),
        ("9999", ArchiveError, "upgrade rasd"),
    ],
)
def test_an_archive_of_another_version_is_left_alone(
    config: Path, version: str, error: type[ArchiveError], advice: str
) -> None:
    """With what to do about it."""
    with closing(open_archive(load(config).archive)) as archive, archive.engine.begin() as c:
        c.execute(sa.text(f"UPDATE alembic_version SET version_num = '{version}'"))
    with (
        pytest.raises(error, match=f"of version {version}, this rasd has .*{advice}"),
        crawler.open(config),
    ):
        pass
    assert version not in migrations.newest()


def test_an_archive_is_no_configuration(tmp_path: Path) -> None:
    """Whoever opens the file itself reads where it is named."""
    small_archive.install(tmp_path)
    file = tmp_path / "rasd.sqlite"
    with (
        pytest.raises(
            ConfigError, match=f'no configuration, which has: archive = "sqlite:///{file}"'
        ),
        crawler.open(file),
    ):
        pass


def test_a_file_that_is_no_archive_is_one_line(tmp_path: Path) -> None:
    """Nor is a configuration that is none."""
    file = tmp_path / "x.sqlite"
    file.write_bytes(b"GIF89a" * 500)
    settings = load().model_copy(update={"archive": f"sqlite:///{file}"})
    with pytest.raises(ArchiveError, match="not a database"), crawler.open(settings):
        pass
    with pytest.raises(ConfigError), crawler.open(tmp_path / "missing.toml"):
        pass


def test_broken_seeds_give_way_to_the_last_good_ones(config: Path) -> None:
    """With a warning; without any it is the seeds' own error."""
    (config.parent / "seeds" / "lexicon" / "flood.yml").write_text("terms: 7\n", encoding="utf-8")
    with pytest.raises(SeedError, match="flood"), crawler.open(config):
        pass
    from storage.seed_sets import SqlSeedSets

    with closing(open_archive(load(config).archive)) as archive:
        SqlSeedSets(archive.engine).save(small_archive.SEEDS, NOW)
    with pytest.warns(UserWarning, match="the last good ones"), crawler.open(config) as opened:
        assert ids(opened.search("concept:flood")) == [2, 3, 1]


def test_it_reads_while_others_write(config: Path, opened: OpenArchive) -> None:
    """An article that comes meanwhile is seen by the next pass, and no writer waits for a loop that
    stands still."""
    standing = iter(opened.search())
    assert next(standing).id == 2
    (topic,) = seeds.load(small_archive.SEEDS, kinds=["feed", "sitemap"]).topics.values()
    done = threading.Event()

    def write() -> None:
        with closing(open_archive(load(config).archive)) as archive:
            small_archive.keep(archive, topic, "/6", "A river.", published=a_date(NOW))
        done.set()

    thread = threading.Thread(target=write)
    thread.start()
    thread.join(60)
    assert done.is_set()
    assert ids(opened.articles()) == [1, 2, 3, 4, 5, 6]
    assert ids(standing) == [3, 1, 5, 4]


def test_many_articles_take_the_memory_of_some(
    config: Path, opened: OpenArchive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are read some at a time, and none twice, whatever the order and the filter."""
    monkeypatch.setattr(api_archive, "AT_ONCE", 2)
    assert ids(opened.search()) == [2, 3, 1, 5, 4]
    assert ids(opened.search("river OR نهر", order="oldest")) == [5, 1, 3, 2]
    assert ids(opened.articles()) == [1, 2, 3, 4, 5]
    assert ids(opened.articles([3, 3, 1])) == [3, 3, 1]


@pytest.mark.parametrize("archive_url", ["sqlite"], indirect=True)
def test_a_pass_over_all_keeps_none(config: Path, opened: OpenArchive) -> None:
    """Four times as many articles take no more memory at their most."""
    (topic,) = seeds.load(small_archive.SEEDS, kinds=["feed", "sitemap"]).topics.values()
    peaks = []
    for begin, end in ((100, 300), (300, 900)):
        with closing(open_archive(load(config).archive)) as archive:
            for number in range(begin, end):
                small_archive.keep(archive, topic, f"/{number}", f"{number} words. " * 200)
        sum(1 for _ in opened.articles())
        tracemalloc.start()
        assert sum(1 for _ in opened.articles().rows()) == 5 + end - 100
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.5 * peaks[0]


@pytest.mark.parametrize("archive_url", ["sqlite"], indirect=True)
def test_an_archive_that_was_killed_can_be_read(config: Path, tmp_path: Path) -> None:
    """Its newest rows are in its log, of which there is no index."""
    source = Path(load(config).archive.removeprefix("sqlite:///"))
    copy = tmp_path / "killed.sqlite"
    with closing(sqlite3.connect(source)) as writer:
        writer.execute("UPDATE articles SET headline = 'Only in the log' WHERE id = 1")
        writer.commit()
        for end in ("", "-wal"):
            Path(f"{copy}{end}").write_bytes(Path(f"{source}{end}").read_bytes())
    settings = load(config).model_copy(update={"archive": f"sqlite:///{copy}"})
    with crawler.open(settings) as archive:
        assert archive.article(1).headline == "Only in the log"


def test_importing_it_costs_nothing() -> None:
    """Neither Scrapy nor SQLAlchemy, nor any module of rasd's, before it is opened."""
    code = "import sys, crawler; print(sorted(m for m in sys.modules if m.startswith(('crawler', 'storage', 'sqlalchemy', 'scrapy'))))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "['crawler']"
