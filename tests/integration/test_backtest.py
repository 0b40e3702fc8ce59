"""Another version of a topic over the archive: what it would gain and lose."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from typer.testing import CliRunner

from crawler import matching
from crawler.cli.main import commands
from crawler.errors import RasdError
from crawler.matching import backtest, rejudge
from crawler.matching.topics import Topic
from crawler.seeds import folder
from storage import article_scan
from storage.archive import SqlArchive
from storage.matches import SqlMatches
from tests.builders import NOW, a_date, a_page, a_reading, save_article
from tests.integration.test_archive import sight

# Processes and verbs do not know the database: once is enough.
on_sqlite = pytest.mark.parametrize("archive_url", ["sqlite"], indirect=True)


@pytest.fixture
def filled(archive: SqlArchive, topic: Topic) -> SqlArchive:
    """The topic's examples, a day apart, as two sources' articles, with their verdicts."""
    for n, example in enumerate(topic.examples):
        (sighting,) = sight(archive, f"/{n}")
        reading = a_reading(
            example.text,
            url=sighting.url,
            headline="",
            source=f"paper-{n % 2}",
            published=a_date(NOW - timedelta(days=n)),
        )
        reading = replace(reading, matches=matching.match(reading.article, [topic]))
        save_article(archive, sighting, a_page("x"), reading, NOW)
    return archive


@pytest.fixture
def looser(topic: Topic) -> Topic:
    """The topic whose last label holds wherever its first one does, as another version."""
    first, *_, last = topic.labels
    same = replace(topic.labels[first], name=last, needs=first)
    return replace(topic, labels=dict(topic.labels) | {last: same}, version="looser")


def all_of(asked: rejudge.RejudgeJob, workers: int = 1) -> tuple[int, list[backtest.VerdictChange]]:
    """Articles judged and changes, over all parts."""
    parts = list(rejudge.rejudge(asked, workers))
    return sum(p.articles for p in parts), [c for p in parts for c in p.changes]


def opener(archive_url: str) -> partial[article_scan.SqlScan]:
    """How a worker opens the archive."""
    return partial(article_scan.open_scan, archive_url)


def test_a_back_test_gives_what_two_plain_judgements_give(
    filled: SqlArchive, archive_url: str, topic: Topic, looser: Topic
) -> None:
    """Gained and lost are the differences of two versions on each stored text; nothing is saved."""
    asked = rejudge.RejudgeJob(
        open_scan=opener(archive_url), after=[looser], before={topic.slug: topic}
    )
    articles, changes = all_of(asked)
    expected = {}
    for n, example in enumerate(topic.examples, 1):
        kept = filled.article(n)
        fields = matching.article_fields(kept.article)
        old, new = (set(matching.get_matcher(t).match(fields).labels) for t in (topic, looser))
        if old != new:
            expected[n] = (new - old, old - new)
        assert kept.matches == matching.match(kept.article, [topic]), example.text
    assert articles == len(topic.examples)
    assert {c.article_id: (set(c.gained), set(c.lost)) for c in changes} == expected
    _, back = all_of(replace(asked, after=[topic], before={topic.slug: looser}))
    assert [(c.article_id, c.lost, c.gained) for c in back] == [
        (c.article_id, c.gained, c.lost) for c in changes
    ]


def test_a_new_topic_gains_everything_with_proof(
    filled: SqlArchive, archive_url: str, topic: Topic
) -> None:
    """Against nothing, each label is a gain with a sentence of its own text, counted per source."""
    _, changes = all_of(rejudge.RejudgeJob(open_scan=opener(archive_url), after=[topic], before={}))
    flagged = [n for n, e in enumerate(topic.examples, 1) if e.labels]
    assert [c.article_id for c in changes] == flagged
    for change in changes:
        body = filled.article(change.article_id).article.body
        assert change.proof and all(q.text in body and q.mentions for q in change.proof)
    tallies = {t.source: t.gained for t in backtest.count_by_source(changes)}
    assert sum(tallies.values()) == sum(len(e.labels) for e in topic.examples)


@on_sqlite
def test_workers_give_what_one_process_gives(
    filled: SqlArchive,
    archive_url: str,
    topic: Topic,
    looser: Topic,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Ranges are judged in other processes and come back in order, the same to the last mention."""
    asked = rejudge.RejudgeJob(
        open_scan=opener(archive_url), after=[looser], before={topic.slug: topic}
    )
    alone = all_of(asked)
    monkeypatch.setattr(rejudge, "ARTICLES_PER_TASK", 7)
    assert all_of(asked, workers=2) == alone


