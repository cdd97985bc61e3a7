"""The code that makes reports, as it lies on the disk: its files, and one digest of them. The standard library only.

Code has the same digest under either way of ending lines, so that a checkout on another system is the same code.
"""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from kpireport import environment
from kpireport.publishing.manifest import CODE, sha256

PACKAGE = Path(__file__).resolve().parent.parent
LIBRARY = f"{CODE}lib/{PACKAGE.name}/"
"""Where the package's source lies in a bundle."""
BESIDE = ("pyproject.toml", environment.LOCK, "README.md", "LICENSE")
"""Files of the project's folder that belong to its code."""
_BINARY = {".ttf", ".otf", ".png"}


def text(path: Path) -> bytes:
    """Return the content of a file of code, with the line ends that it has in a bundle."""
    content = path.read_bytes()
    return content if path.suffix in _BINARY else content.replace(b"\r\n", b"\n")


def source_files(package: Path = PACKAGE) -> dict[str, Path]:
    """Return every source file of the package by its path in it."""
    return dict(sorted(_files(package, "")))


def _files(folder: Path, within: str) -> Iterator[tuple[str, Path]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                if entry.name != "__pycache__":
                    yield from _files(Path(entry.path), f"{within}{entry.name}/")
            elif entry.is_file() and not entry.name.endswith(".pyc"):
                yield f"{within}{entry.name}", Path(entry.path)


def source_digest(digests: Mapping[str, str] | None = None) -> str:
    """Return one digest of every source file of the package, from the digest of each; by default of the package on the disk."""
    if digests is None:
        digests = {name: sha256(text(path)) for name, path in source_files().items()}
    return sha256("".join(f"{name} {digests[name]}\n" for name in sorted(digests)).encode())
