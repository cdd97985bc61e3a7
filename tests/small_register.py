"""A small valid register: eight KPIs of a made-up council, written as files or given as frames.

Tests change one cell of `texts()` and write it; nothing here reads a file, so that it can be the oracle of what reading gives.
"""

import csv
import re
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
from kpireport import periods, schemas
from kpireport.periods import parse
from kpireport.schemas import definitions

COUNCIL_AREA = "E08000035"
WARDS = {"E05000001": "Adel", "E05000002": "Beeston", "E05000003": "Chapel"}
COUNCIL_YAML = """\
name: Smallborough Council
short_name: Smallborough
area: E08000035
place: Smallborough
brand_colour: "#005A9C"
accent_colour: "#7A1F5C"
comparators: [core_cities, england]
pandemic: [Apr 2020, Jun 2021]
"""

Rows = list[dict[str, str]]
Texts = dict[str, Rows]
"""The rows of each table (names as in `schemas.TABLES`), every cell as text."""

_KPI = {
    "definition": "What is counted, over what.",
    "pillars": "health_and_wellbeing",
    "plan_theme": "well_run_organisation",
    "accountable_officer": "Chief Officer",
    "key_contacts": "performance.lead@example.org",
    "purpose": "council_service",
    "kind": "kpi",
    "unit": "%",
    "decimals": "1",
    "polarity": "higher_is_better",
    "measure_type": "in_period",
    "frequency": "quarterly",
    "period_kind": "quarter",
    "lag_months": "1",
    "comparator_rule": "previous_period",
    "target_type": "value",
    "source": "Case system",
    "quality_label": "management",
    "introduced": "2020-21 Q1",
}


def _kpis() -> Rows:
    kpis: list[Mapping[str, str]] = [
        {
            "kpi_id": "AH-01",
            "kpi_name": "Reviews done in time",
            "directorate": "AH",
            "scrutiny_board": "AHAL",
            "tolerance": "2",
            "tolerance_type": "absolute",
            "risk_ref": "LCC 1",
        },
        {
            "kpi_id": "CF-01",
            "kpi_name": "Children subject to a plan",
            "directorate": "CF",
            "scrutiny_board": "CF",
            "unit": "per 10,000",
            "polarity": "within_range",
            "measure_type": "annual",
            "frequency": "annual",
            "period_kind": "financial_year",
            "lag_months": "8",
            "comparator_rule": "previous_year",
            "target_type": "range",
            "tolerance": "5",
            "tolerance_type": "absolute",
            "quality_label": "public",
        },
        {
            "kpi_id": "CF-02",
            "kpi_name": "School attendance",
            "directorate": "CF",
            "scrutiny_board": "CF",
            "measure_type": "termly",
            "frequency": "termly",
            "period_kind": "term",
            "comparator_rule": "same_period_last_year",
            "target_type": "increase",
            "dead_band": "0.2",
        },
        {
            "kpi_id": "CD-01",
            "kpi_name": "New homes",
            "directorate": "CD",
            "scrutiny_board": "IIIG",
            "pillars": "inclusive_growth; zero_carbon",
            "unit": "number",
            "decimals": "0",
            "measure_type": "cumulative",
            "comparator_rule": "same_period_last_year",
            "tolerance": "5",
            "tolerance_type": "percent_of_target",
        },
        {
            "kpi_id": "CD-02",
            "kpi_name": "Killed on the roads",
            "directorate": "CD",
            "scrutiny_board": "IIIG",
            "purpose": "city_contribution",
            "kind": "tracker",
            "unit": "number",
            "decimals": "0",
            "polarity": "lower_is_better",
            "measure_type": "annual",
            "frequency": "annual",
            "period_kind": "calendar_year",
            "lag_months": "5",
            "comparator_rule": "previous_year",
            "target_type": "none",
        },
        {
            "kpi_id": "CHE-01",
            "kpi_name": "Missed bins",
            "directorate": "CHE",
            "scrutiny_board": "EHC",
            "unit": "per 100,000",
            "polarity": "lower_is_better",
            "frequency": "monthly",
            "period_kind": "month",
            "tolerance": "10",
            "tolerance_type": "percent_of_target",
        },
        {
            "kpi_id": "SR-01",
            "kpi_name": "Days lost to sickness",
            "directorate": "SR",
            "scrutiny_board": "SR",
            "unit": "days",
            "decimals": "2",
            "polarity": "lower_is_better",
            "measure_type": "rolling_year",
            "period_kind": "rolling_year",
            "comparator_rule": "previous_year",
            "target_type": "decrease",
        },
        {
            "kpi_id": "SR-02",
            "kpi_name": "Calls answered",
            "directorate": "SR",
            "scrutiny_board": "SR",
            "target_type": "none",
            "introduced": "2022-23 Q1",
            "retired": "2024-25 Q1",
        },
    ]
    return _filled("register/kpis", ({**_KPI, **kpi} for kpi in kpis))


