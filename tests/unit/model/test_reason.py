"""Reasons in words: what people read is joined of what is stored, in one place."""

from __future__ import annotations

from typing import get_args

import pytest

from crawler.model import NO_CONNECTION, WALLS, Cause, Reason, sentence, status_cause


@pytest.mark.parametrize(
    ("reason", "detail", "notes", "said"),
    [
        ("", "", (), ""),
        ("timeout", "", (), "timeout"),
        ("timeout", "it took 20 s", (), "timeout: it took 20 s"),
        ("server_error", "the server said 503", (), "the server said 503"),
        ("not_a_feed", "", (), "not_a_feed"),
        ("", "", (Cause(reason="burst", detail="9 new"),), "burst: 9 new"),
        (
            "budget",
            "no bytes left",
            (Cause(reason="moved", detail="moved to x"), Cause(reason="place_limit")),
            "budget: no bytes left; moved to x; place_limit",
        ),
    ],
)
def test_a_sentence_has_the_reason_the_detail_and_the_notes(
    reason: Reason, detail: str, notes: tuple[Cause, ...], said: str
) -> None:
    """A detail that is a sentence of its own stands without its reason."""
    assert sentence(reason, detail, notes) == said


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (401, "forbidden"), (402, "forbidden"), (403, "forbidden"), (407, "forbidden"), (451, "forbidden"),
        (404, "not_found"), (410, "not_found"), (429, "rate_limited"), (500, "server_error"),
        (503, "server_error"), (599, "server_error"), (400, "http_status"), (204, "http_status"), (600, "http_status"),
    ],
)  # fmt: skip
def test_a_status_has_a_reason(status: int, reason: Reason) -> None:
    """Decisions need the class of a status, people its number."""
    assert status_cause(status) == Cause(reason=reason, detail=f"the server said {status}")


def test_groups_of_reasons_name_reasons() -> None:
    """A group with a word that nothing writes would decide nothing."""
    assert set(get_args(Reason)) >= NO_CONNECTION | WALLS
