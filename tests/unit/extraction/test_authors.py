"""Who signs, as a page shows it: names of people, or none."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.extraction import authors
from tests.examples import examples


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("بقلم: قاسم الدليمي تاريخ النشر: 21 تشرين الثاني 2026", ["قاسم الدليمي"]),
        ("كتب: فاتح زروقي | نشر في 27 جويلية 2026", ["فاتح زروقي"]),
        ("إعداد / سعاد بنعلي", ["سعاد بنعلي"]),
        ("Par Leïla Hamdani et Marc Tessier, le 3 mars 2026", ["Leïla Hamdani", "Marc Tessier"]),
        ("By Tom Ashdown November 20, 2026", ["Tom Ashdown"]),
        (
            "By ELLEN WARD, TOM ASHDOWN and Omar bin Said",
            ["ELLEN WARD", "TOM ASHDOWN", "Omar bin Said"],
        ),
        ("Par AFP", ["AFP"]),
        ("de Nadia Bouhlal, La Vigie du Détroit", ["Nadia Bouhlal"]),
        ("By Nora Quill in Rabat and Omar Said in Basra", ["Nora Quill", "Omar Said"]),
        ("By Nora Quill, Reuters", ["Nora Quill"]),
        ("Par Leïla Hamdani (avec agences), le 3 mars 2026", ["Leïla Hamdani"]),
        ("De notre correspondante à Bagdad, Leïla Hamdani", ["Leïla Hamdani"]),
        ("De notre correspondant à Bagdad, on apprend que le pont rouvre", []),
        ("مراسلنا في البصرة: قاسم الدليمي", ["قاسم الدليمي"]),
        ("de Fouad El Alami, ministre délégué", []),
        ("Par ailleurs, le conseil a voté le budget", []),
        ("By the end of the year the port will open", []),
        ("كتب الوزير في رسالته إلى الشركاء", []),
        ("Par la rédaction", []),
        ("Un accord signé par Leïla Hamdani", []),
        ("", []),
    ],
)
def test_a_byline_names_people_and_prose_nobody(line: str, names: list[str]) -> None:
    """The date behind the name is no part of it; a sentence that begins with the same word signs
    nothing.
    """
    assert authors.parse_byline(line) == names


@settings(max_examples=examples(100))
@given(st.text(max_size=150))
def test_no_line_breaks_it(text: str) -> None:
    """Any text names some people or none, at most a few."""
    assert len(authors.parse_byline(f"By {text}")) <= authors.MAX_AUTHORS


@pytest.mark.parametrize(
    ("told", "names"),
    [
        ("By GRETA BEACHAM, AP Sports Writer", ["GRETA BEACHAM"]),
        ("Nora L. Quill, MD", ["Nora L. Quill"]),
        ("Nora Quill and James P. Weir, The Quay", ["Nora Quill", "James P. Weir", "The Quay"]),
        ("Nora Quill Monday", ["Nora Quill"]),
        ("Nora Quill | The Quay for Readers", ["Nora Quill"]),
        ("Nora Quill. The Quay International", ["Nora Quill"]),
        ("Par Leïla Hamdani et Marc Tessier", ["Leïla Hamdani", "Marc Tessier"]),
        ("بقلم: أحمد الناصري، صحافي متدرب", ["أحمد الناصري"]),
        ("Agence du Port", ["Agence du Port"]),
        ("admin", []),
        ("RT", ["RT"]),
    ],
)
def test_a_name_told_to_machines_is_without_cue_job_and_outlet(told: str, names: list[str]) -> None:
    """Metadata hold bylines as they are printed; what is no name of people stays as it was printed."""
    assert authors.parse_metadata_author(told) == names


@pytest.mark.parametrize(
    ("told", "names"),
    [
        ("nora@quay.test", []),
        ("nora@quay.test (Nora Quill)", ["Nora Quill"]),
        ("Nora Quill <nora@quay.test>", ["Nora Quill"]),
        ("Nora Quill (@noraquill)", ["Nora Quill"]),
        ("https://quay.test/people/nora", []),
        ("4711", []),
        ("nora-quill", []),
        ("User31", []),
        ("(وجدة - الرصيف)", []),
        ("وجدة / الرصيف", []),
        ("Oujda - Le Môle", []),
        ("OUJDA (APP)", ["APP"]),
        ("Oujda - APP", ["APP"]),
        ("Reuters Staff", ["Reuters"]),
        ("La Rédaction du Môle", []),
        ("هيئة التحرير", []),
        ("متابعة", []),
        ("Leïla Hamdani / Marc Tessier", ["Leïla Hamdani", "Marc Tessier"]),
        ("Leïla Hamdani / Le Môle", ["Leïla Hamdani"]),
        ("Leïla Hamdani, avec Marc Tessier", ["Leïla Hamdani", "Marc Tessier"]),
        ("Publié par Leïla Hamdani", ["Leïla Hamdani"]),
        ("سعاد بنعلي وفاتح زروقي", ["سعاد بنعلي", "فاتح زروقي"]),
        ("سعاد وليد بنعلي", ["سعاد وليد بنعلي"]),
        ("وفاء بنعلي", ["وفاء بنعلي"]),
        ("الدار البيضاء: سعاد بنعلي", ["سعاد بنعلي"]),
        ("الرصيف - سعاد بنعلي", ["سعاد بنعلي"]),
        ("وجدة - الرصيف الإخبارية", []),
        ("بغداد - شبكة الرافدين", []),
        ("سعاد بنعلي / فاتح زروقي", ["سعاد بنعلي", "فاتح زروقي"]),
        ("Nora Quill in Rabat and Omar Said in Basra", ["Nora Quill", "Omar Said"]),
    ],
)
def test_an_author_is_no_address_number_place_or_account(told: str, names: list[str]) -> None:
    """What is no author is left out, and two people in one text are two."""
    assert authors.parse_metadata_author(told) == names


def test_a_field_of_any_length_costs_what_its_beginning_costs() -> None:
    """Half a megabyte of author is cut before it is looked at."""
    for piece in ("a ", "و", "A. ", "a@", "(", " - ", "ﷺ"):
        assert len("".join(authors.parse_metadata_author(piece * 200_000))) < 2_000
        assert authors.parse_byline("By " + piece * 200_000) == []


def test_what_follows_a_name_in_a_byline_may_be_a_job() -> None:
    """A degree or a job is no second author."""
    assert authors.parse_byline("By Nora Quill, MA") == ["Nora Quill"]
    assert authors.parse_byline("بقلم أحمد الناصري، صحافي متدرب") == ["أحمد الناصري"]
