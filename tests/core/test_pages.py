"""How moments read."""

from datetime import UTC, datetime

import pytest

from core.pages import listed, until


@pytest.mark.parametrize(
    ("ends", "words"),
    [
        (datetime(2026, 12, 11, 0, tzinfo=UTC), "the end of 10 December 2026"),
        (datetime(2026, 7, 10, 23, tzinfo=UTC), "the end of 10 July 2026"),
        (datetime(2026, 7, 11, 0, tzinfo=UTC), "11 July 2026, 01:00"),
        (datetime(2026, 12, 11, 12, 30, tzinfo=UTC), "11 December 2026, 12:30"),
    ],
)
def test_a_time_that_ends_at_midnight_in_london_ends_with_the_day_before(ends, words):
    assert until(ends) == words


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["Ashdown"], "Ashdown"),
        (["Ashdown", "Brook House"], "Ashdown and Brook House"),
        (["Ashdown", "Brook House", "Cedar"], "Ashdown, Brook House and Cedar"),
    ],
)
def test_what_is_named_in_a_sentence_has_an_and(names, words):
    assert listed(names) == words
