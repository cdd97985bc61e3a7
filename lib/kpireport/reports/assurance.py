"""The annual assurance report to the Corporate Governance and Audit Committee: the evidence that the arrangements work.

Every figure is counted from the register or from the records kept beside it; none is typed into the report.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from kpireport import periods
from kpireport.errors import Finding, ParameterError
from kpireport.periods import Period, PeriodKind
from kpireport.presentation import phrases
from kpireport.rules import (
    assurance_conclusions,
    assurance_evidence,
    assurance_records,
    availability,
    oversight,
    performance,
    public_edition,
    survey_results,
)
from kpireport.rules.assurance_evidence import Figure
from kpireport.rules.assurance_records import DecisionChecks
from kpireport.rules.performance import Performance
from kpireport.rules.survey_results import SurveyResults
from kpireport.sources import council as councils
from kpireport.sources import register as registers
from kpireport.sources.council import Council
from kpireport.sources.register import Register
from kpireport.vocabulary import ILLUSTRATIVE, Edition, Evidence

OCCASION = "assurance"
MONITORING, ESCALATION = "Performance Monitoring", "Escalation of Concerns"
"""The questions of the Survey of Internal Control that concern performance management."""


@dataclass(frozen=True)
class AssuranceReport:
    """What the Corporate Governance and Audit Committee reads each year."""

    council: Council
    title: str
    subtitle: str
    date: str
    """The last day of which the report knows (ISO)."""
    scheme: str
    """"": no KPI is rated here."""
    edition: str
    year: str
    previous_year: str
    evidence: pd.DataFrame
    """One row is one measure with its figure, last year's, its expectation and the conclusion (`assurance_conclusions`)."""
    counts: pd.DataFrame
    """One row is one conclusion, with `count` and the expectations that could be judged, `of`."""
    counts_by_aspect: pd.DataFrame
    """One row is one aspect and conclusion."""
    returns: pd.DataFrame
    """One row is one quarter: `due`, `on_time`, `late`, `missing`, and `previous_due`, `previous_on_time` a year earlier."""
    information: pd.DataFrame
    """One row is one column of the Supporting Information, with `filled` and `of`."""
    information_gaps: pd.DataFrame
    """One row is one KPI whose Supporting Information has gaps, with `directorate_name`; in an internal edition also
    `accountable_officer`."""
    list_changes: pd.DataFrame
    """One row is one change of the KPI list in the year."""
    reviews_due: pd.DataFrame
    """One row is one KPI whose definition was not in date at the year's end, with `directorate_name`."""
    reports_issued: pd.DataFrame
    """One row is one report of the timetable that was due."""
    reperformances: pd.DataFrame
    """One row is one attempt to make a published quarter again."""
    checks: DecisionChecks
    survey: SurveyResults
    roles: pd.DataFrame
    opportunities: pd.DataFrame
    """One row is one opportunity that this report raises."""
    followed_up: pd.DataFrame
    """One row is one opportunity that last year's report raised."""
    self_assessment: pd.DataFrame
    criteria: pd.DataFrame
    """One row is one framework and level, with criteria met `yes`, `partly`, `no` and `of`."""
    kpis: int
    """How many KPIs and trackers were on the list at the year's end."""
    warnings: tuple[Finding, ...]
    illustrative: int
    """How many rows of the records used are made up."""


