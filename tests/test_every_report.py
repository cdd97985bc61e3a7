"""What holds of every report: its charts in a browser, its PDF's tags, its workbooks. One report of each kind is made once.

The ordinary run takes a smaller board and leaves the assurance report to its own tests; KPIREPORT_SOAK=1 takes all as published.
"""

import io
import re
from collections import Counter
from html import unescape
from pathlib import Path

import charts_in_browser
import every_report
import openpyxl
import page as validation
import pdf_tags
import pikepdf
import pytest
from every_report import KINDS
from kpireport.presentation.theme import SHORTHAND

CHROMIUM = Path("/usr/bin/chromium")
LARGEST = 1_500_000
"""Bytes of a report in HTML: issue 8."""
WITH_BOOKS = [kind for kind in KINDS if kind not in ("annual_report", "directorate_pack", "executive_update")]
TITLES = re.compile(r"<(?:path|line)\b[^>]*><title>([^<]*)</title>")
FIGURE = re.compile(r"[−-]?£?\d")
TREND = re.compile(r" (?P<verb>rose|fell|stayed) (?:to|at) (?P<now>\S+).*? in .+?(?:, (?:as|from (?P<before>\S+))|,|$)")
ALTERNATIVES = ["Line chart", "Bar chart", "bars of the number", "bars of answers", "Tile map", "by group", "Dates"]
ONLY_ON_A_SCREEN = {"executive_update": ["What these KPIs measure"]}
"""Sections that a paper of two pages has no room for."""


def all_of_them():
    return [chart for kind in KINDS for chart in every_report.charts(kind)]


