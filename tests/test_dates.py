"""Dates as printed: right, or none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crawler import dates

MONTHS = {
    1: "يناير كانون_الثاني جانفي janvier January", 2: "فبراير شباط فيفري février February",
    3: "مارس آذار اذار mars March", 4: "أبريل ابريل نيسان أفريل avril April",
    5: "ماي مايو أيار ايار mai May", 6: "يونيو حزيران جوان juin June",
    7: "يوليوز يوليو تموز جويلية juillet July", 8: "غشت آب أغسطس اغسطس أوت août August",
    9: "شتنبر أيلول سبتمبر septembre September", 10: "أكتوبر اكتوبر تشرين_الأول octobre October",
    11: "نونبر تشرين_الثاني نوفمبر novembre November", 12: "دجنبر كانون_الأول ديسمبر décembre December",
}  # fmt: skip


@pytest.mark.parametrize(("number", "name"), [(n, m.replace("_", " ")) for n, ms in MONTHS.items() for m in ms.split()])
@pytest.mark.parametrize("shape", ["{d} {m} {y}", "الخميس {d} {m} {y}", "نشر في {d} {m}، {y}"])
@pytest.mark.parametrize("digits", ["latin", "arabic"])
def test_every_month_of_the_region_is_known(number: int, name: str, shape: str, digits: str) -> None:
    """All names, all spellings, both kinds of digits: always right, never None."""
    text = shape.format(d=7, m=name, y=2026)
    if digits == "arabic":
        text = text.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    parsed = dates.parse(text, zone="UTC")
    assert parsed == (datetime(2026, number, 7, 12, tzinfo=UTC), False)


@pytest.mark.parametrize(
    ("printed", "iso"),
    [
        ("1er décembre 2019", "2019-12-01T11:00"),
        ("13 Déc 2019 à 14h30", "2019-12-13T13:30"),
        ("تشرين الثاني/نوفمبر ٢٣، ٢٠٢٦", "2026-11-23T11:00"),
        ("23 تشرين الثاني/نوفمبر 2026 - 09:15", "2026-11-23T08:15"),
        ("28 غشت (أغسطس) 2025", "2025-08-28T11:00"),
        ("Mon, 23 Nov 2026 10:00:00 GMT", "2026-11-23T10:00"),
        ("2026-11-23T10:00:00+03:00", "2026-11-23T07:00"),
        ("2026-11-23 10:00", "2026-11-23T09:00"),
        ("Nov 23, 2026 4:05 pm", "2026-11-23T15:05"),
        ("23/11/2026 08:00", "2026-11-23T07:00"),
        ("15 مارس 2026 10:00", "2026-03-15T10:00"),
    ],
)
def test_printed_dates(printed: str, iso: str | None) -> None:
    """Read in the source's zone; Morocco stands at UTC in Ramadan (March 2026) and at +1 otherwise."""
    parsed = dates.parse(printed, zone="Africa/Casablanca")
    assert (parsed and parsed[0].strftime("%Y-%m-%dT%H:%M")) == iso


@pytest.mark.parametrize(
    "printed", ["", "hello", "2026-13-45", "Paragraph 1995", "45 نونبر 2026", "Mon, 23 Nov 2026 10:00 +9999", "x" * 500]
)
def test_what_is_no_date_is_none(printed: str) -> None:
    """None beats a guess (M18)."""
    assert dates.parse(printed, zone="UTC") is None


def test_the_best_witness_wins_and_the_impossible_is_not_heard() -> None:
    """JSON-LD before feed before address; tomorrow's tomorrow is nobody's date."""
    seen = datetime(2026, 11, 23, tzinfo=UTC)
    told = dates.resolve(
        [("url", "2026-11-20"), ("feed", "2026-11-22T08:00Z"), ("json-ld", "2099-01-01")],
        zone="UTC", first_seen_at=seen,
    )  # fmt: skip
    assert told is not None
    assert (told.source, told.at) == ("feed", datetime(2026, 11, 22, 8, tzinfo=UTC))
    assert dates.resolve([("feed", str(seen + timedelta(days=2)))], zone="UTC", first_seen_at=seen) is None


def test_a_day_yields_to_the_same_day_with_a_time() -> None:
    """meta says the day, the feed says the minute: both are heard."""
    seen = datetime(2026, 11, 23, 12, tzinfo=UTC)
    told = dates.resolve([("meta", "2026-11-22"), ("feed", "2026-11-22T08:00Z")], zone="UTC", first_seen_at=seen)
    assert told is not None
    assert (told.source, told.has_time) == ("feed", True)