def build(*, data: str, council: str, year: str, edition: str = "public", as_known_on: str = "") -> AssuranceReport:
    """Assemble the report on the financial year `year`, such as 2023-24, from the register in the folder `data`.

    Parameters
    ----------
    council
        Path of the council's own particulars (YAML).
    edition
        An internal edition names the officer accountable for each gap and has the survey's counts; a public one does not.
    as_known_on
        The last day (ISO) of which the report knows; "" means 31 October after the year's end, before the committee meets.

    Raises
    ------
    ParameterError
        When `year` is not a financial year.
    DataError
        With every fault of the register.
    """
    register, authority, period = registers.load(Path(data)), councils.load(Path(council)), periods.parse(year)
    if period.kind is not PeriodKind.FINANCIAL_YEAR:
        raise ParameterError(f'year: "{year}" is not a financial year; write it like 2023-24.')
    if edition == Edition.PUBLIC:
        names = ["kpi_changes", "expectations", "reports_issued", "reperformances", "decision_reports", "roles", "opportunities"]
        names += ["self_assessment", "responses", "directorates"]
        public_edition.refuse_addresses({"kpis": register.kpis, **{name: getattr(register, name) for name in names}})
    known_on = date.fromisoformat(as_known_on) if as_known_on else date(period.end.year, 10, 31)
    # What came later is taken away once, here, so that no figure below can know of it.
    known = register.results[register.results["received_on"] <= pd.Timestamp(known_on)]
    own = availability.of_council(known, authority.area)
    quarters = {of: _quarters(of) for of in (period, period.previous())}
    shown = _performances(register, known, authority.area, [*quarters[period.previous()], *quarters[period]], known_on)
    surveys = {
        of: survey_results.for_year(register.responses, register.directorates, year=of.end.year, edition=edition)
        for of in quarters
    }
    checks = assurance_records.decision_checks(register.decision_reports, period, known_on=known_on)
    measured = {of: _measured(register, own, shown, surveys[of], of, authority.area, known_on) for of in quarters}
    evidence = assurance_conclusions.concluded(measured[period], measured[period.previous()], register.expectations)
    kpis = shown[quarters[period][-1]].kpis
    returns = _returns(register, own, shown, quarters[period])
    before = _returns(register, own, shown, quarters[period.previous()])
    attempts = assurance_records.reperformed(register.reperformances, quarters[period], known_on=known_on)
    return AssuranceReport(
        council=authority,
        title="Annual assurance report on performance management",
        subtitle=f"Corporate Governance and Audit Committee, {year}{phrases.as_known(as_known_on)}",
        date=str(known_on),
        scheme="",
        edition=edition,
        year=year,
        previous_year=str(period.previous()),
        evidence=evidence,
        counts=assurance_conclusions.count_conclusions(evidence),
        counts_by_aspect=assurance_conclusions.count_conclusions(evidence, "aspect"),
        returns=_beside(returns, before),
        information=assurance_evidence.information_by_column(kpis),
        information_gaps=_gaps(kpis, register.directorates, edition),
        list_changes=assurance_evidence.list_changes(register.kpis, register.kpi_changes, quarters[period]),
        reviews_due=oversight.reviews_due(kpis, on=period.end).merge(
            register.directorates[["directorate", "directorate_name"]], on="directorate", how="left", validate="many_to_one"
        ),
        reports_issued=assurance_records.reports_due(register.reports_issued, quarters[period], known_on=known_on),
        reperformances=attempts,
        checks=checks,
        survey=surveys[period],
        roles=register.roles,
        opportunities=assurance_records.opportunities_of(register.opportunities, period),
        followed_up=assurance_records.opportunities_of(register.opportunities, period.previous()),
        self_assessment=register.self_assessment,
        criteria=assurance_records.criteria_met(register.self_assessment),
        kpis=len(kpis),
        warnings=register.warnings,
        illustrative=_illustrative(register),
    )


def _quarters(year: Period) -> list[Period]:
    return [periods.quarter(year.start.year, number) for number in (1, 2, 3, 4)]


def _performances(
    register: Register, known: pd.DataFrame, area: str, quarters: list[Period], known_on: date
) -> dict[Period, Performance]:
    """Return the performance of each quarter, as its own report showed it."""
    shown = {}
    for quarter in quarters:
        shown[quarter] = performance.for_quarter(
            register.kpis,
            register.targets,
            known,
            register.rounds[register.rounds["cut_off_on"] <= pd.Timestamp(known_on)],
            quarter=quarter,
            area=area,
            changes=register.kpi_changes,
        )
    return shown


def _returns(register: Register, own: pd.DataFrame, shown: dict[Period, Performance], quarters: list[Period]) -> pd.DataFrame:
    """Return the returns of each quarter whose round is over, counted; a round is over when its report was cut off."""
    last = own["received_on"].max() if len(own) else pd.NaT
    rounds = register.rounds.set_index("quarter")
    is_over = rounds["cut_off_on"].notna() & (rounds["returns_due_on"] <= last)
    due_on = rounds.loc[is_over, "returns_due_on"]
    return assurance_evidence.count_returns(
        (
            quarter,
            assurance_evidence.returns(shown[quarter].kpis, own, quarter, due_on=due_on[str(quarter)].date()),
        )
        for quarter in quarters
        if str(quarter) in due_on.index
    )


