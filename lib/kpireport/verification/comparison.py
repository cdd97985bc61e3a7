"""Compare what was published with what was made again: what differs, in which file, table and cell, old and new.

In tiers, from what matters most: the files themselves; figures (every cell of tables, CSV files and workbooks, and every number
in a sentence); tables (their rows, columns and captions); words; charts; and last the bytes. A page and a workbook are read for
what they show, so that a difference is named in words; a file whose bytes are the same shows the same.
"""

import csv
import difflib
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from kpireport.schemas import KPI_ID

NAMED = 500
"""How many differences of one file are named before the rest are counted."""
AROUND = 40
"""How many characters are shown on either side of where two long texts part."""
_NUMBER = re.compile(r"[-−+]?\d+(?:[.,]\d+)*(?:e[-+]?\d+)?")
_COORDINATE = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_KPI = re.compile(rf"\b{KPI_ID}\b")
_LABORIOUS = 4_000_000
"""Two lists of so many pairs are held against each other place by place; a search for the best match would take minutes."""
_HAIR = 0.01
"""By how many points or pixels a stroke may move: less than any eye or ruler sees."""


class Tier(StrEnum):
    """What differs, from what matters most."""

    FILES = "files"
    FIGURES = "figures"
    TABLES = "tables"
    WORDS = "words"
    CHARTS = "charts"
    BYTES = "bytes"


@dataclass(frozen=True)
class Difference:
    """One thing that was published and was not made again."""

    tier: Tier
    file: str
    where: str
    """The place in the file, in words."""
    old: str
    """As published; "" where it was not."""
    new: str
    """As made again; "" where it was not."""
    kpi: str = ""
    """The KPI concerned, where one is named there."""

    def __str__(self) -> str:
        """Return the difference as one line."""
        kpi = f", KPI {self.kpi}" if self.kpi else ""
        place = f", {self.where}" if self.where else ""
        old, new = (f'"{text}"' if text else "nothing" for text in (self.old, self.new))
        return f"{self.file}{kpi}{place}: published {old}; made again {new}"


@dataclass(frozen=True)
class Comparison:
    """Everything that was compared, and what differs."""

    differences: tuple[Difference, ...]
    compared: Mapping[Tier, int]
    """How many things of each tier were published."""

    def of(self, tier: Tier) -> list[Difference]:
        """Return what differs in one tier."""
        return [one for one in self.differences if one.tier is tier]

    @property
    def is_same_to_readers(self) -> bool:
        """Whether nothing differs that a reader can see."""
        return all(one.tier is Tier.BYTES for one in self.differences)


@dataclass
class Found:
    """What has been found so far in one pair of files."""

    file: str
    kpis: Mapping[str, str]
    """The KPI of each name."""
    differences: list[Difference] = field(default_factory=list)
    compared: dict[Tier, int] = field(default_factory=lambda: dict.fromkeys(Tier, 0))

    def add(self, tier: Tier, where: str, old: str, new: str) -> None:
        """Note a difference."""
        shown = around(old, new)
        self.differences.append(Difference(tier, self.file, where, *shown, kpi=self.kpi_in(f"{where} {old} {new}")))

    def kpi_in(self, text: str) -> str:
        """Return the KPI that a place names, by its identifier or its name."""
        if named := _KPI.search(text):
            return named[0]
        return next((self.kpis[name] for name in sorted(self.kpis, key=len, reverse=True) if name in text), "")


def compare(old: Mapping[str, bytes], new: Mapping[str, bytes], kpis: Mapping[str, str]) -> Comparison:
    """Return how the files that were published differ from those made again.

    Parameters
    ----------
    old, new
        The content of each file by its path.
    kpis
        The identifier of each KPI by its name, to say which KPI a table's row is about.
    """
    differences: list[Difference] = []
    compared = dict.fromkeys(Tier, 0) | {Tier.FILES: len(old), Tier.BYTES: len(old)}
    for name in sorted(old.keys() | new.keys(), key=lambda name: (_order(name), name)):
        if name not in new:
            differences.append(Difference(Tier.FILES, name, "", "this file", ""))
        elif name not in old:
            differences.append(Difference(Tier.FILES, name, "", "", "this file"))
        else:
            found = Found(name, kpis)
            _compare_file(old[name], new[name], found)
            if old[name] != new[name]:
                found.differences.append(first_byte(name, old[name], new[name]))
            differences += _without_repeats(found.differences)
            for tier, count in found.compared.items():
                compared[tier] += count
    return Comparison(tuple(sorted(differences, key=lambda one: list(Tier).index(one.tier))), compared)


