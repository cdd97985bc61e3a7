"""Traces: from the printed figure to the cell that a service filled in, and whatever on the way does not agree."""

import csv
import io
import shutil
import zipfile
from dataclasses import replace

import by_hand
import openpyxl
import pandas as pd
import pytest
from by_hand import PERIOD, ROOT
from kpireport.__main__ import main
from kpireport.errors import KpireportError, ParameterError, PublishingError
from kpireport.presentation import scorecard
from kpireport.presentation.results_file import results_csv
from kpireport.publishing import audit_tables, provenance
from kpireport.publishing.manifest import sha256
from kpireport.publishing.pages import page
from kpireport.publishing.plan import Places
from kpireport.reports import clt_quarterly
from kpireport.sources import register
from kpireport.verification import bundle, trace, trace_opening, trace_pages, trace_source

PLACE, WASTE, HOMES = (f"returns/2024-25-q2/{name}" for name in ("place.xlsx", "waste.csv", "homes.csv"))
WASTE_SENT, HOMES_SENT = b"kpi_id,value\nPL-01,44.2%\n", b"kpi_id,value\nPL-03,141\n"


def workbook():
    book = openpyxl.Workbook()
    book.active.title = "Results"
    book.active["D7"] = 0.831
    book.active["D7"].number_format = "0.0%"
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def set_up(data):
    """Copy the ten-KPI council, with returns behind three results: whole, whole, and changed since; and with revisions of one."""
    shutil.copytree(by_hand.RIVERSIDE, data)
    sent = {PLACE: workbook(), WASTE: WASTE_SENT, HOMES: HOMES_SENT}
    origins = {"PL-01": (WASTE, "", "B2"), "PL-02": (PLACE, "Results", "D7"), "PL-03": (HOMES, "", "B2")}
    path = data / "register" / "results.csv"
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        heads, rows = reader.fieldnames, list(reader)
    for row in rows:
        if row["kpi_id"] in origins and row["period"] == "2024-25 Q2":
            file_name, sheet, cell = origins[row["kpi_id"]]
            row |= {
                "source_file": file_name,
                "source_sheet": sheet,
                "source_cell": cell,
                "source_sha256": sha256(sent[file_name]),
            }
    summer = next(row for row in rows if (row["kpi_id"], row["period"], row["group"]) == ("PE-02", "2023/24 Summer", "all"))
    rows.append(summer | {"value": "93.6", "vintage": "2", "received_on": "2024-10-30", "note": "Two schools were late."})
    rows.append(summer | {"value": "94.1", "vintage": "3", "received_on": "2024-12-02", "note": "The last school."})
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, heads, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    (data / "returns" / "2024-25-q2").mkdir(parents=True)
    for name, content in sent.items():
        (data / name).write_bytes(content if name != HOMES else b"kpi_id,value\nPL-03,199\n")
    table = "quarter,file,sha256,kind,sender,received_at,rows_taken,rows_refused\n"
    digest = sha256(sent[PLACE])
    table += f"2024-25 Q2,{PLACE},{digest},workbook,Planning service,2024-10-13T09:12:00Z,1,0\n"
    (data / "register" / "returns.csv").write_text(table, encoding="utf-8")
    signed = f"quarter,directorate,signed_by,signed_on,file,sha256\n2024-25 Q2,PL,Director of Place,2024-10-20,{PLACE},{digest}\n"
    (data / "register" / "sign_offs.csv").write_text(signed, encoding="utf-8")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The council's quarter, published with its real scorecard and table of figures."""
    root = tmp_path_factory.mktemp("trace")
    data = root / "data"
    set_up(data)
    inputs = root / "as read"
    shutil.copytree(data, inputs / "data", ignore=shutil.ignore_patterns("returns"))
    shutil.copyfile(data / "council.yaml", inputs / "council.yaml")
    report = clt_quarterly.build(data=str(data), council=str(data / "council.yaml"), quarter="2024-25 Q2")
    html = "".join(part.html for part in scorecard.scorecard(report).parts)
    files = {"clt-quarterly.html": page(heading="Quarterly report", body=html).encode(), "results.csv": results_csv(report)}
    by_hand.publish(root / "outputs", data, root, by_hand.audited(inputs, root / "audit"), files)
    returned = audit_tables.returned(register.load(data))
    provenance.keep_returns(root / "outputs", returned, data=data, work=root)
    return root


