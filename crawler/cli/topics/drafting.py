"""``rasd topic new``: a topic proposed from example texts, to be read by a person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from crawler import query
from crawler.app import App
from crawler.cli import output
from crawler.cli.context import Json, new_commands, pass_app, print_result
from crawler.cli.topics.texts import JSON_LINES, read_texts
from crawler.errors import FileNotWrittenError, InvalidFileError
from crawler.evaluation import LabelledItem
from crawler.evaluation.drafts import seed_files
from crawler.evaluation.proposal import Request, propose_topic
from crawler.model import ArchivedArticle
from crawler.query import suggestions
from crawler.seeds import folder, guesses
from crawler.stories import copies
from crawler.views import evaluation as evaluation_view

MAX_FOUND = 200  # articles of a search that become examples
MAX_BACKGROUND = 2_000  # articles to compare with: more change no term
MAX_SLUG = 40  # characters
RANGE = 100  # articles read together

commands = new_commands()
topic = new_commands(no_args_is_help=True)
commands.add_typer(topic, name="topic", help="Propose a topic from example texts.")


@topic.callback()
def group() -> None:
    """Propose a topic from example texts."""


@topic.command()
@pass_app(archive="optional", last_good=False)
def new(
    app: App,
    title: Annotated[str, typer.Argument(help="What the topic is about, as a digest says it.")],
    texts: Annotated[
        list[Path] | None,
        typer.Argument(help='Examples: lines {"title","text","<label>": true}, or a text a file.'),
    ] = None,
    search: Annotated[
        list[str] | None,
        typer.Option(help="What this finds in the archive is an example; @slug: a saved search."),
    ] = None,
    slug: Annotated[
        str | None, typer.Option(help="The name of its file; else made from the title.")
    ] = None,
    label: Annotated[
        str | None, typer.Option(help="The label's name; else that in the examples, or the slug.")
    ] = None,
    background: Annotated[
        list[Path] | None,
        typer.Option(help="Texts to compare with, {title, text} a line; else the archive's."),
    ] = None,
    into: Annotated[
        Path | None, typer.Option(help="The folder of the draft; else SLUG-draft.")
    ] = None,
    write: Annotated[
        bool, typer.Option("--write", help="Write into the seeds folder in use instead.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Propose a topic from example texts.

    Writes a copy of the seeds with the new topic in it: concepts, a rule, and lines of evidence
    with points to start from. Every guess is marked and counted. Examples whose label is false show
    what only looks like the subject.
    """
    name = _slug(app, slug, title)
    if not texts and not search:
        raise typer.BadParameter("give files of example texts, or --search")
    given = [one for path in texts or () for one in read_texts(path)]
    judged = _judged_label(given, label)
    examples = [one for one in given if one.truth.get(judged, not one.truth)]
    lookalikes = [one for one in given if one.truth.get(judged) is False]
    found = [kept for asked in search or () for kept in _found(app, asked)]
    examples += _as_items(found)
    others = [one for path in background or () for one in read_texts(path)]
    others += [] if background else _archived(app, {kept.id for kept in found})
    request = Request(slug=name, title=title, label=label or judged or name)
    draft = propose_topic(request, examples, lookalikes, others, app.seeds.concepts)
    proposed = seed_files(draft)
    if write:
        target, copied = folder.find_seeds_folder(app.config.seeds), {}
    else:
        target, copied = into or Path(f"{name}-draft"), dict(app.loaded.files)
    _write(target, copied | proposed)
    files = [str(target / path) for path in proposed]
    labelled = [str(path) for path in texts or () if path.suffix in JSON_LINES] if judged else []
    report = evaluation_view.proposal_row(draft, files, str(target), labelled)
    print_result(report, as_json, evaluation_view.proposal_text)
    if not as_json:
        output.say("\n".join(evaluation_view.next_steps(report)))


def _slug(app: App, given: str | None, title: str) -> str:
    """The topic's name; a usage error if it is none, or taken."""
    name = given or guesses.slug_of_title(title, MAX_SLUG)
    if not name:
        raise typer.BadParameter(f"{title!r} has no Latin letters: give --slug")
    if not guesses.is_slug(name):
        raise typer.BadParameter(f"{name!r} is no slug; use lower-case letters, digits, hyphens")
    if name in app.seeds.topics:
        raise typer.BadParameter(f"topic {name!r} is in the seeds already; give another --slug")
    return name


def _judged_label(given: Sequence[LabelledItem], label: str | None) -> str:
    """The label that the examples are judged by: the one named, the only one, or ""."""
    known = list(dict.fromkeys(name for one in given for name in one.truth))
    if label in known or not known:
        return label or ""
    if len(known) > 1 or label is not None:
        raise typer.BadParameter(f"the examples are judged by {', '.join(known)}: give --label")
    return known[0]


def _found(app: App, asked: str) -> Iterator[ArchivedArticle]:
    parsed = query.parse(asked)
    suggestions.refuse_concepts(parsed, asked, app.seeds.concepts)
    found = app.search.find(parsed, limit=MAX_FOUND)
    if not found:
        raise InvalidFileError(f"--search {asked!r} finds nothing in the archive")
    for kept, _ in found:
        yield kept


def _as_items(found: Sequence[ArchivedArticle]) -> Iterator[LabelledItem]:
    """The articles as examples; copies of one text are one event."""
    once = {kept.id: kept for kept in found}
    for story in copies.group(list(once.values())):
        for kept in story.members:
            yield _as_item(kept, f"story {story.lead.id}")


def _as_item(kept: ArchivedArticle, cluster: str = "") -> LabelledItem:
    article = kept.article
    return LabelledItem(
        id=f"article {kept.id}",
        title=article.headline,
        text=article.body or article.lead,
        truth={},
        language=article.language,
        cluster=cluster,
    )


def _archived(app: App, without: set[int]) -> list[LabelledItem]:
    """Articles of the archive from all of its time, without these."""
    scan = app.open_scan()
    try:
        ranges = scan.ranges(RANGE, None)
        step = max(1, len(ranges) * RANGE // MAX_BACKGROUND)
        found = [kept for one in ranges[::step] for kept in scan.articles(*one, None)]
    finally:
        scan.close()
    return [_as_item(kept) for kept in found if kept.id not in without]


def _write(target: Path, files: dict[str, str]) -> None:
    """Write the files; a usage error, and nothing written, if one is there."""
    paths = {target / name: text for name, text in files.items()}
    try:
        if (taken := next((path for path in paths if path.exists()), None)) is not None:
            raise typer.BadParameter(f"{taken} is there already; move it away, or give --into")
        for path, text in paths.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise FileNotWrittenError(error.filename, error) from error
