"""``rasd sources``, as a user types it, against local papers: guard, robots and delays hold."""

from __future__ import annotations

import json
import subprocess
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from crawler.cli.main import commands
from crawler.errors import RasdError
from tests import forks
from tests.site import desk
from tests.site.server import Newspaper, send

HOME = b"""<!doctype html><html lang="ar"><head><title>Al Masar</title>
<meta property="og:site_name" content="Al Masar"><link rel="https://api.w.org/" href="/wp-json/">
<link rel="alternate" type="application/rss+xml" href="/feed"></head><body><h1>x</h1></body></html>"""
POSTS = [
    {
        "id": n,
        "link": f"http://al-masar.test/{n}",
        "date_gmt": f"2026-11-2{n}T08:00:00",
        "title": {"rendered": "T"},
        "content": {"rendered": "<p>word</p>" * 99},
    }
    for n in range(1, 4)
]


def rasd(config: Path, *words: str, code: int = 0) -> subprocess.CompletedProcess[str]:
    """One run of the command; its exit code is part of the claim."""
    done = forks.run(["--config", str(config), *words], cwd=config.parent)
    assert done.returncode == code, f"{words}: {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done


def quick(config: Path, *words: str, code: int = 0) -> subprocess.CompletedProcess[str]:
    """The same without a process of its own, for verbs that ask no site."""
    ran = CliRunner().invoke(commands, ["--config", str(config), *words])
    error = ran.exception if isinstance(ran.exception, RasdError) else None
    found = error.exit_code if error else ran.exit_code
    said = f"{ran.stderr}{error or ''}"
    assert found == code, f"{words}: {found}\n{ran.output}\n{said}\n{ran.exc_info}"
    return subprocess.CompletedProcess(list(words), found, ran.stdout, said)


def says(status: int, kind: str, body: bytes, **headers: str) -> Any:
    """An answer of a local paper."""
    return lambda request: send(request, status, kind, body, **headers)


def source(config: Path, slug: str, paper: Newspaper, *feeds: str) -> None:
    """One more source of the Arabic paper's house, with these feeds."""
    lines = "\n".join(
        f'  - {{url: "{paper.base("ar")}{path}", kind: {kind}}}'
        for path, kind in (f.split() for f in feeds)
    )
    (config.parent / "seeds" / "sources" / "zz" / f"{slug}.yml").write_text(
        f"name: {slug}\nhome: {paper.base('ar')}/\ncountry: MA\nlanguages: [ar]\n"
        f"timezone: Africa/Casablanca\nfeeds:\n{lines}\n",
        encoding="utf-8",
    )


def sitemap(paper: Newspaper, *paths: str, index: bool = False) -> bytes:
    """A sitemap of these paths, or an index of them."""
    outer, inner = ("sitemapindex", "sitemap") if index else ("urlset", "url")
    rows = "".join(
        f"<{inner}><loc>{paper.base('ar')}{p}</loc><lastmod>2026-11-23T08:00:00Z</lastmod></{inner}>"
        for p in paths
    )
    return f'<{outer} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</{outer}>'.encode()


