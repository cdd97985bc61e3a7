"""The quarterly pack for one Directorate Management Team: its own KPIs, what is red with its action, what is awaited."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from kpireport.errors import Finding, ParameterError
from kpireport.periods import parse_quarter
from kpireport.presentation import file_names, narrative, phrases
from kpireport.rules import counts, extent, highlight_items, oversight, quarter_report, rating, year_extent, year_review
from kpireport.rules.extent import Printed
from kpireport.rules.highlight_items import Highlight
from kpireport.rules.performance import Performance
from kpireport.rules.year_extent import YearPrinted
from kpireport.rules.year_review import YearSummary
from kpireport.sources import council as councils
from kpireport.sources import register as registers
from kpireport.sources.council import Council
from kpireport.sources.register import Register
from kpireport.vocabulary import ILLUSTRATIVE

OCCASION = "quarter"
LAST_QUARTER = 4
"""The quarter whose pack holds the annual review."""


@dataclass(frozen=True)
class DirectoratePack:
    """What a Directorate Management Team reads each quarter, before the Corporate Leadership Team does."""

    council: Council
    title: str
    subtitle: str
    date: str
    """The last day whose results the pack uses (ISO)."""
    scheme: str
    """Name and version of the rating scheme."""
    directorate: pd.Series
    """The directorate's row of the directorates table."""
    directorates: pd.DataFrame
    """The same, as a table of one row."""
    boards: pd.DataFrame
    performance: Performance
    """Only the directorate's KPIs."""
    counts: pd.DataFrame
    """One row is one basis and rating, with `count` and the denominator `of`."""
    counts_by_board: pd.DataFrame
    """One row is one Scrutiny Board, basis and rating."""
    benchmarks: pd.DataFrame
    highlights: tuple[Highlight, ...]
    commentary: pd.DataFrame
    """One row is what the directorate says about one of its KPIs this quarter."""
    risks: pd.DataFrame
    escalations: pd.DataFrame
    awaited: pd.DataFrame
    restated: pd.DataFrame
    resting_on_rounding: pd.DataFrame
    """The rows of KPIs whose rating would be another without rounding (`counts.resting_on_rounding`)."""
    received_late: pd.DataFrame
    list_changes: pd.DataFrame
    reviews_due: pd.DataFrame
    """One row is one KPI whose definition is past the day of its review."""
    targets_missing: pd.DataFrame
    deadlines: pd.DataFrame
    annual_review: YearSummary | None
    """The year of the directorate's KPIs, in the pack of its last quarter; None in the others."""
    sign_offs: pd.DataFrame
    """One row is one directorate and its approval of the quarter's results (`sign_offs.of_quarter`)."""
    warnings: tuple[Finding, ...]
    illustrative: int
    """How many of the KPIs shown have a sample value that no producer published."""

    @cached_property
    def printed(self) -> Printed:
        """What is printed of the lists: of a long one, what needs attention most."""
        return extent.of_quarter(self)

    @cached_property
    def year_printed(self) -> YearPrinted | None:
        """What is printed of the annual review; None in the other quarters."""
        if self.annual_review is None:
            return None
        review = self.annual_review.review
        nothing = review.kpis.iloc[:0]
        return year_extent.of_year(
            review, by="directorate", by_pillar=nothing.assign(pillar=""), newly_specific=nothing, list_changes=nothing
        )


def variants(register: Register) -> dict[str, dict[str, str]]:
    """Return one pack for each directorate: the ending of its file name, and the parameters that make it."""
    names = zip(register.directorates["directorate"], register.directorates["directorate_name"], strict=True)
    return {ending: {"directorate": code} for code, ending in file_names.endings(dict(names)).items()}


