"""A draft and a signed version to look at."""

import pytest

from tests.assessments.drafting import drafted, signed
from tests.assessments.pages_world import CANARIES
from tests.world import now


@pytest.fixture
def version(england):
    return signed(england, at=now(), risk=CANARIES)


@pytest.fixture
def draft(england):
    return drafted(england, at=now())
