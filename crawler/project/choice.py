"""Which source a ``scrapy`` command is about, and which of its feeds; what to do if there is none.
Pure."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping

from crawler.errors import UsageError
from crawler.model import Source

ARGUMENTS = ("source",)  # what spiders of feeds take with -a
MANY = 12  # names that one line shows


def source_for(kind: str, arguments: Mapping[str, str], sources: Mapping[str, Source]) -> Source:
    """The source that ``scrapy crawl KIND -a source=SLUG`` polls.

    UsageError, naming what could have been meant, without a source, for one that the seeds do not
    have, for one that has no feed of this kind, and for an argument that no spider takes.
    """
    for name in arguments:
        if name not in ARGUMENTS:
            raise UsageError(f"-a {name}: no such argument; {_near(name, ARGUMENTS)}")
    of_kind = [slug for slug, one in sources.items() if kind in _kinds(one)]
    slug = arguments.get("source")
    if slug is None:
        raise UsageError(f"which source? scrapy crawl {kind} -a source=SLUG; {_some(of_kind)}")
    source = named(slug, sources)
    if kind not in _kinds(source):
        other = _kinds(source)[0]
        raise UsageError(
            f"source {slug!r} has no feed of kind {kind!r}; it has {', '.join(_kinds(source))}: "
            f"scrapy crawl {other} -a source={slug}"
        )
    return source


def named(slug: str, sources: Mapping[str, Source]) -> Source:
    """The source of this slug; UsageError, with the nearest ones, if the seeds have none."""
    if slug not in sources:
        raise UsageError(f"no source {slug!r} in the seeds; {_near(slug, sources)}")
    return sources[slug]


def spider_name(name: str, known: Collection[str]) -> str:
    """The name of a spider; UsageError if there is none of that name."""
    if name not in known:
        raise UsageError(f"no spider {name!r}; {_near(name, known)}")
    return name


def _kinds(source: Source) -> list[str]:
    return list(dict.fromkeys(feed.kind for feed in source.feeds))


def _near(name: str, known: Collection[str]) -> str:
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
    return f"did you mean {' or '.join(map(repr, near))}?" if near else _some(known)


def _some(known: Collection[str]) -> str:
    shown = sorted(known)[:MANY]
    more = f" and {len(known) - MANY} more: rasd sources list" if len(known) > MANY else ""
    return f"known: {', '.join(shown) or 'none'}{more}"
