"""The pages of the Best City Ambition Scorecard: outcomes by pillar with trend and benchmark, never a target and never a rating.

One call is one section. Every page takes the scorecard itself, so that the Annual Performance Report shows the same ones.
"""

from collections.abc import Iterator
from datetime import date

import pandas as pd

from kpireport.presentation import charts, city_wording, definitions, kpi_cells, signals, sparkline, theme, wording
from kpireport.presentation.blocks import Attachment, Block, Page, Part
from kpireport.presentation.city_scorecard import CityReport, Scorecard, WardIndex
from kpireport.presentation.city_workbook import city_workbook
from kpireport.presentation.data_table import Column, table
from kpireport.presentation.markup import EMPTY, bullets, facts, heading, lines, named, paragraph, quiet, stack, words
from kpireport.presentation.oversight import nothing
from kpireport.presentation.report import Council
from kpireport.presentation.spreadsheet import WORKBOOK_TYPE
from kpireport.vocabulary import ILLUSTRATIVE

SYMBOLS = ("[c]", "[p]", "[r]", "[x]")
METHOD = (
    "Improving and worsening compare the latest figure with an earlier one of the same kind: a rolling year with the same twelve "
    "months a year earlier, pooled years with the years before that share none of them.",
    "A figure is compared with the country's, or with those of other councils, for the latest period that both have.",
    "Below each outcome stand its identifier, the word Marmot where the Marmot City work on health inequalities shares it, and "
    "the component of the Social Progress Index to which it speaks.",
    "The most deprived tenth are the people who live in neighbourhoods among the most deprived tenth in England.",
)


def brief(scorecard: Scorecard, council: Council) -> Page:
    """Return the scorecard's message: how many outcomes improve, how the city stands, who is worst off, which wards."""
    if scorecard.indicators.empty:
        return nothing(city_wording.NO_INDICATORS)
    message = [
        paragraph(words(city_wording.headline(scorecard, council.place)), kind="lead"),
        bullets(words(said) for said in city_wording.findings(scorecard, council.place)),
        paragraph(words(city_wording.NO_TARGETS)),
        _travel(scorecard),
    ]
    return Page((stack(message),))


def _travel(scorecard: Scorecard) -> Block:
    counted = {"improving": "Improving", "no_change": "No change", "worsening": "Worsening", "not_judged": "Not judged"}
    columns = [
        Column("Pillar", 3),
        *(Column(head, 1.5, is_number=True) for head in counted.values()),
        Column("Indicators", 1.5, is_number=True),
    ]
    rows = (
        [words(str(row["pillar_name"])), *(words(f"{row[name]:,}") for name in (*counted, "of"))]
        for _, row in scorecard.counts.iterrows()
    )
    return table("How many outcomes travel which way, by pillar", columns, rows, kind="figures")


def outcomes(scorecard: Scorecard, council: Council, *, is_whole_list: bool = True) -> Page:
    """Return every indicator by pillar: latest figure, change in words, the country, other councils, and its trend.

    `is_whole_list` says that links to an outcome's figure lead here; once in a report.
    """
    if scorecard.indicators.empty:
        return nothing(city_wording.NO_INDICATORS)
    past = {str(kpi_id): rows for kpi_id, rows in scorecard.history.groupby("kpi_id", sort=False)}
    return Page((stack(_pillars(scorecard, council, past, is_whole_list=is_whole_list)),))


