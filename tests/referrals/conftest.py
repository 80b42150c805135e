"""Who acts in tests of referrals."""

import pytest

from tests.world import actor_of


@pytest.fixture
def maya(england):
    """The clinician of Ashdown, acting on the Monday on which the tests begin."""
    return actor_of(england.maya)


@pytest.fixture
def luke(england):
    """The clinician of Brook House, acting on that Monday."""
    return actor_of(england.luke)
