"""``rasd saved check``: what a saved search found and finds, on both databases, and why it differs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from crawler import app, seeds
from crawler.cli.main import commands
from crawler.matching.topics import Topic
from crawler.model import Reading
from storage import article_changes, tables, text_index
from storage.archive import SqlArchive, open_archive
from storage.matches import SqlMatches
from storage.reprocessing import SqlReprocessing
from tests import small_archive
from tests.builders import NOW, a_date, prepared

Check = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def desk(tmp_path: Path, archive_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[SqlArchive]:
    """Five articles, and the searches @high-water, @rivers and @flagged."""
    monkeypatch.setattr(app, "now", lambda: NOW + timedelta(days=1))
    small_archive.install(tmp_path, archive_url)
    for slug, written in (("rivers", "river OR نهر"), ("flagged", "label:floods")):
        write(tmp_path, slug, written)
    with closing(open_archive(archive_url)) as archive:
        yield archive


def write(folder: Path, slug: str, written: str) -> None:
    """A saved search's file."""
    text = f"title: {{en: {slug}}}\nquery: {written}\n"
    (folder / f"seeds/queries/{slug}.yml").write_text(text, encoding="utf-8")


@pytest.fixture
def check(desk: SqlArchive, tmp_path: Path) -> Check:
    """Runs the check with these arguments; its rows by slug."""

    def run(*words: str, code: int = 0) -> list[dict[str, Any]]:
        given = ["--config", str(tmp_path / "rasd.toml"), "saved", "check", "--json", *words]
        done = CliRunner().invoke(commands, given)
        assert done.exit_code == code, (done.output, done.exception)
        return json.loads(done.stdout)  # type: ignore[no-any-return]

    return run


def of(rows: list[dict[str, Any]], slug: str) -> dict[str, Any]:
    """The row of this search."""
    (row,) = (row for row in rows if row["slug"] == slug)
    return row


def the_topic() -> Topic:
    """The topic of the small archive."""
    (topic,) = seeds.load(small_archive.SEEDS, kinds=["feed", "sitemap"]).topics.values()
    return topic


def test_the_same_archive_gives_the_same_answers(check: Check) -> None:
    """The first check remembers, the second compares; nothing differs."""
    assert [(row["slug"], row["before"], row["after"]) for row in check()] == [
        ("flagged", None, 3), ("high-water", None, 3), ("rivers", None, 4),
    ]  # fmt: skip
    rows = check()
    assert all(row["before"] == row["after"] and row["is_explained"] for row in rows)
    assert [row["slug"] for row in check("rivers")] == ["rivers"]


def test_new_articles_explain_a_difference(desk: SqlArchive, check: Check) -> None:
    """And so does one that was deleted."""
    check()
    small_archive.keep(desk, the_topic(), "/6", "A river.", published=a_date(NOW))
    with desk.engine.begin() as c:
        c.execute(sa.text("UPDATE sightings SET article_id = NULL WHERE article_id = 5"))
        for table in tables.metadata.sorted_tables:
            if "article_id" in table.c:
                c.execute(sa.delete(table).where(table.c.article_id == 5))
        (rank,) = c.execute(sa.text("SELECT rank FROM articles WHERE id = 5")).one()
        text_index.delete(c, rank)
        c.execute(sa.text("DELETE FROM articles WHERE id = 5"))
    row = of(check(), "rivers")
    assert (row["before"], row["after"], row["new"], row["deleted"]) == (4, 4, 1, 1)


def test_an_article_read_or_judged_again_explains_a_difference(
    desk: SqlArchive, check: Check
) -> None:
    """``rasd reread`` and ``rasd rematch`` change what a search finds, and note it."""
    check()
    reprocessing = SqlReprocessing(desk.engine, lambda name: None)
    (kept,) = desk.articles([5])
    dry = replace(kept.article, headline="A quiet day", body="It is low.", lead="It is low.")
    reprocessing.replace(
        kept, prepared(Reading(article=dry, fingerprint=kept.fingerprint, matches=kept.matches))
    )
    SqlMatches(desk.engine).replace([(1, "water", None)])
    rows = check()
    assert (of(rows, "rivers")["after"], of(rows, "rivers")["changed"]) == (3, 1)
    assert (of(rows, "flagged")["after"], of(rows, "flagged")["changed"]) == (2, 1)


def test_an_edit_of_search_or_lexicon_explains_a_difference(check: Check, tmp_path: Path) -> None:
    """It is named; a search that is gone is forgotten."""
    check()
    write(tmp_path, "rivers", "river OR weather")
    lexicon = tmp_path / "seeds/lexicon/flood.yml"
    lexicon.write_text("title: {en: floods}\nterms: {en: [metre]}\n", encoding="utf-8")
    rows = check()
    assert (of(rows, "rivers")["edited"], of(rows, "rivers")["by_edit"]) == (["query"], 2)
    assert (of(rows, "high-water")["edited"], of(rows, "high-water")["by_edit"]) == (
        ["concept flood"], 1,
    )  # fmt: skip
    (tmp_path / "seeds/queries/rivers.yml").unlink()
    check()
    write(tmp_path, "rivers", "river")
    assert of(check(), "rivers")["before"] is None


def test_what_an_index_has_lost_is_a_fault_until_it_is_found(
    desk: SqlArchive, check: Check
) -> None:
    """Exit code 1 and the article's id, as often as it is checked; a new index mends it, or the
    answer is accepted."""
    check()
    with desk.engine.begin() as c:
        (rank,) = c.execute(sa.text("SELECT rank FROM articles WHERE id = 5")).one()
        text_index.delete(c, rank)
    for _ in range(2):
        row = of(check(code=1), "rivers")
        assert (row["before"], row["after"], row["lost"]) == (4, 3, [5])
        assert not row["is_explained"] and row["found"] == []
    assert of(check("rivers", "--accept"), "rivers")["lost"] == [5]
    check()
    for _ in text_index.rebuild(desk.engine):
        pass
    assert of(check(code=1), "rivers")["found"] == [5]
    check("--accept")
    check()


def test_changes_ascend_and_each_article_has_its_latest(desk: SqlArchive) -> None:
    """What was changed before a check is no reason after it."""
    with desk.engine.begin() as c:
        article_changes.note(c, [1, 2])
        first = article_changes.last(c)
        article_changes.note(c, [2])
        assert article_changes.since(c, first, [1, 2, 3]) == {2}
        assert article_changes.since(c, 0, [1, 2, 3]) == {1, 2}
        article_changes.note(c, [2])
        assert article_changes.since(c, article_changes.last(c), [2]) == frozenset()
