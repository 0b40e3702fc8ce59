"""The verbs of working on a topic: measure it, explain it, try a term, back-test, judge again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli.context import Json, Topic, load_seeds, opened, print_result, read_lines, settings

if TYPE_CHECKING:
    from crawler.matching.topics import Topic as TopicRecord

commands = typer.Typer()

Id = Annotated[int, typer.Argument(help="An id, as search shows it.")]
Since = Annotated[str | None, typer.Option(help="A day (2026-11-23) or an age (7d, 12h).")]

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
    """Measure a topic on labelled texts: precision, recall, F1, and the errors with their proof."""
    from crawler.matching import evaluation
    from crawler.views import evaluation as views_evaluation

    if from_archive == (labels is not None):
        raise typer.BadParameter("give a file of labelled lines, or --from-archive")
    if labels is None:
        with opened() as app:
            report = views_evaluation.evaluated_archive(app, topic)
        print_result(report, as_json, views_evaluation.evaluation_table)
        return
    lines = list(read_lines(labels))
    chosen = views_evaluation.judged_by(_topics(), topic, evaluation.judged_labels(lines))
    items = evaluation.read_labelled(lines, tuple(chosen.labels), str(labels))
    judged = [(item, views_evaluation.judge(item, chosen)) for item in items]
    report = views_evaluation.evaluation_row(evaluation.evaluate(judged), chosen)
    print_result(report, as_json, views_evaluation.evaluation_table)


@commands.command()
def explain(
    article: Id,
    as_json: Json = False,
    html: Annotated[Path | None, typer.Option(help="Write a page with the proof here.")] = None,
) -> None:
    """Why an article was flagged or was not: mentions, what was taken away, and a replay."""
    from crawler.matching import explanation
    from crawler.views import explanation as views_explanation

    with opened() as app:
        kept = app.archive.article(article)
        source = app.sources.get(kept.article.source)
        country = source.country if source else ""
        found = explanation.explain(kept, app.seeds.topics, country=country)
    if html is not None:
        from crawler.views import explanation_html

        html.write_text(explanation_html.page(kept, found, app.seeds.topics), encoding="utf-8")
        typer.echo(f"{html}: why article {article} was flagged or was not")
        return
    print_result(
        explanation.row(kept, found),
        as_json,
        lambda report: views_explanation.explanation_text(kept, found),
    )


@commands.command()
def rematch(
    topic: Topic = None,
    since: Since = None,
    workers: Workers = None,
    as_json: Json = False,
) -> None:
    """Judge stored articles again with today's topics; doing it twice changes nothing more."""
    from crawler.matching import rejudge
    from crawler.matching.backtest import Change
    from crawler.views import fields
    from crawler.views.changes import changes_row, changes_text

    with opened() as app:
        topics = app.seeds.topics
        chosen = [fields.one(topics, topic, "topic", "--topic")] if topic else list(topics.values())
        asked = rejudge.Sweep(
            open_scan=app.open_scan,
            after=chosen,
            countries={slug: source.country for slug, source in app.sources.items()},
            since=fields.moment(since, app.clock()),
        )
        articles, changes = 0, list[Change]()
        for part in rejudge.run(asked, workers or app.config.reading.workers):
            app.matches.replace((c.article_id, c.topic, c.after) for c in part.changes)
            articles += part.articles
            changes += part.changes
    report = changes_row(articles, changes)
    print_result(report, as_json, changes_text)


