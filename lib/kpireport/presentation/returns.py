"""What came in, what did not, what was revised, and what changed on the list."""

import re
from collections.abc import Iterable, Sequence

import pandas as pd

from kpireport.presentation import kpi_cells, left_out, wording
from kpireport.presentation.blocks import Block, Page
from kpireport.presentation.data_table import Column, table
from kpireport.presentation.list_changes import agreed_table, reviews_table
from kpireport.presentation.markup import heading, join, lines, paragraph, quiet, rag, stack, words
from kpireport.presentation.oversight import nothing
from kpireport.presentation.report import Report, WholeCouncil
from kpireport.vocabulary import NotRated


def returns(report: Report) -> Page:
    """Return what is awaited, what was revised, and which ratings changed because of it."""
    return sections(("Awaited", awaited(report)), ("Revised, and received late", restated(report)))


def kpi_list(report: Report) -> Page:
    """Return what changed on the KPI list, which KPIs still have no specific target, and which definitions are to be reviewed."""
    return sections(*_of_list(report))


def returns_and_list(report: Report) -> Page:
    """Return what `returns` and `kpi_list` do, as one section."""
    own = [("Awaited", awaited(report)), ("Revised, and received late", restated(report))]
    return sections(*own, *_of_list(report))


def _of_list(report: Report) -> list[tuple[str, Page]]:
    due = reviews_counted(report) if isinstance(report, WholeCouncil) else reviews_due(report)
    return [
        ("Changes to the KPI list this quarter", list_changes(report)),
        ("Targets still missing", targets_missing(report)),
        ("Definitions to be reviewed", due),
    ]


def sections(*named: tuple[str, Page]) -> Page:
    """Return several pages as one, each under a heading of the third level."""
    anchors = [(name, re.sub("[^a-z]+", "-", name.lower()), page) for name, page in named]
    return Page(tuple(part for name, anchor, page in anchors for part in (heading(3, words(name), anchor), *page.parts)))


def awaited(report: Report) -> Page:
    """Return the KPIs whose result is due and missing, with the last one there is."""
    rows = report.awaited
    if rows.empty:
        return nothing("Every result that was due is in.")
    columns = [
        Column("KPI", 4.6),
        Column("Directorate", 2.6),
        Column("Awaited period", 1.8),
        Column("State", 2.6),
        Column("Last result", 1.8, is_number=True),
    ]
    cells = (
        [
            kpi_cells.name(row),
            words(str(row["directorate_name"])),
            words(str(row["expected_period"])),
            lines([rag(str(row["rating"])), quiet(words("second quarter running" if row["is_awaited_twice"] else ""))]),
            kpi_cells.latest(row),
        ]
        for _, row in report.printed.awaited.iterrows()
    )
    late = int(rows["rating"].eq(NotRated.NOT_PUBLISHED).sum())
    caption = f"{wording.count(len(rows), 'result')} due and missing, {late} of them not yet published by a national source"
    return Page((_bounded(caption, columns, cells, report.printed.awaited, rows, "Awaited"),))


def restated(report: Report) -> Page:
    """Return the results revised since the previous quarter's report, and those that came too late for this one."""
    parts = []
    if len(report.restated):
        columns = [
            Column("KPI", 4.2),
            Column("Period", 1.8),
            Column("Reported before", 1.8, is_number=True),
            Column("Now", 1.8, is_number=True),
            Column("Rating", 2.6),
            Column("Why", 3),
        ]
        cells = (
            [
                kpi_cells.name(row),
                words(str(row["period"])),
                _figure(row, "old_value", "old_denominator"),
                _figure(row, "new_value", "new_denominator"),
                _restated_rating(row),
                words(str(row["note"]) or "–"),
            ]
            for _, row in report.printed.restated.iterrows()
        )
        changed = int(report.restated["is_rating_changed"].sum())
        caption = f"{wording.count(len(report.restated), 'result')} revised, {wording.count(changed, 'rating')} changed"
        parts.append(_bounded(caption, columns, cells, report.printed.restated, report.restated, "Revised"))
    else:
        parts.append(paragraph(words("No result has been revised since the previous quarter's report.")))
    if len(report.received_late):
        parts.append(_late(report.printed.received_late, report.received_late))
    return Page((stack(parts),))


