"""Time variation over many KPIs at once beside the plain loop it replaces.

``PYTHONPATH=lib python tests/benchmarks/bench_variation.py`` prints, for 10,000 series of 60 months, the seconds of both and the
peak memory that the vectorised way allocates; then its growth to 100,000 series. Both judge every point and give the same words.
"""

import sys
import time
import tracemalloc
from collections.abc import Callable
from itertools import pairwise
from math import fsum
from typing import Any

import numpy as np
import pandas as pd
from kpireport import periods
from kpireport.rules import variation

POINTS = 60
MONTHS = [str(periods.month(2019 + i // 12, i % 12 + 1)) for i in range(POINTS)]
SECONDS, MEGABYTES = 2.0, 500.0


def series(number: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return KPIs and a history of random monthly figures, a tenth of them with a shift in the middle."""
    random = np.random.default_rng(20_241)
    names = np.array([f"CF-{place:06d}" for place in range(number)])
    shift = np.where(random.random(number) < 0.1, 4.0, 0.0)[:, None] * (np.arange(POINTS) >= POINTS // 2)
    values = (random.normal(50, 5, (number, POINTS)) + shift).round(1).reshape(-1)
    kpis = pd.DataFrame(
        {
            "kpi_id": names,
            "polarity": "higher_is_better",
            "measure_type": "in_period",
            "frequency": "monthly",
            "target_type": "value",
            "target": 50.0,
            "upper": np.nan,
        }
    )
    return kpis, pd.DataFrame({"kpi_id": np.repeat(names, POINTS), "period": np.tile(MONTHS, number), "value": values})


def points_by_loop(values: list[float]) -> list[tuple[str, str]]:
    """Return the variation and the rule of each of a series' points, more being better: one series, one point at a time."""
    mean = fsum(values) / len(values)  # summed exactly: otherwise a value on the mean is a hair beside it
    ranges = [abs(now - then) for then, now in pairwise(values)]
    average = sum(ranges) / len(ranges)
    kept = [one for one in ranges if one < 3.267 * average]
    average = sum(kept) / len(kept) if kept else average
    low, high = mean - 2.66 * average, mean + 2.66 * average
    third = 2.66 * average * 2 / 3
    beyond = [(value > mean + third) - (value < mean - third) for value in values]
    trend, run = [0] * len(values), [0] * len(values)
    for start in range(len(values) - 6):
        window = values[start : start + 7]
        way = all(then < now for then, now in pairwise(window)) - all(then > now for then, now in pairwise(window))
        side = all(value > mean for value in window) - all(value < mean for value in window)
        for place in range(start, start + 7):
            trend[place], run[place] = way or trend[place], side or run[place]
    told = []
    for place, value in enumerate(values):
        two = beyond[place] and beyond[place] in beyond[max(place - 2, 0) : place] + beyond[place + 1 : place + 3]
        sides = {
            "outside_limits": (value > high) - (value < low),
            "trend": trend[place],
            "two_of_three": beyond[place] if two else 0,
            "one_side": run[place],
        }
        rule = next((name for name, side in sides.items() if side), "")
        side = sides.get(rule, 0)
        told.append(("improvement" if side > 0 else "concern" if side < 0 else "common_cause", rule))
    return told


def by_loop(history: pd.DataFrame) -> list[tuple[str, str]]:
    """Return what the loop says of every point."""
    return [told for _, values in history.groupby("kpi_id", sort=False)["value"] for told in points_by_loop(values.tolist())]


def timed(what: Callable[[], Any], times: int = 3) -> tuple[float, float, Any]:
    """Return the best wall-clock and processor seconds of a few times, and the result."""
    walls, processors = [], []
    for _ in range(times):
        wall, processor = time.perf_counter(), time.process_time()
        result = what()
        walls.append(time.perf_counter() - wall)
        processors.append(time.process_time() - processor)
    return min(walls), min(processors), result


def main() -> int:
    """Print the comparison; exit with 1 when the two ways differ or a limit of time or memory is not kept."""
    kpis, history = series(10_000)
    wall, processor, points = timed(lambda: variation.chart_points(kpis, history))
    loop_wall, loop_processor, expected = timed(lambda: by_loop(history), times=1)
    agree = list(zip(points["variation"], points["variation_rule"], strict=True)) == expected
    print(f"Every point of 10,000 series x {POINTS}: at once {wall:.2f} s, plain loop {loop_wall:.2f} s; wall clock")
    print(f"  {loop_processor / processor:.0f} times less processor time; the two agree: {'yes' if agree else 'NO'}")
    del points, expected
    wall, processor, _ = timed(lambda: variation.add_variation(kpis, history))
    tracemalloc.start()
    variation.add_variation(kpis, history)
    megabytes = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    print(f"Variation and assurance of 10,000 KPIs: {wall:.2f} s wall clock; peak memory allocated {megabytes:.0f} MB")
    kpis, history = series(100_000)
    more_wall, more, _ = timed(lambda: variation.add_variation(kpis, history))
    print(f"Of 100,000 KPIs: {more_wall:.2f} s; {more / processor:.1f} times the processor time of a tenth of them")
    return 0 if agree and wall < SECONDS and megabytes < MEGABYTES else 1


if __name__ == "__main__":
    sys.exit(main())
