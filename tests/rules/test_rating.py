"""RAG status on a target, in a range and against a comparator, with an oracle in decimals."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kpireport.rules import rating
from oracles import rate_by_hand

FIGURES = ["value", "target", "upper", "comparator_value", "tolerance", "dead_band"]
CASE = {
    "kind": "kpi",
    "decimals": 1,
    "polarity": "higher_is_better",
    "target_type": "value",
    "tolerance_type": "absolute",
    **dict.fromkeys(FIGURES),
}
OPPOSITE = {
    "higher_is_better": "lower_is_better",
    "lower_is_better": "higher_is_better",
    "increase": "decrease",
    "decrease": "increase",
}
SEVERITY = {"red": 0, "amber": 1, "green": 2}
A_FEW = settings(deadline=None, max_examples=30)
"""Each example is a list of up to 25 results."""


def frame(cases: list[dict]) -> pd.DataFrame:
    rows = pd.DataFrame(cases)
    return rows.assign(**{name: [float("nan" if text is None else text) for text in rows[name]] for name in FIGURES})


def rate(**columns) -> pd.Series:
    return rating.rate(frame([CASE | columns])).iloc[0]


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        pytest.param({"value": "95", "target": "95", "tolerance": "2"}, "green", id="green_at_target"),
        pytest.param({"value": "94.9", "target": "95", "tolerance": "2"}, "amber", id="amber_just_below_target"),
        pytest.param({"value": "93", "target": "95", "tolerance": "2"}, "amber", id="amber_at_exact_tolerance"),
        pytest.param({"value": "92.9", "target": "95", "tolerance": "2"}, "red", id="red_beyond_tolerance"),
        pytest.param(
            {"value": "0.7", "target": "0.8", "tolerance": "0.1"}, "amber", id="amber_at_a_boundary_binary_numbers_miss"
        ),
        pytest.param({"value": "94.96", "target": "95"}, "green", id="green_because_the_printed_figure_meets_the_target"),
        pytest.param({"value": "94.94", "target": "95"}, "red", id="red_without_tolerance_below_target"),
        pytest.param({"value": "20", "target": "20", "polarity": "lower_is_better"}, "green", id="lower_green_at_target"),
        pytest.param(
            {
                "value": "22",
                "target": "20",
                "tolerance": "10",
                "tolerance_type": "percent_of_target",
                "polarity": "lower_is_better",
            },
            "amber",
            id="lower_amber_at_ten_percent_over",
        ),
        pytest.param(
            {
                "value": "22.1",
                "target": "20",
                "tolerance": "10",
                "tolerance_type": "percent_of_target",
                "polarity": "lower_is_better",
            },
            "red",
            id="lower_red_beyond_ten_percent",
        ),
        pytest.param(
            {"value": "-11", "target": "-10", "tolerance": "10", "tolerance_type": "percent_of_target"},
            "amber",
            id="percent_of_a_negative_target_is_of_its_size",
        ),
        pytest.param(
            {"value": "20", "target": "20", "upper": "30", "target_type": "range"}, "green", id="range_green_at_lower_end"
        ),
        pytest.param(
            {"value": "30", "target": "20", "upper": "30", "target_type": "range"}, "green", id="range_green_at_upper_end"
        ),
        pytest.param(
            {"value": "31", "target": "20", "upper": "30", "tolerance": "1", "target_type": "range"},
            "amber",
            id="range_amber_above",
        ),
        pytest.param(
            {"value": "18.9", "target": "20", "upper": "30", "tolerance": "1", "target_type": "range"},
            "red",
            id="range_red_below",
        ),
        pytest.param({"value": "5.1", "comparator_value": "5", "target_type": "increase"}, "green", id="increase_green_when_up"),
        pytest.param({"value": "5", "comparator_value": "5", "target_type": "increase"}, "amber", id="increase_amber_when_level"),
        pytest.param({"value": "4.9", "comparator_value": "5", "target_type": "increase"}, "red", id="increase_red_when_down"),
        pytest.param(
            {"value": "5.3", "comparator_value": "5", "dead_band": "0.3", "target_type": "increase"},
            "amber",
            id="amber_at_exact_dead_band",
        ),
        pytest.param(
            {"value": "4.6", "comparator_value": "5", "dead_band": "0.3", "target_type": "decrease"},
            "green",
            id="decrease_green_beyond_dead_band",
        ),
        pytest.param({"value": "5", "target_type": "increase"}, "", id="no_comparator_is_not_rated"),
        pytest.param({"value": "5", "target": "4", "target_type": "none"}, "", id="no_target_type_is_not_rated"),
        pytest.param({"value": "5", "target": "4", "kind": "tracker"}, "", id="tracker_is_never_rated"),
        pytest.param(
            {"value": "5", "comparator_value": "4", "target_type": "increase", "kind": "tracker"}, "", id="nor_on_direction"
        ),
        pytest.param({"value": "5", "target": "4", "polarity": "neutral"}, "", id="no_good_way_is_not_rated"),
        pytest.param({"target": "4"}, "", id="no_value_is_not_rated"),
        pytest.param({"value": "5"}, "", id="no_target_is_not_rated"),
    ],
)
def test_rag_status(columns, expected):
    assert rate(**columns).rag == expected
    assert rate_by_hand(CASE | columns) == expected


def test_basis_is_told_only_of_what_is_rated():
    assert rate(value="5", target="4").basis == "target"
    assert rate(value="5", comparator_value="4", target_type="increase").basis == "directional"
    assert rate(target="4").basis == "none"


def test_tolerance_not_set_is_flagged_only_where_a_target_was_used():
    assert rate(value="5", target="4").is_tolerance_missing
    assert not rate(value="5", target="4", tolerance="0").is_tolerance_missing
    assert not rate(value="5", comparator_value="4", target_type="increase").is_tolerance_missing
    assert not rate(target="4").is_tolerance_missing


@pytest.mark.parametrize(
    ("polarity", "tolerance_type", "size", "floor", "gap", "in_tolerances"),
    [
        ("higher_is_better", "absolute", 0.1, 0.7, -0.3, -3.0),
        ("lower_is_better", "absolute", 0.1, 0.9, 0.3, 3.0),
        ("higher_is_better", "percent_of_target", 0.0008, 0.7992, -0.3, -375.0),
    ],
)
def test_size_of_tolerance_edge_of_amber_and_gap(polarity, tolerance_type, size, floor, gap, in_tolerances):
    rated = rate(value="0.5", target="0.8", tolerance="0.1", polarity=polarity, tolerance_type=tolerance_type)
    assert [rated.tolerance_size, rated.floor, rated.gap_to_target] == [size, floor, gap]
    assert rated.gap_in_tolerances == pytest.approx(in_tolerances)


def test_gap_to_a_range_is_the_distance_to_its_nearer_end():
    assert rate(value="33", target="20", upper="30", target_type="range").gap_to_target == -3
    assert rate(value="29", target="20", upper="30", target_type="range").gap_to_target == 1


def test_without_tolerance_there_is_neither_edge_of_amber_nor_gap_in_tolerances():
    assert rate(value="0.5", target="0.8")[["tolerance_size", "floor", "gap_in_tolerances"]].isna().all()


def figures(places: int):
    return st.integers(-400, 400).map(lambda n: str(round(n / 10**places, places)))


@st.composite
def cases(draw) -> dict:
    """Draw a result whose figures are often on a boundary and often longer than its decimals."""
    maybe = st.none() | figures(1) | figures(2) | figures(0)
    lower, width = draw(figures(1)), draw(st.integers(0, 50))
    drawn = {
        "kind": draw(st.sampled_from(["kpi"] * 9 + ["tracker"])),
        "decimals": draw(st.integers(0, 2)),
        "polarity": draw(st.sampled_from(["higher_is_better", "lower_is_better", "within_range", "neutral"])),
        "target_type": draw(st.sampled_from(["value", "value", "range", "increase", "decrease", "none"])),
        "tolerance_type": draw(st.sampled_from(["absolute", "percent_of_target"])),
        "value": draw(maybe),
        "target": draw(st.just(lower) | st.none()),
        "upper": str(round(float(lower) + width / 10, 1)),
        "comparator_value": draw(maybe),
        "tolerance": draw(st.none() | st.integers(0, 60).map(lambda n: str(n / 10))),
        "dead_band": draw(st.none() | st.integers(0, 30).map(lambda n: str(n / 10))),
    }
    on_edge = draw(st.sampled_from(["value", "target", "comparator_value"]))
    return drawn | {"value": drawn[on_edge]}


@A_FEW
@given(st.lists(cases(), min_size=1, max_size=25))
def test_rating_agrees_with_the_rule_applied_by_hand(drawn):
    rated = rating.rate(frame(drawn))
    assert rated["rag"].tolist() == [rate_by_hand(case) for case in drawn]
    assert rated["unrounded_rag"].tolist() == [rate_by_hand(case, exact=True) for case in drawn]


@A_FEW
@given(st.lists(cases(), min_size=1, max_size=25))
def test_rating_does_not_depend_on_which_way_is_up(drawn):
    plain = frame(drawn)
    ranged = plain["target_type"] == "range"
    # A percentage is taken of the lower end of a range, which the mirror turns into the upper one.
    plain = plain.assign(tolerance_type=plain["tolerance_type"].where(~ranged, "absolute"))
    mirrored = plain.assign(
        value=-plain["value"],
        comparator_value=-plain["comparator_value"],
        target=(-plain["upper"]).where(ranged & plain["target"].notna(), -plain["target"]),
        upper=-plain["target"],
        polarity=plain["polarity"].replace(OPPOSITE),
        target_type=plain["target_type"].replace(OPPOSITE),
    )
    assert rating.rate(plain)["rag"].tolist() == rating.rate(mirrored)["rag"].tolist()


@A_FEW
@given(st.lists(cases().filter(lambda case: case["target_type"] != "range"), min_size=1, max_size=25), st.integers(0, 50))
def test_more_of_what_is_good_never_lowers_a_rating(drawn, more):
    before = frame(drawn)
    wants_more = (before["target_type"] == "increase") | (
        (before["target_type"] == "value") & (before["polarity"] == "higher_is_better")
    )
    after = before.assign(value=before["value"] + wants_more.map({True: more / 10, False: -more / 10}))
    was, now = (rating.rate(rows)["rag"].map(SEVERITY) for rows in (before, after))
    assert (now >= was)[was.notna()].all()


@A_FEW
@given(st.lists(cases(), min_size=1, max_size=25))
def test_rating_does_not_depend_on_the_unit(drawn):
    pounds = frame([case | {"decimals": 2} for case in drawn])
    by_percent = pounds["tolerance_type"] == "percent_of_target"
    figures_and_bands = ["value", "target", "upper", "comparator_value", "tolerance", "dead_band"]
    pence = pounds.assign(decimals=0, **{name: (pounds[name] * 100).round() for name in figures_and_bands})
    pence = pence.assign(tolerance=pence["tolerance"].where(~by_percent, pounds["tolerance"]))
    assert rating.rate(pounds)["rag"].tolist() == rating.rate(pence)["rag"].tolist()


def kpi_with_percent_tolerance(**columns) -> pd.DataFrame:
    row = {"kpi_id": "SR-01", "kpi_name": "Variance", "kind": "kpi", "target_type": "value", "tolerance": 5.0}
    return pd.DataFrame([row | {"tolerance_type": "percent_of_target"} | columns])


@pytest.mark.parametrize(
    ("target", "values", "reason"),
    [(0.0, [1.0], "a target of 0"), (2.0, [-1.0, 3.0], "figures of both signs"), (-2.0, [3.0], "figures of both signs")],
)
def test_percentage_of_nothing_or_around_nothing_is_an_input_error(target, values, reason):
    targets = pd.DataFrame({"kpi_id": ["SR-01"], "target": [target], "upper": [float("nan")]})
    history = pd.DataFrame({"kpi_id": "SR-01", "value": values})
    [fault] = rating.check_percent_tolerances(kpi_with_percent_tolerance(), targets, history)
    assert "SR-01 Variance" in fault.found
    assert reason in fault.found
    assert not rating.check_percent_tolerances(kpi_with_percent_tolerance(tolerance_type="absolute"), targets, history)


def test_percentage_of_a_target_of_one_sign_is_no_error():
    targets = pd.DataFrame({"kpi_id": ["SR-01"], "target": [-2.0], "upper": [float("nan")]})
    history = pd.DataFrame({"kpi_id": ["SR-01", "SR-01"], "value": [-1.0, 0.0]})
    assert rating.check_percent_tolerances(kpi_with_percent_tolerance(), targets, history) == []
