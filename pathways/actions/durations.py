"""How long the law lets each legal status last: another length from a day on, and never another past."""

from datetime import date
from typing import Any

from psycopg2.extras import DateRange

from core.actions import action
from pathways import rules
from pathways.models import LegalDuration


@action
def set_duration(
    *,
    code: str,
    form: str = "",
    stage: str,
    number: int,
    unit: str,
    since: date,
    legal_basis: str,
    is_verified: bool,
    by: Any,
) -> LegalDuration:
    """A stage of a legal status lasts so long from a day on; the length before holds until then.

    A length that is to begin on that very day is replaced. One of the same that was enacted without a day comes into
    force. People keep the last days on record: a period is as long as the law of its first day has it.
    """
    rules.check_legal_status(code, form=form)
    rules.check_words(legal_basis, "legal_basis")
    of_stage = LegalDuration.objects.select_for_update(no_key=True).filter(code=code, form=form, stage=stage)
    newest = of_stage.filter(effective__upper_inf=True).first()
    began = newest.effective.lower if newest else None
    rules.check_length(stage, number, unit, since=since, began=began, today=by.today)
    row = newest if began == since else of_stage.filter(effective=None, number=number, unit=unit).first()
    if newest is not None and row is not newest:
        _write(newest, effective=DateRange(began, since))
    return _write(
        row or LegalDuration(code=code, form=form, stage=stage),
        number=number,
        unit=unit,
        effective=DateRange(since, None),
        legal_basis=legal_basis.strip(),
        is_verified=is_verified,
    )


def _write(row: LegalDuration, **known: Any) -> LegalDuration:
    for name, value in known.items():
        setattr(row, name, value)
    row.version += 1 if row.pk else 0
    row.save()
    return row
