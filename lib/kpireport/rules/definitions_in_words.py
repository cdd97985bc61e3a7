"""Tells which agreements made a KPI's definition what it was in a quarter (`definitions`)."""

from datetime import date

import pandas as pd

from kpireport.rules.availability import period_days
from kpireport.rules.in_words import Printed, Row
from kpireport.vocabulary import KpiChange


def in_force(changes: pd.DataFrame, *, quarter_end: date, known_on: date | None) -> "pd.Series[bool]":
    """Return which of one KPI's changes had taken effect in the quarter, as agreed by the last day that its report knew."""
    took_effect = period_days(changes["quarter"]) <= pd.Timestamp(quarter_end)
    return took_effect if known_on is None else took_effect & (changes["agreed_on"] <= pd.Timestamp(known_on))


def change(row: Row, printed: Printed) -> str:
    """Return one row of the kpi_changes table as a sentence."""
    agreed = f"agreed by {row['agreed_by']} on {printed.day(row['agreed_on'])}"
    if row["change"] == KpiChange.ADDED:
        return f"Added to the list in {row['quarter']}, {agreed}."
    old, new = (f'"{row[name]}"' if row[name] else "nothing" for name in ("old_value", "new_value"))
    name = str(row["field"]).replace("_", " ")
    return f"{name[:1].upper()}{name[1:]} changed in {row['quarter']} from {old} to {new}, {agreed}."


def terms(row: Row) -> str:
    """Return what of the definition the rules use, in words."""
    places = int(row["decimals"])
    words = [
        "a tracker" if row["kind"] == "tracker" else "a KPI",
        f"unit {row['unit']}",
        f"{places} decimal{'' if places == 1 else 's'}",
        str(row["polarity"]).replace("_", " "),
        f"measured as {str(row['measure_type']).replace('_', ' ')}",
        str(row["frequency"]),
        f"target type {str(row['target_type']).replace('_', ' ')}",
    ]
    return f"For the rules it is {', '.join(words)}."
