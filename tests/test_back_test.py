"""Past reports as known then, and what was restated since, against an independent recomputation of every figure."""

from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from back_test_oracle import Register, report, restated
from kpireport import periods
from kpireport.rules import counts, performance, restatements
from kpireport.sources import register as registers
from kpireport.vocabulary import ILLUSTRATIVE

DATA = Path(__file__).resolve().parent.parent / "data"
LEEDS = "E08000035"
Q4 = "2023-24 Q4"


@pytest.fixture(scope="module")
def leeds() -> registers.Register:
    return registers.load(DATA)


@pytest.fixture(scope="module")
def by_hand() -> Register:
    return Register(DATA, LEEDS)


def rebuilt(leeds, quarter: str, day: str | None) -> performance.Performance:
    return performance.for_quarter(
        leeds.kpis,
        leeds.targets,
        leeds.results,
        leeds.rounds,
        quarter=periods.parse_quarter(quarter),
        area=LEEDS,
        as_known_on=None if day is None else date.fromisoformat(day),
        rebases=leeds.rebases,
        changes=leeds.kpi_changes,
    )


@pytest.mark.parametrize(
    ("quarter", "day"),
    [(Q4, None), (Q4, "2024-05-20"), (Q4, "2024-04-12"), (Q4, "2025-02-12"), ("2022-23 Q4", None), ("2024-25 Q2", None)],
)
def test_every_figure_of_a_past_report_is_that_of_the_recomputation(leeds, by_hand, quarter, day):
    shown = rebuilt(leeds, quarter, day)
    known = day or by_hand.cut_offs[quarter]
    expected = report(by_hand, quarter, known)
    assert shown.kpis["kpi_id"].tolist() == list(expected)
    wrong = []
    for row in shown.kpis.to_dict("records"):
        ours = expected[row["kpi_id"]]
        for name in ("period", "rating", "basis", "direction"):
            wrong += [(row["kpi_id"], name, row[name], ours[name])] if row[name] != ours[name] else []
        for name in ("value", "target"):
            figure = None if row[name] != row[name] else row[name]
            wanted = None if ours[name] is None else float(ours[name])
            wrong += [(row["kpi_id"], name, figure, wanted)] if figure != wanted else []
    assert wrong == []
    counted = Counter((one["basis"], one["rating"]) for one in expected.values())
    printed = counts.count_ratings(shown.kpis)
    assert {(row.basis, row.rating): row.count for row in printed.itertuples() if row.count} == dict(counted)


@pytest.mark.parametrize(("quarter", "day"), [(Q4, None), (Q4, "2024-05-20"), ("2024-25 Q2", None)])
def test_what_a_report_says_of_the_one_before_it_is_what_that_one_showed(leeds, by_hand, quarter, day):
    shown = rebuilt(leeds, quarter, day)
    before = str(shown.previous_quarter)
    known = day or by_hand.cut_offs[quarter]
    earlier = min(by_hand.cut_offs[before], known)
    expected = report(by_hand, before, earlier)
    told = {kpi_id: one["rating"] for kpi_id, one in expected.items()}
    assert {row.kpi_id: row.previous_rating for row in shown.kpis.itertuples()} == {
        kpi_id: told.get(kpi_id, "") for kpi_id in shown.kpis["kpi_id"]
    }
    assert rows(shown.restated) == sorted(restated(by_hand, quarter, (earlier, known), (known, known)))


@pytest.mark.parametrize(("quarter", "day"), [(Q4, None), (Q4, "2024-04-26"), ("2022-23 Q4", None), ("2024-25 Q1", None)])
def test_every_restatement_since_is_that_of_the_recomputation(leeds, by_hand, quarter, day):
    told = restatements.since(
        leeds,
        quarter=periods.parse_quarter(quarter),
        area=LEEDS,
        known_on=None if day is None else date.fromisoformat(day),
    )
    then, now = day or by_hand.cut_offs[quarter], str(told.recorded_to)
    assert str(told.known_on) == then
    assert rows(told.revised) == sorted(restated(by_hand, quarter, (then, now), (then, now)))
    was, would_be = report(by_hand, quarter, then), report(by_hand, quarter, now)
    names = ("period", "value", "target", "rating")
    other = [kpi_id for kpi_id in sorted(was) if any(was[kpi_id][name] != would_be[kpi_id][name] for name in names)]
    assert told.ratings["kpi_id"].tolist() == other
    assert told.ratings["old_rating"].tolist() == [was[kpi_id]["rating"] for kpi_id in other]
    assert told.ratings["new_rating"].tolist() == [would_be[kpi_id]["rating"] for kpi_id in other]
    listed = {(row["kpi_id"], row["detail"]) for row in by_hand.changes if row["quarter"] > quarter or row["agreed_on"] > then}
    both = [*told.list_changes.itertuples(), *told.target_changes.itertuples()]
    assert {(row.kpi_id, row.detail) for row in both} == listed


def rows(frame) -> list[tuple]:
    """Return restated results as the recomputation gives them: KPI, period, figure and rating then and now."""

    def figure(number: float) -> Decimal | None:
        return None if number != number else Decimal(repr(number)).normalize()

    return sorted(
        (row.kpi_id, row.period, figure(row.old_value), figure(row.new_value), row.old_rating, row.new_rating)
        for row in frame.itertuples()
    )


def test_the_known_case_is_among_them(leeds):
    """Child protection plans, March 2024: published as 39.6 per 10,000, a year later as 38.7."""
    told = restatements.since(leeds, quarter=periods.parse_quarter(Q4), area=LEEDS)
    (row,) = told.revised[told.revised["kpi_id"] == "CF-02"].to_dict("records")
    assert (row["period"], row["old_value"], row["new_value"]) == (Q4, 39.6, 38.7)
    assert (row["old_rating"], row["new_rating"]) == ("amber", "green")
    assert "Ofsted" in " ".join(told.list_changes["detail"])
    real = leeds.results[(leeds.results["kpi_id"] == "CF-02") & (leeds.results["period"] == Q4)]
    assert (real["producer"] != ILLUSTRATIVE).all()
