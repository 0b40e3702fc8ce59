"""Mail by a real SMTP server: what it answers is what becomes of a message."""

from __future__ import annotations

import asyncio
import email
from dataclasses import replace
from email import policy
from typing import Any

import pytest

from crawler.channels.smtp import SmtpChannel
from crawler.model import Delivery
from tests.site.mail_server import CLOSE, DROP, STALL, MailServer, logins
from tests.unit.digest.scenes import proven, worded

KEPT_SETUP, KEPT_SERVER = ("deferred", "setup"), ("deferred", "server")
LATER, DEAD, UNKNOWN, SENT = ("deferred", ""), ("dead", ""), ("unknown", ""), ("sent", "")
ENDLESS = b"250-" + b"x" * 100_000


def channel(server: MailServer, **settings: Any) -> SmtpChannel:
    """The channel of this server, without TLS."""
    smtp = SmtpChannel(
        host="127.0.0.1",
        port=server.port,
        security="none",
        sender="rasd <rasd@rasd.test>",
        timeout_seconds=20,
    )
    return replace(smtp, **settings)


def delivered(server: MailServer, recipient: str = "desk@example.org", **more: Any) -> Delivery:
    """What became of one mail at this server."""
    message = replace(worded(proven()), recipient=recipient)
    return asyncio.run(channel(server, **more).deliver(message))


def outcome(of: Delivery) -> tuple[str, str]:
    """The outcome, and whose fault it is."""
    return of.outcome, of.fault


# What a server does, at which step, and what then becomes of the mail.
MISBEHAVIOURS: list[tuple[str, Any, tuple[str, str]]] = [
    ("connect", "554 no service for you", KEPT_SETUP),
    ("connect", "421 too busy", KEPT_SERVER),
    ("connect", b"HTTP/1.1 400 Bad Request\r\n\r\n", KEPT_SERVER),
    ("connect", CLOSE, KEPT_SERVER),
    ("connect", DROP, KEPT_SERVER),
    ("connect", STALL, KEPT_SERVER),
    ("connect", ENDLESS, KEPT_SERVER),
    ("hello", CLOSE, KEPT_SERVER),
    ("hello", "550 who are you", KEPT_SETUP),
    ("hello", "421 closing", KEPT_SERVER),
    ("hello", b"\xff\xfe\r\n", KEPT_SERVER),
    ("sender", "550 5.7.1 sender not allowed", KEPT_SETUP),
    ("sender", "530 5.7.0 authentication required", KEPT_SETUP),
    ("sender", "451 4.3.0 out of order", KEPT_SERVER),
    ("sender", "452 4.3.1 disk full", KEPT_SERVER),
    ("sender", DROP, KEPT_SERVER),
    ("sender", STALL, KEPT_SERVER),
    ("recipient", "451 4.7.1 greylisted", LATER),  # F-32
    ("recipient", "421 too many", LATER),
    ("recipient", "452 too many recipients", LATER),
    ("recipient", "550 5.1.1 no such user", DEAD),  # F-33
    ("recipient", "552 5.2.2 mailbox full", DEAD),
    ("recipient", "550 5.7.1 relaying denied", KEPT_SETUP),
    ("recipient", "530 5.7.0 Authentication required", KEPT_SETUP),
    ("recipient", DROP, LATER),
    ("recipient", STALL, LATER),
    ("recipient", "250-one\r\n250-two\r\n250 three", SENT),
    ("data", "554 no valid recipients", DEAD),
    ("data", "451 not now", LATER),
    ("data", "250 what?", LATER),
    ("data", DROP, LATER),
    ("data", STALL, LATER),
    ("content", "554 5.7.1 spam", DEAD),  # F-35
    ("content", "552 5.3.4 too big", DEAD),
    ("content", "451 4.7.1 scanner out of order", LATER),
    ("content", "421 closing", LATER),
    ("content", DROP, UNKNOWN),  # F-34
    ("content", CLOSE, UNKNOWN),
    ("content", STALL, UNKNOWN),
    ("content", b"garbage\r\n", UNKNOWN),
    ("content", b"354 go on\r\n", UNKNOWN),
    ("content", b"250 \xff\xfe\r\n", SENT),
    ("content", "200 non-standard success", SENT),
]


@pytest.mark.parametrize(("step", "fault", "becomes"), MISBEHAVIOURS)
def test_what_a_server_does_is_what_becomes_of_a_mail(
    step: Any, fault: Any, becomes: tuple[str, str]
) -> None:
    """Temporary, final, unknowable and our own are four things (M24); whatever it is, ``deliver``
    returns. Before its content was sent no mail is unknown."""
    seconds = 0.5 if fault == STALL else 30
    with MailServer({step: fault}) as server:
        became = delivered(server, timeout_seconds=seconds)
        assert outcome(became) == becomes, became
        assert (became.outcome in ("sent", "unknown")) >= bool(server.mails)


def test_a_server_that_is_down_keeps_the_mail_waiting() -> None:
    """F-31: not lost, and the server's fault, however long it lasts."""
    smtp = SmtpChannel(
        host="127.0.0.1", port=1, security="none", sender="r@r.test", timeout_seconds=5
    )
    assert outcome(asyncio.run(smtp.deliver(worded(proven())))) == KEPT_SERVER


