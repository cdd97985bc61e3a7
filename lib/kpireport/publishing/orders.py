"""What those who make reports are asked for, what they need to know for it, and what they answer."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path

from kpireport.errors import KpireportError
from kpireport.presentation.blocks import DRAW_LATER
from kpireport.publishing import chart_cache
from kpireport.publishing.asked import FORMS
from kpireport.publishing.document import Head
from kpireport.publishing.plan import Job
from kpireport.publishing.staging import Staging


@dataclass(frozen=True)
class Produced:
    """What became of one job. Its files are in `work/STEM/` of the staging folder."""

    job: Job
    head: Head | None
    """The report's title, council and day; None when it failed."""
    attached: dict[str, str]
    """The description of each attached file, by name."""
    warnings: list[str]
    """What libraries wrote to stderr while the notebook ran."""
    seconds: float
    failure: KpireportError | None = None
    kernel_seconds: float = 0.0
    """How long papermill waited for its kernel."""


@dataclass(frozen=True)
class Settings:
    """What everyone who makes a job needs to know."""

    staging: Staging
    timeout: int
    """Seconds allowed for each cell."""
    python_path: str
    """Where kernels find our package, in the form of PYTHONPATH."""
    forms: tuple[str, ...] = FORMS
    """In which forms a report is written, of `FORMS`."""
    keeps_charts: bool = True
    """Whether drawings outlive the build, and those of earlier builds are used."""

    @property
    def charts(self) -> Path:
        """The folder of the charts' drawings."""
        return (self.staging.root.parent if self.keeps_charts else self.staging.work) / chart_cache.NAME

    @property
    def environment(self) -> dict[str, str]:
        """The variables that make a kernel's surroundings the same on every machine."""
        own = self.staging.work.absolute() / "jupyter"
        return {
            DRAW_LATER: "1",
            "PYTHONPATH": self.python_path,
            "PYTHONHASHSEED": "0",
            "TZ": "UTC",
            "IPYTHONDIR": str(own / "ipython"),  # nobody's start-up files
            "JUPYTER_RUNTIME_DIR": str(own / "runtime"),
            "JUPYTER_PATH": str(own),
        }


@dataclass(frozen=True)
class Order:
    """One job to make."""

    job: Job
    settings: Settings
    source: int | None = None
    """Which of the processes that kernels are copied from has what its notebook shows; None to start an ordinary kernel."""


def write_kernel(staging: Staging) -> None:
    """Write the description of the kernel to run: this very Python, whatever kernels the person has installed."""
    folder = staging.work / "jupyter" / "kernels" / "python3"
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "kpireport.publishing.kernel", "-f", "{connection_file}"]
    about = {
        "argv": command,
        "display_name": "Python 3",
        "language": "python",
        "metadata": {"supported_encryption": "curve"},  # what a kernel says is for nobody else on the machine
    }
    (folder / "kernel.json").write_text(json.dumps(about), encoding="utf-8")
