"""Highlight items: candidates ranked with their reasons, the team's choice among them, and the commentary they must have.

Source: the rating contract, part 5.
"""

from enum import StrEnum

import numpy as np
import pandas as pd

from kpireport.errors import Finding
from kpireport.rules.performance import Performance
from kpireport.vocabulary import Direction, HighlightChoice, NotRated, Rag, RecentTrend, Variation

MOST = 5
"""How many KPIs may be candidates for each of the two reasons that say "largest"."""
RED_RISK = "Very high"
"""The rating of a corporate risk that reports call red."""
_JUDGED_TRENDS = [
    RecentTrend.INCREASING_GETTING_BETTER,
    RecentTrend.INCREASING_GETTING_WORSE,
    RecentTrend.DECREASING_GETTING_BETTER,
    RecentTrend.DECREASING_GETTING_WORSE,
]


class Reason(StrEnum):
    """Why a KPI deserves attention, most pressing first."""

    NEWLY_RED = "newly red"
    LARGEST_GAP = "red with one of the largest gaps to target"
    SPECIAL_CAUSE = "beyond usual variation"
    SIGNIFICANT_TREND = "a significant trend over the last five results"
    LARGEST_IMPROVEMENT = "one of the largest improvements"
    AWAITED_TWICE = "awaited twice running"
    RESTATED = "rating restated"
    RED_RISK = "linked to a red corporate risk"
    CHOSEN = "chosen by the team"


def candidates(performance: Performance, risks: pd.DataFrame) -> pd.DataFrame:
    """Return the KPIs that deserve attention in the quarter, the most pressing first.

    A KPI is newly red whether it was rated otherwise last quarter, not rated, or not yet on the list. Gaps are compared in
    tolerances, improvements by the size of the change in proportion to the comparator; both `MOST` at the most. Only results
    that are new this quarter can be improvements, special causes or trends. A KPI is as pressing as its first reason in the
    order of `Reason`; then the one with more reasons comes first, then the one with the larger gap, then by identifier.

    Parameters
    ----------
    risks
        The corporate risks table; only its rows of the performance's quarter count.

    Returns
    -------
    pd.DataFrame
        One row is one KPI: `kpi_id`, `reasons` (words parted by semicolons), `rank` (1 is first) and `is_adverse`: it is red, or
        has been awaited twice running.
    """
    kpis = performance.kpis
    holds = pd.DataFrame(False, index=kpis.index, columns=list(Reason))
    is_red = kpis["rag"] == Rag.RED
    holds[Reason.NEWLY_RED] = is_red & kpis["rating_move"].isin(["newly_red", "first_reported"])
    holds[Reason.LARGEST_GAP] = _largest(-kpis["gap_in_tolerances"].where(is_red))
    holds[Reason.SPECIAL_CAUSE] = kpis["is_new"] & kpis["variation"].isin([Variation.CONCERN, Variation.IMPROVEMENT])
    holds[Reason.SIGNIFICANT_TREND] = kpis["is_new"] & kpis["recent_trend"].isin(_JUDGED_TRENDS)
    holds[Reason.LARGEST_IMPROVEMENT] = _largest(_improvement(kpis))
    holds[Reason.AWAITED_TWICE] = _awaited_twice(kpis)
    restated = performance.restated
    holds[Reason.RESTATED] = kpis["kpi_id"].isin(restated.loc[restated["is_rating_changed"], "kpi_id"])
    is_red_now = (risks["quarter"] == str(performance.quarter)) & (risks["rating"] == RED_RISK)
    holds[Reason.RED_RISK] = (kpis["risk_ref"] != "") & kpis["risk_ref"].isin(risks.loc[is_red_now, "risk_ref"])
    table = holds.to_numpy(dtype=bool)
    reasons = ["; ".join(word for word, yes in zip(Reason, row, strict=True) if yes) for row in table]
    found = pd.DataFrame(
        {
            "kpi_id": kpis["kpi_id"],
            "reasons": pd.Series(reasons, index=kpis.index, dtype="str"),
            "first": table.argmax(axis=1),
            "number": -table.sum(axis=1),
            "gap": kpis["gap_in_tolerances"],
            "is_adverse": _is_adverse(kpis),
        }
    )
    ranked = found[holds.any(axis="columns")].sort_values(["first", "number", "gap", "kpi_id"], ignore_index=True)
    return ranked.assign(rank=np.arange(1, len(ranked) + 1))[["kpi_id", "reasons", "rank", "is_adverse"]]


