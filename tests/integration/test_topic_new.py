"""The road to a new topic, typed: propose, fit, check, back-test, judge, fit again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from crawler.cli.main import commands
from crawler.errors import RasdError
from crawler.stories import fingerprint
from storage.archive import open_archive
from tests.builders import NOW, a_page, a_reading, save_article
from tests.integration.test_archive import sight
from tests.unit.evaluation.texts import on_dams, on_football
from tests.unit.small_seeds import FILES

ON_SQLITE = pytest.mark.parametrize("archive_url", ["sqlite"], indirect=True)
ROADBLOCKS = (
    "A roadblock near the dam stopped two lorries; gendarmes arrested a man.",
    "Gendarmes at a roadblock by the dam found a lorry of cigarettes.",
    "The roadblock by the old dam was lifted, gendarmes said.",
    "Near the dam a roadblock of gendarmes stopped a wedding.",
    "Gendarmes moved their roadblock from the dam to the bridge.",
    "At a roadblock close to the dam gendarmes stopped a minister.",
)


@pytest.fixture
def desk(archive_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """A folder with seeds of a river topic, labelled examples on dams, and an archive of both
    dams and football."""
    for name, text in FILES.items():
        path = tmp_path / "seeds" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    rows = [{"id": i.id, "lang": i.language, "text": i.text, "dams": True} for i in on_dams()]
    rows += [
        {"id": f"r{n}", "lang": "en", "text": text, "dams": False}
        for n, text in enumerate(ROADBLOCKS)
    ]
    lines = (json.dumps(row, ensure_ascii=False) for row in rows)
    (tmp_path / "examples.jsonl").write_text("\n".join(lines), encoding="utf-8")
    archive = open_archive(archive_url)
    for n, item in enumerate((*on_dams(), *on_football(12))):
        (sighting,) = sight(archive, f"/{n}")
        reading = a_reading(item.text, url=sighting.url, headline="", language=item.language)
        reading = replace(reading, fingerprint=fingerprint.compute(item.text))
        save_article(archive, sighting, a_page("x"), reading, NOW)
    archive.close()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RASD_ARCHIVE", archive_url)
    monkeypatch.setenv("RASD_SEEDS", str(tmp_path / "seeds"))
    yield tmp_path


def typed(*words: str, answers: str = "") -> str:
    """What a command prints; it has to succeed."""
    done = CliRunner().invoke(commands, list(words), input=answers)
    assert done.exit_code == 0, (words, done.output, done.exception)
    return done.output


@ON_SQLITE
def test_the_road_from_texts_to_a_fitted_topic(desk: Path) -> None:
    """Each command that ``rasd topic new`` names next works on the draft as it is."""
    said = typed("topic", "new", "Dams", "examples.jsonl")
    assert "from 15 examples, 6 that only look like it and 36 other texts" in said
    folder = ("--seeds", "dams-draft")
    assert "rasd --seeds dams-draft fit dams examples.jsonl --write" in said
    fitted = json.loads(typed(*folder, "fit", "dams", "examples.jsonl", "--write", "--json"))
    assert fitted["labels"][0]["measured"][0]["f1"] > 0.8
    assert "# guess: flags" not in Path("dams-draft/topics/dams.yml").read_text(encoding="utf-8")
    typed("seeds", "check", "dams-draft")
    changes = json.loads(typed("backtest", "dams-draft/topics/dams.yml", "--json"))
    assert 12 <= sum(len(one["gained"]) for one in changes["changes"]) <= 15
    asked = typed(*folder, "judge", "--ask", "10", "--topic", "dams", answers="y\n" * 3 + "n\nq\n")
    assert "4 judged; rasd fit dams --archive learns from them" in asked
    again = json.loads(typed(*folder, "fit", "dams", "examples.jsonl", "--archive", "--json"))
    assert (
        again["labels"][0]["measured"][0]["items"]
        == fitted["labels"][0]["measured"][0]["items"] + 4
    )
    assert again["written"] is None


@ON_SQLITE
def test_a_draft_is_the_seeds_with_the_topic_in_it(desk: Path) -> None:
    """So its rules may use the lexicon, and what is in use stays as it is; --write adds to it."""
    report = json.loads(typed("topic", "new", "Dams", "examples.jsonl", "--json"))
    draft = {p.relative_to("dams-draft").as_posix() for p in Path("dams-draft").rglob("*.yml")}
    added = {Path(p).relative_to("dams-draft").as_posix() for p in report["files"]}
    assert draft == FILES.keys() | added and added.isdisjoint(FILES)
    assert not any((desk / "seeds" / name).exists() for name in added)
    typed("topic", "new", "Dams", "examples.jsonl", "--write")
    assert all((desk / "seeds" / name).is_file() for name in added)


@ON_SQLITE
def test_what_a_search_finds_is_an_example(desk: Path) -> None:
    """And is not compared with itself."""
    report = json.loads(
        typed(
            "topic",
            "new",
            "سدود",
            "--slug",
            "dams",
            "--search",
            "dam OR dams OR barrage OR barrages",
            "--json",
        )
    )
    assert (report["label"], report["examples"], report["others"]) == ("dams", 10, 41)
    words = {term["term"] for concept in report["concepts"] for term in concept["terms"]}
    assert {"dam", "barrage"} <= words


@ON_SQLITE
def test_without_an_archive_texts_are_compared_with_a_file(
    desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or with nothing; a line warns of it."""
    monkeypatch.setenv("RASD_ARCHIVE", f"sqlite:///{desk}/none.sqlite")
    said = typed("topic", "new", "Dams", "examples.jsonl")
    assert "0 other texts" in said and "few texts to compare with" in said
    rows = "\n".join(
        json.dumps({"text": item.text, "lang": item.language}) for item in on_football()
    )
    Path("press.jsonl").write_text(rows, encoding="utf-8")
    said = typed(
        "topic", "new", "Dams", "examples.jsonl", "--background", "press.jsonl", "--into", "d"
    )
    assert "90 other texts" in said and Path("d/topics/dams.yml").is_file()
    assert not (desk / "none.sqlite").exists()


