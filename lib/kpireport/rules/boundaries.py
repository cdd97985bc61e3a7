"""Values of old areas on new boundaries: wards and councils whose codes changed, by a look-up of old to new.

One row of a look-up (the area_lookup table) is a part of an old area that lies in a new one: `old_area`, `new_area`, `weight`,
the share (0 to 1) of the old area's people in that part. A new code for the same land has weight 1. Areas are told apart by
code, never by name. Source: the rating contract, part 9, case 10; best-fit look-ups of the Office for National Statistics.
"""

import numpy as np
import pandas as pd

_DUST = 9


def on_boundaries(values: pd.DataFrame, lookup: pd.DataFrame, *, is_count: bool) -> pd.DataFrame:
    """Return the values on new boundaries: one row is one KPI, group, period and new area.

    A count is the sum of weight x value over the old areas (people taken to be spread alike over an old area). A percentage or
    rate is the mean of the values weighted by weight x denominator, which is the same as its parts' numerators over their
    denominators; numerators and denominators are shared out as counts. Areas that the look-up does not list as old keep their
    values.

    A value is missing, and not guessed, when an old area that the new one needs has no row or no value, or when a rate would be
    the mean of several without a denominator (or with denominators that sum to 0). Negative values are carried as they are.

    Parameters
    ----------
    values
        One row is one KPI, group, period and area, with `kpi_id`, `group`, `period`, `area`, `value`, `numerator`, `denominator`.

    Returns
    -------
    pd.DataFrame
        The same columns, with `is_converted` (from an old area) and `is_estimated` (from a part of one, so that the figure rests
        on the weights).
    """
    key = ["kpi_id", "group", "period"]
    columns = [*key, "area", "value", "numerator", "denominator"]
    is_old = values["area"].isin(lookup["old_area"])
    kept = values.loc[~is_old, columns].assign(is_converted=False, is_estimated=False)
    wanted = values.loc[is_old, key].drop_duplicates().merge(lookup, how="cross")
    # Only new areas of which something is known: a look-up of a whole country must not give rows for all of it.
    old = values.loc[is_old, columns].rename(columns={"area": "old_area"})
    parts = wanted.merge(old, on=[*key, "old_area"], how="left", validate="many_to_one", indicator="found")
    group = [parts[name] for name in (*key, "new_area")]
    parts = parts[(parts["found"] == "both").groupby(group, sort=False).transform("any")]
    group = [parts[name] for name in (*key, "new_area")]
    weighted = parts["weight"] * parts["denominator"]

    def whole(figures: pd.Series) -> pd.Series:
        return figures.groupby(group, sort=False).sum().where(figures.notna().groupby(group, sort=False).all())

    denominators = whole(weighted)
    mean = whole(parts["value"] * weighted) / denominators.where(denominators != 0)
    alone = parts["value"].groupby(group, sort=False).first().where(parts["value"].groupby(group, sort=False).size() == 1)
    made = pd.DataFrame(
        {
            "value": whole(parts["value"] * parts["weight"]) if is_count else alone.fillna(mean),
            "numerator": whole(parts["numerator"] * parts["weight"]),
            "denominator": denominators,
            "is_converted": True,
            "is_estimated": parts["weight"].lt(1).groupby(group, sort=False).any(),
        }
    ).reset_index(names=[*key, "area"])
    return _together(kept, made, key)


def _together(kept: pd.DataFrame, made: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """Return both, an area's own value before one converted for it."""
    rows = pd.concat([kept, made[kept.columns]], ignore_index=True) if len(made) else kept.reset_index(drop=True)
    figures = ["value", "numerator", "denominator"]
    rows = rows.assign(**{name: rows[name].astype(float).round(_DUST).replace([np.inf, -np.inf], np.nan) for name in figures})
    return rows.drop_duplicates([*key, "area"]).sort_values([*key, "area"], kind="stable", ignore_index=True)
