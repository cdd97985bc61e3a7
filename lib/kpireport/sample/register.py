"""The tables of a made-up register."""

import numpy as np
import pandas as pd

from kpireport import periods, schemas
from kpireport.periods import Period, PeriodKind
from kpireport.sample import calendar, places, record
from kpireport.sample.patterns import PATTERNS, SERVICES, Pattern
from kpireport.schemas import definitions
from kpireport.vocabulary import (
    ILLUSTRATIVE,
    HighlightChoice,
    Kind,
    KpiChange,
    MeasureType,
    Polarity,
    Purpose,
    QualityLabel,
    TargetType,
)

COUNCIL = f"""# A made-up council.
name: Sampleford City Council
short_name: Sampleford
place: Sampleford
area: {places.COUNCIL}
brand_colour: "#12436D"
accent_colour: "#28A197"
comparators: [peers, country]
pandemic: [Apr 2020, Jun 2021]
"""
SPREAD = 0.05
"""How far a KPI's own level lies from its pattern's, in proportion (one standard deviation)."""
AMBITION = 0.01
"""How far a target lies beyond the usual value, in proportion (one standard deviation)."""
WITHOUT_TOLERANCE = 0.1
COMMENTED = 10
"""How many KPIs have commentary each quarter."""
CLEARER = 5
"""How many KPIs had their definition made clearer in the last quarter."""


def tables(rng: np.random.Generator, *, kpis: int, years: int) -> dict[str, pd.DataFrame]:
    """Return every table of a register by its place under the data folder; days are texts or days."""
    kpi_table = _definitions(rng, kpis, years)
    patterns = np.arange(kpis) % len(PATTERNS)
    levels = _levels(rng, patterns)
    results = record.results(rng, kpi_table["kpi_id"].to_numpy(), patterns, levels, years=years)
    quarters = list(calendar.rounds(years)["quarter"])[:-1]
    targets = _targets(rng, kpi_table["kpi_id"].to_numpy(), patterns, levels, years=years)
    return {
        "register/kpis": kpi_table,
        "register/targets": targets,
        "register/results": results,
        "register/kpi_changes": _changes(kpi_table, targets, quarters[-1]),
        "register/risks": _risks(quarters),
        "register/barometer": _barometer(rng, quarters),
        "reference/rounds": calendar.rounds(years),
        "reference/benchmarks": record.benchmarks(rng, results, kpi_table),
        "commentary/commentary": _commentary(kpi_table["kpi_id"].head(COMMENTED), quarters),
        "commentary/highlights": _highlights(kpi_table["kpi_id"].head(3), quarters),
        "commentary/escalations": _escalations(kpi_table, quarters),
        **places.tables(),
    }


def _levels(rng: np.random.Generator, patterns: np.ndarray) -> np.ndarray:
    """Return each KPI's own level, near its pattern's. High shares differ in how far they are from 100, and stay below it."""
    usual = np.array([pattern.level for pattern in PATTERNS])[patterns]
    is_high = np.array([pattern.unit == "%" and pattern.level >= 50 for pattern in PATTERNS])[patterns]
    factor = np.exp(rng.normal(size=len(patterns)) * SPREAD)
    levels: np.ndarray = np.where(is_high, 100 - (100 - usual) * factor**3, usual * factor)
    return levels