@commands.command()
def term(
    text: Annotated[
        str, typer.Argument(help="A word or phrase, as it would stand in the lexicon.")
    ],
    inflect: Annotated[
        list[str] | None,
        typer.Option(help="How its words change, in their order: noun, nisba, name, none …"),
    ] = None,
    lang: Annotated[
        str | None, typer.Option(help="ar, fr, en …; else told by its letters.")
    ] = None,
    only_in: Annotated[
        list[str] | None,
        typer.Option(help="Try it on texts of this language only; may be repeated."),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="Articles counted at most.")] = 2_000,
    as_json: Json = False,
) -> None:
    """Try a term: all the forms it matches, which concepts hold it already, how broad it is."""
    from crawler import query
    from crawler.matching import term_preview
    from crawler.views import term as view_term

    tried = view_term.term(text, inflect or (), lang, only_in or ())
    with opened() as app:
        probe = term_preview.preview(tried, app.seeds.concepts)
        search = app.search_over({term_preview.NAME: term_preview.concept(tried)})
        found = search.find(query.Concept(term_preview.NAME), limit=limit)
        answers = [
            (kept, [m.text for m in answer.mentions] if answer else []) for kept, answer in found
        ]
        spread = term_preview.spread(
            answers, articles=app.archive.counts()["articles"], limit=limit
        )
    print_result(view_term.term_row(probe, spread), as_json, view_term.term_text)


@commands.command()
def judge(
    article: Id,
    verdict: Annotated[str, typer.Argument(help="relevant, not or missed.")],
    topic: Topic = None,
    label: Annotated[
        str | None, typer.Option(help="The label meant; else the one it stands under.")
    ] = None,
    by: Annotated[str, typer.Option(help="Who says so.")] = "",
    note: Annotated[str, typer.Option(help="Why.")] = "",
) -> None:
    """Say whether an article was flagged rightly. It is stored and never changes a rule by itself."""
    from crawler.views import evaluation as views_evaluation

    with opened() as app:
        kept = app.archive.article(article)
        chosen = views_evaluation.judged_topic(kept, app.seeds.topics, topic)
        said = views_evaluation.said(
            kept, chosen, verdict, label=label, by=by, note=note, now=app.clock()
        )
        app.verdicts.add(said)
    typer.echo(
        f"{article}: {said.verdict} for {said.topic}/{said.label}; rasd eval --from-archive counts it"
    )


@commands.command()
def doubtful(since: Since = "7d", topic: Topic = None, as_json: Json = False) -> None:
    """The watch list: what scored just under the line, so that misses can be seen."""
    from crawler.views import explanation as views_explanation
    from crawler.views import fields

    with opened() as app:
        now = app.clock()
        chosen = (
            [fields.one(app.seeds.topics, topic, "topic", "--topic").slug]
            if topic
            else list(app.seeds.topics)
        )
        found = app.watch_list.doubtful(chosen, fields.moment(since, now) or now, now)
        report = views_explanation.doubtful_rows(found, chosen)
    print_result(report, as_json, views_explanation.doubtful_text)


@commands.command("backtest")
def back_test(
    topic_file: Annotated[
        Path, typer.Argument(metavar="TOPIC.yml", help="A topic, not yet in the seeds.")
    ],
    since: Since = None,
    workers: Workers = None,
    as_json: Json = False,
) -> None:
    """What a changed topic would gain and lose over the archive, before anything is saved.

    The file is read with the seeds in use; one that lies in a seeds folder of its own
    (draft/topics/TOPIC.yml beside draft/lexicon/) is read with that folder's lexicon.
    """
    from crawler.matching import rejudge
    from crawler.views import fields
    from crawler.views.changes import changes_row, changes_text

    candidate = _candidate(topic_file)
    with opened() as app:
        current = app.seeds.topics.get(candidate.slug)
        asked = rejudge.Sweep(
            open_scan=app.open_scan,
            after=[candidate],
            before={candidate.slug: current} if current else {},
            countries={slug: source.country for slug, source in app.sources.items()},
            since=fields.moment(since, app.clock()),
        )
        parts = list(rejudge.run(asked, workers or app.config.reading.workers))
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
    from crawler import seeds, spiders
    from crawler.seeds import folder

    own = path.resolve().parent.parent
    is_seeds = path.resolve().parent.name == "topics" and (own / "lexicon").is_dir()
    files = folder.seed_files(own if is_seeds else folder.seeds_folder(settings().seeds))
    files[f"topics/{path.stem}.yml"] = "".join(read_lines(path))
    return seeds.load(files, kinds=spiders.kinds()).topics[path.stem]


def _topics() -> dict[str, TopicRecord]:
    return load_seeds().topics
