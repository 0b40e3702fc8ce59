"""``rasd story`` as it is typed: by the story's number or an article's id, in words and as JSON."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from crawler.cli.main import commands
from storage.archive import open_archive
from tests.builders import NOW, a_date
from tests.integration.test_stories import kept
from tests.unit.small_seeds import FILES
from tests.unit.stories.press import a_text
from tests.unit.stories.test_account import OWN, PARAGRAPHS


@pytest.fixture
def ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """``rasd story`` over a story of two articles, of which the first was kept last."""
    for path, seed in FILES.items():
        (tmp_path / "seeds" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "seeds" / path).write_text(seed, encoding="utf-8")
    monkeypatch.setenv("RASD_SEEDS", str(tmp_path / "seeds"))
    url = f"sqlite:///{tmp_path}/archive.sqlite"
    archive = open_archive(url)
    both = a_text(random.Random(5), 72)
    texts = "\n\n".join((both, *PARAGRAPHS[:3], OWN)), "\n\n".join((both, *PARAGRAPHS))
    for n, (text, hours) in enumerate(zip(texts, (2, 0), strict=True)):
        at = a_date(NOW - timedelta(days=1) + timedelta(hours=hours))
        kept(archive, f"/{n}", text, source=f"paper-{n}", published=at, headline=f"Headline {n}")
    archive.close()
    monkeypatch.setenv("RASD_ARCHIVE", url)
    return lambda *words: CliRunner().invoke(commands, ["story", *words])


def test_a_story_is_shown_with_who_copied_it(ask: Callable[..., Result]) -> None:
    """The first, the copy's delay, what it dropped and added, and the countries."""
    shown = ask("s1")
    assert shown.exit_code == 0, shown.output
    lines = shown.stdout.splitlines()
    assert lines[0] == "s1  Headline 1"
    assert lines[1] == "first   2026-11-22 10:00  paper-1  2"
    assert lines[3] == "+2:00   paper-0  1  copy"
    changed = " ".join(line.strip() for line in lines[6:-1])  # long lines are wrapped
    assert changed == f"- {PARAGRAPHS[3]} + {OWN}"
    assert lines[-1] == "2 articles; by country: unknown 2"
    assert ask("2").stdout == ask("S1").stdout == shown.stdout


def test_a_story_as_json_has_every_paragraph(ask: Callable[..., Result]) -> None:
    """One object, with whole paragraphs and delays in minutes."""
    row = json.loads(ask("1", "--json").stdout)
    assert (row["story"], row["first"]["id"], row["countries"]) == ("s1", 2, {"": 2})
    (other,) = row["others"]
    assert (other["delay_minutes"], other["is_timed"], other["how"]) == (120, True, "copy")
    assert (other["dropped"], other["added"]) == ([PARAGRAPHS[3]], [OWN])


@pytest.mark.parametrize(
    ("typed", "code", "said"),
    [
        ("story", 2, "'story' is neither a story (s12) nor the id of an article (15)"),
        ("s9", 1, "no story s9 in the archive"),
        ("9", 1, "no article 9 in the archive"),
    ],
)
def test_what_is_no_story_is_named(
    ask: Callable[..., Result], typed: str, code: int, said: str
) -> None:
    """With what to type."""
    found = ask(typed)
    assert found.exception is not None and said in str(found.exception)
    assert getattr(found.exception, "exit_code", 1) == code
