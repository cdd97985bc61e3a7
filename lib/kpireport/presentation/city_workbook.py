"""The Best City Ambition Scorecard as a workbook: outcomes, series, the most deprived tenth, the index stage by stage."""

from typing import Any

import pandas as pd

from kpireport.presentation import city_wording, findings, theme, wording
from kpireport.presentation.city_scorecard import CityReport, Scorecard, WardIndex
from kpireport.presentation.sheets import Sheet, workbook

NOTES = {
    "[c]": "Confidential: hidden because the numbers are small.",
    "[p]": "Provisional: the figure may still change.",
    "[r]": "Revised since the previous quarter's report.",
    "[x]": "Not available: not published, not recorded, or nothing to compare with.",
    "[z]": "Not applicable.",
    "Change": "The latest figure against the earlier one beside it.",
    "Most deprived tenth": "People in neighbourhoods among the most deprived tenth in England.",
    "Score": "0 to 100; 100 is the better end of an indicator's scale.",
    "illustrative": "A sample value that no producer published.",
}


def city_workbook(report: CityReport) -> bytes:
    """Return the workbook of a scorecard; a part without any figures has no worksheet."""
    scorecard = report.scorecard
    sheets = []
    if len(scorecard.indicators):
        sheets.append(Sheet("Outcomes", f"Outcomes, {scorecard.year}", _outcomes(scorecard), index_columns=2))
        sheets.append(Sheet("Series", "Every figure of each outcome", _series(scorecard), index_columns=2))
    if len(scorecard.contrast):
        sheets.append(Sheet("Deprivation", "The most deprived tenth against everyone", _contrast(scorecard), index_columns=2))
    if scorecard.index is not None:
        names = scorecard.index.nodes.set_index("node")["node_name"]
        scores = _scores(scorecard.index, names)
        formats = dict.fromkeys(scores.columns[2:], "0.0")
        title = f"Social Progress Index, {scorecard.index.period}: ranks and scores of wards"
        sheets.append(Sheet("Wards", title, scores, formats=formats))
        sheets.append(Sheet("Hierarchy", "What the index is made of, with weights", _hierarchy(scorecard.index, names)))
        sheets.append(
            Sheet(
                "Indicators", "Every indicator in every ward, and its score", _indicators(scorecard.index, names), index_columns=2
            )
        )
    if len(scorecard.voice):
        sheets.append(Sheet("Voice", "What residents said, with consent", _voice(scorecard)))
    return workbook(
        sheets,
        notes=NOTES,
        title=f"{report.council.name}: {report.title}",
        intro=[report.subtitle, city_wording.NO_TARGETS],
        about=[f"Results received up to {wording.day(pd.Timestamp(report.date))}.", *_samples(scorecard)],
        author=report.council.name,
        date=report.date,
    )


def _samples(scorecard: Scorecard) -> list[str]:
    if not scorecard.illustrative:
        return []
    shown = wording.share(scorecard.illustrative, len(scorecard.indicators), "outcome")
    return [f"{shown} show an illustrative value, which no producer published."]


def _number(value: Any, words: str = "[x]") -> float | str:
    return words if wording.is_missing(value) else float(value)


def _outcomes(scorecard: Scorecard) -> pd.DataFrame:
    rows = [
        {
            "Indicator": row["bca_indicator"],
            "Name": row["kpi_name"],
            "KPI": row["kpi_id"] if row["is_shared"] else "[z]",
            "Pillar": row["pillar_name"],
            "Marmot": "Yes" if row["is_marmot"] else "No",
            "Component of the index": row["spi_component"] or "[z]",
            "Latest figure": _number(row["value"], wording.shorthand(row)),
            "Unit": findings.unit(row),
            "Period": row["period"] or "[x]",
            "Earlier figure": _number(row["comparator_value"]),
            "Earlier period": row["comparator_period"] or "[x]",
            "Direction": theme.DIRECTION_WORDS[row["direction"]],
            "Change": wording.sentence(wording.change(row)),
            "Benchmark": row["country_name"] or "[x]",
            "Benchmark figure": _number(row["country_value"]),
            "Benchmark period": row["country_period"] or "[x]",
            "Place among councils": f"{row['rank_label']} of {int(row['of'])}" if row["rank_label"] else "[x]",
            "Producer": row["producer"] or "[x]",
        }
        for _, row in scorecard.indicators.iterrows()
    ]
    return pd.DataFrame(rows, dtype=object)


