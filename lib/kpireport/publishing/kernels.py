"""How papermill starts a kernel, speaks with it and stops it: copied from the zygote where there is one, else a new process."""

import asyncio
import os
import signal
import time
import uuid
from collections.abc import Mapping
from multiprocessing.connection import Connection
from pathlib import Path
from queue import Empty
from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.channels import AsyncZMQSocketChannel
from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import Type
from traitlets.config import Config

from kpireport.publishing import zygote

CONFIG = Config({"AsyncKernelManager": {"transport_encryption": "auto"}})
WELCOME = 0.2
"""Seconds that a kernel's outputs may take to arrive before it is asked again."""


LARGEST = 100 * 2**20
"""Bytes that a notebook may print and show in all; no report comes near it, and memory would not last for one that never ends."""


class Measured(AsyncZMQSocketChannel):
    """The way of a kernel's outputs, which has a notebook stopped that writes without end."""

    room = LARGEST
    client: "_Timed"

    async def _recv(self, **given: Any) -> dict[str, Any]:  # type: ignore[override]
        parts = await self.socket.recv_multipart(**given)
        self.room -= sum(map(len, parts))
        if self.room < 0:
            self.client.stop_flood()
            await asyncio.Future()  # until papermill finds the kernel dead
        _, message = self.session.feed_identities(parts)
        told: dict[str, Any] = self.session.deserialize(message)
        return told


class ReadyClient(AsyncKernelClient):
    """A client that is ready as soon as the kernel has answered on both ways.

    Jupyter's own then waits until nothing has come for 200 ms; nbclient passes over what is not an answer to its own requests.
    """

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Wait until the kernel answers and its outputs arrive.

        Raises
        ------
        RuntimeError
            When the kernel dies first, or takes longer than `timeout` seconds.
        """
        until = time.monotonic() + (float("inf") if timeout is None else timeout)
        while True:
            self.kernel_info()
            try:
                reply = await self.get_shell_msg(timeout=1)
                if reply["msg_type"] == "kernel_info_reply":
                    await self.get_iopub_msg(timeout=WELCOME)
                    self._handle_kernel_info_reply(reply)
                    return
            except Empty:
                pass
            if not await self.is_alive():
                raise RuntimeError("the kernel died as it started")
            if time.monotonic() > until:
                raise RuntimeError(f"the kernel did not answer in {timeout:.0f} seconds")


class ReportKernelManager(AsyncKernelManager):
    """Starts and stops the kernel of one notebook; times how long papermill waits for it."""

    door: zygote.Door | None = None
    log_file = Path(os.devnull)
    """Takes what the kernel's process prints outside the notebook."""
    environment: Mapping[str, str] = {}
    """The variables of the kernel's environment that differ from those of the process from which it is copied."""
    began = 0.0
    is_flooded = False
    """Whether the notebook wrote more than `LARGEST` and was stopped; on the class as well."""
    seconds = 0.0
    """How long the kernel took to start, as papermill sees it; set on the class, which is made for one notebook."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.client_factory = _Timed
        if self.door is not None:
            # Sockets without a file or a port: none can be left behind, none be taken by another program.
            self.transport, self.ip = "ipc", f"@kpireport-{uuid.uuid4().hex}"
        # Beside what the build makes, so that it goes with it, not where temporary files are.
        self.connection_file = str(self.log_file.with_name(f"kernel-{uuid.uuid4().hex}.json"))

    async def _async_pre_start_kernel(self, **given: Any) -> Any:
        type(self).began = time.perf_counter()
        if self.door is not None:
            self.provisioner = ForkedProvisioner(kernel_id=self.kernel_id, kernel_spec=self.kernel_spec, parent=self)
            self.provisioner.door, self.provisioner.log_file = self.door, self.log_file
            self.provisioner.environment = self.environment
        return await super()._async_pre_start_kernel(**given)

    pre_start_kernel = _async_pre_start_kernel


class _Timed(ReadyClient):
    iopub_channel_class = Type(Measured)  # type: ignore[assignment]

    @property
    def iopub_channel(self) -> Any:
        channel = super().iopub_channel
        channel.client = self
        return channel

    def stop_flood(self) -> None:
        manager = self.parent
        if isinstance(manager, ReportKernelManager) and isinstance(manager.provisioner, LocalProvisioner):
            type(manager).is_flooded = True
            process: Any = manager.provisioner.process
            process.kill()

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        await super().wait_for_ready(timeout)
        manager = self.parent
        if isinstance(manager, ReportKernelManager):
            type(manager).seconds = time.perf_counter() - manager.began


def manager(door: Connection | None, log: Path, environment: Mapping[str, str]) -> type[ReportKernelManager]:
    """Return the class of the manager of one notebook's kernel.

    Parameters
    ----------
    door
        Leads to the zygote; None to start an ordinary process.
    """
    return type("ReportKernelManager", (ReportKernelManager,), {"door": door, "log_file": log, "environment": environment})


class ForkedProvisioner(LocalProvisioner):
    """Has the zygote copy itself where the ordinary one starts a process."""

    door: zygote.Door
    log_file: Path
    environment: Mapping[str, str]

    async def launch_kernel(self, cmd: list[str], **given: Any) -> KernelConnectionInfo:
        """Return how to reach the new kernel; `cmd` is the command that would start an ordinary one."""
        start = zygote.Start(cmd[cmd.index("-f") :], Path(given.get("cwd") or Path.cwd()), self.log_file, self.environment)
        self.process: Any = ForkedProcess(self.door, start)
        self.pid = self.process.pid
        self.pgid = None  # signals go by the zygote, which knows whether the kernel is still there
        return self.connection_info


class ForkedProcess:
    """A kernel that the zygote started, with the part of `subprocess.Popen` that is used of it."""

    stdin = stdout = stderr = None

    def __init__(self, door: Connection, start: zygote.Start) -> None:
        self._door = door
        answer = self._ask(start)
        if answer.kernel is None:
            raise RuntimeError(f"the kernel could not be started: {answer.trouble}")
        self.pid = answer.kernel

    def _ask(self, order: zygote.Order) -> zygote.Answer:
        try:
            self._door.send(order)
            answer: zygote.Answer = self._door.recv()
        except (EOFError, OSError):
            raise RuntimeError("the process that kernels are copied from has died") from None
        return answer

    def poll(self) -> int | None:
        """Return the exit code; None while the kernel runs."""
        return self._ask(zygote.Poll(self.pid)).code

    def wait(self) -> int | None:
        """Return the exit code of a kernel that has ended."""
        return self.poll()

    def send_signal(self, number: int) -> None:
        """Send a signal to the kernel and whatever it started."""
        self._ask(zygote.Signal(self.pid, int(number)))

    def kill(self) -> None:
        """End the kernel and whatever it started."""
        self.send_signal(signal.SIGKILL)
