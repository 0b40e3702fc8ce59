"""What an older archive says in prose is a reason and a detail after the upgrade, on both
databases.
"""

from __future__ import annotations

from contextlib import closing
from typing import Any, get_args

import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory

from crawler.model import Reason
from storage import migrations
from storage.archive import open_archive
from storage.engine import connect
from storage.source_history import SqlSourceHistory
from tests.builders import NOW

POLLS: list[tuple[str, str, str, str, list[list[str]]]] = [
    ("new", "", "", "", []),
    ("not_modified", "", "", "", []),
    ("failed", "unreachable: Connection refused", "unreachable", "Connection refused", []),
    ("failed", "unreachable: ssrf_blocked: 'x' leads to 127.0.0.1 port 80", "ssrf_blocked", "'x' leads to 127.0.0.1 port 80", []),
    ("failed", "timeout: User timeout caused connection failure", "timeout", "User timeout caused connection failure", []),
    ("failed", "held: x.test asked not to be contacted before 2026-11-20 08:00 UTC", "held", "x.test asked not to be contacted before 2026-11-20 08:00 UTC", []),
    ("failed", "robots_unreachable: the server said 503 for http://x.test/robots.txt", "robots_unreachable", "the server said 503 for http://x.test/robots.txt", []),
    ("failed", "robots_unreachable: Untrusted: tls_error: expired", "tls_error", "robots.txt: expired", []),
    ("failed", "robots: forbidden by robots.txt", "robots", "forbidden by robots.txt", []),
    ("failed", "tls_error: the certificate is another's: x", "tls_error", "the certificate is another's: x", []),
    ("failed", "SSL error: certificate has expired", "tls_error", "SSL error: certificate has expired", []),
    ("failed", "tls_downgrade: redirected from https to http", "tls_downgrade", "redirected from https to http", []),
    ("failed", "url_malformed: the address is not one that may be asked", "url_malformed", "the address is not one that may be asked", []),
    ("failed", "offsite_redirect: x.test is no host of the source", "offsite_redirect", "x.test is no host of the source", []),
    ("failed", "port_refused: no address of the source names port 81", "port_refused", "no address of the source names port 81", []),
    ("failed", "scheme_blocked: redirected to file:", "scheme_blocked", "redirected to file:", []),
    ("failed", "redirect_limit: more than 5 in a row", "redirect_limit", "more than 5 in a row", []),
    ("failed", "too_big: over 8388608 bytes", "too_big", "over 8388608 bytes", []),
    ("failed", "headers_too_big: over 262144 bytes or 1000 lines", "headers_too_big", "over 262144 bytes or 1000 lines", []),
    ("failed", "bad_content_type: image/png", "bad_content_type", "image/png", []),
    ("failed", "render: not done after 60 s", "render", "not done after 60 s", []),
    ("failed", "the server said 503", "server_error", "the server said 503", []),
    ("failed", "the server said 404", "not_found", "the server said 404", []),
    ("failed", "the server said 418", "http_status", "the server said 418", []),
    ("blocked", "the server said 403", "forbidden", "the server said 403", []),
    ("blocked", "the server said 429", "rate_limited", "the server said 429", []),
    ("blocked", "challenge page instead of the feed", "challenge", "a page instead of the feed", []),
    ("failed", "reading the feed: timeout", "reading_timeout", "reading the feed: timeout", []),
    ("failed", "reading the feed: crashed", "reading_crashed", "reading the feed: crashed", []),
    ("failed", "partial: it breaks off", "partial", "it breaks off", []),
    ("failed", "no answer was understood; the log says more", "not_understood", "no answer was understood; the log says more", []),
    ("failed", "Connection to the other side was lost", "download_failed", "Connection to the other side was lost", []),
    ("not_a_feed", "text/html", "not_a_feed", "text/html", []),
    ("not_a_feed", "no content type", "not_a_feed", "no content type", []),
    ("not_a_feed", "parse_bomb: a tag without an end", "parse_bomb", "a tag without an end", []),
    ("not_a_feed", "bad_content_type: its bytes are PNG", "bad_content_type", "its bytes are PNG", []),
    ("not_a_feed", "moved to http://x.test/", "not_a_feed", "", [["moved", "moved to http://x.test/"]]),
    ("empty", "empty_feed: 0 entries without a link", "empty_feed", "0 entries without a link", []),
    ("nothing_new", "moved to http://x.test/feed", "", "", [["moved", "moved to http://x.test/feed"]]),
    ("new", ("burst: 5000 new at once; what is not asked for now is queued; budget: no requests " "left in this crawl"), "", "",
     [["burst", "5000 new at once; what is not asked for now is queued"], ["budget", "no requests left in this crawl"]]),
    ("new", "sitemap_overflow=9: more addresses than are taken", "", "", [["sitemap_overflow", "9 addresses more than are taken"]]),
    ("new", "partial: 7 entries more than are taken", "", "", [["partial", "7 entries more than are taken"]]),
    ("nothing_new", "place_limit: 5 asked, and more are named", "", "", [["place_limit", "5 asked, and more are named"]]),
    ("new", "too_big: over 104857600 bytes unpacked", "", "", [["too_big", "over 104857600 bytes unpacked"]]),
    ("new", "the server said 500; place_limit: 20 asked, and more are named", "server_error", "the server said 500",
     [["place_limit", "20 asked, and more are named"]]),
]  # fmt: skip
"""Outcome and old detail; reason, detail and notes after the upgrade."""

