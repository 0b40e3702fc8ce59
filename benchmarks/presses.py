"""What the benchmark of moulds prints, and four moulds of our own to print it into.

Copy is drawn from sentences written for this, so that no two pages say the same; which ones depends
on the seed alone.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import escape

BEGAN = datetime(2026, 3, 2, 7, 40, tzinfo=UTC)


@dataclass(frozen=True)
class Copy:
    """What one page says."""

    language: str
    headline: str
    at: datetime
    paragraphs: tuple[str, ...]
    links: tuple[str, ...]


Press = Callable[[Copy], str]

WHO = {
    "en": (
        "the harbour council",
        "the mayor of the old town",
        "a spokeswoman for the ministry",
        "the union of bakers",
        "an engineer at the dam",
        "the head of the school",
        "two farmers from the valley",
        "the court of accounts",
    ),
    "fr": (
        "le conseil du port",
        "la maire de la vieille ville",
        "une porte-parole du ministère",
        "le syndicat des boulangers",
        "un ingénieur du barrage",
        "la directrice du lycée",
        "deux agriculteurs de la vallée",
        "la cour des comptes",
    ),
    "ar": (
        "مجلس الميناء",
        "عمدة المدينة القديمة",
        "الناطقة باسم الوزارة",
        "نقابة الخبازين",
        "مهندس في السد",
        "مديرة الثانوية",
        "مزارعان من الوادي",
        "مجلس الحسابات",
    ),
}
WHAT = {
    "en": (
        "the new bridge over the river",
        "the price of flour",
        "a railway line to the coast",
        "the repair of the northern quay",
        "the water plan for next summer",
        "the opening of a clinic",
        "the budget for street lamps",
        "an exchange of students",
    ),
    "fr": (
        "le nouveau pont sur le fleuve",
        "le prix de la farine",
        "une ligne de train vers la côte",
        "la réfection du quai nord",
        "le plan de l'eau pour l'été prochain",
        "l'ouverture d'un dispensaire",
        "le budget de l'éclairage public",
        "un échange d'étudiants",
    ),
    "ar": (
        "الجسر الجديد فوق النهر",
        "سعر الدقيق",
        "خط القطار نحو الساحل",
        "ترميم الرصيف الشمالي",
        "خطة الماء للصيف المقبل",
        "افتتاح مستوصف",
        "ميزانية إنارة الشوارع",
        "تبادل الطلبة",
    ),
}
SAYS = {
    "en": (
        (
            "{Who} said on {n} occasions this year that {what} could not wait any longer, "
            "and asked for an answer before the autumn."
        ),
        (
            "Nobody expected {what} to cost {n} million, least of all {who}, who had signed"
            " the first plan."
        ),
        (
            "“We have looked at {what} from every side,” said {who}, adding that {n} "
            "families would be heard first."
        ),
        "{Who} left the room early.",
        (
            "Work on {what} was to begin within {n} days; by the end of the week nothing "
            "but a fence had been put up, and even that leaned."
        ),
        (
            "According to a paper of {n} pages that was read aloud in the hall, {what} "
            "depends on the weather, on the bank and on {who}."
        ),
        "The vote was close: {n} in favour, and {who} against.",
        (
            "After a long silence {who} spoke of {what} as if it had been settled years "
            "ago, which made some in the back rows laugh and others reach for their coats."
        ),
    ),
    "fr": (
        (
            "{Who} a répété à {n} reprises cette année que {what} ne pouvait plus attendre,"
            " et demande une réponse avant l'automne."
        ),
        (
            "Personne ne pensait que {what} coûterait {n} millions, et surtout pas {who}, "
            "qui avait signé le premier projet."
        ),
        (
            "« Nous avons étudié {what} sous tous les angles », a dit {who}, en précisant "
            "que {n} familles seraient entendues d'abord."
        ),
        "{Who} a quitté la salle très tôt.",
        (
            "Les travaux pour {what} devaient commencer sous {n} jours ; à la fin de la "
            "semaine, seule une clôture avait été posée, et encore penchait-elle."
        ),
        (
            "Selon un document de {n} pages lu à voix haute dans la salle, {what} dépend du"
            " temps, de la banque et de {who}."
        ),
        "Le vote a été serré : {n} voix pour, et {who} contre.",
        (
            "Après un long silence, {who} a parlé de {what} comme d'une affaire réglée "
            "depuis des années, ce qui a fait rire quelques-uns au fond."
        ),
    ),
    "ar": (
        (
            "قال {who} في {n} مناسبات هذه السنة إن {what} لا يحتمل مزيدا من التأجيل، وطلب "
            "جوابا قبل حلول الخريف."
        ),
        "لم يتوقع أحد أن يكلف {what} نحو {n} مليونا، وأقلهم توقعا كان {who} الذي وقع الخطة الأولى.",
        "«نظرنا في {what} من كل الجوانب»، يقول {who}، مضيفا أن {n} أسرة سيستمع إليها أولا.",
        "غادر {who} القاعة باكرا.",
        (
            "كان من المقرر أن تبدأ أشغال {what} في غضون {n} يوما، غير أن الأسبوع انتهى ولم "
            "يوضع سوى سياج مائل."
        ),
        (
            "وحسب وثيقة من {n} صفحة قرئت بصوت عال في القاعة، فإن {what} رهين بالطقس وبالبنك"
            " وبموقف {who}."
        ),
        "كان التصويت متقاربا: {n} صوتا مع، و{who} ضد.",
        (
            "وبعد صمت طويل تحدث {who} عن {what} كأن الأمر حسم قبل سنوات، فضحك بعض الجالسين "
            "في الخلف ومد آخرون أيديهم إلى معاطفهم."
        ),
    ),
}
HEAD = {
    "en": (
        "{Who} wants {what} decided this year",
        "{n} questions about {what}",
        "Why {what} divides the town",
    ),
    "fr": (
        "{Who} veut trancher sur {what}",
        "{n} questions sur {what}",
        "Pourquoi {what} divise la ville",
    ),
    "ar": ("{who} يطالب بالحسم في {what}", "{n} سؤالا عن {what}", "لماذا يقسم {what} أهل المدينة"),
}


def copies(count: int, seed: int, paragraphs: tuple[int, int]) -> Iterator[Copy]:
    """So many pages' copy, all in the language that the seed falls on, from oldest to newest."""
    dice = random.Random(seed)
    language = ("ar", "fr", "en")[seed % 3]
    for number in range(count):
        text = tuple(_paragraph(language, dice) for _ in range(dice.randint(*paragraphs)))
        yield Copy(
            language=language,
            headline=_filled(dice.choice(HEAD[language]), language, dice),
            at=BEGAN + timedelta(hours=5 * number, minutes=dice.randint(0, 200)),
            paragraphs=text,
            links=tuple(_filled(dice.choice(HEAD[language]), language, dice) for _ in range(24)),
        )


