"""What a chart shows, in words: its finding as a title, its unit and periods as a subtitle, and its text alternative.

All are made from the data that the chart draws.
"""

from collections.abc import Sequence

import pandas as pd

from kpireport import periods
from kpireport.presentation.wording import (
    Row,
    count,
    figure,
    in_period,
    is_missing,
    join,
    join_some,
    named_period,
    plural,
    rounded,
    sentence,
    share,
    target,
)
from kpireport.vocabulary import ALL_PEOPLE, ILLUSTRATIVE, Basis, Direction, Polarity, Rag, TargetType

UNIT_WORDS = {
    "%": "Per cent",
    "£": "Pounds",
    "£k": "Thousand pounds",
    "£m": "Million pounds",
    "£bn": "Billion pounds",
    "number": "Number",
}
GOOD_WAY = {Polarity.HIGHER_IS_BETTER: "higher is better", Polarity.LOWER_IS_BETTER: "lower is better"}
AUTHORITIES = ("E06", "E07", "E08", "E09", "E10", "W06", "S12", "N09")
"""How the GSS codes of councils begin; every other area is an average, and is not ranked among them."""
PLAIN_FIRST_WORD = 3
"""Letters from which a unit's first word is a word that may begin with a capital (not "kg" or "µg")."""


def unit(kpi: Row) -> str:
    """Return a KPI's unit as a subtitle says it."""
    text = str(kpi["unit"])
    is_word = text.isascii() and len(text.split()[0]) >= PLAIN_FIRST_WORD
    return UNIT_WORDS.get(text, f"{text[:1].upper()}{text[1:]}" if is_word else text)


def good_way(kpi: Row) -> str:
    """Return which way is good, as a subtitle says it; "" for a neutral KPI."""
    return GOOD_WAY.get(kpi["polarity"], "")


def source(producers: pd.Series, *, of_kpi: str = "") -> str:
    """Return the line that says where the figures come from, and that sample values are illustrative."""
    names = [str(name) for name in producers.dropna().drop_duplicates() if name and name != ILLUSTRATIVE]
    if (producers == ILLUSTRATIVE).any():
        names = [*names, "illustrative sample values"]
    return f"Source: {join(names or [of_kpi or 'the council'])}"


def trend_title(kpi: Row) -> str:
    """Return what a KPI's time series shows: where it stands, from where it came, and how that compares with its target."""
    if is_missing(kpi["value"]):
        return f"{kpi['kpi_name']}: no result to show"
    now = f"{_figure(kpi, kpi['value'])} {in_period(str(kpi['period']))}"
    verb = "stood at"
    origin = ""
    if kpi["direction"] != Direction.NOT_COMPARABLE and not is_missing(kpi["comparator_value"]):
        decimals = int(kpi["decimals"])
        after, before = rounded(kpi["value"], decimals), rounded(kpi["comparator_value"], decimals)
        verb = "stayed at" if after == before else "rose to" if after > before else "fell to"
        then = in_period(str(kpi["comparator_period"]))
        origin = f", as {then}" if after == before else f", from {_bare(kpi, _figure(kpi, kpi['comparator_value']))} {then}"
    return f"{kpi['kpi_name']} {verb} {now}{origin}{_against_target(kpi)}"


def trend_alt(kpi: Row, history: pd.DataFrame, pandemic: Sequence[str]) -> str:
    """Return the text alternative of a time series: what, from when to when, first, last, highest, lowest, target, breaks."""
    known = history[history["value"].notna()]
    if known.empty:
        return f"Line chart of {kpi['kpi_name']}, without any result."
    first, last = known.iloc[0], known.iloc[-1]
    parts = [
        f"Line chart of {kpi['kpi_name']} ({unit(kpi)[:1].lower()}{unit(kpi)[1:]}), {count(len(known), 'result')} "
        f"from {named_period(first['period'])} to {named_period(last['period'])}"
    ]
    if len(known) > 1:
        highest, lowest = known.iloc[int(known["value"].argmax())], known.iloc[int(known["value"].argmin())]
        parts.append(f"first {_figure(kpi, first['value'])}, last {_figure(kpi, last['value'])}")
        parts.append(
            f"the highest was {_figure(kpi, highest['value'])} {in_period(highest['period'])}, "
            f"the lowest {_figure(kpi, lowest['value'])} {in_period(lowest['period'])}"
        )
    if absent := len(history) - len(known):
        parts.append(f"the line is broken where {count(absent, 'period')} {'has' if absent == 1 else 'have'} no result")
    if _has_target(kpi):
        parts.append(f"a dashed line marks the target, {target(kpi)}")
    if is_pandemic_shaded(history, pandemic):
        parts.append(f"the pandemic, {pandemic[0]} to {pandemic[1]}, is shaded")
    return " ".join(sentence(part) for part in parts)


