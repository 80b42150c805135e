"""Who manages in tests of the desk."""

import pytest

from tests.world import client_of


@pytest.fixture
def adam(england):
    """The administrator's browser."""
    return client_of(england.adam)
