"""Run the command line as somebody else would: another folder, home, user, umask, time zone, language, and another day."""

import os
import shutil
import subprocess
import sys
import warnings
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOBODY = 65534
_CLOCK = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <sys/time.h>
#include <time.h>
int clock_gettime(clockid_t clock, struct timespec *now) {
    static int (*real)(clockid_t, struct timespec *);
    if (!real) real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    int failed = real(clock, now);
    if (!failed && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
        struct timespec steady;
        real(CLOCK_MONOTONIC, &steady);
        now->tv_sec += MOVED;
    }
    return failed;
}
time_t time(time_t *there) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (there) *there = now.tv_sec;
    return now.tv_sec;
}
int gettimeofday(struct timeval *there, void *zone) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    there->tv_sec = now.tv_sec;
    there->tv_usec = now.tv_nsec / 1000;
    return 0;
}
"""
LATER = "400L * 86400L + 12345L"
"""In seconds: 400 days later, at every moment."""


def clock_library(folder: Path, moved: str) -> Path:
    """Return a library that, loaded before all others, moves the clock of every program of the process.

    Parameters
    ----------
    moved
        By how many seconds, in C; `steady` is a clock that is not moved.
    """
    source, library = folder / "clock.c", folder / "clock.so"
    source.write_text(_CLOCK, encoding="utf-8")
    subprocess.run(["cc", f"-DMOVED=({moved})", "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"], check=True)
    return library


def another_clock(folder: Path) -> dict[str, str]:
    """Return the variable of the environment that moves the clock; none, with a warning, where it cannot be moved.

    The loader takes a space in `folder` for the end of a name.
    """
    if shutil.which("cc") is None or not sys.platform.startswith("linux"):
        warnings.warn("The clock was not moved: that takes Linux and a C compiler.", stacklevel=2)
        return {}
    moved = {"LD_PRELOAD": str(clock_library(folder, LATER))}
    ask = [sys.executable, "-c", "import datetime, time; print(int(time.time()), datetime.date.today())"]

    def asked(given: dict[str, str]) -> list[str]:
        return subprocess.run(ask, env=os.environ | given, capture_output=True, text=True, check=True).stdout.split()

    here, there = asked({}), asked(moved)
    assert int(there[0]) - int(here[0]) > 400 * 86_400
    assert there[1] > here[1]
    return moved


def another_user() -> list[str]:
    """Return the words that make a command another user's, who may read what ours may; none, with a warning, where not root."""
    setpriv = shutil.which("setpriv")
    if not hasattr(os, "getuid") or os.getuid() != 0 or setpriv is None:
        warnings.warn("The same user made both: another takes root and setpriv.", stacklevel=2)
        return []
    reads = "+dac_override,+dac_read_search"
    return [setpriv, f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", f"--inh-caps={reads}", f"--ambient-caps={reads}"]


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in the project's folder, with everything about it different but its arguments.

    `folder` becomes the home of whoever runs it.
    """
    user = another_user()
    if user:
        os.chown(folder, NOBODY, NOBODY)
    own = ("LC_", "XDG_", "PYTHON", "KPIREPORT")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(own)}
    environment |= another_clock(folder.parent) | {
        "HOME": str(folder),
        "USER": "somebody",
        "LOGNAME": "somebody",
        "LANG": "tr_TR.UTF-8",
        "LC_ALL": "C",
        "TZ": "Pacific/Kiritimati",
        "TMPDIR": str(folder),
        "KPIREPORT_JOBS": "1",
        "PYTHONHASHSEED": "12345",
        "PYTHONPATH": str(ROOT / "lib"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    return subprocess.run(
        [*user, sys.executable, "-m", "kpireport", *arguments],
        cwd=ROOT,
        env=environment,
        umask=0o077,
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )


def differing(one: Path, other: Path) -> list[str]:
    """Return the name of each file that two folders do not share byte for byte and mode for mode, but for run.json."""
    names = {path.relative_to(folder).as_posix() for folder in (one, other) for path in folder.rglob("*")} - {"run.json"}
    return sorted(name for name in names if _content(one / name) != _content(other / name))


def _content(path: Path) -> tuple[int, bytes] | None:
    if not path.exists():
        return None
    return path.stat().st_mode, path.read_bytes() if path.is_file() else b""
