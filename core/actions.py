"""What every write has in common: one transaction, one set of locks, a broken constraint told as its own sentence."""

import functools
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

import pghistory
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from core.refusals import Refused

P = ParamSpec("P")
R = TypeVar("R")


@functools.cache
def constraint_sentences() -> dict[str, str]:
    """Every constraint's name and the sentence it has for people, over all models and declared triggers."""
    sentences = dict(_TRIGGER_SENTENCES)
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            sentences[constraint.name] = str(constraint.violation_error_message)
    return sentences


_TRIGGER_SENTENCES: dict[str, str] = {}


def declare_sentence(constraint_name: str, sentence: str) -> None:
    """Give the sentence of a constraint that lives in a trigger, where Django's models can't hold it."""
    _TRIGGER_SENTENCES[constraint_name] = sentence


def sentence_for(error: IntegrityError) -> str | None:
    """The sentence of the constraint that an error names, or None for one that is not ours (a defect)."""
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    return constraint_sentences().get(name or "")


def action(function: Callable[P, R]) -> Callable[P, R]:
    """Make a keyword `by=` function one transaction whose broken constraints come back as `Refused`.

    Deferred constraints are asked before the outermost action ends, so that a gap in a line of placements is a refusal
    and not an error at commit. The actor and request go with every row's change history.
    """

    @functools.wraps(function)
    def act(*args: P.args, **kwargs: P.kwargs) -> R:
        by: Any = kwargs["by"]
        outermost = not connection.in_atomic_block
        try:
            with transaction.atomic(), pghistory.context(**by.trace()):
                answer = function(*args, **kwargs)
                connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
                if not outermost:
                    connection.cursor().execute("SET CONSTRAINTS ALL DEFERRED")
                return answer
        except IntegrityError as error:
            sentence = sentence_for(error)
            if sentence is None:
                raise
            raise Refused(sentence) from error

    act.is_action = True  # type: ignore[attr-defined]
    return act
