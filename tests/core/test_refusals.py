"""Refusals that every floor uses."""

import pytest

from core.refusals import Stale, check_version, refusal


def test_a_change_made_on_an_older_page_is_refused_as_stale():
    assert refusal(check_version, 3, 3) is None
    with pytest.raises(Stale, match="Somebody changed this"):
        check_version(4, 3)
