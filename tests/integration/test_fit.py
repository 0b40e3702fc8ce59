"""``rasd fit``, as a user types it: what it prints, what it writes, what it refuses."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from crawler import spiders
from crawler.cli.main import commands
from crawler.errors import RasdError
from crawler.seeds import load
from crawler.seeds.folder import look, read_seed_files
from crawler.stories import fingerprint
from storage.archive import open_archive
from tests.builders import NOW, a_page, a_reading, save_article
from tests.integration.test_archive import sight
from tests.unit.small_seeds import FILES

ON_SQLITE = pytest.mark.parametrize("archive_url", ["sqlite"], indirect=True)
TOPIC = """\
# What dams are built for; السدود
title: {en: Dams}
labels:
  dams:
    title: {en: Dams, ar: سدود}
    rule: dam
    # nothing is fitted yet
    speaks_for:
      a minister is named: {points: 0, rule: minister}  # as one says
      a spoon: {points: 4, rule: spoon}
    speaks_against:
      a film: {points: 0, rule: film OR "motion picture" OR "documentary series" OR "feature length film"}
matches:
  - {text: "The minister opened the dam.", labels: [dams]}
misses:
  - {text: "A film about a dam."}
"""
RIGHT = "The minister opened the dam of valley number {}, the paper says."
WRONG = "A film about a dam is shown in cinema number {} of the town."


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder with seeds, among them the topic ``dams``, and thirty labelled texts."""
    for name, text in (FILES | {"topics/dams.yml": TOPIC}).items():
        path = tmp_path / "seeds" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    rows = [
        {"id": f"{wanted} {n}", "lang": "en", "text": text.format(n), "dams": wanted}
        for text, wanted in ((RIGHT, True), (WRONG, False))
        for n in range(15)
    ]
    write_lines(tmp_path / "judged.jsonl", rows)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RASD_SEEDS", str(tmp_path / "seeds"))
    monkeypatch.setenv("RASD_ARCHIVE", f"sqlite:///{tmp_path}/none.sqlite")
    return tmp_path


def write_lines(path: Path, rows: Sequence[Any]) -> None:
    """Rows as JSON lines, compressed if the name says so."""
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
    path.write_bytes(gzip.compress(text) if path.suffix == ".gz" else text)


def ran(*words: str) -> Result:
    """One run of ``rasd fit``."""
    return CliRunner().invoke(commands, ["fit", *words])


def fit(*words: str) -> str:
    """What it prints; it has to succeed."""
    done = ran(*words)
    assert done.exit_code == 0, (words, done.output, done.exception)
    return done.output


def fit_json(*words: str) -> Any:
    """What it prints as JSON."""
    return json.loads(fit(*words, "--json"))


def test_it_measures_and_proposes_and_writes_nothing(desk: Path) -> None:
    """How good the points are, what each line is worth, and the change of the file, to be read."""
    before = look(desk / "seeds")
    said = fit("dams", "judged.jsonl")
    assert "dams: starts from " in said and "holds from " in said
    assert "30     15      0       0" in said  # items, right, wrong, missed
    assert "(0.80–1.00)" in said and "(0.89–1.00)" in said  # of precision and recall, of F1
    assert "the topic's own examples: 2 of 2" in said
    assert "matters nothing, to be struck: a spoon" in said
    assert "-      a spoon: {points: 4, rule: spoon}" in said
    assert "+      a spoon: {points: 0, rule: spoon}" in said
    line = next(line for line in said.splitlines() if line.startswith("+      a film: "))
    assert len(line) > 100 and line.endswith('OR "feature length film"}')  # never wrapped
    assert "+    start: " in said and "+    doubtful_from: " in said
    assert "nothing is written: --write changes the file" in said
    assert look(desk / "seeds") == before


def test_written_points_are_read_by_all_that_reads_seeds(desk: Path) -> None:
    """Comments and other lines stay, no draft is left, and a second run has nothing to change."""
    path = desk / "seeds" / "topics" / "dams.yml"
    path.chmod(0o640)
    report = fit_json("dams", "judged.jsonl", "--write")
    text = path.read_text(encoding="utf-8")
    assert report["written"] == str(path) and path.stat().st_mode & 0o777 == 0o640
    assert "    # nothing is fitted yet\n    start: " in text and "# as one says" in text
    assert sorted(p.name for p in path.parent.iterdir()) == ["dams.yml", "water.yml"]
    topic = load(read_seed_files(desk / "seeds"), kinds=spiders.kinds()).topics["dams"]
    label, fitted = topic.labels["dams"], report["labels"][0]
    for name in ("start", "holds_from", "doubtful_from"):
        assert getattr(label, name) == fitted[name]
    assert {e.name: e.points for e in label.evidence} == {
        line["name"]: line["points"] for line in fitted["lines"]
    }
    checked = CliRunner().invoke(commands, ["seeds", "check"])
    assert checked.exit_code == 0, checked.output
    again = fit("dams", "judged.jsonl", "--write")
    assert "the file has these points already" in again and "written to" not in again


