"""Tells which target applied to a KPI's result (`targets`)."""

from datetime import date

import pandas as pd

from kpireport import periods
from kpireport.rules.in_words import Printed, Row, is_missing
from kpireport.vocabulary import Kind, TargetType


def in_force(targets: pd.DataFrame, day: date) -> int | None:
    """Return the place, from 0, of the row that applied on a day among one KPI's `targets`; None where none did."""
    begun = []
    for place, (_, row) in enumerate(targets.iterrows()):
        first = periods.parse(str(row["from_period"]))
        # Rolling and pooled years overlap one another: a target that begins with one is in force from that period's end.
        start = first.end if " to " in str(row["from_period"]) else first.start
        if start <= day:
            begun.append((start, place))
    if not begun:
        return None
    place = max(begun)[1]
    until = str(targets["to_period"].iloc[place])
    return None if until and periods.parse(until).end < day else place


def explain(row: Row, targets: pd.DataFrame, *, day: date, printed: Printed) -> str:
    """Return which target applied on `day`, the last day of the period rated; `targets` are those of the KPI."""
    if row["kind"] == Kind.TRACKER:
        return "A tracker has no target."
    kind = row["target_type"]
    if kind in (TargetType.INCREASE, TargetType.DECREASE):
        return (
            f"The target is an interim one: {'an increase' if kind == TargetType.INCREASE else 'a decrease'}, without a figure."
        )
    if kind == TargetType.NONE:
        return "No target had been set."
    place = in_force(targets, day)
    if place is None:
        return f"No target covers {printed.day(day)}, the last day of the period."
    found = targets.iloc[place]
    figure = printed.figure(float(found["target"]))
    if kind == TargetType.RANGE and not is_missing(found["upper"]):
        figure = f"{figure} to {printed.figure(float(found['upper']))}"
    until = f"until {printed.period(str(found['to_period']))}" if found["to_period"] else "and open since"
    called = f' It is called "{found["profile"]}".' if found["profile"] else ""
    begins = printed.period(str(found["from_period"]))
    return f"In force on {printed.day(day)}, the last day of the period: {figure}, from {begins} {until}.{called}"