def _pillars(scorecard: Scorecard, council: Council, past: dict[str, pd.DataFrame], *, is_whole_list: bool) -> Iterator[Block]:
    country, others = (_first(scorecard.indicators[name]) for name in ("country_name", "set_name"))
    columns = [
        Column("Outcome", 4.6),
        Column("Latest figure", 1.9, is_number=True),
        Column("Change", 4.2),
        Column(country or "Country", 1.9, is_number=True),
        Column(f"Place in {others}" if others else "Place", 1.5, is_number=True),
        Column("Trend", 2.9, is_decorative=True),
    ]
    for pillar, name in zip(scorecard.pillars["pillar"], scorecard.pillars["pillar_name"], strict=True):
        own = scorecard.indicators[scorecard.indicators["pillar"] == pillar]
        if len(own):
            yield heading(3, words(str(name)), f"bca-{str(pillar).replace('_', '-')}")
            cells = (
                [_name(row, is_whole_list=is_whole_list), *_outcome(row, council.place, past.get(str(row["kpi_id"])))]
                for _, row in own.iterrows()
            )
            yield table(f"{name}: {wording.count(len(own), 'outcome')}", columns, cells)


def _first(texts: "pd.Series[str]") -> str:
    filled = texts[texts.ne("")]
    return str(filled.iloc[0]) if len(filled) else ""


def _outcome(row: pd.Series, place: str, history: pd.DataFrame | None) -> list[Block]:
    return [
        kpi_cells.latest(row),
        _change(row),
        _country(row, place),
        _place(row),
        _trend(history, int(row["decimals"])),
    ]


def _name(row: pd.Series, *, is_whole_list: bool) -> Block:
    name = _linked(row)
    own = named(kpi_cells.figure_anchor(str(row["kpi_id"])), name) if is_whole_list else name
    return lines([own, quiet(words(_marks(row)))])


def _linked(row: pd.Series) -> Block:
    return kpi_cells.to_definition(row, words(str(row["kpi_name"])))


def _marks(row: pd.Series) -> str:
    marks = [str(row["kpi_id"])]
    marks += ["Marmot"] if row["is_marmot"] else []
    marks += [str(row["spi_component"])] if row["spi_component"] else []
    return " · ".join(marks)


def _change(row: pd.Series) -> Block:
    earlier = str(row["comparator_period"])
    since = f"Against {wording.named_period(earlier)}." if earlier else ""
    said = " ".join(part for part in (since, signals.recent_trend(row)) if part)
    return lines([kpi_cells.direction(row), quiet(words(said)) if said else EMPTY])


def _country(row: pd.Series, place: str) -> Block:
    if wording.is_missing(row["country_value"]):
        return words("–")
    period = "" if row["country_period"] == row["period"] else f", {row['country_period']}"
    said = f"{city_wording.country(row, place)}{period}".removeprefix(", ")
    return lines([words(city_wording.printed(row, row["country_value"])), quiet(words(said)) if said else EMPTY])


def _place(row: pd.Series) -> Block:
    if not row["rank_label"]:
        return words("–")
    period = "" if row["set_period"] == row["period"] else str(row["set_period"])
    return lines([words(f"{row['rank_label']} of {int(row['of'])}"), quiet(words(period)) if period else EMPTY])


def _trend(history: pd.DataFrame | None, decimals: int) -> Block:
    if history is None:
        return EMPTY
    values = history["value"].tolist()
    return Block(sparkline.svg(values, decimals=decimals), sparkline.typst(values, decimals=decimals), "")


def marmot(scorecard: Scorecard) -> Page:
    """Return the indicators shared with the Marmot City work, with how the most deprived tenth fares."""
    rows = scorecard.indicators[scorecard.indicators["is_marmot"]]
    if rows.empty:
        return nothing("No indicator of the scorecard is marked as one of the Marmot City work.")
    deprived = scorecard.contrast.set_index("kpi_id")
    columns = [
        Column("Marmot indicator", 4.2),
        Column("Pillar", 2.4),
        Column("Latest figure", 2, is_number=True),
        Column("Change", 3.8),
        Column("Most deprived tenth", 2.2, is_number=True),
    ]
    cells = (
        [
            _linked(row),
            words(str(row["pillar_name"])),
            kpi_cells.latest(row),
            kpi_cells.direction(row),
            _of_deprived(deprived.loc[row["kpi_id"]]) if row["kpi_id"] in deprived.index else words("–"),
        ]
        for _, row in rows.iterrows()
    )
    said = f"{wording.share(len(rows), len(scorecard.indicators), 'outcome')} are shared with the Marmot City work."
    return Page((stack([paragraph(words(said), kind="intro"), table("Marmot indicators", columns, cells)]),))


