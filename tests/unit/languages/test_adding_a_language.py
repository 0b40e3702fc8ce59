"""A language is one module and one line of the package's door."""

from __future__ import annotations

import ast
from importlib import import_module
from pathlib import Path

import pytest

from crawler import languages
from crawler.languages.tables import LanguageTables
from tests import howto
from tests.copies import PackageCopy

PROVED = """
from crawler.languages import CODES, direction, inflect
from crawler.languages.detect import detect
from crawler.seeds.schema import Titles
from pydantic import TypeAdapter

assert "sv" in CODES and direction("sv") == "ltr"
assert detect("Regeringen anser att avtalet inte är klart och det kan dröja", ("sv",)) == "sv"
assert detect("The minister said that the agreement was signed", ("sv",)) == "en"
assert detect("قال الوزير إن الاتفاق سيوقع في الرباط", ("sv",)) == "ar"
assert {"bil", "bilar", "bilen"} <= inflect("bil", "plural", "sv")
TypeAdapter(Titles).validate_python({"sv": "Vatten"})
"""


def test_a_module_of_ten_words_and_a_line_make_a_language(tmp_path: Path) -> None:
    """As the how-to page shows: seed files may name it, texts are recognised, terms inflected; the
    other languages are as before."""
    copy = PackageCopy(tmp_path)
    if copy.add("languages/sv.py", howto.python_blocks("add-a-language")[0]):
        copy.replace("languages/__init__.py", "ar, ckb, ", "sv, ar, ckb, ")
    copy.run(PROVED)


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
