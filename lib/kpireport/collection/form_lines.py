"""The rows of a return workbook: which result each is for, and what its locked cells say."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from kpireport.collection import form_wording
from kpireport.collection.asking import Asking
from kpireport.collection.return_form import BREAKDOWNS, COUNT_LIMITS, EARLIER, FREE_ROWS, RESULTS, FormRow, RowKind, limits
from kpireport.presentation import wording
from kpireport.presentation.markup import clean
from kpireport.vocabulary import ALL_PEOPLE


@dataclass(frozen=True)
class Line:
    """One row of a table as it is to be written."""

    asks: FormRow
    shown: Mapping[str, str | float]
    """What stands in the locked cells; a column that is not named is empty."""
    value_limits: tuple[float, float] = COUNT_LIMITS
    decimals: int = 0


def results(asking: Asking, asked: pd.DataFrame, earlier: pd.DataFrame) -> list[Line]:
    """Return the rows of `Results`: one is one row of `asked`; commentary is asked for on the latest period of each KPI."""
    said = {kpi_id: form_wording.last_results(rows) for kpi_id, rows in earlier.groupby("kpi_id", sort=False)}
    values = _values(asking, asked)
    latest = ~asked.duplicated("kpi_id")
    lines = []
    for number, ((_, row), is_latest) in enumerate(zip(asked.iterrows(), latest, strict=True)):
        kind = RowKind.DUE if row["is_new"] else RowKind.AWAITED
        lines.append(
            Line(
                FormRow(
                    sheet=RESULTS.name,
                    row=RESULTS.first_row + number,
                    kind=kind,
                    kpi_id=str(row["kpi_id"]),
                    area=asking.council.area,
                    group=ALL_PEOPLE,
                    period=str(row["period"]),
                    has_counts=bool(row["has_counts"]),
                    has_commentary=bool(is_latest),
                ),
                {
                    "kpi_id": str(row["kpi_id"]),
                    "kpi_name": on_one_line(str(row["kpi_name"])),
                    "definition": clean(str(row["definition"])),
                    "unit": on_one_line(str(row["unit"])),
                    "last_results": said.get(str(row["kpi_id"]), "None yet"),
                    "target": form_wording.target(row),
                    "asked": form_wording.ASKED[kind] if kind is RowKind.DUE else f"Still awaited since {row['fell_due']}",
                    "period": str(row["period"]),
                },
                limits(str(row["unit"]), values.get(str(row["kpi_id"]), ())),
            )
        )
    return lines


def breakdowns(asking: Asking, rows: pd.DataFrame) -> list[Line]:
    """Return the rows of `Wards and groups`: one is one row of `Asking.breakdowns`."""
    values = _values(asking, rows)
    return [
        Line(
            FormRow(
                sheet=BREAKDOWNS.name,
                row=BREAKDOWNS.first_row + number,
                kind=RowKind.DUE,
                kpi_id=str(row["kpi_id"]),
                area=str(row["area"]),
                group=str(row["group"]),
                period=str(row["period"]),
                has_counts=bool(row["has_counts"]),
                has_commentary=False,
            ),
            {
                "kpi_id": str(row["kpi_id"]),
                "kpi_name": on_one_line(str(row["kpi_name"])),
                "area_name": on_one_line(str(row["area_name"])),
                "area": str(row["area"]),
                "group": on_one_line(str(row["group"])),
                "unit": on_one_line(str(row["unit"])),
                "last_results": form_wording.last_result(row),
                "period": str(row["period"]),
            },
            limits(str(row["unit"]), values.get(str(row["kpi_id"]), ())),
        )
        for number, (_, row) in enumerate(rows.iterrows())
    ]


def earlier(asking: Asking, rows: pd.DataFrame, asked: pd.DataFrame) -> list[Line]:
    """Return the rows of `Earlier results`: one is one row of `Asking.earlier`; then the free rows."""
    values = _values(asking, rows)
    has_counts = dict(zip(asked["kpi_id"], asked["has_counts"], strict=True))
    lines = []
    for number, (_, row) in enumerate(rows.iterrows()):
        figures = {
            f"held_{name}": float(row[name])
            for name in ("value", "numerator", "denominator")
            if not wording.is_missing(row[name])
        }
        shown = {
            "kpi_id": str(row["kpi_id"]),
            "kpi_name": on_one_line(str(row["kpi_name"])),
            "unit": on_one_line(str(row["unit"])),
            "period": str(row["period"]),
            "held_words": form_wording.held(row),
        }
        lines.append(
            Line(
                _earlier_row(asking, number, RowKind.EARLIER, shown["kpi_id"], shown["period"], has_counts[row["kpi_id"]]),
                {**shown, **figures},
                limits(str(row["unit"]), values.get(str(row["kpi_id"]), ())),
                int(row["decimals"]),
            )
        )
    free = range(len(lines), len(lines) + FREE_ROWS)
    most = max((high for line in lines for high in line.value_limits), default=COUNT_LIMITS[1])
    lines += [Line(_earlier_row(asking, number, RowKind.FREE, "", "", True), {}, (-most, most)) for number in free]
    return lines


def _earlier_row(asking: Asking, number: int, kind: RowKind, kpi_id: str, period: str, has_counts: bool) -> FormRow:
    return FormRow(
        sheet=EARLIER.name,
        row=EARLIER.first_row + number,
        kind=kind,
        kpi_id=kpi_id,
        area=asking.council.area,
        group=ALL_PEOPLE,
        period=period,
        has_counts=bool(has_counts),
        has_commentary=False,
    )


def _values(asking: Asking, rows_of: pd.DataFrame) -> dict[str, list[float]]:
    """Return the values that each KPI of some rows has had."""
    history = asking.performance.history
    rows = history[history["kpi_id"].isin(rows_of["kpi_id"])].dropna(subset=["value"])
    return {str(kpi_id): values.tolist() for kpi_id, values in rows.groupby("kpi_id", sort=False)["value"]}


def on_one_line(text: str) -> str:
    """Return `text` without line ends and what no page shows."""
    return " ".join(clean(text).split())
