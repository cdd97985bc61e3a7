"""A KPI's figure for a whole year, and against a year before."""

from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kpireport import periods
from kpireport.rules.outturn import compare, outturns
from rule_frames import kpis

YEAR = periods.financial_year(2023)
QUARTERS = [f"{year} Q{number}" for year in ("2022-23", "2023-24") for number in (1, 2, 3, 4)]


def history(rows: list[dict], kpi_id: str = "CF-01") -> pd.DataFrame:
    """Rows in the shape of `Performance.history`."""
    plain = {"numerator": float("nan"), "denominator": float("nan"), "maturity": "final", "is_revised": False}
    frame = pd.DataFrame([{"kpi_id": kpi_id} | plain | row for row in rows])
    ends = [pd.Timestamp(periods.parse(text).end) for text in frame["period"]]
    return frame.assign(period_end=pd.Series(ends, dtype="datetime64[s]"), value=frame["value"].astype(float))


def series(**values: float) -> list[dict]:
    """Rows by period, such as ``q4_2023_24=5.0`` and ``y2022_23=1.0``."""
    made = []
    for name, value in values.items():
        quarter, _, year = name.partition("_") if name[0] == "q" else ("", "", name[1:])
        made.append({"period": f"{year.replace('_', '-')} {quarter.upper()}".strip(), "value": value})
    return made


def outturn_of(kpi: dict, rows: list[dict]) -> tuple[float, str, str]:
    found = outturns(kpis(kpi), history(rows), year=YEAR).iloc[0]
    return found["outturn"], found["outturn_period"], found["outturn_basis"]


def test_cumulative_is_its_point_at_the_years_end():
    rows = series(q3_2023_24=300, q4_2023_24=420, q1_2024_25=90)
    assert outturn_of({"measure_type": "cumulative"}, rows) == (420, "2023-24 Q4", "year_end")


def test_cumulative_without_its_last_point_is_so_far_with_its_own_period():
    assert outturn_of({"measure_type": "cumulative"}, series(q3_2023_24=300)) == (300, "2023-24 Q3", "earlier")


@pytest.mark.parametrize(
    ("measure_type", "period_kind", "period", "basis"),
    [
        ("annual", "financial_year", "2023-24", "own_year"),
        ("annual", "calendar_year", "2023", "own_year"),
        ("annual", "calendar_year", "2022", "earlier"),
        ("academic_year", "academic_year", "2022/23", "own_year"),
        ("academic_year", "academic_year", "2021/22", "earlier"),
        ("pooled_years", "pooled_years", "2021 to 2023", "own_year"),
        ("termly", "term", "2023/24 Spring", "own_year"),
        ("rolling_year", "rolling_year", "Year to Mar 2024", "year_end"),
        ("rolling_year", "rolling_year", "Year to Dec 2023", "earlier"),
        ("snapshot", "month", "Mar 2024", "year_end"),
        ("snapshot", "month", "Feb 2024", "earlier"),
        ("in_period", "month", "Mar 2024", "last_period"),
        ("in_period", "quarter", "2023-24 Q3", "earlier"),
    ],
)
def test_a_single_result_is_the_years_own_or_the_latest_available(measure_type, period_kind, period, basis):
    kpi = {"measure_type": measure_type, "period_kind": period_kind}
    assert outturn_of(kpi, [{"period": period, "value": 7.0}]) == (7.0, period, basis)


def test_a_kpi_without_any_result_has_none():
    found = outturns(kpis({}), history(series(q1_2024_25=1)), year=YEAR).iloc[0]
    assert (found["outturn_basis"], found["outturn_period"], found["outturn_maturity"]) == ("none", "", "")
    assert pd.isna(found["outturn"])


def quarters(numerators: list[float], denominators: list[float]) -> list[dict]:
    return [
        {"period": f"2023-24 Q{number}", "value": 100 * top / bottom, "numerator": top, "denominator": bottom}
        for number, (top, bottom) in enumerate(zip(numerators, denominators, strict=True), start=1)
    ]


def test_a_percentage_with_numerators_is_that_of_the_whole_year():
    rows = quarters([10, 20, 30, 40], [100, 100, 100, 50])
    assert outturn_of({}, rows) == (pytest.approx(100 * 100 / 350), "2023-24", "whole_year")


def test_one_provisional_quarter_makes_the_whole_year_provisional():
    rows = quarters([10, 20, 30, 40], [100, 100, 100, 50])
    rows[2] |= {"maturity": "provisional"}
    rows[0] |= {"is_revised": True}
    found = outturns(kpis({}), history(rows), year=YEAR).iloc[0]
    assert (found["outturn_maturity"], bool(found["outturn_is_revised"])) == ("provisional", True)


@pytest.mark.parametrize(
    ("what", "kpi"),
    [
        ("numerators_that_do_not_give_the_value_back", {}),
        ("a_quarter_is_missing", {}),
        ("a_quarter_has_no_numerator", {}),
        ("a_rate_over_the_same_people_each_quarter", {"unit": "per 1,000"}),
        ("a_snapshot_is_not_added_up", {"measure_type": "snapshot"}),
    ],
)
def test_what_numerators_do_not_allow_is_the_last_quarters(what, kpi):
    rows = quarters([10, 20, 30, 40], [100, 100, 100, 50])
    if what.startswith("numerators"):
        rows[0] |= {"value": 12.0}
    if what == "a_quarter_is_missing":
        rows = rows[1:]
    if what == "a_quarter_has_no_numerator":
        rows[1] |= {"numerator": float("nan")}
    value, period, basis = outturn_of(kpi, rows)
    assert (value, period) == (80.0, "2023-24 Q4")
    assert basis in ("last_period", "year_end")


