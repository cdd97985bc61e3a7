import pandas as pd
import pytest
from kpireport.errors import ParameterError
from kpireport.rules.kpi_selection import selected

KPIS = pd.DataFrame(
    [
        ("AH-01", "health_and_wellbeing", "AHAL", "AH", "high_quality_services", "ASCOF; Oflog"),
        ("CF-01", "inclusive_growth; health_and_wellbeing", "CF", "CF", "growing_inclusive_city", ""),
        ("SR-01", "", "SR", "SR", "well_run_organisation", "Oflog"),
    ],
    columns=["kpi_id", "pillars", "scrutiny_board", "directorate", "plan_theme", "national_set"],
)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("SR-01; AH-01", ["AH-01", "SR-01"]),
        ("pillar: health_and_wellbeing", ["AH-01", "CF-01"]),
        ("national_set: Oflog; SR-01", ["AH-01", "SR-01"]),
        ("directorate: CF; board: SR", ["CF-01", "SR-01"]),
        ("theme: well_run_organisation", ["SR-01"]),
    ],
)
def test_kpis_are_chosen_by_identifier_and_by_what_they_serve_each_once(wanted, found):
    assert selected(wanted, KPIS) == found


def test_every_word_that_finds_nothing_is_named_with_what_was_meant():
    with pytest.raises(ParameterError) as error:
        selected("AH-10; pillar: health_and_welbeing; CF-01", KPIS)
    assert str(error.value).splitlines() == [
        'kpis: "AH-10" finds no KPI. Did you mean "AH-01"?',
        'kpis: "pillar: health_and_welbeing" finds no KPI. Did you mean "health_and_wellbeing"?',
    ]
