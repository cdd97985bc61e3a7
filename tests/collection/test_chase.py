"""What has not been returned, how late it is, and who is reminded."""

import csv
import io
from dataclasses import replace
from datetime import date
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pandas as pd
import pytest
from kpireport.collection import chase_pages
from kpireport.collection.chase import ALL_DIRECTORATES, Chasing, Reminder, Steps, chase
from kpireport.collection.contacts import AskedBy
from kpireport.errors import ParameterError
from kpireport.periods import parse_quarter
from kpireport.reports import clt_quarterly
from kpireport.sources import council, register

ROOT = Path(__file__).resolve().parent.parent.parent
PLACES = {"data": str(ROOT / "data"), "council": str(ROOT / "params" / "council.yaml")}
SECOND = parse_quarter("2024-25 Q2")


@pytest.fixture(scope="module")
def leeds() -> tuple[register.Register, council.Council]:
    return register.load(ROOT / "data"), council.load(ROOT / "params" / "council.yaml")


@pytest.fixture(scope="module")
def third_reminders(leeds) -> Chasing:
    return chase(*leeds, quarter=SECOND, on=date(2024, 11, 20))


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8"))))


def drafts(chasing: Chasing) -> dict[str, EmailMessage]:
    files = chase_pages.files(chasing)
    return {name: message_from_bytes(files[name], policy=default) for name in files if name.endswith(".eml")}


@pytest.mark.parametrize("quarter", ["2024-25 Q2", "2024-25 Q3"])
def test_what_is_missing_is_the_awaited_list_of_the_quarters_report(leeds, quarter):
    report = clt_quarterly.build(**PLACES, quarter=quarter)
    found = chase(*leeds, quarter=parse_quarter(quarter), on=date.fromisoformat(report.date)).outstanding
    columns = ["kpi_id", "expected_period", "rating", "is_awaited_twice", "value", "period", "directorate_name"]
    assert len(found) > 4
    pd.testing.assert_frame_equal(found[columns], report.awaited[columns])


def test_how_many_came_in_time_is_what_the_assurance_report_counts(leeds):
    # The golden file of the report on 2023-24, which knows of what came by 31 October 2024.
    golden = list(csv.DictReader((ROOT / "tests" / "golden" / "assurance" / "returns.csv").open(encoding="utf-8")))
    names = ["due", "on_time", "late", "missing"]
    assert [row["quarter"] for row in golden] == [f"2023-24 Q{number}" for number in (1, 2, 3, 4)]
    for row in golden[1::2]:
        counted = chase(*leeds, quarter=parse_quarter(row["quarter"]), on=date(2024, 10, 31)).punctuality
        expected = [int(row[name]) for name in names]
        assert counted.loc[counted["directorate"] == ALL_DIRECTORATES, names].to_numpy().tolist() == [expected]
        assert counted.loc[counted["directorate"] != ALL_DIRECTORATES, names].sum().tolist() == expected


def test_lateness_is_counted_from_the_deadline_in_working_days(third_reminders):
    rows = third_reminders.outstanding.set_index("kpi_id")
    # Friday 25 October to Wednesday 20 November 2024: 26 days, of which 18 are working days.
    assert (rows.loc["CF-17", "days_late"], rows.loc["CF-17", "working_days_late"]) == (26, 18)
    assert (rows.loc["CF-17", "also_missing"], bool(rows.loc["CF-17", "is_awaited_twice"])) == ("2024-25 Q1", True)
    counted = third_reminders.punctuality.iloc[-1]
    assert [counted[name] for name in ("due", "on_time", "late", "missing")] == [96, 92, 1, 3]  # CHE-05 came late
    assert rows.loc["AH-19", "reminder"] == 0  # a national source is late, not the service


def test_a_result_first_due_in_an_earlier_quarter_is_late_from_then(leeds):
    rows = chase(*leeds, quarter=parse_quarter("2024-25 Q3"), on=date(2025, 2, 7)).outstanding.set_index("kpi_id")
    assert (rows.loc["AH-19", "fell_due"], rows.loc["AH-19", "due_on"]) == ("2024-25 Q2", pd.Timestamp("2024-10-25"))
    assert (rows.loc["AH-05", "fell_due"], rows.loc["AH-05", "due_on"]) == ("2024-25 Q3", pd.Timestamp("2025-01-24"))


@pytest.mark.parametrize(
    ("on", "opening"),
    [
        (date(2024, 10, 28), "We have not yet received"),
        (date(2024, 11, 1), "We wrote to you"),
        (date(2024, 11, 8), "our third reminder"),
    ],
)
def test_the_letter_grows_firmer_with_the_working_days(leeds, on, opening):
    letters = drafts(chase(*leeds, quarter=SECOND, on=on))
    assert letters
    assert all(opening in letter.get_content() for letter in letters.values())
    assert all(letter["X-Unsent"] == "1" for letter in letters.values())


def test_before_the_deadline_and_on_the_weekend_after_it_nobody_is_reminded(leeds):
    for on in (date(2024, 10, 24), date(2024, 10, 25), date(2024, 10, 27)):
        quiet = chase(*leeds, quarter=SECOND, on=on)
        assert drafts(quiet) == {}
        assert len(quiet.outstanding)
        page = "".join(block.text for block in chase_pages.index(quiet))
        assert ("The deadline is in 1 day: nothing is late" in page) is (on.day == 24)


