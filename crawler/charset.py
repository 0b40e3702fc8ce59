"""Detect the encoding of bytes and decode them; remove characters that no text should have.
Pure.

Header, meta element and bytes of a page often disagree (M33). The bytes decide; declarations only
break ties. Encodings of the languages that rasd reads are recognised reliably; for others the
declaration is followed if it fits, then ``charset_normalizer`` guesses.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain

import charset_normalizer

SAMPLE_LENGTH = 60_000  # bytes or characters that are weighed; more change no verdict
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WIDE = frozenset({"utf-16", "utf-32", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"})
_ARABIC = ("cp1256", "iso-8859-6", "mac-arabic")
_LATIN = ("cp1252", "mac-roman")
_DECLARED = re.compile(
    rb"""<(?:meta|\?xml)\b[^>]{0,300}?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{2,40})""",
    re.IGNORECASE,
)
_IN_HEADER = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{2,40})", re.IGNORECASE)
MAX_DECLARATION_BYTES = 100  # from the word "charset" to the end of what it says
_XML = re.compile(r"\s*<\?xml[^>]{0,300}\?>")
_HIGH_RUN = re.compile(rb"[A-Za-z\x80-\xff]*[\x80-\xff][A-Za-z\x80-\xff]*")
_SHIFTED = re.compile(rb"\+[A-Za-z0-9/]{5,}-?")
_ARABIC_WORD = re.compile("^[\u0621-\u064a\u067e\u0686\u0698\u06a9\u06af\u06cc]{2,}$")
# Words that begin with the article, or that no Arabic text does without. Persian's beside them.
_COMMON = re.compile(
    "^(?:[وفبكل]?ال.{2,}|لل.{2,}|في|من|على|إلى|الى|عن|أن|ان|مع|هذا|هذه|بعد|بين|كان|قال|"
    "التي|الذي|به|که|را|است|این|از)$"
)
_FRENCH = frozenset("éèêëàâäçîïôöùûüœæñáíóúßãõÉÈÊÀÂÇÎÔÛŒÑÁÍÓÚÄÖÜ«»’‘“”–—…€°²\xa0·•¿¡§©®ºª")
# What no text holds: C0 but tab and line ends, DEL, lone surrogates, non-characters. C1 are
# windows-1252's quotes and dashes where an entity was written by its number, as HTML5 reads them.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_C1 = re.compile("[\x80-\x9f]")
# Ordering the combining marks of one letter takes the square of their number, in every normal form
# (UAX #15, 13: a stream-safe text has 30 at most).
MAX_STACKED_MARKS = 30
MAX_UNCHECKED_CHARACTERS = 1_000  # of a text that is too short to cost anything
_MARK_BLOCKS = (range(0x300, 0x3100), range(0xA600, 0xAC00), range(0xFB1E, 0xFB1F))
_MARKS = "".join(
    chr(n) for n in (*chain(*_MARK_BLOCKS), *range(0xFE20, 0xFE30)) if unicodedata.combining(chr(n))
)
_LONG_STACK = re.compile(f"[{_MARKS}\U00010000-\U0001ffff]{{{MAX_STACKED_MARKS + 1},}}")
_C1_ENDS = frozenset(range(0x80, 0xA0))  # after C2
_NON_ENDS = frozenset({0xB7, 0xBF})  # after EF
MIN_WORDS = 3  # not in ASCII; fewer look Arabic by chance
PIECE_BYTES = 16_384  # bytes decoded at once, where only whether they can be is asked
MAX_JUMPS = 500  # looked at one by one; what is more frequent is looked at all at once
_CONTROLS = bytes(n for n in (*range(32), 127) if n not in (9, 10, 13))
_WORD_SEPARATORS = b"\x0b\x0c\x1c\x1d\x1e\x1f"  # parts words where lines are split
_BINARY = bytes(n for n in range(32) if n not in (9, 10, 12, 13, 27))


def decode(body: bytes, content_type: str = "") -> tuple[str, str, bool]:
    """Return (the text, its encoding, whether a declaration disagrees); never fails.

    ``content_type`` is the header's value with its parameters. Characters unfit for text are
    removed.
    """
    declared = declared_encodings(body, content_type)
    found = detect_encoding(body, declared)
    text = _without_declaration(body.decode(found, errors="replace"))
    if found != "utf-8" or _may_be_unfit(body):
        text = clean_text(text)
    return text, found, any(not _is_same_encoding(name, found) for name in declared)


def _is_surely_utf8(body: bytes) -> bool:
    """Whether the bytes are valid UTF-8 without a sign of another encoding."""
    if body[:1] == b"\xef" or any(sign in body for sign in (b"\0", b"\6", b"\x1b")):
        return False
    if body.isascii():
        return not _is_shifted(body)
    view, at = memoryview(body), 0
    try:
        while (
            len(body) - at > PIECE_BYTES
        ):  # twice as fast as at once, where the text would leave the cache
            at += codecs.utf_8_decode(view[at : at + PIECE_BYTES], "strict", False)[1]
        codecs.utf_8_decode(view[at:], "strict", True)
    except UnicodeDecodeError:
        return False
    return True


def _without_declaration(text: str) -> str:
    declared = _XML.match(text)
    return text[declared.end() :] if declared else text


def _may_be_unfit(body: bytes) -> bool:
    """Whether UTF-8 bytes may have characters unfit for text; testing bytes is ten times as
    fast.
    """
    return any(control in body for control in _CONTROLS) or _may_be_marred(body)


def _may_be_marred(body: bytes) -> bool:
    """Whether UTF-8 bytes may have characters that change word boundaries or look like letters.

    Other controls may stay in markup: ``clean_text`` removes them from every text made of it.
    """
    if any(control in body for control in _WORD_SEPARATORS):
        return True
    return not body.isascii() and (
        _has_pair(body, 0xC2, _C1_ENDS) or _has_pair(body, 0xEF, _NON_ENDS)
    )


def _has_pair(body: bytes, lead: int, ends: frozenset[int]) -> bool:
    """Whether the byte ``lead`` is anywhere followed by one of ``ends``; ``lead`` is rare in
    most pages.
    """
    at = body.find(lead)
    for _ in range(MAX_JUMPS):
        if at < 0:
            return False
        if body[at + 1] in ends:
            return True
        at = body.find(lead, at + 1)
    return not ends.isdisjoint({part[0] for part in body[at:].split(bytes((lead,)))[1:] if part})


def to_utf8(body: bytes, content_type: str = "") -> tuple[bytes, bool]:
    """Return (the bytes re-encoded as UTF-8, whether a declaration disagrees with the encoding
    found).
    """
    if _is_surely_utf8(body) and not _may_be_marred(body) and body.lstrip()[:5] != b"<?xml":
        # Most pages: nothing to weigh, nothing to take out.
        return body, any(
            not _is_same_encoding(name, "utf-8") for name in declared_encodings(body, content_type)
        )
    text, _, conflict = decode(body, content_type)
    return text.encode(), conflict


def detect_encoding(body: bytes, declared: Iterable[str] = ()) -> str:
    """The name of the bytes' encoding; the most likely one if none is certain."""
    declared = tuple(declared)
    for bom, name in _BOMS:
        if body.startswith(bom):
            return name
    if wide := _detect_wide(body):
        return wide
    if _is_utf8(body):
        return "utf-7" if _is_shifted(body) else _detect_iso2022(body) or "utf-8"
    # A page that says it is Arabic and holds none is somebody's template: not believed.
    unbelieved = ("utf-8", *_ARABIC)
    names = [
        name for name in declared if not any(_is_same_encoding(name, other) for other in unbelieved)
    ]
    return (
        _detect_arabic(body, declared)
        or _first_fitting(body, names)
        or _detect_latin(body)
        or _guess(body)
    )


