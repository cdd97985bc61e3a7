"""Whether a figure differs from another by more than chance: better, similar or worse at the 95% level.

Source: Fingertips (Office for Health Improvement and Disparities); the rating contract, part 4. Where a KPI has no good way
(neutral, within a range, a tracker) the words are lower, similar and higher.
"""

import numpy as np
import pandas as pd

from kpireport.rules.availability import period_days
from kpireport.rules.intervals import intervals
from kpireport.rules.judgement import good_way
from kpireport.vocabulary import Significance, WhyNot

_FIGURES = ["value", "numerator", "denominator"]
_TERMS = ["unit", "decimals", "polarity"]


def difference(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """Return the difference of two areas or two periods, first less second, with its 95% confidence interval.

    Formula (Newcombe's hybrid score method, for rates as Zou and Donner extend it), for figures r with intervals l to u:
    d = r1 - r2; from d - √((r1-l1)² + (u2-r2)²) to d + √((u1-r1)² + (r2-l2)²). Sources: R. G. Newcombe, Statistics in Medicine
    17 (1998), method 10; G. Zou and A. Donner, Statistics in Medicine 27 (2008). The two are taken to be independent.

    Parameters
    ----------
    first, second
        One row is one figure: `value`, `numerator`, `denominator`, `unit`, `decimals`; indexed alike, in the same unit.

    Returns
    -------
    pd.DataFrame
        One row is one pair, indexed alike: `difference`, `difference_lower_95`, `difference_upper_95`, in the KPI's unit;
        missing where the counts of either cannot be used (see `intervals.shares`).
    """
    return _difference(intervals(first), intervals(second))


def against_benchmarks(kpis: pd.DataFrame, benchmarks: pd.DataFrame, *, area: str) -> pd.DataFrame:
    """Return how the council stands to every benchmark of its KPIs.

    Where the benchmark has usable counts, the 95% interval of the difference (see `difference`) says whether there is one;
    otherwise the council's own interval, which the benchmark's value lies inside (similar; on its end too) or outside.

    Parameters
    ----------
    kpis
        One row is one KPI: `kpi_id`, `period`, `value`, `numerator`, `denominator` of the result shown, `unit`, `decimals`,
        `polarity`, and `kind` where trackers are among them.
    benchmarks
        One row is one KPI's value in another area: `kpi_id`, `area`, `period`, `value`, `numerator`, `denominator`.
    area
        GSS code of the council's own area, which is never compared with itself.

    Returns
    -------
    pd.DataFrame
        One row is one benchmark of a KPI in `kpis`, labelled like its row of `benchmarks`: `kpi_id`, `area`, `period`, `value`,
        `significance`; `significance_method`: difference, interval or ""; `lower_95`, `upper_95` of the council's figure in the
        KPI's unit; and `significance_why_not`, "" or why it is not compared: `itself`, `no_value` (the council has none),
        `no_benchmark` (its value is missing), `different_period`, `no_interval` (the council's counts cannot be used).
    """
    own_columns = ["kpi_id", "period", *_FIGURES, *_TERMS, *(["kind"] if "kind" in kpis else [])]
    theirs = benchmarks.loc[benchmarks["kpi_id"].isin(kpis["kpi_id"]), ["kpi_id", "area", "period", *_FIGURES]]
    pairs = theirs.merge(kpis[own_columns], on="kpi_id", how="left", suffixes=("", "_own"), validate="many_to_one")
    pairs = pairs.set_axis(theirs.index)
    own = pairs[_TERMS].assign(**{name: pairs[f"{name}_own"] for name in _FIGURES})
    judged = _judge(own, pairs[[*_FIGURES, *_TERMS]], good_way(pairs))
    why_not = _first_reason(
        {
            WhyNot.ITSELF: pairs["area"] == area,
            WhyNot.NO_VALUE: pairs["value_own"].isna(),
            WhyNot.NO_BENCHMARK: pairs["value"].isna(),
            WhyNot.DIFFERENT_PERIOD: pairs["period"] != pairs["period_own"],
            WhyNot.NO_INTERVAL: judged["lower_95"].isna(),
        }
    )
    said = theirs[["kpi_id", "area", "period", "value"]].join(judged).assign(significance_why_not=why_not)
    return _unless(said, why_not != "", significance=str(Significance.NOT_COMPARED), significance_method="")


def add_significance(kpis: pd.DataFrame, benchmarks: pd.DataFrame, *, area: str, against: str) -> pd.DataFrame:
    """Return how each KPI stands to one other area, such as England, to be joined to `kpis`.

    Parameters are those of `against_benchmarks`; `against` is the GSS code of the other area. Its value for the KPI's own period
    is used; without one, its latest is shown and not compared.

    Returns
    -------
    pd.DataFrame
        One row is one KPI, indexed like `kpis`: `benchmark_period`, `benchmark_value`, `significance`, `significance_method`,
        `lower_95`, `upper_95` and `significance_why_not`, as in `against_benchmarks`.
    """
    theirs = benchmarks[benchmarks["area"] == against]
    shown = theirs["kpi_id"].map(kpis.set_index("kpi_id")["period"])
    preferred = theirs.assign(is_same=theirs["period"] == shown, end=period_days(theirs["period"]))
    one_each = preferred.sort_values(["is_same", "end"], kind="stable").drop_duplicates("kpi_id", keep="last")
    told = against_benchmarks(kpis, one_each, area=area).set_index("kpi_id").reindex(kpis["kpi_id"]).set_axis(kpis.index)
    told = told.rename(columns={"period": "benchmark_period", "value": "benchmark_value"})
    own = intervals(kpis[[*_FIGURES, *_TERMS]])
    missing = told["significance"].isna()
    why_not = told["significance_why_not"].where(
        ~missing,
        _first_reason(
            {WhyNot.ITSELF: missing & (against == area), WhyNot.NO_VALUE: kpis["value"].isna(), WhyNot.NO_BENCHMARK: missing}
        ),
    )
    told = told.assign(significance_why_not=why_not, lower_95=own["lower_95"], upper_95=own["upper_95"])
    told = _unless(told, missing, significance=str(Significance.NOT_COMPARED), significance_method="", benchmark_period="")
    columns = ["benchmark_period", "benchmark_value", "significance", "significance_method", "lower_95", "upper_95"]
    return told[[*columns, "significance_why_not"]]


def add_change_significance(kpis: pd.DataFrame, history: pd.DataFrame) -> pd.DataFrame:
    """Return whether each KPI's change since its comparator is more than chance, to be joined to `kpis`.

    Parameters
    ----------
    kpis
        As for `against_benchmarks`, and `comparator_period` ("" for none).
    history
        One row is one KPI and period: `kpi_id`, `period`, `value`, `numerator`, `denominator`.

    Returns
    -------
    pd.DataFrame
        One row is one KPI, indexed like `kpis`: `change_significance`; `change_lower_95` and `change_upper_95`, the interval of
        the change in the KPI's unit (see `difference`); and `change_why_not`: "", `no_value`, `no_benchmark` (no comparator) or
        `no_interval` (the counts of either cannot be used).
    """
    wanted = kpis[["kpi_id", "comparator_period"]].rename(columns={"comparator_period": "period"})
    then = wanted.merge(history[["kpi_id", "period", *_FIGURES]], on=["kpi_id", "period"], how="left", validate="many_to_one")
    then = then.set_axis(kpis.index)[_FIGURES].join(kpis[_TERMS])
    change = difference(kpis[[*_FIGURES, *_TERMS]], then)
    side = np.sign(change["difference_lower_95"].clip(lower=0)) + np.sign(change["difference_upper_95"].clip(upper=0))
    why_not = _first_reason(
        {
            WhyNot.NO_VALUE: kpis["value"].isna(),
            WhyNot.NO_BENCHMARK: then["value"].isna(),
            WhyNot.NO_INTERVAL: change["difference"].isna(),
        }
    )
    said = pd.DataFrame(
        {
            "change_significance": _words(side, good_way(kpis)),
            "change_lower_95": change["difference_lower_95"],
            "change_upper_95": change["difference_upper_95"],
            "change_why_not": why_not,
        },
        index=kpis.index,
    )
    return _unless(said, why_not != "", change_significance=str(Significance.NOT_COMPARED))


def _difference(one: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    gap = one["share"] - other["share"]
    down = np.sqrt((one["share"] - one["lower_95"]) ** 2 + (other["upper_95"] - other["share"]) ** 2)
    up = np.sqrt((one["upper_95"] - one["share"]) ** 2 + (other["share"] - other["lower_95"]) ** 2)
    return pd.DataFrame({"difference": gap, "difference_lower_95": gap - down, "difference_upper_95": gap + up})


def _judge(own: pd.DataFrame, theirs: pd.DataFrame, way: np.ndarray) -> pd.DataFrame:
    interval = intervals(own)
    gap = _difference(interval, intervals(theirs))
    by_difference = gap["difference"].notna()
    lower = gap["difference_lower_95"].where(by_difference, interval["lower_95"] - theirs["value"])
    upper = gap["difference_upper_95"].where(by_difference, interval["upper_95"] - theirs["value"])
    side = np.sign(lower.clip(lower=0)) + np.sign(upper.clip(upper=0))
    method = pd.Series(np.where(by_difference, "difference", "interval"), index=own.index, dtype="str")
    judged = pd.DataFrame({"significance": _words(side, way), "significance_method": method}, index=own.index)
    return judged.join(interval[["lower_95", "upper_95"]])


def _words(side: pd.Series, way: np.ndarray) -> pd.Series:
    """Return the word for each figure that is higher (1), lower (-1) or neither (0, or missing)."""
    good = side * way
    words = np.select(
        [good > 0, good < 0, side > 0, side < 0],
        [Significance.BETTER, Significance.WORSE, Significance.HIGHER, Significance.LOWER],
        Significance.SIMILAR,
    )
    return pd.Series(words, index=side.index, dtype="str")


def _first_reason(reasons: dict[WhyNot, pd.Series]) -> pd.Series:
    index = next(iter(reasons.values())).index
    words = np.select([reason.to_numpy(dtype=bool) for reason in reasons.values()], list(reasons), "")
    return pd.Series(words, index=index, dtype="str")


def _unless(frame: pd.DataFrame, refused: pd.Series, **words: str) -> pd.DataFrame:
    return frame.assign(**{name: frame[name].where(~refused, word) for name, word in words.items()})
