"""``rasd search`` as it is typed: words without quotes, both orders, page after page, counted."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from crawler.cli.articles import search
from crawler.cli.main import commands
from crawler.errors import RasdError
from crawler.model import FoundArticles
from storage.archive import open_archive
from storage.search import SqlSearch
from tests.builders import NOW, a_date
from tests.integration.test_archive import keep
from tests.unit.small_seeds import FILES

TEXT_2 = "وقّع العراق اتفاقية مع المغرب."
TEXT_3 = "وصل وفد العراق."
TEXTS = {
    "L'Irak et le Maroc signent un accord.": "fr",
    TEXT_2: "ar",
    TEXT_3: "ar",
    "The dam was opened.": "en",
}


@pytest.fixture
def ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """``rasd search`` over four articles, of which the first is the newest."""
    for path, seed in FILES.items():  # a few: each verb reads all of them
        (tmp_path / "seeds" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "seeds" / path).write_text(seed, encoding="utf-8")
    monkeypatch.setenv("RASD_SEEDS", str(tmp_path / "seeds"))
    url = f"sqlite:///{tmp_path}/archive.sqlite"
    archive = open_archive(url)
    for n, (text, language) in enumerate(TEXTS.items(), 1):
        day = a_date(NOW - timedelta(days=n))
        keep(archive, f"/{n}", text, headline=f"No. {n}", language=language, published=day)
    archive.close()
    monkeypatch.setenv("RASD_ARCHIVE", url)
    return lambda *words: CliRunner().invoke(commands, ["search", *words])


def ids(result: Result) -> list[int]:
    """The articles of an answer as JSON."""
    assert result.exit_code == 0, result.output
    return [row["id"] for row in json.loads(result.stdout)]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("العراق", "اتفاقية"), [2]),
        (("accord", "irak"), [1]),
        (("irak", "OR", "dam"), [1, 4]),
        (("irak", "--lang", "fr", "accord"), [1]),
        (("--lang", "ar", "العراق", "NOT", "اتفاقية"), [3]),
        (('"dam was"', "opened"), [4]),
        (("--", "dam", "-opened"), [4]),
        (("--lang", "ar"), [2, 3]),
        ((), [1, 2, 3, 4]),
        (("",), [1, 2, 3, 4]),
    ],
)
def test_words_side_by_side_are_one_query(
    ask: Callable[..., Result], words: tuple[str, ...], found: list[int]
) -> None:
    """Quoted or not, with options before or behind; no words are all articles, newest first."""
    assert ids(ask("--json", *words)) == found
    if "--" not in words and "--lang" not in words:
        assert ids(ask(" ".join(words), "--json")) == found


def test_a_word_that_looks_like_an_option_gets_its_place(ask: Callable[..., Result]) -> None:
    """The error says how to look for it."""
    refused = ask("dam", "-opened")
    assert refused.exit_code == 2
    assert "it goes behind --: rasd search -- -o" in refused.stderr
    assert "--until" in ask("dam", "--untill", "7d").stderr


def test_a_page_is_counted_and_names_the_next(ask: Callable[..., Result]) -> None:
    """In both orders; the last one names none."""
    assert ask("--limit", "2").stdout.endswith("2 of 4, newest first; the next ones: --after 2\n")
    oldest = ask("--limit", "2", "--sort", "oldest", "--after", "4").stdout
    assert oldest.endswith("2 more of 4, oldest first; the next ones: --after 2\n")
    assert "No. 3" in oldest and "No. 4" not in oldest
    assert ask("العراق").stdout.endswith("2 found, newest first\n")
    assert ask("--after", "4").stdout == "nothing behind 4\n"


def test_a_count_is_a_number(ask: Callable[..., Result]) -> None:
    """And nothing else, unless JSON is asked for."""
    assert ask("العراق", "--count").stdout == "2\n"
    assert json.loads(ask("--count", "--json", "zebra").stdout) == {"count": 0}
    assert ids(ask("العراق", "--json", "--limit", "1", "--after", "2")) == [3]


def test_facets_stand_below_the_page(ask: Callable[..., Result]) -> None:
    """Of all that is found, not of the page alone; as JSON with everything else of the answer."""
    said = ask("العراق", "--facets", "--limit", "1").stdout
    assert "1 of 2, newest first; the next ones: --after 2\n" in said
    rows = dict(line.split(None, 1) for line in said.partition("by  ")[2].splitlines()[1:])
    assert rows["language"].strip() == "ar 2" and rows["actor"].strip() == "none 2"
    assert rows["days"].strip() == "2026-11-20 ██ 2026-11-21, most 1 (2026-11-20)"
    answer = json.loads(ask("العراق", "--facets", "--json", "--limit", "1").stdout)
    assert (answer["count"], answer["is_exact"], answer["goes_on"]) == (2, True, True)
    assert answer["facets"]["month"] == {"values": {"2026-11": 2}, "articles": 2, "without": 0}
    assert [row["id"] for row in answer["articles"]] == [2]
    assert "by" not in ask("zebra", "--facets").stdout.split()


def test_an_unknown_theme_actor_or_side_is_named(ask: Callable[..., Result]) -> None:
    """As an option and in a query."""
    for option in ("theme", "actor", "side"):
        for words in ((f"--{option}", "zebra"), (f"{option}:zebra",)):
            assert f"the seeds have no {option} 'zebra'; " in ask(*words).stderr, words


def test_the_most_relevant_come_first(ask: Callable[..., Result]) -> None:
    """The line below says so, and the next page goes on in that order."""
    first = ask("العراق", "--sort", "relevance", "--limit", "1").stdout
    assert "1 of 2, most relevant first; the next ones: --after " in first
    at = first.strip().rpartition(" ")[2]
    rest = ids(ask("العراق", "--sort", "relevance", "--after", at, "--json"))
    assert sorted([int(at), *rest]) == [2, 3]


def test_notes_of_an_answer_are_said(
    ask: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    """On stderr: JSON stays JSON."""
    page = SqlSearch.page

    def with_note(*args: Any, **kwargs: Any) -> FoundArticles:
        return replace(page(*args, **kwargs), notes=("half of it is indexed",))

    monkeypatch.setattr(SqlSearch, "page", with_note)
    for words in (("العراق",), ("العراق", "--json")):
        assert ask(*words).stderr == "rasd: half of it is indexed\n"
    assert ids(ask("العراق", "--json")) == [2, 3]
    answer = json.loads(ask("العراق", "--facets", "--json").stdout)
    assert answer["notes"] == ["half of it is indexed"]


@pytest.mark.parametrize("name", ["found.csv", "found.jsonl"])
def test_all_that_is_found_goes_into_a_file(
    ask: Callable[..., Result], tmp_path: Path, name: str
) -> None:
    """With what proves it; as JSON has it, in its order, and to stdout the same bytes."""
    file = tmp_path / name
    said = ask("العراق", "--sort", "oldest", "--output", str(file))
    assert (said.exit_code, said.stdout) == (0, f"2 articles in {file}\n")
    rows = json.loads(ask("العراق", "--sort", "oldest", "--json").stdout)
    if name.endswith("jsonl"):
        assert [json.loads(line) for line in file.read_text("utf-8").splitlines()] == rows
    else:
        assert file.read_bytes().startswith(b"\xef\xbb\xbf" + b'"id","headline",')
        with file.open(encoding="utf-8-sig", newline="") as opened:
            read = list(csv.DictReader(opened))
        assert [(r["id"], r["sentence"]) for r in read] == [("3", TEXT_3), ("2", TEXT_2)]
        assert list(read[0]) == list(rows[0])
    suffix = file.suffix.removeprefix(".")
    piped = ask("--format", suffix, "العراق", "--sort", "oldest")
    assert piped.stdout_bytes == file.read_bytes()
    assert ask("--output", str(file), "--limit", "1").stdout == f"1 articles in {file}\n"


@pytest.mark.parametrize("target", ["found.csv", "-"])
def test_a_long_export_says_how_far_it_is(
    ask: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    """As every long verb does, by ``cli.progress``; to a file as to a pipe."""
    counted: list[tuple[str, int]] = []

    def progress(items: Iterable[object], what: str) -> list[object]:
        found = list(items)
        counted.append((what, len(found)))
        return found

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(search, "progress", progress)
    assert ask("--output", target, "--format", "csv", "--lang", "ar").exit_code == 0
    assert counted == [("articles written", 2)]


def test_a_file_that_cannot_be_made_is_named_and_nothing_is_mixed(
    ask: Callable[..., Result], tmp_path: Path
) -> None:
    """Neither an unknown format, nor a missing folder, nor two kinds of answer."""
    for words, code, problem in (
        (("--output", "x.xlsx"), 2, "its suffix names no format; give --format: atom, csv, jsonl"),
        (("--output", str(tmp_path / "none" / "x.csv")), 73, "cannot be written: No such file"),
    ):
        done = ask(*words)
        assert isinstance(done.exception, RasdError) and done.exception.exit_code == code
        assert problem in str(done.exception)
    for words in (("--output", "x.csv", "--json"), ("--format", "csv", "--count")):
        assert "go without --count, --facets and --json" in ask(*words).stderr


def test_other_forms_are_found_and_named(ask: Callable[..., Result]) -> None:
    """Those that the archive has, behind the answer; beside what a program reads, on stderr."""
    said = ask("accords")
    assert said.stdout.endswith("1 found, newest first\nalso: accord\n")
    assert ask("اتفاقيتين").stdout.endswith("also: اتفاقية\n")
    assert "also:" not in ask("accord").stdout
    counted = ask("accords", "--count")
    assert (counted.stdout, counted.stderr) == ("1\n", "also: accord\n")
    as_json = ask("accords", "--json")
    assert ids(as_json) == [1]
    assert as_json.stderr == "also: accord\n"


@pytest.mark.parametrize("words", [('"accords"',), ("--exact", "accords")])
def test_words_may_be_meant_as_typed(ask: Callable[..., Result], words: tuple[str, ...]) -> None:
    """By quotes around one, or by an option for all."""
    said = ask("--count", *words)
    assert (said.stdout, said.stderr) == ("0\n", "")


PERSON = """\
title: {en: the other side}
terms: {en: [the other side]}
actors:
  - name: Falah al-Kinani
    role: director
    side: IQ
    terms: {ar: [فلاح الكيناني], fr: [{term: Falah al Kinani, inflect: name}]}
