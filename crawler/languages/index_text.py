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

    A lead that the body begins with is not repeated. Each is cut at MAX_INDEXED_CHARACTERS.
    """
    lead, body = article.lead, article.body
    text = body if body.startswith(lead) else f"{lead}\n{body}"
    text = f"{text}\n{article.summary}" if article.summary else text
    folded = languages.folded_text(article.headline), languages.folded_text(text)
    return folded[0][:MAX_INDEXED_CHARACTERS], folded[1][:MAX_INDEXED_CHARACTERS]
