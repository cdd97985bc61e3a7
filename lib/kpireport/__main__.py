"""The command line: one verb for each target of the Makefile."""

import argparse
import gc
import os
import signal
import sys
import tempfile
import traceback
from types import FrameType

from kpireport.commands import bundle, chase, checklist, collect, councils, reports, requests, sample, since, trace, verify, year
from kpireport.commands.options import CODES
from kpireport.errors import ExitCode, KpireportError

VERBS = (reports, year, requests, chase, collect, checklist, since, sample, bundle, verify, trace)
"""The modules that add verbs, in the order in which help lists them."""


COLLECTION = (20_000, 50, 100)
"""How many new objects there are before garbage is looked for: little is ever found, and each look takes a tenth of a second."""


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    top = argparse.ArgumentParser(
        prog="python -m kpireport",
        description="Make a council's performance reports from its KPI register.",
        epilog=CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    verbs = top.add_subparsers(dest="verb", metavar="VERB")
    for module in VERBS:
        module.add(verbs)
    return top


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line asks, and return the exit code; what went wrong is one message on stderr."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace", line_buffering=True)  # type: ignore[union-attr]
    signal.signal(signal.SIGTERM, _stop)
    gc.set_threshold(*COLLECTION)
    top = parser()
    options = top.parse_args(arguments)
    if options.verb is None:
        top.print_help()
        return ExitCode.DONE
    try:
        several = councils.named(options)
    except KpireportError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    return councils.run(several, options, _attempt) if several else _attempt(options)[0]


def _attempt(options: argparse.Namespace) -> tuple[ExitCode, str]:
    """Do what the options ask, and return the exit code and what went wrong, as told on stderr."""
    code, told = ExitCode.DONE, ""
    try:
        options.run(options)
    except KpireportError as error:
        code, told = error.exit_code, str(error)
    except KeyboardInterrupt:
        code, told = ExitCode.INTERRUPTED, "Stopped. Nothing was published."
    except Exception:
        told = f"This is a defect of kpireport, not of your data. Please send {_log()} to its maintainers."
        code = ExitCode.DEFECT
    if told:
        print(told, file=sys.stderr)
    return code, told


def _stop(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _log() -> str:
    """Write the traceback of the current error to a new file and return its path."""
    handle, path = tempfile.mkstemp(prefix="kpireport-defect-", suffix=".log", text=True)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(traceback.format_exc())
    return path


def _fix_hashes() -> None:
    """Start this program again with a fixed seed of hashes, which processes copied from it need to give the same files.

    A set of words is then walked through in the same order in every run.
    """
    if sys.platform == "linux" and sys.flags.hash_randomization:
        os.environ["PYTHONHASHSEED"] = "0"
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - ourselves, with our own words


if __name__ == "__main__":
    _fix_hashes()
    sys.exit(main())
