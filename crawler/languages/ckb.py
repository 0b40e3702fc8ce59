"""Central Kurdish (Sorani), in the Arabic script: tables for its recognition, no inflection yet."""

from __future__ import annotations

from crawler.languages.tables import LanguageTables

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
)
