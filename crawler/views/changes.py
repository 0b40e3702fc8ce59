"""``rasd rematch`` and ``rasd backtest``: what another version of a topic changes. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group
from rich.table import Table
from rich.text import Text

from crawler.matching import backtest
from crawler.matching.backtest import VerdictChange
from crawler.matching.explanation import Quote
from crawler.views import fields, terminal
from crawler.views.fields import JsonRow

MAX_CHANGES_SHOWN = 20  # articles on a terminal; --json has them all


def changes_row(articles: int, changes: Sequence[VerdictChange]) -> JsonRow:
    """Counts, labels gained and lost per source, and each article that gained or lost one.

    ``articles`` is how many were judged; ``rewritten`` also counts verdicts whose labels stayed.
    """
    moved = [one for one in changes if one.gained or one.lost]
    return {
        "articles": articles,
        "rewritten": len(changes),
        "gained": sum(len(one.gained) for one in moved),
        "lost": sum(len(one.lost) for one in moved),
        "sources": [
            {"source": one.source, "gained": one.gained, "lost": one.lost}
            for one in backtest.count_by_source(moved)
        ],
        "changes": [_change_row(one) for one in moved],
    }


def _change_row(change: VerdictChange) -> JsonRow:
    return (
        {"id": change.article_id, "topic": change.topic}
        | fields.heading_row(change)
        | {
            "gained": list(change.gained),
            "lost": list(change.lost),
            "score_before": dict(change.before.score) if change.before else {},
            "score_after": dict(change.after.score) if change.after else {},
            "proof": [_quote_row(quote) for quote in change.proof],
            "taken_away": [fields.taken_away_row(mention) for mention in change.taken_away],
        }
    )


def _quote_row(quote: Quote) -> JsonRow:
    mentions = [fields.mention_row(mention) for mention in quote.mentions]
    return {"field": quote.field, "sentence": quote.text, "mentions": mentions}


def changes_text(row: JsonRow) -> Group:
    """``changes_row`` for a terminal, the first changes only; a back-test adds its versions."""
    head = f"{row['articles']} articles: {row['gained']} labels gained, {row['lost']} lost"
    if "current" in row:
        current = row["current"] or "nothing: the topic is new"
        head = f"{row['topic']} {row['version']} against {current}, {head}"
    else:
        head += f", {row['rewritten']} verdicts rewritten"
    parts: list[Text | Table] = [Text(head, style="bold")]
    if row.get("indexed"):
        parts.append(Text(f"concepts looked for in {row['indexed']} articles"))
    if row["sources"]:
        parts += [Text(), _sources_table(row["sources"])]
    for change in row["changes"][:MAX_CHANGES_SHOWN]:
        parts += [Text(), *_change_lines(change)]
    if (left := len(row["changes"]) - MAX_CHANGES_SHOWN) > 0:
        parts += [Text(), Text(f"and {left} articles more: --json has them all", style="dim")]
    return Group(*parts)


def _sources_table(rows: Sequence[JsonRow]) -> Table:
    table = terminal.bare_table("source", "gained", "lost", right=("gained", "lost"))
    for row in rows:
        table.add_row(row["source"], str(row["gained"] or ""), str(row["lost"] or ""))
    return table


def _change_lines(row: JsonRow) -> list[Text]:
    before, after = row["score_before"], row["score_after"]
    moves = [f"+{name} {after.get(name, 0.0):.2f}" for name in row["gained"]]
    moves += [
        f"-{name} {before.get(name, 0.0):.2f} to {after.get(name, 0.0):.2f}" for name in row["lost"]
    ]
    style = "red" if row["lost"] else "green"
    lines = [
        terminal.article_line(row),
        Text.assemble((f"        {row['source']}  ", "dim"), ("  ".join(moves), style)),
    ]
    for quote in row["proof"]:
        words = [f"{m['concept'] or 'word'}: {m['text']}" for m in quote["mentions"]]
        lines.append(Text(f"        «{quote['sentence']}»"))
        lines.append(Text(f"        {' · '.join(dict.fromkeys(words))}", style="dim"))
    return [*lines, *terminal.taken_away_lines(row["taken_away"], indent=8)]
