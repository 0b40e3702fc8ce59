"""What is matched of an item: its texts by field, and its metadata for filters."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from crawler import query
from crawler.languages.index_text import fields
from crawler.model import FieldName


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFacts:
    """An item's metadata; a filter on a missing value is false."""

    source: str = ""
    country: str = ""
    language: str = ""
    day: date | None = None
    labels: frozenset[str] = frozenset()  # as label and as topic/label
    themes: frozenset[str] = frozenset()  # as theme and as topic/theme
    actors: frozenset[str] = frozenset()  # names as the lexicon has them
    sides: frozenset[str] = frozenset()  # for which these actors speak

    def holds(self, node: query.Filter) -> bool:
        """Whether the metadata satisfies the filter."""
        match node.name:
            case "source":
                return self.source == node.value
            case "country":
                return self.country == node.value
            case "lang":
                return self.language == node.value
            case "label":
                return node.value in self.labels
            case "theme":
                return node.value in self.themes
            case "actor":
                return node.value in self.actors
            case "side":
                return not self.sides.isdisjoint(query.side_names(node.value))
            case "after":
                return self.day is not None and self.day >= query.parse_day(node.value)
            case "before":
                return self.day is not None and self.day < query.parse_day(node.value)


@dataclass(frozen=True, slots=True)
class Fields:
    """The texts of an item by field, and the length of the lead within the body.

    ``lead`` is None if the body has none: the lead is a field of its own, or there is none.
    """

    texts: dict[FieldName, str]
    lead: int | None = None
    unshown_body: bool = False  # no reader sees the body: labels that only it gives are doubtful
    facts: ItemFacts = field(default_factory=ItemFacts)

    @property
    def lead_end(self) -> int:
        """The offset in the body where the lead ends; 0 if the body doesn't contain it.

        Never less than the first paragraph, so that the same text gives the same match from every
        source.
        """
        return fields.lead_end(self.lead, self.texts.get("body", ""))
