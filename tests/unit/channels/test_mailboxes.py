"""Mail addresses: one is one, what is no address is refused in words, names are for people."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from crawler.channels import mailboxes
from crawler.channels.mailboxes import Mailbox, NoMailbox

ARABIC = "مكتب@مثال.السعودية"


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("desk@example.org", "desk@example.org"),
        (" desk@example.org ", "desk@example.org"),
        ("d.e-s_k+daily'x/y=z@Example.ORG", "d.e-s_k+daily'x/y=z@Example.ORG"),
        ("desk@localhost", "desk@localhost"),
        ("desk@médias.example", "desk@xn--mdias-bsa.example"),
        ("desk@faß.example", "desk@xn--fa-hia.example"),
        ("rédaction@desk.example", "rédaction@desk.example"),
        (ARABIC, "مكتب@xn--mgbh0fb.xn--mgberp4a5d4ar"),
        ("desk@[192.0.2.1]", "desk@[192.0.2.1]"),
        ("desk@[IPv6:2001:db8::1]", "desk@[IPv6:2001:db8::1]"),
    ],
)
def test_an_address_is_parsed(text: str, address: str) -> None:
    """A domain in its own script is written in ASCII; one in ASCII stays as it was typed, since
    what a recipient was shown is remembered by it."""
    found = mailboxes.parse(text)
    assert isinstance(found, Mailbox), found
    assert found.address == address
    assert found.is_ascii == address.isascii()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "has no @"),
        ("desk", "has no @"),
        ("a@desk.example, b@desk.example", "list"),
        ("a@desk.example;b@desk.example", "list"),
        ("a@b@desk.example", "more than one @"),
        ("a@@desk.example", "more than one @"),
        ("@desk.example", "before its @"),
        (".a@desk.example", "before its @"),
        ("a..b@desk.example", "before its @"),
        ('"a b"@desk.example', "has a space"),
        ('"ab"@desk.example', "before its @"),
        ("a(b)@desk.example", "before its @"),
        ("desk@", "has no domain"),
        ("desk@desk..example", "'desk..example'"),
        ("desk@-desk.example", "'-desk.example'"),
        ("desk@desk_.example", "'desk_.example'"),
        ("desk@desk.example.", "'desk.example.'"),
        ("desk@[desk]", "no IP address"),
        ("desk@[192.0.2.1", "no domain"),
        ("de sk@desk.example", "has a space"),
        ("desk@de sk.example", "has a space"),
        ("Desk <a@desk.example>", "give the address alone"),
        ("a@desk.example\r\nRCPT TO:<b@c>", "control character"),
        ("a\u202e@desk.example", "invisible"),
        ("a\ud800@desk.example", "invisible"),
        ("a" * 65 + "@desk.example", "more than 64"),
        ("é" * 33 + "@desk.example", "more than 64"),
        ("a@" + "b" * 64 + ".example", "has no domain"),
        ("a@" + ".".join(["b" * 60] * 5), "no domain"),
        ("a" * 60 + "@" + ".".join(["b" * 60] * 4), "longer than 254"),
    ],
)
def test_what_is_no_address_is_refused_in_words(text: str, why: str) -> None:
    """A16: two in one, headers in one, none at all."""
    found = mailboxes.parse(text)
    assert isinstance(found, NoMailbox), found
    assert why in found.why


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Desk, News <a@desk.example>", "Desk, News"),
        ('"Desk, News" <a@desk.example>', "Desk, News"),
        (r'"The \"Desk\"" <a@desk.example>', 'The "Desk"'),
        ("رصد <a@desk.example>", "رصد"),
        ("<a@desk.example>", ""),
        ("a@desk.example", ""),
    ],
)
def test_a_sender_may_have_a_name(text: str, name: str) -> None:
    """With a comma, with quotes, in any script; the domain ends where the address does."""
    found = mailboxes.parse_named(text)
    assert isinstance(found, Mailbox)
    assert (found.name, found.address, found.domain) == (name, "a@desk.example", "desk.example")


@pytest.mark.parametrize(
    "text", ["Desk", "Desk <>", "A <a@b.example>, C <c@d.example>", "A\n <a@b.example>", "<a@b>>"]
)
def test_a_sender_that_is_none_is_refused(text: str) -> None:
    """Rather than guessed."""
    assert isinstance(mailboxes.parse_named(text), NoMailbox)


@given(some.text(max_size=80) | some.text("a@<>,. é\"'\r\n[]", max_size=30))
def test_any_text_is_an_address_or_none(text: str) -> None:
    """No text breaks the parser, and what it takes is one word that is taken again as it is."""
    found = mailboxes.parse(text)
    if isinstance(found, Mailbox):
        assert found.address.count("@") == 1 and len(found.address.split()) == 1
        assert mailboxes.parse(found.address) == found
    assert isinstance(mailboxes.parse_named(text), Mailbox | NoMailbox)
