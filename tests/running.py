"""Runs the command line as a person would, from the project's folder."""

import fcntl
import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def kpireport(*arguments: str, root: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `python -m kpireport` with these arguments in the project at `root`."""
    return subprocess.run(
        [sys.executable, "-m", "kpireport", *arguments],
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(root / "lib")} | environment,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


def published(out: Path, *arguments: str, root: Path = ROOT, **environment: str) -> Path:
    """Publish what is asked for into the empty folder `out`, and return the one folder in it."""
    ran = kpireport(*arguments, "--out", str(out), root=root, **environment)
    assert ran.returncode == 0, ran.stderr
    (folder,) = (path for path in out.iterdir() if path.is_dir() and not path.name.startswith("."))  # .evidence
    return folder


def published_once(folders: pytest.TempPathFactory, *arguments: str, **environment: str) -> Path:
    """Publish what is asked for once in a run of the tests, whichever of its processes asks first; not to be written in."""
    base = folders.getbasetemp().parent if "PYTEST_XDIST_WORKER" in os.environ else folders.getbasetemp()
    out = base / f"published-{hashlib.sha256(repr((arguments, environment)).encode()).hexdigest()[:12]}"
    with (base / f"{out.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (base / f"{out.name}.whole").exists():
            published(out, *arguments, **environment)
            (base / f"{out.name}.whole").touch()
    (folder,) = (path for path in out.iterdir() if path.is_dir() and not path.name.startswith("."))
    return folder
