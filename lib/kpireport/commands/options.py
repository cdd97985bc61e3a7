"""What verbs of the command line share."""

import argparse
import os
import re
import sys
import textwrap
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from kpireport.commands.groups import EXAMPLES
from kpireport.errors import ExitCode, ParameterError, shown, suggest
from kpireport.publishing.asked import FORMS

PROGRAM = "python -m kpireport"
PLACES = frozenset({"data", "council", "out", "period", "bundle", "to", "key", "signers", "file"})
"""The options that name a file or a folder."""
LONGEST, LONGEST_NAME = 4_000, 255
"""The most characters of what an option is given, and the most bytes of a file's name in it: as Linux has them."""
WIDTH = 98
"""The number of characters to a line of help."""
CODES = """exit codes:
  0 done             2 parameters       3 data             4 a notebook's cell failed
  5 timeout          6 dead kernel      7 rendering        8 publishing
  1 a defect of kpireport               130 stopped by Ctrl-C
  of verify, which is 0 for REPRODUCED:
  10 FIGURES MATCH   11 DIFFERS         12 INCONCLUSIVE    13 a bundle that is not safe to open"""

_SAID = (
    (r"^argument (-[^\s:]+): not allowed with argument (\S+)", r"give \2 or \1, not both"),
    (r"^argument (-[^\s:]+): ", r"\1: "),
    (r"^the following arguments are required: (.+)", r"\1: must be given"),
    (r"^one of the arguments (\S+) (\S+) is required", r"give \1 or \2"),
    (r"'([^']{80})[^']+'", r"'\1…'"),
)
"""How what argparse says of a mistake is said in plain words."""


class Verb(argparse.ArgumentParser):
    """The parser of a verb, or of the command line: it says in words what is wrong."""

    summary = ""
    """What the verb does, for the list of them all."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and how to find out more, and leave with the exit code of wrong parameters."""
        words = message
        for pattern, said in _SAID:
            words = re.sub(pattern, said, words)
        end = "" if words.endswith((".", "?")) else "."
        print(f"{words[:1].upper()}{words[1:]}{end}\nWhat it takes: {self.prog} --help", file=sys.stderr)
        sys.exit(ExitCode.PARAMETERS)

    def refuse(self, unknown: list[str]) -> NoReturn:
        """Say of the first argument that is not known what may have been meant."""
        first = unknown[0].split("=", 1)[0]
        known = [option for option in self._option_string_actions if option.startswith("--")]
        if first.startswith("-"):
            self.error(f"there is no option {shown(first)} here. {suggest(first, known)}")
        self.error(f"{shown(first)} is not expected here: what is said stands after an option, such as --quarter 2")


def add_verb(
    verbs: Any, name: str, run: Callable[[argparse.Namespace], None], *, help: str, description: str
) -> argparse.ArgumentParser:
    """Add a verb that calls `run` with what was asked; `run` raises a KpireportError for whatever a person can put right."""
    verb: Verb = verbs.add_parser(
        name,
        description=textwrap.fill(description, WIDTH),
        epilog=f"for example:\n  {PROGRAM} {name} {EXAMPLES[name]}\n\n{CODES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    verb.summary = help
    verb.set_defaults(run=run)
    return verb


def check_words(options: Mapping[str, Any]) -> None:
    """Refuse words of the command line that no path, period, name or address can be.

    Raises
    ------
    ParameterError
        With each option whose words hold a character that cannot be printed, or are too long.
    """
    said = [(name, text) for name, given in options.items() for text in (given if isinstance(given, list) else [given])]
    faults = [
        f"{name}: {shown(text)} holds a line break or another character that cannot be printed, or is too long."
        for name, text in said
        if isinstance(text, str) and (not text.isprintable() or len(text) > LONGEST or (name in PLACES and _has_long_part(text)))
    ]
    if faults:
        raise ParameterError("\n".join(faults))


def _has_long_part(text: str) -> bool:
    return any(len(os.fsencode(part)) > LONGEST_NAME for part in re.split(r"[/\\]", text))


def add_places(verb: argparse.ArgumentParser) -> None:
    """Add the options that say where a build reads and writes."""
    verb.add_argument(
        "--data",
        default="",
        metavar="DIR",
        help="the register; its council.yaml is used if it has one (default: data). A folder of registers, a pattern such as "
        "'councils/*' or several folders: each council in OUT/its folder",
    )
    verb.add_argument("--council", default="", metavar="FILE", help="the council's particulars (default: params/council.yaml)")
    verb.add_argument("--out", default="outputs", metavar="DIR", help="where the folder of the files goes (default: outputs)")
    verb.add_argument("--timeout", type=_seconds, default=600, metavar="SECONDS", help="allowed for each cell (default: 600)")
    add_open(verb)


def add_open(verb: argparse.ArgumentParser) -> None:
    """Add the option that has what was made opened."""
    verb.add_argument(
        "--open", action="store_true", help="open what was made in the browser; where there is none, say where it is"
    )


def add_scheduler(verb: argparse.ArgumentParser) -> None:
    """Add the option that says which cluster makes the reports."""
    verb.add_argument(
        "--scheduler",
        default="",
        metavar="ADDRESS",
        help="make the reports on the Dask cluster of this scheduler, such as tcp://host:8786; its machines need the same code",
    )


def add_reuse(verb: argparse.ArgumentParser) -> None:
    """Add the options that say in which forms reports are made, whether what was made before is used, and whether any is made."""
    verb.add_argument(
        "--forms",
        type=_forms,
        default=FORMS,
        metavar="FORMS",
        help="in which forms, beside the notebook: html, pdf or html,pdf (default: both). Without the PDFs a build is quicker; "
        "they leave the folder",
    )
    verb.add_argument("--rebuild", action="store_true", help="make every report and draw every chart, whatever was made before")
    verb.add_argument("--dry-run", action="store_true", help="only say which reports would be made, and why")


def _forms(text: str) -> tuple[str, ...]:
    words = {word.strip() for word in text.lower().split(",")}
    if strange := sorted(words - set(FORMS)):
        raise argparse.ArgumentTypeError(f"{shown(strange[0])} is no form of a report. {suggest(strange[0], FORMS)}")
    return tuple(form for form in FORMS if form in words)


def _seconds(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 86_400:
        raise argparse.ArgumentTypeError(f"{shown(text)} is not a number of seconds from 1 to 86400")
    return int(text)
