"""The sentences that prove a match, quoted from the original text. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from crawler.digest.records import Segment
from crawler.languages import sentences
from crawler.model import ArchivedArticle, FieldName, Mention

MAX_PROOFS = 2  # sentences for a story; the article is one click away
MAX_PROOF_CHARS = 420  # longer sentences are cut around the mentions
MIN_CONTEXT_CHARS = 80  # left around the mentions of a sentence that is cut


def proofs(
    kept: ArchivedArticle, mentions: Sequence[Mention], *, unshown: str = ""
) -> tuple[tuple[Segment, ...], ...]:
    """The sentences of body, lead and summary that hold a mention, those with the most concepts
    first, each cut into pieces of which the mentions are marked; empty if only the headline holds
    one. No sentence is quoted twice, nor a part of one that is quoted: a standfirst repeats the
    text's beginning, a feed's summary is cut off.

    ``unshown`` is the note before a sentence of the summary, which the page does not show.
    """
    article = kept.article
    texts: dict[FieldName, str] = {
        "body": article.body,
        "lead": article.lead,
        "summary": article.summary,
    }
    found: list[tuple[int, str, tuple[Segment, ...]]] = []
    for name, text in texts.items():
        for start, end in sentences(text):
            held = [m for m in mentions if m.field == name and start <= m.start and m.end <= end]
            if held:
                rank = len({m.concept for m in held})
                note = (Segment(text=f"[{unshown}] "),) if name == "summary" and unshown else ()
                said = _letters(text[start:end])
                found.append((-rank, said, note + _segments(text, start, end, held)))
    found.sort(key=lambda row: row[0])
    quoted = dict[str, tuple[Segment, ...]]()
    for _, said, segments in found:
        if len(quoted) < MAX_PROOFS and not any(said in one or one in said for one in quoted):
            quoted[said] = segments
    return tuple(quoted.values())


def _letters(text: str) -> str:
    """Its letters and digits in one case: two printings of one sentence are equal in them."""
    return "".join(filter(str.isalnum, text.casefold()))


def _segments(text: str, start: int, end: int, held: Sequence[Mention]) -> tuple[Segment, ...]:
    first, last = min(m.start for m in held), max(m.end for m in held)
    cut_left = cut_right = ""
    if end - start > MAX_PROOF_CHARS:
        room = max(MAX_PROOF_CHARS - (last - first), MIN_CONTEXT_CHARS) // 2
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