def build(*, data: str, council: str, quarter: str, directorate: str, as_known_on: str = "") -> DirectoratePack:
    """Assemble the pack of `directorate` (a code of the directorates table) for `quarter`.

    The other parameters are those of the Corporate Leadership Team's report.

    Raises
    ------
    ParameterError
        When the register has no such directorate.
    DataError
        With every fault of the register, or every adverse highlight that lacks its reason, action, owner or date.
    """
    register, authority, period = registers.load(Path(data)), councils.load(Path(council)), parse_quarter(quarter)
    own = register.directorates[register.directorates["directorate"] == directorate]
    if own.empty:
        known = ", ".join(register.directorates["directorate"])
        raise ParameterError(f'directorate: "{directorate}" is not in the directorates table; use one of {known}.')
    belonging = quarter_report.belonging(register, "directorate", directorate, quarter=period, as_known_on=as_known_on)
    told = quarter_report.assemble(
        register,
        quarter=period,
        area=authority.area,
        comparators=authority.comparators,
        as_known_on=as_known_on,
        kpi_ids=belonging,
    )
    figures = told.performance
    commentary = narrative.filled_commentary(told.commentary, told.everything.kpis)
    named = own.iloc[0]
    raised = register.escalations[
        (register.escalations["quarter"] == quarter) & (register.escalations["directorate"] == directorate)
    ]
    escalated = narrative.filled(raised, ["matter", "request"], told.everything.kpis)
    risks = oversight.key_risk_indicators(figures.kpis, register.risks, quarter=period)
    changes = oversight.list_changes(register.kpi_changes, register.kpis, quarter=period)
    return DirectoratePack(
        council=authority,
        title=str(named["directorate_name"]),
        subtitle=f"Directorate performance pack, {quarter}{phrases.as_known(as_known_on)}",
        date=str(figures.known_on or period.end),
        scheme=rating.SCHEME,
        directorate=named,
        directorates=own,
        boards=register.boards,
        performance=figures,
        counts=counts.count_ratings(figures.kpis),
        counts_by_board=counts.count_ratings(figures.kpis, by="scrutiny_board"),
        benchmarks=register.benchmarks,
        highlights=highlight_items.assemble(
            told.chosen,
            figures,
            register,
            breakdowns=told.breakdowns,
            commentary=commentary,
            area=authority.area,
            comparators=authority.comparators,
        ),
        commentary=commentary[commentary["kpi_id"].isin(figures.kpis["kpi_id"])],
        risks=risks,
        escalations=escalated.assign(directorate_name=named["directorate_name"]).merge(
            register.kpis[["kpi_id", "kpi_name"]], on="kpi_id", how="left", validate="many_to_one"
        ),
        awaited=oversight.awaited_returns(figures.kpis).assign(directorate_name=named["directorate_name"]),
        restated=figures.restated.assign(directorate_name=named["directorate_name"]),
        resting_on_rounding=counts.resting_on_rounding(figures.kpis),
        received_late=figures.received_late.assign(directorate_name=named["directorate_name"]),
        list_changes=changes[changes["directorate"] == directorate].assign(directorate_name=named["directorate_name"]),
        reviews_due=oversight.reviews_due(figures.kpis, on=figures.known_on or period.end).assign(
            directorate_name=named["directorate_name"]
        ),
        targets_missing=oversight.targets_missing(figures.kpis).assign(directorate_name=named["directorate_name"]),
        deadlines=oversight.deadlines(register.rounds, quarter=period),
        annual_review=_annual_review(register, figures, belonging, area=authority.area)
        if period.quarter_number == LAST_QUARTER
        else None,
        sign_offs=told.sign_offs[told.sign_offs["directorate"] == directorate],
        warnings=register.warnings,
        illustrative=int(figures.kpis["producer"].eq(ILLUSTRATIVE).sum()),
    )


def _annual_review(register: Register, figures: Performance, belonging: list[str], *, area: str) -> YearSummary:
    """Return the year of the directorate's KPIs, on the results that its last quarter's `figures` use."""
    review = year_review.for_year(
        register.kpis,
        register.targets,
        register.results,
        register.rounds,
        register.kpi_changes,
        year=figures.quarter.financial_year(),
        area=area,
        as_known_on=figures.known_on,
        rebases=register.rebases,
    )
    return year_review.summarise(year_review.of_kpis(review, belonging))
