"""The timetable follows from meetings, rounds and rules; what cannot be is named with its cell and a remedy."""

from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kpireport.periods import parse
from kpireport.rules import timetable, timetable_checks, timetable_rules, working_days
from kpireport.vocabulary import Step

RULES = {
    "requests": "1 working day after quarter_end",
    "reminder": "5 working days before returns",
    "returns": "2 weeks before cut_off",
    "highlights": "3 working days after returns",
    "commentary": "2 working days before cut_off",
    "cut_off": "1 working day before dmt",
    "packs": "1 working day before dmt",
    "escalations": "2 working days before clt_papers",
    "clt_papers": "1 week before clt",
    "executive_papers": "8 working days before executive_board",
    "scrutiny_papers": "6 working days before scrutiny_board",
    "annual_papers": "8 working days before executive_board",
    "survey_report": "12 working days after survey",
    "assurance_papers": "6 working days before audit_committee",
}
NO_ROUNDS = {"quarter": [], "returns_due_on": [], "cut_off_on": [], "dmt_on": [], "clt_on": []}


def meetings(*rows: tuple[str, ...]) -> pd.DataFrame:
    """Return the meetings table; each row is day, body, period and, if any, whose and when."""
    filled = [(*row, *[""] * (5 - len(row))) for row in rows]
    frame = pd.DataFrame(filled, columns=["meeting_on", "body", "period", "of", "starts_at"], dtype="str")
    frame["meeting_on"] = pd.to_datetime(frame["meeting_on"]).astype("datetime64[s]")
    return frame.assign(producer="illustrative").set_axis(range(2, len(rows) + 2))


def rounds(**rows: str) -> pd.DataFrame:
    """Return the rounds table; each is a quarter such as q2_2024_25="returns cut-off dmt clt", - for an empty cell."""
    names = list(NO_ROUNDS)[1:]
    made = []
    for key, days in rows.items():
        number, first, last = key[1:].split("_")
        cells = [None if day == "-" else day for day in days.split()]
        made.append({"quarter": f"{first}-{last} Q{number}", **dict(zip(names, cells, strict=True))})
    frame = pd.DataFrame(made or NO_ROUNDS, columns=list(NO_ROUNDS)).set_axis(range(2, len(made) + 2))
    return frame.astype({"quarter": "str"} | dict.fromkeys(names, "datetime64[s]"))


def entries(met: pd.DataFrame, recorded: pd.DataFrame | None = None, **changed: str) -> pd.DataFrame:
    rules, faults = timetable_rules.parse_all(RULES | changed)
    assert faults == []
    return timetable.entries(met, rounds() if recorded is None else recorded, rules)


def shown(found: pd.DataFrame) -> list[str]:
    words = ("step", "body", "of")
    return [
        " ".join([f"{row['on']:%Y-%m-%d}", *dict.fromkeys(str(row[word]) for word in words if row[word])])
        for _, row in found.iterrows()
    ]


def found(problems: list[timetable_checks.Problem]) -> list[str]:
    return [problem.found for problem in problems]


Q2 = [("2024-11-11", "dmt", "2024-25 Q2", "SR"), ("2024-11-13", "dmt", "2024-25 Q2", "CF"), ("2024-11-26", "clt", "2024-25 Q2")]


def test_a_quarter_follows_from_its_meetings_as_counted_by_hand():
    assert shown(entries(meetings(*Q2))) == [
        "2024-10-01 requests dmt",
        "2024-10-18 reminder dmt",
        "2024-10-25 returns dmt",
        "2024-10-30 highlights dmt",
        "2024-11-06 commentary dmt",
        "2024-11-08 cut_off dmt",
        "2024-11-08 packs dmt",
        "2024-11-11 dmt SR",
        "2024-11-13 dmt CF",
        "2024-11-15 escalations clt",
        "2024-11-19 clt_papers clt",
        "2024-11-26 clt",
    ]


def test_members_papers_leave_five_clear_working_days_over_christmas_and_easter():
    met = meetings(
        ("2025-01-06", "scrutiny_board", "2024-25 Q2", "CF"),
        ("2025-04-25", "executive_board", "2024-25 Q3"),
        ("2024-07-24", "executive_board", "2023-24"),
        ("2024-11-25", "audit_committee", "2023-24"),
        ("2024-05-31", "survey", "2024"),
    )
    papers = entries(met)
    assert shown(papers[papers["step"] != ""]) == [
        "2024-06-18 survey_report survey",
        "2024-07-12 annual_papers executive_board",
        "2024-11-15 assurance_papers audit_committee",
        "2024-12-24 scrutiny_papers scrutiny_board CF",
        "2025-04-11 executive_papers executive_board",
    ]


