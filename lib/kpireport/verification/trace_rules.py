"""The way forward from a result: the definition and the target in force, the rules that applied, and what was decided."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pandas as pd

from kpireport import periods
from kpireport.presentation import phrases
from kpireport.publishing import audit_tables
from kpireport.publishing.manifest import EVIDENCE, INPUTS, Run
from kpireport.rules import (
    availability_in_words,
    definitions,
    definitions_in_words,
    direction_in_words,
    highlights_in_words,
    public_edition_in_words,
    rating,
    rating_in_words,
    significance_in_words,
    targets_in_words,
    variation_in_words,
)
from kpireport.rules.in_words import Told
from kpireport.rules.performance import Performance
from kpireport.schemas import definitions as written
from kpireport.verification import trace_record
from kpireport.verification.trace_source import Source, label
from kpireport.verification.trace_steps import Said, Step, step
from kpireport.vocabulary import Edition, TargetType

KPIS, TARGETS, CHANGES, HIGHLIGHTS = "register/kpis", "register/targets", "register/kpi_changes", "commentary/highlights"


class Words:
    """How reports print the figures of one KPI (`rules.in_words.Printed`)."""

    def __init__(self, row: pd.Series) -> None:
        self._unit, self._decimals = str(row["unit"]), int(row["decimals"])

    def figure(self, value: float) -> str:
        """Return a figure with its unit and decimals."""
        return phrases.figure(value, self._unit, self._decimals)

    def amount(self, value: float) -> str:
        """Return a difference without a sign, with all its digits."""
        places = int(Decimal(repr(float(value))).normalize().as_tuple().exponent)
        return phrases.amount(value, self._unit, max(0, -places))

    def difference(self, value: float) -> str:
        """Return a difference without a sign, rounded to the KPI's decimals."""
        return phrases.amount(value, self._unit, self._decimals)

    def day(self, value: date) -> str:
        """Return a day."""
        return phrases.day(value)

    def period(self, text: str) -> str:
        """Return a period as the middle of a sentence names it."""
        return phrases.named_period(text)


def steps(source: Source, runs: list[Run], performance: Performance, row: pd.Series) -> Iterator[Step]:
    """Yield each rule that a KPI's row went through, in the order in which reports apply them."""
    words = Words(row)
    end, known_on = performance.quarter.end, performance.known_on
    yield step("The definition in force", _definition(source, performance, row, words))
    due = availability_in_words.explain(row, quarter_end=end, known_on=known_on, printed=words)
    yield step("Which result was due, and which was used", [*due, *_cut_off(source, performance, known_on)])
    yield step("The target and the tolerance in force", _target(source, performance, row, words))
    yield step(f"The rating, by {rating.SCHEME}", _told(rating_in_words.explain(row, words), str(row["rating"]), "rating"))
    compared = _told(direction_in_words.explain(row, words), str(row["direction"]), "direction of travel")
    yield step(
        "Direction of travel",
        [*compared, *trace_record.comparator(source, row, known_on), significance_in_words.change(row, words)],
    )
    yield step("Variation, trend and comparison with the country", _series(source, row, words))
    yield step("Highlight items", _highlight(source, runs, performance, row, words))
    yield step("What public editions hide", _disclosure(source, runs, row))


def _told(told: Told, found: str, what: str) -> Iterator[Said]:
    yield from (Said(text) for text in told.said)
    if told.conclusion != found:
        again = f"Worked out again by itself, the {what} is {told.conclusion}, and the report has {found}."
        yield Said(again.replace("_", " "), is_wrong=True)


