"""What the pages read of a report: the fields, not the reports themselves, which stand on a floor above."""

from collections.abc import Sequence
from typing import Any, Protocol, runtime_checkable

import pandas as pd

from kpireport.errors import Finding


class Council(Protocol):
    """The council whose report it is."""

    @property
    def name(self) -> str:
        """Its name in full."""

    @property
    def place(self) -> str:
        """The place it serves."""

    @property
    def pandemic(self) -> Sequence[Any]:
        """First and last month of the pandemic."""

    @property
    def brand_colour(self) -> str:
        """Its colour, as ``#rrggbb``."""

    @property
    def accent_colour(self) -> str:
        """Its second colour."""

    @property
    def logo(self) -> str:
        """Its logo as a `data:` address; "" for none."""


class Performance(Protocol):
    """The quarter's results, rated."""

    @property
    def quarter(self) -> Any:
        """The quarter reported on."""

    @property
    def previous_quarter(self) -> Any:
        """The quarter before it."""

    @property
    def known_on(self) -> Any:
        """The last day whose results are used; None for the whole record."""

    @property
    def kpis(self) -> pd.DataFrame:
        """One row is one KPI on the list in the quarter."""

    @property
    def history(self) -> pd.DataFrame:
        """One row is one KPI and period."""

    @property
    def restated(self) -> pd.DataFrame:
        """One row is one result revised since the previous quarter's report."""


class Highlight(Protocol):
    """One KPI that deserves attention this quarter."""

    @property
    def kpi(self) -> pd.Series:
        """Its row of `Performance.kpis`."""

    @property
    def reasons(self) -> str:
        """Why it deserves attention, in words parted by semicolons."""

    @property
    def is_adverse(self) -> bool:
        """Whether it is bad news."""

    @property
    def commentary(self) -> pd.Series | None:
        """Its row of the commentary table."""

    @property
    def history(self) -> pd.DataFrame:
        """One row is one period, earliest first."""

    @property
    def benchmarks(self) -> pd.DataFrame:
        """One row is one area; empty without any."""

    @property
    def wards(self) -> pd.DataFrame:
        """One row is one ward; empty without any."""

    @property
    def contrast(self) -> pd.DataFrame:
        """One row is one group of people in one period; empty without any."""


class Printed(Protocol):
    """What a quarterly report prints of its lists: of a long one, what needs attention most."""

    @property
    def is_whole(self) -> bool:
        """Whether every KPI is in the scorecard."""

    @property
    def kpis(self) -> pd.DataFrame:
        """One row is one KPI of the scorecard."""

    @property
    def attention(self) -> pd.DataFrame:
        """One row is one directorate: how many of its KPIs need attention and why, and how many are printed."""

    @property
    def risks(self) -> pd.DataFrame:
        """One row is one key risk indicator."""

    @property
    def awaited(self) -> pd.DataFrame:
        """One row is one KPI whose result is due and missing."""

    @property
    def restated(self) -> pd.DataFrame:
        """One row is one revised result."""

    @property
    def received_late(self) -> pd.DataFrame:
        """One row is one result that came after the cut-off."""

    @property
    def list_changes(self) -> pd.DataFrame:
        """One row is one change to the KPI list."""

    @property
    def reviews_due(self) -> pd.DataFrame:
        """One row is one KPI whose definition is past the day of its review."""

    @property
    def targets_missing(self) -> pd.DataFrame:
        """One row is one KPI without a specific target."""

    @property
    def good_news(self) -> pd.DataFrame:
        """One row is one KPI that goes well."""

    @property
    def going_well(self) -> int:
        """How many KPIs go well, printed or not."""

    @property
    def red(self) -> pd.DataFrame:
        """One row is one red KPI."""

    @property
    def defined(self) -> pd.DataFrame:
        """One row is one KPI of which the report prints a figure."""

    @property
    def contacts(self) -> pd.DataFrame:
        """One row is one officer with contacts and the number of KPIs."""

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """What the data raises as questions."""


class Headed(Protocol):
    """What every report begins with."""

    @property
    def council(self) -> Council:
        """Whose report it is."""

    @property
    def title(self) -> str:
        """The page's one heading of the first level."""

    @property
    def subtitle(self) -> str:
        """Reader and period."""

    @property
    def date(self) -> str:
        """The last day whose results it uses (ISO)."""

    @property
    def illustrative(self) -> int:
        """How many of the values shown are samples that no producer published."""


class Report(Headed, Protocol):
    """A quarterly report: the Corporate Leadership Team's, or a directorate's pack."""

    @property
    def scheme(self) -> str:
        """Name and version of the rating scheme."""

    @property
    def performance(self) -> Performance:
        """The quarter's results, rated."""

    @property
    def counts(self) -> pd.DataFrame:
        """One row is one basis and rating, with `count` and the denominator `of`."""

    @property
    def directorates(self) -> pd.DataFrame:
        """One row is one directorate, in the order of the reports."""

    @property
    def highlights(self) -> tuple[Highlight, ...]:
        """The quarter's highlight items, in order."""

    @property
    def risks(self) -> pd.DataFrame:
        """One row is one key risk indicator with its corporate risk."""

    @property
    def escalations(self) -> pd.DataFrame:
        """One row is one matter that a directorate escalates."""

    @property
    def awaited(self) -> pd.DataFrame:
        """One row is one KPI whose result is due and missing."""

    @property
    def restated(self) -> pd.DataFrame:
        """One row is one result revised since the previous quarter's report."""

    @property
    def resting_on_rounding(self) -> pd.DataFrame:
        """Rows of the KPIs whose rating would be another without rounding."""

    @property
    def received_late(self) -> pd.DataFrame:
        """One row is one result that came after the cut-off."""

    @property
    def list_changes(self) -> pd.DataFrame:
        """One row is one change to the KPI list."""

    @property
    def reviews_due(self) -> pd.DataFrame:
        """One row is one KPI whose definition is past the day of its review."""

    @property
    def targets_missing(self) -> pd.DataFrame:
        """One row is one KPI without a specific target."""

    @property
    def deadlines(self) -> pd.DataFrame:
        """One row is one date of the next round."""

    @property
    def sign_offs(self) -> pd.DataFrame:
        """One row is one directorate and its approval of the quarter's results."""

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """What the data raises as questions without stopping the report."""

    @property
    def printed(self) -> Printed:
        """What is printed of the lists."""


@runtime_checkable
class WholeCouncil(Report, Protocol):
    """The Corporate Leadership Team's report."""

    @property
    def counts_by_directorate(self) -> pd.DataFrame:
        """One row is one directorate, basis and rating."""

    @property
    def barometer(self) -> pd.DataFrame:
        """One row is one topic of contacts and complaints."""


class OneDirectorate(Report, Protocol):
    """A directorate's pack."""

    @property
    def directorate(self) -> pd.Series:
        """The directorate's row of the directorates table."""

    @property
    def commentary(self) -> pd.DataFrame:
        """One row is what the directorate says about one of its KPIs."""
