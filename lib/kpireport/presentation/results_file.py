"""Writes the results file: every figure and rating behind the reports, for those who check them or work on with them."""

import csv
import io
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

import pandas as pd

from kpireport.presentation import signals, theme, wording
from kpireport.presentation.wording import Figures, Row

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""How text begins that a spreadsheet would take for a formula."""
BESIDE = ("risk_rating", "previous_risk_rating", "restated", "history", "benchmarks", "wards", "groups")
"""Columns that join figures from other tables, the first two words and the others lists of "name, period: figure"."""
_REGISTER = (
    "kpi_id",
    "kpi_name",
    "directorate",
    "scrutiny_board",
    "purpose",
    "kind",
    "unit",
    "decimals",
    "polarity",
    "measure_type",
)
_RESULT = (
    "period",
    "value",
    "numerator",
    "denominator",
    "absence",
    "maturity",
    "vintage",
    "is_revised",
    "received_on",
    "producer",
    "source_file",
    "source_sheet",
    "source_cell",
    "source_sha256",
    "note",
)
_DUE = ("expected_period", "is_latest_expected", "is_new")
_TARGET = ("target_type", "target", "upper", "tolerance", "tolerance_type", "tolerance_size", "floor", "is_tolerance_missing")
_COMPARED = ("comparator_period", "comparator_value", "change", "direction")
_SERIES = (
    *("variation", "variation_rule", "variation_side", "assurance", "mean", "lower_limit", "upper_limit", "points"),
    *("variation_why_not", "recent_trend", "trend_chi_squared", "trend_slope", "trend_why_not"),
    *("change_significance", "change_lower_95", "change_upper_95", "change_why_not"),
)
_BENCHMARK = (
    "benchmark_name",
    "benchmark_period",
    "benchmark_value",
    "significance",
    "lower_95",
    "upper_95",
    "significance_why_not",
)
_RATED = ("rating", "basis", "rag", "unrounded_rag", "gap_to_target", "gap_in_tolerances", "previous_rating", "previous_basis")


class Report(Protocol):
    """What the files read of a report."""

    @property
    def council(self) -> Any:
        """The council, with its `name`."""

    @property
    def title(self) -> str:
        """The report's title."""

    @property
    def subtitle(self) -> str:
        """Who it is for, and the quarter."""

    @property
    def date(self) -> str:
        """The last day whose results it uses (ISO)."""

    @property
    def scheme(self) -> str:
        """Name and version of the rating scheme."""

    @property
    def performance(self) -> Figures:
        """The KPIs as rated."""

    @property
    def counts(self) -> pd.DataFrame:
        """One row is one basis and rating."""

    @property
    def directorates(self) -> pd.DataFrame:
        """One row is one directorate, in order."""

    @property
    def highlights(self) -> Sequence[Any]:
        """The highlight items."""

    @property
    def risks(self) -> pd.DataFrame:
        """One row is one key risk indicator."""

    @property
    def illustrative(self) -> int:
        """How many KPIs have an illustrative value."""


def results_csv(report: Report) -> bytes:
    """Return every figure and rating that a report prints, as CSV in UTF-8: one row is one KPI, in the order of the list.

    Figures are at full precision, each with the text that the reports print; days are ISO; a figure that is missing is empty.
    Text that a spreadsheet would take for a formula begins with an apostrophe.
    """
    kpis = report.performance.kpis
    beside = _beside(report)
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    rows = [_record(row, report) | beside.get(str(row["kpi_id"]), dict.fromkeys(BESIDE, "")) for row in wording.rows(kpis)]
    header = list(rows[0]) if rows else ["kpi_id"]
    writer.writerow(header)
    writer.writerows([[_cell(record[name]) for name in header] for record in rows])
    return stream.getvalue().encode("utf-8")


def _record(row: Row, report: Report) -> dict[str, Any]:
    """Return one KPI's record; each group of figures is followed by what the reports print of it."""
    unit, decimals = str(row["unit"]), int(row["decimals"])

    def taken(names: Sequence[str]) -> dict[str, Any]:
        return {name: row[name] for name in names}

    return (
        taken(_REGISTER)
        | taken(_RESULT)
        | {"result_printed": wording.result(row)}
        | taken(_DUE)
        | taken(_TARGET)
        | {"target_printed": wording.target(row), "tolerance_printed": wording.tolerance(row)}
        | taken(_COMPARED)
        | {
            "comparator_printed": ""
            if wording.is_missing(row["comparator_value"])
            else wording.figure(row["comparator_value"], unit, decimals),
            "change_printed": wording.change(row),
        }
        | taken(_RATED)
        | {
            "gap_printed": wording.gap(row),
            "rating_printed": theme.rating_word(str(row["rating"])),
            "rating_move": row["rating_move"],
        }
        | taken(_SERIES)
        | taken(_BENCHMARK)
        | {"variation_printed": signals.printed(row), "beyond_chance_printed": signals.sentences(row)}
        | {"risk_ref": row["risk_ref"]}
    )


def _beside(report: Report) -> dict[str, dict[str, str]]:
    """Return what other tables say of each KPI: its corporate risk, restated results, history, and highlight breakdowns."""
    performance = report.performance
    found: dict[str, dict[str, str]] = {str(kpi): dict.fromkeys(BESIDE, "") for kpi in performance.kpis["kpi_id"]}
    for row in wording.rows(report.risks):
        found[str(row["kpi_id"])] |= {
            "risk_rating": str(row["risk_rating"]),
            "previous_risk_rating": str(row["previous_risk_rating"] or ""),
        }
    restated = ((row["kpi_id"], _restated(row)) for row in wording.rows(performance.restated))
    known = performance.history[performance.history["value"].notna()]
    told = zip(known["kpi_id"], known["period"], known["value"], strict=True)
    history = ((kpi_id, f"{period}: {_exact(value)}") for kpi_id, period, value in told)
    for name, pairs in (("restated", restated), ("history", history)):
        said = defaultdict[str, list[str]](list)
        for kpi_id, text in pairs:
            said[str(kpi_id)].append(text)
        for own, texts in said.items():
            found[own][name] = "; ".join(texts)
    for item in report.highlights:
        for name, frame, label in (
            ("benchmarks", item.benchmarks, "area_name"),
            ("wards", item.wards, "area_name"),
            ("groups", item.contrast, "group"),
        ):
            triples = zip(frame[label], frame["period"], frame["value"], strict=True)
            found[str(item.kpi["kpi_id"])][name] = "; ".join(
                f"{one}, {period}: {_exact(value)}" for one, period, value in triples
            )
    return found


def _restated(row: Row) -> str:
    old, new = f"{_exact(row['old_value'])} ({row['old_rating']})", f"{_exact(row['new_value'])} ({row['new_rating']})"
    return f"{row['period']}: {old}, now {new}"


def _exact(value: Any) -> str:
    return "" if wording.is_missing(value) else repr(float(value))


def _cell(value: Any) -> str:
    """Return a value as the results file writes it."""
    if wording.is_missing(value):
        return ""
    if isinstance(value, pd.Timestamp | datetime):
        return value.date().isoformat()
    if isinstance(value, str):
        return f"'{value}" if value.startswith(FORMULA_STARTS) else value
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value)
