"""Index tokens: a word as an index holds it, so exact that its folded forms follow from it.

A word of a text is matched by its forms (``folding.fold``). Its token is the plain word with its
letters unified, and with what else decides about the forms:

* an alef with a hamza, أ, in the place of an article's alef, which it never is: الألمان has the
  article, ألمان none;
* ``ACUTE_MARK`` behind a word that was written without accents and may end with é.

So an index of tokens answers words exactly: a form is looked for as all tokens that have it.

>>> raw_tokens("وألمانيا", accented=True)   # "and Germany"
('وألمانيا',)
>>> sorted(token_forms("وألمانيا"))
['المانيا', 'والمانيا']
>>> raw_tokens("signe", accented=False)
('signe´',)
>>> sorted(token_forms("signe´"))
['signe', 'signé']
>>> index_tokens("signé")
('signé', 'signe´')
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from crawler.languages import ar, normalization
from crawler.languages.folding import MAX_WORD_CHARACTERS
from crawler.text_cache import cached_by_text

TOKENS_VERSION = 1
"""Of the rules by which tokens and shadows are written: with another, indexes are made anew."""
ACUTE_MARK = "´"
"""No letter: no folded word has it. Not of ASCII: FTS5's ``ascii`` leaves it in the token."""
MAX_KNOWN = 100_000  # words whose tokens are kept at hand
_PREFIXES = ("", *ar.PREFIXES)


def raw_tokens(raw: str, *, accented: bool) -> tuple[str, ...]:
    """The tokens of a word as it stands in a text; ``accented``: a text that writes accents."""
    unsure = not accented or raw.isupper()
    return tuple(_token(word, unsure) for word in normalization.normalize(raw))


class _Known(dict[str, str]):
    """The tokens of words as they stand in texts, separated by spaces; "" for none.

    A dict, since a page has a thousand words, and asking a function takes ten times as long.
    """

    def __init__(self, *, accented: bool) -> None:
        super().__init__()
        self._accented = accented

    def __missing__(self, raw: str) -> str:
        tokens = " ".join(raw_tokens(raw, accented=self._accented))
        if len(raw) <= MAX_WORD_CHARACTERS:
            if len(self) >= MAX_KNOWN:
                self.clear()
            self[raw] = tokens
        return tokens


ACCENTED = _Known(accented=True)
"""The tokens of a word of a text that writes accents."""
UNACCENTED = _Known(accented=False)
"""The tokens of a word of a text without accents."""


def _token(word: str, unsure: bool) -> str:
    if ar.is_arabic(word):
        return ar.unify_letters(word) if ar.is_mixed(word) else ar.index_token(word)
    if unsure and len(normalization.acute_variants(word)) > 1:
        return word + ACUTE_MARK
    return word


@cached_by_text(maxsize=100_000, longest=MAX_WORD_CHARACTERS)
def token_forms(token: str) -> frozenset[str]:
    """The folded forms of the word that this token was made of."""
    if token.endswith(ACUTE_MARK):
        return normalization.acute_variants(token.removesuffix(ACUTE_MARK))
    if ar.is_arabic(token) and not ar.is_mixed(token):
        return ar.analyse(token)
    return frozenset((token,))


def token_key(token: str) -> str:
    """The word without article or accent: ``Token.text`` of the word the token was made of."""
    if ar.is_arabic(token):
        plain = ar.unify_letters(token)
        return plain if ar.is_mixed(token) else ar.index_key(plain)
    return normalization.unaccented(token.removesuffix(ACUTE_MARK))


@lru_cache(maxsize=20_000)  # the words of searches, and of the concepts in them
def index_tokens(form: str) -> tuple[str, ...]:
    """All tokens that have this folded form, and no others; in a stable order."""
    found = (token for token in _candidates(form) if form in token_forms(token))
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=2_000)
def prefix_tokens(reading: str) -> tuple[str, ...]:
    """The beginnings of all tokens with a folded form that begins so, and of some others; in a
    stable order."""
    if not ar.is_arabic(reading):
        return normalization.acute_beginnings(reading)
    rest = "xx"  # as little as has to follow an article
    begun = [prefix + reading for prefix in _PREFIXES]
    marked = [(ar.with_hamza(word + rest) or "").removesuffix(rest) for word in begun]
    return tuple(dict.fromkeys(filter(None, (*begun, *marked))))


@lru_cache(maxsize=2_000)
def tokens_of_forms(forms: frozenset[str]) -> frozenset[str]:
    """All tokens that have one of these forms."""
    return frozenset(token for form in forms for token in index_tokens(form))


def _candidates(form: str) -> Iterator[str]:
    """A superset of the tokens with this form, each as it is written."""
    if not ar.is_mixed(form):  # also a number: و2026 may be read as 2026
        for prefix in _PREFIXES:
            word = prefix + form
            yield word
            if (hamza := ar.with_hamza(word)) is not None:
                yield hamza
    yield form
    if not ar.is_arabic(form):
        for word in (form, *normalization.unacute_variants(form)):
            if len(normalization.acute_variants(word)) > 1:
                yield word + ACUTE_MARK
