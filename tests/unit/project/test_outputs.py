"""Where items go is tried before a crawl; what it leaves as it was, and what it says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from scrapy.settings import Settings

from crawler.errors import FileNotWrittenError
from crawler.project import outputs


def feeds(**of_uri: dict[str, Any]) -> Settings:
    """Settings with these feeds."""
    return Settings({"FEEDS": of_uri})


def test_a_file_that_can_be_written_is_as_it_was(tmp_path: Path) -> None:
    """One that is there keeps its bytes; another is not made, but its folder is."""
    old, new = tmp_path / "old.json", tmp_path / "deep" / "new.json"
    old.write_text("[]")
    outputs.settle(feeds(**{str(old): {}, new.as_uri(): {}, "s3://bucket/x": {}}))
    assert old.read_text() == "[]" and new.parent.is_dir() and not new.exists()


@pytest.mark.parametrize("name", ["file/x.json", "folder", "file:///proc/x.json"])
def test_one_that_cannot_be_written_is_named(tmp_path: Path, name: str) -> None:
    """Below a file, a folder, and where the system makes no files."""
    (tmp_path / "file").write_text("")
    (tmp_path / "folder").mkdir()
    uri = name if ":" in name else str(tmp_path / name)
    with pytest.raises(
        FileNotWrittenError, match=f"{uri.removeprefix('file://')}: cannot be written: "
    ):
        outputs.settle(feeds(**{uri: {"format": "json"}}))


def test_a_name_that_is_known_later_is_not_tried(tmp_path: Path) -> None:
    """``%(time)s`` stands for no file yet."""
    outputs.settle(feeds(**{f"{tmp_path}/%(time)s/x.json": {}}))
    assert list(tmp_path.iterdir()) == []


def test_standard_output_is_not_told_to_overwrite() -> None:
    """Scrapy would warn of it, twice, at ``-O -:json``."""
    settings = feeds(**{"stdout:": {"format": "json", "overwrite": True}})
    outputs.settle(settings)
    assert settings.getdict("FEEDS") == {"stdout:": {"format": "json"}}


@pytest.mark.parametrize("chosen", ["headlin,id", {"headlin": "title", "id": "id"}])
def test_a_field_that_no_article_has_is_named(chosen: object) -> None:
    """Its column would be empty; renamed ones are known by their own name."""
    settings = Settings({"FEEDS": {"x.csv": {}}, "FEED_EXPORT_FIELDS": chosen})
    (line,) = outputs.unknown_fields(settings)
    assert line == (
        "FEED_EXPORT_FIELDS: an article has no field 'headlin'; did you mean 'headline'?"
    )


def test_fields_that_all_have_are_no_matter() -> None:
    """Nor are none at all."""
    for fields in (None, ["url", "body"]):
        settings = Settings({"FEEDS": {"x.csv": {"fields": fields}}})
        assert list(outputs.unknown_fields(settings)) == []
