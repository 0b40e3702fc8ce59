"""Trying pages and reading them again, with the installed command."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path
from typing import Any

from tests import forks
from tests.acceptance.test_river import rasd
from tests.site import desk
from tests.site.server import Newspaper

KEYS = {
    "file",
    "url",
    "canonical_url",
    "headline",
    "lead",
    "body",
    "authors",
    "published_at",
    "published_from",
    "language",
    "seconds",
    "reader",
}
PAGE = (
    "<html><head><title>توقيع اتفاقية جديدة للنقل "
    "البري</title></head><body><article><h1>توقيع اتفاقية جديدة للنقل البري</h1>"
    "<div class=date>الخميس ١٢ آب ٢٠٢٦ - ١٠:٣٠</div>"
    + (
        "<p>وقع الوزيران اليوم في العاصمة اتفاقية جديدة تخص النقل البري بين المدينتين على "
        "مدى خمس سنوات.</p>"
    )
    * 1
    + (
        "<p>وقال المتحدث إن المشروع سيبدأ مع مطلع السنة المقبلة على أن ينتهي بعد عامين من "
        "الأشغال المتواصلة.</p>"
    )
    + (
        "<p>وأضاف أن الكلفة لم تحدد بعد، لكن الجانبين اتفقا على تقاسم النفقات كما جرت "
        "العادة في المشاريع السابقة.</p></article></body></html>"
    )
)


def batch(config: Path, rows: list[Any]) -> list[dict[str, Any]]:
    """What ``rasd try --batch`` prints for these lines."""
    file = config.parent / "batch.jsonl"
    file.write_text(
        "".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows),
        encoding="utf-8",
    )
    said = rasd(config, "try", "--batch", str(file), "--json")
    return [json.loads(line) for line in said.splitlines()]


def test_a_batch_answers_every_line_in_order(newspaper: Newspaper, tmp_path: Path) -> None:
    """Good, gzipped, hostile, binary, empty, missing, malformed: a line each, in order, exit 0."""
    config = desk.write(tmp_path, newspaper)
    (tmp_path / "a.html").write_text(PAGE, encoding="utf-8")
    (tmp_path / "b.html.gz").write_bytes(gzip.compress(PAGE.encode("cp1256", "xmlcharrefreplace")))
    (tmp_path / "bomb.html").write_text(
        "<html><body><p " + " ".join(f"a{n}=1" for n in range(400_000)) + ">x</p></body></html>"
    )
    (tmp_path / "binary").write_bytes(os.urandom(20_000))
    (tmp_path / "empty.html").write_bytes(b"")
    (tmp_path / "torn.gz").write_bytes(gzip.compress(PAGE.encode())[:60])
    names = [
        "a.html",
        "bomb.html",
        str(tmp_path / "b.html.gz"),
        "binary",
        "empty.html",
        "torn.gz",
        "missing.html",
    ]
    url = "https://www.akhbar.iq/n/1"
    rows: list[Any] = [
        {"file": name, "url": url, "fetched_at": "2026-08-20T10:00:00Z"} for name in names
    ]
    rows_read = batch(
        config, [*rows, "no json", {"file": "a.html", "url": None, "fetched_at": None}]
    )
    assert [row["file"] for row in rows_read] == [*names, None, "a.html"]
    assert ["error" in row for row in rows_read] == [
        False,
        True,
        False,
        True,
        True,
        True,
        True,
        True,
        False,
    ]
    for row in (rows_read[0], rows_read[2], rows_read[8]):
        assert row.keys() >= KEYS
        assert row["headline"] == "توقيع اتفاقية جديدة للنقل البري"
        assert "المتحدث" in row["body"] and row["language"] == "ar"
    assert (rows_read[0]["published_at"], rows_read[0]["published_from"]) == (
        "2026-08-12T07:30:00+00:00",
        "text",
    )  # Asia/Baghdad
    assert rows_read[8]["published_at"] == "2026-08-12T10:30:00+00:00"  # nobody's zone: UTC
    assert (rows_read[8]["url"], rows_read[8]["canonical_url"]) == (None, None)


def test_only_an_unreadable_batch_is_an_error(newspaper: Newspaper, tmp_path: Path) -> None:
    """A file that is not there ends with usage, not with a traceback."""
    config = desk.write(tmp_path, newspaper)
    assert "Traceback" not in rasd(
        config, "try", "--batch", str(tmp_path / "none.jsonl"), "--json", code=2
    )


def test_an_address_is_fetched_under_the_guard(newspaper: Newspaper, tmp_path: Path) -> None:
    """``rasd try URL`` reads what the site sends and stores nothing; the guard may refuse it."""
    config = desk.write(tmp_path, newspaper)
    story = newspaper.stories[0]
    url = newspaper.base(story.paper) + story.path
    row = json.loads(rasd(config, "try", url, "--json"))
    assert (row["headline"], row["language"]) == (story.headline, story.paper)
    rasd(config, "status", code=78)  # no archive was made
    newspaper.log.clear()
    closed = desk.write(tmp_path, newspaper, allow=False)
    assert "error" in json.loads(rasd(closed, "try", url, "--json", code=1))
    assert newspaper.log == []


def test_rereading_twice_changes_nothing(newspaper: Newspaper, tmp_path: Path) -> None:
    """The kept pages read by the code that kept them are the same articles."""
    config = desk.write(tmp_path, newspaper)
    rasd(config, "poll", "le-sillon")
    first = json.loads(rasd(config, "reread", "--json"))
    assert first["read"] == len([s for s in newspaper.stories if s.paper == "fr"])
    assert first["changed"] == 0
    assert (
        json.loads(rasd(config, "reread", "--json", "--source", "le-sillon", "--since", "1d"))
        == first
    )


def test_a_golden_page_is_written_and_read_again(newspaper: Newspaper, tmp_path: Path) -> None:
    """For its owner alone, once, without a cookie; what a person corrects in it is what is wanted."""
    config = desk.write(tmp_path, newspaper)
    page = tmp_path / "page.html"
    page.write_text(PAGE, encoding="utf-8")
    (source, *_) = sorted((tmp_path / "seeds" / "sources").rglob("*.yml"))
    golden = tmp_path / "seeds" / "pages"
    words = ("try", str(page), "--url", "http://news.test/a/b-c.html", "--source", source.stem)
    rasd(config, *words, "--save", str(golden))
    stored = golden / source.stem / "b-c.json"
    assert stored.with_suffix(".html").read_bytes() == page.read_bytes()
    assert {path.stat().st_mode & 0o777 for path in stored.parent.iterdir()} == {0o600}
    document = json.loads(stored.read_text(encoding="utf-8"))
    assert document["url"] == "http://news.test/a/b-c.html"
    assert document["article"]["headline"] == "توقيع اتفاقية جديدة للنقل البري"
    again = forks.run(["--config", str(config), *words, "--save", str(golden)], cwd=tmp_path)
    assert again.returncode == 2 and "--overwrite replaces it" in again.stderr
    rasd(config, *words, "--save", str(golden), "--overwrite")
    check = ["--config", str(config), "try", "--check", str(golden)]
    assert forks.run(check, cwd=tmp_path).stdout == "1 golden page: all read as they say\n"
    document["article"]["headline"] = "توقيع اتفاقية قديمة"
    stored.write_text(json.dumps(document), encoding="utf-8")
    done = forks.run(check, cwd=tmp_path)
    assert done.returncode == 1
    assert done.stdout.startswith(f"{source.stem}/b-c: headline: 'توقيع اتفاقية جديدة")
    assert done.stdout.endswith(
        "instead of 'توقيع اتفاقية قديمة'\n1 golden page: 1 read otherwise\n"
    )
    stored.write_text("[]", encoding="utf-8")
    assert "b-c.json:1: no golden page" in forks.run(check, cwd=tmp_path).stderr


def test_page_rules_without_a_golden_page_are_named(newspaper: Newspaper, tmp_path: Path) -> None:
    """As advice before the verdict, not as a mistake."""
    config = desk.write(tmp_path, newspaper)
    (source, *_) = sorted((tmp_path / "seeds" / "sources").rglob("*.yml"))
    source.write_text(
        source.read_text(encoding="utf-8") + "pages:\n  - body: article\n", encoding="utf-8"
    )
    *_, advice, verdict = rasd(config, "seeds", "check").splitlines()
    assert advice.startswith(
        f"page rules without a golden page: {source.stem}; rasd try URL --save "
    )
    assert verdict.endswith(": no mistake")
    kept = tmp_path / "seeds" / "pages" / source.stem
    kept.mkdir(parents=True)
    (kept / "a.json").write_text("{}", encoding="utf-8")
    (kept / "notes.yaml").write_text("what lies in that folder is no seed", encoding="utf-8")
    assert "golden" not in rasd(config, "seeds", "check")
