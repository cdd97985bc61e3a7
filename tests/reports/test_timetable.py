"""The timetable of the shipped register, day by day, and of councils that have less, or have it wrong."""

import shutil
from datetime import date
from pathlib import Path

import openpyxl
import pytest
import small_register
import vobject
import yaml
from golden_files import is_golden
from kpireport.commands import deadlines
from kpireport.errors import DataError, ParameterError
from kpireport.presentation import timetable_pages
from kpireport.reports import timetable
from kpireport.rules import timetable as rules
from kpireport.rules import working_days
from kpireport.sources import register
from kpireport.vocabulary import Body, Step

ROOT = Path(__file__).resolve().parents[2]
RIVERSIDE = ROOT / "tests" / "councils" / "riverside"
HEAD = "meeting_on,body,of,period,starts_at,producer\n"


def build(data: Path = ROOT / "data", council: Path = ROOT / "params" / "council.yaml", **changed: object) -> timetable.Timetable:
    given = yaml.load((ROOT / "params" / "timetable.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)
    own = {"data": str(data), "council": str(council), "reminder_days": int(given["reminder_days"])}
    return timetable.build(**{**given, **own, **changed})


def riverside(tmp_path: Path, meetings: str = "", rounds: str = "") -> Path:
    """Return a copy of the small council's data, with meetings, or with other rounds."""
    data = tmp_path / "data"
    shutil.copytree(RIVERSIDE, data)
    if meetings:
        (data / "reference" / "meetings.csv").write_text(HEAD + meetings, encoding="utf-8")
    if rounds:
        (data / "reference" / "rounds.csv").write_text(f"quarter,returns_due_on,cut_off_on,dmt_on,clt_on\n{rounds}")
    return data


def files(report: timetable.Timetable) -> dict[str, bytes]:
    return {part.name: part.content for part in timetable_pages.files(report).parts}


def words(report: timetable.Timetable) -> str:
    pages = (timetable_pages.front_page, timetable_pages.rounds, timetable_pages.months, timetable_pages.readers)
    parts = [part for page in (*pages, timetable_pages.notes) for part in page(report).parts]
    return "\n".join(part.text if hasattr(part, "text") else part.title for part in parts)


@pytest.fixture(scope="module")
def report() -> timetable.Timetable:
    return build()


@pytest.mark.parametrize("year", ["2023-24", "2024-25", "2025-26"])
def test_every_day_is_the_golden_one(year):
    """The days of 2024-25 were counted by hand on a wall calendar with its bank holidays."""
    assert is_golden(build(year=year).entries[["on", "step", "body", "of", "period"]], f"timetable/{year}.csv")


def test_days_counted_by_hand_round_bank_holidays(report):
    days = {(row["step"], row["period"], row["of"]): row["on"].date() for _, row in report.entries.iterrows() if row["step"]}
    by_hand = {
        ("requests", "2023-24 Q4", ""): "2024-04-02",  # the quarter ended on Easter Sunday; Monday is closed
        ("requests", "2024-25 Q3", ""): "2025-01-02",  # New Year's Day is closed
        ("clt_papers", "2023-24 Q4", ""): "2024-05-21",  # a week before Tuesday 28 May
        ("executive_papers", "2023-24 Q4", ""): "2024-05-31",  # 8 before 12 June: 11 10 7 6 5 4 3 June, 31 May
        ("scrutiny_papers", "2024-25 Q2", "SR"): "2025-01-10",  # 6 before 20 January: 17 16 15 14 13 10
        ("annual_papers", "2023-24", ""): "2024-07-12",
        ("survey_report", "2024", ""): "2024-06-18",
        ("assurance_papers", "2023-24", ""): "2024-11-15",
    }
    assert {key: days[key] for key in by_hand} == {key: date.fromisoformat(day) for key, day in by_hand.items()}


def test_the_shipped_timetable_has_no_fault_and_no_warning_and_knows_every_body(report):
    assert (report.warnings, report.undated, report.bodies_missing) == ((), (), ())
    assert report.illustrative == (report.entries["step"] == "").sum()


def test_the_calendar_file_reads_elsewhere_and_every_deadline_is_a_working_day_in_england(report):
    calendar = vobject.readOne(files(report)["timetable-2024-25.ics"].decode())
    events = calendar.vevent_list
    assert len(events) == len(report.entries)
    starts = [event.dtstart.value for event in events]
    days = sorted(start.date() if hasattr(start, "date") else start for start in starts)
    assert days == sorted(on.date() for on in report.entries["on"])
    assert all(working_days.is_working_day(day) for day in days)
    assert all(event.valarm_list for event in events)
    assert len({event.uid.value for event in events}) == len(events)


def test_services_have_a_calendar_of_their_own(report):
    events = vobject.readOne(files(report)["timetable-2024-25-services.ics"].decode()).vevent_list
    assert {event.categories.value[0] for event in events} == {"Services and key contacts", "Directorates"}


def test_the_workbook_holds_every_day_as_a_date(report, tmp_path):
    path = tmp_path / "timetable.xlsx"
    path.write_bytes(files(report)["timetable-2024-25.xlsx"])
    rows = list(openpyxl.load_workbook(path)["Timetable"].iter_rows(values_only=True))
    head = next(place for place, row in enumerate(rows) if row[0] == "Day")
    assert [row[0].date() for row in rows[head + 1 :] if row[0]] == [on.date() for on in report.entries["on"]]


def test_what_is_due_next_is_counted_from_the_day_given():
    report = build(next_from="2024-05-03")
    assert report.upcoming["step"].iloc[0] == "commentary"
    assert report.working_days_to_next == 2  # 7 and 8 May: the 6th is a bank holiday
    assert "Next, in 2 working days, on Wednesday 8 May 2024" in words(report)
    over = build(year="2023-24", next_from="2024-04-20")
    assert "Every date of this timetable is past" in words(over)


def test_a_council_without_meetings_has_its_rounds_and_is_told_what_is_missing():
    report = build(RIVERSIDE, RIVERSIDE / "council.yaml")
    assert set(report.bodies_missing) == set(Body) - {Body.DMT, Body.CLT}
    assert report.undated == ("2023-24 Q4",)
    shown = words(report)
    assert "No date is recorded for the round of 2023-24 Q4" in shown
    assert "add it to data/reference/meetings" in shown
    assert "Fri 25 Oct" in shown


def test_a_council_without_a_date_has_a_timetable_that_says_so(tmp_path):
    tables = {name: rows for name, rows in small_register.texts().items() if name != "reference/rounds"}
    data = small_register.write(tmp_path, tables)
    report = build(data, tmp_path / "council.yaml")
    assert report.entries.empty
    assert "No date is known for 2024-25." in words(report)
    assert files(report) == {}


def test_a_meeting_on_a_bank_holiday_is_a_fault_at_its_cell(tmp_path):
    data = riverside(tmp_path, "2025-01-01,executive_board,,2024-25 Q1,,illustrative\n")
    with pytest.raises(DataError) as raised:
        build(data, RIVERSIDE / "council.yaml")
    (fault,) = raised.value.faults
    assert (fault.file, fault.cell) == ("reference/meetings.csv", "A2")
    assert fault.found == "executive_board 2024-25 Q1 on 01/01/2025, New Year's Day"
    assert fault.remedy == "Write 31/12/2024 or 02/01/2025, or another."


def test_days_of_a_round_out_of_order_are_a_fault_at_its_cell(tmp_path):
    data = riverside(tmp_path, rounds="2024-25 Q2,2024-11-13,2024-11-08,2024-11-11,2024-11-26\n")
    with pytest.raises(DataError, match=r"rounds\.csv, cell B2: found commentary 2024-25 Q2 on 06/11/2024, before highlights"):
        build(data, RIVERSIDE / "council.yaml")


def test_a_round_that_differs_from_the_meetings_is_shown_as_it_is_and_told(tmp_path):
    data = riverside(tmp_path, "2024-11-27,clt,,2024-25 Q2,,illustrative\n")
    report = build(data, RIVERSIDE / "council.yaml")
    (warning,) = [one for one in report.warnings if "clt" in one.found]
    assert (warning.file, warning.cell, warning.expected) == ("reference/rounds.csv", "E3", "27/11/2024")
    assert "Questions that the dates raise" in words(report)
    assert "Tue 26 Nov" in words(report)


def test_the_picture_of_the_year_has_a_mark_for_each_date_and_says_so_in_words(report):
    chart = timetable_pages.rounds(report).parts[0]
    marks = [mark for values in chart.spec["datasets"].values() for mark in values if "said" in mark]
    assert len(marks) == len(report.entries)
    assert max(mark["x"] for mark in marks) < chart.spec["width"]
    assert chart.title.startswith(f"{len(report.entries)} dates in the year; ")
    assert "Performance team 37" in chart.alt


def test_make_year_reads_the_same_deadlines(report, monkeypatch):
    monkeypatch.chdir(ROOT)
    due = rules.due_reports(deadlines.entries(register.load(ROOT / "data")))
    packs = report.entries[report.entries["step"] == "packs"]
    assert {period: due[Step.PACKS, period] for period in packs["period"]} == {
        row["period"]: row["on"].date() for _, row in packs.iterrows()
    }


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"returns": "2 weeks before cutoff"}, 'params/timetable.yaml: returns: .*did you mean "cut_off"'),
        ({"year": "2024"}, "not a financial year"),
        ({"reminder_days": 90}, "not a number from 0 to 20"),
    ],
)
def test_a_parameter_that_cannot_be_is_named(changed, said):
    with pytest.raises(ParameterError, match=said):
        build(**changed)
