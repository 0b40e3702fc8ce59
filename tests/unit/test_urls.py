"""Addresses: one identity for all their shapes, and which may be requested at all."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import example, given, settings
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
            st.text(st.sampled_from("1a%&ع+ـ2D"), max_size=9),
        ),
        max_size=3,
    ),
)
@settings(max_examples=examples(200))
@example(host="news.example", path="%2ـ1", query=[("p", "%Dـ8%Aـ7")])
@example(host="news.example", path="%FF%D9%80/.\u200b./a", query=[])
def test_a_key_is_its_own_key(host: str, path: str, query: list[tuple[str, str]]) -> None:
    """Idempotent, whatever stands in the address, with or without a scheme before it."""
    once = urls.key(f"https://{host}/{path}?" + "&".join(f"{k}={v}" for k, v in query))
    assert urls.key("http://" + once) == once


@given(st.from_regex(r"http://[a-z]{1,8}\.com/[a-z/%0-9ء-ي]{0,20}(\?[a-z]=[0-9])?", fullmatch=True))
def test_keys_are_stable(url: str) -> None:
    """The key of a key is itself."""
    assert urls.key("http://" + urls.key(url)) == urls.key(url)


@pytest.mark.parametrize(
    ("written", "twin"),
    [
        ("/%25D8%25B9%25D8%25B1%25D8%25A7%25D9%2582", "/عراق"),
        ("/%2525D8%2525B9%2525D8%2525B1-1.html", "/عر-1.html"),
        ("/%25C3%25A9t%25C3%25A9%2520indien", "/été%20indien"),
        ("/a?title=%25D8%25B9%25D8%25B1", "/a?title=عر"),
        ("/x/../a/./b", "/a/b"), ("/%2e%2e/a", "/a"),
    ],
)  # fmt: skip
def test_an_address_encoded_twice_is_the_same_article(written: str, twin: str) -> None:
    """Software that escapes what is escaped already, and dot segments."""
    assert urls.key("http://n.example" + written) == urls.key("http://n.example" + twin)


@pytest.mark.parametrize("other", ["/a%2520b", "/100%25-sure", "/%25C7", "/a%252Fb"])
def test_a_percent_sign_that_is_meant_stays(other: str) -> None:
    """Only what comes out as letters beyond ASCII was surely encoded twice."""
    assert urls.key("http://n.example" + other) == "n.example" + other


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd", "data:text/html,x", "javascript:alert(1)", "ftp://x.y/z",
        "gopher://x.y", "http://ok@127.0.0.1/", "http://:secret@x.y/", "http://a b/", "http://a%00b/",
        "http://", "http://x.y:99999/", "//", "", " ", "http://x.y/" + "a" * 2100, "http://1.2.3.4.5/",
        "http://[::1", "http://.x.y/", "http://x.y/\ud800", "relative/only",
    ],
)  # fmt: skip
def test_what_may_not_be_asked_is_refused(url: str) -> None:
    """S8, S9, S11: other schemes, user names, impossible hosts and ports, what is too long."""
    assert urls.clean(url) is None


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("http://127.0.0.1\\@ok/", "http://127.0.0.1/@ok/"),
        ("http:\\\\news.example\\a\\7", "http://news.example/a/7"),
        ("HTTP://News.Example:80/a/../b#top", "http://news.example/b"),
        ("https://news.example:443", "https://news.example/"),
        ("http://news.example:8080/?q=عراق", "http://news.example:8080/?q=%D8%B9%D8%B1%D8%A7%D9%82"),
        ("http://0x7f.1/", "http://127.0.0.1/"), ("http://①②⑦.⓪.⓪.①/", "http://127.0.0.1/"),
        ("http://%30%78%37%66.1/", "http://127.0.0.1/"),
        ("http://faß.example/", "http://xn--fa-hia.example/"),
        ("http://جريدة.example/", "http://xn--ogbfjh9j.example/"),
        ("http://r3--x.news.example/", "http://r3--x.news.example/"),
        ("http://news.exa\nmple/\ta", "http://news.example/a"),
        ("http://@news.example/", "http://news.example/"),
    ],
)  # fmt: skip
def test_addresses_are_read_as_browsers_read_them(url: str, asked: str) -> None:
    """WHATWG's standard: backslashes, dot segments, ports, encoded and unusual hosts."""
    assert urls.clean(url) == asked


@pytest.mark.parametrize(
    ("url", "alike"),
    [
        ("http://News.Example:80/a", True), ("http://[2001:DB8::1]/", True),
        ("http://جريدة.example/", True), ("http://127.1/", False), ("http://2130706433/", False),
        ("http://%6eews.example/", False), ("http://desk@news.example/", False), ("http://[/", False),
    ],
)  # fmt: skip
def test_a_host_that_two_parsers_read_differently_is_refused(url: str, alike: bool) -> None:
    """S12: what is requested is the normal form, never a host that only looks harmless."""
    assert urls.is_read_alike(url) is alike


BASE = "https://www.tribune.example/rss/all.xml"


