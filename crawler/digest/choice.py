"""Which stories an issue shows, in which order, and which it leaves for the next one. Pure.

A story has a place under one label: that of the first topic of the recipe that labels it, and there
the last label its topic declares, for topics go from the general to the special; one that no topic
labels, under the first saved search of the recipe that finds it. What was left out
before comes first; then the most special label, and under each label the newest story. A story
whose articles are all dated long before they were first seen is no news: it stands apart.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

from crawler.digest.records import DigestInput
from crawler.matching.topics import Label, Topic
from crawler.model import ArchivedArticle, Match
from crawler.stories.copies import Story, group, is_dated_earlier, reported_at

# Copies of a dispatch come within days. What looks like one later is another issue of a bulletin
# that has the same headline, or nearly the same words, every day or week.
COPY_PERIOD = timedelta(days=3)
MAX_EARLIER_STORIES = 20  # of one issue; a new source may bring hundreds, a line each


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedStory:
    """A story, the label it stands under, and the match of its lead that says why."""

    story: Story
    topic: Topic
    label: Label
    match: Match
    was_left_out: bool  # by an earlier issue


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What one issue shows and leaves out, each in the order in which it is to be read."""

    shown: tuple[PlacedStory, ...]
    left_out: tuple[PlacedStory, ...]
    earlier: tuple[PlacedStory, ...]  # dated long before they were first seen; the newest first
    earlier_left_out: int  # more of them, for the next issues
    late_copies: tuple[ArchivedArticle, ...]  # of stories that earlier issues showed

    @property
    def listed_ids(self) -> tuple[int, ...]:
        """The articles that the issue lists: what it shows, and late copies of what was shown."""
        placed = (*self.shown, *self.earlier)
        shown = [kept.id for one in placed for kept in one.story.members]
        return (*shown, *(kept.id for kept in self.late_copies))


def choose(given: DigestInput) -> Choice:
    """The stories that fit into the recipe's ``max_events``, and those that do not."""
    shown_before = {kept.id for kept in given.shown_before}
    fresh: list[Story] = []
    late: list[ArchivedArticle] = []
    for story in group((*given.shown_before, *given.articles)):
        copies, news = _late_and_news(story, shown_before)
        late += copies
        if news:
            fresh.append(Story(lead=news[0], copies=tuple(news[1:])))
    placed = [found for story in fresh if (found := _placed(story, given)) is not None]
    placed.sort(key=lambda one: _rank(one, given))
    earlier = [one for one in placed if _is_earlier(one)]
    earlier.sort(key=lambda one: reported_at(one.story.lead), reverse=True)
    of_today = [one for one in placed if not _is_earlier(one)]
    shown, left_out = _fitting(of_today, given.recipe.max_events)
    return Choice(
        shown=shown,
        left_out=left_out,
        earlier=tuple(earlier[:MAX_EARLIER_STORIES]),
        earlier_left_out=max(len(earlier) - MAX_EARLIER_STORIES, 0),
        late_copies=tuple(late),
    )


def _is_earlier(placed: PlacedStory) -> bool:
    return all(map(is_dated_earlier, placed.story.members))


def _late_and_news(
    story: Story, shown_before: Collection[int]
) -> tuple[list[ArchivedArticle], list[ArchivedArticle]]:
    """The story's new articles: late copies of what was shown, and news.

    The time for copies runs from the first article that was listed, under a date that may be right.
    That one was shown; others may have been late copies, and with each of them the time would begin
    again.
    """
    new = [kept for kept in story.members if kept.id not in shown_before]
    shown = [kept for kept in story.members if kept.id in shown_before]
    if not shown:
        return [], new
    credible = [kept for kept in shown if not is_dated_earlier(kept)]
    shown_at = min(map(reported_at, credible or shown))
    copies = [kept for kept in new if abs(reported_at(kept) - shown_at) <= COPY_PERIOD]
    return copies, [kept for kept in new if abs(reported_at(kept) - shown_at) > COPY_PERIOD]


def label_order(given: DigestInput) -> list[tuple[str, str]]:
    """(topic, label) in the order of an issue's sections."""
    topics = (given.topics[slug] for slug in given.recipe.judged_by)
    return [(topic.slug, name) for topic in topics for name in reversed(topic.labels)]


def _placed(story: Story, given: DigestInput) -> PlacedStory | None:
    """None if the topics no longer have a label that an article of the story was given."""
    leading = [kept for kept in story.members if not is_dated_earlier(kept)] or story.members
    for slug in given.recipe.judged_by:
        topic = given.topics[slug]
        for kept in leading:
            match = next((m for m in kept.matches if m.topic == slug), None)
            names = [n for n in match.labels if n in topic.labels] if match is not None else []
            if match is not None and names:
                return PlacedStory(
                    story=_led_by(kept, story),
                    topic=topic,
                    label=topic.labels[names[-1]],
                    match=match,
                    was_left_out=any(one.kept_at < given.since for one in story.members),
                )
    return None


def _led_by(lead: ArchivedArticle, story: Story) -> Story:
    """The story with the article at its head that shows why it was flagged."""
    copies = tuple(kept for kept in story.members if kept is not lead)
    return Story(lead=lead, copies=copies)


def _rank(placed: PlacedStory, given: DigestInput) -> tuple[bool, int, float, float, int]:
    """Left out before, then by section, then the newest, then the highest score."""
    section = label_order(given).index((placed.topic.slug, placed.label.name))
    kept = placed.story.lead
    newest = reported_at(kept).timestamp()
    score = max(placed.match.score.values(), default=0.0)
    return not placed.was_left_out, section, -newest, -score, -kept.id


def _fitting(
    placed: Sequence[PlacedStory], most: int
) -> tuple[tuple[PlacedStory, ...], tuple[PlacedStory, ...]]:
    """The stories that fit, and the others. What was left out before comes first, but while there
    is news it takes half of the places at most: a large backlog, as a new source or a changed
    topic brings it, must not hold back the news of the day for weeks."""
    backlog = [one for one in placed if one.was_left_out]
    news = [one for one in placed if not one.was_left_out]
    for_news = min(len(news), most // 2)
    from_backlog = backlog[: most - for_news]
    shown = (*from_backlog, *news[: most - len(from_backlog)])
    chosen = {id(one) for one in shown}
    return shown, tuple(one for one in placed if id(one) not in chosen)
