"""The record changes in one step: as it was or complete, at whatever moment a process dies, for whoever reads it meanwhile."""

import csv
import io
import os
import random
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path

import forms
import numpy as np
import pandas as pd
import pytest
from kpireport import locks
from kpireport.collection import intake, receipt, record
from kpireport.errors import ParameterError, PublishingError
from kpireport.sources import council, formats, journal, register
from kpireport.sources.workbook import CellKind

TABLES = ("register/results.csv", "register/returns.csv", "commentary/commentary.csv")
MOMENTS = 50 if os.environ.get("KPIREPORT_SOAK") == "1" else 8
forks = pytest.mark.skipif(
    not hasattr(os, "fork"), reason="processes are killed in the middle by fork and kill -9, which need Unix"
)


def state(data: Path) -> dict[str, bytes]:
    """Return the tables as a reader sees them."""
    contents, _ = register.open_tables(data)
    return dict(contents.values())


def folder(path: Path, tag: str = "old") -> Path:
    for name in TABLES[:-1] if tag == "old" else TABLES:
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(f"{tag}\n".encode())
    return path


def in_child(act: Callable[[], object]) -> int:
    """Run something in a process of its own and return that process's number."""
    child = os.fork()
    if child == 0:
        try:
            act()
        finally:
            os._exit(0)
    return child


def die_at(step: int) -> None:
    """Have this process die at a step: a call that puts something on the disk."""
    left = [step]

    def stepped(call: Callable[..., object]) -> Callable[..., object]:
        def counted(*arguments: object, **named: object) -> object:
            left[0] -= 1
            if left[0] == 0:
                os._exit(9)
            return call(*arguments, **named)

        return counted

    for name in ("replace", "fsync", "unlink", "open"):
        setattr(os, name, stepped(getattr(os, name)))


@forks
def test_a_process_that_dies_at_any_step_leaves_the_tables_as_they_were_or_complete(tmp_path):
    """The process dies at the first step, then at the second, and so on to the last."""
    new = dict.fromkeys(TABLES, b"new\n")
    seen: list[bool] = []
    is_done = False
    while not is_done:
        step = len(seen) + 1
        data = folder(tmp_path / str(step))
        old = state(data)
        child = in_child(lambda data=data, step=step: (die_at(step), record.replace(data, new)))
        _, status = os.waitpid(child, 0)
        found = state(data)
        assert found in (old, new)
        seen.append(found == new)
        with record.held(data):
            assert state(data) == found
        assert not list(data.rglob(".*"))
        is_done = os.waitstatus_to_exitcode(status) == 0
    assert seen == sorted(seen), "once complete, always complete"
    assert seen[0] is False
    assert len(seen) > 15


@forks
def test_a_reader_never_sees_some_of_each(tmp_path):
    data = folder(tmp_path / "data", "new 0")

    def change() -> None:
        for turn in range(100_000):
            record.replace(data, {name: f"new {turn}\n".encode() for name in TABLES})

    child = in_child(change)
    try:
        seen = set()
        for _ in range(150):
            found = set(state(data).values())
            assert len(found) == 1
            seen |= found
        assert len(seen) > 5
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    record.recover(data)
    assert len(set(state(data).values())) == 1


@forks
def test_killing_collect_at_random_moments_never_loses_or_doubles_a_row(tmp_path):
    before = forms.before()
    start = forms.write(tmp_path)
    there = start / forms.FOLDER
    there.mkdir(parents=True)
    for code, kpi_id, period, value in (("CD", "CD-01", "2024-25 Q2", 741), ("SR", "SR-01", "Year to Sep 2024", 12.35)):
        said = {"value": value, "reason": "As planned."}
        (there / f"{code}.xlsx").write_bytes(forms.filled(before.forms[code], {(kpi_id, period): said}))
    ours = council.load(tmp_path / "council.yaml")
    old = state(start)

    def collect(data: Path, told: int | None = None) -> None:
        with record.held(data):
            files = receipt.files_in(data, forms.QUARTER)
            found = intake.take_in(files, record.standing(data), ours, quarter=forms.QUARTER, received_at=forms.RECEIVED)
            if told is not None:
                os.write(told, b"!")
            record.replace(data, found.files)

    whole = tmp_path / "whole"
    shutil.copytree(start, whole)
    began = time.monotonic()
    collect(whole)
    lasts = time.monotonic() - began
    new = state(whole)
    assert new["register/results.csv"].startswith(old["register/results.csv"])
    assert new["register/results.csv"].count(b"\n") == old["register/results.csv"].count(b"\n") + 2
    chance, outcomes = random.Random(7), []
    for moment in range(MOMENTS):
        data = tmp_path / str(moment)
        shutil.copytree(start, data)
        listening, telling = os.pipe()
        child = in_child(lambda data=data, telling=telling: collect(data, telling))
        os.close(telling)
        if moment % 2:  # every second one while the tables are being moved
            os.read(listening, 1)
            time.sleep(chance.random() * 0.02)
        else:
            time.sleep(chance.random() * lasts)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(listening)
        found = state(data)
        assert found in (old, new), f"moment {moment}"
        outcomes.append(found == new)
        if moment % 8 == 7:
            collect(data)
            assert state(data) == new
            assert not list(data.rglob(".*"))
    assert False in outcomes


