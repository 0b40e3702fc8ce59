"""Matches written anew, after a topic has changed (``rasd rematch``)."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.engine import Engine

from crawler.model import Match
from storage import article_changes
from storage.article_writer import delete_matches, insert_matches
from storage.engine import write_connection


class SqlMatches:
    """Replaces stored matches."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def replace(self, verdicts: Iterable[tuple[int, str, Match | None]]) -> None:
        """Put each (article id, topic, match) in the place of that article's match of the topic.

        None deletes it. One transaction; the same again changes nothing.
        """
        with write_connection(self._engine) as c:
            for article_id, topic, match in verdicts:
                delete_matches(c, article_id, topic)
                if match is not None:
                    insert_matches(c, [(article_id, match)])
                article_changes.note(c, [article_id])
