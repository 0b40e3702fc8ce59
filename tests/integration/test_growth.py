"""Functions that read what strangers wrote: their time grows with the text, not with its square.

Each is given 10 kB and 80 kB of texts that are made to be slow: one letter with marks without end,
unclosed tags, separators alone. Only CPU time counts and only the best of several tries, so that a
busy machine fails nothing: eight times the text may take ``MAX_RATIO`` times as long, where its
square would take 64 times.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

import pytest

from crawler import charset, dates, filetypes, languages, urls
from crawler.dates import cues, visible
from crawler.digest import direction
from crawler.discovery import candidates, homepage
from crawler.extraction import article, authors, boilerplate, html, metadata
from crawler.feeds import (
    jsonfeed,
    markup_bombs,
    overflow,
    preamble,
    section,
    shortcodes,
    sitemap,
    syndication,
    wordpress,
)
from crawler.fetch import block_pages, http_hints
from crawler.languages import ar, detect, folding, normalization
from crawler.matching import parts, prefilter
from crawler.polling import article_numbers
from crawler.stories import fingerprint
from tests.builders import a_page, a_source

SHORT, LONG = 10_000, 80_000  # characters
MAX_RATIO = 28.0  # between the times of the two; linear is 8, the square 64
NOTHING_SECONDS = 0.03  # of CPU time for the longer text: what takes less is not measured well
TRIES = 4
NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
SITE = "http://news.test/"
SOURCE = a_source()

# Texts of one line, then of addresses, markup and feeds: each is repeated to its length.
LINES = {
    "letters": "a", "blanks": " ", "line breaks": "\n", "marks": "\u0323\u0301",
    "ligatures": "\ufdfa", "tatweel": "\u0640", "digits": "1", "numbers": "1 ", "days": "26/11/26 ",
    "names": "Aa Bb, ", "more names": "Aa Bb et ", "capitals": "AAA ", "strokes": "A - ",
    "bars": "a | ", "stops": "a.", "Arabic": "قال الوزير ", "and": "و", "escaped": "&amp;",
    "cues": "publié le ", "ages": "il y a 1 h ", "quotes": '"', "brackets": "[a b=c]",
    "controls": "\0", "right to left": "\u200f",
}  # fmt: skip
LAYOUTS = LINES | {
    "clock": "14:05 a\n", "bulleted": "• a b c\n", "datelines": "Aa – b c d e f\n", "desks": "A. Bb\n",
    "rests": "a b c d\n***\n", "pointers": "Lire aussi\n", "titles": "a b c d e f g\n",
    "bar": "a b c d e f g | ", "paragraphs": "a b c d e f g h i j k l m.\n", "groups": "A\n• b c\n",
    "bars in lines": "a b c d e f | b c d e f g | c d e f g h | d e f g h i\nb c d e f g h i j k l m.\n",
    "papers": "« Aa » écrit que b.\n", "years": "1911 : a\n",
}  # fmt: skip
ADDRESSES = {
    "letters": "a", "marks": "\u0323\u0301", "ligatures": "\ufdfa", "encoded": "%25", "dots": "/../",
    "slashes": "/", "query": "a=b&", "hosts": "www.a", "schemes": "http://", "at": "@",
    "breaks": " \n", "amp": "&amp;", "host": "xn--", "strokes": "a-", "numbers": "/2026",
}  # fmt: skip
MARKUP = {
    "open": "<", "nested": "<div>", "inline": "<b>", "closed": "</div>", "links": "<a href=x>a",
    "comments": "<!--", "scripts": "<script>", "styles": "<style>", "titles": "<title>",
    "cdata": "<![CDATA[", "paragraphs": "<p>a b c.", "list": "<li><a href=/x>a b c d</a>",
    "tables": "<table><tr><td>", "times": "<time>1", "headings": "<h1>a b c", "metas":
    "<meta name=date content=1>", "attributes": " a=b", "escaped": "&#x323;&#x301;",
    "marks": "\u0323\u0301", "words": "le conseil a voté ", "teasers":
    "<div class=x><a href=/z><h3>a b c d e</h3></a><p>il y a 1 h</p></div>",
}  # fmt: skip
FEEDS = {
    "open": "<", "items": "<item><title>a</title><link>http://news.test/1</link></item>",
    "comments": "<!--", "cdata": "<![CDATA[", "ended": "]]>", "entities": "&a;", "nested": "<a>",
    "objects": '{"a":', "lists": "[", "instructions": "<?xml ", "blanks": " ", "urls":
    "<url><loc>http://news.test/1</loc></url>", "notices": "<br />\n<b>Notice</b>: a\n",
    "doctypes": "<!DOCTYPE a [",
}  # fmt: skip


def of_bytes(read: Callable[[bytes], object]) -> Callable[[str], object]:
    """The function for a text: its bytes are given."""
    return lambda text: read(text.encode("utf-8", "replace"))


def inside(before: str, after: str = "") -> Callable[[str], object]:
    """An article that has the text at this place of its page."""
    return lambda text: article.extract(
        a_page(f"<title>a b c</title>{before}{text}{after}", entry=None), SOURCE
    )


def in_item(before: str, after: str) -> Callable[[str], object]:
    """A feed that has the text at this place of an entry."""
    start = "<rss version='2.0'><channel><item><link>http://news.test/1</link>"
    end = "</item></channel></rss>"
    return lambda text: syndication.parse(
        f"{start}{before}{text}{after}{end}".encode("utf-8", "replace"), SITE, ""
    )


OF_LINES: dict[str, Callable[[str], object]] = {
    "charset.clean_text": charset.clean_text,
    "charset.bound_marks": charset.bound_marks,
    "charset.to_utf8": of_bytes(lambda body: charset.to_utf8(body, "")),
    "charset.to_utf8 of a header": lambda text: charset.to_utf8(b"<p>a", text),
    "charset.is_binary": of_bytes(charset.is_binary),
    "filetypes.binary_type": of_bytes(filetypes.binary_type),
    "filetypes.refusal": of_bytes(filetypes.refusal),
    "dates.parse_date": lambda text: dates.parse_date(text, zone="UTC", now=NOW),
    "dates.resolve_date": lambda text: dates.resolve_date(
        [("feed", text)], zone="UTC", first_seen_at=NOW
    ),
    "visible.find_printed_dates": lambda text: visible.find_printed_dates(
        [text], [text], zone="UTC", now=NOW
    ),
    "visible.is_date_line": lambda text: visible.is_date_line(text, zone="UTC"),
    "visible.is_bare_date": lambda text: visible.is_bare_date(text, zone="UTC"),
    "cues.split_by_cues": cues.split_by_cues,
    "cues.label_of": cues.label_of,
    "authors.parse_byline": authors.parse_byline,
    "authors.parse_byline after a cue": lambda text: authors.parse_byline(f"Par {text}"),
    "authors.parse_names": authors.parse_names,
    "authors.parse_metadata_author": authors.parse_metadata_author,
    "authors.find_byline": lambda text: authors.find_byline([text]),
    "boilerplate.is_notice": boilerplate.is_notice,
    "boilerplate.is_aside_name": boilerplate.is_aside_name,
    "boilerplate.is_body_name": boilerplate.is_body_name,
    "html.squeeze": html.squeeze,
    "metadata.clean_headline": metadata.clean_headline,
    "shortcodes.remove_shortcodes": shortcodes.remove_shortcodes,
    "wordpress.parse_total": wordpress.parse_total,
    "http_hints.hold_until": lambda text: http_hints.hold_until(429, text, NOW),
    "http_hints.fresh_for": lambda text: http_hints.fresh_for(
        {"cache-control": text, "age": text, "expires": text, "date": text}, NOW
    ),
    "detect.detect": lambda text: detect.detect(text, ("ar", "fr")),
    "direction.one_line": direction.one_line,
    "direction.isolate": direction.isolate,
    "article_numbers.between": lambda text: article_numbers.between([text], [text], []),
    "an article's paragraph": inside("<h1>a</h1><p>", "</p>"),
    "an article's headline": inside("<h1>", "</h1><p>a"),
    "an article's byline": inside("<h1>a</h1><p class=byline>", "</p>"),
    "an article's time": inside("<h1>a</h1><time>", "</time>"),
    "an article's author": inside("<meta name=author content='", "'><p>a"),
    "an article's date": inside("<meta name=date content='", "'><p>a"),
    "an article's site": inside("<meta property='og:site_name' content='", "'><h1>a - b</h1>"),
    "an article's class": inside("<p class='", "'>a"),
    "an article's style": inside("<p style='", "'>a"),
    "an entry's title": in_item("<title><![CDATA[", "]]></title>"),
    "an entry's date": in_item("<pubDate><![CDATA[", "]]></pubDate>"),
    "an entry's summary": in_item("<description><![CDATA[", "]]></description>"),
}
OF_CLEAN_TEXTS: dict[str, Callable[[str], object]] = {  # bounded by clean_text before
    "languages.visible_text": languages.visible_text,
    "folding.fold": folding.fold,
    "folding.sentences": folding.sentences,
    "folding.plain_words": folding.plain_words,
    "folding.folded_text": folding.folded_text,
    "normalization.normalize": normalization.normalize,
    "ar.unify_letters": ar.unify_letters,
    "fingerprint.compute": fingerprint.compute,
    "prefilter.encode_letters": prefilter.encode_letters,
}
OF_LAYOUTS: dict[str, Callable[[str], object]] = {
    "parts.story_parts": lambda text: parts.story_parts("En bref", text),
    "parts.story_parts of a headline": lambda text: parts.story_parts(text, "• a\n• b\n• c\n• d"),
    "parts.foreign_headlines": lambda text: parts.foreign_headlines("", text),
    "parts.foreign_headlines under a headline": lambda text: parts.foreign_headlines(
        text, "a b c d e f | " * 5 + "g h i j k l m n o p q r s."
    ),
}
OF_ADDRESSES: dict[str, Callable[[str], object]] = {
    "urls.clean": lambda text: urls.clean(text, SITE),
    "urls.clean of a path": lambda text: urls.clean(SITE + text, SITE),
    "urls.clean of a host": lambda text: urls.clean(f"http://{text}/", SITE),
    "urls.read_link": lambda text: urls.read_link(text, SITE),
    "urls.read_link of a path": lambda text: urls.read_link(SITE + text, SITE),
    "urls.key": lambda text: urls.key.__wrapped__(SITE + text),
    "urls.registrable": urls.registrable,
    "dates.find_date_in_url": dates.find_date_in_url,
    "homepage.find_posts_url": lambda text: homepage.find_posts_url(f"<{text}>", SITE),
    "candidates.find_sitemap_urls": lambda text: candidates.find_sitemap_urls(
        f"Sitemap: {text}", SITE
    ),
    "an article's canonical": inside("<link rel=canonical href='", "'><p>a"),
    "an entry's link": in_item("<guid>", "</guid>"),
    "a sitemap's address": lambda text: sitemap.parse(
        f"<urlset><url><loc>{text}</loc></url></urlset>".encode(), SITE, "", None
    ),
}
OF_MARKUP: dict[str, Callable[[str], object]] = {
    "html.parse_html": of_bytes(html.parse_html),
    "html.remove_hidden": of_bytes(
        lambda body: html.remove_hidden(html.find_parts(html.parse_html(body)))
    ),
    "metadata.read_metadata": of_bytes(
        lambda body: metadata.read_metadata(tree := html.parse_html(body), html.find_parts(tree))
    ),
    "metadata.markup_to_text": metadata.markup_to_text,
    "an article's page": inside("", ""),
    "section.parse": of_bytes(lambda body: section.parse(body, SITE, "text/html", "a", None)),
    "homepage.read_homepage": of_bytes(lambda body: homepage.read_homepage(body, SITE)),
    "block_pages.block_kind": of_bytes(
        lambda body: block_pages.block_kind(body, f"{SITE}1", f"{SITE}1", SITE)
    ),
    "an entry's content": in_item("<description><![CDATA[", "]]></description>"),
}
OF_FEEDS: dict[str, Callable[[str], object]] = {
    "syndication.parse": of_bytes(lambda body: syndication.parse(body, SITE, "")),
    "syndication.identifying_bytes": of_bytes(syndication.identifying_bytes),
    "jsonfeed.parse_json_feed": of_bytes(jsonfeed.parse_json_feed),
    "markup_bombs.find_tag_bomb": of_bytes(markup_bombs.find_tag_bomb),
    "overflow.read_bare_entries": of_bytes(lambda body: overflow.read_bare_entries(body, 0, 100)),
    "preamble.without_preamble": of_bytes(preamble.without_preamble),
    "preamble.load_json": of_bytes(lambda body: preamble.load_json(body, "")),
    "sitemap.parse": of_bytes(lambda body: sitemap.parse(body, SITE, "", None)),
    "wordpress.parse": of_bytes(
        lambda body: wordpress.parse(body, SITE, "application/json", None, None, False)
    ),
}


def seconds(read: Callable[[str], object], text: str) -> float:
    """The CPU time of reading this text; an error that it is refused with is an answer."""
    began = time.process_time()
    with suppress(ValueError, RecursionError):
        read(text)
    return time.process_time() - began


def growth(read: Callable[[str], object], unit: str) -> float:
    """How many times as long the longer text takes, by the best of several tries; 0 if it takes
    next to nothing.
    """
    short, long = ((unit * (size // len(unit) + 1))[:size] for size in (SHORT, LONG))
    took, base = seconds(read, long), seconds(read, short)
    for _ in range(TRIES):
        if took < NOTHING_SECONDS or took / max(base, 1e-4) <= MAX_RATIO:
            break
        took = min(took, seconds(read, long))
        base = min(base, seconds(read, short))
    return 0.0 if took < NOTHING_SECONDS else took / max(base, 1e-4)


def too_steep(read: Callable[[str], object], texts: dict[str, str]) -> dict[str, float]:
    """The texts for which the time grows faster than it may."""
    found = {name: growth(read, unit) for name, unit in texts.items()}
    return {name: ratio for name, ratio in found.items() if ratio > MAX_RATIO}


@pytest.mark.parametrize("name", OF_LINES)
def test_lines_take_linear_time(name: str) -> None:
    """Titles, names, dates, headers, and what stands in them."""
    assert not too_steep(OF_LINES[name], LINES)


@pytest.mark.parametrize("name", OF_CLEAN_TEXTS)
def test_clean_texts_take_linear_time(name: str) -> None:
    """What works on the text of an article, whose marks are bounded."""
    read = OF_CLEAN_TEXTS[name]
    assert not too_steep(lambda text: read(charset.clean_text(text)), LINES)


@pytest.mark.parametrize("name", OF_LAYOUTS)
def test_layouts_take_linear_time(name: str) -> None:
    """Texts of thousands of items, titles and bars."""
    read = OF_LAYOUTS[name]
    assert not too_steep(lambda text: read(charset.clean_text(text)), LAYOUTS)


@pytest.mark.parametrize("name", OF_ADDRESSES)
def test_addresses_take_linear_time(name: str) -> None:
    """Links, redirects, canonical addresses: what is too long is none, before it is normalized."""
    assert not too_steep(OF_ADDRESSES[name], ADDRESSES)


@pytest.mark.parametrize("name", OF_MARKUP)
def test_markup_takes_linear_time(name: str) -> None:
    """Whole pages and pieces of markup, deep, unclosed and repeated."""
    assert not too_steep(OF_MARKUP[name], MARKUP)


@pytest.mark.parametrize("name", OF_FEEDS)
def test_feeds_take_linear_time(name: str) -> None:
    """XML and JSON that is broken on purpose."""
    assert not too_steep(OF_FEEDS[name], FEEDS)


def test_the_square_is_seen() -> None:
    """The measure itself: a text that is read once for each of its pieces is too steep."""

    def squared(text: str) -> int:
        return sum(text[at:].count("b") for at in range(0, len(text), 4))

    assert too_steep(squared, {"letters": "a"})
    assert not too_steep(lambda text: [ord(char) for char in text * 20], {"letters": "a"})
