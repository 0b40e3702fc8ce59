"""A text, asked: folded fields with the mentions of concepts in them, and what a query finds there.

::

    fields ─► fold ─► mentions ─► traps, offices, enumerations take some away ─► ask, weigh

What is taken away is kept with its reason. The same document answers a topic's rules and an
archive's search: they are one language.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from crawler import query
from crawler.languages import visible_prefix
from crawler.model import FieldName


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFacts:
    """What is known of an item beside its text; a filter on what is not known is false."""

    source: str = ""
    country: str = ""
    language: str = ""
    day: date | None = None
    labels: frozenset[str] = frozenset()  # as label and as topic/label

    def holds(self, asked: query.Filter) -> bool:
        """Whether the fact is as the filter asks."""
        match asked.name:
            case "source":
                return self.source == asked.value
            case "country":
                return self.country == asked.value
            case "lang":
                return self.language == asked.value
            case "label":
                return asked.value in self.labels
            case "after":
                return self.day is not None and self.day >= query.day(asked.value)
            case "before":
                return self.day is not None and self.day < query.day(asked.value)


@dataclass(frozen=True, slots=True)
class Fields:
    """The texts of an item by field, and how much of the body is also the lead its outlet gave.

    None: the lead is a field of its own, or there is none.
    """

    texts: dict[FieldName, str]
    lead: int | None = None
    facts: ItemFacts = field(default_factory=ItemFacts)

    @property
    def lead_end(self) -> int:
        """Up to where the body is also the lead; 0: nowhere.

        At least as long as the lead of a bare text: one text, one verdict, whichever way it came.
        """
        return 0 if self.lead is None else max(self.lead, _lead_end(self.texts.get("body", "")))


def _lead_end(text: str) -> int:
    """The end of the first paragraph; of a text without paragraphs, of 400 visible characters."""
    begins = len(text) - len(text.lstrip())
    ends = text.find("\n", begins)
    if ends < 0 or ends >= len(text.rstrip()):
        return len(visible_prefix(text, 400))
    return ends
