"""Shadow texts as PostgreSQL's ``tsvector``: our tokens and their places, not its parser's. Pure.

The headline's tokens have the weight A. Between sentences and fields a place is left out, so that
no phrase reaches over.
"""

from __future__ import annotations

from crawler.languages.index_text import BOUNDARY, CUT, FIELD_MARK, LEAD_END

PLACES_CUT = "§p"
"""The token of an article of whose tokens not all places are in the index."""
MAX_BYTES = 2046  # of a token; a longer one is an error
MAX_PLACE = 16383  # a token further behind would be thought to stand there
MAX_PLACES = 255  # of one token; those behind would be left out


def tsvector(headline: str, text: str) -> str:
    """A row's two columns as a literal of the type ``tsvector``.

    It has the token ``CUT`` if it can't hold a token, ``PLACES_CUT`` if not all places of one.
    """
    places: dict[str, list[str]] = {}
    at = 0
    for column, weight in ((headline, "A"), (text, "")):
        at += 1
        for token in column.split():
            if token == LEAD_END:
                continue
            at += 1
            if token[0] not in (BOUNDARY, FIELD_MARK) or token == CUT:
                places.setdefault(token, []).append(f"{min(at, MAX_PLACE)}{weight}")
    if at > MAX_PLACE or max(map(len, places.values()), default=0) > MAX_PLACES:
        places = {token: of[:MAX_PLACES] for token, of in places.items()}
        places[PLACES_CUT] = ["1"]
    too_long = [token for token in places if len(token.encode()) > MAX_BYTES]
    for token in too_long:
        del places[token]
        places[CUT] = ["1"]
    return " ".join(f"'{token}':{','.join(of)}" for token, of in places.items())
