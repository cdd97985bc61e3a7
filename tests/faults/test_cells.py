"""A cell that does harm: its report and the cell are named, the exit code says of what kind, and nothing of it stays."""

import os
import re
import sys
import time

import aftermath
import nbformat
import psutil
import pytest
from nursery import Quick

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="signals, limits and copies as Linux has them")
SOAK = os.environ.get("KPIREPORT_SOAK") == "1"
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


FAILING = {
    "leaves_silently": ("import os; os._exit(0)", "died in the cell [4]"),
    "killed_for_memory": ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "Was the machine short of memory?"),
    "leaves": ("import sys; sys.exit(0)", "stopped before the cell"),
    "grows": (
        "import resource; resource.setrlimit(resource.RLIMIT_AS, (2**31, 2**31)); bytearray(2**33)",
        "failed. MemoryError",
    ),
    "raises_interrupt": ("raise KeyboardInterrupt", "KeyboardInterrupt"),
    "calls_itself": ("def deep(n): return deep(n + 1)\ndeep(0)", "RecursionError"),
    "starts_and_fails": (STAYS.format(ends="1 / 0"), "ZeroDivisionError"),
    "starts_and_leaves": (STAYS.format(ends="os._exit(1)"), "died in the cell [4]"),
}
ENDLESS = {
    "deaf": f"{DEAF}\n{GOES_ON}",
    "stopped": "import os, signal; os.kill(os.getpid(), signal.SIGSTOP)",
    **({"holds": "import re; re.match('(a*)*b', 'a' * 60)", "sleeps": GOES_ON} if SOAK else {}),
}
FLOODS = {
    "program": "import subprocess\nsubprocess.run(['yes'])",
    **(
        {"prints": "while True: print('x' * 1_000_000)", "stream": "import os\nwhile True: os.write(1, b'x\\n' * 100_000)"}
        if SOAK
        else {}
    ),
}
GOOD = {
    "closes": "import os; os.close(1); os.close(2)\nprint('after')",
    "closes_all": "import os; os.closerange(0, 3)",
    "starts": STAYS.format(ends=""),
    "many": "for n in range(8000): print(n, flush=True)",
}


def test_cell_that_fails_is_named_with_its_report_and_stops_no_other(nursery, project):
    for name, (cell, _) in FAILING.items():
        project.add(name, "## Harm", cell)
    project.add("good", "## Numbers", "1 + 1")
    build = Quick(nursery, project)
    code, said = build.finish()
    assert code == 4, said  # of the first of them
    aftermath.check(project, build, among=[{}], told=said)
    assert re.search(r"(?m)^\d of 9: good made in", said)
    lines = {line.split(":")[0]: line for line in said.splitlines()}
    for name, (cell, words) in FAILING.items():
        told = lines[name.replace("_", "-")]
        assert words in told
        assert 'under "Harm"' in told
        assert cell.strip().splitlines()[0][:80] in told
    assert said.splitlines()[-1].startswith("Nothing was published. The failed notebooks are in")


def test_cell_that_never_ends_is_stopped_in_its_time(nursery, project):
    for name, cell in ENDLESS.items():
        project.add(name, "## Harm", cell)
    build = Quick(nursery, project, words=["--timeout", "5"])
    code, said = build.finish()
    assert code == 5, said
    aftermath.check(project, build, among=[{}], told=said)
    for name in ENDLESS:
        assert f'{name}: the cell [4] under "Harm"' in said
    assert said.count("took longer than 5 seconds and was stopped") == len(ENDLESS)


def test_cell_that_writes_without_end_is_stopped_long_before_memory_or_disk_is_full(nursery, project):
    most, kept = 0, project.outputs / "2024-25-q2.failed"
    for name, cell in FLOODS.items():
        project.add(name, "## Harm", cell)
    build = Quick(nursery, project)
    while build.poll() is None:
        time.sleep(0.1)
        for process in build.relatives():
            try:
                most = max(most, process.memory_info().rss)
            except psutil.NoSuchProcess:
                continue
    code, said = build.finish()
    assert code == 4, said
    aftermath.check(project, build, among=[{}], told=said)
    for name in FLOODS:
        assert f'{name}: the cell [4] under "Harm"' in said
    assert said.count("printed or showed more than 100 MB and was stopped") == len(FLOODS)
    assert most < 4 * 2**30
    assert sum(path.stat().st_size for path in kept.iterdir()) < 10 * 2**20


def test_no_output_is_lost_and_nothing_that_was_started_or_closed_stays_so(nursery, project):
    """The ways between processes hold 1,000 messages each unless they are told otherwise, and throw away the rest."""
    for name, cell in GOOD.items():
        project.add(name, "## No harm", cell)
    build = Quick(nursery, project)
    code, said = build.finish()
    assert code == 0, said
    aftermath.check(project, build, among=[aftermath.published(project.published)], told=said)
    notebook = nbformat.read(project.published / "many.ipynb", as_version=4)
    assert notebook.cells[-1].outputs[0].text.split() == [str(n) for n in range(8000)]
