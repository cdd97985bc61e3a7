"""What the pages of the survey say, read from the plain form of their blocks."""

import io
import json
import re
from types import SimpleNamespace

import openpyxl
import pandas as pd
import pytest
from kpireport.presentation import survey_pages, survey_wording, survey_workbook, theme
from kpireport.presentation.blocks import Block, Chart
from kpireport.presentation.drawing import draw
from kpireport.rules.disclosure import MINIMUM_GROUP
from kpireport.rules.survey_results import for_year

DIRECTORATES = pd.DataFrame(
    {"directorate": ["AH", "CF", "SR"], "directorate_name": ["Adults", "Children & <Families>", "Strategy"]}
)
ANSWERS = ("Well embedded", "Fairly embedded", "Not embedded", "Don't know", "Not applicable", "")
HOSTILE = "=Escalation & <script>"


def answered(year: int, question: str, directorate: str, *counts: int) -> list[dict[str, object]]:
    return [
        {
            "year": year,
            "question": question,
            "directorate": directorate,
            "answer": answer,
            "respondent": f"{directorate}{answer}{number}",
        }
        for answer, count in zip(ANSWERS, counts, strict=False)
        for number in range(count)
    ]


def survey(edition="internal", year=2024, producer="illustrative", *more):
    rows = [
        *answered(2023, "Monitoring", "AH", 40, 40, 15, 5),
        *answered(2023, "Monitoring", "CF", 20, 0, 0, 0),
        *answered(2024, "Monitoring", "AH", 80, 14, 4, 2, 3, 1),
        *answered(2024, "Monitoring", "CF", 9, 10, 0, 1),
        *answered(2024, "Monitoring", "SR", 5, 0, 0, 0),
        *answered(2024, HOSTILE, "AH", 50, 50, 0, 0),
        *more,
    ]
    frame = pd.DataFrame(rows).assign(producer=producer).astype({"year": "Int64"})
    return for_year(frame, DIRECTORATES, year=year, edition=edition)


@pytest.fixture(scope="module")
def results():
    return survey()


@pytest.fixture(scope="module")
def public():
    return survey("public")


def text(page):
    return "\n".join(part.text for part in page.parts if isinstance(part, Block))


def charts(page):
    return [part for part in page.parts if isinstance(part, Chart)]


_made: list[tuple] = []


def pages(results, edition="internal"):
    """Return the report's five pages, made once for each survey."""
    for known, its_edition, made in _made:
        if known is results and its_edition == edition:
            return made
    made = [
        survey_pages.front_page(results.answers, results.positive, results.changes, results.too_small, year=results.year),
        survey_pages.distribution(results.answers, results.changes),
        survey_pages.change(results.changes),
        survey_pages.breakdown(results.by_directorate, results.directorate_changes, edition=edition),
        survey_pages.notes(results.answers, edition=edition),
    ]
    _made.append((results, edition, made))
    return made


def front(results):
    return text(pages(results)[0])


def test_the_first_page_begins_with_how_many_find_each_arrangement_well_embedded(results):
    assert front(results).splitlines()[0] == (
        "In 2024, 75% rated Monitoring as well embedded (50% in 2023) and 50% =Escalation & <script> (not asked before)."
    )


def test_the_first_page_has_the_small_table_with_this_year_the_last_and_the_change(results):
    rows = [line for line in front(results).splitlines() if " | " in line]
    assert rows[1:4] == [
        "Monitoring, 2024 | 75% | 19% | 3% | 2%",
        "Monitoring, 2023 | 50% | 33% | 13% | 4%",
        "Change, points: Monitoring | +25 | −14 | −10 | −2",
    ]


def test_a_change_beyond_chance_is_named_and_the_others_are_not_claimed(results):
    said = next(line for line in front(results).splitlines() if "chance" in line)
    assert said.startswith(
        "- With as many respondents as the illustrative ones, three of 4 changes since 2023 are more than chance"
    )
    assert "well embedded (+25)" in said
    assert "don't know" not in said


