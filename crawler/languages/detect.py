"""Which language a text is in: script, then letters of its own, then stop words. No model."""

from __future__ import annotations

import re

# Words no text of the language does without, and that its neighbours here do not have.
_STOP: dict[str, frozenset[str]] = {
    "ar": frozenset(["من", "في", "على", "إلى", "أن", "عن", "التي", "الذي", "هذا", "هذه", "مع", "كان", "بعد", "قال", "وقد", "ما", "لم", "بين", "كما", "حيث"]),
    "en": frozenset(["the", "of", "and", "to", "in", "is", "that", "for", "with", "was", "on", "as", "by", "at", "from", "its", "his", "has", "said", "were"]),
    "es": frozenset(["el", "los", "las", "del", "que", "una", "por", "con", "para", "se", "su", "al", "como", "más", "fue", "entre", "también"]),
    "fa": frozenset(["از", "به", "که", "در", "این", "را", "با", "است", "برای", "آن", "می", "های", "شد", "کرد", "خود"]),
    "fr": frozenset(["le", "les", "des", "du", "et", "une", "dans", "que", "qui", "pour", "sur", "au", "par", "avec", "est", "ce", "cette", "aux", "ses", "été"]),
}  # fmt: skip
_ARABIC = re.compile("[\u0600-\u06ff]")
_LATIN = re.compile("[a-zà-ÿœ]", re.IGNORECASE)
_KURDISH = re.compile("[ەێۆڕڵڤ]")  # Sorani's own vowels and letters
_PERSIAN = re.compile("[پچژگ]")
_ENOUGH = 2_000  # characters: more change no verdict


def detect(text: str, among: tuple[str, ...]) -> str:
    """The language of the text, ``und`` when nothing tells; ``among`` breaks ties, the first first."""
    sample = text[:_ENOUGH]
    arabic, latin = len(_ARABIC.findall(sample)), len(_LATIN.findall(sample))
    if not arabic and not latin:
        return "und"
    if arabic > latin:
        if len(_KURDISH.findall(sample)) * 20 > arabic:
            return "ckb"
        candidates: tuple[str, ...] = ("ar", "fa") if _PERSIAN.search(sample) else ("ar",)
    else:
        candidates = ("fr", "en", "es")
    words = re.findall(r"\w+", sample.lower())
    score = {name: sum(word in _STOP[name] for word in words) for name in candidates}
    best = max(score.values())
    tied = [name for name in candidates if score[name] == best]
    if best == 0 or len(tied) > 1:
        preferred = [name for name in among if name in tied]
        return preferred[0] if preferred else (tied[0] if arabic > latin else "und")
    return tied[0]