def _order(name: str) -> int:
    """Return where a file stands in the list: those come first that name a cell most plainly."""
    endings = ("csv", "html", "xlsx", "pdf", "ipynb")
    ending = name.rsplit(".", 1)[-1]
    return endings.index(ending) if ending in endings else len(endings)


def _without_repeats(differences: list[Difference]) -> list[Difference]:
    kept = list(dict.fromkeys(differences))
    return [*kept[:NAMED], *(one for one in kept[NAMED:] if one.tier is Tier.BYTES)]


def _compare_file(old: bytes, new: bytes, found: Found) -> None:
    """Compare two files by what they show. A file of another kind, or one that cannot be read, is compared by its bytes alone."""
    from kpireport.verification import documents

    kind: Callable[[bytes, bytes, Found], None] | None = documents.KINDS.get(found.file.rsplit(".", 1)[-1])
    if kind is None:
        if old != new:
            found.add(Tier.WORDS, "a file of a kind that is compared byte by byte", f"{len(old)} bytes", f"{len(new)} bytes")
        return
    try:
        kind(old, new, found)
    except (ValueError, RecursionError) as error:
        if old != new:
            found.add(Tier.WORDS, f"the file cannot be read ({error})", f"{len(old)} bytes", f"{len(new)} bytes")


def compare_csv(old: bytes, new: bytes, found: Found) -> None:
    """Compare two CSV files cell by cell: rows by their first cell, columns by their heads."""
    rows = [list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))) for content in (old, new)]
    compare_table("", rows[0], rows[1], found)


def compare_table(name: str, old: Sequence[Sequence[str]], new: Sequence[Sequence[str]], found: Found) -> None:
    """Compare two tables whose first row holds the heads and whose first column names the rows."""
    under = f"{name}, " if name else ""
    found.compared[Tier.FIGURES] += sum(map(len, old))
    found.compared[Tier.TABLES] += 1
    heads = [list(table[0]) if table else [] for table in (old, new)]
    bodies = [list(table[1:]) for table in (old, new)]
    columns: list[tuple[int, int, str]] = []
    for was, now in paired(*heads):
        if was is None or now is None:
            told = [heads[side][at] if at is not None else "" for side, at in enumerate((was, now))]
            found.add(Tier.TABLES, f'{under}column "{told[0] or told[1]}"', *_presence(was, now, told))
            continue
        if heads[0][was] != heads[1][now]:
            found.add(Tier.TABLES, f"{under}head of column {was + 1}", heads[0][was], heads[1][now])
        columns.append((was, now, heads[0][was]))
    for was, now in paired(*([row[0] if row else "" for row in body] for body in bodies)):
        if was is None or now is None:
            told = [" | ".join(bodies[side][at]) if at is not None else "" for side, at in enumerate((was, now))]
            side = 1 if was is None else 0
            row = bodies[side][now if side else was] or [""]  # type: ignore[index]
            found.add(Tier.TABLES, f'{under}row "{_short(row[0])}"', *told)
            continue
        before, after = bodies[0][was], bodies[1][now]
        for here, there, head in columns:
            cells = [row[at] if at < len(row) else "" for row, at in ((before, here), (after, there))]
            if cells[0] != cells[1]:
                found.add(Tier.FIGURES, f'{under}row "{_short(before[0])}", column "{head}"', *cells)


def _presence(was: int | None, now: int | None, told: list[str]) -> tuple[str, str]:
    return (told[0] if was is not None else "", told[1] if now is not None else "")


def _short(text: str) -> str:
    return text if len(text) <= 2 * AROUND else f"{text[: 2 * AROUND - 1]}…"


