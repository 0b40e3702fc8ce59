"""Dates as printed: right, or none."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler import dates
from crawler.dates import names as date_names
from crawler.dates import visible
from crawler.extraction import article
from crawler.model import Article
from tests.builders import a_page, a_source
from tests.examples import examples

MONTHS = {
    1: "يناير كانون_الثاني جانفي janvier January", 2: "فبراير شباط فيفري février February",
    3: "مارس آذار اذار mars March", 4: "أبريل ابريل نيسان أفريل avril April",
    5: "ماي مايو أيار ايار mai May", 6: "يونيو حزيران جوان juin June",
    7: "يوليوز يوليو تموز جويلية juillet July", 8: "غشت آب أغسطس اغسطس أوت août August",
    9: "شتنبر أيلول سبتمبر septembre September", 10: "أكتوبر اكتوبر تشرين_الأول octobre October",
    11: "نونبر تشرين_الثاني نوفمبر novembre November",
    12: "دجنبر كانون_الأول ديسمبر décembre December",
}  # fmt: skip


@pytest.mark.parametrize(
    ("number", "name"), [(n, m.replace("_", " ")) for n, ms in MONTHS.items() for m in ms.split()]
)
@pytest.mark.parametrize("shape", ["{d} {m} {y}", "الخميس {d} {m} {y}", "نشر في {d} {m}، {y}"])
@pytest.mark.parametrize("digits", ["latin", "arabic"])
def test_every_month_of_the_region_is_known(
    number: int, name: str, shape: str, digits: str
) -> None:
    """All names, all spellings, both kinds of digits: always right, never None."""
    text = shape.format(d=7, m=name, y=2026)
    if digits == "arabic":
        text = text.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    parsed = dates.parse_date(text, zone="UTC")
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
        ("29 Nov 26 09:15 +0100", "2026-11-29T08:15"),
        ("Sunday, 29-Nov-26 09:15:00 GMT", "2026-11-29T09:15"),
        ("dim. 29 nov. 26", "2026-11-29T11:00"),
        ("نشر في 29/11/26 - 14:07", "2026-11-29T13:07"),
        ("٢٩-١١-٢٦", "2026-11-29T11:00"),
        ("29.11.26 | 14:07", "2026-11-29T13:07"),
        ("الاحد 29 تشرين2 2026", "2026-11-29T11:00"),
        ("29 ك1 2025 - 08:00", "2025-12-29T07:00"),
        ("٢٩ تشرين ٢ ٢٠٢٥", "2025-11-29T11:00"),
        ("29 كانون2/يناير 2026", "2026-01-29T11:00"),
        ("20.11.2026, Lecture 5 min.", "2026-11-20T11:00"),
        ("2026 - 11 - 29 - 10:30", "2026-11-29T09:30"),
    ],
)
def test_printed_dates(printed: str, iso: str | None) -> None:
    """Read in the source's zone; Morocco stands at UTC in Ramadan (March 2026) and at +1
    otherwise.
    """
    parsed = dates.parse_date(printed, zone="Africa/Casablanca")
    assert (parsed and parsed[0].strftime("%Y-%m-%dT%H:%M")) == iso


@pytest.mark.parametrize(
    "printed",
    [
        "",
        "hello",
        "2026-13-45",
        "Paragraph 1995",
        "45 نونبر 2026",
        "Mon, 23 Nov 2026 10:00 +9999",
        "x" * 500,
        "le 12 mai 20 h",
        "26 novembre 18:40",
        "26 novembre 18h40",
        "06-12-34-56",
        "version 1.2.26",
        "+212-05-12-26",
        "12/11/26%",
        "score 4-3-26",
        "١٢ نونبر ٢٠ ألف زائر",
    ],
)
def test_what_is_no_date_is_none(printed: str) -> None:
    """None beats a guess (M18)."""
    assert dates.parse_date(printed, zone="UTC") is None


def test_the_best_witness_wins_and_the_impossible_is_not_heard() -> None:
    """JSON-LD before feed before address; the day after tomorrow is no article's date."""
    seen = datetime(2026, 11, 23, tzinfo=UTC)
    told = dates.resolve_date(
        [("url", "2026-11-20"), ("feed", "2026-11-22T08:00Z"), ("json-ld", "2099-01-01")],
        zone="UTC",
        first_seen_at=seen,
    )
    assert told is not None
    assert (told.source, told.at) == ("feed", datetime(2026, 11, 22, 8, tzinfo=UTC))
    assert (
        dates.resolve_date(
            [("feed", str(seen + timedelta(days=2)))], zone="UTC", first_seen_at=seen
        )
        is None
    )


