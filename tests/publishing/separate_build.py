"""A build of a tiny project in a process of its own, as a person starts it, and what is left of its processes."""

import os
import subprocess
import sys
import time
import uuid

import psutil

SCRIPT = """
import sys
from pathlib import Path
sys.path[:0] = {paths}
import tiny_project
from kpireport.__main__ import main
from kpireport.publishing import plan, publication
places = plan.Places(Path({root}), {package})
publication.publish = tiny_project.publishing(publication.publish, places)
if __name__ == "__main__":
    sys.exit(main(["quarter", "--out", {out}, "--timeout", "{timeout}"]))
"""
MARK = "KPIREPORT_TEST_BUILD"


class Build:
    """A build under way, in a session of its own as a terminal gives it, with or without kernels that are copies."""

    def __init__(self, project, *, kernels="", timeout=60):
        script = project.root / "build.py"
        values = {"root": str(project.root), "package": project.places.package, "out": str(project.outputs)}
        quoted = {name: repr(value) for name, value in values.items()}
        script.write_text(SCRIPT.format(paths=sys.path, timeout=timeout, **quoted), encoding="utf-8")
        self.mark = uuid.uuid4().hex
        inherited = {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}  # kernels obey it
        env = inherited | {MARK: self.mark, "PYTHONHASHSEED": "0", "KPIREPORT_KERNELS": kernels}
        self.process = subprocess.Popen(
            [sys.executable, str(script)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=env,
            start_new_session=True,
        )

    def finish(self):
        """Return the exit code and everything that it said, when it has ended."""
        told, failed = self.process.communicate(timeout=120)
        return self.process.returncode, told + failed

    def relatives(self):
        """Return every process that descends from it, wherever it belongs now."""
        found = []
        for process in psutil.process_iter():
            try:
                if process.environ().get(MARK) == self.mark and process.status() != psutil.STATUS_ZOMBIE:
                    found.append(process)
            except (psutil.NoSuchProcess, psutil.AccessDenied):
                continue
        return found

    def left(self, patience=5.0):
        """Return what still runs after `patience` seconds."""
        until = time.monotonic() + patience
        while (found := self.relatives()) and time.monotonic() < until:
            time.sleep(0.05)
        return found
