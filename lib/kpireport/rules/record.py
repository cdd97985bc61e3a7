"""What the rules that put a whole report together read of the register, which itself is a neighbour: its tables."""

from dataclasses import Field
from typing import Any, ClassVar, Protocol

import pandas as pd


class Record(Protocol):
    """The tables of a council's register, as `schemas` describes them."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    @property
    def kpis(self) -> pd.DataFrame:
        """KPI Supporting Information."""

    @property
    def targets(self) -> pd.DataFrame:
        """Targets."""

    @property
    def results(self) -> pd.DataFrame:
        """KPI Data Record."""

    @property
    def returns(self) -> pd.DataFrame:
        """Files that services sent."""

    @property
    def sign_offs(self) -> pd.DataFrame:
        """What directorates approved."""

    @property
    def kpi_changes(self) -> pd.DataFrame:
        """Changes to the KPI list."""

    @property
    def rebases(self) -> pd.DataFrame:
        """Declared changes of a KPI's process."""

    @property
    def risks(self) -> pd.DataFrame:
        """Corporate risks."""

    @property
    def rounds(self) -> pd.DataFrame:
        """Reporting rounds."""

    @property
    def directorates(self) -> pd.DataFrame:
        """Directorates."""

    @property
    def pillars(self) -> pd.DataFrame:
        """Best City Ambition pillars."""

    @property
    def plan_themes(self) -> pd.DataFrame:
        """Organisational Plan themes."""

    @property
    def areas(self) -> pd.DataFrame:
        """Areas."""

    @property
    def area_lookup(self) -> pd.DataFrame:
        """Old areas on new boundaries."""

    @property
    def comparator_sets(self) -> pd.DataFrame:
        """Comparator sets."""

    @property
    def benchmarks(self) -> pd.DataFrame:
        """Benchmarks."""

    @property
    def commentary(self) -> pd.DataFrame:
        """What services say."""

    @property
    def highlights(self) -> pd.DataFrame:
        """The team's choice of highlight items."""

    @property
    def indicators(self) -> pd.DataFrame:
        """Indicators of the Best City Ambition Scorecard."""

    @property
    def outcomes(self) -> pd.DataFrame:
        """Its own series."""

    @property
    def index_hierarchy(self) -> pd.DataFrame:
        """The Social Progress Index and its parts."""

    @property
    def index_values(self) -> pd.DataFrame:
        """Its figures by ward."""

    @property
    def community_voice(self) -> pd.DataFrame:
        """What residents said."""

    @property
    def ward_tiles(self) -> pd.DataFrame:
        """Where each ward stands on the tile map."""