def _received(period: str, lag: int) -> str:
    """Return the 15th of the month that is `lag` months after the period's end, as 2024-04-15."""
    end = parse(period).end
    years, month = divmod(end.month - 1 + lag, 12)
    return date(end.year + years, month + 1, 15).isoformat()


def _series(kpi_id: str, periods: Iterable[str], values: str, *, lag: int = 1, **cells: str) -> Rows:
    """Return one first-vintage result for each period; `values` are parted by spaces."""
    return [
        {
            "kpi_id": kpi_id,
            "area": COUNCIL_AREA,
            "group": "all",
            "period": period,
            "value": value,
            "maturity": "final",
            "vintage": "1",
            "received_on": _received(period, lag),
            "producer": "illustrative",
            **cells,
        }
        for period, value in zip(periods, values.split(), strict=True)
    ]


QUARTERS = [f"{year}-{(year + 1) % 100} Q{number}" for year in (2022, 2023, 2024) for number in (1, 2, 3, 4)][:10]
MONTHS = [f"{month} {year}" for year in (2023, 2024) for month in periods.MONTHS][3:21]
TERMS = [f"{year}/{(year + 1) % 100} {name}" for year in (2022, 2023) for name in ("Autumn", "Spring", "Summer")]
YEARS_TO = [f"Year to {month} {year}" for year in (2022, 2023, 2024) for month in ("Mar", "Jun", "Sep", "Dec")][1:11]


def _results() -> Rows:
    plans = _series("CF-01", ["2021-22", "2022-23", "2023-24"], "41.2 40.3 39.6", lag=6, producer="DfE", maturity="provisional")
    counted = zip(plans, ("712", "701", "690"), ("172800", "174000", "174200"), strict=True)
    plans = [row | {"numerator": part, "denominator": whole} for row, part, whole in counted]
    revised = plans[-1] | {"value": "38.7", "numerator": "674", "denominator": "174160", "maturity": "final", "vintage": "2"}
    deaths = _series("CD-02", ["2021", "2022", "2023"], "20 27 13", lag=5, producer="DfT")
    wards = [
        deaths[-1] | {"area": area, "value": value, "producer": "illustrative"}
        for area, value in zip(WARDS, ("6", "4", "3"), strict=True)
    ]
    return _filled(
        "register/results",
        [
            *_series("AH-01", QUARTERS, "91.0 92.5 93.1 92.8 94.0 93.7 94.4 95.2 95.9 94.96"),
            *_series("AH-01", QUARTERS[-2:], "88.1 89.4", group="most deprived tenth"),
            *plans,
            revised | {"received_on": "2024-10-01", "note": "Revised with the 2024 release."},
            *_series("CF-02", TERMS, "92.1 91.4 91.9 92.6 92.2 92.3"),
            *_series("CD-01", QUARTERS, "310 705 1100 1620 295 640 1010 1588 330 741"),
            *deaths,
            *wards,
            *_series(
                "CHE-01", MONTHS, "61.2 58.0 57.7 60.1 63.4 59.9 55.0 52.8 51.7 54.9 56.2 57.0 53.3 50.9 49.8 51.2 50.4 48.7"
            ),
            *_series("SR-01", YEARS_TO, "13.10 13.24 13.31 13.05 12.90 12.71 12.66 12.48 12.40 12.35"),
            *_series("SR-02", QUARTERS[:8], "80.1 81.0 79.5 78.8 82.3 83.1 84.0 82.9"),
        ],
    )


