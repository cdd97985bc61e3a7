"""What the reports of a quarter are made from: the rated list, the team's highlight items, and what the public may be told.

Every report of a quarter begins here, so that no two of them can differ in a figure.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

import pandas as pd

from kpireport.errors import DataError, ParameterError
from kpireport.periods import Period
from kpireport.rules import availability, highlights, performance, public_edition, sign_offs
from kpireport.rules.performance import Performance
from kpireport.rules.record import Record
from kpireport.rules.remembered import remembered
from kpireport.vocabulary import Edition

RecordT = TypeVar("RecordT", bound=Record)


@dataclass(frozen=True)
class QuarterReport:
    """A quarter of the council, or of some of its KPIs, in one edition."""

    everything: Performance
    """Every KPI on the list, whatever the report shows of them."""
    performance: Performance
    """Only the report's KPIs; a public edition's without contacts."""
    candidates: pd.DataFrame
    """One row is one KPI of the whole list that deserves attention (`highlights.candidates`)."""
    choices: pd.DataFrame
    """The quarter's rows of the highlights table."""
    chosen: pd.DataFrame
    """One row is one of the team's highlight items among the report's KPIs (`highlights.chosen`)."""
    commentary: pd.DataFrame
    """The quarter's rows of the commentary table; a public edition's without owners and without what tells of hidden figures."""
    breakdowns: pd.DataFrame
    """One row is one KPI, area, group and period at the latest vintage known, up to the quarter's end."""
    with_hidden_figures: frozenset[str]
    """The report's KPIs of which a figure is hidden, in any area, group or period."""
    without_commentary: frozenset[str]
    """The report's KPIs whose commentary is left out, because it might tell what is hidden."""
    sign_offs: pd.DataFrame
    """One row is one directorate and its approval of the quarter's results (`sign_offs.of_quarter`)."""


def assemble(
    record: RecordT,
    *,
    quarter: Period,
    area: str,
    comparators: tuple[str, ...],
    edition: str = Edition.INTERNAL,
    as_known_on: str = "",
    kpi_ids: Collection[str] | None = None,
) -> QuarterReport:
    """Return what a report of the quarter is made from, for `kpi_ids`, or for every KPI on the list.

    Parameters
    ----------
    area, comparators
        The council's own area, and its comparator sets in order (council.yaml).
    edition
        "public", without contacts, owners and figures that disclosure control hides; or "internal".
    as_known_on
        The last day (ISO) whose results are used; "" means the round's cut-off, or the whole record while the round is open.

    Raises
    ------
    ParameterError
        When there is no such edition.
    DataError
        With every adverse highlight that lacks its reason, action, owner or date; and, in a public edition, with every e-mail
        address in text that it would print.
    """
    if edition not in tuple(Edition):
        raise ParameterError(f'edition: "{edition}" is not one of {", ".join(Edition)}.')
    is_public = edition == Edition.PUBLIC
    whole = whole_list(
        record, quarter=quarter, area=area, comparators=comparators, is_public=is_public, as_known_on=_day(as_known_on)
    )
    everything, breakdowns = whole.performance, whole.breakdowns
    figures = everything if kpi_ids is None else performance.of_kpis(everything, kpi_ids)
    commentary = record.commentary[record.commentary["quarter"] == str(quarter)]
    chosen = whole.chosen[whole.chosen["kpi_id"].isin(figures.kpis["kpi_id"])]
    if missing := highlights.check_commentary(chosen, commentary, figures.kpis):
        raise DataError(missing)
    ids = set(figures.kpis["kpi_id"])
    silent = ids & whole.newly_hidden & set(commentary["kpi_id"])
    if is_public:
        figures = replace(figures, kpis=public_edition.without_contacts(figures.kpis))
        commentary = public_edition.public_commentary(commentary, silent)
    return QuarterReport(
        everything=everything,
        performance=figures,
        candidates=whole.candidates,
        choices=whole.choices,
        chosen=chosen,
        commentary=commentary,
        breakdowns=breakdowns,
        with_hidden_figures=frozenset(ids & public_edition.with_hidden_figures(breakdowns)) if is_public else frozenset(),
        without_commentary=frozenset(silent),
        sign_offs=whole.sign_offs,
    )


@dataclass(frozen=True)
class WholeList:
    """What every report of a quarter and an edition has in common, whichever KPIs it shows; see `QuarterReport`."""

    performance: Performance
    candidates: pd.DataFrame
    choices: pd.DataFrame
    chosen: pd.DataFrame
    breakdowns: pd.DataFrame
    newly_hidden: frozenset[str]
    sign_offs: pd.DataFrame


@remembered
def whole_list(
    record: RecordT, *, quarter: Period, area: str, comparators: tuple[str, ...], is_public: bool, as_known_on: date | None
) -> WholeList:
    """Return what every report of the quarter shares, before anyone asks whether its commentary is complete."""
    known_on = performance.cut_offs(record.rounds, quarter, as_known_on)
    signed = sign_offs.of_quarter(record, quarter=quarter, known_on=known_on[0])
    record = sign_offs.provisional_until_signed(record, known_on=known_on[0])
    shown = public_edition.of_record(record, area=area, known_on=known_on) if is_public else record
    figures = performance.reported(shown, quarter=quarter, area=area, comparators=comparators, as_known_on=as_known_on)
    choices = record.highlights[record.highlights["quarter"] == str(quarter)]
    candidates = highlights.candidates(figures, record.risks)
    known = availability.as_known(shown.results, figures.known_on)
    return WholeList(
        performance=figures,
        candidates=candidates,
        choices=choices,
        chosen=highlights.chosen(candidates, choices, figures.kpis),
        breakdowns=known[known["period_end"] <= pd.Timestamp(quarter.end)],
        newly_hidden=frozenset(public_edition.newly_hidden(shown.results, record.results)),
        sign_offs=signed,
    )


def belonging(record: Record, column: str, code: str, *, quarter: Period, as_known_on: str = "") -> list[str]:
    """Return the KPIs that were a directorate's or a Scrutiny Board's in the quarter, on the list or not.

    `column` is that of the kpis table which says so, and `code` what it says.
    """
    kpis = performance.defined(record, quarter=quarter, as_known_on=_day(as_known_on))
    return kpis.loc[kpis[column] == code, "kpi_id"].tolist()


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
