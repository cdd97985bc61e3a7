"""Does what a verb asks for each of several councils: a folder whose subfolders are registers, a pattern, or several paths.

Each council has its own register and council.yaml in a folder, and its reports go to OUT/<that folder's name>. What goes wrong
with one council does not stop the others.
"""

import argparse
import glob
import os
import shlex
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from kpireport.commands.opening import show
from kpireport.errors import ExitCode, ParameterError, shown

ONE_AT_A_TIME = frozenset({"approve", "bundle", "crate", "verify", "trace"})
"""Verbs that are about one council's decision, or about one published folder."""
COUNCIL = "council.yaml"
Attempt = Callable[[argparse.Namespace], tuple[ExitCode, str]]
"""Does what options ask of one council, and returns the exit code and what went wrong, which has been told."""


def named(options: argparse.Namespace) -> dict[str, Path]:
    """Return the data folder of each council that the options name, by the folder's name; none where they name a register.

    Raises
    ------
    ParameterError
        When a path or a pattern names nothing, a folder holds no register, two folders have one name, or what is asked is for one
        council only.
    """
    text = getattr(options, "data", "")
    folders = _folders(text) if text else None
    if folders is None:
        return {}
    if options.verb in ONE_AT_A_TIME:
        raise ParameterError(f"data: {shown(text)} is several councils; {options.verb} is for one. Name its folder.")
    if getattr(options, "council", ""):
        raise ParameterError(f"council: each council of {shown(text)} has its own {COUNCIL}. Leave it out.")
    found: dict[str, Path] = {}
    for folder in folders:
        name = folder.resolve().name
        if name in found:
            raise ParameterError(f"data: {found[name]} and {folder} would both be published as {name}. Rename one of them.")
        found[name] = folder
    return found


def _folders(text: str) -> list[Path] | None:
    """Return the folders of several councils; None for one, or for what only the verb itself can judge."""
    whole = Path(text).expanduser()
    if whole.exists():
        inside = _registers_in(whole)
        return inside if inside and not _is_register(whole) else None
    words = _words(text)
    if len(words) < 2 and not glob.has_magic(text):
        return None
    folders: list[Path] = []
    for word in words:
        folders += _matching(word) if glob.has_magic(word) else _at(Path(word).expanduser())
    return list(dict.fromkeys(folders))


def _words(text: str) -> list[str]:
    """Return the paths of a text; one with a space in it stands in quotation marks."""
    try:
        found = shlex.shlex(text, posix=True, punctuation_chars=False)
        found.whitespace_split, found.commenters, found.escape = True, "", ""
        return list(found)
    except ValueError:
        raise ParameterError(f"data: {shown(text)} has a quotation mark that is not closed.") from None


def _matching(pattern: str) -> list[Path]:
    """Return the registers that a pattern names; files and other folders that it happens to name are passed over."""
    paths = [Path(path) for path in sorted(glob.glob(os.path.expanduser(pattern)))]
    found = [folder for path in paths if path.is_dir() for folder in ([path] if _is_register(path) else _registers_in(path))]
    if not found:
        raise ParameterError(f"data: {shown(pattern)} names no folder with a register (register/kpis.csv).")
    return found


def _at(path: Path) -> list[Path]:
    found = [path] if _is_register(path) else _registers_in(path)
    if not found:
        raise ParameterError(f"data: {shown(str(path))} is no folder with a register (register/kpis.csv).")
    return found


def _registers_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if _is_register(path)) if folder.is_dir() else []


def _is_register(folder: Path) -> bool:
    return any((folder / "register").glob("kpis.*"))


def run(councils: dict[str, Path], options: argparse.Namespace, attempt: Attempt) -> ExitCode:
    """Do what the options ask for every council, say what was made and what failed, and return the exit code of the worst.

    Worst is a defect of kpireport, then the highest code.
    """
    outcomes: dict[str, tuple[ExitCode, str]] = {}
    for name, folder in councils.items():
        print(f"{name} ({len(outcomes) + 1} of {len(councils)})")
        own = argparse.Namespace(**vars(options))
        own.data, own.open = str(folder), False
        if hasattr(options, "out"):
            own.out = str(Path(options.out).expanduser() / name)
        if (folder / COUNCIL).is_file():
            outcomes[name] = attempt(own)
        else:
            told = f"{folder} has no {COUNCIL}: each of several councils needs its own."
            print(told, file=sys.stderr)
            outcomes[name] = ExitCode.PARAMETERS, told
        if outcomes[name][0] is ExitCode.INTERRUPTED:
            break
    if hasattr(options, "out") and not getattr(options, "dry_run", False):
        _index(Path(options.out).expanduser(), {name: councils[name] for name in outcomes})
    _summarise(outcomes, list(councils))
    is_any_done = any(code is ExitCode.DONE for code, _ in outcomes.values())
    if is_any_done and getattr(options, "open", False) and not getattr(options, "dry_run", False):
        show(Path(options.out).expanduser() / "index.html", is_asked=True)
    return max((code for code, _ in outcomes.values()), key=lambda code: (code is ExitCode.DEFECT, code))


def _index(outputs: Path, councils: dict[str, Path]) -> None:
    """Write the index over councils."""
    from kpireport.errors import KpireportError
    from kpireport.publishing import catalogue
    from kpireport.sources import council

    for name, folder in councils.items():
        try:
            called = council.load(folder / COUNCIL).name
        except KpireportError:
            called = name
        catalogue.mark(outputs / name, called)
    catalogue.refresh(outputs)


def _summarise(outcomes: dict[str, tuple[ExitCode, str]], asked: Sequence[str]) -> None:
    failed = {name: (code, told) for name, (code, told) in outcomes.items() if code is not ExitCode.DONE}
    done = [name for name in outcomes if name not in failed]
    print(f"Done for {len(done)} of {len(asked)} councils{': ' if done else ''}{', '.join(done)}.")
    for name, (code, told) in failed.items():
        why = " ".join(line.strip() for line in told.splitlines()[:2])
        print(f"Failed for {name} (exit code {int(code)}): {why}", file=sys.stderr)
    if missing := [name for name in asked if name not in outcomes]:
        print(f"Not begun: {', '.join(missing)}.", file=sys.stderr)
