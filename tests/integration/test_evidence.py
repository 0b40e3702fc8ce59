"""The proof from end to end: judged, stored, shown, explained, the same on any day."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from crawler import matching, seeds
from crawler.cli.main import commands
from crawler.matching import explanation
from crawler.matching.topics import Topic
from crawler.model import HeldEvidence, Match
from storage import views
from storage.archive import SqlArchive, open_archive
from tests.archives import earlier
from tests.builders import NOW, a_page, a_reading, save_article
from tests.integration.test_archive import keep, sight
from tests.unit.small_seeds import FILES

ON_SQLITE = pytest.mark.parametrize("archive_url", ["sqlite"], indirect=True)
TOPIC = """\
title: {en: Dams, ar: السدود}
labels:
  dams:
    title: {en: Dams, ar: سدود}
    rule: سد OR concept:river
    holds_from: 12
    doubtful_from: 0
    speaks_for:
      "وزير: minister": {points: 15, rule: وزير}
      a flood: {points: 4, rule: concept:flood}
      no film: {points: 2, rule: NOT film}
    speaks_against:
      a match: {points: -3, rule: مباراة}
"""
FLAGGED = "عقدت مباراة أمس. دشن وزير التجهيز سدا على نهر المدينة."
DOUBTFUL = "The river is low, say those who live on it."


@pytest.fixture(scope="module")
def dams() -> Topic:
    """One label whose evidence has places and has none, speaks for it and against it."""
    return seeds.load(FILES | {"topics/dams.yml": TOPIC}, kinds=["feed", "sitemap"]).topics["dams"]


def store(archive: SqlArchive, path: str, text: str, topic: Topic, **changes: str) -> int:
    """Keep an article judged by the topic; its id."""
    (sighting,) = sight(archive, path)
    reading = a_reading(text, url=sighting.url, **changes)
    reading = replace(reading, matches=matching.match(reading.article, [topic]))
    return save_article(archive, sighting, a_page("x"), reading, NOW)


def test_a_match_comes_back_from_the_archive_as_it_was(archive: SqlArchive, dams: Topic) -> None:
    """Each line with its name, points and place, on either database; judged again it is equal."""
    number = store(archive, "/a", FLAGGED, dams, language="ar", headline="سد جديد")
    kept = archive.article(number)
    (match,) = kept.matches
    assert match.evidence == (
        HeldEvidence(
            label="dams", name="وزير: minister", points=15, field="body",
            start=FLAGGED.index("وزير"), end=FLAGGED.index("وزير") + 4,
        ),
        HeldEvidence(
            label="dams", name="a match", points=-3, field="body",
            start=FLAGGED.index("مباراة"), end=FLAGGED.index("مباراة") + 6,
        ),
        HeldEvidence(label="dams", name="no film", points=2),
    )  # fmt: skip
    assert (match,) == matching.match(kept.article, [dams])
    (one,) = explanation.explain(kept, {"dams": dams})
    assert one.state == "reproduced" and one.today == match


def test_a_match_of_before_scorecards_has_no_evidence(archive: SqlArchive) -> None:
    """The column came with migration 0029: what was stored before says nothing of evidence."""
    number = keep(archive, "/a", "Words.", "general")
    with archive.engine.begin() as c:
        views.drop(c)  # one of them reads the column
        c.execute(sa.text("ALTER TABLE matches DROP COLUMN evidence"))
        earlier.drop_later(c, "0028")
    url = archive.engine.url.render_as_string(hide_password=False)
    with closing(open_archive(url.replace("+psycopg", ""))) as opened:
        (match,) = opened.article(number).matches
        assert (match.labels, match.evidence) == (("general",), ())


@pytest.fixture
def desk(
    archive_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, dams: Topic
) -> Iterator[Path]:
    """A folder with the seeds and an archive of two articles: flagged, and doubtful."""
    for name, text in (FILES | {"topics/dams.yml": TOPIC}).items():
        path = tmp_path / "seeds" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    with closing(open_archive(archive_url)) as archive:
        store(archive, "/1", FLAGGED, dams, language="ar", headline="سد جديد")
        store(archive, "/2", DOUBTFUL, dams)
    monkeypatch.setenv("RASD_ARCHIVE", archive_url)
    monkeypatch.setenv("RASD_SEEDS", str(tmp_path / "seeds"))
    yield tmp_path


def typed(*words: str) -> str:
    """What a command prints; it has to succeed."""
    done = CliRunner().invoke(commands, list(words))
    assert done.exit_code == 0, (words, done.output, done.exception)
    return done.output


LINES = [("وزير: minister", 15), ("a match", -3), ("no film", 2)]


@ON_SQLITE
def test_the_proof_is_shown_by_each_verb(desk: Path) -> None:
    """Points with their sign, the line's name, and the sentence in which it holds."""
    for words in (("show", "1"), ("explain", "1")):
        said = typed(*words)
        assert "+15  وزير: minister" in said and "-3  a match" in said and "+2  no film" in said
        assert "عقدت مباراة أمس." in said
    shown = json.loads(typed("show", "1", "--json"))
    explained = json.loads(typed("explain", "1", "--json"))
    (match,) = shown["matches"]
    verdict = next(one for one in explained["verdicts"] if one["topic"] == "dams")
    assert verdict["replay"] == "reproduced"
    for proof in (match["evidence"], verdict["evidence"]):
        assert [(line["name"], line["points"]) for line in proof] == LINES
        assert [line["field"] for line in proof] == ["body", "body", None]
        assert [(line["start"], line["end"]) for line in proof[2:]] == [(None, None)]
    assert verdict["evidence"][1]["sentence"].strip() == "عقدت مباراة أمس."
    assert verdict["evidence"][2]["sentence"] == ""


