"""The values in a page's scripts: JSON in elements of its own, assigned, or pushed. Pure.

``window.__STATE__ = {…}``, ``JSON.parse("…")``, ``self.__next_f.push([1, "…"])``,
``<script type="application/json">``. A script that is no JSON gives its strings, in order.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator

MAX_SCRIPT_CHARACTERS = 3_000_000  # of one script; real ones have up to a million
MAX_SCRIPTS = 60  # that are looked into
MIN_STRING_CHARACTERS = 60  # characters of a string in a script that may be text

_OPENED = re.compile(rb"<script\b[^>]*+>")
_JSON_TYPE = re.compile(r"""type\s*=\s*["']?application/(?:json|[\w.-]+\+json)""", re.IGNORECASE)
_JSON_LD = re.compile(r"application/ld\+json", re.IGNORECASE)
_STATE = re.compile(
    r"__NEXT_DATA__|__NUXT|__next_f|__APOLLO|__(?:INITIAL|PRELOADED)|__[A-Z_]{0,30}(?:STATE|DATA|"
    r"PROPS|STORE|CONTEXT|CONTENT)|\bFusion\.|"
    r"(?:window|self|globalThis)(?:\.|\[[\"'])\w{1,60}+(?:[\"']\])?\s{0,9}=\s{0,9}(?:[\[{]|JSON\.parse)",
)
# with which one of these begins; looking for them is ten times as fast
_STATE_KEYS = ("__", "window", "Fusion.", "self", "globalThis")
_PUSHED = re.compile(r"__next_f\.push\(\s{0,9}")
_ASSIGNED = re.compile(r"=\s*(?=[\[{])|JSON\.parse\(\s*(?=[\"'])")
_WORDS = re.compile(r""" (?<![\s,:\[{] )(?=[^\s"\[\]{}])""")  # a blank within a string, or in code
_STRING = re.compile(  # one that does not end goes on to the end, or looking costs the square
    r""""(?:[^"\\]++|\\.)*+(?:"|\Z)|'(?:[^'\\]++|\\.)*+(?:'|\Z)|`(?:[^`\\]++|\\.)*+(?:`|\Z)""",
    re.DOTALL,
)
_ROW = re.compile(r"(?m)^[0-9a-f]{1,6}:(?:T[0-9a-f]+,)?")
_DATA_PAGE = re.compile(rb"""\sdata-page\s*=\s*(?:"([^"]*)"|'([^']*)')""")


def find_values(written: bytes) -> Iterator[object]:
    """Yield the values of the data scripts of a page in UTF-8, as Python's ``json`` reads them.

    What is no JSON is yielded as the list of its long strings; JSON-LD is left out, and so is a
    script without two words in a row: numbers, names and addresses are no text.
    """
    chunks = list[str]()
    looked = 0
    for attributes, text in _scripts(written):
        data = _JSON_TYPE.search(attributes) is not None
        if _JSON_LD.search(attributes) or not (data or _sets_state(text)):
            continue
        if not _WORDS.search(text):
            continue
        looked += 1
        if looked > MAX_SCRIPTS or len(text) > MAX_SCRIPT_CHARACTERS:
            continue
        pushed = [_read_at(text, begun.end()) for begun in _PUSHED.finditer(text)]
        for parts in pushed:
            chunks += (
                [part for part in parts if isinstance(part, str)] if isinstance(parts, list) else []
            )
        if not pushed:
            yield from _values_of(text, data=data)
    if chunks:
        yield from _rows("".join(chunks))
    for quoted in _DATA_PAGE.findall(written) if b"data-page" in written else ():
        if (value := _read(html.unescape(b"".join(quoted).decode("utf-8", "replace")))) is not None:
            yield value


def _scripts(written: bytes) -> Iterator[tuple[str, str]]:
    """Each script's opening tag and text."""
    lower, at = written.lower(), 0
    while opened := _OPENED.search(lower, at):
        closed = lower.find(b"</script", opened.end())
        if closed < 0:
            return
        tag, text = written[opened.start() : opened.end()], written[opened.end() : closed]
        yield tag.decode("utf-8", "replace"), text.decode("utf-8", "replace")
        at = closed


def _sets_state(text: str) -> bool:
    """Whether a script sets a variable that frameworks keep their data in."""
    for key in _STATE_KEYS:
        at = text.find(key)
        while at >= 0:
            if _STATE.match(text, at):
                return True
            at = text.find(key, at + 1)
    return False


def _values_of(text: str, *, data: bool) -> Iterator[object]:
    value = _read(text) if data else None
    if value is None and (begun := _ASSIGNED.search(text)):
        value = _read_at(text, begun.end())
    yield _strings(text) if value is None else value


def _read(text: str) -> object:
    """The JSON value; None if it is none."""
    try:
        return json.loads(html.unescape(text) if text.lstrip().startswith("&") else text)
    except (ValueError, RecursionError):
        return None


def _read_at(text: str, at: int) -> object:
    """The JSON value that begins there; what it holds if that is a string of JSON."""
    try:
        value, _ = json.JSONDecoder(strict=False).raw_decode(text, at)
    except (ValueError, RecursionError):
        return None
    return (_read(value) or value) if isinstance(value, str) else value


def _strings(text: str) -> list[str]:
    """The long strings of a script, without their escapes."""
    found = (match[0] for match in _STRING.finditer(text))
    return [_unescaped(quoted) for quoted in found if len(quoted) >= MIN_STRING_CHARACTERS]


def _unescaped(quoted: str) -> str:
    inner = quoted[1:-1]
    if quoted[0] != '"':
        inner = re.sub(r"\\([`'])", r"\1", inner).replace('"', '\\"').replace("\n", "\\n")
    value = _read(f'"{inner}"')
    return value if isinstance(value, str) else inner


def _rows(text: str) -> Iterator[object]:
    """The rows of a stream of React components: ``5:["$","p",null,{…}]``, ``6:T4a2,<p>…``."""
    for row in _ROW.split(text):
        value = _read(row) if row[:1] in ("[", "{", '"') else None
        yield row if value is None else value
