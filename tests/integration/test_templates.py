"""Templates of pages: kept in the archive, handed to the workers."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

from crawler.extraction.templates import (
    SAMPLES_NEEDED,
    RetiredTemplate,
    TemplateLearner,
)
from crawler.model import PreparedArticle, Template
from crawler.workers.pool import ReaderPool
from storage.archive import SqlArchive
from storage.templates import SqlTemplates
from tests.builders import NOW, a_source
from tests.unit.extraction.test_templates import a_print


def test_a_template_goes_to_the_workers_once_it_is_learned() -> None:
    """The pool reads by place without being told more than the page."""
    changes: list[Template | RetiredTemplate] = []
    pool = ReaderPool((), workers=1, template_learner=TemplateLearner(), learned=changes.append)
    pool.start()

    async def all_of_them() -> list[str]:
        found = [await pool.read(a_print(n), a_source()) for n in range(SAMPLES_NEEDED + 3)]
        return [f.reading.article.reader for f in found if isinstance(f, PreparedArticle)]

    try:
        readers = asyncio.run(all_of_them())
    finally:
        pool.stop()
    assert len(changes) == 1
    assert readers[-1] == "template"


def test_templates_are_kept_by_version(archive: SqlArchive) -> None:
    """Keeping twice is once; a retired one is a finding with its reason, and its number stays
    taken.
    """
    kept = SqlTemplates(archive.engine)
    first = Template(
        source="news", version=1, body="div.text", length=300, furniture=(1, 2**32 - 1)
    )
    for _ in range(2):
        kept.save(first, NOW)
    assert list(kept.in_use()) == [first]
    kept.retire("news", 1, "the body is not in its place", NOW + timedelta(hours=1))
    assert list(kept.in_use()) == []
    assert kept.versions() == {"news": 1}
    (drift,) = kept.drifts().values()
    assert (drift.version, drift.reason) == (1, "the body is not in its place")
    kept.save(replace(first, version=2), NOW + timedelta(hours=2))
    assert kept.drifts() == {}  # it was learned anew
