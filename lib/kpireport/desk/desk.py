"""What lies on the analyst's desk: the register, and the quarter, the day and the KPI that are being looked at.

Every figure comes from where the reports of a quarter take theirs (`rules.quarter_report`), so that the desk shows
what they show.
"""

from datetime import date

import pandas as pd
from traitlets import HasTraits, Instance, Unicode

from kpireport import periods
from kpireport.periods import Period
from kpireport.presentation import desk_pages, wording
from kpireport.presentation.blocks import Page
from kpireport.rules import performance, quarter_report
from kpireport.rules.performance import Performance
from kpireport.rules.quarter_report import WholeList
from kpireport.sources.council import Council
from kpireport.sources.register import Register
from kpireport.vocabulary import Rag

NOT_RATED = "not_rated"
"""The choice of every KPI without a rating, whatever the reason."""


class Desk(HasTraits):
    """A register and what is chosen from it; each cell of the notebook follows what the others choose."""

    quarter = Unicode()
    known_on = Instance(date, allow_none=True)
    """The last day of which anything is known; None for the quarter's cut-off, as its reports have it."""
    directorate = Unicode()
    board = Unicode()
    rating = Unicode()
    """red, amber, green, not_rated, or "" for all."""
    words = Unicode()
    """What the KPIs listed must have in their name, definition, officers, pillars or theme."""
    kpi_id = Unicode()
    comparators = Unicode()
    """The set of other areas that the KPI is set beside; "" for all that the council compares itself with."""

    def __init__(self, register: Register, council: Council) -> None:
        super().__init__()
        self.register, self.council = register, council
        self.quarter = self.quarters[0]
        self.kpi_id = str(self.performance.kpis["kpi_id"].iloc[0])

    @property
    def recorded_to(self) -> pd.Timestamp:
        """The last day on which a result was received."""
        return pd.Timestamp(self.register.results["received_on"].max())

    @property
    def quarters(self) -> list[str]:
        """The quarters with KPIs and results, the latest to end first."""
        first = min(periods.parse(text) for text in self.register.kpis["introduced"])
        told = [periods.parse_quarter(text) for text in self.register.rounds["quarter"]]
        ended = [one for one in told if first <= one and pd.Timestamp(one.end) <= self.recorded_to]
        return [str(one) for one in sorted(ended, reverse=True)] or [str(first)]

    @property
    def period(self) -> Period:
        """The quarter chosen."""
        return periods.parse_quarter(self.quarter)

    @property
    def report(self) -> WholeList:
        """What the reports of the quarter share, as known on the day chosen."""
        return quarter_report.whole_list(
            self.register,
            quarter=self.period,
            area=self.council.area,
            comparators=self.council.comparators,
            is_public=False,
            as_known_on=self.known_on,
        )

    @property
    def performance(self) -> Performance:
        """The quarter's KPIs, rated."""
        return self.report.performance

    @property
    def cut_off(self) -> date | None:
        """The last day whose results the quarter's reports use; None while its round is open."""
        return performance.cut_offs(self.register.rounds, self.period)[0]

    @property
    def chosen(self) -> pd.DataFrame:
        """The KPI chosen, as its row of `Performance.kpis`; no row when it was not on the list of the quarter."""
        kpis = self.performance.kpis
        return kpis[kpis["kpi_id"] == self.kpi_id]

    @property
    def history(self) -> pd.DataFrame:
        """The KPI's results over time: its rows of `Performance.history`."""
        history = self.performance.history
        return history[history["kpi_id"] == self.kpi_id].reset_index(drop=True)

    @property
    def listed(self) -> pd.DataFrame:
        """The quarter's KPIs that answer to what is chosen of directorate, board, rating and words."""
        kpis = self.performance.kpis
        wanted = pd.Series(True, index=kpis.index)
        if self.directorate:
            wanted &= kpis["directorate"] == self.directorate
        if self.board:
            wanted &= kpis["scrutiny_board"] == self.board
        if self.rating:
            wanted &= ~kpis["rating"].isin(list(Rag)) if self.rating == NOT_RATED else kpis["rating"] == self.rating
        for word in self.words.lower().split():
            wanted &= _searched(kpis).str.contains(word, regex=False)
        return kpis[wanted]

    def _ipython_display_(self) -> None:
        register = self.register
        kpis, results = wording.count(len(register.kpis), "KPI and tracker"), wording.count(len(register.results), "result")
        held = f"{kpis}, and {results} received by {wording.day(self.recorded_to)}"
        Page((desk_pages.welcome(self.council.name, held, register.warnings),))._ipython_display_()


def _searched(kpis: pd.DataFrame) -> pd.Series:
    columns = ["kpi_id", "kpi_name", "definition", "accountable_officer", "key_contacts", "pillars", "plan_theme", "source"]
    text = kpis[columns[0]].astype(str)
    for column in columns[1:]:
        text = text + " " + kpis[column].astype(str)
    return text.str.lower()
