"""Archived articles judged by their shadow texts."""

from __future__ import annotations

from crawler.matching.shadow.documents import decide, document, make_place

__all__ = ["decide", "document", "make_place"]
