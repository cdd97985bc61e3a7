"""Write a made-up register of any size, in the shape of the real one, for benchmarks and tests.

The council, its areas and every figure are invented, and every row says so (`illustrative`). The same arguments give the same
bytes. The register has no faults: its shapes come from `patterns`, its numbers from `series`, its days from `calendar`.
"""

from pathlib import Path

import numpy as np

from kpireport import schemas
from kpireport.errors import ParameterError
from kpireport.sample import register

MOST_KPIS = 99_999
"""As many as identifiers of five digits can tell apart."""
MOST_YEARS = 50


def write(out: Path, *, kpis: int, years: int, seed: int = 1) -> None:
    """Write a register and its council.yaml into the folder `out`, which may then be given as ``DATA=``.

    Parameters
    ----------
    kpis
        How many KPIs and trackers, over five directorates and all kinds of measure.
    years
        How many financial years of results, the last being 2024-25 up to its third quarter. The fourth is still open.
    seed
        Another seed gives another register.

    Raises
    ------
    ParameterError
        When a number is out of range, or `out` holds anything but an earlier sample, which is replaced.
    """
    problems = [
        f"{name}: found {number}; expected a whole number from 1 to {most:,}."
        for name, number, most in (("kpis", kpis, MOST_KPIS), ("years", years, MOST_YEARS))
        if not 1 <= number <= most
    ]
    if seed < 0:
        problems.append(f"seed: found {seed}; expected 0 or more.")
    if out.exists() and not _is_free(out):
        problems.append(f"out: {out} already holds something else. Name a new or empty folder.")
    if problems:
        raise ParameterError("\n".join(problems))
    for name, table in register.tables(np.random.default_rng(seed), kpis=kpis, years=years).items():
        path = out / f"{name}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        table[list(schemas.TABLES[name].columns)].to_csv(path, index=False, lineterminator="\n", date_format="%Y-%m-%d")
    (out / "council.yaml").write_text(register.COUNCIL, encoding="utf-8", newline="\n")


def _is_free(out: Path) -> bool:
    """Tell whether `out` is an empty folder or an earlier sample: a real register is never written over."""
    if not out.is_dir():
        return False
    names = {path.name for path in out.iterdir()}
    council = out / "council.yaml"
    is_sample = council.is_file() and council.read_text(encoding="utf-8") == register.COUNCIL
    return not names or (is_sample and names <= {"council.yaml", *(name.split("/")[0] for name in schemas.TABLES)})
