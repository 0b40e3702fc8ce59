"""Charset: what a page says of its encoding is not believed, what its bytes say is."""

from __future__ import annotations

import tarfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler import charset
from crawler.extraction import article
from crawler.model import Article
from tests import places
from tests.builders import a_page, a_source
from tests.examples import examples

HOSTILE = places.SHARED / "data" / "hostile" / "chardet.tar.gz"
SENTENCES = (
    "وقع الوزيران اليوم في العاصمة اتفاقية جديدة تخص النقل البري بين المدينتين.",
    "وقال المتحدث إن المشروع سيبدأ مع مطلع السنة المقبلة على أن ينتهي بعد عامين.",
    "وتشمل الأشغال ثلاث محطات كبرى، من بينها محطة على الساحل قرب الميناء القديم.",
    "وأضاف أن الكلفة لم تحدد بعد، لكن الجانبين اتفقا على تقاسم النفقات كما جرت العادة.",
)
ENCODINGS = (
    "cp1256",
    "iso-8859-6",
    "utf-16-le",
    "utf-16-be",
    "utf-16",
    "utf-8",
    "utf-8-sig",
    "utf-7",
)
SAID = ("right", "missing", "windows-1252", "utf-8", "windows-1256", "iso-8859-6")


def a_press_page(encoding: str, said: str) -> tuple[bytes, str]:
    """Our own story in an encoding, with what its meta and header say of it."""
    name = {"right": encoding.removesuffix("-sig"), "missing": ""}.get(said, said)
    meta = f"<meta charset={name}>" if name else ""
    text = "".join(f"<p>{s}</p>" for s in SENTENCES * 3).replace(
        "،", "," if encoding != "utf-7" else "،"
    )
    page = (
        f"<html lang=ar><head>{meta}<title>اتفاقية جديدة للنقل</title></head><body><article>"
        f"<h1>اتفاقية جديدة للنقل</h1>{text}</article></body></html>"
    )
    return page.encode(encoding), "text/html" + (f"; charset={name}" if name else "")


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("said", SAID)
def test_an_arabic_page_is_readable_whatever_it_says(encoding: str, said: str) -> None:
    """P1: right, missing and lying declarations over each encoding of Arabic."""
    body, header = a_press_page(encoding, said)
    found = article.extract(a_page(body, headers=(("content-type", header),)), a_source())
    assert isinstance(found, Article)
    assert found.headline == "اتفاقية جديدة للنقل"
    assert SENTENCES[1] in found.body and "\ufffd" not in found.body
    assert found.language == "ar"


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "mac-roman", "utf-16"])
@pytest.mark.parametrize("said", ["", "utf-8", "windows-1256", "iso-8859-1"])
def test_french_is_not_taken_for_arabic(encoding: str, said: str) -> None:
    """Single accented letters within words are Latin, whatever is declared."""
    text = (
        "L’été dernier, le préfet a été reçu à l’hôtel de ville où la cérémonie s’est achevée. " * 6
    )
    assert (
        charset.decode(text.encode(encoding), f"text/html; charset={said}")[0].lstrip("\ufeff")
        == text
    )


def test_a_lie_is_noted() -> None:
    """The third answer says that a declaration said another encoding than the bytes are in."""
    body, header = a_press_page("cp1256", "utf-8")
    assert charset.decode(body, header)[1:] == ("cp1256", True)
    body, header = a_press_page("cp1256", "right")
    assert charset.decode(body, header)[1:] == ("cp1256", False)


@given(st.binary(max_size=400))
@settings(max_examples=examples(150))
def test_no_bytes_break_it(body: bytes) -> None:
    """Any bytes give a text that a database takes."""
    text, _, _ = charset.decode(body, "text/html; charset=nonsense")
    assert text.encode() is not None
    assert "\0" not in text


@given(
    st.text(alphabet="aé£ا😀\x85\x01\x1c\ufdd0«", max_size=30), st.integers(0, 3), st.integers(1, 3)
)
@settings(max_examples=examples(60))
def test_utf8_is_known_wherever_it_is_cut_and_what_parts_words_is_gone(
    text: str, before: int, times: int
) -> None:
    """A page is looked at in pieces: a letter that two of them share breaks nothing, and nothing
    unfit is passed over.
    """
    body = (
        "é" + "x" * (charset.PIECE_BYTES - before) + text + "é" * charset.PIECE_BYTES * (times - 1)
    ).encode()
    written, conflict = charset.to_utf8(body, "text/html; charset=utf-8")
    assert not conflict
    assert charset.clean_text(written.decode()) == charset.clean_text(body.decode())
    assert not any(sign in written.decode() for sign in "\x85\x1c\ufdd0")


def test_what_no_text_holds_goes() -> None:
    """P2: NUL, C0, C1, lone surrogates and non-characters; windows' quotes become quotes."""
    assert charset.clean_text("a\0b\x07c\ud800d\ufdd0e\uffff\tf\n \x93g\x94") == "abcde\tf\n “g”"


def test_files_by_their_true_encoding() -> None:
    """Of other people's files in an encoding of our languages, all but known exceptions are
    right.
    """
    if not HOSTILE.is_file():
        pytest.skip("the shared files are not on this machine")
    ours = {"windows-1256-arabic": "cp1256", "iso-8859-6-arabic": "iso-8859-6",
    "windows-1252": "cp1252", "iso-8859-1": "cp1252",
            "utf-8": "utf-8", "utf-8-sig": "utf-8-sig", "UTF-16": "utf-16", "UTF-16LE": "utf-16-le",
            "UTF-16BE": "utf-16-be"}  # fmt: skip
    wrong = []
    with tarfile.open(HOSTILE) as archive:
        for member in archive.getmembers():
            folder = member.name.split("/")[-2] if "/" in member.name else ""
            opened = archive.extractfile(member)
            if folder in ours and opened is not None:
                body = opened.read()
                truth = charset.clean_text(body.decode(ours[folder], errors="replace"))
                if charset.decode(body)[0].lstrip("\ufeff") not in truth.lstrip("\ufeff"):
                    wrong.append(member.name)
    assert len(wrong) <= 1, wrong
