import re

import pytest
from kpireport.errors import ParameterError
from kpireport.sources import council
from small_register import COUNCIL_YAML


def load(tmp_path, text):
    file = tmp_path / "council.yaml"
    file.write_text(text, encoding="utf-8")
    return council.load(file)


def test_a_council_is_read(tmp_path):
    read = load(tmp_path, COUNCIL_YAML)
    assert (read.name, read.area, read.brand_colour) == ("Smallborough Council", "E08000035", "#005A9C")
    assert (read.comparators, read.pandemic) == (("core_cities", "england"), ("Apr 2020", "Jun 2021"))


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("place:", "palce:", 'unknown key "palce"; did you mean "place"?'),
        ("place: Smallborough\n", "", 'missing key "place".'),
        ("E08000035", "Leeds", 'area: found "Leeds"; expected a GSS code such as E08000035.'),
        ('"#005A9C"', "#005A9C", "brand_colour: found None; expected text. Put a colour in quotation marks: # begins a remark."),
        ('"#005A9C"', "blue", 'brand_colour: found "blue"; expected a colour such as "#005A9C".'),
        (
            '"#005A9C"',
            '"#FFDD00"',
            '"#FFDD00", which stands out from white paper by 1.3 to 1; expected 3 to 1.',
        ),
        (
            '"#7A1F5C"',
            '"#28B1A7"',
            '"#28B1A7", which stands out from white paper by 2.6 to 1; expected 3 to 1.',
        ),
        ("name:", "logo: <svg onload=alert(1)/>\nname:", "logo: found text that is not base64. Write the file as base64"),
        ("[core_cities, england]", "england", "comparators: found 'england'; expected a list of codes"),
        ("Apr 2020", "April 2020", "expected its first and last month, such as [Apr 2020, Jun 2021]."),
        ("name: Smallborough Council", "name: 7", "name: found 7; expected text."),
        ("name:", "name", "not YAML in UTF-8"),
    ],
)
def test_a_key_that_is_wrong_is_named(tmp_path, old, new, problem):
    with pytest.raises(ParameterError, match=r"council\.yaml: ") as raised:
        load(tmp_path, COUNCIL_YAML.replace(old, new, 1))
    assert problem in str(raised.value)


def test_the_remedy_for_a_weak_colour_is_a_colour_that_will_do(tmp_path):
    weak = COUNCIL_YAML.replace("#005A9C", "#FFDD00")
    with pytest.raises(ParameterError) as raised:
        load(tmp_path, weak)
    (better,) = re.findall(r'such as "(#[0-9a-f]{6})"', str(raised.value))
    assert load(tmp_path, weak.replace("#FFDD00", better)).brand_colour == better


def test_all_problems_are_told_at_once(tmp_path):
    with pytest.raises(ParameterError) as raised:
        load(tmp_path, "nmae: x\narea: y\n")
    assert len(str(raised.value).splitlines()) == 9


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(ParameterError, match="there is no such file"):
        council.load(tmp_path / "council.yaml")


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (COUNCIL_YAML.encode(), "Smallborough Council"),
        (b'name: "King\'s \\"Lynn\\""\n', 'King\'s "Lynn"'),
        (b"name: 'St ''Ives'''  # the one in Cornwall\n", "St 'Ives'"),
        (b"area: E08000035\n", ""),
        (b"name: [a, b]\n", ""),
        (b"name: &a x\nplace: *a\n", ""),
        (b"- name: x\n", ""),
        (b"\xff\xfe", ""),
        (b"[" * 10_000, ""),
    ],
)
def test_the_name_is_found_in_particulars_of_any_age(content, name):
    assert council.name_in(content) == name
