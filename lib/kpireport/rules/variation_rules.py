"""The four rules that tell special cause from common cause.

Each gives the side of every point that it catches: 1 high, -1 low, 0 none. Source: NHS England, Making Data Count; the rating
contract, part 4. All take many stretches at once: `stretch` is the number of each point's stretch, in order, and nothing reaches
over its ends. A value on a line is neither beyond it nor on a side of it.
"""

import numpy as np
import pandas as pd

from kpireport.rules.series import starts
from kpireport.vocabulary import VariationRule

RUN = 7
"""Points of a trend, and of a run on one side of the mean."""


def special_causes(values: np.ndarray, lines: pd.DataFrame, stretch: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return which rule catches each point, as its place among `VariationRule` (-1 for none), and the side: 1 high, -1 low.

    The rules are asked in their order and the first that catches a point names it. `lines` is what `limits` gives.
    """
    rounding = lines["rounding"].to_numpy()
    beyond = _beyond(values, lines, "line")
    sides = {
        VariationRule.OUTSIDE_LIMITS: _beyond(values, lines, "limit"),
        VariationRule.TREND: trends(values, rounding, stretch),
        VariationRule.TWO_OF_THREE: two_of_three(beyond, stretch),
        VariationRule.ONE_SIDE: one_side(sign(values - lines["mean"].to_numpy(), rounding), stretch),
    }
    rule, side = np.full(len(values), -1, dtype=np.int8), np.zeros(len(values), dtype=np.int8)
    for place, caught in reversed(list(enumerate(sides.values()))):
        rule[caught != 0] = place
        side = np.where(caught != 0, caught, side)
    return rule, side


def sign(differences: np.ndarray, rounding: np.ndarray) -> np.ndarray:
    """Return 1, -1 or 0 for differences above, below and within rounding of 0; 0 where there is no difference to be had."""
    return (differences > rounding).astype(np.int8) - (differences < -rounding).astype(np.int8)


def trends(values: np.ndarray, rounding: np.ndarray, stretch: np.ndarray) -> np.ndarray:
    """Return the points of 7 or more in a row that each rise on the one before (1), or each fall (-1); the first included.

    Two equal neighbours break the trend. The point where one trend turns into another belongs to the later.
    """
    step = np.where(starts(stretch), 0, sign(np.diff(values, prepend=0.0), rounding)).astype(np.int8)
    risen = np.where(_run_lengths(step, stretch) >= RUN - 1, step, np.int8(0))
    begun = np.append(risen[1:], np.int8(0))
    return np.where(begun != 0, begun, risen)


def two_of_three(beyond: np.ndarray, stretch: np.ndarray) -> np.ndarray:
    """Return the points beyond a two-thirds line of which another, of the three in a row, is beyond the line of the same side.

    The third may lie anywhere, and is not caught itself; a point outside the limits is beyond the line too.
    """
    caught = np.zeros(len(beyond), dtype=bool)
    for apart in (1, 2):
        both = (beyond[apart:] == beyond[:-apart]) & (beyond[apart:] != 0) & (stretch[apart:] == stretch[:-apart])
        caught[apart:] |= both
        caught[: max(len(beyond) - apart, 0)] |= both
    return np.where(caught, beyond, np.int8(0))


def one_side(side: np.ndarray, stretch: np.ndarray) -> np.ndarray:
    """Return the points of 7 or more in a row on one side of the mean. A point on the mean breaks the run."""
    return np.where(_run_lengths(side, stretch) >= RUN, side, np.int8(0))


def _beyond(values: np.ndarray, lines: pd.DataFrame, line: str) -> np.ndarray:
    rounding = lines["rounding"].to_numpy()
    above = sign(values - lines[f"upper_{line}"].to_numpy(), rounding) > 0
    below = sign(values - lines[f"lower_{line}"].to_numpy(), rounding) < 0
    return above.astype(np.int8) - below.astype(np.int8)


def _run_lengths(words: np.ndarray, stretch: np.ndarray) -> np.ndarray:
    """Return the length of the run of equal words to which each element belongs."""
    run = np.cumsum(starts(words) | starts(stretch)) - 1
    return np.bincount(run)[run] if len(run) else run
