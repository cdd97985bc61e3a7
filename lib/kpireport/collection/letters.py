"""Drafts of e-mails as files that a mail program opens ready to send. Nothing here sends anything.

A draft is plain text in UTF-8 with its attachments, marked as unsent (`X-Unsent`), which Outlook and others open in a window to
write in. The same letter gives the same bytes: its day and its identifier come from what it says.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from kpireport.collection.contacts import Contact
from kpireport.presentation.markup import clean

LETTER_TYPE = "message/rfc822"
WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Letter:
    """A letter to be sent by a person."""

    to: tuple[Contact, ...]
    """May be empty: whoever sends it adds the address."""
    copied: tuple[Contact, ...]
    subject: str
    body: tuple[str, ...]
    """Its paragraphs; a paragraph may hold lines."""
    attachments: tuple[tuple[str, bytes], ...] = ()
    """Workbooks, each with the name of its file."""


def draft(letter: Letter, *, on: date) -> bytes:
    """Return the letter as a draft (.eml), dated nine in the morning of the day `on`.

    Whatever a name or a subject holds, it stays in its own header: line ends and controls are taken out of it, and addresses
    are those that `contacts.parse` let through.
    """
    message = EmailMessage(policy=SMTP)
    message["X-Unsent"] = "1"
    message["Date"] = format_datetime(datetime.combine(on, time(9), tzinfo=UTC))
    if letter.to:
        message["To"] = _addresses(letter.to)
    if letter.copied:
        message["Cc"] = _addresses(letter.copied)
    message["Subject"] = _line(letter.subject)
    text = "\n\n".join("\n".join(clean(line) for line in paragraph.split("\n")) for paragraph in letter.body) + "\n"
    digest = hashlib.sha256(repr((on, letter)).encode("utf-8")).hexdigest()
    message["Message-ID"] = f"<{digest[:32]}@kpireport.invalid>"
    message.set_content(text, cte="quoted-printable")
    for name, content in letter.attachments:
        main, sub = WORKBOOK_TYPE.split("/")
        message.add_attachment(content, maintype=main, subtype=sub, filename=name)
    if letter.attachments:
        # The library would draw one by lot.
        message.set_boundary(f"=_kpireport_{digest[32:]}")
    return message.as_bytes()


def _addresses(contacts: Iterable[Contact]) -> tuple[Address, ...]:
    return tuple(
        Address(display_name="" if contact.name == contact.address else _line(contact.name), addr_spec=contact.address)
        for contact in contacts
    )


def _line(text: str) -> str:
    return " ".join(clean(text).split())
