"""A term on trial against the archive and the lexicon that ships."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from crawler.cli.main import commands
from crawler.matching import term_preview
from crawler.seeds import Seeds
from storage.archive import open_archive
from tests.integration.test_archive import keep


def test_terms_of_the_lexicon_are_held_by_their_concept(seeds: Seeds) -> None:
    """Who tries a term that is there already learns where."""
    for concept in list(seeds.concepts.values())[:3]:
        for term in concept.terms[:2]:
            holders = term_preview.preview_term(term, seeds.concepts).holders
            assert any(h.concept == concept.name and h.whole for h in holders), term.text


@pytest.mark.parametrize("archive_url", ["sqlite"], indirect=True)
def test_the_verb_counts_inflected_forms_in_the_archive(
    archive_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an inflection adds is counted, too; a term that stands everywhere is called too
    broad.
    """
    archive = open_archive(archive_url)
    keep(archive, "/1", "Deux barrages ont été ouverts.", language="fr")
    keep(archive, "/2", "Le barrage est plein.", language="fr", source="other")
    keep(archive, "/3", "Rien.", language="fr")
    archive.close()
    monkeypatch.setenv("RASD_ARCHIVE", archive_url)
    run = CliRunner()
    one = json.loads(run.invoke(commands, ["term", "barrage", "--lang", "fr", "--json"]).output)
    both = json.loads(
        run.invoke(
            commands, ["term", "barrage", "--lang", "fr", "--inflect", "plural", "--json"]
        ).output
    )
    assert (one["articles"], both["articles"], both["of_articles"]) == (1, 2, 3)
    assert both["written"] == {"barrage": 1, "barrages": 1} and both["too_broad"]
    shown = run.invoke(commands, ["term", "barrage", "--lang", "fr"]).output
    assert "in 1 of 3 articles (33.3%)" in shown and "too broad" in shown
