"""Bytes become text: the charset is found in them, not believed; and what no text should hold goes. Pure.

A page's header, its meta and its bytes often say three things (M33). The bytes are asked first; a
declaration only breaks a tie. Found for sure are the encodings of the languages that rasd reads;
for others the declaration is followed where it fits, then ``charset_normalizer`` guesses.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from functools import lru_cache

import charset_normalizer

SAMPLE = 60_000  # bytes or characters that are weighed; more change no verdict
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_WIDE = frozenset({"utf-16", "utf-32", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"})
_ARABIC = ("cp1256", "iso-8859-6", "mac-arabic")
_LATIN = ("cp1252", "mac-roman")
_DECLARED = re.compile(
    rb"""<(?:meta|\?xml)\b[^>]{0,300}?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{2,40})""",
    re.IGNORECASE,
)
_IN_HEADER = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{2,40})", re.IGNORECASE)
_XML = re.compile(r"\s*<\?xml[^>]{0,300}\?>")
_HIGH_RUN = re.compile(rb"[A-Za-z\x80-\xff]*[\x80-\xff][A-Za-z\x80-\xff]*")
_SHIFTED = re.compile(rb"\+[A-Za-z0-9/]{5,}-?")
_ARABIC_WORD = re.compile("^[\u0621-\u064a\u067e\u0686\u0698\u06a9\u06af\u06cc]{2,}$")
# Words that begin with the article, or that no Arabic text does without. Persian's beside them.
_COMMON = re.compile(
    "^(?:[وفبكل]?ال.{2,}|لل.{2,}|في|من|على|إلى|الى|عن|أن|ان|مع|هذا|هذه|بعد|بين|كان|قال|التي|الذي|به|که|را|است|این|از)$"
)
_FRENCH = frozenset("éèêëàâäçîïôöùûüœæñáíóúßãõÉÈÊÀÂÇÎÔÛŒÑÁÍÓÚÄÖÜ«»’‘“”–—…€°²\xa0·•¿¡§©®ºª")
# What no text holds: C0 but tab and line ends, DEL, lone surrogates, non-characters. C1 are
# windows-1252's quotes and dashes where an entity was written by its number, as HTML5 reads them.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_C1 = re.compile("[\x80-\x9f]")
_C1_ENDS = frozenset(range(0x80, 0xA0))  # after C2
_NON_ENDS = frozenset({0xB7, 0xBF})  # after EF
PIECE = 16_384  # bytes decoded at once, where only whether they can be is asked
JUMPS = 500  # looked at one by one; what is more frequent is looked at all at once
_CONTROLS = bytes(n for n in (*range(32), 127) if n not in (9, 10, 13))
_PARTING = b"\x0b\x0c\x1c\x1d\x1e\x1f"  # parts words where lines are split
_BINARY = bytes(n for n in range(32) if n not in (9, 10, 12, 13, 27))


def decode(body: bytes, content_type: str = "") -> tuple[str, str, bool]:
    """(the text, the encoding found, whether a declaration said another); never an error.

    ``content_type`` is the header's value, parameters and all. Unfit characters are gone.
    """
    declared = _declarations(body, content_type)
    found = find(body, declared)
    text = _without_declaration(body.decode(found, errors="replace"))
    if found != "utf-8" or _may_be_unfit(body):
        text = readable(text)
    return text, found, any(not _same(name, found) for name in declared)


def _is_surely_utf8(body: bytes) -> bool:
    """Whether the bytes are whole UTF-8 without a sign of anything else."""
    if body[:1] == b"\xef" or any(sign in body for sign in (b"\0", b"\6", b"\x1b")):
        return False
    if body.isascii():
        return not _is_shifted(body)
    view, at = memoryview(body), 0
    try:
        while (
            len(body) - at > PIECE
        ):  # twice as fast as at once, where the text would leave the cache
            at += codecs.utf_8_decode(view[at : at + PIECE], "strict", False)[1]
        codecs.utf_8_decode(view[at:], "strict", True)
    except UnicodeDecodeError:
        return False
    return True


def _without_declaration(text: str) -> str:
    declared = _XML.match(text)
    return text[declared.end() :] if declared else text


def _may_be_unfit(body: bytes) -> bool:
    """Whether UTF-8 bytes may hold what no text should; looking at bytes is ten times as fast."""
    return any(control in body for control in _CONTROLS) or _may_be_marred(body)


def _may_be_marred(body: bytes) -> bool:
    """Whether UTF-8 bytes may hold what would change where words begin and end, or be read as a letter.
    Other controls may stay in markup: ``readable`` takes them out of every text that is made of it."""
    if any(control in body for control in _PARTING):
        return True
    return not body.isascii() and (_has(body, 0xC2, _C1_ENDS) or _has(body, 0xEF, _NON_ENDS))


def _has(body: bytes, lead: int, ends: frozenset[int]) -> bool:
    """Whether this byte stands anywhere before one of these; found by jumps, as it is rare in most pages."""
    at = body.find(lead)
    for _ in range(JUMPS):
        if at < 0:
            return False
        if body[at + 1] in ends:
            return True
        at = body.find(lead, at + 1)
    return not ends.isdisjoint({part[0] for part in body[at:].split(bytes((lead,)))[1:] if part})


def utf8(body: bytes, content_type: str = "") -> tuple[bytes, bool]:
    """(the page's bytes as UTF-8, whatever they were; whether a declaration said another encoding)."""
    if _is_surely_utf8(body) and not _may_be_marred(body) and body.lstrip()[:5] != b"<?xml":
        # Most pages: nothing to weigh, nothing to take out.
        return body, any(not _same(name, "utf-8") for name in _declarations(body, content_type))
    text, _, conflict = decode(body, content_type)
    return text.encode(), conflict


def find(body: bytes, declared: Iterable[str] = ()) -> str:
    """The name of the encoding these bytes are in, the likeliest where none is sure."""
    for bom, name in _BOMS:
        if body.startswith(bom):
            return name
    if wide := _wide(body):
        return wide
    if _is_utf8(body):
        return "utf-7" if _is_shifted(body) else _escaped(body) or "utf-8"
    # A page that says it is Arabic and holds none is somebody's template: not believed.
    unbelieved = ("utf-8", *_ARABIC)
    names = [name for name in declared if not any(_same(name, other) for other in unbelieved)]
    return _arabic(body) or _as_declared(body, names) or _latin(body) or _guessed(body)


def is_binary(body: bytes) -> bool:
    """Whether the bytes are no text in any encoding: control bytes stand all over them."""
    sample = body[:4096]
    if body and not sample.strip(b"\0"):
        return True
    controls = len(sample) - len(sample.translate(None, _BINARY))
    broken = controls * 25 > len(sample) and find(body) not in _WIDE
    return broken and not _is_utf8(body.replace(b"\0", b""))


def readable(text: str) -> str:
    """The text without what no text should hold; databases refuse some of it (P2).

    >>> readable("accord\\x00 \\x93signé\\x94")
    'accord “signé”'
    """
    if text.isprintable():
        return text  # nothing unfit is
    text = _UNFIT.sub("", text)
    return _C1.sub(lambda m: m.group().encode("latin-1").decode("cp1252", errors="ignore"), text)


def _declarations(body: bytes, content_type: str) -> list[str]:
    said = [m.decode("ascii") for m in _DECLARED.findall(body[:4096])[:2]]
    if header := _IN_HEADER.search(content_type):
        said.append(header[1])
    return [name for name in said if _known(name)]


def _known(name: str) -> bool:
    try:
        return codecs.lookup(name)._is_text_encoding
    except (LookupError, ValueError):
        return False


@lru_cache(256)
def _same(name: str, other: str) -> bool:
    """Whether two names are of one encoding, its byte order and its mark apart."""
    one, two = (re.sub("-(?:sig|le|be)$", "", codecs.lookup(n).name) for n in (name, other))
    return one == two


def _wide(body: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark: one byte in two (three in four) is nearly always the same."""
    sample = body[:SAMPLE]
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
    """Whether the bytes are UTF-8, but for a cut-off end and one broken letter in fifty."""
    try:
        body.decode("utf-8")
        return True
    except UnicodeDecodeError:
        text = body.decode("utf-8", errors="replace")
    high = sum(len(run) for run in _HIGH_RUN.findall(body))
    broken = text.count("\ufffd")
    return broken * 50 <= high and any(ord(c) > 127 and c != "\ufffd" for c in text)


def _is_shifted(body: bytes) -> bool:
    """UTF-7: ASCII whose shifted runs decode to Arabic words."""
    if not body.isascii() or sum(map(len, _SHIFTED.findall(body[:SAMPLE]))) * 20 < len(
        body[:SAMPLE]
    ):
        return False
    text = body[:SAMPLE].decode("utf-7", errors="replace")
    return sum("\u0621" <= c <= "\u064a" for c in text) > 20


def _escaped(body: bytes) -> str | None:
    """ISO-2022, which is ASCII that switches by escapes."""
    if b"\x1b" not in body:
        return None  # one byte is looked for ten times as fast as two
    if b"\x1b$" in body or b"\x1b(" in body:
        for name in ("iso2022_jp", "iso2022_kr"):
            if (name == "iso2022_kr") == (b"\x1b$)C" in body):
                return name
    return None


def _arabic(body: bytes) -> str | None:
    """The Arabic encoding under which every eighth word is one of the commonest, if there is one."""
    runs = _HIGH_RUN.findall(
        body[:SAMPLE]
        if len(body) <= 2 * SAMPLE
        else body[:SAMPLE] + body[len(body) // 2 :][:SAMPLE]
    )
    scored = []
    for name in _ARABIC:
        words = [_bare(run.decode(name, errors="replace")) for run in runs]
        common = sum(1 for word in words if _COMMON.match(word))
        whole = sum(1 for word in words if _ARABIC_WORD.match(word))
        scored.append((common / max(len(words), 1), whole / max(len(words), 1), name))
    common_share, whole_share, best = max(scored, key=lambda s: (s[0], s[1]))
    return best if runs and common_share >= 0.08 and whole_share >= 0.4 else None


def _bare(word: str) -> str:
    return re.sub(
        "[\u064b-\u0652\u0640\xab\xbb\u060c\u061b\u061f\u201c\u201d\u200c-\u200f\xa0]+", "", word
    )


def _as_declared(body: bytes, names: list[str]) -> str | None:
    """The first declared encoding that the bytes fit; Latin-1 is what browsers take it for."""
    for name in names:
        try:
            text = body.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
        if not _same(name, "latin-1") and not _C1.search(text[:SAMPLE]):
            return name
    return None


def _latin(body: bytes) -> str | None:
    """The Latin encoding under which nearly all its high bytes are letters and marks of the press."""
    high = bytes(b for b in body[: 4 * SAMPLE] if b > 127)[:SAMPLE]
    for name in _LATIN:
        text = high.decode(name, errors="replace")
        if sum(c in _FRENCH for c in text) >= 0.85 * len(text):
            return name
    return None


def _guessed(body: bytes) -> str:
    guess = charset_normalizer.from_bytes(body[: SAMPLE // 3]).best()
    return guess.encoding if guess is not None else "cp1252"
