"""What the archive keeps of a page beside its article, made ready where the page is read. Pure.

To pack a page and fold its words costs as much as to read it by its template. Workers do that side
by side; the one thread that writes would do it for every page in turn.
"""

from __future__ import annotations

from crawler import languages
from crawler.model import Article

MAX_INDEXED_CHARACTERS = (
    200_000  # of one text in the index; PostgreSQL refuses a tsvector over 1 MB
)


def index_text(article: Article) -> tuple[str, str]:
    """The folded words of an article's headline and text: what the full-text index holds."""
    lead, body = article.lead, article.body
    text = body if body.startswith(lead) else f"{lead}\n{body}"
    folded = languages.folded_text(article.headline), languages.folded_text(text)
    return folded[0][:MAX_INDEXED_CHARACTERS], folded[1][:MAX_INDEXED_CHARACTERS]