def _paragraph(language: str, dice: random.Random) -> str:
    return " ".join(
        _filled(dice.choice(SAYS[language]), language, dice)
        for _ in range(dice.choice((1, 1, 2, 2, 3, 4)))
    )


def _filled(frame: str, language: str, dice: random.Random) -> str:
    who = dice.choice(WHO[language])
    return frame.format(
        who=who,
        Who=who[0].upper() + who[1:],
        what=dice.choice(WHAT[language]),
        n=dice.randint(3, 400),
    )


# ── moulds of our own ─────────────────────────────────────────────────────────────────────────


def table(copy: Copy) -> str:
    """A page laid out in tables, without an article element and without a single class."""
    text = "".join(f"<p align=justify><font size=3>{escape(p)}</font></p>" for p in copy.paragraphs)
    menu = "".join(
        f"<tr><td><a href='/m{n}'>{escape(link)}</a></td></tr>"
        for n, link in enumerate(copy.links[:9])
    )
    return (
        f"<html lang={copy.language}><head><title>{escape(copy.headline)} - The "
        "Quay</title></head><body><table width=100%>"
        "<tr><td colspan=3><img src=/top.gif></td></tr><tr><td "
        f"width=160><table>{menu}</table></td><td>"
        "<table><tr><td><b><font "
        f"size=5>{escape(copy.headline)}</font></b></td></tr><tr><td>{copy.at:%d/%m/%Y %H:%M}</td></tr>"
        f"<tr><td>{text}</td></tr></table></td><td width=180><table>{menu}</table></td></tr>"
        "<tr><td colspan=3>© The Quay, all rights reserved. Printed on Sundays "
        "too.</td></tr></table></body></html>"
    )


