"""What the pages and files of the timetable read of it."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Protocol

import pandas as pd

from kpireport.errors import Finding
from kpireport.presentation.report import Council, Headed
from kpireport.vocabulary import Body, Step


class CouncilWithArea(Council, Protocol):
    """The council, with the code that tells its calendar entries from another's."""

    @property
    def area(self) -> str:
        """Its GSS code."""


class Timetable(Headed, Protocol):
    """The year's reporting timetable."""

    @property
    def council(self) -> CouncilWithArea:
        """Whose timetable it is."""

    @property
    def year(self) -> Any:
        """The financial year."""

    @property
    def entries(self) -> pd.DataFrame:
        """One row is one meeting or deadline of the year, earliest first."""

    @property
    def upcoming(self) -> pd.DataFrame:
        """The entries that are still to come."""

    @property
    def working_days_to_next(self) -> int:
        """How many working days ahead the next entry is; 0 when there is none."""

    @property
    def rules(self) -> Mapping[Step, str]:
        """When what is due, as the parameters file has it."""

    @property
    def bank_holidays(self) -> Mapping[date, str]:
        """The year's bank holidays on weekdays."""

    @property
    def directorates(self) -> pd.DataFrame:
        """One row is one directorate, in order."""

    @property
    def boards(self) -> pd.DataFrame:
        """One row is one Scrutiny Board, in order."""

    @property
    def quarters(self) -> tuple[str, ...]:
        """The quarters that are reported in the year."""

    @property
    def undated(self) -> tuple[str, ...]:
        """Of those, the ones without a date."""

    @property
    def bodies_missing(self) -> tuple[Body, ...]:
        """The bodies of whose meetings no date is known."""

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """What the dates raise as questions."""