@pytest.fixture(scope="module")
def sources(made, tmp_path_factory):
    work = tmp_path_factory.mktemp("work")
    return trace_opening.of_period(made / "outputs", PERIOD, work, data=made / "data")


def traced(sources, kpi_id):
    return trace.trace(sources, kpi_id)


def said(found, *words):
    """Return the one thing said that holds all of `words`."""
    told = [one for _, _, one in found.lines if all(word in one.text for word in words)]
    assert len(told) == 1, [one.text for _, _, one in found.lines]
    return told[0]


def published(made):
    with (made / "outputs" / PERIOD / "results.csv").open(encoding="utf-8", newline="") as file:
        return {row["kpi_id"]: (number, row) for number, row in enumerate(csv.DictReader(file), start=2)}


def test_amber_figure_leads_to_the_cell_its_sender_and_its_approval(made, sources):
    found = traced(sources, "PL-02")
    line, _ = published(made)["PL-02"]
    assert found.wrong == []
    assert found.accounts[0].headline == "83.1% in 2024-25 Q2, amber"
    assert 'table "Place: 4 KPIs and trackers' in said(found, 'latest result "83.1% 2024-25 Q2"', 'rating "▲ Amber"').where
    assert said(found, "results.csv:", '"83.1%"').where == f"{PERIOD}/results.csv, line {line}"
    row = said(found, "2024-25 Q2, vintage 1: 83.1, final, received on 13 October 2024")
    address = row.where.rsplit(" ", 1)[1]
    with (made / "data" / "register" / "results.csv").open(encoding="utf-8", newline="") as file:
        cells = list(csv.reader(file))[int(address[1:]) - 1]
    assert (cells[0], cells[ord(address[0]) - ord("A")]) == ("PL-02", "83.1")
    assert said(found, f"taken from {PLACE}, sheet Results, cell D7")
    assert said(found, "The file is held, and its SHA-256 is the one in the record.").sha256 == sha256(
        (made / "data" / PLACE).read_bytes()
    )
    assert said(found, 'The cell holds "0.831": a percentage as a workbook stores it')
    assert said(found, "Sent by Planning service, received at 2024-10-13T09:12:00Z").where.endswith("returns.csv, cell E2")
    assert said(found, "Approved for PL by Director of Place on 20 October 2024.")
    assert said(
        found,
        "83.1% is below the target of 85.0% by 1.9 percentage points, within the tolerance of 5 percentage points, "
        "so it is amber (rule 3).",
    )
    assert said(found, "In the record: 2024-25 Q1, vintage 1: 89.2.")


def test_green_figure_leads_to_its_target_and_the_line_of_its_return(sources):
    found = traced(sources, "PL-01")
    assert found.wrong == []
    assert said(found, 'The cell holds "44.2%": the value in the record.')
    assert said(found, "In force on 30 September 2024", "42.0%, from 2022-23 Q1").where.endswith("targets.csv, cell D2")
    assert said(found, "44.2% is above the target of 42.0% by 2.2 percentage points, so it is green (rule 3).")
    assert said(found, "Added to the list in 2022-23 Q1, agreed by Management Team on 12 April 2022.")
    assert said(found, "has the fingerprint that was agreed")


def test_awaited_figure_says_what_was_owed_and_that_the_old_one_is_not_rated(sources):
    found = traced(sources, "CO-01")
    assert found.wrong == []
    assert found.accounts[0].headline == "9.30 days in the year to Jun 2024, awaited"
    assert said(found, "The result for the year to Sep 2024 had fallen due and was not in the record, so it is awaited (rule 7).")
    assert said(found, "For the year to Sep 2024, which was owed, the record as read has no row.")
    assert said(found, "Proposed: linked to a red corporate risk")
    assert said(found, "It is number ", " proposed. The team has not decided about it")


