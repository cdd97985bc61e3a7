"""How far a build is: a bar in a terminal, plain lines in a log."""

import sys
from collections.abc import Callable
from types import TracebackType
from typing import Never

from tqdm import tqdm

from kpireport.errors import KpireportError


class Progress:
    """Says which reports are made and which are still waited for."""

    def __init__(self, names: list[str], say: Callable[[str], None]) -> None:
        self._waiting = list(names)
        self._total = len(names)
        self._say = say
        self._bar: tqdm[Never] | None = None

    def __enter__(self) -> "Progress":
        if sys.stderr.isatty():
            self._bar = tqdm(
                total=self._total, unit="report", desc=self._next(), bar_format="{desc} {bar} {n}/{total} [{elapsed}]"
            )
        else:
            self._say(f"Running {self._total} notebook{'' if self._total == 1 else 's'}.")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._bar is not None:
            self._bar.close()

    def done(self, name: str, seconds: float, failure: KpireportError | None) -> None:
        """Say that one report is made, or has failed, after so many seconds."""
        self._waiting.remove(name)
        if self._bar is not None:
            self._bar.set_description_str(self._next(), refresh=False)
            self._bar.update()
        else:
            number = self._total - len(self._waiting)
            self._say(f"{number} of {self._total}: {name} {'failed' if failure else 'made'} in {seconds:.1f} s")

    def still_running(self) -> None:
        """Let the bar's clock go on."""
        if self._bar is not None:
            self._bar.refresh()

    def _next(self) -> str:
        return self._waiting[0] if self._waiting else "done"
