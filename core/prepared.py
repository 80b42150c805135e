"""Small queries about one thing, whose SQL is worked out once a process.

A page about one thing asks some twenty of them, and building each anew costs Django several times what PostgreSQL
takes to answer it (docs/decisions, “A page about one thing prepares its queries”).
"""

from collections.abc import Callable
from copy import copy
from typing import Any, Generic, TypeVar

from django.db import connections
from django.db.models import Model, QuerySet
from django.db.models.query import ModelIterable

M = TypeVar("M", bound=Model)

# Stands for the id while the SQL is worked out. No row has it.
ANY_ID = -(2**31)


class Prepared(Generic[M]):
    """A queryset of which only one id ever changes: `Prepared(lambda pk: Review.objects.filter(referral=pk))`.

    What else it compares with is worked out once as well, so it may ask neither the time nor who is asking.
    """

    def __init__(self, build: Callable[[int], QuerySet[M]]) -> None:
        self._build = build
        self._shape: tuple[QuerySet[M], Any, str, tuple[Any, ...]] | None = None

    def of(self, pk: int) -> list[M]:
        """The rows about one id, in the order of the queryset."""
        rows, compiler, sql, parameters = self._shape or self._work_out()
        compiler = copy(compiler)
        compiler.connection = connections[rows.db]
        asked = sql, tuple(pk if value == ANY_ID else value for value in parameters)
        compiler.as_sql = lambda *args, **kwargs: asked
        return list(ModelIterable(_Answered(rows, compiler)))  # type: ignore[arg-type]

    def _work_out(self) -> tuple[QuerySet[M], Any, str, tuple[Any, ...]]:
        rows = self._build(ANY_ID)
        if rows._prefetch_related_lookups:  # type: ignore[attr-defined]
            raise TypeError("A prepared query fetches nothing beside its rows; prepare one for those too.")
        compiler = rows.query.get_compiler(rows.db)
        sql, parameters = compiler.as_sql()
        compiler.connection = None  # each asking has its own thread's; this one would be kept for ever
        if ANY_ID not in parameters:
            raise TypeError("A prepared query is about the id that it is built with.")
        self._shape = rows, compiler, sql, tuple(parameters)
        return self._shape


class _Answered:
    """What Django's iterator over models asks of a queryset, with the SQL given."""

    def __init__(self, rows: QuerySet[Any], compiler: Any) -> None:
        self.db, self.query, self._compiler = rows.db, self, compiler
        self._hints: dict[str, Any] = {}
        self._known_related_objects: dict[Any, Any] = {}

    def get_compiler(self, using: str) -> Any:
        return self._compiler