def test_revised_figure_shows_every_vintage_known_then_and_since(sources):
    found = traced(sources, "PE-02")
    assert found.wrong == []
    assert said(found, "2023/24 Summer, vintage 2: 93.6", 'Note: "Two schools were late."')
    assert said(found, "Vintage 1: 93.8", "which the one above revised")
    assert said(found, "Vintage 3: 94.1, received on 2 December 2024, after the report's last day, and not used.")
    told = "Told as revised since the previous report: 2024-25 Q1: 58.0 (red) is now 60.0 (red)."
    assert said(traced(sources, "PE-01"), told, "Two households were recorded late.")


def test_return_that_was_changed_since_it_was_taken_in_is_said(sources):
    found = traced(sources, "PL-03")
    assert [one.text for one in found.wrong] == [
        f"The file with the SHA-256 in the record ({sha256(HOMES_SENT)}) is not held here.",
        f'The file now at {HOMES} has another SHA-256: it was changed since it was taken in. Its cell B2 now holds "199".',
    ]
    assert trace_pages.text(found).count("   ! ") == 4
    assert "2 things do not agree:" in trace_pages.text(found)
    assert traced(sources, "PL-02").open == []
    assert "Everything agrees, down to the cell of the return." in trace_pages.text(traced(sources, "PL-02"))


def test_result_without_the_digest_of_its_return_is_said_to_end_there(sources):
    found = traced(sources, "CO-03")
    assert [one.text for one in found.open] == ["The record has no SHA-256 of that file, so no file can be shown to be the one."]
    assert "What could be looked up agrees; one thing could not be:" in trace_pages.text(found)


def test_every_kpi_is_traced_to_what_the_table_of_figures_prints(made, sources):
    lines = published(made)
    assert list(lines) == trace.kpi_ids(sources)
    for kpi_id, (line, row) in lines.items():
        found = traced(sources, kpi_id)
        assert [one for one in found.wrong if HOMES not in one.text and sha256(HOMES_SENT) not in one.text] == [], kpi_id
        shown = said(found, "results.csv:", f'"{row["result_printed"]}"', f'rating "{row["rating"]}"')
        assert shown.where == f"{PERIOD}/results.csv, line {line}"
        figure = row["result_printed"].split(" [")[0]
        assert found.accounts[0].headline.startswith(figure)
        assert figure in said(found, "latest result ").text
        assert row["target_printed"].lower() in said(found, "latest result ").text.lower()
        assert max(map(len, trace_pages.text(found).splitlines())) <= trace_pages.WIDTH


def altered(made, tmp_path, name, old, new):
    """Return a copy of the outputs folder with one published file changed."""
    outputs = shutil.copytree(made / "outputs", tmp_path / "outputs")
    path = outputs / PERIOD / name
    content = path.read_text(encoding="utf-8")
    assert old in content
    path.write_text(content.replace(old, new), encoding="utf-8")
    return trace_opening.of_period(outputs, PERIOD, tmp_path / "work", data=made / "data")


def test_published_figure_that_was_changed_is_named(made, tmp_path):
    found = traced(altered(made, tmp_path, "results.csv", "2024-25 Q2,83.1,", "2024-25 Q2,85.1,"), "PL-02")
    assert [one.text for one in found.wrong] == [
        "results.csv is not as it was published: its SHA-256 is not the manifest's.",
        'results.csv has "85.1" for value, where its own inputs give "83.1".',
    ]


def test_printed_figure_that_was_changed_is_named(made, tmp_path):
    found = traced(altered(made, tmp_path, "clt-quarterly.html", "83.1%", "85.1%"), "PL-02")
    assert [one.text for one in found.wrong] == [
        "clt-quarterly.html is not as it was published: its SHA-256 is not the manifest's.",
        'Quarterly report (clt-quarterly) prints "85.1% 2024-25 Q2", where its own inputs give 83.1%.',
    ]


def test_printed_colour_that_was_changed_is_named(made, tmp_path):
    old, new = ("</span> Amber</span>", "</span> Green</span>")
    found = traced(altered(made, tmp_path, "clt-quarterly.html", old, new), "PL-02")
    assert [one.text for one in found.wrong][1:] == [
        'Quarterly report (clt-quarterly) prints "▲ Green", where its own inputs give Amber.'
    ]


