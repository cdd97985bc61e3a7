"""A large table is read by quicker ways, which must read what the careful ones read."""

import csv
import io
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kpireport import schemas
from kpireport.schemas import columns
from kpireport.sources import plain_csv, tables, workbook

CELLS = st.one_of(
    st.sampled_from(
        ["", " ", "CF-01", "2024-25 Q2", '"', 'said "no"', "a,b", "a;b", "two\nlines", "two\r\nlines", "é", "\ufeff", "0.1"]
    ),
    st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0"), max_size=6),
)
RAW = st.text(alphabet='ab,"\n\r \t;é', max_size=60)


def sheets(content: bytes, monkeypatch: pytest.MonkeyPatch) -> tuple[workbook.Sheet, workbook.Sheet]:
    """The sheet as the quick reader and as the careful one give it."""
    with monkeypatch.context() as quick:
        quick.setattr(plain_csv, "LARGE", 0)
        one = workbook.read(content, "register/results.csv")
    return one, workbook.read(content, "register/results.csv")


def assert_alike(quick: workbook.Sheet, careful: workbook.Sheet) -> None:
    assert quick.header == careful.header
    assert quick.findings == careful.findings
    pd.testing.assert_frame_equal(quick.cells.astype("str"), careful.cells.astype("str"), check_index_type=False)
    assert np.array_equal(quick.kinds, careful.kinds)


@given(rows=st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=8), ending=st.sampled_from(["\n", "\r\n"]))
def test_what_a_csv_writer_writes_is_read_alike(rows, ending):
    text = io.StringIO()
    csv.writer(text, lineterminator=ending).writerows([["kpi_id", "period", "note"], *rows])
    with pytest.MonkeyPatch.context() as patch:
        assert_alike(*sheets(text.getvalue().encode(), patch))


@given(text=RAW)
def test_whatever_else_a_file_holds_is_read_alike(text):
    with pytest.MonkeyPatch.context() as patch:
        assert_alike(*sheets(text.encode(), patch))


def test_a_plain_file_does_take_the_quick_way():
    header, cells = plain_csv.read(b'a,b\r\n1,"x, y"\r\n,\r\n2,z\r\n')
    assert header == ["a", "b"]
    assert cells.index.tolist() == [2, 3, 4]
    assert cells.astype("str").to_numpy().tolist() == [["1", "x, y"], ["", ""], ["2", "z"]]
    assert plain_csv.is_blank(cells).tolist() == [False, True, False]


@pytest.mark.parametrize(
    "content", [b"a,b\n1\n", b"a,b\n1,2,3\n", b'a,b\n1,x"y\n', b'a,b\n"x"y,1\n', b"a,b\r1,2\r", b"a,b\n\xff,2\n"]
)
def test_a_doubtful_file_is_left_to_the_careful_reader(content):
    assert plain_csv.read(content) is None


PLACES = st.lists(
    st.tuples(st.integers(0, 59), st.sampled_from(["kpi_id", "period", "value", "maturity", "vintage"])), max_size=6
)


@given(places=PLACES)
def test_a_large_table_is_checked_as_a_small_one_is(places):
    frame = tables.empty("register/results").reindex(range(2, 62)).rename_axis("row")
    given = {"kpi_id": "CF-01", "area": "E08000035", "group": "all", "maturity": "final", "producer": "us", "vintage": 1}
    frame = frame.assign(**{name: given.get(name, "") for name in frame if frame[name].dtype == "str"}, vintage=1, value=1.0)
    frame["vintage"] = frame["vintage"].astype("Int64")
    frame["received_on"] = pd.Series(np.datetime64("2024-07-01", "s"), frame.index)
    frame["period"] = [f"Month {number}" for number in range(60)]
    bad = {"kpi_id": "cf1", "period": "", "value": np.nan, "maturity": "ripe", "vintage": 0}
    for row, column in places:
        frame.loc[row + 2, column] = bad[column]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(columns, "LARGE", 0)
        quick = schemas.check(schemas.RESULTS, frame)
    pd.testing.assert_frame_equal(quick, schemas.check(schemas.RESULTS, frame))
    assert quick.empty or places


def parquet(**given: pa.Array) -> bytes:
    buffer = io.BytesIO()
    pa.parquet.write_table(pa.table(given), buffer)
    return buffer.getvalue()


def test_parquet_is_read_as_a_workbook_is():
    content = parquet(
        kpi_id=pa.array(["CF-01", None, "CF-02"]).dictionary_encode(),
        value=pa.array([13.0, 0.00001, None]),
        vintage=pa.array([1, 2, None], pa.int8()),
        received_on=pa.array([date(2024, 7, 1), None, None]),
        note=pa.nulls(3),
    )
    sheet = workbook.read(content, "register/results.parquet")
    assert sheet.header == ("kpi_id", "value", "vintage", "received_on", "note")
    assert sheet.cells.astype("str").to_numpy().tolist() == [
        ["CF-01", "13", "1", "2024-07-01", ""],
        ["", "0.00001", "2", "", ""],
        ["CF-02", "", "", "", ""],
    ]
    kind = workbook.CellKind
    assert sheet.kinds[0].tolist() == [kind.TEXT, kind.NUMBER, kind.NUMBER, kind.DAY, kind.TEXT]
    assert sheet.kinds[2].tolist() == [kind.TEXT] * 5
    assert sheet.cells.index.tolist() == [2, 3, 4]


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"PAR1 not really", "a file that is not Parquet"),
        (parquet(when=pa.array([1], pa.time32("ms"))), 'a column "when" of time32[ms]'),
    ],
)
def test_what_is_not_such_a_table_is_one_finding(content, found):
    sheet = workbook.read(content, "register/results.parquet")
    assert not sheet.is_readable
    assert [finding.found for finding in sheet.findings] == [found]
