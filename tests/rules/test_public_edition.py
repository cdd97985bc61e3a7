"""What a public edition leaves out of the register: small counts of people, in every vintage, and contacts."""

from datetime import date

import pandas as pd
import pytest
from kpireport.rules import public_edition

AREA = "E08000035"
AREAS = pd.DataFrame({"area": [AREA], "area_name": ["Smallborough"], "area_type": ["local_authority"], "boundaries": [""]})


def kpis(**columns):
    usual = {
        "kpi_id": "CF-01",
        "kpi_name": "Children seen",
        "definition": "Children seen in the quarter.",
        "unit": "number",
        "accountable_officer": "Head of Service",
        "key_contacts": "a@example.org",
    }
    return pd.DataFrame([usual | columns])


def record(*rows):
    """Return results of CF-01 from (period, vintage, received_on, value)."""
    return pd.DataFrame(
        [
            {
                "kpi_id": "CF-01",
                "area": AREA,
                "group": "all",
                "period": period,
                "vintage": vintage,
                "received_on": pd.Timestamp(received),
                "value": float(value),
                "numerator": float("nan"),
                "denominator": float("nan"),
                "absence": "",
            }
            for period, vintage, received, value in rows
        ]
    )


@pytest.mark.parametrize(
    ("name", "definition", "unit", "expected"),
    [
        ("Children looked after", "Children on the last day.", "per 10,000", True),
        ("Care homes rated good", "Registered homes.", "%", False),
        ("Homes adapted", "Homes adapted for disabled people.", "number", True),
        ("Plans issued", "Plans issued in time.", "%", True),
        ("Spend on agency staff", "Pounds.", "£m", False),
        ("Days to let a home", "Average days.", "days", False),
        ("Attainment 8", "Average score of pupils.", "score", False),
        ("Killed on the roads", "Whatever.", "number", True),
    ],
    ids=["people", "things", "things_for_people", "in_doubt", "money", "days", "score", "deaths"],
)
def test_a_kpi_counts_people_unless_it_plainly_counts_things(name, definition, unit, expected):
    assert public_edition.counts_people(kpis(kpi_name=name, definition=definition, unit=unit)).tolist() == [expected]


def hidden(results, *days, of=None):
    shown = public_edition.protected(results, kpis() if of is None else of, AREAS, area=AREA, known_on=days)
    assert shown["absence"].eq("suppressed").tolist() == shown["value"].isna().tolist()
    return shown["value"].isna().tolist()


def test_a_count_that_was_small_when_first_reported_is_hidden_in_every_vintage():
    results = record(("2024-25 Q1", 1, "2024-07-20", 4), ("2024-25 Q1", 2, "2024-10-20", 6), ("2024-25 Q2", 1, "2024-10-20", 9))
    assert hidden(results, date(2024, 11, 8), date(2024, 8, 9)) == [True, True, False]
    assert hidden(results, date(2024, 11, 8)) == [False, False, False]


def test_0_and_5_are_shown_and_1_to_4_are_not():
    results = record(*((f"{year}-{year - 1999:02d}", 1, "2024-07-01", year - 2010) for year in range(2010, 2016)))
    assert hidden(results, None) == [False, True, True, True, True, False]


def test_a_kpi_that_counts_things_keeps_its_small_counts():
    assert hidden(record(("2024-25 Q1", 1, "2024-07-20", 3)), None, of=kpis(kpi_name="Net new homes", definition="Homes.")) == [
        False
    ]


def test_contacts_and_owners_are_gone_and_what_might_tell_is_not_said():
    assert public_edition.without_contacts(kpis()).loc[0, ["accountable_officer", "key_contacts"]].tolist() == ["", ""]
    commentary = pd.DataFrame({"kpi_id": ["CF-01", "CF-02"], "owner": "Head of Service", "reason": "Three children."})
    said = public_edition.public_commentary(commentary, {"CF-01"})
    assert said[["kpi_id", "owner"]].to_numpy().tolist() == [["CF-02", ""]]


def test_a_figure_that_the_record_itself_hides_leaves_the_commentary():
    results = record(("2024-25 Q1", 1, "2024-07-20", 3))
    shown = public_edition.protected(results, kpis(), AREAS, area=AREA, known_on=(None,))
    assert public_edition.newly_hidden(shown, results) == {"CF-01"}
    assert public_edition.newly_hidden(shown, shown) == set()
    assert public_edition.with_hidden_figures(shown) == {"CF-01"}


def test_every_address_is_found_with_its_row():
    table = pd.DataFrame({"reason": ["", "Write to jo@example.org"], "action": "", "narrative": ""}, index=[2, 3])
    (fault,) = public_edition.check_no_address({"commentary": table})
    assert "reason, row 3" in fault.found
