"""Every report of a register as the notebook that its cells leave, made in this process: what publishing then renders."""

import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
from kpireport.presentation.blocks import Page
from kpireport.publishing import parameters
from kpireport.sources import register

ROOT = Path(__file__).resolve().parents[2]
NAMES = sorted(
    path.stem for path in (ROOT / "notebooks").glob("*.ipynb") if (ROOT / "params" / path.name).with_suffix(".yaml").exists()
)
PERIODS = {"quarter": "2024-25 Q2", "year": "2023-24"}
YEARS = {"survey": "2024", "timetable": "2024-25"}


def asked(name: str, data: Path, **changed: str) -> list[tuple[str, dict[str, Any]]]:
    """Return the parameters of each report that a parameters file makes of this register, with the ending of its name."""
    given = parameters.read(ROOT / "params" / f"{name}.yaml")
    given.pop("report", None)
    own = {"data": str(data), "council": str(data / "council.yaml"), **PERIODS, "year": YEARS.get(name, PERIODS["year"])}
    if name == "partnership_board":
        own |= {"kpis": "PL-01; PE-01; board: ENV", "order_by": "pillar"}
    module = importlib.import_module(f"kpireport.reports.{name}")
    given |= {key: value for key, value in (own | changed).items() if key in given}
    variants = module.variants(register.load(data)).items() if hasattr(module, "variants") else [("", {})]
    made = []
    for ending, more in variants:
        values, faults = parameters.check(given | more, module.build, name)
        assert faults == []
        made.append((f"{name}-{ending}" if ending else name, values))
    return made


def notebook(name: str, values: dict[str, Any]) -> nbformat.NotebookNode:
    """Return a report's notebook as a kernel leaves it, with charts not yet drawn when `DRAW_LATER` is set."""
    source = nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4)
    names: dict[str, Any] = dict(values)
    for cell in source.cells:
        if cell.cell_type != "code" or "parameters" in cell.metadata.get("tags", []):
            continue
        if "setup" in cell.metadata.get("tags", []):
            exec(cell.source, names)
            continue
        page = eval(cell.source, names)
        assert isinstance(page, Page)
        cell.outputs = [nbformat.v4.new_output("display_data", data=data, metadata=about) for data, about in page.outputs()]
    return source


def notebooks(data: Path, **changed: str) -> Iterator[tuple[str, nbformat.NotebookNode]]:
    """Yield every report of a register by its name."""
    for name in NAMES:
        for called, values in asked(name, data, **changed):
            yield called, notebook(name, values)
