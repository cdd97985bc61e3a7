"""Runs the command line as a person would, from the project's folder."""

import os
import subprocess
import sys
from pathlib import Path

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
