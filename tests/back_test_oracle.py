"""A quarter's report worked out a second time, plainly: one KPI at a time, in decimals, straight from the CSV files.

It shares no code with the rules: definitions are walked forward from the day a KPI was added (the rules undo what came later),
results are looked up one by one, and periods are counted in months here.
"""

import csv
import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from rules.oracles import direction_by_hand, rate_by_hand

MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
TERMS = {"Autumn": (9, 12, 0), "Spring": (1, 3, 1), "Summer": (4, 7, 1)}
EVERY = {"monthly": 1, "quarterly": 3, "annual": 12, "biennial": 24, "termly": 12}
AT_LEAST = {"month": 1, "quarter": 3, "rolling_year": 1}
USUAL_END = {"financial_year": 3, "calendar_year": 12, "academic_year": 8, "pooled_years": 12, "quarter": 3, "rolling_year": 3}
JUDGED = ("value", "range")


@dataclass(frozen=True)
class Span:
    """A period as its first and last month, counted from year 0."""

    first: int
    last: int
    kind: str

    @property
    def start(self) -> date:
        return date(self.first // 12, self.first % 12 + 1, 1)

    @property
    def end(self) -> date:
        year, month = divmod(self.last, 12)
        return date(year, month + 1, monthrange(year, month + 1)[1])

    def moved(self, months: int) -> "Span":
        return Span(self.first + months, self.last + months, self.kind)


def span(text: str) -> Span:
    """Return the months that a period covers."""

    def month(year: str | int, number: int) -> int:
        return int(year) * 12 + number - 1

    if found := re.fullmatch(r"(\d{4})-\d\d Q([1-4])", text):
        first = month(found[1], 4) + 3 * (int(found[2]) - 1)
        return Span(first, first + 2, "quarter")
    if found := re.fullmatch(r"(\d{4})/\d\d (\w+)", text):
        begins, ends, later = TERMS[found[2]]
        return Span(month(int(found[1]) + later, begins), month(int(found[1]) + later, ends), "term")
    if found := re.fullmatch(r"(\d{4})-\d\d", text):
        return Span(month(found[1], 4), month(found[1], 4) + 11, "financial_year")
    if found := re.fullmatch(r"(\d{4})/\d\d", text):
        return Span(month(found[1], 9), month(found[1], 9) + 11, "academic_year")
    if found := re.fullmatch(r"Year to (\w+) (\d{4})", text):
        last = month(found[2], MONTHS.index(found[1]) + 1)
        return Span(last - 11, last, "rolling_year")
    if found := re.fullmatch(r"(\d{4}) to (\d{4})", text):
        return Span(month(found[1], 1), month(found[2], 12), "pooled_years")
    if found := re.fullmatch(r"(\w{3}) (\d{4})", text):
        return Span(month(found[2], MONTHS.index(found[1]) + 1), month(found[2], MONTHS.index(found[1]) + 1), "month")
    return Span(month(text, 1), month(text, 12), "calendar_year")


class Register:
    """The tables of a data folder as text."""

    def __init__(self, data: Path, area: str) -> None:
        def table(name: str) -> list[dict[str, str]]:
            with (data / f"{name}.csv").open(encoding="utf-8", newline="") as file:
                return list(csv.DictReader(file))

        self.ids = [row["kpi_id"] for row in table("register/kpis")]
        self.changes = table("register/kpi_changes")
        self.cut_offs = {row["quarter"]: row["cut_off_on"] for row in table("reference/rounds")}
        own = [row for row in table("register/results") if row["area"] == area and row["group"] == "all"]
        self.results: dict[str, list[dict[str, str]]] = {kpi_id: [] for kpi_id in self.ids}
        for row in own:
            self.results[row["kpi_id"]].append(row)

    def definition(self, kpi_id: str, quarter: str, day: str) -> dict[str, str]:
        """Return a definition as agreed by a day for a quarter, walked forward from the day on which the KPI was added."""
        fields: dict[str, str] = {}
        for row in self.changes:
            if row["kpi_id"] != kpi_id:
                continue
            if row["change"] == "added":
                for part in row["new_value"].split(" | "):
                    name, _, text = part.partition(": ")
                    fields[name] = re.sub(r"\\(.)", r"\1", text)
            elif row["quarter"] <= quarter and row["agreed_on"] <= day:
                fields[row["field"]] = row["new_value"]
        return {name: text for name, text in fields.items() if text}

    def known(self, kpi_id: str, day: str, by: date) -> dict[Span, dict[str, str]]:
        """Return the latest vintage of each of a KPI's results received by a day, for periods that had ended."""
        latest: dict[Span, dict[str, str]] = {}
        for row in self.results[kpi_id]:
            period = span(row["period"])
            if row["received_on"] <= day and period.end <= by:
                held = latest.get(period)
                if held is None or int(row["vintage"]) > int(held["vintage"]):
                    latest[period] = row
        return dict(sorted(latest.items(), key=lambda one: one[0].end))


def owed(kpi: dict[str, str], known: dict[Span, dict[str, str]], by: date) -> Span | None:
    """Return the latest period whose result had fallen due, lag and all; None when none had."""
    last = by.year * 12 + by.month - 1 - int(kpi["lag_months"])
    kind, often = kpi["period_kind"], kpi["frequency"]
    if kind == "term" and often == "termly":
        years = range(last // 12 - 2, last // 12 + 1)
        ended = [one for year in years for name in TERMS if (one := span(f"{year}/00 {name}")).last <= last]
        found = max(ended, key=lambda one: one.last)
    else:
        step = max(EVERY[often], AT_LEAST.get(kind, 12))
        held = next(iter(known), None) or (span(kpi["baseline_period"]) if kpi.get("baseline_period") else None)
        if held is None and often == "biennial":
            return None
        if held is None:
            ends = 24_000 + USUAL_END.get(kind, 1) - 1
            length = {"month": 1, "quarter": 3, "pooled_years": 36}.get(kind, 12)
            held = Span(ends - length + 1, ends, kind)
        found = held.moved((last - held.last) // step * step)
    joined = span(kpi["introduced"]).start
    is_asked = found.end >= joined or (known and found.end >= next(iter(known)).end)
    return found if is_asked else None


def target_of(kpi: dict[str, str], on: date) -> tuple[str | None, str | None]:
    """Return the target, and the upper end of a range, that was in force on a day."""
    if kpi["target_type"] not in JUDGED or kpi["kind"] == "tracker":
        return None, None
    best: tuple[date, str] | None = None
    for name, text in kpi.items():
        if name.startswith("target from "):
            period = span(name.removeprefix("target from "))
            begins = period.end if period.kind in ("rolling_year", "pooled_years") else period.start
            if begins <= on and (best is None or begins > best[0]):
                best = begins, text
    if best is None:
        return None, None
    found = re.fullmatch(r"(-?[\d.]+)(?: to (-?[\d.]+))?(?: until ([^,]+))?(?:, .*)?", best[1])
    assert found, best
    if found[3] and span(found[3]).end < on:
        return None, None
    return found[1], found[2] if kpi["target_type"] == "range" else None


def earlier(kpi: dict[str, str], period: Span) -> Span:
    """Return the period with which a result is compared."""
    if period.kind == "pooled_years":
        return period.moved(-(period.last - period.first + 1))
    if kpi["frequency"] == "biennial":
        return period.moved(-24)
    if kpi["measure_type"] in ("cumulative", "rolling_year") or period.kind == "rolling_year":
        return period.moved(-12)
    if kpi["comparator_rule"] != "previous_period":
        return period.moved(-12)
    if period.kind == "term" and kpi["frequency"] == "termly":
        return max((one for one in _terms(period) if one.last < period.last), key=lambda one: one.last)
    return period.moved(-max(EVERY[kpi["frequency"]], AT_LEAST.get(period.kind, 12)))


def _terms(period: Span) -> list[Span]:
    return [span(f"{year}/00 {name}") for year in range(period.first // 12 - 2, period.first // 12 + 1) for name in TERMS]


def judged(kpi: dict[str, str], period: Span | None, value: str, known: dict[Span, dict[str, str]], on: date) -> dict:
    """Return what the rules say of one result: its target, its comparator, its colour and its direction."""
    target, upper = target_of(kpi, on)
    compared = known.get(earlier(kpi, period)) if period else None
    since = kpi.get("comparable_from")
    if compared and since and span(compared["period"]).start < span(since).start:
        compared = None
    case = {
        **{name: kpi.get(name) for name in ("kind", "target_type", "polarity", "tolerance", "tolerance_type", "dead_band")},
        "decimals": int(kpi["decimals"]),
        **{"value": value or None, "target": target, "upper": upper},
        "comparator_value": (compared["value"] or None) if compared else None,
    }
    return {"target": target, "rag": rate_by_hand(case), "direction": direction_by_hand(case)}


def shown(register: Register, kpi: dict[str, str], kpi_id: str, day: str, by: date) -> dict:
    """Return what the report of the quarter that ends on `by`, as known on `day`, shows of one KPI."""
    known = register.known(kpi_id, day, by)
    due = owed(kpi, known, by)
    with_value = [period for period, row in known.items() if row["value"]]
    newest = next(reversed(known), None)
    period = with_value[-1] if with_value else newest
    row = known[period] if period else None
    if with_value and (due is None or period.end >= due.end):
        state = ""
    elif due is None:
        state = "not_due"
    elif newest and newest.end >= due.end and known[newest]["absence"]:
        state = known[newest]["absence"]
    else:
        state = "awaited"
    on = period.end if period else due.end if due else by
    said = judged(kpi, period, row["value"] if row else "", known, on)
    return {
        **{"kpi_id": kpi_id, "period": row["period"] if row else "", "target": said["target"]},
        "value": Decimal(row["value"]) if row and row["value"] else None,
        "direction": said["direction"],
        "rating": state or said["rag"] or "not_rated",
        "basis": _basis(kpi) if not state and said["rag"] else "none",
    }


def _basis(kpi: dict[str, str]) -> str:
    return "target" if kpi["target_type"] in JUDGED else "directional"


def report(register: Register, quarter: str, day: str) -> dict[str, dict]:
    """Return what a quarter's report as known on a day shows of each KPI on its list."""
    by = span(quarter).end
    told = {}
    for kpi_id in register.ids:
        kpi = register.definition(kpi_id, quarter, day)
        if span(kpi["introduced"]).end <= by and not (kpi.get("retired") and span(kpi["retired"]).end <= by):
            told[kpi_id] = shown(register, kpi, kpi_id, day, by)
    return told


def restated(register: Register, quarter: str, days: tuple[str, str], judged_on: tuple[str, str]) -> list[tuple]:
    """Return the results that a report knew with other figures, or would rate otherwise, by KPI and period.

    `days` are those of the record then and now, `judged_on` those of the definitions that rate the one and the other.
    """
    by, found = span(quarter).end, []
    for kpi_id in report(register, quarter, judged_on[0]):
        before, now = (register.known(kpi_id, day, by) for day in days)
        old_kpi, new_kpi = (register.definition(kpi_id, quarter, day) for day in judged_on)
        rows = []
        for period, old in before.items():
            new = now[period]
            if not old["value"]:
                continue
            ratings = []
            for kpi, row, known in ((old_kpi, old, before), (new_kpi, new, now)):
                rag = judged(kpi, period, row["value"], known, period.end)["rag"]
                ratings.append(rag or row["absence"] or "not_rated")
            is_revised = any(
                old[name] and _number(old[name]) != _number(new[name]) and (new[name] or name == "value")
                for name in ("value", "numerator", "denominator")
            )
            rows.append((is_revised, (kpi_id, old["period"], _number(old["value"]), _number(new["value"]), *ratings)))
        if any(is_revised for is_revised, _ in rows):
            found += [row for is_revised, row in rows if is_revised or row[4] != row[5]]
    return found


def _number(text: str) -> Decimal | None:
    return Decimal(text) if text else None
