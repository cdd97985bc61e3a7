"""One job, made: its notebook run, its charts drawn, its HTML and PDF written.

It knows of no other job, and can be called in any process, on any machine that has the inputs.
"""

import time
from functools import lru_cache
from pathlib import Path

from kpireport.errors import KpireportError, RenderingError
from kpireport.presentation import drawing
from kpireport.publishing import canonical, document, execution, html, pdf
from kpireport.publishing.chart_cache import ChartCache
from kpireport.publishing.orders import Produced, Settings
from kpireport.publishing.plan import Job
from kpireport.publishing.zygote import Door


def make(job: Job, settings: Settings, *, log: Path, door: Door | None = None) -> Produced:
    """Run one notebook and make its files; a failure that its reader can put right is part of the answer.

    Parameters
    ----------
    log
        Takes what the kernel's process prints outside the notebook.
    door
        Leads to the process from which the kernel is copied; None to start an ordinary one.
    """
    began = time.perf_counter()
    folder = settings.staging.work / job.stem
    folder.mkdir()
    kept = folder / f"{job.stem}.ipynb"
    try:
        executed = execution.execute(
            job.notebook,
            job.parameters,
            name=job.stem,
            cwd=settings.staging.inputs,
            kept=kept,
            timeout=settings.timeout,
            log=log.absolute(),
            environment=settings.environment,
            door=door,
        )
        notebook = document.drawn(canonical.canonical(executed.notebook), _cache(settings.charts, settings.staging.work).draw)
        kept.write_bytes(canonical.written(notebook))
        head = document.read(notebook).head
        attached = canonical.attached_files(notebook)
        for file in attached:
            (folder / file.name).write_bytes(file.content)
        if "html" in settings.forms:
            (folder / f"{job.stem}.html").write_text(html.export(notebook), encoding="utf-8", newline="\n")
        if "pdf" in settings.forms:
            (folder / f"{job.stem}.pdf").write_bytes(pdf.export(notebook))
    except RenderingError as error:
        return Produced(job, None, {}, [], time.perf_counter() - began, RenderingError(f"{job.stem}: {error}"))
    except KpireportError as error:
        return Produced(job, None, {}, [], time.perf_counter() - began, error)
    return Produced(
        job,
        head,
        {file.name: file.description for file in attached},
        canonical.written_to_stderr(executed.notebook),
        time.perf_counter() - began,
        kernel_seconds=executed.start_seconds,
    )


@lru_cache(maxsize=4)
def _cache(folder: Path, work: Path) -> ChartCache:
    return ChartCache(folder, work=work)


def get_ready(settings: Settings) -> None:
    """Do what takes time with the first report and not with the next: load templates and fonts, start the drawing of charts.

    Where charts were drawn before, few are drawn now, and that is started when it is needed.
    """
    if not settings.charts.is_dir():
        drawing.warm_up()
    html.exporter()
    if "pdf" in settings.forms:
        pdf.exporter()
