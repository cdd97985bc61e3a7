import pytest

from sources.conftest import row, rows


def target_of(kpi, **cells):
    """Return a change of the last target of a KPI."""

    def change(tables):
        [one for one in rows(tables, "targets") if one["kpi_id"] == kpi][-1].update(cells)

    return change


@pytest.mark.parametrize(
    ("kpi_id", "cells", "found"),
    [
        ("CHE-01", {"kpi_id": "CD-02"}, "targets D17: a target of a tracker"),
        ("CHE-01", {"kpi_id": "SR-02"}, 'targets D17: a target of a KPI whose target_type is "none"'),
        ("CHE-01", {"kpi_id": "SR-01"}, 'targets D17: a target of a KPI whose target_type is "decrease"'),
        ("CF-01", {"upper": ""}, "targets E4: upper empty"),
        ("CF-01", {"upper": "29"}, "targets E4: upper 29 below target 30"),
        ("AH-01", {"upper": "97"}, "targets E3: upper 97 of a value target"),
        ("CHE-01", {"target": "0"}, "targets D17: target 0 with a tolerance in percent of the target"),
        ("AH-01", {"from_period": "2023-24 Q4"}, "targets B3: a target from 2023-24 Q4 while that of row 2 runs to 2023-24 Q4"),
        ("AH-01", {"from_period": "2021-22 Q1"}, "targets B2: a target from 2022-23 Q1 while that of row 3 is still open"),
        ("CD-01", {"to_period": "2024-25 Q3"}, "targets C16: to_period 2024-25 Q3, before from_period 2024-25 Q4"),
    ],
)
def test_a_target_fits_its_kpi_and_its_neighbours(compare, kpi_id, cells, found):
    faults, warnings = compare(target_of(kpi_id, **cells))
    assert (faults, warnings) == ([found], [])


def test_targets_of_rolling_years_follow_one_another(compare):
    def change(tables, *, until):
        row(tables, "kpis", kpi_id="SR-01")["target_type"] = "value"
        blank = dict.fromkeys(rows(tables, "targets")[0], "")
        first = {"kpi_id": "SR-01", "from_period": "Year to Jun 2022", "to_period": until, "target": "13"}
        rows(tables, "targets").extend(
            [blank | first, blank | {"kpi_id": "SR-01", "from_period": "Year to Jun 2023", "target": "12"}]
        )

    assert compare(lambda tables: change(tables, until="Year to Mar 2023")) == ([], [])
    faults, _ = compare(lambda tables: change(tables, until="Year to Jun 2023"))
    assert faults == ["targets B19: a target from Year to Jun 2023 while that of row 18 runs to Year to Jun 2023"]


@pytest.mark.parametrize(
    ("kpi_id", "cells", "expected"),
    [
        ("AH-01", {"tolerance": "96"}, (["kpis U2: tolerance 96 with target 94: no result could be red"], [])),
        ("AH-01", {"tolerance": "92"}, ([], ["kpis U2: tolerance 92 with target 94, a wide band"])),
        ("AH-01", {"tolerance": "10"}, ([], [])),
        ("CHE-01", {"unit": "%", "tolerance": "90"}, (["kpis U7: tolerance 90 with target 55: no result could be red"], [])),
        ("CHE-01", {"tolerance": "110"}, ([], [])),
    ],
)
def test_the_floor_is_on_the_right_side_of_the_target_and_can_be_passed(compare, kpi_id, cells, expected):
    assert compare(lambda tables: row(tables, "kpis", kpi_id=kpi_id).update(cells)) == expected


def test_percent_of_target_needs_a_series_that_does_not_change_sign(compare):
    faults, _ = compare(lambda tables: row(tables, "results", kpi_id="CHE-01", period="Sep 2024").update(value="-0.4"))
    assert faults == ["kpis V7: percent_of_target, while the results change sign"]
