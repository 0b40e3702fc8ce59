"""The house plan, checked: layers name every module, pure stages see no clock, code names no
subject.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler import failpoints, feeds, languages, spiders
from tests import import_map

PROJECT = Path(__file__).resolve().parents[1]
CONTRACTS = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["tool"][
    "importlinter"
]["contracts"]
CODE = sorted(p for root in ("crawler", "storage") for p in (PROJECT / root).rglob("*.py"))
TESTS = sorted((PROJECT / "tests").rglob("test_*.py"))
PURE = next(c for c in CONTRACTS if c["name"].startswith("Pure"))["source_modules"]
EDGES_OF_PURE = {"crawler/seeds/folder.py"}  # reads the files that the rest of its package judges


def pure_files() -> list[Path]:
    """The files of the modules that promise to do no I/O, by a contract or by their own word."""
    files = []
    for name in PURE:
        path = PROJECT / name.replace(".", "/")
        files += sorted(path.rglob("*.py")) if path.is_dir() else [path.with_suffix(".py")]
    files += [path for path in CODE if path not in files and says_it_is_pure(path)]
    return [path for path in files if str(path.relative_to(PROJECT)) not in EDGES_OF_PURE]


def says_it_is_pure(path: Path) -> bool:
    """Whether the first paragraph of the module's docstring ends with the word."""
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return " ".join(text.split("\n\n")[0].split()).endswith(" Pure.")


def test_every_room_has_its_layer() -> None:
    """A module in a package edits no list; a new package or root module joins a layer."""
    layers = next(c for c in CONTRACTS if c["type"] == "layers")["layers"]
    named = {
        name.strip(" ()").removeprefix("crawler.") for line in layers for name in line.split("|")
    }
    top = {p.stem for p in (PROJECT / "crawler").glob("*.py")} - {"__init__"}
    folders = {p.parent.name for p in (PROJECT / "crawler").glob("*/__init__.py")}
    assert named - {"storage"} == top | folders


def test_no_circle_among_the_rooms(tmp_path: Path) -> None:
    """Also where an import stands inside a function; and the map does see a circle where one is."""
    assert import_map.circle(import_map.rooms()) == []
    for name, other in (("a", "b"), ("b", "a")):
        (tmp_path / "crawler" / name).mkdir(parents=True)
        (tmp_path / "crawler" / name / "__init__.py").write_text(
            f"def late() -> None:\n    from crawler.{other} import late\n"
        )
    assert set(import_map.circle(import_map.rooms(tmp_path))) == {"crawler.a", "crawler.b"}


def test_rooms_are_of_a_size_to_be_known() -> None:
    """Three to sixteen modules a package, seventeen at the root, none over 400 lines (tables
    apart).
    """
    assert len(list((PROJECT / "crawler").glob("*.py"))) <= 17
    for package in sorted({p.parent for p in CODE if p.parent.parent == PROJECT / "crawler"}):
        modules = {p.stem for p in package.glob("*.py")}
        if package.name == "languages":
            modules -= set(languages.CODES)
        assert 3 <= len(modules) <= 16, package
    for path in CODE:
        lines = len(path.read_text(encoding="utf-8").splitlines())
        assert lines <= 400 or path.name == "tables.py", f"{path} has {lines} lines"


@pytest.mark.parametrize("path", CODE, ids=lambda p: str(p.relative_to(PROJECT)))
def test_no_function_is_longer_than_a_screen(path: Path) -> None:
    """Fifty lines, its signature and docstring apart; migrations are what they were."""
    if path.parent.name == "versions":
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) and node.body[1:] else node.body
            lines = (node.end_lineno or 0) - body[0].lineno + 1
            assert lines <= 50, f"{path}:{node.lineno} {node.name} has {lines} lines"


