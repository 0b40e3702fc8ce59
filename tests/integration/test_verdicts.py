"""Analysts' verdicts are kept and counted and change no rule; what is doubtful is shown."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from typer.testing import CliRunner

from crawler import matching
from crawler.cli.main import commands
from crawler.errors import NotFoundError
from crawler.matching.topics import Topic
from crawler.model import Match, SearchFilters, Verdict, VerdictName
from crawler.query import parse
from storage.archive import SqlArchive, open_archive
from storage.search import SqlSearch
from storage.verdicts import SqlVerdicts
from storage.watchlist import SqlWatchList
from tests.builders import NOW, a_page, a_reading, save_article
from tests.integration.test_archive import keep, sight


def a_verdict(article_id: int, verdict: VerdictName = "not", **changes: str) -> Verdict:
    """A verdict on a label."""
    plain = Verdict(
        article_id=article_id, topic="water", label="general", verdict=verdict, said_at=NOW
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def test_the_newest_word_counts_and_no_word_is_lost(archive: SqlArchive) -> None:
    """Append-only: a change of mind is a further row, and labels are judged apart."""
    one, two = keep(archive, "/1"), keep(archive, "/2")
    verdicts = SqlVerdicts(archive.engine)
    said = [
        a_verdict(one, "not"),
        a_verdict(one, "relevant", said_by="b", note="looked again"),
        a_verdict(one, "missed", label="special"),
    ]
    for verdict in (*said, a_verdict(two), a_verdict(two, topic="other")):
        verdicts.add(verdict)
    assert list(verdicts.on_article(one)) == said
    assert list(verdicts.latest("water")) == [said[1], said[2], a_verdict(two)]
    with pytest.raises(NotFoundError, match="no article 99"):
        verdicts.add(a_verdict(99))


def doubtful(archive: SqlArchive, path: str, *labels: str, score: float = 0.4) -> int:
    """Keep an article just under the line for ``special``, with these labels."""
    (sighting,) = sight(archive, path)
    scores = dict.fromkeys(labels, 0.8) | {"special": score}
    match = Match(
        topic="water", version="v1", labels=labels, score=scores, mentions=(), doubtful=("special",)
    )
    return save_article(
        archive, sighting, a_page("x"), replace(a_reading(url=sighting.url), matches=(match,)), NOW
    )


def test_the_watch_list_holds_what_got_no_label(archive: SqlArchive) -> None:
    """Doubtful and unlabelled, of the topics asked for, in the time asked for."""
    near = doubtful(archive, "/near")
    doubtful(archive, "/labelled", "general")
    keep(archive, "/flagged", "Words.", "general")
    keep(archive, "/plain")
    watch = SqlWatchList(archive.engine)
    until = NOW + timedelta(minutes=1)
    assert [a.id for a in watch.doubtful(["water"], NOW, until)] == [near]
    assert watch.doubtful(["other"], NOW, until) == []
    assert watch.doubtful(["water"], NOW - timedelta(days=1), NOW) == []
    search = SqlSearch(archive.engine, matching.Evaluator({}, {}), lambda name: ())

    def found(asked: str | None, **options: str) -> list[int]:
        answers = search.find(parse(asked) if asked else None, SearchFilters(**options))  # type: ignore[arg-type]
        return [kept.id for kept, _ in answers]

    for asked in (
        "label:doubtful",
        "label:water/doubtful",
        "words label:doubtful OR label:doubtful",
    ):
        assert found(asked) == [near]
    assert found("label:other/doubtful") == [] and near not in found("NOT label:doubtful")
    assert found(None, label="doubtful") == found(None, label="doubtful", topic="water") == [near]
    assert found(None, label="doubtful", topic="other") == []


@pytest.fixture
def desk(archive_url: str, monkeypatch: pytest.MonkeyPatch, topic: Topic) -> Iterator[CliRunner]:
    """A command line over an archive of the topic's examples."""
    archive = open_archive(archive_url)
    for n, example in enumerate(topic.examples):
        (sighting,) = sight(archive, f"/{n}")
        reading = a_reading(example.text, url=sighting.url, headline="")
        save_article(
            archive,
            sighting,
            a_page("x"),
            replace(reading, matches=matching.match(reading.article, [topic])),
            NOW,
        )
    archive.close()
    monkeypatch.setenv("RASD_ARCHIVE", archive_url)
    yield CliRunner()


@pytest.mark.parametrize("archive_url", ["sqlite"], indirect=True)
def test_judgements_are_measured_and_change_no_rule(desk: CliRunner, topic: Topic) -> None:
    """``rasd judge``, then ``rasd eval --from-archive``: false alarms and misses of today's
    topic.
    """
    assert isinstance(desk.invoke(commands, ["eval", "--from-archive"]).exception, NotFoundError)
    flagged = [n for n, e in enumerate(topic.examples, 1) if len(e.labels) == len(topic.labels)]
    unflagged = [n for n, e in enumerate(topic.examples, 1) if not e.labels]
    for number, verdict in (
        (flagged[0], "relevant"),
        (flagged[1], "not"),
        (unflagged[0], "missed"),
        (flagged[1], "not"),
    ):
        said = desk.invoke(
            commands,
            [
                "judge",
                str(number),
                verdict,
                "--topic",
                topic.slug,
                "--by",
                "desk",
                "--note",
                "seen",
            ],
        )
        assert said.exit_code == 0, said.exception
    report = json.loads(desk.invoke(commands, ["eval", "--from-archive", "--json"]).output)
    first, last = topic.labels
    totals = {r["label"]: r for r in report["rows"] if r["language"] == r["difficulty"] == "all"}
    assert (totals[last]["true_positives"], totals[last]["false_positives"]) == (1, 1)
    assert totals[first]["false_negatives"] == 1
    assert {(e["id"], e["wanted"]) for e in report["errors"]} == {
        (str(flagged[1]), False),
        (str(unflagged[0]), True),
    }
    again = json.loads(desk.invoke(commands, ["rematch", "--topic", topic.slug, "--json"]).output)
    assert (again["rewritten"], report["version"]) == (0, topic.version)


@pytest.mark.parametrize("archive_url", ["sqlite"], indirect=True)
def test_explain_and_doubtful_are_said_by_the_verbs(desk: CliRunner, topic: Topic) -> None:
    """Each article can be explained, and an empty watch list says so."""
    number = next(n for n, e in enumerate(topic.examples, 1) if e.labels)
    said = desk.invoke(commands, ["explain", str(number)]).output
    assert "the same version gives the same verdict" in said and topic.version in said
    row = json.loads(desk.invoke(commands, ["explain", str(number), "--json"]).output)
    assert row["verdicts"][0]["labels"] == list(topic.examples[number - 1].labels)
    listed = json.loads(desk.invoke(commands, ["doubtful", "--since", "3650d", "--json"]).output)
    scores = [max(row["score"].values()) for row in listed]
    assert scores == sorted(scores, reverse=True) and all(score < 0.5 for score in scores)
    assert (
        "nothing stood just under the line"
        in desk.invoke(commands, ["doubtful", "--since", "2099-01-01"]).output
    )
