"""A message as a mail: both parts, and a header that nothing can break."""

from __future__ import annotations

import email
from dataclasses import replace
from email import policy
from typing import Any

import pytest

from crawler.channels.email import as_email
from crawler.digest.direction import one_line
from tests.unit.digest.scenes import proven, worded

SENDER = "rasd <rasd@rasd.test>"


@pytest.mark.parametrize(
    "headline", ["a\r\nBcc: x@y.z", "a\u2028b", "\u202eevil", "<script>alert(1)</script>", "a\x85b"]
)
def test_a_hostile_headline_blocks_nothing(headline: str) -> None:
    """M21, M23: it is shown as text, and the mail is built."""
    message = worded(proven(1, headline=headline))
    mail = as_email(replace(message, subject=one_line(f"[x] {headline}")), SENDER)
    assert mail["Bcc"] is None
    assert "<script>" not in message.html


def test_a_mail_parser_reads_both_parts() -> None:
    """Text first, HTML second, with the message's own id."""
    message = worded(proven())
    mail: Any = email.message_from_bytes(
        as_email(message, SENDER).as_bytes(), policy=policy.default
    )
    assert mail["Message-ID"] == message.message_id
    assert mail.get_body(("plain",)).get_content() == message.text
    assert "السد" in mail.get_body(("html",)).get_content()
