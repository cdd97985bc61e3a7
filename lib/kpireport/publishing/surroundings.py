"""What reports are made by, beside the register: parameters files, notebooks, code, and the environment; by content.

The standard library only, as it is what a build looks at before it imports anything that takes time.
"""

import hashlib
import os
import platform
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.machinery import PathFinder
from pathlib import Path

from kpireport.publishing.asked import Places
from kpireport.publishing.manifest import CODE, sha256
from kpireport.publishing.source_code import BESIDE, LIBRARY, PACKAGE, source_files, text

_INSTALLED = (".dist-info", ".egg-info")


@dataclass(frozen=True)
class Surroundings:
    """The digest of every file, by its path in a bundle, and one digest of all else."""

    params: Mapping[str, str]
    notebooks: Mapping[str, str]
    code: Mapping[str, str]
    """The package's source, its fonts, the lock and the other files beside them."""
    package: str
    """One digest of the package that reports are in, when it is none of ours; "" otherwise."""
    others: str
    """One digest of Python, the platform and the versions of everything installed."""

    def runs_like(self, other: "Surroundings") -> bool:
        """Whether what runs is the same; parameters files and notebooks are read when they are needed."""
        return (self.code, self.package, self.others) == (other.code, other.package, other.others)


def look(places: Places) -> Surroundings:
    """Return the surroundings as they lie on the disk now."""
    code = {f"{LIBRARY}{name}": path for name, path in source_files().items()}
    code |= {f"{CODE}{name}": path for name in BESIDE if (path := places.root / name).is_file()}
    return Surroundings(
        params=_digests({f"{CODE}params/{path.name}": path for path in places.params.glob("*.yaml")}),
        notebooks=_digests({f"{CODE}notebooks/{path.name}": path for path in places.notebooks.glob("*.ipynb")}),
        code=_digests(code),
        package=_other_package(places.package),
        others=_digest(_environment()),
    )


@lru_cache(maxsize=4)
def at_start(places: Places) -> Surroundings:
    """Return the surroundings as they were when this process first asked, which is before it imported most of the code."""
    return look(places)


def _digests(paths: Mapping[str, Path]) -> dict[str, str]:
    return {name: sha256(text(path)) for name, path in sorted(paths.items())}


def _environment() -> list[str]:
    """Return what runs: Python, the platform, and name and version of everything installed, as folders' names tell them."""
    installed = set()
    for folder in sys.path:
        try:
            installed |= {name for name in os.listdir(folder or ".") if name.endswith(_INSTALLED)}
        except OSError:
            continue
    return [sys.version, sys.platform, platform.machine(), *sorted(installed)]


def _other_package(name: str) -> str:
    top = name.split(".", 1)[0]
    if top == PACKAGE.name:
        return ""
    spec = PathFinder.find_spec(top)
    folders = list(spec.submodule_search_locations or ()) if spec else []
    return _digest(f"{path} {digest}" for folder in folders for path, digest in _digests(source_files(Path(folder))).items())


def _digest(lines: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
