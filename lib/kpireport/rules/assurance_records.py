"""Evidence from the records that are kept for the annual assurance report: reports issued, checks, re-performances, follow-up.

What happened after the day on which the report is made is not known to it. One function is one record.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from kpireport.periods import Period, PeriodKind, last_ended
from kpireport.rules import owed
from kpireport.rules.assurance_evidence import NOT_MEASURED, Figure, share
from kpireport.rules.intervals import wilson
from kpireport.rules.sampling import places
from kpireport.vocabulary import DecisionType, Framework, Met, OpportunityStatus, SuccessCheck, Verdict

SAMPLE_SEED = "How success will be measured"
"""The seed of the sample; each quarter's own is this and the quarter, such as "How success will be measured 2023-24 Q1"."""
SAMPLE_SIZE = 8
"""How many decision reports are drawn each quarter."""


def reports_due(issued: pd.DataFrame, quarters: Sequence[Period], *, known_on: date) -> pd.DataFrame:
    """Return the reports for some quarters that were due by a day: one row is one report, earliest first.

    `issued_on` is missing when it was not issued by then; `days_late` is 0 or less when on time, and missing while not issued.
    """
    day = pd.Timestamp(known_on)
    rows = issued[issued["quarter"].isin([str(quarter) for quarter in quarters]) & (issued["due_on"] <= day)]
    issued_on = rows["issued_on"].where(rows["issued_on"] <= day)
    days_late = owed.days_late(rows["due_on"], issued_on)
    shown = rows.assign(issued_on=issued_on, days_late=days_late, is_on_time=(days_late <= 0).fillna(value=False).astype(bool))
    return shown.sort_values(["due_on", "report"], ignore_index=True)


def reports_on_timetable(rows: pd.DataFrame) -> Figure:
    """Return how many of the reports due (see `reports_due`) were issued by the day that the timetable gives."""
    return share(int(rows["is_on_time"].sum()), len(rows))


def reperformed(attempts: pd.DataFrame, quarters: Sequence[Period], *, known_on: date) -> pd.DataFrame:
    """Return the attempts by a day to make the published reports of some quarters again, earliest first."""
    is_known = attempts["performed_on"] <= pd.Timestamp(known_on)
    rows = attempts[attempts["period"].isin([str(quarter) for quarter in quarters]) & is_known]
    return rows.sort_values(["performed_on", "period"], ignore_index=True)


def quarters_reperformed(rows: pd.DataFrame, quarters: Sequence[Period]) -> Figure:
    """Return how many of the quarters were made again at least once; not measured when no attempt is on record."""
    return share(int(rows["period"].nunique()), len(quarters) if len(rows) else 0)


def reperformances_same(rows: pd.DataFrame) -> Figure:
    """Return how many attempts gave the same figures."""
    return share(int(rows["verdict"].eq(Verdict.SAME).sum()), len(rows))


@dataclass(frozen=True)
class DecisionChecks:
    """The checks of what decision reports of a year say about how success will be measured."""

    reports: pd.DataFrame
    """One row is one decision report of the year: its columns, `quarter`, `place` (in the draw of its quarter) and `is_sampled`.
    `outcome` is "" when it was not checked by the day of the report."""
    outcomes: pd.DataFrame
    """One row is one decision type ("" for both together) and outcome of the checked reports of the sample: `count`, `of`."""
    low: float
    """Lower end of the 95% interval of the share found adequate, in percent; missing without checked reports."""
    high: float