@ON_SQLITE
def test_what_is_doubtful_names_the_line_that_is_missing(desk: Path) -> None:
    """And how many points are short of the label."""
    said = typed("doubtful", "--since", "3650d", "--topic", "dams")
    assert "10 points short: no وزير: minister (+15)" in said
    (row,) = json.loads(typed("doubtful", "--since", "3650d", "--topic", "dams", "--json"))
    assert row["missing"] == {
        "label": "dams", "points": 10, "line": "وزير: minister", "would_add": 15
    }  # fmt: skip


@ON_SQLITE
def test_the_page_shows_the_points_from_right_to_left(desk: Path, chromium: str) -> None:
    """An Arabic article's page is Arabic; signs stay before their numbers, as the browser has
    them.
    """
    typed("explain", "1", "--html", str(desk / "page.html"))
    done = subprocess.run(
        [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
         f"--user-data-dir={desk}/profile", "--dump-dom", (desk / "page.html").as_uri()],
        capture_output=True, text=True, timeout=300, check=True,
    )  # fmt: skip
    assert '<html lang="ar" dir="rtl">' in done.stdout
    for name, points in LINES:
        cells = (
            f'<td class="points"><bdi dir="ltr">{points:+d}</bdi></td><td><bdi>{name}</bdi></td>'
        )
        assert cells in done.stdout
    sentence = r'<blockquote id="s\d+-\d+" lang="ar" dir="rtl">عقدت مباراة أمس\.'
    assert len(re.findall(sentence, done.stdout)) == 1


@ON_SQLITE
def test_a_query_says_which_of_its_conditions_fails(desk: Path) -> None:
    """On one article: what proves it, or what is not so and how nearly."""
    assert typed("explain", "1", "--query", "مباراة").startswith("holds: مباراة\n  «")
    said = typed("explain", "1", "--query", "مباراة AND NOT أمس AND zebra")
    assert said.splitlines() == [
        "does not hold: مباراة AND NOT أمس AND zebra",
        "  should not be there: the word “أمس”",
        "  not in the text: the word “zebra”",
    ]
    row = json.loads(typed("explain", "1", "--json", "--query", "lang:fr"))
    assert row["holds"] is False and row["failed"][0]["kind"] == "filter"


def test_the_same_text_is_judged_alike_byte_for_byte(tmp_path: Path) -> None:
    """Whatever the order in which a process keeps its sets."""
    for name, text in (FILES | {"topics/dams.yml": TOPIC}).items():
        path = tmp_path / "seeds" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    rows = [{"id": "1", "title": "سد", "text": FLAGGED}, {"id": "2", "title": "", "text": DOUBTFUL}]
    (tmp_path / "texts.jsonl").write_text(
        "".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8"
    )
    words = ["--seeds", str(tmp_path / "seeds"), "match", "--jsonl", str(tmp_path / "texts.jsonl")]
    said = [
        subprocess.run(
            [sys.executable, "-m", "crawler", *words, "--topic", "dams"],
            env=os.environ | {"PYTHONHASHSEED": seed, "RASD_CONFIG": ""},
            capture_output=True, check=True, timeout=300,
        ).stdout
        for seed in ("1", "2")
    ]  # fmt: skip
    assert said[0] == said[1]
    first, second = map(json.loads, said[0].splitlines())
    assert [(line["name"], line["points"]) for line in first["evidence"]] == LINES
    assert (first["labels"], second["doubtful"]) == (["dams"], ["dams"])


def test_a_topic_compiled_anew_judges_alike(topic: Topic) -> None:
    """Each example of the shipped topic, by a matcher that has seen nothing else."""

    def judged(text: str) -> Match:
        return matching.get_matcher(topic).match(matching.text_fields("", text))

    for example in topic.examples:
        fresh = matching.Matcher(topic).match(matching.text_fields("", example.text))
        assert repr(fresh) == repr(judged(example.text)) == repr(judged(example.text))
