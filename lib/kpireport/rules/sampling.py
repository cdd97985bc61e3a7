r"""Random samples that anyone can draw again: the same on every machine, in every language, at any time.

Each reference is given the SHA-256 digest of the seed, a line feed and the reference (UTF-8), and the sample is those with the
smallest digests. Nothing else matters: neither the order of the references nor the library's random numbers. In a shell,
``printf '%s\n%s' SEED REFERENCE | sha256sum`` gives one reference's digest. A larger sample holds the smaller one.
"""

import hashlib
from collections.abc import Iterable

import pandas as pd


def draw_order(references: Iterable[str], *, seed: str) -> list[str]:
    """Return the references, each once, in the order in which they are drawn."""
    return sorted(set(references), key=lambda reference: (_digest(seed, reference), reference))


def sample(references: Iterable[str], *, seed: str, size: int) -> list[str]:
    """Return the first `size` references drawn, or all when there are fewer."""
    return draw_order(references, seed=seed)[: max(size, 0)]


def places(references: pd.Series, groups: pd.Series, *, seed: str) -> pd.Series:
    """Return the place (1 is first) at which each reference is drawn within its group, indexed alike.

    A group's seed is `seed`, a space and the group, such as "checks 2023-24 Q1", so that groups are drawn independently.
    """
    place = pd.Series(0, index=references.index, dtype="int64")
    for group, own in references.groupby(groups, sort=False):
        drawn = draw_order(own, seed=f"{seed} {group}".strip())
        place.loc[own.index] = own.map({reference: number for number, reference in enumerate(drawn, start=1)})
    return place


def _digest(seed: str, reference: str) -> str:
    return hashlib.sha256(f"{seed}\n{reference}".encode()).hexdigest()
