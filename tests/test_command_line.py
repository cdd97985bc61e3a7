import re
import shlex
import tempfile

import pytest
from kpireport import __main__ as command_line
from kpireport.commands.groups import EXAMPLES, GROUPS
from kpireport.errors import DataError, ExitCode, Finding, NotebookError, ParameterError, PublishingError
from kpireport.publishing import publication
from kpireport.publishing.plan import Request
from kpireport.publishing.publication import Published
from running import kpireport


@pytest.fixture
def asked(monkeypatch, tmp_path):
    """What `publish` was asked for; it makes nothing."""
    calls = []

    def publish(request, **given):
        calls.append((request, given))
        return Published(tmp_path / "2024-25-q2", reports=6, files=23, warnings=1)

    monkeypatch.setattr(publication, "publish", publish)
    return calls


def failing(monkeypatch, error: BaseException) -> None:
    def publish(request, **given):
        raise error

    monkeypatch.setattr(publication, "publish", publish)


def test_without_a_verb_it_prints_its_help(capsys):
    assert command_line.main([]) == 0
    assert "VERB" in capsys.readouterr().out


def test_help_lists_every_verb_in_its_group(capsys):
    known = command_line._parsers()[1]
    assert sorted(EXAMPLES) == sorted(known)
    command_line.main([])
    listed = [line.split()[0] for line in capsys.readouterr().out.splitlines() if re.match(r"  [a-z]+  +[a-z]", line)]
    assert listed == [verb for verbs in GROUPS.values() for verb in verbs]


@pytest.mark.parametrize("verb", EXAMPLES)
def test_each_verbs_example_is_one_that_it_takes_and_is_in_its_help(verb, capsys):
    assert command_line.parser().parse_args([verb, *shlex.split(EXAMPLES[verb])]).verb == verb
    with pytest.raises(SystemExit):
        command_line.main([verb, "--help"])
    told = capsys.readouterr().out
    assert f"python -m kpireport {verb} {EXAMPLES[verb]}" in told
    assert [line for line in told.splitlines() if len(line) > 100] == []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["quater"], 'There is no verb "quater". Did you mean "quarter"?'),
        (["quarter", "--quater", "2"], 'There is no option "--quater" here. Did you mean "--quarter"?'),
        (["quarter", "2"], '"2" is not expected here: what is said stands after an option, such as --quarter 2.'),
        (["trace", "--kpi", "CHE-14"], "Give --period or --bundle."),
        (["verify", "--period", "x", "--bundle", "y"], "Give --period or --bundle, not both."),
        (["approve"], "--directorate, --by: must be given."),
        (["quarter", "--timeout", "no"], '--timeout: "no" is not a number of seconds from 1 to 86400.'),
    ],
)
def test_a_mistake_is_told_in_words_with_the_way_out(arguments, told, capsys):
    with pytest.raises(SystemExit) as left:
        command_line.main(arguments)
    assert left.value.code == ExitCode.PARAMETERS
    first, second = capsys.readouterr().err.splitlines()
    assert first == told
    verb = f" {arguments[0]}" if arguments[0] in EXAMPLES else ""
    assert second == f"What it takes: python -m kpireport{verb} --help"


def test_quarter_passes_on_what_was_asked_as_text(asked, tmp_path):
    arguments = [
        "--quarter",
        "3",
        "--year",
        "2023-24",
        "--data",
        "../riverside",
        "--out",
        str(tmp_path),
        "--set",
        "directorate=CF",
    ]
    assert command_line.main(["quarter", *arguments]) == 0
    ((request, given),) = asked
    assert request == Request("quarter", "3", "2023-24", "../riverside", "", ("directorate=CF",))
    assert given["outputs"] == tmp_path


@pytest.fixture
def outcomes(monkeypatch, tmp_path):
    """What becomes of occasions, by name, that `publish_all` is asked for; the groups that it was asked for come first."""
    became, calls = {}, []

    def publish_all(groups, **given):
        calls.append([[request.told for request in group] for group in groups])
        for group in groups:
            for request in group:
                yield request, became.get(request.occasion, Published(tmp_path / request.occasion, 1, 5, 2))

    monkeypatch.setattr(publication, "publish_all", publish_all)
    return became, calls


