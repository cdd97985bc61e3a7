"""Remembers what verification concluded, so that the page over all published folders can tell.

A verdict is about one manifest, so it is kept by the manifest's digest: reports that are made anew have not been verified.
"""

import json
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path

from kpireport.publishing import manifest

FOLDER = ".verified"
"""The folder of verdicts in `outputs/`."""


@dataclass(frozen=True)
class Verified:
    """What was concluded of one manifest."""

    verdict: str
    """In words, such as FIGURES MATCH."""
    day: str
    """ISO."""
    certificate: str
    """Where the certificate is, relative to the outputs folder; "" when it is elsewhere."""


def remember(outputs: Path, sha256: str, verified: Verified) -> None:
    """Keep a verdict on the manifest of a digest, in place of an earlier one."""
    folder = outputs / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    beside = folder / f"{sha256}.new"
    beside.write_text(json.dumps(asdict(verified), indent=2) + "\n", encoding="utf-8", newline="\n")
    beside.replace(folder / f"{sha256}.json")


def recall(outputs: Path, sha256: str) -> Verified | None:
    """Return the verdict on the manifest of a digest; None when it has not been verified."""
    try:
        told = json.loads((outputs / FOLDER / f"{sha256}.json").read_text(encoding="utf-8"))
        found = Verified(**{name: str(told[name]) for name in Verified.__dataclass_fields__})
        date.fromisoformat(found.day)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    is_here = manifest.is_inside(found.certificate)
    return found if is_here else replace(found, certificate="")
