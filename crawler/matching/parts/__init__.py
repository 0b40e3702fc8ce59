"""Texts of several stories, part by part, and the headlines of other stories in a text. Pure.

::

    body ─► lines ─► where items begin ─► do they tell several stories? ─► parts
                └──► pieces ─► a run of titles that the text does not take up ─► foreign headlines

Only the layout and a few words of the trade ("revue de presse", «أقوال الصحف») are looked at: no
subject is known here. In doubt a text is one story, and nothing is foreign to it.
"""

from __future__ import annotations

from crawler.matching.parts.foreign import foreign_headlines
from crawler.matching.parts.stories import TextPart, story_parts

__all__ = ["TextPart", "foreign_headlines", "story_parts"]
