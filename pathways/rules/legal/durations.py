"""How long each legal status lasts and is renewed for. An installation begins with these; then they are data.

“Beginning with” counts the first day. A row without a date is enacted and not in force.
"""

import calendar
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import TextChoices

from core.refusals import Refused
from pathways.codes import LegalForm, MhsdsLegalStatus

S = MhsdsLegalStatus


class Stage(TextChoices):
    """Which period of a status a length is of."""

    FIRST = "first", "First period"
    RENEWAL = "renewal", "First renewal"
    SECOND_RENEWAL = "second_renewal", "Second renewal"
    FURTHER = "further", "Every further renewal"
    IN_ALL = "in_all", "At most, in all"
    REPORT = "report", "Report to the Secretary of State at least every"


class Unit(TextChoices):
    """What a length is counted in."""

    HOURS = "hours", "hours"
    DAYS = "days", "days"
    WEEKS = "weeks", "weeks"
    MONTHS = "months", "months"


class Length(NamedTuple):
    """A number of units."""

    number: int
    unit: str


class DurationRow(NamedTuple):
    """One length, as the table below and the database have it."""

    code: str
    form: str
    stage: str
    number: int
    unit: str
    in_force_from: date | None
    legal_basis: str
    is_verified: bool


# Commencement of the 1983 Act, its s149(2); CTOs came with the Mental Health Act 2007, the 24 hours of s136 with the
# Policing and Crime Act 2017.
_1983 = date(1983, 9, 30)
_2008 = date(2008, 11, 3)
_2017 = date(2017, 12, 11)
_CTO = LegalForm.COMMUNITY_TREATMENT


def _rows(
    codes: tuple[str, ...],
    *stages: tuple[str, int, str, str, bool],
    form: str = "",
    since: date | None = _1983,
) -> list[DurationRow]:
    return [
        DurationRow(code, form, stage, number, unit, since, basis, sure)
        for code in codes
        for stage, number, unit, basis, sure in stages
    ]


_HOSPITAL_ORDERS = (S.S37, S.S47, S.S48, S.S45A_ENDED)
_RESTRICTED = (
    (S.S37_41, "41(6)"),
    (S.S44, "41(6)"),
    (S.S47_49, "49(3)"),
    (S.S48_49, "49(3)"),
    (S.S45A, "45B(3)"),
)