def test_a_day_yields_to_the_same_day_with_a_time() -> None:
    """meta says the day, the feed says the minute: both are heard."""
    seen = datetime(2026, 11, 23, 12, tzinfo=UTC)
    told = dates.resolve_date(
        [("meta", "2026-11-22"), ("feed", "2026-11-22T08:00Z")], zone="UTC", first_seen_at=seen
    )
    assert told is not None
    assert (told.source, told.has_time) == ("feed", True)


SPELLINGS = (
    "كانون الثانى|كَانون الثَّاني|كانــون الثاني|كانون ثاني", "شبــاط|شُباط|فبرایر|فيفرى",
    "أذار|آذار|اذار", "إبريل|ابریل|نيسـان",
    "مايــو|أيّار", "يونيه|يونية|یونیو|حُزيران", "يوليه|يوليــوز|تمّوز|جويليه",
    "أب|آب|اب|غُشت|اغشت|أوت|اوت", "ايلول|إيلول|شتمبر",
    "تشرين الاول|تشرين الأوّل|تشرین الأول|اوكتوبر", "تشرين الثانى|تشرين ثاني|نوفمبـر|نوڤمبر",
    "كانون الاول|كانون الأوّل|دجمبر|دیسمبر",
)  # fmt: skip


@pytest.mark.parametrize(
    ("number", "name"), [(n, m) for n, ms in enumerate(SPELLINGS, 1) for m in ms.split("|")]
)
def test_no_spelling_of_a_month_is_strange(number: int, name: str) -> None:
    """With and without hamza, ة or ه, tatweel, harakat, Persian letters: the same month."""
    assert dates.parse_date(f"الثلاثاء ٠٣ {name} ٢٠٢٦", zone="UTC") == (
        datetime(2026, number, 3, 12, tzinfo=UTC),
        False,
    )


@given(
    day=st.dates(date(1995, 1, 1), date(2026, 11, 1)),
    name=st.sampled_from(sorted(date_names.MONTHS)),
    shape=st.sampled_from(
        [
            "{d} {m} {y}",
            "{d} {m}، {y}",
            "{m} {d}, {y}",
            "{d} من {m} {y}",
            "نشر في {d}/{m}/{y}",
            "{d}-{m}-{y}",
        ]
    ),
    digits=st.sampled_from(["0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹"]),
)
@settings(max_examples=examples(150))
def test_a_printed_day_is_that_day(day: date, name: str, shape: str, digits: str) -> None:
    """Whatever name, order and digits: the day printed, or nothing where that month has no such
    day.
    """
    month = date_names.MONTHS[name]
    text = shape.format(d=day.day, m=name, y=day.year).translate(
        str.maketrans("0123456789", digits)
    )
    parsed = dates.parse_date(text, zone="UTC")
    try:
        assert parsed == (datetime(day.year, month, day.day, 12, tzinfo=UTC), False)
    except ValueError:
        assert parsed is None


@given(
    st.datetimes(datetime(1995, 1, 1), datetime(2026, 11, 1)),
    st.sampled_from(["Africa/Casablanca", "Asia/Baghdad", "UTC"]),
)
@settings(max_examples=examples(60))
def test_iso_is_read_in_the_zone_of_the_source(at: datetime, zone: str) -> None:
    """A time without a zone is the source's: Ramadan's offset included."""
    at = at.replace(microsecond=0, fold=0)  # an hour that comes twice is printed alike both times
    parsed = dates.parse_date(at.isoformat(), zone=zone)
    assert parsed == (at.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC), True)


