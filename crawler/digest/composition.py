"""One issue of a digest, composed from what the archive holds; ``rendering`` words it. Pure.

A story stands once, under its most special label, with the sentence that proves it; then, a line
each, what was found now and is dated earlier, and the watch list; then what the watch could not
see. An empty digest states that it is empty.
"""

from __future__ import annotations

from collections import Counter

from crawler.digest import choice, health, items, watch_list
from crawler.digest.records import Digest, DigestInput, Section
from crawler.languages import direction
from crawler.model import Language

MAX_WATCH_LIST_LINES = 5  # ``rasd doubtful`` shows them all


def compose(given: DigestInput) -> Digest:
    """The issue, in the first language of its recipe."""
    recipe, frame = given.recipe, given.recipe.languages[0]
    chosen, doubts = choice.choose(given), watch_list.doubts(given)
    return Digest(
        recipe=recipe.slug,
        title=items.in_language(recipe.title, frame),
        language=frame,
        direction=direction(frame),
        timezone=recipe.timezone,
        composed_at=given.now,
        since=given.since,
        until=given.now,
        sections=_sections(chosen, given, frame),
        article_ids=chosen.listed_ids,
        health=health.summarize(given, frame),
        earlier=tuple(items.earlier_line(one, given.sources, frame) for one in chosen.earlier),
        earlier_left_out=chosen.earlier_left_out,
        watch_list=tuple(doubts[:MAX_WATCH_LIST_LINES]),
        watch_list_left_out=max(len(doubts) - MAX_WATCH_LIST_LINES, 0),
    )


def _sections(chosen: choice.Choice, given: DigestInput, frame: Language) -> tuple[Section, ...]:
    """A section for each label that has a story, shown or left out."""
    shown: dict[tuple[str, str], list[choice.PlacedStory]] = {}
    for placed in chosen.shown:
        shown.setdefault(_key(placed), []).append(placed)
    left_out = Counter(map(_key, chosen.left_out))
    sections = []
    for key in choice.label_order(given):
        if key in shown or key in left_out:
            label = given.topics[key[0]].labels[key[1]]
            described = (items.describe(one, given.sources, frame) for one in shown.get(key, ()))
            sections.append(
                Section(
                    label=label.name,
                    title=items.in_language(label.title, frame),
                    items=tuple(described),
                    left_out=left_out[key],
                )
            )
    return tuple(sections)


def _key(placed: choice.PlacedStory) -> tuple[str, str]:
    return placed.topic.slug, placed.label.name
