"""What the reading verbs say: plain data first (that is ``--json``), then the same for a terminal."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from crawler import matching, query
from crawler.digest import schedule
from crawler.matching import term_index
from crawler.matching.topics import Topic
from crawler.model import ArchivedArticle, Match
from crawler.seeds import Seeds
from crawler.views import coverage
from crawler.views.fields import (
    Row,
    UsageError,
    date_facts,
    date_origin,
    highlighted,
    iso,
    mention_row,
    sentence,
    short,
)

if TYPE_CHECKING:
    from crawler.app import App


def status(app: App) -> Row:
    """Sources with their last poll, the archive's counts, the next runs."""
    now = app.clock()
    rows = [
        {
            "source": h.source,
            "last_outcome": h.last_outcome,
            "last_poll_at": iso(h.last_poll_at),
            "last_success_at": iso(h.last_success_at),
            "failures": h.failures,
            "articles": h.articles,
            "next_poll_at": iso(h.next_poll_at),
        }
        for h in app.archive.health(app.seeds.sources)
    ]
    digests = {
        recipe.slug: {
            "next_at": iso(schedule.next_due_at(now, recipe.hour, recipe.timezone)),
            "recipients": len(app.outbox.recipients(recipe.slug)),
        }
        for recipe in app.seeds.digests.values()
    }
    return {
        "at": iso(now),
        "counts": app.archive.counts(),
        "digests": digests,
        "sources": rows,
        "findings": coverage.findings(app.coverage.findings()),
        "gaps": coverage.gaps(app.coverage.gaps()),
        "canary": coverage.canary(app.canaries.heard(), now),
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
            short(row["last_poll_at"]),
            str(row["failures"] or ""),
            str(row["articles"]),
            short(row["next_poll_at"]),
            style=style,
        )
    counts = Text("  ".join(f"{name} {value}" for name, value in report["counts"].items()))
    digests = Text(
        "\n".join(
            f"digest {slug}: next {short(d['next_at'])}, recipients {d['recipients']}"
            for slug, d in report["digests"].items()
        )
    )
    parts: list[RenderableType] = [table, Text(), counts, digests]
    if report["findings"]:
        parts += [Text(), coverage.findings_table(report["findings"])]
    if report["gaps"]:
        parts += [Text(), coverage.gaps_table(report["gaps"])]
    parts += [Text(), Text(coverage.canary_line(report["canary"]))]
    return Group(*parts)


def found(results: Sequence[tuple[ArchivedArticle, Match | None]]) -> list[Row]:
    """Search results, newest first, each with the words that answered."""
    rows = []
    for kept, answer in results:
        row = date_facts(kept)
        row["mentions"] = [mention_row(m) for m in answer.mentions] if answer else []
        row["sentence"] = sentence(kept, answer.mentions[0]) if answer and answer.mentions else ""
        rows.append(row)
    return rows


def found_table(rows: list[Row]) -> Group | Text:
    """``found`` for a terminal; an empty answer says so."""
    if not rows:
        return Text("nothing found; the filters and the words all have to hold")
    lines: list[Text] = []
    for row in rows:
        labels = " ".join(label for m in row["matches"] for label in m["labels"])
        labels = labels or " ".join(
            f"doubtful: {label}" for m in row["matches"] for label in m["doubtful"]
        )
        head = Text.assemble((f"{row['id']:>6}  ", "cyan"), (row["headline"], "bold"))
        where = f"{short(row['published_at'] or row['first_seen_at'])} · {row['source']}"
        lines.append(head)
        lines.append(Text.assemble((f"        {where}", "dim"), "  ", (labels, "green")))
        if row["sentence"]:
            lines.append(Text(f"        {row['sentence']}"))
    return Group(*lines)


def article(kept: ArchivedArticle) -> Row:
    """One article with everything known of it."""
    row = date_facts(kept)
    written = kept.article
    row |= {
        "canonical_url": written.canonical_url,
        "lead": written.lead,
        "body": written.body,
        "authors": list(written.authors),
        "section": written.section,
        "extraction": written.extraction,
        "oddities": list(written.oddities),
        "kept_at": iso(kept.kept_at),
    }
    for match, shown in zip(kept.matches, row["matches"], strict=True):
        shown["mentions"] = [mention_row(m) for m in match.mentions]
        shown["taken_away"] = [mention_row(m) | {"reason": m.reason} for m in match.taken_away]
    return row


def article_text(kept: ArchivedArticle) -> Group:
    """One article for a terminal: the proof highlighted in its text, then why and whence."""
    written = kept.article
    parts: list[Text] = [
        highlighted(written.headline, kept, "headline", "bold"),
        Text(f"{written.source} · {written.language} · {written.url}", style="dim"),
        Text(date_origin(kept), style="dim"),
        *(
            [Text(f"odd: {', '.join(written.oddities)}", style="yellow")]
            if written.oddities
            else []
        ),
        Text(),
    ]
    if not written.body.startswith(written.lead):
        parts += [highlighted(written.lead, kept, "lead"), Text()]
    parts.append(highlighted(written.body or f"(no text: {written.extraction})", kept, "body"))
    for match in kept.matches:
        scores = ", ".join(f"{label} {match.score[label]:.2f}" for label in match.labels)
        parts += [
            Text(),
            Text(f"{match.topic}: {scores}  (version {match.version})", style="green"),
        ]
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
        "mentions": [mention_row(m) for m in verdict.mentions],
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
                if idle := term_index.find_idle_traps(c):
                    what += f"; traps without a term in them: {', '.join(idle)}"
            case "topics":
                t = seeds.topics[slug]
                wrong = matching.failed_examples(t)
                problems += [f"{path}:{line}: {said}" for line, said in wrong]
                good = len(t.examples) - len(wrong)
                what = (
                    f"labels {', '.join(t.labels)} over {len(t.concepts)} concepts, "
                    f"{good} of {len(t.examples)} examples hold · version {t.version}"
                )
            case "queries":
                what = query.describe(seeds.queries[slug].query, "en")
            case _:
                d = seeds.digests[slug]
                what = f"{', '.join(d.topics)} · daily at {d.hour:%H:%M} {d.timezone}"
        lines.append(f"{path}: {what}")
    return lines, problems