@given(st.text(max_size=120))
@settings(max_examples=examples(150))
def test_no_text_breaks_it(text: str) -> None:
    """Any text is a date or None, never an error."""
    parsed = dates.parse_date(text, zone="UTC", now=datetime(2026, 11, 24, tzinfo=UTC))
    assert parsed is None or parsed[0].tzinfo is UTC


NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("printed", "iso"),
    [
        ("منذ ساعتين", "2026-11-24T10:00"), ("قبل 3 أيام", "2026-11-21T11:00"),
        ("قبل ثلاثة أيام", "2026-11-21T11:00"),
        ("il y a 2 heures", "2026-11-24T10:00"), ("Publié il y a 5 min", "2026-11-24T11:55"),
        ("hier", "2026-11-23T11:00"),
        ("hier à 14h30", "2026-11-23T13:30"), ("3 hours ago", "2026-11-24T09:00"),
        ("an hour ago", "2026-11-24T11:00"),
        ("أمس", "2026-11-23T11:00"), ("منذ ٤٥ دقيقة", "2026-11-24T11:15"),
        ("aujourd'hui à 09:00", "2026-11-24T08:00"),
        ("اليوم", None), ("USA Today", None), ("منذ شهر", None), ("hier soir un accord", None),
    ],
)  # fmt: skip
def test_relative_forms_count_from_a_known_now(printed: str, iso: str | None) -> None:
    """And without one they are no dates; a month ago names no day, a bare "today" stands in
    menus.
    """
    parsed = dates.parse_date(printed, zone="Africa/Casablanca", now=NOON)
    assert (parsed and parsed[0].strftime("%Y-%m-%dT%H:%M")) == iso
    assert dates.parse_date(printed, zone="Africa/Casablanca") is None


@pytest.mark.parametrize(
    ("printed", "iso"),
    [
        ("12 آب 2026م 10:30 م", "2026-08-12T19:30"),
        ("12 آب 2026 الساعة 3 مساءً", "2026-08-12T12:00"),
        ("١٢ آب ٢٠٢٦ - ١١:٠٥ ص", "2026-08-12T08:05"), ("10:30 - 2026/11/23", "2026-11-23T07:30"),
        ("Nov. 23, 2026, 4:05 p.m. ET", "2026-11-23T21:05"),
        ("23 تشرين الثاني 2026 07:00 بتوقيت غرينتش", "2026-11-23T07:00"),
        ("23 نوفمبر / تشرين الثاني 2026", "2026-11-23T09:00"),
        ("23 تشرين الثاني/أكتوبر 2026", None),
        ("Tue Nov 19 13:03:00 EST 2019", "2019-11-19T18:03"),
        ("20261123T100000Z", "2026-11-23T10:00"),
        ("1574168580", "2019-11-19T13:03"), ("23 تشرینی دووەم 2026", "2026-11-23T09:00"),
        ("23 de noviembre de 2026", "2026-11-23T09:00"),
    ],
)  # fmt: skip
def test_times_zones_and_double_forms(printed: str, iso: str | None) -> None:
    """Halves of the day in Arabic, zones beside the time, two names of one month; two months are
    none.
    """
    parsed = dates.parse_date(printed, zone="Asia/Baghdad")
    assert (parsed and parsed[0].strftime("%Y-%m-%dT%H:%M")) == iso


@pytest.mark.parametrize(
    ("printed", "country", "day"),
    [
        ("03/04/2026", "MA", "2026-04-03"),
        ("03/04/2026", "US", "2026-03-04"),
        ("03/04/2026", "", None),
        ("الجمعة 03/04/2026", "", "2026-04-03"),
        ("Wed 03/04/2026", "", "2026-03-04"),
        ("25/04/2026", "", "2026-04-25"),
    ],
)
def test_two_orders_of_numbers(printed: str, country: str, day: str | None) -> None:
    """Decided by what is possible, the weekday, the country; else it is unknown and None."""
    parsed = dates.parse_date(printed, zone="UTC", country=country)
    assert (parsed and parsed[0].date().isoformat()) == day


