"""A year of the KPI list: ratings at both ends, what stood out, targets, and the list itself."""

from datetime import date

import pandas as pd
from kpireport import periods, schemas
from kpireport.rules import open_results, target_setting, year_review
from kpireport.rules.year_review import YearReview
from rule_frames import AREA, _frame, kpis, results, rounds, targets
from rule_frames import changes as rule_changes

YEAR = periods.financial_year(2023)
QUARTERS = ["2022-23 Q4", *(f"2023-24 Q{number}" for number in (1, 2, 3, 4))]


def days(*values: float | None, kpi_id: str = "CF-01") -> list[dict]:
    """Results of the quarter before the year and of its four quarters, each received in the month after."""
    received = [date(2023, 4, 20), date(2023, 7, 20), date(2023, 10, 20), date(2024, 1, 20), date(2024, 4, 20)]
    return [
        {"kpi_id": kpi_id, "period": period, "value": value, "received_on": day}
        for period, value, day in zip(QUARTERS, values, received, strict=True)
        if value is not None
    ]


def review(kpi_rows, result_rows, target_rows=({"target": 50.0},), changes=(), **terms) -> YearReview:
    closed = {"q4_2022_23": date(2023, 5, 1), "q1_2023_24": date(2023, 8, 1), "q2_2023_24": date(2023, 11, 1)}
    closed |= {"q3_2023_24": date(2024, 2, 1), "q4_2023_24": date(2024, 5, 1)}
    return year_review.for_year(
        kpis(*kpi_rows),
        targets(*target_rows),
        results(*result_rows),
        rounds(**closed),
        rule_changes(*changes),
        year=YEAR,
        area=AREA,
        **terms,
    )


def only(*arguments, **terms):
    shown = review(*arguments, **terms).kpis
    assert len(shown) == 1
    return shown.iloc[0]


MOVES = {
    "worse": (60, 60, 60, 60, 40),
    "better": (40, 60, 60, 60, 60),
    "same": (40, 60, 60, 60, 40),
    "newly_rated": (None, 60, 60, 60, 60),
    "no_longer_rated": (60, 60, 60, 60, None),
    "not_rated": (None, None, None, None, None),
}


def several(series: dict[str, tuple]) -> YearReview:
    """Return the review of KPIs by name, each with a target of 50."""
    ids = {name: f"CF-{number:02d}" for number, name in enumerate(series, start=1)}
    return review(
        [{"kpi_id": kpi_id, "kpi_name": name} for name, kpi_id in ids.items()],
        [row for name, kpi_id in ids.items() for row in days(*series[name], kpi_id=kpi_id)],
        [{"kpi_id": kpi_id, "target": 50.0} for kpi_id in ids.values()],
    )


def test_a_rating_is_set_against_that_of_a_year_earlier():
    shown = several(MOVES).kpis
    assert shown["year_move"].tolist() == shown["kpi_name"].tolist() == list(MOVES)


def test_a_kpi_that_joined_in_the_year_has_no_earlier_rating():
    row = only([{"introduced": "2023-24 Q2"}], days(40, 60, 60, 60, 60))
    assert (row["year_move"], row["rating_last_year"], row["rating_q1"], row["rating_q2"]) == ("joined", "", "", "green")


def test_a_kpi_that_left_in_the_year_is_told_apart():
    both = [{}, {"kpi_id": "CF-02", "retired": "2023-24 Q3"}]
    shown = review(both, days(40, 60, 60, 60, 60))
    assert (shown.kpis["kpi_id"].tolist(), shown.left["kpi_id"].tolist()) == (["CF-01"], ["CF-02"])


def test_red_all_year_needs_every_quarter():
    shown = several({"all": (60, 40, 40, 40, 40), "but one": (40, 40, 40, 60, 40), "awaited once": (40, 40, None, 40, 40)})
    assert shown.kpis["is_red_all_year"].tolist() == [True, False, False]


def test_earlier_quarters_are_as_their_own_reports_showed_them():
    late = {"kpi_id": "CF-01", "period": "2023-24 Q1", "value": 60.0, "vintage": 2, "received_on": date(2024, 4, 1)}
    row = only([{}], [*days(60, 40, 40, 40, 40), late])
    assert (row["rating_q1"], bool(row["is_red_all_year"])) == ("red", True)


def test_a_year_as_known_on_an_early_day_knows_no_later_quarter():
    row = only([{}], days(60, 60, 60, 60, 60), as_known_on=date(2023, 9, 1))
    assert [row[f"rating_q{number}"] for number in (1, 2, 3, 4)] == ["green", "awaited", "awaited", "awaited"]
    assert (row["outturn"], row["outturn_period"], row["outturn_basis"]) == (60, "2023-24 Q1", "earlier")


