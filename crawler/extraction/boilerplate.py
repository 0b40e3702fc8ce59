"""Recognise what is not the article: boxes, bars, tickers, notices. Pure.

There are two kinds of evidence: names of elements (``related-posts``, ``share-bar``) and beginnings
of short lines ("Lire aussi", «اقرأ أيضا»). No rule is about a particular site.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from crawler.extraction.blocks import TextLine
from crawler.text_cache import cached_by_text

MAX_LINKED_SHARE = 0.6  # share of a line in links from which it is a pointer to elsewhere …
# … unless it has so many characters besides: linked names keep their text
MIN_UNLINKED_CHARACTERS = 50
FULLY_LINKED_SHARE = 0.9  # … or is a sentence of which not all is linked
# characters: what begins like a notice and is longer may be a paragraph
MAX_NOTICE_CHARACTERS = 250
MAX_RULES_CHARACTERS = 1_000  # characters of rules for comments, or of a question about cookies

_ENDS = r"(?=$|[\s_-])"
# What these name is about the page or of others, whatever it says.
_ASIDE_NAME = re.compile(
    r"(?:^|[\s_-])(?:related\w*|recommend\w*|share\w*|sharing|social\w*|newsletter\w*|"
    r"promo|promos|promoted|comments?|disqus\w*|breadcrumbs?|byline|bylines|"
    r"(?:img|image|photo|pic|thumb\w*)-?(?:title|desc\w*|source)|(?:img|image|blk|block)-?cap|"
    r"author-?bio|about-author|author-info|caption\w*|legende?s?|credits?|cookie\w*|consent|"
    r"advert\w*|sponsor\w*|sign-?up|subscri(?:be|ption)\w*|outbrain|taboola|trending|popular|"
    r"most-?read|most-?popular|read-?(?:more|also|next)|see-?also|also-?read|"
    r"more-?(?:from|on|stories|news)|copyright|disclaimer|print-only|pagination|pager|prev-?next|"
    r"sr-only|visually-?hidden|screen-reader\w*|modal|popup|login|register|pullquote|pull-quote|"
    r"respond|article-?meta|entry-meta|post-meta|infobox|slideshow|gallery|carousel|infographics?|"
    r"interactive-(?:graphic|embed\w*)|ai2html\w*|\w*player\w*|"
    r"paywall-(?:notice|box|banner|message|overlay|cta|teaser))" + _ENDS,
    re.IGNORECASE,
)
# These name a place or a way of showing, and hold text as often: what has sentences is no box.
_PLACE_NAME = re.compile(
    r"(?:^|[\s_-])(?:sidebar|side-bar|widget\w*|tags?|tag-?list|ads?|ad-\w+|ticker|toolbar|"
    r"timestamp|pubdate|dateline|navbar|menu|skip|overlay|banner|feedback|rating|teasers?|aside|toc|"
    r"reactions?|keywords|metadata)" + _ENDS,
    re.IGNORECASE,
)
_BODY_NAME = re.compile(
    r"article[-_]{0,2}body|story[-_]{0,2}body|entry-?content|post-?content|"
    r"article[-_]{0,2}content|"
    r"article-?text|story-?content|post-?body|body-?content|content-?body|main-?content",
    re.IGNORECASE,
)
# Notices are compared in lower case: a pattern that ignores case takes twice as long.
# What asks for something, leads on, or tells of the page.
_PROMPTS = (
    r"download (?:our|the) .{0,30}\bapp\b|\d{1,2}[ -]min(?:ute)?s? read\W*$|reading time\b|"
    r"editor['’]?s['’]? picks?$|recommended (?:reading|for you|stories|articles)|"
    r"you (?:may|might) (?:also like|be interested in)|don['’]t miss(?:$|:)|trending(?: now)?$|"
    r"(?:previous|next) (?:article|story|post)(?:$| ?[:«»←→])|leave a (?:comment|reply)|"
    r"(?:keywords?|tags|topics) ?:|(?:photo )?credits? ?:|text size$|story (?:highlights|tools)$|"
    r"(?:ap|afp|epa|reuters|getty)(?: photo| images?)?(?:/|$)|"
    r"(?:suivez|retrouvez|rejoignez)[- ].{1,80}\b(?:whatsapp|telegram|google|facebook|twitter|"
    r"instagram|youtube|linkedin|notre (?:chaîne|page|compte|canal|application))\b|"
    r"rejoignez-nous|téléchargez (?:notre|l['’])\s?app|mots?[- ]cl[ée]s? ?:|"
    r"(?:temps|durée) de lecture\b|la suite après (?:cette|la) (?:pub|vidéo)|"
    r"(?:pour aller plus loin|en savoir plus|à découvrir|à ne pas (?:manquer|rater))(?:$| ?:)|"
    r"articles? (?:liés?|similaires?|connexes?|recommandés?|associés?)$|"
    r"vous (?:aimerez aussi|pourriez (?:aussi )?(?:aimer|être intéressé))|"
    r"(?:article|billet) (?:précédent|suivant)(?:$| ?[:«»←→])|"
    r"(?:laisser|ajouter) un commentaire|déjà (?:abonnée?|inscrite?) ?\?|"
    r"(?:la |notre )?newsletter(?:$| ?:)|sources? ?: ?[^.]{1,40}$|"
    r"لا (?:يفوتك|تفوتك|تفوتوا)|قد (?:يهمك|تهمك|يعجبك)|"
    r"(?:أخبار|اخبار|مقالات) (?:متعلقة|مشابهة|مرتبطة)|"
    r"(?:الكلمات|كلمات) (?:الدلالية|المفتاحية|دلالية|مفتاحية)|(?:الوسوم|وسوم) ?(?::|$)|"
    r"(?:مدة|وقت|زمن) القراءة|\d{1,2} (?:دقائق|دقيقة) (?:قراءة|للقراءة)|"
    r"(?:حمّل|حمّلوا|حملوا|نزّل|نزّلوا) (?:تطبيق|التطبيق)|حمل (?:تطبيق|التطبيق) .{0,30}(?:الآن|مجانا)|"
    r"(?:انضم|انضموا|للانضمام|الانضمام) (?:إلى|الى) (?:قناتنا|قنواتنا|مجموعتنا|"
    r"قناة .{1,40}(?:على|عبر))|تابعنا (?:على|عبر)|للاشتراك في (?:قنا|القناة|خدم|نشر|النشرة)|"
    r"لمتابعة (?:آخر|أحدث|كل) (?:الأخبار|أخبار|المستجدات)|"
    r"(?:المقال|الخبر|الموضوع|التدوينة) (?:السابقة?|التالية?)(?:$| ?[:«»←→])|"
    r"(?:السابق|التالي) ?[:«»←→]|(?:أضف|اترك|اكتب) (?:تعليق|ردا)|[اإ]ضغط هنا|"
    r"من نحن$|about us$|qui sommes-nous\b.{0,3}$|à propos(?: de nous)?$|"
    r"(?:تصوير|صورة|الصورة|المصدر|مصدر الصورة) ?: ?[^.]{1,40}$|"
)
# What may stand above a text, and leads to no other.
_LABEL = re.compile(
    r"\W*(?:(?:photo|image|credit|crédit|source|share|listen|advert|publicité|reading|partage|"
    r"(?:temps|durée) de lecture|écouter|صور|تصوير|المصدر|مصدر|شارك|استمع|إعلان|(?:مدة|وقت|زمن) "
    r"القراءة)|\d|©)",
    re.IGNORECASE,
)
# What begins so is about the outlet, however long it is: rules for comments, and whose opinion is
# whose; and what asks about cookies.
_RULES = re.compile(
    r"\W*(?:(?:شروط|قواعد|ضوابط) (?:التعليق|نشر التعليقات|(?:النشر|المشاركة) ?: ?عدم)|"
    r"(?:الآراء|الاراء|التعليقات|المقالات|المواد) (?:الواردة|المنشورة).{0,60}لا تعب|"
    r"les (?:commentaires|opinions|avis) (?:publié|exprimé|posté)e?s (?:ici|dans|sur|ci-).{0,60}"
    r"(?:n['’]engagent|ne reflètent|sont modérés)|(?:charte|règles) (?:de modération|des "
    r"commentaires)|(?:the )?(?:views|opinions)(?: and opinions)? expressed (?:in this|here|on "
    r"this|are|by (?:the )?(?:author|contributor|columnist)).{0,60}(?:not|those|own)\b)",
)
_CONSENT = re.compile(
    r"\W*(?:nous|avec votre|ce site|notre site|en (?:poursuivant|continuant)|we\b|our|this (?:web)?"
    r"site|by (?:continuing|using|clicking)|نحن |يستخدم |نستخدم |نستعمل |تستخدم |باستخدامك|"
    r"بمتابعتك|باستمرارك|موقعنا|هذا الموقع)"
    r"(?=.{0,160}(?:cookies?\b|traceurs|ملفات تعريف الارتباط|كوكيز))"
    r"(?=.{0,600}(?:accept|consent|refus|paramétr|person{1,2}ali|audience|préférences|privacy|"
    r"experience|expérience|publicité|الخصوصية|توافق|موافق|تجربة|قبول))",
    re.DOTALL,
)
_NOTICE = re.compile(
    r"^\W*(?:read (?:more|also|next|the full)\b|also read|see also|related(?:$| stor| arti|"
    r" post|:)|"
    r"more (?:on|from|stories|like)\b(?!.*\.$)|click here|"
    r"sign up(?:$| (?:here|now|today|below|to|and|for (?:our|free|daily|breaking|(?:a|the) .{0,40}"
    r"(?:newsletter|briefing|alert|mail))))|subscribe|follow (?:us|me|@)|"
    r"like this (?:story|article)|share (?:this|on|it)|tell us what|advertis(?:ement\b|"
    r"ing\W*$)|advert$|continue reading|"
    r"story continues|scroll to continue|this (?:article|story|post) (?:was|first|"
    r"originally|appeared)|"
    r"also on \S+\.\w|our standards ?:|image \d+ of \d+|©|crédits?(?: photos?)? ?:|"
    r"get .{3,60} delivered|join (?:us|our)|listen to|watch:|(?:photo|image)s?(?:$| by\b| "
    r"?:| credits?\b| \d)|"
    r"(?:à )?lire (?:aussi|également|la suite|plus)|à voir(?: aussi| également| ?:)|voir "
    r"aussi(?: ?[:«]|$| sur\b| nos?\b| notre\b| les?\b| la\b)|sur le même (?:sujet|thème)|"
    r"abonnez-vous|s['’]abonner|partager(?:$| sur | cet | l['’]article)|publicité\W*$|"
    r"suivez-nous|inscrivez-vous|cet article est réservé|"
    r"(?:إ|ا)قر(?:أ|ا|ئ)(?:وا)?(?: ?:|$| (?:أيض|ايض|المزيد|كذلك|أكثر|التفاصيل|الخبر|المقال|"
    r"على |في |عن |من |ما ))|(?:طالع|شاهد|انظر|أنظر)(?:وا)? (?:أيض|ايض|المزيد|الفيديو|"
    r"الصور|بالفيديو|:)|(?:طالع|شاهد) ?:|"
    r"مواضيع (?:ذات|قد)|أخبار ذات|تابعونا|تابعوا? (?:آخر|أخبار|قناة|صفحة|حساب|كل)|"
    r"ذات صلة(?: بالموضوع)?(?:$| ?[:|])|"
    r"شارك(?:وا)? (?:هذا )?(?:المقال|الخبر|الموضوع)|"
    r"اشترك(?:وا)? (?:الآن|في (?:نشرت|النشرة|قنات|قناة|القناة|خدم|القائمة|بريد)|معنا|بنشرت)|"
    r"ل(?:ل)?مزيد من (?:المعلومات|التفاصيل|الأخبار|الاخبار|المقالات)|إعلان\W*$|(?:this|the "
    r"rest of this) (?:article|story|content) is (?:for|reserved|available)|"
    r"(?:هذا|بقية) المقال|already a (?:subscriber|member)|"
    + _PROMPTS
    + r"\d{1,3} ?/ ?\d{1,3}$|"  # a slide's number
    r"\d{1,2}[:.h]\d\d\s?(?:[ap]\.?m\.?|gmt|utc|bst|cet|e[sd]?t)?$)",  # a liveblog's times
)
_ADDRESS = re.compile(r"https?://|\bwww\.|\w@\w")  # one that is printed is told, not offered
_SENTENCE_END = re.compile(r"[.!?…؟。][»”\"'’)]?$")
_CAMEL_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SHORT_WORDS = frozenset({"ad", "ads", "by", "to", "of", "on", "in", "fb", "tv", "js"})
MAX_NAME_CHARACTERS = 300  # of class and id; longer ones name nothing
CACHED_NAMES = 16_384  # those of some two hundred outlets' pages
MIN_SLUG_HYPHENS = 4  # a class with so many is a headline's slug, and its words mean nothing


class ElementName(NamedTuple):
    """What an element's class and id say."""

    is_aside: bool  # it is beside the article
    is_body: bool  # it contains the article's text
    # The class or id that names a place or a way of showing, such as ``widget``; "" if there is
    # none, or one that surely names what is beside the article.
    place: str


