"""What is to be kept of one page: its sighting, its bytes, what was read in it, and since when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from crawler.model import Page, Reading, Sighting


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """A page that was read, on its way into the archive."""

    sighting: Sighting
    page: Page
    reading: Reading
    kept_at: datetime
