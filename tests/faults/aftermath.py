"""What must hold after every fault: the published folder is whole, nothing that was under way is left, the next build is good."""

import hashlib
import re
from pathlib import Path

from kpireport.publishing import chart_cache, evidence, freshness, manifest

KEPT = {evidence.STORE, freshness.MADE, chart_cache.NAME}
"""Folders beside the published ones that outlive a build."""


def published(folder: Path) -> dict[str, bytes]:
    """Return the published files by name, but for the one that tells how long things took."""
    if not folder.is_dir():
        return {}
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != manifest.RUN}


def leftovers(outputs: Path) -> list[str]:
    """Return what lies in an outputs folder and has no business there once nothing runs."""
    if not outputs.is_dir():
        return []
    found = [path.name for path in outputs.iterdir() if path.name.startswith(".") and path.name not in KEPT]
    for folder in KEPT:
        for path in (outputs / folder).rglob("*"):
            if path.is_file() and not re.fullmatch(r"[0-9a-f]{64}(\.svg)?|[\w-]+\.[0-9a-f]{16}\.json", path.name):
                found.append(path.relative_to(outputs).as_posix())
    return sorted(found)


def damaged(outputs: Path) -> list[str]:
    """Return the files of the evidence store that are not what their names say."""
    kept = (path for path in (outputs / evidence.STORE).rglob("*") if path.is_file())
    return [path.name for path in kept if hashlib.sha256(path.read_bytes()).hexdigest() != path.name]


def is_whole(folder: Path) -> bool:
    """Whether the files of a published folder are those that its manifest names, to the last byte."""
    files = published(folder)
    named = {one.name: one.sha256 for one in manifest.read(folder).outputs}
    found = {name: hashlib.sha256(content).hexdigest() for name, content in files.items() if name != manifest.MANIFEST}
    return named == found


def check(project, build, *, among: list[dict[str, bytes]], told: str = "") -> None:
    """Check what must hold after a build, however it ended.

    Parameters
    ----------
    among
        What may be published now: what was, or what was being made.
    told
        What the build said, for the message.
    """
    assert build.left(30) == [], told
    assert "Traceback" not in told
    assert "defect" not in told, told
    now = published(project.published)
    differing = [sorted(name for name in now.keys() | one.keys() if now.get(name) != one.get(name)) for one in among]
    assert [] in differing, f"{differing}\n{told}"
    assert leftovers(project.outputs) == [], told
    assert damaged(project.outputs) == [], told
    left = [path for path in build.temporary.rglob("*") if path.is_file()]
    assert left == [], "\n".join(path.read_text(errors="replace")[:3000] for path in left)
