"""What the Corporate Leadership Team watches beside the ratings: risks, contacts and complaints, returns and the KPI list.

Source: the council's account of its arrangements, points 50, 54 and 73 to 78. One function is one section of a quarterly report.
"""

from datetime import date

import pandas as pd

from kpireport.periods import Period
from kpireport.rules import definitions
from kpireport.vocabulary import Kind, NotRated, TargetType


def key_risk_indicators(kpis: pd.DataFrame, risks: pd.DataFrame, *, quarter: Period) -> pd.DataFrame:
    """Return the KPIs that act as key risk indicators with their risk: one row is one KPI, by risk.

    Adds `risk_name`, `risk_rating`, `previous_risk_rating` ("" when not assessed a quarter earlier), `owner`, `summary`. A KPI
    whose risk has no assessment in `quarter` is left out.
    """
    now = risks.loc[risks["quarter"] == str(quarter), ["risk_ref", "risk_name", "rating", "owner", "summary"]]
    before = risks.loc[risks["quarter"] == str(quarter.previous()), ["risk_ref", "rating"]]
    assessed = now.rename(columns={"rating": "risk_rating"}).merge(
        before.rename(columns={"rating": "previous_risk_rating"}), on="risk_ref", how="left", validate="one_to_one"
    )
    joined = kpis.merge(assessed.fillna({"previous_risk_rating": ""}), on="risk_ref", how="inner", validate="many_to_one")
    return joined.sort_values(["risk_ref", "kpi_id"], ignore_index=True)


def barometer(contacts: pd.DataFrame, directorates: pd.DataFrame, *, quarter: Period) -> pd.DataFrame:
    """Return what people got in touch about: one row is one topic, most contacts first.

    Counts of contacts and complaints stand beside those of the previous quarter and (contacts) of the same quarter last year.
    """

    def counted(period: Period, names: dict[str, str]) -> pd.DataFrame:
        return contacts.loc[contacts["quarter"] == str(period), ["topic", *names]].rename(columns=names)

    earlier = {"contacts": "previous_contacts", "complaints": "previous_complaints"}
    shown = contacts[contacts["quarter"] == str(quarter)].merge(
        directorates[["directorate", "directorate_name"]], on="directorate", how="left", validate="many_to_one"
    )
    shown = shown.merge(counted(quarter.previous(), earlier), on="topic", how="left", validate="one_to_one")
    last_year = counted(quarter.same_last_year(), {"contacts": "contacts_last_year"})
    shown = shown.merge(last_year, on="topic", how="left", validate="one_to_one")
    return shown.sort_values(["contacts", "topic"], ascending=[False, True], ignore_index=True)


def awaited_returns(kpis: pd.DataFrame) -> pd.DataFrame:
    """Return the KPIs whose result is due and missing: one row is one KPI, with `is_awaited_twice`.

    `awaited` results were due from the service; `not_published` ones from a national source that is late.
    """
    missing = kpis[kpis["rating"].isin([NotRated.AWAITED, NotRated.NOT_PUBLISHED])]
    twice = missing["rating"].eq(NotRated.AWAITED) & missing["previous_rating"].eq(NotRated.AWAITED)
    return missing.assign(is_awaited_twice=twice).sort_values(["rating", "directorate", "kpi_id"], ignore_index=True)


def targets_missing(kpis: pd.DataFrame) -> pd.DataFrame:
    """Return the KPIs, trackers apart, that have no specific target yet: one row is one KPI.

    An interim `increase` or `decrease` target is not a specific target (the council's account, point 54); nor is a target that
    the register promises and the targets table does not hold for the period.
    """
    specific = kpis["target_type"].isin([TargetType.VALUE, TargetType.RANGE]) & kpis["target"].notna()
    shown = kpis["kind"].eq(Kind.KPI) & ~specific & kpis["rating"].ne(NotRated.NOT_DUE)
    return kpis[shown].sort_values(["directorate", "kpi_id"], ignore_index=True)


def list_changes(changes: pd.DataFrame, all_kpis: pd.DataFrame, *, quarter: Period) -> pd.DataFrame:
    """Return the quarter's changes to the KPI list (`definitions.agreements`), each with the KPI's name and directorate.

    `all_kpis` is the KPI Supporting Information, which keeps retired KPIs.
    """
    now = definitions.agreements(changes[changes["quarter"] == str(quarter)])
    named = now.merge(all_kpis[["kpi_id", "kpi_name", "directorate"]], on="kpi_id", how="left", validate="many_to_one")
    return named.sort_values(["change", "kpi_id"], ignore_index=True)


def reviews_due(kpis: pd.DataFrame, *, on: date) -> pd.DataFrame:
    """Return the KPIs whose definition is not in date on a day: one row is one KPI, longest overdue first.

    Its day of review has passed, or it has none (those come last). On the day itself a definition is still in date.
    """
    return kpis[~(kpis["next_review"] >= pd.Timestamp(on))].sort_values(["next_review", "kpi_id"], ignore_index=True)


def deadlines(rounds: pd.DataFrame, *, quarter: Period) -> pd.DataFrame:
    """Return the dates of the next round: one row is one deadline with `label` and `date`, earliest first."""
    upcoming = rounds[rounds["quarter"] == str(quarter.shift(3))]
    labels = {
        "returns_due_on": f"Results for {quarter.shift(3)} returned by services",
        "cut_off_on": "Last day for corrections",
        "dmt_on": "Directorate Management Teams meet",
        "clt_on": "Corporate Leadership Team meets",
    }
    dates = [(label, day) for column, label in labels.items() for day in upcoming[column] if pd.notna(day)]
    return pd.DataFrame(dates, columns=["label", "date"]).sort_values("date", kind="stable", ignore_index=True)
