"""The verbs for work on a topic: measure, explain, preview a term, back-test, judge again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from crawler import evaluation, matching, query, seeds, spiders
from crawler.app import App
from crawler.app.indexing import index_now
from crawler.cli import output
from crawler.cli.context import (
    Json,
    Topic,
    load_seeds,
    new_commands,
    opened,
    pass_app,
    print_result,
    read_lines,
    settings,
)
from crawler.cli.progress import progress, working
from crawler.cli.topics import queue
from crawler.matching import explanation, rejudge, term_preview
from crawler.matching.backtest import VerdictChange
from crawler.matching.shortfall import why_not
from crawler.matching.topics import Topic as TopicRecord
from crawler.model import ArchivedArticle
from crawler.query import suggestions
from crawler.seeds import folder
from crawler.views import arguments, explanation_html, shortfall
from crawler.views import evaluation as evaluation_view
from crawler.views import explanation as explanation_view
from crawler.views import term as term_view
from crawler.views.changes import changes_row, changes_text

commands = new_commands()

Id = Annotated[int, typer.Argument(help="An id, as search shows it.")]
Since = Annotated[str | None, typer.Option(help="A day (2026-11-23) or an age (7d, 12h).")]

PLACED_AT_ONCE = 100  # articles, in one transaction: a daemon takes its turn between

Workers = Annotated[int | None, typer.Option(min=1, help="Processes; else reading.workers.")]


@commands.command("eval")
def evaluate(
    labels: Annotated[
        Path | None, typer.Argument(help='Lines {"id","lang","title","text","<label>": true}.')
    ] = None,
    topic: Topic = None,
    from_archive: Annotated[
        bool, typer.Option("--from-archive", help="Measure on what rasd judge has stored.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Measure a topic on labelled texts.

    Prints precision, recall and F1 per label, language and difficulty, and each error with its
    proof.
    """

    if from_archive == (labels is not None):
        raise typer.BadParameter("give a file of labelled lines, or --from-archive")
    if labels is None:
        judging = working("judging what the archive holds verdicts of")
        with opened(last_good=False) as app, judging:
            report = evaluation_view.evaluated_archive(app, topic)
        print_result(report, as_json, evaluation_view.evaluation_text)
        return
    lines = list(read_lines(labels))
    chosen = evaluation_view.topic_of_labels(_topics(), topic, evaluation.find_judged_labels(lines))
    items = evaluation.parse_labelled_items(lines, tuple(chosen.labels), str(labels))
    shown = progress(items, "texts judged", len(items))
    judged = [(item, evaluation_view.match_item(item, chosen)) for item in shown]
    report = evaluation_view.evaluation_row(evaluation.evaluate(judged), chosen)
    print_result(report, as_json, evaluation_view.evaluation_text)


@commands.command()
@pass_app()
def explain(
    app: App,
    article: Id,
    as_json: Json = False,
    html: Annotated[Path | None, typer.Option(help="Write a page with the proof here.")] = None,
    asked: Annotated[
        str | None, typer.Option("--query", help="Explain why this query finds it or not.")
    ] = None,
) -> None:
    """Explain why an article was flagged or not.

    Shows which lines of each scorecard held and their sum, which conditions failed and how nearly,
    each mention in its sentence, and what was not counted and why; and replays the judgement.
    """

    kept = app.archive.article(article)
    if asked is not None:
        print_result(_explain_query(app, kept, asked), as_json, shortfall.query_text)
        return
    source = app.sources.get(kept.article.source)
    country = source.country if source else ""
    found = explanation.explain(kept, app.seeds.topics, country=country)
    if html is not None:
        output.write_file(html, explanation_html.page(kept, found, app.seeds.topics))
        output.say(f"{html}: why article {article} was flagged or not")
        return
    print_result(
        explanation_view.explanation_row(kept, found, app.seeds.topics),
        as_json,
        lambda report: explanation_view.explanation_text(kept, found, app.seeds.topics),
    )


