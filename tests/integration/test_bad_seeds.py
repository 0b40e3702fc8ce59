"""Bad seed folders: one line each with file, key and near word, exit code 65, and no traceback."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.places import PROJECT
from tests.unit.small_seeds import FILES

SOURCE, TOPIC, CONCEPT = "sources/ma/une.yml", "topics/water.yml", "lexicon/river.yml"
DIGEST, QUERY = "digests/daily.yml", "queries/high-water.yml"
LIMIT_BYTES = 600 * 1024 * 1024  # of address space, the interpreter and its libraries included
LINE = re.compile(r"(rasd: |\S+Z \[error    \] rasd can't go on error=)[^\n]{1,500}\n")


def changed(path: str, before: str, after: str) -> dict[str, str | bytes]:
    """This file with other words in the place of these."""
    assert before in FILES[path], (path, before)
    return {path: FILES[path].replace(before, after)}


def more(path: str, text: str) -> dict[str, str | bytes]:
    """This file with more at its end."""
    return {path: FILES[path] + text}


def url(written: str) -> dict[str, str | bytes]:
    """The source with this as its feed's address."""
    return changed(SOURCE, "https://une.test/feed", written)


def every(written: str) -> dict[str, str | bytes]:
    """The source with this interval."""
    return changed(SOURCE, "30m", written)


def term(written: str) -> dict[str, str | bytes]:
    """The concept with this one English term."""
    return {CONCEPT: f"title: {{en: rivers}}\nterms: {{en: [{written}]}}\n"}


def rule(written: str) -> dict[str, str | bytes]:
    """The topic with this rule of its first label."""
    return changed(TOPIC, "rule: concept:river", f"rule: {written}")


ALIASES = "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + ALIASES

