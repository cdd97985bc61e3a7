"""The verb that traces: from a printed figure back to the cell that it came from, and through every rule."""

import argparse
import re
import tempfile
from pathlib import Path
from typing import Any

from kpireport.commands.opening import show
from kpireport.commands.options import add_open, add_verb
from kpireport.errors import ParameterError


def add(verbs: Any) -> None:
    """Add the verb to the command line."""
    verb = add_verb(
        verbs,
        "trace",
        _trace,
        help="follow a printed figure back to where it came from",
        description="Follow what was printed of a KPI back to the record, the return and its cell, and forward through every "
        "rule to its rating, in words. Prints it, and writes it as a page and a table in OUT/2024-25-q2-trace.",
    )
    verb.add_argument("--kpi", required=True, metavar="ID", help="such as CHE-14; several are parted by commas")
    what = verb.add_mutually_exclusive_group(required=True)
    what.add_argument("--period", default="", metavar="NAME", help="a published folder in OUT, such as 2024-25-q2")
    what.add_argument("--bundle", default="", metavar="FILE", help="an evidence bundle, such as 2024-25-q2.zip")
    verb.add_argument("--out", default="outputs", metavar="DIR", help="where the published folders are (default: outputs)")
    verb.add_argument("--data", default="", metavar="DIR", help="today's register, to say what changed since (default: data)")
    add_open(verb)


def _trace(options: argparse.Namespace) -> None:
    from kpireport.presentation.markup import paragraph, words
    from kpireport.publishing.folder import publish_folder
    from kpireport.verification import trace, trace_opening, trace_pages

    wanted = list(dict.fromkeys(re.split(r"[\s,;]+", options.kpi.strip())))
    if not wanted[0]:
        raise ParameterError("kpi: name a KPI, such as CHE-14.")
    outputs = Path(options.out).expanduser()
    with tempfile.TemporaryDirectory(prefix="kpireport-trace-", ignore_cleanup_errors=True) as name:
        work = Path(name).resolve()
        if options.bundle:
            data = Path(options.data).expanduser() if options.data else None
            sources = trace_opening.of_bundle(Path(options.bundle).expanduser(), work, data=data)
        else:
            sources = trace_opening.of_period(outputs, options.period, work, data=Path(options.data or "data").expanduser())
        found = [trace.trace(sources, kpi_id) for kpi_id in wanted]
        for one in found:
            print(trace_pages.text(one))
        folder = publish_folder(
            outputs,
            f"{sources[0].about.folder if options.bundle else options.period}-trace",
            trace_pages.files(found),
            heading=f"Traced figures of {sources[0].about.period}",
            body=[paragraph(words(trace_pages.INTERNAL))],
            council=found[0].council,
            colours=trace_pages.colours(found[0]),
            described=trace_pages.described(found),
        )
    print(f"As a page and a table: {folder / 'index.html'}")
    show(folder / "index.html", is_asked=options.open)
