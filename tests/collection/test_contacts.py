"""Contacts of the register, and whom a request goes to."""

from email.headerregistry import Address

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kpireport.collection import contacts
from kpireport.collection.contacts import AskedBy, Contact

DIRECTORATES = pd.DataFrame(
    {
        "directorate": ["PE", "PL"],
        "directorate_name": ["People", "Place"],
        "director": ["Director of People", "Director of Place"],
        "contact": ["people@council.example", "no address yet"],
    }
)


@pytest.mark.parametrize(
    ("text", "name", "address"),
    [
        (
            "Performance Manager, Adult Social Care (asc@leeds.example)",
            "Performance Manager, Adult Social Care",
            "asc@leeds.example",
        ),
        ("Manager (acting) (m.one@leeds.example)", "Manager (acting)", "m.one@leeds.example"),
        ("Manager <m@leeds.example>", "Manager", "m@leeds.example"),
        ("m@leeds.example", "m@leeds.example", "m@leeds.example"),
        ("Head of Planning", "Head of Planning", ""),
        ("Manager (m@leeds)", "Manager (m@leeds)", ""),
        ("Manager (m @leeds.example)", "Manager (m @leeds.example)", ""),
        ("Manager (a@b.example, c@d.example)", "Manager (a@b.example, c@d.example)", ""),
        ("Manager\r\nBcc: all@leeds.example (m@leeds.example)", "Manager Bcc: all@leeds.example", "m@leeds.example"),
        ("Manager (m@leeds.example\r\nBcc: all@leeds.example)", "Manager (m@leeds.example Bcc: all@leeds.example)", ""),
        ('Manager ("m x"@leeds.example)', 'Manager ("m x"@leeds.example)', ""),
        (f"Manager ({'m' * 65}@leeds.example)", f"Manager ({'m' * 65}@leeds.example)", ""),
    ],
)
def test_a_contact_is_read_as_written_and_nothing_is_guessed(text, name, address):
    assert contacts.parse(text) == Contact(name, address)


@given(st.text(max_size=60))
def test_whatever_passes_for_an_address_is_one_for_a_mail_program(text):
    contact = contacts.parse(f"Post ({text})")
    if contact.address:
        assert Address(addr_spec=contact.address).addr_spec == contact.address
        assert contact.address.isascii()
        assert not set(contact.address) & set(' \r\n\t,;:<>()"')


def kpis(*rows: tuple[str, str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["kpi_id", "directorate", "key_contacts"])


LISTED = kpis(
    ("PL-01", "PL", "Waste Officer (waste@council.example); Policy (policy@council.example)"),
    ("PE-02", "PE", "Nobody in post"),
    ("PE-01", "PE", "Care Manager (care@council.example); Policy (policy@council.example)"),
    ("PL-02", "PL", "Waste Officer (waste@council.example)"),
    ("PL-03", "PL", ""),
)


def test_one_request_for_each_directorate_goes_to_its_lead_and_to_those_who_produce_the_figures():
    people, place = contacts.recipients(LISTED, DIRECTORATES, AskedBy.DIRECTORATE)
    assert (people.key, people.name, people.slug, people.kpi_ids) == ("PE", "People", "pe", ("PE-01", "PE-02"))
    assert [contact.address for contact in people.to] == ["people@council.example", "care@council.example"]
    assert [contact.address for contact in people.copied] == ["policy@council.example"]
    assert [contact.name for contact in people.unreachable] == ["Nobody in post"]
    assert [contact.address for contact in place.to] == ["waste@council.example"]
    assert [contact.name for contact in place.unreachable] == ["no address yet"]


def test_one_request_for_each_contact_and_a_kpi_without_one_goes_to_its_directorate():
    found = contacts.recipients(LISTED, DIRECTORATES, AskedBy.CONTACT)
    assert {one.slug: one.kpi_ids for one in found} == {
        "care": ("PE-01",),
        "nobody-in-post": ("PE-02",),
        "waste": ("PL-01", "PL-02"),
        "no-address-yet": ("PL-03",),
    }
    assert [one.to for one in found if one.slug in ("nobody-in-post", "no-address-yet")] == [(), ()]


def test_names_of_files_never_meet():
    listed = kpis(
        *((f"PE-{n:02}", "PE", contact) for n, contact in enumerate(["A/B (x.y@a.example)", "C (x-y@b.example)", "x y"], 1))
    )
    assert [one.slug for one in contacts.recipients(listed, DIRECTORATES, AskedBy.CONTACT)] == ["x-y", "x-y-2", "x-y-3"]
