"""Mail addresses as people write them: parsed, checked, and as mail servers take them. Pure.

One mailbox is ``local@domain``; a sender may have a name before it, ``Name <local@domain>`` (RFC
5322). Refused is what no mail server of today would take or what is more than one address: quoted
local parts, routes, comments, lists. A domain in its own script is written in ASCII (UTS 46):
``desk@médias.example`` is ``desk@xn--mdias-bsa.example``. A local part outside ASCII stays as it
is: only the server can tell whether it takes one (RFC 6531).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from email.headerregistry import Address
from ipaddress import ip_address

import ada_url

MAX_LOCAL_BYTES = 64  # RFC 5321, 4.5.3.1
MAX_ADDRESS_BYTES = 254  # what is left of its path's 256 without the brackets
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\u0080-\U0010ffff-]+"
_LOCAL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_HOST_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_NAMED = re.compile(r"(?P<name>[^<>]*)<(?P<address>[^<>]*)>\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """One address; ``name`` is for people, and may be empty."""

    local: str
    domain: str  # in ASCII
    name: str = ""

    @property
    def address(self) -> str:
        """As a mail server takes it: ``local@domain``."""
        return f"{self.local}@{self.domain}"

    @property
    def is_ascii(self) -> bool:
        """Whether every mail server takes it; else only one that offers SMTPUTF8."""
        return self.local.isascii()

    def header(self) -> Address:
        """For a header of ``EmailMessage``, which quotes the name as it needs."""
        return Address(display_name=self.name, username=self.local, domain=self.domain)


@dataclass(frozen=True, slots=True)
class NoMailbox:
    """Why a text is no mail address, in words that follow the text: ``'a@b' has …``."""

    why: str


def parse(text: str) -> Mailbox | NoMailbox:
    """The mailbox of an address alone, without a name."""
    given = text.strip()
    if reason := _strange(given):
        return NoMailbox(reason)
    local, _, written = given.rpartition("@")
    domain = _domain(written)
    if isinstance(domain, NoMailbox):
        return domain
    if _LOCAL.fullmatch(local) is None:
        return NoMailbox(f"has {local!r} before its @")
    if len(local.encode()) > MAX_LOCAL_BYTES:
        return NoMailbox(f"has more than {MAX_LOCAL_BYTES} bytes before its @")
    if len(f"{local}@{domain}".encode()) > MAX_ADDRESS_BYTES:
        return NoMailbox(f"is longer than {MAX_ADDRESS_BYTES} bytes")
    return Mailbox(local=local, domain=domain)


def parse_named(text: str) -> Mailbox | NoMailbox:
    """The mailbox of ``Name <local@domain>`` or of an address alone; the name may have commas, and
    quotes around it."""
    named = _NAMED.fullmatch(text.strip())
    if named is None:
        return parse(text)
    found = parse(named["address"])
    name = named["name"].strip()
    if len(name) > 1 and name[0] == name[-1] == '"':
        name = re.sub(r"\\(.)", r"\1", name[1:-1])
    if isinstance(found, NoMailbox):
        return found
    if any(unicodedata.category(c) in ("Cc", "Zl", "Zp", "Cs") for c in named["name"]):
        return NoMailbox("has a control character in its name")
    return Mailbox(local=found.local, domain=found.domain, name=name)


def _strange(given: str) -> str:
    """What shows at once that this is no single address; "" if nothing does."""
    if any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") for c in given):
        return "has a control character or an invisible one"
    if "<" in given or ">" in given:
        return "has a name or brackets; give the address alone"
    if any(mark in given for mark in ",;"):
        return "is a list; give one address at a time"
    if "@" not in given:
        return "has no @"
    if given.count("@") > 1:
        return "has more than one @"
    if any(c.isspace() for c in given):
        return "has a space"
    return ""


def _domain(written: str) -> str | NoMailbox:
    """The domain in ASCII; as it was written if it is in ASCII already."""
    if written.startswith("[") and written.endswith("]"):
        return written if _is_literal(written[1:-1]) else NoMailbox("has no IP address in brackets")
    ascii_form = written if written.isascii() else ada_url.idna_to_ascii(written).decode("ascii")
    labels = ascii_form.split(".")
    if not all(_HOST_LABEL.fullmatch(label) for label in labels) or len(ascii_form) > 253:
        return NoMailbox(f"has no domain {written!r}" if written else "has no domain")
    return ascii_form


def _is_literal(inside: str) -> bool:
    """Whether this is an address literal of RFC 5321, such as ``192.0.2.1`` or ``IPv6:::1``."""
    is_v6 = inside.upper().startswith("IPV6:")
    try:
        return ip_address(inside[5:] if is_v6 else inside).version == (6 if is_v6 else 4)
    except ValueError:
        return False