def test_two_processes_do_not_change_the_record_at_once(tmp_path):
    data = folder(tmp_path)
    handle = locks.take(data / record.LOCK)
    assert handle is not None
    with pytest.raises(PublishingError, match="Another collect"), record.held(data):
        pass
    locks.free(data / record.LOCK, handle)
    with record.held(data):
        pass


HEAD = (
    "kpi_id,area,group,period,value,numerator,denominator,absence,maturity,vintage,received_on,producer,source_file,source_sheet,"
)
HEAD += "source_cell,source_sha256,note"


@pytest.mark.parametrize(
    ("old", "end"),
    [
        (f"{HEAD}\nA,\n", "\n"),
        (f"{HEAD}\r\nA,\r\n", "\r\n"),
        (f"{HEAD}\nA,", "\n"),
        (f'\ufeff{HEAD}\r\n"A\nB",', "\r\n"),
        (f"{HEAD}\n\nA,\n\n", "\n"),
    ],
    ids=["unix", "windows", "no end of line", "quoted line ends and BOM", "blank lines"],
)
def test_rows_are_added_behind_the_bytes_that_are_there(old, end):
    held = {"register/results": ("register/results.csv", old.encode())}
    file, content = record.with_rows(held, "register/results", [{"kpi_id": "CF-01", "note": 'said "so"'}])
    assert file == "register/results.csv"
    added = content.removeprefix(old.encode()).decode()
    assert content.startswith(old.encode())
    assert added.removeprefix("" if old.endswith("\n") else end) == f'CF-01{"," * 16}"said ""so"""{end}'


def test_columns_are_written_in_the_table_s_own_order():
    held = {"register/returns": ("register/returns.csv", b"sha256,quarter\n")}
    assert record.with_rows(held, "register/returns", [{"quarter": "Q", "sha256": "S"}])[1] == b"sha256,quarter\nS,Q\n"


def test_rows_are_not_added_to_a_workbook():
    with pytest.raises(ParameterError, match="save it as CSV UTF-8"):
        record.with_rows({"register/results": ("register/results.xlsx", b"")}, "register/results", [{}])


def test_a_half_moved_record_is_read_whole_even_where_nothing_can_be_written(tmp_path):
    data = folder(tmp_path)
    for name in TABLES:
        journal.beside(data / name).parent.mkdir(exist_ok=True)
        journal.beside(data / name).write_bytes(b"new\n")
    assert set(state(data).values()) == {b"old\n"}  # without a journal they are only beginnings
    (data / journal.JOURNAL).write_text(
        '{"files": {"register/results.csv": "", "register/returns.csv": "", "commentary/commentary.csv": ""}}'
    )
    journal.beside(data / TABLES[0]).replace(data / TABLES[0])
    assert state(data) == dict.fromkeys(TABLES, b"new\n")


def test_words_that_begin_like_a_formula_are_marked_in_the_file_and_read_back_as_they_were(tmp_path):
    rows = [
        {"kpi_id": "AH-01", "value": "-3", "note": said} for said in ("=1+1", "-2+cmd|' /C calc'!A0", "@SUM(A1)", "- one\n- two")
    ]
    written = record.as_csv(["kpi_id", "value", "note"], rows, "\n")
    assert [row[1:] for row in csv.reader(io.StringIO(written))] == [["-3", f"'{row['note']}"] for row in rows]
    cells = pd.Series([f"'{row['note']}" for row in rows])
    read = formats.parse(cells, np.full(len(rows), int(CellKind.TEXT), dtype=np.int8), "text")
    assert read.column.tolist() == [row["note"] for row in rows]
