"""What stops a program from outside: Ctrl-C, a request to end, the closing of its terminal. Each raises KeyboardInterrupt, once.

What must be done to its end, such as clearing up, is done in a block of `uninterrupted`.
"""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

STOPPING = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
AT_ONCE = 2.0
"""Seconds in which several are one: a terminal, make and whatever watches over a service each tell us on their own."""


class _Asked:
    """When we were last asked to stop, by the clock that never jumps; None before that."""

    last: float | None = None


def obey() -> None:
    """Stop when we are asked to from now on, unless whoever started us had that passed over, as nohup does."""
    _Asked.last = None
    for number in STOPPING:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _stop)


def pass_over() -> None:
    """Take no notice of them any more."""
    for number in STOPPING:
        signal.signal(number, signal.SIG_IGN)


def is_asked() -> bool:
    """Whether we were asked to stop: a library may have made another error of the KeyboardInterrupt."""
    return _Asked.last is not None


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Have what is done in the block done to its end; what came meanwhile is obeyed after it."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _stop(number: int, frame: FrameType | None) -> None:
    now = time.monotonic()
    if _Asked.last is None or now - _Asked.last > AT_ONCE:
        _Asked.last = now
        raise KeyboardInterrupt
