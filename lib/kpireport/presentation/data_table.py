"""One table in three forms: accessible HTML, a Typst table with repeated heads, and plain lines.

Every table has a caption, one row of column heads and, in its first column, a head for each row.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from kpireport.presentation.blocks import Block
from kpireport.presentation.markup import html_text, typst_string, typst_text, words

TABLE_ROLES = ("table", "rowgroup", "row", "columnheader", "rowheader", "cell")


MOST_COLUMNS, MOST_CARDS = 4, 12
"""How many columns of figures a phone shows side by side, and how many cards in place of a wider table are not too many."""


@dataclass(frozen=True)
class Column:
    """A column of a table."""

    head: str
    share: float = 1.0
    """Width, as a share of the table's width."""
    is_number: bool = False
    """Numbers are set right, so that their digits stand below each other."""
    is_decorative: bool = False
    """Whether the column only repeats in a picture what others say: a phone's card then shows it without its head."""
    is_prose: bool = False
    """Whether it holds sentences: on a phone's card its head stands above them, not beside."""


def table(caption: str, columns: Sequence[Column], rows: Iterable[Sequence[Block]], *, kind: str = "plain") -> Block:
    """Return a table.

    Parameters
    ----------
    rows
        One row is one inline block for each column; the first is the row's head.
    kind
        ``plain``: on a phone each row becomes a card. ``wide``: so too, and the PDF sets it in small type on landscape pages.
        ``figures``: a table of a few numbers, which stays a table on a phone unless it is wider than one and short enough for
        cards.
    """
    body = [tuple(row) for row in rows]
    return Block(
        _html(caption, columns, body, kind), _typst(caption, columns, body, kind), _text(caption, columns, body), kind == "wide"
    )


def figures(frame: pd.DataFrame, caption: str) -> Block:
    """Return a plain table of `frame`, whose columns and cells are already words; the first column heads the rows.

    Numbers and words that read as numbers are set right. A missing cell is shown as an en dash.
    """
    shown = frame.astype(object).where(frame.notna(), "–")
    first, *others = map(str, frame.columns)
    columns = [Column(first), *(Column(name, is_number=_reads_as_numbers(shown[name])) for name in others)]
    rows = ([words(str(cell)) for cell in row] for row in shown.itertuples(index=False, name=None))
    return table(caption, columns, rows, kind="figures")


def _reads_as_numbers(cells: "pd.Series[str]") -> bool:
    filled = [str(cell) for cell in cells if str(cell) != "–"]
    return bool(filled) and all(cell.lstrip("-−£")[:1].isdigit() and len(cell) < 16 for cell in filled)


def _html(caption: str, columns: Sequence[Column], rows: list[tuple[Block, ...]], kind: str) -> str:
    total = sum(column.share for column in columns)
    is_cards = kind != "figures" or (len(columns) > MOST_COLUMNS and len(rows) <= MOST_CARDS)
    # Cards are laid out as blocks, which makes some browsers forget that the parts are a table's: the roles say so again.
    role = {part: f' role="{part}"' if is_cards else "" for part in TABLE_ROLES}
    number = [_class(column) for column in columns]
    widths = "".join(f'<col style="width:{100 * column.share / total:.1f}%">' for column in columns)
    heads = "".join(
        f'<th scope="col"{role["columnheader"]}{kind_of}>{html_text(column.head)}</th>'
        for column, kind_of in zip(columns, number, strict=True)
    )
    lines = []
    for row in rows:
        first, *others = row
        cells = "".join(
            f"<td{role['cell']}{kind_of}{_label(column) if is_cards else ''}>{cell.html}</td>"
            for cell, column, kind_of in zip(others, columns[1:], number[1:], strict=True)
        )
        lines.append(f'<tr{role["row"]}><th scope="row"{role["rowheader"]}>{first.html}</th>{cells}</tr>\n')
    name, cards = html_text(caption), " cards" if is_cards else ""
    # What never scrolls needs no keyboard: a table of cards fits every screen.
    region = "" if is_cards else f' role="group" aria-label="{name}" tabindex="0"'
    return (
        f'<div class="region"{region}>\n<table class="{kind}{cards}"{role["table"]}>\n'
        f"<caption>{name}</caption>\n<colgroup>{widths}</colgroup>\n"
        f"<thead{role['rowgroup']}><tr{role['row']}>{heads}</tr></thead>\n<tbody{role['rowgroup']}>\n{''.join(lines)}</tbody>\n"
        "</table>\n</div>\n"
    )


def _class(column: Column) -> str:
    kinds = (("number", column.is_number), ("decoration", column.is_decorative), ("prose", column.is_prose))
    names = [name for name, is_so in kinds if is_so]
    return f' class="{" ".join(names)}"' if names else ""


def _label(column: Column) -> str:
    return "" if column.is_decorative else f' data-label="{html_text(column.head)}"'


def _typst(caption: str, columns: Sequence[Column], rows: list[tuple[Block, ...]], kind: str) -> str:
    widths = "".join(f"{column.share:g}fr, " for column in columns)
    sides = "".join("right, " if column.is_number else "left, " for column in columns)
    heads = "".join(f"[{typst_text(column.head)}], " for column in columns)
    cells = "".join("  " + "".join(f"[{cell.typst}], " for cell in row) + "\n" for row in rows)
    return f"#{kind}-table({typst_string(caption)}, ({widths}), ({sides}), ({heads}), (\n{cells}))\n\n"


def _text(caption: str, columns: Sequence[Column], rows: list[tuple[Block, ...]]) -> str:
    lines = [caption, " | ".join(column.head for column in columns), *(" | ".join(cell.text for cell in row) for row in rows)]
    return "\n".join(lines) + "\n"
