"""What the evidence amounts to: each figure against what is expected of it, and how many expectations are met.

A figure and its expectation are compared as printed (the rating contract, part 2, rule 1), so that a conclusion never contradicts
the figures beside it. A figure that was not measured meets nothing and misses nothing.
"""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from kpireport.rules.assurance_evidence import NOT_MEASURED, Figure
from kpireport.vocabulary import Aspect, Conclusion, Evidence

ASPECTS: dict[Evidence, Aspect] = {
    Evidence.INFORMATION_COMPLETE: Aspect.DEFINE_AND_DOCUMENT,
    Evidence.DEFINITIONS_IN_DATE: Aspect.DEFINE_AND_DOCUMENT,
    Evidence.LIST_CHANGES_AGREED: Aspect.DEFINE_AND_DOCUMENT,
    Evidence.REPORTS_ON_TIMETABLE: Aspect.CLEARLY_COMMUNICATE,
    Evidence.LIMITATIONS_STATED: Aspect.CLEARLY_COMMUNICATE,
    Evidence.RETURNS_ON_TIME: Aspect.EFFECTIVELY_EMBED,
    Evidence.COMMENTARY_COMPLETE: Aspect.EFFECTIVELY_EMBED,
    Evidence.SUCCESS_MEASURES_ADEQUATE: Aspect.EFFECTIVELY_EMBED,
    Evidence.SAMPLE_CHECKED: Aspect.EFFECTIVELY_EMBED,
    Evidence.MONITORING_EMBEDDED: Aspect.EFFECTIVELY_EMBED,
    Evidence.TARGETS_SET: Aspect.MEANINGFULLY_MONITOR,
    Evidence.TOLERANCES_SET: Aspect.MEANINGFULLY_MONITOR,
    Evidence.BENCHMARKS_HELD: Aspect.MEANINGFULLY_MONITOR,
    Evidence.ESCALATION_EMBEDDED: Aspect.MEANINGFULLY_MONITOR,
    Evidence.ESCALATIONS_RAISED: Aspect.MEANINGFULLY_MONITOR,
    Evidence.RESULTS_REVISED: Aspect.REVIEW_AND_REFINE,
    Evidence.RATINGS_RESTATED: Aspect.REVIEW_AND_REFINE,
    Evidence.QUARTERS_REPERFORMED: Aspect.REVIEW_AND_REFINE,
    Evidence.REPERFORMANCES_SAME: Aspect.REVIEW_AND_REFINE,
    Evidence.OPPORTUNITIES_DONE: Aspect.REVIEW_AND_REFINE,
    Evidence.RAP_BASELINE: Aspect.REVIEW_AND_REFINE,
}
"""Where each measure is reported unless the expectations table says otherwise."""
UNDATED = frozenset(
    {
        *(Evidence.INFORMATION_COMPLETE, Evidence.LIMITATIONS_STATED, Evidence.DEFINITIONS_IN_DATE),
        *(Evidence.TOLERANCES_SET, Evidence.RAP_BASELINE),
    }
)
"""Measures of tables that keep no earlier version: what they held a year ago is not known."""


def concluded(
    figures: Mapping[Evidence, Figure], previous: Mapping[Evidence, Figure], expectations: pd.DataFrame
) -> pd.DataFrame:
    """Return the evidence of a year: one row is one measure, in the order of `vocabulary.Evidence`.

    Columns: `aspect`, `measure`, `value`, `count`, `of`; `previous_value`, `previous_count`, `previous_of` (missing for the
    measures of `UNDATED`), `is_undated`; `move` from last year's figure to this (higher, lower, same, "" when either is missing);
    `expectation`, `partly_from`, `unit`, `source` ("" without an expectation); `conclusion`. An
    expectation in the unit number is compared with the count, one in % with the percentage as printed.
    """
    expected: dict[str, dict[str, Any]] = expectations.set_index("measure").to_dict("index")  # type: ignore[assignment]
    rows = []
    for measure, aspect in ASPECTS.items():
        now = figures.get(measure, NOT_MEASURED)
        before = NOT_MEASURED if measure in UNDATED else previous.get(measure, NOT_MEASURED)
        wanted = {"aspect": str(aspect), **expected.get(str(measure), {})}
        least, partly = float(wanted.get("expectation", "nan")), float(wanted.get("partly_from", "nan"))
        unit = str(wanted.get("unit", ""))
        rows.append(
            {
                "aspect": str(wanted["aspect"]),
                "measure": str(measure),
                **_cells(now, ""),
                **_cells(before, "previous_"),
                "is_undated": measure in UNDATED,
                "move": _move(now.value, before.value),
                "expectation": least,
                "partly_from": partly,
                "unit": unit,
                "source": str(wanted.get("source", "")),
                "conclusion": str(conclusion(now.value if unit != "number" or now.count is None else now.count, least, partly)),
            }
        )
    return pd.DataFrame(rows)


def _move(value: float | None, before: float | None) -> str:
    if value is None or before is None:
        return ""
    return "higher" if value > before else "lower" if value < before else "same"


def _cells(figure: Figure, prefix: str) -> dict[str, float]:
    given = {"value": figure.value, "count": figure.count, "of": figure.of}
    return {f"{prefix}{name}": float("nan") if cell is None else float(cell) for name, cell in given.items()}


def conclusion(value: float | None, expectation: float, partly_from: float) -> Conclusion:
    """Return how a figure stands to the least that is expected; `partly_from` missing means that there is no part."""
    if value is None:
        return Conclusion.NOT_MEASURED
    if pd.isna(expectation):
        return Conclusion.FOR_INFORMATION
    if value >= expectation:
        return Conclusion.MET
    return Conclusion.PARTLY_MET if value >= partly_from else Conclusion.NOT_MET


def count_conclusions(evidence: pd.DataFrame, by: str | None = None) -> pd.DataFrame:
    """Return how many measures have each conclusion: one row is one (`by` and) `conclusion`, with `count`.

    `of` is the number of expectations that could be judged: those met, partly met and not met.
    """
    judged = [str(Conclusion.NOT_MET), str(Conclusion.PARTLY_MET), str(Conclusion.MET)]
    rows = []
    for group in dict.fromkeys(evidence[by]) if by else [""]:
        own = evidence[evidence[by] == group] if by else evidence
        of = int(own["conclusion"].isin(judged).sum())
        rows += [(group, str(one), int(own["conclusion"].eq(one).sum()), of) for one in Conclusion]
    counted = pd.DataFrame(rows, columns=[by or "whole", "conclusion", "count", "of"])
    return counted if by else counted.drop(columns="whole")