def test_all_makes_the_four_occasions_of_a_quarter_as_one(outcomes, capsys, tmp_path):
    assert command_line.main(["all", "--quarter", "2", "--year", "2024-25", "--out", str(tmp_path)]) == 0
    names = ["quarter", "scrutiny", "partnership", "executive"]
    assert outcomes[1] == [[[f"{name}, 2024-25 Q2" for name in names]]]
    told = capsys.readouterr().out
    assert [name for name in names if f"Begin with {tmp_path / name / 'index.html'}" not in told] == []
    assert told.count("2 warnings") == 1


def test_all_tells_what_failed_and_ends_with_the_highest_code(outcomes, capsys, tmp_path):
    became, _ = outcomes
    became |= {"scrutiny": NotebookError("cell"), "partnership": ParameterError("no"), "quarter": ParameterError("no")}
    assert command_line.main(["all", "--quarter", "2", "--out", str(tmp_path)]) == ExitCode.NOTEBOOK
    told = capsys.readouterr()
    assert told.err.splitlines() == ["quarter; partnership: no", "scrutiny: cell"]
    assert "Published 1 report" in told.out


def test_forms_are_passed_on_in_one_order_and_others_are_named(asked, capsys, tmp_path):
    assert command_line.main(["quarter", "--forms", "pdf, HTML", "--out", str(tmp_path)]) == 0
    assert command_line.main(["quarter", "--forms=html", "--out", str(tmp_path)]) == 0
    assert [request.forms for request, _ in asked] == [("html", "pdf"), ("html",)]
    with pytest.raises(SystemExit):
        command_line.main(["quarter", "--forms=docx"])
    assert '"docx" is no form of a report. Use one of: html, pdf.' in capsys.readouterr().err


def test_success_says_where_to_begin(asked, capsys, tmp_path):
    command_line.main(["quarter"])
    out = capsys.readouterr().out
    assert "1 warning:" in out
    assert f"6 reports, 23 files. Begin with {tmp_path / '2024-25-q2' / 'index.html'}" in out


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ParameterError("quarter: no"), ExitCode.PARAMETERS),
        (DataError([Finding("a.csv", "", "B2", "x", "y", "z")]), ExitCode.DATA),
        (PublishingError("disk full"), ExitCode.PUBLISHING),
        (KeyboardInterrupt(), ExitCode.INTERRUPTED),
    ],
)
def test_each_failure_has_its_exit_code_and_no_traceback(monkeypatch, capsys, error, code):
    failing(monkeypatch, error)
    assert command_line.main(["quarter"]) == code
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err
    assert "Traceback" not in told.err


def test_defect_is_called_one_and_its_traceback_is_in_a_file(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    failing(monkeypatch, RuntimeError("oops"))
    assert command_line.main(["quarter"]) == ExitCode.DEFECT
    told = capsys.readouterr().err
    assert "defect of kpireport" in told
    assert "Traceback" not in told
    path = next(word for word in told.split() if word.endswith(".log"))
    with open(path, encoding="utf-8") as file:
        assert "RuntimeError: oops" in file.read()


@pytest.mark.parametrize("arguments", [["quarter", "--timeout", "0"], ["quarter", "--quater", "2"], ["quarters"]])
def test_wrong_use_is_exit_code_2(arguments, capsys):
    with pytest.raises(SystemExit) as left:
        command_line.main(arguments)
    assert left.value.code == ExitCode.PARAMETERS


def test_module_runs_and_tells_what_is_wrong_without_starting_anything(tmp_path):
    ran = kpireport("quarter", "--quarter=7", "--set=directroate=CF", "--out", str(tmp_path / "out"))
    assert ran.returncode == ExitCode.PARAMETERS
    assert ran.stderr.splitlines() == [
        '--set "directroate=CF": no report has a parameter of that name. Did you mean "directorate"?',
        'quarter: "7" is not a quarter: write 1, 2, 3 or 4.',
    ]
    assert not (tmp_path / "out").exists()


def test_faults_stand_in_the_order_of_their_sheet():
    order = ["", "A2", "A10", "B1:C3", "B9", "B100", "B:B", "Z2", "AA1"]
    found = [Finding("a.csv", "", cell, "x", "y", "z") for cell in sorted(order)]
    assert [one.cell for one in DataError([Finding("b.csv", "", "A1", "x", "y", "z"), *found]).faults] == [*order, "A1"]
    assert Finding("a.csv", "", "A9", "x", "y", "z") < Finding("a.csv", "", "A10", "x", "y", "z")
