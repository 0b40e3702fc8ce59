"""Find where a feed's own text begins. Pure.

Servers print notices, blank lines and scripts before the XML or JSON that was asked for (PHP with
``display_errors``, advertising injected into every answer). Readers of feeds skip them.
"""

from __future__ import annotations

import json
import re
from itertools import islice

from crawler import charset

MAX_PREAMBLE_BYTES = 64 * 1024  # bytes before the text; more is a document of another kind
MAX_JSON_STARTS = 20  # brackets tried as the beginning of JSON; a notice has one or two
_BLANKS = b"\xef\xbb\xbf \t\r\n\x00"  # a byte order mark among them
_XML_START = re.compile(
    rb"<\?xml[\s?]|<(?:[A-Za-z][\w.-]{0,19}:)?"
    rb"(?:rss|feed|rdf|urlset|sitemapindex)(?=[\s>/:])",
    re.IGNORECASE,
)
_DECODER = json.JSONDecoder(strict=False)  # line breaks in strings are forgiven
_ITEM_START = re.compile(r"[\s,]*(?=\S)")
_JSON_START = re.compile(r"\[\s*(?=[{\]])|\{\s*(?=[\"}])")


def without_preamble(body: bytes) -> bytes:
    """The XML of a feed or sitemap without what stands before it; unchanged if none is found.

    A web page that only mentions a feed is unchanged as well: what begins with a doctype or
    ``<html`` is no feed. For bytes of one byte a letter, or UTF-8.
    """
    head = body[:MAX_PREAMBLE_BYTES]
    begin = len(head) - len(head.lstrip(_BLANKS))
    if _is_page(head[begin:]):
        return body
    if head[begin : begin + 2] in (b"<!", b"<?"):  # a prolog: declaration, doctype, comment
        return body[begin:]
    found = _XML_START.search(head)
    return body[found.start() :] if found is not None else body


def load_json(body: bytes, content_type: str = "") -> object:
    """The value of a JSON document, in whatever encoding, without what stands around it.

    ValueError if there is none.
    """
    text = _json_text(body, content_type)
    try:
        return json.loads(text, strict=False)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    except ValueError:
        return _load_embedded(text)


def load_cut_list(body: bytes, content_type: str = "") -> list[object]:
    """The complete items of a JSON list that breaks off; empty if there is none."""
    text = _json_text(body, content_type)
    found = _JSON_START.search(text, 0, MAX_PREAMBLE_BYTES)
    if found is None or text[found.start()] != "[":
        return []
    return _complete_items(text, found.start() + 1)


def load_cut_field(body: bytes, name: str) -> tuple[str, list[object]]:
    """(what stands before a list in a JSON object that breaks off or can't be read, the complete
    items of that list); ("", []) if there is no such list."""
    text = _json_text(body, "")
    found = re.search(rf'"{name}"\s*:\s*\[', text[:MAX_PREAMBLE_BYTES])
    if found is None:
        return "", []
    return text[: found.start()], _complete_items(text, found.end())


def _complete_items(text: str, at: int) -> list[object]:
    """The items from this place on that are whole."""
    items: list[object] = []
    try:
        while (item := _ITEM_START.match(text, at)) is not None:
            value, at = _DECODER.raw_decode(text, item.end())
            items.append(value)
    except (ValueError, RecursionError):
        pass  # the item that was cut
    return items


def _json_text(body: bytes, content_type: str) -> str:
    text = charset.to_utf8(body, content_type)[0].decode("utf-8", errors="replace")
    return text.lstrip("\ufeff \t\r\n\x00")


def _load_embedded(text: str) -> object:
    """The first value that is not empty: a notice may print ``[]`` too."""
    found = []
    for start in islice(_JSON_START.finditer(text, 0, MAX_PREAMBLE_BYTES), MAX_JSON_STARTS):
        try:
            found.append(_DECODER.raw_decode(text, start.start())[0])
        except RecursionError:
            break
        except ValueError:
            continue
        if found[-1]:
            break
    if not found:
        raise ValueError("no JSON")
    return found[-1]


def _is_page(start: bytes) -> bool:
    return start[:15].lower().startswith((b"<!doctype html", b"<html"))
