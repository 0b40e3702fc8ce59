"""Whole pages and the day they are of: published, changed, or none."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.extraction import article
from crawler.model import Article
from tests.builders import a_page, a_source

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
PUBLISHED, CHANGED, DAY = "2026-11-26T17:40", "2026-11-28T08:05", "2026-11-26T11:00"
AT, LATER = "2026-11-26T18:40:00+01:00", "2026-11-28T09:05:00+01:00"
HEADLINES = {
    "fr": "Les quais seront rénovés",
    "ar": "ترميم الأرصفة يبدأ قريبا",
    "en": "The quays will be repaired",
}
TEXTS = {
    "fr": (
        "Le conseil a adopté mardi un plan de rénovation des quais, après trois heures de débat.",
        "Les commerçants du port demandent que les travaux ne commencent qu'après la saison chaude.",
        "La moitié du budget vient de l'État, et le reste d'un emprunt sur une durée de quinze ans.",
    ),
    "ar": (
        "صادق المجلس البلدي يوم الثلاثاء على برنامج لترميم الأرصفة بعد نقاش دام ثلاث ساعات كاملة.",
        "ويطالب تجار الميناء بأن لا تنطلق الأشغال إلا بعد نهاية الموسم السياحي في شهر أكتوبر المقبل.",
        "وقالت نائبة العمدة إن نصف الميزانية يأتي من الدولة والباقي من قرض مدته خمس عشرة سنة كاملة.",
    ),
    "en": (
        "The town council adopted on Tuesday a plan to repair the quays after three hours of debate.",
        "Traders at the harbour ask that the works begin only when the warm season has come to its end.",
        "Half of the budget comes from the state and the rest of it from a loan over fifteen long years.",
    ),
}


def a_story(
    language: str, head: str = "", *, behind: str = "", before: str = "", meta: str = "",
    title: str = "", paragraphs: int = 3,
) -> str:  # fmt: skip
    """A page with markup under its headline, behind its text, and before its main part."""
    text = "".join(f"<p>{paragraph}</p>" for paragraph in TEXTS[language][:paragraphs])
    headline = HEADLINES[language]
    return (
        f"<html lang={language}><head><title>{headline}{title}</title>{meta}</head><body>"
        f"<header><nav><a href=/>Accueil</a></nav></header>{before}<main><article>"
        f"<h1>{headline}</h1>{head}<div class=entry-content>{text}</div>{behind}</article></main>"
        "<footer><p>© 2026</p></footer></body></html>"
    )


def dated(markup: str) -> tuple[str | None, str | None]:
    """When it was published and changed, by a Moroccan outlet's page."""
    source = a_source(country="MA", timezone="Africa/Casablanca")
    found = article.extract(a_page(markup, entry=None, fetched_at=NOW), source)
    assert isinstance(found, Article)
    published, changed = found.published and found.published.at, found.modified_at
    return (
        published and published.strftime("%Y-%m-%dT%H:%M"),
        changed and changed.strftime("%Y-%m-%dT%H:%M"),
    )


LINES = [
    ("fr", "Dernière mise à jour : 28 nov. 2026 - 09:05", "Publication : 26 nov. 2026 - 18:40"),
    ("fr", "Actualisé le 28.11.2026 09:05", "Le 26.11.2026 18:40"),
    ("ar", "آخر تحديث بتاريخ ٢٨ نوفمبر ٢٠٢٦ الساعة ٩:٠٥ ص", "تاريخ النشر ٢٦ نوفمبر ٢٠٢٦ ٦:٤٠ م"),
    ("ar", "حُدّث يوم السبت 28 نونبر 2026 | 09:05", "نُشر يوم الخميس 26 نونبر 2026 | 18:40"),
    ("ar", "تاريخ التحديث: 28 تشرين الثاني 2026 09:05", "أضيف في 26 تشرين الثاني 2026 18:40"),
    ("en", "Updated Nov. 28, 2026 9:05 a.m.", "Published Nov. 26, 2026 6:40 p.m."),
    ("en", "Last modified on 28 November 2026 at 09:05", "26 November 2026 6:40 pm"),
]


@pytest.mark.parametrize(("language", "changed", "published"), LINES)
@pytest.mark.parametrize(
    "shape",
    [
        "<div>{0} | {1}</div>",
        "<div>{1} / {0}</div>",
        "<p>{0} — {1}</p>",
        "<p><span>{1}</span> <span>{0}</span></p>",
        "<div>{0}</div><div>{1}</div>",
        "<ul><li>{1}</li><li>{0}</li></ul>",
    ],
)
def test_published_and_changed_are_told_apart(
    language: str, changed: str, published: str, shape: str
) -> None:
    """On one line or two, whichever comes first."""
    assert dated(a_story(language, shape.format(changed, published))) == (PUBLISHED, CHANGED)


WORDS = {
    "fr": ("Mis à jour le", "Publié le"),
    "ar": ("آخر تحديث", "نشر في"),
    "en": ("Updated", "Published"),
}


