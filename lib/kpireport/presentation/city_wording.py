"""Puts the city's scorecard into sentences: how many outcomes improve, how the city stands, who fares worst."""

from collections.abc import Iterator
from datetime import date

import pandas as pd

from kpireport.presentation import wording
from kpireport.presentation.city_scorecard import Scorecard, Tally, WardIndex
from kpireport.presentation.wording import Row
from kpireport.vocabulary import ILLUSTRATIVE, Edition

NO_TARGETS = (
    "These are outcomes that the council contributes to with others and does not control. None has a target or a rating here: "
    "each is shown with its trend, its benchmark and, where there are figures, how the most deprived tenth fares."
)
NO_INDICATORS = "No indicator has been chosen for the scorecard: the table scorecard/indicators is empty."
NO_INDEX = "The Social Progress Index has no values for this year or any before it."
NO_VOICE = "No quotation was collected with consent this year."
NO_CONTRAST = "No indicator of the scorecard has a figure for the most deprived tenth."


def headline(scorecard: Scorecard, place: str) -> str:
    """Return the scorecard's message: how many outcomes improve and how many worsen."""
    row = scorecard.counts[scorecard.counts["pillar"] == ""].iloc[0]
    parts = [
        f"{wording.in_words(int(row[column]))} {verb}"
        for column, verb in (("improving", "improving"), ("worsening", "worsening"), ("no_change", "not changing materially"))
        if row[column]
    ]
    if row["not_judged"]:
        parts.append(f"{wording.in_words(int(row['not_judged']))} not to be judged")
    return wording.sentence(f"Of {wording.count(int(row['of']), 'outcome')} for {place}, {_verb(parts)}")


def _verb(parts: list[str]) -> str:
    first, *others = parts
    number, rest = first.split(" ", 1)
    return wording.join([f"{number} {'is' if number == 'one' else 'are'} {rest}", *others])


def findings(scorecard: Scorecard, place: str) -> Iterator[str]:
    """Yield what else the first page says, a sentence each."""
    countries = scorecard.indicators.loc[scorecard.indicators["country_value"].notna(), "country_name"]
    if scorecard.against_country.of:
        told = _tally(scorecard.against_country)
        yield f"Against {countries.iloc[0]}, {place} fares {told} that can be compared."
    if scorecard.deprived_against_all.of:
        told = _tally(scorecard.deprived_against_all)
        yield f"The most deprived tenth of {place} fares {told} with figures for both; {_widest(scorecard)}."
    if scorecard.index is not None:
        yield index_title(scorecard.index, "On the Social Progress Index, ") + "."


def _tally(tally: Tally) -> str:
    parts = [
        f"{word} on {wording.in_words(number)}"
        for word, number in (("better", tally.better), ("the same", tally.same), ("worse", tally.worse))
        if number
    ]
    if tally.of == 1:
        return f"{parts[0].split(' on ')[0]} on the one indicator"
    if tally.of in (tally.better, tally.same, tally.worse):
        return f"{parts[0].split(' on ')[0]} on every one of the {wording.count(tally.of, 'indicator')}"
    return f"{wording.join(parts)} of the {wording.count(tally.of, 'indicator')}"


def _widest(scorecard: Scorecard) -> str:
    rows = scorecard.contrast[scorecard.contrast["kpi_id"] == scorecard.widest]
    if rows.empty:
        return "on none is it worse"
    row = rows.iloc[0]
    deprived, whole = (printed(row, row[column]) for column in ("deprived_value", "whole_value"))
    return f"the gap is widest for {_lower_first(str(row['kpi_name']))}, {deprived} against {whole}"


def _lower_first(name: str) -> str:
    return name if name[1:2].isupper() else f"{name[:1].lower()}{name[1:]}"


def printed(row: Row, value: float) -> str:
    """Return a value as the indicator's figures are printed."""
    return wording.figure(value, str(row["unit"]), int(row["decimals"]))


def gap(row: Row) -> str:
    """Return how the most deprived tenth stands to everyone: "5.9 percentage points higher, 2.4 times, for the worse"."""
    size, decimals = float(row["absolute_gap"]), int(row["decimals"])
    if wording.rounded(size, decimals) == 0:
        return "no gap"
    way = "higher" if size > 0 else "lower"
    times = ""
    if pd.notna(row["relative_gap"]) and row["relative_gap"] > TIMES_FROM:
        times = f", {wording.number(float(row['relative_gap']), 1)} times as high"
    judged = "" if wording.is_missing(row["gap"]) else ": better" if row["gap"] > 0 else ": worse"
    return f"{wording.amount(size, str(row['unit']), decimals)} {way}{times}{judged}"


TIMES_FROM = 1.05
"""The least ratio that is worth saying as "1.1 times"."""


def country(row: Row, place: str) -> str:
    """Return how the city stands to the country, in a few words; "" where neither way is good."""
    distance = row["country_gap"]
    if wording.is_missing(distance):
        return ""
    return f"{place} {'the same' if distance == 0 else 'better' if distance > 0 else 'worse'}"