def _definitions(rng: np.random.Generator, kpis: int, years: int) -> pd.DataFrame:
    """Return the KPI Supporting Information. Patterns take turns, then services, then districts, so that names differ."""
    number = np.arange(kpis)
    chosen = [PATTERNS[place] for place in number % len(PATTERNS)]
    turn = number // len(PATTERNS)
    district = turn // len(SERVICES)
    suffix = np.where(district > 0, [f", district {one}" for one in district + 1], "")
    service = np.array(SERVICES)[turn % len(SERVICES)]
    names = [pattern.name.format(name) + end for pattern, name, end in zip(chosen, service, suffix, strict=True)]
    codes = np.array(places.DIRECTORATES["directorate"])[number % len(places.DIRECTORATES)]
    has_none = rng.random(kpis) < WITHOUT_TOLERANCE
    tolerance = [None if none else pattern.goal.tolerance for pattern, none in zip(chosen, has_none, strict=True)]
    width = max(2, len(str(kpis)))
    frame = pd.DataFrame(
        {
            "kpi_id": [f"{code}-{one + 1:0{width}d}" for code, one in zip(codes, number, strict=True)],
            "kpi_name": names,
            "definition": [f"{name}. Made up; nothing is counted." for name in names],
            "directorate": codes,
            "scrutiny_board": np.array(places.BOARDS["scrutiny_board"])[number % len(places.BOARDS)],
            "pillars": np.array([*places.PILLARS["pillar"], "living; working"])[turn % (len(places.PILLARS) + 1)],
            "plan_theme": np.array(places.PLAN_THEMES["plan_theme"])[number % len(places.PLAN_THEMES)],
            "accountable_officer": [f"Head of {one.title()}" for one in service],
            "key_contacts": [f"Performance Officer, {one.title()} (performance@sampleford.example)" for one in service],
            "purpose": [Purpose.CITY_CONTRIBUTION if _is_public(one) else Purpose.COUNCIL_SERVICE for one in chosen],
            "kind": [Kind.TRACKER if one.polarity is Polarity.NEUTRAL else Kind.KPI for one in chosen],
            "unit": [one.unit for one in chosen],
            "decimals": [one.decimals for one in chosen],
            "polarity": [one.polarity for one in chosen],
            "measure_type": [one.timing.measure_type for one in chosen],
            "frequency": [one.timing.frequency for one in chosen],
            "period_kind": [one.timing.period_kind for one in chosen],
            "lag_months": [one.timing.lag_months for one in chosen],
            "comparator_rule": [one.timing.comparator_rule for one in chosen],
            "target_type": [one.goal.target_type for one in chosen],
            "tolerance": tolerance,
            "tolerance_type": [
                "" if size is None else one.goal.tolerance_type for one, size in zip(chosen, tolerance, strict=True)
            ],
            "dead_band": [one.goal.dead_band for one in chosen],
            "source": [f"Record system for {one}" for one in service],
            "quality_label": [QualityLabel.PUBLIC if _is_public(one) else QualityLabel.MANAGEMENT for one in chosen],
            "risk_ref": np.where(turn % 4 == 0, np.array([f"R {one}" for one in (1, 2, 3)])[number % 3], ""),
            "next_review": str(calendar.OPEN_QUARTER.end),
            "introduced": str(calendar.first_quarter(years)),
        }
    )
    return frame.reindex(columns=list(schemas.KPIS.columns))


def _is_public(pattern: Pattern) -> bool:
    """Tell published statistics, which come with a lag, from what services return."""
    return pattern.timing.lag_months > 0


def _targets(
    rng: np.random.Generator, kpi_ids: np.ndarray, patterns: np.ndarray, levels: np.ndarray, *, years: int
) -> pd.DataFrame:
    """Return targets near the usual value: one a quarter for cumulative measures, otherwise one that stays open."""
    parts = []
    start = calendar.first_quarter(years)
    for place, pattern in enumerate(PATTERNS):
        if pattern.goal.target_type not in (TargetType.VALUE, TargetType.RANGE):
            continue
        ids, usual = kpi_ids[patterns == place], levels[patterns == place]
        goals = usual * (1 + rng.normal(size=len(ids)) * AMBITION)
        if pattern.unit == "%":
            goals = np.minimum(goals, 100)
        if pattern.timing.measure_type is MeasureType.CUMULATIVE:
            for month in range(0, 12 * years, 3):
                quarter = start.shift(month)
                share = quarter.quarter_number / 4
                goal = np.round(goals * share, pattern.decimals)
                profile = f"Q{quarter.quarter_number} of {quarter.financial_year()}: {share:.0%} of the year"
                parts.append(_target_rows(ids, str(quarter), str(quarter), goal, None, profile))
        elif pattern.goal.target_type is TargetType.RANGE:
            lower, upper = np.round(goals * 0.85, pattern.decimals), np.round(goals * 1.15, pattern.decimals)
            parts.append(_target_rows(ids, str(_first(pattern.timing.period_kind, start)), "", lower, upper, "yearly"))
        else:
            goal = np.round(goals, pattern.decimals)
            parts.append(_target_rows(ids, str(_first(pattern.timing.period_kind, start)), "", goal, None, "yearly"))
    return pd.concat(parts, ignore_index=True)


