"""The process in which one notebook runs: an IPython kernel, without history or debugger, started as quickly as may be."""

import sys

sys.modules.setdefault("debugpy", None)  # type: ignore[arg-type]  # its import takes longer than all the rest of the start

# What a kernel imports as it starts, so that a copy of this process has it.
import ipykernel.debugger  # noqa: E402
import ipykernel.ipkernel  # noqa: E402, F401
import IPython.core.completerlib  # noqa: E402
import IPython.core.debugger  # noqa: E402
import IPython.core.oinspect  # noqa: E402
import IPython.extensions.storemagic  # noqa: E402, F401
import tornado.platform.asyncio  # noqa: E402, F401
from ipykernel.kernelapp import IPKernelApp  # noqa: E402

ARGUMENTS = ("--HistoryManager.enabled=False",)


def run(arguments: list[str]) -> None:
    """Be a kernel until told to stop."""
    app = IPKernelApp.instance()
    app.initialize([*arguments, *ARGUMENTS])  # type: ignore[no-untyped-call]
    app.start()  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    run(sys.argv[1:])
