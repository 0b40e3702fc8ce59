"""``rasd explain`` and ``rasd doubtful``: why an article was flagged or not. Pure.

The same explanation as a page: ``explanation_html``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rich.console import Group
from rich.text import Text

from crawler import matching
from crawler.matching import explanation, scoring
from crawler.matching.explanation import Explanation, Quote, Replay, Texts
from crawler.matching.topics import Topic
from crawler.model import ArchivedArticle, Match, Mention
from crawler.views import fields, terminal
from crawler.views.fields import JsonRow

REPLAYS: dict[Replay, str] = {
    "reproduced": "judged again, the same version gives the same verdict",
    "differs": "judged again, the same version gives another verdict: the code has changed; "
    "rasd rematch",
    "older": "of an older version of the topic; today's ({version}) gives: {labels}",
    "gone": "the seeds no longer hold this topic: it cannot be judged again",
    "would": "nothing is stored; today's topic would flag it: rasd rematch",
    "unseen": "only text that no reader sees would flag it: on the watch list, not counted",
    "unflagged": "not flagged; below is what the rules found all the same",
}


# ── as data ───────────────────────────────────────────────────────────────────────────────────


def explanation_row(kept: ArchivedArticle, explained: Iterable[Explanation]) -> JsonRow:
    """The article, and each topic's verdict with its proof and what a replay gives."""
    texts = matching.article_fields(kept.article).texts
    return fields.archived_row(kept) | {
        "oddities": list(kept.article.oddities),
        "verdicts": [
            fields.verdict_row(one.verdict, texts)
            | {"replay": one.state, "today": fields.match_row(one.today) if one.today else None}
            for one in explained
        ],
    }


def doubtful_rows(found: Iterable[ArchivedArticle], topics: Mapping[str, Topic]) -> list[JsonRow]:
    """The watch list of these topics, highest score first, each with its best sentence.

    ``score`` holds the doubtful labels only; ``missing`` says of the first of them how many points
    it lacks, and the line of evidence that would have told most.
    """
    rows = [
        _doubtful_row(kept, match, topics[match.topic])
        for kept in found
        for match in kept.matches
        if match.topic in topics and match.doubtful
    ]
    return sorted(rows, key=lambda row: (-max(row["score"].values()), row["id"]))


def _doubtful_row(kept: ArchivedArticle, match: Match, topic: Topic) -> JsonRow:
    quotes = explanation.quote_sentences(
        match.mentions, matching.article_fields(kept.article).texts
    )
    best = max(quotes, key=lambda quote: len({m.concept for m in quote.mentions}), default=None)
    return fields.archived_row(kept) | {
        "topic": match.topic,
        "score": {label: match.score[label] for label in match.doubtful},
        "sentence": best.text if best else "",
        "missing": _missing_row(match, topic),
    }


def _missing_row(match: Match, topic: Topic) -> JsonRow | None:
    """Null where the topic has changed since, or the label's points are enough: then it waits for
    another label, or only hidden text gave them.
    """
    label = topic.labels.get(match.doubtful[0])
    if label is None or match.version != topic.version:
        return None
    short = label.holds_from - scoring.points_of(match, label)
    lacking = scoring.missing_evidence(match, label)
    if short <= 0 or not lacking:
        return None
    # the line with which it would just have held, else the most telling one
    enough = [line for line in lacking if line.points >= short]
    line = enough[-1] if enough else lacking[0]
    return {"label": label.name, "points": short, "line": line.name, "would_add": line.points}


# ── for a terminal ────────────────────────────────────────────────────────────────────────────


def explanation_text(kept: ArchivedArticle, explained: Sequence[Explanation]) -> Group:
    """An explanation for a terminal, each sentence of proof with its words marked."""
    article, texts = kept.article, matching.article_fields(kept.article).texts
    parts = [
        Text(article.headline, style="bold"),
        Text(f"{kept.id} · {article.source} · {article.language} · {article.url}", style="dim"),
    ]
    if article.oddities:
        parts.append(Text(f"odd: {', '.join(article.oddities)}", style="yellow"))
    for one in explained:
        parts += [Text(), *_verdict_lines(one, texts)]
    if not explained:
        parts += [Text(), Text("no topic to explain it: the seeds hold none", style="dim")]
    return Group(*parts)


def replay(one: Explanation) -> str:
    """What judging the article again gives, in a sentence."""
    today = one.today
    labels = ", ".join(today.labels) if today and today.labels else "no label"
    return REPLAYS[one.state].format(version=today.version if today else "", labels=labels)


def label_states(match: Match) -> list[tuple[str, float, str]]:
    """Each label that a match speaks of: (name, score, ``holds`` · ``doubtful`` · ``lacks``)."""
    names = dict.fromkeys((*match.labels, *match.doubtful, *match.score))
    return [(name, match.score.get(name, 0.0), _state(name, match)) for name in names]


def _state(label: str, match: Match) -> str:
    if label in match.labels:
        return "holds"
    return "doubtful" if label in match.doubtful else "lacks"


def _verdict_lines(one: Explanation, texts: Texts) -> list[Text]:
    match = one.verdict
    lines = [
        Text(f"{match.topic}  version {match.version}", style="bold green"),
        Text(f"  {replay(one)}", style="dim"),
    ]
    for label, score, state in label_states(match):
        words = "does not hold" if state == "lacks" else state
        lines.append(Text(f"  {label} {score:.2f}  {words}"))
        held = (fields.evidence_row(e, texts) for e in match.evidence if e.label == label)
        lines += terminal.evidence_lines(held)
    if match.themes:
        lines.append(Text(f"  themes: {', '.join(match.themes)}"))
    lines += [Text(f"  actor: {a.name} · {a.role} · {a.side}") for a in match.actors]
    for quote in explanation.quote_sentences(match.mentions, texts):
        lines += _quote_lines(quote)
    for m in match.taken_away:
        reason = f"  not counted: {m.text}  {_place(m)}  {m.concept}: {m.reason}"
        lines.append(Text(reason, style="dim"))
    return lines


def _quote_lines(quote: Quote) -> list[Text]:
    sentence = Text("  «")
    for text, mentions in explanation.split_at_mentions(quote.text, quote.start, quote.mentions):
        sentence.append(text, style=terminal.MARK if mentions else "")
    places = [f"    {_place(m)}  {m.concept or 'word'}: {m.term}" for m in quote.mentions]
    return [Text(), sentence.append("»"), *(Text(place, style="dim") for place in places)]


def _place(mention: Mention) -> str:
    return f"{mention.field} {mention.start}–{mention.end}"


def doubtful_text(rows: Sequence[JsonRow]) -> Group | Text:
    """``doubtful_rows`` for a terminal; an empty list says so."""
    if not rows:
        return Text("nothing stood just under the line in this time")
    lines: list[Text] = []
    for row in rows:
        score = "  ".join(f"{label} {value:.2f}" for label, value in row["score"].items())
        facts = (f"{row['topic']}: {score}", "yellow")
        lines.append(terminal.article_line(row))
        lines.append(Text.assemble((f"        {row['source']}  ", "dim"), facts))
        if row["sentence"] != row["headline"]:
            lines.append(Text(f"        {row['sentence']}"))
        if missing := row["missing"]:
            said = f"{missing['points']} points short: no {missing['line']}"
            lines.append(Text(f"        {said} (+{missing['would_add']})", style="dim"))
    hint = "rasd explain ID gives the reason; rasd judge ID yes|no settles it"
    return Group(*lines, Text(), Text(hint, style="dim"))
