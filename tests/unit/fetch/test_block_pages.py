"""Pages with status 200 that are no article, and short articles that could be taken for them."""

from __future__ import annotations

import pytest

from crawler.fetch import block_pages
from crawler.fetch.stub_words import PHRASES
from crawler.languages.folding import folded_text

HOME, URL = "https://news.test/", "https://news.test/a/1"
HEADLINE = "Le port de Safi rouvre après trois semaines de travaux"
TEXT = "<p>Le port a rouvert mardi, après trois semaines de travaux sur la digue nord.</p>" * 3


def kind_of(body: str, *, headline: str = "", encoding: str = "utf-8") -> str | None:
    """What kind of wall a page with this body is."""
    return block_pages.block_kind(body.encode(encoding), URL, URL, HOME, headline=headline)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("<title>Just a moment...</title>", "challenge"),
        ("<title>لحظة من فضلك</title>", "challenge"),
        ("<script>window._cf_chl_opt = 1</script>", "challenge"),
        ("<form action='https://consent.google.com/save'>", "consent"),
        ("<title> 404 - Not here</title>", "soft404"),
        ("<title>الصفحة غير موجودة</title>", "soft404"),
        (f"<title>Access to water, just a moment of hope</title>{TEXT}", None),
        (TEXT, None),
    ],
)
def test_a_page_is_known_by_its_title_or_its_software(body: str, kind: str | None) -> None:
    """Marks of the software that stands in the way, not words that an article could use."""
    assert kind_of(body) == kind


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("<title>صدى</title><p>يرجى تفعيل جافاسكريبت في متصفحك للمتابعة</p>", "challenge"),
        ("<title>صدى</title><p>نقوم حاليا بأعمال تحديث على الموقع، شكرا لصبركم</p>", "maintenance"),
        ("<title>تم حظر الوصول</title><p>تم حظر عنوانك من هذا الموقع</p>", "challenge"),
        ("<title>L'Écho</title><p>Notre site est en cours de mise à jour.</p>", "maintenance"),
        ("<title>Accès refusé</title><p>Cette page n'est pas pour vous.</p>", "challenge"),
        ("<title>Error 1020</title><p>This website uses a security service.</p>", "error_page"),
        ("upstream connect error or disconnect/reset before headers", "error_page"),
    ],
)
def test_notices_without_a_headline_of_the_feed(body: str, kind: str) -> None:
    """Sitemaps and listings often have none: the words alone tell."""
    assert kind_of(body) == kind


def test_a_long_page_with_such_marks_is_an_article() -> None:
    """Walls are small; an article's page may hold the same scripts."""
    body = b"<title>A title</title>_cf_chl_opt" + b"x" * block_pages.MAX_SCANNED_BYTES
    assert block_pages.block_kind(body, URL, URL, HOME) is None


@pytest.mark.parametrize(
    ("url", "requested", "kind"),
    [
        (HOME, URL, "soft404"),
        ("https://news.test", URL, "soft404"),
        ("https://news.test/a/1?x=1", URL, None),
        (HOME, HOME, None),
    ],
)
def test_an_article_that_leads_home_is_gone(url: str, requested: str, kind: str | None) -> None:
    """A redirect to the home page stands for a 404; one to another page does not."""
    body = f"<title>News</title>{TEXT}".encode()
    assert block_pages.block_kind(body, url, requested, HOME) == kind


