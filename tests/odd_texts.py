"""Texts for property tests: real words in three scripts, joined by whatever may stand between."""

from __future__ import annotations

from hypothesis import strategies as st

WORDS = """
    traité traitée traite traités TRAITES Traité signe signé signee arrêté ARRÊTÉ ÉTÉ été the three
    Maroc Mаroc IRAK Irak l’Irak lʼIrak e ee és café 2026 ٢٠٢٦ و2026 ال2026 G٢٠ 12٫5 naïve œuvre
    العراق والعراق بالعراق للعراق عراق وعراق ألمانيا وألمانيا المانيا الألمان بألمانيا إلى الى
    التي والتي الذي للذي وزير ووزير الوزير وزراء وزرا ماء الماء سكان كان وكان كالكان لل الال ال
    الم\u200cغـــرب ﺍﻟﻤﻐﺮﺏ ﷺ ﷲ ﻻ الـNATO وبالـCafé عراقNATO مسؤولة فؤاد ۇ ألألعاب الأمنيّة
    Россия MΑROC Straße ﬁn ʿIrāq ½ ㎖ \u200b \u0301 x\u00ad
""".split()
GAPS = (" ", " ", " ", ", ", ". ", "؟ ", "! ", "\n", "\n\n", ".\n\n", " · ", " § ", " | ", "; ")
GAPS += ("؛ ", "… ", " - ", "/", "'", "´", '"', "§x ", " §l ", ". . ")
words = st.sampled_from(WORDS)
odd_words = st.one_of(words, words, words, st.text(min_size=1, max_size=4))


@st.composite
def texts(draw: st.DrawFn, max_words: int = 25) -> str:
    """A text of few or many words, with sentences and paragraphs, or none at all."""
    pairs = draw(st.lists(st.tuples(odd_words, st.sampled_from(GAPS)), max_size=max_words))
    head = draw(st.sampled_from(("", "", "\n", ". ", "«")))
    return head + "".join(word + gap for word, gap in pairs)