def test_the_moon_only_contradicts() -> None:
    """A Hijri date alone is none; beside a Gregorian one it agrees within days, or nothing is
    believed.
    """
    assert dates.parse_date("13 جمادى الأولى 1447", zone="UTC") is None
    agreed = dates.parse_date("الثلاثاء 13 جمادى الأولى 1447 هـ - 4 نونبر 2025", zone="UTC")
    assert agreed == (datetime(2025, 11, 4, 12, tzinfo=UTC), False)
    assert dates.parse_date("13 جمادى الأولى 1447 - 4 يناير 2025", zone="UTC") is None


def test_the_day_in_an_address() -> None:
    """A day is one, a month is not, and a number in a slug is nothing."""
    assert (
        dates.find_date_in_url("http://n.example/2026/11/23/a")
        == dates.find_date_in_url("http://n.example/a-20261123.html")
        == "2026-11-23"
    )
    assert dates.find_date_in_url("http://n.example/2026/nov/23/a") == "2026-11-23"
    assert dates.find_date_in_url("http://n.example/2026/11/a") is None
    assert dates.find_date_in_url("http://n.example/2026/02/31/a") is None
    assert dates.find_date_in_url("http://n.example/article-201911234567") is None


@pytest.mark.parametrize(
    ("above", "below", "told"),
    [
        (["الثلاثاء 24 نونبر 2026"], ["بقلم: فلان", "نشر في 12 آب 2026"], "نشر في 12 آب 2026"),
        (
            [],
            ["Publié le 3 janvier 2020 à 10:00, mis à jour le 4 janvier 2020 à 11:00"],
            "Publié le 3 janvier 2020 à 10:00, mis à jour le 4 janvier 2020 à 11:00",
        ),
        (
            [],
            [
                (
                    "En 1995-01-01, le pays a signé un accord qui reste en vigueur. Il compte "
                    "beaucoup pour tous."
                )
            ],
            None,
        ),
        ([], ["وقعت الاتفاقية في 12 آب 1995."], None),
        ([], ["John Smith | 12 Aug 2026 | Politics"], "John Smith | 12 Aug 2026 | Politics"),
        ([], ["Last updated: January 7, 2025"], None),
        ([], ["آخر تحديث: 23 نونبر 2026"], "آخر تحديث: 23 نونبر 2026"),
    ],
)
def test_which_line_tells_the_date(above: list[str], below: list[str], told: str | None) -> None:
    """Below the headline before above it, published before updated, prose never (P9)."""
    assert next(iter(visible.find_printed_dates(above, below, zone="UTC", now=NOON)), None) == told


def test_what_is_shown_far_from_the_feed_is_noise() -> None:
    """P9: a year in the page does not outweigh the feed; P8: old for a feed is doubted, not
    dropped.
    """
    told = dates.resolve_date(
        [("time", "1995-01-01"), ("feed", "2026-11-22T08:00Z")], zone="UTC", first_seen_at=NOON
    )
    assert told is not None and (told.source, told.at.year) == ("feed", 2026)
    old = dates.resolve_date([("feed", "2020-01-01T08:00Z")], zone="UTC", first_seen_at=NOON)
    assert old is not None and old.confidence < 0.5


# The 24 names that the Arabic press has for the months of the year: twelve of the Mashriq, twelve
# that go back to January and February, with every spelling of the Maghreb, Egypt and the Gulf
# beside them.
ARABIC_MONTHS = {
    1: "يناير ينايير كانون_الثاني كانون_الثانى كانون_ثاني جانفي جانفى",
    2: "فبراير فبرائر شباط شُباط فيفري فيفرى",
    3: "مارس آذار أذار اذار", 4: "أبريل ابريل إبريل نيسان أفريل افريل",
    5: "ماي مايو مايـو أيار ايار أيّار",
    6: "يونيو يونيه يونية حزيران حُزيران جوان",
    7: "يوليوز يوليو يوليه يولية تموز تمّوز جويلية جويليه",
    8: "غشت غُشت اغشت آب أب اب أغسطس اغسطس أوت اوت", 9: "شتنبر شتمبر سبتمبر أيلول ايلول إيلول",
    10: "أكتوبر اكتوبر أوكتوبر تشرين_الأول تشرين_الاول تشرين_أول",
    11: "نونبر نونمبر نوفمبر تشرين_الثاني تشرين_الثانى تشرين_ثاني",
    12: "دجنبر دجمبر ديسمبر ديسمبـر كانون_الأول كانون_الاول كانون_أول",
}  # fmt: skip
_NAMED = [
    (n, name.replace("_", " ")) for n, names in ARABIC_MONTHS.items() for name in names.split()
]


