"""What a published folder was made from and what it holds, so that anyone can make it again and compare.

`manifest.json` is an in-toto Statement v1 whose predicate is SLSA provenance v1: its subject are the published files, its
resolved dependencies every file they were made from, each by name and SHA-256. It is the same whenever and wherever the same
inputs are built; when it was built and how long that took is in `run.json`, the one file of the folder that two builds do not
share. This module alone knows how the statement is written; everyone else reads a `Manifest`.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from kpireport.errors import PublishingError
from kpireport.publishing.asked import AS_KNOWN_ON, FORMS, folder_name

if TYPE_CHECKING:
    from kpireport.publishing.parameters import Value

MANIFEST = "manifest.json"
RUN = "run.json"
SIGNATURE = "manifest.json.sig"
"""A signature of the manifest, beside it, where somebody has signed."""
STATEMENT = "https://in-toto.io/Statement/v1"
PROVENANCE = "https://slsa.dev/provenance/v1"
BUILD = "urn:kpireport:reports-from-register:v1"
"""What kind of build the predicate describes; another number would mean that its fields mean something else."""
BUILDER = "urn:kpireport:make"
INPUTS, CODE, EVIDENCE = "inputs/", "code/", "evidence/"
"""How the names of files read, of code and of evidence begin: each name is a path in a bundle."""
_OWN_VERSIONS = ("kpireport", "python", "platform")
_SHA256 = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True)
class Resource:
    """A file by its name and content."""

    name: str
    """Its path: of a published file in its folder, of all others in a bundle. "/" parts folders."""
    sha256: str
    size: int | None = None
    """In bytes."""
    rows: int | None = None
    """The number of records of a table that was read."""
    schema: str = ""
    """The digest of the schema that the table was read with."""


@dataclass(frozen=True)
class Run:
    """One report that was made."""

    stem: str
    """The name, without ending, of its files."""
    title: str
    report: str
    """The name of its notebook and of its parameters file, without ending."""
    parameters: "Mapping[str, Value]"


@dataclass(frozen=True)
class Manifest:
    """What a published folder was made from, by what, and what it holds."""

    occasion: str
    period: str
    settings: Mapping[str, str]
    """Further parameters that were asked for on the command line."""
    reports: tuple[Run, ...]
    scheme: str
    """Name and version of the rating scheme."""
    schemas: Mapping[str, str]
    """The digest of each table's schema, by the table's name."""
    source_sha256: str
    """One digest of every source file of the package."""
    inputs: tuple[Resource, ...]
    """The register's tables and the council's particulars, as read."""
    code: tuple[Resource, ...]
    """The package's source with its fonts, notebooks, parameters, and the lock."""
    evidence: tuple[Resource, ...]
    """What was written down beside the reports for whoever checks them: checks, decisions, sign-offs, cells of origin."""
    outputs: tuple[Resource, ...]
    """The published files, but for the manifest itself and `run.json`."""
    version: str
    """Of kpireport."""
    python: str
    platform: str
    libraries: Mapping[str, str]
    """The installed version of every library of the product's lock."""
    forms: tuple[str, ...] = FORMS
    """In which forms the reports were written."""
    sha256: str = field(default="", compare=False)
    """The digest of the manifest's own file; "" before it is written."""

    @property
    def folder(self) -> str:
        """The name of the published folder, such as 2024-25-q2."""
        return folder_name(self.occasion, self.period, known_on=str(self.settings.get(AS_KNOWN_ON, "")))

    @property
    def arguments(self) -> list[str]:
        """The words of the command line that make these reports, without those that say where to read and write."""
        year, _, quarter = self.period.partition(" Q")
        own = [self.occasion, *([f"--quarter={quarter}"] if quarter else []), f"--year={year}"]
        own += [f"--forms={','.join(self.forms)}"] if self.forms != FORMS else []
        return own + [f"--set={name}={text}" for name, text in self.settings.items()]

    @property
    def materials(self) -> tuple[Resource, ...]:
        """Every file the reports were made from."""
        return self.inputs + self.code


