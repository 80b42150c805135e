"""Conditions that Django lacks."""

from collections.abc import Iterable

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Value


class IsOneOf(Func):
    """`filter(IsOneOf("pk", ids))`, for a thousand ids: one parameter, where `pk__in` makes and checks one of each."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY("

    def __init__(self, column: str, ids: Iterable[int]):
        several = Value(list(ids), output_field=ArrayField(models.BigIntegerField()))
        super().__init__(F(column), several, output_field=models.BooleanField())
