from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import small_register
from kpireport import schemas
from kpireport.errors import DataError, ExitCode
from kpireport.sources import references, register
from pandas.testing import assert_frame_equal

from sources.conftest import brief, row, rows


def faults(data: Path) -> list[str]:
    with pytest.raises(DataError) as raised:
        register.load(data)
    assert raised.value.exit_code is ExitCode.DATA
    assert str(raised.value).count("\n") == len(raised.value.faults)  # one line each
    return [brief(fault) for fault in raised.value.faults]


def test_a_register_of_csv_files_is_read_to_the_letter(tmp_path):
    read = register.load(small_register.write(tmp_path))
    for name, frame in small_register.frames().items():
        assert_frame_equal(getattr(read, name), frame, check_index_type=False)
    assert read.warnings == ()


def test_csv_and_xlsx_of_the_same_tables_give_identical_frames(tmp_path):
    (tmp_path / "csv").mkdir()
    (tmp_path / "xlsx").mkdir()
    tables = small_register.texts()
    row(tables, "results", kpi_id="AH-01", period="2022-23 Q1")["note"] = 'NA – "quoted",\nover two lines, é'
    row(tables, "results", kpi_id="AH-01", period="2022-23 Q2").update(value="", absence="not_published", numerator="-0.000012")
    row(tables, "kpis", kpi_id="AH-01").update(kpi_name="NA", pillars="zero_carbon ;inclusive_growth", next_review="2025-04-01")
    as_csv = register.load(small_register.write(tmp_path / "csv", tables))
    as_xlsx = register.load(small_register.write(tmp_path / "xlsx", tables, xlsx=schemas.TABLES))
    for name in small_register.frames():
        assert_frame_equal(getattr(as_csv, name), getattr(as_xlsx, name))
    assert as_csv.kpis["kpi_name"].iloc[0] == "NA"
    assert [file.path.rsplit(".")[1] for file in as_xlsx.files] == ["xlsx"] * len(as_xlsx.files)


def test_a_table_that_a_council_does_without_is_empty_and_typed(tmp_path):
    data = small_register.write(tmp_path)
    (data / "reference/benchmarks.csv").unlink()
    read = register.load(data)
    assert read.benchmarks.empty
    assert read.benchmarks.dtypes.equals(small_register.frames()["benchmarks"].dtypes)


def test_the_same_bytes_are_read_once_and_changed_bytes_again(tmp_path):
    data = small_register.write(tmp_path)
    first = register.load(data)
    assert register.load(data) is first
    file = data / "reference/pillars.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("Zero Carbon", "Zero carbon"), encoding="utf-8")
    second = register.load(data)
    assert second is not first
    assert second.pillars["pillar_name"].iloc[-1] == "Zero carbon"


def test_files_are_known_by_their_digest_and_rows(tmp_path):
    files = {file.path: file for file in register.load(small_register.write(tmp_path)).files}
    assert files["register/kpis.csv"].rows == 8
    assert len(files["register/kpis.csv"].sha256) == 64


def test_a_table_given_twice_and_one_not_given_are_faults(tmp_path):
    data = small_register.write(tmp_path, xlsx={"register/kpis"})
    (data / "register/kpis.csv").write_text("kpi_id\n", encoding="utf-8")
    (data / "reference/areas.csv").rename(data / "reference/area.csv")
    assert faults(data) == ["reference/areas.csv : no such file", "register/kpis.csv : kpis.csv and kpis.xlsx"]


def test_a_misnamed_optional_table_is_a_warning(tmp_path):
    data = small_register.write(tmp_path)
    (data / "commentary/highlights.csv").rename(data / "commentary/highlight.csv")
    (data / "commentary/~$open.xlsx").write_bytes(b"")
    (warning,) = register.load(data).warnings
    assert (warning.file, warning.remedy) == (
        "commentary/highlight.csv",
        "Did you mean commentary/highlights? Rename commentary/highlight.csv to commentary/highlights.csv.",
    )


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_headings_are_unknown_misspelt_repeated_or_missing(tmp_path, ending):
    data = small_register.write(tmp_path, xlsx={"reference/boards", "register/targets"} if ending == "xlsx" else ())
    for name, old, new in (
        ("reference/boards", "board_name", "board_name,board_name"),
        ("register/targets", "upper,profile", "Upper limit,remarks,profile"),
    ):
        _change_header(data / f"{name}.{ending}", old.split(","), new.split(","))
    assert faults(data) == [
        f'reference/boards.{ending} C1: a second column "board_name"',
        f'register/targets.{ending} : no column "upper"',
        f'register/targets.{ending} E1: a column "Upper limit"',
        f'register/targets.{ending} F1: a column "remarks"',
    ]


def _change_header(path: Path, old: list[str], new: list[str]) -> None:
    """Put other headings in place of some, with cells of their own where there are more of them."""
    if path.suffix == ".csv":
        lines = path.read_text(encoding="utf-8").splitlines()
        lines[0] = lines[0].replace(",".join(old), ",".join(new))
        path.write_text("\n".join([lines[0], *(f"{line},x" for line in lines[1:])]), encoding="utf-8")
    else:
        book = openpyxl.load_workbook(path)
        sheet = book.worksheets[0]
        start = next(cell.column for cell in sheet[1] if cell.value == old[0])
        for place, heading in enumerate(new, start=start):
            sheet.cell(1, place, heading)
        for line in range(2, sheet.max_row + 1):
            sheet.cell(line, start + len(new) - 1, "x")
        book.save(path)


