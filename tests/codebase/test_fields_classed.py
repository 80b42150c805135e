"""Every field of every model is classed, so that a new column is never public by default."""

from importlib import import_module

import pytest
from django.apps import apps

from core.classed import class_of
from tests.codebase.source import FLOORS

pytestmark = pytest.mark.codebase

# Change-history rows repeat the columns of the model they follow and are read by nobody but the audit.
OWN = [
    (model, field)
    for floor in FLOORS
    for model in apps.get_app_config(floor).get_models()
    if not any(base.__module__.startswith("pghistory") for base in model.__mro__)
    for field in model._meta.local_fields
]


def test_every_field_is_classed_once():
    unclassed = [
        f"{model._meta.label}.{field.name}"
        for model, field in OWN
        if class_of(import_module(f"{model._meta.app_label}.fields").FIELDS, model.__name__, field.name)
        is None
    ]
    assert unclassed == []


def test_no_table_names_a_field_that_is_not_there():
    known = {(model._meta.app_label, model.__name__, field.name) for model, field in OWN}
    for floor in FLOORS:
        if not list(apps.get_app_config(floor).get_models()):
            continue
        for model, classes in import_module(f"{floor}.fields").FIELDS.items():
            for name in " ".join(classes.values()).split():
                assert (floor, model, name) in known


def test_the_table_bites():
    assert class_of({"Patient": {}}, "Patient", "nickname") is None
