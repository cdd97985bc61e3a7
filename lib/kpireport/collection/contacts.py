"""Who is asked for which results: key contacts as the register names them, read into names and addresses that are safe to use.

The register writes a contact as "Performance Manager, Adult Social Care (asc.performance@leeds.example)", or as a bare address;
several are parted by semicolons. The first contact of a KPI returns its result, the others are copied.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import pandas as pd

from kpireport.presentation.markup import clean

_ADDRESS = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
)
_NAMED = re.compile(r"(?P<name>.*?)\s*[(<](?P<address>[^()<>]*)[)>]")
LONGEST_ADDRESS = 254


class AskedBy(StrEnum):
    """For whom one workbook is made."""

    DIRECTORATE = "directorate"
    CONTACT = "contact"


@dataclass(frozen=True, order=True)
class Contact:
    """A post that can be written to, or that cannot for want of an address."""

    name: str
    """On one line; the address when the register gives no name."""
    address: str
    """"" when the register has none that is a valid address."""

    def __str__(self) -> str:
        """Return the contact in words."""
        return f"{self.name} ({self.address})" if self.address and self.address != self.name else self.name


@dataclass(frozen=True)
class Recipient:
    """Whom one request goes to, and the KPIs that it is about."""

    key: str
    """A directorate's code, or the contact in words: what the form's stamp names."""
    name: str
    slug: str
    """For names of files: small letters, digits and hyphens; no other recipient of the round has the same."""
    to: tuple[Contact, ...]
    copied: tuple[Contact, ...]
    unreachable: tuple[Contact, ...]
    """Contacts without an address."""
    directorates: tuple[str, ...]
    kpi_ids: tuple[str, ...]


def parse(text: str) -> Contact:
    """Return the contact that `text` names. What is no valid address is part of the name: nothing is guessed."""
    line = " ".join(clean(text).split())
    found = _NAMED.fullmatch(line)
    name, address = (found["name"], found["address"].strip()) if found else ("", line)
    if is_address(address):
        return Contact(name or address, address)
    return Contact(line, "")


def parse_all(text: str) -> list[Contact]:
    """Return the contacts of a cell of the register, each once, in its order."""
    return list(dict.fromkeys(parse(part) for part in text.split(";") if part.strip()))


def is_address(text: str) -> bool:
    """Return whether `text` is an e-mail address as mail programs take it: no spaces, quotes, comments or line ends."""
    return len(text) <= LONGEST_ADDRESS and _ADDRESS.fullmatch(text) is not None and len(text.split("@")[0]) <= 64


def recipients(kpis: pd.DataFrame, directorates: pd.DataFrame, by: AskedBy) -> list[Recipient]:
    """Return who is to be asked about some KPIs, in the order of the directorates.

    Parameters
    ----------
    kpis
        The KPIs with something to ask: `kpi_id`, `directorate`, `key_contacts`.
    directorates
        The directorates table, in the order of the reports.
    by
        One recipient for each directorate (its performance lead and the first contacts of its KPIs), or for each contact that
        is the first of a KPI. A KPI without a contact then goes to its directorate's.
    """
    codes = [str(code) for code in directorates["directorate"]]
    leads = dict(zip(codes, map(parse_all, directorates["contact"]), strict=True))
    names = dict(zip(directorates["directorate"], directorates["directorate_name"], strict=True))
    named = {
        kpi_id: parse_all(contacts) or leads[directorate]
        for kpi_id, directorate, contacts in zip(kpis["kpi_id"], kpis["directorate"], kpis["key_contacts"], strict=True)
    }
    place = {code: number for number, code in enumerate(names)}
    ordered = kpis.assign(place=kpis["directorate"].map(place)).sort_values(["place", "kpi_id"], kind="stable")
    groups: dict[str, list[tuple[str, str]]] = {}
    for kpi_id, directorate in zip(ordered["kpi_id"], ordered["directorate"], strict=True):
        key = directorate if by is AskedBy.DIRECTORATE else str((named[kpi_id] or [Contact(names[directorate], "")])[0])
        groups.setdefault(key, []).append((kpi_id, directorate))
    slugs = _slugs(groups if by is AskedBy.DIRECTORATE else [_short(key) for key in groups])
    return [
        _recipient(key, members, slug, named, names, leads, by)
        for (key, members), slug in zip(groups.items(), slugs, strict=True)
    ]


def _recipient(
    key: str,
    members: list[tuple[str, str]],
    slug: str,
    named: dict[str, list[Contact]],
    names: dict[str, str],
    leads: dict[str, list[Contact]],
    by: AskedBy,
) -> Recipient:
    own = tuple(dict.fromkeys(directorate for _, directorate in members))
    first = [contact for kpi_id, _ in members for contact in named[kpi_id][:1]]
    others = [contact for kpi_id, _ in members for contact in named[kpi_id][1:]]
    if by is AskedBy.DIRECTORATE:
        first = [*leads[key], *first]
    everyone = [*first, *others]
    to = _reachable(first)
    return Recipient(
        key=key,
        name=names[key] if by is AskedBy.DIRECTORATE else (first[0].name if first else key),
        slug=slug,
        to=to,
        copied=tuple(contact for contact in _reachable(others) if contact.address not in {one.address for one in to}),
        unreachable=tuple(dict.fromkeys(contact for contact in everyone if not contact.address)),
        directorates=own,
        kpi_ids=tuple(kpi_id for kpi_id, _ in members),
    )


def _reachable(contacts: Iterable[Contact]) -> tuple[Contact, ...]:
    """Return the contacts that have an address, each address once."""
    found: dict[str, Contact] = {}
    for contact in contacts:
        if contact.address:
            found.setdefault(contact.address.lower(), contact)
    return tuple(found.values())


def _short(key: str) -> str:
    address = parse(key).address
    return address.split("@")[0] if address else key


def _slugs(keys: Iterable[str]) -> list[str]:
    slugs: list[str] = []
    for key in keys:
        slug = re.sub("[^a-z0-9]+", "-", key.lower()).strip("-")[:40] or "contact"
        number = 1
        while (slug if number == 1 else f"{slug}-{number}") in slugs:
            number += 1
        slugs.append(slug if number == 1 else f"{slug}-{number}")
    return slugs
