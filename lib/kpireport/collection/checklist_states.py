"""How far each step of a quarter's reporting is, as the files show it: nothing is ticked by hand."""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from kpireport.collection import mapping, receipt
from kpireport.collection.checklist_steps import YEARLY
from kpireport.periods import Period
from kpireport.presentation.phrases import count, day, join, join_some
from kpireport.rules import highlights
from kpireport.rules.performance import Performance
from kpireport.sources.register import Register
from kpireport.vocabulary import HighlightChoice, NotRated


class Made(NamedTuple):
    """A folder that was published."""

    folder: str
    """Its name in the outputs folder."""
    is_current: bool = True
    """Whether the data is still that from which it was made."""


class Found(NamedTuple):
    """Whether a step is done, and what the files say of it."""

    is_done: bool
    words: str


def states(
    register: Register, figures: Performance, data: Path, quarter: Period, folders: Mapping[str, Made], verdict: str
) -> dict[str, Found]:
    """Return how far every step is that a quarter may have, by its key.

    Parameters
    ----------
    figures
        The quarter's results, rated.
    data
        The data folder, in which returns lie.
    folders
        What has been published of the quarter and of its year, by occasion.
    verdict
        What verification concluded of the quarter's reports as they are; "" when nobody verified them.
    """
    own_round = register.rounds[register.rounds["quarter"] == str(quarter)]
    closed_on = own_round["cut_off_on"].dropna()
    is_past = bool((register.rounds.loc[register.rounds["cut_off_on"].notna(), "quarter"] > str(quarter)).any())
    awaited = figures.kpis[figures.kpis["rating"] == NotRated.AWAITED]
    due = figures.kpis[figures.kpis["expected_period"] != ""]
    is_in = f"{len(due) - len(awaited)} of {count(len(due), 'result')} that were due are in"
    has_results = bool((due["is_latest_expected"] & (due["received_on"] > pd.Timestamp(quarter.end))).any())
    owners, unsigned = _unsigned(register, figures, quarter)
    reports = _published(folders, "quarter", is_past=is_past)
    found = {
        "dates": _dates(own_round),
        "requests": _requests(folders, has_results=has_results),
        "collect": _collected(register, data, quarter, is_in, has_results=has_results),
        "chase": _chased(awaited, is_in, is_closed=len(closed_on) > 0),
        "highlights": _highlights(register, figures, quarter),
        "commentary": _commentary(register, figures, quarter),
        "approve": _approved(owners, unsigned, is_closed=len(closed_on) > 0),
        "close": _closed(closed_on, awaited, unsigned),
        "reports": reports,
        "escalate": _escalated(register, folders, quarter),
        "verify": Found(bool(verdict), f"Verified: {verdict}." if verdict else "The reports as they are have not been verified."),
        "issue": _issued(register.reports_issued, quarter),
    }
    others = ("executive", "scrutiny", *YEARLY)
    found |= {occasion: _published(folders, occasion, is_past=is_past) for occasion in others}
    if not register.responses["year"].eq(quarter.end.year).any():
        found["survey"] = Found(False, f"No answer to the survey of {quarter.end.year} is recorded yet.")
    return found


def _dates(own_round: pd.DataFrame) -> Found:
    if own_round.empty:
        return Found(False, "The rounds table has no row for the quarter.")
    days = own_round.iloc[0]
    return Found(True, f"Returns by {day(days['returns_due_on'])}, leadership team on {day(days['clt_on'])}.")


def _requests(folders: Mapping[str, Made], *, has_results: bool) -> Found:
    if "requests" in folders:
        return Found(True, f"The workbooks lie in {folders['requests'].folder}.")
    return Found(has_results, "Results have come in." if has_results else "No workbook has been made, and no result has come in.")


def _collected(register: Register, data: Path, quarter: Period, is_in: str, *, has_results: bool) -> Found:
    """Say whether every return that lies there has been taken in; a mapping file is none."""
    lying = {name: content for name, content in receipt.files_in(data, quarter).items() if not name.endswith(mapping.ENDING)}
    known = set(register.returns.loc[register.returns["quarter"] == str(quarter), "sha256"])
    waiting = [name.rsplit("/", 1)[-1] for name, content in lying.items() if hashlib.sha256(content).hexdigest() not in known]
    if waiting:
        return Found(False, f"{count(len(waiting), 'file')} not taken in: {join_some(waiting)}. {is_in}.")
    if not has_results:
        return Found(False, f"No return lies in data/{receipt.folder_of(quarter)}, and no result of the quarter has come in.")
    return Found(True, f"{is_in}.")


def _chased(awaited: pd.DataFrame, is_in: str, *, is_closed: bool) -> Found:
    if awaited.empty:
        return Found(True, f"{is_in}.")
    names = join_some(list(awaited["kpi_id"]))
    words = f"{count(len(awaited), 'result')} awaited: {names}."
    return Found(is_closed, f"{words} The round is closed: they are reported as awaited." if is_closed else words)


