"""The sentences of a report's first page, and what its notes say of rounding."""

from typing import Protocol

import pandas as pd

from kpireport.periods import Period
from kpireport.presentation.phrases import (
    NAMES_IN_A_NOTE,
    count,
    count_in_words,
    in_words,
    join,
    join_some,
    percent,
    sentence,
    share,
)
from kpireport.presentation.theme import REASONS_NOT_RATED
from kpireport.vocabulary import Basis, Direction, NotRated, Rag

RATED_NOUNS = {Basis.TARGET: "KPI rated against a target", Basis.DIRECTIONAL: "KPI rated on direction of travel"}


class Figures(Protocol):
    """What the sentences read of `rules.performance.Performance`."""

    @property
    def previous_quarter(self) -> Period:
        """The quarter before the one reported on."""

    @property
    def kpis(self) -> pd.DataFrame:
        """One row is one KPI on the list."""

    @property
    def restated(self) -> pd.DataFrame:
        """One row is one result revised since the previous quarter's report."""

    @property
    def history(self) -> pd.DataFrame:
        """One row is one KPI and period."""


def headline_sentences(counts: pd.DataFrame, performance: Figures) -> list[str]:
    """Return what the first page says, one sentence each, from the counts by basis and rating and the KPIs themselves.

    `counts` is `rules.counts.count_ratings(performance.kpis)`: one row is one basis and rating, with `count` and `of`.
    """
    kpis = performance.kpis
    sentences = [_rated_sentence(counts, basis) for basis in (Basis.TARGET, Basis.DIRECTIONAL)]
    sentences.append(_not_rated_sentence(counts))
    moves = kpis["rating_move"]
    sentences.append(_named_sentence(kpis[moves == "newly_red"], "turned red this quarter"))
    if len(worse := kpis[moves == "worse"]):
        sentences.append(_named_sentence(worse, "slipped from green to amber"))
    if len(better := kpis[moves == "better"]):
        sentences.append(_named_sentence(better, f"{_have(len(better))} a better rating than in {performance.previous_quarter}"))
    sentences += [_travel_sentence(kpis), _awaited_sentence(kpis), _restated_sentence(performance.restated)]
    return [sentence(text) for text in sentences if text]


def rounding_sentences(kpis: pd.DataFrame, resting_on_rounding: pd.DataFrame) -> list[str]:
    """Return what the notes say of rounding and tolerance: ratings that rest on rounding, and KPIs without an amber band."""
    ratings = [
        f"{row['kpi_name']} is {row['rag']}, and would be {row['unrounded_rag']}" for _, row in resting_on_rounding.iterrows()
    ]
    figures = "Figures are rounded to their printed decimals before they are rated"
    sentences = [
        f"{figures}; without rounding, {join_some(ratings, NAMES_IN_A_NOTE)}"
        if ratings
        else f"{figures}; no rating depends on it"
    ]
    if number_of := int(kpis["is_tolerance_missing"].sum()):
        sentences.append(f"{count_in_words(number_of, 'KPI')} {_have(number_of)} no agreed tolerance, and so no amber band")
    return [sentence(text) for text in sentences]


def _rated_sentence(counts: pd.DataFrame, basis: Basis) -> str:
    rows = counts[counts["basis"] == basis].set_index("rating")
    of = int(rows["of"].max()) if len(rows) else 0
    if not of:
        return "no KPI is rated against a target" if basis == Basis.TARGET else ""
    number_of = {rag: int(rows["count"].get(rag, 0)) for rag in Rag}
    green = share(number_of[Rag.GREEN], of, RATED_NOUNS[basis])
    others = [
        f"{number_of[rag]:,} {rag} ({percent(number_of[rag], of)})" if number_of[rag] else f"none {rag}"
        for rag in (Rag.AMBER, Rag.RED)
    ]
    return f"{green} {'is' if number_of[Rag.GREEN] == 1 else 'are'} green, {', '.join(others)}"


def _not_rated_sentence(counts: pd.DataFrame) -> str:
    rows = counts[(counts["basis"] == Basis.NONE) & (counts["count"] > 0)].set_index("rating")
    total = int(rows["count"].sum())
    if not total:
        return "every KPI on the list is rated"
    reasons = [f"{int(rows['count'][state]):,} {REASONS_NOT_RATED[state]}" for state in reversed(NotRated) if state in rows.index]
    return f"{share(total, int(rows['of'].max()), 'KPI')} {_are(total)} not rated: {join(reasons)}"


def _named_sentence(kpis: pd.DataFrame, what: str) -> str:
    names = f": {join_some(kpis['kpi_name'])}" if len(kpis) else ""
    return f"{count_in_words(len(kpis), 'KPI')} {what}{names}"


def _travel_sentence(kpis: pd.DataFrame) -> str:
    number_of = {
        way: int((kpis["direction"] == way).sum()) for way in (Direction.IMPROVING, Direction.WORSENING, Direction.NO_CHANGE)
    }
    total = sum(number_of.values())
    if not total:
        return ""
    told = zip(number_of.values(), ("improved", "worsened", "did not change materially"), strict=True)
    ways = join(f"{number:,} {what}" for number, what in told if number)
    return f"of {count(total, 'KPI')} that can be compared with an earlier result, {ways}"


def _awaited_sentence(kpis: pd.DataFrame) -> str:
    awaited = kpis[kpis["rating"] == NotRated.AWAITED]
    again = int((awaited["previous_rating"] == NotRated.AWAITED).sum())
    if awaited.empty:
        return "no return is awaited"
    return f"{count_in_words(len(awaited), 'return')} {_are(len(awaited))} awaited{_again(again, len(awaited))}"


def _again(number_of: int, of: int) -> str:
    if not number_of:
        return ""
    return f", {'' if of == 1 else 'all ' if number_of == of else ''}" + (
        "for the second quarter running" if number_of == of else f"{in_words(number_of)} of them for the second quarter running"
    )


def _restated_sentence(restated: pd.DataFrame) -> str:
    if restated.empty:
        return "no earlier result was revised"
    changed = int(restated["is_rating_changed"].astype(bool).sum())
    then = f"{count_in_words(changed, 'rating')} changed because of it"
    return f"{count_in_words(len(restated), 'earlier result')} {_was(len(restated))} revised, and {then}"


def _are(number_of: int) -> str:
    return "is" if number_of == 1 else "are"


def _was(number_of: int) -> str:
    return "was" if number_of == 1 else "were"


def _have(number_of: int) -> str:
    return "has" if number_of == 1 else "have"