def boxed(copy: Copy) -> str:
    """A right-to-left page with boxes between the paragraphs of its body."""
    parts = []
    for number, paragraph in enumerate(copy.paragraphs):
        parts.append(f"<p>{escape(paragraph)}</p>")
        if number % 3 == 1:
            parts.append(
                "<div class='inline-story'><span>اقرأ أيضا</span><a "
                f"href='/s{number}'>{escape(copy.links[number])}</a></div>"
            )
    others = "".join(
        f"<li><a href='/o{n}'>{escape(link)}</a></li>" for n, link in enumerate(copy.links[10:20])
    )
    return (
        f"<html dir=rtl lang={copy.language}><head><meta property='og:title' "
        f'content="{escape(copy.headline)}">'
        f"<title>{escape(copy.headline)} | الرصيف</title></head><body><div "
        "class=wrap><div class=post-single>"
        f"<h1 class=post-title>{escape(copy.headline)}</h1><div class=post-info><span "
        f"class=when>{copy.at:%Y-%m-%d %H:%M}</span></div>"
        f"<div class='post-text clearfix'>{''.join(parts)}<div class=tags-line><a "
        "href=/t1>ميناء</a> <a href=/t2>مدينة</a></div></div></div>"
        f"<div class=latest><h3>آخر الأخبار</h3><ul>{others}</ul></div></div></body></html>"
    )


def tickered(copy: Copy) -> str:
    """A page under a ticker of long headlines that end like sentences."""
    ticker = "".join(
        f"<div class=item><a href='/n{n}'>{escape(link)}.</a></div>"
        for n, link in enumerate(copy.links)
    )
    text = "".join(f"<p class=par>{escape(p)}</p>" for p in copy.paragraphs)
    return (
        f"<html lang={copy.language}><head><title>{escape(copy.headline)}</title>"
        f"<meta property='article:published_time' content='{copy.at.isoformat()}'></head><body>"
        f"<div class=flash>{ticker}</div><main><article class='full "
        f"entry-{copy.at:%H%M}'><header><h1>{escape(copy.headline)}</h1></header>"
        f"<section class=txt>{text}</section></article></main></body></html>"
    )


def walled(copy: Copy) -> str:
    """A stub: the free paragraphs, and a notice that the rest is for subscribers."""
    text = "".join(f"<p>{escape(p)}</p>" for p in copy.paragraphs)
    notice = {
        "en": "This article is for subscribers.",
        "fr": "Cet article est réservé aux abonnés.",
        "ar": "هذا المقال مخصص للمشتركين.",
    }[copy.language]
    others = "".join(
        f"<a class=card href='/c{n}'><h4>{escape(link)}</h4></a>"
        for n, link in enumerate(copy.links[:8])
    )
    return (
        f"<html lang={copy.language}><head><title>{escape(copy.headline)} – The "
        "Quay</title></head><body><div id=site>"
        "<div class=piece "
        f"id=piece-{copy.at:%d%H%M}><h1>{escape(copy.headline)}</h1><time "
        f"datetime='{copy.at.isoformat()}'></time>"
        f"<div class=free>{text}</div><div class=paywall-box><p>{notice}</p><a "
        "href=/join>Join</a></div></div>"
        f"<div class=more-cards>{others}</div></div></body></html>"
    )


FRAMES: dict[str, Press] = {
    "table layout": table,
    "right to left, boxes inside": boxed,
    "ticker on top": tickered,
    "paywall stub": walled,
}
