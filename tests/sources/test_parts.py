import pytest
from small_register import COUNCIL_AREA

from sources.conftest import row, rows


def ward(code, **cells):
    return lambda tables: row(tables, "results", area=code).update(cells)


def test_a_ward_table_without_one_of_the_wards_is_a_warning(compare):
    """Awkward case 9, first half."""
    faults, warnings = compare(lambda tables: rows(tables, "results").remove(row(tables, "results", area="E05000002")))
    assert (faults, warnings) == ([], ["results B37: CD-02 in 2023 for 2 wards, without Beeston"])


def test_two_wards_with_one_value_are_a_warning(compare):
    """Awkward case 9, second half; the total is made to fit."""

    def change(tables):
        ward("E05000002", value="6")(tables)
        row(tables, "results", kpi_id="CD-02", period="2023", area=COUNCIL_AREA)["value"] = "15"

    assert compare(change) == ([], ["results E38: value 6 for Beeston, the same as for Adel"])


def test_a_suppressed_ward_is_not_missing(compare):
    assert compare(ward("E05000002", value="", absence="suppressed")) == ([], [])


def test_wards_add_up_to_the_total(compare):
    assert compare(ward("E05000002", value="9")) == ([], ["results E36: value 13, while the 3 wards add up to 18"])


@pytest.mark.parametrize(
    ("total", "warnings"),
    [
        ("39995", []),
        ("40995", ["results E36: value 40995, while the 2 groups add up to 39992"]),
        ("90000", []),
    ],
)
def test_perturbed_parts_need_not_add_up_exactly(compare, total, warnings):
    """Awkward case 4: 25,587 + 14,405 = 39,992 of 39,995 children; groups far from the total are not all its parts."""

    def change(tables):
        children = row(tables, "results", kpi_id="CD-02", period="2023", area=COUNCIL_AREA)
        tables["register/results"] = [one for one in rows(tables, "results") if one["area"] == COUNCIL_AREA]
        for one in rows(tables, "results"):
            one["note"] = "Children in families with a low income."
        children["value"] = total
        for group, value in (("in work", "25587"), ("not in work", "14405")):
            rows(tables, "results").append(children | {"group": group, "value": value})

    _, found = compare(change)
    assert [one for one in found if "add up" in one] == warnings


def test_ward_codes_of_an_earlier_edition_stand_beside_those_that_did_not_change(compare):
    """Awkward case 10: the table is whole although one of its wards has a code of other boundaries."""

    def change(tables):
        old = row(tables, "areas", area="E05000002") | {"area": "E05000009", "boundaries": "2004"}
        rows(tables, "areas").append(old)
        ward("E05000002", area="E05000009")(tables)

    assert compare(change) == ([], [])