def test_a_misspelt_heading_is_one_fault_and_its_cells_are_still_read(tmp_path):
    tables = small_register.texts()
    misspelt = {"value": "Value ", "received_on": "recieved on"}
    tables["register/results"] = [
        {misspelt.get(column, column): text for column, text in one.items()} for one in tables["register/results"]
    ]
    tables["register/results"][3]["recieved on"] = "31/04/2024"
    assert faults(small_register.write(tmp_path, tables)) == [
        'register/results.csv E1: a column "Value"',
        'register/results.csv K1: a column "recieved on"',
        'register/results.csv K5: received_on "31/04/2024"',
    ]


def test_twelve_planted_faults_give_twelve_lines_that_name_their_cells(tmp_path):
    tables = small_register.texts()
    results = rows(tables, "results")
    results[2]["value"] = "n/a"
    results[4]["value"] = "0.938"
    results[5]["received_on"] = "31/04/2024"
    results[6]["period"] = "Mar-24"
    results[7]["maturity"] = "finl"
    results.append(dict(results[8]))
    results.append(results[8] | {"kpi_id": "AH-99", "vintage": "1"})
    row(tables, "kpis", kpi_id="CD-01")["directorate"] = "CX"
    row(tables, "kpis", kpi_id="CHE-01")["lag_months"] = ""
    row(tables, "targets", kpi_id="CHE-01")["target"] = "1,333"
    row(tables, "targets", kpi_id="CF-01")["upper"] = "20"
    data = small_register.write(tmp_path, tables, xlsx={"register/targets", "register/kpis", "register/barometer"})
    book = openpyxl.load_workbook(data / "register/barometer.xlsx")
    book["barometer"]["E3"].number_format = "0%"
    book.save(data / "register/barometer.xlsx")

    assert faults(data) == [
        "register/barometer.xlsx E3: complaints 41 shown as 4100%",
        'register/kpis.xlsx D5: directorate "CX", which the directorates table does not have',
        "register/kpis.xlsx R7: lag_months empty",
        "register/results.csv A76: a repetition of row 10 (AH-01, E08000035, all, 2024-25 Q1, 1)",
        'register/results.csv A77: kpi_id "AH-99", which the kpis table does not have',
        'register/results.csv D8: period "Mar-24"',
        'register/results.csv E4: value "n/a"',
        "register/results.csv E6: value 0.938, of another order of magnitude than 92.8 beside it",
        'register/results.csv I9: maturity "finl"',
        'register/results.csv K7: received_on "31/04/2024"',
        'register/targets.xlsx D17: target "1,333"',
        "register/targets.xlsx E4: upper 20 below target 30",
    ]


def test_a_cell_faulted_by_its_format_is_not_faulted_again_and_its_neighbours_are(tmp_path):
    tables = small_register.texts()
    targets = rows(tables, "targets")
    targets[0]["target"], targets[1]["target"] = "TBC", ""
    kpis = rows(tables, "kpis")
    kpis[0]["tolerance"], kpis[1]["tolerance"], kpis[3]["tolerance"] = "two", "-1", "-2"
    assert faults(small_register.write(tmp_path, tables)) == [
        'register/kpis.csv U2: tolerance "two"',
        'register/kpis.csv U3: tolerance "-1"',
        'register/kpis.csv U5: tolerance "-2"',
        'register/targets.csv D2: target "TBC"',
        "register/targets.csv D3: target empty",
    ]


def test_a_fault_says_what_was_found_what_is_expected_and_what_to_do(tmp_path):
    tables = small_register.texts()
    rows(tables, "results")[0]["maturity"] = "Final"
    rows(tables, "kpis")[0]["kpi_id"] = "AH01"
    rows(tables, "kpis").remove(row(tables, "kpis", kpi_id="CHE-01"))
    with pytest.raises(DataError) as raised:
        register.load(small_register.write(tmp_path, tables))
    assert str(raised.value).splitlines() == [
        "5 faults in the data; nothing was published.",
        '  commentary/escalations.csv, cell C2: found kpi_id "CHE-01", which the kpis table does not have; '
        "expected one of the kpis table. " + references.KPI_REMEDY,
        '  register/kpis.csv, cell A2: found kpi_id "AH01"; expected capital letters, a hyphen and digits, such as CF-01. '
        "Correct the cell. Identifier, such as CF-01.",
        '  register/results.csv, cell A40: found kpi_id "CHE-01", which the kpis table does not have, and in 17 more rows; '
        "expected one of the kpis table. " + references.KPI_REMEDY,
        '  register/results.csv, cell I2: found maturity "Final"; expected one of provisional, final. Write "final".',
        '  register/targets.csv, cell A17: found kpi_id "CHE-01", which the kpis table does not have; '
        "expected one of the kpis table. " + references.KPI_REMEDY,
    ]


def test_the_frames_of_a_register_are_those_of_the_schemas(tmp_path):
    read = register.load(small_register.write(tmp_path))
    for name, schema in schemas.TABLES.items():
        frame: pd.DataFrame = getattr(read, name.split("/")[1])
        assert list(frame.columns) == list(schema.columns)
        assert frame.index.name == "row"
