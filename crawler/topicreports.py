"""What the verbs about topics say on a terminal, and how a usage error of theirs reads."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from rich.console import Group
from rich.table import Table
from rich.text import Text

from crawler import backtest, evaluation, explanation, matching, reports
from crawler.backtest import Change
from crawler.errors import NotFound
from crawler.evaluation import Error, Evaluation, Labelled, Suggestion
from crawler.explanation import Explanation, Row
from crawler.model import ArchivedArticle, Match, Mention, Verdict, VerdictName
from crawler.topics import Topic

if TYPE_CHECKING:
    from crawler.app import App

REPLAYS: dict[explanation.State, str] = {
    "reproduced": "judged again, the same version gives the same bytes",
    "differs": "judged again, the same version gives another verdict: the code has changed; rasd rematch",
    "older": "of an older version of the topic; today's ({version}) says: {labels}",
    "gone": "the seeds hold this topic no more: it cannot be judged again",
    "would": "nothing is stored; today's topic would flag it: rasd rematch",
    "unflagged": "not flagged; below is what the rules found all the same",
}

# ── rasd eval ─────────────────────────────────────────────────────────────────────────────────


def judged_by(topics: Mapping[str, Topic], name: str | None, labels: Collection[str]) -> Topic:
    """The topic of this name; without one, the only topic whose labels a file judges."""
    fitting = {slug: topic for slug, topic in topics.items() if set(labels) & set(topic.labels)}
    return reports.one(topics if name or not fitting else fitting, name, "topic", "--topic")


def judge(item: Labelled, topic: Topic) -> Match:
    """The topic's verdict on a labelled item."""
    return matching.match_text(item.title, item.text, topic, language=item.language)


def evaluation_row(done: Evaluation, topic: Topic, suggested: Sequence[Suggestion] = ()) -> Row:
    """``rasd eval --json``."""
    return {
        "topic": topic.slug,
        "version": topic.version,
        "items": done.items,
        "rows": [
            {
                "label": r.label,
                "language": r.language,
                "difficulty": r.difficulty,
                "items": r.tally.items,
                "true_positives": r.tally.true_positives,
                "false_positives": r.tally.false_positives,
                "false_negatives": r.tally.false_negatives,
                "precision": r.tally.precision,
                "recall": r.tally.recall,
                "f1": r.tally.f1,
            }
            for r in done.rows
        ],
        "errors": [_error_row(error, topic) for error in done.errors],
        "suggestions": [str(s) for s in suggested],
    }


def _error_row(error: Error, topic: Topic) -> Row:
    item = error.item
    fields = matching.text_fields(item.title, item.text, language=item.language)
    shown = explanation.evident(error.verdict, fields, topic, None if error.flagged else error.label)
    return {
        "id": item.id,
        "label": error.label,
        "wanted": not error.flagged,
        "language": item.language,
        "difficulty": item.difficulty,
        "tag": item.tag,
        "title": item.title,
        "verdict": explanation.verdict_row(shown, fields.texts),
    }


def evaluation_table(report: Row) -> Group:
    """``rasd eval`` for a terminal: the table, then each error with its proof."""
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0))
    for name in ("label", "language", "difficulty"):
        table.add_column(name, no_wrap=True)
    for name in ("items", "right", "wrong", "missed", "precision", "recall", "F1"):
        table.add_column(name, justify="right", no_wrap=True)
    for r in report["rows"]:
        total = r["language"] == r["difficulty"] == evaluation.ALL
        counts = (r["items"], r["true_positives"], r["false_positives"], r["false_negatives"])
        rates = (_rate(r["precision"]), _rate(r["recall"]), _rate(r["f1"]))
        names = (r["label"], r["language"], r["difficulty"])
        table.add_row(*names, *map(str, counts), *rates, style="bold" if total else "")
    parts: list[Text | Table] = [Text(f"{report['topic']} {report['version']}: {report['items']} items"), table]
    for row in report["errors"]:
        parts += [Text(), *_error_lines(row)]
    parts += [Text(), *(Text(line, style="cyan") for line in report["suggestions"])]
    return Group(*parts)


def _error_lines(row: Row) -> list[Text]:
    verdict = row["verdict"]
    what = "MISSED" if row["wanted"] else "FALSE ALARM"
    facts = " · ".join(filter(None, (row["language"], row["difficulty"], row["tag"])))
    score = verdict["score"].get(row["label"], 0.0)
    lines = [
        Text.assemble((f"{what} {row['label']} {score:.2f}", "bold red"), f"  {row['id']}  ", (facts, "dim")),
        Text(f"  {row['title'] or '(no title)'}", style="bold"),
    ]
    found: dict[str, list[str]] = {}
    for m in verdict["mentions"]:
        found.setdefault(m["concept"] or "words", []).append(m["text"])
    lines += [Text(f"  {name}: {' · '.join(dict.fromkeys(words))}") for name, words in found.items()]
    if not found:
        lines.append(Text("  nothing that the rules look for stands here", style="dim"))
    away = dict.fromkeys((m["text"], m["reason"]) for m in verdict["taken_away"])
    lines += [Text(f"  taken away: {text} ({reason})", style="dim") for text, reason in away]
    return lines


