"""What a year of the KPI list comes to, in sentences: ratings against a year before, changes, targets, the list.

A `row` is a row of `YearReview.kpis`. Counts arrive counted.
"""

from collections.abc import Iterator

import pandas as pd

from kpireport.presentation import wording
from kpireport.presentation.headlines import RATED_NOUNS
from kpireport.presentation.wording import Row
from kpireport.presentation.year_report import Annual
from kpireport.vocabulary import Basis, Direction, Kind, MeasureType, NotRated, OutturnBasis, Rag, TargetState, YearMove

OUTTURN_RULES = (
    "A cumulative figure, a figure of a single day and a rolling year: the result of the period that ends with the year.",
    "A yearly, termly or academic figure, and one of several years: the latest whose period ended within the year.",
    "A monthly or quarterly figure: where each part of the year has the numbers behind it, the whole year's, from their sums; "
    "otherwise that of the year's last month or quarter, and its period says so.",
    "Where the year has no such figure yet, the latest available, with its own, earlier period.",
    "Each outturn is set against the same figure a year before. A rating belongs to the latest result at the year's end; where "
    "the outturn is another figure, the result that was rated stands beside the rating.",
)
"""How the outturns are chosen, for the reader."""
STATE_WORDS = {
    TargetState.TARGET_AND_TOLERANCE: "target and tolerance",
    TargetState.TARGET: "target without a tolerance",
    TargetState.INTERIM: "interim increase or decrease",
    TargetState.NONE: "no target",
    TargetState.TRACKER: "tracker",
}
NAMES = 6
"""How many KPIs a sentence of the first page names."""


def as_outturn(row: Row) -> dict[str, object]:
    """Return a KPI's row with its outturn in the place of its latest result, and last year's in that of its comparator."""
    return dict(row) | {
        "value": row["outturn"],
        "period": row["outturn_period"],
        "maturity": row["outturn_maturity"],
        "is_revised": row["outturn_is_revised"],
        "comparator_value": row["outturn_last_year"],
        "comparator_period": row["outturn_last_year_period"],
        "direction": row["year_direction"],
        "change": row["year_change"],
    }


def outturn(row: Row) -> str:
    """Return a KPI's outturn with its symbols, or why there is none."""
    return wording.result(as_outturn(row))


def outturn_period(row: Row) -> str:
    """Return the period of an outturn: "2023-24, the whole year", "2022-23, latest available"."""
    note = {OutturnBasis.WHOLE_YEAR: "the whole year", OutturnBasis.EARLIER: "latest available"}.get(row["outturn_basis"], "")
    return ", ".join(part for part in (str(row["outturn_period"]), note) if part)


def year_before(row: Row) -> str:
    """Return the figure a year before the outturn; "–" where there is none to compare with."""
    return wording.figure(row["outturn_last_year"], str(row["unit"]), int(row["decimals"]))


def change(row: Row) -> str:
    """Return the change over the year in words."""
    if row["measure_type"] == MeasureType.POOLED_YEARS and not wording.is_missing(row["outturn"]):
        return "not compared with a year before: the years overlap"
    return wording.change(as_outturn(row))


def proportion(row: Row) -> str:
    """Return the change over the year in proportion to the figure before: "rose by 60%"."""
    share = float(row["year_change_share"]) * 100
    shown = wording.number(share, 0 if share >= 1 else 1)
    return f"{'rose' if row['year_change'] > 0 else 'fell'} by {shown}%"


def rated_on(row: Row) -> str:
    """Return the result that was rated, where the outturn is another figure: "84.6% in 2023-24 Q4"; "" otherwise."""
    if row["rating"] not in tuple(Rag) or row["outturn_basis"] != OutturnBasis.WHOLE_YEAR:
        return ""
    return f"on {wording.figure(row['value'], str(row['unit']), int(row['decimals']))} {wording.in_period(str(row['period']))}"


def brief(report: Annual) -> list[str]:
    """Return the first page's sentences, the most important first."""
    review = report.review
    sentences = [*rating_sentences(report.counts_by_year, str(review.year)), not_rated(report.counts)]
    sentences += [moves(review.kpis), travel(review.kpis, str(review.year)), red_all_year(review.kpis)]
    sentences += [targets(report.target_progress), the_list(review.kpis, review.left)]
    return [wording.sentence(said) for said in sentences if said]


def rating_sentences(counts: pd.DataFrame, year: str) -> list[str]:
    """Return how many KPIs are green, amber and red at the year's end on each basis, against the year before."""
    return [said for basis in RATED_NOUNS for said in _rated(counts, basis, year)]


def _rated(counts: pd.DataFrame, basis: Basis, year: str) -> Iterator[str]:
    rows = counts[counts["basis"] == basis]
    now, then = (rows[is_now].set_index("rating") for is_now in (rows["year"] == year, rows["year"] != year))
    of, before = (int(frame["of"].max()) if len(frame) else 0 for frame in (now, then))
    if not of:
        if basis == Basis.TARGET:
            yield f"no KPI was rated against a target at the end of {year}"
        return
    green, amber, red = (int(now["count"].get(rag, 0)) for rag in (Rag.GREEN, Rag.AMBER, Rag.RED))
    was = {rag: _share(int(then["count"].get(rag, 0)), before) for rag in Rag} if before else {}
    against = {rag: f", against {was[rag]} of {before:,} a year earlier" if was else "" for rag in Rag}
    yield f"at the end of {year}, {wording.share(green, of, RATED_NOUNS[basis])} {_were(green)} green{against[Rag.GREEN]}"
    then_both = f", against {was[Rag.AMBER]} and {was[Rag.RED]} a year earlier" if was else ""
    yield f"{_share(amber, of)} of those {of:,} {_were(amber)} amber and {_share(red, of)} red{then_both}"


