"""The Annual Performance Report to the Executive Board: the year against the KPI list, with its results as open data."""

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path

import pandas as pd

from kpireport import periods
from kpireport.errors import DataError, ParameterError
from kpireport.periods import Period
from kpireport.presentation import narrative, phrases
from kpireport.rules import (
    city_scorecard,
    counts,
    definitions,
    open_results,
    performance,
    public_edition,
    rating,
    sign_offs,
    year_extent,
    year_review,
)
from kpireport.rules.city_scorecard import CityScorecard
from kpireport.rules.year_extent import YearPrinted
from kpireport.rules.year_review import YearReview
from kpireport.sources import council as councils
from kpireport.sources import outlines
from kpireport.sources import register as registers
from kpireport.sources.council import Council
from kpireport.sources.register import Register
from kpireport.vocabulary import ILLUSTRATIVE, Edition

OCCASION = "annual"


@dataclass(frozen=True)
class AnnualReport:
    """What the Executive Board and the public read once a year."""

    council: Council
    title: str
    subtitle: str
    date: str
    """The last day whose results the report uses (ISO)."""
    scheme: str
    """Name and version of the rating scheme."""
    edition: Edition
    review: YearReview
    counts: pd.DataFrame
    """One row is one basis and rating at the year's end, with `count` and the denominator `of`."""
    counts_by_year: pd.DataFrame
    """One row is one year's end (column `year`: the year before, then the year), basis and rating."""
    counts_by_pillar: pd.DataFrame
    """One row is one pillar, basis and rating; a KPI that serves two pillars counts in each."""
    counts_by_theme: pd.DataFrame
    """One row is one Organisational Plan theme, basis and rating."""
    by_pillar: pd.DataFrame
    """One row is one KPI and `pillar` that it serves, with the columns of `review.kpis`."""
    moves: pd.DataFrame
    """One row is one basis, rating a year earlier and rating now, with `count`."""
    improvements: pd.DataFrame
    declines: pd.DataFrame
    """One row is one of the year's largest changes for the better, or for the worse."""
    commentary: pd.DataFrame
    """One row is what a service said about one KPI in the year's last quarter."""
    target_progress: pd.DataFrame
    """One row is one directorate, then the whole: KPIs by how far target setting has come, now and a year earlier."""
    newly_specific: pd.DataFrame
    """One row is one KPI whose target or tolerance was set in the year."""
    list_changes: pd.DataFrame
    """One row is one recorded change to the KPI list in the year."""
    directorates: pd.DataFrame
    pillars: pd.DataFrame
    plan_themes: pd.DataFrame
    scorecard: CityScorecard
    """The Best City Ambition Scorecard of the year."""
    resting_on_rounding: pd.DataFrame
    """The rows of KPIs whose rating would be another without rounding (`counts.resting_on_rounding`)."""
    open_results: pd.DataFrame
    """One row is one result, as `schemas.OPEN_RESULTS` describes it."""
    illustrative: int
    """How many of the KPIs shown have a sample value that no producer published."""

    @cached_property
    def printed(self) -> YearPrinted:
        """What is printed of the lists: of a long one, what needs attention most."""
        return year_extent.of_year(
            self.review,
            by="plan_theme",
            by_pillar=self.by_pillar,
            newly_specific=self.newly_specific,
            list_changes=self.list_changes,
        )