def _rate(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


# ── rasd judge, rasd eval --from-archive ──────────────────────────────────────────────────────

SAID: dict[VerdictName, bool] = {"relevant": True, "missed": True, "not": False}


def judged_topic(kept: ArchivedArticle, topics: Mapping[str, Topic], name: str | None) -> Topic:
    """The topic a verdict is about: the named one, the only one that matched, or the only one there is."""
    matched = {m.topic: topics[m.topic] for m in kept.matches if m.topic in topics}
    return reports.one(topics if name or not matched else matched, name, "topic", "--topic")


def said(
    kept: ArchivedArticle, topic: Topic, verdict: str, *, label: str | None, by: str, note: str, now: datetime
) -> Verdict:
    """An analyst's verdict, about the label named or the one under which the article stands.

    ``relevant`` and ``not`` speak of the most special label held, else of the doubtful one;
    ``missed`` of the first label that the topic did not give. UsageError for what makes no sense.
    """
    name = next((known for known in SAID if known == verdict), None)
    if name is None:
        raise reports.UsageError(f"{verdict!r} is no verdict; say {', '.join(SAID)}")
    if label is not None and label not in topic.labels:
        raise reports.UsageError(f"{topic.slug} has no label {label!r}; it has {', '.join(topic.labels)}")
    match = next((m for m in kept.matches if m.topic == topic.slug), None)
    held = match.labels if match else ()
    if label is None and name == "missed":
        label = next((known for known in topic.labels if known not in held), None)
    elif label is None:
        label = (*topic.labels, *(match.doubtful if match else ()), *held)[-1]
        if match is None:
            raise reports.UsageError(f"{topic.slug} did not flag {kept.id}: nothing to call {name}; say missed, or --label")
    if label is None or (name == "missed" and label in held):
        raise reports.UsageError(f"{topic.slug} gave {kept.id} {', '.join(held)}: it was not missed")
    version = match.version if match else ""
    return Verdict(
        article_id=kept.id, topic=topic.slug, label=label, verdict=name, said_by=by, note=note,
        version=version, said_at=now,
    )  # fmt: skip


def evaluated_archive(app: App, name: str | None) -> Row:
    """``rasd eval --from-archive``: today's topic against what analysts said, with suggestions."""
    topics = app.seeds.topics
    if name is None:
        judged_topics = {slug: topic for slug, topic in topics.items() if app.verdicts.standing(slug)}
        if not judged_topics:
            raise NotFound("nobody has judged an article yet: rasd judge ID relevant|not|missed")
        topics = judged_topics
    topic = reports.one(topics, name, "topic", "--topic")
    truth: dict[int, dict[str, bool]] = {}
    for verdict in app.verdicts.standing(topic.slug):
        if verdict.label in topic.labels:
            truth.setdefault(verdict.article_id, {})[verdict.label] = SAID[verdict.verdict]
    if not truth:
        raise NotFound(f"nobody has judged an article for {topic.slug} yet")
    judged = []
    for article_id, labels in truth.items():
        kept = app.archive.article(article_id)
        source = app.sources.get(kept.article.source)
        fields = matching.fields_of(kept.article, country=source.country if source else "")
        item = Labelled(
            id=str(article_id), title=kept.article.headline, text=kept.article.body or kept.article.lead,
            truth=labels, language=kept.article.language,
        )  # fmt: skip
        judged.append((item, matching.matcher(topic).match(fields)))
    asked = [s for label in topic.labels for s in evaluation.suggestions(judged, label)]
    return evaluation_row(evaluation.evaluate(judged), topic, asked)


# ── rasd doubtful ─────────────────────────────────────────────────────────────────────────────


def doubtful_rows(found: Sequence[ArchivedArticle], topics: Collection[str]) -> list[Row]:
    """``rasd doubtful --json``: the surest first, each with the sentence that speaks for it."""
    rows = [_doubtful_row(kept, match) for kept in found for match in kept.matches if match.topic in topics and match.doubtful]
    return sorted(rows, key=lambda row: (-max(row["score"].values()), row["id"]))


def _doubtful_row(kept: ArchivedArticle, match: Match) -> Row:
    quotes = explanation.quotes(match.mentions, matching.fields_of(kept.article).texts)
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


def doubtful_text(rows: list[Row]) -> Group | Text:
    """The watch list for a terminal; an empty one says so."""
    if not rows:
        return Text("nothing stood just under the line in this time")
    lines: list[Text] = []
    for row in rows:
        score = "  ".join(f"{label} {value:.2f}" for label, value in row["score"].items())
        lines.append(Text.assemble((f"{row['id']:>6}  ", "cyan"), (row["headline"] or row["url"], "bold")))
        lines.append(Text.assemble((f"        {row['source']}  ", "dim"), (f"{row['topic']}: {score}", "yellow")))
        if row["sentence"] != row["headline"]:
            lines.append(Text(f"        {row['sentence']}"))
    return Group(*lines, Text(), Text("rasd explain ID says why; rasd judge ID missed|not settles it", style="dim"))


# ── rasd explain ──────────────────────────────────────────────────────────────────────────────


def explanation_text(kept: ArchivedArticle, explained: Sequence[Explanation]) -> Group:
    """``rasd explain`` for a terminal."""
    article, texts = kept.article, matching.fields_of(kept.article).texts
    parts = [
        Text(article.headline, style="bold"),
        Text(f"{kept.id} · {article.source} · {article.language} · {article.url}", style="dim"),
    ]
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
    lines = [Text(f"{match.topic}  version {match.version}", style="bold green"), Text(f"  {replay(one)}", style="dim")]
    for label in dict.fromkeys((*match.labels, *match.doubtful, *match.score)):
        holds = "holds" if label in match.labels else "doubtful" if label in match.doubtful else "does not hold"
        lines.append(Text(f"  {label} {match.score.get(label, 0.0):.2f}  {holds}"))
    if match.themes:
        lines.append(Text(f"  themes: {', '.join(match.themes)}"))
    lines += [Text(f"  actor: {a.name} · {a.role} · {a.side}") for a in match.actors]
    for quote in explanation.quotes(match.mentions, texts):
        lines += [Text(), _quoted(quote)]
        lines += [Text(f"    {_place(m)}  {m.concept or 'word'}: {m.term}", style="dim") for m in quote.mentions]
    for m in match.taken_away:
        lines.append(Text(f"  taken away: {m.text}  {_place(m)}  {m.concept}: {m.reason}", style="dim"))
    return lines


def _quoted(quote: explanation.Quote) -> Text:
    shown = Text("  «")
    for text, mentions in explanation.pieces(quote.text, quote.start, quote.mentions):
        shown.append(text, style="bold black on yellow" if mentions else "")
    return shown.append("»")


def _place(mention: Mention) -> str:
    return f"{mention.field} {mention.start}–{mention.end}"


# ── rasd rematch, rasd backtest ───────────────────────────────────────────────────────────────

SHOWN = 20  # changes on a terminal; --json has them all


def changes_row(articles: int, changes: Sequence[Change]) -> Row:
    """``rasd rematch --json`` and ``rasd backtest --json``: counts, per source, each change with its proof."""
    moved = [one for one in changes if one.gained or one.lost]
    return {
        "articles": articles,
        "rewritten": len(changes),
        "gained": sum(len(one.gained) for one in moved),
        "lost": sum(len(one.lost) for one in moved),
        "sources": [
            {"source": t.source, "gained": t.gained, "lost": t.lost} for t in backtest.per_source(moved)
        ],
        "changes": [_change_row(one) for one in moved],
    }


def _change_row(one: Change) -> Row:
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
                    {"start": m.start, "end": m.end, "concept": m.concept, "term": m.term, "text": m.text}
                    for m in q.mentions
                ],
            }
            for q in one.proof
        ],
        "taken_away": [{"text": m.text, "reason": m.reason} for m in one.taken_away],
    }