FOLDERS: list[tuple[str, dict[str, str | bytes], tuple[str, ...]]] = [
    # what no text file holds, or what YAML makes of it
    ("alias bomb", {SOURCE: BOMB}, (f"{SOURCE}:6: f: aliases",)),
    ("alias bomb in a concept", {CONCEPT: "title: {en: r}\n" + BOMB}, (f"{CONCEPT}:7: f:",)),
    ("alias of itself", {SOURCE: "name: &a [*a]\n"}, (f"{SOURCE}:1: name: aliases",)),
    ("deep lists", {SOURCE: "name: " + "[" * 60_000 + "]" * 60_000}, (":1: more than 40 levels",)),
    ("deep mappings", {SOURCE: "".join(f"{' ' * n}a:\n" for n in range(500))}, (":41: more than",)),
    ("a NUL", changed(SOURCE, "La Une", "La\0Une"), (f"{SOURCE}:2:", "U+0000", "La\\x00Une")),
    ("an escape", changed(SOURCE, "La Une", "La\x1b[31m"), (f"{SOURCE}:2:", "U+001B", "[31m")),
    ("an escape, written", changed(SOURCE, "La Une", '"a\\e[1m"'), (":2: name:", "U+001B", "[1m")),
    ("a C1 control", changed(SOURCE, "La Une", '"a\\x9b1m"'), (":2: name:", "U+009B")),
    ("a reversed name", changed(SOURCE, "La Une", "La \u202eUne"), (":2: name:", "U+202E")),
    ("Latin-1", {SOURCE: FILES[SOURCE].replace("La Une", "L'été").encode("latin-1")},
     (f"{SOURCE}:2: not UTF-8", "L'\\xe9t\\xe9")),
    ("UTF-16", {SOURCE: FILES[SOURCE].encode("utf-16")}, (f"{SOURCE}:1:", "looks like UTF-16")),
    ("windows-1256", {CONCEPT: FILES[CONCEPT].encode("cp1256")}, (f"{CONCEPT}:2: not UTF-8",)),
    ("an empty file", {SOURCE: ""}, (f"{SOURCE}:1: the file is empty",)),
    ("comments only", {SOURCE: "# later\n"}, (f"{SOURCE}:1: the file is empty",)),
    ("a list", {SOURCE: "- name: x\n"}, (f"{SOURCE}:1: keys were expected, such as name",)),
    ("a text", {SOURCE: "La Une\n"}, (f"{SOURCE}:1: keys were expected",)),
    ("a tab", {SOURCE: "\tname: x\n"}, (f"{SOURCE}:1: not YAML",)),
    ("an open bracket", changed(SOURCE, "[fr]", "[fr"), (f"{SOURCE}:", "not YAML")),
    ("two documents", more(SOURCE, "---\nname: x\n"), (f"{SOURCE}:10:", "another document")),
    ("a Python tag", changed(SOURCE, "La Une", "!!python/object:os.system x"), (":2: name:", "tag")),
    ("a tag of one's own", changed(SOURCE, "La Une", "!name x"), (":2: name:", "'!name'")),
    ("a key that is a list", more(SOURCE, "? [a, b]\n: c\n"), (f"{SOURCE}:10:", "key must be")),
    ("a key twice", more(SOURCE, "name: Une\n"), (f"{SOURCE}:10: 'name' stands twice",)),
    ("a number of 5000 digits", changed(DIGEST, "12", "9" * 5_000), (":8: max_events: 999", "…")),
    ("a file of 2 MB", more(SOURCE, "# " + "x" * 2_000_000), (f"{SOURCE}:1: more than 1,000,000",)),
    ("a name of 1 MB", changed(SOURCE, "La Une", "x" * 900_000), (":2: name: more than 300",)),
    # names and places of files
    ("x.yaml", {"sources/ma/x.yaml": FILES[SOURCE]}, ("sources/ma/x.yaml:1:", "rename it to x.yml")),
    ("X.YML", {"sources/ma/x.YML": FILES[SOURCE]}, ("sources/ma/x.YML:1:", "rename it to x.yml")),
    ("a name with a blank", {"sources/ma/La Une.yml": "x"}, ("La Une.yml:1: 'La Une' is no slug",)),
    ("a name with an escape", {"sources/ma/a\x1b[1m.yml": "x"}, ("a\\x1b[1m.yml:1:", "is no slug")),
    ("a name of two lines", {"sources/ma/a\nb.yml": "x"}, ("is no slug",)),
    ("a long name", {f"sources/ma/{'a' * 150}.yml": "x"}, ("a slug of more than 100",)),
    ("a file in no folder", {"une.yml": FILES[SOURCE]}, ("une.yml:1: in no known folder; known:",)),
    ("an unknown folder", {"sauces/une.yml": "x"}, ("sauces/une.yml:1: in no known folder",)),
    ("a slug twice", {"sources/iq/une.yml": FILES[SOURCE]}, ("a second sources file named 'une'",)),
    # sources
    ("an unknown key", more(SOURCE, "nmae: x\n"), (":10: unknown key 'nmae'", "mean 'name")),
    ("a blank name", changed(SOURCE, "La Une", "' '"), (":2: name: ' ' is blank",)),
    ("a name of two lines in quotes", changed(SOURCE, "La Une", '"a\\nb"'), (":2: name:", "lines")),
    ("no feeds", {SOURCE: FILES[SOURCE].split("feeds:")[0] + "feeds: []\n"}, (":7: feeds:",)),
    ("an interval of nothing", every("0s"), (":8: feeds.0.every: '0s'", "from 30s to 7d")),
    ("an interval of a second", every("1s"), (":8: feeds.0.every: '1s'", "from 30s to 7d")),
    ("an interval of a millennium", every("365000d"), (":8: feeds.0.every: '365000d'",)),
    ("an interval without end", every("9" * 30 + "d"), (":8: feeds.0.every:", "is no duration")),
    ("a negative interval", every("-5m"), (":8: feeds.0.every: '-5m' is no duration",)),
    ("Arabic digits", every("٣٠m"), (":8: feeds.0.every: '٣٠m' is no duration",)),
    ("a delay of a year", more(SOURCE, "delay: 365d\n"), (":10: delay: '365d'", "to 10m")),
    ("stale after a second", more(SOURCE, "expect: {stale_after: 1s}\n"), (":10:", "stale_after")),
    ("fewer articles than none", more(SOURCE, "expect: {articles_per_day: -5}\n"),
     (":10: expect.articles_per_day:",)),
    ("port 0", url("https://une.test:0/feed"), (":8: feeds.0.url:", ":0/feed' is no address")),
    ("port 99999", url("https://une.test:99999/feed"), (":8: feeds.0.url:", "is no address")),
    ("a port in letters", url("https://une.test:abc/feed"), (":8: feeds.0.url:", "is no address")),
    ("another scheme", url("ftp://une.test/feed"), (":8: feeds.0.url: 'ftp://", "is no address")),
    ("a password", url("https://u:p@une.test/feed"), (":8: feeds.0.url:", "is no address")),
    ("a blank in a host", url("https://une .test/feed"), (":8: feeds.0.url:", "is no address")),
    ("an open IPv6 address", url("https://[::1/feed"), (":8: feeds.0.url:", "is no address")),
    ("a number as host", url("http://0x7f.1/feed"), (":8: feeds.0.url:", "is no address")),
    ("a home without host", changed(SOURCE, "https://une.test/\"", 'https://"'), (":3: home:",)),
    ("a zone out of the table", changed(SOURCE, "UTC", "../../etc/passwd"), (":6: timezone:",)),
    ("a zone of 5000 letters", changed(SOURCE, "UTC", "a" * 5_000), (":6: timezone:", "IANA")),
    ("a country in words", changed(SOURCE, "MA", "Maroc"), (":4: country: 'Maroc'", "ISO 3166")),
    ("a selector that is none", more(SOURCE, "pages: [{body: 'div['}]\n"), (":10:", "'div['")),
    # words
    ("no terms", {CONCEPT: "title: {en: rivers}\n"}, (f"{CONCEPT}:1: a concept without terms",)),
    ("a term without a letter", term("'--'"), (f"{CONCEPT}:2:", "'--' has no letter")),
    ("a trap without a letter", term("{term: a, traps: ['']}"), (f"{CONCEPT}:2:", "no letter")),
    ("a month that is none", term("{term: a, valid_from: 2022-13}"), (":2:", "'2022-13' is no")),
    ("a day that is none", term("{term: a, valid_from: 2022-02-31}"), (":2:", "'2022-02-31' is")),
    ("an end before the beginning", term("{term: a, valid_from: 2022, valid_until: 2020}"),
     (f"{CONCEPT}:2:", "before it begins")),
    ("an open parenthesis", rule("(concept:river"), (f"{TOPIC}:6:", "parenthesis", "(concept")),
    ("an unknown concept", rule("concept:rivers"), (f"{TOPIC}:6:", "'rivers'", "mean 'river'")),
    ("a rule without end", rule("(" * 3_000 + "a"), (f"{TOPIC}:6:", "60 levels", "(((")),
    ("a query in a circle", {QUERY: "title: {en: h}\nquery: '@high-water'\n"}, (f"{QUERY}:2:9:",)),
    ("a query of nowhere", {QUERY: "title: {en: h}\nquery: '@nowhere'\n"}, (f"{QUERY}:2:9:",)),
    ("an example that fails", changed(TOPIC, "[rivers]}", "[floods]}"), (f"{TOPIC}:13:", "floods")),
    ("an unknown topic", changed(DIGEST, "[water]", "[wather]"), (":3:", "'wather'", "'water'")),
    ("no hour of a day", changed(DIGEST, "07:30", "29:30"), (f"{DIGEST}:5: hour: '29:30'",)),
    ("a million events", changed(DIGEST, "12", "1000000"), (f"{DIGEST}:8: max_events:", "1000")),
]  # fmt: skip