@pytest.mark.parametrize("path", pure_files(), ids=lambda p: str(p.relative_to(PROJECT)))
def test_pure_modules_see_no_clock_no_environment_no_file(path: Path) -> None:
    """Time, text and tables come in as arguments; what the linter cannot see is looked for here."""
    forbidden = {
        "now",
        "utcnow",
        "today",
        "environ",
        "getenv",
        "open",
        "read_text",
        "read_bytes",
        "monotonic",
    }
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        called = node.func if isinstance(node, ast.Call) else None
        name = getattr(called, "attr", getattr(called, "id", ""))
        assert name not in forbidden, f"{path}:{getattr(node, 'lineno', 0)} calls {name}"


@pytest.mark.parametrize("path", pure_files(), ids=lambda p: str(p.relative_to(PROJECT)))
def test_pure_modules_import_nothing_that_connects_or_starts(path: Path) -> None:
    """A module that says so is held to it, whatever its package."""
    forbidden = ("scrapy", "twisted", "sqlalchemy", "httpx", "smtplib", "socket", "subprocess")
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        for name in names:
            assert name.partition(".")[0] not in forbidden, f"{path}:{node.lineno} imports {name}"


@pytest.mark.parametrize("path", CODE, ids=lambda p: str(p.relative_to(PROJECT)))
def test_no_code_knows_the_subject(path: Path) -> None:
    """What is watched is data: no name of a state or a publisher stands outside docstrings,
    comments and the tables of time zones' month names."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    subject = re.compile(
        r"morocc|maroc|المغرب|\biraq|irak|العراق|hespress|rabat|marrakesh", re.IGNORECASE
    )
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            assert not subject.search(node.value), f"{path}:{node.lineno} says {node.value!r}"


PRINTS = frozenset({"print", "echo", "secho", "Console"})
THE_DOOR = ("crawler/cli/output.py",)


@pytest.mark.parametrize("path", CODE, ids=lambda p: str(p.relative_to(PROJECT)))
def test_there_is_one_door_to_the_terminal(path: Path) -> None:
    """What a page says may hold escapes: who prints past ``crawler.cli.output`` lets them through;
    ``buffer`` takes the bytes of a file."""
    if str(path.relative_to(PROJECT)) in THE_DOOR:
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        called = node.func if isinstance(node, ast.Call) else None
        name = getattr(called, "attr", getattr(called, "id", ""))
        past = ast.unparse(called) if called is not None else ""
        assert name not in PRINTS and past not in ("sys.stdout.write", "sys.stderr.write"), (
            f"{path}:{getattr(node, 'lineno', 0)} prints past the door: {past}"
        )


PROSE = frozenset({"detail", "explanation", "reason"})
"""What is written for people, or is compared as a whole."""
PROSE_IS_READ_IN = ("views", "migrations")


def _reads_prose(node: ast.AST) -> bool:
    """Whether an expression is a text for people, or made of one: ``poll.detail.lower()``."""
    if isinstance(node, ast.Call):
        of = node.func.value if isinstance(node.func, ast.Attribute) else node.func
        return _reads_prose(of) or any(map(_reads_prose, node.args))
    name = getattr(node, "attr", getattr(node, "id", ""))
    return name in PROSE or (isinstance(node, ast.Name) and name == "error")


def _prose_is_parsed(node: ast.AST) -> bool:
    if isinstance(node, ast.Compare):
        inside = zip(node.ops, node.comparators, strict=True)
        return any(isinstance(op, ast.In | ast.NotIn) and _reads_prose(of) for op, of in inside)
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    methods = {"startswith", "endswith", "partition", "rpartition", "find", "index"}
    if node.func.attr in methods:
        return _reads_prose(node.func.value)
    matches = {"search", "match", "fullmatch", "findall", "finditer"}
    return node.func.attr in matches and any(map(_reads_prose, node.args))


@pytest.mark.parametrize("path", CODE, ids=lambda p: str(p.relative_to(PROJECT)))
def test_no_decision_reads_prose(path: Path) -> None:
    """What decides is a reason, compared as a whole; a text for people may be reworded at any
    time.
    """
    if set(PROSE_IS_READ_IN) & set(path.relative_to(PROJECT).parts):
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        assert not _prose_is_parsed(node), f"{path}:{getattr(node, 'lineno', 0)} reads prose"


@pytest.mark.parametrize(
    ("code", "parsed"),
    [
        ("poll.detail.startswith('held:')", True),
        ("'robots' in detail.lower()", True),
        ("reason.partition(':')", True),
        ("str(error).startswith('too_big')", True),
        ("re.match('x', feed.detail)", True),
        ("'x' not in poll.explanation", True),
        ("poll.reason in TEMPORARY", False),
        ("poll.reason == 'held'", False),
        ("f'{url}: {feed.detail}'", False),
    ],
)
def test_reading_prose_is_recognized(code: str, parsed: bool) -> None:
    """The forms in which decisions were read from texts until reasons were data."""
    assert any(map(_prose_is_parsed, ast.walk(ast.parse(code)))) is parsed


def test_every_failpoint_is_reached_in_the_code_and_named() -> None:
    """A name in the list that nothing reaches would be a test that cannot fail."""
    text = "\n".join(p.read_text(encoding="utf-8") for p in CODE)
    reached = set(re.findall(r'reached\("([\w.]+)"\)', text))
    opened = re.findall(r'_transaction\("(\w+)"\)', text)
    reached |= {f"{n}.{m}" for n in opened for m in ("before_commit", "after_commit")} & set(
        failpoints.all_failpoints()
    )
    assert reached == set(failpoints.all_failpoints())


def test_kinds_of_feed_are_the_spiders() -> None:
    """A kind has a spider of its name, and a parser listed in the door of feeds."""
    assert set(feeds.PARSERS) == set(spiders.kinds()) > set(feeds.RECOGNISED)
    for kind in spiders.kinds():
        assert spiders.load_spider(kind).name == kind


def documented(tree: ast.Module | ast.ClassDef, prefix: str = "") -> Iterator[tuple[str, str]]:
    """(name, docstring) of every public function, method and class."""
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        if not node.name.startswith("_"):
            yield prefix + node.name, ast.get_docstring(node) or ""
            if isinstance(node, ast.ClassDef):
                yield from documented(node, f"{node.name}.")


STORAGE_AND_DOORS = sorted(
    [*(PROJECT / "storage").rglob("*.py"), *(PROJECT / "crawler").glob("*/__init__.py")]
)


@pytest.mark.parametrize("path", STORAGE_AND_DOORS, ids=lambda p: str(p.relative_to(PROJECT)))
def test_a_contract_stands_where_it_is_implemented(path: Path) -> None:
    """In storage and in the doors of packages; "See …" would send the reader to a second file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert path.parent.name == "versions" or ast.get_docstring(tree)
    for name, text in documented(tree):
        if path.parent.name == "versions" and name in ("upgrade", "downgrade"):
            continue  # Alembic's names; the module says what they do
        assert text and not text.startswith("See "), f"{path}: {name} has no docstring of its own"


@pytest.mark.parametrize("path", TESTS, ids=lambda p: str(p.relative_to(PROJECT / "tests")))
def test_every_test_states_the_rule_that_it_keeps(path: Path) -> None:
    """In its docstring; a name is too short for it."""
    functions = (n for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.FunctionDef))
    tests = [n for n in functions if n.name.startswith("test_")]
    assert tests and [n.name for n in tests if not ast.get_docstring(n)] == []


def test_unit_tests_stand_as_the_packages_do() -> None:
    """A folder of ``tests/unit`` is a package of rasd; so each is found where its code is."""
    folders = {p.parent.name for p in (PROJECT / "tests" / "unit").glob("*/__init__.py")}
    assert folders <= {p.parent.name for p in (PROJECT / "crawler").glob("*/__init__.py")}