def test_not_applicable_and_blank_answers_are_counted_apart(results):
    assert "Monitoring: 125 answered; 3 said not applicable and 1 left it blank, and are in no percentage." in front(results)
    row = next(line for line in text(pages(results)[1]).splitlines() if line.startswith("Monitoring, 2024"))
    assert row == "Monitoring, 2024 | 125 | 94 (75%) | 24 (19%) | 4 (3%) | 3 (2%) | 3 | 1"


def test_every_change_is_printed_with_its_interval_and_reading(results):
    row = next(line for line in text(pages(results)[2]).splitlines() if "Monitoring: don't know" in line)
    assert re.fullmatch(r"Monitoring: don't know \| 2% \| 4% \| −2 \| −7\.2 to \+3\.2 \| May be chance", row)


def test_a_hidden_directorate_shows_no_figure_and_the_page_says_why(results):
    page = text(pages(results)[3])
    assert (
        "Hidden, and shown as [c]: in 2024, Children & <Families> and Strategy (on Monitoring). A directorate in which fewer"
        in page
    )
    rows = {line.split(" | ")[0]: line for line in page.splitlines() if " | " in line}
    assert rows["Strategy"] == "Strategy | [c] | [c] | [c] | [c] | [c] | not asked"
    assert rows["Children & <Families>"].endswith("[c] | [c] | [c] | [c] | [c] | [c]")


def test_the_minimum_that_pages_print_is_the_rules():
    assert survey_wording.MINIMUM == MINIMUM_GROUP


def test_made_up_respondents_are_called_illustrative_wherever_their_figures_stand(results):
    every = pages(results)
    captions = [
        caption
        for page in every
        for part in page.parts
        if isinstance(part, Block)
        for caption in re.findall("<caption>(.*?)</caption>", part.html)
    ]
    assert len(captions) == 5
    assert all(survey_wording.ILLUSTRATIVE in caption for caption in captions)
    drawn = [chart for page in every for chart in charts(page)]
    assert len(drawn) == 4
    assert all(survey_wording.ILLUSTRATIVE in chart.source for chart in drawn)
    assert "respondents are illustrative" in text(every[4])


def test_real_respondents_are_not_called_illustrative():
    every = pages(survey("internal", 2024, "I&P"))
    assert not [part for page in every for part in page.parts if "illustrative" in str(part.bundle())]


def test_charts_draw_figures_inside_wide_parts_and_name_narrow_ones_beside_the_bar(results):
    (chart,) = charts(pages(results)[1])
    svg = draw(chart.spec)
    words = re.findall(r"<text[^>]*>([^<]*)</text>", svg)
    assert {"2024", "2023", "75%", "19%", "3% not embedded, 2% don't know"} <= set(words)
    assert re.search(r'<svg[^>]* width="(\d+)"', svg).group(1) == str(theme.CHART_WIDTH)
    assert chart.title == "Well embedded: Monitoring up from 50% to 75%"
    assert "Monitoring, 2023: well embedded 50%, fairly embedded 33%, not embedded 13% and don't know 4%." in chart.alt


def test_chart_of_directorates_says_which_are_not_shown(results):
    first, _ = charts(pages(results)[3])
    assert "Strategy: not shown." in first.alt
    assert "[c] hidden" in draw(first.spec)


def test_a_question_of_which_no_directorate_can_be_shown_still_has_its_chart():
    only = [*answered(2024, "Monitoring", "AH", 9), *answered(2024, "Monitoring", "CF", 9)]
    frame = pd.DataFrame(only).assign(producer="I&P").astype({"year": "Int64"})
    results = for_year(frame, DIRECTORATES, year=2024)
    (chart,) = charts(pages(results)[3])
    assert chart.title == "Monitoring: no directorate can be shown"
    assert draw(chart.spec).count("[c] hidden") == 2


def test_many_questions_are_summed_up_in_the_first_sentence():
    more = [
        row
        for number in range(6)
        for year in (2023, 2024)
        for row in answered(year, f"Q{number}", "AH", 10 + number + year - 2020, 20)
    ]
    lead = front(survey("internal", 2024, "I&P", *more)).splitlines()[0]
    assert lead.startswith(
        "In 2024, the share that answered well embedded ranges from 41% (Q0) to 75% (Monitoring); since 2023 it rose for 7 of 7"
    )