def _explain_query(app: App, kept: ArchivedArticle, asked: str) -> dict[str, Any]:
    """Whether a query finds an article, with what proves it or what it fails by."""
    concepts = app.seeds.concepts
    parsed = query.parse(asked)
    suggestions.refuse_concepts(parsed, asked, concepts)
    saved = {slug: item.query for slug, item in app.seeds.queries.items()}
    resolved = query.resolve(parsed, saved)
    countries = {slug: source.country for slug, source in app.sources.items()}
    evaluate = matching.Evaluator(concepts, countries)
    found = evaluate(resolved, kept)
    texts = matching.article_fields(kept.article).texts
    quotes = explanation.quote_sentences(found, texts) if found is not None else None
    failures = why_not(evaluate.document(resolved, kept), resolved)
    return shortfall.query_row(asked, quotes, failures, concepts)


@commands.command()
@pass_app(last_good=False)
def rematch(
    app: App,
    topic: Topic = None,
    since: Since = None,
    workers: Workers = None,
    as_json: Json = False,
) -> None:
    """Judge stored articles again with today's topics.

    Without --topic and --since, new and changed concepts are looked for in all articles, too, so
    that searches need not. Running it twice changes nothing the second time.
    """

    topics = app.seeds.topics
    chosen = [arguments.one(topics, topic, "topic", "--topic")] if topic else list(topics.values())
    job = rejudge.RejudgeJob(
        open_scan=app.open_scan,
        after=chosen,
        countries={slug: source.country for slug, source in app.sources.items()},
        since=arguments.moment(since, app.clock()),
    )
    articles, changes = 0, list[VerdictChange]()
    parts = rejudge.rejudge(job, workers or app.config.reading.workers)
    for part in progress(parts, "parts of the archive judged"):
        app.matches.replace((c.article_id, c.topic, c.after) for c in part.changes)
        articles += part.articles
        changes += part.changes
    for _ in progress(_placed(app), "parts of the archive placed among the stories"):
        pass
    report = changes_row(articles, changes)
    if topic is None and since is None:
        found = index_now(app, workers or app.config.reading.workers)
        report["indexed"] = sum(progress(found, "parts of the archive indexed"))
    print_result(report, as_json, changes_text)


def _placed(app: App) -> Iterator[int]:
    """Give articles that an earlier version stored their place; how many, some at a time."""
    while some := app.story_filling.step(PLACED_AT_ONCE, app.clock()):
        yield some


@commands.command()
@pass_app(archive="optional", last_good=False)
def term(
    app: App,
    text: Annotated[
        str, typer.Argument(help="A word or phrase, as it would stand in the lexicon.")
    ],
    inflect: Annotated[
        list[str] | None,
        typer.Option(help="How its words change, in their order: noun, nisba, name, none …"),
    ] = None,
    lang: Annotated[str | None, typer.Option(help="ar, fr, en …; else detected.")] = None,
    only_in: Annotated[
        list[str] | None,
        typer.Option(help="Try it on texts of this language only; may be repeated."),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="Articles counted at most.")] = 2_000,
    as_json: Json = False,
) -> None:
    """Preview what a new term would match.

    Lists all its forms, the concepts that hold it already, and how broad it is.
    """

    tried = term_view.term(text, inflect or (), lang, only_in or ())
    probe = term_preview.preview_term(tried, app.seeds.concepts)
    search = app.search_over({term_preview.PREVIEW_CONCEPT: term_preview.preview_concept(tried)})
    found = search.find(query.ConceptRef(term_preview.PREVIEW_CONCEPT), limit=limit)
    answers = [
        (kept, [m.text for m in answer.mentions] if answer else []) for kept, answer in found
    ]
    spread = term_preview.count_spread(
        answers, articles=app.archive.counts()["articles"], limit=limit
    )
    print_result(term_view.term_row(probe, spread), as_json, term_view.term_text)


