"""A chart's title is true of what the chart draws, whatever the figures."""

from decimal import ROUND_HALF_UP, Decimal

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st
from kpi_rows import kpi
from kpireport.presentation import findings
from kpireport.rules.counts import count_ratings

NAN = float("nan")
VALUES = st.integers(-99_999, 99_999).map(lambda whole: whole / 1000)
WAYS = st.sampled_from(["higher_is_better", "lower_is_better"])


def printed(value: float, decimals: int) -> Decimal:
    return Decimal(repr(value)).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def words(value: float, decimals: int) -> str:
    return f"{abs(printed(value, decimals)) if printed(value, decimals) == 0 else printed(value, decimals)}%".replace("-", "−")


@given(VALUES, VALUES, st.integers(0, 3))
def test_a_time_series_is_said_to_have_risen_when_the_figures_as_printed_rose(now, before, decimals):
    title = findings.trend_title(
        kpi(value=now, comparator_value=before, decimals=decimals, rag="", rating="awaited", basis="none")
    )

    after, earlier = printed(now, decimals), printed(before, decimals)
    verb = "stayed at" if after == earlier else "rose to" if after > earlier else "fell to"
    origin = ", as in 2023-24 Q2" if after == earlier else f", from {words(before, decimals)} in 2023-24 Q2"
    assert title == f"Repairs completed on time {verb} {words(now, decimals)} in 2024-25 Q2{origin}"


@given(st.sampled_from(["red", "amber", "green"]))
def test_a_target_is_said_to_be_met_by_what_is_rated_green_alone(rating):
    title = findings.trend_title(kpi(rating=rating, rag=rating))
    assert ("meeting the target" in title, "missing the target" in title) == (rating == "green", rating != "green")


@given(VALUES, st.lists(VALUES, min_size=1, max_size=8), WAYS, st.integers(0, 2))
def test_the_councils_place_is_one_more_than_the_number_of_councils_before_it(own, others, way, decimals):
    rows = pd.DataFrame(
        {
            "area": [f"E080000{number:02}" for number in range(len(others) + 1)],
            "area_name": ["Leeds", *(f"Council {number}" for number in range(len(others)))],
            "period": "2023-24",
            "value": [own, *others],
            "is_council": [True, *[False] * len(others)],
        }
    )
    title = findings.benchmark_title(kpi(polarity=way, decimals=decimals), rows, "Leeds")

    mine, theirs = printed(own, decimals), [printed(other, decimals) for other in others]
    before = sum(other > mine if way == "higher_is_better" else other < mine for other in theirs)
    joint = "joint " if mine in theirs else ""
    place = "the " if before == 0 else f"{findings.ordinal(before + 1)} "
    assert title.endswith(f"is {joint}{place}best of {len(others) + 1} authorities")


@given(st.lists(VALUES, min_size=2, max_size=9))
def test_the_wards_named_as_highest_and_lowest_are(values):
    names = [f"Ward {letter}" for letter in "ABCDEFGHI"[: len(values)]]
    rows = pd.DataFrame({"area_name": names, "value": values, "period": "2023-24"})
    title = findings.wards_title(kpi(decimals=3), rows)

    if max(values) == min(values):
        assert "the same in every ward" in title
    else:
        highest, lowest = title.split(": highest in ")[1].split(", lowest in ")
        assert names[values.index(max(values))] in highest
        assert names[values.index(min(values))] in lowest
        assert highest.endswith(f"({words(max(values), 3)})")
        assert lowest.endswith(f"({words(min(values), 3)})")


@given(
    st.lists(st.tuples(st.sampled_from(["AH", "CF", "SR"]), st.sampled_from(["red", "amber", "green"])), min_size=1, max_size=25)
)
def test_who_is_said_to_have_most_red_ratings_has(rated):
    counts = count_ratings(
        pd.DataFrame([kpi(directorate=code, rating=rating, rag=rating) for code, rating in rated]), by="directorate"
    )
    title = findings.rag_title(counts, {"AH": "Adults", "CF": "Children", "SR": "Resources"})

    reds = {code: sum(one == (code, "red") for one in rated) for code, _ in rated}
    most = max(reds.values())
    names = {"AH": "Adults", "CF": "Children", "SR": "Resources"}
    if most == 0:
        assert title == "No KPI is rated red against a target"
    else:
        assert {names[code] for code, number in reds.items() if number == most} == {
            name for name in names.values() if name in title
        }
        assert str(most) in title
