"""Which questions a request for a transfer asks, in which order, and what has been answered. Pure.

The draft keeps answers by question: `{"section": {"section": "48"}, "limb": {"limb": "a"}}`.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Model, QuerySet

from core.dates import DateInputField
from core.forms import PathwaysForm
from referrals import rules
from referrals.codes import LegalSection

Answers = Mapping[str, Any]

KIND = "referrals.transfer"
ORDER = ("person", "section", "limb", "restrictions", "dates", "urgency", "requested", "services")
CHECK = "check"


def basis_of(answers: Answers) -> tuple[str, str]:
    """Section and limb as answered; a limb counts only with section 48."""
    section = (answers.get("section") or {}).get("section", "")
    limb = (answers.get("limb") or {}).get("limb", "") if section == LegalSection.S48 else ""
    return section, limb


def restrictions_of(answers: Answers) -> bool | None:
    """The answer on restrictions, where the law leaves a choice."""
    if not leaves_choice(answers):
        return None
    return (answers.get("restrictions") or {}).get("with_restrictions")


def leaves_choice(answers: Answers) -> bool:
    """Whether section 49 is a question at all for this basis."""
    return basis_of(answers)[1] not in rules.RESTRICTIONS_BY_LAW


def asked(answers: Answers) -> list[str]:
    """The questions that apply, as far as the answers tell."""
    section, limb = basis_of(answers)
    left_out = set()
    if section != LegalSection.S48:
        left_out.add("limb")
    if (section == LegalSection.S48 and not limb) or not leaves_choice(answers):
        left_out.add("restrictions")
    return [question for question in ORDER if question not in left_out]


def next_question(answers: Answers) -> str:
    """The first that is not answered, or the check of them all."""
    return next((question for question in asked(answers) if not answers.get(question)), CHECK)


def previous(question: str, answers: Answers) -> str | None:
    """The question before one, or None for the first."""
    before = [*asked(answers), CHECK]
    place = before.index(question) if question in before else 0
    return before[place - 1] if place else None


def fitting_dates(answers: Answers) -> tuple[str, ...]:
    """The dates that fit the legal basis."""
    return rules.FITTING_DATES.get(basis_of(answers), ())


def kept(form: PathwaysForm) -> dict[str, Any]:
    """What a form was told, as the draft keeps it. Never empty, so that a page left blank counts as answered."""
    return {"answered": True} | {name: _plain(value) for name, value in form.cleaned_data.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, QuerySet):
        return [str(one.public_id) for one in value]
    if isinstance(value, Model):
        return str(value.public_id)  # type: ignore[attr-defined]
    return value.isoformat() if isinstance(value, date) else value


def initial(form_class: type[PathwaysForm], answer: Answers | None) -> dict[str, Any]:
    """What the draft keeps, as a form shows it."""
    fields = form_class.base_fields
    return {
        name: _dated(value) if isinstance(fields[name], DateInputField) else _worded(value)
        for name, value in (answer or {}).items()
        if name in fields
    }


def _worded(value: Any) -> Any:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value


def _dated(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def date_of(answers: Answers, question: str, name: str) -> date | None:
    """A date that was given, or None."""
    return _dated((answers.get(question) or {}).get(name))
