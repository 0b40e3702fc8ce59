"""Words of the trade that say how a text is built, as phrases of folded words. Tables; pure.

A phrase matches whole words, with or without a joined و or ف before an Arabic one, in any case,
accent or spelling that folding unifies. Phrases are separated by semicolons.
"""

from __future__ import annotations

import re
from functools import cached_property

from crawler.languages import folded_text, hamza_variants


class Phrases:
    """The phrases of a table; made ready when one is first looked for, which few commands do."""

    def __init__(self, table: str) -> None:
        self._table = table

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Matches any of them in folded text."""
        folded = {folded_text(phrase) for phrase in self._table.split(";")}
        spelled = {form for phrase in folded if phrase for form in hamza_variants(phrase)}
        return re.compile(rf"(?:^| )[وف]?(?:{'|'.join(sorted(map(re.escape, spelled)))})(?= |$)")


ROUND_UP = Phrases("""
    موجز; نشرة الأخبار; نشرة أخبار; عناوين الأخبار; عناوين النشرة; عناوين اليوم; أخبار الليل;
    أخبار اليوم; أخبار المساء; أخبار الصباح; أخبار السوق; أخبار الشركات; أخبار متفرقة;
    أخبار قصيرة; هذا اليوم في التاريخ; في مثل هذا اليوم; حدث في مثل هذا اليوم; أخبار سريعة;
    أخبار منوعة; أخبار في سطور; أخبار عالمية; أخبار دولية; أخبار محلية; أخبار العالم; أبرز أخبار;
    أبرز أحداث; أبرز الأحداث; أبرز عناوين; أبرز أنباء; أبرز مواعيد; أهم أخبار;
    أهم أحداث; أهم أنباء; أهم عناوين; أهم مواعيد; حصاد اليوم; حصاد الأسبوع;
    حصاد الأخبار; جولة الأخبار; جولة إخبارية; شريط الأخبار; أنباء متفرقة; ملخص الأخبار;
    آخر الأخبار; آخر الأنباء; أحداث اليوم; أحداث الأسبوع; أخبار الساعة; نشرة المساء; نشرة الصباح;
    نشرة الظهيرة; أخبار بإيجاز; العالم بإيجاز;
    principaux événements; principaux titres; en quelques lignes;
    nouvelles brèves; synthèse de l actualité; dépêches; en bref; brèves; actu en;
    actualité en; actualités en; essentiel de l actu; essentiel de l actualité; tour d horizon;
    les titres; flash info; flash infos; fil info; fil de l actualité; télex; les infos du;
    les infos de; info du jour; actualités du; actualités de; revue de l actualité; faits divers;
    ce jour là; éphéméride; éphémérides; on this day; this day in history; in brief;
    briefs; news brief; news briefs; round up; roundup; at a glance; news summary; news digest;
    daily digest; top stories; morning briefing; daily briefing; evening briefing; week ahead;
    day ahead; world news; news diary; news roundup; the week in; in other news; world briefs;
    key events; main events
""")
"""A headline with one of these announces several stories."""

OPENING = Phrases("""
    أجندة; مفكرة; مقتطفات; متفرقات;
    agenda; prévisions; journal du; journal de; journal des; actualité du; actualité de;
    à la une; diary; headlines; news in; today in
""")
"""Announces several stories too, if it stands among the first words of the headline."""

OPENING_WORDS = 3

PRESS = Phrases("""
    أقوال الصحف; اهتمامات الصحف; اهتمامات صحف; عناوين الصحف; افتتاحيات الصحف; جولة في الصحف;
    جولة الصحف; جولة في الصحافة; جولة الصحافة; جولة عبر الصحف; قراءة في الصحف; قراءة في صحف;
    قراءة في الصحافة; قراءة في عناوين; مطالعة الصحف; رصيف الصحافة; الصحف الصادرة; صحف الصادرة;
    صحف اليوم; صحف الصباح; في الصحف; في صحف; في الجرائد; عناوين الجرائد; أسبوعيات; صحف عربية;
    الصحف العربية; صحف عالمية; الصحف العالمية; صحف دولية; صحف أوروبية; الصحف الأوروبية;
    صحف أجنبية;
    revue de presse; revue de la presse; dans la presse; la presse en revue; hebdos; les unes;
    à la une des journaux; kiosque; ce que disent les journaux; ce que disent les quotidiens;
    ce que dit la presse; ce qu écrit la presse; vu par la presse; les quotidiens; les journaux;
    press review; press digest; press roundup; what the papers say; in the papers; the papers;
    front pages; in the press; newspaper headlines; arab newspapers; newspapers today
""")
"""A headline with one of these announces what papers write."""

LIVE = Phrases("""
    مباشر; تغطية مباشرة; تغطية مستمرة; تغطية متواصلة; تغطية حية; بث مباشر; لحظة بلحظة; أولا بأول;
    direct; en direct; minute par minute; heure par heure; suivez; live; live updates;
    as it happened; minute by minute; live blog; liveblog
