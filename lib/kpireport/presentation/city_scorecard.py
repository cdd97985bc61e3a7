"""What the pages of the Best City Ambition Scorecard read: the fields, not the rules, which are their neighbours."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import pandas as pd

from kpireport.presentation.report import Headed


class Tally(Protocol):
    """How often one side fares better than the other."""

    @property
    def better(self) -> int:
        """Indicators on which it fares better."""

    @property
    def same(self) -> int:
        """Indicators on which both fare the same."""

    @property
    def worse(self) -> int:
        """Indicators on which it fares worse."""

    @property
    def of(self) -> int:
        """Indicators compared."""


class WardIndex(Protocol):
    """The Social Progress Index of the wards."""

    @property
    def period(self) -> str:
        """The year of the index."""

    @property
    def nodes(self) -> pd.DataFrame:
        """One row is one part of the index, from the top down."""

    @property
    def figures(self) -> pd.DataFrame:
        """One row is one indicator in one ward."""

    @property
    def stages(self) -> Any:
        """Every stage of the index: `oriented`, `normalised`, `scores`, `parts`, `ranks`."""

    @property
    def wards(self) -> pd.DataFrame:
        """One row is one ward, best first."""

    @property
    def dimensions(self) -> pd.DataFrame:
        """One row is one ward in the same order, one column is one dimension."""

    @property
    def components(self) -> pd.DataFrame:
        """One row is one component with its lowest, median and highest ward."""


class Scorecard(Protocol):
    """A city's scorecard of one financial year (`rules.city_scorecard.CityScorecard`)."""

    @property
    def year(self) -> str:
        """The financial year."""

    @property
    def known_on(self) -> Any:
        """The last day whose results are used; None for the whole record."""

    @property
    def pillars(self) -> pd.DataFrame:
        """One row is one pillar, in order."""

    @property
    def indicators(self) -> pd.DataFrame:
        """One row is one indicator with its latest result, its travel and its benchmarks."""

    @property
    def history(self) -> pd.DataFrame:
        """One row is one indicator and period."""

    @property
    def counts(self) -> pd.DataFrame:
        """One row is one pillar, then all: how many indicators travel which way."""

    @property
    def contrast(self) -> pd.DataFrame:
        """One row is one indicator for the most deprived tenth and for everyone."""

    @property
    def groups(self) -> pd.DataFrame:
        """One row is one indicator, group and period."""

    @property
    def against_country(self) -> Tally:
        """The city against the country."""

    @property
    def deprived_against_all(self) -> Tally:
        """The most deprived tenth against everyone."""

    @property
    def widest(self) -> str:
        """The `kpi_id` of the widest gap."""

    @property
    def index(self) -> WardIndex | None:
        """The index of wards."""

    @property
    def ward_outlines(self) -> Mapping[str, Sequence[Sequence[tuple[float, float]]]]:
        """The rings of each ward's outline; empty without any."""

    @property
    def voice(self) -> pd.DataFrame:
        """One row is one quotation."""

    @property
    def withheld(self) -> int:
        """Quotations left out for want of consent."""

    @property
    def not_listed(self) -> pd.DataFrame:
        """One row is an indicator whose KPI is not on the list."""

    @property
    def illustrative(self) -> int:
        """Indicators that show a sample value."""


class CityReport(Headed, Protocol):
    """A report that is the scorecard."""

    @property
    def edition(self) -> str:
        """For whom it is."""

    @property
    def scorecard(self) -> Scorecard:
        """The city's scorecard."""
