"""Charts say what they show, hold only what they plot, and fit their width."""

import json
import re
import xml.etree.ElementTree as ElementTree
from functools import cache

import pandas as pd
import pytest
from kpi_rows import LEEDS, history, kpi
from kpireport.presentation import charts, theme
from kpireport.presentation.blocks import Chart
from kpireport.presentation.drawing import draw
from kpireport.rules.counts import count_ratings
from PIL import ImageFont

NAN = float("nan")
DIRECTORATES = pd.DataFrame(
    {"directorate": ["CF", "CHE"], "directorate_name": ["Children and Families", "Communities & <Housing>"]}
)


def areas(**changes) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "area": ["E08000035", "E08000019", "E08000003", "E12000003", "E92000001"],
            "area_name": ["Leeds", "Sheffield", "Manchester", "Yorkshire and The Humber", "England"],
            "comparator_set": ["", "core_cities", "core_cities", "region", "england"],
            "period": "2023-24",
            "value": [87.3, 91.2, 80.0, 89.0, 88.1],
            "is_council": [True, False, False, False, False],
            "producer": ["illustrative", "DfE", "DfE", "DfE", "DfE"],
        }
        | changes
    )


def wards() -> pd.DataFrame:
    names = ["Armley", "Wetherby", "Gipton and Harehills", "Morley North"]
    values = [87.1, 92.0, 61.3, 92.0]
    return pd.DataFrame(
        {
            "area": [f"E0500000{n}" for n in range(4)],
            "area_name": names,
            "period": "2024-25 Q2",
            "value": values,
            "producer": "DWP",
        }
    )


def groups() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "group": ["all", "most deprived tenth"] * 2,
            "period": ["2022-23", "2022-23", "2023-24", "2023-24"],
            "value": [60.0, 49.0, 61.0, 51.0],
            "producer": "DfE",
        }
    )


def ratings() -> pd.DataFrame:
    rows = [
        kpi(directorate="CF", rating="green", rag="green"),
        kpi(directorate="CF", rating="amber", rag="amber"),
        kpi(directorate="CHE"),
        kpi(directorate="CHE", rating="green", rag="green", basis="directional"),
        kpi(directorate="CHE", rating="awaited", rag="", basis="none"),
    ]
    return count_ratings(pd.DataFrame(rows), by="directorate")


ALL = {
    "ratings": lambda: charts.rag_by_directorate(ratings(), DIRECTORATES),
    "trend": lambda: charts.trend(kpi(), history(90.0, 91.5, None, 89.0, 88.0, 87.3), LEEDS),
    "benchmark": lambda: charts.benchmark(kpi(), areas(), LEEDS),
    "wards": lambda: charts.wards(kpi(), wards(), LEEDS),
    "groups": lambda: charts.deprivation_gap(kpi(), groups(), LEEDS),
    "groups in one period": lambda: charts.deprivation_gap(kpi(), groups().tail(2), LEEDS),
}


@cache
def drawn(name: str) -> Chart:
    return ALL[name]()


def texts(chart: Chart) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]*)</text>", draw(chart.spec))


@pytest.mark.parametrize("name", ALL)
def test_every_chart_is_as_wide_as_the_next_with_text_that_a_phone_shows_at_11_pixels(name):
    svg = draw(drawn(name).spec)
    assert re.search(r'<svg[^>]* width="(\d+)"', svg).group(1) == str(theme.CHART_WIDTH)
    assert min(int(size) for size in re.findall(r'font-size="(\d+)px"', svg)) * 320 / theme.CHART_WIDTH >= 11


@pytest.mark.parametrize("name", ALL)
def test_every_chart_comes_out_the_same_twice(name):
    assert json.dumps(ALL[name]().spec) == json.dumps(drawn(name).spec)


@pytest.mark.parametrize("name", ALL)
def test_every_chart_has_its_words_and_its_figures_as_a_table(name):
    chart = drawn(name)
    assert all([chart.title, chart.subtitle, chart.source.startswith("Source: "), chart.alt, chart.data])
    assert "nan" not in f"{chart.title} {chart.subtitle} {chart.alt} {chart.data.text}"


@pytest.mark.parametrize("name", ALL)
def test_a_specification_holds_no_column_that_it_does_not_plot(name):
    spec = drawn(name).spec
    kept = {key for rows in spec["datasets"].values() for row in rows for key in row}
    plotted = set(re.findall(r'"field": "(\w+)"', json.dumps(spec)))
    assert kept <= plotted
    assert "illustrative" not in json.dumps(spec)


