"""Each language says everything: no phrase, finding, day or month is missing in one of them."""

from __future__ import annotations

import re
import string
from datetime import UTC, datetime
from pathlib import Path

import pytest

import crawler
from crawler.digest.wording import WORDINGS, day, moment, wording

AT = datetime(2025, 8, 28, 17, 4, tzinfo=UTC)
TEMPLATES = Path(crawler.__file__).parent / "templates"


def placeholders(text: str) -> set[str]:
    """The names in braces."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", WORDINGS)
def test_a_language_lacks_nothing(language: str) -> None:
    """The same phrases with the same placeholders, the same findings, 7 days and 12 months."""
    own, model = WORDINGS[language], WORDINGS["en"]
    assert {name: placeholders(text) for name, text in own.phrases.items()} == {
        name: placeholders(text) for name, text in model.phrases.items()
    }
    assert set(own.findings) == set(model.findings)
    assert all((*own.phrases.values(), *own.findings.values(), own.comma))
    assert (len(set(own.days)), len(set(own.months))) == (7, 12)


def test_every_phrase_is_said_and_nothing_else() -> None:
    """What templates, rendering and items name is what the tables hold."""
    parts = [path.read_text(encoding="utf-8") for path in TEMPLATES.glob("digest.*")]
    modules = [TEMPLATES.parent / f"digest/{name}.py" for name in ("rendering", "items")]
    code = "".join(path.read_text(encoding="utf-8") for path in modules)
    named = set(re.findall(r'words\.(\w+)|phrase\("(\w+)"', "\n".join(parts)))
    used = {name for pair in named for name in pair if name}
    used |= {a or b for a, b in re.findall(r"""(?:words|phrases)\[(?:"(\w+)"|'(\w+)')\]""", code)}
    assert used == set(WORDINGS["en"].phrases)


@pytest.mark.parametrize(
    ("language", "zone", "date"),
    [
        ("ar", "Africa/Casablanca", "الخميس 28 غشت 2025"),
        ("ar", "Asia/Baghdad", "الخميس 28 آب 2025"),
        ("ar", "Africa/Cairo", "الخميس 28 أغسطس 2025"),
        ("fr", "Africa/Casablanca", "jeudi 28 août 2025"),
        ("en", "UTC", "Thursday 28 August 2025"),
        ("es", "UTC", "Thursday 28 August 2025"),
    ],
)
def test_a_date_is_written_as_its_readers_write_it(language: str, zone: str, date: str) -> None:
    """Month names go with the country; a language without a table is worded in English."""
    assert day(AT, language, zone) == date


def test_a_moment_has_the_comma_of_its_language() -> None:
    """Local time, 24 hours."""
    assert moment(AT, "ar", "Africa/Casablanca").endswith("2025، 18:04")
    assert moment(AT, "fr", "Europe/Paris").endswith("2025, 19:04")
    assert wording("ckb") is WORDINGS["en"]
