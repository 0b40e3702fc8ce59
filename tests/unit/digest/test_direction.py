"""Text of either direction beside text of the other."""

from __future__ import annotations

import pytest

from crawler.digest import direction


@pytest.mark.parametrize(
    ("text", "found"),
    [("هسبريس", "rtl"), ("Le Matin", "ltr"), ("«2M» قناة", "ltr"), ("1) العلم", "rtl"), ("24 / 7", "rtl")],
)  # fmt: skip
def test_the_first_letter_decides(text: str, found: str) -> None:
    """As ``dir="auto"`` would; without a letter it is the direction around it."""
    assert direction.of_text(text, "rtl") == found


def test_one_line_holds_no_breaks_and_no_marks_of_direction() -> None:
    """M23: one hostile headline must not break a header or turn the line."""
    assert direction.one_line("a\r\nBcc: x\u2028b\u202ec\x00d") == "a Bcc: x bc d"
    assert direction.isolate("a\nb") == "\u2068a b\u2069"
