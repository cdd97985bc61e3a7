"""What a public edition of the register leaves out, and the attack on the sample register."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from kpireport.rules.disclosure_results import linked_counts, protect_results
from test_disclosure_attack import recovered

LEEDS, SAMPLE = "E08000035", Path(__file__).resolve().parents[2] / "data"
AREAS = pd.DataFrame(
    {
        "area": ["E05000001", "E05000002", "E05000003", LEEDS],
        "area_type": ["ward", "ward", "ward", "local_authority"],
        "boundaries": ["2018", "2018", "2018", ""],
    }
)


def results(*rows):
    frame = pd.DataFrame(rows, columns=["area", "group", "value", "numerator", "denominator"])
    figures = {name: frame[name].astype(float) for name in ("value", "numerator", "denominator")}
    return frame.assign(kpi_id="AH-01", period="2024", absence="", **figures)


def public(*rows, unit="%"):
    kpis = pd.DataFrame({"kpi_id": ["AH-01"], "unit": [unit]})
    return protect_results(results(*rows), kpis, AREAS, area=LEEDS)


def hidden(frame):
    return (frame["absence"] == "suppressed").tolist()


def test_a_share_of_few_is_hidden_and_its_denominator_stays():
    row = public((LEEDS, "all", 4.0, 2, 50)).squeeze()
    assert row["absence"] == "suppressed"
    assert np.isnan(row["value"])
    assert np.isnan(row["numerator"])
    assert row["denominator"] == 50


def test_a_share_that_leaves_out_few_is_hidden():
    assert hidden(public((LEEDS, "all", 97.0, 97, 100))) == [True]


def test_all_of_many_is_shown():
    assert hidden(public((LEEDS, "all", 100.0, 100, 100), (LEEDS, "women", 90.0, 45, 50))) == [False, False]


def test_a_small_ward_is_hidden_with_another():
    shown = public(
        ("E05000001", "all", 3, None, None), ("E05000002", "all", 20, None, None), ("E05000003", "all", 9, None, None),
        (LEEDS, "all", 32, None, None), unit="number",
    )  # fmt: skip
    assert hidden(shown) == [True, False, True, False]


def test_a_count_that_is_printed_twice_is_hidden_twice_or_not_at_all():
    shown = public(
        ("E05000001", "all", 3, None, None), ("E05000002", "all", 20, 20, None), ("E05000003", "all", 9, 9, None),
        (LEEDS, "all", 32, None, None), unit="number",
    )  # fmt: skip
    assert hidden(shown)[0]
    assert sum(hidden(shown)) == 2
    assert not (shown["value"].isna() & shown["numerator"].notna()).any()


def test_a_ward_left_out_is_not_to_be_found_as_the_rest():
    two_of_three = [("E05000001", "all", 30, None, None), ("E05000002", "all", 20, None, None)]
    shown = public(*two_of_three, (LEEDS, "all", 52, None, None), unit="number")
    assert hidden(shown) == [False, True, False]


def test_a_group_that_is_nearly_everyone_is_hidden():
    assert hidden(public((LEEDS, "all", 30, None, None), (LEEDS, "women", 28, None, None), unit="number")) == [False, True]


def test_money_days_and_scores_disclose_nobody():
    assert hidden(public((LEEDS, "all", 3, None, None), unit="days")) == [False]


@pytest.fixture(scope="module")
def sample():
    tables = {
        name: pd.read_csv(SAMPLE / f"{name}.csv", dtype="str", keep_default_na=False)
        for name in ("register/results", "register/kpis", "reference/areas")
    }
    rows = tables["register/results"]
    figures = {name: pd.to_numeric(rows[name]) for name in ("value", "numerator", "denominator")}
    rows = rows.assign(**figures, vintage=rows["vintage"].astype(int)).sort_values("vintage", kind="stable")
    latest = rows.drop_duplicates(["kpi_id", "area", "group", "period"], keep="last").reset_index(drop=True)
    return latest, tables["register/kpis"], tables["reference/areas"]


def test_attack_recovers_nothing_from_the_sample_register(sample):
    rows, kpis, areas = sample
    cells, links = linked_counts(rows, kpis, areas, area=LEEDS)
    safe = protect_results(rows, kpis, areas, area=LEEDS)
    small = set(cells.loc[cells["count"].between(1, 4), "cell"])
    assert small, "the sample register has small counts to protect"
    printed = safe.melt(
        value_vars=["value", "numerator", "denominator"], var_name="table", value_name="shown", ignore_index=False
    )
    printed = printed.rename_axis("row").reset_index()
    known = cells.merge(printed, on=["table", "row"], how="left").assign(count=lambda joined: joined["shown"])
    secret = small | set(cells.loc[cells["is_shown"] & known["count"].isna(), "cell"])
    # Every relation of the KPIs that have a secret; those of the others cannot bear on it.
    about = links[links["relation"].isin(links.loc[links["cell"].isin(secret), "relation"])]
    kpi_ids = known.loc[known["cell"].isin(about["cell"]), "kpi_id"].dropna()
    theirs = known.loc[known["kpi_id"].isin(kpi_ids), "cell"]
    near = links[links["relation"].isin(links.loc[links["cell"].isin(theirs), "relation"])]
    attacked = known[known["cell"].isin(near["cell"]) | known["cell"].isin(secret)]
    assert recovered(attacked, near, of=secret) == set()
