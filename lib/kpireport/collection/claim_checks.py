"""Check what a claim means: its KPI, its period, its figures and its words, against the KPI list and the values so far.

What cannot be right is a fault, and the row is refused; what may be right is a question, and the row is taken in as it stands.
"""

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from kpireport import periods
from kpireport.collection.claims import Claim
from kpireport.collection.return_form import limits
from kpireport.collection.returned import Return
from kpireport.periods import Period
from kpireport.sources.remedies import quoted
from kpireport.sources.tables import closest
from kpireport.vocabulary import ALL_PEOPLE, YesNo

SPARE_DECIMALS = 2
"""How many decimals more than reports show a value may have, unless its counts stand beside it."""
LIKE_A_SHARE = 0.3
"""A percentage of at most 1 whose hundredfold is within this power of ten of the last value is a share: 0.95 for 95."""
MOST_LOOKED_FOR = 100
"""How many different names of no KPI are compared with those of every KPI."""
LONGEST_ACTION = 5
"""Actions are due within so many years."""


@dataclass(frozen=True)
class Known:
    """What the register says, as claims are checked against it."""

    quarter: Period
    area: str
    kpis: Mapping[str, Mapping[str, Any]]
    """The KPI Supporting Information of each KPI, by its identifier."""
    names: Mapping[str, str]
    """Identifiers by the KPI's name in small letters."""
    areas: frozenset[str]
    values: Mapping[str, list[float]]
    """Each KPI's values so far for everyone in the council's area, oldest first."""
    groups: Mapping[str, frozenset[str]]
    """The groups of people of whom each KPI has results."""
    looked_for: set[str] = dataclasses.field(default_factory=set)
    """Names of no KPI for which a KPI that may be meant was looked for."""

    def meant(self, text: str) -> str:
        """Return the KPI that a text may mean, or ""; thousands of names are not looked for, one by one, among thousands."""
        self.looked_for.add(text)
        if len(self.looked_for) > MOST_LOOKED_FOR:
            return ""
        bare = _bare(text.upper())
        if same := [one for one in self.kpis if _bare(one) == bare]:
            return same[0]
        if any(digit.isdigit() for digit in text):
            return ""
        return closest(text, [*self.kpis, *(str(kpi["kpi_name"]) for kpi in self.kpis.values())])


def _bare(kpi_id: str) -> str:
    """Return an identifier without what people leave out or add: CD-1 and CD 01 are CD1."""
    return re.sub(r"(?<![0-9])0+|[^A-Z0-9]", "", kpi_id)


def check(claim: Claim, known: Known, returned: Return) -> Claim:
    """Return the claim with every fault and question that its meaning gives."""
    if claim.is_empty:
        kpi_id = claim.kpi_id or known.names.get(" ".join(claim.row.text("kpi_name").split()).lower(), "")
        return replace(claim, kpi_id=kpi_id if kpi_id in known.kpis else "")
    named = _of_kpi(claim, known, returned)
    if named.kpi_id not in known.kpis:
        return named
    kpi = known.kpis[named.kpi_id]
    for look in (_list, _as_printed, _place, _period, _range, _scale, _counts, _digits, _words):
        named = look(named, kpi, known)
    return named


def _of_kpi(claim: Claim, known: Known, returned: Return) -> Claim:
    """Return the claim with its KPI's identifier, or with a fault where there is none, or none of the sender's."""
    name = " ".join(claim.row.text("kpi_name").split()).lower()
    field = "kpi_id" if "kpi_id" in claim.row.cells else "kpi_name"
    if not claim.kpi_id and field == "kpi_name" and name in known.names:
        claim = replace(claim, kpi_id=known.names[name])
    text = claim.kpi_id or claim.row.text(field)
    if not text:
        return claim.with_fault(field, "a result without a KPI", "the KPI's identifier", "Say which KPI it is, or clear the row.")
    if claim.kpi_id not in known.kpis:
        hint = known.meant(text)
        remedy = "Correct it, or have the KPI put on the list." + (f' Did you mean "{hint}"?' if hint else "")
        return claim.with_fault(field, f"{field} {quoted(text)}, which is not on the KPI list", "a KPI of the list", remedy)
    owner = str(known.kpis[claim.kpi_id]["directorate"])
    if returned.directorates and owner not in returned.directorates:
        found = f"{claim.kpi_id}, a KPI of {owner}, in a return of {', '.join(returned.directorates)}"
        return claim.with_fault(field, found, "the sender's own KPIs", f"Leave it to {owner}, or correct the KPI.")
    return claim


