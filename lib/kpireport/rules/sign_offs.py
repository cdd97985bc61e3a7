"""Which results their directorate has approved: until then a result that came in a return is provisional.

A council uses sign-offs from the first quarter in which a directorate approved anything; results returned before, and results
that came in no return, are as the record has them.
"""

from dataclasses import replace
from datetime import date
from typing import TypeVar

import pandas as pd

from kpireport.periods import Period, parse
from kpireport.rules.record import Record
from kpireport.vocabulary import Maturity

RecordT = TypeVar("RecordT", bound=Record)


def provisional_until_signed(record: RecordT, *, known_on: date | None) -> RecordT:
    """Return the record with every result that its directorate had not approved by a day marked provisional."""
    is_open = unsigned(record, known_on=known_on)
    if not is_open.any():
        return record
    maturity = record.results["maturity"].mask(is_open, str(Maturity.PROVISIONAL))
    return replace(record, results=record.results.assign(maturity=maturity))


def unsigned(record: Record, *, known_on: date | None) -> "pd.Series[bool]":
    """Return of each result whether it has a value and waits for its directorate's approval on a day (None: as of now)."""
    results, signed = record.results, _known(record.sign_offs, known_on)
    waits = pd.Series(False, index=results.index)
    if signed.empty:
        return waits
    first = min(parse(quarter) for quarter in signed["quarter"])
    returns = record.returns
    needing = returns.loc[[parse(quarter) >= first for quarter in returns["quarter"]], "sha256"]
    rows = results.loc[results["source_sha256"].isin(set(needing)) & results["value"].notna() & results["absence"].eq("")]
    owner = rows["kpi_id"].map(record.kpis.drop_duplicates("kpi_id").set_index("kpi_id")["directorate"])
    done = set(zip(signed["sha256"], signed["directorate"], strict=True))
    is_done = [pair in done for pair in zip(rows["source_sha256"], owner, strict=True)]
    waits.loc[rows.index[[not one for one in is_done]]] = True
    return waits


def of_quarter(record: Record, *, quarter: Period, known_on: date | None) -> pd.DataFrame:
    """Return who approved a quarter's results: one row is one directorate whose results came in a return of the quarter.

    `directorate`, `directorate_name`, `results` (how many came), `waiting` (how many of them are not approved), `signed_by` (the
    posts, parted by semicolons; "" when nobody has) and `signed_on` (the last day). Empty for a quarter without sign-offs.
    """
    signed = _known(record.sign_offs, known_on)
    columns = ["directorate", "directorate_name", "results", "waiting", "signed_by", "signed_on"]
    if signed.empty or quarter < min(parse(one) for one in signed["quarter"]):
        return pd.DataFrame(columns=columns)
    returns = record.returns.loc[record.returns["quarter"].eq(str(quarter)), "sha256"]
    came = record.results["source_sha256"].isin(set(returns))
    if known_on is not None:
        came &= record.results["received_on"] <= pd.Timestamp(known_on)
    owners = record.kpis[["kpi_id", "directorate"]].drop_duplicates("kpi_id")
    rows = record.results.loc[came, ["kpi_id"]].assign(waiting=unsigned(record, known_on=known_on)[came])
    rows = rows.merge(owners, on="kpi_id", how="left", validate="many_to_one")
    counted = rows.groupby("directorate", as_index=False).agg(results=("kpi_id", "size"), waiting=("waiting", "sum"))
    said = (
        signed.loc[signed["quarter"].eq(str(quarter))]
        .groupby("directorate", as_index=False)
        .agg(signed_by=("signed_by", lambda posts: "; ".join(dict.fromkeys(posts))), signed_on=("signed_on", "max"))
    )
    names = record.directorates[["directorate", "directorate_name"]]
    joined = names.merge(counted, on="directorate", how="inner", validate="one_to_one")
    joined = joined.merge(said, on="directorate", how="left", validate="one_to_one")
    return joined.assign(signed_by=joined["signed_by"].fillna(""))[columns]


def _known(sign_offs: pd.DataFrame, known_on: date | None) -> pd.DataFrame:
    return sign_offs if known_on is None else sign_offs.loc[sign_offs["signed_on"] <= pd.Timestamp(known_on)]
