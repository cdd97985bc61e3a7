"""The in-year update for Executive Board members: the quarter on two pages, from the figures of the Corporate Leadership Team."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from kpireport.periods import parse_quarter
from kpireport.presentation import narrative, phrases
from kpireport.rules import counts, highlight_items, quarter_report, rating
from kpireport.rules.highlight_items import Highlight
from kpireport.rules.performance import Performance
from kpireport.sources import council as councils
from kpireport.sources import register as registers
from kpireport.sources.council import Council
from kpireport.vocabulary import ILLUSTRATIVE, Edition

OCCASION = "executive"
FEWEST, MOST = 5, 8
"""How many highlight items two pages hold."""


@dataclass(frozen=True)
class ExecutiveUpdate:
    """What Executive Board members read each quarter, after the Corporate Leadership Team."""

    council: Council
    title: str
    subtitle: str
    date: str
    """The last day whose results the update uses (ISO)."""
    scheme: str
    """Name and version of the rating scheme."""
    edition: Edition
    performance: Performance
    counts: pd.DataFrame
    """One row is one basis and rating, with `count` and the denominator `of`."""
    counts_by_pillar: pd.DataFrame
    """One row is one pillar, basis and rating; a KPI that serves several pillars counts in each."""
    pillars: pd.DataFrame
    highlights: tuple[Highlight, ...]
    """Five to eight items, in the order of the pillars; fewer when the quarter has no more candidates."""
    illustrative: int
    """How many of the KPIs have a sample value that no producer published."""


def build(*, data: str, council: str, quarter: str, edition: str, as_known_on: str = "") -> ExecutiveUpdate:
    """Assemble the update for `quarter`.

    Parameters
    ----------
    edition
        "public", without owners and figures that disclosure control hides; or "internal".
    as_known_on
        The last day (ISO) whose results are used; "" means the round's cut-off, or the whole record while the round is open.

    Raises
    ------
    ParameterError
        When there is no such edition.
    DataError
        With every fault of the register, every adverse highlight that lacks its reason, action, owner or date, and, in a public
        edition, every e-mail address in text that it would print.
    """
    register, authority, period = registers.load(Path(data)), councils.load(Path(council)), parse_quarter(quarter)
    told = quarter_report.assemble(
        register,
        quarter=period,
        area=authority.area,
        comparators=authority.comparators,
        edition=edition,
        as_known_on=as_known_on,
    )
    figures = told.performance
    commentary = narrative.filled_commentary(told.commentary, figures.kpis)
    items = highlight_items.assemble(
        _five_to_eight(told.chosen, told.candidates, told.choices, commentary),
        figures,
        register,
        breakdowns=told.breakdowns,
        commentary=commentary,
        area=authority.area,
        comparators=authority.comparators,
    )
    by_pillar = figures.kpis.assign(pillar=figures.kpis["pillars"].str.split("; ")).explode("pillar", ignore_index=True)
    order = {code: place for place, code in enumerate(register.pillars["pillar"])}
    return ExecutiveUpdate(
        council=authority,
        title="Performance update",
        subtitle=f"For Executive Board members, {quarter}{phrases.as_known(as_known_on)}",
        date=str(figures.known_on or period.end),
        scheme=rating.SCHEME,
        edition=Edition(edition),
        performance=figures,
        counts=counts.count_ratings(figures.kpis),
        counts_by_pillar=counts.count_ratings(by_pillar, by="pillar"),
        pillars=register.pillars,
        highlights=tuple(sorted(items, key=lambda item: order.get(str(item.kpi["pillars"]).split("; ")[0], len(order)))),
        illustrative=int(figures.kpis["producer"].eq(ILLUSTRATIVE).sum()),
    )


def _five_to_eight(
    chosen: pd.DataFrame, candidates: pd.DataFrame, choices: pd.DataFrame, commentary: pd.DataFrame
) -> pd.DataFrame:
    """Return the team's first eight items; where it chose fewer than five, with the next candidates it has not decided about.

    Bad news of which no service has said what it does is not put before members without the team's choice.
    """
    has_action = candidates["kpi_id"].isin(commentary.loc[commentary["action"] != "", "kpi_id"])
    others = candidates[~candidates["kpi_id"].isin(choices["kpi_id"]) & (has_action | ~candidates["is_adverse"])]
    return pd.concat([chosen.head(MOST), others.head(max(FEWEST - len(chosen), 0))], ignore_index=True)
