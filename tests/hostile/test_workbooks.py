"""Whatever is handed in, as a table of the register or as a return: read rightly, or refused in one sentence that helps.

Each is read in a process of its own, within 10 seconds of a processor and 500 MB.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import ways
from kinds import KINDS, Kind, Many, Read, Refused
from kpireport.sources.confined import Confined

MEGABYTES = 500
SECONDS = 10
HERE = Path(__file__).resolve().parent
SOUND = {"value": "741.0", "published_on": "2024-10-01", "producer": "Service"}


@pytest.fixture(scope="module")
def reader() -> Iterator[Confined]:
    """Give a process that may use what is left of 500 MB once everything is loaded."""
    paths = [HERE, HERE.parent, HERE.parent / "collection"]
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join(map(str, paths))
    there = Confined(seconds=SECONDS, memory=MEGABYTES * 1_000_000)
    try:
        yield there
    finally:
        there.close()
        os.environ.pop("PYTHONPATH") if before is None else os.environ.update(PYTHONPATH=before)


def expect(found: tuple[list[str], list[dict[str, str]]], expected: Read | Refused, name: str) -> None:
    faults, rows = found
    if isinstance(expected, Read):
        assert faults == [], name
        assert rows == [SOUND | expected], name
        return
    if not isinstance(expected, Many):
        assert len(faults) == 1, (name, faults[:5])
    assert any(all(words in fault for words in expected) for fault in faults), (name, faults[:5])
    assert all("\n" not in fault and len(fault) < 600 for fault in faults)
    assert rows == [] or faults[0].startswith("scorecard/"), name


@pytest.mark.parametrize("name", KINDS)
def test_each_kind_is_read_or_refused_either_way(name, reader):
    kind: Kind = KINDS[name]
    content = kind.make()
    expect(reader.call(ways.as_table, content, kind.ending), kind.as_table, "as a table")
    as_return = kind.as_table if kind.as_return is None else kind.as_return
    expect(reader.call(ways.as_return, content, kind.ending), as_return, "as a return")
    assert reader.call(ways.peak) < MEGABYTES * 1_000_000