def is_binary(body: bytes) -> bool:
    """Whether the bytes are not text in any encoding: they are full of control bytes."""
    sample = body[:4096]
    if body and not sample.strip(b"\0"):
        return True
    controls = len(sample) - len(sample.translate(None, _BINARY))
    broken = controls * 25 > len(sample) and detect_encoding(body) not in _WIDE
    return broken and not _is_utf8(body.replace(b"\0", b""))


def clean_text(text: str) -> str:
    r"""The text without characters that no text should have; databases reject some of them (P2).

    >>> clean_text("accord\x00 \x93signé\x94")
    'accord “signé”'
    """
    text = bound_marks(text)
    if text.isprintable():
        return text  # nothing unfit is
    text = _UNFIT.sub("", text)
    return _C1.sub(lambda m: m.group().encode("latin-1").decode("cp1252", errors="ignore"), text)


def bound_marks(text: str) -> str:
    """The text with at most ``MAX_STACKED_MARKS`` combining marks on one letter.

    A longer text without this bound may not be normalized: a line of 80 kB takes a minute then.
    """
    if len(text) <= MAX_UNCHECKED_CHARACTERS or not _LONG_STACK.search(text):
        return text
    return _LONG_STACK.sub(_bounded_stack, text)


def _bounded_stack(run: re.Match[str]) -> str:
    """A run without the combining marks that follow ``MAX_STACKED_MARKS`` others on one letter."""
    kept, stacked = [], 0
    for char in run[0]:
        stacked = stacked + 1 if unicodedata.combining(char) else 0
        if stacked <= MAX_STACKED_MARKS:
            kept.append(char)
    return "".join(kept)


def declared_encodings(body: bytes, content_type: str) -> list[str]:
    """The encodings that the bytes and their header name, in this order; unknown ones are left
    out.
    """
    head = body[:4096]
    lower = head.lower()  # to the last of these words only: other meta elements cost most
    end = max(lower.rfind(b"charset"), lower.rfind(b"encoding")) + MAX_DECLARATION_BYTES
    said = [m.decode("ascii") for m in _DECLARED.findall(head, 0, end)[:2]]
    if header := _IN_HEADER.search(content_type):
        said.append(header[1])
    return [name for name in said if _is_text_encoding(name)]


def _is_text_encoding(name: str) -> bool:
    try:
        return codecs.lookup(name)._is_text_encoding
    except (LookupError, ValueError):
        return False


