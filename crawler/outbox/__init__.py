"""The outbox: issues of digests are queued in it, and what is queued is delivered."""

from __future__ import annotations

from crawler.outbox.box import Outbox, Recipient, slot_by_hand, summary

__all__ = ["Outbox", "Recipient", "slot_by_hand", "summary"]
