"""The words of an article that the archive's full-text index holds. Pure.

Folding an article's words costs about as much as reading its page with a template, so the worker
that read the page does it; the archive only writes the result.
"""

from __future__ import annotations

from crawler import languages
from crawler.model import Article

MAX_INDEXED_CHARACTERS = 200_000  # of one text; PostgreSQL refuses a tsvector of more than 1 MB


def index_text(article: Article) -> tuple[str, str]:
    """The folded words of the headline, and those of lead, body and summary, separated by
    spaces.

    A lead that the body begins with is not repeated. Each is cut at MAX_INDEXED_CHARACTERS. The
    body is folded by itself: its fingerprint is made of the same words, which are remembered.
    """
    lead = "" if article.body.startswith(article.lead) else article.lead
    parts = map(languages.folded_text, (lead, article.body, article.summary))
    folded = languages.folded_text(article.headline), " ".join(filter(None, parts))
    return folded[0][:MAX_INDEXED_CHARACTERS], folded[1][:MAX_INDEXED_CHARACTERS]
