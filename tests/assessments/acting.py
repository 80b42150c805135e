"""Who acts on an assessment in tests, and what comes of it."""

import pytest

from core.refusals import Refused
from pathways.models import Event
from tests.world import actor_of


def maya(england, **known):
    return actor_of(england.maya, **known)


def luke(england, **known):
    return actor_of(england.luke, **known)


def events_of(patient, prefix="assessments."):
    found = Event.objects.filter(patient=patient, kind__startswith=prefix).order_by("pk")
    return list(found.values_list("kind", flat=True))


def refused(sentence):
    return pytest.raises(Refused, match=sentence)
