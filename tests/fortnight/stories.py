"""Stories in Arabic, French and English, each of its own words: a headline, a lead, some paragraphs.

Five kinds: ``security`` and ``bilateral`` are what the topic that ships flags, ``harbour`` what the
desk's own topic flags, ``lighthouse`` what it flags once it was edited, "" what nothing flags.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Literal

Kind = Literal["security", "bilateral", "harbour", "lighthouse", ""]
PARAGRAPHS = 3  # after the lead
PRESENT = 16  # persons named at the end: what makes two stories of one mould unlike each other


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """What an outlet prints."""

    headline: str
    paragraphs: tuple[str, ...]


# Language → kind → (headline, lead). {city} and {n} make each its own.
LEADS: dict[str, dict[Kind, tuple[tuple[str, str], ...]]] = {
    "fr": {
        "security": (
            (
                "Rabat et Bagdad paraphent à {city} l'accord de coopération sécuritaire numéro {n}",
                "Le Maroc et l'Irak ont paraphé à {city} un accord de coopération sécuritaire, le"
                " {n}e texte que les deux ministres de l'Intérieur soumettent à leurs parlements.",
            ),
            (
                "Extradition : le Maroc et l'Irak signent à {city} la convention {n}",
                "Les ministres de la Justice du Maroc et de l'Irak ont signé à {city} une convention"
                " d'extradition qui concerne {n} dossiers ouverts dans les deux pays.",
            ),
        ),
        "bilateral": (
            (
                "L'ambassadeur d'Irak au Maroc reçu à {city} avec {n} propositions",
                "Le ministre marocain des Affaires étrangères a reçu à {city} l'ambassadeur d'Irak,"
                " qui lui a remis {n} propositions de son gouvernement pour les relations entre les"
                " deux pays.",
            ),
            (
                "Le Maroc et l'Irak ouvrent à {city} une commission mixte de {n} membres",
                "Le Maroc et l'Irak ont installé à {city} une commission mixte de {n} membres qui"
                " préparera les accords bilatéraux de l'année.",
            ),
        ),
        "harbour": (
            (
                "Le bassin de radoub de {city} ferme pour {n} jours",
                "Le bassin de radoub de {city} sera vidé lundi et fermé pendant {n} jours, le temps"
                " de remplacer ses portes.",
            ),
        ),
        "lighthouse": (
            (
                "La lanterne du phare de {city} démontée en {n} pièces",
                "La lanterne du phare de {city} a été démontée en {n} pièces et descendue au pied de"
                " la tour par les artisans.",
            ),
        ),
        "": (
            (
                "À {city}, {n} étals rouvrent au marché couvert",
                "Le marché couvert de {city} a retrouvé mardi {n} de ses étals après la réfection de"
                " la toiture.",
            ),
            (
                "{city} plante {n} arbres le long du boulevard",
                "La commune de {city} plantera {n} arbres le long du boulevard avant la fin de"
                " l'hiver.",
            ),
            (
                "Handball : {city} l'emporte de {n} buts",
                "L'équipe de {city} l'a emporté de {n} buts devant une salle presque pleine.",
            ),
        ),
    },
    "en": {
        "security": (
            (
                "Morocco and Iraq sign security cooperation accord number {n} in {city}",
                "Morocco and Iraq signed a security cooperation agreement in {city}, the text number"
                " {n} that the two interior ministers have brought before their parliaments.",
            ),
            (
                "Morocco hands over to Iraq {n} men wanted on Interpol notices, from {city}",
                "Morocco has extradited to Iraq {n} men wanted on Interpol notices who had been held"
                " in {city}, the justice ministry said.",
            ),
        ),
        "bilateral": (
            (
                "Iraq's ambassador brings {n} proposals to Morocco's foreign minister in {city}",
                "Morocco's foreign minister received Iraq's ambassador in {city} for talks on {n}"
                " proposals about relations between the two countries.",
            ),
            (
                "Morocco and Iraq open a joint committee of {n} members in {city}",
                "Morocco and Iraq agreed in {city} to set up a joint committee of {n} members to"
                " prepare bilateral agreements.",
            ),
        ),
        "harbour": (
            (
                "The dry dock of {city} is closed for {n} days",
                "The dry dock of {city} will be pumped out on Monday and stay closed for {n} days"
                " while its gates are replaced.",
            ),
        ),
        "lighthouse": (
            (
                "The lighthouse of {city} is taken apart into {n} crates",
                "Masons took the lantern of the lighthouse of {city} apart and packed it into {n}"
                " crates on Sunday.",
            ),
        ),
        "": (
            (
                "In {city}, {n} stalls open again at the covered market",
                "The covered market of {city} got {n} of its stalls back on Tuesday after its roof"
                " was mended.",
            ),
            (
                "{city} plants {n} trees along the avenue",
                "The town of {city} is going to plant {n} trees along the avenue before the winter"
                " is over.",
            ),
            (
                "Handball: {city} wins by {n} goals",
                "The side of {city} won by {n} goals before a hall that was nearly full.",
            ),
        ),
    },
    "ar": {
        "security": (
            (
                "المغرب والعراق يوقعان في {city} اتفاقية التعاون الأمني رقم {n}",
                "وقع المغرب والعراق في {city} اتفاقية للتعاون الأمني، وهي النص رقم {n} الذي يعرضه"
                " وزيرا الداخلية في البلدين على البرلمان.",
            ),
            (
                "المغرب يسلم العراق {n} مطلوبين كانوا موقوفين في {city}",
                "سلمت السلطات المغربية إلى العراق {n} مطلوبين للإنتربول كانوا موقوفين في {city}،"
                " تنفيذا لاتفاقية تسليم المطلوبين بين البلدين.",
            ),
        ),
        "bilateral": (
            (
                "وزير الخارجية المغربي يستقبل في {city} سفير العراق ومعه {n} مقترحات",
                "استقبل وزير الخارجية المغربي في {city} سفير العراق لدى المغرب، وبحثا {n} مقترحات"
                " حول العلاقات الثنائية بين البلدين.",
            ),
            (
                "المغرب والعراق يتفقان في {city} على لجنة مشتركة من {n} عضوا",
                "اتفق المغرب والعراق في {city} على إحداث لجنة مشتركة من {n} عضوا تعد الاتفاقيات"
                " الثنائية.",
            ),
        ),
        "harbour": (
            (
                "الحوض الجاف في {city} يغلق {n} يوما",
                "يفرغ الحوض الجاف في {city} يوم الاثنين ويغلق {n} يوما حتى تستبدل بواباته.",
            ),
        ),
        "lighthouse": (
            (
                "تفكيك منارة {city} إلى {n} قطعة",
                "فكك الحرفيون قنديل منارة {city} إلى {n} قطعة أنزلت إلى أسفل البرج.",
            ),
        ),
        "": (
            (
                "إعادة فتح {n} دكانا في سوق {city} المغطى",
                "استعاد السوق المغطى في {city} يوم الثلاثاء {n} من دكاكينه بعد إصلاح سقفه.",
            ),
            (
                "بلدية {city} تغرس {n} شجرة على طول الشارع",
                "تغرس بلدية {city} على طول الشارع {n} شجرة قبل نهاية الشتاء.",
            ),
            (
                "كرة اليد: فريق {city} يفوز بفارق {n} أهداف",
                "فاز فريق {city} بفارق {n} أهداف أمام قاعة تكاد تمتلئ.",
            ),
        ),
    },
}

# Language → (sentence with three words and a number, the words for each of its places).
_Sentence = tuple[str, tuple[str, ...], tuple[str, ...], tuple[str, ...]]
SENTENCES: dict[str, tuple[_Sentence, ...]] = {
    "fr": (
        (
            "{0} a compté {n} {1} avant de parler {2}, et personne ne l'a interrompu.",
            ("Le trésorier", "La doyenne", "Le gardien", "Un menuisier", "L'institutrice", "Le maire adjoint"),
            ("chaises", "dossiers", "lampes", "registres", "signatures", "paniers"),
            ("de l'hiver", "du budget", "des écoles", "de la route du nord", "des loyers", "de la digue"),
        ),
        (
            "Il a fallu {n} minutes {0} pour que {1} retrouve {2} dans l'arrière-salle.",
            ("de patience", "de recherche", "de discussion", "de silence", "d'attente"),
            ("la secrétaire", "l'imprimeur", "le comptable", "la cuisinière", "l'archiviste"),
            ("les clés", "le procès-verbal", "la vieille carte", "la caisse", "le tampon"),
        ),
        (
            "Sur {n} {0}, {1} en a gardé la moitié {2}, sans dire pourquoi.",
            ("lettres", "affiches", "photographies", "billets", "caisses", "bons"),
            ("le comité", "l'association", "le syndicat", "la coopérative", "la paroisse"),
            ("dans un tiroir", "sous l'escalier", "au grenier", "chez le notaire", "à la cave"),
        ),
    ),
    "en": (
        (
            "{0} counted {n} {1} before speaking of {2}, and was not interrupted.",
            ("The treasurer", "The oldest member", "The caretaker", "A joiner", "The teacher", "The deputy mayor"),
            ("chairs", "folders", "lamps", "ledgers", "signatures", "baskets"),
            ("the winter", "the budget", "the schools", "the northern road", "the rents", "the dyke"),
        ),
        (
            "It took {n} minutes of {0} until {1} found {2} in the back room.",
            ("patience", "searching", "argument", "silence", "waiting"),
            ("the clerk", "the printer", "the accountant", "the cook", "the archivist"),
            ("the keys", "the minutes", "the old map", "the cash box", "the stamp"),
        ),
        (
            "Of {n} {0}, {1} kept one half {2} without saying why.",
            ("letters", "posters", "photographs", "tickets", "crates", "vouchers"),
            ("the committee", "the society", "the union", "the cooperative", "the parish"),
            ("in a drawer", "under the stairs", "in the attic", "at the notary's", "in the cellar"),
        ),
    ),
    "ar": (
        (
            "أحصى {0} {n} من {1} قبل أن يتحدث عن {2} ولم يقاطعه أحد.",
            ("أمين الصندوق", "أكبر الأعضاء", "الحارس", "النجار", "المعلم", "نائب العمدة"),
            ("الكراسي", "الملفات", "المصابيح", "السجلات", "التوقيعات", "السلال"),
            ("الشتاء", "الميزانية", "المدارس", "الطريق الشمالية", "الإيجارات", "الجسر"),
        ),
        (
            "استغرق الأمر {n} دقيقة من {0} حتى عثر {1} على {2} في الغرفة الخلفية.",
            ("الصبر", "البحث", "النقاش", "الصمت", "الانتظار"),
            ("الكاتب", "الطابع", "المحاسب", "الطباخ", "أمين المحفوظات"),
            ("المفاتيح", "المحضر", "الخريطة القديمة", "الخزنة", "الختم"),
        ),
        (
            "من أصل {n} من {0} احتفظ {1} بالنصف {2} دون أن يبين السبب.",
            ("الرسائل", "الملصقات", "الصور", "التذاكر", "الصناديق", "القسائم"),
            ("أعضاء اللجنة", "أهل الجمعية", "أهل النقابة", "أهل التعاونية", "سكان الحي"),
            ("في درج", "تحت السلم", "في العلية", "عند الموثق", "في القبو"),
        ),
    ),
}  # fmt: skip
PERSONS = {
    "fr": ("Étaient présents", "Anselme Blaise Colin Damien Edgar Fabien Gaston Hilaire Ismaël Jonas Léonce Marius", "Aubin Berthier Carlet Delmas Estève Fontan Garnier Hubert Jourdan Lacaze Morel Naudin Perrot Roussel"),
    "en": ("Present were", "Alban Basil Cedric Duncan Edwin Felix Gilbert Hector Ivor Jasper Lionel Milton", "Ashby Barlow Calder Denby Elwood Farrow Garside Hurst Ingram Kirby Lomax Marsh Norwood Pryor"),
    "ar": ("وحضر اللقاء", "أنور باسم تامر جلال حازم خليل رامي زاهر سامر شادي طارق عامر", "البستاني التاجر الجوهري الحداد الخياط الدباغ الرسام السراج الصباغ العطار الفران القاضي الكحال النساج"),
}  # fmt: skip
CITIES = {
    "fr": ("Port-Vieux", "Clairmont", "Sainte-Aude", "Valrive", "Montbrun", "Les Salines", "Belcastel", "Rochefleur"),
    "en": ("Oldhaven", "Clearmount", "Saltmarsh", "Brownhill", "Riverdale", "Stonebridge", "Fairwater", "Ashcombe"),
    "ar": ("المرسى القديم", "عين الصفا", "الملاحات", "تل الزيتون", "وادي الورد", "قنطرة الحجر", "حصن الغدير", "روضة النخيل"),
}  # fmt: skip


def write(language: str, kind: Kind, number: int) -> Text:
    """The story of this number: the same at each call, and none of its sentences like another's."""
    chance = random.Random(f"{language} {kind} {number}")
    headline, lead = chance.choice(LEADS[language][kind])
    of = {"city": chance.choice(CITIES[language]), "n": number}
    rest = (" ".join(_sentence(language, chance) for _ in range(2)) for _ in range(PARAGRAPHS))
    paragraphs = (lead.format(**of), *rest, _persons(language, chance))
    return Text(headline=headline.format(**of), paragraphs=paragraphs)


def _sentence(language: str, chance: random.Random) -> str:
    pattern, *places = chance.choice(SENTENCES[language])
    return pattern.format(*map(chance.choice, places), n=chance.randrange(3, 900))


def _persons(language: str, chance: random.Random) -> str:
    opening, first, last = PERSONS[language]
    pairs = (
        f"{chance.choice(first.split())} {chance.choice(last.split())}" for _ in range(PRESENT)
    )
    return f"{opening} {'، '.join(pairs) if language == 'ar' else ', '.join(pairs)}."
