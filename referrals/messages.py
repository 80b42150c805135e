"""Who is told of what, in which words: a reference and where to look, never a name or an NHS number."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from itertools import chain
from typing import NamedTuple

from core.notifications import Message, notify
from core.pages import in_sentence
from organisations.actor import Actor
from organisations.models import Commissioner, Service
from pathways import policies
from pathways.line import Recorded
from pathways.models import Event, FlagRule
from pathways.on_duty import Directory, Recipient
from referrals import rules
from referrals.models import Approach, Referral
from referrals.naming import address_of, title_of

# What a subject says after “Transfer KRT-4827:”, and what the body adds. One line for each kind that is told.
WORDS: dict[str, tuple[str, str]] = {
    "referrals.requested": ("asked for", "A transfer from prison to hospital has been asked for."),
    "referrals.first_date_corrected": (
        "first date corrected",
        "The day a medical report was first requested was corrected, so the last day in time has changed.",
    ),
    "referrals.urgency_changed": ("urgency changed", "How urgent the transfer is has changed."),
    "referrals.legal_basis_changed": (
        "legal basis changed",
        "The legal basis has changed. No earlier warrant or application serves, nor a report for another section.",
    ),
    "referrals.prison_moved": (
        "moved to another prison",
        "The person has moved to another prison, which has the transfer now and should say “I have it”.",
    ),
    "referrals.hand_over_taken": ("hand-over taken", "The new prison has said that it has the transfer."),
    "referrals.taken_over": ("taken over", "Another prison has taken the transfer over."),
    "referrals.service_asked": (
        "your service is asked",
        "Your service is asked to take a person from prison. See whether an assessment exists before you begin one.",
    ),
    "referrals.approach_withdrawn": (
        "no longer asked",
        "Your service is no longer asked to take this person.",
    ),
    "referrals.stepped_back": (
        "a service has stepped back",
        "A service that was asked has stepped back. See whether another is to be asked.",
    ),
    "referrals.lead_named": ("lead named", "The service that leads the assessment has been named."),
    "referrals.decided": ("decision made", "A service has decided about the person."),
    "referrals.decision_changed": (
        "decision changed",
        "A service has changed its decision about the person.",
    ),
    "referrals.all_declined": (
        "every service has declined",
        "Every service asked has declined. A case manager is needed to find a service.",
    ),
    "referrals.bed_date_given": ("bed date given", "A service has given a bed date."),
    "referrals.bed_date_withdrawn": (
        "bed date withdrawn",
        "A bed date has been withdrawn. Another is needed.",
    ),
    "referrals.step_recorded": ("step recorded", "A step of the transfer has been recorded."),
    "referrals.step_taken_back": (
        "step taken back",
        "A step of the transfer was recorded by mistake and is open again.",
    ),
    "referrals.warrant_given": (
        "warrant given",
        "The warrant has been given. It lapses at the end of 14 days beginning with its date.",
    ),
    "referrals.warrant_refused": (
        "warrant refused",
        "The Secretary of State has refused the warrant. A new application is needed.",
    ),
    "referrals.warrant_lapsed": (
        "warrant lapsed",
        "The warrant has lapsed. Nobody can be received under it: a new application and warrant are needed.",
    ),
    "assessments.question_answered": (
        "question answered",
        "Your service's question about the shared assessment is answered. The answer stands beside it there.",
    ),
    "referrals.delay_recorded": (
        "delay put down to you",
        "Days of waiting have been put down to you.",
    ),
    "referrals.delay_ended": ("delay ended", "A delay put down to you has an end."),
    "referrals.delay_corrected": (
        "delay corrected",
        "A delay that is, or was, put down to you has been corrected.",
    ),
    "referrals.delay_disputed": ("delay disputed", "The party named disputes a delay."),
    "referrals.admitted": (
        "received in hospital",
        "The hospital has received the person. The prison should confirm that they left.",
    ),
    "referrals.end_undone": (
        "open again",
        "The end of the transfer was recorded by mistake. It is open again, and its clocks run on.",
    ),
    "referrals.ended": ("ended", "It has ended without anything more to do for it."),
    "referrals.referred": ("asked for", "A move has been asked for."),
    "referrals.moved": ("moved", "The person has moved as asked."),
}
# What is said otherwise of a referral that is no transfer from prison.
OTHERWISE: dict[str, tuple[str, str]] = {
    "referrals.service_asked": (
        "your service is asked",
        "Your service is asked to take a person. See whether an assessment exists before you begin one.",
    ),
    "referrals.step_recorded": ("step recorded", "A step of the referral has been recorded."),
    "referrals.step_taken_back": (
        "step taken back",
        "A step of the referral was recorded by mistake and is open again.",
    ),
    "referrals.urgency_changed": ("urgency changed", "How urgent the referral is has changed."),
    "referrals.end_undone": (
        "open again",
        "The end was recorded by mistake. It is open again.",
    ),
}

# The gravest flag leads; of two of one level the later day.
GRAVITY = [level.value for level in FlagRule.Level]
FLAG_WORDS: dict[str, tuple[str, str]] = {
    "approaching": ("the limit is near", "The last day in time is near."),
    "imminent": ("the limit is days away", "The last day in time is a day or two away."),
    "breached": ("late", "The last day in time is behind."),
    "escalated": (
        "late, and escalated",
        "It is late and has been escalated.",
    ),
}
WARRANT_FLAG_WORDS: dict[str, tuple[str, str]] = {
    "approaching": ("warrant lapses soon", "The warrant lapses within days."),
    "imminent": ("warrant lapses", "The warrant lapses at the end of tomorrow or today."),
    "breached": (
        "warrant has lapsed",
        "The warrant is out of force. A new application and warrant are needed.",
    ),
    "escalated": (
        "warrant has lapsed",
        "The warrant is out of force. A new application and warrant are needed.",
    ),
}


def concerned(referral: Referral) -> list[Service]:
    """The prison that has the person, and every service still asked."""
    asked = Approach.objects.open().filter(referral=referral).select_related("service").order_by("pk")
    return [referral.from_service, *(approach.service for approach in asked)]


def tell_concerned(
    event: Event,
    referral: Referral,
    *,
    also: Iterable[Service] = (),
    case_managers: bool = False,
    by: Actor,
) -> None:
    """Tell everyone concerned of an event: the prison, the services asked, and some more."""
    tell(event, referral, services=[*concerned(referral), *also], case_managers=case_managers, by=by)


def tell(
    event: Event,
    referral: Referral,
    *,
    services: Iterable[Service],
    case_managers: bool = False,
    more: str = "",
    by: Actor,
) -> None:
    """Tell some services, and the case managers where it is for them, of one event. Nobody is told of their own act.

    `more`: a sentence of the directory's and our own words, said after what is always said.
    """
    services = list(services)
    commissioner = commissioner_id_of(referral)
    directory = Directory(services, [commissioner] if case_managers and commissioner else [], by=by)
    told = directory.of_services(service.pk for service in services)
    if case_managers:
        told += directory.of_case_managers([commissioner])
    acting = by.user.pk if by.user else None
    otherwise = {} if referral.is_transfer else OTHERWISE
    subject, body = otherwise.get(event.kind) or WORDS[event.kind]
    body = f"{body} {more}".rstrip()
    page = _page_of(referral)
    rows = {
        one.word: _message(f"{event.kind}:{event.pk}:{one.word}", event.kind, page, one, subject, body, by=by)
        for one in told
        if one.user_id is None or one.user_id != acting
    }
    notify(rows.values())


def commissioner_id_of(referral: Referral) -> int | None:
    """Whose case managers are called: the responsible commissioner's, or the prison's where nobody is known to be."""
    return referral.commissioner_id or referral.from_service.commissioner_id


class _Page(NamedTuple):
    """What every message about a referral says of it, worked out once for all who are told."""

    pk: int
    title: str
    reference: str
    path: str


def _page_of(referral: Referral) -> _Page:
    return _Page(referral.pk, title_of(referral), referral.reference, address_of(referral))


def _message(
    key: str, kind: str, page: _Page, to: Recipient, subject: str, body: str, *, by: Actor
) -> Message:
    return Message(
        key=key,
        kind=kind,
        user_id=to.user_id,
        mailbox=to.mailbox,
        subject=f"{page.title}: {subject}",
        body=f"{body}\n\nReference: {page.reference}",
        path=page.path,
        about_kind="referral",
        about_id=page.pk,
        made_at=by.at,
    )


def tell_of_flags(events: list[Recorded], *, by: Actor) -> None:
    """One message a transfer, a recipient and a London day, led by the gravest flag; a warrant's apart from the rest.

    Handles any number of flags with the same few queries.
    """
    found = Referral.objects.open().filter(pk__in={event.about_id for event in events if event.about_id})
    referrals = found.prefetch_related("from_service").order_by("pk").in_bulk()
    concerned_ids = {pk: [referral.from_service_id] for pk, referral in referrals.items()}
    approaches = Approach.objects.open().filter(referral__in=referrals).order_by("pk")
    for referral_id, service_id in approaches.values_list("referral", "service"):
        concerned_ids[referral_id].append(service_id)
    services = Service.objects.filter(pk__in={pk for ids in concerned_ids.values() for pk in ids})
    offices = {
        region: [office.pk for office in found]
        for region, found in Commissioner.objects.national_offices().by_region().items()
    }
    commissioners = {c for r in referrals.values() if (c := commissioner_id_of(r))}
    directory = Directory(services, {*commissioners, *chain.from_iterable(offices.values())}, by=by)
    directory.learn_named((referral.patient_id for referral in referrals.values()), by=by)
    grouped: dict[tuple[int, bool], list[Recorded]] = defaultdict(list)
    for event in events:
        if event.about_id in referrals:
            grouped[event.about_id, event.details["policy"] == policies.WARRANT].append(event)
    rows: dict[str, Message] = {}
    for (pk, of_warrant), flags in grouped.items():
        referral, told = referrals[pk], concerned_ids[pk]
        for row in _flag_messages(referral, flags, of_warrant, told, directory, offices, by=by):
            rows[row.key] = row
    notify(rows.values())


def _gravity(event: Recorded) -> tuple[int, int]:
    return GRAVITY.index(event.details["level"]), event.details["day"]


def _flag_messages(
    referral: Referral,
    flags: list[Recorded],
    of_warrant: bool,
    service_ids: list[int],
    directory: Directory,
    offices: dict[int, list[int]],
    *,
    by: Actor,
) -> list[Message]:
    gravest = max(flags, key=_gravity)
    subject, body = (WARRANT_FLAG_WORDS if of_warrant else FLAG_WORDS)[gravest.details["level"]]
    owners = {flag.details["owner"] for flag in flags}
    waiting = [flag for flag in flags if flag.details["must_be_acknowledged"]]
    office_ids, today = offices.get(referral.from_service.region_id, []), by.today
    concerned = directory.of_services(service_ids) + directory.named[referral.patient_id]
    told = {rules.FlagSide.ENDS: concerned}
    if owners - {FlagRule.Owner.CONCERNED}:
        told[rules.FlagSide.COMMISSIONER] = directory.of_case_managers([commissioner_id_of(referral)])
    if FlagRule.Owner.REGION in owners:
        told[rules.FlagSide.REGION] = directory.of_case_managers(office_ids)
    keys = {
        flag_key(referral, gravest, of_warrant, one, today): (one, side)
        for side, several in told.items()
        for one in several
    }
    words = {side: body + _asked_of(side, waiting, has_office=bool(office_ids)) for side in told}
    page = _page_of(referral)
    return [
        _message(key, "clock.flagged", page, one, subject, words[side], by=by)
        for key, (one, side) in keys.items()
    ]


def _asked_of(side: rules.FlagSide, waiting: list[Recorded], *, has_office: bool) -> str:
    """What a message asks of its reader: to acknowledge what is for their side, and of the others nothing."""
    if not waiting:
        return ""
    if any(rules.side_of(flag.details["owner"], has_office=has_office) == side for flag in waiting):
        return " Please acknowledge it on its page."
    owner = max(waiting, key=_gravity).details["owner"]
    return f" It is for {in_sentence(FlagRule.Owner(owner).label)} to acknowledge."


def flag_key(referral: Referral, gravest: Recorded, of_warrant: bool, to: Recipient, on: date) -> str:
    """One message a transfer a day to each; of a warrant one for each of its flags, whatever else is said that day."""
    if of_warrant:
        return f"warrant:{referral.pk}:{gravest.details['flag']}:{to.word}"
    return f"transfer:{referral.pk}:{on}:{to.word}"