def _targets() -> Rows:
    profiled = [("1", "320"), ("2", "720"), ("3", "1150"), ("4", "1650")]
    return _filled(
        "register/targets",
        [
            {"kpi_id": "AH-01", "from_period": "2022-23 Q1", "to_period": "2023-24 Q4", "target": "94", "profile": "yearly"},
            {"kpi_id": "AH-01", "from_period": "2024-25 Q1", "target": "95.0", "profile": "yearly"},
            {"kpi_id": "CF-01", "from_period": "2021-22", "target": "30", "upper": "40"},
            *(
                {
                    "kpi_id": "CD-01",
                    "from_period": f"{year} Q{number}",
                    "to_period": f"{year} Q{number}",
                    "target": target,
                    "profile": f"Q{number} of {year}",
                }
                for year in ("2022-23", "2023-24", "2024-25")
                for number, target in profiled
            ),
            {"kpi_id": "CHE-01", "from_period": "Apr 2023", "target": "55"},
        ],
    )


def _filled(table: str, rows: Iterable[Mapping[str, str]]) -> Rows:
    """Return the rows with every column of the table, in its order; a cell that is not given is empty."""
    columns = list(schemas.TABLES[table].columns)
    rows = list(rows)
    assert not {name for row in rows for name in row} - set(columns)
    return [{column: row.get(column, "") for column in columns} for row in rows]


