"""How far a build is: in a terminal a bar with the report that is waited for and the time left, in a log plain lines.

The time left is told by what each report took when it was last made (`run.json` of the published folders), corrected by how fast
this build goes. Without such a record every report counts the same, and nothing is told before the first is made.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Never

from tqdm import tqdm

from kpireport.errors import KpireportError
from kpireport.publishing.manifest import RUN

BAR = "{desc} {bar} {n}/{total}{postfix}"
LONGEST = 30
"""Characters of a report's name that are shown, so that a bar fits beside it."""


class Progress:
    """Says which reports are made, which is still waited for, and how long that will take.

    Parameters
    ----------
    names
        The reports that are made.
    say
        Takes each line of a log.
    past
        How many seconds each report took when it was last made, as far as that is known.
    clock
        Tells the time in seconds.
    """

    def __init__(
        self,
        names: list[str],
        say: Callable[[str], None],
        past: Mapping[str, float] | None = None,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._waiting = list(names)
        self._total = len(names)
        self._say = say
        self._clock = clock
        self._bar: tqdm[Never] | None = None
        known = {name: seconds for name in names if (seconds := (past or {}).get(name, 0.0)) > 0}
        usual = sum(known.values()) / len(known) if known else 1.0
        self._work = {name: known.get(name, usual) for name in names}
        """The seconds of one process that each report is expected to take; where nothing is known, all the same."""
        self._speed = float(min(os.cpu_count() or 1, self._total)) if known else 0.0
        """How many of those seconds are done in one; 0 while that is not known."""
        self._began = self._last = clock()

    def __enter__(self) -> "Progress":
        if sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
            # A terminal that tells no size, such as a serial one, has a row for it all the same.
            self._bar = tqdm(total=self._total, desc=self._next(), bar_format=BAR, ncols=_width(), nrows=2, leave=False)
            self.still_running()
        else:
            self._say(f"Making {self._total} report{'' if self._total == 1 else 's'}.")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._bar is not None:
            self._bar.leave = kind is KeyboardInterrupt  # the terminal has written ^C behind it
            self._bar.close()  # which otherwise wipes its line, so that what is said next has it to itself

    def done(self, name: str, seconds: float, failure: KpireportError | None) -> None:
        """Say that one report is made, or has failed, after so many seconds."""
        self._waiting.remove(name)
        self._last = self._clock()
        finished = sum(self._work.values()) - self._remaining()
        self._speed = finished / max(self._last - self._began, 0.001)
        if self._bar is not None:
            self._bar.set_description_str(self._next(), refresh=False)
            self._bar.update()
            self.still_running()
        else:
            number = self._total - len(self._waiting)
            left = f"; {self._left()}" if self._left() else ""
            self._say(f"{number} of {self._total}: {name} {'failed' if failure else 'made'} in {seconds:.1f} s{left}")

    def still_running(self) -> None:
        """Let the bar's clock go on."""
        if self._bar is not None:
            self._bar.ncols = _width()
            self._bar.set_postfix_str(self._left(), refresh=False)
            self._bar.refresh()

    def _remaining(self) -> float:
        return sum(self._work[name] for name in self._waiting)

    def _left(self) -> str:
        """Return the time left in words; "" when it cannot be told, or nothing is left."""
        if not self._waiting or not self._speed:
            return ""
        return _in_words(self._remaining() / self._speed - (self._clock() - self._last))

    def _next(self) -> str:
        if not self._waiting:
            return "done"
        name = self._waiting[0]
        return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"


def _width() -> int:
    """Return how wide a bar may be for the terminal as it is now, with room for the ^C that it writes at the cursor."""
    try:
        columns = os.get_terminal_size(sys.stderr.fileno()).columns
    except OSError:
        columns = 0
    return (columns or 80) - 3


def _in_words(seconds: float) -> str:
    if seconds < 1.5:
        return "nearly done"
    if seconds < 60:
        return f"about {seconds:.0f} s left"
    return f"about {seconds / 60:.0f} min left"


def past_seconds(outputs: Path) -> dict[str, float]:
    """Return how many seconds each report took when it was last made, by its name, as the published folders have it."""
    runs = []
    for file in outputs.glob(f"*/{RUN}"):
        try:
            told = json.loads(file.read_text(encoding="utf-8"))
            runs.append((str(told["ended"]), told["reports"]))
        except (OSError, ValueError, KeyError, TypeError):
            continue  # it only tells how long things took
    found: dict[str, float] = {}
    for _, reports in sorted(runs, key=lambda run: run[0]):
        if isinstance(reports, dict):
            found |= {name: float(one["seconds"]) for name, one in reports.items() if _has_seconds(one)}
    return found


def _has_seconds(one: object) -> bool:
    return isinstance(one, dict) and isinstance(one.get("seconds"), int | float)