def sha256(content: bytes) -> str:
    """Return the SHA-256 of `content` in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def now() -> str:
    """Return the time in UTC, to the second. The one place of publishing that looks at the clock."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def statement(about: Manifest) -> dict[str, Any]:
    """Return the in-toto statement. Source: in-toto attestation, Statement v1; SLSA, build provenance v1."""
    reports = [
        {"name": run.stem, "title": run.title, "report": run.report, "parameters": dict(run.parameters)} for run in about.reports
    ]
    return {
        "_type": STATEMENT,
        "subject": [_descriptor(one) for one in about.outputs],
        "predicateType": PROVENANCE,
        "predicate": {
            "buildDefinition": {
                "buildType": BUILD,
                "externalParameters": {
                    "occasion": about.occasion,
                    "period": about.period,
                    "settings": dict(about.settings),
                    **({"forms": list(about.forms)} if about.forms != FORMS else {}),
                    "reports": reports,
                },
                "internalParameters": {
                    "scheme": about.scheme,
                    "source_sha256": about.source_sha256,
                    "schemas": dict(about.schemas),
                },
                "resolvedDependencies": [_descriptor(one) for one in about.materials],
            },
            "runDetails": {
                "builder": {
                    "id": BUILDER,
                    "version": dict(zip(_OWN_VERSIONS, (about.version, about.python, about.platform), strict=True))
                    | dict(about.libraries),
                },
                "byproducts": [_descriptor(one) for one in about.evidence],
            },
        },
    }


def _descriptor(one: Resource) -> dict[str, Any]:
    told = {"bytes": one.size, "rows": one.rows, "schema": one.schema or None}
    annotations = {name: value for name, value in told.items() if value is not None}
    return {"name": one.name, "digest": {"sha256": one.sha256}} | ({"annotations": annotations} if annotations else {})


def written(content: Mapping[str, Any]) -> bytes:
    """Return JSON that a person can read."""
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()


def read(folder: Path) -> Manifest:
    """Return the manifest of a published folder.

    Raises
    ------
    PublishingError
        When there is none, or it is not one that this version reads.
    """
    path = folder / MANIFEST
    try:
        return parse(path.read_bytes())
    except OSError as error:
        raise PublishingError(f"{path}: {error.strerror}. Publish the period first.") from None
    except PublishingError as error:
        raise PublishingError(f"{path}: {error}") from None


def parse(content: bytes) -> Manifest:
    """Return the manifest that a file's content says.

    Fields that are not ours are passed over, as in-toto asks; of ours, none may be missing or of another type, and no name may
    lead out of a folder.

    Raises
    ------
    PublishingError
        Naming what is wrong.
    """
    try:
        return _manifest(json.loads(content), sha256(content))
    except (ValueError, RecursionError) as error:
        raise PublishingError(f"not a manifest that this version of kpireport reads: {error}.") from None


