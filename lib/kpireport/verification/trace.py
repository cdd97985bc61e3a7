"""Trace a KPI of a period from the printed figure back to the cell that it came from, and through every rule that it went.

The reports are assembled again from the register as it was published, by today's code, only to be held against what was printed:
whatever does not agree is said. Each step names the file, sheet and cell where it can be looked up.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from kpireport.errors import ParameterError, PublishingError, shown, suggest
from kpireport.presentation import phrases
from kpireport.publishing import audit_tables, source_code
from kpireport.publishing.manifest import MANIFEST, Run
from kpireport.rules.performance import Performance
from kpireport.verification import trace_printed, trace_record, trace_rules, trace_since, trace_source
from kpireport.verification.trace_source import Source, performance_of
from kpireport.verification.trace_steps import Account, Said, Step, Trace, step

_CONTACTS = ["accountable_officer", "key_contacts"]


@dataclass(frozen=True)
class _Shown:
    """A report that shows the KPI, and how."""

    source: Source
    run: Run
    performance: Performance
    row: pd.Series

    @property
    def key(self) -> tuple[Any, ...]:
        """What two reports have in common that tell the same of it from the same inputs."""
        inputs = tuple(sorted((one.name, one.sha256) for one in self.source.about.inputs))
        told = tuple(str(value) for value in self.row.drop(_CONTACTS, errors="ignore"))
        return inputs, str(self.performance.known_on), told


def kpi_ids(sources: list[Source]) -> list[str]:
    """Return every KPI that the published reports were made for, on the list or not."""
    return list(dict.fromkeys(str(code) for source in sources for code in source.register.kpis["kpi_id"]))


def trace(sources: list[Source], kpi_id: str) -> Trace:
    """Trace one KPI through the published reports of a period.

    Raises
    ------
    ParameterError
        When there is no such KPI, or it was not on the list of the period.
    PublishingError
        When no report shows it, or none can be assembled again.
    """
    known = kpi_ids(sources)
    if kpi_id not in known:
        raise ParameterError(f"kpi: {shown(kpi_id)} is not in the register of {sources[0].name}. {_suggestion(kpi_id, known)}")
    found, failures = [], []
    for source in sources:
        for run in _runs(source, kpi_id):
            report, why_not = source.report(run)
            failures += [why_not] if why_not else []
            performance = performance_of(report) if report is not None else None
            if performance is not None:
                rows = performance.kpis[performance.kpis["kpi_id"] == kpi_id]
                found += [_Shown(source, run, performance, rows.iloc[0])] if len(rows) else []
    if not found:
        raise _not_shown(sources, kpi_id, failures)
    groups: dict[tuple[Any, ...], list[_Shown]] = {}
    for one in found:
        groups.setdefault(one.key, []).append(one)
    first = found[0]
    return Trace(
        kpi_id=kpi_id,
        kpi_name=str(first.row["kpi_name"]),
        period=sources[0].about.period,
        council=first.source.council.name,
        brand_colour=first.source.council.brand_colour,
        accent_colour=first.source.council.accent_colour,
        made_from=tuple(_made_from(sources, failures)),
        accounts=tuple(_account(group, kpi_id) for group in groups.values()),
    )


def _suggestion(kpi_id: str, known: list[str]) -> str:
    told = suggest(kpi_id.upper(), known)
    return told if told.startswith("Did") or len(known) <= 20 else f"Its KPIs are {known[0]} to {known[-1]}."


def _runs(source: Source, kpi_id: str) -> list[Run]:
    """Return the reports that may show a KPI: where the evidence says which did, only those are assembled again."""
    told = {row["report"] for _, row in source.evidence(audit_tables.ORIGINS) if row["kpi_id"] == kpi_id}
    return [run for run in source.about.reports if not told or run.stem in told]


def _not_shown(sources: list[Source], kpi_id: str, failures: list[str]) -> ParameterError | PublishingError:
    source = sources[0]
    if failures:
        return PublishingError("\n".join(dict.fromkeys(failures)))
    kpi = source.register.kpis.set_index("kpi_id").loc[kpi_id]
    name = f"{kpi_id} ({kpi['kpi_name']})"
    until = f" until {kpi['retired']}, when it was retired" if kpi["retired"] else ""
    listed = f"It was on the list from {kpi['introduced']}{until}." if until else f"It joined the list in {kpi['introduced']}."
    places = ", ".join(one.name for one in sources)
    return ParameterError(f"kpi: {name} is shown by no report of {source.about.period} ({places}). {listed}")


def _made_from(sources: list[Source], failures: list[str]) -> Iterator[Said]:
    here = source_code.source_digest()
    for source in sources:
        about = source.about
        reports = phrases.count(len(about.reports), "report")
        yield Said(
            f"{source.name}: {reports} of {about.period}, made by kpireport {about.version} ({about.scheme}).",
            f"{source.name}/{MANIFEST}" if source.outputs else MANIFEST,
            about.sha256,
        )
        for one in about.evidence:
            if one.name not in source.files:
                is_other = one.name in source.altered
                told = "is not as it was written at publication" if is_other else "is not held"
                yield Said(f"{source.name}: {one.name} {told}, and is not used.", one.name, one.sha256, is_other, not is_other)
    others = [source.name for source in sources if source.about.source_sha256 != here]
    if others:
        named = ", ".join(others)
        yield Said(f"The code that explains here is not the code that made {named}. Where they differ in a figure, it is said.")
    else:
        yield Said("The code that explains here is the code that made them.")
    yield from (Said(text, is_wrong=True) for text in dict.fromkeys(failures))


def _account(group: list[_Shown], kpi_id: str) -> Account:
    first = group[0]
    row, source = first.row, first.source
    runs = [one.run for one in group]
    same = [one for one in group if one.source is source]
    printed: list[Said] = []
    for one in group:
        names = dict(zip(one.performance.kpis["kpi_name"], one.performance.kpis["kpi_id"], strict=True))
        printed += trace_printed.places(one.source, one.run, one.row, names)
    sources = list({id(one.source): one.source for one in group}.values())
    figures = [said for one in sources for said in trace_printed.in_results(one, row)]
    if not figures:
        figures = [Said("No table of figures is published as CSV beside these reports.")]
    steps: list[Step] = [
        step("Printed", printed),
        step("The table of figures beside the reports", figures),
        step("The KPI Data Record", trace_record.in_record(source, [one.run for one in same], row, first.performance.known_on)),
        step("The return it came from", trace_record.returned(source, row)),
        *_rules(sources, group),
        step("Since publication", trace_since.since(source, kpi_id)),
    ]
    return Account(trace_printed.headline(row), tuple(trace_source.label(run) for run in runs), tuple(steps))


def _rules(sources: list[Source], group: list[_Shown]) -> list[Step]:
    """Return the rules' steps; decisions are told folder by folder, everything else is the same in all of them."""
    told = [
        list(trace_rules.steps(source, [one.run for one in group if one.source is source], group[0].performance, group[0].row))
        for source in sources
    ]
    return [
        Step(same[0].title, tuple(dict.fromkeys(said for one in same for said in one.said))) for same in zip(*told, strict=True)
    ]
