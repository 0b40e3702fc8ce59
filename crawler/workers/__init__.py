"""Killable worker processes that read pages and feeds."""
