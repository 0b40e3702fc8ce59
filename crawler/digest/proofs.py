"""What a digest says: chosen and ordered here, worded by ``rendering``. Pure.

One block an event, the most specific label first, each with the sentence that proves it; then what
the watch could not see. An empty digest is said to be empty, never padded.
"""

from __future__ import annotations

from collections.abc import Sequence

from crawler.digest.records import Segment
from crawler.languages import sentences
from crawler.model import (
    ArchivedArticle,
    FieldName,
    Mention,
)

PROOFS = 2  # sentences an event; the article is one click away
LONGEST_PROOF = 420  # characters; longer sentences are cut around the mentions


def proofs(kept: ArchivedArticle, mentions: Sequence[Mention]) -> tuple[tuple[Segment, ...], ...]:
    """The sentences that prove a match, quoted from the original, the richest in concepts first.

    The headline proves too, but it is already shown: it is quoted only when nothing else is there.
    """
    article = kept.article
    texts: dict[FieldName, str] = {"body": article.body, "lead": article.lead}
    found: list[tuple[int, int, tuple[Segment, ...]]] = []
    for name, text in texts.items():
        for start, end in sentences(text):
            held = [m for m in mentions if m.field == name and start <= m.start and m.end <= end]
            if held:
                rank = len({m.concept for m in held})
                found.append((-rank, len(found), _segments(text, start, end, held)))
    found.sort(key=lambda row: row[:2])
    return tuple(segments for _, _, segments in found[:PROOFS])


def _segments(text: str, start: int, end: int, held: Sequence[Mention]) -> tuple[Segment, ...]:
    first, last = min(m.start for m in held), max(m.end for m in held)
    cut_left = cut_right = ""
    if end - start > LONGEST_PROOF:
        room = max(LONGEST_PROOF - (last - first), 80) // 2
        if first - room > start:
            start, cut_left = text.rfind(" ", start, first - room) + 1 or start, "… "
        if last + room < end:
            space = text.find(" ", last + room, end)
            end, cut_right = (space if space > 0 else end), " …"
    pieces: list[Segment] = [Segment(text=cut_left)] if cut_left else []
    at = start
    for mention in sorted(held, key=lambda m: (m.start, -m.end)):
        if mention.start < at or mention.end > end:
            continue
        pieces.append(Segment(text=text[at : mention.start]))
        pieces.append(Segment(text=text[mention.start : mention.end], marked=True))
        at = mention.end
    pieces.append(Segment(text=text[at:end] + cut_right))
    return tuple(piece for piece in pieces if piece.text)
