import re

import pandas as pd
from kpireport.presentation.data_table import Column, figures, table
from kpireport.presentation.markup import words

COLUMNS = [Column("KPI", 3), Column("Result", is_number=True), Column("Trend", is_decorative=True)]


def rows(*names):
    return [[words(name), words("95.0%"), words("")] for name in names]


def test_every_column_and_every_row_has_a_head():
    made = table("Two KPIs", COLUMNS, rows("Reviews", "Bins")).html

    assert re.findall('<th scope="col"[^>]*>([^<]*)', made) == ["KPI", "Result", "Trend"]
    assert re.findall('<th scope="row"[^>]*>([^<]*)', made) == ["Reviews", "Bins"]
    assert "<caption>Two KPIs</caption>" in made


def test_numbers_and_their_head_are_set_right():
    made = table("One KPI", COLUMNS, rows("Reviews"))

    assert re.findall('class="number"[^>]*>([^<]*)', made.html) == ["Result", "95.0%"]
    assert "(left, right, left, )" in made.typst


def test_a_card_names_each_figure_by_its_column_except_what_only_decorates():
    made = table("One KPI", COLUMNS, rows("Reviews")).html

    assert re.findall('data-label="([^"]*)"', made) == ["Result"]


def test_only_a_wide_table_asks_for_landscape_pages():
    assert [table("T", COLUMNS, rows("a"), kind=kind).is_wide for kind in ("plain", "wide", "figures")] == [False, True, False]


def test_a_caption_and_heads_are_escaped():
    made = table('<b> & "c"', [Column("<i>")], [])

    assert "<b>" not in made.html
    assert "&lt;b&gt; &amp; &quot;c&quot;" in made.html
    assert '"<b> & \\"c\\""' in made.typst


def test_figures_shows_missing_cells_as_dashes_and_sets_numbers_right():
    frame = pd.DataFrame({"Area": ["Leeds", "York"], "Value": ["95.0%", None], "Rank": [1, 2], "Note": ["first", "2nd of all"]})

    made = figures(frame, "Areas")

    assert made.text.splitlines()[2:] == ["Leeds | 95.0% | 1 | first", "York | – | 2 | 2nd of all"]
    assert "(left, right, right, left, )" in made.typst


def test_figures_become_cards_where_they_are_wider_than_a_phone_and_few():
    def is_cards(columns: int, rows: int) -> bool:
        return "cards" in figures(pd.DataFrame(1, index=range(rows), columns=[f"c{n}" for n in range(columns)]), "T").html

    assert [is_cards(*size) for size in ((4, 3), (5, 3), (5, 33))] == [False, True, False]