def test_moves_are_counted_by_basis_with_every_pair():
    shown = year_review.count_moves(several(MOVES))
    found = shown[shown["count"] > 0].set_index(["basis", "rating_last_year", "rating"])["count"].to_dict()
    assert len(shown) == 2 * 3 * 3
    assert found == {("target", "red", "green"): 1, ("target", "green", "red"): 1, ("target", "red", "red"): 1}


def test_largest_changes_are_in_proportion_and_leave_trackers_out():
    rows = [*days(10, 10, 10, 10, 15), *days(100, 100, 100, 100, 120, kpi_id="CF-02"), *days(1, 1, 1, 1, 9, kpi_id="CF-03")]
    rows += days(50, 50, 50, 50, 40, kpi_id="CF-04")
    listed = [{}, {"kpi_id": "CF-02"}, {"kpi_id": "CF-03", "kind": "tracker"}, {"kpi_id": "CF-04"}]
    shown = review(listed, rows)
    assert year_review.improvements(shown)["kpi_id"].tolist() == ["CF-01", "CF-02"]
    assert year_review.declines(shown)["kpi_id"].tolist() == ["CF-04"]


def test_a_kpi_of_two_pillars_counts_in_each():
    shown = year_review.count_by_pillar(kpis({"pillars": "growth; carbon"}, {"kpi_id": "CF-02"}))
    assert shown[["kpi_id", "pillar"]].to_numpy().tolist() == [["CF-01", "growth"], ["CF-01", "carbon"]]


def test_a_tolerance_agreed_in_the_year_was_not_there_a_year_earlier():
    agreed = {"quarter": "2023-24 Q2", "agreed_on": pd.Timestamp("2023-07-01")}
    shown = review([{"tolerance": 2.0}], days(60, 60, 60, 60, 60), changes=[agreed])
    assert shown.previous["target_state"].tolist() == ["target"]
    assert shown.kpis["target_state"].tolist() == ["target_and_tolerance"]
    assert year_review.newly_specific(shown)["target_state_last_year"].tolist() == ["target"]


def test_target_setting_is_told_by_state_and_counted_without_trackers():
    frame = kpis(
        {"tolerance": 2.0},
        {"kpi_id": "CF-02"},
        {"kpi_id": "CF-03", "target_type": "increase"},
        {"kpi_id": "CF-04", "target_type": "none"},
        {"kpi_id": "CF-05", "kind": "tracker", "target_type": "none"},
        {"kpi_id": "AH-01", "directorate": "AH"},
    ).assign(target=[50.0, 50.0, None, None, None, None])
    states = target_setting.target_states(frame)
    assert states.tolist() == ["target_and_tolerance", "target", "interim", "none", "tracker", "none"]
    counted = target_setting.count_target_states(states, frame["directorate"])
    assert counted[["kpis", "with_target"]].to_dict("index") == {
        "AH": {"kpis": 1, "with_target": 0},
        "CF": {"kpis": 4, "with_target": 2},
        "": {"kpis": 5, "with_target": 2},
    }


def test_open_results_hold_the_latest_vintage_and_the_rating_where_it_was_given():
    ward = {"kpi_id": "CF-01", "area": "E05000001", "period": "2023-24 Q4", "value": 3.0, "received_on": date(2024, 4, 2)}
    after = {"kpi_id": "CF-01", "period": "2024-25 Q1", "value": 1.0, "received_on": date(2024, 4, 2)}
    revised = {"kpi_id": "CF-01", "period": "2023-24 Q1", "value": 61.0, "vintage": 2, "received_on": date(2024, 4, 1)}
    hidden = {**ward, "area": "E05000002", "value": None, "absence": "suppressed", "note": "3 people"}
    rows = [*days(60, 60, 60, 60, 40), ward, after, revised, hidden]
    areas = _frame(schemas.AREAS, [{"area": code, "area_name": code} for code in (AREA, "E05000001", "E05000002")])
    names = _frame(schemas.DIRECTORATES, [{"directorate": "CF", "directorate_name": "Children", "director": "Director"}])
    shown = open_results.open_results(review([{"source": "x"}], rows), results(*rows), areas, names, area=AREA)
    own = shown[shown["area"] == AREA].set_index("period")
    assert own["value"].to_dict() == dict(zip(QUARTERS, [60, 61, 60, 60, 40], strict=True))
    assert own["rating"].to_dict() == dict.fromkeys(QUARTERS, "") | {"2023-24 Q4": "red"}
    assert own["target"].eq(50).all()
    assert shown.loc[shown["area"] != AREA, ["rating", "note"]].eq("").all(axis=None)
