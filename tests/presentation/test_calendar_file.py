"""The calendar file reads back with a library of other people's, the same bytes each time, whatever its names hold."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st
from kpireport.presentation import calendar_file

LONDON = ZoneInfo("Europe/London")


def entry(**changed: object) -> dict[str, object]:
    return {
        "on": pd.Timestamp("2024-05-08"),
        "remind_on": pd.Timestamp("2024-05-03"),
        "step": "commentary",
        "body": "dmt",
        "of": "",
        "of_name": "",
        "period": "2023-24 Q4",
        "reader": "services",
        "rule": "2 working days before cut_off",
        "starts_at": "",
    } | changed


MEETING = entry(step="", body="clt", reader="clt", rule="", starts_at="09:30")


def made(*entries: dict[str, object], on: str = "2024-04-01") -> bytes:
    return calendar_file.calendar(entries, name="Timetable", area="E08000035", on=date.fromisoformat(on))


def events(content: bytes) -> list:
    return list(vobject.readOne(content.decode()).vevent_list)


def test_a_deadline_is_an_all_day_entry_that_leaves_its_day_free():
    (event,) = events(made(entry()))
    assert (event.dtstart.value, event.dtend.value) == (date(2024, 5, 8), date(2024, 5, 9))
    assert event.transp.value == "TRANSPARENT"
    assert event.summary.value == "Commentary on highlight items is in (2023-24 Q4)"
    assert "2 working days before results close" in event.description.value


def test_the_reminder_is_at_nine_on_the_day_that_the_timetable_gives():
    (event,) = events(made(entry()))
    alarm = event.valarm_list[0]
    assert alarm.action.value == "DISPLAY"
    assert datetime(2024, 5, 8) + alarm.trigger.value == datetime(2024, 5, 3, 9)
    (meeting,) = events(made(MEETING))
    assert datetime(2024, 5, 8, 9, 30) + meeting.valarm_list[0].trigger.value == datetime(2024, 5, 3, 9)


@pytest.mark.parametrize(("day", "offset"), [("2024-05-08", 1), ("2025-01-14", 0), ("2024-03-31", 1), ("2024-10-27", 0)])
def test_a_meeting_begins_at_its_hour_in_london_in_summer_and_winter(day, offset):
    """The file's own rules of the zone say so, for programs that do not know it by name."""
    (event,) = events(made(MEETING | {"on": pd.Timestamp(day)}))
    begin = event.dtstart.value
    assert begin.utcoffset() == timedelta(hours=offset)
    assert begin.astimezone(LONDON) == datetime.combine(date.fromisoformat(day), datetime.min.time(), LONDON).replace(
        hour=9, minute=30
    )


def test_lines_end_and_fold_as_the_standard_wants():
    content = made(entry(of_name="Ä" * 200, of="CF"), MEETING)
    lines = content.split(b"\r\n")
    assert b"\n" not in b"".join(lines)
    assert max(map(len, lines)) <= 75
    assert content.startswith(b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")


@given(st.text(max_size=80))
def test_a_name_of_any_characters_stays_text(name):
    hostile = f"x{name}"
    (event,) = events(made(entry(of_name=hostile, of="CF")))
    shown = event.summary.value
    assert shown.startswith("Commentary on highlight items is in: x")
    assert event.uid.value == "e08000035-commentary-dmt-cf-2023-24-q4@kpireport"
    assert len(event.contents["dtstart"]) == 1


def test_text_that_looks_like_calendar_lines_is_escaped():
    name = "Roads; bridges, \\ and\nEND:VEVENT\r\nX: 1"
    (event,) = events(made(entry(of_name=name, of="CF")))
    assert event.summary.value == "Commentary on highlight items is in: Roads; bridges, \\ and\nEND:VEVENT\nX: 1 (2023-24 Q4)"


def test_an_entry_keeps_its_identifier_when_its_day_moves_and_the_later_file_counts():
    moved = entry(on=pd.Timestamp("2024-05-09"))
    (before,), (after,) = events(made(entry())), events(made(moved, on="2024-04-15"))
    assert before.uid.value == after.uid.value
    assert int(after.sequence.value) == int(before.sequence.value) + 14
    assert after.dtstamp.value.isoformat() == "2024-04-15T00:00:00+00:00"


def test_two_entries_alike_have_two_identifiers_and_the_bytes_are_the_same_each_time():
    content = made(MEETING, MEETING | {"on": pd.Timestamp("2024-05-10")})
    assert len({event.uid.value for event in events(content)}) == 2
    assert content == made(MEETING, MEETING | {"on": pd.Timestamp("2024-05-10")})
