"""What the reading verbs say: plain data first (that is ``--json``), then the same for a terminal."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from crawler import matching, query, schedule, shortfall, terms
from crawler.errors import NotFound, RasdError
from crawler.model import ArchivedArticle, Match, Mention
from crawler.seeds import Seeds, Topic

if TYPE_CHECKING:
    from crawler.app import App

Row = dict[str, Any]
_T = TypeVar("_T")


class UsageError(RasdError, ValueError):
    """The command cannot be understood."""

    exit_code = 2


def one(named: Mapping[str, _T], name: str | None, noun: str, option: str) -> _T:
    """The one of this name, or the only one there is; NotFound or UsageError otherwise."""
    if name is None and len(named) == 1:
        return next(iter(named.values()))
    if name is None:
        raise UsageError(f"which {noun}? give {option}: {', '.join(named) or 'the seeds hold none'}")
    if name not in named:
        raise NotFound(f"no {noun} {name!r} in the seeds; known: {', '.join(named)}")
    return named[name]


def main_topic(seeds: Seeds) -> str | None:
    """The topic meant where none is named: the first that a digest is made of, for the topics that
    stand beside it are examples and drafts; None where no digest is."""
    return next((slug for recipe in seeds.digests.values() for slug in recipe.topics), None)


def moment(written: str | None, now: datetime) -> datetime | None:
    """A day (2026-11-23), a time (2026-11-23T08:00Z) or an age (7d, 12h, 30m), as aware UTC."""
    if written is None:
        return None
    if age := re.fullmatch(r"(\d+)([mhd])", written):
        unit = {"m": "minutes", "h": "hours", "d": "days"}[age[2]]
        return now - timedelta(**{unit: int(age[1])})
    try:
        at = datetime.fromisoformat(written)
    except ValueError as error:
        raise UsageError(f"{written!r} is no day (2026-11-23) and no age (7d, 12h)") from error
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def status(app: App) -> Row:
    """Sources with their last poll, the archive's counts, the next runs."""
    now = app.clock()
    rows = [
        {
            "source": h.source,
            "last_outcome": h.last_outcome,
            "last_poll_at": _iso(h.last_poll_at),
            "last_success_at": _iso(h.last_success_at),
            "failures": h.failures,
            "articles": h.articles,
            "next_poll_at": _iso(h.next_poll_at),
        }
        for h in app.archive.health(app.seeds.sources)
    ]
    digests = {
        recipe.slug: {
            "next_at": _iso(schedule.next_due_at(now, recipe.hour, recipe.timezone)),
            "recipients": len(app.outbox.recipients(recipe.slug)),
        }
        for recipe in app.seeds.digests.values()
    }
    return {
        "at": _iso(now),
        "counts": app.archive.counts(),
        "digests": digests,
        "sources": rows,
        "findings": shortfall.findings(app.ledger.findings()),
        "gaps": shortfall.gaps(app.ledger.gaps()),
        "canary": shortfall.canary(app.canaries.heard(), now),
    }


def status_table(report: Row) -> Group:
    """``status`` for a terminal."""
    table = Table(box=None, pad_edge=False)
    for name in ("source", "last outcome", "last poll", "failures", "articles", "next poll"):
        table.add_column(name, justify="right" if name in ("failures", "articles") else "left")
    for row in report["sources"]:
        style = "red" if row["failures"] else ("dim" if row["last_outcome"] is None else "")
        table.add_row(
            row["source"],
            row["last_outcome"] or "never polled",
            _short(row["last_poll_at"]),
            str(row["failures"] or ""),
            str(row["articles"]),
            _short(row["next_poll_at"]),
            style=style,
        )
    counts = Text("  ".join(f"{name} {value}" for name, value in report["counts"].items()))
    digests = Text(
        "\n".join(
            f"digest {slug}: next {_short(d['next_at'])}, recipients {d['recipients']}"
            for slug, d in report["digests"].items()
        )
    )
    parts: list[RenderableType] = [table, Text(), counts, digests]
    if report["findings"]:
        parts += [Text(), shortfall.findings_table(report["findings"])]
    if report["gaps"]:
        parts += [Text(), shortfall.gaps_table(report["gaps"])]
    parts += [Text(), Text(shortfall.canary_line(report["canary"]))]
    return Group(*parts)


