"""The questions that ``benchmarks.archive`` asks, by kind; words as an analyst types them.

The texts are Arabic press of Saudi Arabia and Tunisia (41,191 of them), so these are its words. Of a
hard phrase both words stand in more than 10 % of the articles and side by side in at most 6 of
10,000; an easy one stands in 40 to 200 of 10,000.
"""

from __future__ import annotations

TWO_WORDS = (
    "العراق السفارة", "تونس السياحة", "وزير الداخلية", "التعليم الجامعات", "الأمن الحدود",
    "القاهرة الرئيس", "فيلم مهرجان", "بطولة الدوري", "الكهرباء المياه", "المرور حادث",
    "الطلاب المدارس", "الحج المملكة", "اليمن الحوثيين", "النفط الأسعار", "سوريا اللاجئين",
    "البنك المركزي", "الصحة المستشفى", "إيران طهران", "فرنسا باريس", "الشرطة القبض",
)  # fmt: skip
EASY_PHRASES = (
    '"الجهات الأمنية"', '"المملكة المتحدة"', '"على أهمية"', '"الخليج العربي"', '"أفراد المجتمع"',
    '"أعمال إرهابية"', '"وزارة التعليم"', '"تحت شعار"', '"خادم الحرمين"', '"الأمن والاستقرار"',
    '"الدفاع الوطني"', '"منصور هادي"', '"دوري أبطال"', '"الدفاع المدني"', '"تفجير إرهابي"',
    '"بيان صادر"', '"هذه الخطوة"', '"على سبيل"', '"ومن المقرر"', '"الجماعات الإرهابية"',
)  # fmt: skip
HARD_PHRASES = (
    '"كان الذي"', '"دول وهي"', '"بين شهر"', '"يوم الذين"', '"بعد إلا"', '"كبير واضاف"',
    '"عالم قدم"', '"الذي عليه"', '"منها عبر"', '"عليه منطقة"', '"يوم فيها"', '"ذلك اضافة"',
    '"حول مستوى"', '"حكومة خاصة"', '"فترة رئيس"', '"مدينة وكان"', '"عند اضافة"', '"إلى التي"',
    '"أيام فيما"', '"مدير خاصة"',
)  # fmt: skip
NEAR = (
    "العراق NEAR/10 السفير", "الداخلية NEAR/5 الإرهاب", "تونس NEAR/10 اتفاقية",
    "المملكة NEAR/3 دول", "رئيس NEAR/10 مجلس", "بعد NEAR/2 قبل", "يوم NEAR/4 شهر",
    "الأمن NEAR/8 الحدود", "النفط NEAR/6 أسعار", "وزير NEAR/2 خارجية", "مدير NEAR/5 خاصة",
    "إيران NEAR/10 العراق", "الشرطة NEAR/10 مخدرات", "كان NEAR/1 الذي", "الطلاب NEAR/7 المدارس",
    "فيلم NEAR/9 جائزة", "عدد NEAR/3 جميع", "حول NEAR/5 مستوى", "الحكومة NEAR/10 اليمن",
    "باريس NEAR/10 هجوم",
)  # fmt: skip
ONE_CONCEPT = ("iraq", "morocco", "agreements", "police", "trafficking", "government", "sahara")
"""Rare and frequent ones of the lexicon."""
TWO_CONCEPTS = (
    ("morocco", "iraq"), ("iraq", "agreements"), ("iraq", "security-field"), ("police", "trafficking"),
    ("government", "agreements"), ("relation", "joint-act"), ("other-countries", "relation"),
    ("counter-terrorism", "other-countries"), ("morocco", "sahara"), ("iraq", "meeting"),
)  # fmt: skip
FREQUENT_WORDS = (
    "العراق", "المملكة", "رئيس", "تونس", "الأمن", "وزارة", "مدير", "الذي", "إيران", "التعليم",
)  # fmt: skip
"""For facets over 30 days, and for relevance with another word."""
