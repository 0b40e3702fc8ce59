"""Who signs, as a page shows it: names of people, or nobody."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler import bylines


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("بقلم: قاسم الدليمي تاريخ النشر: 21 تشرين الثاني 2026", ["قاسم الدليمي"]),
        ("كتب: فاتح زروقي | نشر في 27 جويلية 2026", ["فاتح زروقي"]),
        ("إعداد / سعاد بنعلي", ["سعاد بنعلي"]),
        ("Par Leïla Hamdani et Marc Tessier, le 3 mars 2026", ["Leïla Hamdani", "Marc Tessier"]),
        ("By Tom Ashdown November 20, 2026", ["Tom Ashdown"]),
        ("By ELLEN WARD, TOM ASHDOWN and Omar bin Said", ["ELLEN WARD", "TOM ASHDOWN", "Omar bin Said"]),
        ("Par AFP", ["AFP"]),
        ("Par ailleurs, le conseil a voté le budget", []),
        ("By the end of the year the port will open", []),
        ("كتب الوزير في رسالته إلى الشركاء", []),
        ("Par la rédaction", []),
        ("Un accord signé par Leïla Hamdani", []),
        ("", []),
    ],
)
def test_a_byline_names_people_and_prose_nobody(line: str, names: list[str]) -> None:
    """The date behind the name is no part of it; a sentence that begins with the same word signs nothing."""
    assert bylines.named(line) == names


@settings(max_examples=100)
@given(st.text(max_size=150))
def test_no_line_breaks_it(text: str) -> None:
    """Any text names some people or none, at most a few."""
    assert len(bylines.named(f"By {text}")) <= bylines.MOST