DURATIONS: list[DurationRow] = [
    *_rows((S.S2,), (Stage.FIRST, 28, Unit.DAYS, "Mental Health Act 1983 s2(4)", True)),
    *_rows((S.S4,), (Stage.FIRST, 72, Unit.HOURS, "Mental Health Act 1983 s4(4)", True)),
    *_rows((S.S5_2,), (Stage.FIRST, 72, Unit.HOURS, "Mental Health Act 1983 s5(2)", True)),
    *_rows((S.S5_4,), (Stage.FIRST, 6, Unit.HOURS, "Mental Health Act 1983 s5(4)", True)),
    *_rows(
        (S.S135, S.S136),
        (Stage.FIRST, 24, Unit.HOURS, "Mental Health Act 1983 s135(3ZA), s136(2A)", False),
        since=_2017,
    ),
    *_rows(
        (S.S3,),
        (Stage.FIRST, 6, Unit.MONTHS, "Mental Health Act 1983 s20(1)", False),
        (Stage.RENEWAL, 6, Unit.MONTHS, "Mental Health Act 1983 s20(2)", False),
        (Stage.FURTHER, 12, Unit.MONTHS, "Mental Health Act 1983 s20(2)", False),
    ),
    # Civil section 3 only: orders of Part 3 keep six months, six months and a year.
    *_rows(
        (S.S3,),
        (Stage.FIRST, 3, Unit.MONTHS, "Mental Health Act 2025 s29 (not in force)", True),
        (Stage.RENEWAL, 3, Unit.MONTHS, "Mental Health Act 2025 s29 (not in force)", True),
        (Stage.SECOND_RENEWAL, 6, Unit.MONTHS, "Mental Health Act 2025 s29 (not in force)", True),
        (Stage.FURTHER, 12, Unit.MONTHS, "Mental Health Act 2025 s29 (not in force)", True),
        since=None,
    ),
    *_rows(
        _HOSPITAL_ORDERS,
        (Stage.FIRST, 6, Unit.MONTHS, "Mental Health Act 1983 s20(1), s40(4)", False),
        (Stage.RENEWAL, 6, Unit.MONTHS, "Mental Health Act 1983 s20(2), s40(4)", False),
        (Stage.FURTHER, 12, Unit.MONTHS, "Mental Health Act 1983 s20(2), s40(4)", False),
    ),
    *_rows(
        (S.INSANITY_ACT,),
        (Stage.FIRST, 6, Unit.MONTHS, "Criminal Procedure (Insanity) Act 1964 s5A", False),
        (Stage.RENEWAL, 6, Unit.MONTHS, "Criminal Procedure (Insanity) Act 1964 s5A", False),
        (Stage.FURTHER, 12, Unit.MONTHS, "Criminal Procedure (Insanity) Act 1964 s5A", False),
    ),
    *_rows(
        (S.S7, S.S37_GUARDIANSHIP),
        (Stage.FIRST, 6, Unit.MONTHS, "Mental Health Act 1983 s20(1)", False),
        (Stage.RENEWAL, 6, Unit.MONTHS, "Mental Health Act 1983 s20(2)", False),
        (Stage.FURTHER, 12, Unit.MONTHS, "Mental Health Act 1983 s20(2)", False),
    ),
    *_rows(
        (S.NOT_APPLICABLE,),
        (Stage.FIRST, 6, Unit.MONTHS, "Mental Health Act 1983 s17C, s20A", False),
        (Stage.RENEWAL, 6, Unit.MONTHS, "Mental Health Act 1983 s20A", False),
        (Stage.FURTHER, 12, Unit.MONTHS, "Mental Health Act 1983 s20A", False),
        form=_CTO,
        since=_2008,
    ),
    # From the moment at which the detention in hospital begins, s17F(8)(a).
    *_rows(
        (S.NOT_APPLICABLE,),
        (Stage.FIRST, 72, Unit.HOURS, "Mental Health Act 1983 s17F(6), (8)", False),
        form=LegalForm.RECALLED,
        since=_2008,
    ),
    *_rows(
        (S.S35,),
        (Stage.FIRST, 28, Unit.DAYS, "Mental Health Act 1983 s35(7)", True),
        (Stage.FURTHER, 28, Unit.DAYS, "Mental Health Act 1983 s35(7)", True),
        (Stage.IN_ALL, 12, Unit.WEEKS, "Mental Health Act 1983 s35(7)", True),
    ),
    *_rows(
        (S.S36,),
        (Stage.FIRST, 28, Unit.DAYS, "Mental Health Act 1983 s36(6)", True),
        (Stage.FURTHER, 28, Unit.DAYS, "Mental Health Act 1983 s36(6)", True),
        (Stage.IN_ALL, 12, Unit.WEEKS, "Mental Health Act 1983 s36(6)", True),
    ),
    *_rows(
        (S.S38,),
        (Stage.FIRST, 12, Unit.WEEKS, "Mental Health Act 1983 s38(5)", True),
        (Stage.FURTHER, 28, Unit.DAYS, "Mental Health Act 1983 s38(5)", True),
        (Stage.IN_ALL, 12, Unit.MONTHS, "Mental Health Act 1983 s38(5)", True),
    ),
    *(
        row
        for code, section in _RESTRICTED
        for row in _rows((code,), (Stage.REPORT, 12, Unit.MONTHS, f"Mental Health Act 1983 s{section}", True))
    ),
    *_rows(
        (S.INSANITY_ACT,),
        (Stage.REPORT, 12, Unit.MONTHS, "Mental Health Act 1983 s41(6)", True),
        form=LegalForm.WITH_RESTRICTIONS,
    ),
    *_rows(
        (S.NOT_APPLICABLE,),
        (Stage.REPORT, 12, Unit.MONTHS, "Mental Health Act 1983 s41(6)", True),
        form=LegalForm.CONDITIONAL_DISCHARGE,
    ),
]

# Which stage speaks for the period after so many renewals; where the law names none for it, the last that it names.
_AFTER = (Stage.FIRST, Stage.RENEWAL, Stage.SECOND_RENEWAL)
Lengths = Mapping[str, Length]


