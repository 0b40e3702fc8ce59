"""The texts of an article that are matched and searched, and where its lead ends."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from crawler.languages import visible_prefix
from crawler.model import Article, FieldName

# characters; as of the lead that the reader makes of a text's first paragraphs
MIN_LEAD_CHARACTERS = 120


class ArticleTexts(NamedTuple):
    """The texts by field, none of them empty, and the length of the lead within the body.

    ``lead`` is None if the body has none: the lead is a field of its own, or there is none.
    """

    texts: dict[FieldName, str]
    lead: int | None = None


def article_texts(article: Article) -> ArticleTexts:
    """Headline, body, summary, and the lead if the body doesn't begin with it.

    Without a body, the words of the URL are a field: a failed extraction must not hide a story.
    """
    url = "" if article.body else url_words(article.url)
    return name_texts(article.headline, article.lead, article.body, url, article.summary)


def name_texts(headline: str, lead: str, body: str, url: str, summary: str) -> ArticleTexts:
    """These texts by field; a lead that the body begins with is no field of its own."""
    texts: dict[FieldName, str] = {"headline": headline, "body": body, "url": url}
    given = len(lead) if body.startswith(lead) else None
    if given is None:
        texts["lead"] = lead
        given = lead_length(body) if body else None  # the text begins below a standfirst
    if summary:
        texts["summary"] = summary
    return ArticleTexts({name: text for name, text in texts.items() if text}, given)


def lead_end(lead: int | None, body: str) -> int:
    """The offset in the body where the lead of that length ends; 0 if the body doesn't contain it.

    Never less than the first paragraph, so that the same text gives the same match from every
    source.
    """
    return 0 if lead is None else max(lead, first_paragraph_end(body))


def lead_length(body: str) -> int:
    """The length of the first paragraphs that together are as long as a lead."""
    end = body.find("\n\n", MIN_LEAD_CHARACTERS)
    return len(body) if end < 0 else end


def first_paragraph_end(text: str) -> int:
    """The end of the first paragraph, or of 400 visible characters if there are no paragraphs."""
    begins = len(text) - len(text.lstrip())
    ends = text.find("\n", begins)
    if ends < 0 or ends >= len(text.rstrip()):
        return len(visible_prefix(text, 400))
    return ends


def url_words(url: str) -> str:
    """The words of an address's path."""
    return re.sub(r"[-_/.+]", " ", unquote(urlsplit(url).path))
