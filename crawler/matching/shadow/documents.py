"""An archived article as a document made of its shadow text: queries are evaluated, nothing folded.

::

    row of the index ─► shadow texts ─► Document ◄─ places of concepts, facts

The answers are those of ``Evaluator`` on the article. The places are counted in words and lead to
no offset of the original: for what is shown, evaluate the article itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from crawler import query
from crawler.languages import Folded
from crawler.languages.index_text import read_index_text
from crawler.matching.document import Document
from crawler.matching.fields import ItemFacts
from crawler.matching.mentions import Span
from crawler.model import FieldName, Mention


def document(
    headline: str,
    text: str,
    concepts: Mapping[str, Iterable[Span]] | None = None,
    facts: ItemFacts | None = None,
) -> Document | None:
    """The document of an article whose columns in the index are these.

    ``concepts`` are the places of the concepts that a query names, as ``make_place`` gives them.
    None if the article is too long for the index: then only its own text answers.
    """
    read = read_index_text(headline, text)
    if read.is_cut:
        return None
    folded: dict[FieldName, Folded] = dict(read.texts)
    return Document(
        folded,
        facts or ItemFacts(),
        lead_end=read.lead_end,
        concepts={name: list(spans) for name, spans in (concepts or {}).items()},
    )


def decide(asked: query.Query, headline: str, text: str) -> bool | None:
    """Whether a query without filters and concepts holds in the article of these columns; None if
    only the article itself answers."""
    found = document(headline, text)
    return None if found is None else found.evaluate(asked)[0]


def make_place(
    concept: str, field: FieldName, first: int, last: int, *, sentence: int, paragraph: int
) -> Span:
    """A mention of a concept in words first..last of a field, both inclusive, in this sentence and
    paragraph of the field, from 0."""
    mention = Mention(field=field, start=first, end=last + 1, concept=concept, term="", text="")
    return Span(field, first, last, sentence, paragraph, (mention,))
