"""Change what a bundle holds, as someone would who wants another figure to be believed."""

import json
import zipfile
from pathlib import Path

from kpireport.publishing import manifest, provenance


def packed(folder: Path, file: Path) -> Path:
    """Write the files of a folder as a zip."""
    with zipfile.ZipFile(file, "w") as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            archive.write(path, path.relative_to(folder).as_posix())
    return file


def replace(path: Path, old: bytes, new: bytes) -> None:
    """Change the first place where a file says `old`."""
    content = path.read_bytes()
    assert old in content, f"{path.name} does not hold {old!r}"
    path.write_bytes(content.replace(old, new, 1))


def vouch(folder: Path, name: str) -> None:
    """Let the manifest say of a changed file what it is now, as whoever knows how it is written can."""
    told = json.loads((folder / manifest.MANIFEST).read_text(encoding="utf-8"))
    resources = told["subject"] if name.startswith("outputs/") else told["predicate"]["buildDefinition"]["resolvedDependencies"]
    (one,) = (one for one in resources if one["name"] == name.removeprefix("outputs/"))
    content = (folder / name).read_bytes()
    one["digest"]["sha256"], one["annotations"]["bytes"] = manifest.sha256(content), len(content)
    definition = told["predicate"]["buildDefinition"]
    code = {entry["name"]: entry["digest"]["sha256"] for entry in definition["resolvedDependencies"]}
    own = {name.removeprefix(provenance.LIBRARY): digest for name, digest in code.items() if name.startswith(provenance.LIBRARY)}
    definition["internalParameters"]["source_sha256"] = provenance.source_digest(own)
    (folder / manifest.MANIFEST).write_bytes(manifest.written(told))


def claim(folder: Path, **versions: str) -> None:
    """Let the manifest say that the reports were made by something else."""
    told = json.loads((folder / manifest.MANIFEST).read_text(encoding="utf-8"))
    told["predicate"]["runDetails"]["builder"]["version"] |= versions
    (folder / manifest.MANIFEST).write_bytes(manifest.written(told))