def _manifest(told: Any, digest: str) -> Manifest:
    _is(told, "_type", STATEMENT)
    _is(told, "predicateType", PROVENANCE)
    predicate = _part(told, "predicate", dict)
    definition, details = _part(predicate, "buildDefinition", dict), _part(predicate, "runDetails", dict)
    _is(definition, "buildType", BUILD)
    asked, own = _part(definition, "externalParameters", dict), _part(definition, "internalParameters", dict)
    materials = _resources(definition, "resolvedDependencies")
    versions = _texts(_part(details, "builder", dict), "version")
    version, python, platform = (_part(versions, name, str) for name in _OWN_VERSIONS)
    if strange := [one.name for one in materials if not one.name.startswith((INPUTS, CODE))]:
        raise ValueError(f'"{strange[0]}" is neither an input nor code')
    occasion, period = _part(asked, "occasion", str), _part(asked, "period", str)
    if not re.fullmatch("[a-z0-9-]+", folder_name(occasion, period)):
        raise ValueError(f'there are no reports of "{occasion}", "{period}"')
    return Manifest(
        occasion=occasion,
        period=period,
        settings=_texts(asked, "settings"),
        forms=_forms(asked),
        reports=tuple(_run(one) for one in _part(asked, "reports", list)),
        scheme=_part(own, "scheme", str),
        schemas=_texts(own, "schemas"),
        source_sha256=_part(own, "source_sha256", str),
        inputs=tuple(one for one in materials if one.name.startswith(INPUTS)),
        code=tuple(one for one in materials if one.name.startswith(CODE)),
        evidence=_resources(details, "byproducts"),
        outputs=_resources(told, "subject"),
        version=version,
        python=python,
        platform=platform,
        libraries={name: text for name, text in versions.items() if name not in _OWN_VERSIONS},
        sha256=digest,
    )


def _part(whole: Any, name: str, kind: type) -> Any:
    """Return one field, which must be of a type."""
    if not isinstance(whole, dict) or not isinstance(whole.get(name), kind):
        raise ValueError(f'"{name}" is missing, or is not a {kind.__name__}')
    return whole[name]


def _is(whole: Any, name: str, expected: str) -> None:
    if (found := _part(whole, name, str)) != expected:
        raise ValueError(f'"{name}" is "{found[:80]}", not "{expected}"')


def _texts(whole: Any, name: str) -> dict[str, str]:
    texts: dict[str, str] = _part(whole, name, dict)
    return {key: _part(texts, key, str) for key in texts}


def _forms(asked: dict[str, Any]) -> tuple[str, ...]:
    """Return the forms of reports; a manifest says them only where they are not all."""
    forms = tuple(_part(asked, "forms", list)) if "forms" in asked else FORMS
    if not forms or forms != tuple(form for form in FORMS if form in forms):
        raise ValueError(f'"forms" is not some of {", ".join(FORMS)}')
    return forms


def _run(told: Any) -> Run:
    parameters = _part(told, "parameters", dict)
    if wrong := [name for name, value in parameters.items() if not isinstance(value, str | int | bool)]:
        raise ValueError(f'the parameter "{wrong[0]}" is not text, a whole number, true or false')
    return Run(_part(told, "name", str), _part(told, "title", str), _part(told, "report", str), parameters)


def _resources(whole: Any, name: str) -> tuple[Resource, ...]:
    found = tuple(_resource(one) for one in _part(whole, name, list))
    if twice := _twice(one.name for one in found):
        raise ValueError(f'"{twice}" is named twice in "{name}"')
    return found


def _twice(names: Iterable[str]) -> str:
    seen = set[str]()
    return next((name for name in names if name in seen or seen.add(name)), "")  # type: ignore[func-returns-value]


def _resource(told: Any) -> Resource:
    name, digest = _part(told, "name", str), _part(_part(told, "digest", dict), "sha256", str)
    if not is_inside(name):
        raise ValueError(f"{name[:80]!r} is not the path of a file in a folder")
    if not _SHA256.fullmatch(digest):
        raise ValueError(f'the digest of "{name}" is not a SHA-256')
    annotations = _part(told, "annotations", dict) if "annotations" in told else {}
    numbers = {key: _part(annotations, key, int) if key in annotations else None for key in ("bytes", "rows")}
    schema = _part(annotations, "schema", str) if "schema" in annotations else ""
    return Resource(name, digest, numbers["bytes"], numbers["rows"], schema)


def is_inside(name: str) -> bool:
    """Return whether a path with "/" stays inside the folder that it is relative to, on any system."""
    path = PurePosixPath(name)
    is_plain = name.isprintable() and not set(name) & set('\\:*?"<>|')
    return is_plain and path.as_posix() == name and not path.is_absolute() and not {".", ".."} & set(path.parts)
