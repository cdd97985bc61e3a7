"""The clock jumps back and forth while a build runs, as that of a laptop that wakes up: nothing waits for ever, or changes."""

import os
import pty
import re
import shutil
import subprocess
import sys

import aftermath
import elsewhere
import pytest
from nursery import CHART, Nursery, Quick

pytestmark = [
    pytest.mark.skipif(
        sys.platform != "linux" or shutil.which("cc") is None, reason="the clock is moved by a library written in C"
    ),
    pytest.mark.skipif(os.environ.get("KPIREPORT_SOAK") != "1", reason="a long one: set KPIREPORT_SOAK=1"),
]
JUMPS = "((steady.tv_sec * 10L + steady.tv_nsec / 100000000L) % 3L - 1L) * 400L * 86400L"
"""By how many seconds the clock is moved: 400 days back or forth, ten times a second."""


@pytest.fixture(scope="module")
def jumping(tmp_path_factory):
    """What builds are copied from in which the clock jumps."""
    folder = tmp_path_factory.mktemp("clock")
    library = elsewhere.clock_library(folder, JUMPS)
    ask = "import time; seen = set()\nwhile len(seen) < 3: seen.add(time.time() // 8_640_000)"
    subprocess.run([sys.executable, "-c", ask], env=os.environ | {"LD_PRELOAD": str(library)}, check=True, timeout=60)
    started = Nursery(folder, LD_PRELOAD=str(library))
    yield started
    started.close()


def test_a_clock_that_jumps_changes_nothing_and_no_time_left_is_negative(nursery, jumping, project):
    project.add("bars", "## Bars", CHART.format(several=3))
    project.add("waits", "## Waits", "import time; time.sleep(2)")
    steady = Quick(nursery, project)
    code, said = steady.finish()
    assert code == 0, said
    before = aftermath.published(project.published)
    ours, theirs = pty.openpty()
    build = Quick(jumping, project, words=["--rebuild"], told=os.ttyname(theirs), TERM="xterm", COLUMNS="100")
    shown = b""
    while build.poll() is None:
        shown += read(ours)
    code, _ = build.finish()
    shown += read(ours)
    os.close(ours)
    os.close(theirs)
    words = shown.decode()
    assert code == 0, words
    aftermath.check(project, build, among=[before], told=words)
    assert "left" in words
    assert re.search(r"-\d+ (s|min|h)\b", words) is None
    assert max(map(int, re.findall(r"about (\d+) min left", words)), default=0) < 60


def read(terminal):
    os.set_blocking(terminal, False)
    try:
        return os.read(terminal, 65536)
    except BlockingIOError:
        return b""
