import pytest
from kpireport.errors import ParameterError
from kpireport.publishing import plan as plans
from kpireport.publishing.plan import Request
from tiny_project import BOARD, MODULE, PACK, PARAMETERS, register_of_nothing


def stems(project, *settings: str) -> list[str]:
    plan = plans.make_plan(project.places, Request("quarter", settings=settings))
    return [job.stem for job in plans.jobs(plan, register_of_nothing(plan.data))]


@pytest.fixture
def with_pack(project):
    project.add("overview")
    project.add("team_pack", module=PACK, parameters={"directorate": "CF"})
    return project


def test_reports_are_found_in_the_folders_and_made_once_for_each_variant(with_pack):
    assert stems(with_pack) == ["overview", "team-pack-adults", "team-pack-children"]


def test_report_of_another_occasion_is_left_out(with_pack):
    with_pack.add("yearbook", module=MODULE.replace('"quarter"', '"annual"'))
    assert "yearbook" not in stems(with_pack)


def test_asking_for_one_directorate_makes_only_its_pack(with_pack):
    assert stems(with_pack, "directorate=AH") == ["overview", "team-pack-adults"]


def test_directorate_that_does_not_exist_is_refused_with_those_that_do(with_pack):
    with pytest.raises(ParameterError, match='directorate: "XX" is not one of AH, CF'):
        stems(with_pack, "directorate=XX")


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("directroate=CF", 'Did you mean "directorate"'),
        ("directorate", "name=value"),
        ("quarter=2024-25 Q1", "use --quarter"),
        ("data=elsewhere", "use --data"),
        ("directorate=../../x", "is not a code"),
        ("as_known_on=yesterday", "is not a day"),
    ],
)
def test_setting_that_cannot_be_is_refused(with_pack, setting, words):
    with pytest.raises(ParameterError, match=words):
        stems(with_pack, setting)


def test_faults_of_every_file_are_told_at_once(project):
    project.add("one", parameters={"as_known_on": "soon"})
    notebook = project.add("two")
    notebook.write_text(notebook.read_text(encoding="utf-8").replace("as_known_on =", "as_knwon_on ="), encoding="utf-8")
    project.add("three").write_text("not a notebook", encoding="utf-8")
    with pytest.raises(ParameterError) as error:
        plans.make_plan(project.places, Request("quarter", number="5"))
    message = str(error.value)
    assert 'quarter: "5" is not a quarter' in message
    assert 'params/one.yaml: as_known_on: "soon" is not a day' in message
    assert (
        'notebooks/two.ipynb, parameters cell: "as_knwon_on" is not one of its parameters. Did you mean "as_known_on"?' in message
    )
    assert "notebooks/three.ipynb: not a notebook that can be read" in message


def test_report_without_its_notebook_or_module_is_named(project):
    project.add("one").unlink()
    project.add("two")
    (project.root / "code" / project.places.package / "two.py").unlink()
    with pytest.raises(ParameterError) as error:
        plans.find_reports(project.places, "quarter")
    assert "there is no notebook notebooks/one.ipynb" in str(error.value)
    assert "there is no module" in str(error.value)


@pytest.fixture
def boards(project):
    """A report for boards, each of which is a parameters file: one named after the report, one of any name."""
    project.add("board_report", module=BOARD, parameters={"board": "Inner_East"})
    first = project.root / "params" / "board_report.yaml"
    second = first.read_text(encoding="utf-8").replace("Inner_East", "health") + "report: board_report\n"
    first.with_name("health.yaml").write_text(second, encoding="utf-8")
    return project


def test_each_parameters_file_of_a_report_is_a_reader_of_its_own(boards):
    assert stems(boards) == ["board-report-inner-east", "board-report-health"]
    assert stems(boards, "board=health") == ["board-report-health"]


def test_reader_that_is_in_no_parameters_file_is_met_with_the_one_that_was_meant(boards):
    with pytest.raises(ParameterError, match=r'board: "helth" is in no parameters file\. Did you mean "health"'):
        stems(boards, "board=helth")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("report: bord_report", 'report: "bord_report" is no report. Did you mean "board_report"?'),
        ("report: board_report\nboard: health", "have the same board"),
        ("board: third", "there is no notebook notebooks/third.ipynb"),
        ("report: board_report\nbroad: third", '"board" is missing'),
    ],
)
def test_parameters_file_that_fits_no_report_is_named(boards, line, words):
    (boards.root / "params" / "third.yaml").write_text(line + "\n", encoding="utf-8")
    with pytest.raises(ParameterError, match=words) as error:
        plans.find_reports(boards.places, "quarter")
    assert "params/third.yaml" in str(error.value)


def test_second_parameters_file_of_a_report_for_one_reader_is_refused(project):
    project.add("one")
    (project.root / "params" / "two.yaml").write_text("report: one\n", encoding="utf-8")
    with pytest.raises(ParameterError, match=r"params/one\.yaml and params/two\.yaml are both for one"):
        plans.find_reports(project.places, "quarter")


def test_parameters_files_that_disagree_on_the_quarter_are_refused_unless_it_is_given(project):
    project.add("one")
    project.add("two", parameters={"quarter": "2024-25 Q3"})
    with pytest.raises(ParameterError, match="different quarters"):
        plans.make_plan(project.places, Request("quarter", number="2"))
    assert plans.make_plan(project.places, Request("quarter", number="1", year="2024-25")).period_folder == "2024-25-q1"


def test_another_council_brings_its_own_particulars(project, tmp_path):
    project.add("one")
    other = tmp_path / "riverside"
    other.mkdir()
    (other / "council.yaml").touch()
    assert plans.make_plan(project.places, Request("quarter", data=str(other))).council == other / "council.yaml"
    assert plans.make_plan(project.places, Request("quarter")).council == project.root / PARAMETERS["council"]


def test_data_folder_that_is_not_there_is_named(project):
    project.add("one")
    with pytest.raises(ParameterError, match='data: there is no folder "nowhere"'):
        plans.make_plan(project.places, Request("quarter", data="nowhere"))