def test_what_was_recorded_or_changed_since_is_told_and_not_used(made, tmp_path):
    data = shutil.copytree(made / "data", tmp_path / "data")
    path = data / "register" / "results.csv"
    rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
    number = next(n for n, row in enumerate(rows) if row.startswith("PL-02,") and ",2024-25 Q2," in row)
    rows.append(rows[number].replace(",83.1,", ",84.0,").replace(",final,1,2024-10-13,", ",final,2,2025-01-10,"))
    path.write_text("".join(rows), encoding="utf-8")
    found = traced(trace_opening.of_period(made / "outputs", PERIOD, tmp_path / "work", data=data), "PL-02")
    assert found.wrong == []
    assert said(found, "register/results.csv is no longer as published")
    assert said(found, "Recorded since: 2024-25 Q2, vintage 2: 84, received on 10 January 2025.")
    assert found.accounts[0].headline == "83.1% in 2024-25 Q2, amber"
    rows[number] = rows[number].replace(",83.1,", ",88.8,")
    path.write_text("".join(rows), encoding="utf-8")
    found = traced(trace_opening.of_period(made / "outputs", PERIOD, tmp_path / "again", data=data), "PL-02")
    assert [one.text for one in found.wrong] == ["2024-25 Q2, vintage 1 was 83.1 and is now 88.8: a recorded row was changed."]


def test_register_of_another_council_is_not_compared(made, tmp_path):
    sources = trace_opening.of_period(made / "outputs", PERIOD, tmp_path, data=ROOT / "data")
    assert said(traced(sources, "PL-02"), "is another council's, and was not looked at")


def test_bundle_gives_the_same_account_by_itself(made, sources, tmp_path):
    file = bundle.write(made / "outputs", PERIOD, to=tmp_path, data=made / "data", places=Places(ROOT))
    alone = trace_opening.of_bundle(file, tmp_path / "work")
    for kpi_id in ("PL-02", "PE-02"):
        here, there = traced(sources, kpi_id), traced(alone, kpi_id)
        assert there.wrong == []
        assert [one.text for _, step, one in there.lines if step != "Since publication"] == [
            one.text for _, step, one in here.lines if step != "Since publication"
        ]
    assert said(traced(alone, "PL-02"), "The file is held").where == PLACE
    assert said(traced(alone, "PL-02"), "results.csv:").where.startswith("outputs/results.csv, line ")
    assert said(traced(alone, "PL-02"), "Today's register was not looked at")


def test_bundle_with_an_input_that_was_changed_is_not_traced(made, tmp_path):
    file = bundle.write(made / "outputs", PERIOD, to=tmp_path, data=made / "data", places=Places(ROOT))
    bad = tmp_path / "bad.zip"
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(bad, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content.replace(b",83.1,", b",85.1,") if name.endswith("register/results.csv") else content)
    with pytest.raises(PublishingError, match=r"inputs/data/register/results.csv was changed.*make verify BUNDLE"):
        trace_opening.of_bundle(bad, tmp_path / "work")


def test_evidence_that_was_changed_is_said_and_not_used(made, tmp_path):
    file = bundle.write(made / "outputs", PERIOD, to=tmp_path, data=made / "data", places=Places(ROOT))
    bad = tmp_path / "bad.zip"
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(bad, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content.replace(b",83.1,", b",85.1,") if name == "evidence/origins.csv" else content)
    found = traced(trace_opening.of_bundle(bad, tmp_path / "work"), "PL-02")
    told = "2024-25-q2: evidence/origins.csv is not as it was written at publication, and is not used."
    assert [one.text for one in found.wrong] == [told]


