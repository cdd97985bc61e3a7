"""A made-up register of several hundred KPIs, and what a report's page holds."""

import re
from pathlib import Path

from kpireport import sample
from kpireport.presentation.blocks import Block, Chart, Page

QUARTER = "2024-25 Q2"


def written(out: Path, *, kpis: int, years: int = 3) -> dict[str, str]:
    """Write a register into `out`, and return what every report's build takes."""
    sample.write(out, kpis=kpis, years=years)
    return {"data": str(out), "council": str(out / "council.yaml")}


def html(page: Page) -> str:
    """Return the HTML of a page's blocks, and of the tables behind its charts."""
    texts = [part.html for part in page.parts if isinstance(part, Block)]
    return "".join([*texts, *(part.data.html for part in page.parts if isinstance(part, Chart) and part.data)])


def rows(text: str) -> int:
    """Return the number of rows of tables, their heads apart."""
    return len(re.findall(r'<th scope="row"', text))


def more(text: str) -> list[tuple[int, str]]:
    """Return how many more there are of each list that is cut, and where."""
    return [(int(number.replace(",", "")), where) for number, where in re.findall(r"And ([0-9,]+) more, (.*?)\.</p>", text)]