def _bounded(
    caption: str,
    columns: Sequence[Column],
    cells: Iterable[Sequence[Block]],
    printed: pd.DataFrame,
    rows: pd.DataFrame,
    sheet: str,
) -> Block:
    """Return a table of `cells`, which are the `printed` ones of `rows`, and where the others are."""
    shown = table(left_out.shown(caption, len(printed), len(rows)), columns, cells)
    return stack([shown, left_out.more(len(printed), len(rows), left_out.on_sheet(sheet))])


def _figure(row: pd.Series, column: str, denominator: str) -> Block:
    shown = words(wording.figure(row[column], str(row["unit"]), int(row["decimals"])))
    old, new = row["old_denominator"], row["new_denominator"]
    over = f"of {wording.figure(row[denominator], 'number', 0)}" if pd.notna(old) and pd.notna(new) and old != new else ""
    return lines([shown, quiet(words(over))])


def _restated_rating(row: pd.Series) -> Block:
    if not row["is_rating_changed"]:
        return lines([rag(str(row["new_rating"])), quiet(words("unchanged"))])
    return lines([rag(str(row["new_rating"])), join([quiet(words("was")), rag(str(row["old_rating"]))], " ")])


def _late(printed: pd.DataFrame, rows: pd.DataFrame) -> Block:
    columns = [Column("KPI", 4), Column("Period", 2), Column("Result", 2, is_number=True), Column("Received", 2, is_number=True)]
    cells = (
        [
            kpi_cells.name(row),
            words(str(row["period"])),
            words(wording.figure(row["value"], str(row["unit"]), int(row["decimals"])) if "unit" in row else f"{row['value']:g}"),
            words(wording.day(row["received_on"])),
        ]
        for _, row in printed.iterrows()
    )
    caption = f"{wording.count(len(rows), 'result')} received after the last day and not used in this report"
    return _bounded(caption, columns, cells, printed, rows, "Late")


def list_changes(report: Report) -> Page:
    """Return what changed on the KPI list this quarter."""
    rows = report.list_changes
    if rows.empty:
        return nothing("The KPI list has not changed this quarter.")
    printed = report.printed.list_changes
    caption = left_out.shown(f"{wording.count(len(rows), 'change')} to the KPI list", len(printed), len(rows))
    rest = left_out.more(len(printed), len(rows), left_out.on_sheet("Changes"))
    return Page((stack([agreed_table(printed, caption), rest]),))


def reviews_due(report: Report) -> Page:
    """Return the KPIs whose definition is past the day of its review."""
    if report.reviews_due.empty:
        return nothing("Every definition is in date.")
    printed, rows = report.printed.reviews_due, report.reviews_due
    rest = left_out.more(len(printed), len(rows), left_out.on_sheet("Reviews"))
    return Page((stack([reviews_table(printed, of=len(rows)), rest]),))


def reviews_counted(report: Report) -> Page:
    """Return how many definitions are past the day of their review, by directorate; the packs name them."""
    rows = report.reviews_due
    if rows.empty:
        return nothing("Every definition is in date.")
    counted = rows.groupby("directorate_name", sort=True).size()
    shown = wording.share(len(rows), len(report.performance.kpis), "KPI")
    by = wording.join([f"{name} ({count})" for name, count in counted.items()])
    said = f"{shown} {'has' if len(rows) == 1 else 'have'} a definition past the day of its review: {by}. "
    return Page((paragraph(words(f"{said}The directorate packs name them.")),))


def targets_missing(report: Report) -> Page:
    """Return the KPIs that have no specific target yet."""
    rows = report.targets_missing
    if rows.empty:
        return nothing("Every KPI on the list has a specific target.")
    columns: Sequence[Column] = [
        Column("KPI", 4.6),
        Column("Directorate", 2.8),
        Column("Target for now", 2),
        Column("Latest result", 2, is_number=True),
    ]
    cells = (
        [
            kpi_cells.name(row),
            words(str(row["directorate_name"])),
            words(wording.target(row)),
            kpi_cells.latest(row),
        ]
        for _, row in report.printed.targets_missing.iterrows()
    )
    caption = f"{wording.count(len(rows), 'KPI')} without a specific target"
    return Page((_bounded(caption, columns, cells, report.printed.targets_missing, rows, "Targets"),))
