"""Words for a terminal: whatever a table, a bundle or an argument holds, nothing of it is obeyed by the program that shows it."""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import Any, TextIO

_OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Controls, which move the cursor or colour what follows, and characters that turn the reading order."""


def plain(text: str) -> str:
    """Return `text` with each character that a terminal would obey written as its code."""
    return _OBEYED.sub(lambda found: found[0].encode("unicode_escape").decode(), text.replace("\r\n", "\n"))


class _Plain:
    """A stream that tells words plainly. A progress bar, whose writing begins with a carriage return, goes through as it is."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        self._stream.write(text if text.startswith("\r") else plain(text))
        return len(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextmanager
def plainly() -> Iterator[None]:
    """Have everything that is printed told plainly, and each line at once."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace", line_buffering=True)  # type: ignore[union-attr]
    with redirect_stdout(_Plain(sys.stdout)), redirect_stderr(_Plain(sys.stderr)):
        yield
