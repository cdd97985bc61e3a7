"""The report to one Scrutiny Board, open to the public: every KPI in its remit in plain words, with history and comparisons."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from kpireport.errors import ParameterError
from kpireport.periods import parse_quarter
from kpireport.presentation import file_names, narrative, phrases
from kpireport.rules import board_measures, quarter_report, rating
from kpireport.rules.board_measures import BoardChoice, BoardMeasures
from kpireport.sources import council as councils
from kpireport.sources import register as registers
from kpireport.sources.council import Council
from kpireport.sources.register import Register
from kpireport.vocabulary import BoardOrder, BoardPart, Edition

OCCASION = "scrutiny"


@dataclass(frozen=True)
class ScrutinyBoard:
    """What a Scrutiny Board and the public read twice a year."""

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
    """The KPIs in the board's remit."""
    illustrative: int
    """How many of the KPIs shown have a sample value that no producer published."""
    not_listed: tuple[str, ...] = ()
    """None: a Scrutiny Board has what the list of the quarter holds in its remit."""


def variants(register: Register) -> dict[str, dict[str, str]]:
    """Return one report for each board: the ending of its file name, and the parameters that make it."""
    names = zip(register.boards["scrutiny_board"], register.boards["board_name"], strict=True)
    return {ending: {"board": code} for code, ending in file_names.endings(dict(names)).items()}


def build(*, data: str, council: str, quarter: str, board: str, edition: str, as_known_on: str = "") -> ScrutinyBoard:
    """Assemble the report to `board` (a code of the boards table) for `quarter`.

    Parameters
    ----------
    edition
        "public", without contacts, owners and figures that disclosure control hides; or "internal".
    as_known_on
        The last day (ISO) whose results are used; "" means the round's cut-off, or the whole record while the round is open.

    Raises
    ------
    ParameterError
        When the register has no such board, or there is no such edition.
    DataError
        With every fault of the register, every adverse highlight that lacks its reason, action, owner or date, and, in a public
        edition, every e-mail address in text that it would print.
    """
    register, authority, period = registers.load(Path(data)), councils.load(Path(council)), parse_quarter(quarter)
    own = register.boards[register.boards["scrutiny_board"] == board]
    if own.empty:
        known = ", ".join(register.boards["scrutiny_board"])
        raise ParameterError(f'board: "{board}" is not in the boards table; use one of {known}.')
    belonging = quarter_report.belonging(register, "scrutiny_board", board, quarter=period, as_known_on=as_known_on)
    told = quarter_report.assemble(
        register,
        quarter=period,
        area=authority.area,
        comparators=authority.comparators,
        edition=edition,
        as_known_on=as_known_on,
        kpi_ids=belonging,
    )
    measures = board_measures.assemble(
        told,
        register,
        commentary=narrative.filled_commentary(told.commentary, told.everything.kpis),
        choice=_choice(register.board_choices, board),
        area=authority.area,
        comparators=authority.comparators,
        kpi_ids=belonging,
    )
    return ScrutinyBoard(
        council=authority,
        title=str(own["board_name"].iloc[0]),
        subtitle=f"Scrutiny Board performance report, {quarter}{phrases.as_known(as_known_on)}",
        date=str(told.performance.known_on or period.end),
        scheme=rating.SCHEME,
        edition=Edition(edition),
        code=f"scrutiny-{board.lower()}",
        measures=measures,
        illustrative=measures.illustrative,
    )


def _choice(choices: pd.DataFrame, board: str) -> BoardChoice:
    """Return how a board wants its report: its row of the board_choices table, or what is usual."""
    own = choices[choices["scrutiny_board"] == board]
    if own.empty:
        return BoardChoice()
    row = own.iloc[0]
    shows = frozenset(BoardPart(part) for part in str(row["shows"]).split("; ") if part)
    return BoardChoice(BoardOrder(row["order_by"]), int(row["history_years"]), shows or frozenset(BoardPart))
