import pytest

from sources.conftest import row


@pytest.mark.parametrize(
    ("kpi_id", "cells", "found"),
    [
        ("AH-01", {"kind": "tracker"}, 'T2: target_type "value" of a tracker'),
        ("CF-02", {"polarity": "lower_is_better"}, 'T4: target_type "increase" with polarity "lower_is_better"'),
        ("SR-01", {"polarity": "higher_is_better"}, 'T8: target_type "decrease" with polarity "higher_is_better"'),
        ("AH-01", {"polarity": "neutral"}, 'T2: target_type "value" with polarity "neutral"'),
        ("AH-01", {"tolerance_type": ""}, "V2: tolerance_type empty beside a tolerance"),
        ("CHE-01", {"period_kind": "quarter"}, 'Q7: period_kind "quarter" of a monthly KPI'),
        ("SR-02", {"retired": "2022-23 Q1"}, "AL9: retired 2022-23 Q1, introduced 2022-23 Q1"),
    ],
)
def test_a_definition_does_not_contradict_itself(compare, kpi_id, cells, found):
    faults, _ = compare(lambda tables: row(tables, "kpis", kpi_id=kpi_id).update(cells))
    assert f"kpis {found}" in faults
    assert len(faults) == (2 if "retired" in cells else 1)  # a KPI that was never on the list has results, too


@pytest.mark.parametrize(
    ("day", "found"),
    [
        ("2024-09-28", "rounds C4: cut_off_on 28/09/2024, before the end of 2024-25 Q2"),
        ("2024-10-28", None),
    ],
)
def test_a_round_closes_after_its_quarter(compare, day, found):
    faults, _ = compare(lambda tables: row(tables, "rounds", quarter="2024-25 Q2").update(cut_off_on=day))
    assert faults == ([found] if found else [])


def test_rounds_close_in_the_order_of_their_quarters(compare):
    faults, _ = compare(lambda tables: row(tables, "rounds", quarter="2024-25 Q1").update(cut_off_on="2024-10-28"))
    assert faults == ["rounds C4: cut_off_on 28/10/2024, not after that of the quarter before"]


def test_an_open_round_has_no_cut_off(compare):
    assert compare(lambda tables: row(tables, "rounds", quarter="2024-25 Q2").update(cut_off_on="")) == ([], [])