@cached_by_text(maxsize=CACHED_NAMES, longest=MAX_NAME_CHARACTERS)
def judge_name(named: str) -> ElementName:
    """What this class and id say."""
    place, is_body = "", _BODY_NAME.search(named) is not None
    for name in named.split() if len(named) <= MAX_NAME_CHARACTERS else ():
        if name.replace("--", "").count("-") < MIN_SLUG_HYPHENS:
            parted = _parted(name)
            if _ASIDE_NAME.search(parted):
                return ElementName(True, is_body, "")
            if not place and _PLACE_NAME.search(parted):
                place = name
    return ElementName(bool(place), is_body, place)


def is_aside_name(named: str) -> bool:
    """Whether an element with this class and id is beside the article."""
    return judge_name(named).is_aside


def _parted(name: str) -> str:
    """The words of a name: TopAdBox, Top-Ad-Box. A random one (``q7RtAdKp``) has no words."""
    parts = _CAMEL_HUMP.sub("-", name)
    random = any(len(part) < 3 and part.lower() not in _SHORT_WORDS for part in parts.split("-"))
    return name if random and parts != name else parts


def is_body_name(named: str) -> bool:
    """Whether an element with this class and id contains the article's text."""
    return judge_name(named).is_body


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
    """Whether a line begins like a notice and is as short as one, or like the outlet's rules."""
    if len(text) >= MAX_RULES_CHARACTERS:
        return False
    said = text.lower()
    short = len(text) < MAX_NOTICE_CHARACTERS and _NOTICE.match(said) is not None
    return short or _RULES.match(said) is not None or _CONSENT.match(said) is not None


def is_label(text: str) -> bool:
    """Whether a notice is a credit, an ad's or a picture's label or a button, and no pointer to
    another story.
    """
    return _LABEL.match(text) is not None
