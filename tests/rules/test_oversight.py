"""What stands beside the ratings in a quarterly report."""

import pandas as pd
from kpireport.periods import parse_quarter
from kpireport.rules import oversight
from rules.rule_frames import changes

Q2 = parse_quarter("2024-25 Q2")


def kpis(**columns) -> pd.DataFrame:
    rows = len(next(iter(columns.values())))
    whole = {"kpi_id": [f"CF-{n:02d}" for n in range(1, rows + 1)], "directorate": ["CF"] * rows}
    return pd.DataFrame(whole | columns)


def test_key_risk_indicator_carries_its_risk_now_and_a_quarter_ago():
    risks = pd.DataFrame(
        {
            "quarter": ["2024-25 Q1", "2024-25 Q2", "2024-25 Q2"],
            "risk_ref": ["R1", "R1", "R2"],
            "risk_name": ["Old name", "Safeguarding", "Budget"],
            "rating": ["Medium", "High", "Low"],
            "owner": ["Director"] * 3,
            "summary": ["", "Rising demand", ""],
        }
    )
    indicators = oversight.key_risk_indicators(kpis(risk_ref=["R1", "", "R9"]), risks, quarter=Q2)
    assert indicators[["kpi_id", "risk_name", "risk_rating", "previous_risk_rating"]].to_numpy().tolist() == [
        ["CF-01", "Safeguarding", "High", "Medium"]
    ]


def test_risk_first_assessed_this_quarter_has_no_previous_rating():
    risks = pd.DataFrame(
        {"quarter": ["2024-25 Q2"], "risk_ref": ["R1"], "risk_name": ["New"], "rating": ["High"], "owner": ["D"], "summary": [""]}
    )
    assert oversight.key_risk_indicators(kpis(risk_ref=["R1"]), risks, quarter=Q2)["previous_risk_rating"].tolist() == [""]


def test_barometer_compares_a_topic_with_last_quarter_and_last_year():
    contacts = pd.DataFrame(
        {
            "quarter": ["2023-24 Q2", "2024-25 Q1", "2024-25 Q2", "2024-25 Q2"],
            "topic": ["Bins", "Bins", "Bins", "Repairs"],
            "directorate": ["CHE"] * 4,
            "contacts": [90, 80, 100, 300],
            "complaints": [9, 8, 10, 30],
        }
    )
    directorates = pd.DataFrame({"directorate": ["CHE"], "directorate_name": ["Communities"]})
    shown = oversight.barometer(contacts, directorates, quarter=Q2).set_index("topic")
    assert shown.index.tolist() == ["Repairs", "Bins"]
    assert shown.loc["Bins", ["contacts", "previous_contacts", "contacts_last_year", "previous_complaints"]].tolist() == [
        100,
        80,
        90,
        8,
    ]
    assert pd.isna(shown.loc["Repairs", "previous_contacts"])


def test_awaited_twice_needs_two_awaited_quarters_and_is_not_said_of_a_late_national_source():
    table = kpis(
        rating=["awaited", "awaited", "not_published", "green"], previous_rating=["awaited", "green", "not_published", "awaited"]
    )
    awaited = oversight.awaited_returns(table).set_index("kpi_id")["is_awaited_twice"]
    assert awaited.to_dict() == {"CF-01": True, "CF-02": False, "CF-03": False}


def test_interim_target_and_value_target_without_a_figure_are_missing_targets_but_a_tracker_is_not():
    table = kpis(
        kind=["kpi", "kpi", "kpi", "tracker"],
        target_type=["increase", "value", "value", "none"],
        target=[None, None, 95.0, None],
        rating=["green", "not_rated", "green", "not_rated"],
    )
    assert oversight.targets_missing(table)["kpi_id"].tolist() == ["CF-01", "CF-02"]


def test_list_changes_name_a_kpi_that_has_left_the_list():
    rows = changes({"kpi_id": "CF-02", "change": "retired", "quarter": "2024-25 Q2"}, {"quarter": "2024-25 Q1"})
    shown = oversight.list_changes(rows, kpis(kpi_name=["One", "Two"]), quarter=Q2)
    assert shown[["kpi_id", "kpi_name"]].to_numpy().tolist() == [["CF-02", "Two"]]


def test_deadlines_are_the_next_rounds_dates_in_order_and_skip_those_not_set():
    rounds = pd.DataFrame(
        {
            "quarter": ["2024-25 Q2", "2024-25 Q3"],
            "returns_due_on": pd.to_datetime(["2024-10-21", "2025-01-20"]),
            "cut_off_on": pd.to_datetime(["2024-11-15", None]),
            "dmt_on": pd.to_datetime(["2024-11-20", "2025-02-19"]),
            "clt_on": pd.to_datetime(["2024-12-03", "2025-03-04"]),
        }
    )
    shown = oversight.deadlines(rounds, quarter=Q2)
    assert shown["date"].tolist() == [pd.Timestamp("2025-01-20"), pd.Timestamp("2025-02-19"), pd.Timestamp("2025-03-04")]
    assert shown["label"].iloc[0] == "Results for 2024-25 Q3 returned by services"