def last_day_of(since: date, length: Length) -> date:
    """The last day of a period that begins with a day.

    Months end on the day before the same day of a later month, or on that month's last where it has no such day.
    Hours are counted from the start of the day here: see `lapses_at` where the moment is known.
    """
    number, unit = length
    if unit == Unit.HOURS:
        return since + timedelta(days=(number - 1) // 24)
    if unit == Unit.MONTHS:
        months = since.month - 1 + number
        year, month = since.year + months // 12, months % 12 + 1
        longest = calendar.monthrange(year, month)[1]
        if since.day > longest:
            return date(year, month, longest)
        return date(year, month, since.day) - timedelta(days=1)
    return since + timedelta(days=number * (7 if unit == Unit.WEEKS else 1) - 1)


def lapses_at(began_at: datetime, length: Length) -> datetime:
    """The first moment at which hours that began at a moment are over. They are hours passed: no clock change matters.

    “72 hours beginning with the time” a detention begins: at 71:59 it holds, at 72:00 it does not.
    """
    # Added to a time of London they would be hours on the wall.
    return began_at.astimezone(UTC) + timedelta(hours=length.number)


def is_in_hours(lengths: Lengths) -> bool:
    """Whether the law counts a status in hours, so that its moment matters and not its day alone."""
    return Stage.FIRST in lengths and lengths[Stage.FIRST].unit == Unit.HOURS


def check_moment(
    began_at: datetime | None, *, in_hours: bool, began_on: date | None, since: date, now: datetime
) -> None:
    """Refuse a moment of a status that has none, on another day than its first (`began_on`), or in the future."""
    if began_at is None:
        return
    if not in_hours:
        raise Refused(
            "Only a legal status that the law counts in hours has a time. Leave it empty.", "at_time"
        )
    if began_on != since:
        raise Refused("The time is on another day than the first.", "at_time")
    if began_at > now:
        raise Refused("The time must not be in the future.", "at_time")


def length_after(lengths: Lengths, renewals: int) -> Length | None:
    """How long the period lasts that begins after so many renewals; None for a status without a limit."""
    if renewals < len(_AFTER) and (length := lengths.get(_AFTER[renewals])) is not None:
        return length
    return lengths.get(Stage.FURTHER) if renewals else None


def is_renewable(lengths: Lengths) -> bool:
    """Whether the authority can go on after its first period."""
    return Stage.FURTHER in lengths or Stage.RENEWAL in lengths


def authority_ends_on(
    since: date, lengths: Lengths, *, renewals: int = 0, first_day: date | None = None
) -> date | None:
    """The last day of the authority for a period that begins on a day, within what the law allows in all."""
    length = length_after(lengths, renewals)
    if length is None:
        return None
    ends_on, in_all = last_day_of(since, length), lengths.get(Stage.IN_ALL)
    return min(ends_on, last_day_of(first_day or since, in_all)) if in_all else ends_on


def check_renewal(
    *, lengths: Lengths, authorised_until: date | None, last_day: date, longest: date | None
) -> None:
    """Refuse to renew what has no end or can't be renewed, for no time, or for longer than the law allows."""
    if authorised_until is None:
        raise Refused("This legal status has no last day, so there is nothing to renew.")
    if not is_renewable(lengths):
        raise Refused("This legal status cannot be renewed. Record the one that follows it.")
    if last_day <= authorised_until:
        raise Refused("The new last day must be after the present one.", "last_day")
    if longest is not None and last_day > longest:
        raise Refused(f"The law allows no later day than {longest.day} {longest:%B %Y}.", "last_day")


def check_authorised_until(last_day: date, *, since: date, longest: date | None) -> None:
    """Refuse a last day where the status has none, one before the first, or one later than the law allows."""
    if longest is None:
        raise Refused("This legal status has no last day. Leave it empty.", "authorised_until")
    if last_day < since:
        raise Refused("The last day is before the first.", "authorised_until")
    if last_day > longest:
        raise Refused(f"The law allows no later day than {longest.day} {longest:%B %Y}.", "authorised_until")


def check_length(stage: str, number: int, unit: str, *, since: date, began: date | None, today: date) -> None:
    """Refuse another length of a stage from a day that has been, or before the newest begins (on `began`).

    One that is still to begin may be replaced from its own day.
    """
    if stage not in Stage.values:
        raise Refused("Choose a period from the list.", "stage")
    if unit not in Unit.values:
        raise Refused("Choose what the length is counted in from the list.", "unit")
    if number < 1:
        raise Refused("A length is at least one.", "number")
    if since < today:
        raise Refused("The date must be today or in the future. What held before stands.", "since")
    if began is not None and (since < began or since == began == today):
        raise Refused(
            f"A length is on record from {began.day} {began:%B %Y}. Choose a later day.",
            "since",
        )


def lengths_of(rows: Any) -> dict[str, Length]:
    """The lengths of one status from its rows, by stage."""
    return {row.stage: Length(row.number, row.unit) for row in rows}
