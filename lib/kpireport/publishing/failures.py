"""What is left of reports that could not be made, for the person who is to find out why."""

import os
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Never

from kpireport.errors import KpireportError
from kpireport.publishing.orders import Produced
from kpireport.publishing.staging import Staging

LOGGED = 2**20
"""Bytes, from its end, that are kept of what a process printed in which notebooks failed."""


def keep(place: Staging, produced: Iterable[Produced], failed: Path) -> Never:
    """Keep the notebooks that failed, and what was printed, in the folder `failed`; raise what went wrong.

    Raises
    ------
    NotebookError, RenderingError
        Always. That what failed could not be kept, on a full disk, is part of the message.
    """
    shutil.rmtree(failed, ignore_errors=True)
    several = [one for one in produced if one.failure]
    kept = f"The failed notebook{'s are' if len(several) > 1 else ' is'} in {failed}."
    try:
        failed.mkdir()
        for one in several:
            notebook = place.work / one.job.stem / f"{one.job.stem}.ipynb"
            if notebook.is_file():
                shutil.copyfile(notebook, failed / notebook.name)
        for log in sorted(place.work.glob("worker-*.log")):
            if log.stat().st_size:
                with log.open("rb") as file:
                    file.seek(-min(log.stat().st_size, LOGGED), os.SEEK_END)
                    (failed / log.name).write_bytes(file.read())
    except OSError as error:
        shutil.rmtree(failed, ignore_errors=True)
        kept = f"What failed could not be kept in {failed}: {error.strerror}."
    message = "\n".join(dict.fromkeys(str(one.failure) for one in several))
    kind = type(several[0].failure) if several[0].failure else KpireportError
    raise kind(f"{message}\nNothing was published. {kept}")
