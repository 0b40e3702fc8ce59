"""rasd used from Python: an archive opened for reading, and the records it gives.

``crawler.open`` is the door; ``docs/how-to/use-from-python.md`` shows it.
"""

from __future__ import annotations

from crawler.api.archive import OpenArchive
from crawler.api.opening import open_archive
from crawler.api.records import Records
from crawler.exports.record import ArticleRecord, ProvenEvidence
from crawler.exports.story import StoryRecord

__all__ = [
    "ArticleRecord",
    "OpenArchive",
    "ProvenEvidence",
    "Records",
    "StoryRecord",
    "open_archive",
]
