"""The Survey of Internal Control: how answers are distributed, how that changed, and breakdowns that hide small groups.

Percentages are of those who answered: "Not applicable" and blank answers are kept out of every denominator and counted beside it.
"Don't know" is an answer. Source: the rating contract, part 7; the council's account of its arrangements, points 84 to 88.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from kpireport.rules.disclosure import MINIMUM_GROUP, hide_small_groups
from kpireport.rules.figures import round_half_away
from kpireport.rules.intervals import wilson
from kpireport.vocabulary import Rounding, SurveyAnswer

ANSWERS = [str(answer) for answer in SurveyAnswer if answer is not SurveyAnswer.NOT_APPLICABLE]
"""The answers that count, best first."""
POSITIVE = (SurveyAnswer.WELL_EMBEDDED, SurveyAnswer.FAIRLY_EMBEDDED)
_DUST = 9
"""Decimals of a percentage beyond which two are equal."""


def distribution(
    responses: pd.DataFrame, by: Sequence[str] = (), *, rounding: Rounding = Rounding.NEAREST, decimals: int = 0
) -> pd.DataFrame:
    """Return how each question was answered in each year: one row is one question, year, (`by`,) and answer.

    Every answer has a row, with a count of 0 where nobody gave it.

    Parameters
    ----------
    responses
        One row is one respondent's answer to one question (schemas.SURVEY_RESPONSES).
    by
        Columns that break the respondents down, such as `directorate`. A breakdown is not yet safe to show: see `breakdown`.

    Returns
    -------
    pd.DataFrame
        `question`, `year`, `by`, `answer`, `count`, `of` (those who answered), `percent` (100 count / of; missing when nobody
        answered), `shown_percent` (rounded, see `rounded_percent`), and `not_applicable` and `blank`, the respondents of the
        question who are in no denominator.
    """
    group = ["question", "year", *by]
    counted = responses.groupby([*group, "answer"], sort=False).size().rename("count").reset_index()
    asked = responses[group].drop_duplicates().sort_values(group, kind="stable")
    rows = asked.merge(pd.DataFrame({"answer": ANSWERS}), how="cross")
    rows = rows.merge(counted, on=[*group, "answer"], how="left", validate="one_to_one")
    rows = rows.assign(count=rows["count"].fillna(0).astype(int))
    of = rows.groupby(group, sort=False)["count"].transform("sum")
    percent = 100 * rows["count"] / of.where(of > 0)
    apart = asked
    for name, answer in (("not_applicable", str(SurveyAnswer.NOT_APPLICABLE)), ("blank", "")):
        these = counted.loc[counted["answer"] == answer, [*group, "count"]].rename(columns={"count": name})
        apart = apart.merge(these, on=group, how="left", validate="one_to_one")
    apart = apart.assign(not_applicable=apart["not_applicable"].fillna(0).astype(int), blank=apart["blank"].fillna(0).astype(int))
    rows = rows.assign(of=of, percent=percent)
    shown = rounded_percent(rows["percent"], [rows[name] for name in group], rounding=rounding, decimals=decimals)
    return rows.assign(shown_percent=shown).merge(apart, on=group, how="left", validate="many_to_one")


def rounded_percent(
    percent: pd.Series, group: Sequence[pd.Series], *, rounding: Rounding = Rounding.LARGEST_REMAINDER, decimals: int = 0
) -> pd.Series:
    """Return percentages rounded for print, indexed alike.

    `nearest` rounds each by itself, halves away from zero, so that the parts may not sum to 100. `largest_remainder` (Hamilton's
    method) rounds all down and gives the units that are then missing from the rounded sum to the largest remainders, ties to the
    larger part and then to the first, so that parts which sum to 100 do so as printed; no part moves by a whole unit. A group
    with a missing percentage stays missing throughout.
    """
    places = pd.Series(decimals, index=percent.index)
    if rounding is Rounding.NEAREST:
        return round_half_away(percent.round(_DUST), places)
    units = (percent * 10**decimals).round(_DUST)
    down = np.floor(units)
    keys = list(group)
    wanted = units.groupby(keys, sort=False).transform("sum").round(_DUST).add(0.5).floordiv(1)
    short = wanted - down.groupby(keys, sort=False).transform("sum")
    frame = pd.DataFrame(
        {"remainder": (units - down).round(_DUST - 2), "units": units, "key": units.groupby(keys, sort=False).ngroup()}
    )
    order = frame.sort_values(["key", "remainder", "units"], ascending=[True, False, False], kind="stable")
    turn = order.groupby("key", sort=False).cumcount().reindex(units.index)
    whole = units.notna().groupby(keys, sort=False).transform("all")
    rounded: pd.Series = (down + (turn < short)) / 10**decimals
    return rounded.where(whole)


def positive_share(distributed: pd.DataFrame, positive: Sequence[str] = POSITIVE, by: Sequence[str] = ()) -> pd.DataFrame:
    """Return the share of positive answers (well and fairly embedded): one row is one question, year (and `by`).

    Columns: `count`, `of`, `percent` (100 count / of, from the counts and not from rounded parts) and `shown_percent`, the sum of
    the shown parts, so that what is printed agrees with what is printed beside it. Missing when nobody answered.
    """
    group = ["question", "year", *by]
    parts = distributed[distributed["answer"].isin([str(answer) for answer in positive])]
    sums = parts.groupby(group, sort=False).agg(
        count=("count", "sum"),
        of=("of", "first"),
        percent=("percent", lambda shares: shares.sum(skipna=False)),
        shown_percent=("shown_percent", lambda shares: shares.sum(skipna=False)),
    )
    return sums.reset_index()


def change(distributed: pd.DataFrame, *, year: int, previous: int, by: Sequence[str] = ()) -> pd.DataFrame:
    """Return how each answer's share changed between two years: one row is one question, (`by`,) and answer in both.

    The interval is the hybrid score interval for the difference of two independent proportions, built from the Wilson interval of
    each year: with l and u its ends, d - sqrt((p1 - l1)² + (u2 - p2)²) to d + sqrt((u1 - p1)² + (p2 - l2)²) (R. G. Newcombe,
    Statistics in Medicine 17, 1998, method 10). Managers who answer in both years answer alike, which makes it too wide rather
    than too narrow. Without the number of respondents in both years there is a change, but neither interval nor a claim.

    Parameters
    ----------
    distributed
        One row is one question, year, (`by`,) and answer, with `percent`, `of` (missing when not published) and perhaps
        `shown_percent`.

    Returns
    -------
    pd.DataFrame
        `question`, `by`, `answer`, `percent`, `previous_percent`, `of`, `previous_of`, `change_points` (percentage points),
        `low_points` and `high_points` (95% interval; missing without N), `is_significant` (the interval excludes 0; missing
        without N), `shown_percent`, `previous_shown_percent` and their difference, `shown_change_points`.
    """
    group = ["question", *by, "answer"]
    shown = distributed if "shown_percent" in distributed else distributed.assign(shown_percent=distributed["percent"])
    columns = [*group, "percent", "of", "shown_percent"]
    now = shown.loc[shown["year"] == year, columns]
    before = shown.loc[shown["year"] == previous, columns].rename(
        columns=lambda name: name if name in group else f"previous_{name}"
    )
    both = now.merge(before, on=group, how="inner", validate="one_to_one")
    low, high = _newcombe(both["percent"], both["of"], both["previous_percent"], both["previous_of"])
    is_known = low.notna()
    return both.assign(
        change_points=both["percent"] - both["previous_percent"],
        low_points=low,
        high_points=high,
        is_significant=((low > 0) | (high < 0)).astype("boolean").where(is_known),
        shown_change_points=(both["shown_percent"] - both["previous_shown_percent"]).round(_DUST),
    )


def breakdown(responses: pd.DataFrame, by: str, *, rounding: Rounding = Rounding.NEAREST, decimals: int = 0) -> pd.DataFrame:
    """Return the distribution in each group of respondents, without the groups that must not be shown.

    One row is one question, year, group and answer, as `distribution` gives it, with `is_hidden`. Groups with fewer than 10 who
    answered are hidden, and with them the next smallest until the hidden ones together are no small group (see
    `disclosure.hide_small_groups`); their counts and percentages are missing, and so is how many they were.
    """
    rows = distribution(responses, [by], rounding=rounding, decimals=decimals)
    groups = rows.drop_duplicates(["question", "year", by])
    is_hidden = hide_small_groups(groups, groups["of"], ["question", "year"])
    marked = rows.merge(
        groups[["question", "year", by]].assign(is_hidden=is_hidden),
        on=["question", "year", by],
        how="left",
        validate="many_to_one",
    )
    figures = ["count", "of", "percent", "shown_percent", "not_applicable", "blank"]
    return marked.assign(**{name: marked[name].astype(float).mask(marked["is_hidden"]) for name in figures})


def large_enough(distributed: pd.DataFrame) -> pd.Series:
    """Return which rows rest on at least 10 who answered; a whole survey smaller than that is not shown either."""
    return distributed["of"] >= MINIMUM_GROUP


def _newcombe(percent: pd.Series, of: pd.Series, before: pd.Series, of_before: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Return the 95% interval of percent - before, in percentage points."""
    now, low_now, high_now = _wilson(percent, of)
    then, low_then, high_then = _wilson(before, of_before)
    low = now - then - np.sqrt((now - low_now) ** 2 + (high_then - then) ** 2)
    high = now - then + np.sqrt((high_now - now) ** 2 + (then - low_then) ** 2)
    return pd.Series(100 * low, index=percent.index), pd.Series(100 * high, index=percent.index)


def _wilson(percent: pd.Series, of: pd.Series) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return each share (0 to 1) with the ends of its interval."""
    share, number = percent.to_numpy(dtype=float) / 100, of.to_numpy(dtype=float, na_value=np.nan)
    # A share of 1 times its denominator may come out a hair above it.
    return share, *wilson(np.minimum(share * number, number), number)
