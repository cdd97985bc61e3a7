"""The CLT Scorecard as a workbook, and the files that are published beside the quarterly report."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import pandas as pd

from kpireport.presentation import findings, left_out, signals, theme, whole_lists, wording
from kpireport.presentation.blocks import Attachment, Page
from kpireport.presentation.report import WholeCouncil
from kpireport.presentation.results_file import results_csv as results_csv
from kpireport.presentation.sheets import WORKBOOK_TYPE as WORKBOOK_TYPE
from kpireport.presentation.sheets import Sheet, workbook
from kpireport.vocabulary import Rag

NOT_REPORTED = "Not on the list"
NUMBERS_OF_SCORECARD = ("Latest result", "Target value", "Upper target", "Earlier result")

SCORECARD_NOTES = {
    "[c]": "Confidential: hidden because the numbers are small.",
    "[p]": "Provisional: the figure may still change.",
    "[r]": "Revised since the previous quarter's report.",
    "[x]": "Not available: awaited, not published or not recorded; the column Rating says which.",
    "[z]": "Not applicable: there is nothing to show, such as the target of a tracker.",
    "Latest result": "The latest result received in time, which may be older than the quarter: see its period.",
    "Rated against a target": "Green at or beyond the target, amber within the tolerance of it, red beyond the tolerance.",
    "Rated on direction of travel": "The target is an increase or a decrease: compared with the earlier result.",
    "Rounding": "Figures are rounded to the decimals shown before they are rated; the workbook's cells hold them unrounded.",
}


def files(report: WholeCouncil) -> Page:
    """Return the two files that are published beside the report."""
    return Page(
        (
            Attachment(left_out.WORKBOOK, WORKBOOK_TYPE, clt_scorecard(report), "The CLT Scorecard as a workbook"),
            Attachment(left_out.RESULTS, "text/csv", results_csv(report), "Every figure and rating, one row a KPI"),
        )
    )


def clt_scorecard(report: WholeCouncil) -> bytes:
    """Return the workbook: cover, contents, notes, the number of ratings, and the scorecard with one row a KPI.

    Where the report cannot print every KPI, each directorate has a worksheet, and so has every list that the report cuts short.
    """
    kpis = report.performance.kpis
    ratings = Sheet(
        "Ratings",
        "Number of KPIs by rating and basis",
        _ratings(report.counts),
        instructions="This worksheet contains one table. Each share has its own denominator: ratings on a target and ratings on "
        "direction of travel are never added together.",
        formats={"Share": "0%"},
        index_columns=2,
    )
    lists = (
        Sheet(name, f"{title}, {report.subtitle}", table, index_columns=2) for name, title, table in whole_lists.tables(report)
    )
    samples = []
    if report.illustrative:
        samples = [
            f"{wording.share(report.illustrative, len(kpis), 'KPI')} show an illustrative value, which no producer published."
        ]
    return workbook(
        [ratings, *_scorecards(report), *lists],
        notes=SCORECARD_NOTES,
        title=f"{report.council.name}: {report.title}",
        intro=[report.subtitle, "The CLT Scorecard: every KPI with its result, target, rating and direction of travel."],
        about=[
            f"Results received up to {wording.day(datetime.fromisoformat(report.date))}.",
            f"Rating scheme: {report.scheme}.",
            *samples,
        ],
        author=report.council.name,
        date=report.date,
    )


def _scorecards(report: WholeCouncil) -> Iterator[Sheet]:
    """Yield the worksheets of the scorecard: one, or one for each directorate of a large register."""
    kpis = report.performance.kpis
    parts = [("Scorecard", "CLT Scorecard", kpis)]
    if not report.printed.is_whole:
        named = zip(report.directorates["directorate"], report.directorates["directorate_name"], strict=True)
        own = ((code, name, kpis[kpis["directorate"] == code]) for code, name in named)
        parts = [(left_out.scorecard_sheet(code), f"CLT Scorecard: {name}", rows) for code, name, rows in own if len(rows)]
    for sheet, title, rows in parts:
        scorecard = _scorecard(rows, report.directorates)
        yield Sheet(
            sheet, f"{title}, {report.subtitle}", scorecard, cell_formats=list(_formats(rows, scorecard)), index_columns=2
        )


def _scorecard(kpis: pd.DataFrame, directorates: pd.DataFrame) -> pd.DataFrame:
    names = dict(zip(directorates["directorate"], directorates["directorate_name"], strict=True))
    order = {code: place for place, code in enumerate(names)}
    listed = kpis.assign(place=kpis["directorate"].map(order)).sort_values(["place", "kpi_id"], kind="stable")
    rows = [
        {
            "KPI": row["kpi_id"],
            "Name": row["kpi_name"],
            "Directorate": names.get(row["directorate"], row["directorate"]),
            "Latest result": _number_or(row["value"], wording.shorthand(row)),
            "Unit": findings.unit(row),
            "Period of the result": row["period"] or "[x]",
            "Symbols": wording.shorthand(row) or "Final",
            "Rating": theme.rating_word(row["rating"]),
            "Basis of the rating": theme.BASIS_WORDS[row["basis"]],
            "Rating in the previous report": theme.rating_word(str(row["previous_rating"])) or NOT_REPORTED,
            "Target": wording.target(row),
            "Target value": _number_or(row["target"], "[z]"),
            "Upper target": _number_or(row["upper"], "[z]"),
            "Tolerance": wording.tolerance(row) or "[z]",
            "Earlier result": _number_or(row["comparator_value"], "[x]"),
            "Period of the earlier result": row["comparator_period"] or "[x]",
            "Direction of travel": theme.DIRECTION_WORDS[row["direction"]],
            "Variation and assurance": signals.printed(row) or "[z]",
            "In words": wording.sentence(wording.change(row)),
        }
        for row in wording.rows(listed)
    ]
    return pd.DataFrame(rows, dtype=object)


def _ratings(counts: pd.DataFrame) -> pd.DataFrame:
    rows = counts[counts["of"] > 0]
    return pd.DataFrame(
        {
            "Basis": [theme.BASIS_WORDS[basis] for basis in rows["basis"]],
            "Rating": [theme.rating_word(rating) for rating in rows["rating"]],
            "Number of KPIs": rows["count"].astype(int).to_list(),
            "Out of": rows["of"].astype(int).to_list(),
            "Share": (rows["count"] / rows["of"]).to_list(),
        },
        dtype=object,
    )


def _formats(kpis: pd.DataFrame, scorecard: pd.DataFrame) -> Iterator[tuple[int, str, Mapping[str, Any]]]:
    """Yield the format of each figure (its KPI's decimals) and of each rating (its colours, which its word repeats)."""
    decimals = dict(zip(kpis["kpi_id"], kpis["decimals"], strict=True))
    ratings = {word: rating for rating, word in theme.RATING_WORDS.items()}
    rated = {column: scorecard[column].tolist() for column in ("Rating", "Rating in the previous report")}
    for row, kpi_id in enumerate(scorecard["KPI"]):
        digits = int(decimals[kpi_id])
        for column in NUMBERS_OF_SCORECARD:
            yield row, column, {"num_format": f"#,##0{'.' if digits else ''}{'0' * digits}", "align": "right"}
        for column, words in rated.items():
            rating = ratings.get(words[row], "")
            if rating in tuple(Rag):
                background, text = theme.rating_pair(rating)
                yield row, column, {"bg_color": background, "font_color": text, "bold": column == "Rating"}


def _number_or(value: Any, words: str) -> float | str:
    return words if wording.is_missing(value) else float(value)
