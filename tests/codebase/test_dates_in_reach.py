"""No date that a page or a machine gives is of a year that only a slip of the finger explains."""

from datetime import date
from importlib import import_module

import pytest
from django import forms
from django.core.exceptions import ValidationError
from rest_framework import serializers

from core.api import Input
from core.dates import EARLIEST, LATEST, DateInputField, boxes_of
from core.forms import PathwaysForm

pytestmark = pytest.mark.codebase
FAR = [("1", "must be after 1899"), ("1026", "must be after 1899"), ("1899", "must be after 1899")]
FAR += [("2101", "must be before 2101"), ("9999", "must be before 2101")]
OF_MACHINES = (serializers.DateField, serializers.DateTimeField)


@pytest.fixture(autouse=True)
def every_address():
    """Whatever has an address has been read, its forms and inputs with it."""
    import_module("config.urls")


def below(kind):
    for one in kind.__subclasses__():
        yield one
        yield from below(one)


def in_boxes(year):
    return {"day": "1", "month": "1", "year": year.zfill(4)}


def fields_of_pages():
    """Every date that a form of ours asks for, in three boxes or otherwise."""
    for kind in set(below(PathwaysForm)):
        for name, field in kind.base_fields.items():
            if isinstance(field, DateInputField | forms.DateField | forms.DateTimeField):
                yield f"{kind.__module__}.{kind.__name__}.{name}", field


def fields_of_machines():
    """Every date and moment that the API hears, filters among them, however deep in what is sent."""
    found = [
        (f"{kind.__name__}.{name}", field) for kind in below(Input) for name, field in kind().fields.items()
    ]
    while found:
        name, field = found.pop()
        found += [(f"{name}.{key}", inner) for key, inner in getattr(field, "fields", {}).items()]
        found += [(f"{name}[]", field.child)] if getattr(field, "child", None) is not None else []
        if isinstance(field, OF_MACHINES):
            yield name, field


def takes(clean, value):
    try:
        clean(value)
    except (ValidationError, serializers.ValidationError):
        return False
    return True


@pytest.mark.parametrize("year", [year for year, _ in FAR])
def test_no_form_takes_a_date_out_of_reach(year):
    found = list(fields_of_pages())
    for _, field in found:
        field.today = date(2026, 3, 2)
    assert len(found) > 30
    assert [name for name, field in found if takes(field.clean, in_boxes(year))] == []


@pytest.mark.parametrize("year", [year for year, _ in FAR])
def test_no_input_of_the_api_takes_a_date_out_of_reach(year):
    found = list(fields_of_machines())
    assert {kind for kind in OF_MACHINES for _, field in found if isinstance(field, kind)} == set(OF_MACHINES)
    day = f"{year.zfill(4)}-06-01"
    sent = {serializers.DateField: day, serializers.DateTimeField: f"{day}T12:00:00Z"}
    wrong = [name for name, field in found for kind in OF_MACHINES if isinstance(field, kind)
             if takes(field.run_validation, sent[kind])]  # fmt: skip
    assert wrong == []


@pytest.mark.parametrize(("year", "words"), FAR)
def test_a_date_out_of_reach_is_told_so_beside_its_year(year, words):
    with pytest.raises(ValidationError) as refused:
        DateInputField(label="Remand expires").clean(in_boxes(year))
    assert refused.value.messages == [f"Remand expires {words}"]
    assert refused.value.params == {"parts": ("year",)}


def test_the_first_and_the_last_day_are_taken():
    for on in (EARLIEST, LATEST):
        assert DateInputField().clean(boxes_of(on)) == on
