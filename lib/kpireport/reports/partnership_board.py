"""The report to a partnership board or a Community Committee: the KPIs that it has chosen, in plain words, with its own wards.

A board is a parameters file: it takes no code. The pages are those of the Scrutiny Boards' reports.
"""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from kpireport.errors import ParameterError
from kpireport.periods import parse_quarter
from kpireport.presentation import narrative, phrases
from kpireport.rules import board_measures, kpi_selection, quarter_report, rating, sub_city
from kpireport.rules.board_measures import BoardChoice, BoardMeasures
from kpireport.sources import council as councils
from kpireport.sources import register as registers
from kpireport.sources.council import Council
from kpireport.vocabulary import BoardOrder, BoardPart, Edition

OCCASION = "partnership"
TOLD_APART_BY = "board"
"""Each parameters file is one board."""


@dataclass(frozen=True)
class PartnershipBoard:
    """What a partnership board or a Community Committee reads, and the public with it."""

    council: Council
    title: str
    subtitle: str
    date: str
    """The last day whose results the report uses (ISO)."""
    scheme: str
    """Name and version of the rating scheme."""
    edition: Edition
    code: str
    """The board, as its files are named."""
    measures: BoardMeasures
    """The KPIs that the board has chosen."""
    not_listed: tuple[str, ...]
    """Names of KPIs that the board has named and the quarter's list does not hold."""
    wards: tuple[str, ...]
    """The board's own wards; empty for a board of the whole place."""
    in_wards: pd.DataFrame
    """One row is one KPI and one of the board's own wards (`sub_city.latest_in_wards`)."""
    illustrative: int
    """How many of the KPIs shown have a sample value that no producer published."""


def build(
    *,
    data: str,
    council: str,
    quarter: str,
    board: str,
    title: str,
    kpis: str,
    wards: str,
    order_by: str,
    history_years: int,
    shows: str,
    edition: str,
    as_known_on: str = "",
) -> PartnershipBoard:
    """Assemble the report for `quarter` to the board that is called `title`.

    Parameters
    ----------
    board
        A word for the board, of which its files are named.
    kpis
        The KPIs that it has chosen (`kpi_selection.selected`).
    wards
        Names of its own wards, parted by semicolons; "" for a board of the whole place.
    order_by
        What groups its KPIs: pillar, directorate or theme.
    history_years
        Years of history that charts show.
    shows
        What is shown of each KPI: history, benchmarks, wards, groups, parted by semicolons; "" is all of them.
    edition
        "public", without contacts, owners and figures that disclosure control hides; or "internal".
    as_known_on
        The last day (ISO) whose results are used; "" means the round's cut-off, or the whole record while the round is open.

    Raises
    ------
    ParameterError
        With every KPI and ward that is not in the register; when no chosen KPI is on the quarter's list, or there is no such
        edition.
    DataError
        With every fault of the register, every adverse highlight that lacks its reason, action, owner or date, and, in a public
        edition, every e-mail address in text that it would print.
    """
    register, authority, period = registers.load(Path(data)), councils.load(Path(council)), parse_quarter(quarter)
    chosen = kpi_selection.selected(kpis, register.kpis)
    named = register.kpis[register.kpis["kpi_id"].isin(_words(kpis))]
    own_wards = sub_city.named_wards(register.areas, _words(wards))
    told = quarter_report.assemble(
        register,
        quarter=period,
        area=authority.area,
        comparators=authority.comparators,
        edition=edition,
        as_known_on=as_known_on,
        kpi_ids=chosen,
    )
    figures = told.performance
    if figures.kpis.empty:
        raise ParameterError(f"kpis: none of those chosen is on the council's list in {quarter}.")
    measures = board_measures.assemble(
        told,
        register,
        commentary=narrative.filled_commentary(told.commentary, told.everything.kpis),
        choice=BoardChoice(
            BoardOrder(order_by),
            history_years,
            frozenset(BoardPart(part) for part in _words(shows)) or frozenset(BoardPart),
            frozenset(own_wards["area"]),
        ),
        area=authority.area,
        comparators=authority.comparators,
        kpi_ids=chosen,
    )
    in_wards = sub_city.latest_in_wards(told.breakdowns, register.areas, register.area_lookup, figures.kpis, area=authority.area)
    return PartnershipBoard(
        council=authority,
        title=title,
        subtitle=f"Performance report, {quarter}{phrases.as_known(as_known_on)}",
        date=str(figures.known_on or period.end),
        scheme=rating.SCHEME,
        edition=Edition(edition),
        code=f"partnership-{board.lower().replace('_', '-')}",
        measures=measures,
        not_listed=tuple(named.loc[~named["kpi_id"].isin(figures.kpis["kpi_id"]), "kpi_name"]),
        wards=tuple(_words(wards)),
        in_wards=in_wards[in_wards["area"].isin(own_wards["area"])].reset_index(drop=True),
        illustrative=measures.illustrative,
    )


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(";") if word.strip()]
