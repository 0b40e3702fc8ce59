"""Central Kurdish (Sorani), in the Arabic script: recognition, and the endings of names."""

from __future__ import annotations

from crawler.languages.tables import LanguageTables


def _noun(word: str) -> frozenset[str]:
    """Names with their endings, as folded: عێراق → عێراقی عێراقدا عێراقەوە عێراقییەکان."""
    ends = ("", "ي", "دا", "يش", "هوه", "يدا", "يهوه", "ييه", "ييهكان", "ييهكاني", "يان", "هكان")
    return frozenset(word + end for end in ends)


TABLES = LanguageTables(
    code="ckb",
    script="arabic",
    right_to_left=True,
    words="""
        لە بە و بۆ کە ئەم ئەو لەگەڵ لەسەر دەکات دەکرێت کرد کردن بوو دوای نێوان ساڵی وەک هەر
        نییە دەبێت هەیە پێش یان بەڵام چۆن ژمارەیەک لەلایەن سەرۆکی هەرێمی وەزیری کوردستان
        سەرۆک تر ئەوەی
    """,
    letters="ەێۆڕڵڤ",
    letter_weight=4.0,
    inflections={"noun": _noun},
)
