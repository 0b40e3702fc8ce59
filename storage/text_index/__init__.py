"""The full-text index: its rows, whether they can be trusted, and the index made anew.

Each article has a row in the index, of tokens with their places (``rows``), and its shadow beside
it, compressed, by which queries are judged without the article. Articles are the truth, the index
is made of them. So a damaged index costs no article: it is left alone until ``rebuild`` has made
another, and a search says so instead of finding nothing (``trust``). An index of other tokens, or
of an archive that had none, is made in the background (``making``); until it is whole, a search
says how far it is.
"""

from __future__ import annotations

from storage.text_index.making import begin, complete, fill, index_shadows, progress, rebuild
from storage.text_index.rows import Texts, delete, insert, read_shadows, read_shadows_of
from storage.text_index.tables import SHADOWS
from storage.text_index.trust import problem, require
from storage.text_index.tsvectors import PLACES_CUT

__all__ = [
    "PLACES_CUT",
    "SHADOWS",
    "Texts",
    "begin",
    "complete",
    "delete",
    "fill",
    "index_shadows",
    "insert",
    "problem",
    "progress",
    "read_shadows",
    "read_shadows_of",
    "rebuild",
    "require",
]
