"""What the pages of sources teach about their templates, written to the archive and logged."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import structlog

from crawler.model import Template
from crawler.ports import Clock
from crawler.writer import Writer
from storage.templates import SqlTemplates

if TYPE_CHECKING:
    from crawler.extraction.templates import RetiredTemplate

log = structlog.get_logger("rasd")


def keep_learned(
    templates: SqlTemplates, writer: Writer, now: Clock
) -> Callable[[Template | RetiredTemplate], None]:
    """Saves what the pages of a source taught, and logs it once. A page's reading waits for
    neither: a write that fails is logged."""

    def learned(change: Template | RetiredTemplate) -> None:
        of = {"source": change.source, "version": change.version}
        if isinstance(change, Template):
            writer.later(partial(templates.save, change, now()), f"a template of {change.source}")
            log.info("learned_template", **of, body=change.body)
        else:
            retire = partial(templates.retire, change.source, change.version, change.reason, now())
            writer.later(retire, f"the end of a template of {change.source}")
            log.warning("template_drifted", **of, reason=change.reason)

    return learned
