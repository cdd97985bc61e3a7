"""The page of a board that answers for some wards: each of its wards beside the others and the whole place."""

from collections.abc import Iterator
from typing import Protocol

import pandas as pd

from kpireport.presentation import findings, plain_english, wording
from kpireport.presentation.blocks import Block, Page
from kpireport.presentation.board_report import BoardReport
from kpireport.presentation.data_table import Column, table
from kpireport.presentation.markup import paragraph, stack, strong, words
from kpireport.presentation.phrases import count, figure, is_missing, sentence

WARD_COLUMNS = (Column("Ward", 4), Column("Figure", 3, is_number=True), Column("Place among all wards", 4))


class WardReport(BoardReport, Protocol):
    """A board's report that knows of wards."""

    @property
    def wards(self) -> tuple[str, ...]:
        """Names of the board's own wards; empty for a board of the whole place."""

    @property
    def in_wards(self) -> pd.DataFrame:
        """One row is one KPI and own ward: kpi_id, period, area_name, value, rank_label, of, whole_value."""


def in_your_wards(report: WardReport) -> Page:
    """Return a table for each measure that has figures by ward: the board's own wards, then the whole place."""
    place = report.council.place
    if not report.wards:
        return Page((paragraph(words(f"This report looks at the whole of {place}.")),))
    kpis = report.measures.performance.kpis
    with_wards = kpis[kpis["kpi_id"].isin(report.in_wards["kpi_id"])]
    named = wording.join(report.wards)
    if with_wards.empty:
        told = f"This report is for {named}. None of its measures has figures by ward: they are for the whole of {place}."
        return Page((paragraph(words(told)),))
    have = "has" if len(with_wards) == 1 else "have"
    some = sentence(f"{count(len(with_wards), 'measure')} of {len(kpis)} {have} figures by ward")
    opening = f"This report is for {named}. {some} The others are for the whole of {place}."
    tables = (_table(kpi, report.in_wards[report.in_wards["kpi_id"] == kpi["kpi_id"]], place) for _, kpi in with_wards.iterrows())
    return Page((stack([paragraph(words(opening)), *tables]),))


def _table(kpi: pd.Series, wards: pd.DataFrame, place: str) -> Block:
    when = plain_english.period(str(wards["period"].iloc[0]))
    rows = [*_rows(kpi, wards)]
    whole = wards["whole_value"].iloc[0]
    if not is_missing(whole):
        rows.append([strong(words(f"The whole of {place}")), strong(words(_figure(kpi, whole))), words("")])
    return table(f"{kpi['kpi_name']}, {when}", WARD_COLUMNS, rows)


def _rows(kpi: pd.Series, wards: pd.DataFrame) -> Iterator[list[Block]]:
    for ward in wards.sort_values("area_name").to_dict("records"):
        is_shown = not is_missing(ward["value"])
        yield [
            words(str(ward["area_name"])),
            words(_figure(kpi, ward["value"]) if is_shown else "not shown"),
            words(_place(str(ward["rank_label"]), ward["of"]) if is_shown else ""),
        ]


def _place(label: str, of: object) -> str:
    """Return a ward's place, such as "29th best of 33"; "–" where neither way is good."""
    if not label:
        return "–"
    joint = "joint " if label.endswith("=") else ""
    place = int(label.rstrip("="))
    return f"{joint}{'best' if place == 1 else f'{findings.ordinal(place)} best'} of {of}"


def _figure(kpi: pd.Series, value: float) -> str:
    return figure(value, str(kpi["unit"]), int(kpi["decimals"]))
