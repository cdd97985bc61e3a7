"""Names of files made from names that people write: plain, short, and no two the same."""

import re
from collections.abc import Mapping

LONGEST = 60
"""Characters, so that with the report's own name and an ending no file system refuses it."""


def endings(names: Mapping[str, str]) -> dict[str, str]:
    """Return what tells each one's files apart, by its code: its name in plain letters.

    One without a plain letter, or named like an earlier one, has its code as well.
    """
    made: dict[str, str] = {}
    for code, name in names.items():
        plain, own = _plain(name), _plain(code)
        made[code] = plain if plain and plain not in made.values() else f"{plain}-{own}".strip("-")
    return made


def _plain(name: str) -> str:
    return re.sub("[^a-z0-9]+", "-", name.lower()).strip("-")[:LONGEST].strip("-")
