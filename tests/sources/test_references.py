import pytest

from sources.conftest import row, rows


@pytest.mark.parametrize(
    ("table", "column", "word", "found"),
    [
        ("kpis", "directorate", "XX", 'kpis D2: directorate "XX", which the directorates table does not have'),
        ("kpis", "scrutiny_board", "XX", 'kpis E2: scrutiny_board "XX", which the boards table does not have'),
        ("kpis", "pillars", "zero_carbon; peace", 'kpis F2: pillars "peace", which the pillars table does not have'),
        ("kpis", "plan_theme", "XX", 'kpis G2: plan_theme "XX", which the plan_themes table does not have'),
        ("kpis", "risk_ref", "LCC 9", 'kpis AG2: risk_ref "LCC 9", which the risks table does not have'),
        ("results", "area", "E09000001", 'results B2: area "E09000001", which the areas table does not have'),
        ("benchmarks", "area", "E09000001", 'benchmarks B2: area "E09000001", which the areas table does not have'),
        ("comparator_sets", "area", "E09000001", 'comparator_sets C2: area "E09000001", which the areas table does not have'),
        ("commentary", "kpi_id", "XX-01", 'commentary B2: kpi_id "XX-01", which the kpis table does not have'),
        ("escalations", "directorate", "XX", 'escalations B2: directorate "XX", which the directorates table does not have'),
        ("barometer", "directorate", "XX", 'barometer C2: directorate "XX", which the directorates table does not have'),
    ],
)
def test_what_is_named_must_exist(compare, table, column, word, found):
    faults, _ = compare(lambda tables: rows(tables, table)[0].update({column: word}))
    assert faults == [found]


def test_a_kpi_without_supporting_information_is_one_fault_however_many_rows_name_it(compare):
    faults, _ = compare(lambda tables: rows(tables, "kpis").remove(row(tables, "kpis", kpi_id="CHE-01")))
    assert faults == [
        'targets A17: kpi_id "CHE-01", which the kpis table does not have',
        'results A40: kpi_id "CHE-01", which the kpis table does not have, and in 17 more rows',
        'escalations C2: kpi_id "CHE-01", which the kpis table does not have',
    ]


def test_an_empty_code_is_not_also_a_fault_of_those_who_name_it(compare):
    """The empty cell is faulted by its schema."""
    assert compare(lambda tables: row(tables, "boards", scrutiny_board="SR").update(scrutiny_board="")) == ([], [])