def _not_read(at: Path) -> None:
    (at / "sources").write_text("none")


def _socket(at: Path) -> None:
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(str(at / "sources/ma/s.yml"))


ODDITIES: list[tuple[str, Callable[[Path], object], tuple[str, ...]]] = [
    ("a folder", lambda at: (at / "sources/ma/x.yml").mkdir(), ("ma/x.yml:1: a folder; a file",)),
    ("a link to nothing", lambda at: (at / "sources/ma/x.yml").symlink_to("/nowhere/x"),
     ("ma/x.yml:1: cannot be read: No such file",)),
    ("a link to itself", lambda at: (at / "sources/ma/x.yml").symlink_to("x.yml"),
     ("ma/x.yml:1: cannot be read: Too many levels",)),
    ("a link to a device", lambda at: (at / "sources/ma/x.yml").symlink_to("/dev/zero"),
     ("ma/x.yml:1: no regular file",)),
    ("a link to another file", lambda at: (at / "sources/ma/x.yml").symlink_to("/etc/hostname"),
     ("ma/x.yml:1: ",)),
    ("a linked folder", lambda at: (at / "sources/fr").symlink_to(at / "sources/ma"),
     ("sources/fr:1: a link to a folder",)),
    ("a folder in a circle", lambda at: (at / "sources/xx").symlink_to(at), ("sources/xx:1: a li",)),
    ("a pipe", lambda at: os.mkfifo(at / "sources/ma/x.yml"), ("ma/x.yml:1: no regular file",)),
    ("a socket", _socket, ("ma/s.yml:1: no regular file",)),
    ("a file in a folder's place", lambda at: (shutil.rmtree(at / "sources"), _not_read(at)),
     ("sources:1: a file; a folder was expected",)),
    ("no sources at all", lambda at: shutil.rmtree(at / "sources"), ("/sources: no source file",)),
    ("an empty folder", lambda at: [shutil.rmtree(sub) for sub in at.iterdir()],
     ("/sources: no source file",)),
    ("a name that is no UTF-8", lambda at: open(bytes(at / "sources/ma") + b"/\xe9.yml", "w").close(),
     ("sources/ma/\\xe9.yml:1:",)),
]  # fmt: skip