def found(results: Sequence[tuple[ArchivedArticle, Match | None]]) -> list[Row]:
    """Search results, newest first, each with the words that answered."""
    rows = []
    for kept, answer in results:
        row = _facts(kept)
        row["mentions"] = [_mention(m) for m in answer.mentions] if answer else []
        row["sentence"] = _sentence(kept, answer.mentions[0]) if answer and answer.mentions else ""
        rows.append(row)
    return rows


def found_table(rows: list[Row]) -> Group | Text:
    """``found`` for a terminal; an empty answer says so."""
    if not rows:
        return Text("nothing found; the filters and the words all have to hold")
    lines: list[Text] = []
    for row in rows:
        labels = " ".join(label for m in row["matches"] for label in m["labels"])
        labels = labels or " ".join(f"doubtful: {label}" for m in row["matches"] for label in m["doubtful"])
        head = Text.assemble((f"{row['id']:>6}  ", "cyan"), (row["headline"], "bold"))
        where = f"{_short(row['published_at'] or row['first_seen_at'])} · {row['source']}"
        lines.append(head)
        lines.append(Text.assemble((f"        {where}", "dim"), "  ", (labels, "green")))
        if row["sentence"]:
            lines.append(Text(f"        {row['sentence']}"))
    return Group(*lines)


def article(kept: ArchivedArticle) -> Row:
    """One article with everything known of it."""
    row = _facts(kept)
    written = kept.article
    row |= {
        "canonical_url": written.canonical_url,
        "lead": written.lead,
        "body": written.body,
        "authors": list(written.authors),
        "section": written.section,
        "extraction": written.extraction,
        "oddities": list(written.oddities),
        "kept_at": _iso(kept.kept_at),
    }
    for match, shown in zip(kept.matches, row["matches"], strict=True):
        shown["mentions"] = [_mention(m) for m in match.mentions]
        shown["taken_away"] = [_mention(m) | {"reason": m.reason} for m in match.taken_away]
    return row


def article_text(kept: ArchivedArticle) -> Group:
    """One article for a terminal: the proof highlighted in its text, then why and whence."""
    written = kept.article
    parts: list[Text] = [
        _highlighted(written.headline, kept, "headline", "bold"),
        Text(f"{written.source} · {written.language} · {written.url}", style="dim"),
        Text(_whence(kept), style="dim"),
        *([Text(f"odd: {', '.join(written.oddities)}", style="yellow")] if written.oddities else []),
        Text(),
    ]
    if not written.body.startswith(written.lead):
        parts += [_highlighted(written.lead, kept, "lead"), Text()]
    parts.append(_highlighted(written.body or f"(no text: {written.extraction})", kept, "body"))
    for match in kept.matches:
        scores = ", ".join(f"{label} {match.score[label]:.2f}" for label in match.labels)
        parts += [Text(), Text(f"{match.topic}: {scores}  (version {match.version})", style="green")]
        terms: dict[str, list[str]] = {}
        for mention in match.mentions:
            if mention.text not in terms.setdefault(mention.concept or "words", []):
                terms[mention.concept or "words"].append(mention.text)
        parts += [Text(f"  {concept}: {' · '.join(words)}") for concept, words in terms.items()]
        for mention in match.taken_away:
            parts.append(Text(f"  not counted: {mention.text} ({mention.reason})", style="dim"))
    if not kept.matches:
        parts += [Text(), Text("no topic flagged this", style="dim")]
    return Group(*parts)


def judged(line: str, topic: Topic, where: str) -> Row:
    """One line of ``rasd match``: ``{"id","title","text"}`` in, labels and mentions out."""
    try:
        item = json.loads(line)
        if not item.keys() & {"title", "text"}:
            raise ValueError("neither title nor text")
        title, text = str(item.get("title") or ""), str(item.get("text") or "")
    except (ValueError, AttributeError) as error:
        raise UsageError(f'{where}: not a JSON object with "id", "title" and "text"') from error
    verdict = matching.match_text(title, text, topic, language=str(item.get("lang") or ""))
    return {
        "id": item.get("id"),
        "labels": list(verdict.labels),
        "score": verdict.score,
        "themes": list(verdict.themes),
        "actors": [{"name": a.name, "role": a.role, "side": a.side} for a in verdict.actors],
        "mentions": [_mention(m) for m in verdict.mentions],
    }