def compare_passages(old: Sequence[tuple[str, str]], new: Sequence[tuple[str, str]], found: Found) -> None:
    """Compare sentences in order, each with the words for its place; one whose numbers differ is a difference of figures."""
    found.compared[Tier.WORDS] += len(old)
    for first, last, start, end in _parted([text for _, text in old], [text for _, text in new]):
        for step in range(max(last - first, end - start)):
            was = old[first + step] if first + step < last else None
            now = new[start + step] if start + step < end else None
            place = (was or now or ("", ""))[0]
            texts = was[1] if was else "", now[1] if now else ""
            numbers = [_NUMBER.findall(text) for text in texts]
            found.add(Tier.FIGURES if numbers[0] != numbers[1] else Tier.WORDS, place, *texts)


def _parted(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
    """Yield where two lists of texts part: from and to in the one, from and to in the other."""
    shortest = min(len(old), len(new))
    head = next((at for at in range(shortest) if old[at] != new[at]), shortest)
    tail = next((at for at in range(shortest - head) if old[-1 - at] != new[-1 - at]), shortest - head)
    middles = old[head : len(old) - tail], new[head : len(new) - tail]
    if not any(middles):
        return
    if len(middles[0]) * len(middles[1]) > _LABORIOUS:
        yield head, len(old) - tail, head, len(new) - tail
        return
    for kind, first, last, start, end in difflib.SequenceMatcher(None, *middles, autojunk=False).get_opcodes():
        if kind != "equal":
            yield first + head, last + head, start + head, end + head


def compare_strokes(where: str, old: str, new: str, found: Found) -> None:
    """Compare two drawings stroke by stroke; one that moves by less than an eye can see is the same."""
    pieces = [_COORDINATE.split(text) for text in (old, new)]
    numbers = [_COORDINATE.findall(text) for text in (old, new)]
    is_same = pieces[0] == pieces[1] and all(
        abs(float(one) - float(other)) <= _HAIR for one, other in zip(*numbers, strict=True) if one != other
    )
    if not is_same:
        found.add(Tier.CHARTS, where, old, new)


def paired(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int | None, int | None]]:
    """Yield which of two lists of names belong together: by name and, of what is left, by place; None where one has no other."""
    places: dict[tuple[str, int], int] = {}
    seen: dict[str, int] = {}
    for at, name in enumerate(new):
        seen[name] = seen.get(name, 0) + 1
        places[name, seen[name]] = at
    partner: dict[int, int] = {}
    seen = {}
    for at, name in enumerate(old):
        seen[name] = seen.get(name, 0) + 1
        if (name, seen[name]) in places:
            partner[at] = places[name, seen[name]]
    free = set(range(len(new))) - set(partner.values())
    for at in range(len(old)):
        if at not in partner and at in free:
            partner[at] = at
            free.discard(at)
        yield at, partner.get(at)
    for at in sorted(free):
        yield None, at


def around(old: str, new: str) -> tuple[str, str]:
    """Return two texts, cut to where they part when they are long."""
    if max(len(old), len(new)) <= 3 * AROUND or not old or not new:
        return _cut(old, 0, 3 * AROUND), _cut(new, 0, 3 * AROUND)
    start = next((at for at, (one, other) in enumerate(zip(old, new, strict=False)) if one != other), min(len(old), len(new)))
    return _cut(old, start - AROUND, start + AROUND), _cut(new, start - AROUND, start + AROUND)


def _cut(text: str, start: int, end: int) -> str:
    start = max(start, 0)
    before, after = "…" if start else "", "…" if end < len(text) else ""
    return f"{before}{' '.join(text[start:end].split())}{after}"


def first_byte(name: str, old: bytes, new: bytes) -> Difference:
    """Return the difference of two files' bytes: how long each is, and where they part."""
    start = next((at for at, (one, other) in enumerate(zip(old, new, strict=False)) if one != other), min(len(old), len(new)))
    shown = [
        f"{len(content)} bytes, there {content[max(start - 12, 0) : start + 12].decode('latin-1')!r}" for content in (old, new)
    ]
    return Difference(Tier.BYTES, name, f"first at byte {start + 1}", *shown)