NOTICES = {
    "maintenance": [
        "<title>La Gazette</title><h1>Nous revenons vite !</h1>"
        "<p>Le journal est en maintenance jusqu'à 14 heures. Merci de votre patience.</p>",
        "<title>Maintenance programmée - La Gazette</title><div><p>Nos équipes améliorent le site."
        "</p><p>Revenez un peu plus tard.</p><a href='mailto:web@gazette.test'>Contact</a></div>",
        "<title>صحيفة الميناء</title><h2>الموقع قيد الصيانة</h2><p>نعمل على تطوير الموقع، وسنعود"
        " إليكم في أقرب وقت ممكن.</p>",
        "<html lang=ar><title>عذراً</title><body>الموقع متوقف مؤقتاً لأعمال الصيانة</body>",
        "<title>Down for maintenance</title><body><img src=logo.png><h1>We'll be back soon!</h1>"
        "<p>Sorry for the inconvenience; we are updating our servers.</p></body>",
        "<title>The Harbour Post</title><p>Briefly unavailable for scheduled maintenance."
        " Check back in a minute.</p>",
        "<title>عذراً</title><img src=logo.png><p>يخضع الموقع حالياً لأعمال صيانة دورية.</p>",
        "<title>Volvemos pronto</title><p>Estamos trabajando en la web.</p>",
    ],
    "error_page": [
        "<title>502 Bad Gateway</title><center><h1>502 Bad Gateway</h1></center><hr>nginx/1.24",
        "<title>500</title><h1>Internal Server Error</h1><p>The server encountered an internal"
        " error or misconfiguration and was unable to complete your request.</p>",
        "<title>La Gazette</title><h1>Erreur lors de la connexion à la base de données</h1>",
        "<title>قاعدة البيانات</title><h1>خطأ في الاتصال بقاعدة البيانات</h1>",
        "<title>Problème technique</title><p>Erreur SQL : l'accès à cette partie du site est"
        " impossible pour le moment.</p>",
        "<body>The website encountered an unexpected error. Try again later.</body>",
        "<title>Erreur 503</title><p>Le service est saturé.</p>",
        "<title>Welcome to nginx!</title><h1>Welcome to nginx!</h1><p>If you see this page, the web"
        " server is working. Further configuration is required.</p>",
        "<title>Account Suspended</title><p>Contact your hosting provider.</p>",
        "<b>Warning</b>: mysqli_connect(): (HY000/2002): Connection refused in <b>/srv/site/db.php"
        "</b> on line <b>12</b>",
        "SQLSTATE[HY000] [1040] Too many connections",
        "<title>WordPress › Error</title><p>There has been a critical error on this website. Please"
        " check your site admin email inbox for instructions.</p>",
    ],
    "parked": [
        "<title>gazette.test</title><h1>This domain is for sale</h1><p>Make an offer.</p>",
        "<title>gazette.test</title><p>Ce nom de domaine est à vendre.</p>",
        "<title>x</title><script src='//img.sedoparking.com/js/jquery.js'></script>",
    ],
    "challenge": [
        "<title>La Gazette</title><p>Please enable cookies and reload the page.</p>",
        "<title>بوابة</title><p>يرجى تفعيل JavaScript وملفات تعريف الارتباط للمتابعة</p>",
        "<title>x</title><noscript>You need to enable JavaScript to run this app.</noscript>"
        "<div id=root></div>",
        "<script>document.cookie='c='+1;location.reload()</script>",
        "<title>Vérification de votre navigateur</title><p>Un instant…</p>",
    ],
    "soft404": [
        "<title>La Gazette</title><h1>Article introuvable</h1><p>Il a peut-être été déplacé.</p>",
        "<title>ميناء نيوز</title><p>المقال غير موجود أو تم حذفه.</p>",
    ],
    "stub": [
        "<title>Redirection…</title><p>Vous allez être redirigé vers la page demandée.</p>",
        "<title>تحويل</title><p>سيتم تحويلك خلال ثوان</p>",
        "<meta http-equiv=refresh content='3; url=file:///etc/passwd'><p>Bitte warten</p>",
    ],
    "empty_page": ["", "<html><body></body></html>", "<div id=app></div><script>load()</script>"],
}


@pytest.mark.parametrize(
    ("kind", "body"), [(k, b) for k, bodies in NOTICES.items() for b in bodies]
)
@pytest.mark.parametrize("headline", ["", HEADLINE])
def test_a_notice_is_no_article(kind: str, body: str, headline: str) -> None:
    """By how little it shows and by what it says, in any of the languages."""
    assert kind_of(body, headline=headline) == kind


def test_a_notice_is_known_in_another_charset() -> None:
    """Old servers say it in windows-1256."""
    body = "<title>خطأ</title><meta charset=windows-1256><h1>الموقع تحت الصيانة</h1>"
    assert kind_of(body, encoding="cp1256") == "maintenance"


MUCH = "<nav>" + "<a href=/x>Une autre rubrique du journal</a> " * 60 + "</nav>"


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Oups ! Page introuvable - La Gazette", "soft404"),
        ("Erreur 404 | La Gazette du port", "soft404"),
        ("عذراً، الصفحة غير موجودة - ميناء نيوز", "soft404"),
        ("Site en maintenance - La Gazette", "maintenance"),
        ("Le port de Safi rouvre : page introuvable", None),
        ("Safi : le port en travaux, la page du site en maintenance", None),
    ],
)
def test_a_large_page_is_known_by_its_title_alone(title: str, kind: str | None) -> None:
    """A site's frame stands round its notices, too; only where the feed's headline is missing."""
    page = f"<title>{title}</title>{MUCH}{TEXT * 9}"
    assert kind_of(page, headline=HEADLINE) == kind