def test_counts_with_numerators_are_added_up():
    rows = [{"period": f"2023-24 Q{number}", "value": 5.0, "numerator": 5.0} for number in (1, 2, 3, 4)]
    assert outturn_of({"unit": "number", "decimals": 0}, rows) == (20.0, "2023-24", "whole_year")


def by_hand(measure_type: str, rows: list[dict]) -> tuple[Fraction | None, str]:
    """The same rule for quarterly percentages, one KPI at a time, in fractions."""
    known = [row for row in rows if row["value"] is not None and row["period"] <= "2023-24 Q4"]
    own = [row for row in known if row["period"].startswith("2023-24")]
    if measure_type == "in_period" and len(own) == 4 and all(row["denominator"] for row in own):
        top, bottom = sum(row["numerator"] for row in own), sum(row["denominator"] for row in own)
        return Fraction(100 * top, bottom), "whole_year"
    if not known:
        return None, "none"
    last = max(known, key=lambda row: row["period"])
    if last["period"] != "2023-24 Q4":
        return Fraction(last["value"]), "earlier"
    return Fraction(last["value"]), "last_period" if measure_type == "in_period" else "year_end"


COUNTS = st.one_of(st.none(), st.tuples(st.integers(0, 40), st.one_of(st.none(), st.integers(1, 40))))


@settings(max_examples=40)
@given(st.sampled_from(["in_period", "cumulative", "snapshot"]), st.lists(COUNTS, min_size=8, max_size=8))
def test_outturns_are_those_of_the_plain_rule(measure_type, drawn):
    rows = []
    for period, counts in zip(QUARTERS, drawn, strict=True):
        top, bottom = counts or (0, None)
        value = None if counts is None else Fraction(100 * top, bottom) if bottom else Fraction(top)
        rows.append({"period": period, "value": value, "numerator": top if bottom else None, "denominator": bottom})
    frame = history([row | {"value": None if row["value"] is None else float(row["value"])} for row in rows])
    frame = frame.astype({"numerator": float, "denominator": float})
    found = outturns(kpis({"measure_type": measure_type}), frame, year=YEAR).iloc[0]
    value, basis = by_hand(measure_type, rows)
    assert found["outturn_basis"] == basis
    assert pd.isna(found["outturn"]) if value is None else found["outturn"] == pytest.approx(float(value))


def compared(kpi: dict, rows: list[dict]) -> pd.Series:
    frame, listed = history(rows), kpis(kpi).assign(target=float("nan"), upper=float("nan"))
    return compare(listed, outturns(listed, frame, year=YEAR), frame, year=YEAR).iloc[0]


def test_a_year_is_set_against_the_same_figure_a_year_before():
    found = compared({"polarity": "lower_is_better"}, series(q4_2022_23=50, q3_2023_24=41, q4_2023_24=40))
    assert (found["outturn_last_year"], found["outturn_last_year_period"]) == (50, "2022-23 Q4")
    assert (found["year_change"], found["year_direction"], found["year_change_share"]) == (-10, "improving", 0.2)
    assert found["is_news"]


def test_a_whole_year_is_set_against_the_whole_year_before():
    rows = quarters([10, 20, 30, 40], [100, 100, 100, 100])
    before = [row | {"period": row["period"].replace("2023-24", "2022-23")} for row in quarters([10] * 4, [100] * 4)]
    found = compared({}, before + rows)
    assert (found["outturn_last_year"], found["outturn_last_year_period"]) == (10, "2022-23")
    assert found["year_direction"] == "improving"


def test_a_whole_year_is_not_set_against_a_single_quarter():
    found = compared({}, [*series(q4_2022_23=50), *quarters([10, 20, 30, 40], [100, 100, 100, 100])])
    assert (found["year_direction"], found["outturn_last_year_period"]) == ("not_comparable", "")


def test_an_old_figure_is_compared_but_is_no_news_of_the_year():
    found = compared({"measure_type": "annual", "period_kind": "financial_year"}, series(y2021_22=4, y2022_23=5))
    assert (found["year_direction"], bool(found["is_news"])) == ("improving", False)


def test_windows_that_overlap_are_not_compared():
    rows = [{"period": "2020 to 2022", "value": 80.0}, {"period": "2021 to 2023", "value": 81.0}]
    found = compared({"measure_type": "pooled_years", "period_kind": "pooled_years"}, rows)
    assert (found["year_direction"], found["outturn_last_year_period"]) == ("not_comparable", "")


def test_another_definition_is_not_compared():
    rows = series(q4_2022_23=50, q4_2023_24=40)
    assert compared({"comparable_from": "2023-24 Q1"}, rows)["year_direction"] == "not_comparable"
    assert compared({"comparable_from": "2022-23 Q4"}, rows)["year_direction"] == "worsening"
