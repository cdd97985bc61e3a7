"""Assemble a bundle by hand from a published folder and the evidence store, and change what one says."""

import json
import shutil
import zipfile
from pathlib import Path

from kpireport.publishing import evidence, manifest
from kpireport.verification import bundle


def unpacked(outputs: Path, period: str, folder: Path) -> Path:
    """Write the files of a period's bundle to `folder`."""
    about = manifest.read(outputs / period)
    for one in (*about.materials, *about.evidence):
        place = folder / one.name
        place.parent.mkdir(parents=True, exist_ok=True)
        kept = evidence.find(outputs, one.sha256)
        assert kept, one.name
        shutil.copyfile(kept, place)
    shutil.copytree(outputs / period, folder / "outputs")
    for name in (manifest.MANIFEST, manifest.RUN):
        (folder / "outputs" / name).replace(folder / name)
    shutil.copyfile(folder / bundle.STANDALONE, folder / bundle.MAIN)
    return folder


def zipped(folder: Path, bundle: Path) -> Path:
    """Write a folder as a zip."""
    with zipfile.ZipFile(bundle, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            archive.write(path, path.relative_to(folder).as_posix())
    return bundle


def vouch(folder: Path, *names: str) -> None:
    """Let the manifest give changed files the digests that they now have: what whoever changed them would do."""
    told = json.loads((folder / manifest.MANIFEST).read_text(encoding="utf-8"))
    definition = told["predicate"]["buildDefinition"]
    for prefix, resources in (("outputs/", told["subject"]), ("", definition["resolvedDependencies"])):
        for one in resources:
            if prefix + one["name"] in names:
                content = (folder / (prefix + one["name"])).read_bytes()
                one["digest"]["sha256"] = manifest.sha256(content)
                one["annotations"]["bytes"] = len(content)
    (folder / manifest.MANIFEST).write_bytes(manifest.written(told))
