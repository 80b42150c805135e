"""Pointing up is closed in every form: also for string foreign keys and reverse names, which imports don't show."""

import pytest
from django.apps import apps
from django.conf import settings

from tests.codebase.source import FLOORS

pytestmark = pytest.mark.codebase

HEIGHT = {floor: height for height, floor in enumerate(FLOORS)}


def relations():
    """Every foreign key between our own models: the field, the floor it is on, the floor it points to."""
    for model in apps.get_models():
        for field in model._meta.local_fields:
            target = field.related_model if field.is_relation else None
            if target and model._meta.app_label in HEIGHT and target._meta.app_label in HEIGHT:
                yield field, model._meta.app_label, target._meta.app_label


def test_there_are_relations_to_walk():
    assert len(list(relations())) > 100


def test_no_model_points_at_a_higher_floor():
    upward = [
        str(field)
        for field, floor, target in relations()
        # The user model is Django's own inversion: a lower floor names the setting, not the app.
        if HEIGHT[floor] < HEIGHT[target] and field.related_model._meta.label != settings.AUTH_USER_MODEL
    ]
    assert upward == []


def test_no_lower_floor_gets_a_reverse_name_from_a_higher_one():
    crossing = [
        str(field)
        for field, floor, target in relations()
        if floor != target and not field.remote_field.hidden
    ]
    # Organisations' own rows hang from accounts' only through hidden names, so there is nothing to except.
    assert crossing == []
