"""What the pages read of a board's report: the fields, not the report itself, which stands on a floor above."""

from collections.abc import Sequence
from typing import Protocol

import pandas as pd

from kpireport.presentation.report import Headed, Highlight, Performance
from kpireport.vocabulary import BoardPart, Edition


class Choice(Protocol):
    """How the board wants its report."""

    @property
    def history_years(self) -> int:
        """Years of history that its charts show."""

    @property
    def shows(self) -> frozenset[BoardPart]:
        """What it shows of each KPI."""

    @property
    def own_wards(self) -> frozenset[str]:
        """Wards that its pictures make stand out."""


class Group(Protocol):
    """The KPIs under one heading."""

    @property
    def code(self) -> str:
        """The code of the pillar, directorate or theme."""

    @property
    def name(self) -> str:
        """The heading."""

    @property
    def kpis(self) -> pd.DataFrame:
        """One row is one KPI."""

    @property
    def printed(self) -> pd.DataFrame:
        """Those in the table of results."""

    @property
    def items(self) -> tuple[Highlight, ...]:
        """Those that are taken one by one, with all that is shown of each."""


class Measures(Protocol):
    """The board's KPIs in the quarter."""

    @property
    def choice(self) -> Choice:
        """How the board wants its report."""

    @property
    def performance(self) -> Performance:
        """The board's KPIs, rated."""

    @property
    def counts(self) -> pd.DataFrame:
        """One row is one basis and rating, with `count` and `of`."""

    @property
    def groups(self) -> Sequence[Group]:
        """Every KPI once, in the board's order."""

    @property
    def highlights(self) -> tuple[Highlight, ...]:
        """The quarter's highlight items among them."""

    @property
    def comparators(self) -> pd.DataFrame:
        """One row is one area of one comparator set: comparator_set_name, area_name."""

    @property
    def list_changes(self) -> pd.DataFrame:
        """One row is one change to one of the board's KPIs in the half-year."""

    @property
    def changes_printed(self) -> pd.DataFrame:
        """Those changes that the report lists."""

    @property
    def defined(self) -> pd.DataFrame:
        """One row is one KPI whose definition the report prints."""

    @property
    def with_hidden_figures(self) -> frozenset[str]:
        """KPIs with a hidden figure."""

    @property
    def without_commentary(self) -> frozenset[str]:
        """KPIs whose commentary is left out, because it might tell what is hidden."""


class BoardReport(Headed, Protocol):
    """The report to one board."""

    @property
    def code(self) -> str:
        """The board, as its files are named."""

    @property
    def scheme(self) -> str:
        """Name and version of the rating scheme."""

    @property
    def edition(self) -> Edition:
        """Who it is for."""

    @property
    def measures(self) -> Measures:
        """Its KPIs."""

    @property
    def not_listed(self) -> tuple[str, ...]:
        """Names of KPIs that the board has named and the quarter's list does not hold."""
