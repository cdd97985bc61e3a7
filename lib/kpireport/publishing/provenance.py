"""Gathers what a build's manifest says: every file that was read, every file of code, and the versions of what ran.

Code is taken with one way of ending lines (`source_code`), what was read byte for byte.
"""

import platform
import re
import sys
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import Any

from kpireport import environment, schemas
from kpireport.errors import PublishingError
from kpireport.publishing import evidence
from kpireport.publishing.asked import Places, Request
from kpireport.publishing.manifest import CODE, EVIDENCE, INPUTS, Manifest, Resource, Run, is_inside, sha256
from kpireport.publishing.plan import Job
from kpireport.publishing.source_code import BESIDE, LIBRARY, PACKAGE, source_digest, source_files, text
from kpireport.publishing.staging import Staging


@dataclass(frozen=True)
class Material:
    """A file that reports are made from, and where its content is."""

    resource: Resource
    content: Path | bytes


def code(places: Places) -> list[Material]:
    """Return every file of code that all reports are made by: the package's source, and the files beside it."""
    files = {f"{LIBRARY}{name}": path for name, path in source_files().items()}
    files |= {f"{CODE}{name}": places.root / name for name in BESIDE if (places.root / name).is_file()}
    return [_code(name, path) for name, path in files.items()]


def _code(name: str, path: Path) -> Material:
    content = text(path)
    return Material(Resource(name, sha256(content), len(content)), content)


def materials(staging: Staging, of_all: Iterable[Material], jobs: Collection[Job], rows: Mapping[str, int]) -> list[Material]:
    """Return every file that reports are made from, by name.

    Parameters
    ----------
    of_all
        The code that all reports are made by (`code`).
    rows
        The number of records of each table that was read, by its path under the data folder.
    """
    inputs = (path for path in staging.inputs.rglob("*") if path.is_file())
    read = [_input(path, path.relative_to(staging.inputs).as_posix(), rows) for path in inputs]
    files = {f"{CODE}notebooks/{job.notebook.name}": job.notebook for job in jobs}
    files |= {f"{CODE}params/{job.parameters_file.name}": job.parameters_file for job in jobs}
    return sorted([*read, *of_all, *(_code(name, path) for name, path in files.items())], key=lambda one: one.resource.name)


def _input(path: Path, name: str, rows: Mapping[str, int]) -> Material:
    file = name.removeprefix("data/")
    schema = schemas.TABLES.get(file.rsplit(".", 1)[0])
    digest = schema_digest(schema) if schema is not None and file in rows else ""
    return Material(Resource(INPUTS + name, evidence.digest(path), path.stat().st_size, rows.get(file), digest), path)


def schema_digest(schema: Any) -> str:
    """Return a digest of what a table's schema says of its cells; words for people, such as descriptions, have no part in it."""
    lines = [f"unique {schema.unique}"]
    for name, column in schema.columns.items():
        checks = [(check.name, check.error, sorted((check.statistics or {}).items())) for check in column.checks]
        lines.append(f"{name} {column.metadata} {column.nullable} {checks}")
    return sha256("\n".join(lines).encode())


def keep(outputs: Path, materials: Iterable[Material], *, work: Path, kept: set[str]) -> None:
    """Put every file that reports were made from into the evidence store of their outputs folder.

    Parameters
    ----------
    kept
        The digests of what this build has put there or found there; what is added is added to it.

    Raises
    ------
    PublishingError
        When a file is no longer what it was when the build began.
    """
    for one in materials:
        if isinstance(one.content, bytes) and one.resource.sha256 in kept:
            continue
        kept.add(evidence.keep(outputs, one.content, work=work))
        if one.resource.sha256 not in kept:
            raise PublishingError(f"{one.resource.name} was changed while the reports were made. Nothing was published.")


def keep_returns(outputs: Path, returned: Iterable[Mapping[str, str]], *, data: Path, work: Path) -> None:
    """Put the files that services sent into the store as well, those of `returned` that lie under `data` as they were then."""
    for one in returned:
        path = data / one["file"]
        if is_inside(one["file"]) and path.is_file() and evidence.digest(path) == one["sha256"]:
            evidence.keep(outputs, path, work=work)


def describe(
    staging: Staging,
    places: Places,
    request: Request,
    jobs: Iterable[Job],
    *,
    period: str,
    scheme: str,
    titles: Mapping[str, str],
    materials: Iterable[Material],
) -> Manifest:
    """Return the manifest of the files now in `staging.published`.

    Parameters
    ----------
    scheme
        Name and version of the rating scheme.
    titles
        The title of each report, by its job's stem.
    materials
        What the reports were made from (`materials`), and what was written down beside them.
    """
    used = [one.resource for one in materials]
    files = sorted(path for path in staging.published.rglob("*") if path.is_file())
    digests = {one.name.removeprefix(LIBRARY): one.sha256 for one in used if one.name.startswith(LIBRARY)}
    return Manifest(
        occasion=request.occasion,
        period=period,
        settings=dict(setting.split("=", 1) for setting in request.settings),
        forms=request.forms,
        reports=tuple(Run(job.stem, titles.get(job.stem, job.stem), job.report, dict(job.parameters)) for job in jobs),
        scheme=scheme,
        schemas={one.name.removeprefix(f"{INPUTS}data/").rsplit(".", 1)[0]: one.schema for one in used if one.schema},
        source_sha256=source_digest(digests),
        inputs=tuple(one for one in used if one.name.startswith(INPUTS)),
        code=tuple(one for one in used if one.name.startswith(CODE)),
        evidence=tuple(one for one in used if one.name.startswith(EVIDENCE)),
        outputs=tuple(
            Resource(path.relative_to(staging.published).as_posix(), evidence.digest(path), path.stat().st_size) for path in files
        ),
        version=_version(),
        python=platform.python_version(),
        platform=_platform(),
        libraries=_libraries(places.root / environment.LOCK),
    )


def versions(lock: Path) -> dict[str, str]:
    """Return the version of everything that runs, by name: ours, of Python and of the libraries of the lock, and the platform."""
    own = {"kpireport": _version(), "python": platform.python_version(), "platform": _platform()}
    return own | _libraries(lock)


def _platform() -> str:
    return f"{sys.platform}-{platform.machine().lower()}"


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
    return dict(_installed(lock.read_text(encoding="utf-8"))) if lock.is_file() else {}


@lru_cache(maxsize=1)
def _installed(lock: str) -> dict[str, str]:
    installed = {}
    for name, _ in environment.pins(environment.section(lock, "product")):
        try:
            installed[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return dict(sorted(installed.items()))
