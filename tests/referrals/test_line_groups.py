"""Every kind of event stands in one group of the line, and in no more than one."""

import pytest

from referrals.pages import line, line_groups


@pytest.mark.parametrize("kind", sorted(line.WORDS))
def test_a_kind_of_event_is_in_one_group(kind):
    found = [name for name, _, beginnings in line_groups.GROUPS if kind.startswith(beginnings)]
    assert len(found) == 1, found