def build(*, data: str, council: str, year: str, edition: str = "public", as_known_on: str = "") -> AnnualReport:
    """Assemble the report for the financial `year` (such as 2023-24) from the register in the folder `data`.

    Parameters
    ----------
    council
        Path of the council's own particulars (YAML).
    edition
        "public": no contacts, and figures hidden that could tell something about a person; or "internal".
    as_known_on
        The last day (ISO) whose results are used; "" means the cut-off of the year's last quarter, or the whole record while
        that round is open.

    Raises
    ------
    ParameterError
        When `year` is not a financial year, or the register has no KPI on the list at its end.
    DataError
        With every fault of the register; in a public edition, with every e-mail address in text that it prints.
    """
    register, authority, period = registers.load(Path(data)), councils.load(Path(council)), periods.asked_year(year)
    known_on = date.fromisoformat(as_known_on) if as_known_on else None
    last_day, _ = performance.cut_offs(register.rounds, periods.quarter(period.start.year, 4), known_on)
    register = sign_offs.provisional_until_signed(register, known_on=last_day)
    kpis, results, commentary, changes = register.kpis, register.results, register.commentary, register.kpi_changes
    if edition == Edition.PUBLIC:
        printed = {"kpis": kpis, "commentary": commentary, "kpi_changes": changes, "results": results}
        if faults := public_edition.check_no_address(printed):
            raise DataError(faults)
        kpis = public_edition.without_contacts(kpis)
        days = _report_days(register, period, known_on)
        results = public_edition.protected(results, kpis, register.areas, area=authority.area, known_on=days)
        commentary = public_edition.public_commentary(commentary, public_edition.with_hidden_figures(results))
        changes = changes.assign(agreed_by="")
    review = year_review.for_year(
        kpis,
        register.targets,
        results,
        register.rounds,
        changes,
        year=period,
        area=authority.area,
        as_known_on=known_on,
        rebases=register.rebases,
    )
    if review.kpis.empty:
        raise ParameterError(f"year: no KPI is on the list at the end of {year}.")
    by_pillar = year_review.count_by_pillar(review.kpis)
    quarters = [str(periods.quarter(period.start.year, number)) for number in (1, 2, 3, 4)]
    spoken = commentary[commentary["quarter"] == quarters[-1]]
    named = register.kpis[["kpi_id", "kpi_name", "directorate"]]
    return AnnualReport(
        council=authority,
        title="Annual Performance Report",
        subtitle=f"Executive Board, {year}{phrases.as_known(as_known_on)}",
        date=str(review.performance.known_on or period.end),
        scheme=rating.SCHEME,
        edition=Edition(edition),
        review=review,
        counts=counts.count_ratings(review.kpis),
        counts_by_year=year_review.count_by_year(review),
        counts_by_pillar=counts.count_ratings(by_pillar, by="pillar"),
        counts_by_theme=counts.count_ratings(review.kpis, by="plan_theme"),
        by_pillar=by_pillar,
        moves=year_review.count_moves(review),
        improvements=year_review.improvements(review),
        declines=year_review.declines(review),
        commentary=narrative.filled_commentary(spoken, review.kpis),
        target_progress=year_review.target_progress(review),
        newly_specific=year_review.newly_specific(review),
        list_changes=definitions.agreements(changes[changes["quarter"].isin(quarters)])
        .merge(named, on="kpi_id", how="left", validate="many_to_one")
        .sort_values(["quarter", "change", "kpi_id"], ignore_index=True),
        directorates=register.directorates[["directorate", "directorate_name"]],
        pillars=register.pillars,
        plan_themes=register.plan_themes,
        scorecard=_scorecard(register, results, data, authority, period, known_on, is_public=edition == Edition.PUBLIC),
        resting_on_rounding=counts.resting_on_rounding(review.kpis),
        open_results=open_results.open_results(review, results, register.areas, register.directorates, area=authority.area),
        illustrative=int(review.kpis["producer"].eq(ILLUSTRATIVE).sum()),
    )


def _scorecard(
    register: Register,
    results: pd.DataFrame,
    data: str,
    authority: Council,
    year: Period,
    known_on: date | None,
    *,
    is_public: bool,
) -> CityScorecard:
    """Return the Best City Ambition Scorecard on `results`, in which what the rest of the report hides is hidden."""
    rounds = register.rounds
    if known_on:
        last = rounds["quarter"] == str(periods.quarter(year.start.year, 4))
        rounds = rounds.assign(cut_off_on=rounds["cut_off_on"].mask(last, pd.Timestamp(known_on)))
    return city_scorecard.assemble(
        replace(register, results=results, rounds=rounds),
        year=year,
        area=authority.area,
        comparators=authority.comparators,
        is_public=is_public,
        ward_outlines=outlines.load(Path(data)),
    )


def _report_days(register: Register, year: Period, known_on: date | None) -> tuple[date | None, ...]:
    """Return the days on which the reports stand that this one draws on: the year's quarters, and the one before them."""
    first = periods.quarter(year.start.year, 1)
    wanted = [str(first.shift(months)) for months in (-3, 0, 3, 6, 9)]
    days = register.rounds.loc[register.rounds["quarter"].isin(wanted), "cut_off_on"].dropna()
    is_closed = bool(register.rounds.loc[register.rounds["cut_off_on"].notna(), "quarter"].eq(wanted[-1]).any())
    last = [known_on] if known_on or not is_closed else []
    return (*(pd.Timestamp(day).date() for day in days), *last)