def words_in_place(svg: str) -> list[tuple[str, float, float]]:
    """Return each text of a drawing with where it begins and ends, in pixels from the left."""
    found = []

    def walk(node: ElementTree.Element, x: float) -> None:
        if moved := re.match(r"translate\((-?[\d.]+)", node.attrib.get("transform", "")):
            x += float(moved.group(1))
        if node.tag.endswith("text") and node.text:
            style = "Bold" if node.attrib.get("font-weight") == "bold" else "Regular"
            size = int(node.attrib["font-size"].removesuffix("px"))
            wide = ImageFont.truetype(theme.FONT_FOLDER / f"LiberationSans-{style}.ttf", size).getlength(node.text)
            start = x - {"start": 0.0, "middle": wide / 2, "end": wide}[node.attrib.get("text-anchor", "start")]
            found.append((node.text, start, start + wide))
        for child in node:
            walk(child, x)

    walk(ElementTree.fromstring(svg), 0.0)
    return found


@pytest.mark.parametrize("name", ALL)
def test_no_words_are_cut_at_the_edge_of_a_chart(name):
    words = words_in_place(draw(drawn(name).spec))
    assert [text for text, start, end in words if start < 0 or end > theme.CHART_WIDTH] == []
    assert words


def test_hostile_names_are_text():
    rows = areas(area_name=["Leeds", "</svg><script>", "a\"b'c\\", "{{x}}", "England"])
    svg = draw(charts.benchmark(kpi(), rows, LEEDS).spec)
    assert "<script>" not in svg
    assert "&lt;/svg&gt;&lt;script&gt;" in svg


def test_ratings_stand_in_order_of_seriousness_with_each_basis_apart():
    bars = next(rows for rows in drawn("ratings").spec["datasets"].values() if "said" in rows[0])
    family = [bar["colour"] for bar in sorted(bars, key=lambda bar: bar["left"]) if bar["said"].startswith("Children")]
    assert family == [theme.RAG_MARKS["amber"], theme.RAG_MARKS["green"]]
    housing = sorted((bar["left"], bar["right"]) for bar in bars if bar["said"].startswith("Communities"))
    assert len({start for start, _ in housing}) == 3
    assert "Rated against a target" in texts(drawn("ratings"))


def test_ratings_title_gives_the_denominator_and_the_alternative_every_count():
    chart = drawn("ratings")
    assert chart.title == "Communities & <Housing> has the most red ratings: 1 of 1 KPI rated against a target (100%)"
    assert "Children and Families: 2 rated against a target (1 amber and 1 green)." in chart.alt
    assert "1 not rated" in chart.alt


def test_trend_title_says_where_the_kpi_stands_and_against_what():
    chart = charts.trend(kpi(), history(91.0, 87.3), LEEDS)
    assert chart.title == (
        "Repairs completed on time fell to 87.3% in 2024-25 Q2, from 91.0% in 2023-24 Q2, missing the target of 95.0% or more"
    )
    assert "Per cent, Leeds, 2019-20 Q1 to 2019-20 Q2; higher is better; the axis begins at" in chart.subtitle


def test_trend_names_the_last_result_the_target_the_amber_edge_and_the_pandemic():
    assert {"87.3%", "Target 95.0%", "Amber to 93.0%", "Pandemic", "2020-21 Q2"} <= set(texts(drawn("trend")))


def test_trend_alternative_gives_first_last_highest_lowest_target_and_breaks():
    assert drawn("trend").alt == (
        "Line chart of Repairs completed on time (per cent), 5 results from 2019-20 Q1 to 2020-21 Q2. First 90.0%, last 87.3%. "
        "The highest was 91.5% in 2019-20 Q2, the lowest 87.3% in 2020-21 Q2. The line is broken where 1 period has no result. "
        "A dashed line marks the target, 95.0% or more. The pandemic, Apr 2020 to Jun 2021, is shaded."
    )


def runs(chart: Chart) -> list[list[float]]:
    """Return the values of each unbroken line of a trend."""
    lines = [rows for rows in chart.spec["datasets"].values() if set(rows[0]) == {"month", "value", "run"}]
    found: dict[tuple[int, int], list[float]] = {}
    for number, rows in enumerate(lines):
        for row in rows:
            found.setdefault((number, row["run"]), []).append(row["value"])
    return list(found.values())


def test_trend_is_broken_where_a_result_is_absent_or_a_period_is_left_out():
    without_target = kpi(target=NAN, floor=NAN)
    absent = charts.trend(without_target, history(1.0, 2.0, None, 4.0, targets=NAN), LEEDS)
    assert runs(absent) == [[1.0, 2.0], [4.0]]
    left_out = charts.trend(without_target, history(1.0, 2.0, 3.0, 4.0, targets=NAN).drop(index=2), LEEDS)
    assert runs(left_out) == [[1.0, 2.0], [4.0]]


