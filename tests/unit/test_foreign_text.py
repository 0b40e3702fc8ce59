"""No character from outside is obeyed by a terminal, and none is lost on the way."""

from __future__ import annotations

import json
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from crawler.foreign_text import one_line, printable, printable_json

TURNING = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
ANY_TEXT = st.text(st.characters(codec=None))


@given(ANY_TEXT)
def test_no_control_character_is_left(text: str) -> None:
    """Beside tabs and line feeds; the places of all others stay, for proof is marked by place."""
    shown = printable(text)
    assert len(shown) == len(text)
    assert not any(unicodedata.category(c) in ("Cc", "Cs") for c in shown if c not in "\t\n")
    pairs = zip(text, shown, strict=True)
    assert all(a == b for a, b in pairs if unicodedata.category(a) not in ("Cc", "Cs"))


def test_arabic_french_and_marks_of_direction_stay() -> None:
    """What a headline is made of is no escape, its harakat and its right-to-left mark neither."""
    text = "وَقَّعَ الوزيران اتفاقيةً\u200f : « l’eau », №5 🙂"
    assert printable(text) == text


@given(ANY_TEXT)
def test_what_is_logged_stays_on_its_line_and_in_its_order(text: str) -> None:
    """A header with a line feed forges no second line, whatever a viewer takes for one; no override
    turns the rest of the line around."""
    shown = one_line(f"x{text}\u2028{text}\u202e\n2026-11-30T00:00:00Z [info] stopped")
    assert len(shown.splitlines()) == 1
    assert not any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in shown)
    assert not any(unicodedata.bidirectional(c) in TURNING for c in shown)
    assert one_line("الماء\u200f \u061cوالنار\u200c") == "الماء\u200f \u061cوالنار\u200c"


@given(ANY_TEXT)
def test_json_stays_the_same_document(text: str) -> None:
    """Escaped, not replaced: a program reads what was stored."""
    document = printable_json(json.dumps({"headline": text}, ensure_ascii=False))
    assert not any(unicodedata.category(c) in ("Cc", "Cs") for c in document)
    halves = dict.fromkeys(range(0xD800, 0xE000), "\ufffd")  # no encoding has them
    assert json.loads(document) == {"headline": text.translate(halves)}
