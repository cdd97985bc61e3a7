"""The quarterly report to the Corporate Leadership Team: performance and risk in one, with every KPI in its scorecard."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from kpireport.errors import Finding
from kpireport.periods import parse_quarter
from kpireport.presentation import narrative, phrases
from kpireport.rules import counts, extent, highlight_items, highlights, oversight, quarter_report, rating
from kpireport.rules.extent import Printed
from kpireport.rules.highlight_items import Highlight
from kpireport.rules.performance import Performance
from kpireport.sources import council as councils
from kpireport.sources import register as registers
from kpireport.sources.council import Council
from kpireport.vocabulary import ILLUSTRATIVE

OCCASION = "quarter"


@dataclass(frozen=True)
class CltQuarterly:
    """What the Corporate Leadership Team reads each quarter."""

    council: Council
    title: str
    subtitle: str
    date: str
    """The last day whose results the report uses (ISO)."""
    scheme: str
    """Name and version of the rating scheme."""
    performance: Performance
    counts: pd.DataFrame
    """One row is one basis and rating, with `count` and the denominator `of`."""
    counts_by_directorate: pd.DataFrame
    """One row is one directorate, basis and rating."""
    directorates: pd.DataFrame
    boards: pd.DataFrame
    pillars: pd.DataFrame
    plan_themes: pd.DataFrame
    benchmarks: pd.DataFrame
    """The benchmarks table: one row is one KPI's value in another area."""
    highlights: tuple[Highlight, ...]
    not_chosen: pd.DataFrame
    """One row is one highlight candidate that the team left out, with its `reasons` and `choice_reason` ("" when not decided)."""
    risks: pd.DataFrame
    """One row is one key risk indicator with its corporate risk."""
    barometer: pd.DataFrame
    """One row is one topic of contacts and complaints."""
    escalations: pd.DataFrame
    """One row is one matter that a directorate escalates."""
    awaited: pd.DataFrame
    """One row is one KPI whose result is due and missing."""
    restated: pd.DataFrame
    """One row is one result revised since the previous quarter's report."""
    resting_on_rounding: pd.DataFrame
    """The rows of KPIs whose rating would be another without rounding (`counts.resting_on_rounding`)."""
    received_late: pd.DataFrame
    """One row is one result that came after the cut-off and is not used."""
    list_changes: pd.DataFrame
    """One row is one change to the KPI list this quarter."""
    reviews_due: pd.DataFrame
    """One row is one KPI whose definition is past the day of its review."""
    targets_missing: pd.DataFrame
    """One row is one KPI without a specific target."""
    deadlines: pd.DataFrame
    """One row is one date of the next round."""
    sign_offs: pd.DataFrame
    """One row is one directorate and its approval of the quarter's results (`sign_offs.of_quarter`)."""
    warnings: tuple[Finding, ...]
    illustrative: int
    """How many of the KPIs shown have a sample value that no producer published."""

    @cached_property
    def printed(self) -> Printed:
        """What is printed of the lists: of a long one, what needs attention most."""
        return extent.of_quarter(self)


def build(*, data: str, council: str, quarter: str, as_known_on: str = "") -> CltQuarterly:
    """Assemble the report for `quarter` from the register in the folder `data`.

    Parameters
    ----------
    council
        Path of the council's own particulars (YAML).
    as_known_on
        The last day (ISO) whose results are used; "" means the round's cut-off, or the whole record while the round is open.

    Raises
    ------
    DataError
        With every fault of the register, or every adverse highlight that lacks its reason, action, owner or date.
    """
    register, authority, period = registers.load(Path(data)), councils.load(Path(council)), parse_quarter(quarter)
    told = quarter_report.assemble(
        register, quarter=period, area=authority.area, comparators=authority.comparators, as_known_on=as_known_on
    )
    figures = told.performance
    names = register.directorates[["directorate", "directorate_name"]]
    raised = register.escalations[register.escalations["quarter"] == quarter]
    escalated = narrative.filled(raised, ["matter", "request"], figures.kpis)
    return CltQuarterly(
        council=authority,
        title="Quarterly performance and risk report",
        subtitle=f"Corporate Leadership Team, {quarter}{phrases.as_known(as_known_on)}",
        date=str(figures.known_on or period.end),
        scheme=rating.SCHEME,
        performance=figures,
        counts=counts.count_ratings(figures.kpis),
        counts_by_directorate=counts.count_ratings(figures.kpis, by="directorate"),
        directorates=register.directorates,
        boards=register.boards,
        pillars=register.pillars,
        plan_themes=register.plan_themes,
        benchmarks=register.benchmarks,
        highlights=highlight_items.assemble(
            told.chosen,
            figures,
            register,
            breakdowns=told.breakdowns,
            commentary=narrative.filled_commentary(told.commentary, figures.kpis),
            area=authority.area,
            comparators=authority.comparators,
        ),
        not_chosen=highlights.not_chosen(told.candidates, told.choices, figures.kpis),
        risks=oversight.key_risk_indicators(figures.kpis, register.risks, quarter=period),
        barometer=oversight.barometer(register.barometer, register.directorates, quarter=period),
        escalations=escalated.merge(names, on="directorate", how="left", validate="many_to_one").merge(
            register.kpis[["kpi_id", "kpi_name"]], on="kpi_id", how="left", validate="many_to_one"
        ),
        awaited=oversight.awaited_returns(figures.kpis).merge(names, on="directorate", how="left", validate="many_to_one"),
        restated=figures.restated.merge(names, on="directorate", how="left", validate="many_to_one"),
        resting_on_rounding=counts.resting_on_rounding(figures.kpis),
        received_late=figures.received_late.merge(names, on="directorate", how="left", validate="many_to_one"),
        list_changes=oversight.list_changes(register.kpi_changes, register.kpis, quarter=period).merge(
            names, on="directorate", how="left", validate="many_to_one"
        ),
        reviews_due=oversight.reviews_due(figures.kpis, on=figures.known_on or period.end).merge(
            names, on="directorate", how="left", validate="many_to_one"
        ),
        targets_missing=oversight.targets_missing(figures.kpis).merge(
            names, on="directorate", how="left", validate="many_to_one"
        ),
        deadlines=oversight.deadlines(register.rounds, quarter=period),
        sign_offs=told.sign_offs,
        warnings=register.warnings,
        illustrative=int(figures.kpis["producer"].eq(ILLUSTRATIVE).sum()),
    )
