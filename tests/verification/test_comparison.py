import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kpireport.verification import comparison
from kpireport.verification.comparison import Comparison, Difference, Tier, around, compare, paired

PAGE = """<!DOCTYPE html><html><head><title>Report</title><style>p { color: red }</style></head><body>
<h2>The quarter</h2><p class="lead">2 of 6 KPIs (33%) are green.</p><p>More families lost a tenancy.</p>
<table><caption>Results</caption><thead><tr><th>KPI</th><th>Latest</th><th>Rating</th></tr></thead>
<tbody><tr><th>Waste recycled</th><td>44.2%<br><span>2024-25 Q2</span></td><td><span>●</span> Green</td></tr>
<tr><th>PE-01 Households</th><td>64</td><td>Red</td></tr></tbody></table>
<svg><title>Waste rose to 44.2%</title><g><path d="M0,0L10.5,20"/><text x="3">44.2%</text></g></svg></body></html>"""
KPIS = {"Waste recycled": "PL-01", "Households": "PE-01"}


def changed(old: str, new: str, name: str = "report.html", page: str = PAGE) -> Comparison:
    assert page.count(old) == 1
    return compare({name: page.encode()}, {name: page.replace(old, new).encode()}, KPIS)


def parting(one: str, other: str) -> int:
    """Where two texts part, counted from 1 in bytes."""
    before, after = one.encode(), other.encode()
    return next(at for at in range(1, len(before) + 1) if before[:at] != after[:at])


def seen(found: Comparison) -> list[Difference]:
    return [one for one in found.differences if one.tier is not Tier.BYTES]


def test_same_files_do_not_differ_and_what_was_compared_is_counted():
    found = compare({"report.html": PAGE.encode()}, {"report.html": PAGE.encode()}, KPIS)
    assert found.differences == ()
    assert found.compared == {
        Tier.FILES: 1,
        Tier.FIGURES: 9,
        Tier.TABLES: 1,
        Tier.WORDS: 4,
        Tier.CHARTS: 1,
        Tier.BYTES: 1,
    }


def test_figure_in_a_cell_is_named_by_kpi_table_row_and_column():
    found = changed("44.2%<br>", "45.2%<br>")
    assert seen(found) == [
        Difference(
            Tier.FIGURES,
            "report.html",
            'table "Results", row "Waste recycled", column "Latest"',
            "44.2% 2024-25 Q2",
            "45.2% 2024-25 Q2",
            "PL-01",
        )
    ]
    assert [one.tier for one in found.differences] == [Tier.FIGURES, Tier.BYTES]


@pytest.mark.parametrize(
    ("old", "new", "tier", "where"),
    [
        ("2 of 6", "3 of 6", Tier.FIGURES, 'under "The quarter"'),
        ("lost a", "left a", Tier.WORDS, 'under "The quarter"'),
        ("<th>Rating</th>", "<th>Colour</th>", Tier.TABLES, 'table "Results", head of column 3'),
        ("<caption>Results</caption>", "<caption>Figures</caption>", Tier.TABLES, "a table's heading and caption"),
        (" Green</td>", " Amber</td>", Tier.FIGURES, 'table "Results", row "Waste recycled", column "Rating"'),
        ("<th>PE-01 Households</th>", "<th>PE-02 Households</th>", Tier.FIGURES, 'table "Results", row "PE-01 Households"'),
        ("L10.5,20", "L10.5,14", Tier.CHARTS, 'chart "Waste rose to 44.2%"'),
        ("44.2%</text>", "48.2%</text>", Tier.CHARTS, 'chart "Waste rose to 44.2%", words in it'),
        ("<h2>The quarter</h2>", "<h2>The year</h2>", Tier.WORDS, 'under "The quarter"'),
    ],
)
def test_difference_that_a_reader_sees_is_in_its_tier_and_place(old, new, tier, where):
    found = changed(old, new)
    assert tier in {one.tier for one in seen(found) if one.where.startswith(where)}
    assert not found.is_same_to_readers


@pytest.mark.parametrize(
    ("old", "new"),
    [('class="lead"', 'class="loud"'), ("color: red", "color: tan"), ("L10.5,20", "L10.504,20"), ("</body>", "</body><!---->")],
)
def test_what_no_reader_sees_is_a_difference_of_bytes_alone(old, new):
    found = changed(old, new)
    assert [one.tier for one in found.differences] == [Tier.BYTES]
    assert found.is_same_to_readers
    assert found.differences[0].where == f"first at byte {parting(PAGE, PAGE.replace(old, new))}"


