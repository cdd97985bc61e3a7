"""Tells which result a KPI owed to a quarter's report, and which one the report could use (`availability`)."""

from datetime import date

from kpireport.rules.in_words import Printed, Row, is_missing
from kpireport.vocabulary import Frequency

_OFTEN = {
    Frequency.MONTHLY: "each month",
    Frequency.QUARTERLY: "each quarter",
    Frequency.TERMLY: "each term",
    Frequency.ANNUAL: "each year",
    Frequency.BIENNIAL: "every second year",
}


def explain(row: Row, *, quarter_end: date, known_on: date | None, printed: Printed) -> list[str]:
    """Return what was due by the quarter's end, whether it was in, and up to which day the record was read."""
    lag = int(row["lag_months"])
    late = "when its period ends" if not lag else f"{lag} month{'s' if lag > 1 else ''} after its period ends"
    often = _OFTEN[Frequency(row["frequency"])]
    owed = str(row["expected_period"])
    latest = f"the latest one due by {printed.day(quarter_end)} is that of {printed.period(owed)}" if owed else ""
    said = [f"A result comes {often} and is due {late}: {latest or f'none was due by {printed.day(quarter_end)}'}."]
    said.append(
        f"Results received by {printed.day(known_on)} are used, the last day of which the report knows."
        if known_on
        else "No cut-off of the round is on record: every result in the record is used."
    )
    if is_missing(row["value"]):
        said.append("The record then had no figure for this or any earlier period.")
    elif not bool(row["is_latest_expected"]) and owed:
        missing = "has no figure to show" if row["absence"] else "was not in"
        said.append(
            f"That result {missing}. The latest one available is shown, of {printed.period(str(row['period']))} (rule 10)."
        )
    elif str(row["period"]) != owed:
        said.append(f"A later result was in already, and is shown: that of {printed.period(str(row['period']))} (rule 10).")
    else:
        said.append("That result was in.")
    return said