bridges:
  - [اتفاقية, معاهدة, accord]
"""


def test_names_are_found_in_both_scripts(ask: Callable[..., Result], tmp_path: Path) -> None:
    """Those of the lexicon's persons, given names, and with name: any other."""
    (tmp_path / "seeds" / "lexicon" / "other-side.yml").write_text(PERSON, encoding="utf-8")
    archive = open_archive(f"sqlite:///{tmp_path}/archive.sqlite")
    keep(archive, "/5", "صرح فلاح الكناني لقاسم البوزيدي.", language="ar")
    keep(archive, "/6", "M. Kinani a reçu Kassem Bouzidi.", language="fr")
    archive.close()
    assert sorted(ids(ask("--json", "الكيناني"))) == [5, 6]
    assert sorted(ids(ask("--json", "Kinani", "Qasim"))) == [5, 6]
    assert ids(ask("--json", "Bouzidi")) == [6]
    assert sorted(ids(ask("--json", "name:Bouzidi"))) == [5, 6]
    assert sorted(ids(ask("--json", 'اسم:"قاسم البوزيدي"'))) == [5, 6]
    assert ids(ask("--json", "--exact", "الكيناني")) == []
    assert ask("name:البوزيدي", "--count").stderr == "also: bouzidi\n"


def test_words_of_one_meaning_are_found_on_request(
    ask: Callable[..., Result], tmp_path: Path
) -> None:
    """By the bridges of the lexicon."""
    (tmp_path / "seeds" / "lexicon" / "other-side.yml").write_text(PERSON, encoding="utf-8")
    assert ids(ask("--json", "معاهدة")) == []
    assert ids(ask("--json", "--bridges", "معاهدة")) == [1, 2]
