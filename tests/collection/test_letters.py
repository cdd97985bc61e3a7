"""Drafts of e-mails."""

from datetime import date
from email import message_from_bytes
from email.policy import default

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kpireport.collection.contacts import Contact
from kpireport.collection.letters import Letter, draft

TO = (Contact("Performance Manager, Adult Social Care", "asc@leeds.example"),)
DAY = date(2025, 1, 24)
HEADERS = {"X-Unsent", "Date", "To", "Cc", "Subject", "Message-ID", "Content-Type", "Content-Transfer-Encoding", "MIME-Version"}


def test_a_draft_is_unsent_dated_and_readable_as_it_was_written():
    letter = Letter(TO, (Contact("Café & Co \u201cquoted\u201d", "c@leeds.example"),), "Résultats", ("Dear all,", "£5 – ok."))
    read = message_from_bytes(draft(letter, on=DAY), policy=default)
    assert read["X-Unsent"] == "1"
    assert read["Subject"] == "Résultats"
    assert read["Date"].datetime.date() == DAY
    assert [(one.display_name, one.addr_spec) for one in read["To"].addresses] == [
        ("Performance Manager, Adult Social Care", "asc@leeds.example")
    ]
    assert [one.display_name for one in read["Cc"].addresses] == ["Café & Co \u201cquoted\u201d"]
    assert read.get_content().splitlines() == ["Dear all,", "", "£5 – ok."]


def test_a_workbook_travels_whole_and_the_same_letter_is_the_same_bytes():
    letter = Letter(TO, (), "Results", ("Dear all,",), (("2024-25-q3-return-ah.xlsx", bytes(range(256)) * 40),))
    first = draft(letter, on=DAY)
    assert draft(letter, on=DAY) == first
    (attached,) = message_from_bytes(first, policy=default).iter_attachments()
    assert attached.get_filename() == "2024-25-q3-return-ah.xlsx"
    assert attached.get_content() == bytes(range(256)) * 40


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\u2028", "\x0b", "\x00"])
def test_a_line_end_in_a_name_or_a_subject_adds_no_header(end):
    hostile = f"Results{end}Bcc: everyone@leeds.example{end}{end}body"
    read = message_from_bytes(draft(Letter((Contact(hostile, "a@leeds.example"),), (), hostile, ("x",)), on=DAY), policy=default)
    assert set(read.keys()) <= HEADERS
    assert [one.addr_spec for one in read["To"].addresses] == ["a@leeds.example"]
    assert read.get_content().splitlines() == ["x"]


@given(st.text(max_size=200), st.text(max_size=200))
def test_no_text_changes_who_gets_a_letter(name, subject):
    read = message_from_bytes(draft(Letter((Contact(name, "a@leeds.example"),), (), subject, ("x",)), on=DAY), policy=default)
    assert set(read.keys()) <= HEADERS
    assert [one.addr_spec for one in read["To"].addresses] == ["a@leeds.example"]
