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
from crawler.matching.shortfall import LabelCard
from crawler.matching.topics import Concept, Topic
from crawler.model import ArchivedArticle, HeldEvidence, Match, Mention
from crawler.views import fields, shortfall, terminal
from crawler.views.fields import JsonRow

Topics = Mapping[str, Topic]
NO_TOPICS: Topics = {}  # concepts are called by their names then

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


def explanation_row(
    kept: ArchivedArticle, explained: Iterable[Explanation], topics: Topics = NO_TOPICS
) -> JsonRow:
    """The article, and each topic's verdict with its proof, what a replay gives, and the cards of
    today's labels: sums, and what is missing."""
    texts = matching.article_fields(kept.article).texts
    return fields.archived_row(kept) | {
        "oddities": list(kept.article.oddities),
        "verdicts": [
            fields.verdict_row(one.verdict, texts)
            | {"replay": one.state, "today": fields.match_row(one.today) if one.today else None}
            | {"cards": [shortfall.card_row(card, _concepts(one, topics)) for card in one.cards]}
            for one in explained
        ],
    }


def _concepts(one: Explanation, topics: Topics) -> Mapping[str, Concept]:
    return topics[one.topic].concepts if one.topic in topics else {}


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


def explanation_text(
    kept: ArchivedArticle, explained: Sequence[Explanation], topics: Topics = NO_TOPICS
) -> Group:
    """An explanation for a terminal: scorecards, what is missing in them, and each sentence of
    proof once, with its words marked; ``[2]`` behind a line is the second of them."""
    article, texts = kept.article, matching.article_fields(kept.article).texts
    parts = [
        Text(article.headline, style="bold"),
        Text(f"{kept.id} · {article.source} · {article.language} · {article.url}", style="dim"),
    ]
    if article.oddities:
        parts.append(Text(f"odd: {', '.join(article.oddities)}", style="yellow"))
    for one in explained:
        parts += [Text(), *_verdict_lines(one, texts, _concepts(one, topics))]
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


def is_current(one: Explanation) -> bool:
    """Whether the verdict shown is that of today's topic, so that its cards belong to it."""
    return one.today is not None and one.verdict.version == one.today.version


def all_label_states(one: Explanation) -> list[tuple[str, float, str]]:
    """``label_states`` of the verdict shown; if it is today's, with the labels that it lacks."""
    known = label_states(one.verdict)
    names = {name for name, _, _ in known}
    others = [card.label for card in one.cards if card.label not in names]
    return known + [(name, 0.0, "lacks") for name in others if is_current(one)]


def card_lines(one: Explanation, label: str) -> Sequence[HeldEvidence]:
    """The lines that hold of a label's card, those that weigh most first."""
    stored = [line for line in one.verdict.evidence if line.label == label]
    cards = (card.held for card in one.cards if card.label == label and is_current(one))
    return stored or next(cards, ())


def proof(one: Explanation, texts: Texts) -> list[Quote]:
    """Each sentence of proof once, with its mentions and lines."""
    labels = [name for name, _, _ in all_label_states(one)]
    lines = [line for label in labels for line in card_lines(one, label)]
    return explanation.quote_sentences(one.verdict.mentions, texts, lines)


def _verdict_lines(one: Explanation, texts: Texts, concepts: Mapping[str, Concept]) -> list[Text]:
    match, quotes = one.verdict, proof(one, texts)
    lines = [
        Text(f"{match.topic}  version {match.version}", style="bold green"),
        Text(f"  {replay(one)}", style="dim"),
    ]
    for label, score, state in all_label_states(one):
        lines += _label_lines(one, label, score, state, quotes, concepts)
    if one.cards and not is_current(one):
        lines.append(Text("  by today's topic", style="dim"))
        for card in one.cards:
            lines.append(Text(f"  {card.label}  {_sum(card, holds=_given_today(one, card))}"))
            lines += _missing_lines(card, concepts)
    if match.themes:
        lines.append(Text(f"  themes: {', '.join(match.themes)}"))
    lines += [Text(f"  actor: {a.name} · {a.role} · {a.side}") for a in match.actors]
    for number, quote in enumerate(quotes, 1):
        lines += _quote_lines(number, quote)
    for m in match.taken_away:
        reason = f"  not counted: {m.text}  {_place(m)}  {m.concept}: {m.reason}"
        lines.append(Text(reason, style="dim"))
    return lines


def _label_lines(
    one: Explanation,
    label: str,
    score: float,
    state: str,
    quotes: Sequence[Quote],
    concepts: Mapping[str, Concept],
) -> list[Text]:
    """A label's state and sum, the lines of its card, and what is missing in it."""
    card = next((c for c in one.cards if c.label == label and is_current(one)), None)
    words = "does not hold" if state == "lacks" else state
    total = _sum(card, holds=state == "holds") if card else ""
    said = f"  {label} {score:.2f}  {words}{': ' if total else ''}{total}"
    lines = [Text(said)]
    if total and card and card.start:
        start = f"    {card.start:+4d}  {shortfall.WORDS['en']['start']}"
        lines.append(Text(start, style="dim"))
    for held in card_lines(one, label):
        line = Text(f"    {held.points:+4d}  {held.name}")
        number = next((n for n, quote in enumerate(quotes, 1) if held in quote.lines), 0)
        lines.append(line.append(f"  [{number}]" if number else "", style="dim"))
    return lines + (_missing_lines(card, concepts) if card and state != "holds" else [])


def _given_today(one: Explanation, card: LabelCard) -> bool:
    return one.today is not None and card.label in one.today.labels


def _sum(card: LabelCard, *, holds: bool) -> str:
    return shortfall.sum_text(card, "en", holds=holds)


def _missing_lines(card: LabelCard, concepts: Mapping[str, Concept]) -> list[Text]:
    """Which conditions of a label's rule fail, or which lines would have spoken for it and why they
    don't."""
    words = shortfall.WORDS["en"]
    lines = [
        Text(f"    {words['rule']}: {shortfall.failure_text(one, 'en', concepts)}", style="yellow")
        for one in card.failed
    ]
    told = shortfall.most_telling(card)
    lines += [Text(f"    {words['would']}:", style="yellow")] if told else []
    for line in told:
        why = shortfall.line_text(line, "en", concepts)
        lines.append(Text(f"    {line.points:+4d}  {line.name}: ").append(why, style="dim"))
    return lines


def _quote_lines(number: int, quote: Quote) -> list[Text]:
    sentence = Text(f"  [{number}] «")
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