_REFERENCE: dict[str, Rows] = {
    "register/risks": [
        {
            "quarter": quarter,
            "risk_ref": "LCC 1",
            "risk_name": "Safeguarding adults",
            "rating": rating,
            "target_rating": "Medium",
            "owner": "Director of Adults and Health",
            "summary": "Reviews are being brought up to date.",
        }
        for quarter, rating in (("2024-25 Q1", "Very high"), ("2024-25 Q2", "High"))
    ],
    "register/barometer": [
        {
            "quarter": quarter,
            "topic": "Bins",
            "directorate": "CHE",
            "contacts": contacts,
            "complaints": "41",
            "issue": "Missed collections after a change of rounds.",
            "producer": "illustrative",
        }
        for quarter, contacts in (("2023-24 Q2", "9120"), ("2024-25 Q1", "8804"), ("2024-25 Q2", "8410"))
    ],
    "reference/rounds": [
        {
            "quarter": quarter,
            "returns_due_on": f"{day}-21",
            "cut_off_on": f"{day}-28",
            "dmt_on": f"{day}-29",
            "clt_on": clt_on,
        }
        for quarter, day, clt_on in (
            ("2023-24 Q4", "2024-04", "2024-05-14"),
            ("2024-25 Q1", "2024-07", "2024-08-13"),
            ("2024-25 Q2", "2024-10", "2024-11-12"),
        )
    ],
    "reference/directorates": [
        {"directorate": code, "directorate_name": name, "director": f"Director of {name}", "contact": f"{code}@example.org"}
        for code, name in (
            ("AH", "Adults and Health"),
            ("CF", "Children and Families"),
            ("CD", "City Development"),
            ("CHE", "Communities, Housing and Environment"),
            ("SR", "Strategy and Resources"),
        )
    ],
    "reference/board_choices": [
        {"scrutiny_board": "EHC", "order_by": "pillar", "history_years": "3", "shows": "history; benchmarks"},
    ],
    "reference/boards": [
        {"scrutiny_board": code, "board_name": name}
        for code, name in (
            ("AHAL", "Adults, Health and Active Lifestyles"),
            ("CF", "Children and Families"),
            ("EHC", "Environment, Housing and Communities"),
            ("IIIG", "Infrastructure, Investment and Inclusive Growth"),
            ("SR", "Strategy and Resources"),
        )
    ],
    "reference/pillars": [
        {"pillar": code, "pillar_name": name}
        for code, name in (
            ("health_and_wellbeing", "Health and Wellbeing"),
            ("inclusive_growth", "Inclusive Growth"),
            ("zero_carbon", "Zero Carbon"),
        )
    ],
    "reference/plan_themes": [{"plan_theme": "well_run_organisation", "plan_theme_name": "A well-run organisation"}],
    "reference/areas": [
        {"area": COUNCIL_AREA, "area_name": "Smallborough", "area_type": "local_authority"},
        {"area": "E08000003", "area_name": "Manchester", "area_type": "local_authority"},
        {"area": "E92000001", "area_name": "England", "area_type": "country"},
        *({"area": code, "area_name": name, "area_type": "ward", "boundaries": "2018"} for code, name in WARDS.items()),
    ],
    "reference/comparator_sets": [
        {"comparator_set": "core_cities", "comparator_set_name": "Core Cities", "area": "E08000003"},
        {"comparator_set": "england", "comparator_set_name": "England", "area": "E92000001"},
    ],
    "reference/benchmarks": [
        {"kpi_id": "CF-01", "area": area, "period": "2023-24", "value": value, "producer": "DfE"}
        for area, value in (("E08000003", "45.1"), ("E92000001", "41.6"))
    ],
    "commentary/commentary": [
        {
            "quarter": "2024-25 Q2",
            "kpi_id": "CF-02",
            "reason": "Illness in the summer term.",
            "action": "Attendance officers visit the ten schools with the lowest attendance.",
            "owner": "Head of Learning Inclusion",
            "due_on": "2025-03-31",
        },
    ],
    "commentary/highlights": [
        {
            "quarter": "2024-25 Q2",
            "kpi_id": "CF-02",
            "choice": "include",
            "reason": "Asked for by the board.",
            "chosen_by": "Head of Intelligence and Policy",
        },
    ],
    "commentary/escalations": [
        {
            "quarter": "2024-25 Q2",
            "directorate": "CHE",
            "kpi_id": "CHE-01",
            "matter": "Vehicles are past their replacement date.",
            "request": "Agree the replacement programme.",
            "raised_by": "Director of Communities, Housing and Environment",
        },
    ],
    "survey/responses": [
        {
            "year": "2024",
            "directorate": "CHE",
            "question": "Escalation of Concerns",
            "answer": answer,
            "respondent": respondent,
            "producer": "illustrative",
        }
        for respondent, answer in (("1", "Well embedded"), ("2", ""))
    ],
}


def texts() -> Texts:
    """Return every table's rows as text; a new copy at each call, so that a test may change a cell."""
    tables = {"register/kpis": _kpis(), "register/targets": _targets(), "register/results": _results(), **_REFERENCE}
    tables["register/kpi_changes"] = _agreed(tables["register/kpis"], tables["register/targets"])
    return {table: _filled(table, tables.get(table, [])) for table in schemas.TABLES}


def agreed(tables: Texts) -> Texts:
    """Return the tables with every definition on record as agreed, unless the test has a record of its own."""
    given, own = tables.get("register/kpi_changes"), {"register/kpis", "register/targets"}
    if given is None or given != texts()["register/kpi_changes"] or not own <= tables.keys():
        return tables
    made = _agreed(tables["register/kpis"], tables["register/targets"])
    return {**tables, "register/kpi_changes": _filled("register/kpi_changes", made)}


