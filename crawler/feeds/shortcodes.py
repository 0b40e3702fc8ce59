"""Remove WordPress's shortcodes from markup: ``[vc_row]``, ``[gallery ids="1,2"]``. Pure.

The REST interface prints them as they are where the plugin that knows them isn't loaded, or where
it has gone. Brackets in prose stay: ``[sic]``, ``[vidéo]``, ``[le ministre]``.
"""

from __future__ import annotations

import re

# codes with an address, a picture's caption or packed text between their ends. Sorted.
_NO_PROSE = (
    "audio", "caption", "embed", "gallery", "playlist", "vc_gmaps", "vc_raw_html", "vc_raw_js",
    "video", "wp_caption", "youtube",
)  # fmt: skip
# codes of one word without attributes, which plugins print alone. Sorted.
_LONE = frozenset(
    (
        "caption", "column", "columns", "contact-form", "dropcap", "embed", "footnotes", "gallery",
        "playlist", "row", "toc",
    )
)  # fmt: skip
_NAME = r"[A-Za-z][A-Za-z0-9_-]{1,40}"
_VALUE = r"(?:\s[^\[\]<>]{0,2000})?"
_ENCLOSED = re.compile(
    rf"\[({'|'.join(_NO_PROSE)}){_VALUE}\][^\[\]]{{0,20000}}\[/\1\]", re.IGNORECASE
)
_CODE = re.compile(rf"\[(?P<end>/)?(?P<name>{_NAME})(?P<value>{_VALUE})/?\]")
# attributes: name="…", or with the quotes that WordPress makes of them
_ATTRIBUTE = re.compile(r"""\s[\w-]{1,40}\s?=\s?(?:["'“”„«‘’″′\d]|&(?:quot|#\d+|[lr][ds]quo);)""")


def remove_shortcodes(markup: str) -> str:
    """The markup without shortcodes; what they enclose stays where it may be prose.

    >>> remove_shortcodes('<p>[vc_row el_class="a"]Accord [sic] à Rabat[/vc_row]</p>')
    '<p>Accord [sic] à Rabat</p>'
    """
    if "[" not in markup:
        return markup
    markup = _ENCLOSED.sub(" ", markup)
    closed = {found["name"] for found in _CODE.finditer(markup) if found["end"]}

    def replaced(found: re.Match[str]) -> str:
        return "" if _is_code(found, closed) else found[0]

    return _CODE.sub(replaced, markup)


def _is_code(found: re.Match[str], closed: set[str]) -> bool:
    name = found["name"]
    return (
        name in closed
        or "_" in name
        or name in _LONE
        or _ATTRIBUTE.search(found["value"] or "") is not None
    )