@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize(
    "shape",
    [
        "<time class=updated datetime={1}>28</time> <time class=published datetime={0}>26</time>",
        "<time datetime={1}>{2} 28</time> <time datetime={0}>{3} 26</time>",
        "<p>{2} <time datetime={1}>28</time> | {3} <time datetime={0}>26</time></p>",
        "<b>{2}:</b><i><time datetime={1}>28</time></i><b>{3}</b><i><time datetime={0}>26</time></i>",
        "<time datetime={0}>26</time> ({2} <time datetime={1}>28</time>)",
        "<span itemprop=dateModified content={1}>28</span>"
        "<span itemprop=datePublished content={0}>26</span>",
        "<a href=/a rel=bookmark><time class='entry-date published' datetime={0}>{3} 26</time>"
        "<time class=updated datetime={1}>{2} 28</time></a>",
        "<p><span class=post-modified><time datetime={1}>28</time></span>"
        "<span class=post-date><time datetime={0}>26</time></span></p>",
    ],
)
def test_two_time_elements_are_told_apart(language: str, shape: str) -> None:
    """By class, by property, by the words in them or before them."""
    head = f"<div>{shape.format(AT, LATER, *WORDS[language])}</div>"
    assert dated(a_story(language, head)) == (PUBLISHED, CHANGED)


OTHERS = [
    ("fr", "Date limite de dépôt des dossiers : 20 novembre 2026"),
    ("fr", "Inscriptions ouvertes jusqu'au 20 novembre 2026"),
    ("fr", "Le concert aura lieu le 20 novembre 2026"),
    ("fr", "Politique de confidentialité modifiée le 20 novembre 2026"),
    ("fr", "Cliché pris par l'agence, photo du 20 novembre 2026"),
    ("ar", "ينتهي التسجيل يوم 20 نونبر 2026"),
    ("ar", "يستمر المعرض إلى غاية 20 نونبر 2026"),
    ("ar", "موعد المباراة: 20 نونبر 2026 - 20:00"),
    ("ar", "سياسة الخصوصية، آخر تحديث 20 نونبر 2026"),
    ("ar", "صورة من الأرشيف، 20 نونبر 2026"),
    ("en", "Apply by 20 November 2026"),
    ("en", "The event takes place on 20 November 2026"),
    ("en", "Terms of use updated on 20 November 2026"),
    ("en", "File photo, 20 November 2026"),
]
BARE = {
    "fr": "26 novembre 2026 à 18:40", "ar": "26 نونبر 2026 - 18:40", "en": "26 Nov 2026 6:40 pm"
}  # fmt: skip


@pytest.mark.parametrize(("language", "line"), OTHERS)
def test_the_date_of_another_thing_is_none(language: str, line: str) -> None:
    """Deadlines, events, terms, pictures: below the headline, behind a short text, and beside the
    date that is the article's.
    """
    assert dated(a_story(language, f"<div>{line}</div>")) == (None, None)
    assert dated(a_story(language, behind=f"<p>{line}</p>", paragraphs=1)) == (None, None)
    both = a_story(language, f"<div>{line}</div><div>{BARE[language]}</div>")
    assert dated(both) == (PUBLISHED, None)


TITLES = {
    "fr": "La pluie revient enfin sur les plateaux",
    "ar": "المطر يعود أخيرا إلى الهضاب العليا",
    "en": "The rain comes back to the plains",
}
TEASERS = {
    "list": "<ul><li><a href=/z>{title}</a> {date}</li></ul>",
    "card": "<div class=k><a href=/z><h3>{title}</h3></a><p>{date}</p></div>",
    "linked card": "<a href=/z><img src=x><h3>{title}</h3>{date}</a>",
    "article": "<article><h2><a href=/z>{title}</a></h2><div>{date}</div></article>",
    "date first": "<div class=k><div>{date}</div><h4><a href=/z>{title}</a></h4></div>",
    "comment": "<div class=comment-list><div><b>Ali</b> {date}<p>{title}</p></div></div>",
}


@pytest.mark.parametrize("language", TITLES)
@pytest.mark.parametrize("teaser", TEASERS)
def test_the_date_of_another_story_is_none(language: str, teaser: str) -> None:
    """Its time element and its printed day, before the article and behind it."""
    time = "<time datetime=2026-11-24>24</time>"
    day = BARE[language].replace("26 ", "24 ", 1)
    for date in (time, day):
        box = TEASERS[teaser].format(title=TITLES[language], date=date)
        assert dated(a_story(language, behind=box)) == (None, None)
        assert dated(a_story(language, before=box)) == (None, None)
    box = TEASERS[teaser].format(title=TITLES[language], date=time)
    head = f"<div>{BARE[language]}</div>"
    assert dated(a_story(language, head, behind=box)) == (PUBLISHED, None)
    assert dated(a_story(language, head, before=box)) == (PUBLISHED, None)


@pytest.mark.parametrize(
    "comments", ["comment-list", "commentlist", "commentaires", "comments-area"]
)
def test_the_date_of_a_comment_is_none(comments: str) -> None:
    """However the list of comments is called."""
    box = f"<ol class={comments}><li>Ali <time datetime={LATER}>28</time><p>Bravo</p></li></ol>"
    assert dated(a_story("fr", behind=box)) == (None, None)