def _measured(
    register: Register,
    own: pd.DataFrame,
    shown: dict[Period, Performance],
    survey: SurveyResults,
    year: Period,
    area: str,
    known_on: date,
) -> dict[Evidence, Figure]:
    """Return every figure of a year."""
    quarters = _quarters(year)
    kpis = shown[quarters[-1]].kpis
    changes = assurance_evidence.list_changes(register.kpis, register.kpi_changes, quarters)
    issued = assurance_records.reports_due(register.reports_issued, quarters, known_on=known_on)
    checks = assurance_records.decision_checks(register.decision_reports, year, known_on=known_on)
    attempts = assurance_records.reperformed(register.reperformances, quarters, known_on=known_on)
    raised = assurance_records.opportunities_of(register.opportunities, year.previous())
    return {
        Evidence.INFORMATION_COMPLETE: assurance_evidence.information_complete(kpis),
        Evidence.DEFINITIONS_IN_DATE: assurance_evidence.definitions_in_date(kpis, on=year.end),
        Evidence.LIST_CHANGES_AGREED: assurance_evidence.list_changes_agreed(changes),
        Evidence.REPORTS_ON_TIMETABLE: assurance_records.reports_on_timetable(issued),
        Evidence.LIMITATIONS_STATED: assurance_evidence.limitations_stated(kpis),
        Evidence.RETURNS_ON_TIME: assurance_evidence.returns_on_time(_returns(register, own, shown, quarters)),
        Evidence.COMMENTARY_COMPLETE: assurance_evidence.commentary_complete(
            register.highlights, register.commentary, {str(quarter): shown[quarter].kpis for quarter in quarters}
        ),
        Evidence.SUCCESS_MEASURES_ADEQUATE: assurance_records.success_measures_adequate(checks),
        Evidence.SAMPLE_CHECKED: assurance_records.sample_checked(checks),
        Evidence.MONITORING_EMBEDDED: assurance_records.survey_share(survey.positive, MONITORING, year.end.year),
        Evidence.TARGETS_SET: assurance_evidence.targets_set(kpis),
        Evidence.TOLERANCES_SET: assurance_evidence.tolerances_set(kpis),
        Evidence.BENCHMARKS_HELD: assurance_evidence.benchmarks_held(kpis, register.benchmarks, area=area, by=year.end),
        Evidence.ESCALATION_EMBEDDED: assurance_records.survey_share(survey.positive, ESCALATION, year.end.year),
        Evidence.ESCALATIONS_RAISED: assurance_evidence.escalations_raised(register.escalations, quarters),
        Evidence.RESULTS_REVISED: assurance_evidence.results_revised(own, start=year.start, end=year.end),
        Evidence.RATINGS_RESTATED: assurance_evidence.ratings_restated([shown[quarter].restated for quarter in quarters]),
        Evidence.QUARTERS_REPERFORMED: assurance_records.quarters_reperformed(attempts, quarters),
        Evidence.REPERFORMANCES_SAME: assurance_records.reperformances_same(attempts),
        Evidence.OPPORTUNITIES_DONE: assurance_records.opportunities_done(raised),
        Evidence.RAP_BASELINE: assurance_records.rap_baseline(register.self_assessment),
    }


def _beside(returns: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """Return each quarter's returns with those of the same quarter a year earlier, missing where there was no such round."""
    later = pd.Series([str(periods.parse_quarter(text).shift(12)) for text in before["quarter"]], index=before.index, dtype="str")
    earlier = before.assign(quarter=later)[["quarter", "due", "on_time"]].rename(
        columns={"due": "previous_due", "on_time": "previous_on_time"}
    )
    return returns.merge(earlier, on="quarter", how="left", validate="one_to_one")


def _gaps(kpis: pd.DataFrame, directorates: pd.DataFrame, edition: str) -> pd.DataFrame:
    names = directorates[["directorate", "directorate_name"]]
    rows = assurance_evidence.information_gaps(kpis).merge(names, on="directorate", how="left", validate="many_to_one")
    if edition == Edition.PUBLIC:
        return rows
    return rows.merge(kpis[["kpi_id", "accountable_officer"]], on="kpi_id", how="left", validate="one_to_one")


def _illustrative(register: Register) -> int:
    records = (
        *(register.expectations, register.reports_issued, register.reperformances, register.decision_reports, register.roles),
        *(register.opportunities, register.self_assessment, register.responses, register.results),
    )
    return sum(int(rows["producer"].eq(ILLUSTRATIVE).sum()) for rows in records)
