"""Verify the bundle that this file begins, with nothing but Python, by ``python BUNDLE.zip``.

It opens the bundle in a temporary folder, holds every file against the manifest, makes an environment from the bundle's lock with
the hash of every package checked, and lets the bundle's own code make the reports again and compare. It needs Python 3.11 or
newer, and a place that pip can have the packages from. An older Python is told so: nothing here is newer than Python 3.9.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from typing import Any

OLDEST, NEWEST = (3, 11), (3, 14)
DIFFERS, INCONCLUSIVE = 11, 12
_MADE_FROM = ("code/", "inputs/")
_READ_LATER = "returns/"


def main(arguments: list[str] | None = None) -> int:
    """Verify the bundle and return the exit code of the verdict: 0 when every report was reproduced."""
    bundle = os.path.abspath(sys.argv[0])
    options = _options(arguments)
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        here = ".".join(map(str, sys.version_info[:3]))
        name = os.path.basename(bundle)
        _tell(f"INCONCLUSIVE: this needs Python 3.11 to 3.14, and this is Python {here}. Run it as: python3.11 {name}")
        return INCONCLUSIVE
    with tempfile.TemporaryDirectory(prefix="kpireport-verify-", ignore_cleanup_errors=True) as work:
        return _verify(bundle, work, os.path.abspath(options.out))


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python BUNDLE.zip", description="Verify this bundle: can its reports be made again?")
    parser.add_argument("--out", default=".", metavar="DIR", help="where the certificate's folder goes (default: here)")
    return parser.parse_args(arguments)


def _verify(bundle: str, work: str, out: str) -> int:
    sys.dont_write_bytecode = True
    sys.path.insert(0, os.path.join(bundle, "code", "lib"))
    from pathlib import Path

    from kpireport.errors import KpireportError
    from kpireport.verification import integrity

    whole = Path(work, "bundle")
    whole.mkdir()
    print(f"Opening {os.path.basename(bundle)} and holding every file against its manifest.", flush=True)
    try:
        integrity.unpack(Path(bundle), whole)
    except KpireportError as error:
        _tell(str(error))
        return int(error.exit_code)
    try:
        expected = _expected(json.loads((whole / "manifest.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        _tell(f"DIFFERS: manifest.json is missing, or is not a manifest ({error!r}). Nothing else was looked at.")
        return DIFFERS
    faults = integrity.check(integrity.digests(whole), expected, integrity.BESIDE)
    faults = [fault for fault in faults if not fault.path.startswith(_READ_LATER)]
    for fault in faults:
        _tell(f"{fault}.")
    if any(fault.path.startswith(_MADE_FROM) for fault in faults):
        _tell("DIFFERS: the bundle is not what its manifest says. Its code was not run, so there is no certificate.")
        return DIFFERS
    code = str(whole / "code")
    try:
        python = _environment(code, work)
    except (OSError, subprocess.CalledProcessError) as error:
        told = str(getattr(error, "stderr", "") or error).strip().splitlines()
        _tell("\n".join(["No environment could be made from the bundle's lock:", *told[-3:]]))
        verdict = "DIFFERS: see above." if faults else "INCONCLUSIVE: every file is whole, but nothing could be made again."
        _tell(f"{verdict} There is no certificate: writing one needs the packages of the lock.")
        return DIFFERS if faults else INCONCLUSIVE
    command = [python, "-m", "kpireport", "verify", "--bundle", bundle, "--out", out]
    return subprocess.call(command, cwd=work, env=_with(code))  # noqa: S603 - the bundle's own code, found whole


def _expected(statement: Any) -> dict[str, str]:
    """Return the digest that an in-toto statement gives each file of the bundle, by its path there."""
    predicate = statement["predicate"]
    resources = predicate["buildDefinition"]["resolvedDependencies"] + predicate["runDetails"].get("byproducts", [])
    named = {one["name"]: one["digest"]["sha256"] for one in resources}
    return {**named, **{"outputs/" + one["name"]: one["digest"]["sha256"] for one in statement["subject"]}}


def _environment(code: str, work: str) -> str:
    """Make an environment that satisfies the lock of the code; return its Python."""
    print("Making an environment from the bundle's lock. This takes a minute or two.", flush=True)
    venv, needed = os.path.join(work, "environment"), os.path.join(work, "requirements.txt")
    _do([sys.executable, "-m", "venv", venv], work, dict(os.environ))
    python = os.path.join(venv, "Scripts", "python.exe") if os.name == "nt" else os.path.join(venv, "bin", "python")
    lock = _do([python, "-m", "kpireport.environment", "--requirements", "product"], code, _with(code))
    with open(needed, "w", encoding="utf-8") as file:
        file.write(lock)
    # pip needs the user's own settings: where packages are to be had, and through which proxy.
    given = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    install = ["install", "-q", "--disable-pip-version-check", "--no-input", "--require-hashes", "--no-deps", "-r", needed]
    _do([python, "-m", "pip", *install], work, given)
    return python


def _do(command: list[str], folder: str, given: dict[str, str]) -> str:
    """Run a step and return what it printed; what went wrong is the error's `stderr`."""
    ran = subprocess.run(  # noqa: S603
        command, cwd=folder, env=given, capture_output=True, text=True, encoding="utf-8", errors="replace", check=True
    )
    return ran.stdout


def _with(code: str) -> dict[str, str]:
    """Return the environment variables under which the bundle's own code is found, and no other."""
    given = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    own = {"PYTHONPATH": os.path.join(code, "lib"), "PYTHONNOUSERSITE": "1", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"}
    return {**given, **own}


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
