"""Who is told that an authority to detain, a remand or restrictions end, and in which words; never a name."""

from collections.abc import Iterable

from core.notifications import Message, notify
from organisations.actor import Actor
from organisations.models import Service
from pathways.line import Recorded
from pathways.models import FlagRule, Patient, Placement
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


def words_of(policy: str, *, is_behind: bool) -> tuple[str, str]:
    """The subject and what to do, of a limit of the law."""
    return (BEHIND if is_behind else NEAR)[policy]


def tell_of_flags(events: list[Recorded], *, by: Actor) -> None:
    """One message a flag and recipient: these are never folded into another."""
    known = Patient.objects.in_bulk({event.patient_id for event in events})
    places = Placement.objects.open().filter(patient__in=known, service__isnull=False)
    services = dict(places.values_list("patient", "service"))
    directory = Directory(
        Service.objects.filter(pk__in=services.values()),
        {patient.home_area_id for patient in known.values() if patient.home_area_id},
        by=by,
    )
    directory.learn_named(known, by=by)
    notify(
        message
        for event in events
        for message in _messages(event, known[event.patient_id], services, directory, by=by)
    )


def _messages(
    event: Recorded, patient: Patient, services: dict[int, int], directory: Directory, *, by: Actor
) -> Iterable[Message]:
    details = event.details
    service = services.get(patient.pk)
    told = directory.of_services([service] if service else []) + directory.named[patient.pk]
    # Where no service has the person, there is only the commissioner left to tell.
    if details["owner"] != FlagRule.Owner.CONCERNED or service is None:
        told += directory.of_case_managers([patient.home_area_id])
    subject, what = words_of(details["policy"], is_behind=details["level"] == FlagRule.Level.BREACHED)
    # By user and mailbox once each, however many roles somebody holds.
    for word, one in {one.word: one for one in told}.items():
        yield _message(f"law:{details['flag']}:{word}", patient, one, subject, what, by=by)


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