@given(
    named=st.sampled_from(_NAMED),
    year=st.integers(1996, 2025),
    day=st.integers(1, 28),
    digits=st.sampled_from(["0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹"]),
    shape=st.sampled_from(
        [
            "{d} {m} {y}",
            "الخميس {d} {m} {y}",
            "{d:02} {m}، {y}",
            "نشر في: {d} {m} {y}م",
            "بتاريخ {d} من {m} عام {y}",
            "{m} {d}، {y}",
        ]
    ),
    marks=st.sampled_from(["", "\u200f", "\u200e", "\u202b"]),
)
@settings(max_examples=examples(200))
def test_every_arabic_month_is_right_however_it_is_written(
    named: tuple[int, str], year: int, day: int, digits: str, shape: str, marks: str
) -> None:
    """All names × spellings × digits × shapes, with the invisible marks that editors leave:
    right, None never.
    """
    month, name = named
    text = marks + shape.format(d=day, m=name, y=year).translate(
        str.maketrans("0123456789", digits)
    )
    assert dates.parse_date(text, zone="UTC") == (datetime(year, month, day, 12, tzinfo=UTC), False)


PLACES = {
    "below the headline": "<article><h1>{h}</h1><div class=d>{date}</div>{text}</article>",
    "above the headline": "<div class=d>{date}</div><h1>{h}</h1>"
    "<div class=entry-content>{text}</div>",
    "in a table": (
        "<table><tr><td><b>{h}</b></td></tr><tr><td><font size=2>{date}</font></td></tr><tr>"
        "<td>{text}</td></tr></table>"
    ),
    "behind the author": "<h1>{h}</h1><p>بقلم: سعاد بنعلي | {date}</p><div>{text}</div>",
    "in a time without datetime": "<h1>{h}</h1><time>{date}</time><div>{text}</div>",
}


@pytest.mark.parametrize("place", PLACES)
def test_a_page_whose_only_date_is_in_arabic_words_is_dated(place: str) -> None:
    """Every name and spelling in one of the places, in either kind of digits: the day printed, None
    never; years in the text are none.
    """
    headline = "افتتاح معرض الكتاب في المدينة العتيقة"
    text = (
        "<p>افتتح الوزير صباح اليوم المعرض السنوي بحضور عدد كبير من الناشرين، وكانت دورة "
        "12 آب 1995 أولى دوراته.</p>"
    ) * 4
    wrong = []
    for n, (month, name) in list(enumerate(_NAMED))[list(PLACES).index(place) :: len(PLACES)]:
        printed = f"{n % 28 + 1} {name} 2025"
        if n % 2:
            printed = printed.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
        page = (
            f"<html><head><title>{headline}</title></head>"
            f"<body>{PLACES[place].format(h=headline, date=printed, text=text)}</body></html>"
        )
        found = article.extract(a_page(page, entry=None), a_source())
        published = found.published if isinstance(found, Article) else None
        told = published and (published.at.year, published.at.month, published.at.day)
        if told != (2025, month, n % 28 + 1):
            wrong.append((printed, told))
    assert not wrong


@given(
    st.datetimes(min_value=datetime(1950, 1, 1), max_value=datetime(2049, 1, 1)),
    st.sampled_from(["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S.%f"]),
    st.sampled_from(["", "Z", "+01:00", "-0530", "+14:00", "+15:00"]),
)
@settings(max_examples=examples(60))
def test_what_software_prints_is_read_alike_the_short_way_and_the_long(
    at: datetime, shape: str, zone: str
) -> None:
    """The short way is only shorter: with a word before it the same date goes the long one."""
    printed = at.strftime(shape) + zone
    assert dates.parse_date(printed, zone="Africa/Casablanca") == dates.parse_date(
        f"on {printed}", zone="Africa/Casablanca"
    )
