"""What is printed of a long list is what needs attention most; of a short one it is the list."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kpireport.rules import extent


def kpis(*rows: tuple[str, str, str, str, float]) -> pd.DataFrame:
    """One row is a KPI: its rating, its move, its rating before and its gap in tolerances, after its directorate."""
    names = ["directorate", "rating", "rating_move", "previous_rating", "gap_in_tolerances"]
    frame = pd.DataFrame(rows, columns=names)
    rag = frame["rating"].where(frame["rating"].isin(["red", "amber", "green"]), "")
    return frame.assign(kpi_id=[f"K-{number:03d}" for number in range(len(frame))], rag=rag)


def ids(rows: pd.DataFrame) -> list[str]:
    return rows["kpi_id"].tolist()


def test_attention_is_in_the_order_of_urgency():
    listed = kpis(
        ("A", "awaited", "", "green", 0),
        ("A", "awaited", "", "awaited", 0),
        ("A", "amber", "worse", "green", -0.5),
        ("A", "red", "same", "red", -2.0),
        ("A", "red", "same", "red", -9.0),
        ("A", "red", "newly_red", "amber", -1.5),
        ("A", "red", "first_reported", "", -3.0),
        ("A", "green", "same", "green", 1.0),
        ("A", "amber", "same", "amber", -0.5),
        ("A", "not_published", "", "not_published", 0),
    )
    found = ids(extent.attention(listed, chosen={"K-007"}))
    assert found == ["K-007", "K-006", "K-005", "K-004", "K-003", "K-002", "K-001", "K-000"]


ROWS = st.lists(
    st.tuples(
        st.sampled_from("ABC"),
        st.sampled_from(["red", "amber", "green", "awaited"]),
        st.sampled_from(["same", "newly_red", "worse", ""]),
        st.sampled_from(["red", "green", "awaited", ""]),
        st.floats(-9, 9),
    ),
    min_size=1,
    max_size=40,
)


@given(ROWS, st.integers(1, 20))
def test_each_directorate_has_its_share_and_the_most_pressing_fill_what_is_left(rows, most):
    ranked = extent.attention(kpis(*rows), chosen=())
    shown = extent.spread(ranked, most, by="directorate")
    assert len(shown) == min(most, len(ranked))
    assert ids(shown) == [one for one in ids(ranked) if one in set(ids(shown))]
    share = most // max(ranked["directorate"].nunique(), 1)
    for _, own in ranked.groupby("directorate"):
        first = [one for one in ids(own) if one in set(ids(shown))]
        assert first == ids(own)[: len(first)], "a less pressing KPI was taken before a more pressing one of its directorate"
        assert len(first) >= min(share, len(own))


@given(st.integers(0, 400), st.integers(0, 400))
def test_a_list_is_cut_only_in_a_long_report_or_when_it_is_long_itself(length, of):
    rows = pd.DataFrame({"number": range(length)})
    shown = extent.lines(rows, of=of)
    if max(length, of) <= extent.WHOLE:
        assert shown is rows
    else:
        assert shown["number"].tolist() == list(range(min(length, extent.LINES)))


def test_a_cut_list_keeps_what_comes_first_by_the_key_in_its_own_order():
    rows = pd.DataFrame({"number": range(300), "is_late": [number % 10 == 0 for number in range(300)]})
    shown = extent.lines(rows, of=300, by=~rows["is_late"])
    late = rows.loc[rows["is_late"], "number"].tolist()
    others = [number for number in range(300) if number % 10][: extent.LINES - len(late)]
    assert shown["number"].tolist() == sorted([*late, *others])


@pytest.mark.parametrize("number", [1, extent.ITEMS, extent.ITEMS + 1])
def test_kpis_are_taken_one_by_one_up_to_the_limit(number):
    listed = kpis(*[("A", "red" if place % 2 else "green", "same", "", -1.0 * place) for place in range(number)])
    taken = extent.taken(listed, extent.attention(listed, chosen=()), extent.ITEMS)
    if number <= extent.ITEMS:
        assert taken is listed
    else:
        assert ids(taken) == ids(listed[listed["rag"] == "red"])


def test_counts_by_directorate_agree_with_the_list():
    listed = kpis(
        ("B", "red", "newly_red", "green", -1.0),
        ("B", "green", "same", "green", 1.0),
        ("A", "amber", "worse", "green", -0.5),
        ("A", "awaited", "", "", 0.0),
    )
    ranked = extent.attention(listed, chosen=())
    directorates = pd.DataFrame({"directorate": ["A", "B", "C"], "directorate_name": ["Ay", "Bee", "Cee"]})
    rows = extent.counts(listed, ranked, ranked.head(1), directorates).set_index("directorate")
    columns = ["on_list", "red", "newly_red", "slipped", "awaited", "needing", "printed"]
    assert rows.loc["A", columns].tolist() == [2, 0, 0, 1, 1, 2, 0]
    assert rows.loc["B", columns].tolist() == [2, 1, 1, 0, 0, 1, 1]
    assert list(rows.index) == ["A", "B"]
