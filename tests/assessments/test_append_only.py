"""A signed version and what is said of it can't be changed: not by the ORM, not in bulk, not by raw SQL."""

import pytest
from django.db import DatabaseError, connection, transaction

from assessments import actions
from assessments.models import Acceptance, CurrencyEnd, Reply, SectionConfirmation, SignedAssessment
from tests.assessments.drafting import signed
from tests.world import actor_of

MODELS = [SignedAssessment, Acceptance, Reply, SectionConfirmation, CurrencyEnd]


@pytest.fixture
def said(england):
    """One row of each append-only table."""
    version = signed(england)
    luke = actor_of(england.luke)
    question = {"answer": "question", "words": "On insulin?"}
    word = actions.accept_assessment(version, service=england.brook, tier="low", by=luke, **question)
    actions.answer_question(word, words="No.", by=actor_of(england.maya))
    actions.confirm_section(version, "risk", service=england.brook, by=luke)
    actions.end_currency(version, why="A new charge.", by=luke)


def refuses(act):
    with (
        pytest.raises(DatabaseError, match=r"permission denied|protected foreign keys"),
        transaction.atomic(),
    ):
        act()


def sql(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("model", MODELS)
def test_nobody_changes_or_removes_what_was_said(said, model):
    row, before = model.objects.latest("pk"), model.objects.count()
    table = model._meta.db_table
    refuses(row.save)
    refuses(row.delete)
    refuses(lambda: model.objects.update(id=row.pk))
    refuses(lambda: model.objects.bulk_update([row], [_field(model)]))
    refuses(lambda: model.objects.all()._raw_delete(model.objects.db))
    refuses(lambda: sql(f"UPDATE {table} SET id = id"))
    refuses(lambda: sql(f"DELETE FROM {table}"))
    refuses(lambda: sql(f"TRUNCATE {table} CASCADE"))
    assert model.objects.count() == before


def _field(model):
    """Any column but the key."""
    return next(field.name for field in model._meta.concrete_fields if not field.primary_key)