def _first(kind: PeriodKind, quarter: Period) -> Period:
    """Return the period of `kind` that holds the last day of `quarter`, or the last to end before it."""
    return quarter if kind is PeriodKind.QUARTER else periods.last_ended(kind, quarter.end)


def _target_rows(
    ids: np.ndarray, first: str, last: str, target: np.ndarray, upper: np.ndarray | None, profile: str
) -> pd.DataFrame:
    columns = {"kpi_id": ids, "from_period": first, "to_period": last, "target": target, "upper": upper, "profile": profile}
    return pd.DataFrame(columns)


def _changes(kpis: pd.DataFrame, targets: pd.DataFrame, quarter: str) -> pd.DataFrame:
    """Return every KPI as it was added, and then made clearer for the first few."""
    whole = definitions.texts(kpis, targets)
    first = dict(zip(kpis["kpi_id"], kpis["introduced"], strict=True))
    clearer = list(kpis["kpi_id"].head(CLEARER))
    before = {kpi_id: whole[kpi_id] | {"definition": f"{whole[kpi_id]['kpi_name']}."} for kpi_id in clearer}
    rows = [
        (first[kpi_id], kpi_id, KpiChange.ADDED, "", "", definitions.as_one(fields), "Made up with the list.", fields)
        for kpi_id, fields in (whole | before).items()
    ]
    rows += [
        (
            *(quarter, kpi_id, KpiChange.AMENDED, "definition"),
            *(before[kpi_id]["definition"], whole[kpi_id]["definition"], "The definition was made clearer.", whole[kpi_id]),
        )
        for kpi_id in clearer
    ]
    made = [(*row[:-1], str(periods.parse(row[0]).end), definitions.fingerprint(row[1], row[-1])) for row in rows]
    columns = ["quarter", "kpi_id", "change", "field", "old_value", "new_value", "detail", "agreed_on", "fingerprint"]
    return pd.DataFrame(made, columns=columns).assign(agreed_by="Corporate Leadership Team")


def _risks(quarters: list[str]) -> pd.DataFrame:
    risks = pd.DataFrame({"risk_ref": ["R 1", "R 2", "R 3"], "rating": ["Very high", "High", "Medium"]}).assign(
        risk_name=["Too little money", "Too few staff", "Loss of systems"],
        target_rating="Medium",
        owner="Director of Resources",
        summary="No change since the last quarter.",
    )
    return pd.DataFrame({"quarter": quarters}).merge(risks, how="cross")


def _barometer(rng: np.random.Generator, quarters: list[str]) -> pd.DataFrame:
    topics = pd.DataFrame({"topic": ["Bins", "Housing", "Care", "Schools", "Roads"]}).assign(
        directorate=list(places.DIRECTORATES["directorate"])
    )
    table = pd.DataFrame({"quarter": quarters}).merge(topics, how="cross")
    contacts = rng.integers(4_000, 40_000, size=len(table))
    return table.assign(contacts=contacts, complaints=contacts // 400, issue="", producer=ILLUSTRATIVE)


def _commentary(ids: pd.Series, quarters: list[str]) -> pd.DataFrame:
    table = pd.DataFrame({"quarter": quarters}).merge(ids.to_frame(), how="cross")
    due = {quarter: str(periods.parse(quarter).shift(6).end) for quarter in quarters}
    return table.assign(
        reason="Demand rose and posts were vacant.",
        action="Fill the posts.",
        owner="Head of service",
        due_on=table["quarter"].map(due),
        narrative="",
    )


def _highlights(ids: pd.Series, quarters: list[str]) -> pd.DataFrame:
    table = pd.DataFrame({"quarter": quarters}).merge(ids.to_frame(), how="cross")
    return table.assign(choice=HighlightChoice.INCLUDE, reason="Asked for by the team.", chosen_by="Performance Manager")


def _escalations(definitions: pd.DataFrame, quarters: list[str]) -> pd.DataFrame:
    first = definitions[["directorate", "kpi_id"]].head(1)
    table = pd.DataFrame({"quarter": quarters}).merge(first, how="cross")
    return table.assign(matter="Posts cannot be filled.", request="Agree a market supplement.", raised_by="Director")