@commands.command()
@pass_app()
def judge(
    app: App,
    article: Annotated[
        int | None, typer.Argument(help="An id, as search shows it.", show_default=False)
    ] = None,
    verdict: Annotated[
        str | None, typer.Argument(help="yes, no; relevant, not, missed.", show_default=False)
    ] = None,
    topic: Annotated[
        str | None, typer.Option(help="The topic meant; else the one that matched it.")
    ] = None,
    label: Annotated[
        str | None, typer.Option(help="The label meant; else the one it stands under.")
    ] = None,
    by: Annotated[str, typer.Option(help="Who judged.")] = "",
    note: Annotated[str, typer.Option(help="Why.")] = "",
    ask: Annotated[
        int | None, typer.Option(min=1, help="Show so many articles worth judging, and ask.")
    ] = None,
) -> None:
    """Record whether an article was flagged rightly.

    Yes: it belongs under the label, whether or not the topic gave it; no: it does not. The verdict
    is stored, counted by ``rasd eval --from-archive`` and learned from by ``rasd fit --archive``;
    it never changes a rule by itself. With --ask, articles are shown one after the other, and a key
    judges each: those near the line first of all, the surest and the farthest too.
    """

    if ask is not None and article is None:
        chosen = arguments.one(app.seeds.topics, topic, "topic", "--topic")
        queue.ask(app, chosen, arguments.one(chosen.labels, label, "label", "--label"), ask, by)
        return
    if article is None or verdict is None or ask is not None:
        raise typer.BadParameter("give an id and a verdict, or --ask and how many")
    kept = app.archive.article(article)
    chosen = evaluation_view.topic_of_article(kept, app.seeds.topics, topic, label)
    given = evaluation_view.analyst_verdict(kept, chosen, verdict, label, app.clock())
    app.verdicts.add(replace(given, said_by=by, note=note))
    name = f"{given.verdict} for {given.topic}/{given.label}"
    output.say(f"{article}: {name}; rasd eval --from-archive counts it")


@commands.command()
@pass_app()
def doubtful(app: App, since: Since = "7d", topic: Topic = None, as_json: Json = False) -> None:
    """List articles that scored just under the line.

    This is the watch list: look here for stories that a topic missed.
    """

    now = app.clock()
    topics = app.seeds.topics
    if topic is not None:
        one = arguments.one(topics, topic, "topic", "--topic")
        topics = {one.slug: one}
    found = app.watch_list.doubtful(list(topics), arguments.moment(since, now) or now, now)
    report = explanation_view.doubtful_rows(found, topics)
    print_result(report, as_json, explanation_view.doubtful_text)


@commands.command("backtest")
@pass_app(last_good=False)
def back_test(
    app: App,
    topic_file: Annotated[
        Path, typer.Argument(metavar="TOPIC.yml", help="A topic, not yet in the seeds.")
    ],
    since: Since = None,
    workers: Workers = None,
    as_json: Json = False,
) -> None:
    """Compare a changed topic with the archive.

    Shows what it would gain and lose; nothing is saved.

    The file is read with the seeds in use; one that lies in a seeds folder of its own
    (draft/topics/TOPIC.yml beside draft/lexicon/) is read with that folder's lexicon.
    """

    candidate = _candidate(topic_file)
    current = app.seeds.topics.get(candidate.slug)
    job = rejudge.RejudgeJob(
        open_scan=app.open_scan,
        after=[candidate],
        before={candidate.slug: current} if current else {},
        countries={slug: source.country for slug, source in app.sources.items()},
        since=arguments.moment(since, app.clock()),
    )
    judged = rejudge.rejudge(job, workers or app.config.reading.workers)
    parts = list(progress(judged, "parts of the archive judged"))
    changes = [one for part in parts for one in part.changes]
    report = changes_row(sum(part.articles for part in parts), changes)
    versions = {
        "topic": candidate.slug,
        "version": candidate.version,
        "current": current and current.version,
    }
    print_result(versions | report, as_json, changes_text)


def _candidate(path: Path) -> TopicRecord:
    """The topic of a file that is not in the seeds yet; SeedError says what is wrong with it."""

    own = path.resolve().parent.parent
    is_seeds = path.resolve().parent.name == "topics" and (own / "lexicon").is_dir()
    files = folder.read_seed_files(own if is_seeds else folder.find_seeds_folder(settings().seeds))
    files[f"topics/{path.stem}.yml"] = "".join(read_lines(path))
    return seeds.load(files, kinds=spiders.kinds()).topics[path.stem]


def _topics() -> Mapping[str, TopicRecord]:
    return load_seeds().topics
