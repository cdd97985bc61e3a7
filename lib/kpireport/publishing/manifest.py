"""What a published folder was made from and what it holds, so that anyone can make it again and compare.

`manifest.json` is the same whenever and wherever the same inputs are built; when it was built and how long that took is in
`run.json`, the one file of the folder that two builds do not share.
"""

import hashlib
import json
import platform
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from kpireport import environment
from kpireport.publishing.plan import Job, Places
from kpireport.publishing.staging import Staging

MANIFEST = "manifest.json"
RUN = "run.json"
PACKAGE = Path(__file__).resolve().parent.parent
_BINARY = {".ttf", ".otf", ".png"}


def sha256(content: bytes) -> str:
    """Return the SHA-256 of `content` in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def now() -> str:
    """Return the time in UTC, to the second. The one place of publishing that looks at the clock."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def source_digest(package: Path = PACKAGE) -> str:
    """Return one digest of every source file of the package, the same under either way of ending lines."""
    files = sorted(
        (path.relative_to(package).as_posix(), path)
        for path in package.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc"
    )
    return sha256("".join(f"{name} {_text_digest(path)}\n" for name, path in files).encode())


def _text_digest(path: Path) -> str:
    content = path.read_bytes()
    return sha256(content if path.suffix in _BINARY else content.replace(b"\r\n", b"\n"))


def describe(
    staging: Staging,
    places: Places,
    jobs: Iterable[Job],
    *,
    period: str,
    scheme: str,
    rows: Mapping[str, int],
    titles: Mapping[str, str],
) -> dict[str, Any]:
    """Return the manifest of the files now in `staging.published`.

    Parameters
    ----------
    scheme
        Name and version of the rating scheme.
    rows
        The number of records of each table that was read, by its path under the data folder.
    titles
        The title of each report, by its job's stem.
    """
    jobs = list(jobs)
    names = sorted({job.report for job in jobs})
    sources = [places.params / f"{name}.yaml" for name in names] + [places.notebooks / f"{name}.ipynb" for name in names]
    lock = places.root / environment.LOCK
    return {
        "kpireport": {"version": _version(), "source_sha256": source_digest()},
        "period": period,
        "scheme": scheme,
        "reports": [
            {"report": job.stem, "title": titles.get(job.stem, job.stem), "parameters": dict(job.parameters)} for job in jobs
        ],
        "python": platform.python_version(),
        "lock": {"path": lock.name, "sha256": _text_digest(lock)} if lock.is_file() else None,
        "libraries": _libraries(lock),
        "inputs": [
            *(_entry(staging.inputs, path, rows) for path in _files(staging.inputs)),
            *({"path": path.relative_to(places.root).as_posix(), "sha256": sha256(path.read_bytes())} for path in sources),
        ],
        "outputs": [
            {"path": path.name, "sha256": sha256(path.read_bytes()), "bytes": path.stat().st_size}
            for path in _files(staging.published)
        ],
    }


def _entry(inputs: Path, path: Path, rows: Mapping[str, int]) -> dict[str, Any]:
    name = path.relative_to(inputs).as_posix()
    entry: dict[str, Any] = {"path": name, "sha256": sha256(path.read_bytes())}
    table = name.removeprefix("data/")
    return entry | ({"rows": rows[table]} if table in rows else {})


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _version() -> str:
    """Return the version of the package; "not installed" when it runs from its source folder alone."""
    try:
        return metadata.version("kpireport")
    except metadata.PackageNotFoundError:
        project = PACKAGE.parent.parent / "pyproject.toml"
        found = re.search(r'(?m)^version = "([^"]+)"', project.read_text(encoding="utf-8")) if project.is_file() else None
        return found[1] if found else "not installed"


def _libraries(lock: Path) -> dict[str, str]:
    """Return the version that is really installed of every library that the product's lock names."""
    if not lock.is_file():
        return {}
    installed = {}
    for name, _ in environment.pins(environment.section(lock.read_text(encoding="utf-8"), "product")):
        try:
            installed[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return dict(sorted(installed.items()))


def write(folder: Path, content: Mapping[str, Any], name: str = MANIFEST) -> None:
    """Write a manifest into a folder, as JSON that a person can read."""
    (folder / name).write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")