@pytest.mark.parametrize(
    ("printed", "leads_to"),
    [
        ("http://tribune.example/a b.html", "http://tribune.example/a%20b.html"),
        ("http://tribune.example/خبر عاجل",
         "http://tribune.example/%D8%AE%D8%A8%D8%B1%20%D8%B9%D8%A7%D8%AC%D9%84"),
        ("\n    http://tribune.example/a-\n    b.html\n  ", "http://tribune.example/a-b.html"),
        ("http://tribune.example/a-\t\tb.html", "http://tribune.example/a-b.html"),
        ("\ufeffhttp://tribune.example/a", "http://tribune.example/a"),
        ("\u200ehttp://tribune.example/a\u200f\xa0", "http://tribune.example/a"),
        ("http://\u200etribune.example/a", "http://tribune.example/a"),
        ("ht\u200ftp://tribune.example/a", "http://tribune.example/a"),
        ("«https://tribune.example/a»", "https://tribune.example/a"),
        ("www.tribune.example/a", "https://www.tribune.example/a"),
        ("www.tribune.example:8080/a", "https://www.tribune.example:8080/a"),
        ("www.other.example", "https://www.other.example/"),
        ("tribune.example/a/1.html", "https://tribune.example/a/1.html"),
        ("fr.tribune.example/a/1.html", "https://fr.tribune.example/a/1.html"),
        ("//tribune.example/a", "https://tribune.example/a"),
        ("http:/tribune.example/a", "http://tribune.example/a"),
        ("https:/tribune.example/a", "https://tribune.example/a"),
        ("https:tribune.example/a", "https://tribune.example/a"),
        ("http:///tribune.example/a", "http://tribune.example/a"),
        ("http//tribune.example/a", "http://tribune.example/a"),
        ("ttps://tribune.example/a", "https://tribune.example/a"),
        ("http://https://tribune.example/a", "https://tribune.example/a"),
        ("http://https//tribune.example/a", "https://tribune.example/a"),
        ("feed://tribune.example/a", "http://tribune.example/a"),
        ("feed:https://tribune.example/a", "https://tribune.example/a"),
        ("http:\\\\tribune.example\\a\\1", "http://tribune.example/a/1"),
        ("http://tribune.example/?id=1&amp;amp;page=a", "http://tribune.example/?id=1&page=a"),
        ("a/1.html", "https://www.tribune.example/rss/a/1.html"),
        ("/a/1.html", "https://www.tribune.example/a/1.html"),
        ("http:/2026/a.html", "http://0.0.7.234/a.html"),
        ("../index.html", "https://www.tribune.example/index.html"),
        ("index.html", "https://www.tribune.example/rss/index.html"),
        ("accord.de.paix", "https://www.tribune.example/rss/accord.de.paix"),
        ("?p=12", "https://www.tribune.example/rss/all.xml?p=12"),
        ("http://127.0.0.9:81/a", "http://127.0.0.9:81/a"),
    ],
)  # fmt: skip
def test_links_are_mended_as_people_mean_them(printed: str, leads_to: str) -> None:
    """Blanks, line breaks, marks, missing or doubled schemes and slashes; paths stay paths."""
    assert urls.read_link(printed, BASE) == leads_to


@pytest.mark.parametrize(
    "printed", ["", " \n", "\u200f", "#", "#top", "javascript:void(0)", "mailto:desk@tribune.example",
                "tel:+212", "http://", "http://a b.example/", "http://desk@tribune.example/"]
)  # fmt: skip
def test_what_leads_nowhere_is_no_link(printed: str) -> None:
    """It is counted where it was found, with what was printed."""
    assert urls.read_link(printed, BASE) is None


@given(
    st.text(st.sampled_from("htps:/\\@.#?%&;[]0127xn-aعـ\u200e \n\t"), max_size=40),
    st.sampled_from(["", BASE]),
)
@settings(max_examples=300)
def test_all_parsers_read_a_clean_address_alike(text: str, base: str) -> None:
    """M35: its host is the same for Python, which connects; it is its own normal form."""
    for found in (urls.clean("http://" + text, base), urls.read_link(text, base or BASE)):
        if found is not None:
            parts = urlsplit(found)
            assert found.isascii() and parts.scheme in ("http", "https") and parts.hostname
            assert parts.username is None and not parts.fragment
            assert urls.clean(found) == found
            assert urls.registrable(f"//{parts.netloc}") == urls.registrable(found)


def test_registrable_domains() -> None:
    """Subdomains are one site, addresses are themselves."""
    assert urls.registrable("https://fr.news.co.uk/x") == "news.co.uk"
    assert urls.registrable("http://127.0.0.2:80/") == "127.0.0.2"
    assert urls.registrable("https://[2001:db8::1]:8/a") == "2001:db8::1"
    assert urls.registrable("http://al-masar.test:8/") == "al-masar.test"
    assert urls.registrable("www.al-masar.test") == urls.registrable("al-masar.test")
    assert urls.registrable("localhost") == "localhost"
    assert urls.registrable("co.uk") == "co.uk"


def test_the_session_in_an_asp_path_makes_no_difference() -> None:
    """/(S(…))/ and what stands beside it, raw or encoded; other brackets are the article's."""
    plain = urls.key("http://news.test/a/port-1234.aspx")
    for path in ("/(S(lit3py55))/a", "/(X(1)S(q0))/a", "/%28S%28lit3py55%29%29/a"):
        assert urls.key(f"http://news.test{path}/port-1234.aspx") == plain
    assert urls.key("http://news.test/(S)/a") != urls.key("http://news.test/a")
