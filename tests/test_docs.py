"""The documentation is true: pages that follow from the code, links, paths, commands, columns."""

from __future__ import annotations

import ast
import re
import shlex
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest

from crawler import seeds, spiders
from crawler.cli.examples import EXAMPLES
from crawler.logs.setup import LOST
from crawler.matching.matcher import failed_examples
from crawler.model import FindingKind, Reason
from crawler.monitoring.severity import SEVERITY
from storage import tables, views
from tests import docs_reference
from tests.test_words import ODD

PROJECT = docs_reference.PROJECT
DOCS = sorted((PROJECT / "docs").rglob("*.md"))
PAGES = sorted({*PROJECT.glob("*.md"), *(PROJECT / "seeds").rglob("*.md"), *DOCS})
GENERATED = sorted(docs_reference.pages_by_name())
SCHEMA = PROJECT / "docs" / "reference" / "archive-schema.md"
VIEWS = PROJECT / "docs" / "how-to" / "open-the-archive.md"
LOGS = PROJECT / "docs" / "how-to" / "read-the-logs.md"
DECISIONS = PROJECT / "docs" / "explanation" / "decisions"
INDEXES = {
    PROJECT / "docs" / "index.md": {path for path in DOCS if not path.stem[0].isdigit()},
    DECISIONS / "index.md": set(DECISIONS.glob("[0-9]*.md")),
}
PACKAGES = sorted(
    {path.parent.name for path in (PROJECT / "crawler").glob("*/__init__.py")} | {"storage"}
)
BEFORE_THE_COMMAND = frozenset({"--config", "--seeds"})  # each with a value

_FENCED = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ +(.*?) *$", re.MULTILINE)
_PATH = re.compile(r"`((?:benchmarks|crawler|deploy|docs|seeds|storage|tests)/[\w./-]*\w)/?`")
_MODULE = re.compile(rf"`(?:crawler\.)?({'|'.join(PACKAGES)})\.(\w+)`")
_TEST = re.compile(r"`(test_\w+)`")


def name(path: Path) -> str:
    """A page as people call it."""
    return str(path.relative_to(PROJECT))


def prose(path: Path) -> str:
    """A page without its blocks of code."""
    return _FENCED.sub("", path.read_text(encoding="utf-8"))


@cache
def anchors(path: Path) -> frozenset[str]:
    """What can be linked to in a page: its headings, as GitHub names them."""
    headings = _HEADING.findall(prose(path))
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return frozenset(heading.replace(" ", "-") for heading in plain)


@pytest.mark.parametrize("page", GENERATED)
def test_a_page_that_follows_from_the_code_is_up_to_date(page: str) -> None:
    """``python -m tests.docs_reference`` writes it."""
    path = docs_reference.REFERENCE / page
    assert path.read_text(encoding="utf-8") == docs_reference.pages_by_name()[page]()


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_every_relative_link_leads_somewhere(path: Path) -> None:
    """To a file of the project, and to a heading that is there."""
    for link in _LINK.findall(prose(path)):
        if "://" in link or link.startswith("mailto:"):
            continue
        file, _, anchor = link.partition("#")
        target = (path.parent / file).resolve() if file else path
        assert target.exists(), f"{name(path)} links to {link}"
        assert not anchor or anchor in anchors(target), f"{name(path)} links to {link}"


@cache
def modules() -> frozenset[str]:
    """What ``package.name`` may mean: a module, or a column of the table of that name."""
    paths = (*(PROJECT / "crawler").rglob("*.py"), *(PROJECT / "storage").glob("*.py"))
    found = {f"{path.parent.name}.{path.stem}" for path in paths}
    for table in tables.metadata.sorted_tables:
        found |= {f"{table.name}.{column.name}" for column in table.columns}
    return frozenset(found)


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_every_path_that_is_named_exists(path: Path) -> None:
    """A module that moves, or a test, takes its name in the documentation with it."""
    text = prose(path)
    missing = {named for named in _PATH.findall(text) if not (PROJECT / named).exists()}
    missing |= {f"{package}.{module}" for package, module in _MODULE.findall(text)} - modules()
    missing |= set(_TEST.findall(text)) - {test.stem for test in (PROJECT / "tests").rglob("*.py")}
    assert not missing, f"{name(path)} names {', '.join(sorted(missing))}"


