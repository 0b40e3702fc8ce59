"""Addresses: one identity for all their shapes, and which may be requested at all."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler import urls
from tests.examples import examples


@pytest.mark.parametrize(
    "shape",
    [
        "https://www.news.example/2026/اتفاق",
        "http://news.example:80/2026/%d8%a7%d8%aa%d9%81%d8%a7%d9%82/",
        "https://m.news.example/2026/اتفـاق?utm_source=x&fbclid=1",
        "https://news.example/2026/اتفاق/amp#top",
        "https://NEWS.example//2026/اتفاق?random-post=1&print=1",
    ],
)
def test_the_shapes_of_one_address_have_one_key(shape: str) -> None:
    """Scheme, prefix, encoding, tatweel, tracking and slashes make no difference."""
    assert urls.key(shape) == urls.key("https://news.example/2026/اتفاق")


def test_what_names_another_article_stays() -> None:
    """?p=123 is an identity, and so is another path."""
    assert urls.key("http://n.example/?p=1") != urls.key("http://n.example/?p=2")
    assert urls.key("http://n.example/a") != urls.key("http://n.example/b")


SHAPES = [
    ("https://news.example/politique/accord-signe-a-midi-123456.html", [
        "http://www.news.example/politique/accord-signe-a-midi-123456.html?utm_source=x&utm_medium=y",
        "https://m.news.example/politique/accord-signe-a-midi-123456.html#comments",
        "https://mobile.news.example:443/politique/accord-signe-a-midi-123456.html",
        "https://amp.news.example/politique/accord-signe-a-midi-123456.html",
        "https://news.example/amp/politique/accord-signe-a-midi-123456.html",
        "https://news.example/politique/accord-signe-a-midi-123456.amp.html",
        "https://news.example./politique/accord-signe-a-midi-123456.html/?print=1",
        "https://news.example/politique/accord-signe-a-midi-123456.html?page=2",
        "https://news.example/politique/accord%2Dsigne-a-midi-123456.html?amp=1&ref=home&share=facebook",
    ]),
    ("https://news.example/a-b-c-d",
    ["https://news.example/a-b-c-d/page/2", "https://news.example/a-b-c-d/page/1/",
    "https://news.example/a-b-c-d/amp/?amp_js_v=a2"]),
    ("https://news.example/?p=123",
    ["https://www.news.example?p=123", "http://news.example/?p=123&fbclid=x&random-post=1"]),
    ("https://xn--mgbh0fb.example/a", ["https://مثال.example/a", "https://مثال.example./a/"]),
    ("https://news.example/%D8%B9%D8%B1%D8%A7%D9%82",
    ["https://news.example/عراق", "https://news.example/%d8%b9%d8%b1%d8%a7%d9%82/",
    "https://news.example/عـراق"]),
    ("https://news.example/a?id=5&lang=ar",
    ["https://news.example/a?lang=ar&id=5&_ga=1.2", "https://news.example/a?id=5&lang=ar&id=5"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("plain", "shape"), [(plain, shape) for plain, shapes in SHAPES for shape in shapes]
)
def test_every_shape_met_is_one_article(plain: str, shape: str) -> None:
    """Prefixes, endings, tracking, print and amp views, continuations, encodings, IDNA."""
    assert urls.key(shape) == urls.key(plain)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("/?p=1", "/?p=2"), ("/a?id=1", "/a?id=2"), ("/category/x?page=2", "/category/x?page=3"),
        ("/x/page/2", "/x/page/3"),
        ("/tag/a-b-c-d/page/2", "/tag/a-b-c-d"), ("/a?print=4711", "/a?print=4712"),
        ("/a?ref=12", "/a?ref=13"), ("/A", "/a"),
        ("/a%2Fb", "/a/b"), ("/a%3Fp=1", "/a?p=1"), ("/?page=article&id=1", "/?page=article&id=2"),
        ("/amp", "/a"), ("/m/1", "/n/1"),
        ("/a?lang=ar", "/a?lang=fr"), ("/index.php?id=7", "/index.php?id=8"),
        ("/%D8%B9%C7", "/%D8%B9%C8"), ("/a-1.html", "/a-2.html"),
    ],
)  # fmt: skip
def test_two_articles_are_never_one(one: str, other: str) -> None:
    """Numbers in queries, lists' pages, letters' case and encoded slashes tell articles apart."""
    assert urls.key("http://n.example" + one) != urls.key("http://n.example" + other)


@given(
    host=st.sampled_from(
        [
            "news.example",
            "www.m.news.example",
            "مثال.example",
            "[2001:db8::1]",
            "amp.a.b",
            "NEWS.example.:8080",
        ]
    ),
    path=st.text(st.sampled_from("ab/%2Ffعـة-.;=?&#1 é\u200b"), max_size=24),
    query=st.lists(
        st.tuples(
            st.sampled_from(["p", "page", "utm_x", "id", "ref", "print", "م"]),
            st.text(st.sampled_from("1a%&ع+"), max_size=3),
        ),
        max_size=3,
    ),
)
@settings(max_examples=examples(200))
def test_a_key_is_its_own_key(host: str, path: str, query: list[tuple[str, str]]) -> None:
    """Idempotent, whatever stands in the address, with or without a scheme before it."""
    once = urls.key(f"https://{host}/{path}?" + "&".join(f"{k}={v}" for k, v in query))
    assert urls.key("http://" + once) == once


@given(st.from_regex(r"http://[a-z]{1,8}\.com/[a-z/%0-9ء-ي]{0,20}(\?[a-z]=[0-9])?", fullmatch=True))
def test_keys_are_stable(url: str) -> None:
    """The key of a key is itself."""
    assert urls.key("http://" + urls.key(url)) == urls.key(url)


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd", "data:text/html,x", "javascript:alert(1)", "ftp://x.y/z",
        "gopher://x.y",
        "http://ok@127.0.0.1/", "http://127.0.0.1\\@ok/", "http:\\\\evil.example/x", "http://a b/",
        "http://",
        "http://x.y:99999/", "//", "", "http://x.y/" + "a" * 2100, "http://x.y/\x00",
    ],
)  # fmt: skip
def test_what_parsers_disagree_on_is_never_asked(url: str) -> None:
    """S8, S9, S11: other schemes, user names, backslashes, control characters, impossible hosts."""
    assert urls.clean(url) is None


def test_hosts_are_normalised_before_they_are_judged() -> None:
    """S12: full-width digits and ideographic dots are what they stand for."""
    assert urls.clean("http://①②⑦.⓪.⓪.①/") == "http://127.0.0.1/"
    assert urls.clean("/ب", "http://x.example/") == "http://x.example/%D8%A8"


def test_registrable_domains() -> None:
    """Subdomains are one site, addresses are themselves."""
    assert urls.registrable("https://fr.news.co.uk/x") == "news.co.uk"
    assert urls.registrable("http://127.0.0.2:80/") == "127.0.0.2"
    assert urls.registrable("http://al-masar.test:8/") == "al-masar.test"