def _definition(source: Source, performance: Performance, row: pd.Series, words: Words) -> Iterator[Said]:
    kpi_id, known_on = str(row["kpi_id"]), performance.known_on
    labels = source.register.kpis.index[source.register.kpis["kpi_id"] == kpi_id]
    where, sha256 = source.place(KPIS, int(labels[0]), "definition")
    yield Said(f"{row['kpi_name']}: {row['definition']} {definitions_in_words.terms(row)}", where, sha256)
    changes = source.register.kpi_changes
    own = changes[changes["kpi_id"] == kpi_id]
    if own.empty:
        yield Said("The register has no record of changes to its definition.")
        return
    is_in_force = definitions_in_words.in_force(own, quarter_end=performance.quarter.end, known_on=known_on)
    for at, one in own[is_in_force].iterrows():
        yield Said(definitions_in_words.change(one, words), *source.place(CHANGES, int(str(at)), "new_value"))
    if later := int((~is_in_force).sum()):
        undone = "it is undone here" if later == 1 else "they are undone here"
        yield Said(f"{phrases.count(later, 'later change')} of it {'is' if later == 1 else 'are'} on record: {undone}.")
    if is_in_force.any():
        yield _fingerprint(source, performance, kpi_id, own[is_in_force])


def _fingerprint(source: Source, performance: Performance, kpi_id: str, changes: pd.DataFrame) -> Said:
    """Tell whether the definition as used is the one that the last change agreed."""
    register = source.register
    then = definitions.as_at(
        register.kpis,
        register.targets,
        register.kpi_changes,
        quarter=performance.quarter,
        known_on=performance.known_on,
    )
    kpis, targets = (frame[frame["kpi_id"] == kpi_id] for frame in then)
    found = written.fingerprint(kpi_id, written.texts(kpis, targets)[kpi_id])
    agreed = str(changes["fingerprint"].iloc[-1])
    place = source.place(CHANGES, int(changes.index[-1]), "fingerprint")
    if found == agreed:
        return Said(f"The whole definition, with its targets, has the fingerprint that was agreed: {agreed}.", *place)
    return Said(f"The definition as used has the fingerprint {found}, and {agreed} was agreed.", *place, is_wrong=True)


def _cut_off(source: Source, performance: Performance, known_on: date | None) -> Iterator[Said]:
    rounds = source.register.rounds
    own = rounds[rounds["quarter"] == str(performance.quarter)]
    if known_on is None or own.empty:
        return
    day = own["cut_off_on"].iloc[0]
    if pd.notna(day) and day.date() == known_on:
        where, sha256 = source.place("reference/rounds", int(own.index[0]), "cut_off_on")
        yield Said(f"That day is the cut-off of the round of {performance.quarter}.", where, sha256)
    else:
        yield Said("That day was asked for when the report was made.")


def _target(source: Source, performance: Performance, row: pd.Series, words: Words) -> Iterator[Said]:
    kpi_id, register = str(row["kpi_id"]), source.register
    _, then = definitions.as_at(
        register.kpis,
        register.targets,
        register.kpi_changes,
        quarter=performance.quarter,
        known_on=performance.known_on,
    )
    own = then[then["kpi_id"] == kpi_id]
    day = _last_day(performance, row)
    told = targets_in_words.explain(row, own, day=day, printed=words)
    place = targets_in_words.in_force(own, day)
    is_by_figure = row["target_type"] in (TargetType.VALUE, TargetType.RANGE) and row["kind"] != "tracker"
    if place is None or not is_by_figure:
        yield Said(told, is_wrong=bool(is_by_figure and pd.notna(row["target"])))
    else:
        found = own.iloc[place]
        is_other = pd.isna(row["target"]) or float(found["target"]) != float(row["target"])
        yield Said(told, *_where_target(source, kpi_id, found), is_wrong=bool(is_other))
    labels = register.kpis.index[register.kpis["kpi_id"] == kpi_id]
    if is_by_figure and pd.isna(row["tolerance"]):
        yield Said("No tolerance was agreed.", *source.place(KPIS, int(labels[0]), "tolerance"))
    elif is_by_figure:
        is_percent = row["tolerance_type"] == "percent_of_target"
        size = f"{row['tolerance']:.15g}% of the target" if is_percent else words.amount(float(row["tolerance"]))
        yield Said(f"Tolerance: {size}.", *source.place(KPIS, int(labels[0]), "tolerance"))