def test_a_probe_says_of_each_feed_what_came(newspaper: Newspaper, tmp_path: Path) -> None:
    """Every kind of trouble in one round; robots and the guard hold; no article is fetched or kept,
    the outcome is, and ``show`` has it."""
    config = desk.write(tmp_path, newspaper)
    source(
        config,
        "odd",
        newspaper,
        "/page feed",
        "/old feed",
        "/away feed",
        "/map feed",
        "/index sitemap",
        "/shut feed",
        "/lost feed",
        "/private/feed feed",
        "/void feed",
        "/wp wordpress",
    )
    base = newspaper.base("ar")
    newspaper.answer("/page", says(200, "text/html", HOME))
    newspaper.answer("/old", says(301, "text/html", b"", Location=f"{base}/feed"))
    newspaper.answer("/away", says(302, "text/html", b"", Location="http://127.0.0.1:9/feed"))
    newspaper.answer("/map", says(200, "application/xml", sitemap(newspaper, "/a", "/b")))
    newspaper.answer("/index", says(200, "application/xml", sitemap(newspaper, "/map", index=True)))
    newspaper.answer("/shut", says(403, "text/html", b"no"))
    newspaper.answer(
        "/void",
        says(
            200,
            "application/rss+xml",
            b"<rss version='2.0'><channel><title>v</title></channel></rss>",
        ),
    )
    newspaper.answer("/wp", says(200, "application/json", json.dumps(POSTS).encode()))
    done = rasd(config, "sources", "probe", "--all", "--json")
    rows = {row["feed"].replace(base, ""): row for row in json.loads(done.stdout)}
    said = {path: "\n".join([row["detail"], *row["suggestions"]]) for path, row in rows.items()}
    outcomes = {
        path: (row["outcome"], row["status"], row["format"])
        for path, row in rows.items()
        if path[0] == "/"
    }
    assert outcomes == {
        "/feed": ("ok", 200, "rss20"),
        "/page": ("not_a_feed", 200, ""),
        "/old": ("ok", 200, "rss20"),
        "/away": ("failed", None, ""),
        "/map": ("not_a_feed", 200, ""),
        "/index": ("ok", 200, "sitemap"),
        "/shut": ("blocked", 403, ""),
        "/lost": ("failed", 404, ""),
        "/private/feed": ("blocked", None, ""),
        "/void": ("empty", 200, "rss20"),
        "/wp": ("ok", 200, "wordpress"),
    }
    assert f'it links a feed: write url: "{base}/feed"' in said["/page"]
    assert f'moved for good: write url: "{base}/feed"' in said["/old"]
    assert "leads to another site" in said["/away"]
    assert "write kind: sitemap" in said["/map"]
    assert (rows["/wp"]["entries"], rows["/wp"]["dated"], rows["/index"]["entries"]) == (3, 3, 2)
    assert newspaper.article_hits() == []
    assert newspaper.hits("/private/feed") == []
    assert all("rasd/" in hit.agent for hit in newspaper.log)
    shown = json.loads(quick(config, "sources", "show", "odd", "--json").stdout)
    assert shown["articles"] == 0
    assert [feed["probe"]["outcome"] for feed in shown["feeds"]][:2] == ["not_a_feed", "ok"]
    assert "it links a feed" in quick(config, "sources", "show", "odd").stdout.replace("\n", " ")


def test_a_discovery_prints_a_seed_file_that_holds(newspaper: Newspaper, tmp_path: Path) -> None:
    """Feed, REST place and sitemap are found and each asked; the file passes the check; its guesses
    and what was found stand in comments; a second feed with the same entries is none."""
    config = desk.write(tmp_path, newspaper)
    base = newspaper.base("ar")
    feed: list[BaseHTTPRequestHandler] = []

    def robots(request: BaseHTTPRequestHandler) -> int:
        feed.append(request)
        return send(
            request,
            200,
            "text/plain",
            f"User-agent: *\nDisallow: /rss\nSitemap: {base}/news-map.xml\n".encode(),
        )

    newspaper.answer("/robots.txt", robots)
    newspaper.answer("/", says(200, "text/html", HOME))
    newspaper.answer("/feed/", says(302, "text/html", b"", Location=f"{base}/feed"))
    newspaper.answer("/news-map.xml", says(200, "application/xml", sitemap(newspaper, "/a", "/b")))
    newspaper.answer(
        "/wp-json/wp/v2/posts", says(200, "application/json", json.dumps(POSTS).encode())
    )
    done = rasd(config, "sources", "discover", f"{base}/")
    folder = tmp_path / "found"
    place = folder / "sources" / "zz" / "al-masar.yml"
    place.parent.mkdir(parents=True)
    place.write_text(done.stdout, encoding="utf-8")
    assert "goes into sources/zz/al-masar.yml" in done.stderr
    assert "Al Masar · ZZ · ar" in quick(config, "seeds", "check", str(folder)).stdout
    lines = done.stdout.splitlines()
    urls = [line.split('"')[1].removeprefix(base) for line in lines if "kind:" in line]
    assert urls == ["/feed", "/wp-json/wp/v2/posts", "/news-map.xml"]
    assert "languages: [ar]  # the page says lang=ar" in lines
    assert any(
        "linked from the home page): rss20, 9 entries over" in line.replace("\n#", "")
        for line in _notes(lines)
    )
    assert any("refused to us:" in note and "/rss" in note for note in _notes(lines)), done.stdout
    assert newspaper.article_hits() == []
    assert newspaper.hits("/rss") == newspaper.hits("/rss.xml") == []


