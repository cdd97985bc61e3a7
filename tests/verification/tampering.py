"""Change what a bundle holds, as someone would who wants another figure to be believed."""

import json
import zipfile
from pathlib import Path

from kpireport.publishing import manifest


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
    """Let the manifest give a changed file the digest that it now has."""
    told = json.loads((folder / manifest.MANIFEST).read_text(encoding="utf-8"))
    resources = told["subject"] if name.startswith("outputs/") else told["predicate"]["buildDefinition"]["resolvedDependencies"]
    (one,) = (one for one in resources if one["name"] == name.removeprefix("outputs/"))
    one["digest"]["sha256"] = manifest.sha256((folder / name).read_bytes())
    (folder / manifest.MANIFEST).write_bytes(manifest.written(told))


def claim(folder: Path, **versions: str) -> None:
    """Let the manifest say that the reports were made by something else."""
    told = json.loads((folder / manifest.MANIFEST).read_text(encoding="utf-8"))
    told["predicate"]["runDetails"]["builder"]["version"] |= versions
    (folder / manifest.MANIFEST).write_bytes(manifest.written(told))
