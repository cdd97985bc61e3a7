"""The command line: one verb for each target of the Makefile."""

import argparse
import errno
import gc
import os
import sys
import tempfile
import traceback
from collections.abc import Mapping
from typing import TYPE_CHECKING

from kpireport import interrupts
from kpireport.errors import ExitCode, KpireportError, shown, suggest

if TYPE_CHECKING:
    from kpireport.commands.options import Verb

STOPPED = "Stopped. What was unfinished is not published."
REFUSED = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENAMETOOLONG, errno.ELOOP, errno.EISDIR, errno.ENOTDIR}
"""What a system says of a file or folder that it does not let us read or write."""
COLLECTION = (20_000, 50, 100)
"""How many new objects there are before garbage is looked for: little is ever found, and each look takes a tenth of a second."""


def parser() -> "Verb":
    """Return the parser of the command line."""
    return _parsers()[0]


def _parsers() -> "tuple[Verb, Mapping[str, Verb]]":
    """Return the parser of the command line, and that of each verb.

    They are imported here, so that Ctrl-C is obeyed from the first moment.
    """
    from kpireport.commands import (
        bundle,
        chase,
        checklist,
        collect,
        docs,
        reports,
        requests,
        sample,
        sbom,
        since,
        trace,
        verify,
        year,
    )
    from kpireport.commands.options import CODES, PROGRAM, Verb

    top = Verb(
        prog=PROGRAM,
        usage=f"{PROGRAM} VERB ...",
        description="Make a council's performance reports from its KPI register.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    verbs = top.add_subparsers(
        dest="verb", metavar="VERB", prog=PROGRAM, help="one of those below; VERB --help tells what it takes"
    )
    for module in (reports, year, requests, chase, collect, checklist, since, sample, bundle, verify, trace, sbom, docs):
        module.add(verbs)
    top.epilog = f"{_listed(verbs.choices)}\n\n{CODES}"
    return top, verbs.choices


def _listed(verbs: "Mapping[str, Verb]") -> str:
    """Return every verb with what it does, by occasion."""
    from kpireport.commands.groups import GROUPS

    widest = max(map(len, verbs))
    groups = [
        "\n".join([f"{occasion}:", *(f"  {name:<{widest}}  {verbs[name].summary}" for name in named)])
        for occasion, named in GROUPS.items()
    ]
    return "\n\n".join(groups)


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line asks, and return the exit code; what went wrong is one message on stderr."""
    interrupts.obey()
    gc.set_threshold(*COLLECTION)
    try:
        from kpireport.commands import telling

        with telling.plainly():
            return _done(sys.argv[1:] if arguments is None else arguments)
    except KeyboardInterrupt:  # before there was anything to do, or after it
        print(STOPPED, file=sys.stderr)
        return ExitCode.INTERRUPTED


def _done(arguments: list[str]) -> int:
    from kpireport.commands import councils
    from kpireport.commands.options import check_words

    options = _asked(arguments)
    if options.verb is None:
        parser().print_help()
        return ExitCode.DONE
    try:
        check_words(vars(options))
        several = councils.named(options)
    except KpireportError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    return councils.run(several, options, _attempt) if several else _attempt(options)[0]


def _asked(arguments: list[str]) -> argparse.Namespace:
    """Return what the command line asks for; what cannot be understood is told, and ends the program with exit code 2."""
    top, known = _parsers()
    first = arguments[0] if arguments else ""
    if first and not first.startswith("-") and first not in known:
        top.error(f"there is no verb {shown(first)}. {suggest(first, known)}")
    options, unknown = top.parse_known_args(arguments)
    if unknown:
        known.get(options.verb, top).refuse(unknown)
    return options


def _attempt(options: argparse.Namespace) -> tuple[ExitCode, str]:
    """Do what the options ask, and return the exit code and what went wrong, as told on stderr."""
    code, told = ExitCode.DONE, ""
    try:
        options.run(options)
    except KpireportError as error:
        code, told = error.exit_code, str(error)
    except KeyboardInterrupt:
        code, told = ExitCode.INTERRUPTED, STOPPED
    except OSError as error:
        code, told = _of_system(error)
    except Exception:
        if interrupts.is_asked():
            code, told = ExitCode.INTERRUPTED, STOPPED
        else:
            code, told = ExitCode.DEFECT, f"This is a defect of kpireport, not of your data. {_log()}"
    if told:
        print(told, file=sys.stderr)
    return code, told


def _of_system(error: OSError) -> tuple[ExitCode, str]:
    """Return what is told of a file or folder that the system does not let us read or write; anything else of it is a defect."""
    if error.errno in REFUSED and error.filename is not None:
        return ExitCode.PUBLISHING, f"{error.filename}: {error.strerror}. Nothing more was done."
    return ExitCode.DEFECT, f"This is a defect of kpireport, not of your data. {_log()}"


def _log() -> str:
    """Write the traceback of the current error to a new file, and return whom to send it; the traceback itself on a full disk."""
    try:
        handle, path = tempfile.mkstemp(prefix="kpireport-defect-", suffix=".log", text=True)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(traceback.format_exc())
    except OSError:
        return f"Please send this to its maintainers:\n{traceback.format_exc()}"
    return f"Please send {path} to its maintainers."


def _fix_hashes() -> None:
    """Start this program again with a fixed seed of hashes, which processes copied from it need to give the same files.

    A set of words is then walked through in the same order in every run.
    """
    if sys.platform == "linux" and sys.flags.hash_randomization:
        os.environ["PYTHONHASHSEED"] = "0"
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - ourselves, with our own words


if __name__ == "__main__":
    _fix_hashes()
    done = main()
    interrupts.pass_over()
    sys.exit(done)