@lru_cache(256)
def _is_same_encoding(name: str, other: str) -> bool:
    """Whether two names mean one encoding, apart from byte order and byte order mark."""
    one, two = (re.sub("-(?:sig|le|be)$", "", codecs.lookup(n).name) for n in (name, other))
    return one == two


def _detect_wide(body: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark: one byte in two (three in four) is nearly constant."""
    sample = body[:SAMPLE_LENGTH]
    if len(sample) < 8 or (b"\0" not in sample and b"\6" not in sample):
        return None
    quarter = len(sample) // 4
    zeros = [sample[n::4].count(0) / quarter for n in range(4)]
    if min(zeros[2], zeros[3]) > 0.9:
        return "utf-32-le"
    if min(zeros[0], zeros[1]) > 0.9:
        return "utf-32-be"
    for name, high in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[0::2])):
        low = sample[0::2] if name == "utf-16-le" else sample[1::2]
        planes = high.count(0) + high.count(6)  # Latin and Arabic
        if planes > 0.8 * len(high) and low.count(0) + low.count(6) < 0.3 * len(low):
            return name
    return None


def _is_utf8(body: bytes) -> bool:
    """Whether the bytes are UTF-8, except for a cut-off end and one broken letter in fifty."""
    try:
        body.decode("utf-8")
        return True
    except UnicodeDecodeError:
        text = body.decode("utf-8", errors="replace")
    high = sum(len(run) for run in _HIGH_RUN.findall(body))
    broken = text.count("\ufffd")
    return broken * 50 <= high and any(ord(c) > 127 and c != "\ufffd" for c in text)


def _is_shifted(body: bytes) -> bool:
    """Whether the bytes are UTF-7: ASCII whose shifted runs decode to Arabic words."""
    if not body.isascii() or sum(map(len, _SHIFTED.findall(body[:SAMPLE_LENGTH]))) * 20 < len(
        body[:SAMPLE_LENGTH]
    ):
        return False
    text = body[:SAMPLE_LENGTH].decode("utf-7", errors="replace")
    return sum("\u0621" <= c <= "\u064a" for c in text) > 20


def _detect_iso2022(body: bytes) -> str | None:
    """ISO-2022: ASCII with escape sequences."""
    if b"\x1b" not in body:
        return None  # one byte is looked for ten times as fast as two
    if b"\x1b$" in body or b"\x1b(" in body:
        for name in ("iso2022_jp", "iso2022_kr"):
            if (name == "iso2022_kr") == (b"\x1b$)C" in body):
                return name
    return None


def _detect_arabic(body: bytes, declared: Sequence[str] = ()) -> str | None:
    """The Arabic encoding in which every eighth word is a very common one, or None.

    A short text may have no common word: then nearly all words must be Arabic ones, or half of them
    in an encoding that is declared.
    """
    runs = _HIGH_RUN.findall(
        body[:SAMPLE_LENGTH]
        if len(body) <= 2 * SAMPLE_LENGTH
        else body[:SAMPLE_LENGTH] + body[len(body) // 2 :][:SAMPLE_LENGTH]
    )
    scored = []
    for name in _ARABIC:
        words = [_strip_marks(run.decode(name, errors="replace")) for run in runs]
        common = sum(1 for word in words if _COMMON.match(word))
        whole = sum(1 for word in words if _ARABIC_WORD.match(word))
        scored.append((common / max(len(words), 1), whole / max(len(words), 1), name))
    common_share, whole_share, best = max(scored, key=lambda s: (s[0], s[1]))
    if runs and common_share >= 0.08 and whole_share >= 0.4:
        return best
    most_whole, likeliest = max((share, name) for _, share, name in scored)
    if len(runs) >= MIN_WORDS and most_whole >= 0.8:
        return likeliest
    for _, share, name in scored:
        if share >= 0.5 and any(_is_same_encoding(name, other) for other in declared):
            return name
    return None


def _strip_marks(word: str) -> str:
    return re.sub(
        "[\u064b-\u0652\u0640\xab\xbb\u060c\u061b\u061f\u201c\u201d\u200c-\u200f\xa0]+", "", word
    )


def _first_fitting(body: bytes, names: list[str]) -> str | None:
    """The first declared encoding that fits the bytes; Latin-1 means windows-1252, as in
    browsers.
    """
    for name in names:
        try:
            text = body.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
        if not _is_same_encoding(name, "latin-1") and not _C1.search(text[:SAMPLE_LENGTH]):
            return name
    return None


def _detect_latin(body: bytes) -> str | None:
    """The Latin encoding in which nearly all high bytes are letters and marks of the press, or
    None.
    """
    high = bytes(b for b in body[: 4 * SAMPLE_LENGTH] if b > 127)[:SAMPLE_LENGTH]
    for name in _LATIN:
        text = high.decode(name, errors="replace")
        if sum(c in _FRENCH for c in text) >= 0.85 * len(text):
            return name
    return None


def _guess(body: bytes) -> str:
    guess = charset_normalizer.from_bytes(body[: SAMPLE_LENGTH // 3]).best()
    return guess.encoding if guess is not None else "cp1252"
