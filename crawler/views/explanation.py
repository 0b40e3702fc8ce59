"""What ``rasd explain`` and ``rasd doubtful`` say on a terminal."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from rich.console import Group
from rich.text import Text

from crawler import matching
from crawler.matching import explanation
from crawler.matching.explanation import Explanation, JsonObject
from crawler.model import ArchivedArticle, Match, Mention

REPLAYS: dict[explanation.Replay, str] = {
    "reproduced": "judged again, the same version gives the same bytes",
    "differs": "judged again, the same version gives another verdict: the code has changed; rasd rematch",
    "older": "of an older version of the topic; today's ({version}) says: {labels}",
    "gone": "the seeds hold this topic no more: it cannot be judged again",
    "would": "nothing is stored; today's topic would flag it: rasd rematch",
    "unseen": "only text that no reader sees would flag it: on the watch list, not counted",
    "unflagged": "not flagged; below is what the rules found all the same",
}


def explanation_text(kept: ArchivedArticle, explained: Sequence[Explanation]) -> Group:
    """``rasd explain`` for a terminal."""
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
        parts += [Text(), Text("no topic to ask: the seeds hold none", style="dim")]
    return Group(*parts)


def replay(one: Explanation) -> str:
    """What the replay says, in a sentence."""
    today = one.today
    labels = ", ".join(today.labels) if today and today.labels else "no label"
    return REPLAYS[one.state].format(version=today.version if today else "", labels=labels)


def _verdict_lines(one: Explanation, texts: explanation.Texts) -> list[Text]:
    match = one.verdict
    lines = [
        Text(f"{match.topic}  version {match.version}", style="bold green"),
        Text(f"  {replay(one)}", style="dim"),
    ]
    for label in dict.fromkeys((*match.labels, *match.doubtful, *match.score)):
        holds = (
            "holds"
            if label in match.labels
            else "doubtful"
            if label in match.doubtful
            else "does not hold"
        )
        lines.append(Text(f"  {label} {match.score.get(label, 0.0):.2f}  {holds}"))
    if match.themes:
        lines.append(Text(f"  themes: {', '.join(match.themes)}"))
    lines += [Text(f"  actor: {a.name} · {a.role} · {a.side}") for a in match.actors]
    for quote in explanation.quote_sentences(match.mentions, texts):
        lines += [Text(), _quoted(quote)]
        lines += [
            Text(f"    {_place(m)}  {m.concept or 'word'}: {m.term}", style="dim")
            for m in quote.mentions
        ]
    for m in match.taken_away:
        lines.append(
            Text(f"  taken away: {m.text}  {_place(m)}  {m.concept}: {m.reason}", style="dim")
        )
    return lines


def _quoted(quote: explanation.Quote) -> Text:
    shown = Text("  «")
    for text, mentions in explanation.split_at_mentions(quote.text, quote.start, quote.mentions):
        shown.append(text, style="bold black on yellow" if mentions else "")
    return shown.append("»")


def _place(mention: Mention) -> str:
    return f"{mention.field} {mention.start}–{mention.end}"


def doubtful_rows(found: Sequence[ArchivedArticle], topics: Collection[str]) -> list[JsonObject]:
    """``rasd doubtful --json``: the surest first, each with the sentence that speaks for it."""
    rows = [
        _doubtful_row(kept, match)
        for kept in found
        for match in kept.matches
        if match.topic in topics and match.doubtful
    ]
    return sorted(rows, key=lambda row: (-max(row["score"].values()), row["id"]))


def _doubtful_row(kept: ArchivedArticle, match: Match) -> JsonObject:
    quotes = explanation.quote_sentences(
        match.mentions, matching.article_fields(kept.article).texts
    )
    best = max(quotes, key=lambda q: len({m.concept for m in q.mentions}), default=None)
    return {
        "id": kept.id,
        "topic": match.topic,
        "headline": kept.article.headline,
        "url": kept.article.url,
        "source": kept.article.source,
        "language": kept.article.language,
        "kept_at": kept.kept_at.isoformat(),
        "score": {label: match.score[label] for label in match.doubtful},
        "sentence": best.text if best else "",
    }


def doubtful_text(rows: list[JsonObject]) -> Group | Text:
    """The watch list for a terminal; an empty one says so."""
    if not rows:
        return Text("nothing stood just under the line in this time")
    lines: list[Text] = []
    for row in rows:
        score = "  ".join(f"{label} {value:.2f}" for label, value in row["score"].items())
        lines.append(
            Text.assemble((f"{row['id']:>6}  ", "cyan"), (row["headline"] or row["url"], "bold"))
        )
        lines.append(
            Text.assemble(
                (f"        {row['source']}  ", "dim"), (f"{row['topic']}: {score}", "yellow")
            )
        )
        if row["sentence"] != row["headline"]:
            lines.append(Text(f"        {row['sentence']}"))
    return Group(
        *lines,
        Text(),
        Text("rasd explain ID says why; rasd judge ID missed|not settles it", style="dim"),
    )
