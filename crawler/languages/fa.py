"""Persian: tables for its recognition, no inflection yet."""

from __future__ import annotations

from crawler.languages.tables import LanguageTables

TABLES = LanguageTables(
    code="fa",
    script="arabic",
    right_to_left=True,
    words="""
        از به که در این را با است برای آن می های شد کرد خود ها شده یک هم تا بر نیز اما یا
        باید بود نیست کند دارد شود گفت ایران ما پس چه هر دو سال روز ای کردن کنند خواهد پیش
        پشت چگونه چرا
    """,
    letters="پچژگیک",
    letter_weight=1.5,
)
