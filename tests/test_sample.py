"""A made-up register is valid at any size, the same each time, and like a real one."""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from kpireport import periods, sample, schemas
from kpireport.errors import ParameterError
from kpireport.rules import performance
from kpireport.sample import calendar
from kpireport.sample.patterns import PATTERNS
from kpireport.sources import council, register
from kpireport.vocabulary import ILLUSTRATIVE, Frequency

LAST = calendar.LAST_QUARTER


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("sample")
    sample.write(out, kpis=150, years=6)
    return out


def rated(folder: Path) -> pd.DataFrame:
    tables = register.load(folder)
    area = council.load(folder / "council.yaml").area
    return performance.for_quarter(tables.kpis, tables.targets, tables.results, tables.rounds, quarter=LAST, area=area).kpis


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kpis=st.integers(1, 45), years=st.integers(1, 8), seed=st.integers(0, 2**32))
def test_any_size_can_be_read_without_a_fault(tmp_path_factory, kpis, years, seed):
    out = tmp_path_factory.mktemp("any")
    sample.write(out, kpis=kpis, years=years, seed=seed)
    assert len(register.load(out).kpis) == kpis
    assert len(rated(out)) == kpis


NOT_MADE_UP = (
    *("survey/", "scorecard/", "assurance/", "reference/ward_tiles", "reference/board_choices", "register/rebases"),
    *("reference/area_lookup", "reference/meetings", "register/returns", "register/sign_offs", "commentary/replaced"),
)
"""Tables of the yearly reports, choices that only a council can make, and what collecting a quarter writes."""


def test_every_table_of_a_quarter_is_there_and_nothing_else(made):
    quarterly = [name for name in schemas.TABLES if not name.startswith(NOT_MADE_UP)]
    assert set(files(made)) == {"council.yaml", *(f"{name}.csv" for name in quarterly)}


def test_same_arguments_give_the_same_bytes_and_another_seed_does_not(made, tmp_path):
    sample.write(tmp_path / "same", kpis=150, years=6)
    sample.write(tmp_path / "other", kpis=150, years=6, seed=2)
    assert files(tmp_path / "same") == files(made)
    assert files(tmp_path / "other")["register/results.csv"] != files(made)["register/results.csv"]


def test_writing_again_over_a_sample_replaces_it(made, tmp_path):
    sample.write(tmp_path, kpis=3, years=2)
    sample.write(tmp_path, kpis=150, years=6)
    assert files(tmp_path) == files(made)


def test_every_figure_is_illustrative(made):
    tables = register.load(made)
    for frame in (tables.results, tables.benchmarks, tables.barometer):
        assert set(frame["producer"]) == {ILLUSTRATIVE}


def test_register_has_revisions_absences_late_returns_contrasts_and_wards(made):
    results = register.load(made).results
    assert (results["vintage"] == 2).any()
    assert (results["absence"] != "").any()
    assert results["group"].nunique() == 2
    assert results["area"].nunique() > 10
    assert (rated(made)["rating"] == "awaited").any()


def test_ratings_are_of_every_colour_and_basis(made):
    counts = rated(made).groupby("basis")["rating"].value_counts()
    assert {(basis, rag) for basis in ("target", "directional") for rag in ("red", "amber", "green")} <= set(counts.index)


def test_last_round_is_open_and_results_end_before_it(made):
    tables = register.load(made)
    assert tables.rounds["cut_off_on"].isna().tolist() == [False] * (len(tables.rounds) - 1) + [True]
    assert max(periods.parse(period) for period in tables.results["period"].unique()).end == LAST.end


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern.name)
def test_results_of_each_pattern_are_received_between_their_end_and_the_cut_off_of_their_round(made, pattern):
    tables = register.load(made)
    number = PATTERNS.index(pattern)
    ids = tables.kpis["kpi_id"].iloc[number :: len(PATTERNS)]
    first = tables.results[tables.results["kpi_id"].isin(ids) & (tables.results["vintage"] == 1)]
    assert len(first)
    for text, days in first.groupby("period")["received_on"]:
        period = periods.parse(str(text))
        due = calendar.due_on(period, pattern.timing.lag_months)
        quarter = periods.last_ended(periods.PeriodKind.QUARTER, due)
        its_round = quarter if quarter.end == due else quarter.shift(3)
        assert days.min().date() > period.end
        assert days.max().date() <= calendar.cut_off_on(its_round)


def test_biennial_kpis_have_every_second_year(made):
    tables = register.load(made)
    biennial = tables.kpis.loc[tables.kpis["frequency"] == Frequency.BIENNIAL, "kpi_id"]
    years = {int(period[:4]) for period in tables.results.loc[tables.results["kpi_id"].isin(biennial), "period"]}
    assert {year % 2 for year in years} == {min(years) % 2}


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ({"kpis": 0, "years": 6}, "kpis"),
        ({"kpis": 100_000, "years": 6}, "kpis"),
        ({"kpis": 5, "years": 99}, "years"),
        ({"kpis": 5, "years": 1, "seed": -1}, "seed"),
    ],
)
def test_impossible_numbers_are_named(tmp_path, arguments, word):
    with pytest.raises(ParameterError, match=f"{word}: found"):
        sample.write(tmp_path, **arguments)
    assert list(tmp_path.iterdir()) == []


def test_a_register_that_is_not_a_sample_is_never_written_over(tmp_path):
    sample.write(tmp_path, kpis=5, years=1)
    (tmp_path / "council.yaml").write_text("name: Another Council\n")
    before = files(tmp_path)
    with pytest.raises(ParameterError, match="already holds something else"):
        sample.write(tmp_path, kpis=6, years=1)
    assert files(tmp_path) == before


def test_folder_with_other_files_is_left_alone(tmp_path):
    (tmp_path / "letters.txt").write_text("keep")
    with pytest.raises(ParameterError, match="already holds something else"):
        sample.write(tmp_path, kpis=5, years=1)
    assert files(tmp_path) == {"letters.txt": b"keep"}
