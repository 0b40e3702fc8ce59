"""A language is added to a copy of rasd, by one module and one line."""

from __future__ import annotations

from pathlib import Path

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
    shown = howto.python_blocks("add-a-language")[-1]
    copy.run(PROVED)
    copy.run(f"{shown}\ntest_headlines_are_recognised()\ntest_a_plural_matches()")
