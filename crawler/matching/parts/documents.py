"""A document as the stories that its text tells, each to be judged alone. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from crawler.languages.index_text.fields import first_paragraph_end
from crawler.matching.document import Document
from crawler.matching.parts.foreign import foreign_headlines
from crawler.matching.parts.stories import TextPart, story_parts
from crawler.model import FieldName

FOREIGN = "headline of another story"


def stories_of(document: Document, texts: Mapping[FieldName, str]) -> tuple[Document, ...]:
    """The stories to judge: the document itself where it tells one, else one for each part.

    The whole counts among them where its parts are entries of one event. Headlines of other
    stories are excluded from the document, in place. Call it before any evaluation.
    """
    body = document.folded.get("body")
    if body is None:
        return (document,)
    headline, text = texts.get("headline", ""), texts["body"]
    if foreign := foreign_headlines(headline, text, body):
        document.exclude_passages(foreign, FOREIGN)
    parts = story_parts(headline, text, body)
    told = tuple(_story(document, part, text) for part in parts)
    is_one_event = any(part.kind == "entry" for part in parts)
    return (document, *told) if is_one_event or not told else told


def _story(document: Document, part: TextPart, text: str) -> Document:
    """A part with what holds for it too; its lead is its first paragraph, and its headline if it
    has one of its own.
    """
    begins = part.headline[1] if part.headline else part.start
    lead = begins + first_paragraph_end(text[begins : part.end])
    passages = (*part.context, (part.start, part.end))
    return document.only(passages, lead_end=lead, headline=part.under_headline)
