"""The bundle as an RO-Crate: the same files with a description that research repositories and other programs read.

Source: RO-Crate 1.1; Process Run Crate 0.5, which describes one run of a program by a CreateAction. Nothing in it comes from the
clock: the run's times are those of `run.json`.
"""

import json
import mimetypes
from pathlib import Path
from typing import Any

from kpireport import periods
from kpireport.errors import PublishingError
from kpireport.publishing.asked import Places
from kpireport.publishing.manifest import CODE, EVIDENCE, INPUTS, RUN, SIGNATURE
from kpireport.verification import bundle
from kpireport.verification.bundle import Bundle

METADATA = "ro-crate-metadata.json"
ENDING = ".crate.zip"
PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
CONTEXT = "https://w3id.org/ro/terms/workflow-run/context"
"""Defines `sha256`, which the context of RO-Crate 1.1 does not."""
_TYPES = {
    ".ipynb": "application/x-ipynb+json",
    ".csv": "text/csv",
    ".html": "text/html",
    ".json": "application/json",
    ".lock": "text/plain",
    ".md": "text/markdown",
    ".pdf": "application/pdf",
    ".py": "text/x-python",
    ".toml": "application/toml",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".yaml": "application/yaml",
}


def write(outputs: Path, period: str, *, to: Path | None = None, data: Path = Path("data"), places: Places | None = None) -> Path:
    """Write the bundle of a published folder as an RO-Crate and return its file; `bundle.write` tells of the parameters.

    Raises
    ------
    PublishingError
        As `bundle.gather` does, and where the library that knows RO-Crate is not installed.
    """
    made = bundle.gather(outputs, period, data=data, places=places)
    contents = made.contents | {bundle.PAGE: bundle.page_of(made)}
    metadata = json.dumps(describe(made, bundle.sizes(contents)), indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    return bundle.archive(contents | {METADATA: metadata.encode()}, outputs, to, f"{made.name}{ENDING}")


def describe(made: Bundle, sizes: dict[str, int]) -> dict[str, Any]:
    """Return the crate's description (JSON-LD) of a bundle's files, whose sizes in bytes are given by path."""
    try:
        from rocrate.rocrate import ROCrate  # type: ignore[import-untyped]
    except ImportError:
        needed = "An RO-Crate needs the library rocrate, of the group crate of the lock: make crate installs it."
        raise PublishingError(needed) from None
    about, run = made.about, _run(made)
    crate = ROCrate(version="1.1")
    crate.metadata.extra_contexts.append(CONTEXT)
    digests = bundle.expected(about)
    files = {
        name: crate.add_file(dest_path=name, properties=_file(name, sizes[name], digests.get(name))) for name in sorted(sizes)
    }
    program = _add(
        crate,
        "#kpireport",
        "SoftwareApplication",
        name="kpireport",
        softwareVersion=about.version,
        softwareRequirements=f"Python {about.python}; the versions in {CODE}requirements.lock",
        sha256=about.source_sha256,
    )
    action = _add(
        crate,
        "#run",
        "CreateAction",
        name=f"python -m kpireport {' '.join(about.arguments)}",
        startTime=run["began"],
        endTime=run["ended"],
        actionStatus="http://schema.org/CompletedActionStatus",
        instrument=program,
        object=[files[name] for name in files if name.startswith((INPUTS, CODE))],
        result=[files[name] for name in files if name.startswith((bundle.OUTPUTS, EVIDENCE))],
    )
    titles = ", ".join(dict.fromkeys(report.title for report in about.reports))
    version = PROFILE.rsplit("/", 1)[-1]
    told = {
        "conformsTo": _add(crate, PROFILE, "CreativeWork", name="Process Run Crate", version=version),
        "name": f"Performance reports, {about.period}",
        "description": f"{titles}: the published files with everything they were made from, so that anyone can make them again "
        "and compare. Internal.",
        "datePublished": run["ended"],
        "license": "Internal to the council: it holds contacts, and figures that public editions hide. Not for publication.",
        "identifier": f"sha256:{about.sha256}",
        "mentions": action,
        "temporalCoverage": _coverage(about.period),
    }
    for name, value in told.items():
        if value:
            crate.root_dataset[name] = value
    made_crate: dict[str, Any] = crate.metadata.generate()
    return made_crate | {"@graph": sorted(made_crate["@graph"], key=lambda one: str(one["@id"]))}


def _add(crate: Any, address: str, kind: str, **told: Any) -> Any:
    """Add something that is no file to a crate, and return it."""
    from rocrate.model.contextentity import ContextEntity  # type: ignore[import-untyped]

    entity = crate.add(ContextEntity(crate, address, properties={"@type": kind}))
    for name, value in told.items():
        entity[name] = value
    return entity


def _file(name: str, size: int, digest: str | None) -> dict[str, Any]:
    """Return what a crate tells of a file."""
    told: dict[str, Any] = {"name": name.rsplit("/", 1)[-1], "contentSize": str(size), "encodingFormat": _type(name)}
    told |= {"sha256": digest} if digest else {}
    return told | ({"@type": ["File", "SoftwareSourceCode"]} if name.startswith(CODE) and name.endswith(".py") else {})


def _run(made: Bundle) -> dict[str, str]:
    """Return when the run began and ended."""
    content = made.contents.get(RUN)
    try:
        told = json.loads(content if isinstance(content, bytes) else content.read_bytes()) if content is not None else {}
        return {name: str(told[name]) for name in ("began", "ended")}
    except (ValueError, KeyError, TypeError):
        raise PublishingError(f"{RUN} does not tell when the reports were made. Make them again.") from None


def _type(name: str) -> str:
    if name.endswith(SIGNATURE):
        return "text/plain"
    return _TYPES.get(Path(name).suffix) or mimetypes.MimeTypes(filenames=()).guess_type(name)[0] or "application/octet-stream"


def _coverage(period: str) -> str:
    """Return a period's first and last day as ISO 8601 writes an interval; "" for what is not a period."""
    try:
        known = periods.parse(period)
    except ValueError:
        return ""
    return f"{known.start}/{known.end}"
