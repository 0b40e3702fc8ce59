"""What the schemas of all seed files share: strict shapes, languages, titles, hosts."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from crawler import languages, urls
from crawler.languages.neighbours import NEIGHBOURS

MAX_LINE = 300  # characters of a name or a title
_NEIGHBOURS = frozenset(one.code for one in NEIGHBOURS)
KeyPath = tuple[str | int, ...]  # where a value stands in its file: keys and list positions
BuiltSeeds = Mapping[str, Mapping[str, Any]]  # folder → slug → what was built from it so far


class Shape(BaseModel):
    """A mapping in a seed file; unknown keys are errors.

    ``retired`` are keys of earlier versions, each with what to write instead.
    """

    retired: ClassVar[Mapping[str, str]] = {}
    model_config = ConfigDict(extra="forbid", frozen=True)


def as_list(value: object) -> object:
    """A single text as a list; any other value unchanged, for pydantic to check."""
    return [value] if isinstance(value, str) else value


def _check_line(value: str) -> str:
    if not value.strip():
        raise ValueError(f"{value!r} is blank; write some words")
    if "\n" in value.strip():
        raise ValueError(f"{value!r} has several lines; write one")
    if len(value) > MAX_LINE:
        raise ValueError(f"more than {MAX_LINE} characters: {value[:20]!r}…")
    return value


def _check_url(value: object) -> object:
    text = str(value)
    is_whole = re.fullmatch(r"https?://[^\s/?#\\]+[^\s\\]*", text, re.IGNORECASE) is not None
    if not is_whole or not urls.is_read_alike(text) or 0 in urls.named_ports(text):
        raise ValueError(f"{value!r} is no address; write it as https://news.example/feed")
    return value


def _check_language(value: object) -> object:
    if value not in languages.CODES:
        near = difflib.get_close_matches(str(value), languages.CODES, n=1, cutoff=0.5)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise ValueError(
            f"{value!r} is no language of ours{hint or ';'} known: {', '.join(languages.CODES)}"
        )
    return value


def _check_term_language(value: object) -> object:
    ours = isinstance(value, str) and value in _NEIGHBOURS
    return value if ours else _check_language(value)


def _check_country(value: object) -> object:
    if not isinstance(value, str) or not re.fullmatch("[A-Z]{2}", value):
        raise ValueError(f"{value!r} is no country; write two capitals of ISO 3166, such as MA")
    return value


def _check_host(value: object) -> object:
    text = str(value)
    host = (
        f"[{text}]" if text.count(":") > 1 and not text.startswith("[") else text
    )  # a bare IPv6 address
    if (
        not isinstance(value, str)
        or set("/?#@*") & set(text)
        or not urls.is_read_alike(f"http://{host}/")
    ):
        raise ValueError(
            f"{value!r} is no host; write news.example, news.example:8080, 192.0.2.7 or "
            f"'[2001:db8::7]:8080'"
        )
    return host


Line = Annotated[str, AfterValidator(_check_line)]  # a name or a title: shown in one line
Url = Annotated[str, BeforeValidator(_check_url)]
Host = Annotated[str, BeforeValidator(_check_host)]
Country = Annotated[str, BeforeValidator(_check_country)]
Lang = Annotated[str, BeforeValidator(_check_language)]
TermLang = Annotated[str, BeforeValidator(_check_term_language)]  # ours, or one we only recognise
Titles = Annotated[dict[Lang, Line], Field(min_length=1)]