def test_ends_of_lines_and_links_stay(desk: Path) -> None:
    """A file that was written on another system, or that several folders share."""
    path = desk / "seeds" / "topics" / "dams.yml"
    shared = desk / "shared.yml"
    shared.write_bytes(TOPIC.replace("\n", "\r\n").encode())
    path.unlink()
    path.symlink_to(shared)
    fit("dams", "judged.jsonl", "--write")
    text = shared.read_bytes().decode()
    assert path.is_symlink() and text != TOPIC
    assert text.count("\n") == text.count("\r\n") == TOPIC.count("\n") + 3


def test_the_fit_as_data(desk: Path) -> None:
    """Per label its numbers, its lines, what was measured and what remains."""
    odd = [{"id": "odd", "lang": "fr", "title": "Film", "text": "Of a dam.", "dams": True}]
    write_lines(desk / "odd.jsonl", odd)
    report = fit_json("dams", "judged.jsonl", "odd.jsonl")
    assert list(report) == ["topic", "labels", "diff", "written"]
    assert (report["topic"], report["written"]) == ("dams", None)
    (label,) = report["labels"]
    assert list(label) == [
        "label", "start", "holds_from", "doubtful_from", "lines", "strike", "measured", "background",
        "background_flagged", "examples", "example_errors", "errors",
    ]  # fmt: skip
    assert [list(line) for line in label["lines"]] == [
        ["name", "against", "points", "before", "right", "wrong", "gain"]
    ] * 3
    assert [(m["language"], m["items"]) for m in label["measured"]] == [
        ("all", 31), ("en", 30), ("fr", 1)
    ]  # fmt: skip
    assert label["measured"][0]["recall"] == round(15 / 16, 4)
    assert [(e["id"], e["wanted"], e["language"]) for e in label["errors"]] == [("odd", True, "fr")]
    assert "+++ topics/dams.yml\n" in report["diff"]


@pytest.mark.parametrize("name", ["others.jsonl", "others.jsonl.gz"])
def test_a_background_shows_what_it_would_flag(desk: Path, name: str) -> None:
    """Texts that have no label, plain or compressed; those without the rule are not counted."""
    rows = [{"title": "", "text": f"The weather of day {n}."} for n in range(30)]
    rows += [{"text": "The minister came to the dam; he left."}]
    write_lines(desk / name, rows)
    (label,) = fit_json("dams", "judged.jsonl", "--background", name)["labels"]
    assert (label["background"], len(label["background_flagged"])) == (1, 1)
    assert label["background_flagged"][0]["id"] == "others.jsonl:31".replace("others.jsonl", name)
    assert label["measured"][0]["items"] == 30