SIGHTINGS: list[tuple[str, str, str, str]] = [
    ("queued", "", "", ""),
    ("kept", "", "", ""),
    ("quarantined", "timeout", "reading_timeout", ""),
    ("quarantined", "crashed", "reading_crashed", ""),
    ("gone", "the server said 410", "not_found", "the server said 410"),
    ("rejected", "offsite: x.test is no host of the source", "offsite", "x.test is no host of the source"),
    ("rejected", "not_html: application/pdf", "not_html", "application/pdf"),
    ("rejected", "binary_file: /film.mp4", "binary_file", "/film.mp4"),
    ("failed", "blocked:challenge", "challenge", ""),
    ("failed", "blocked:consent", "consent", ""),
    ("failed", "blocked:soft404", "soft404", ""),
    ("failed", "timeout: it took too long", "timeout", "it took too long"),
    ("failed", "the server said 502", "server_error", "the server said 502"),
]  # fmt: skip
"""Fate and old reason; reason and detail after the upgrade."""

PROBES: list[tuple[str, str, str, str]] = [
    ("ok", "", "", ""),
    ("empty", "", "empty_feed", ""),
    ("empty", "3 entries without a link", "empty_feed", "3 entries without a link"),
    ("blocked", "robots: forbidden by robots.txt", "robots", "forbidden by robots.txt"),
    ("blocked", "Forbidden by robots.txt", "robots", "Forbidden by robots.txt"),
    ("not_a_feed", "text/html; charset=utf-8", "not_a_feed", "text/html; charset=utf-8"),
    ("failed", "no answer came; the log says more", "not_understood", "no answer came; the log says more"),
    ("failed", "unreachable: no such name", "unreachable", "no such name"),
]  # fmt: skip
"""Outcome and old detail; reason and detail after the upgrade."""

_COUNTS = (
    "seen", "known", "new", "queued", "kept", "rejected", "failed", "quarantined", "gone",
    "flagged", "retried",
)  # fmt: skip


def test_every_old_text_becomes_a_reason_with_its_detail(archive_url: str) -> None:
    """Polls with their notes, feeds, sightings and probes; what had no text still has none."""
    engine = connect(archive_url)
    config = migrations.configuration()
    with engine.begin() as c:
        config.attributes["connection"] = c
        command.upgrade(config, "0019")
        _fill(c)
    engine.dispose()
    with closing(open_archive(archive_url)) as opened, opened.engine.connect() as c:
        polls = c.execute(sa.text("SELECT outcome, reason, detail FROM polls ORDER BY id")).all()
        assert [tuple(p) for p in polls] == [(o, r, d) for o, _, r, d, _ in POLLS]
        feeds = SqlSourceHistory(opened.engine).feeds()
        assert [
            (
                f["last_outcome"],
                f["reason"],
                f["detail"],
                [[n.reason, n.detail] for n in f["notes"]],
            )
            for f in feeds
        ] == [(o, r, d, notes) for o, _, r, d, notes in POLLS]
        found = c.execute(sa.text("SELECT fate, reason, detail FROM sightings ORDER BY id")).all()
        assert [tuple(s) for s in found] == [(f, r, d) for f, _, r, d in SIGHTINGS]
        probes = c.execute(sa.text("SELECT outcome, reason, detail FROM probes ORDER BY id")).all()
        assert [tuple(p) for p in probes] == [(o, r, d) for o, _, r, d in PROBES]
        assert {row.reason for row in (*polls, *found, *probes)} <= set(get_args(Reason))


def test_each_batch_goes_on_where_the_last_one_ended(archive_url: str, monkeypatch: Any) -> None:
    """A batch of two rows of a two-column key: none is left out, none is parsed twice."""
    engine = connect(archive_url)
    config = migrations.configuration()
    with engine.begin() as c:
        config.attributes["connection"] = c
        command.upgrade(config, "0019")
        _fill(c)
        scripts = ScriptDirectory.from_config(config)
        revision: Any = scripts.get_revision("0020")
        monkeypatch.setattr(revision.module, "_BATCH_ROWS", 2)
        asked = sa.select(sa.column("source"), sa.column("feed")).select_from(sa.table("feeds"))
        batches = revision.module._batches(c, asked, [sa.column("source"), sa.column("feed")])
        sizes = [len(rows) for rows in batches]
    engine.dispose()
    assert sum(sizes) == len(POLLS) and set(sizes[:-1]) == {2}


def _fill(c: sa.Connection) -> None:
    now = NOW.replace(tzinfo=None) if c.dialect.name == "sqlite" else NOW
    for n, (outcome, text, *_) in enumerate(POLLS):
        poll = {"source": "news", "feed": f"http://news.test/{n:03}", "outcome": outcome}
        times = {"started_at": now, "ended_at": now, "overflow": False}
        _insert(c, "polls", poll | times | dict.fromkeys(_COUNTS, 0) | {"detail": text})
        feed = {"source": poll["source"], "feed": poll["feed"], "failures": 0}
        _insert(c, "feeds", feed | {"last_outcome": outcome, "detail": text})
    for n, (fate, text, *_) in enumerate(SIGHTINGS):
        row = {"source": "news", "feed": "f", "url": f"u{n}", "url_key": f"k{n}", "attempts": 0}
        seen = {"entry": {}, "first_seen_at": now, "fate": fate, "reason": text}
        _insert(c, "sightings", row | seen)
    for n, (outcome, text, *_) in enumerate(PROBES):
        row = {"source": "news", "feed": f"f{n}", "kind": "feed", "probed_at": now, "format": ""}
        told = {"outcome": outcome, "detail": text, "entries": 0, "dated": 0, "suggestions": []}
        _insert(c, "probes", row | told)


def _insert(c: sa.Connection, table: str, values: dict[str, Any]) -> None:
    json = {name: sa.JSON() for name in ("entry", "suggestions")}
    columns = (sa.column(name, json.get(name)) for name in values)
    c.execute(sa.insert(sa.table(table, *columns)).values(values))