def test_the_round_counts_before_the_meetings_and_the_rules_and_both_are_told():
    own = rounds(q2_2024_25="2024-10-24 2024-11-08 2024-11-12 2024-11-27")
    made = entries(meetings(*Q2), own)
    assert {"2024-10-24 returns dmt", "2024-11-12 dmt SR", "2024-11-13 dmt CF", "2024-11-27 clt"} <= set(shown(made))
    assert "2024-10-17 reminder dmt" in shown(made)  # counted from the round's own day
    assert timetable_checks.faults(made) == []
    told = timetable_checks.warnings(made)
    assert found(told) == [
        "returns 2024-25 Q2 on 24/10/2024, 1 working day earlier than the rule gives",
        "cut_off 2024-25 Q2 on 08/11/2024, 1 working day earlier than the rule gives",
        "dmt SR 2024-25 Q2 on 12/11/2024, 1 working day later than the meetings table says",
        "clt 2024-25 Q2 on 27/11/2024, 1 working day later than the meetings table says",
    ]
    assert {(problem.table, problem.row, problem.column) for problem in told} == {
        ("reference/rounds", 2, column) for column in ("returns_due_on", "cut_off_on", "dmt_on", "clt_on")
    }


def test_rounds_alone_make_a_timetable_and_an_open_one_closes_by_the_rule():
    made = entries(meetings(), rounds(q2_2024_25="2024-10-25 - 2024-11-11 2024-11-26"))
    assert [line for line in shown(made) if "cut_off" in line or "clt" in line.split()[1:2]] == [
        "2024-11-08 cut_off dmt",
        "2024-11-26 clt",
    ]


def test_neither_meetings_nor_rounds_is_an_empty_timetable():
    made = entries(meetings())
    assert made.empty
    assert timetable_checks.faults(made) == timetable_checks.warnings(made) == []


def test_a_year_holds_what_happens_from_april_to_march():
    met = meetings(("2024-03-28", "clt", "2023-24 Q3"), ("2024-04-02", "clt", "2023-24 Q3"), ("2025-04-01", "clt", "2024-25 Q3"))
    year = timetable.of_year(entries(met), parse("2024-25"))
    assert [line for line in shown(year) if line.endswith(" clt") and "papers" not in line and "esc" not in line] == [
        "2024-04-02 clt"
    ]
    assert year["on"].min() >= pd.Timestamp("2024-04-01")


@given(st.dates(date(2022, 4, 1), date(2026, 3, 31)))
def test_every_deadline_of_any_meeting_is_a_working_day(day):
    met = meetings(
        (f"{day}", "dmt", "2021-22 Q4", "CF"), (f"{day}", "scrutiny_board", "2021-22 Q4", "CF"), (f"{day}", "survey", "2022")
    )
    made = entries(met)
    deadlines = made[made["step"] != ""]
    assert len(deadlines) == 9
    assert all(working_days.is_working_day(on.date()) for on in deadlines["on"])