def test_kpi_that_was_off_the_list_is_told_since_when(sources, monkeypatch):
    register = sources[0].register
    gone = register.kpis.iloc[[0]].assign(kpi_id="PL-09", kpi_name="Street lights", retired="2023-24 Q1")
    monkeypatch.setitem(vars(sources[0]), "register", replace(register, kpis=pd.concat([register.kpis, gone])))
    until = "It was on the list from 2022-23 Q1 until 2023-24 Q1, when it was retired."
    with pytest.raises(ParameterError, match=rf"PL-09 \(Street lights\) is shown by no report of 2024-25 Q2 .*{until}"):
        traced(sources, "PL-09")


def test_kpi_that_is_not_in_the_register_gets_a_suggestion(sources):
    with pytest.raises(ParameterError, match=r'"PL-2" is not in the register of 2024-25-q2\. Did you mean "PL-02"\?'):
        traced(sources, "PL-2")
    with pytest.raises(ParameterError, match='Did you mean "PE-01"'):
        traced(sources, "pe-01")


def test_period_that_is_not_published_names_those_that_are(made, tmp_path):
    with pytest.raises(ParameterError, match=r"has no published folder 2023-24-q4\. Published there: 2024-25-q2"):
        trace_opening.of_period(made / "outputs", "2023-24-q4", tmp_path, data=None)


def test_inputs_that_are_no_longer_held_are_named(made, tmp_path):
    outputs = shutil.copytree(made / "outputs", tmp_path / "outputs", ignore=shutil.ignore_patterns(".evidence"))
    with pytest.raises(PublishingError, match=r"2024-25-q2 cannot be traced: inputs/council\.yaml, .* no longer held"):
        trace_opening.of_period(outputs, PERIOD, tmp_path / "work", data=None)


def test_scrutiny_report_alone_is_traced_in_its_public_edition(outputs, tmp_path):
    sources = trace_opening.of_period(outputs, PERIOD, tmp_path, data=None)  # the quarter's own folder is not published there
    found = traced(sources, "PL-01")
    assert found.wrong == []
    table = said(found, 'latest figure "44.2% July to September 2024"', 'target "42.0% or more"', 'colour "● Green"')
    assert 'under "All results in one table"' in table.where
    assert said(found, "is a public edition; nothing of this KPI is hidden in it.")
    with pytest.raises(ParameterError, match=r"PE-01 \(.*\) is shown by no report of 2024-25 Q2 \(2024-25-q2-scrutiny\)"):
        traced(sources, "PE-01")


def test_command_prints_the_trace_and_writes_a_page_and_a_table(made, tmp_path, capsys):
    outputs = shutil.copytree(made / "outputs", tmp_path / "outputs")
    given = ["--period", PERIOD, "--out", str(outputs), "--data", str(made / "data")]
    assert main(["trace", "--kpi", "PL-02, PL-03", *given]) == 0
    printed = capsys.readouterr().out
    assert "so it is amber" in printed.replace("\n     ", " ")
    folder = outputs / f"{PERIOD}-trace"
    assert {path.name for path in folder.iterdir()} >= {"index.html", "PL-02.html", "PL-02.csv", "PL-03.html", "PL-03.csv"}
    with (folder / "PL-03.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert next(row["said"] for row in rows if row["agrees"] == "no").endswith("is not held here.")
    assert "Internal: it shows figures" in (folder / "PL-02.html").read_text(encoding="utf-8")
    assert main(["trace", "--kpi", "PL-99", *given]) == 2
    assert "is not in the register" in capsys.readouterr().err
    assert (folder / "PL-02.html").is_file()


def test_words_of_the_register_are_text_on_the_page(sources):
    found = traced(sources, "PL-02")
    hostile = trace_pages.html(type(found)(**vars(found) | {"kpi_name": "<script>alert(1)</script>"}))
    assert "<script" not in hostile


@pytest.mark.parametrize("content", [b"PK\x03\x04 no workbook", b""])
def test_return_that_cannot_be_read_holds_nothing(content):
    assert trace_source.cell_of(content, "returns/a.xlsx", "Results", "D7") is None
    assert trace_source.cell_of(content, "returns/a.csv", "", "D7") is None


def test_faults_are_for_people(made, tmp_path):
    with pytest.raises(KpireportError, match="is not the name of a published folder"):
        trace_opening.of_period(made / "outputs", "../secret", tmp_path, data=None)