@pytest.mark.parametrize(
    "headline",
    [
        "404 familles relogées à Safi depuis janvier",
        "Access denied to the northern pier, say fishermen",
        "Un instant avec le capitaine du port de Safi",
        "Not found at sea: the captain who came home",
        "Just a moment later the bridge gave way",
    ],
)
def test_a_headline_that_begins_like_a_wall_is_one_of_an_article(headline: str) -> None:
    """Whether the feed told it or not."""
    for told in (headline, ""):
        for more in ("", MUCH):
            page = f"<title>{headline}</title>{more}<h1>{headline}</h1>{TEXT * 4}"
            assert kind_of(page, headline=told) is None


def test_a_small_page_without_the_feed_s_headline_is_none_of_its() -> None:
    """Whatever language the notice is in; without a headline to look for it may be an article."""
    body = "<title>Gazette</title><p>Wir sind bald wieder da. Bitte haben Sie etwas Geduld.</p>"
    for logo in ("", "<img src=logo.png>"):
        assert kind_of(body + logo, headline=HEADLINE) == "stub"
        assert kind_of(body + logo) is None


SHORT_ARTICLES = [
    ("", f"<title>Le site de la préfecture en maintenance jusqu'à lundi</title>{TEXT * 4}"),
    ("", f"<meta property='og:type' content='article'><title>Maintenance du site</title>{TEXT}"),
    ("", '<script type="application/ld+json">{"@type": "NewsArticle"}</script><h1>Erreur 500</h1>'),
    (
        "Le site de la préfecture est en maintenance",
        "<h1>Le site de la préfecture est en maintenance</h1><p>Jusqu'à lundi.</p>",
    ),
    (
        "موقع الوزارة تحت الصيانة حتى الأحد",
        "<title>موقع الوزارة تحت الصيانة حتى الأحد</title><p>أعلنت الوزارة ذلك اليوم.</p>",
    ),
    (
        "Outage: thousands see error 503 on ministry site",
        "<h1>Outage: thousands see error 503 on ministry site</h1><p>It lasted an hour.</p>",
    ),
    ("", "<title>503 familles relogées à Safi</title><p>Elles ont reçu leurs clés hier.</p>"),
    (
        "",
        "<title>Ministry website under maintenance after attack</title><p>The ministry said on "
        "Friday that its website had been attacked twice in one night, that nothing was stolen, "
        "and that its engineers were moving it to other servers. The portal for passports works "
        "again, while that for permits will follow at the end of the week, it added.</p>",
    ),
    ("", "<h1>Les travaux de maintenance du barrage Al Massira reportés au printemps</h1>" + TEXT),
    ("", "<h1>Le ministre : « une erreur s'est produite, nous la corrigeons »</h1>" + TEXT),
    ("", "<h1>Un communiqué</h1><img src=a.jpg><img src=b.jpg>"),
    ("", "<title>صور</title><img src=communique.jpg><p>نص البلاغ المشترك في الصورة</p>"),
    (
        "Une vidéo du port de Safi",
        "<title>Une vidéo du port de Safi</title><video src=v.mp4></video>",
    ),
]


@pytest.mark.parametrize(("headline", "body"), SHORT_ARTICLES)
def test_a_short_article_is_no_notice(headline: str, body: str) -> None:
    """It shows the feed's headline, tells machines that it is an article, or has prose; whatever
    it is about."""
    assert kind_of(body, headline=headline) is None


def test_a_page_made_of_data_is_left_to_its_reader() -> None:
    """It shows nothing, and has all of the article for its script."""
    for data in (
        '<script id="__NEXT_DATA__" type="application/json">{"a": "' + "mot " * 200 + '"}</script>',
        "<script>window.__INITIAL_STATE__ = {}</script>",
        "<script>self.__next_f.push([1])</script>",
    ):
        assert kind_of(f"<title>La Gazette</title>{data}<div id=app></div>") is None


def test_no_phrase_is_a_single_common_word() -> None:
    """A word alone would be found in headlines; the few that are meant are named here."""
    single = {p for phrases in PHRASES.values() for p in phrases if " " not in folded_text(p)}
    assert single <= {"redirecting", "redirection"}