def laid_out(at: Path, files: dict[str, str | bytes]) -> Path:
    """A seeds folder that would be valid without ``files``."""
    for path, text in (FILES | files).items():
        (at / path).parent.mkdir(parents=True, exist_ok=True)
        (at / path).write_bytes(text if isinstance(text, bytes) else text.encode())
    return at


def checked(at: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> str:
    """What ``rasd seeds check`` says of this folder; the code is 65 and the message one line,
    before the verdict."""
    from crawler.__main__ import main

    monkeypatch.setattr(sys, "argv", ["rasd", "seeds", "check", str(at)])
    with pytest.raises(SystemExit) as end:
        main()
    said = capfd.readouterr().err
    assert end.value.code == 65, said
    said, verdict = said[: said.index("\n") + 1], said[said.index("\n") + 1 :]
    assert LINE.fullmatch(said), said
    assert verdict == "1 mistake in 1 file\n"
    assert said.rstrip("\n").isprintable()
    return said


def test_there_are_more_than_sixty_and_the_folder_without_them_is_valid(tmp_path: Path) -> None:
    """Each bad folder is bad for the one reason it names."""
    from crawler import spiders
    from crawler.seeds.folder import load_seeds

    assert len({name for name, _, _ in (*FOLDERS, *ODDITIES)}) == len(FOLDERS) + len(ODDITIES) > 60
    assert load_seeds(laid_out(tmp_path, {}), spiders.kinds()).sources.keys() == {"une", "nahr"}


@pytest.mark.parametrize(("files", "words"), [pytest.param(*row[1:], id=row[0]) for row in FOLDERS])
def test_a_bad_file_is_one_line(
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    files: dict[str, str | bytes],
    words: tuple[str, ...],
) -> None:
    """Never silent, never a traceback, and nothing that a terminal would obey."""
    said = checked(laid_out(tmp_path / "seeds", files), capfd, monkeypatch)
    assert all(word in said for word in words), said


@pytest.mark.parametrize(
    ("spoil", "words"), [pytest.param(*row[1:], id=row[0]) for row in ODDITIES]
)
def test_what_is_no_file_is_one_line(
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    spoil: Callable[[Path], object],
    words: tuple[str, ...],
) -> None:
    """Folders, links, pipes: none is followed, waited for or passed over."""
    at = laid_out(tmp_path / "seeds", {})
    spoil(at)
    said = checked(at, capfd, monkeypatch)
    assert all(word in said for word in words), said


def test_an_unreadable_file_is_one_line(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file of another user's, say."""
    at = laid_out(tmp_path / "seeds", {})
    read = Path.read_bytes

    def refused(path: Path) -> bytes:
        if path.name == "une.yml":
            raise PermissionError(13, "Permission denied")
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refused)
    assert f"{SOURCE}:1: cannot be read: Permission" in checked(at, capfd, monkeypatch)


@pytest.mark.parametrize(
    "name", ["README.md", "une.yml~", ".une.yml.swp", ".#une.yml", "._une.yml", "une.yml.bak"]
)
def test_what_editors_leave_is_no_seed(tmp_path: Path, name: str) -> None:
    """A seed that is being edited is not broken by the editor's own files."""
    from crawler import spiders
    from crawler.seeds.folder import load_seeds

    at = laid_out(tmp_path, {})
    (at / "sources/ma" / name).symlink_to("user@host.1234")  # as Emacs locks a file
    assert load_seeds(at, spiders.kinds()).sources.keys() == {"une", "nahr"}


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    """Notepad writes it; lines and columns are counted without it."""
    from crawler import spiders
    from crawler.seeds.folder import load_seeds

    at = laid_out(tmp_path, {SOURCE: b"\xef\xbb\xbf" + FILES[SOURCE].encode()})
    assert load_seeds(at, spiders.kinds()).sources["une"].name == "La Une"


@pytest.mark.parametrize("verb", [["seeds", "check"], ["run"], ["poll"]])
def test_an_alias_bomb_costs_no_memory(tmp_path: Path, verb: list[str]) -> None:
    """360 bytes took 1.7 GB and 18 s: a process with 600 MB says what is wrong, and ends with 65."""
    at = laid_out(tmp_path / "seeds", {CONCEPT: "title: {en: r}\n" + BOMB})
    limited = (
        "import resource, sys; from crawler.__main__ import main; "
        f"resource.setrlimit(resource.RLIMIT_AS, ({LIMIT_BYTES}, {LIMIT_BYTES})); main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", limited, "--seeds", str(at), *verb],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(PROJECT)},
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stdout) == (65, "")
    told = done.stderr.removesuffix("1 mistake in 1 file\n")
    assert LINE.fullmatch(told) and f"{CONCEPT}:7: f: aliases" in told
