"""Two values have the same digest just when nothing that shows them could tell them apart."""

import copy
import pickle
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kpireport.publishing.content_digest import Digests, UnknownKindError, by_kpi
from kpireport.vocabulary import Edition


@dataclass(frozen=True)
class Told:
    title: str
    figures: pd.DataFrame
    parts: tuple[object, ...] = ()

    @cached_property
    def size(self) -> int:
        return len(self.figures)


def of(value):
    return Digests().of(value)


def frame(**columns):
    return pd.DataFrame(columns)


FIGURES = frame(kpi_id=["AH-01", "CF-03"], value=[1.5, np.nan], met=[True, False], on=pd.to_datetime(["2024-11-15", None]))
DIFFERENT = {
    "value": FIGURES.assign(value=[1.5000000000000002, np.nan]),
    "sign_of_nothing": FIGURES.assign(value=[1.5, -0.0]),
    "nothing": FIGURES.assign(value=[1.5, 0.0]),
    "type_of_numbers": FIGURES.assign(value=FIGURES["value"].astype("float32")),
    "type_of_text": FIGURES.assign(kpi_id=FIGURES["kpi_id"].astype(object)),
    "missing_text": FIGURES.assign(kpi_id=["AH-01", None]),
    "text_of_nan": FIGURES.assign(kpi_id=["AH-01", "nan"]),
    "unit_of_dates": FIGURES.assign(on=FIGURES["on"].astype("datetime64[ns]")),
    "order_of_rows": FIGURES.iloc[::-1],
    "order_of_columns": FIGURES[["value", "kpi_id", "met", "on"]],
    "name_of_a_column": FIGURES.rename(columns={"met": "is_met"}),
    "index": FIGURES.set_axis([2, 3]),
    "name_of_the_index": FIGURES.rename_axis("row"),
    "categories": FIGURES.assign(kpi_id=FIGURES["kpi_id"].astype("category")),
    "more_categories": FIGURES.assign(kpi_id=pd.Categorical(FIGURES["kpi_id"], ["AH-01", "CF-03", "CF-04"])),
    "whole_numbers": FIGURES.assign(value=pd.array([1, None], dtype="Int64")),
    "other_whole_numbers": FIGURES.assign(value=pd.array([1, 0], dtype="Int64")),
    "row_fewer": FIGURES.head(1),
    "notes": FIGURES.assign(),
}
DIFFERENT["notes"].attrs["source"] = "returns"


def test_frames_that_differ_in_anything_have_digests_that_differ():
    digests = [of(FIGURES), *map(of, DIFFERENT.values())]
    assert len(set(digests)) == len(digests)


def test_copies_have_the_same_digest():
    for value in (FIGURES, *DIFFERENT.values()):
        assert of(value) == of(value.copy()) == of(pickle.loads(pickle.dumps(value)))


@pytest.mark.parametrize(
    "values",
    [
        (1, 1.0, True, "1", np.int64(1), np.float64(1), np.bool_(True), b"1", (1,), [1], {1}, frozenset({1}), {1: 1}),
        ("", None, (), [], {}, pd.NA, pd.NaT, float("nan"), np.float64("nan")),
        (Edition.PUBLIC, "public", Edition.INTERNAL),
        (("a", "b"), ("ab",), ("a", ("b",)), (("a",), "b"), ["a", "b"]),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, {"a": 2, "b": 1}),
        (date(2024, 11, 15), "2024-11-15", pd.Timestamp("2024-11-15"), pd.Timestamp("2024-11-15", tz="UTC")),
        (
            pd.Series([1, 2]),
            pd.Series([1, 2], name="value"),
            pd.Index([1, 2]),
            pd.RangeIndex(1, 3),
            pd.Series([1, 2], index=[1, 2]),
        ),
        (Told("a", FIGURES), Told("b", FIGURES), Told("a", DIFFERENT["index"]), Told("a", FIGURES, (1,))),
    ],
)
def test_values_that_are_easily_taken_for_each_other_have_digests_that_differ(values):
    assert len({of(value) for value in values}) == len(values)


def test_what_was_worked_out_from_a_report_is_no_part_of_it():
    one, other = Told("a", FIGURES), Told("a", FIGURES)
    assert other.size == 2
    assert of(one) == of(other)


@pytest.mark.parametrize(
    "value", [SimpleNamespace(a=1), of, object(), FIGURES.assign(value=[object(), object()]), Told("a", FIGURES, (len,))]
)
def test_what_is_not_known_has_no_digest(value):
    with pytest.raises(UnknownKindError):
        of(value)


def test_state_that_no_field_holds_is_not_known():
    told = Told("a", FIGURES)
    object.__setattr__(told, "more", 1)
    with pytest.raises(UnknownKindError, match="more"):
        of(told)


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates() | st.binary(),
    lambda parts: st.lists(parts) | st.tuples(parts, parts) | st.dictionaries(st.text(), parts),
    max_leaves=8,
)


@given(PLAIN, PLAIN)
def test_digest_tells_just_what_a_written_copy_tells(one, other):
    assert of(one) == of(copy.deepcopy(one))
    assert (of(one) == of(other)) == (repr(one) == repr(other))


def test_a_frame_that_several_reports_share_is_told_from_one_made_later_in_its_place():
    digests = Digests()
    told = [digests.of(frame(value=[number])) for number in range(200)]  # each is thrown away before the next is made
    assert len(set(told)) == 200


def test_kpis_that_changed_are_told_by_name():
    changed = Told("a", FIGURES.assign(value=[1.5, 2.0]), (Path("x"),))
    before, after = by_kpi(Told("a", FIGURES)), by_kpi(changed)
    assert [kpi for kpi in before if before[kpi] != after[kpi]] == ["CF-03"]
