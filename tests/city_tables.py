"""The small register with a scorecard: three indicators, an index of three wards, two quotations."""

from types import SimpleNamespace
from typing import Any

import pandas as pd
import small_register
from kpireport import periods
from kpireport.rules import city_scorecard

YEAR = periods.parse("2023-24")
OWN = {
    "indicator_name": "Income per person",
    "definition": "Income over residents.",
    "unit": "£",
    "decimals": "0",
    "polarity": "higher_is_better",
    "period_kind": "calendar_year",
    "source": "ONS",
}


def _outcome(area: str, period: str, value: str, published_on: str) -> dict[str, str]:
    return {"area": area, "period": period, "value": value, "published_on": published_on}


SCORECARD: dict[str, list[dict[str, str]]] = {
    "scorecard/indicators": [
        {"bca_indicator": "BCA-03", "order": "1", "pillar": "zero_carbon", "kpi_id": "CHE-01", "is_marmot": "no"},
        {"bca_indicator": "BCA-02", "order": "2", "pillar": "inclusive_growth", "is_marmot": "no", **OWN},
        {
            "bca_indicator": "BCA-01",
            "order": "3",
            "pillar": "health_and_wellbeing",
            "kpi_id": "AH-01",
            "is_marmot": "yes",
            "spi_component": "homes",
        },
    ],
    "scorecard/outcomes": [
        {"bca_indicator": "BCA-02", "group": "all", "producer": "illustrative", **row}
        for row in (
            _outcome("E08000035", "2021", "100", "2023-01-10"),
            _outcome("E08000035", "2022", "110", "2024-01-10"),
            _outcome("E08000035", "2023", "150", "2024-06-01"),
            _outcome("E08000003", "2022", "105", "2024-01-10"),
            _outcome("E92000001", "2022", "121", "2024-01-10"),
            _outcome("E92000001", "2023", "99", "2024-06-01"),
        )
    ],
    "scorecard/index_hierarchy": [
        {"node": "spi", "node_name": "Index", "weight": "1"},
        {"node": "needs", "node_name": "Needs", "parent": "spi", "weight": "1"},
        {"node": "homes", "node_name": "Homes", "parent": "needs", "weight": "1"},
        {
            "node": "crowding",
            "node_name": "Crowded homes",
            "parent": "homes",
            "weight": "1",
            "polarity": "lower_is_better",
            "unit": "%",
            "low": "0",
            "high": "20",
        },
        {"node": "reviews", "parent": "homes", "weight": "3", "kpi_id": "AH-01", "low": "0", "high": "100"},
    ],
    "scorecard/index_values": [
        {"node": "crowding", "area": area, "period": "2023-24", "value": value, "producer": "illustrative"}
        for area, value in zip(small_register.WARDS, ("2", "10", "18"), strict=True)
    ],
    "scorecard/community_voice": [
        {
            "quote": quote,
            "source": "Resident, drop-in",
            "collected_on": "2024-02-01",
            "consent": consent,
            "pillar": "zero_carbon",
            "producer": "illustrative",
        }
        for quote, consent in (("The lane stops.", "yes"), ("Do not print this.", "no"))
    ],
    "reference/ward_tiles": [
        {"area": area, "row": str(row), "column": "1"} for row, area in enumerate(small_register.WARDS, start=1)
    ],
}


def texts() -> small_register.Texts:
    """Return the tables as text, with results that only the scorecard needs."""
    tables = small_register.texts()
    rows = [row for row in tables["register/results"] if row["kpi_id"] == "AH-01" and row["period"] == "2023-24 Q4"]
    tables["register/results"] += [row | {"group": "most deprived tenth", "value": "88.0"} for row in rows]
    wards = zip(small_register.WARDS, ("40", "60", "70"), strict=True)
    tables["register/results"] += [row | {"area": area, "value": value} for row in rows for area, value in wards]
    filled = {name: small_register._filled(name, rows) for name, rows in SCORECARD.items()}
    return tables | filled


def frames() -> dict[str, pd.DataFrame]:
    """Return the tables as reading gives them."""
    return small_register.frames(texts())


def scorecard(*, is_public: bool = True, tables: dict[str, pd.DataFrame] | None = None) -> Any:
    """Return the scorecard of 2023-24."""
    given = frames() if tables is None else tables
    return city_scorecard.assemble(
        SimpleNamespace(**given),
        year=YEAR,
        area=small_register.COUNCIL_AREA,
        comparators=("core_cities", "england"),
        is_public=is_public,
    )
