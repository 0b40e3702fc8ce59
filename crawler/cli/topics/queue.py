"""``rasd judge --ask``: articles to judge, shown one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from crawler import matching
from crawler.app import App
from crawler.cli import output
from crawler.cli.context import read_stdin
from crawler.errors import NotFoundError
from crawler.evaluation.sampling import Candidate, choose_to_judge
from crawler.matching.topics import Label, Topic
from crawler.model import ArchivedArticle, VerdictName
from crawler.stories import copies
from crawler.views import evaluation as evaluation_view

MAX_CANDIDATES = 2_000  # articles that pass the rule, the newest
SHOWN = 600  # characters of a text: what tells a reader whether it belongs
KEYS = "y belongs · n does not · s skip · t whole text · q stop"


def ask(app: App, topic: Topic, label: Label, count: int, by: str) -> None:
    """Show up to ``count`` articles and store what the person at the terminal says of each.

    Each judgement is stored at once. Raises NotFoundError if nothing is left to judge.
    """
    found = {kept.id: kept for kept in _unjudged(app, topic, label)}
    candidates = [one for kept in found.values() for one in _candidates(app, topic, label, kept)]
    if not candidates:
        raise NotFoundError(
            f"no article is left to judge: the rule of {topic.slug}/{label.name} holds in none"
        )
    chosen = choose_to_judge(candidates, label, count)
    output.say(f"{topic.slug}/{label.name}: {len(chosen)} of {len(candidates)} articles. {KEYS}")
    answers, done = read_stdin(), 0
    for number, one in enumerate(chosen, 1):
        kept = found[one.article_id]
        _show(kept, f"{number}/{len(chosen)}", SHOWN)
        answer = _answer(answers, kept)
        if answer == "q":
            break
        if answer in ("y", "n"):
            _store(app, topic, label, kept, belongs=answer == "y", by=by)
            done += 1
    output.say(f"{done} judged; rasd fit {topic.slug} --archive learns from them")


def _unjudged(app: App, topic: Topic, label: Label) -> Iterator[ArchivedArticle]:
    """One article of each story that passes the rule and has no verdict yet."""
    judged = {v.article_id for v in app.verdicts.latest(topic.slug) if v.label == label.name}
    answers = app.search.find(label.rule, limit=MAX_CANDIDATES)
    for story in copies.group([kept for kept, _ in answers]):
        if judged.isdisjoint(kept.id for kept in story.members):
            yield story.lead


def _candidates(app: App, topic: Topic, label: Label, kept: ArchivedArticle) -> Iterator[Candidate]:
    source = app.sources.get(kept.article.source)
    fields = matching.article_fields(kept.article, country=source.country if source else "")
    held = matching.get_matcher(topic).held_lines(fields).get(label.name)
    if held is not None:
        points = label.start + sum(label.evidence[n].points for n in held)
        yield Candidate(kept.id, points)


def _show(kept: ArchivedArticle, number: str, characters: int) -> None:
    article = kept.article
    text = article.body or article.lead
    more = " …" if len(text) > characters else ""
    output.say(f"\n{number}  {kept.id}  {article.source}  {article.language}")
    output.say(f"{article.headline}\n{text[:characters]}{more}")


def _answer(answers: Iterator[str], kept: ArchivedArticle) -> str:
    """y, n, s or q; the end of the input is q."""
    while True:
        output.say("y/n/s/t/q: ", end="")
        given = next(answers, "q").strip().lower()[:1]
        if given in ("y", "n", "s", "q"):
            return given
        if given == "t":
            _show(kept, "", len(kept.article.body) + len(kept.article.lead))
        else:
            output.say(KEYS)


def _store(
    app: App, topic: Topic, label: Label, kept: ArchivedArticle, *, belongs: bool, by: str
) -> None:
    """A judgement under the label: what belongs and was not flagged was missed."""
    match = next((m for m in kept.matches if m.topic == topic.slug), None)
    flagged = match is not None and label.name in match.labels
    word: VerdictName = "not" if not belongs else "relevant" if flagged else "missed"
    given = evaluation_view.analyst_verdict(kept, topic, word, label.name, app.clock())
    app.verdicts.add(replace(given, said_by=by))
