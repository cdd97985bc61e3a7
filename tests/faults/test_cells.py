"""A cell that does harm: its report and the cell are named, the exit code says of what kind, and nothing of it stays."""

import signal
import sys

import aftermath
import psutil
import pytest
from nursery import Quick

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="signals, limits and copies as Linux has them")
GOES_ON = "import time\nwhile True: time.sleep(1)"
DEAF = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN); signal.signal(signal.SIGTERM, signal.SIG_IGN)"
STAYS = """
import os, subprocess, sys, time
for given in ({{}}, {{"start_new_session": True}}):
    subprocess.Popen(["sleep", "1000"], **given)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        time.sleep(1000)
    os._exit(0)
{ends}
"""


def outcome(nursery, project, cell, *, words=(), limits=None):
    """The exit code and words of a build of a good report and one with this cell; nothing of either is left."""
    project.add("good", "## Numbers", "1 + 1")
    project.add("bad", "## Harm", cell)
    build = Quick(nursery, project, words=words, limits=limits)
    code, said = build.finish()
    aftermath.check(project, build, among=[{}] if code else [aftermath.published(project.published)])
    return code, said


@pytest.mark.parametrize(
    ("cell", "code", "words"),
    [
        pytest.param("import os; os._exit(0)", 6, "died in the cell", id="leaves without a word"),
        pytest.param(
            "import os, signal; os.kill(os.getpid(), signal.SIGKILL)", 6, "short of memory?", id="is killed for its memory"
        ),
        pytest.param("import sys; sys.exit(0)", 4, "stopped before the cell", id="leaves"),
        pytest.param(
            "import resource; resource.setrlimit(resource.RLIMIT_AS, (2**31, 2**31)); bytearray(2**33)",
            4,
            "MemoryError",
            id="asks for more memory than there is",
        ),
        pytest.param("raise KeyboardInterrupt", 4, "KeyboardInterrupt", id="raises what Ctrl-C raises"),
        pytest.param("def deep(n): return deep(n + 1)\ndeep(0)", 4, "RecursionError", id="calls itself without end"),
    ],
)
def test_cell_that_fails_is_named_with_its_report(nursery, project, cell, code, words):
    got, said = outcome(nursery, project, cell)
    assert got == code, said
    assert words in said
    assert "bad: " in said
    assert 'under "Harm"' in said
    assert cell.splitlines()[0][:80] in said
    assert "Nothing was published. The failed notebook is in" in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    "cell",
    [
        pytest.param(GOES_ON, id="sleeps"),
        pytest.param(f"{DEAF}\n{GOES_ON}", id="ignores signals"),
        pytest.param("import re; re.match('(a*)*b', 'a' * 60)", id="holds the interpreter"),
        pytest.param("import os, signal; os.kill(os.getpid(), signal.SIGSTOP)", id="is stopped"),
    ],
)
def test_cell_that_never_ends_is_stopped_in_its_time(nursery, project, cell):
    got, said = outcome(nursery, project, cell, words=["--timeout", "3"])
    assert got == 5, said
    assert 'bad: the cell [4] under "Harm"' in said
    assert "took longer than 3 seconds and was stopped" in said


@pytest.mark.parametrize("ends", ["", "1 / 0", "os._exit(1)", f"os.kill(os.getpid(), {int(signal.SIGKILL)})"])
def test_what_a_cell_starts_does_not_outlive_the_build(nursery, project, ends):
    got, said = outcome(nursery, project, STAYS.format(ends=ends))
    assert (got == 0) == (ends == ""), said


@pytest.mark.parametrize("cell", ["import os; os.close(1); os.close(2)\nprint('after')", "import os; os.closerange(0, 3)"])
def test_closed_streams_stop_nothing(nursery, project, cell):
    got, said = outcome(nursery, project, cell)
    assert got == 0, said


@pytest.mark.parametrize(
    "cell",
    [
        pytest.param("while True: print('x' * 1_000_000)", id="Python"),
        pytest.param("import os\nwhile True: os.write(1, b'x\\n' * 100_000)", id="its stream"),
        pytest.param("import subprocess\nsubprocess.run(['yes'])", id="a program"),
    ],
)
def test_cell_that_writes_without_end_is_stopped_long_before_memory_or_disk_is_full(nursery, project, cell):
    most, kept = 0, project.outputs / "2024-25-q2.failed"
    project.add("bad", "## Harm", cell)
    build = Quick(nursery, project)
    while build.poll() is None:
        for process in build.relatives():
            try:
                most = max(most, process.memory_info().rss)
            except psutil.NoSuchProcess:
                continue
    code, said = build.finish()
    assert code == 4, said
    assert 'bad: the cell [4] under "Harm"' in said
    assert "printed or showed more than 100 MB and was stopped" in said
    assert most < 4 * 2**30
    assert sum(path.stat().st_size for path in kept.iterdir()) < 5 * 2**20
    aftermath.check(project, build, among=[{}])


def test_no_output_is_lost_however_many_there_are_and_however_slowly_they_are_read(nursery, project):
    """The ways between processes hold 1,000 messages each unless they are told otherwise, and throw away the rest."""
    project.add("many", "## Many", "from IPython.display import display\nfor n in range(6000): display(f'no. {n}')")
    build = Quick(nursery, project)
    code, said = build.finish()
    assert code == 0, said
    notebook = aftermath.published(project.published)["many.ipynb"].decode()
    assert [n for n in range(6000) if f"'no. {n}'" not in notebook] == []
