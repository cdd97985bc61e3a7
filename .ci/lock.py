"""Make `requirements.lock` from `pyproject.toml`: every package of every group, exact versions, with hashes.

One lock, three groups, each a section that adds to the ones before it: `product` (what `make quarter` needs), `lab` (JupyterLab),
`test`. It is universal: markers say which line holds on which platform and Python. It names no index. Needs `uv` on the PATH.
"""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"
GROUPS = {"product": ["build"], "lab": ["build", "lab"], "test": ["build", "lab", "test"]}
HEADER = "# Made by `make lock` from pyproject.toml. Each group adds to the ones before it; see kpireport.environment.\n"


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
    every = compile_lock(GROUPS["test"])
    constraints = ROOT / ".ci" / "constraints.tmp"
    constraints.write_text("".join(re.sub(r" \\\n(?:    --hash=\S+(?: \\)?\n)+", "\n", entry) for entry in every.values()))
    try:
        sections, placed = [HEADER], set()
        for group, needed in GROUPS.items():
            names = [name for name in compile_lock(needed, "--constraint", str(constraints)) if name not in placed]
            placed.update(names)
            sections.append(f"# group: {group}\n" + "".join(every[name] for name in sorted(names)))
        LOCK.write_text("".join(sections))
    finally:
        constraints.unlink()


if __name__ == "__main__":
    main()
