"""A placeholder in a sentence names a KPI of the register and a figure that it has."""

import pytest

from sources.conftest import rows


@pytest.mark.parametrize(
    ("written", "wrong"),
    [
        ("It was {CF-01.value} in {CF-01.period}.", ""),
        ("Of {CF-99.value}", "{CF-99.value}"),
        ("Of {CF-01.valeu}", "{CF-01.valeu}"),
        ("Of {CF-01}", "{CF-01}"),
        ("Of {}", "{}"),
    ],
)
def test_an_unknown_placeholder_is_a_fault_of_its_cell(compare, written, wrong):
    faults, _ = compare(lambda tables: rows(tables, "commentary")[0].update(reason=written))
    assert faults == ([f"commentary C2: reason with the placeholder {wrong}"] if wrong else [])


def test_escalations_may_hold_placeholders_too(compare):
    faults, _ = compare(lambda tables: rows(tables, "escalations")[0].update(matter="{XX-01.value}"))
    assert faults == ["escalations D2: matter with the placeholder {XX-01.value}"]
