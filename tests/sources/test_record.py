import pytest

from sources.conftest import row, rows

REVISION = {"kpi_id": "CF-01", "vintage": "2"}


def result(kpi="AH-01", quarter="2023-24 Q2", **cells):
    """Return a change of one result of the council's own area."""

    def change(tables):
        row(tables, "results", kpi_id=kpi, period=quarter, area="E08000035", group="all", vintage="1").update(cells)

    return change


def test_a_valid_record_has_no_fault_and_no_warning(compare):
    assert compare(lambda tables: None) == ([], [])


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ({"value": ""}, "E7: value empty"),
        ({"absence": "suppressed"}, 'H7: absence "suppressed" beside a value'),
        ({"received_on": "2023-06-30"}, "K7: received_on 30/06/2023, before 2023-24 Q2 began"),
        ({"period": "2022-23"}, 'D7: period "2022-23", a financial year'),
        ({"period": "Sep 2023"}, 'D7: period "Sep 2023", a month'),
    ],
)
def test_a_result_is_whole_and_of_its_kpis_kind(compare, cells, found):
    assert compare(result(**cells)) == ([f"results {found}"], [])


def test_a_result_may_be_absent_for_a_reason(compare):
    assert compare(result(value="", absence="not_published")) == ([], [])


def test_a_result_before_the_end_of_its_period_could_be_true(compare):
    assert compare(result(received_on="2023-09-29")) == ([], ["results K7: received_on 29/09/2023, before the end of 2023-24 Q2"])


def test_a_wrong_period_kind_in_the_definition_is_one_fault(compare):
    faults, _ = compare(lambda tables: row(tables, "kpis", kpi_id="AH-01").update(period_kind="month"))
    assert faults == ['results D2: period "2022-23 Q1", a quarter']


@pytest.mark.parametrize(
    ("retired", "found"),
    [
        ("2023-24 Q4", ["results D75: a result for 2023-24 Q4 of a KPI retired from 2023-24 Q4"]),
        ("2023-24 Q2", ["results D73: a result for 2023-24 Q2 of a KPI retired from 2023-24 Q2, and 2 more"]),
        ("2024-25 Q1", []),
    ],
)
def test_a_retired_kpi_has_no_new_results(compare, retired, found):
    assert compare(lambda tables: row(tables, "kpis", kpi_id="SR-02").update(retired=retired)) == (found, [])


def test_a_revision_needs_what_it_revises(compare):
    faults, _ = compare(lambda tables: row(tables, "results", **REVISION).update(vintage="3"))
    assert faults == ["results J17: vintage 3 without vintage 2"]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"received_on": "2024-09-14"}, (["results K17: received_on 14/09/2024, before the vintage that it revises"], [])),
        (
            {"received_on": "2024-09-15"},
            ([], ["results K17: received_on 15/09/2024, the same day as the vintage that it revises"]),
        ),
        ({"value": "39.6", "numerator": "690", "denominator": "174200"}, ([], [])),  # confirmed: provisional becomes final
        (
            {"value": "39.6", "numerator": "690", "denominator": "174200", "maturity": "provisional"},
            ([], ["results E17: vintage 2, which changes nothing"]),
        ),
    ],
)
def test_a_revision_comes_later_and_changes_something(compare, cells, expected):
    assert compare(lambda tables: row(tables, "results", **REVISION).update(cells)) == expected


def test_the_child_protection_plans_of_march_2024_were_revised_in_value_and_denominator(compare):
    """Awkward case 1: 690 (39.6) first, 674 (38.7) a year later: a revision, neither a fault nor a warning."""
    assert compare(lambda tables: None) == ([], [])


def test_a_cumulative_series_does_not_fall_within_a_year(compare):
    faults, _ = compare(result("CD-01", "2023-24 Q3", value="639"))
    assert faults == ["results E30: value 639, below 640 in row 29 earlier in the year"]
    assert compare(result("CD-01", "2023-24 Q3", value="640"))[0] == []


def test_a_cumulative_series_begins_again_in_april(compare):
    assert compare(result("CD-01", "2024-25 Q1", value="201")) == ([], [])


@pytest.mark.parametrize(
    ("values", "warnings"),
    [
        (["95.2", "95.2", "95.2"], ["results E11: value 95.2 for 3 periods running"]),
        (["95.3", "95.2", "95.2"], []),
        (["100", "100", "100"], []),
        (["0.4", "0.4", "0.4"], None),
    ],
)
def test_a_value_that_stays_the_same_for_three_periods_is_a_warning(compare, values, warnings):
    def change(tables):
        for period, value in zip(("2023-24 Q4", "2024-25 Q1", "2024-25 Q2"), values, strict=True):
            result(quarter=period, value=value)(tables)

    if warnings is None:  # small figures stay the same often; these are faults of another kind
        assert not any("running" in found for found in compare(change)[1])
    else:
        assert compare(change) == ([], warnings)


def test_the_same_share_of_other_counts_is_a_new_result(compare):
    def change(tables):
        for count, period in enumerate(("2023-24 Q4", "2024-25 Q1", "2024-25 Q2"), start=1):
            result(quarter=period, value="95", numerator=str(95 * count), denominator=str(100 * count))(tables)

    assert compare(change) == ([], [])


def test_a_row_with_a_faulty_cell_makes_no_second_fault(compare):
    """Without its unsound first vintage, the second would seem to revise nothing."""
    import small_register
    from kpireport.sources import consistency
    from kpireport.sources.tables import Table

    read = {}
    for name, frame in small_register.frames().items():
        unsound = frozenset({16}) if name == "results" else frozenset()
        read[name] = Table(frame, name, "", {column: place for place, column in enumerate(frame.columns)}, unsound=unsound)
    assert rows(small_register.texts(), "results")[14]["kpi_id"] == "CF-01"
    assert consistency.check(read) == ([], [])
