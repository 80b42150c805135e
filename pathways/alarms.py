"""Who is told that an authority to detain, a remand or restrictions end, and in which words; never a name."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from core.actions import action
from core.notifications import Message, notify
from core.pages import date_and_time
from organisations.actor import Actor
from organisations.models import Service
from pathways.line import Recorded
from pathways.models import BedUse, FlagRule, LegalStatus, Patient, Placement
from pathways.on_duty import Directory, Recipient

# What each limit says while it is near and once it is behind: subject, and what to do.
NEAR: dict[str, tuple[str, str]] = {
    "court-28": ("court order: admission is due", "The person must be admitted within 28 days of the order."),
    "court-7": ("remand to hospital: admission is due", "The person must be admitted within 7 days."),
    "remand-expiry": ("the remand expires soon", "Record the new date, or what the court decided."),
    "detention-ends": ("the authority to detain ends soon", "Renew it, or record what follows it."),
    "restriction-ends": (
        "restrictions end on the release date",
        "Section 47 or 45A goes on without restrictions from then. Record it on the day.",
    ),
    "yearly-report": (
        "the yearly report is due",
        "The Secretary of State must have a report within the year.",
    ),
}
BEHIND: dict[str, tuple[str, str]] = {
    "court-28": ("the court’s order has lapsed", "Nobody was admitted in time. A new authority is needed."),
    "court-7": ("the remand to hospital has lapsed", "Nobody was admitted in time. Go back to the court."),
    "remand-expiry": ("the remand has expired", "Record the new date, or what the court decided."),
    "detention-ends": (
        "the authority to detain has ended",
        "Nothing on record allows the person to be detained. Record the new authority, or that they are free.",
    ),
    "restriction-ends": (
        "the release date has come",
        "The restrictions have ended. Record section 47 or 45A without them.",
    ),
    "yearly-report": ("the yearly report is late", "The Secretary of State must have a report every year."),
}

# How long before hours are over people are told: our choice. The days' own flags come besides, and go on weekly.
HOURS_BEFORE = timedelta(hours=12)


def words_of(policy: str, *, is_behind: bool) -> tuple[str, str]:
    """The subject and what to do, of a limit of the law."""
    return (BEHIND if is_behind else NEAR)[policy]


def words_of_hours(lapses_at: datetime, *, is_behind: bool) -> tuple[str, str]:
    """The same of an authority that the law counts in hours, with its moment."""
    subject, what = words_of("detention-ends", is_behind=is_behind)
    if is_behind:
        return subject, f"Its hours were over on {date_and_time(lapses_at)}. {what}"
    return (
        subject,
        f"Its hours are over on {date_and_time(lapses_at)}. It cannot be renewed: record what follows it.",
    )


def tell_of_flags(events: list[Recorded], *, by: Actor) -> None:
    """One message a flag and recipient: these are never folded into another."""
    told = _Told(Patient.objects.in_bulk({event.patient_id for event in events}), by=by)
    notify(message for event in events for message in _of_flag(event, told, by=by))


@action
def tell_of_hours(*, by: Actor) -> None:
    """Tell of every authority in hours that is nearly over or over, once each, until what follows is recorded.

    It can run twice, late, or on two workers, and says the same: a message exists once by its key.
    """
    held = LegalStatus.objects.current().filter(
        lapses_at__lte=by.at + HOURS_BEFORE, during__upper_inf=True, patient__died_on=None
    )
    statuses = list(held.select_related("patient").order_by("lapses_at", "pk"))
    told = _Told({one.patient_id: one.patient for one in statuses}, by=by)
    notify(message for one in statuses for message in _of_hours(one, told, by=by))


class _Told:
    """Whom to tell of some people: those who have them or keep a bed for them while they are away, and named staff.

    The commissioner where nobody has.
    """

    def __init__(self, people: dict[int, Patient], *, by: Actor) -> None:
        places = Placement.objects.open().filter(patient__in=people, service__isnull=False)
        self.people = people
        kept = BedUse.objects.current().kept_while_away().filter(patient__in=people)
        self.services: dict[int, int] = {
            **dict(kept.values_list("patient", "bed__ward__service")),
            **dict(places.values_list("patient", "service")),
        }
        self.directory = Directory(
            Service.objects.filter(pk__in=self.services.values()),
            {patient.home_area_id for patient in people.values() if patient.home_area_id},
            by=by,
        )
        self.directory.learn_named(people, by=by)

    def of(self, patient: Patient, *, concerned: bool) -> Iterable[tuple[str, Recipient]]:
        """By user and mailbox once each, however many roles somebody holds."""
        service = self.services.get(patient.pk)
        told = self.directory.of_services([service] if service else []) + self.directory.named[patient.pk]
        # Where no service has the person, there is only the commissioner left to tell.
        if not concerned or service is None:
            told += self.directory.of_case_managers([patient.home_area_id])
        return {one.word: one for one in told}.items()


def _of_flag(event: Recorded, told: _Told, *, by: Actor) -> Iterable[Message]:
    details, patient = event.details, told.people[event.patient_id]
    subject, what = words_of(details["policy"], is_behind=details["level"] == FlagRule.Level.BREACHED)
    for word, one in told.of(patient, concerned=details["owner"] == FlagRule.Owner.CONCERNED):
        yield _message(f"law:{details['flag']}:{word}", patient, one, subject, what, by=by)


def _of_hours(status: LegalStatus, told: _Told, *, by: Actor) -> Iterable[Message]:
    assert status.lapses_at is not None  # noqa: S101 (only those were read)
    is_behind = status.is_over(by.at)
    subject, what = words_of_hours(status.lapses_at, is_behind=is_behind)
    stage = "behind" if is_behind else "near"
    for word, one in told.of(status.patient, concerned=True):
        yield _message(f"hours:{status.pk}:{stage}:{word}", status.patient, one, subject, what, by=by)


def _message(key: str, patient: Patient, to: Recipient, subject: str, what: str, *, by: Actor) -> Message:
    return Message(
        key=key,
        kind="clock.flagged",
        user_id=to.user_id,
        mailbox=to.mailbox,
        subject=f"Legal status: {subject}",
        body=what,
        path=f"/patients/{patient.public_id}/#legal",
        about_kind="patient",
        about_id=patient.pk,
        made_at=by.at,
    )
