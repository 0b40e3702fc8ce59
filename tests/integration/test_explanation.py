"""A verdict's explanation: replayed from the archive, drawn by a browser."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

from crawler import matching
from crawler.matching import explanation
from crawler.matching.topics import Topic
from crawler.views import explanation_html
from storage.archive import SqlArchive
from tests.builders import NOW, a_page, a_reading, save_article
from tests.integration.test_archive import sight
from tests.unit.matching.test_explanation import judged as judged_example


def test_a_replay_from_the_archive_gives_the_same_verdict(
    archive: SqlArchive, topic: Topic
) -> None:
    """What was stored on either database, judged again by the same version, is the same verdict."""
    ids = []
    for n, example in enumerate(topic.examples):
        (sighting,) = sight(archive, f"/{n}")
        reading = a_reading(example.text, url=sighting.url)
        reading = replace(reading, matches=matching.match(reading.article, [topic], country="MA"))
        ids.append(save_article(archive, sighting, a_page("x"), reading, NOW))
    states = []
    for article_id in ids:
        kept = archive.article(article_id)
        (one,) = explanation.explain(kept, {topic.slug: topic}, country="MA")
        states.append(one.state)
        if kept.matches:
            assert one.today == kept.matches[0]
    assert set(states) == {"reproduced", "unflagged"}


def test_the_page_is_drawn_by_a_browser(chromium: str, tmp_path: Path, topic: Topic) -> None:
    """The proof is there, marked, and the page is as wide as its window."""
    kept = judged_example(topic)
    path = tmp_path / "page.html"
    path.write_text(
        explanation_html.page(
            kept, explanation.explain(kept, {topic.slug: topic}), {topic.slug: topic}
        ),
        encoding="utf-8",
    )
    done = subprocess.run(
        [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
         f"--user-data-dir={tmp_path}/profile", "--window-size=420,900", "--dump-dom", path.as_uri()],
        capture_output=True, text=True, timeout=300, check=True,
    )  # fmt: skip
    marked = done.stdout.count("<mark")
    assert marked >= len(kept.matches[0].mentions)