def decision_checks(
    reports: pd.DataFrame, year: Period, *, known_on: date, seed: str = SAMPLE_SEED, size: int = SAMPLE_SIZE
) -> DecisionChecks:
    """Return a year's decision reports with the sample drawn from each quarter, and what the checks of the sample found.

    Only reports of the sample count: one that was checked for another reason is no random choice.
    """
    day = pd.Timestamp(known_on)
    is_own = reports["decided_on"].between(pd.Timestamp(year.start), min(pd.Timestamp(year.end), day))
    rows = reports[is_own].reset_index(drop=True)
    quarter = pd.Series([_quarter_of(one) for one in rows["decided_on"]], index=rows.index, dtype="str")
    place = places(rows["report_ref"], quarter, seed=seed)
    is_known = rows["checked_on"] <= day
    outcome = rows["outcome"].where(is_known, "")
    drawn = rows.assign(quarter=quarter, place=place, is_sampled=place <= size, outcome=outcome)
    drawn = drawn.assign(checked_on=rows["checked_on"].where(is_known)).sort_values(["quarter", "place"], ignore_index=True)
    checked = drawn[drawn["is_sampled"] & drawn["outcome"].ne("")]
    adequate, of = int(checked["outcome"].eq(SuccessCheck.ADEQUATE).sum()), len(checked)
    low, high = wilson(np.array([float(adequate)]), np.array([float(of)]))
    return DecisionChecks(drawn, _outcomes(checked), 100 * float(low[0]), 100 * float(high[0]))


def _quarter_of(day: pd.Timestamp) -> str:
    # The quarter that has a day in it is the first to end on or after that day.
    last = last_ended(PeriodKind.QUARTER, day.date())
    return str(last if last.end == day.date() else last.shift(3))


def _outcomes(checked: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for kind in ("", *DecisionType):
        own = checked if not kind else checked[checked["decision_type"] == kind]
        rows += [(str(kind), str(outcome), int(own["outcome"].eq(outcome).sum()), len(own)) for outcome in SuccessCheck]
    return pd.DataFrame(rows, columns=["decision_type", "outcome", "count", "of"])


def success_measures_adequate(checks: DecisionChecks) -> Figure:
    """Return how many of the checked reports of the sample say adequately how success will be measured."""
    checked = checks.reports[checks.reports["is_sampled"] & checks.reports["outcome"].ne("")]
    return share(int(checked["outcome"].eq(SuccessCheck.ADEQUATE).sum()), len(checked))


def sample_checked(checks: DecisionChecks) -> Figure:
    """Return how many of the sampled reports have been checked."""
    sampled = checks.reports[checks.reports["is_sampled"]]
    return share(int(sampled["outcome"].ne("").sum()), len(sampled))


def opportunities_of(opportunities: pd.DataFrame, year: Period) -> pd.DataFrame:
    """Return the opportunities for improvement that the report of a financial year raised, in the table's order."""
    return opportunities[opportunities["raised_year"] == str(year)].reset_index(drop=True)


def opportunities_done(rows: pd.DataFrame) -> Figure:
    """Return how many opportunities are done; those dropped, for a reason that the follow-up gives, are not counted."""
    kept = rows[rows["status"] != OpportunityStatus.DROPPED]
    return share(int(kept["status"].eq(OpportunityStatus.DONE).sum()), len(kept))


def criteria_met(self_assessment: pd.DataFrame) -> pd.DataFrame:
    """Return the self-assessment counted: one row is one `framework` and `level`, with `yes`, `partly`, `no` and `of`."""
    flags = self_assessment.assign(**{str(met): self_assessment["met"].eq(met) for met in Met}, of=True)
    counted = flags.groupby(["framework", "level"], sort=False)[[*map(str, Met), "of"]].sum()
    return counted.astype(int).reset_index()


def survey_share(positive: pd.DataFrame, question: str, year: int) -> Figure:
    """Return the share of those asked who say that arrangements are well or fairly embedded, as the survey's report prints it.

    `positive` is that of `survey_results.SurveyResults`; a public edition has no counts.
    """
    rows = positive[(positive["question"] == question) & (positive["year"] == year)]
    if rows.empty or pd.isna(rows["shown_percent"].iloc[0]):
        return NOT_MEASURED
    count, of = (None if pd.isna(rows[name].iloc[0]) else int(rows[name].iloc[0]) for name in ("count", "of"))
    return Figure(float(rows["shown_percent"].iloc[0]), count, of)


def rap_baseline(self_assessment: pd.DataFrame) -> Figure:
    """Return how many criteria of the baseline of reproducible analytical pipelines are met whole."""
    is_own = self_assessment["framework"].eq(Framework.RAP) & self_assessment["level"].str.lower().eq("baseline")
    return share(int(self_assessment.loc[is_own, "met"].eq(Met.YES).sum()), int(is_own.sum()))