def _of_deprived(row: pd.Series) -> Block:
    figure = city_wording.printed(row, row["deprived_value"])
    return lines([words(figure), quiet(words(str(row["contrast_period"])))])


def deprivation(scorecard: Scorecard, council: Council) -> Page:
    """Return the city against its most deprived tenth: the widest gap over time, and every indicator that has both."""
    rows = scorecard.contrast
    if rows.empty:
        return nothing(city_wording.NO_CONTRAST)
    columns = [
        Column("Outcome", 4),
        Column("Most deprived tenth", 2, is_number=True),
        Column(council.place, 2, is_number=True),
        Column("Gap", 4.4),
        Column("Period", 1.9),
    ]
    cells = (
        [
            _linked(row),
            words(city_wording.printed(row, row["deprived_value"])),
            words(city_wording.printed(row, row["whole_value"])),
            words(city_wording.gap(row)),
            words(str(row["contrast_period"])),
        ]
        for _, row in rows.iterrows()
    )
    parts: list[Part] = []
    widest = rows[rows["kpi_id"] == scorecard.widest]
    if len(widest):
        parts.append(
            charts.deprivation_gap(widest.iloc[0], scorecard.groups[scorecard.groups["kpi_id"] == scorecard.widest], council)
        )
    caption = f"{wording.count(len(rows), 'outcome')} for the most deprived tenth and for all of {council.place}"
    sample = _sample_line(rows["contrast_producer"], "figure of the most deprived tenth")
    return Page((*parts, stack([table(caption, columns, cells), sample])))


def _sample_line(producers: "pd.Series[str]", noun: str) -> Block:
    number = int(producers.eq(ILLUSTRATIVE).sum())
    if not number:
        return EMPTY
    return paragraph(words(f"{wording.share(number, len(producers), noun)} are illustrative."), kind="quiet")


def index(scorecard: Scorecard, council: Council) -> Page:
    """Return the Social Progress Index ward by ward: the map, then every ward's rank and scores."""
    found = scorecard.index
    if found is None:
        return nothing(city_wording.NO_INDEX)
    parts: list[Part] = [paragraph(words(city_wording.index_method(found))), *_map(scorecard, found, council)]
    return Page((*parts, _ward_table(found)))


def _map(scorecard: Scorecard, found: WardIndex, council: Council) -> Iterator[Part]:
    """Yield the wards on their outlines where the council has every one of them, and otherwise on tiles."""
    about = {"title": city_wording.index_title(found), "source": city_wording.index_source(found)}
    subtitle = f"Social Progress Index, wards of {council.place}, {found.period}"
    alt_text, placed = city_wording.index_alt(found), found.wards.dropna(subset=["row", "column"])
    if set(found.wards["area"]) <= set(scorecard.ward_outlines):
        yield charts.ward_map(found.wards, scorecard.ward_outlines, subtitle=subtitle, alt_text=alt_text, **about)
    elif len(placed):
        tiles = f"{subtitle}; each tile about where its ward lies"
        yield charts.ward_tiles(placed, subtitle=tiles, alt_text=alt_text, **about)


def _ward_table(found: WardIndex) -> Block:
    names = found.nodes.set_index("node")["node_name"]
    columns = [
        Column("Ward", 3.4),
        Column("Rank", 0.9, is_number=True),
        Column("Score", 1, is_number=True),
        *(Column(str(names[node]), 1.6, is_number=True) for node in found.dimensions.columns),
    ]
    rows = (
        [
            words(str(ward["area_name"])),
            words(str(ward["rank_label"]) or "–"),
            words(_score(ward["score"])),
            *(words(_score(score)) for score in scores),
        ]
        for (_, ward), scores in zip(found.wards.iterrows(), found.dimensions.itertuples(index=False, name=None), strict=True)
    )
    return table(
        f"Social Progress Index by ward, {found.period}: rank, score and dimensions (0 to 100)", columns, rows, kind="figures"
    )