@pytest.fixture
def archived(desk: Path, archive_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The same texts as stored articles, in the order of their labels."""
    archive = open_archive(archive_url)
    texts = [text.format(n) for text in (RIGHT, WRONG) for n in range(8)]
    for n, text in enumerate([*texts, *[RIGHT.format(0) * 5] * 6]):
        (sighting,) = sight(archive, f"/{n}")
        reading = a_reading(text, url=sighting.url, headline="")
        reading = replace(reading, fingerprint=fingerprint.compute(text))
        save_article(archive, sighting, a_page("x"), reading, NOW)
    archive.close()
    monkeypatch.setenv("RASD_ARCHIVE", archive_url)
    yield desk


def judge(number: int, verdict: str) -> None:
    """Say of a stored article whether it belongs to ``dams``."""
    words = ["judge", str(number), verdict, "--topic", "dams", "--label", "dams"]
    done = CliRunner().invoke(commands, words)
    assert done.exit_code == 0, (done.output, done.exception)


@ON_SQLITE
def test_what_analysts_judged_is_learned_from(archived: Path) -> None:
    """By itself, and beside a file of labelled lines; it is written only when that is asked for."""
    before = look(archived / "seeds")
    for number in range(1, 17):
        judge(number, "missed" if number <= 8 else "not")
    (label,) = fit_json("dams", "--archive")["labels"]
    assert label["measured"][0]["items"] == 16
    minister, _, film = label["lines"]
    assert minister["points"] > 0 > film["points"]
    (both,) = fit_json("dams", "judged.jsonl", "--archive")["labels"]
    assert both["measured"][0]["items"] == 46
    assert look(archived / "seeds") == before


@ON_SQLITE
def test_copies_of_one_story_are_one_event(archived: Path) -> None:
    """Six papers print one agency's text: what is known of it is known once."""
    for number in range(9, 23):
        judge(number, "not" if number <= 16 else "missed")
    done = ran("dams", "--archive")
    assert isinstance(done.exception, RasdError) and done.exception.exit_code == 65
    assert "of 2 events that belong to it" in str(done.exception)  # the topic's own example is one


@ON_SQLITE
def test_an_archive_without_verdicts_says_so(archived: Path) -> None:
    """And names the topic."""
    done = ran("dams", "--archive")
    assert str(done.exception) == "no article has been judged for dams yet"


def test_each_mistake_is_one_line(desk: Path) -> None:
    """What happened, to what, what to do."""
    few = [{"id": str(n), "text": RIGHT.format(n), "dams": True} for n in range(15)]
    write_lines(desk / "few.jsonl", few)
    (desk / "broken.jsonl").write_text('{"id": "a", "text": "x", "dams": true}\n{"id":\n')
    (desk / "broken.jsonl.gz").write_bytes(gzip.compress(b'{"text": "dam"}\n[]\n'))
    (desk / "deep.jsonl").write_text("[" * 100_000)
    (desk / "cut.jsonl.gz").write_bytes(gzip.compress(b'{"text": "dam"}\n' * 999)[:40])
    damaged = bytearray(gzip.compress(b'{"text": "dam"}\n' * 9))
    damaged[12:16] = b"\xff\xff\xff\xff"
    (desk / "damaged.jsonl.gz").write_bytes(damaged)
    for words, code, said in (
        (("dams",), 2, "give files of labelled lines, or --archive"),
        (("dam", "judged.jsonl"), 1, "no topic 'dam' in the seeds; known: dams, water"),
        (("dams", "none.jsonl"), 2, "none.jsonl: No such file"),
        (("dams", "broken.jsonl"), 65, "broken.jsonl:2: not JSON: "),
        (("dams", "few.jsonl"), 65, "dams: the rule holds in judged texts of 16 events that belong"),
        (("water", "judged.jsonl"), 65, "topics/water.yml:1: no label has evidence to fit: write"),
        (("dams", "judged.jsonl", "--background", "broken.jsonl.gz"), 65, "broken.jsonl.gz:2: not a"),
        (("dams", "judged.jsonl", "--background", "deep.jsonl"), 65, "deep.jsonl:1: "),
        (("dams", "judged.jsonl", "--background", "cut.jsonl.gz"), 65, "cut.jsonl.gz: "),
        (("dams", "judged.jsonl", "--background", "damaged.jsonl.gz"), 65, "damaged.jsonl.gz: "),
        (("dams", "judged.jsonl", "--background", "none.jsonl.gz"), 65, "none.jsonl.gz: "),
        (("dams", "judged.jsonl", "--archive"), 78, "none.sqlite"),
    ):  # fmt: skip
        done = ran(*words)
        error = done.exception
        if isinstance(error, RasdError):
            assert (error.exit_code, said in str(error)) == (code, True), (words, str(error))
            assert "\n" not in str(error)
        else:
            assert (done.exit_code, said in done.stderr) == (code, True), (
                words,
                done.stderr,
                error,
            )


def test_a_file_that_cannot_be_written_is_named(desk: Path) -> None:
    """An installed package may belong to another user: its seeds are copied first."""
    (desk / "seeds" / "topics" / ".dams.yml.new").mkdir()  # refused to root as well
    done = ran("dams", "judged.jsonl", "--write")
    assert isinstance(done.exception, RasdError) and done.exception.exit_code == 73
    said = str(done.exception)
    assert said.startswith(f"{desk}/seeds/topics/dams.yml: cannot be written: ")
    assert said.endswith("copy the seeds folder and choose the copy: rasd --seeds FOLDER fit …")
    assert (desk / "seeds" / "topics" / "dams.yml").read_text(encoding="utf-8") == TOPIC
