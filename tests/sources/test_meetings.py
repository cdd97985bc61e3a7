import pytest

from sources.conftest import rows

RIGHT = {"meeting_on": "2024-11-12", "body": "clt", "of": "", "period": "2024-25 Q2", "starts_at": "", "producer": "illustrative"}


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"body": "dmt"}, "meetings C2: of empty"),
        ({"body": "dmt", "of": "AHAL"}, 'meetings C2: of "AHAL"'),
        ({"body": "scrutiny_board", "of": "AH"}, 'meetings C2: of "AH"'),
        ({"of": "CF"}, 'meetings C2: of "CF"'),
        ({"period": "2024"}, 'meetings D2: period "2024" of a clt'),
        ({"body": "survey"}, 'meetings D2: period "2024-25 Q2" of a survey'),
        ({"body": "audit_committee"}, 'meetings D2: period "2024-25 Q2" of a audit_committee'),
        ({"meeting_on": "2024-08-27"}, "meetings A2: meeting_on 27/08/2024, before the end of 2024-25 Q2"),
    ],
)
def test_a_meeting_of_nobody_or_of_another_period_is_a_fault(compare, changed, found):
    faults, warnings = compare(lambda tables: rows(tables, "meetings").append(RIGHT | changed))
    assert (faults, warnings) == ([found], [])


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"body": "dmt", "of": "CF"},
        {"body": "scrutiny_board", "of": "CF", "starts_at": "10:00"},
        {"body": "executive_board", "period": "2023-24"},
        {"body": "survey", "period": "2024", "meeting_on": "2024-05-31"},
    ],
)
def test_a_meeting_that_can_be_is_sound(compare, changed):
    assert compare(lambda tables: rows(tables, "meetings").append(RIGHT | changed)) == ([], [])
