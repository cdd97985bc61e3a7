"""Faults of the look-up of old areas to new ones."""

import pytest
import small_register
from kpireport.errors import DataError
from kpireport.sources import register

ADEL, BEESTON, CHAPEL = small_register.WARDS


def load(tmp_path, *rows):
    tables = small_register.texts()
    tables["reference/area_lookup"] = [{"old_area": old, "new_area": new, "weight": weight} for old, new, weight in rows]
    return register.load(small_register.write(tmp_path, tables))


def test_an_area_that_is_shared_out_whole_is_sound(tmp_path):
    assert len(load(tmp_path, (ADEL, BEESTON, "0.3"), (ADEL, CHAPEL, "0.7")).area_lookup) == 2


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([(ADEL, BEESTON, "0.3"), (ADEL, CHAPEL, "0.6")], "cell C2: found weights of E05000001 that sum to 0.9"),
        ([(ADEL, BEESTON, "1"), (BEESTON, CHAPEL, "1.2")], "cell C3: found weight 1.2"),
        ([(ADEL, "E05999999", "1")], 'cell B2: found new_area "E05999999", which the areas table does not have'),
    ],
)
def test_a_fault_is_named_with_its_cell(tmp_path, rows, found):
    with pytest.raises(DataError) as raised:
        load(tmp_path, *rows)
    (fault,) = raised.value.faults
    assert found in str(fault)
