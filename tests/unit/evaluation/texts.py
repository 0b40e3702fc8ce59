"""Short texts of two subjects, dams and football, in three languages, for proposals."""

from __future__ import annotations

from crawler.evaluation import LabelledItem

DAMS = {
    "en": (
        "The dam above the town is full. Engineers opened its gates on {day}.",
        "Work on two dams began on {day}, the river authority said.",
        "The old dam leaks. The river authority promised repairs by {day}.",
        "Two dams were emptied on {day} for repairs.",
        "A crack in the dam was found on {day}; the river authority closed the road.",
    ),
    "fr": (
        "Le barrage de la vallée est plein. Les vannes ont été ouvertes {day}.",
        "Les travaux de deux barrages ont commencé {day}, selon l'agence du bassin.",
        "Le vieux barrage fuit. L'agence du bassin promet des travaux {day}.",
        "Deux barrages ont été vidés {day} pour des réparations.",
        "Une fissure du barrage a été découverte {day} ; l'agence du bassin ferme la route.",
    ),
    "ar": (
        "امتلأ السد الكبير وفتحت بواباته {day}.",
        "بدأت {day} أشغال السد الجديد حسب وكالة الحوض.",
        "يشكو السد القديم من تسرب، ووعدت وكالة الحوض بإصلاحه {day}.",
        "أفرغ السد {day} من أجل الصيانة.",
        "اكتشف شق بالسد {day} فأغلقت وكالة الحوض الطريق.",
    ),
}
OTHER = {
    "en": "The match ended {day} with two goals; the team goes to the final.",
    "fr": "Le match s'est terminé {day} par deux buts ; l'équipe va en finale.",
    "ar": "انتهت المباراة {day} بهدفين وتأهل الفريق إلى النهائي.",
}
DAYS = {
    "en": ("on Monday", "on Tuesday", "in May", "in June"),
    "fr": ("lundi", "mardi", "en mai", "en juin"),
    "ar": ("الاثنين", "الثلاثاء", "في ماي", "في يونيو"),
}


def an_item(name: str, text: str, language: str, **truth: bool) -> LabelledItem:
    """A text that is an event of its own."""
    return LabelledItem(id=name, title="", text=text, language=language, truth=truth)


def on_dams(*languages: str) -> list[LabelledItem]:
    """Five texts on dams in each language, each of an event of its own."""
    return [
        an_item(f"dam-{language}-{n}", text.format(day=DAYS[language][n % 4]), language, dams=True)
        for language in languages or DAMS
        for n, text in enumerate(DAMS[language])
    ]


def on_football(each: int = 30, *languages: str) -> list[LabelledItem]:
    """So many texts on football in each language."""
    return [
        an_item(
            f"match-{language}-{n}", OTHER[language].format(day=DAYS[language][n % 4]), language
        )
        for language in languages or OTHER
        for n in range(each)
    ]