def _highlights(register: Register, figures: Performance, quarter: Period) -> Found:
    choices = register.highlights[register.highlights["quarter"] == str(quarter)]
    candidates = _candidates(register, figures, quarter)
    undecided = int((~candidates["kpi_id"].isin(choices["kpi_id"])).sum())
    rest = f"{count(undecided, 'candidate')} not decided about"
    if choices.empty:
        return Found(False, f"Nothing is chosen; {rest}.")
    included = int(choices["choice"].eq(HighlightChoice.INCLUDE).sum())
    return Found(True, f"{included} chosen, {len(choices) - included} left out with a reason; {rest}.")


def _candidates(register: Register, figures: Performance, quarter: Period) -> pd.DataFrame:
    return highlights.candidates(figures, register.risks[register.risks["quarter"] == str(quarter)])


def _commentary(register: Register, figures: Performance, quarter: Period) -> Found:
    choices = register.highlights[register.highlights["quarter"] == str(quarter)]
    if choices.empty:
        return Found(False, "No highlight item is chosen yet.")
    chosen = highlights.chosen(_candidates(register, figures, quarter), choices, figures.kpis)
    spoken = register.commentary[register.commentary["quarter"] == str(quarter)]
    if missing := highlights.check_commentary(chosen, spoken, figures.kpis):
        return Found(False, f"{join_some([fault.found for fault in missing])}.")
    adverse = int(chosen["is_adverse"].sum())
    return Found(True, f"Complete for {count(adverse, 'adverse highlight')}.")


def _unsigned(register: Register, figures: Performance, quarter: Period) -> tuple[list[str], list[str]]:
    """Return the directorates of which the quarter's returns gave results, and those that have not approved every such return."""
    returns = register.returns[register.returns["quarter"] == str(quarter)]
    signed = register.sign_offs[register.sign_offs["quarter"] == str(quarter)]
    given = register.results[register.results["source_sha256"].isin(set(returns["sha256"]))]
    owners = given["kpi_id"].map(figures.kpis.set_index("kpi_id")["directorate"])
    pairs = {(str(owner), sha256) for owner, sha256 in zip(owners, given["source_sha256"], strict=True) if pd.notna(owner)}
    done = set(zip(signed["directorate"], signed["sha256"], strict=True))
    return sorted({owner for owner, _ in pairs}), sorted({owner for owner, _ in pairs - done})


def _approved(owners: list[str], unsigned: list[str], *, is_closed: bool) -> Found:
    if not owners:
        return Found(is_closed, "No return is on record for the quarter: there is nothing to approve.")
    return Found(not unsigned, f"Not yet approved by {join(unsigned)}." if unsigned else f"Approved by {join(owners)}.")


def _closed(closed_on: "pd.Series[pd.Timestamp]", awaited: pd.DataFrame, unsigned: list[str]) -> Found:
    if len(closed_on):
        return Found(True, f"Closed: results up to {day(closed_on.iloc[0])} count.")
    still = [f"{count(len(awaited), 'result')} awaited"] if len(awaited) else []
    still += [f"no approval by {join(unsigned)}"] if unsigned else []
    return Found(False, f"The round is open, with {join(still)}." if still else "The round is open, and nothing is missing.")


def _published(folders: Mapping[str, Made], occasion: str, *, is_past: bool) -> Found:
    if occasion not in folders:
        return Found(False, "Not made yet.")
    made = folders[occasion]
    if made.is_current:
        return Found(True, f"Published in {made.folder} from the data as it is.")
    if is_past:
        return Found(True, f"Published in {made.folder}; the record has grown since, as a later round was closed.")
    return Found(False, f"Published in {made.folder}, but the data has changed since: make it again.")


def _escalated(register: Register, folders: Mapping[str, Made], quarter: Period) -> Found:
    matters = register.escalations[register.escalations["quarter"] == str(quarter)]
    if len(matters):
        return Found(True, f"{count(len(matters), 'matter')} from {join(sorted(set(matters['directorate'])))}.")
    if "executive" in folders:
        return Found(True, "None was recorded before the update to Executive Board members was made.")
    return Found(False, "None is recorded. If nothing is escalated there is nothing to write.")


def _issued(reports_issued: pd.DataFrame, quarter: Period) -> Found:
    rows = reports_issued[reports_issued["quarter"] == str(quarter)]
    late = list(rows.loc[rows["issued_on"].isna(), "report"])
    if rows.empty:
        return Found(False, "No report of the quarter is in the list.")
    return Found(not late, f"Not yet issued: {join(late)}." if late else f"{join(_names(rows['report']))} issued.")


def _names(reports: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(str(name) for name in reports))