def checked(files: Mapping[str, str], seeds: Seeds) -> tuple[list[str], list[str]]:
    """One line a file on what it holds, and the topics' examples that come out otherwise."""
    lines, problems = [], []
    for path in files:
        folder, slug = path.split("/", 1)[0], path.rsplit("/", 1)[-1].removesuffix(".yml")
        match folder:
            case "sources":
                s = seeds.sources[slug]
                kinds = ", ".join(f"{f.kind} every {f.every_seconds // 60} min" for f in s.feeds)
                what = f"{s.name} · {s.country} · {' '.join(s.languages)} · {kinds}"
            case "lexicon":
                c = seeds.concepts[slug]
                langs = " ".join(dict.fromkeys(t.language for t in c.terms))
                what = f"concept of {len(c.terms)} terms ({langs}), {len(c.traps)} traps"
                if idle := terms.idle_traps(c):
                    what += f"; traps without a term in them: {', '.join(idle)}"
            case "topics":
                t = seeds.topics[slug]
                wrong = matching.complaints(t)
                problems += [f"{path}:{line}: {said}" for line, said in wrong]
                good = len(t.examples) - len(wrong)
                what = (
                    f"labels {', '.join(t.labels)} over {len(t.concepts)} concepts, "
                    f"{good} of {len(t.examples)} examples hold · version {t.version}"
                )
            case "queries":
                what = query.say(seeds.queries[slug].query, "en")
            case _:
                d = seeds.digests[slug]
                what = f"{', '.join(d.topics)} · daily at {d.hour:%H:%M} {d.timezone}"
        lines.append(f"{path}: {what}")
    return lines, problems


# ── parts ─────────────────────────────────────────────────────────────────────────────────────


def _facts(kept: ArchivedArticle) -> Row:
    written = kept.article
    return {
        "id": kept.id,
        "headline": written.headline,
        "url": written.url,
        "source": written.source,
        "language": written.language,
        "published_at": _iso(written.published.at) if written.published else None,
        "published_from": written.published.source if written.published else None,
        "first_seen_at": _iso(written.first_seen_at),
        "matches": [
            {"topic": m.topic, "labels": list(m.labels), "score": m.score, "version": m.version,
             "doubtful": list(m.doubtful)}
            for m in kept.matches
        ],
    }


def _mention(mention: Mention) -> Row:
    return {
        "field": mention.field,
        "start": mention.start,
        "end": mention.end,
        "concept": mention.concept,
        "term": mention.term,
        "text": mention.text,
    }


def _sentence(kept: ArchivedArticle, mention: Mention) -> str:
    from crawler.languages import sentences

    text = {
        "headline": kept.article.headline,
        "lead": kept.article.lead,
        "body": kept.article.body,
    }.get(mention.field, "")
    spans = (s for s in sentences(text) if s[0] <= mention.start < s[1])
    start, end = next(spans, (0, 0))
    return text[start:end] if mention.field != "headline" else ""


def _highlighted(text: str, kept: ArchivedArticle, field: str, style: str = "") -> Text:
    shown = Text(text, style=style)
    for match in kept.matches:
        for mention in match.mentions:
            if mention.field == field:
                shown.stylize("bold black on yellow", mention.start, mention.end)
    return shown


def _whence(kept: ArchivedArticle) -> str:
    published = kept.article.published
    seen = f"first seen {_short(_iso(kept.article.first_seen_at))}"
    if published is None:
        return f"no date that can be trusted; {seen}"
    day = "" if published.has_time else " (a day only)"
    at = _short(_iso(published.at))
    return f"published {at} UTC{day}, from {published.source}: {published.printed!r}; {seen}"


def _iso(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if at else None


def _short(iso: str | None) -> str:
    return iso[:16].replace("T", " ") if iso else "–"
