"""robots.txt is read as RFC 9309 has it."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.fetch.middlewares.robots import MOST_BYTES, Rules

SITE = "http://news.test"


@pytest.mark.parametrize(
    ("body", "path", "allowed"),
    [
        (b"User-agent: *\nDisallow: /a", "/a/b", False),
        (b"User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b", True),  # the longest rule
        (
            b"User-agent: *\nDisallow: /a\nAllow: /a",
            "/a",
            True,
        ),  # equally long: the least restrictive
        (b"User-agent: *\nDisallow: /*.php$", "/x.php", False),
        (b"User-agent: *\nDisallow: /*.php$", "/x.php?y", True),
        (b"User-agent: rasd\nDisallow: /\n\nUser-agent: *\nAllow: /", "/x", False),
        (b"User-agent: RASD\nDisallow: /", "/x", False),
        (b"User-agent: *\nDisallow: /\n\nUser-agent: rasd\nDisallow: /y", "/x", True),
        (b"\xef\xbb\xbfUser-agent: *\nDisallow: /x", "/x", False),  # a byte order mark
        (b"User-agent: *\r\nDisallow: /%D8%A3", "/\u0623", False),
        (b"User-agent: *\nDisallow:", "/x", True),
        (b"", "/x", True),
        (b"<!doctype html><p>Not found</p>", "/x", True),  # R23: HTML says nothing
        (b"\x00\xff\xfe\x01", "/x", True),
    ],
)
def test_the_longest_rule_decides(body: bytes, path: str, allowed: bool) -> None:
    """RFC 9309 §2.2.2; our own group in place of the common one."""
    assert Rules(body).allows(SITE + path) is allowed


def test_what_lies_beyond_500_kib_is_not_parsed() -> None:
    """R22: RFC 9309 §2.5; six megabytes cost no more than half a one, and half a rule is none."""
    filler = b"User-agent: *\n" + b"".join(b"Disallow: /%07d\n" % n for n in range(300_000))
    began = time.perf_counter()
    rules = Rules(filler + b"Disallow: /far\n")
    assert time.perf_counter() - began < 3
    assert rules.allows(SITE + "/far")
    cut = MOST_BYTES - len(b"User-agent: *\n") - len(b"Disallow: /x")
    assert Rules(b"User-agent: *\n" + b"#" * (cut - 1) + b"\nDisallow: /xyz\n").allows(SITE + "/x")


@pytest.mark.parametrize(
    ("asked", "got"),
    [
        ("5", 5.0),
        ("0.5", 0.5),
        ("86400", 60.0),
        ("-3", 0.0),
        ("soon", 0.0),
        ("nan", 0.0),
        ("inf", 0.0),
    ],
)
def test_crawl_delay_is_a_wish_within_limits(asked: str, got: float) -> None:
    """At one page an hour a source would never be read."""
    assert Rules(f"User-agent: *\nCrawl-delay: {asked}\n".encode()).delay_seconds == got


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_break_it(body: bytes) -> None:
    """Whatever a server calls robots.txt."""
    rules = Rules(b"User-agent: *\n" + body)
    assert rules.allows(SITE + "/x") in (True, False)
    assert 0 <= rules.delay_seconds <= 60
