"""Record a directorate's approval of its results: who, when, and of which file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from kpireport.collection import record
from kpireport.collection.record import Standing
from kpireport.errors import ParameterError
from kpireport.periods import Period
from kpireport.sources.tables import closest

SIGN_OFFS = "register/sign_offs"
LONGEST = 200


@dataclass(frozen=True)
class Approval:
    """What one approval would write."""

    signed: tuple[str, ...]
    """The returns that it newly approves."""
    before: tuple[str, ...]
    """The returns that the directorate had approved already."""
    files: Mapping[str, bytes] = field(repr=False)
    """The new bytes of the table, by its path relative to the data folder."""


def approve(standing: Standing, *, quarter: Period, directorate: str, by: str, on: date, file: str = "") -> Approval:
    """Return the approval of the results that a directorate's returns gave for a quarter.

    Parameters
    ----------
    by
        The post that approves.
    file
        One return, by its name or its path; all of the quarter's by default.

    Raises
    ------
    ParameterError
        When there is no such directorate, return or approver, or nothing of the directorate to approve.
    """
    tables = standing.tables
    codes = list(tables["directorates"].frame["directorate"])
    if directorate not in codes:
        near = closest(directorate, codes)
        hint = f' Did you mean "{near}"?' if near else ""
        raise ParameterError(f'directorate: "{directorate}" is not one of {", ".join(codes)}.{hint}')
    if not by.strip() or len(by) > LONGEST or "\n" in by:
        raise ParameterError(
            f'by: write the post that approves, such as BY="Director of Children and Families" (found "{by[:60]}").'
        )
    kpis, results, returns = (tables[name].frame for name in ("kpis", "results", "returns"))
    own = kpis.loc[kpis["directorate"].eq(directorate), "kpi_id"]
    given = set(results.loc[results["kpi_id"].isin(own), "source_sha256"]) - {""}
    listed = returns[returns["quarter"].eq(str(quarter)) & returns["sha256"].isin(given)].drop_duplicates("sha256")
    wanted = listed
    if file:
        wanted = listed[listed["file"].eq(file) | listed["file"].str.rsplit("/", n=1).str[-1].eq(file.rsplit("/", 1)[-1])]
    if wanted.empty:
        known = ", ".join(listed["file"]) or "none"
        raise ParameterError(
            f"No return of {quarter} {f'named {file} ' if file else ''}gave a result of {directorate}. Known: {known}."
        )
    signed = tables["sign_offs"].frame
    done = set(signed.loc[signed["quarter"].eq(str(quarter)) & signed["directorate"].eq(directorate), "sha256"])
    rows = [
        {
            "quarter": str(quarter),
            "directorate": directorate,
            "signed_by": by.strip(),
            "signed_on": on.isoformat(),
            "file": row["file"],
            "sha256": row["sha256"],
        }
        for _, row in wanted[~wanted["sha256"].isin(done)].iterrows()
    ]
    changed = dict([record.with_rows(standing.contents, SIGN_OFFS, rows)]) if rows else {}
    before = tuple(wanted.loc[wanted["sha256"].isin(done), "file"])
    return Approval(tuple(str(row["file"]) for row in rows), before, changed)
