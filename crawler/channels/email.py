"""A message as an e-mail, for every channel that carries one."""

from __future__ import annotations

from email.message import EmailMessage
from email.utils import format_datetime

from crawler.channels import mailboxes
from crawler.channels.mailboxes import NoMailbox
from crawler.digest.direction import one_line
from crawler.model import Message


def as_email(message: Message, sender: str) -> EmailMessage:
    """The message as multipart/alternative: text first, HTML preferred, with its own Message-ID.

    ``To`` is the sender if the recipient is no mail address. Raises ValueError if the sender is
    none.
    """
    author = mailboxes.parse_named(sender)
    if isinstance(author, NoMailbox):
        raise ValueError(f"{sender!r} {author.why}")
    reader = mailboxes.parse(message.recipient)
    mail = EmailMessage()
    mail["From"] = author.header()
    mail["To"] = author.header() if isinstance(reader, NoMailbox) else reader.header()
    mail["Subject"] = one_line(message.subject)
    mail["Date"] = format_datetime(message.created_at)
    mail["Message-ID"] = message.message_id
    mail["Auto-Submitted"] = "auto-generated"
    mail["Content-Language"] = message.language
    mail.set_content(message.text, cte="base64")
    mail.add_alternative(message.html, subtype="html", cte="base64")
    return mail
