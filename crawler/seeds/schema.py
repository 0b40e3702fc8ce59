"""What all seed files' shapes share: strictness, languages, titles in several of them, hosts."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Annotated, Any, Protocol

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from crawler import languages, urls

Place = tuple[str | int, ...]  # where a value stands in its file: keys and list positions
Found = Mapping[str, Mapping[str, Any]]  # folder → slug → what was built from it so far


class Shape(BaseModel):
    """A mapping in a seed file; a key it does not name is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class SeedFile(Protocol):
    """One seed file, read and valid in shape."""

    @property
    def slug(self) -> str: ...

    @property
    def shape(self) -> Any: ...

    def line(self, place: Place) -> int:
        """The 1-based line of a value."""

    def spot(self, place: Place, position: int) -> str:
        """``file:line:column`` of a character of a value that is text."""

    def problem(self, place: Place, message: str) -> str:
        """``message`` with the file and line of a value before it."""


def _language(value: object) -> object:
    if value not in languages.CODES:
        near = difflib.get_close_matches(str(value), languages.CODES, n=1, cutoff=0.5)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise ValueError(
            f"{value!r} is no language of ours{hint or ';'} known: {', '.join(languages.CODES)}"
        )
    return value


def _host(value: object) -> object:
    text = str(value)
    place = (
        f"[{text}]" if text.count(":") > 1 and not text.startswith("[") else text
    )  # a bare IPv6 address
    if (
        not isinstance(value, str)
        or set("/?#@*") & set(text)
        or urls.clean(f"http://{place}/") is None
    ):
        raise ValueError(
            f"{value!r} is no host; write news.example, news.example:8080, 192.0.2.7 or '[2001:db8::7]:8080'"
        )
    return place


Host = Annotated[str, BeforeValidator(_host)]
Lang = Annotated[str, BeforeValidator(_language)]
Titles = Annotated[dict[Lang, str], Field(min_length=1)]
