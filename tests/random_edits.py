"""Edits a person might make between two builds, chosen at random: of tables, parameters, notebooks, code, and published files."""

import csv
import io
import json
import random
from collections.abc import Callable
from pathlib import Path

Edit = Callable[[random.Random, Path], str]
"""Changes something in a project's folder, and says what."""


def _table(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))


def _write(path: Path, rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def _changed(random: random.Random, text: str, others: list[str]) -> str:
    """Return a cell's text changed a little: another number, another of the column's words, more words, or nothing."""
    try:
        number = float(text)
    except ValueError:
        return random.choice([*others[:20], f"{text} and more" if " " in text else text, ""])
    step = 10 ** -len(text.partition(".")[2])
    return f"{number + random.choice([-7, -1, 1, 3]) * step:.{len(text.partition('.')[2])}f}"


def a_result(random: random.Random, data: Path) -> str:
    """Change the value of a result of the latest quarters."""
    path = data / "register" / "results.csv"
    rows = _table(path)
    value, period = rows[0].index("value"), rows[0].index("period")
    row = random.choice([row for row in rows[1:] if row[value] and row[period][:4] in ("2024", "2023")])
    before, row[value] = row[value], _changed(random, row[value], [])
    _write(path, rows)
    return f"results: {row[0]} {row[period]} from {before} to {row[value]}"


def a_cell(random: random.Random, data: Path) -> str:
    """Change any cell of any table."""
    path = random.choice(sorted(data.rglob("*.csv")))
    rows = _table(path)
    row, column = random.choice(rows[1:]), random.randrange(len(rows[0]))
    before, row[column] = row[column], _changed(random, row[column], sorted({row[column] for row in rows[1:]}))
    _write(path, rows)
    return f"{path.name}: {rows[0][column]} from {before!r} to {row[column]!r}"


def rows(random: random.Random, data: Path) -> str:
    """Remove a row of a table, or let two rows change places."""
    path = random.choice(sorted(data.rglob("*.csv")))
    table = _table(path)
    one = random.randrange(1, len(table))
    if random.random() < 0.5:
        del table[one]
        _write(path, table)
        return f"{path.name}: row {one + 1} removed"
    other = random.randrange(1, len(table))
    table[one], table[other] = table[other], table[one]
    _write(path, table)
    return f"{path.name}: rows {one + 1} and {other + 1} change places"


def line_ends(random: random.Random, data: Path) -> str:
    """Write a table as another program would: other bytes, the same content."""
    path = random.choice(sorted(data.rglob("*.csv")))
    text = path.read_bytes().replace(b"\r\n", b"\n")
    path.write_bytes(b"\xef\xbb\xbf" + text.removeprefix(b"\xef\xbb\xbf").replace(b"\n", b"\r\n"))
    return f"{path.name}: saved with other line ends"


def council(random: random.Random, data: Path) -> str:
    """Change the council's colour."""
    path = data / "council.yaml"
    lines = path.read_text(encoding="utf-8").splitlines()
    colour = f'brand_colour: "#{random.randrange(0x404040):06X}"'
    path.write_text("\n".join(colour if line.startswith("brand_colour") else line for line in lines) + "\n", encoding="utf-8")
    return f"council.yaml: {colour}"


OF_DATA: tuple[Edit, ...] = (a_result, a_result, a_cell, a_cell, rows, line_ends, council)


def heading(random: random.Random, root: Path) -> str:
    """Change a heading of a notebook, or what stands under it."""
    path = root / "notebooks" / random.choice(["clt_quarterly.ipynb", "directorate_pack.ipynb"])
    notebook = json.loads(path.read_text(encoding="utf-8"))
    cell = random.choice([cell for cell in notebook["cells"] if cell["cell_type"] == "markdown"])
    cell["source"] = f"{''.join(cell['source'])}\n\nNote {random.randrange(1000)}."
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return f"{path.name}: a note"


def parameter(random: random.Random, root: Path) -> str:
    """Change as known on which day a report is."""
    path = root / "params" / random.choice(["clt_quarterly.yaml", "directorate_pack.yaml"])
    lines = path.read_text(encoding="utf-8").splitlines()
    known = f"as_known_on: {random.choice(['2024-11-20', '2024-12-01', '2025-01-31', chr(34) * 2])}"
    path.write_text("\n".join(known if line.startswith("as_known_on") else line for line in lines) + "\n", encoding="utf-8")
    return f"{path.name}: {known}"


def code(random: random.Random, root: Path) -> str:
    """Change words that reports print, or a comment."""
    path, words = random.choice(
        [
            ("presentation/theme.py", "Awaited"),
            ("presentation/report.css", "/*"),
            ("presentation/report.typ", "//"),
            ("presentation/phrases.py", '"""'),
        ]
    )
    file = root / "lib" / "kpireport" / path
    text = file.read_text(encoding="utf-8")
    more = {"/*": f"/* {random.randrange(1000)} */\n/*", "//": f"// {random.randrange(1000)}\n//"}
    file.write_text(text.replace(words, more.get(words, f"{words}{'z' * random.randrange(1, 4)}"), 1), encoding="utf-8")
    return f"{path}: changed"


def published(random: random.Random, outputs: Path) -> str:
    """Change or remove a file among those published or remembered, as somebody may by mistake."""
    files = [path for path in sorted(outputs.rglob("*")) if path.is_file() and path.name != "run.json"]
    if not files:
        return "nothing was published"
    places = sorted({path.relative_to(outputs).parts[0] for path in files})
    place = random.choice(places)
    path = random.choice([path for path in files if path.relative_to(outputs).parts[0] == place])
    path.chmod(0o644)
    if random.random() < 0.3:
        path.unlink()
        return f"{path.relative_to(outputs)}: removed"
    content = path.read_bytes()
    begin = random.randrange(len(content) + 1)
    path.write_bytes(content[:begin] + b"x" + content[begin + random.randrange(2) :])
    return f"{path.relative_to(outputs)}: changed"


OF_PROJECT: tuple[Edit, ...] = (heading, parameter, code)