def test_every_kind_of_chart_is_among_them():
    shown = " ".join(chart.alt for chart in all_of_them())
    assert [one for one in ALTERNATIVES if one not in shown] == []
    assert all(every_report.charts(kind) for kind in KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_chart_has_its_finding_unit_source_alternative_and_figures(kind):
    for chart in every_report.charts(kind):
        assert len(chart.title.split()) > 3
        assert chart.subtitle, chart.title
        assert chart.source.startswith("Source: "), chart.title
        assert len(chart.alt) > 40
        assert chart.alt != chart.title
        assert "<caption>" in chart.data_html, chart.title
        assert "<td" in chart.data_html
        for words in (chart.title, chart.subtitle, chart.source, chart.alt):
            assert not re.search(r"\bnan\b|<NA>|  ", words)


def cells(chart):
    """The rows of a chart's figures as words, without the heads."""
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", chart.data_html.split("<tbody")[1], re.DOTALL)
    return [[unescape(re.sub(r"<[^>]+>", "", cell)).strip() for cell in re.findall(r"<t[hd].*?</t[hd]>", row)] for row in rows]


@pytest.mark.parametrize("kind", KINDS)
def test_every_figure_of_a_chart_appears_beside_the_pointer(kind):
    drawings = charts_in_browser.figures(every_report.as_html(kind))
    charts = every_report.charts(kind)
    assert len(drawings) == len(charts)
    for drawing, chart in zip(drawings, charts, strict=True):
        said = [unescape(words) for words in TITLES.findall(drawing)]
        assert all(said), chart.title
        if chart.alt.startswith("Line chart"):
            for period, result, *_ in cells(chart):
                if FIGURE.match(result):
                    assert any(words.startswith(f"{period}: {result}") for words in said), (chart.title, period)
        else:
            rows = [row for row in cells(chart) if any(FIGURE.match(cell) for cell in row[1:])]
            assert len(said) >= len(rows) > 0, chart.title


def test_what_a_time_series_is_said_to_have_done_is_what_its_figures_did():
    told = Counter()
    for chart in all_of_them():
        found = TREND.search(chart.title)
        if found is None or not chart.alt.startswith("Line chart"):
            continue
        results = [row[1].split(" ")[0] for row in cells(chart)]
        assert found["now"].rstrip(",") in results, chart.title
        if found["before"]:
            now, before = (float(re.sub(r"[^\d.−-]", "", found[name]).replace("−", "-")) for name in ("now", "before"))
            assert found["before"] in results, chart.title
            assert found["verb"] == ("rose" if now > before else "fell"), chart.title
        told[found["verb"]] += 1
    assert min(told["rose"], told["fell"]) > 3


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_is_no_larger_than_a_phone_is_glad_to_fetch(kind):
    assert len(every_report.as_html(kind).encode()) < LARGEST


@pytest.fixture(scope="module")
def browser():
    if not CHROMIUM.exists():
        pytest.skip("no browser at /usr/bin/chromium: charts are not looked at in one")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield started
        started.close()


def all_charts():
    """One page with every chart, as the reports show them."""
    drawings = [drawing for kind in KINDS for drawing in charts_in_browser.figures(every_report.as_html(kind))]
    return charts_in_browser.page_of(drawings, every_report.as_html("clt_quarterly"))


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_the_words_of_every_chart_can_be_read_and_its_marks_be_seen(browser, width, scheme):
    found = charts_in_browser.measured(browser, all_charts(), width=width, scheme=scheme)

    assert {word["chart"] for word in found["words"]} == {chart.title for chart in all_of_them()}
    assert charts_in_browser.faint(found["words"]) == []
    assert [(mark["chart"], mark["said"]) for mark in found["marks"] if mark["contrast"] < 3] == []
    assert [(word["chart"], word["text"], word["size"]) for word in found["words"] if word["size"] < 11] == []


def test_a_pale_label_or_one_that_is_painted_over_is_found(browser):
    drawing = charts_in_browser.figures(every_report.as_html("survey"))[0]
    report = every_report.as_html("survey")
    at = drawing.index("</text>")
    pale = re.sub(r'(<text[^>]*fill=")#[0-9a-fA-F]{6}', r"\1#a0a8ad", drawing, count=1)
    (place,) = re.findall(r'<text[^>]*transform="translate\(([\d.]+),([\d.]+)\)"', drawing)[:1]
    over = f'<rect x="{float(place[0]) - 200}" y="{float(place[1]) - 20}" width="400" height="30" fill="#ffffff"/>'
    on_dark = drawing[:at] + "</text>" + over.replace("#ffffff", "#12436d") + drawing[at + len("</text>") :]

    for changed in (pale, on_dark):
        page = charts_in_browser.page_of([changed], report)
        assert charts_in_browser.faint(charts_in_browser.measured(browser, page, width=320, scheme="light")["words"])


@pytest.mark.parametrize("profile", ["ua1", "2a"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_pdf_is_accessible_and_archivable(tmp_path, kind, profile):
    path = tmp_path / "report.pdf"
    path.write_bytes(every_report.as_pdf(kind))

    found = validation.validate_pdf(str(path), profile=profile)

    assert [(one.rule_id, one.message) for one in found.failures] == []
    assert found.is_compliant


@pytest.fixture(scope="module", params=KINDS)
def opened(request):
    """A report's PDF, and the report as HTML."""
    with pikepdf.open(io.BytesIO(every_report.as_pdf(request.param))) as file:
        yield request.param, file


def test_a_pdf_is_heard_in_the_order_of_the_page(opened):
    kind, file = opened
    body = re.sub(r'<nav class="contents".*?</nav>', "", every_report.as_html(kind), flags=re.DOTALL)
    headings = re.findall(r"<h([1-6])\b[^>]*>(.*?)</h\1>", body, re.DOTALL)
    page = [(int(level), unescape(re.sub(r"<[^>]+>", "", words))) for level, words in headings]
    page = [one for one in page if one[1] not in ONLY_ON_A_SCREEN.get(kind, [])]
    tags = [str(one.S) for one in pdf_tags.elements(file.Root.StructTreeRoot) if str(one.S) in pdf_tags.HEADINGS]

    assert tags == [f"/H{level}" for level, _ in page]
    assert [words for _, words in pdf_tags.bookmarks(file)] == [words for _, words in page]
    assert str(file.Root.Lang) == "en-GB"
    assert bool(file.Root.ViewerPreferences.DisplayDocTitle)
    assert str(file.docinfo.Title).startswith(page[0][1])


def test_every_table_of_a_pdf_has_a_caption_and_heads_of_columns_and_rows(opened):
    _, file = opened
    tables = list(pdf_tags.elements(file.Root.StructTreeRoot, "/Table"))

    assert tables or opened[0] == "executive_update"
    for table in tables:
        kinds = Counter(str(child.S) for child in pdf_tags.children(table))
        assert (kinds["/Caption"], kinds["/THead"], kinds["/TBody"]) == (1, 1, 1)
        heads = list(pdf_tags.elements(next(pdf_tags.elements(table, "/THead")), "/TH"))
        assert {str(pdf_tags.attribute(head, "/Scope")) for head in heads} == {"/Column"}
        for row in pdf_tags.elements(next(pdf_tags.elements(table, "/TBody")), "/TR"):
            first, *others = pdf_tags.children(row)
            assert (str(first.S), str(pdf_tags.attribute(first, "/Scope"))) == ("/TH", "/Row")
            assert [str(cell.S) for cell in others] == ["/TD"] * (len(heads) - 1)


def test_every_chart_of_a_pdf_has_a_caption_and_its_text_alternative(opened):
    kind, file = opened
    order = [one for one in pdf_tags.elements(file.Root.StructTreeRoot) if str(one.S) in ("/Caption", "/Figure")]
    figures = [place for place, one in enumerate(order) if one.S == "/Figure"]

    assert [str(order[place].Alt) for place in figures] == [chart.alt for chart in every_report.charts(kind)]
    assert all(place and order[place - 1].S == "/Caption" for place in figures)


@pytest.fixture(scope="module", params=WITH_BOOKS)
def book(request):
    """The workbook that is published beside a report."""
    (content,) = every_report.workbooks(request.param).values()
    return openpyxl.load_workbook(io.BytesIO(content))


def test_no_other_report_has_a_workbook():
    assert [kind for kind in KINDS if every_report.workbooks(kind)] == WITH_BOOKS


def tables_of(book):
    """Each worksheet that holds a table of figures or words, with its heads and its rows of cells."""
    for sheet in book.worksheets[2:]:
        (table,) = sheet.tables.values()
        heads, *rows = sheet[table.ref]
        yield sheet, [head.value for head in heads], rows


def test_a_workbook_opens_with_a_cover_contents_and_notes(book):
    assert book.sheetnames[:3] == ["Cover", "Contents", "Notes"]
    assert [len(sheet.tables) for sheet in book] == [0] + [1] * (len(book.sheetnames) - 1)
    assert [row[0].value for row in book["Contents"].iter_rows(min_row=4)] == book.sheetnames[2:]
    for sheet in book:
        assert isinstance(sheet["A1"].value, str), "the first cell is the title"
        assert sheet.merged_cells.ranges == set()


def test_a_table_of_a_workbook_is_whole(book):
    for sheet, heads, rows in tables_of(book):
        assert len(set(heads)) == len(heads), sheet.title
        assert all(isinstance(head, str) and head.strip() for head in heads)
        assert rows
        for row in rows:
            assert all(cell.value not in (None, "") for cell in row), (sheet.title, row[0].coordinate)
            assert all(cell.data_type in "snd" for cell in row), "no formula, and no error"
        assert sheet.max_row == rows[-1][0].row, "nothing stands below the table"
        assert sheet.freeze_panes == f"B{rows[0][0].row}"


def test_numbers_of_a_workbook_are_numbers_with_their_unit(book):
    for sheet, heads, rows in tables_of(book):
        for head, *column in zip(heads, *rows, strict=True):
            texts = [cell.value for cell in column if isinstance(cell.value, str)]
            # A year is a period, of which others are words.
            numbers = [text for text in texts if re.fullmatch(r"[−-]?£?[\d,]*\.?\d+%?", text) and not re.fullmatch("20..", text)]
            assert numbers == [], (sheet.title, head)
            if re.search("figure$|result$", head, re.IGNORECASE) and any(cell.data_type == "n" for cell in column):
                assert "Unit" in heads, (sheet.title, head)


def test_symbols_are_explained_where_they_are_used_and_no_others(book):
    used = {}
    for sheet, _, rows in tables_of(book):
        if sheet.title != "Notes":
            words = " ".join(cell.value for row in rows for cell in row if isinstance(cell.value, str))
            used[sheet.title] = {symbol for symbol in SHORTHAND if symbol in words}
            told = {symbol for symbol in SHORTHAND if symbol in sheet["A2"].value}
            assert told == used[sheet.title], sheet.title
    noted = {row[0].value for row in book["Notes"].iter_rows(min_row=4)} & set(SHORTHAND)
    assert noted == set().union(*used.values())


def test_the_columns_of_a_workbook_can_be_read(book):
    for sheet, heads, rows in tables_of(book):
        widths = {n: one.width for one in sheet.column_dimensions.values() for n in range(one.min, one.max + 1)}
        for place, head in enumerate(heads):
            width = widths[place + 1]
            column = [row[place] for row in rows]
            shown = [len(cell.value) if cell.data_type == "s" else 15 if cell.is_date else 0 for cell in column]
            assert 10 < width < 60, (sheet.title, head)
            assert width >= min(max(shown), 46), (sheet.title, head)
            for row, cell in zip(rows, column, strict=True):
                height = sheet.row_dimensions[row[0].row].height or 15
                if isinstance(cell.value, str):
                    assert len(cell.value) <= width * 1.1 * height / 14, (sheet.title, cell.coordinate)