def changes_text(report: Row) -> Group:
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


def _sources_table(rows: Sequence[Row]) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("source")
    for name in ("gained", "lost"):
        table.add_column(name, justify="right")
    for row in rows:
        table.add_row(row["source"], str(row["gained"] or ""), str(row["lost"] or ""))
    return table


def _change_lines(row: Row) -> list[Text]:
    said = [f"+{name} {row['score_after'].get(name, 0.0):.2f}" for name in row["gained"]]
    said += [
        f"-{name} {row['score_before'].get(name, 0.0):.2f} to {row['score_after'].get(name, 0.0):.2f}"
        for name in row["lost"]
    ]
    lines = [
        Text.assemble((f"{row['id']:>6}  ", "cyan"), (row["headline"], "bold")),
        Text.assemble((f"        {row['source']}  ", "dim"), ("  ".join(said), "red" if row["lost"] else "green")),
    ]
    for quote in row["proof"]:
        words = " · ".join(dict.fromkeys(f"{m['concept'] or 'word'}: {m['text']}" for m in quote["mentions"]))
        lines += [Text(f"        «{quote['sentence']}»"), Text(f"        {words}", style="dim")]
    away = dict.fromkeys((m["text"], m["reason"]) for m in row["taken_away"])
    lines += [Text(f"        taken away: {text} ({reason})", style="dim") for text, reason in away]
    return lines
