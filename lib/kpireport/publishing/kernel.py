"""The process in which one notebook runs: an IPython kernel, without history or debugger, started as quickly as may be."""

import sys
from typing import Any

sys.modules.setdefault("debugpy", None)  # type: ignore[arg-type]  # its import takes longer than all the rest of the start

# What a kernel imports as it starts, so that a copy of this process has it.
import ipykernel.debugger  # noqa: E402
import ipykernel.ipkernel  # noqa: E402, F401
import IPython.core.completerlib  # noqa: E402
import IPython.core.debugger  # noqa: E402
import IPython.core.oinspect  # noqa: E402
import IPython.extensions.storemagic  # noqa: E402, F401
import tornado.platform.asyncio  # noqa: E402, F401
import zmq  # noqa: E402
from ipykernel.kernelapp import IPKernelApp  # noqa: E402

ARGUMENTS = ("--HistoryManager.enabled=False",)


class ReportKernel(IPKernelApp):
    """A kernel none of whose outputs is lost, however many there are and however busy who reads them is."""

    def init_iopub(self, context: Any) -> None:
        """Open the way of the outputs. Without the option, what does not fit in a queue of 1,000 is thrown away silently."""
        context.setsockopt(zmq.SNDHWM, 0)
        super().init_iopub(context)  # type: ignore[no-untyped-call]


def run(arguments: list[str]) -> None:
    """Be a kernel until told to stop."""
    app = ReportKernel.instance()
    app.initialize([*arguments, *ARGUMENTS])  # type: ignore[no-untyped-call]
    app.start()  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    run(sys.argv[1:])
