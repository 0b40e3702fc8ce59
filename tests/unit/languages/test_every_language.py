"""What every listed language keeps to; the tests run over the list."""

from __future__ import annotations

import ast
from collections import Counter
from importlib import import_module
from pathlib import Path

import pytest

from crawler import languages
from crawler.languages.detect import detect
from crawler.languages.neighbours import NEIGHBOURS
from crawler.languages.tables import LanguageTables


@pytest.mark.parametrize("code", languages.CODES)
def test_languages_do_not_know_each_other(code: str) -> None:
    """A language module is named by its code and imports nothing of rasd but the record it
    fills.
    """
    module = import_module(f"crawler.languages.{code}")
    tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
    names = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    names += [n.name for node in ast.walk(tree) if isinstance(node, ast.Import) for n in node.names]
    assert module.TABLES.code == code
    assert {name for name in names if name.startswith("crawler")} == {"crawler.languages.tables"}


@pytest.mark.parametrize("tables", languages.LANGUAGES, ids=lambda tables: tables.code)
def test_every_inflection_of_a_language_keeps_the_word(tables: LanguageTables) -> None:
    """Also of words shorter than the endings."""
    for inflection in tables.inflections.values():
        assert all(word in inflection(word) for word in ("مغربي", "accord", "ab"))


@pytest.mark.parametrize("tables", languages.LANGUAGES, ids=lambda tables: tables.code)
def test_a_language_is_recognised_by_words_of_its_own(tables: LanguageTables) -> None:
    """Words that no other language lists are enough, whatever language is preferred in a tie."""
    listed = Counter(
        word for other in (*languages.LANGUAGES, *NEIGHBOURS) for word in set(other.words.split())
    )
    own = [word for word in tables.words.split() if listed[word] == 1]
    assert len(own) >= 10 and detect(" ".join(own[:20]), ()) == tables.code


@pytest.mark.parametrize("tables", languages.LANGUAGES, ids=lambda tables: tables.code)
def test_words_of_a_language_are_their_own_folding(tables: LanguageTables) -> None:
    """Folding the folded words changes nothing."""
    folded = languages.folded_text(tables.words)
    assert folded and languages.folded_text(folded) == folded