def is_pandemic_shaded(history: pd.DataFrame, pandemic: Sequence[str]) -> bool:
    """Return whether a history reaches into the pandemic, so that a time series shades it."""
    if len(pandemic) != 2 or history.empty:
        return False
    start, end = (periods.parse(month) for month in pandemic)
    ends = [periods.parse(str(text)).end for text in history["period"]]
    return min(ends) < end.end and max(ends) > start.start


def benchmark_title(kpi: Row, benchmarks: pd.DataFrame, council: str) -> str:
    """Return where the council stands among the authorities shown, and against England where it is shown."""
    own = benchmarks[benchmarks["is_council"]]
    if own.empty:
        return f"{kpi['kpi_name']}: other areas compared"
    value, period = float(own["value"].iloc[0]), own["period"].iloc[0]
    shown = f"{council}, at {_figure(kpi, value)}"
    rank = _rank(kpi, benchmarks, value, period)
    england = benchmarks[benchmarks["area"].str.startswith("E92") & (benchmarks["period"] == period)]
    against = f"{_against(kpi, value, float(england['value'].iloc[0]))} England" if len(england) else ""
    said = f"{shown}, is {join([part for part in (rank, against) if part])}" if rank or against else shown
    return f"{kpi['kpi_name']}: {said}"


def benchmark_alt(kpi: Row, benchmarks: pd.DataFrame) -> str:
    """Return the text alternative of a comparison: every area, best first, with its figure."""
    figures = [f"{name} {_figure(kpi, value)}" for name, value in zip(benchmarks["area_name"], benchmarks["value"], strict=True)]
    order = "best first" if good_way(kpi) else "highest first"
    when = join(named_period(str(period)) for period in benchmarks["period"].drop_duplicates())
    return f"Bar chart of {kpi['kpi_name']} in {count(len(figures), 'area')}, {when}, {order}: {'; '.join(figures)}."


def wards_title(kpi: Row, wards: pd.DataFrame) -> str:
    """Return which wards are highest and lowest."""
    highest, lowest = wards["value"].max(), wards["value"].min()
    if highest == lowest:
        return f"{kpi['kpi_name']}: the same in every ward, {_figure(kpi, highest)}"
    top, bottom = (join_some(wards.loc[wards["value"] == value, "area_name"]) for value in (highest, lowest))
    return f"{kpi['kpi_name']}: highest in {top} ({_figure(kpi, highest)}), lowest in {bottom} ({_figure(kpi, lowest)})"


def wards_alt(kpi: Row, wards: pd.DataFrame) -> str:
    """Return the text alternative of the wards' ranking: how many, the three highest, the three lowest, the middle."""
    named = [f"{name} {_figure(kpi, value)}" for name, value in zip(wards["area_name"], wards["value"], strict=True)]
    start = f"Bar chart of {kpi['kpi_name']} in {count(len(wards), 'ward')}, {wards['period'].iloc[0]}, highest first."
    if len(named) <= 6:
        return f"{start} {'; '.join(named)}."
    middle = _figure(kpi, float(wards["value"].median()))
    return f"{start} Highest: {join(named[:3])}. Lowest: {join(named[-3:])}. The middle value is {middle}."


def last_shared_period(contrast: pd.DataFrame) -> str:
    """Return the last period in which most groups of people have a figure; rows are in order of time."""
    groups_in = contrast.groupby("period", sort=False)["group"].nunique()
    return str(groups_in[groups_in == groups_in.max()].index[-1])


def gap_title(kpi: Row, contrast: pd.DataFrame, names: dict[str, str]) -> str:
    """Return the latest figure of each group of people, those that the contrast is about first."""
    shared = last_shared_period(contrast)
    latest = contrast[contrast["period"] == shared]
    everyone, groups = latest[latest["group"] == ALL_PEOPLE], latest[latest["group"] != ALL_PEOPLE]
    whole = "".join(f"{_figure(kpi, value)} in {names[ALL_PEOPLE]}" for value in everyone["value"])
    if len(groups) > 1:
        low, high = (groups.iloc[int(place)] for place in (groups["value"].argmin(), groups["value"].argmax()))
        ends = f"from {_figure(kpi, low['value'])} ({low['group']}) to {_figure(kpi, high['value'])} ({high['group']})"
        return f"{kpi['kpi_name']}: {whole}{', and ' if whole else ''}by group {ends} in {shared}"
    told = "".join(
        f"{_figure(kpi, value)} in {names[group]}" for group, value in zip(groups["group"], groups["value"], strict=True)
    )
    return f"{kpi['kpi_name']}: {', against '.join(part for part in (told, whole) if part)} ({shared})"


