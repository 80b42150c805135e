"""Moves as tests enter them late."""

from datetime import timedelta

import pytest

from core.refusals import Conflicting
from pathways.actions import placements
from tests.world import NOW, actor_of

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WHY = "The escort came a day later."


def place(england, patient, days, *, known=0, by=None, **where):
    by = by or actor_of(england.maya, at=NOW + known * DAY)
    return placements.place(patient, at=NOW + days * DAY, by=by, **where)


def confirmed(act, **known):
    """Do what was refused for what is recorded, having seen that."""
    with pytest.raises(Conflicting) as refused:
        act(**known)
    return act(**known, checked=refused.value.checked), refused.value.conflicts