""")
"""A headline with one of these announces one event, entry by entry."""

POINTS = Phrases("""
    نقاط; بنود; محاور; بيان; بلاغ; توصيات; قرارات; مقررات; مجلس الحكومة; المجلس الحكومي;
    مجلس الوزراء; نص; أسباب; شروط; أسئلة; حقائق; معلومات; خطوات; نصائح; أرقام; مواد;
    points; mesures; communiqué; déclaration; conseil de gouvernement; conseil des ministres;
    raisons; questions; choses à savoir; recommandations; texte; étapes; chiffres; conseils;
    clés; statement; declaration; resolution; measures; reasons; things to know; cabinet;
    takeaways; recommendations; terms; articles; facts; steps; tips; ways; lessons
""")
"""A headline with one of these announces points of one matter."""

ANNOUNCING = (ROUND_UP, OPENING, PRESS, LIVE, POINTS)

EVENT = Phrases("""
    زيارة; قمة; محادثات; مباحثات; اتفاق; اتفاقية; لقاء; اجتماع; جلسة; مؤتمر; محاكمة; زلزال;
    visite; sommet; pourparlers; accord; rencontre; entretien; entretiens; réunion; conférence;
    procès; visit; summit; talks; agreement; deal; meeting; conference; trial
""")
"""A headline with one of these may be about one event after all."""

SPEECH = Phrases("""
    قال; قالت; يقال; يقول; تقول; أضاف; أضافت; تابع; تابعت; أوضح; أوضحت; أكد; أكدت; أشار; أشارت;
    il a dit; elle a dit; il ajoute; elle ajoute; il a ajouté; elle a ajouté; selon; he said;
    she said; he added; she added; according
""")
"""A label that begins so introduces a quotation."""

PAPER = Phrases("""
    صحيفة; الصحيفة; جريدة; يومية; مجلة; أسبوعية; صحف; كتب; كتبت; ذكر; ذكرت; أفاد; أفادت; نشر;
    نشرت; تناول; تناولت; خصص; خصصت; فخصصت; تطرق; تطرقت; أورد; أوردت; نقل; نقلت; أبرز; أبرزت;
    اهتم; اهتمت; سلط; سلطت; نقرأ; قرأنا; ورد; أثار; أثارت; فأثارت; عنون; عنونت; تساءل; تساءلت;
    رأى; رأت; اعتبر; اعتبرت; تحدث; تحدثت; أشار; أشارت; كشف; كشفت; وقف; وقفت; عاد; عادت; قال;
    قالت;
    écrit; écrivent; rapporte; titre; publie; consacre; raconte; inquiète; livre; revient; note;
    souligne; indique; relève; évoque; estime; croit savoir; annonce; fait état; informe; révèle;
    dévoile; observe; s arrête; s intéresse; journal; quotidien; hebdomadaire; magazine; mensuel;
    writes; reports; says; leads; carries; argues; notes; quotes; runs; devotes; reported; wrote;
    said; daily; newspaper; paper; weekly; according to
""")
"""Stands near the name of a paper whose report follows."""

THE_PAPER = re.compile(r"[وف]?(?:[بك]?ال|لل)(?:صحيفه|جريده|يوميه|مجله|ورقه|اسبوعيه)(?!\w)")
"""As ``SAME_PAPER``, for ``Line.shown``: folding splits off the article that makes it the same."""

SAME_PAPER = Phrases("""
    أضاف; أضافت; أوضح; أوضحت; حسب; بحسب; وفق; ختم; ختمت; نقلت الصحيفة; المصدر ذاته; المصدر نفسه;
    le journal; le quotidien; l hebdomadaire; le magazine; selon le; selon la; selon lui;
    le même; la même; la publication; la source; the paper; the newspaper; the daily; the weekly;
    the magazine; it adds; it also; the same
""")
"""A line that begins so goes on with the paper before."""

WEEKDAYS = frozenset(
    folded_text("""
    الاثنين الإثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد الثلاثا الأربعا
    lundi mardi mercredi jeudi vendredi samedi dimanche
    monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun
    """).split()
)

MONTHS = frozenset(
    folded_text("""
    يناير فبراير مارس أبريل إبريل ماي مايو يونيو يوليوز يوليو غشت أغسطس شتنبر سبتمبر أكتوبر نونبر
    نوفمبر دجنبر ديسمبر كانون شباط آذار نيسان أيار حزيران تموز آب أيلول تشرين
    janvier février mars avril mai juin juillet août septembre octobre novembre décembre
    january february march april may june july august september october november december
    jan feb mar apr jun jul aug sep sept oct nov dec
    """).split()
)

READ_ALSO = Phrases("""
    اقرأ أيضا; اقرأوا أيضا; اقرأ المزيد; اقرأ كذلك; شاهد أيضا; شاهدوا أيضا; طالع أيضا; طالع كذلك;
    تابع أيضا; مواضيع ذات صلة; مواضيع متعلقة; مواضيع مشابهة; مقالات ذات صلة; مقالات متعلقة;
    مقالات مشابهة; أخبار ذات صلة; أخبار متعلقة; أخبار أخرى; مواد ذات صلة; قد يهمك; ربما يهمك;
    قد يعجبك;
    à lire aussi; lire aussi; à lire également; lire également; à voir aussi; voir aussi;
    voir également; à découvrir aussi; sur le même sujet; sur le même thème; dans le même sujet;
    articles liés; articles similaires; articles connexes; read also; also read; read more;
    see also; read next; related articles; related stories; related news; you may also like;
    you might also like; more stories
""")
"""A line that begins so points to other stories."""
