"""Texts of several stories in three languages, and ordinary ones that only look alike."""

from __future__ import annotations

ROUND_UPS = {
    "datelines": (
        "The region in brief",
        "OSLO – The fish market reopened after a fire that nobody can explain.\n"
        "VIENNA – Tram drivers voted for a strike on Monday.\nIt would be the first in ten years.\n"
        "LISBON – A painting thought lost was found in a school.",
    ),
    "desks": (
        "L'essentiel de l'actualité de ce mardi",
        "Météo. La neige est attendue au-dessus de mille mètres.\n"
        "Transports. La gare du Nord ferme deux nuits.\n"
        "Foot. Le gardien prolonge son contrat d'un an.",
    ),
    "bullets": (
        "موجز أخبار المساء",
        "– الطقس: أمطار متفرقة على الساحل الشرقي.\n– الصحة: افتتاح مستشفى للأطفال في الضاحية.\n"
        "– رياضة: الحارس يجدد عقده لموسم واحد.",
    ),
    "papers": (
        "أقوال الصحف الصادرة اليوم",
        "نبدأ جولتنا مع «الميزان» التي كتبت أن سعر الزيت ارتفع.\n"
        "وذكرت «النافذة» أن الميناء سيتوسع غربا.\nأما «السفينة» فتناولت أزمة السكن في العاصمة.",
    ),
    "papers in French": (
        "Ce que disent les hebdos",
        "La Balance consacre sa une au prix de l'huile. Le journal a suivi la filière.\n"
        "Fenêtres raconte la vie d'un phare et de son gardien.\n"
        "Le Navire s'inquiète pour le port, où les grues rouillent.",
    ),
    "headings": (
        "أخبار السوق",
        "\n".join(
            f"{title}\n{'أعلنت الشركة اليوم نتائجها للربع الثالث ' + detail} " + "وقالت إنها راضية. " * 4
            for title, detail in (
                ("أرباح المخابز ترتفع", "بعد موسم قمح جيد"),
                ("خسائر في مصنع الزجاج", "بسبب عطل في الأفران"),
                ("توزيع أسهم النقل البحري", "على كل مساهم"),
            )
        ),
    ),
    "separators": (
        "Actualités en quelques lignes",
        "La neige est attendue au-dessus de mille mètres.\n***\nLa gare du Nord ferme deux nuits.\n"
        "* * *\nLe gardien prolonge son contrat d'un an.\nــــــ\nUn tableau perdu est retrouvé.",
    ),
    "agenda": (
        "Diary for the week",
        "Monday: choir rehearsal at the town hall.\nTuesday: budget vote.\n"
        "Wednesday: opening of the ice rink.\nThursday: verdict in the bakery case.",
    ),
}  # fmt: skip

LOGS = {
    "live in French": (
        "EN DIRECT. La traversée du lac, minute par minute",
        "18 h 02. Fin de ce direct.\n17 h 40. Les derniers nageurs sortent de l'eau.\n"
        "16 h 15. Le vent se lève.\n15 h. Départ.",
    ),
    "live in English": (
        "Live: swimmers cross the lake",
        "6.10pm Thanks for reading.\n5.25pm The last swimmers are out.\n3.40pm Wind.\n12.05pm Go.",
    ),
    "live in Arabic": (
        "مباشر | عبور البحيرة لحظة بلحظة",
        "س ٠٨:٤٠ صباح الخير من ضفة البحيرة.\n09:15 انطلاق السباحين.\n10:20 - الرياح تشتد.\n"
        "11:05: وصول الأول.\nوقال إنه متعب.",
    ),
    "chronology": (
        "Le pont, une histoire",
        "Il a fallu du temps.\n1911 : premiers plans.\n1923 : les piles sont coulées.\n"
        "1931 : ouverture.\n1987 : fermeture pour travaux.",
    ),
}

ONE_STORY = {
    "points of a communiqué": (
        "Conseil de gouvernement : les dix points à retenir",
        "Le Conseil s'est réuni jeudi.\n1. Adoption du décret sur les huiles.\n"
        "2. Report du texte sur les gîtes.\n3. Feu vert au statut des ingénieurs.\n"
        "4. Nomination d'une directrice.",
    ),
    "points of a statement": (
        "البيان الختامي لاجتماع اللجنة",
        "إن اللجنة المنعقدة في العاصمة:\nأولاً: توصي بتبادل النشرات.\nثانياً: تقر برنامجا للتدريب.\n"
        "ثالثاً: تعقد دورتها القادمة في الخريف.",
    ),
    "bullets of a report": (
        "New rules for the lake",
        "The council has adopted new rules for swimmers on the lake.\n- Swimmers wear a cap.\n"
        "- Swimmers stay near the shore.\n- Boats keep away from swimmers.\n- Dogs stay on the shore.",
    ),
    "interview": (
        "حوار مع حارس المنارة",
        "* متى بدأت العمل هنا؟\n- قبل عشرين سنة، وكانت الطريق ترابية والزوار قليلين جدا.\n"
        "* وهل تفكر في الرحيل؟\n- لا، فالبحر يعرفني وأعرفه، ولي هنا قطة وحديقة صغيرة.",
    ),
    "a review of one subject": (
        "Revue de presse : le séisme de la baie, la colère des pêcheurs",
        "La Balance écrit que les pêcheurs de la baie accusent l'Etat après le séisme.\n"
        "Fenêtres raconte la nuit des pêcheurs dans la baie.\n"
        "Le Navire publie le récit d'un pêcheur : le séisme, la colère, l'attente dans la baie.",
    ),
    "a feature with subheads": (
        "Le gardien du phare",
        "Il vit seul.\nUne enfance\nIl est né dans une ferme, loin de la mer, un jour de neige.\n"
        "Le phare\nIl l'a vu pour la première fois à douze ans, et n'en est plus parti.",
    ),
    "a column cut by stars": (
        "حكمة البحر",
        "البحر معلم صبور كما يقول الصيادون القدامى في قريتنا الصغيرة كل مساء.\n***\n"
        "والصيادون يعرفون أن البحر لا يعطي من لا يصبر عليه طويلا.\n***\n"
        "لذلك يعود الصيادون إلى البحر كل فجر وكأنه أول فجر.",
    ),
}  # fmt: skip

PROSE = (
    "أعطى وزير الفلاحة أمس انطلاقة الموسم الجديد في الإقليم، وقدم معطيات حول البذور والأسمدة "
    "والتساقطات، وقال إن المزارعين سيحصلون على دعم إضافي."
)
"""A paragraph about farming."""

TITLES = (
    "الكشف عن تشكيلة المنتخب قبل مباراة السبت",
    "إدانة رئيس ناد رياضي بالحبس النافذ",
    "متحف العاصمة يفتح أبوابه ليلا لأول مرة",
    "سفينة شراعية تعبر المحيط في أربعين يوما",
    "محكمة النقض ترفض طعن شركة الهاتف",
)
"""Headlines of other stories."""
