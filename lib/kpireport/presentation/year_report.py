"""What the pages read of a year's review, of the annual report, and of a pack that holds a review."""

from typing import Any, Protocol

import pandas as pd

from kpireport.presentation.city_scorecard import Scorecard
from kpireport.presentation.report import Headed, Performance, Report


class YearReview(Protocol):
    """The KPIs over one financial year."""

    @property
    def year(self) -> Any:
        """The financial year."""

    @property
    def performance(self) -> Performance:
        """The last quarter, rated."""

    @property
    def kpis(self) -> pd.DataFrame:
        """One row is one KPI on the list at the year's end, with its outturn and its rating a year earlier."""

    @property
    def left(self) -> pd.DataFrame:
        """One row is one KPI that was on the list a year earlier and no longer is."""


class YearPrinted(Protocol):
    """What is printed of a year's lists: of a long one, what needs attention most."""

    @property
    def is_whole(self) -> bool:
        """Whether every KPI is in the table of outturns."""

    @property
    def kpis(self) -> pd.DataFrame:
        """One row is one KPI in the table of outturns."""

    @property
    def worse(self) -> pd.DataFrame:
        """One row is one KPI with a worse rating than a year earlier."""

    @property
    def better(self) -> pd.DataFrame:
        """One row is one KPI with a better rating than a year earlier."""

    @property
    def red_all_year(self) -> pd.DataFrame:
        """One row is one KPI that was red in all four quarters."""

    @property
    def red_by_pillar(self) -> pd.DataFrame:
        """One row is one pillar and KPI that is red at the end of the year."""

    @property
    def newly_specific(self) -> pd.DataFrame:
        """One row is one KPI whose target or tolerance was set in the year."""

    @property
    def defined(self) -> pd.DataFrame:
        """One row is one KPI of which the report prints a figure."""

    @property
    def list_changes(self) -> pd.DataFrame:
        """One row is one recorded change to the KPI list."""


class Annual(Headed, Protocol):
    """The Annual Performance Report."""

    @property
    def scheme(self) -> str:
        """Name and version of the rating scheme."""

    @property
    def edition(self) -> str:
        """Public or internal."""

    @property
    def review(self) -> YearReview:
        """The year."""

    @property
    def counts(self) -> pd.DataFrame:
        """One row is one basis and rating at the year's end."""

    @property
    def counts_by_year(self) -> pd.DataFrame:
        """One row is one year's end, basis and rating."""

    @property
    def counts_by_pillar(self) -> pd.DataFrame:
        """One row is one pillar, basis and rating."""

    @property
    def counts_by_theme(self) -> pd.DataFrame:
        """One row is one plan theme, basis and rating."""

    @property
    def by_pillar(self) -> pd.DataFrame:
        """One row is one KPI and pillar."""

    @property
    def moves(self) -> pd.DataFrame:
        """One row is one basis, rating a year earlier and rating now, with `count`."""

    @property
    def improvements(self) -> pd.DataFrame:
        """One row is one of the largest improvements."""

    @property
    def declines(self) -> pd.DataFrame:
        """One row is one of the largest changes for the worse."""

    @property
    def commentary(self) -> pd.DataFrame:
        """One row is what a service said about one KPI in the last quarter."""

    @property
    def target_progress(self) -> pd.DataFrame:
        """One row is one directorate, then the whole."""

    @property
    def newly_specific(self) -> pd.DataFrame:
        """One row is one KPI whose target or tolerance was set in the year."""

    @property
    def list_changes(self) -> pd.DataFrame:
        """One row is one recorded change to the KPI list."""

    @property
    def directorates(self) -> pd.DataFrame:
        """One row is one directorate, in order."""

    @property
    def pillars(self) -> pd.DataFrame:
        """One row is one pillar, in order."""

    @property
    def plan_themes(self) -> pd.DataFrame:
        """One row is one plan theme, in order."""

    @property
    def scorecard(self) -> Scorecard:
        """The Best City Ambition Scorecard."""

    @property
    def resting_on_rounding(self) -> pd.DataFrame:
        """Rows of the KPIs whose rating would be another without rounding."""

    @property
    def open_results(self) -> pd.DataFrame:
        """One row is one result, as `schemas.OPEN_RESULTS` describes it."""

    @property
    def printed(self) -> YearPrinted:
        """What is printed of the lists."""


class AnnualReview(Protocol):
    """A directorate's year, in its pack of the last quarter."""

    @property
    def review(self) -> YearReview:
        """The year of its KPIs."""

    @property
    def counts_by_year(self) -> pd.DataFrame:
        """One row is one year's end, basis and rating."""

    @property
    def improvements(self) -> pd.DataFrame:
        """One row is one of the largest improvements."""

    @property
    def declines(self) -> pd.DataFrame:
        """One row is one of the largest changes for the worse."""


class PackWithReview(Report, Protocol):
    """A directorate's pack, which in the last quarter holds its annual review."""

    @property
    def annual_review(self) -> AnnualReview | None:
        """The year; None in other quarters."""

    @property
    def year_printed(self) -> YearPrinted | None:
        """What is printed of the year; None in other quarters."""
