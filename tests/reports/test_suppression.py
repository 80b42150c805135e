"""Small numbers of other areas can neither be seen nor worked out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.figures import bed_panels
from reports.figures.panels import other_areas
from reports.figures.suppression import hide_lone, part_shown, rate_shown, shown


@pytest.mark.parametrize(
    ("count", "seen"), [(0, "*"), (4, "*"), (5, 5), (7, 5), (8, 10), (12, 10), (13, 15), (100, 100)]
)
def test_below_five_is_hidden_and_others_are_rounded(count, seen):
    assert shown(count) == seen


def test_a_part_is_hidden_where_the_rest_is_small():
    assert part_shown(48, 50) == "*"
    assert part_shown(50, 50) == 50
    assert part_shown(45, 50) == 45


@pytest.mark.parametrize(
    ("part", "whole", "seen"), [(3, 50, "*"), (2, 4, "*"), (47, 50, "*"), (25, 50, 50), (6, 16, 33)]
)
def test_a_rate_is_hidden_where_either_part_is(part, whole, seen):
    assert rate_shown(part, whole) == seen


def test_a_lone_hidden_cell_is_kept_company_by_the_smallest():
    assert hide_lone(["*", 20, 10, 30], [3, 20, 10, 30]) == ["*", 20, "*", 30]
    assert hide_lone(["*", "*", 10], [3, 2, 10]) == ["*", "*", 10]
    assert hide_lone([20, 10], [20, 10]) == [20, 10]


areas = st.lists(
    st.fixed_dictionaries({"received": st.integers(0, 60), "waiting": st.integers(0, 60)}).flatmap(
        lambda whole: st.fixed_dictionaries(
            {
                "name": st.just("Somewhere"),
                "received": st.just(whole["received"]),
                "within_14": st.integers(0, whole["received"]),
                "within_28": st.integers(0, whole["received"]),
                "waiting": st.just(whole["waiting"]),
                "over_28": st.integers(0, whole["waiting"]),
            }
        )
    ),
    min_size=2,
    max_size=8,
)


@pytest.mark.property
@given(areas)
def test_no_table_shows_a_small_number_or_a_lone_hidden_one(rows):
    panel = other_areas("by-region", "Regions", rows)
    columns = list(zip(*panel.values(), strict=True))
    places = {"received": 1, "within_14": 2, "within_28": 4, "waiting": 6, "over_28": 7}
    for name, place in places.items():
        for cell, row in zip(columns[place], rows, strict=True):
            assert cell == "*" or (cell % 5 == 0 and row[name] >= 5)
        assert columns[place].count("*") != 1
    for part, rate in ((2, 3), (4, 5)):
        for row in panel.values():
            assert row[rate] == "*" or "*" not in (row[1], row[part])
    assert all(cell.link == "" for row in panel.rows for cell in row)


beds = st.lists(
    st.fixed_dictionaries(
        {
            "name": st.just("Somewhere"),
            "available": st.integers(0, 400),
            "closed": st.integers(0, 40),
            "occupied": st.integers(0, 400),
            "people": st.integers(0, 30),
            "admitted": st.integers(0, 30),
            "discharged": st.integers(0, 30),
            "staying": st.integers(0, 30),
        }
    ),
    min_size=2,
    max_size=8,
)


@pytest.mark.property
@given(beds)
def test_no_table_of_beds_shows_a_few_people_or_a_lone_hidden_one(rows):
    panel = bed_panels.other_areas("by-region", "Regions", rows)
    columns = list(zip(*panel.values(), strict=True))
    for place, by in ((2, "people"), (5, "admitted"), (6, "discharged"), (7, "staying")):
        for cell, row in zip(columns[place], rows, strict=True):
            assert cell == "*" or (cell % 5 == 0 and row[by] >= 5)
        assert columns[place].count("*") != 1
    for occupied, share in zip(columns[2], columns[3], strict=True):
        assert occupied != "*" or share == "*"
    assert all(cell.link == "" for row in panel.rows for cell in row)