def _list(claim: Claim, kpi: Mapping[str, Any], known: Known) -> Claim:
    """Check that the KPI is on the list in the quarter."""
    field = "kpi_id" if "kpi_id" in claim.row.cells else "kpi_name"
    if kpi["retired"] and periods.parse(str(kpi["retired"])) <= known.quarter:
        found = f"{claim.kpi_id}, retired from {kpi['retired']}"
        return claim.with_fault(field, found, f"a KPI on the list in {known.quarter}", "Clear the row.")
    if periods.parse(str(kpi["introduced"])) > known.quarter:
        found = f"{claim.kpi_id}, which joins the list in {kpi['introduced']}"
        return claim.with_fault(field, found, f"a KPI on the list in {known.quarter}", "Return it then.")
    return claim


def _as_printed(claim: Claim, kpi: Mapping[str, Any], known: Known) -> Claim:
    """Check that name, definition and unit, where the layout has them, are those of the register."""
    for field in ("kpi_name", "definition", "unit"):
        text = claim.row.text(field)
        if text and " ".join(text.split()) != " ".join(str(kpi[field]).split()):
            what = quoted(text) if field == "unit" else f"{quoted(text)}, not as the register has it"
            remedy = "Put it back. A definition changes only by an agreed change of the KPI list; then ask for a new form."
            claim = claim.with_fault(field, f"{field} {what}", quoted(str(kpi[field])), remedy)
    return claim


def _place(claim: Claim, kpi: Mapping[str, Any], known: Known) -> Claim:
    """Check the area and the group."""
    if claim.area not in known.areas:
        meant = closest(claim.area, sorted(known.areas)) if len(known.areas) < 500 else ""
        remedy = f'Did you mean "{meant}"?' if meant else "Write the area's GSS code as in the areas table."
        claim = claim.with_fault("area", f"area {quoted(claim.area)}", "a code of the areas table", remedy)
    groups = known.groups.get(claim.kpi_id, frozenset())
    if claim.group != ALL_PEOPLE and claim.group not in groups:
        plain = {one.lower(): one for one in [*groups, ALL_PEOPLE]}
        if claim.group.lower() in plain:
            meant = plain[claim.group.lower()]
            return claim.with_fault("group", f"group {quoted(claim.group)}", f'"{meant}"', f'Write "{meant}".')
        found = f"group {quoted(claim.group)}, of whom {claim.kpi_id} has had no result"
        return claim.with_question("group", found, "a group as before", "Confirm that the group is new.")
    return claim


def _period(claim: Claim, kpi: Mapping[str, Any], known: Known) -> Claim:
    """Check that the period is of the KPI's kind and has ended by the end of the quarter."""
    if not claim.period:
        if not any(fault.found.startswith("period ") for fault in claim.faults):
            claim = claim.with_fault("period", "period empty", f"a {kpi['period_kind']}".replace("_", " "), "Write the period.")
        return claim
    period = periods.parse(claim.period)
    if str(period.kind) != str(kpi["period_kind"]):
        found = f'period "{claim.period}", a {period.kind}'.replace("_", " ")
        example = periods.last_ended(periods.PeriodKind(str(kpi["period_kind"])), known.quarter.end)
        expected = f"a {kpi['period_kind']}, such as {example}".replace("_", " ")
        return claim.with_fault("period", found, expected, "Write the period that the figure describes.")
    if period.end > known.quarter.end:
        found = f'period "{claim.period}", which ends after {known.quarter}'
        return claim.with_fault("period", found, "a period that has ended", "Return it with the next quarter's results.")
    return claim


def _range(claim: Claim, kpi: Mapping[str, Any], known: Known) -> Claim:
    """Check that the value is possible for its unit, given the values so far."""
    if claim.value is None:
        return claim
    unit = str(kpi["unit"])
    low, high = limits(unit, known.values.get(claim.kpi_id, []))
    if claim.value < low:
        remedy = "Take the minus sign away, or correct the value." if claim.value < 0 else "Correct the value."
        return claim.with_fault("value", f"value {_said(claim.value)}", f"{_said(low)} or more ({unit})", remedy)
    if claim.value > high:
        expected = f"at most {_said(high)} ({unit})"
        remedy = f"Write it in the KPI's unit, {unit}, or correct it."
        return claim.with_fault("value", f"value {_said(claim.value)}", expected, remedy)
    return claim


def _scale(claim: Claim, kpi: Mapping[str, Any], known: Known) -> Claim:
    """Check that a percentage is not given as a share: 0.95 where 95 is meant."""
    if claim.value is None or kpi["unit"] != "%" or not 0 < abs(claim.value) <= 1:
        return claim
    values = [abs(value) for value in known.values.get(claim.kpi_id, []) if value]
    if values and abs(np.log10(abs(claim.value)) + 2 - np.log10(values[-1])) <= LIKE_A_SHARE:
        found = f"value {_said(claim.value)}, a share"
        remedy = f"Write {_said(_exact(claim.value * 100))} if {_said(_exact(claim.value * 100))}% is meant."
        return claim.with_fault("value", found, f"a percentage: the last was {_said(values[-1])}", remedy)
    if not values:
        found = f"value {_said(claim.value)}, less than one in a hundred"
        return claim.with_question("value", found, "a percentage, such as 95 for 95%", "Confirm that it is not a share.")
    return claim