def _share(number: int, of: int) -> str:
    return f"{number:,} ({wording.percent(number, of)})"


def greens_by_year(counts: pd.DataFrame) -> str:
    """Return the finding of the chart of two years: the share of KPIs that are green on a target, then and now."""
    rows = counts[(counts["basis"] == Basis.TARGET) & (counts["rating"] == Rag.GREEN) & (counts["of"] > 0)]
    if len(rows) < 2:
        return "Ratings at the end of the year"
    (then, before), (now, of) = ((int(row["count"]), int(row["of"])) for _, row in rows.iterrows())
    # The share, not the number, is compared: the list grows.
    way = "rose" if now * before > then * of else "fell" if now * before < then * of else "stayed"
    if way == "stayed":
        return f"The share of KPIs that are green on a target stayed at {wording.percent(now, of)}"
    return (
        f"The share of KPIs that are green on a target {way} from {wording.percent(then, before)} to {wording.percent(now, of)}"
    )


def not_rated(counts: pd.DataFrame) -> str:
    """Return how many KPIs and trackers have no rating."""
    rows = counts[(counts["basis"] == Basis.NONE) & counts["rating"].isin(list(NotRated))]
    total = int(rows["count"].sum())
    return f"{wording.share(total, int(rows['of'].max()), 'KPI and tracker')} {_have(total)} no rating" if total else ""


def moves(kpis: pd.DataFrame) -> str:
    """Return how many KPIs rated at both ends of the year on the same basis have a better rating, a worse one or the same."""
    number = {move: int((kpis["year_move"] == move).sum()) for move in (YearMove.BETTER, YearMove.WORSE, YearMove.SAME)}
    total = sum(number.values())
    if not total:
        return "no KPI was rated both at the year's end and a year earlier"
    better, worse, same = number.values()
    return (
        f"of {wording.count(total, 'KPI')} rated at the end of both years, {better:,} {_have(better)} a better rating than a "
        f"year earlier, {worse:,} a worse one and {same:,} the same"
    )


def travel(kpis: pd.DataFrame, year: str) -> str:
    """Return how many of the year's figures are better or worse than a year before, trackers apart."""
    rows = kpis[kpis["is_news"] & (kpis["kind"] == Kind.KPI)]
    better, worse, same = (
        int((rows["year_direction"] == way).sum()) for way in (Direction.IMPROVING, Direction.WORSENING, Direction.NO_CHANGE)
    )
    total = better + worse + same
    if not total:
        return ""
    return (
        f"of {wording.count(total, 'KPI')} with a figure for {year} that can be compared with one a year before, {better:,} "
        f"improved, {worse:,} worsened and {same:,} did not change materially"
    )


def red_all_year(kpis: pd.DataFrame) -> str:
    """Return which KPIs were red in all four quarters."""
    rows = kpis[kpis["is_red_all_year"]]
    if rows.empty:
        return "no KPI was red in all four quarters"
    names = wording.join_some(rows["kpi_name"], NAMES)
    return f"{wording.count_in_words(len(rows), 'KPI')} {_were(len(rows))} red in all four quarters: {names}"


def targets(progress: pd.DataFrame) -> str:
    """Return how many KPIs have a specific target, and a tolerance, now and a year earlier."""
    whole = progress[progress["directorate"] == ""].iloc[0]
    said = [_targets(whole, ""), _targets(whole, "_last_year")]
    return f"{said[0]}{f'; a year earlier {said[1]}' if whole['kpis_last_year'] else ''}"


def _targets(row: Row, when: str) -> str:
    number, of, both = (int(row[f"{name}{when}"]) for name in ("with_target", "kpis", "target_and_tolerance"))
    verb = "have" if not when else "had"
    return f"{wording.share(number, of, 'KPI')} {verb} a specific target, {both:,} of them with a tolerance"


def the_list(kpis: pd.DataFrame, left: pd.DataFrame) -> str:
    """Return how the KPI list grew or shrank over the year."""
    joined = int((kpis["year_move"] == YearMove.JOINED).sum())
    if not joined and left.empty:
        return f"the list holds {wording.count(len(kpis), 'KPI and tracker')}, the same as a year earlier"
    parts = [f"{wording.in_words(joined)} joined it", f"{wording.in_words(len(left)) if len(left) else 'none'} left it"]
    return f"the list holds {wording.count(len(kpis), 'KPI and tracker')}: {wording.join(parts)} since the end of the year before"


def largest_changes_title(improvements: pd.DataFrame, declines: pd.DataFrame) -> str:
    """Return which KPI improved most in proportion, and which worsened most."""
    said = [
        f"{frame.iloc[0]['kpi_name']} {verb} most: it {proportion(frame.iloc[0])}"
        for frame, verb in ((improvements, "improved"), (declines, "worsened"))
        if len(frame)
    ]
    return "; ".join(said)


def largest_changes_alt(rows: pd.DataFrame) -> str:
    """Return the text alternative of the largest changes: each with its judgement and its size."""
    judged = {"improving": "improved", "worsening": "worsened"}
    said = [
        wording.sentence(f"{row['kpi_name']} {judged[row['year_direction']]}: {proportion(row)}") for _, row in rows.iterrows()
    ]
    return " ".join(["Bars of the largest changes of the year in proportion to the figure a year before.", *said])


def _were(number: int) -> str:
    return "was" if number == 1 else "were"


def _have(number: int) -> str:
    return "has" if number == 1 else "have"