def test_row_and_column_and_file_that_are_gone_or_new_are_named():
    rows = [["kpi_id", "value", "rating"], ["PL-01", "44.2", "green"], ["PL-02", "83.1", "amber"]]
    fewer = [row[:2] for row in rows[:2]]
    found = compare({"results.csv": written(rows), "a.pdf": b"x"}, {"results.csv": written(fewer), "b.pdf": b"x"}, {})
    assert [(one.tier, one.file, one.where, one.old) for one in seen(found)] == [
        (Tier.FILES, "a.pdf", "", "this file"),
        (Tier.FILES, "b.pdf", "", ""),
        (Tier.TABLES, "results.csv", 'column "rating"', "rating"),
        (Tier.TABLES, "results.csv", 'row "PL-02"', "PL-02 | 83.1 | amber"),
    ]


def test_rows_in_another_order_are_held_against_each_other_by_name():
    rows = [["kpi_id", "value"], ["PL-01", "1"], ["PL-02", "2"]]
    other = [rows[0], rows[2], ["PL-01", "7"]]
    (found,) = seen(compare({"results.csv": written(rows)}, {"results.csv": written(other)}, {}))
    assert (found.kpi, found.where, found.old, found.new) == ("PL-01", 'row "PL-01", column "value"', "1", "7")


@pytest.mark.parametrize("name", ["report.pdf", "book.xlsx", "notes.txt", "report.ipynb", "data.json"])
def test_files_that_cannot_be_read_are_never_the_same_to_readers_unless_their_bytes_are(name):
    assert not compare({name: b"\x00\xff one"}, {name: b"\x00\xff two"}, {}).is_same_to_readers
    assert compare({name: b"\x00\xff one"}, {name: b"\x00\xff one"}, {}).differences == ()


def written(rows: list[list[str]]) -> bytes:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows(rows)
    return stream.getvalue().encode()


cells = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=6)


@given(
    st.integers(2, 5).flatmap(lambda width: st.lists(st.lists(cells, min_size=width, max_size=width), min_size=2, max_size=6)),
    st.data(),
)
def test_any_one_changed_cell_of_a_table_is_found_and_no_other(rows, data):
    heads = [f"column {number}" for number in range(len(rows[0]))]
    named = [heads, *([f"row {number}", *row[1:]] for number, row in enumerate(rows))]
    row, column = data.draw(st.integers(1, len(rows))), data.draw(st.integers(1, len(heads) - 1))
    new = data.draw(cells.filter(lambda text: text != named[row][column]))
    other = [list(line) for line in named]
    other[row][column] = new
    found = compare({"a.csv": written(named)}, {"a.csv": written(other)}, {})
    assert [(one.tier, one.where) for one in seen(found)] == [
        (Tier.FIGURES, f'row "row {row - 1}", column "column {column}"'),
    ]


@given(st.lists(st.sampled_from("abc"), max_size=6), st.lists(st.sampled_from("abc"), max_size=6))
def test_pairs_hold_every_name_once(old, new):
    pairs = list(paired(old, new))
    assert sorted(was for was, _ in pairs if was is not None) == list(range(len(old)))
    assert sorted(now for _, now in pairs if now is not None) == list(range(len(new)))
    for name in set(old) & set(new):
        alike = sum(was is not None and now is not None and old[was] == new[now] == name for was, now in pairs)
        assert alike == min(old.count(name), new.count(name))


def test_long_texts_are_cut_to_where_they_part():
    old = "word " * 100 + "44.2" + " word" * 100
    before, after = around(old, old.replace("44.2", "45.2"))
    assert "44.2" in before
    assert "45.2" in after
    assert max(len(before), len(after)) < 100


@given(st.lists(st.sampled_from("abc"), max_size=8), st.lists(st.sampled_from("abc"), max_size=8), st.booleans())
def test_where_two_lists_part_leaves_only_what_they_share(old, new, is_laborious):
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(comparison, "_LABORIOUS", 0 if is_laborious else 4_000_000)
        parts = list(comparison._parted(old, new))
    rest = list(old), list(new)
    for first, last, start, end in reversed(parts):
        del rest[0][first:last]
        del rest[1][start:end]
    assert rest[0] == rest[1]
    assert bool(parts) is (old != new)
