"""What every change of the directory has in common: one of a name, and no change over somebody else's."""

from typing import Any, TypeVar

from django.db import models

from core.actions import declare_sentence
from core.refusals import Refused, check_version

M = TypeVar("M", bound=models.Model)

# Columns that Django's own `unique=True` guards, with the sentence of each. The database has the last word.
ONE_OF_A_KIND: dict[str, dict[str, str]] = {
    "Region": {
        "code": "There is already a region with this code.",
        "name": "There is already a region of this name.",
    },
    "Commissioner": {"name": "There is already a commissioner of this name."},
    "Provider": {
        "name": "There is already a provider of this name.",
        "ods_code": "There is already a provider with this ODS code.",
    },
    "Service": {
        "name": "There is already a service of this name.",
        "code": "There is already a service with this ODS site code.",
    },
}
for _model, _fields in ONE_OF_A_KIND.items():
    for _field, _sentence in _fields.items():
        declare_sentence(f"organisations_{_model.lower()}_{_field}_key", _sentence)


def add(model: type[M], answers: dict[str, Any]) -> M:
    """A new row, with texts tidied; refused beside its field where there is one like it."""
    answers = tidied(answers)
    _check_one_of_a_kind(model, answers, but=None)
    return model._default_manager.create(**answers)


def change(row: M, answers: dict[str, Any], *, version: int) -> M:
    """The row with other answers, against the version that was on the page."""
    model = type(row)
    held: Any = model._default_manager.select_for_update(no_key=True).get(pk=row.pk)
    check_version(held.version, version)
    answers = tidied(answers)
    _check_one_of_a_kind(model, answers, but=held.pk)
    for field, value in answers.items():
        setattr(held, field, value)
    held.version += 1
    held.save(update_fields=[*answers, "version"])
    return held


def tidied(answers: dict[str, Any]) -> dict[str, Any]:
    """Texts without spaces around them and with single spaces inside."""
    return {
        field: " ".join(value.split()) if isinstance(value, str) else value
        for field, value in answers.items()
    }


def _check_one_of_a_kind(model: type[models.Model], answers: dict[str, Any], *, but: int | None) -> None:
    """Refuse beside the field what the database would refuse without saying which; whatever its case."""
    for field, sentence in ONE_OF_A_KIND.get(model.__name__, {}).items():
        if field in answers:
            like = model._default_manager.filter(**{f"{field}__iexact": answers[field]}).exclude(pk=but)
            if like.exists():
                raise Refused(sentence, field)