@ON_SQLITE
def test_plain_texts_are_examples_too(desk: Path) -> None:
    """A file each, its first line the headline; the label is called as the topic is."""
    for n, item in enumerate(on_dams("fr")):
        Path(f"{n}.txt").write_text(f"Barrage {n}\n\n{item.text}", encoding="utf-8")
    report = json.loads(
        typed("topic", "new", "Barrages", *(f"{n}.txt" for n in range(5)), "--json")
    )
    assert (report["label"], report["examples"], report["lookalikes"]) == ("barrages", 5, 0)
    assert (
        report["labelled"] == [] and report["concepts"][0]["terms"][0]["term"].lower() == "barrage"
    )


@ON_SQLITE
def test_numbers_judge_as_true_and_false_do(desk: Path) -> None:
    """A table's 1 and 0; a number that counts something is no judgement."""
    rows = [json.loads(line) for line in Path("examples.jsonl").read_text("utf-8").splitlines()]
    numbered = [row | {"dams": int(row["dams"]), "words": n} for n, row in enumerate(rows)]
    Path("numbers.jsonl").write_text("\n".join(map(json.dumps, numbered)), encoding="utf-8")
    told, same = (
        json.loads(typed("topic", "new", "Dams", f"{name}.jsonl", "--into", name, "--json"))
        for name in ("numbers", "examples")
    )
    assert told["label"] == "dams" and told["lookalikes"] == len(ROADBLOCKS)
    assert told["concepts"] == same["concepts"]


@ON_SQLITE
@pytest.mark.parametrize(
    "words, problem",
    [
        (("Dams",), "give files of example texts, or --search"),
        (("سدود", "examples.jsonl"), "has no Latin letters: give --slug"),
        (("Dams", "examples.jsonl", "--slug", "water"), "topic 'water' is in the seeds already"),
        (("Dams", "examples.jsonl", "--slug", "A b"), "'A b' is no slug"),
        (("Dams", "examples.jsonl", "--label", "x"), "are judged by dams: give --label"),
        (("Dams", "none.jsonl"), "none.jsonl: No such file"),
        (("Dams", "bad.jsonl"), "bad.jsonl:2: neither"),
        (("Dams", "four.jsonl"), "4 example texts; a proposal takes 5"),
        (("Dams", "--search", "zebra"), "'zebra' finds nothing in the archive"),
        (("Dams", "examples.jsonl", "--into", "seeds"), "is there already; move it away, or give --into"),
    ],
)  # fmt: skip
def test_a_mistake_is_one_clear_line(desk: Path, words: tuple[str, ...], problem: str) -> None:
    """And nothing is written."""
    lines = (desk / "examples.jsonl").read_text(encoding="utf-8").splitlines()
    Path("bad.jsonl").write_text(lines[0] + '\n{"id": 1}\n', encoding="utf-8")
    Path("four.jsonl").write_text("\n".join(lines[:4]), encoding="utf-8")
    before = {path for path in desk.rglob("*") if path.suffix == ".yml"}
    done = CliRunner().invoke(commands, ["topic", "new", *words])
    error = done.exception
    message = str(error) if isinstance(error, RasdError) else " ".join(done.output.split())
    assert done.exit_code != 0 and problem in message.replace("│ ", "")
    assert {path for path in desk.rglob("*") if path.suffix == ".yml"} == before


@ON_SQLITE
def test_articles_are_judged_one_after_the_other(desk: Path) -> None:
    """A key for each; what was judged is not shown again, and what belongs without being flagged
    was missed."""
    typed("topic", "new", "Dams", "examples.jsonl")
    ask = ("--seeds", "dams-draft", "judge", "--topic", "dams", "--by", "desk", "--ask")
    said = typed(*ask, "3", answers="x\ny\ns\n")
    assert "3 of" in said and "1 judged" in said and said.count("y/n/s/t/q: ") == 4
    shown = [line.split()[1] for line in said.splitlines() if line[:2] in ("1/", "2/", "3/")]
    again = typed(*ask, "99", answers="q\n" * 99)
    left = int(again.split(" of ")[1].split()[0])
    assert left == int(said.split(" of ")[1].split()[0]) - 1
    judged = json.loads(typed("--seeds", "dams-draft", "eval", "--from-archive", "--json"))
    assert judged["items"] == 1 and shown
    missing = CliRunner().invoke(commands, ["judge"])
    assert missing.exit_code == 2 and "--ask" in missing.output