def _counts(claim: Claim, kpi: Mapping[str, Any], known: Known) -> Claim:
    """Check the counts, and that the value is what they give."""
    top, bottom = claim.numerator, claim.denominator
    if top is not None and top < 0 and min(known.values.get(claim.kpi_id, [0.0]), default=0.0) >= 0:
        claim = claim.with_fault("numerator", f"numerator {_said(top)}", "0 or more", "Correct the number.")
    if bottom is not None and bottom <= 0:
        found = f"denominator {_said(bottom)}"
        return claim.with_fault("denominator", found, "a number above 0", "Correct the number, or say why there is no value.")
    if top is None or bottom is None:
        if claim.value is not None and claim.row.asked is not None and claim.row.asked.has_counts and not claim.faults:
            found = "numerator and denominator empty"
            claim = claim.with_question("numerator", found, "the counts, as before", "Fill them in if they are known.")
        return claim
    scale = _scale_of(str(kpi["unit"]))
    if kpi["unit"] == "%" and top > bottom and max(known.values.get(claim.kpi_id, []), default=0.0) <= 100:
        found = f"numerator {_said(top)}, above the denominator {_said(bottom)}"
        return claim.with_fault("numerator", found, "a part of the denominator", "Correct the two; they may have changed places.")
    if claim.value is None or scale is None:
        return claim
    given = top / bottom * scale
    if abs(claim.value - given) > 0.5 * 10.0 ** -int(kpi["decimals"]) * (1 + 1e-9):
        decimals = int(kpi["decimals"]) + 1
        found = f"value {_said(claim.value)}, where {_said(top)} of {_said(bottom)} give {given:.{decimals}f}"
        return claim.with_fault("value", found, "the value that the counts give", "Correct the value or the counts.")
    return claim


def _digits(claim: Claim, kpi: Mapping[str, Any], known: Known) -> Claim:
    """Check that a count is whole, and that no figure has more decimals than anybody measures."""
    if claim.value is None:
        return claim
    shown, written = int(kpi["decimals"]), _decimals(claim.value)
    if kpi["unit"] == "number" and shown == 0 and written:
        found = f"value {_said(claim.value)}, with decimals"
        return claim.with_fault(
            "value", found, "a whole number: it is a count", f"Write {round(claim.value)}, or the count meant."
        )
    if written > shown + SPARE_DECIMALS and claim.numerator is None:
        found = f"value {_said(claim.value)}, with {written} decimals"
        remedy = f"Round it to {shown} decimal{'s' * (shown != 1)}, or fill in the counts that give it."
        return claim.with_fault("value", found, f"at most {shown + SPARE_DECIMALS} decimals", remedy)
    return claim


def _words(claim: Claim, kpi: Mapping[str, Any], known: Known) -> Claim:
    """Check the commentary: what is escalated is explained, an action has its owner and its day, and the day is to come."""
    said = claim.commentary or {}
    wrong = {fault.cell for fault in claim.faults}
    needed: tuple[str, ...] = ()
    why = ""
    if claim.escalate == YesNo.YES:
        needed = ("reason", "action", "owner", "due_on")
        why = "beside Escalate: Yes"
    elif said.get("action"):
        needed, why = ("owner", "due_on"), "beside an action"
    for field in needed:
        if not said.get(field) and field in claim.row.cells and claim.row.address(field) not in wrong:
            remedy = "Fill it in: what is escalated has a reason, an action, its owner and its date."
            if claim.escalate != YesNo.YES:
                remedy = "Fill it in: an action has an owner and a date."
            claim = claim.with_fault(field, f"{field} empty {why}", "words" if field != "due_on" else "a day", remedy)
    if said.get("due_on"):
        day = date.fromisoformat(said["due_on"])
        last = date(known.quarter.end.year + LONGEST_ACTION, known.quarter.end.month, known.quarter.end.day)
        if not known.quarter.start <= day <= last:
            expected = f"a day from {known.quarter.start:%d/%m/%Y} to {last:%d/%m/%Y}"
            claim = claim.with_fault("due_on", f"due_on {day:%d/%m/%Y}", expected, "Write the day by which the action is done.")
    return claim


def _scale_of(unit: str) -> float | None:
    """Return by what numerator over denominator is multiplied to give a value of a unit; None where that is not known."""
    if unit == "%":
        return 100.0
    found = re.match(r"per ([0-9][0-9,]*)\b", unit)
    return float(found[1].replace(",", "")) if found else None


def _said(number: float) -> str:
    return np.format_float_positional(number, unique=True, trim="-")


def _exact(number: float) -> float:
    return float(f"{number:.12g}")


def _decimals(number: float) -> int:
    return len(_said(number).partition(".")[2])