def index_title(index: WardIndex, opening: str = "") -> str:
    """Return which wards stand at the ends of the index, as a sentence without its full stop."""
    ranked = index.wards[index.wards["rank"].notna()]
    best, worst = (_at(ranked, place) for place in (ranked["rank"].min(), ranked["rank"].max()))
    low, high = (wording.number(float(ranked["score"].agg(end)), 0) for end in ("min", "max"))
    number = wording.count(len(ranked), "ward")
    return f"{opening}{best} {_s(best)} highest of {number}, {high} out of 100, and {worst} lowest, {low}"


def _s(names: str) -> str:
    return "score" if " and " in names else "scores"


def _at(ranked: pd.DataFrame, rank: int) -> str:
    return wording.join_some(ranked.loc[ranked["rank"] == rank, "area_name"])


def index_alt(index: WardIndex) -> str:
    """Return the text alternative of the tile map."""
    ranked = index.wards[index.wards["rank"].notna()]
    number = min(5, len(ranked) // 2)
    best, worst = ranked["area_name"].head(number), ranked["area_name"].tail(number)
    number_of = wording.count(len(ranked), "ward")
    said = f"Tile map of {number_of}, each a square about where it lies, coloured by its fifth of the ranks."
    if number:
        said += f" The highest scores: {wording.join(best)}. The lowest: {wording.join(worst)}."
    return f"{said} The table after it has every ward's rank and score."


def index_source(index: WardIndex) -> str:
    """Return how many of the index's figures are real, for its source line and its notes."""
    is_sample = index.figures["producer"].eq(ILLUSTRATIVE)
    real = index.figures.loc[~is_sample, "producer"].drop_duplicates().sort_values()
    if not is_sample.any():
        return f"Source: {wording.join(real)}"
    named = f"{wording.join(real)}; " if len(real) else ""
    return (
        f"Source: {named}{wording.share(int(is_sample.sum()), len(is_sample), 'ward figure')} illustrative, published by nobody"
    )


def index_method(index: WardIndex) -> str:
    """Return how the index is made, from its own hierarchy."""
    levels, leaves = index.nodes["level"], ~index.nodes["node"].isin(index.nodes["parent"])
    return (
        f"The index brings {wording.count(int(leaves.sum()), 'indicator')} together in "
        f"{wording.count(int((levels == 2).sum()), 'component')} and {wording.count(int((levels == 1).sum()), 'dimension')}. "
        "Each indicator is put on a scale from 0 to 100 between two ends that are fixed for it, 100 being the better; scores are "
        "averaged by weight. It says how wards stand to each other and to those ends, not why."
    )


def voice_intro(scorecard: Scorecard) -> str:
    """Return how many are quoted, that they agreed, and whether the words are samples."""
    number = len(scorecard.voice)
    samples = int(scorecard.voice["producer"].eq(ILLUSTRATIVE).sum())
    said = [f"What {wording.count(number, 'resident')} said. Each agreed to be quoted, and none is named."]
    if scorecard.withheld:
        verb = "is" if scorecard.withheld == 1 else "are"
        said.append(f"{wording.count(scorecard.withheld, 'quotation')} {verb} left out for want of consent.")
    if samples:
        whose = "All of them" if samples == number else wording.share(samples, number, "quotation")
        said.append(f"{whose} are illustrative: written for demonstration, and said by nobody.")
    return " ".join(said)


def data_used(scorecard: Scorecard, on: date, edition: str) -> Iterator[str]:
    """Yield where the figures end, what is shared, hidden and left out, and how many are samples."""
    shared, every = int(scorecard.indicators["is_shared"].sum()), len(scorecard.indicators)
    yield f"Results received up to {wording.day(on)} are used: those of the reports on the last quarter of {scorecard.year}."
    yield (
        f"{wording.share(shared, every, 'outcome')} are KPIs of the council's register, with the register's own figures; "
        "the others are yearly series that are kept for this scorecard."
    )
    if edition == Edition.PUBLIC:
        yield "Counts below five, and figures from which one could be worked out, are hidden [c]."
    for _, row in scorecard.not_listed.iterrows():
        yield f"{row['kpi_name']} ({row['kpi_id']}) is not on the KPI list of {scorecard.year} and is left out."
    if scorecard.illustrative:
        shown = wording.share(scorecard.illustrative, every, "outcome")
        yield f"{shown} show an illustrative value: a sample that no producer published, for demonstration only."
    if scorecard.index is not None:
        yield f"Social Progress Index: {_lower_first(index_source(scorecard.index)).removeprefix('source: ')}."
        ages = scorecard.index.figures.loc[scorecard.index.figures["period"] != scorecard.index.period]
        names = scorecard.index.nodes.set_index("node")["node_name"]
        for node, period in ages[["node", "period"]].drop_duplicates().itertuples(index=False, name=None):
            yield f"In the index, {_lower_first(str(names[node]))} is of {period}, the latest by ward."
