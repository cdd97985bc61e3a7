"""What the pages of the annual assurance report read of it: the fields, not the report itself, which stands on a floor above."""

from typing import Protocol

import pandas as pd

from kpireport.presentation.report import Headed


class Checks(Protocol):
    """The checks of what decision reports say about how success will be measured."""

    @property
    def reports(self) -> pd.DataFrame:
        """One row is one decision report, with `quarter`, `place`, `is_sampled` and `outcome`."""

    @property
    def outcomes(self) -> pd.DataFrame:
        """One row is one decision type ("" for all) and outcome, with `count` and `of`."""

    @property
    def low(self) -> float:
        """Lower end of the interval of the share found adequate, in percent."""

    @property
    def high(self) -> float:
        """Its upper end."""


class Survey(Protocol):
    """The Survey of Internal Control, as `rules.survey_results` gives it."""

    @property
    def answers(self) -> pd.DataFrame:
        """One row is one question, year and answer."""

    @property
    def positive(self) -> pd.DataFrame:
        """One row is one question and year."""

    @property
    def changes(self) -> pd.DataFrame:
        """One row is one question and answer of both years."""

    @property
    def year(self) -> int:
        """Its year."""


class AssuranceReport(Headed, Protocol):
    """The annual assurance report."""

    @property
    def edition(self) -> str:
        """Internal or public."""

    @property
    def year(self) -> str:
        """The financial year."""

    @property
    def previous_year(self) -> str:
        """The one before it."""

    @property
    def evidence(self) -> pd.DataFrame:
        """One row is one measure."""

    @property
    def counts(self) -> pd.DataFrame:
        """One row is one conclusion."""

    @property
    def counts_by_aspect(self) -> pd.DataFrame:
        """One row is one aspect and conclusion."""

    @property
    def returns(self) -> pd.DataFrame:
        """One row is one quarter."""

    @property
    def information(self) -> pd.DataFrame:
        """One row is one column of the Supporting Information."""

    @property
    def information_gaps(self) -> pd.DataFrame:
        """One row is one KPI with gaps."""

    @property
    def list_changes(self) -> pd.DataFrame:
        """One row is one change of the KPI list."""

    @property
    def reviews_due(self) -> pd.DataFrame:
        """One row is one KPI whose definition was not in date at the year's end."""

    @property
    def reports_issued(self) -> pd.DataFrame:
        """One row is one report that was due."""

    @property
    def reperformances(self) -> pd.DataFrame:
        """One row is one attempt to make a quarter again."""

    @property
    def checks(self) -> Checks:
        """The checks of decision reports."""

    @property
    def survey(self) -> Survey:
        """The Survey of Internal Control."""

    @property
    def roles(self) -> pd.DataFrame:
        """One row is one body or post."""

    @property
    def opportunities(self) -> pd.DataFrame:
        """One row is one opportunity that this report raises."""

    @property
    def followed_up(self) -> pd.DataFrame:
        """One row is one opportunity that last year's report raised."""

    @property
    def self_assessment(self) -> pd.DataFrame:
        """One row is one criterion."""

    @property
    def criteria(self) -> pd.DataFrame:
        """One row is one framework and level."""

    @property
    def kpis(self) -> int:
        """How many KPIs and trackers were on the list."""