def test_since_is_the_articles_own_date(filled: SqlArchive, archive_url: str, topic: Topic) -> None:
    """What is older is not judged."""
    asked = rejudge.RejudgeJob(
        open_scan=opener(archive_url), after=[topic], before={}, since=NOW - timedelta(days=3)
    )
    assert all_of(asked)[0] == 4


def test_a_scan_cannot_write(filled: SqlArchive, archive_url: str) -> None:
    """Whatever a worker is made to do, the archive stays as it is."""
    reader = article_scan.open_scan(archive_url)
    with pytest.raises(DBAPIError), reader._engine.begin() as c:
        c.execute(sa.text("DELETE FROM matches"))
    reader.close()
    assert filled.counts()["flagged"]


def test_a_rematch_writes_todays_verdicts_once(
    filled: SqlArchive, archive_url: str, topic: Topic, looser: Topic
) -> None:
    """Afterwards the archive holds today's verdicts; the second time there is nothing to write."""
    matches = SqlMatches(filled.engine)
    asked = rejudge.RejudgeJob(open_scan=opener(archive_url), after=[looser])
    _, changes = all_of(asked)
    assert any(c.gained for c in changes)
    matches.replace((c.article_id, c.topic, c.after) for c in changes)
    for n in range(1, len(topic.examples) + 1):
        kept = filled.article(n)
        assert kept.matches == matching.match(kept.article, [looser])
    assert all_of(asked)[1] == []


def shipped(topic: Topic) -> Path:
    """The topic's own file."""
    return folder.find_seeds_folder(None) / "topics" / f"{topic.slug}.yml"


@pytest.fixture
def desk(
    filled: SqlArchive, archive_url: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[CliRunner]:
    """A command line over the filled SQLite archive."""
    monkeypatch.setenv("RASD_ARCHIVE", archive_url)
    yield CliRunner()


@on_sqlite
def test_the_verbs_compare_before_anything_is_saved(
    desk: CliRunner, tmp_path: Path, topic: Topic
) -> None:
    """``rasd backtest`` of a changed file shows what would change; rematch finds nothing to do."""
    text = shipped(topic).read_text(encoding="utf-8")
    changed = tmp_path / f"{topic.slug}.yml"
    changed.write_text(re.sub(r"(?m)^ +needs:.*\n", "", text), encoding="utf-8")
    report = json.loads(desk.invoke(commands, ["backtest", str(changed), "--json"]).output)
    assert (
        report["articles"] == len(topic.examples)
        and report["current"] == topic.version != report["version"]
    )
    assert (
        report["gained"]
        == sum(s["gained"] for s in report["sources"])
        == sum(len(c["gained"]) for c in report["changes"])
    )
    assert "labels gained" in desk.invoke(commands, ["backtest", str(changed)]).output.replace(
        "\n", " "
    )
    again = json.loads(desk.invoke(commands, ["rematch", "--topic", topic.slug, "--json"]).output)
    assert (again["rewritten"], again["gained"], again["lost"]) == (0, 0, 0)


@on_sqlite
def test_a_draft_folder_is_read_with_its_own_lexicon(
    desk: CliRunner, tmp_path: Path, topic: Topic
) -> None:
    """A changed word list is back-tested as a copy of the seeds; those in use stay as they are."""
    import shutil

    draft = tmp_path / "draft"
    shutil.copytree(folder.find_seeds_folder(None), draft)
    concept = draft / "lexicon" / f"{next(iter(topic.concepts))}.yml"
    concept.write_text(
        concept.read_text(encoding="utf-8") + "\n# a remark changes nothing\n", encoding="utf-8"
    )
    path = draft / "topics" / f"{topic.slug}.yml"
    report = json.loads(desk.invoke(commands, ["backtest", str(path), "--json"]).output)
    assert report["version"] == report["current"] and report["gained"] == report["lost"] == 0
    concept.write_text("title: {en: x}\nterms: {en: [zzzz]}\n", encoding="utf-8")
    report = json.loads(desk.invoke(commands, ["backtest", str(path), "--json"]).output)
    assert report["version"] != report["current"]


@on_sqlite
def test_a_broken_topic_is_named_with_its_line(desk: CliRunner, tmp_path: Path) -> None:
    """The analyst learns what is wrong before any article is read."""
    broken = tmp_path / "water.yml"
    broken.write_text("title: {en: Water}\nlabel: {}\n", encoding="utf-8")
    failed = desk.invoke(commands, ["backtest", str(broken)])
    assert isinstance(
        failed.exception, RasdError
    ) and "topics/water.yml:2: unknown key 'label'" in str(failed.exception)
