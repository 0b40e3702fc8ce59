"""Archived articles judged by their shadow texts."""

from __future__ import annotations

from crawler.matching.shadow.documents import document, make_place

__all__ = ["document", "make_place"]
