"""Events are kept for ever as they are written, so nothing that somebody typed goes into their details."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

from tests.codebase.source import modules, relative, tree_of

pytestmark = pytest.mark.codebase

# What a recording says beside its details.
PARAMETERS = {"patient", "by", "occurred_at", "on", "at", "time_known", "about", "service", "details"}
RECORDERS = {"record", "_record", "record_many"}
# Columns without a list of choices that hold a code or a reference all the same, and no sentence.
CODES = {"reference", "code", "kind", "section"}


def typed() -> set[str]:
    """The names of the columns in which somebody types, over all models about people."""
    found = set()
    for app in ("pathways", "assessments", "referrals"):
        for model in apps.get_app_config(app).get_models():
            found |= {
                field.name
                for field in model._meta.get_fields()
                if isinstance(field, models.CharField | models.TextField) and not field.choices
            }
    return found - CODES


def detailed(tree: ast.AST) -> Iterator[ast.Dict | ast.Call]:
    """Each dictionary that is, or is made into, the details of an event, and each call that gives details by name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) in RECORDERS:
            yield node
        elif isinstance(node, ast.keyword) and node.arg == "details" and isinstance(node.value, ast.Dict):
            yield node.value
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict):
            if any(_name(target) == "details" for target in node.targets):
                yield node.value
        elif isinstance(node, ast.Dict):
            inner = [v for k, v in zip(node.keys, node.values, strict=True) if _text(k) == "details"]
            yield from (value for value in inner if isinstance(value, ast.Dict))


def _name(node: ast.AST) -> str:
    return getattr(node, "attr", getattr(node, "id", ""))


def _text(node: ast.AST | None) -> object:
    return node.value if isinstance(node, ast.Constant) else None


def typed_in(path: Path, tree: ast.AST, names: set[str]) -> list[str]:
    """Details that are called like a typed column, or take their value from something so called."""
    found = []
    for node in detailed(tree):
        if isinstance(node, ast.Call):
            pairs = [(word.arg, word.value) for word in node.keywords if word.arg not in PARAMETERS]
        else:
            pairs = [(_text(key), value) for key, value in zip(node.keys, node.values, strict=True)]
        for key, value in pairs:
            if key in names or {_name(part) for part in ast.walk(value)} & names:
                found.append(f"{relative(path)}:{node.lineno} {key}")
    return found


def test_no_event_is_written_with_what_somebody_typed():
    names = typed()
    assert {"why", "words", "said", "urgency_why", "closed_why", "doctor_name"} <= names
    assert [row for path in modules() for row in typed_in(path, tree_of(path), names)] == []


@pytest.mark.parametrize(
    "source",
    [
        "line.record(kind, details={'why': x})",
        "checklist.record(referral, kind, details={'step': kind, 'reason': approach.closed_why})",
        "checklist.record(referral, kind, details={'reason': why.strip()})",
        "_record(signed, kind, words=words)",
        "details = {'delay': delay.pk, 'words': delay.words}",
        "rows = [{'patient_id': 1, 'details': {'said': said}}]",
    ],
)
def test_the_finder_bites(source):
    assert typed_in(Path("referrals/actions/x.py"), ast.parse(source), typed())


def test_the_finder_lets_codes_and_ids_pass():
    source = (
        "checklist.record(referral, kind, on=on, details={'reason': reason, 'contact': contact.pk}, by=by)"
    )
    assert typed_in(Path("referrals/actions/x.py"), ast.parse(source), typed()) == []
