"""The page of a board that says which area it is for: each of its wards beside the others and the whole place."""

from collections.abc import Hashable
from typing import Any, Protocol

import pandas as pd

from kpireport.presentation import findings, plain_english, wording
from kpireport.presentation.blocks import Block, Page
from kpireport.presentation.board_report import BoardReport
from kpireport.presentation.data_table import Column, table
from kpireport.presentation.markup import paragraph, stack, words
from kpireport.presentation.phrases import count, figure, is_missing, sentence

PLACE = "Place (1st is best)"


class WardReport(BoardReport, Protocol):
    """A board's report that knows of wards."""

    @property
    def wards(self) -> tuple[str, ...]:
        """Names of the board's own wards; empty for a board of the whole place."""

    @property
    def in_wards(self) -> pd.DataFrame:
        """One row is one KPI and own ward, with its value, place and the value before (`rules.sub_city.latest_in_wards`)."""


def area(report: WardReport) -> Page:
    """Return a table of the board's own wards for each measure that has figures by ward, or that it is for the whole place."""
    place = report.council.place
    if not report.wards:
        return Page((paragraph(words(f"This report is for the whole of {place}.")),))
    kpis = report.measures.performance.kpis
    with_wards = kpis[kpis["kpi_id"].isin(report.in_wards["kpi_id"])]
    named = wording.join(report.wards)
    if with_wards.empty:
        told = f"This report is for {named}. None of its measures has figures by ward: they are for the whole of {place}."
        return Page((paragraph(words(told)),))
    have = "has" if len(with_wards) == 1 else "have"
    some = sentence(f"{count(len(with_wards), 'measure')} of {len(kpis)} {have} figures by ward")
    others = f" The others are for the whole of {place}." if len(with_wards) < len(kpis) else ""
    opening = f"This report is for {named}. {some}{others}"
    tables = (_table(kpi, report.in_wards[report.in_wards["kpi_id"] == kpi["kpi_id"]], place) for _, kpi in with_wards.iterrows())
    return Page((stack([paragraph(words(opening)), *tables]),))


def _table(kpi: pd.Series, wards: pd.DataFrame, place: str) -> Block:
    when, whole = plain_english.period(str(wards["period"].iloc[0])), wards["whole_value"].iloc[0]
    beside = "" if is_missing(whole) else f" ({_figure(kpi, whole)} in the whole of {place})"
    columns = [Column("Ward", 5), Column("Figure", 2.5, is_number=True)]
    cells = [wards["area_name"], wards["value"].map(lambda value: _figure(kpi, value, "not shown"))]
    if wards["before_value"].notna().any():
        before = str(wards["before_period"].iloc[0])
        columns.append(Column(f"In {plain_english.period(before)}", 2.5, is_number=True))
        cells.append(wards["before_value"].map(lambda value: _figure(kpi, value, "–")))
    if wards["rank_label"].ne("").any():
        columns.append(Column(PLACE, 3.5))
        cells.append(pd.Series([_place(ward) for ward in wards.to_dict("records")]))
    rows = ([words(cell) for cell in row] for row in zip(*cells, strict=True))
    return table(f"{kpi['kpi_name']}, {when}{beside}", columns, rows)


def _place(ward: dict[Hashable, Any]) -> str:
    """Return a ward's place, such as "29th of 33"."""
    label = str(ward["rank_label"])
    if not label:
        return "–"
    return f"{'joint ' if label.endswith('=') else ''}{findings.ordinal(int(label.rstrip('=')))} of {ward['of']}"


def _figure(kpi: pd.Series, value: float, otherwise: str = "") -> str:
    return otherwise if is_missing(value) else figure(value, str(kpi["unit"]), int(kpi["decimals"]))