@pytest.mark.parametrize(
    ("rows", "changed", "said", "cell"),
    [
        (
            [("2025-04-18", "clt", "2024-25 Q3")],
            {},
            "clt 2024-25 Q3 on 18/04/2025, Good Friday",
            ("reference/meetings", 2, "meeting_on"),
        ),
        (
            [("2024-11-30", "executive_board", "2024-25 Q1")],
            {},
            "executive_board 2024-25 Q1 on 30/11/2024, Saturday",
            ("reference/meetings", 2, "meeting_on"),
        ),
        (
            [*Q2[:2], ("2024-11-13", "clt", "2024-25 Q2")],
            {"escalations": "1 working day before clt", "clt_papers": "1 working day before clt"},
            "dmt CF 2024-25 Q2 and clt 2024-25 Q2, both on 13/11/2024",
            ("reference/meetings", 3, "meeting_on"),
        ),
        (
            [("2024-12-11", "executive_board", "2024-25 Q2"), ("2024-12-11", "executive_board", "2024-25 Q2", "", "10:00")],
            {},
            "executive_board 2024-25 Q2 and executive_board 2024-25 Q2, both on 11/12/2024",
            ("reference/meetings", 3, "meeting_on"),
        ),
        (
            Q2,
            {"packs": "1 working day after dmt"},
            "dmt SR 2024-25 Q2 on 11/11/2024, before packs 2024-25 Q2 (12/11/2024)",
            ("reference/meetings", 2, "meeting_on"),
        ),
        (
            Q2,
            {"highlights": "9 working days after returns"},
            "commentary 2024-25 Q2 on 06/11/2024, before highlights 2024-25 Q2 (07/11/2024)",
            ("reference/meetings", 2, "meeting_on"),
        ),
        (
            [*Q2, ("2024-12-04", "executive_board", "2024-25 Q2")],
            {},
            "executive_papers 2024-25 Q2 on 22/11/2024, before clt 2024-25 Q2 (26/11/2024)",
            ("reference/meetings", 4, "meeting_on"),
        ),
        (
            [("2025-01-21", "scrutiny_board", "2024-25 Q2", "CF")],
            {"scrutiny_papers": "1 working day after scrutiny_board"},
            "scrutiny_board CF 2024-25 Q2 on 21/01/2025, before scrutiny_papers CF 2024-25 Q2 (22/01/2025)",
            ("reference/meetings", 2, "meeting_on"),
        ),
        (
            Q2,
            {"commentary": "10 working days before cut_off", "highlights": "1 working day before returns"},
            "commentary 2024-25 Q2 and returns 2024-25 Q2, both on 25/10/2024",
            ("reference/meetings", 2, "meeting_on"),
        ),
    ],
    ids=[
        *("bank_holiday", "saturday", "directors_at_two_meetings", "one_body_twice", "papers_after_the_meeting"),
        *("deadlines_out_of_order", "members_before_the_leadership_team", "board_papers_late", "services_asked_twice"),
    ],
)
def test_what_cannot_be_is_named_with_its_cell(rows, changed, said, cell):
    problems = timetable_checks.faults(entries(meetings(*rows), **changed))
    assert said in found(problems)
    problem = next(one for one in problems if one.found == said)
    assert (problem.table, problem.row, problem.column) == cell
    assert problem.remedy.endswith(".")
    assert all(f"{name} (" in problem.remedy or f"change {name}" in problem.remedy for name in changed if name in said)


def test_one_meeting_may_consider_two_periods_and_boards_may_meet_on_one_day():
    met = meetings(
        ("2024-07-24", "executive_board", "2023-24", "", "13:00"),
        ("2024-07-24", "executive_board", "2023-24 Q4", "", "13:00"),
        ("2024-06-18", "scrutiny_board", "2023-24 Q4", "CF"),
        ("2024-06-18", "scrutiny_board", "2023-24 Q4", "SR"),
    )
    assert timetable_checks.faults(entries(met)) == []
    busy = found(timetable_checks.warnings(entries(met)))
    assert busy == ["executive_papers 2023-24 Q4 and annual_papers 2023-24, all on 12/07/2024"]


def test_due_reports_are_those_of_packs_and_members_the_first_boards_first():
    met = meetings(
        *Q2, ("2025-01-21", "scrutiny_board", "2024-25 Q2", "CF"), ("2025-01-20", "scrutiny_board", "2024-25 Q2", "SR")
    )
    assert timetable.due_reports(entries(met)) == {
        (Step.PACKS, "2024-25 Q2"): date(2024, 11, 8),
        (Step.SCRUTINY_PAPERS, "2024-25 Q2"): date(2025, 1, 10),
    }


@pytest.mark.parametrize(
    ("step", "text", "said"),
    [
        ("returns", "soon", '"soon" is not a rule: write it like "10 working days before returns"'),
        ("returns", "0 working days before dmt", "the number must be from 1 to 250"),
        ("returns", "2 weeks before cutoff", 'did you mean "cut_off"?'),
        ("returns", "2 weeks before returns", 'not from "returns"'),
        ("scrutiny_papers", "6 working days before clt", "scrutiny_papers is counted from scrutiny_board"),
        ("cut_off", "2 weeks after returns", "cut_off and returns: each is counted from the other"),
    ],
)
def test_a_rule_that_cannot_be_read_says_what_to_write(step, text, said):
    _, faults = timetable_rules.parse_all(RULES | {step: text})
    assert len(faults) == 1
    assert said in faults[0]


@given(st.integers(1, 250), st.sampled_from(["working day", "week"]), st.sampled_from(["before", "after"]))
def test_a_rule_reads_as_it_is_written(number, unit, way):
    text = f"{number} {unit}{'' if number == 1 else 's'} {way} dmt"
    assert str(timetable_rules.parse(Step.RETURNS, text)) == text
