"""Read `requirements.lock`: whether an environment satisfies it, and which of its lines a group needs.

Each group of the lock begins with a line ``# group: NAME``: `product`, then the groups that each add to the product alone (a
package that two of them need stands in both), and `test`, the last, which is installed with all of them.
Runs before anything is installed, so it needs only the standard library and the `packaging` that comes with pip.
"""

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

LOCK = "requirements.lock"
GROUPS = ("product", "crate", "cluster", "docs", "lab", "test")
_ENTRY = re.compile(r"(?m)^(?=[A-Za-z0-9])")
_PIN = re.compile(r"^(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)==(?P<version>[^\s;\\]+)\s*(?:;(?P<marker>[^\\]+))?", re.MULTILINE)


def section(lock: str, group: str) -> str:
    """Return what pip needs to install a group: each package of the lock once, as the lock has it.

    Raises
    ------
    ValueError
        When the lock has no such group.
    """
    _, *parts = re.split(r"(?m)^# group: (.+)\n", lock)
    sections = dict(zip(parts[::2], parts[1::2], strict=True))
    if group not in sections:
        raise ValueError(f'the lock has no group "{group}"; its groups are {", ".join(sections)}')
    needed = sections.values() if group == GROUPS[-1] else [sections[name] for name in dict.fromkeys([GROUPS[0], group])]
    entries = [entry for text in needed for entry in _ENTRY.split(text) if entry]
    return "".join(dict.fromkeys(entries))


def pins(lock: str) -> Iterator[tuple[str, str]]:
    """Yield the name and version of every pinned package whose marker applies to this platform and Python."""
    markers = _markers()
    for pin in _PIN.finditer(lock):
        if pin["marker"] is None or markers.Marker(pin["marker"].strip()).evaluate():
            yield pin["name"], pin["version"]


def unsatisfied(lock: str) -> list[str]:
    """Return one line for each pinned package that is not installed in exactly its version."""
    from importlib import metadata  # here, as its import takes longer than all the rest of a build that finds nothing changed

    faults = []
    for name, version in pins(lock):
        try:
            installed = metadata.version(name)
        except metadata.PackageNotFoundError:
            faults.append(f"{name} {version} is not installed")
            continue
        if installed != version:
            faults.append(f"{name} is {installed}; the lock says {version}")
    return faults


def _markers() -> Any:
    try:
        from packaging import markers
    except ImportError:
        from pip._vendor.packaging import markers  # type: ignore[no-redef]
    return markers


def main(arguments: list[str] | None = None) -> int:
    """Answer one of the two questions; 0 means yes or done, 1 no."""
    parser = argparse.ArgumentParser(prog="python -m kpireport.environment", description="Questions about requirements.lock.")
    parser.add_argument("--lock", type=Path, default=Path(LOCK), help="the lock (default: %(default)s here)")
    question = parser.add_mutually_exclusive_group(required=True)
    question.add_argument("--satisfied", choices=GROUPS, help="exit 0 when every package of the group is installed as locked")
    question.add_argument("--requirements", choices=GROUPS, help="print what the lock says of the group, for pip -r")
    parser.add_argument("--quiet", action="store_true", help="do not say what is missing")
    options = parser.parse_args(arguments)
    lock = options.lock.read_text(encoding="utf-8")
    if options.requirements:
        sys.stdout.write(section(lock, options.requirements))
        return 0
    try:
        faults = unsatisfied(section(lock, options.satisfied))
    except ImportError:
        faults = ["pip is not installed here"]
    if faults and not options.quiet:
        print("\n".join(faults), file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
