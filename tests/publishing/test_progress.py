"""How far a build is: in a log, and in a terminal as a person sees it."""

import io
import json
import os
import re
import subprocess
import sys

import pytest
from kpireport.publishing import progress
from kpireport.publishing.progress import Progress, past_seconds
from running import ROOT

PAST = {"clt-quarterly": 30.0, "directorate-pack-ah": 10.0, "directorate-pack-cf": 20.0}


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def told(past: dict[str, float], events: list[tuple[float, str]], monkeypatch) -> list[str]:
    """Return what a log says of reports made at these seconds."""
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    lines: list[str] = []
    clock = Clock()
    with Progress(list(PAST), lines.append, past, clock) as shown:
        for clock.now, name in events:
            shown.done(name, clock.now, None)
    return lines


def test_time_left_is_told_by_what_reports_took_and_how_fast_this_build_goes(monkeypatch):
    # 10 of 60 seconds of work are done in 10 seconds, then 30 in 20: 50 and 30 are left, at 1 and at 1.5 a second.
    lines = told(PAST, [(10.0, "directorate-pack-ah"), (20.0, "directorate-pack-cf"), (30.0, "clt-quarterly")], monkeypatch)
    assert lines == [
        "Making 3 reports.",
        "1 of 3: directorate-pack-ah made in 10.0 s; about 50 s left",
        "2 of 3: directorate-pack-cf made in 20.0 s; about 20 s left",
        "3 of 3: clt-quarterly made in 30.0 s",
    ]


def test_without_a_record_every_report_counts_the_same(monkeypatch):
    lines = told({}, [(100.0, "clt-quarterly"), (200.0, "directorate-pack-ah")], monkeypatch)
    assert [line.rpartition("; ")[2] for line in lines[1:]] == ["about 3 min left", "about 2 min left"]


def test_seconds_are_those_of_the_latest_run_that_has_them(tmp_path):
    runs = {
        "2024-25-q1": {"ended": "2024-07-30T10:00:00Z", "reports": {"a": {"seconds": 1.0}, "b": {"seconds": 5.0}}},
        "2024-25-q2": {"ended": "2024-10-30T10:00:00Z", "reports": {"a": {"seconds": 2.0}, "b": {"is_as_made_before": True}}},
        "older": {"began": "2020"},
    }
    for name, run in runs.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "run.json").write_text(json.dumps(run))
    (tmp_path / "older" / "run.json").write_text("[")
    assert past_seconds(tmp_path) == {"a": 2.0, "b": 5.0}
    assert past_seconds(tmp_path / "nowhere") == {}


BUILD = """
import signal, sys, time
from kpireport.publishing.progress import Progress
ends = sys.argv[1]
signal.signal(signal.SIGINT, signal.default_int_handler)  # whatever the tests were started with
print("Reading the register.")
try:
    with Progress(["clt-quarterly", "directorate-pack-ah"], print, {"clt-quarterly": 9.0, "directorate-pack-ah": 9.0}) as shown:
        shown.done("clt-quarterly", 9.0, None)
        if ends == "error":
            raise ValueError
        while ends == "stopped":
            shown.still_running()
            time.sleep(0.01)
        shown.done("directorate-pack-ah", 9.0, None)
except ValueError:
    print("A cell failed.", file=sys.stderr)
except KeyboardInterrupt:
    print("Stopped.", file=sys.stderr)
else:
    print("Published.")
"""


@pytest.mark.skipif(os.name == "nt", reason="a terminal of this kind is Unix's")
@pytest.mark.parametrize(("ends", "last"), [("well", "Published."), ("error", "A cell failed."), ("stopped", "Stopped.")])
def test_a_terminal_shows_one_bar_and_no_torn_line(ends, last):
    import fcntl
    import pty
    import struct
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    environment = os.environ | {"PYTHONPATH": str(ROOT / "lib"), "TERM": "xterm", "PYTHONIOENCODING": "utf-8"}
    process = subprocess.Popen(
        [sys.executable, "-c", BUILD, ends], stdin=theirs, stdout=theirs, stderr=theirs, env=environment, start_new_session=True
    )
    os.close(theirs)
    seen = b""
    is_stopped = False
    while part := _read(ours):
        seen += part
        if ends == "stopped" and not is_stopped and b"1/2" in seen:
            process.send_signal(2)
            is_stopped = True
    process.wait(60)
    os.close(ours)
    text = seen.decode("utf-8")
    assert re.search(r"directorate-pack-ah [^\n]*1/2[^\n]*", text)
    lines = screen(text)
    if ends == "stopped":
        assert re.fullmatch(r"directorate-pack-ah .*1/2, .+", lines.pop(1))
    assert lines == ["Reading the register.", last]
    assert max(map(len, lines)) < 80


def _read(file: int) -> bytes:
    try:
        return os.read(file, 65536)
    except OSError:  # the other end is closed
        return b""


def screen(text: str) -> list[str]:
    """Return the lines that are left on a terminal which knows carriage returns, line feeds and moving up."""
    lines, row, column = [""], 0, 0
    for part in re.findall(r"\x1b\[[0-9;?]*[A-Za-z]|\r|\n|[^\r\n\x1b]+", text):
        if part == "\n":
            row += 1
            lines += [""] * (row >= len(lines))
        elif part == "\r":
            column = 0
        elif part == "\x1b[A":
            row -= 1
        else:
            assert not part.startswith("\x1b"), part
            line = lines[row].ljust(column)
            lines[row] = line[:column] + part + line[column + len(part) :]
            column += len(part)
    return [line.rstrip() for line in lines if line.strip()]


def test_a_long_name_leaves_room_for_the_bar():
    name = "inner-east-community-committee-of-a-place"
    assert len(Progress([name], print)._next()) <= progress.LONGEST
