import pytest
from kpireport.errors import ParameterError
from kpireport.publishing import parameters


def build(*, data: str, quarter: str, directorate: str, edition: str = "internal", as_known_on: str = "", rows: int = 10): ...


GIVEN = {"data": "d", "quarter": "2024-25 Q2", "directorate": "CF", "edition": "internal", "as_known_on": "", "rows": "10"}


def faults_of(**changes: str) -> list[str]:
    return parameters.check(GIVEN | changes, build, "params/x.yaml")[1]


def test_good_values_are_parsed_by_what_their_names_mean():
    values, faults = parameters.check(GIVEN | {"as_known_on": "2024-11-15"}, build, "x")
    assert faults == []
    assert values == GIVEN | {"as_known_on": "2024-11-15", "rows": 10}


def test_misspelt_name_is_met_with_the_name_that_was_meant():
    given = {name.replace("directorate", "directroate"): text for name, text in GIVEN.items()}
    faults = parameters.check(given, build, "params/x.yaml")[1]
    assert faults == [
        'params/x.yaml: "directroate" is not one of its parameters. Did you mean "directorate"?',
        'params/x.yaml: "directorate" is missing. Add it.',
    ]


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("quarter", "2024-25 Q5", "is not a period"),
        ("quarter", "2024-26 Q2", "2024 is followed by 25"),
        ("quarter", "2024-25", "is not a quarter"),
        ("directorate", "../../x", "is not a code"),
        ("directorate", "", "is not a code"),
        ("directorate", "CF\nimport os", "line break"),
        ("edition", "secret", "internal or public"),
        ("as_known_on", "15/11/2024", "like 2024-11-15"),
        ("as_known_on", "2024-02-30", "not a day of the calendar"),
        ("rows", "1e3", "not a whole number"),
        ("data", "", "empty"),
        ("data", "x" * 2000, "too long"),
        ("data", "a\x1b[2Jb", "cannot be printed"),
    ],
)
def test_impossible_value_is_refused_with_a_reason(name, text, words):
    (fault,) = faults_of(**{name: text})
    assert fault.startswith(f"params/x.yaml: {name}: ")
    assert words in fault
    assert "\n" not in fault
    assert "\x1b" not in fault


def test_all_faults_are_told_at_once():
    assert len(faults_of(quarter="Q2", directorate="a b", edition="x")) == 3


@pytest.mark.parametrize("text", ["directorate: NO", 'quarter: "2024-25 Q2"', "as_known_on: 2024-11-15", "rows: 007"])
def test_values_are_read_as_they_are_written(tmp_path, text):
    file = tmp_path / "x.yaml"
    file.write_text(text, encoding="utf-8")
    name, _, written = text.partition(": ")
    assert parameters.read(file) == {name: written.strip('"')}


@pytest.mark.parametrize(
    "text",
    [
        "quarter: a\nquarter: b\n",
        "- a\n- b\n",
        "a: [[1], 2]\n",
        "a: [b; c]\n",
        "a: {b: c}\n",
        "a: !!python/name:os.system x\n",
        "",
    ],
)
def test_file_that_is_not_a_plain_list_of_parameters_is_refused(tmp_path, text):
    file = tmp_path / "x.yaml"
    file.write_text(text, encoding="utf-8")
    if "!!python" in text:
        assert parameters.read(file) == {"a": "x"}, "a tag makes nothing but text"
    else:
        with pytest.raises(ParameterError, match=r"x\.yaml"):
            parameters.read(file)


def board(*, kpis: str, shows: str, order_by: str, history_years: int, title: str): ...


BOARD = {"kpis": "AH-01; pillar: zero_carbon", "shows": "wards", "order_by": "theme", "history_years": "6", "title": "A Board"}


def test_list_is_read_as_words_parted_by_semicolons(tmp_path):
    file = tmp_path / "x.yaml"
    file.write_text("kpis:\n  - AH-01\n  - pillar: zero_carbon\nshows: []\n", encoding="utf-8")
    assert parameters.read(file) == {"kpis": "AH-01; pillar: zero_carbon", "shows": ""}


def test_choices_of_a_board_are_parsed():
    assert parameters.check(BOARD, board, "x") == (BOARD | {"history_years": 6}, [])


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("kpis", "", "names no KPI"),
        ("kpis", "AH-01; 17", '"17" is not a KPI\'s identifier'),
        ("kpis", "piller: zero_carbon", 'Did you mean "pillar"?'),
        ("kpis", "pillar: zero carbon", "is not a code"),
        ("kpis", "AH-01; " * 2_000 + "x" * 1_001, "too long"),
        ("shows", "histroy", 'Did you mean "history"?'),
        ("order_by", "directorates", 'Did you mean "directorate"?'),
        ("history_years", "0", "from 1 to 50"),
        ("title", "", "empty"),
    ],
)
def test_impossible_choice_of_a_board_is_met_with_what_was_meant(name, text, words):
    (fault,) = parameters.check(BOARD | {name: text}, board, "params/x.yaml")[1]
    assert fault.startswith(f"params/x.yaml: {name}: ")
    assert words in fault


def test_a_list_may_be_long_as_long_as_its_words_are_not():
    many = "; ".join(f"AH-{number:03d}" for number in range(1, 900))
    assert parameters.check(BOARD | {"kpis": many}, board, "x") == (BOARD | {"kpis": many, "history_years": 6}, [])


def test_quarter_asked_for_completes_the_one_in_the_file():
    assert parameters.quarter_of("2024-25 Q2", number="3") == "2024-25 Q3"
    assert parameters.quarter_of("2024-25 Q2", year="2019-20") == "2019-20 Q2"
    assert parameters.quarter_of("2024-25 Q2", number="Q4", year="2020-21") == "2020-21 Q4"


@pytest.mark.parametrize(
    ("number", "year"), [("5", ""), ("0", ""), ("2; ls", ""), ("", "2024"), ("", "2024/25"), ("", "2024-26"), ("", "3024-25")]
)
def test_impossible_quarter_is_refused(number, year):
    with pytest.raises(ParameterError, match=r"quarter|year"):
        parameters.quarter_of("2024-25 Q2", number=number, year=year)
