"""The house of `lib/kpireport`: arrows go down, neighbours do not meet, each outside library has one home."""

import ast
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "lib" / "kpireport"
FLOORS = {
    "errors": 0,
    "vocabulary": 0,
    "periods": 0,
    "colours": 0,
    "environment": 0,
    "locks": 0,
    "interrupts": 0,
    "schemas": 1,
    "sources": 2,
    "rules": 2,
    "presentation": 2,
    "reports": 3,
    "collection": 3,
    "publishing": 4,
    "sample": 4,
    "desk": 4,
    "verification": 5,
    "handbook": 5,
    "commands": 6,
    "__main__": 7,
}
HOMES = {
    "pandera": ["schemas"],
    "altair": ["presentation/theme", "presentation/charts"],
    "vl_convert": ["presentation/drawing"],
    "xlsxwriter": ["presentation/sheets", "collection/requests"],
    "gptables": ["presentation/sheets"],
    "holidays": ["rules/working_days"],
    "icalendar": ["presentation/calendar_file"],
    "pyarrow": ["sources/parquet", "sources/plain_csv"],
    "openpyxl": ["sources/workbook", "sources/stored_values", "collection/marked_copy"],
    "papermill": ["publishing"],
    "nbclient": ["publishing"],
    "nbconvert": ["publishing"],
    "ipykernel": ["publishing"],
    "typst": ["publishing/pdf"],
    "pypandoc": ["publishing/pdf"],
    "pikepdf": ["publishing/tagging", "verification/printed"],
    "tqdm": ["publishing/progress"],
    "distributed": ["publishing/cluster"],
    "dask": ["publishing/cluster"],
    "rocrate": ["verification/crate"],
    "ipywidgets": ["desk"],
    "mkdocs": ["handbook"],
    "mistune": ["presentation/commentary_markdown"],
    "nh3": ["presentation/commentary_markdown"],
}
"""Where each outside library may be imported: a module, or every module of a room."""
CLOCKS = {"now", "today", "utcnow", "time", "time_ns", "localtime", "gmtime"}
MODULES = sorted(path.relative_to(PACKAGE).with_suffix("").as_posix() for path in PACKAGE.rglob("*.py"))


@cache
def nodes(module: str) -> list[ast.AST]:
    """Return every part of a module's code."""
    return list(ast.walk(ast.parse((PACKAGE / f"{module}.py").read_text(encoding="utf-8"))))


def imports(module: str) -> Iterator[str]:
    """Yield the dotted name of everything that a module imports, wherever in it the import stands."""
    for node in nodes(module):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports by dots; write the name in full"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def room(module: str) -> str:
    return module.split("/")[0]


def test_every_room_has_a_floor():
    assert {room(module) for module in MODULES} - {"__init__"} <= FLOORS.keys()


@pytest.mark.parametrize("module", MODULES)
def test_arrows_only_go_down(module):
    here = room(module)
    rooms = {name.split(".")[1] for name in imports(module) if name.startswith("kpireport.")} & FLOORS.keys()
    upward = [there for there in rooms if there != here and FLOORS[there] >= FLOORS.get(here, 0) > 0]
    assert upward == []


@pytest.mark.parametrize("module", [name for name in MODULES if FLOORS.get(room(name)) == 0])
def test_ground_floor_stands_on_the_standard_library_alone(module):
    outside = {name.split(".")[0] for name in imports(module)} - set(sys.stdlib_module_names) - {"kpireport"}
    assert outside <= ({"packaging", "pip"} if module == "environment" else set())


@pytest.mark.parametrize("library", HOMES)
def test_outside_library_stays_at_home(library):
    users = [module for module in MODULES if library in {name.split(".")[0] for name in imports(module)}]
    assert [user for user in users if not any(user == home or user.startswith(f"{home}/") for home in HOMES[library])] == []


def test_only_the_manifest_looks_at_the_clock():
    looks = [
        f"{module}:{node.lineno}"
        for module in MODULES
        for node in nodes(module)
        if isinstance(node, ast.Attribute)
        and node.attr in CLOCKS
        and ast.unparse(node.value) in {"time", "datetime", "date", "pd.Timestamp"}
        if module != "publishing/manifest" and room(module) != "collection"
    ]
    assert looks == []


def test_reports_do_not_know_each_other():
    names = [module for module in MODULES if room(module) == "reports" and not module.endswith("__init__")]
    met = {name: [there for there in imports(name) if there.startswith("kpireport.reports")] for name in names}
    assert {name: there for name, there in met.items() if there} == {}