def gap_alt(kpi: Row, contrast: pd.DataFrame, names: dict[str, str]) -> str:
    """Return the text alternative of a contrast: each group's first and last figure."""
    parts = []
    for group, rows in contrast.groupby("group", sort=False):
        first, last = rows.iloc[0], rows.iloc[-1]
        start = f"{_figure(kpi, first['value'])} {in_period(first['period'])}"
        end = f"{_figure(kpi, last['value'])} {in_period(last['period'])}"
        parts.append(f"{names[str(group)]}: {start if len(rows) == 1 else f'{start}, {end}'}")
    return " ".join([f"Chart of {kpi['kpi_name']} by group of people.", *(sentence(part) for part in parts)])


def rag_title(counts: pd.DataFrame, names: dict[str, str]) -> str:
    """Return who has most red ratings against a target, with the denominator."""
    by = str(counts.columns[0])
    rated = counts[counts["basis"] == Basis.TARGET]
    reds = rated[(rated["rating"] == Rag.RED) & (rated["of"] > 0)]
    if reds.empty:
        return "No KPI is rated against a target"
    most = int(reds["count"].max())
    if most == 0:
        return "No KPI is rated red against a target"
    worst = reds[reds["count"] == most]
    if len(worst) > 1:
        return f"{join(names[code] for code in worst[by])} have the most red ratings against a target: {most} each"
    shown = share(most, int(worst["of"].iloc[0]), "KPI rated against a target")
    return f"{names[worst[by].iloc[0]]} has the most red ratings: {shown}"


def rag_alt(counts: pd.DataFrame, names: dict[str, str]) -> str:
    """Return the text alternative of the ratings by directorate: every count on each basis."""
    by = str(counts.columns[0])
    parts = []
    for code in dict.fromkeys(counts[by]):
        rows = counts[counts[by] == code]
        said = []
        for basis, words in ((Basis.TARGET, "rated against a target"), (Basis.DIRECTIONAL, "rated on direction of travel")):
            on_basis = rows[(rows["basis"] == basis) & (rows["count"] > 0)].set_index("rating")["count"]
            if len(on_basis):
                ratings = join(f"{on_basis[rag]} {rag}" for rag in Rag if rag in on_basis.index)
                said.append(f"{on_basis.sum()} {words} ({ratings})")
        if unrated := int(rows.loc[rows["basis"] == Basis.NONE, "count"].sum()):
            said.append(f"{unrated} not rated")
        parts.append(f"{names[code]}: {', '.join(said) or 'no KPI'}.")
    return " ".join(["Stacked bars of the number of KPIs by rating, apart for each basis.", *parts])


def _figure(kpi: Row, value: float) -> str:
    return figure(float(value), str(kpi["unit"]), int(kpi["decimals"]))


def _bare(kpi: Row, words: str) -> str:
    """Return words without the unit that a sentence has said before: "276.0 or less"."""
    return words.replace(f" {kpi['unit']}", "")


def _has_target(kpi: Row) -> bool:
    return kpi["target_type"] in (TargetType.VALUE, TargetType.RANGE) and not is_missing(kpi["target"])


def _against_target(kpi: Row) -> str:
    if kpi["rating"] not in tuple(Rag) or kpi["basis"] != Basis.TARGET:
        return ""
    return f", {'meeting' if kpi['rating'] == Rag.GREEN else 'missing'} the target of {_bare(kpi, target(kpi))}"


def _against(kpi: Row, value: float, other: float) -> str:
    decimals = int(kpi["decimals"])
    mine, theirs = rounded(value, decimals), rounded(other, decimals)
    if mine == theirs:
        return "level with"
    if not good_way(kpi):
        return "above" if mine > theirs else "below"
    is_better = (mine > theirs) == (kpi["polarity"] == Polarity.HIGHER_IS_BETTER)
    return "better than" if is_better else "worse than"


def _rank(kpi: Row, benchmarks: pd.DataFrame, value: float, period: str) -> str:
    """Return the council's place among the authorities with a figure for the same period; "" when it is alone."""
    peers = benchmarks[(benchmarks["period"] == period) & benchmarks["area"].str.startswith(AUTHORITIES)]
    if len(peers) < 2:
        return ""
    decimals = int(kpi["decimals"])
    values, mine = [rounded(one, decimals) for one in peers["value"]], rounded(value, decimals)
    lower_wins = kpi["polarity"] == Polarity.LOWER_IS_BETTER
    place = 1 + sum(one < mine if lower_wins else one > mine for one in values)
    joint = "joint " if values.count(mine) > 1 else ""
    rank = f"{joint}{'the ' if place == 1 else f'{ordinal(place)} '}{'best' if good_way(kpi) else 'highest'}"
    return f"{rank} of {len(values)} {plural('authority', len(values))}"


def ordinal(place: int) -> str:
    """Return "1st", "2nd", "11th"."""
    ending = "th" if 10 <= place % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
    return f"{place}{ending}"
