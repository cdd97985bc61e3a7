"""The scorecard: every KPI in one row, grouped by directorate."""

from collections.abc import Iterator

import pandas as pd

from kpireport.presentation import kpi_cells, left_out, sparkline, wording
from kpireport.presentation.blocks import Block, Page
from kpireport.presentation.data_table import Column, table
from kpireport.presentation.markup import EMPTY, heading, link, paragraph, stack, words
from kpireport.presentation.report import Report, WholeCouncil
from kpireport.presentation.spreadsheet import files
from kpireport.vocabulary import Rag

COLUMNS = (
    Column("KPI", 5),
    Column("Latest result", 2.9, is_number=True),
    Column("Target", 3.4, is_number=True),
    Column("Compared with", 2.9, is_number=True),
    Column("Rating", 2.8),
    Column("Direction of travel", 4),
    Column("Variation and assurance", 3.5),
    Column("Trend", 3.4, is_decorative=True),
)


def scorecard(report: Report) -> Page:
    """Return every KPI and tracker on the list, one table for each directorate; of a long list those that need attention."""
    opening = [] if report.printed.is_whole else _what_is_printed(report)
    return Page((stack([*opening, paragraph(words(_key(report)), kind="quiet"), *_groups(report)]),))


def scorecard_and_files(report: WholeCouncil) -> Page:
    """Return the scorecard, with the workbook and the table of figures that hold it whole."""
    return Page((*scorecard(report).parts, *files(report).parts))


def _what_is_printed(report: Report) -> list[Block]:
    """Return how many KPIs need attention, by directorate, which of them follow, and where the whole scorecard is."""
    rows, total = report.printed.attention, len(report.performance.kpis)
    needing, printed = int(rows["needing"].sum()), int(rows["printed"].sum())
    those = "They are" if printed == needing else f"The {printed:,} most pressing are"
    sheets = wording.join(left_out.scorecard_sheet(str(code)) for code in rows["directorate"])
    told = (
        f"{wording.share(needing, total, 'KPI and tracker')} need attention: a highlight item, red, slipped from green to amber, "
        f"or awaited. {those} below. The whole scorecard is in {left_out.WORKBOOK} (worksheets {sheets}), and in "
        f"{left_out.RESULTS}."
    )
    return [paragraph(words(told)), attention_table(report)]


def attention_table(report: Report) -> Block:
    """Return how many KPIs need attention, and why, by directorate, with a link to those that are shown."""
    rows = report.printed.attention
    heads = ("On the list", "Red", "Newly red", "Slipped to amber", "Awaited", "Need attention", "Shown")
    columns = [Column("Directorate", 4), *(Column(head, 1.3, is_number=True) for head in heads)]
    numbers = ["on_list", "red", "newly_red", "slipped", "awaited", "needing", "printed"]
    cells = [[_directorate(row), *(words(f"{row[number]:,}") for number in numbers)] for row in wording.rows(rows)]
    if len(rows) > 1:
        cells.append([words("All"), *(words(f"{int(rows[number].sum()):,}") for number in numbers)])
    return table("KPIs that need attention, by directorate", columns, cells)


def _directorate(row: wording.Row) -> Block:
    name = words(str(row["directorate_name"]))
    return link(anchor(str(row["directorate"])), name) if row["printed"] else name


def anchor(directorate: str) -> str:
    """Return the anchor of a directorate's part of the scorecard."""
    return f"scorecard-{directorate.lower()}"


def _key(report: Report) -> str:
    rows = wording.count(len(report.performance.kpis), "KPI and tracker")
    return (
        f"{rows} on the list in {report.performance.quarter}, each with its latest available result and its own period. "
        "[p] provisional, [r] revised since the previous quarter's report. A KPI's name leads to what it measures and where its "
        "figure comes from."
    )


def _groups(report: Report) -> Iterator[Block]:
    kpis, history = report.printed.kpis, report.performance.history
    past = dict(tuple(history[history["kpi_id"].isin(kpis["kpi_id"])].groupby("kpi_id", sort=False)))
    for directorate, name in zip(report.directorates["directorate"], report.directorates["directorate_name"], strict=True):
        own = kpis[kpis["directorate"] == directorate]
        if own.empty:
            continue
        yield heading(3, words(str(name)), anchor(str(directorate)))
        rows = ([*_cells(kpi), trend(past.get(kpi["kpi_id"]), int(kpi["decimals"]))] for _, kpi in own.iterrows())
        yield table(_caption(str(name), str(directorate), own, report), COLUMNS, rows, kind="wide")


def _caption(name: str, directorate: str, own: pd.DataFrame, report: Report) -> str:
    if not report.printed.is_whole:
        needing = report.printed.attention.set_index("directorate")["needing"].astype(int).to_dict()[directorate]
        return f"{name}: {len(own)} of {wording.count(needing, 'KPI')} that need attention, the most pressing first"
    rated = own[own["rag"].isin(list(Rag))]
    return f"{name}: {wording.count(len(own), 'KPI and tracker')}, {len(rated)} of them rated"


def _cells(kpi: pd.Series) -> list[Block]:
    return [
        kpi_cells.name_of_figure(kpi),
        kpi_cells.latest(kpi),
        kpi_cells.target(kpi),
        kpi_cells.comparator(kpi),
        kpi_cells.rating(kpi),
        kpi_cells.direction(kpi),
        kpi_cells.variation(kpi),
    ]


def trend(history: pd.DataFrame | None, decimals: int) -> Block:
    """Return the line of a KPI's history with its target, and its last figure."""
    if history is None:
        return EMPTY
    values, targets = history["value"].tolist(), history["target"].tolist()
    return Block(sparkline.svg(values, targets, decimals=decimals), sparkline.typst(values, targets, decimals=decimals), "")
