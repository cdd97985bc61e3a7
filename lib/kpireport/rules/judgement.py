"""Which way is good, asked once, so that no later rule has to know a KPI's polarity."""

import numpy as np
import pandas as pd

from kpireport.vocabulary import Kind, Polarity

_GOOD_WAY = {Polarity.HIGHER_IS_BETTER: 1, Polarity.LOWER_IS_BETTER: -1, Polarity.WITHIN_RANGE: 0, Polarity.NEUTRAL: 0}


def good_way(kpis: pd.DataFrame) -> np.ndarray:
    """Return 1 for a KPI of which more is better, -1 of which less is, and 0 where a change is told without judgement.

    Trackers, neutral KPIs and KPIs wanted within a range have no good way: a move along a wanted range is good from one end and
    bad from the other. `kpis` has one row for one KPI, with `polarity`, and `kind` where trackers are among them. Source: the
    rating contract, part 2, rule 6.
    """
    way = kpis["polarity"].map(_GOOD_WAY).fillna(0).to_numpy(dtype=np.int8)
    return np.where(kpis["kind"] == Kind.TRACKER, np.int8(0), way) if "kind" in kpis else way
