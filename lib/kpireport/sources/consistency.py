"""Compare the tables with one another: what cannot be is a fault, what could be true is a warning.

A check is left out while a table that it needs could not be read whole; rows with a faulty cell are left out too.
"""

from kpireport.errors import Finding
from kpireport.sources import (
    boundaries,
    definitions,
    kpi_changes,
    meetings,
    parts,
    placeholders,
    record,
    references,
    scorecard,
    targets,
    timeline,
)
from kpireport.sources.tables import Findings, Severity, Tables


def check(tables: Tables) -> tuple[list[Finding], list[Finding]]:
    """Return the faults and the warnings that show only when cells and tables are compared."""
    found = list(_all(tables))
    return tuple([finding for severity, finding in found if severity is wanted] for wanted in Severity)  # type: ignore[return-value]


def _all(tables: Tables) -> Findings:
    impossible = [*references.check(tables), *definitions.check(tables), *targets.check(tables)]
    yield from impossible
    # Whether a definition was agreed is asked only of one that could have been.
    places = {(finding.file, finding.sheet, finding.cell) for severity, finding in impossible if severity is Severity.FAULT}
    agreed = kpi_changes.check(tables)
    yield from (one for one in agreed if (one[1].file, one[1].sheet, one[1].cell) not in places)
    yield from meetings.check(tables)
    yield from boundaries.check(tables)
    yield from placeholders.check(tables)
    yield from scorecard.check(tables)
    if all(tables[name].is_whole for name in ("kpis", "results", "areas")):
        results = timeline.sound_results(tables)
        latest = timeline.latest(results)
        yield from record.check(tables, results, latest.loc[latest["value"].notna()])
        yield from parts.check(tables, latest)
