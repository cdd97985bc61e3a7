from dataclasses import dataclass, replace
from datetime import date

import pandas as pd
import pytest
from kpireport.periods import parse_quarter
from kpireport.rules import sign_offs

Q1, Q2 = "2024-25 Q1", "2024-25 Q2"


@dataclass(frozen=True)
class Record:
    """The tables that sign-offs are told from."""

    results: pd.DataFrame
    returns: pd.DataFrame
    sign_offs: pd.DataFrame
    kpis: pd.DataFrame
    directorates: pd.DataFrame


@pytest.fixture
def record() -> Record:
    """One return of each quarter, `a` then `b`; the second holds results of two directorates and a reason for absence."""
    columns = ["kpi_id", "period", "value", "absence", "maturity", "source_sha256", "received_on"]
    rows = [
        ("AH-01", Q1, 90.0, "", "final", "a", "2024-07-15"),
        ("AH-01", Q2, 91.0, "", "final", "b", "2024-10-15"),
        ("CF-01", Q2, 7.0, "", "final", "b", "2024-10-15"),
        ("CF-02", Q2, None, "not_available", "final", "b", "2024-10-15"),
        ("CF-03", Q2, 3.0, "", "final", "", "2024-10-15"),
    ]
    results = pd.DataFrame(rows, columns=columns).astype({"received_on": "datetime64[s]"})
    return Record(
        results,
        pd.DataFrame([(Q1, "a"), (Q2, "b")], columns=["quarter", "sha256"]),
        signed(),
        pd.DataFrame([(one, one[:2]) for one in ("AH-01", "CF-01", "CF-02", "CF-03")], columns=["kpi_id", "directorate"]),
        pd.DataFrame([("AH", "Adults"), ("CF", "Children")], columns=["directorate", "directorate_name"]),
    )


def signed(*rows: tuple[str, str, str, str]) -> pd.DataFrame:
    """Return sign-offs: quarter, directorate, SHA-256 and day."""
    frame = pd.DataFrame(
        [(*row, "Director") for row in rows], columns=["quarter", "directorate", "sha256", "signed_on", "signed_by"]
    )
    return frame.astype({"signed_on": "datetime64[s]"})


def maturities(record: Record, sign_off: pd.DataFrame, known_on: date | None = None) -> list[str]:
    made = sign_offs.provisional_until_signed(replace(record, sign_offs=sign_off), known_on=known_on)
    return made.results["maturity"].tolist()


def test_a_council_without_sign_offs_is_left_as_it_is(record):
    assert sign_offs.provisional_until_signed(record, known_on=None) is record


def test_only_the_results_that_came_in_a_return_and_wait_are_provisional(record):
    only_adults = signed((Q2, "AH", "b", "2024-10-28"))
    assert maturities(record, only_adults) == ["final", "final", "provisional", "final", "final"]
    both = signed((Q2, "AH", "b", "2024-10-28"), (Q2, "CF", "b", "2024-10-28"))
    assert maturities(record, both) == ["final"] * 5


def test_quarters_before_the_first_sign_off_are_not_asked_of(record):
    assert maturities(record, signed((Q2, "CF", "b", "2024-10-28")))[0] == "final"
    assert maturities(record, signed((Q1, "CF", "a", "2024-07-28")))[0] == "provisional"


def test_an_approval_after_the_day_is_not_known_on_it(record):
    early = signed((Q1, "AH", "a", "2024-07-28"), (Q2, "AH", "b", "2024-10-28"))
    assert maturities(record, early, date(2024, 10, 27))[:2] == ["final", "provisional"]
    assert maturities(record, early, date(2024, 10, 28))[:2] == ["final", "final"]


def test_an_approval_of_another_file_does_not_count(record):
    assert maturities(record, signed((Q2, "AH", "a", "2024-10-28")))[1] == "provisional"


def test_the_quarter_s_approvals_say_who_and_how_many_wait(record):
    told = sign_offs.of_quarter(
        replace(record, sign_offs=signed((Q2, "AH", "b", "2024-10-28"))), quarter=parse_quarter(Q2), known_on=date(2024, 11, 8)
    )
    assert told[["directorate", "results", "waiting", "signed_by"]].to_numpy().tolist() == [
        ["AH", 1, 0, "Director"],
        ["CF", 2, 1, ""],
    ]
    assert sign_offs.of_quarter(record, quarter=parse_quarter(Q2), known_on=None).empty