def test_a_server_of_no_name_keeps_the_mail_waiting() -> None:
    """A name that is in no DNS may be back with the network."""
    smtp = SmtpChannel(host="mail.invalid", security="none", sender="r@r.test", timeout_seconds=5)
    assert outcome(asyncio.run(smtp.deliver(worded(proven())))) == KEPT_SERVER


def test_starttls_is_demanded_not_tried() -> None:
    """A server without it gets no mail in the clear; it takes a person to mend that."""
    with MailServer() as server:
        assert outcome(delivered(server, security="starttls")) == KEPT_SETUP
        assert server.seen == []


def test_a_refused_login_is_our_own_fault() -> None:
    """A wrong password, or a server that knows no logins; with the right one the mail leaves."""
    with MailServer(**logins("right")) as server:
        assert outcome(delivered(server, username="rasd", password="wrong")) == KEPT_SETUP
        assert outcome(delivered(server)) == KEPT_SETUP, "no login where one is asked for"
        assert outcome(delivered(server, username="rasd", password="right")) == SENT
    with MailServer() as server:
        assert outcome(delivered(server, username="rasd", password="right")) == KEPT_SETUP
    with MailServer({"login": "454 4.7.0 try again"}, **logins("right")) as server:
        assert outcome(delivered(server, username="rasd", password="right")) == KEPT_SERVER


def test_a_password_is_not_shown() -> None:
    """Neither in a traceback's locals nor in a log."""
    assert "geheim" not in repr(SmtpChannel(host="h", password="geheim"))


def test_the_domain_of_a_recipient_is_sent_in_ascii() -> None:
    """python/cpython#83938; in the envelope and in the header."""
    with MailServer() as server:
        assert outcome(delivered(server, "desk@médias.example")) == SENT
        (mail,) = server.mails
    assert mail.recipient == "desk@xn--mdias-bsa.example"
    assert email.message_from_bytes(mail.content)["To"] == "desk@xn--mdias-bsa.example"


def test_letters_before_the_at_go_only_to_servers_that_take_them() -> None:
    """RFC 6531: by SMTPUTF8, in the envelope and in the header; others are not even asked."""
    with MailServer() as server:
        refused = delivered(server, "rédaction@desk.example")
        assert outcome(refused) == DEAD
        assert "rédaction@desk.example" in refused.detail
        assert outcome(delivered(server, sender="rédaction@rasd.test")) == KEPT_SETUP
        assert server.seen == []
    with MailServer(enable_SMTPUTF8=True) as server:
        assert outcome(delivered(server, "rédaction@desk.example")) == SENT
        assert outcome(delivered(server)) == SENT
        international, plain = server.mails
    assert international.recipient == "rédaction@desk.example"
    assert "SMTPUTF8" in international.options and "SMTPUTF8" not in plain.options
    assert "To: rédaction@desk.example".encode() in international.content


@pytest.mark.parametrize(
    "recipient", ["a@desk.example, b@desk.example", "a@b@c.example", "a", "a b@c.example", ""]
)
def test_a_stored_address_that_is_none_ends_its_mail_alone(recipient: str) -> None:
    """An earlier rasd stored what was typed: the reason is kept, and no server is troubled."""
    with MailServer() as server:
        became = delivered(server, recipient)
        assert outcome(became) == DEAD and repr(recipient) in became.detail
        assert server.greeted == 0


@pytest.mark.parametrize(
    ("sender", "name"),
    [
        ("Desk, News <rasd@rasd.test>", "Desk, News"),
        ('"Desk, News" <rasd@rasd.test>', "Desk, News"),
        ("رصد <rasd@rasd.test>", "رصد"),
        ("rasd@rasd.test", ""),
    ],
)
def test_a_senders_name_may_have_a_comma(sender: str, name: str) -> None:
    """It is one sender, in the envelope and in the header."""
    with MailServer() as server:
        assert outcome(delivered(server, sender=sender)) == SENT
        (mail,) = server.mails
    shown: Any = email.message_from_bytes(mail.content, policy=policy.default)
    (author,) = shown["From"].addresses
    assert (author.display_name, author.addr_spec) == (name, "rasd@rasd.test")
    assert mail.sender == "rasd@rasd.test"


def test_a_sender_that_is_none_is_our_own_fault() -> None:
    """The mail waits until the configuration is mended."""
    with MailServer() as server:
        assert outcome(delivered(server, sender="the desk")) == KEPT_SETUP
        assert server.greeted == 0


def test_a_line_that_begins_with_a_dot_arrives_whole() -> None:
    """RFC 5321, 4.5.2: the text is the one that was sent."""
    with MailServer() as server:
        delivered(server)
        (mail,) = server.mails
    got: Any = email.message_from_bytes(mail.content, policy=policy.default)
    assert got.get_body(("plain",)).get_content() == worded(proven()).text
    assert got["Message-ID"] == worded(proven()).message_id