@pytest.mark.parametrize("index", INDEXES, ids=name)
def test_an_index_lists_every_page(index: Path) -> None:
    """A page that no index lists can only be found by chance."""
    links = _LINK.findall(prose(index))
    listed = {(index.parent / link.partition("#")[0]).resolve() for link in links}
    assert not INDEXES[index] - {index} - listed


def test_the_vocabulary_is_sorted_and_names_what_exists() -> None:
    """A word in the spelling of a class is one, unless it is planned."""
    page = (PROJECT / "docs" / "vocabulary.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (.*?) \| (.*) \|$", page, re.MULTILINE)[2:]
    words = [word for word, _ in rows]
    assert words == sorted(set(words), key=str.lower)
    code = "\n".join(path.read_text("utf-8") for path in (PROJECT / "crawler").rglob("*.py"))
    defined = set(re.findall(r"^class (\w+)|^(\w+)(?:: TypeAlias)? = ", code, re.MULTILINE))
    known = {name for pair in defined for name in pair}
    named = {w for word, text in rows if "planned" not in text for w in word.split(", ")}
    assert not {word for word in named if word[0].isupper() and " " not in word} - known


def yaml_blocks(page: str) -> list[str]:
    """The blocks of YAML in a page."""
    text = (PROJECT / page).read_text(encoding="utf-8")
    return [block for language, block in _FENCED.findall(text) if language == "yaml"]


@pytest.mark.parametrize(
    "page",
    [
        "README.md",
        "docs/how-to/add-a-source.md",
        "docs/ar/README.md",
        "docs/ar/add-a-source.md",
        "docs/fr/README.md",
        "docs/fr/add-a-source.md",
    ],
)
def test_the_source_that_is_shown_can_be_loaded(page: str) -> None:
    """With the command to probe it by its slug."""
    files = {"sources/ma/my-paper.yml": yaml_blocks(page)[0]}
    (source,) = seeds.load(files, kinds=spiders.kinds()).sources.values()
    shown = (PROJECT / page).read_text(encoding="utf-8")
    assert f"rasd sources probe {source.slug}" in shown or "add-a-source.md" in shown


def test_the_topic_that_is_shown_judges_its_examples() -> None:
    """The page on building a topic, typed in."""
    concept, topic = yaml_blocks("docs/how-to/build-a-topic.md")
    files = {"lexicon/dams.yml": concept, "topics/dams.yml": topic}
    loaded = seeds.load(files, kinds=spiders.kinds())
    assert failed_examples(loaded.topics["dams"]) == []


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_the_topic_of_a_translated_page_can_be_loaded(language: str) -> None:
    """With the concept of the English one."""
    concept, _ = yaml_blocks("docs/how-to/build-a-topic.md")
    (topic,) = yaml_blocks(f"docs/{language}/build-a-topic.md")
    files = {"lexicon/dams.yml": concept, "topics/dams.yml": topic}
    assert seeds.load(files, kinds=spiders.kinds()).topics["dams"].labels


def test_translated_pages_have_the_same_commands() -> None:
    """What one of the two languages shows, the other shows; an Arabic page is right to left."""
    for french in sorted((PROJECT / "docs" / "fr").glob("*.md")):
        arabic = PROJECT / "docs" / "ar" / french.name
        text = arabic.read_text(encoding="utf-8")
        assert text.startswith('<div dir="rtl" lang="ar">'), name(arabic)
        assert text.count("<div") == text.count("</div>"), name(arabic)
        assert verbs_of(french) == verbs_of(arabic), french.name


@pytest.mark.parametrize("page", ["README.md", "docs/ar/README.md", "docs/fr/README.md"])
def test_a_first_page_says_how_its_commands_are_reached(page: str) -> None:
    """``rasd`` alone is not found after ``make demo``: its folder has to be in the path."""
    _, demo, rest = (PROJECT / page).read_text(encoding="utf-8").partition("make demo")
    before, activate, after = rest.partition("`. .venv/bin/activate`")
    assert demo and activate and "\nrasd " not in before and "\nrasd " in after


def verbs_of(path: Path) -> set[str]:
    """The commands in a page's blocks, with their options, without what they are given."""
    blocks = "\n".join(block for _, block in _FENCED.findall(path.read_text(encoding="utf-8")))
    lines = (line.partition("#")[0].split() for line in re.findall(r"^ *(rasd .*)$", blocks, re.M))
    return {
        " ".join([words[1], *sorted(w for w in words if w.startswith("--"))]) for words in lines
    }


