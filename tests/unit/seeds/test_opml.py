"""OPML of other readers comes in with its guesses marked."""

from __future__ import annotations

import pytest

from crawler import seeds, spiders
from crawler.seeds import opml, scaffold
from crawler.seeds.opml import OpmlError
from tests.unit.seeds.test_scaffold import ZONES

KINDS = spiders.kinds()


def read(body: str, head: str = "") -> opml.Imported:
    """This OPML imported."""
    text = f'<?xml version="1.0"?>{head}<opml version="2.0"><body>{body}</body></opml>'
    return opml.parse(text.encode(), ZONES, KINDS)


def test_a_strangers_list_becomes_strict_seed_files() -> None:
    """Feeds of one home are one outlet; country, language and zone are guessed and marked."""
    imported = read(
        '<outline text="Press"><outline text="La Une" type="rss" '
        'xmlUrl="https://une.ma/feed" htmlUrl="https://une.ma/"/>'
        '<outline text="La Une: sport" type="rss" xmlUrl="https://une.ma/sport/feed" '
        'htmlUrl="https://une.ma/"/></outline>'
        '<outline text="Bare" xmlUrl="http://bare.example/rss" language="fr-FR"/>'
        '<outline text="Bad" type="rss" xmlUrl="file:///etc/passwd"/>'
        '<outline text="Podcast" type="podcast" xmlUrl="http://p.q/r"/>'
    )
    une, bare = imported.drafts
    assert [f.url for f in une.source.feeds] == ["https://une.ma/feed", "https://une.ma/sport/feed"]
    assert (une.path, set(une.guessed)) == (
        "sources/ma/une.yml",
        {"country", "languages", "timezone"},
    )
    assert (bare.source.country, bare.source.languages, bare.source.timezone) == (
        "FR",
        ("fr",),
        "Europe/Paris",
    )
    assert [line.split(":")[0] for line in imported.left_out] == ["Bad", "Podcast"]
    for draft in imported.drafts:
        text = scaffold.write(draft)
        assert seeds.load({draft.path: text}, kinds=KINDS).sources
        assert text.count("#") >= 4


def test_two_outlets_never_share_a_file() -> None:
    """Two domains of one name are numbered."""
    one, two = read(
        '<outline text="A" xmlUrl="https://news.ma/f"/>'
        '<outline text="B" xmlUrl="https://news.iq/f"/>'
    ).drafts
    assert [one.source.slug, two.source.slug] == ["news", "news-2"]


def test_names_of_ours_are_not_believed() -> None:
    """A crafted export leads to no place outside the folder, to no unknown zone or language."""
    (draft,) = read(
        '<outline xmlns:r="urn:rasd:opml" text="X" xmlUrl="https://x.ma/f" '
        'r:source="../../x" r:country="../M"'
        ' r:timezone="../../etc/passwd" r:languages="xx" r:every="99999999999999999999" '
        'r:pages="-1"/>'
    ).drafts
    assert draft.path == "sources/ma/x.yml"
    assert draft.source.timezone == "Africa/Casablanca"
    assert seeds.load({draft.path: scaffold.write(draft)}, kinds=KINDS).sources


BOMB = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 9))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ((
            f'<!DOCTYPE o [<!ENTITY a0 "x">{BOMB}]><opml><body>'
            f'<outline text="&a8;" xmlUrl="http://a.b/c"/></body></opml>'
        ).encode(), "entit"),
        ((
            b'<!DOCTYPE o [<!ENTITY f SYSTEM "file:///etc/passwd">]><opml><body>'
            b'<outline text="&f;"/></body></opml>'
        ), "entit"),
        (b"<opml><body>", "not XML"),
        (b"", "not XML"),
        (b"\x00\x01", "not XML"),
        (b"<rss/>", "first element is <rss>"),
        (b"<opml>" + b" " * opml.MAX_OPML_BYTES, "larger than 5 MB"),
    ],
    ids=["laughs", "file", "cut", "empty", "binary", "rss", "large"],
)  # fmt: skip
def test_what_is_no_honest_list_is_refused(data: bytes, said: str) -> None:
    """Entity bombs, other files, broken ones: a clear word and nothing read."""
    with pytest.raises(OpmlError, match=said):
        opml.parse(data, ZONES, KINDS)
