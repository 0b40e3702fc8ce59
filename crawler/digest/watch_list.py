"""The watch list of a digest: stories that scored just under the line of a label. Pure."""

from __future__ import annotations

from crawler.digest.items import headline, in_language, source_name
from crawler.digest.records import DigestInput, Doubt
from crawler.languages import direction
from crawler.model import ArchivedArticle
from crawler.stories.copies import group, is_dated_earlier


def doubts(given: DigestInput) -> list[Doubt]:
    """A line for each story, the highest score first.

    Articles that no topic of the recipe doubts are left out, and stories dated long before they
    were first seen: they would take the few lines of today's. ``rasd doubtful`` shows them.
    """
    stories = (story.lead for story in group(given.doubtful))
    leads = (lead for lead in stories if not is_dated_earlier(lead))
    found = [doubt for kept in leads if (doubt := _doubt(kept, given)) is not None]
    return sorted(found, key=lambda doubt: (-doubt.score, doubt.article_id))


def _doubt(kept: ArchivedArticle, given: DigestInput) -> Doubt | None:
    matches = [m for m in kept.matches if m.topic in given.recipe.topics]
    scored = [(m.score[name], m.topic, name) for m in matches for name in m.doubtful]
    if not scored:
        return None
    score, slug, name = max(scored, key=lambda row: row[0])
    article = kept.article
    return Doubt(
        article_id=kept.id,
        headline=headline(article),
        url=article.url,
        source=source_name(article.source, given.sources, article.language),
        language=article.language,
        direction=direction(article.language),
        published=article.published,
        first_seen_at=article.first_seen_at,
        label=_title(given, slug, name),
        score=score,
    )


def _title(given: DigestInput, slug: str, name: str) -> str:
    """The label's title in the frame's language; its name if the topic no longer declares it."""
    label = given.topics[slug].labels.get(name)
    return name if label is None else in_language(label.title, given.recipe.languages[0])