def _last_day(performance: Performance, row: pd.Series) -> date:
    """Return the day on which a target must be in force: the end of the period shown, of the one owed, or of the quarter."""
    for name in ("period", "expected_period"):
        if row[name]:
            return periods.parse(str(row[name])).end
    return performance.quarter.end


def _where_target(source: Source, kpi_id: str, found: pd.Series) -> tuple[str, str]:
    """Return where a target is written: in the targets table, or in the change that replaced it later."""
    targets = source.register.targets
    same = targets[
        (targets["kpi_id"] == kpi_id) & (targets["from_period"] == found["from_period"]) & (targets["target"] == found["target"])
    ]
    if len(same):
        return source.place(TARGETS, int(same.index[0]), "target")
    changes = source.register.kpi_changes
    field = f"{written.TARGET_FROM}{found['from_period']}"
    rows = changes[(changes["kpi_id"] == kpi_id) & (changes["field"] == field)]
    return source.place(CHANGES, int(rows.index[-1]), "old_value") if len(rows) else ("", "")


def _series(source: Source, row: pd.Series, words: Words) -> Iterator[Said]:
    yield from (Said(text) for text in variation_in_words.explain(row, words))
    yield Said(significance_in_words.recent_trend(row))
    if "significance" in row.index:
        path = next((one.name for one in source.about.inputs if one.name.startswith(f"{INPUTS}data/reference/benchmarks.")), "")
        yield Said(significance_in_words.benchmark(row, words), path, source.digest(path))


def _highlight(source: Source, runs: list[Run], performance: Performance, row: pd.Series, words: Words) -> Iterator[Said]:
    if not any("quarter" in run.parameters for run in runs):
        yield Said("Highlight items belong to the reports of a quarter.")
        return
    kpi_id, names = str(row["kpi_id"]), {run.stem: label(run) for run in runs}
    proposed = source.candidates(performance)
    found = proposed[proposed["kpi_id"] == kpi_id]
    reasons = str(found["reasons"].iloc[0]) if len(found) else ""
    yield from (Said(text) for text in highlights_in_words.explain(row, reasons, words))
    choices = source.register.highlights
    own = choices[(choices["kpi_id"] == kpi_id) & (choices["quarter"] == str(performance.quarter))]
    for at, one in own.iterrows():
        told = highlights_in_words.chosen(str(one["choice"]), str(one["reason"]), str(one["chosen_by"]))
        yield Said(told, *source.place(HIGHLIGHTS, int(str(at)), "choice"))
    if own.empty and len(found):
        yield Said(f"It is number {found['rank'].iloc[0]} of {len(proposed)} proposed. {highlights_in_words.chosen('', '', '')}")
    path = f"{EVIDENCE}{audit_tables.DECISIONS}"
    for line, decided in source.evidence(audit_tables.DECISIONS):
        if decided["kind"] == "highlight proposed" and decided["kpi_id"] == kpi_id and decided["report"] in names:
            told = f"{names[decided['report']]}: {decided['decision']} among its highlight items."
            yield Said(told, f"{path}, line {line}", source.digest(path))


def _disclosure(source: Source, runs: list[Run], row: pd.Series) -> Iterator[Said]:
    yield Said(public_edition_in_words.explain(row))
    path = f"{EVIDENCE}{audit_tables.DECISIONS}"
    hidden = [
        (line, told)
        for line, told in source.evidence(audit_tables.DECISIONS)
        if told["kpi_id"] == row["kpi_id"] and told["kind"] == "suppression"
    ]
    for run in runs:
        if run.parameters.get("edition") != Edition.PUBLIC:
            yield Said(f"{label(run)} is an internal edition, and hides nothing.")
            continue
        own = [(line, told) for line, told in hidden if told["report"] == run.stem]
        if not own:
            yield Said(f"{label(run)} is a public edition; nothing of this KPI is hidden in it.")
        for line, told in own:
            period = f" of {phrases.named_period(told['period'])}" if told["period"] else ""
            said = f"{label(run)}: {told['decision']}{period}, by {told['decided_by']}: {told['reason']}."
            yield Said(said, f"{path}, line {line}", source.digest(path))