def test_today_above_the_headline_is_none() -> None:
    """In an element named so, also where it stands right above."""
    day = "<div id=today>dimanche 29 novembre 2026</div><h1>"
    assert dated(a_story("fr").replace("<h1>", day)) == (None, None)


def test_a_long_byline_has_both_dates() -> None:
    """Under a standfirst as well, where it is no text."""
    line = (
        "Par Karim Saïdi (avec agences), le 26/11/2026 à 18h40 - mis à jour le 28/11/2026 à 09h05"
    )
    standfirst = (
        "<p>La ville veut des quais plus larges, des pavés neufs et des bancs à l'ombre.</p>"
    )
    for head in (f"<p>{line}</p>", f"{standfirst}<p>{line}</p>"):
        story = a_story("fr").replace("<div class=entry-content>", f"<div>{head}")
        assert dated(story) == (PUBLISHED, CHANGED)
        found = article.extract(a_page(story, entry=None), a_source())
        assert isinstance(found, Article)
        assert (found.authors, "Karim" in found.body) == (("Karim Saïdi",), False)


def test_a_date_may_stand_between_an_unknown_headline_and_the_text() -> None:
    """Where no heading shows the headline, the line before the text may be the date."""
    story = a_story("fr", f"<p>{BARE['fr']}</p>").replace("h1>", "i>")
    told = story.replace(f"<title>{HEADLINES['fr']}", "<title>Trois quais en travaux dès lundi")
    assert dated(told) == (PUBLISHED, None)


def test_the_clock_of_a_masthead_is_none() -> None:
    """As an element and as a line above the headline."""
    clock = "<header><time datetime=2026-11-29>29</time></header>"
    line = "<header><div class=date>dimanche 29 novembre 2026</div></header>"
    assert dated(a_story("fr", before=clock)) == (None, None)
    assert dated(a_story("fr", before=line)) == (None, None)
    assert dated(a_story("fr", f"<p>{BARE['fr']}</p>", before=clock)) == (PUBLISHED, None)


def test_a_caption_is_no_date_line() -> None:
    """What stands by a picture is of the picture; the list of facts below it is the article's."""
    picture = "<div class=photo><img src=x><p>Le vieux marché couvert, 3 mai 2024</p></div>"
    assert dated(a_story("fr", picture)) == (None, None)
    kept = "<figure><img src=x><div>Le port, le 3 mai 2024 (photo d'archives)</div></figure>"
    assert dated(a_story("fr", kept)) == (None, None)
    facts = "<ul><li><b>Date</b> 26.11.2026</li><li><b>Auteur</b> Salma Idrissi</li></ul>"
    assert dated(a_story("fr", picture, behind=facts)) == (DAY, None)
    assert dated(a_story("ar", behind="<ul><li><b>التاريخ</b> 26.11.2026</li></ul>"))[0] == DAY


def test_a_part_of_the_title_may_be_the_date() -> None:
    """If it is a date and nothing else."""
    assert dated(a_story("fr", title=" | Le Sillon | 26.11.2026")) == (DAY, None)
    assert dated(a_story("ar", title=" - الجريدة - 26/11/2026")) == (DAY, None)
    assert dated(a_story("fr", title=" | Journal du 26 novembre 2026")) == (None, None)


@pytest.mark.parametrize(
    "name",
    [
        "article:published_time", "article:published:time", "article.published-time",
        "article:publishedTime", "DC.date.issued", "datePublished", "publication_date",
    ],
)  # fmt: skip
def test_names_of_meta_elements_are_compared_without_their_marks(name: str) -> None:
    """Colons, dots, strokes and capitals differ from outlet to outlet."""
    meta = f"<meta property='{name}' content='{AT}'>"
    meta += f"<meta property='{name.replace('ublished', 'odified')}' content='x'>"
    assert dated(a_story("fr", meta=meta))[0] == PUBLISHED


def test_structured_data_in_cdata_and_in_seconds_is_read() -> None:
    """As XHTML wraps scripts, and as some software prints a moment."""
    script = "<script type=application/ld+json>{}</script>"
    story = f'{{"@type": "NewsArticle", "datePublished": "{AT}"}}'
    wrapped = script.format(f"\n//<![CDATA[\n{story}\n//]]>\n")
    assert dated(a_story("fr", meta=wrapped))[0] == PUBLISHED
    seconds = script.format('{"@type": "NewsArticle", "datePublished": 1795714800}')
    assert dated(a_story("fr", meta=seconds))[0] == "2026-11-26T17:40"


def test_a_change_alone_is_a_change() -> None:
    """None is better than a guess."""
    story = a_story("fr", "<p>Mis à jour le 20 novembre 2026 à 10:00</p>")
    assert dated(story) == (None, "2026-11-20T09:00")
    element = f"<p><time itemprop=dateModified datetime={LATER}>28</time></p>"
    assert dated(a_story("fr", element)) == (None, CHANGED)
