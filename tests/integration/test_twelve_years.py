"""The archive of twelve years to which analysts' questions are put is what it says it is."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa

from crawler.config import loading
from storage import tables
from storage.archive import open_archive
from tests import twelve_years


def test_it_has_what_real_archives_have() -> None:
    """Twelve years and more, three languages, papers of many countries, copies and noise."""
    articles = twelve_years.printed()
    originals = [one for one in articles if not one.copy_of]
    assert len(originals) >= 150
    assert {one.at.year for one in originals} == set(range(2014, 2027))
    printing = {one.outlet for one in articles}
    countries = {outlet["country"] for outlet in twelve_years.outlets().values()}
    assert printing == twelve_years.outlets().keys() and len(printing) >= 12 and len(countries) >= 8
    languages = Counter(found.article.language for found in twelve_years.readings())
    assert languages.keys() == {"ar", "fr", "en"} and min(languages.values()) >= 30
    copied = Counter(one.copy_of for one in articles if one.copy_of)
    assert len(copied) >= 12 and max(copied.values()) == 3
    assert sum(not one.answers for one in originals) >= 80


def test_every_article_is_kept_under_its_number(twelve_years_config: Path) -> None:
    """As a crawl keeps it, with its labels, on both databases."""
    config = loading.load(twelve_years_config)
    with closing(open_archive(config.archive)) as archive, archive.engine.connect() as c:
        kept = c.execute(
            sa.select(tables.articles.c.id, tables.articles.c.url).order_by(tables.articles.c.id)
        ).all()
        labelled = c.scalar(sa.select(sa.func.count(sa.distinct(tables.match_labels.c.article_id))))
    assert [tuple(row) for row in kept] == [
        (n, one.url) for n, one in enumerate(twelve_years.printed(), 1)
    ]
    assert labelled == sum(
        any(m.labels for m in found.matches) for found in twelve_years.readings()
    )
