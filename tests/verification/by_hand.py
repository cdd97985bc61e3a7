"""A published folder of the ten-KPI council made without running a notebook: its files are stand-ins, everything else is real."""

import shutil
from collections.abc import Mapping
from pathlib import Path

from kpireport.publishing import evidence, manifest, preparation, provenance
from kpireport.publishing.manifest import Manifest, Resource, Run, sha256
from kpireport.publishing.plan import Places, Request

ROOT = Path(__file__).resolve().parent.parent.parent
RIVERSIDE = ROOT / "tests" / "councils" / "riverside"
PERIOD = "2024-25-q2"
FILES = {"index.html": b"<!DOCTYPE html>\n", "clt-quarterly.html": b"<!DOCTYPE html>\n<h1>64</h1>\n", "results.csv": b"kpi_id\n"}
CODE = ("verification/standalone.py", "__init__.py", "presentation/fonts/OFL.txt")
"""Files of the package that stand for all of it."""


TABLES = {"decisions.csv": b"kind\n", "returns.csv": b"file,sha256\n"}


def audited(data: Path, work: Path) -> dict[str, bytes]:
    """Return the evidence tables of the quarter's reports as they are really written."""
    return preparation.audit_files(data, Request("quarter", "2", "2024-25"), work=work, places=Places(ROOT))


def publish(
    outputs: Path, data: Path, work: Path, tables: Mapping[str, bytes] = TABLES, files: Mapping[str, bytes] = FILES
) -> Manifest:
    """Publish `files`, stand-ins by default, for 2024-25 Q2 in `outputs`; `work` is a folder of the caller's own."""
    inputs = work / "inputs"
    shutil.copytree(data, inputs / "data", ignore=shutil.ignore_patterns("council.yaml", "returns"))
    shutil.copyfile(data / "council.yaml", inputs / "council.yaml")
    read = [path for path in inputs.rglob("*") if path.is_file()]
    contents = {f"inputs/{path.relative_to(inputs).as_posix()}": path.read_bytes() for path in read}
    contents |= {f"{provenance.LIBRARY}{name}": provenance.text(provenance.PACKAGE / name) for name in CODE}
    contents |= {f"code/{name}": provenance.text(ROOT / name) for name in ("requirements.lock", "params/clt_quarterly.yaml")}
    contents |= {f"evidence/{name}": table for name, table in tables.items()}
    used = [Resource(name, sha256(content), len(content)) for name, content in sorted(contents.items())]
    for content in contents.values():
        evidence.keep(outputs, content, work=work)
    folder = outputs / PERIOD
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    about = Manifest(
        occasion="quarter",
        period="2024-25 Q2",
        settings={},
        reports=(Run("clt-quarterly", "Quarterly report", "clt_quarterly", {"quarter": "2024-25 Q2"}),),
        scheme="target-tolerance-v1",
        schemas={},
        source_sha256="0" * 64,
        inputs=tuple(one for one in used if one.name.startswith("inputs/")),
        code=tuple(one for one in used if one.name.startswith("code/")),
        evidence=tuple(one for one in used if one.name.startswith("evidence/")),
        outputs=tuple(Resource(name, sha256(content), len(content)) for name, content in sorted(files.items())),
        version="0.1.0",
        python="3.11.7",
        platform="linux-x86_64",
        libraries={"pandas": "3.1.1"},
    )
    (folder / manifest.MANIFEST).write_bytes(manifest.written(manifest.statement(about)))
    run = {"began": "2024-10-30T09:12:00Z", "ended": "2024-10-30T09:12:30Z", "seconds": 30.0}
    (folder / manifest.RUN).write_bytes(manifest.written(run))
    return manifest.read(folder)