def test_only_those_who_owe_something_are_written_to_and_of_that_alone(third_reminders):
    letters = drafts(third_reminders)
    assert set(letters) == {
        f"2024-25-q2-{kind}-{code}.eml" for kind in ("reminder", "escalation") for code in ("cf", "che", "sr")
    }
    families = letters["2024-25-q2-reminder-cf.eml"]
    assert "CF-17" in families.get_content()
    assert "CHE-23" not in families.get_content()
    assert "csws.performance@leeds.example" in [one.addr_spec for one in families["To"].addresses]


def test_a_director_is_told_after_the_days_that_the_parameters_give(leeds):
    on = date(2024, 11, 20)
    assert chase(*leeds, quarter=SECOND, on=on, steps=Steps(escalate_after=19)).escalations == ()
    told = chase(*leeds, quarter=SECOND, on=on, steps=Steps(escalate_after=18))
    assert [one.directorate for one in told.escalations] == ["CF", "CHE", "SR"]
    letter = drafts(told)["2024-25-q2-escalation-cf.eml"]
    assert letter["To"] is None  # the register has no address of a director
    assert "Dear Director of Children and Families," in letter.get_content()
    assert "The register has no address of this post" in "".join(block.text for block in chase_pages.index(told))


def test_steps_that_cannot_be_are_refused():
    for steps in ({"second_after": 1}, {"third_after": 5}, {"escalate_after": 0}):
        with pytest.raises(ParameterError, match="params/collection"):
            Steps(**steps)
    assert [Steps().reminder(days) for days in (0, 1, 4, 5, 9, 10, 60)] == [
        Reminder.NONE, Reminder.FIRST, Reminder.FIRST, Reminder.SECOND, Reminder.SECOND, Reminder.THIRD, Reminder.THIRD,
    ]  # fmt: skip


def test_the_tables_say_what_the_page_says(third_reminders):
    files = chase_pages.files(third_reminders)
    outstanding, punctuality = rows_of(files[chase_pages.OUTSTANDING]), rows_of(files[chase_pages.PUNCTUALITY])
    assert [row["kpi_id"] for row in outstanding] == list(third_reminders.outstanding["kpi_id"])
    assert {row["state"] for row in outstanding} == {"awaited", "not_published"}
    total = punctuality[-1]
    page = "".join(block.text for block in chase_pages.index(third_reminders))
    said = f"{total['due']} results fell due in 2024-25 Q2: {total['on_time']} came by Friday 25 October 2024"
    assert total["directorate"] == ""
    assert said in page
    assert chase_pages.files(third_reminders) == files


def test_an_earlier_period_that_never_came_is_shown_though_the_latest_is_in(leeds):
    found = chase(*leeds, quarter=parse_quarter("2024-25 Q3"), on=date(2025, 2, 12))
    assert ("CF-17", "2024-25 Q1") in set(zip(found.gaps["kpi_id"], found.gaps["period"], strict=True))
    assert "CF-17" not in set(found.outstanding["kpi_id"])


def test_returns_taken_in_are_listed_with_their_approval(leeds):
    data, authority = leeds
    sent = [("a" * 64, "2024-10-20T09:00:00Z"), ("b" * 64, "2024-10-21T09:00:00Z"), ("c" * 64, "2024-12-01T09:00:00Z")]
    returns = pd.DataFrame(
        [
            {
                "quarter": "2024-25 Q2",
                "file": f"returns/2024-25-q2/<{sha[0]}>.xlsx",
                "sha256": sha,
                "kind": "workbook",
                "sender": "=Place",
                "received_at": moment,
                "rows_taken": 4,
                "rows_refused": 1,
            }
            for sha, moment in sent
        ]
    )
    signed = pd.DataFrame({"sha256": ["a" * 64, "b" * 64], "signed_on": pd.to_datetime(["2024-10-30", "2024-12-02"])})
    found = chase(replace(data, returns=returns, sign_offs=signed), authority, quarter=SECOND, on=date(2024, 11, 20))
    assert found.returns[["sha256", "is_signed"]].to_numpy().tolist() == [["a" * 64, True], ["b" * 64, False]]
    html = "".join(block.html for block in chase_pages.index(found))
    assert "2 returns taken in" in html
    assert "&lt;a&gt;.xlsx" in html


def test_hostile_text_is_harmless_in_letters_tables_and_on_the_page(leeds):
    data, authority = leeds
    hostile = "=1+1<b>\r\nBcc: everyone@council.example"
    kpis = data.kpis.assign(kpi_name=hostile, key_contacts=f"{hostile} (post@council.example)")
    places = data.directorates.assign(directorate_name=hostile, director=hostile, contact="")
    changed = replace(data, kpis=kpis, directorates=places, kpi_changes=data.kpi_changes.iloc[:0])
    found = chase(changed, authority, quarter=SECOND, on=date(2024, 11, 20), by=AskedBy.CONTACT)
    letters = drafts(found)
    assert letters
    for letter in letters.values():
        assert {one.addr_spec for one in (letter["To"].addresses if letter["To"] else ())} <= {"post@council.example"}
        assert letter["Bcc"] is None
    assert all(row["kpi_name"].startswith("'=") for row in rows_of(chase_pages.files(found)[chase_pages.OUTSTANDING]))
    assert "<b>" not in "".join(block.html for block in chase_pages.index(found))
