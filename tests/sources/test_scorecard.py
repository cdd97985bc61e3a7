"""Faults between the tables of the scorecard."""

import city_tables
import pytest
import small_register
from kpireport.errors import DataError
from kpireport.sources import register


def faults(tmp_path, table, row, cells):
    tables = city_tables.texts()
    tables[table][row] |= cells
    with pytest.raises(DataError) as raised:
        register.load(small_register.write(tmp_path, tables))
    return [str(fault) for fault in raised.value.faults]


def test_the_small_scorecard_is_sound(tmp_path):
    assert len(register.load(small_register.write(tmp_path, city_tables.texts())).indicators) == 3


@pytest.mark.parametrize(
    ("table", "row", "cells", "found"),
    [
        ("scorecard/indicators", 0, {"unit": "%"}, "unit beside kpi_id CHE-01"),
        ("scorecard/indicators", 1, {"unit": ""}, "unit empty, of BCA-02"),
        ("scorecard/indicators", 0, {"kpi_id": "AH-01"}, "kpi_id AH-01 a second time"),
        ("scorecard/indicators", 0, {"kpi_id": "CHE-99"}, 'kpi_id "CHE-99", which the kpis table does not have'),
        ("scorecard/indicators", 2, {"spi_component": "houses"}, 'spi_component "houses"'),
        ("scorecard/outcomes", 0, {"bca_indicator": "BCA-01"}, "bca_indicator BCA-01"),
        ("scorecard/index_values", 0, {"node": "reviews"}, "node reviews"),
        ("scorecard/community_voice", 0, {"consent": "perhaps"}, "perhaps"),
        ("reference/ward_tiles", 1, {"row": "1"}, "row and column 1/1 a second time"),
    ],
)
def test_a_fault_is_named_with_its_cell(tmp_path, table, row, cells, found):
    named = faults(tmp_path, table, row, cells)
    assert len(named) == 1
    assert f"{table}.csv" in named[0]
    assert found in named[0]
