"""The process in which one notebook runs: an IPython kernel, without history or debugger, started as quickly as may be."""

import sys

sys.modules.setdefault("debugpy", None)  # type: ignore[arg-type]  # its import takes longer than all the rest of the start

from ipykernel.ipkernel import IPythonKernel  # noqa: E402, F401 - imported here so that a fork of this process has it
from ipykernel.kernelapp import IPKernelApp  # noqa: E402

ARGUMENTS = ("--HistoryManager.enabled=False",)


def run(arguments: list[str]) -> None:
    """Be a kernel until told to stop."""
    app = IPKernelApp.instance()
    app.initialize([*arguments, *ARGUMENTS])  # type: ignore[no-untyped-call]
    app.start()  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    run(sys.argv[1:])
