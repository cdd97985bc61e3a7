"""What changed on the KPI list, in words."""

import pandas as pd
import pytest
from kpireport.presentation import list_changes


@pytest.mark.parametrize(
    ("field", "old", "new", "said"),
    [
        ("tolerance", "", "2", ["Tolerance: 2; it was none."]),
        ("polarity", "within_range", "lower_is_better", ["Polarity: lower is better; it was within range."]),
        ("target from 2024-25 Q1", "", "250, yearly", ["Target from 2024-25 Q1: 250, yearly; it was none."]),
        ("unit", "per_cent", "%", ["Unit: %; it was per_cent."]),
        ("retired", "", "2024-25 Q3", ["Retired: 2024-25 Q3; it was none."]),
        ("definition", "Claims.", "New claims.", ["Definition before: Claims.", "Definition now: New claims."]),
        ("limitations", "", "A sample.", ["Limitations before: none.", "Limitations now: A sample."]),
    ],
)
def test_a_field_is_told_as_it_was_and_as_it_is(field, old, new, said):
    assert list(list_changes.changed([(field, old, new)])) == said


def test_an_agreement_is_told_with_its_detail_and_each_field():
    block = list_changes.what_changed(
        pd.Series({"detail": "A <new> start.", "values": (("decimals", "0", "1"), ("unit", "%", "days"))})
    )
    assert "A &lt;new&gt; start." in block.html
    assert [line in block.text for line in ("Decimals: 1; it was 0.", "Unit: days; it was %.")] == [True, True]
