"""Check that the parts of a KPI's definition fit together, and that the rounds' days do.

Source: rating contract part 1 (what a KPI carries).
"""

import pandas as pd

from kpireport.periods import PeriodKind
from kpireport.sources.tables import Findings, Tables
from kpireport.sources.timeline import on_calendar, written_days
from kpireport.vocabulary import Frequency, Kind, Polarity, TargetType, ToleranceType

MONTHS_APART = {Frequency.MONTHLY: 1, Frequency.QUARTERLY: 3, Frequency.TERMLY: 4, Frequency.ANNUAL: 12, Frequency.BIENNIAL: 24}
MONTHS_LONG = {
    PeriodKind.QUARTER: 3,
    PeriodKind.TERM: 4,
    PeriodKind.FINANCIAL_YEAR: 12,
    PeriodKind.CALENDAR_YEAR: 12,
    PeriodKind.ACADEMIC_YEAR: 12,
}
"""Kinds of period that do not overlap: there cannot be a new one more often than it is long."""
OPPOSED = (
    (Polarity.HIGHER_IS_BETTER, TargetType.DECREASE),
    (Polarity.LOWER_IS_BETTER, TargetType.INCREASE),
    (Polarity.WITHIN_RANGE, TargetType.VALUE),
    (Polarity.NEUTRAL, TargetType.VALUE),
)


def check(tables: Tables) -> Findings:
    """Yield contradictions within one row of the KPI Supporting Information, and rounds that cannot be."""
    if tables["kpis"].is_whole:
        yield from _kpis(tables)
    if tables["rounds"].is_whole:
        yield from _rounds(tables)


def _kpis(tables: Tables) -> Findings:
    table, kpis = tables["kpis"], tables["kpis"].sound
    target_type = 'target_type "' + kpis["target_type"] + '"'
    is_tracker = kpis["kind"].eq(Kind.TRACKER)
    found = (target_type + " of a tracker")[is_tracker & kpis["target_type"].ne(TargetType.NONE)]
    yield from table.faults("target_type", found, "none: a tracker has no target", "Write none, or make it a KPI.")
    for polarity, opposed in OPPOSED:
        is_opposed = ~is_tracker & kpis["polarity"].eq(polarity) & kpis["target_type"].eq(opposed)
        found = (target_type + f' with polarity "{polarity}"')[is_opposed]
        yield from table.faults("target_type", found, "a target on the good side", "Correct the target type or the polarity.")
    found = kpis["tolerance_type"][kpis["tolerance"].notna() & kpis["tolerance_type"].eq("")]
    words = " or ".join(ToleranceType)
    yield from table.faults("tolerance_type", "tolerance_type empty beside a tolerance" + found, words, f"Write {words}.")
    found = ('period_kind "' + kpis["period_kind"] + '" of a ' + kpis["frequency"] + " KPI")[is_too_frequent(kpis)]
    remedy = "Correct the frequency or the kind of period."
    yield from table.faults("period_kind", found, "a period no longer than the time between two results", remedy)
    is_backward = on_calendar(kpis["retired"])["start"] <= on_calendar(kpis["introduced"])["start"]
    found = ("retired " + kpis["retired"] + ", introduced " + kpis["introduced"])[is_backward]
    yield from table.faults("retired", found, "a quarter after the one in which it was introduced", "Correct one of the two.")


def is_too_frequent(kpis: pd.DataFrame) -> "pd.Series[bool]":
    """Return whether each KPI is to have new results more often than its kind of period allows."""
    apart = kpis["frequency"].map({str(key): value for key, value in MONTHS_APART.items()})
    length = kpis["period_kind"].map({str(key): value for key, value in MONTHS_LONG.items()})
    return length > apart


def _rounds(tables: Tables) -> Findings:
    table = tables["rounds"]
    rounds = table.sound.assign(end=on_calendar(table.sound["quarter"])["end"]).sort_values("end")
    rounds = rounds.loc[rounds["cut_off_on"].notna()]
    cut_off = "cut_off_on " + written_days(rounds["cut_off_on"])
    is_early = rounds["cut_off_on"] < rounds["end"]
    found = (cut_off + ", before the end of " + rounds["quarter"])[is_early]
    yield from table.faults("cut_off_on", found, "a day after the quarter's end", "Correct the day.")
    is_out_of_order = rounds["cut_off_on"] <= rounds["cut_off_on"].shift()
    found = (cut_off + ", not after that of the quarter before")[is_out_of_order & ~is_early]
    yield from table.faults("cut_off_on", found, "cut-off days in the order of the quarters", "Correct the day.")
