"""The stamp of our form says what its rows ask for; its digest is no secret, so anybody can write one that asks for anything."""

from dataclasses import replace
from functools import cache
from unittest.mock import patch

import forms
from hypothesis import given
from hypothesis import strategies as st
from kpireport.collection import intake, receipt
from kpireport.collection.blame import Blame
from kpireport.collection.return_form import STAMP_SHEET, FormRow, RowKind
from kpireport.sources import grids
from kpireport.sources.cells import address
from kpireport.sources.grids import Cell, Grid

WORDS = st.one_of(
    st.sampled_from(["", "CD-01", "SR-01", "E08000035", "E05000001", "all", "2024-25 Q2", "Year to Sep 2024", "2024-25 Q1"]),
    st.text(max_size=8),
)
ROWS = st.builds(
    FormRow,
    sheet=st.sampled_from(["Results", "Wards and groups", "Earlier results", "Sign-off", "x"]),
    row=st.one_of(st.integers(3, 9), st.integers(-1, 10**7)),
    kind=st.sampled_from(list(RowKind)),
    kpi_id=WORDS,
    area=WORDS,
    group=WORDS,
    period=WORDS,
    has_counts=st.booleans(),
    has_commentary=st.booleans(),
)


@cache
def form() -> tuple[bytes, dict[str, Grid]]:
    content = forms.filled(forms.before().forms["CD"], {("CD-01", "2024-25 Q2"): {"value": 741, "maturity": "Final"}})
    return content, grids.read(content, f"{forms.FOLDER}/CD.xlsx")[0]


@given(st.lists(ROWS, max_size=4), st.sampled_from(["CD", "", "CD;SR", "x"]))
def test_form_that_asks_for_anything_is_answered(rows, directorates):
    content, sheets = form()
    stamp = replace(forms.stamp_of(forms.before().forms["CD"]), rows=tuple(rows), directorates=directorates)
    cells = {
        (row, column): Cell(address(row, column), str(text))
        for row, line in enumerate(stamp.cells(), start=1)
        for column, text in enumerate(line)
    }
    forged = sheets | {STAMP_SHEET: replace(sheets[STAMP_SHEET], cells=cells)}
    with (
        patch.object(receipt.grids, "read_confined", lambda *_: (forged, None)),
        patch.object(intake, "_blame", lambda *_: Blame({}, {})),
    ):
        found = forms.before().collect({"CD.xlsx": content})
    taken = {(row["kpi_id"], row["period"]) for row in forms.new_rows(found, forms.before())}
    assert taken <= {("CD-01", "2024-25 Q2"), ("CD-01", "2024-25 Q1")}
    assert all(one.remedy for answer in found.answers for one in answer.faults)
