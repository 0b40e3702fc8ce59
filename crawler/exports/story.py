"""A story as it leaves rasd: the record of the article that stands for it, and its copies. Pure."""

from __future__ import annotations

from dataclasses import dataclass, fields

from crawler.exports.record import ArticleRecord
from crawler.exports.rows import JsonRow


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryRecord:
    """One report, and where else it was printed."""

    article: ArticleRecord  # the earliest, which stands for all
    copies: tuple[ArticleRecord, ...] = ()  # by their date

    @property
    def members(self) -> tuple[ArticleRecord, ...]:
        """The article and its copies."""
        return (self.article, *self.copies)

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of all members, each once."""
        return tuple(dict.fromkeys(label for one in self.members for label in one.labels))

    def row(self) -> JsonRow:
        """The article's row, with ``copies``: ``id``, ``source`` and ``url`` of each."""
        copies = [{"id": one.id, "source": one.source, "url": one.url} for one in self.copies]
        return self.article.row() | {"copies": copies}

    @classmethod
    def columns(cls) -> tuple[str, ...]:
        """The keys of a row, in their order."""
        return (*(field.name for field in fields(ArticleRecord)), "copies")
