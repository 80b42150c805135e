"""A date asked for in three boxes, and the exact sentence for each way it can be wrong."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

PARTS = ("day", "month", "year")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

# Nobody whose record this is was born before the first, and nothing is planned for later than the last: a date outside
# is a slip of the finger, whatever it is about.
EARLIEST, LATEST = date(1900, 1, 1), date(2100, 12, 31)

# What may be asked of a date, the words for it, and whether a date answers it.
LIMITS = {
    "past": ("in the past", lambda on, today: on < today),
    "today or past": ("today or in the past", lambda on, today: on <= today),
    "future": ("in the future", lambda on, today: on > today),
    "today or future": ("today or in the future", lambda on, today: on >= today),
}


def slip_of(on: date) -> str:
    """What a date must be that lies outside EARLIEST to LATEST; "" for every other."""
    if on < EARLIEST:
        return f"must be after {EARLIEST.year - 1}"
    return f"must be before {LATEST.year + 1}" if on > LATEST else ""


class DateBoxes(forms.Widget):
    """Three text boxes, `name-day`, `name-month` and `name-year`; what was typed is kept as it was typed."""

    def value_from_datadict(self, data: Mapping, files: Any, name: str) -> dict[str, str]:
        return {part: (data.get(f"{name}-{part}") or "").strip() for part in PARTS}

    def value_omitted_from_data(self, data: Mapping, files: Any, name: str) -> bool:
        return not any(f"{name}-{part}" in data for part in PARTS)

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        return f"{id_}-day" if id_ else id_


class DateInputField(forms.Field):
    """A date in three boxes, from EARLIEST to LATEST. `limit` is one of LIMITS, held against the actor's London today.

    The form sets `words` (the label), `today` and `is_one_of_several`; errors name the boxes at fault in their params.
    """

    widget = DateBoxes

    def __init__(self, *, limit: str | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if limit is not None and limit not in LIMITS:
            raise ValueError(f"A date may be limited to {', '.join(LIMITS)}.")
        self.limit = limit
        self.words = self.label or "Date"
        self.is_one_of_several = False
        self.today: date | None = None

    def clean(self, value: Mapping[str, str] | None) -> date | None:
        typed = dict(value or {})
        if not any(typed.values()):
            if self.required:
                raise ValidationError(self.error_messages["required"], "required", {"parts": PARTS})
            return None
        self._refuse_missing(typed)
        on = self._real(typed)
        self._refuse_outside_limit(on)
        if slip := slip_of(on):
            raise self._error(slip, ["year"])
        return on

    def _refuse_missing(self, typed: dict[str, str]) -> None:
        missing = [part for part in PARTS if not typed.get(part)]
        if missing:
            raise self._error(f"must include a {' and '.join(missing)}", missing)

    def _real(self, typed: dict[str, str]) -> date:
        if not re.fullmatch(r"[0-9]{4}", typed["year"]):
            raise self._error("must include a year with 4 numbers, like 2026", ["year"])
        try:
            return date(int(typed["year"]), _month(typed["month"]), _number(typed["day"]))
        except ValueError:
            raise self._error("must be a real date", PARTS) from None

    def _refuse_outside_limit(self, on: date) -> None:
        if self.limit is None:
            return
        if self.today is None:
            raise RuntimeError("A limited date needs a form that was given an actor.")
        words, holds = LIMITS[self.limit]
        if not holds(on, self.today):
            raise self._error(f"must be {words}", PARTS)

    def _error(self, rest: str, parts: Any) -> ValidationError:
        subject = self.words
        if subject.endswith("?"):
            subject = f"The date for “{subject}”" if self.is_one_of_several else "The date"
        return ValidationError(f"{subject} {rest}", "invalid", {"parts": tuple(parts)})


def _month(typed: str) -> int:
    """A month by its number or its name: “8”, “Aug”, “august”. ValueError for anything else."""
    short = typed.lower()[:3]
    return MONTHS.index(short) + 1 if short in MONTHS else _number(typed)


def _number(typed: str) -> int:
    """One or two figures. ValueError for more, and for those of other scripts, which `int` would take."""
    if not re.fullmatch(r"[0-9]{1,2}", typed):
        raise ValueError("Not a day or a month.")
    return int(typed)


def boxes_of(value: Any) -> dict[str, str]:
    """What to put in the boxes: what was typed, or the parts of a date."""
    if isinstance(value, date):
        return {part: str(getattr(value, part)) for part in PARTS}
    return dict(value or {})
