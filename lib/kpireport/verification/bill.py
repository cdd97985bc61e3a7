"""The bill of materials: every package of the lock with its hashes, its licence and what it needs, as CycloneDX 1.6.

What a package is under, and what it needs, its own metadata says, where it is installed. Nothing is asked of a network, and
neither a clock nor the machine's name goes in: the same lock and the same environment give the same bytes.
"""

import base64
import csv
import hashlib
import io
import json
import re
import tomllib
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import kpireport
from kpireport.environment import GROUPS
from kpireport.presentation.theme import FONT_FOLDER
from kpireport.verification import licences
from kpireport.verification.licences import Licence

FORMAT = "1.6"
NAME = "kpireport.cdx.json"
LICENCES = "licences.csv"
_ENTRY = re.compile(
    r"(?m)^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;\\]+)\s*(?:;\s*([^\\\n]+?))?\s*\\\n((?:    --hash=\S+(?: \\)?\n)+)"
)
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "kpireport")


@dataclass(frozen=True)
class Package:
    """One package of the lock, in one version."""

    name: str
    version: str
    groups: tuple[str, ...]
    """The groups of the lock in which it stands."""
    hashes: tuple[str, ...]
    """The SHA-256 of each file in which it is published; what is installed is one of them."""
    marker: str = ""
    """Where it is needed; "" for everywhere."""
    licence: Licence = field(default_factory=Licence)
    needs: tuple[str, ...] = ()
    """Names of the packages that it needs here."""

    @property
    def purl(self) -> str:
        """What names it for every tool that reads such bills."""
        return f"pkg:pypi/{canonicalize_name(self.name)}@{self.version}"


def packages(lock: str) -> list[Package]:
    """Return every package of a lock, by name and version."""
    _, *parts = re.split(r"(?m)^# group: (.+)\n", lock)
    found: dict[tuple[str, str, str], dict[str, Any]] = {}
    for group, text in zip(parts[::2], parts[1::2], strict=True):
        for name, version, marker, hashes in _ENTRY.findall(text):
            digests = re.findall(r"sha256:([0-9a-f]{64})", hashes)
            entry = found.setdefault((name, version, marker), {"groups": [], "hashes": digests})
            entry["groups"].append(group)
    here = {key: _installed(*key[:2]) for key in found}
    extras = _extras(one for one in here.values() if one)
    made = []
    for (name, version, marker), entry in sorted(found.items()):
        installed = here[name, version, marker]
        made.append(
            Package(
                name,
                version,
                tuple(sorted(entry["groups"], key=GROUPS.index)),
                tuple(sorted(entry["hashes"])),
                marker,
                licences.of(installed) if installed else Licence(note="Not installed here, so its metadata were not read."),
                tuple(sorted(set(_needs(installed, extras.get(canonicalize_name(name), set()))))) if installed else (),
            )
        )
    return made


def _installed(name: str, version: str) -> metadata.Distribution | None:
    try:
        found = metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return None
    return found if found.version == version else None


def _extras(installed: Iterable[metadata.Distribution]) -> dict[str, set[str]]:
    """Return the further parts of each package that any other asks for, by its name."""
    asked: dict[str, set[str]] = {}
    for one in installed:
        for text in one.requires or ():
            needed = Requirement(text)
            asked.setdefault(canonicalize_name(needed.name), set()).update(needed.extras)
    return asked


def _needs(installed: metadata.Distribution, extras: set[str]) -> Iterator[str]:
    for text in installed.requires or ():
        needed = Requirement(text)
        if needed.marker is None or any(needed.marker.evaluate({"extra": extra}) for extra in ("", *extras)):
            yield canonicalize_name(needed.name)


def document(lock: str, project: Mapping[str, Any]) -> dict[str, Any]:
    """Return the bill as CycloneDX has it.

    Parameters
    ----------
    project
        What pyproject.toml holds: it says which packages are asked for, by the product and by each group.
    """
    every = packages(lock)
    asked = _asked(project)
    by_name: dict[str, list[str]] = {}
    for one in every:
        by_name.setdefault(canonicalize_name(one.name), []).append(one.purl)
    root = {
        "type": "application",
        "bom-ref": "kpireport",
        "name": "kpireport",
        "version": kpireport.__version__,
        "description": project["project"]["description"],
        "licenses": [{"license": {"id": "MIT"}}],
    }
    groups = [{"type": "application", "bom-ref": f"group:{group}", "name": f"kpireport, group {group}"} for group in asked]
    graph = {"kpireport": [f"group:{group}" for group in asked] + [_FONTS]}
    graph |= {f"group:{group}": _refs(names, by_name) for group, names in asked.items()}
    graph |= {one.purl: _refs(one.needs, by_name) for one in every}
    merged = {one.purl: one for one in every}
    bundled = [(one, within) for one in merged.values() for within in licences.WITHIN.get(canonicalize_name(one.name), ())]
    graph |= {within.ref: [] for _, within in bundled} | {_FONTS: []}
    for one, within in bundled:
        graph[one.purl] = sorted([*graph[one.purl], within.ref])
    parts = [*groups, *(_component(one, every) for one in merged.values()), *(_within(within) for _, within in bundled), _fonts()]
    made = {
        "$schema": f"http://cyclonedx.org/schema/bom-{FORMAT}.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": FORMAT,
        "version": 1,
        "metadata": {"component": root},
        "components": sorted(parts, key=lambda part: str(part["bom-ref"])),
        "dependencies": [{"ref": ref, "dependsOn": sorted(set(graph[ref]))} for ref in sorted(graph)],
    }
    digest = hashlib.sha256(json.dumps(made, sort_keys=True).encode()).hexdigest()
    return {**made, "serialNumber": f"urn:uuid:{uuid.uuid5(_NAMESPACE, digest)}"}


