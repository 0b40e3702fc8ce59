"""What ``rasd rematch`` and ``rasd backtest`` say: plain data first (``--json``), then a terminal's."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group
from rich.table import Table
from rich.text import Text

from crawler.matching import backtest
from crawler.matching.backtest import VerdictChange
from crawler.matching.explanation import JsonObject

SHOWN = 20  # changes on a terminal; --json has them all


def changes_row(articles: int, changes: Sequence[VerdictChange]) -> JsonObject:
    """``rasd rematch --json`` and ``rasd backtest --json``: counts, per source, each change with its proof."""
    moved = [one for one in changes if one.gained or one.lost]
    return {
        "articles": articles,
        "rewritten": len(changes),
        "gained": sum(len(one.gained) for one in moved),
        "lost": sum(len(one.lost) for one in moved),
        "sources": [
            {"source": t.source, "gained": t.gained, "lost": t.lost}
            for t in backtest.count_by_source(moved)
        ],
        "changes": [_change_row(one) for one in moved],
    }


def _change_row(one: VerdictChange) -> JsonObject:
    return {
        "id": one.article_id,
        "topic": one.topic,
        "source": one.source,
        "language": one.language,
        "headline": one.headline,
        "url": one.url,
        "gained": list(one.gained),
        "lost": list(one.lost),
        "score_before": dict(one.before.score) if one.before else {},
        "score_after": dict(one.after.score) if one.after else {},
        "proof": [
            {
                "field": q.field,
                "sentence": q.text,
                "mentions": [
                    {
                        "start": m.start,
                        "end": m.end,
                        "concept": m.concept,
                        "term": m.term,
                        "text": m.text,
                    }
                    for m in q.mentions
                ],
            }
            for q in one.proof
        ],
        "taken_away": [{"text": m.text, "reason": m.reason} for m in one.taken_away],
    }


def changes_text(report: JsonObject) -> Group:
    """The same for a terminal, the first changes only."""
    head = f"{report['articles']} articles: {report['gained']} labels gained, {report['lost']} lost"
    if "current" in report:
        current = report["current"] or "nothing: the topic is new"
        head = f"{report['topic']} {report['version']} against {current}, {head}"
    else:
        head += f", {report['rewritten']} verdicts rewritten"
    parts: list[Text | Table] = [Text(head, style="bold")]
    if report["sources"]:
        parts += [Text(), _sources_table(report["sources"])]
    for row in report["changes"][:SHOWN]:
        parts += [Text(), *_change_lines(row)]
    if (left := len(report["changes"]) - SHOWN) > 0:
        parts += [Text(), Text(f"and {left} articles more: --json has them all", style="dim")]
    return Group(*parts)


def _sources_table(rows: Sequence[JsonObject]) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("source")
    for name in ("gained", "lost"):
        table.add_column(name, justify="right")
    for row in rows:
        table.add_row(row["source"], str(row["gained"] or ""), str(row["lost"] or ""))
    return table


def _change_lines(row: JsonObject) -> list[Text]:
    said = [f"+{name} {row['score_after'].get(name, 0.0):.2f}" for name in row["gained"]]
    said += [
        f"-{name} {row['score_before'].get(name, 0.0):.2f} to {row['score_after'].get(name, 0.0):.2f}"
        for name in row["lost"]
    ]
    lines = [
        Text.assemble((f"{row['id']:>6}  ", "cyan"), (row["headline"], "bold")),
        Text.assemble(
            (f"        {row['source']}  ", "dim"),
            ("  ".join(said), "red" if row["lost"] else "green"),
        ),
    ]
    for quote in row["proof"]:
        words = " · ".join(
            dict.fromkeys(f"{m['concept'] or 'word'}: {m['text']}" for m in quote["mentions"])
        )
        lines += [Text(f"        «{quote['sentence']}»"), Text(f"        {words}", style="dim")]
    away = dict.fromkeys((m["text"], m["reason"]) for m in row["taken_away"])
    lines += [Text(f"        taken away: {text} ({reason})", style="dim") for text, reason in away]
    return lines