def chosen(candidates: pd.DataFrame, choices: pd.DataFrame, kpis: pd.DataFrame) -> pd.DataFrame:
    """Return the highlight items that the team included, in order of rank.

    One row is one KPI with the columns of `candidates` and `choice`, `choice_reason`, `chosen_by`. A KPI that the team included
    although no rule proposed it comes last, "chosen by the team". `choices` are the quarter's rows of the highlights table;
    those about KPIs that are not on the quarter's list (`kpis`) are passed over.
    """
    included = choices[(choices["choice"] == HighlightChoice.INCLUDE) & choices["kpi_id"].isin(kpis["kpi_id"])]
    decided = included[["kpi_id", "choice", "reason", "chosen_by"]].rename(columns={"reason": "choice_reason"})
    rows = decided.merge(candidates, on="kpi_id", how="left", validate="one_to_one").sort_values(["rank", "kpi_id"])
    adverse = rows["kpi_id"].map(pd.Series(_is_adverse(kpis).to_numpy(), index=kpis["kpi_id"]))
    rows = rows.assign(
        reasons=rows["reasons"].fillna(str(Reason.CHOSEN)), rank=np.arange(1, len(rows) + 1), is_adverse=adverse.astype(bool)
    )
    return rows[[*candidates.columns, "choice", "choice_reason", "chosen_by"]].reset_index(drop=True)


def not_chosen(candidates: pd.DataFrame, choices: pd.DataFrame, kpis: pd.DataFrame) -> pd.DataFrame:
    """Return the candidates that the team left out: one row is one KPI, in order of rank.

    Columns: `kpi_id`, `kpi_name`, `directorate`, `reasons`, and `choice_reason` and `chosen_by`, both "" when the team has not
    decided about it. `choices` are the quarter's rows of the highlights table.
    """
    decided = choices[["kpi_id", "choice", "reason", "chosen_by"]].rename(columns={"reason": "choice_reason"})
    rows = candidates.merge(decided, on="kpi_id", how="left", validate="one_to_one").merge(
        kpis[["kpi_id", "kpi_name", "directorate"]], on="kpi_id", how="left", validate="one_to_one"
    )
    left_out = rows[rows["choice"] != HighlightChoice.INCLUDE].fillna({"choice_reason": "", "chosen_by": ""})
    return left_out[["kpi_id", "kpi_name", "directorate", "reasons", "choice_reason", "chosen_by"]].reset_index(drop=True)


def check_commentary(chosen: pd.DataFrame, commentary: pd.DataFrame, kpis: pd.DataFrame) -> list[Finding]:
    """Return a fault for every adverse highlight whose commentary lacks its reason, action, owner or date.

    The fault names the KPI and whom to ask. `commentary` holds the quarter's rows of the commentary table.
    """
    needed = {"reason": "reason", "action": "action", "owner": "owner", "due_on": "date (due_on)"}
    adverse = chosen.loc[chosen["is_adverse"], ["kpi_id"]]
    rows = adverse.merge(
        kpis[["kpi_id", "kpi_name", "key_contacts", "accountable_officer"]], on="kpi_id", how="left", validate="one_to_one"
    ).merge(commentary[["kpi_id", *needed]], on="kpi_id", how="left", validate="one_to_one")
    faults = []
    for row in rows.to_dict("records"):
        lacking = [word for column, word in needed.items() if pd.isna(row[column]) or row[column] == ""]
        contact = row["key_contacts"] or row["accountable_officer"] or "its directorate"
        if lacking:
            faults.append(
                Finding(
                    file="commentary/commentary",
                    sheet="",
                    cell="",
                    found=f"no {', '.join(lacking)} for the highlight {row['kpi_id']} {row['kpi_name']}",
                    expected="a reason, action, owner and date for every adverse highlight",
                    remedy=f"Ask {contact}, or exclude it with a reason in commentary/highlights.",
                )
            )
    return faults


def _awaited_twice(kpis: pd.DataFrame) -> pd.Series:
    return (kpis["rating"] == NotRated.AWAITED) & (kpis["previous_rating"] == NotRated.AWAITED)


def _is_adverse(kpis: pd.DataFrame) -> pd.Series:
    return (kpis["rag"] == Rag.RED) | _awaited_twice(kpis)


def _improvement(kpis: pd.DataFrame) -> pd.Series:
    """Return the size of each new improvement in proportion to its comparator; missing for anything else."""
    is_news = (kpis["direction"] == Direction.IMPROVING) & kpis["is_new"] & kpis["is_latest_expected"]
    base = kpis["comparator_value"].abs()
    return (kpis["change"].abs() / base.where(base > 0)).where(is_news)


def _largest(sizes: pd.Series) -> pd.Series:
    return sizes.rank(ascending=False, method="min") <= MOST