def _agreed(kpis: Rows, targets: Rows) -> Rows:
    """Return a row for each KPI as it was added, and one more for each that was retired since."""
    rows = []
    for kpi in kpis:
        kpi_id = kpi.get("kpi_id", "")
        if not re.fullmatch(schemas.KPI_ID, kpi_id) or kpi_id in {row["kpi_id"] for row in rows}:
            continue  # that is faulted where it is written
        fields = {name: _plain(kpi.get(name, "")) for name in definitions.DEFINING if kpi.get(name)}
        for one in targets:
            if one.get("kpi_id") == kpi_id:
                figures = [_plain(one.get(name, "")) for name in ("target", "upper")]
                text = definitions.target_text(*figures, one.get("to_period", ""), one.get("profile", ""))
                fields[definitions.TARGET_FROM + one.get("from_period", "")] = text
        retired = fields.pop("retired", "")
        said = {"kpi_id": kpi_id, "agreed_by": "Best Council Team"}
        rows.append(
            {
                **said,
                "quarter": "2020-21 Q1",
                "change": "added",
                "new_value": definitions.as_one(fields),
                "detail": "On the list when this record began.",
                "agreed_on": "2020-05-20",
                "fingerprint": definitions.fingerprint(kpi_id, fields),
            }
        )
        if retired:
            rows.append(
                {
                    **said,
                    "quarter": "2024-25 Q1",
                    "change": "retired",
                    "field": "retired",
                    "new_value": retired,
                    "detail": "Replaced by the web contact measure.",
                    "agreed_on": "2024-05-20",
                    "fingerprint": definitions.fingerprint(kpi_id, {**fields, "retired": retired}),
                }
            )
    return rows


def _plain(text: str) -> str:
    """Return a number without needless zeros, and a list without needless spaces."""
    if re.fullmatch(r"-?[0-9]+\.[0-9]*0", text):
        return text.rstrip("0").rstrip(".")
    return "; ".join(word.strip() for word in text.split(";"))


def frames(tables: Texts | None = None) -> dict[str, pd.DataFrame]:
    """Return the frames that reading gives, by the last word of each table's name, made by plain conversion."""
    made = {}
    for table, rows in (texts() if tables is None else tables).items():
        frame = pd.DataFrame({column: [row[column] for row in rows] for column in schemas.TABLES[table].columns}, dtype="str")
        frame.index = pd.RangeIndex(2, len(rows) + 2, name="row")
        for name, column in schemas.TABLES[table].columns.items():
            match (column.metadata or {})["format"]:
                case "number":
                    frame[name] = pd.Series([float(text or "nan") for text in frame[name]], frame.index, dtype="float64")
                case "whole":
                    frame[name] = pd.Series([int(text) if text else pd.NA for text in frame[name]], frame.index, dtype="Int64")
                case "day":
                    frame[name] = pd.to_datetime(frame[name].where(frame[name].ne("")), format="%Y-%m-%d").astype("datetime64[s]")
        made[table.split("/")[1]] = frame
    return made


def write(folder: Path, tables: Texts | None = None, *, xlsx: Iterable[str] = ()) -> Path:
    """Write the tables under `folder`/data, those named in `xlsx` as workbooks, and council.yaml beside; return `folder`/data."""
    (folder / "council.yaml").write_text(COUNCIL_YAML, encoding="utf-8")
    for table, rows in agreed(texts() if tables is None else tables).items():
        path = folder / "data" / table
        path.parent.mkdir(parents=True, exist_ok=True)
        columns = list(rows[0]) if rows else list(schemas.TABLES[table].columns)
        if table in xlsx:
            write_workbook(path.with_suffix(".xlsx"), table, columns, rows)
        else:
            with path.with_suffix(".csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, columns)
                writer.writeheader()
                writer.writerows(rows)
    return folder / "data"


def write_workbook(path: Path, table: str, columns: list[str], rows: Rows) -> None:
    """Write a table as Excel users do: numbers as numbers and days as dates where the text is one, all else as text."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = table.split("/")[1]
    sheet.append(columns)
    formats = {name: (column.metadata or {})["format"] for name, column in schemas.TABLES[table].columns.items()}
    for row in rows:
        sheet.append([_cell(text, formats.get(column, "text")) for column, text in row.items()])
    book.save(path)


def _cell(text: str, format: str) -> str | int | float | date | None:
    try:
        match format:
            case "number" | "whole":
                return float(text) if "." in text else int(text)
            case "day":
                return date.fromisoformat(text)
    except ValueError:
        pass
    return text or None