_FONTS = "file:presentation/fonts"


def _asked(project: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the names of the packages that each group asks for, in the order of the lock's groups."""
    own = {"product": [*project["project"]["dependencies"], *project["dependency-groups"]["build"]]}
    own |= {group: project["dependency-groups"][group] for group in GROUPS if group != "product"}
    return {group: [canonicalize_name(Requirement(text).name) for text in texts] for group, texts in own.items()}


def _refs(names: Iterable[str], by_name: Mapping[str, list[str]]) -> list[str]:
    return sorted({ref for name in names for ref in by_name.get(name, ())})


def _component(package: Package, every: list[Package]) -> dict[str, Any]:
    """Return a package's part of the bill; where it stands twice, for different places, that is told."""
    same = [one for one in every if one.purl == package.purl]
    groups = [group for group in GROUPS if any(group in one.groups for one in same)]
    told = [{"name": "kpireport:group", "value": group} for group in groups]
    told += [{"name": "kpireport:needed where", "value": one.marker} for one in same if one.marker]
    made: dict[str, Any] = {
        "type": "library",
        "bom-ref": package.purl,
        "name": package.name,
        "version": package.version,
        "purl": package.purl,
        "scope": "required" if "product" in groups else "optional",
        "externalReferences": [
            {
                "type": "distribution",
                "url": package.purl,
                "comment": "The SHA-256 of each file in which it is published.",
                "hashes": [{"alg": "SHA-256", "content": digest} for digest in sorted({d for one in same for d in one.hashes})],
            }
        ],
        "properties": told,
    }
    return made | ({"licenses": package.licence.as_choice()} if package.licence.words else {})


def _within(part: licences.Within) -> dict[str, Any]:
    return {"type": "application", "bom-ref": part.ref, "name": part.name, "licenses": part.licence.as_choice()}


def _fonts() -> dict[str, Any]:
    """Return the part of the fonts, which the package itself brings."""
    files = sorted(path for path in FONT_FOLDER.iterdir() if path.suffix == ".ttf")
    return {
        "type": "data",
        "bom-ref": _FONTS,
        "name": "Liberation Sans",
        "licenses": [{"license": {"id": "OFL-1.1"}}],
        "components": [
            {
                "type": "file",
                "bom-ref": f"{_FONTS}/{path.name}",
                "name": path.name,
                "hashes": [{"alg": "SHA-256", "content": hashlib.sha256(path.read_bytes()).hexdigest()}],
            }
            for path in files
        ],
    }


def written(lock: Path, pyproject: Path) -> bytes:
    """Return the bill as JSON."""
    made = document(lock.read_text(encoding="utf-8"), tomllib.loads(pyproject.read_text(encoding="utf-8")))
    return (json.dumps(made, indent=1, ensure_ascii=False) + "\n").encode("utf-8")


def licence_rows(every: Iterable[Package]) -> list[tuple[str, str, str, str, str, str]]:
    """Return package, version, groups, licence, its kind and what should be known of it; what asks for a look comes first."""
    rows = [
        (one.name, one.version, "; ".join(one.groups), one.licence.words, one.licence.kind, one.licence.note) for one in every
    ]
    rows += [
        (part.name, f"within {one.name} {one.version}", "; ".join(one.groups), part.licence.words, part.licence.kind, part.note)
        for one in every
        for part in licences.WITHIN.get(canonicalize_name(one.name), ())
    ]
    rows.append(("Liberation Sans", "within kpireport", "product", "OFL-1.1", licences.PERMISSIVE, "Fonts; with their licence."))
    return sorted(set(rows), key=lambda row: (licences.KINDS.index(row[4]), row[0].lower(), row[1]))


def licence_csv(every: Iterable[Package]) -> bytes:
    """Return the list of licences as CSV."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["package", "version", "groups", "licence", "kind", "note"])
    writer.writerows(licence_rows(every))
    return stream.getvalue().encode("utf-8")


def not_as_published(every: Iterable[Package]) -> list[str]:
    """Return a line for each installed file that is not as its package's own list (RECORD) says, by digest."""
    wrong = []
    for name in sorted({one.name for one in every if _installed(one.name, one.version)}):
        for file in metadata.files(name) or ():
            if file.hash is None or file.hash.mode != "sha256":
                continue
            try:
                content = Path(str(file.locate())).read_bytes()
            except OSError:
                wrong.append(f"{name}: {file} is missing")
                continue
            digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
            if digest != file.hash.value:
                wrong.append(f"{name}: {file} was changed")
    return wrong