def _score(score: float) -> str:
    return "–" if wording.is_missing(score) else wording.number(score, 1)


def components(scorecard: Scorecard) -> Page:
    """Return the index's components with their indicators and the range of the wards' scores."""
    found = scorecard.index
    if found is None:
        return nothing(city_wording.NO_INDEX)
    columns = [
        Column("Component", 2.6),
        Column("Made of", 4.6),
        Column("Lowest ward", 2.8),
        Column("Median", 1.1, is_number=True),
        Column("Highest ward", 2.8),
    ]
    made = found.nodes.groupby("parent", sort=False)["node_name"].agg("; ".join)
    rows = (
        [
            lines([words(str(row["node_name"])), quiet(words(str(row["dimension_name"])))]),
            words(str(made[row["node"]])),
            _end(row["lowest"], str(row["lowest_wards"])),
            words(_score(row["median"])),
            _end(row["highest"], str(row["highest_wards"])),
        ]
        for _, row in found.components.iterrows()
    )
    return Page((table(f"{wording.count(len(found.components), 'component')} of the index, scores 0 to 100", columns, rows),))


def _end(score: float, names: str) -> Block:
    return lines([words(_score(score)), quiet(words(wording.join_some(names.split("; "))))])


def voice(scorecard: Scorecard) -> Page:
    """Return what residents said, of those who agreed to be quoted, by pillar."""
    if scorecard.voice.empty:
        return nothing(city_wording.NO_VOICE)
    parts = [paragraph(words(city_wording.voice_intro(scorecard)), kind="intro")]
    for name, rows in scorecard.voice.groupby("pillar_name", sort=False):
        parts.append(heading(3, words(str(name)), f"bca-voice-{str(rows['pillar'].iloc[0]).replace('_', '-')}"))
        parts += [_quotation(row) for _, row in rows.iterrows()]
    return Page((stack(parts),))


def _quotation(row: pd.Series) -> Block:
    said, by = words(f"“{row['quote']}”"), words(f"{row['source']}, {wording.day(row['collected_on'])}")
    return Block(
        f'<blockquote class="said"><p>{said.html}</p>\n<p class="quiet">{by.html}</p></blockquote>\n',
        f"#quote(block: true)[{said.typst}#linebreak(){quiet(by).typst}]\n\n",
        f"{said.text} ({by.text})\n",
    )


def what_outcomes_measure(scorecard: Scorecard) -> Page:
    """Return what each outcome measures, and where its figure comes from."""
    if scorecard.indicators.empty:
        return nothing(city_wording.NO_INDICATORS)
    return Page((definitions.on_screen(definitions.defined(scorecard.indicators, noun="outcome")),))


def notes(report: CityReport) -> Page:
    """Return how the figures are made and what to bear in mind when reading them."""
    scorecard = report.scorecard
    parts = [
        heading(3, words("How to read it"), "bca-method"),
        bullets(words(said) for said in METHOD),
        heading(3, words("Symbols"), "bca-symbols"),
        facts(((symbol, words(theme.SHORTHAND[symbol])) for symbol in SYMBOLS), kind="said"),
        heading(3, words("Data used"), "bca-data"),
        bullets(words(said) for said in city_wording.data_used(scorecard, date.fromisoformat(report.date), report.edition)),
    ]
    return Page((stack(parts),))


def files(report: CityReport) -> Page:
    """Return the workbook that is published beside the report."""
    content = city_workbook(report)
    return Page(
        (Attachment("bca-scorecard.xlsx", WORKBOOK_TYPE, content, "The scorecard and every stage of the index as a workbook"),)
    )