def test_a_first_survey_is_not_compared():
    every = pages(survey(year=2023))
    assert text(every[2]) == "There is no earlier survey with which these answers could be compared.\n"
    assert text(every[0]).splitlines()[0] == "In 2023, 50% rated Monitoring as well embedded."


def test_a_year_without_answers_says_so_on_every_page():
    every = pages(survey(year=2020))
    assert [len(text(page).strip().splitlines()) for page in every[:4]] == [1, 1, 1, 1]
    assert text(every[0]).startswith("No answers to the Survey of Internal Control are recorded for 2020")


def test_the_public_edition_prints_no_number_of_respondents_and_claims_nothing(public):
    every = pages(public, "public")
    words = " ".join(text(page) for page in every)
    assert "75%" in words
    assert not re.search(r"\b(94|125|24|120|100)\b(?!%)", words.replace("add up to 100", ""))
    assert "cannot be said, as the number of respondents is not given" in words
    assert "95% interval" not in words
    assert "not in the public edition" in text(every[3])
    assert charts(every[3]) == []
    assert charts(every[2]) == []


def test_the_chart_of_the_public_edition_holds_printed_percentages_alone(public, results):
    (own,), (other,) = charts(pages(public, "public")[1]), charts(pages(results)[1])
    assert json.dumps(own.spec) != json.dumps(other.spec)
    assert own.alt == other.alt


def test_the_reading_of_a_change_without_respondents_is_no_claim(public):
    row = public.changes.iloc[0]
    assert survey_wording.reading(row) == "No claim: number of respondents not given"
    assert survey_wording.interval(row) == "–"


@pytest.mark.parametrize(
    ("shown", "percent", "said"),
    [
        (64.0, 64.2, "64%"),
        (0.0, 0.0, "0%"),
        (0.0, 0.3, "under 1%"),
        (100.0, 99.7, "over 99%"),
        (float("nan"), float("nan"), "[c]"),
    ],
)
def test_a_few_of_many_are_never_none(shown, percent, said):
    assert survey_wording.share({"shown_percent": shown, "percent": percent}) == said


@pytest.mark.parametrize(("change", "said"), [(6.0, "+6"), (-7.0, "−7"), (0.0, "0"), (float("nan"), "–")])
def test_changes_carry_their_sign(change, said):
    assert survey_wording.points(change) == said


def workbook(results) -> openpyxl.Workbook:
    council = SimpleNamespace(name="Leeds City Council")
    report = SimpleNamespace(council=council, title="Survey", subtitle="2024", date="2024-05-31", results=results)
    content = survey_workbook.survey_workbook(report)
    assert content == survey_workbook.survey_workbook(report)
    return openpyxl.load_workbook(io.BytesIO(content))


def rows_of(sheet):
    heads, *body = sheet[next(iter(sheet.tables.values())).ref]
    return [dict(zip([head.value for head in heads], [cell.value for cell in row], strict=True)) for row in body]


def test_the_workbook_has_numbers_as_numbers_and_text_as_text(results):
    book = workbook(results)
    assert book.sheetnames == ["Cover", "Contents", "Notes", "Answers", "Changes", "Directorates"]
    first = rows_of(book["Answers"])[0]
    assert first == {
        "Question": "Monitoring",
        "Year": 2024,
        "Answer": "Well embedded",
        "Number": 94,
        "Answered": 125,
        "Not applicable": 3,
        "Left blank": 1,
        "Per cent": 75,
    }
    assert all(cell.data_type != "f" for sheet in book for row in sheet for cell in row)
    assert {row["Per cent"] for row in rows_of(book["Directorates"]) if row["Directorate"] == "Strategy"} == {"[c]"}


def test_the_public_workbook_has_percentages_alone(public):
    book = workbook(public)
    assert book.sheetnames == ["Cover", "Contents", "Notes", "Answers", "Changes"]
    assert list(rows_of(book["Answers"])[0]) == ["Question", "Year", "Answer", "Per cent"]
    assert {row["95% interval, from"] for row in rows_of(book["Changes"])} == {"[x]"}


def test_every_sheet_of_figures_says_that_respondents_are_illustrative(results):
    book = workbook(results)
    assert all(survey_wording.ILLUSTRATIVE in book[name]["A1"].value for name in ("Answers", "Changes", "Directorates"))