def test_a_cumulative_kpi_starts_a_new_line_each_year():
    row = kpi(measure_type="cumulative", target=NAN, floor=NAN)
    assert sorted(runs(charts.trend(row, history(1.0, 2.0, 3.0, 4.0, 1.5, 2.5, targets=NAN), LEEDS))) == [
        [1.0, 2.0, 3.0, 4.0],
        [1.5, 2.5],
    ]


def test_a_provisional_last_result_is_marked():
    rows = history(91.0, 87.3, maturity=["final", "provisional"])
    assert "87.3% [p]" in texts(charts.trend(kpi(maturity="provisional"), rows, LEEDS))


def test_a_target_in_steps_keeps_the_target_of_each_period():
    chart = charts.trend(kpi(), history(91.0, 92.0, 87.3, targets=[90.0, 90.0, 95.0]), LEEDS)
    steps = next(rows for rows in chart.spec["datasets"].values() if rows[-1]["value"] == 95.0 and len(rows) == 4)
    assert [step["value"] for step in steps] == [90.0, 90.0, 90.0, 95.0]


def test_a_kpi_without_any_result_has_no_line_and_says_so():
    chart = charts.trend(kpi(value=NAN, rating="awaited", rag="", basis="none"), history(None, None), LEEDS)
    assert chart.title == "Repairs completed on time: no result to show"
    assert texts(chart) == ["No result to show"]


def test_no_pandemic_is_claimed_where_none_is_drawn():
    chart = charts.trend(kpi(), history(91.0, 87.3, first=16), LEEDS)
    assert "pandemic" not in chart.alt
    assert "Pandemic" not in texts(chart)


def test_benchmark_ranks_councils_only_and_compares_with_england():
    chart = drawn("benchmark")
    assert chart.title == "Repairs completed on time: Leeds, at 87.3%, is 2nd best of 3 authorities and worse than England"
    assert (
        "best first: Sheffield 91.2%; Yorkshire and The Humber 89.0%; England 88.1%; Leeds 87.3%; Manchester 80.0%." in chart.alt
    )
    assert chart.source == "Source: DfE and illustrative sample values"


def test_benchmark_of_a_lower_is_better_kpi_is_mirrored():
    chart = charts.benchmark(kpi(polarity="lower_is_better"), areas(), LEEDS)
    assert "is 2nd best of 3 authorities and better than England" in chart.title
    assert "best first: Manchester 80.0%; Leeds 87.3%" in chart.alt


def test_benchmark_compares_like_periods_only_and_says_where_they_differ():
    chart = charts.benchmark(kpi(), areas(period=["2023-24", "2022-23", "2023-24", "2022-23", "2022-23"]), LEEDS)
    assert chart.title == "Repairs completed on time: Leeds, at 87.3%, is the best of 2 authorities"
    assert "periods differ" in chart.subtitle
    assert "Sheffield (2022-23)" in texts(chart)


def test_wards_name_the_highest_and_lowest_with_ties():
    chart = drawn("wards")
    assert (
        chart.title
        == "Repairs completed on time: highest in Morley North and Wetherby (92.0%), lowest in Gipton and Harehills (61.3%)"
    )
    assert "Leeds 87.3%" in texts(chart)


def test_wards_of_another_period_stand_without_the_councils_figure():
    assert "Leeds 87.3%" not in texts(charts.wards(kpi(period="2023-24 Q2"), wards(), LEEDS))


def test_gap_compares_groups_in_the_last_period_that_they_share():
    rows = pd.concat([groups(), pd.DataFrame({"group": ["all"], "period": ["2024-25"], "value": [70.0], "producer": ["DfE"]})])
    chart = charts.deprivation_gap(kpi(frequency="annual"), rows, LEEDS)
    assert chart.title == "Repairs completed on time: 51.0% in the most deprived tenth of Leeds, against 61.0% in Leeds (2023-24)"
    assert "51.0% (2023-24)" in texts(chart)


def test_groups_that_cannot_be_followed_over_time_are_bars_of_the_last_period_they_share():
    once = pd.DataFrame({"group": ["women", "men"], "period": "2022-23", "value": [27.9, 17.7], "producer": "DfE"})
    chart = charts.deprivation_gap(kpi(frequency="annual"), pd.concat([groups(), once], ignore_index=True), LEEDS)
    assert chart.title == (
        "Repairs completed on time: 60.0% in Leeds, and by group from 17.7% (men) to 49.0% (most deprived tenth) in 2022-23"
    )
    assert texts(chart)[:5] == ["Most deprived tenth", "of Leeds", "Women in Leeds", "Men in Leeds", "Leeds"]