def test_seed_files_of_the_reference_can_be_loaded() -> None:
    """A source with its page rules and a concept, each with every key."""
    source, rules, concept = yaml_blocks("docs/reference/seed-files.md")[:3]
    named = source.partition("pages:")[0] + rules
    files = {
        "sources/ma/a.yml": source,
        "sources/ma/b.yml": named.replace("www.example", "b.example"),
        "lexicon/morocco.yml": concept,
    }
    loaded = seeds.load(files, kinds=spiders.kinds())
    assert loaded.sources["b"].pages[0].valid_until is not None and loaded.concepts["morocco"]


def test_the_topic_of_the_reference_can_be_loaded() -> None:
    """With a concept of two words for each that it names; its labels have what is explained."""
    topic = yaml_blocks("docs/reference/seed-files.md")[3]
    names = set(re.findall(r"concept:([\w-]+)", topic)) | {"police"}
    names |= set(re.findall(r"[\w-]+", re.findall(r"of: \[(.*?)\]", topic)[0]))
    files = {f"lexicon/{n}.yml": f"title: {{en: x}}\nterms: {{en: [{n} it]}}\n" for n in names}
    labels = seeds.load(files | {"topics/t.yml": topic}, kinds=()).topics["t"].labels
    evidence = labels["bilateral"].evidence
    assert {line.against for line in evidence} == {True, False} and not labels["security"].evidence


def test_concepts_that_the_seeds_readme_names_exist() -> None:
    """It need not name all: a new concept is one file."""
    concepts = first_cells(PROJECT / "seeds" / "README.md", "Concepts")
    assert len(set(concepts)) == len(concepts)
    assert set(concepts) <= {path.stem for path in (PROJECT / "seeds" / "lexicon").glob("*.yml")}


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_pages_are_in_plain_english(path: Path) -> None:
    """As the contracts in the code are."""
    assert not (odd := ODD.findall(path.read_text(encoding="utf-8"))), f"{name(path)}: {odd}"


def test_each_decision_has_a_number_of_its_own() -> None:
    """No gap, none twice; title and link begin with it, and the four parts of a note are there."""
    index = (DECISIONS / "index.md").read_text(encoding="utf-8")
    notes = sorted(DECISIONS.glob("[0-9]*.md"))
    assert [int(note.name[:3]) for note in notes] == list(range(1, len(notes) + 1))
    for number, note in enumerate(notes, 1):
        text = note.read_text(encoding="utf-8")
        title = text.partition("\n")[0].removeprefix("# ")
        parts = ("Problem", "Choice", "Cost", "What would change our mind")
        assert all(f"**{part}.**" in text for part in parts), note.name
        assert title.startswith(f"{number}. ") and f"[{title}]({note.name})" in index, note.name


def commands(path: Path) -> Iterator[str]:
    """The ``rasd`` commands in a page's blocks of shell, each on one line."""
    for language, block in _FENCED.findall(path.read_text(encoding="utf-8")):
        if language == "sh":
            lines = block.replace("\\\n", " ").splitlines()
            yield from (line for line in lines if line.startswith("rasd "))


@cache
def verbs() -> dict[tuple[str, ...], Any]:
    """Each command of the command line by the words that call it."""
    return {path: verb for path, verb, _ in docs_reference.verbs()}


def expect_a_command(words: list[str], where: str) -> None:
    """Fail unless these words, ``rasd`` first, are a command with options that it has."""
    while words[1] in BEFORE_THE_COMMAND:
        del words[1:3]
    called = next((verb for n in (3, 2) if (verb := verbs().get(tuple(words[:n])))), None)
    assert called is not None, where
    known = {"--help"} | {option for param in called.params for option in param.opts}
    unknown = [word for word in words if word.startswith("--") and word.split("=")[0] not in known]
    assert not unknown, where


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_every_command_that_is_shown_can_be_typed(path: Path) -> None:
    """Its words are a command, its options are that command's."""
    for line in commands(path):
        words = shlex.split(line.partition("|")[0], comments=True)
        expect_a_command(words, f"{name(path)}: {line}")


