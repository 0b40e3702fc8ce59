"""The records that flow through rasd: frozen, without behaviour. Import them from here.

In all of them every datetime is aware UTC; ``source`` is a source's slug, ``feed`` a feed's URL,
and the two together name a feed in the archive; None means unknown or not set, an empty tuple or
string means that there is none. Offsets count characters of the original text, the end is
exclusive. ``docs/vocabulary.md`` defines the nouns for people. How a stored article leaves rasd,
as JSON, CSV, a Scrapy item or from Python, is another record: ``exports.record.ArticleRecord``.

::

    source ─► page ─► article ─► match        what is read
              poll ─► coverage                what is remembered of looking for it
    search, mail, requests                    what is asked and what is sent
    reason, template                          why something failed; where articles stand
    backup, run                               copies of the archive; lives of daemons
"""

from __future__ import annotations

from crawler.model.article import (
    BROKEN,
    ArchivedArticle,
    Article,
    ArticleToKeep,
    DateSource,
    Extraction,
    Oddity,
    PreparedArticle,
    PublishedDate,
    Quarantined,
    ReaderName,
    Reading,
    Rejection,
)
from crawler.model.backup import Backup, MailHold, Manifest
from crawler.model.coverage import (
    Burst,
    Finding,
    FindingKind,
    Gap,
    SeenAddress,
    SightingCounts,
    hour_of_week,
)
from crawler.model.mail import (
    SINK,
    Delivery,
    DeliveryFault,
    DeliveryOutcome,
    ErasedRecipient,
    IssueHistory,
    IssueToQueue,
    LastIssue,
    Message,
    MessageState,
    OutboxMail,
    QueuedMessage,
    QueueingOutcome,
    Subscription,
)
from crawler.model.match import (
    Actor,
    ConceptPlaces,
    FieldName,
    FoundConcepts,
    HeldEvidence,
    Match,
    Mention,
    Verdict,
    VerdictName,
)
from crawler.model.page import (
    FeedEntry,
    FeedWindow,
    Page,
    Snapshot,
)
from crawler.model.poll import (
    Fate,
    FeedState,
    Poll,
    PollOutcome,
    Probe,
    ProbeOutcome,
    ProbeResponse,
    RobotsCopy,
    ShownEntry,
    Sighting,
    SourceHealth,
)
from crawler.model.reason import (
    NO_CONNECTION,
    REFUSALS,
    WALLS,
    Cause,
    Reason,
    sentence,
    status_cause,
)
from crawler.model.requests import (
    ConceptProgress,
    ConceptState,
    PollRequest,
    Rejudgement,
    Rematch,
)
from crawler.model.run import DaemonRun
from crawler.model.search import (
    NO_FILTERS,
    Facet,
    FacetName,
    FoundArticles,
    Histogram,
    IndexProgress,
    SearchFilters,
    SearchOrder,
)
from crawler.model.source import (
    Direction,
    Feed,
    FeedKind,
    Language,
    PageRule,
    Source,
)
from crawler.model.template import (
    Sample,
    Template,
    TemplateDrift,
)

__all__ = [
    "BROKEN",
    "NO_CONNECTION",
    "NO_FILTERS",
    "REFUSALS",
    "SINK",
    "WALLS",
    "Actor",
    "ArchivedArticle",
    "Article",
    "ArticleToKeep",
    "Backup",
    "Burst",
    "Cause",
    "ConceptPlaces",
    "ConceptProgress",
    "ConceptState",
    "DaemonRun",
    "DateSource",
    "Delivery",
    "DeliveryFault",
    "DeliveryOutcome",
    "Direction",
    "ErasedRecipient",
    "Extraction",
    "Facet",
    "FacetName",
    "Fate",
    "Feed",
    "FeedEntry",
    "FeedKind",
    "FeedState",
    "FeedWindow",
    "FieldName",
    "Finding",
    "FindingKind",
    "FoundArticles",
    "FoundConcepts",
    "Gap",
    "HeldEvidence",
    "Histogram",
    "IndexProgress",
    "IssueHistory",
    "IssueToQueue",
    "Language",
    "LastIssue",
    "MailHold",
    "Manifest",
    "Match",
    "Mention",
    "Message",
    "MessageState",
    "Oddity",
    "OutboxMail",
    "Page",
    "PageRule",
    "Poll",
    "PollOutcome",
    "PollRequest",
    "PreparedArticle",
    "Probe",
    "ProbeOutcome",
    "ProbeResponse",
    "PublishedDate",
    "Quarantined",
    "QueuedMessage",
    "QueueingOutcome",
    "ReaderName",
    "Reading",
    "Reason",
    "Rejection",
    "Rejudgement",
    "Rematch",
    "RobotsCopy",
    "Sample",
    "SearchFilters",
    "SearchOrder",
    "SeenAddress",
    "ShownEntry",
    "Sighting",
    "SightingCounts",
    "Snapshot",
    "Source",
    "SourceHealth",
    "Subscription",
    "Template",
    "TemplateDrift",
    "Verdict",
    "VerdictName",
    "hour_of_week",
    "sentence",
    "status_cause",
]
