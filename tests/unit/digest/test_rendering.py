"""A digest as a mail: both parts say the same, directions hold in every mail client."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from lxml import html as lxml_html

from crawler.digest import rendering
from crawler.digest.wording import day, wording
from crawler.model import Finding
from tests.builders import NOW
from tests.unit.digest.scenes import (
    DAY,
    RECIPE,
    addressed,
    composed,
    dated,
    doubted,
    proven,
    worded,
)

FRAMES = {"ar": "rtl", "fr": "ltr", "en": "ltr"}
BLOCKS = {"div", "p", "h1", "h2", "ul", "li", "td", "table"}
LOGICAL = re.compile(
    r"(?:border|padding|margin|inset)-(?:inline|block)|text-align:\s*(?:start|end)"
)


def a_full_page(language: str) -> str:
    """The HTML of an issue with everything in it: stories in both directions, copies, stories
    dated earlier, a watch list, findings, a failing source and stories left out."""
    latin = "The minister opened السد the dam today."
    digest = composed(
        proven(1, "special"),
        proven(2, "special", language="en", headline="A dam opens", body=latin),
        proven(3, headline="عنوان من ست كلمات لا غير هنا"),
        proven(4, headline="عنوان من ست كلمات لا غير هنا", source="dead"),
        *(proven(n) for n in range(10, 14)),
        dated(15, NOW - 30 * DAY, headline="السد القديم كما رآه أهل القرية"),
        dated(16, NOW - 31 * DAY, headline="السد القديم كما رآه أهل القرية", source="dead"),
        dated(17, NOW - 400 * DAY, language="en", headline="An old dam", body=latin),
        doubtful=[doubted(n, 0.3 + n / 100) for n in range(20, 27)],
        findings=[
            Finding(source=source, kind="silent", proof="p", opened_at=NOW)
            for source in ("news", "")
        ],
        recipe=replace(RECIPE, languages=(language,), max_events=4),
    )
    return rendering.render(digest).html


@pytest.mark.parametrize("language", FRAMES)
def test_direction_needs_neither_bdi_nor_html_nor_logical_properties(language: str) -> None:
    """Gmail, Outlook and Yahoo drop attributes of <html> and <body>, ignore <bdi>, ``dir="auto"``
    and logical properties: every text stands under a block with ``dir`` and inline
    ``direction:``."""
    page = a_full_page(language)
    tree = lxml_html.document_fromstring(page)
    assert tree.findall(".//bdi") == []
    assert not LOGICAL.search(page)
    assert "unicode-bidi" not in page
    assert tree.get("dir") is None and tree.body.get("dir") is None
    assert {e.get("dir") for e in tree.iter() if e.get("dir")} == {"rtl", "ltr"}
    for element in tree.body.iter():
        towards = element.get("dir")
        if element.tag in BLOCKS:
            assert towards, f"<{element.tag}> without a direction"
        if towards:
            style = element.get("style", "").replace(" ", "")
            assert f"direction:{towards}" in style
            if element.tag in BLOCKS:
                assert f"text-align:{'right' if towards == 'rtl' else 'left'}" in style
    (outermost,) = tree.body
    assert outermost.get("dir") == FRAMES[language]


@pytest.mark.parametrize("language", FRAMES)
def test_an_item_keeps_its_own_direction_in_any_frame(language: str) -> None:
    """Headline and proof by the article's language, the bar on the side where its lines begin,
    names by their letters, scores left to right."""
    tree = lxml_html.document_fromstring(a_full_page(language))
    proofs = tree.cssselect("p.proof")
    assert {p.get("lang"): p.get("dir") for p in proofs} == {"ar": "rtl", "en": "ltr"}
    for proof in proofs:
        side = "right" if proof.get("dir") == "rtl" else "left"
        style = proof.get("style", "")
        assert f"border-{side}" in style
        assert f"border-{'left' if side == 'right' else 'right'}" not in style
    spans = {s.text: s.get("dir") for s in tree.iter("span") if s.text and s.get("dir")}
    assert (spans["The News"], spans["0.80"]) == ("ltr", "ltr")
    padding = "0 20px 0 0" if FRAMES[language] == "rtl" else "0 0 0 20px"
    lists = tree.findall(".//ul")
    assert len(lists) == 3 and all(f"padding: {padding}" in ul.get("style", "") for ul in lists)


def test_text_and_html_say_the_same_facts() -> None:
    """Headline, link, proof, source, and who did not answer, in both parts."""
    message = worded(proven(7, "general", "special"))
    for part in (message.text, message.html):
        for fact in (
            "عنوان رقم 7",
            "http://news.test/7",
            "The News",
            "خاص",
            "Dead Paper",
            "الاثنين 23 نونبر 2026",
        ):
            assert fact in part
    assert message.subject == "[الماء] 1 خاص — الاثنين 23 نونبر 2026"
    assert '<html lang="ar">' in message.html


def test_nothing_new_is_stated() -> None:
    """An empty day is a short honest line."""
    message = worded()
    assert "لا جديد" in message.subject
    assert "لا خبر جديد" in message.text and "لا خبر جديد" in message.html


@pytest.mark.parametrize("language", FRAMES)
def test_what_is_dated_earlier_has_a_section_of_its_own(language: str) -> None:
    """Each in one line with its date, in text and HTML, outside the subject's counts; an issue
    with nothing else says that nothing is new."""
    old = [dated(n, NOW - (20 + n) * DAY, headline=f"سد قديم رقم {n}") for n in range(30)]
    digest = composed(*old, recipe=replace(RECIPE, languages=(language,)))
    words = wording(digest.language).phrases
    letter = rendering.render(digest)
    assert words["nothing"] in letter.subject and not re.search(r"30|20 ", letter.subject)
    page = str(lxml_html.document_fromstring(letter.html).text_content())
    for part in (letter.text, page):
        assert words["nothing_line"] in part and words["earlier_line"] in part
        assert f"{words['earlier']} (30)" in part
        assert words["earlier_left_out"].format(n=10) in part
        assert part.count("سد قديم رقم") == 20
        assert day(NOW - 20 * DAY, digest.language, digest.timezone) in part


def test_links_are_web_links_only() -> None:
    """M21: a javascript: address never becomes a link."""
    assert "javascript:" not in worded(proven(1, url="javascript:alert(1)")).html


def test_the_message_id_follows_from_the_key() -> None:
    """A second attempt is recognisable as the same mail; another recipient's is another."""
    assert worded(proven()).message_id == worded(proven(2)).message_id
    digest = composed(proven())
    assert addressed(digest, "a").message_id != addressed(digest, "b").message_id


def test_one_letter_serves_all_recipients() -> None:
    """Addressing changes the envelope only."""
    letter = rendering.render(composed(proven()))
    mails = [
        rendering.address(
            letter, recipient=r, channel="smtp", sender_domain="x.test", key=f"daily/{r}/1"
        )
        for r in ("a@x.test", "b@x.test")
    ]
    assert mails[0].html is mails[1].html and mails[0].text is mails[1].text
    assert [m.recipient for m in mails] == ["a@x.test", "b@x.test"]