@pytest.mark.parametrize("lines", EXAMPLES.values(), ids=EXAMPLES)
def test_every_example_of_a_help_can_be_typed(lines: tuple[str, ...]) -> None:
    """As a page's can."""
    for line in lines:
        expect_a_command(shlex.split(line.partition(">")[0]), line)


def test_every_package_stands_in_the_architecture() -> None:
    """Each once, and none that is gone; of the root's modules, those that do something."""
    page = (PROJECT / "docs" / "explanation" / "architecture.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`[^|]*`) \|", page.partition("## Packages")[2], re.MULTILINE)
    named = [name for row in rows for name in re.findall(r"`(\w+)`", row)]
    folders = {path.parent.name for path in (PROJECT / "crawler").glob("*/__init__.py")}
    modules = {path.stem for path in (PROJECT / "crawler").glob("*.py")}
    assert len(named) == len(set(named))
    assert folders | {"storage"} <= set(named) <= folders | modules | {"storage"}


def logged_events() -> set[str]:
    """The first words of every log line of rasd's own."""
    events = {LOST}
    for path in (*(PROJECT / "crawler").rglob("*.py"), *(PROJECT / "storage").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            called = node.func if isinstance(node, ast.Call) else None
            if isinstance(called, ast.Attribute) and ast.unparse(called.value) == "log":
                assert isinstance(node, ast.Call) and isinstance(node.args[0], ast.Constant), path
                events.add(str(node.args[0].value))
    return events


def first_cells(page: Path, section: str) -> list[str]:
    """The names in backticks in the first column of a section's tables."""
    text = page.read_text(encoding="utf-8").partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    cells = re.findall(r"^\| (`.*?`) \|", text, re.MULTILINE)
    return [name for cell in cells for name in re.findall(r"`([^`]+)`", cell)]


def test_every_log_line_and_every_finding_is_explained() -> None:
    """And none that rasd no longer writes."""
    lines = first_cells(LOGS, "Other lines")
    assert {re.sub(r" \w+=.*", "", line) for line in lines} | {"polled"} == logged_events()
    kinds = first_cells(LOGS, "What a finding asks of you")
    assert sorted(kinds) == sorted(get_args(FindingKind))


def test_each_finding_has_the_severity_that_the_code_gives_it() -> None:
    """The table is what an administrator goes by."""
    text = LOGS.read_text(encoding="utf-8").partition("## What a finding asks of you")[2]
    rows = re.findall(r"^\| (`[^|]*`) \| (\w+) \|", text, re.MULTILINE)
    found = {kind: said for cell, said in rows for kind in re.findall(r"`(\w+)`", cell)}
    assert found == dict(SEVERITY)


def test_every_reason_is_described() -> None:
    """One line each, none twice, and none that nothing writes."""
    page = (PROJECT / "docs" / "reference" / "reasons.md").read_text(encoding="utf-8")
    described = re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE)
    assert sorted(described) == sorted(set(get_args(Reason)) - {""})


def described_columns(page: Path) -> dict[str, set[str]]:
    """The columns in the tables of a page, by the heading that they stand under."""
    described: dict[str, set[str]] = {}
    for section in re.split(r"^### ", page.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        table, _, text = section.partition("\n")
        first_cells = re.findall(r"^\| (`[^|]*) \|", text, re.MULTILINE)
        described[table] = {
            column for cell in first_cells for column in re.findall(r"`(\w+)`", cell)
        }
    return described


def test_every_view_and_column_for_other_tools_is_described() -> None:
    """And none that is not there."""
    with closing(sqlite3.connect(":memory:")) as database:
        for table in tables.metadata.sorted_tables:
            columns = ", ".join(f'"{column.name}"' for column in table.columns)
            database.execute(f'CREATE TABLE "{table.name}" ({columns})')
        defined = {
            name: {column for column, *_ in database.execute(query).description}
            for name, query in views.queries("sqlite").items()
        }
    assert described_columns(VIEWS) == defined


def test_every_table_and_column_of_the_archive_is_described() -> None:
    """And none that is not there."""
    described = described_columns(SCHEMA)
    described.pop("article_text")  # differs by back-end, and is in no metadata
    defined = {
        table.name: {column.name for column in table.columns}
        for table in tables.metadata.sorted_tables
    }
    assert described == defined
