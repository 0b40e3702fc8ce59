"""Recognise what is not the article: boxes, bars, tickers, notices. Pure.

There are two kinds of evidence: names of elements (``related-posts``, ``share-bar``) and beginnings
of short lines ("Lire aussi", «اقرأ أيضا»). No rule is about a particular site.
"""

from __future__ import annotations

import re
from functools import lru_cache

from crawler.extraction.blocks import TextLine

MAX_LINKED_SHARE = 0.6  # share of a line in links from which it is a pointer to elsewhere …
# … unless it has so many characters besides: linked names keep their text
MIN_UNLINKED_CHARACTERS = 50
FULLY_LINKED_SHARE = 0.9  # … or is a sentence of which not all is linked
# characters: what begins like a notice and is longer may be a paragraph
MAX_NOTICE_CHARACTERS = 250

_ASIDE_NAME = re.compile(
    r"(?:^|[\s_-])(?:related\w*|recommend\w*|share\w*|sharing|social\w*|newsletter\w*|"
    r"promo|promos|promoted|"
    r"comments?|disqus\w*|sidebar|side-bar|widget\w*|breadcrumbs?|byline|bylines|"
    r"author-?bio|about-author|"
    r"author-info|caption\w*|credits?|tags?|tag-?list|cookie\w*|advert\w*|ads?|ad-\w+|"
    r"sponsor\w*|sign-?up|"
    r"subscri(?:be|ption)\w*|outbrain|taboola|trending|popular|most-?read|most-?popular|"
    r"read-?(?:more|also|next)|"
    r"see-?also|also-?read|more-?(?:from|on|stories|news)|ticker|toolbar|timestamp|pubdate|"
    r"dateline|copyright|"
    r"disclaimer|print-only|pagination|pager|prev-?next|navbar|menu|skip|sr-only|visually-?hidden|"
    r"screen-reader\w*|modal|popup|overlay|banner|feedback|login|register|rating|slideshow|"
    r"gallery|carousel|"
    r"teasers?|aside|infographics?|interactive-(?:graphic|embed\w*)|ai2html\w*|"
    r"\w*player\w*|pullquote|pull-quote|toc|reactions?|respond|keywords|metadata|"
    r"article-?meta|"
    r"entry-meta|post-meta|infobox|paywall-(?:notice|box|banner|message|overlay|cta|"
    r"teaser))(?=$|[\s_-])",
    re.IGNORECASE,
)
_BODY_NAME = re.compile(
    r"article-?_?body|articlebody|story-?_?body|entry-?content|post-?content|"
    r"article-?_?content|articletext|"
    r"article-?text|story-?content|post-?body|body-?content|content-?body|main-?content",
    re.IGNORECASE,
)
_NOTICE = re.compile(
    r"^\W*(?:read (?:more|also|next|the full)\b|also read|see also|related(?:$| stor| arti|"
    r" post|:)|"
    r"more (?:on|from|stories|like)\b|click here|sign up|subscribe|follow (?:us|me|@)|"
    r"like this (?:story|article)|share (?:this|on|it)|tell us what|advertis(?:ement\b|"
    r"ing$)|advert$|continue reading|"
    r"story continues|scroll to continue|this (?:article|story|post) (?:was|first|"
    r"originally|appeared)|"
    r"also on \S+\.\w|our standards ?:|image \d+ of \d+|©|crédits?(?: photos?)? ?:|"
    r"get .{3,60} delivered|join (?:us|our)|listen to|watch:|(?:photo|image)s?(?:$| by\b| "
    r"?:| credits?\b| \d)|"
    r"(?:à )?lire (?:aussi|également|la suite|plus)|à voir(?: aussi| également| ?:)|voir "
    r"aussi|sur le même (?:sujet|thème)|"
    r"abonnez-vous|s['’]abonner|partager(?:$| sur | cet | l['’]article)|publicité$|"
    r"suivez-nous|inscrivez-vous|cet article est réservé|"
    r"(?:إ|ا)قر(?:أ|ا|ئ)(?:وا)? |(?:طالع|شاهد|انظر|أنظر)(?:وا)? (?:أيض|ايض|المزيد|الفيديو|"
    r"الصور|بالفيديو|:)|(?:طالع|شاهد) ?:|"
    r"مواضيع (?:ذات|قد)|أخبار ذات|تابعونا|تابعوا? (?:آخر|أخبار|قناة|صفحة|حساب|كل)|ذات صلة|"
    r"شارك(?:وا)? (?:هذا )?(?:المقال|الخبر|الموضوع)|"
    r"اشترك(?:وا)? (?:الآن|في (?:نشرت|النشرة|قنات|قناة|القناة|خدم|القائمة|بريد)|معنا|بنشرت)|"
    r"ل(?:ل)?مزيد من (?:المعلومات|التفاصيل|الأخبار|الاخبار|المقالات)|إعلان$|(?:this|the "
    r"rest of this) (?:article|story|content) is (?:for|reserved|available)|"
    r"(?:هذا|بقية) المقال|already a (?:subscriber|member)|"
    r"\d{1,3} ?/ ?\d{1,3}$|"  # a slide's number
    r"\d{1,2}[:.h]\d\d\s?(?:[ap]\.?m\.?|gmt|utc|bst|cet|e[sd]?t)?$)",  # a liveblog's times
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"https?://|\bwww\.|\w@\w")  # one that is printed is told, not offered
_SENTENCE_END = re.compile(r"[.!?…؟。][»”\"'’)]?$")
_CAMEL_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
MIN_SLUG_HYPHENS = 4  # a class with so many is a headline's slug, and its words mean nothing


@lru_cache(4096)
def is_aside_name(named: str) -> bool:
    """Whether an element with this class and id is beside the article."""
    if len(named) > 300:
        return False
    return any(
        _ASIDE_NAME.search(_CAMEL_HUMP.sub("-", n))
        for n in named.split()
        if n.replace("--", "").count("-") < MIN_SLUG_HYPHENS
    )


@lru_cache(4096)
def is_body_name(named: str) -> bool:
    """Whether an element with this class and id contains the article's text."""
    return _BODY_NAME.search(named) is not None


def is_article_text(line: TextLine) -> bool:
    """Whether a line within the body's element belongs to the article."""
    if line.aside or line.tag == "figure":
        return False
    length = len(line.text)
    if line.linked > MAX_LINKED_SHARE * length and length - line.linked < MIN_UNLINKED_CHARACTERS:
        says = (
            line.tag == "p"
            and line.linked < FULLY_LINKED_SHARE * length
            and _SENTENCE_END.search(line.text)
        )
        if not says and not _ADDRESS.search(line.text):
            return False
    return not is_notice(line.text)


def is_notice(text: str) -> bool:
    """Whether a line begins like a notice and is as short as one."""
    return len(text) < MAX_NOTICE_CHARACTERS and _NOTICE.match(text) is not None
