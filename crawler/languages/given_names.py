"""Given names, kunyas, titles and verbs of speech as folded words: tables for ``matching.persons``.

Latin names are listed in one spelling; ``is_given`` knows the others. Sorted. A missing name costs
an unrecognised surname, never a wrong match.
"""

from __future__ import annotations

import re
from functools import cache

from crawler.languages import ar, normalization, transliteration

_ARABIC = frozenset(
    """
    ابراهيم احمد ادريس ادم اسامه اسحاق اسعد اسماء اسماعيل اكرم الحسن الحسين الزهراء الطاهر
    المصطفي المهدي الياس امال امجد امينه انس انور ايمان ايمن ايوب باسم بدر برهم بسام بشار بشير
    بلال بهاء توفيق ثابت ثامر جاسم جبار جعفر جلال جليل جمال جمعه جواد حاتم حازم حامد حبيب حسام
    حسن حسين حمزه حمود حميد حنان حيدر خالد خديجه خليل داود رافع رايد رباب رشيد رضا رعد رياض زكريا
    زهير زياد زيد زينب سارا ساره سامي سعاد سعد سعيد سفيان سلمان سليم سليمان سمير سناء سهيل شاكر
    شعيب صباح صدام صلاح ضياء طارق طالب طه عايشه عادل عامر عباس عبدالله عثمان عدنان عز عزيز عصام
    علاء عماد عمار عمر عمران غازي غسان فاروق فاضل فاطمه فالح فلاح فهد فواد فوزي فيصل قاسم قحطان
    قصي قيس كاظم كريم كمال ليث ليلي ماجد مازن مالك محسن محمد محمود مراد مروان مريم مسعود مصطفي
    مناف منصف منصور منير مهدي مهند موسي مولاي موفق مويد نادر ناصر نايف نبيل نجاه نجيب نجيه نزار
    نزهه نصير نعيم نوال نوري نوفل هادي هاشم هاني هدي هشام هوشيار هيثم وايل وجيه وليد ياسر ياسمين
    ياسين يحيي يعقوب يوسف يونس
    """.split()
)
_ALSO_WORDS = frozenset(
    {"امين", "جميل", "حكيم", "سالم", "سلام", "شريف", "صالح", "علي", "نور", "وسام"}
)
"""Given names that are common words as well: they name a person only beside another name."""

_LATIN = tuple(
    """
    abbas abdallah abdelaziz abdelhak abdelhamid abdelilah abdelkader abdelkrim abdellah
    abdellatif abdelmajid abdelouafi abdelwahed abderrahim abderrahman abderrahmane abdesslam
    abdulamir abdullah abdullatif adel adil adnan ahmad ahmed aicha ali amin amina amir amjad
    ammar anas anwar asma ayman ayoub aziz aziza badr barham basim bassam bilal brahim chakib
    driss fadel fadil faisal faical falah farid fatima fatiha fawzi fayçal fouad fuad ghassan
    habib hadi haider hakim halima hamid hamza hanan hasan hashim hassan haytham hicham hisham
    hoshyar houda hussein husain ibrahim idris ilyas imad iman ismail jaafar jalal jamal jamila
    jasim jawad jihad kamal karim karima khadija khalid khaled khalil laila latifa layth leila
    mahdi mahmoud majid malik mariam maryam marwan mehdi mohamed mohammad mohammed mostafa
    moulay mourad mouna moussa muhammad mustafa mustapha nabil nabila nadia nadir naima najat
    najib najlaa nasser naoufal nawal nizar noureddine nouri omar osama othman qasim qassem qais
    rachid rachida rafik rashid reda riad rida riyad saad saadeddine said salah salaheddine
    salim salma salman samir samira sami sanaa siham sofiane soumia souad tariq tarik thabit
    wafa walid wissam yahya yasmine yassine yassir youness youssef yunus yusuf zakaria zineb
    zaynab ziad
    """.split()
)
KUNYAS = frozenset({"ابو", "ابي", "ابا", "ام", "بن", "ابن", "بنت", "ال"})
"""Words that make the next word a name: father, mother, son, daughter, house of."""

BEFORE_ALDIN = frozenset(
    """
    عز صلاح نور سعد شمس علاء سيف محيي محي جمال ضياء بهاء خير فخر تقي ناصر شرف نجم حسام عماد
    """.split()
)
"""Words that form a given name with الدين: صلاح الدين."""

TITLES = frozenset(
    """
    استاذ حارس حاج حاجه دكتور دكتوره سيد سيده سيدي شاعر شيخ فنان فنانه كابتن لاعب لاله مخرج مدرب
    مطرب ممثل منشد مهاجم مهندس مولاي نجم
    """.split()
) | frozenset(
    """
    ambassadeur ambassador captain capitaine cheikh coach col colonel docteur dr gen general
    lieutenant m maitre me minister ministre mlle mme monsieur mr mrs ms pr president prof
    professeur professor selectionneur sheikh sidi sir
    """.split()
)
"""Titles that precede a surname or a full name. (Behind an office, a country's adjective follows.)
"""

SPEECH_VERBS = frozenset(
    """
    ابرز ابلغ اجاب اشاد اشار اضاف اعتبر اعرب اعلن اكد اوضح بحث بين تابع تحدث تساءل جدد حذر دعا
    ذكر راي رحب رد زار سجل شدد صرح طالب عبر عقد علق قال كشف لفت ناقش نفي نوه واصل وصف وضح يري
    يقول يوكد
    """.split()
)
_ORDINALS = frozenset(
    "الاول الثاني الثالث الرابع الخامس السادس السابع الثامن التاسع العاشر".split()
)
_ROMAN = re.compile("[ivx]+")


@cache
def _latin() -> frozenset[str]:
    return frozenset(
        spelling
        for name in _LATIN
        for spelling in transliteration.spellings(normalization.unaccented(name))
    )


def is_given(word: str) -> bool:
    """Whether the plain word, without proclitics, is a given name and hardly anything else."""
    glued = word.startswith("عبدال") and len(word) > 6
    return glued or word in _ARABIC or normalization.unaccented(word) in _latin()


def is_also_given(word: str) -> bool:
    """Whether the plain word may be a given name, but is a common word as well."""
    return word in _ALSO_WORDS


def is_regnal_number(word: str) -> bool:
    """Whether the plain word numbers a ruler of that name: السادس, VI."""
    return word in _ORDINALS or _ROMAN.fullmatch(word) is not None


def is_arabic(word: str) -> bool:
    """Whether the word is in Arabic script."""
    return ar.is_arabic(word)
