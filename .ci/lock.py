"""Make `requirements.lock` from `pyproject.toml`: every package of every group, exact versions, with hashes.

One lock, a section for each group: `product` is what `make quarter` needs, the others are what each needs besides, and `test`,
the last, completes them all. It is universal: markers say which line holds on which platform and Python. It names no index.
Needs `uv` on the PATH.
"""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"
OPTIONAL = ["crate", "cluster", "docs", "lab"]
"""Groups that add to the product and not to each other: a package that two of them need stands in both."""
HEADER = "# Made by `make lock` from pyproject.toml. What each group holds: see kpireport.environment.\n"


def compile_lock(groups: list[str], *constraints: str) -> dict[str, str]:
    """Return the locked lines of the product and `groups`: name -> its entries, with markers and hashes."""
    command = ["uv", "pip", "compile", "pyproject.toml", "--universal", "--python-version", "3.11", "--generate-hashes"]
    command += ["--quiet", "--no-emit-index-url", "--no-header", "--no-annotate", "--no-emit-find-links", *constraints]
    command += [part for group in groups for part in ("--group", group)]
    # Every word of the command is ours.
    printed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout  # noqa: S603
    entries: dict[str, str] = {}
    for entry in re.split(r"(?m)^(?=[A-Za-z0-9])", printed):
        if name := re.match(r"[A-Za-z0-9._-]+", entry):
            entries[name[0]] = entries.get(name[0], "") + entry
    return entries


def main() -> None:
    """Write the lock."""
    every = compile_lock(["build", *OPTIONAL, "test"])
    constraints = ROOT / ".ci" / "constraints.tmp"
    constraints.write_text("".join(re.sub(r" \\\n(?:    --hash=\S+(?: \\)?\n)+", "\n", entry) for entry in every.values()))
    try:
        product = set(compile_lock(["build"], "--constraint", str(constraints)))
        sections = {"product": product}
        for group in OPTIONAL:
            sections[group] = set(compile_lock(["build", group], "--constraint", str(constraints))) - product
    finally:
        constraints.unlink()
    sections["test"] = set(every) - set().union(*sections.values())
    parts = (f"# group: {group}\n" + "".join(every[name] for name in sorted(names)) for group, names in sections.items())
    LOCK.write_text(HEADER + "".join(parts))


if __name__ == "__main__":
    main()