def test_the_address_of_a_feed_or_a_page_of_feeds_is_enough(
    newspaper: Newspaper, tmp_path: Path
) -> None:
    """The feed itself, given as feed://, is kept and its site's root read for the name; of a page
    that only links a page of feeds, those are found."""
    config = desk.write(tmp_path, newspaper)
    base = newspaper.base("ar")
    newspaper.answer("/", says(200, "text/html", b"<title>Journal</title><a href='/fils'>RSS</a>"))
    newspaper.answer("/fils", says(200, "text/html", b"<html><li><a href='/une.php'>Flux Une</a>"))
    rss = (
        f"<rss version='2.0'><channel><title>Une</title><item><title>Un barrage</title>"
        f"<link>{base}/story/1</link></item></channel></rss>"
    )
    newspaper.answer("/une.php", says(200, "text/xml", rss.encode()))
    for place in ("/feed", "/rss", "/rss.xml", "/atom.xml"):
        newspaper.answer(place, says(404, "text/html", b"none"))
    given = "feed" + f"{base}/une.php".removeprefix("http")
    for asked in (given, f"{base}/"):
        done = rasd(config, "sources", "discover", asked)
        assert f'url: "{base}/une.php"' in done.stdout
        assert f"home: {base}/" in done.stdout.replace('"', "")


def _notes(lines: list[str]) -> list[str]:
    """The comments above the keys, each on one line again."""
    text = " ".join(line.removeprefix("#").strip() for line in lines if line.startswith("#"))
    return text.split(" - ")


def test_where_nothing_is_there_it_is_said(newspaper: Newspaper, tmp_path: Path) -> None:
    """Exit 1 with what the home page answered; with the guard closed, nothing is connected to."""
    config = desk.write(tmp_path, newspaper, allow=False)
    done = rasd(config, "sources", "discover", newspaper.base("ar"), code=1)
    assert "nothing that can be polled" in done.stderr
    assert done.stdout == ""
    assert newspaper.log == []
    assert (
        "no source 'al-massar' in the seeds; did you mean 'al-masar'?"
        in quick(config, "sources", "show", "al-massar", code=1).stderr
    )
    assert "name sources, or --all" in quick(config, "sources", "probe", code=2).stderr


def test_sources_go_out_and_come_in(newspaper: Newspaper, tmp_path: Path) -> None:
    """An export imported elsewhere passes the check; a second import overwrites nothing."""
    config = desk.write(tmp_path, newspaper)
    listed = json.loads(quick(config, "sources", "list", "--country", "ma", "--json").stdout)
    assert [row["source"] for row in listed] == ["al-masar", "le-sillon", "the-ledger"]
    opml, folder = tmp_path / "x.opml", tmp_path / "new"
    assert "3 feeds of 3 sources" in quick(config, "sources", "export", "--opml", str(opml)).stdout
    assert (
        "3 seed files written, 0 left out"
        in quick(config, "sources", "import", str(opml), "--into", str(folder)).stdout
    )
    before = {p: p.read_bytes() for p in folder.rglob("*.yml")}
    again = quick(config, "sources", "import", str(opml), "--into", str(folder), code=1)
    assert again.stderr.count("is there already, and nothing is overwritten") == 3
    assert {p: p.read_bytes() for p in folder.rglob("*.yml")} == before
    assert "The Ledger · MA · en" in quick(config, "seeds", "check", str(folder)).stdout


@pytest.mark.parametrize("body", [b"<rss/>", b"<!DOCTYPE o [<!ENTITY a 'b'>]><opml><body/></opml>"])
def test_what_is_no_opml_is_refused(body: bytes, tmp_path: Path) -> None:
    """Exit 65, and nothing written."""
    config, opml = tmp_path / "rasd.toml", tmp_path / "bad.opml"
    config.write_text(f'archive = "sqlite:///{tmp_path}/x.sqlite"\n')
    opml.write_bytes(body)
    done = quick(config, "sources", "import", str(opml), "--into", str(tmp_path / "new"), code=65)
    assert done.stderr
    assert not (tmp_path / "new").exists()
