"""The verb that writes a made-up register."""

import argparse
from pathlib import Path
from typing import Any

from kpireport.commands.options import add_verb


def add(verbs: Any) -> None:
    """Add the verb to the command line."""
    sample = add_verb(
        verbs,
        "sample",
        _sample,
        help="write a made-up register of any size",
        description="Write a made-up register, the same for the same seed, in the shape that the reports read.",
    )
    sample.add_argument("--kpis", type=int, default=100, metavar="N", help="how many KPIs (default: 100)")
    sample.add_argument("--years", type=int, default=6, metavar="M", help="how many years of results (default: 6)")
    sample.add_argument("--seed", type=int, default=1, metavar="N", help="another seed gives other figures (default: 1)")
    sample.add_argument("--out", required=True, metavar="DIR", help="the folder to write")


def _sample(options: argparse.Namespace) -> None:
    from kpireport.sample import write

    write(Path(options.out).expanduser(), kpis=options.kpis, years=options.years, seed=options.seed)
    print(f"Wrote a made-up register to {options.out}.")