def _series(scorecard: Scorecard) -> pd.DataFrame:
    named = scorecard.history.merge(
        scorecard.indicators[["kpi_id", "bca_indicator", "kpi_name", "unit"]], on="kpi_id", how="inner", validate="many_to_one"
    )
    return pd.DataFrame(
        {
            "Indicator": named["bca_indicator"],
            "Name": named["kpi_name"],
            "Period": named["period"],
            "Figure": [
                _number(value, theme.RATING_WORDS.get(str(why), "[x]"))
                for value, why in zip(named["value"], named["absence"], strict=True)
            ],
            "Unit": [findings.unit(row) for row in wording.rows(named)],
            "Producer": named["producer"],
        },
        dtype=object,
    ).sort_values("Indicator", kind="stable", ignore_index=True)


def _contrast(scorecard: Scorecard) -> pd.DataFrame:
    rows = scorecard.contrast
    return pd.DataFrame(
        {
            "Indicator": rows["bca_indicator"],
            "Name": rows["kpi_name"],
            "Period": rows["contrast_period"],
            "Most deprived tenth": rows["deprived_value"],
            "Everyone": rows["whole_value"],
            "Unit": [findings.unit(row) for row in wording.rows(rows)],
            "Ratio": [_number(ratio, "[z]") for ratio in rows["relative_gap"]],
            "In words": [city_wording.gap(row) for _, row in rows.iterrows()],
            "Producer": rows["contrast_producer"],
        },
        dtype=object,
    )


def _scores(index: WardIndex, names: "pd.Series[str]") -> pd.DataFrame:
    wide = index.stages.scores.pivot_table(index="area", columns="node", values="score", dropna=False)
    upper = index.nodes.loc[index.nodes["level"].between(1, 2), "node"]
    return pd.DataFrame(
        {
            "Ward": index.wards["area_name"],
            "Rank": [int(label) if label.isdigit() else label or "[x]" for label in index.wards["rank_label"]],
            "Score": [_number(score) for score in index.wards["score"]],
            **{str(names[node]): [_number(score) for score in wide[node].reindex(index.wards["area"])] for node in upper},
        },
        dtype=object,
    )


def _hierarchy(index: WardIndex, names: "pd.Series[str]") -> pd.DataFrame:
    nodes = index.nodes
    return pd.DataFrame(
        {
            "Part": nodes["node_name"],
            "Part of": nodes["parent"].map(names).fillna("[z]"),
            "Weight": nodes["weight"],
            "Good way": [findings.good_way(row) or "[z]" for _, row in nodes.iterrows()],
            "KPI": nodes["kpi_id"].where(nodes["kpi_id"] != "", "[z]"),
        },
        dtype=object,
    )


def _indicators(index: WardIndex, names: "pd.Series[str]") -> pd.DataFrame:
    scaled = index.stages.normalised[["area", "node", "score"]]
    rows = index.figures.merge(scaled, on=["area", "node"], how="left", validate="one_to_one")
    rows = rows.merge(index.wards[["area", "area_name"]], on="area", how="left", validate="many_to_one")
    units = index.nodes.set_index("node")["unit"]
    return pd.DataFrame(
        {
            "Indicator": rows["node"].map(names),
            "Ward": rows["area_name"],
            "Figure": rows["value"],
            "Unit": rows["node"].map(units),
            "Period": rows["period"],
            "Score": [_number(score) for score in rows["score"]],
            "Producer": rows["producer"],
        },
        dtype=object,
    )


def _voice(scorecard: Scorecard) -> pd.DataFrame:
    rows = scorecard.voice
    return pd.DataFrame(
        {
            "Quotation": rows["quote"],
            "Who": rows["source"],
            "Day": [wording.day(day) for day in rows["collected_on"]],
            "Pillar": rows["pillar_name"],
            "Producer": rows["producer"],
        },
        dtype=object,
    )
