"""What happens to transfers when a lower floor records something, in the same transaction."""

from assessments.actions import add_to_copy
from assessments.codes import SectionKind
from assessments.models import MedicalReport
from core.pages import long_date
from core.refusals import Refused
from organisations.actor import Actor
from organisations.models import Service
from pathways import days, policies
from pathways.line import Recorded, listens
from pathways.models import Event, FlagRule, Placement
from referrals import messages, rules
from referrals.actions import checklist, ending, flags, moves, reports, undoing, warrants
from referrals.codes import StepKind
from referrals.models import Referral, Warrant
from referrals.naming import title_of

PRISONS = (Service.Kind.PRISON, Service.Kind.REMOVAL_CENTRE)


def actor_of(event: Event) -> Actor:
    """Whoever did what is heard of, at the time it was recorded, acting for the installation from here on."""
    return Actor(
        event.by, "", "", (), frozenset(), frozenset(), frozenset(), event.recorded_at, job=event.kind
    )


def _open_transfer(event: Event) -> Referral | None:
    found = Referral.objects.open_transfer_of(event.patient)
    return checklist.hold(found) if found else None


def _open_referrals(event: Event) -> list[Referral]:
    """Every open referral of the person, the one that leads first."""
    found = Referral.objects.open().filter(patient=event.patient).order_by("-is_primary", "pk")
    return [checklist.hold(one) for one in found]


@listens("pathways.died")
def died(event: Event) -> None:
    """A death ends every referral, and nothing more is sent about them."""
    for referral in Referral.objects.open().filter(patient=event.patient).order_by("pk"):
        ending.die(referral, on=days.london_date(event.occurred_at), by=actor_of(event))


@listens("pathways.death_taken_back")
def lives(event: Event) -> None:
    """What was ended by a death that did not happen is open again."""
    death = Event.objects.filter(patient=event.patient, kind="pathways.died").order_by("pk").last()
    if death is not None:
        undoing.reopen_ended_by(death, by=actor_of(event))


@listens("pathways.authorised")
@listens("pathways.authority_corrected")
@listens("pathways.authority_ended")
@listens("pathways.held")
@listens("pathways.status_corrected")
@listens("pathways.status_ended")
@listens("pathways.status_taken_back")
def law_changed(event: Event) -> None:
    """Whether a move still waits for an authority is worked out again."""
    for referral in _open_referrals(event):
        if StepKind.AUTHORITY in rules.steps_of(referral.kind):
            checklist.settle(referral)


@listens("pathways.placed")
@listens("pathways.placement_corrected")
@listens("pathways.placement_removed")
def placed(event: Event) -> None:
    """The transfer follows a person who is at another prison now, not one entered late who has moved on since."""
    now = Placement.objects.open_of(event.patient)
    if now is None or now.service is None or now.service.kind not in PRISONS:
        return
    referral = _open_transfer(event)
    if referral is not None and referral.from_service_id != now.service_id:
        moves.follow_person(referral, now.service, at=now.during.lower, by=actor_of(event))


@listens("pathways.placement_corrected")
@listens("pathways.placement_removed")
def admission_stands(event: Event) -> None:
    """The move that ended a referral stays on its day where limits were judged by it; otherwise its day follows."""
    was = Placement.objects.get(pk=event.details["corrects"])
    received = Referral.objects.filter(patient=event.patient, received_service=was.service)
    found = received.filter(received_on=days.london_date(was.during.lower), received_on__isnull=False).first()
    if found is None:
        return
    there = Placement.objects.current().filter(patient=event.patient, service=was.service)
    if any(days.london_date(one.during.lower) == found.received_on for one in there):
        return
    corrected = there.filter(pk=event.about_id).first()
    has_limit = found.is_transfer or bool(rules.KINDS[found.kind].clock)
    if corrected is None or has_limit:
        judged = ", and its limits were judged by that day" if has_limit else ""
        raise Refused(
            f"{title_of(found)} ended with this move on {long_date(found.received_on)}{judged}. "
            "Its day and service stay; the ward can be corrected. If they never moved so, undo the end on its page.",
            "on",
        )
    ending.move_end(checklist.hold(found), corrected, by=actor_of(event))


@listens("assessments.opened")
def opened(event: Event) -> None:
    """The draft begins with the section asked for. The first service to claim it leads, where nobody has been named."""
    for referral in _open_referrals(event):
        if referral.is_transfer:
            add_to_copy(event.about_id, SectionKind.LEGAL, _asked_under(referral))
        _name_lead(referral, event)


def _name_lead(referral: Referral, event: Event) -> None:
    needs_one = StepKind.ASSESSMENT in rules.steps_of(referral.kind) and referral.lead_service_id is None
    if needs_one and event.service is not None:
        referral.lead_service = event.service
        referral.version += 1
        referral.save(update_fields=["lead_service", "version"])
        checklist.record(referral, "referrals.lead_named", service=event.service, by=actor_of(event))


def _asked_under(referral: Referral) -> list[str]:
    """The section, the group of section 48 and the restrictions, as lines of the record."""
    basis = referral.legal_bases.current().get(during__upper_inf=True)
    group = [f"Group of section 48: {basis.get_limb_display()}"] if basis.limb else []
    return [
        f"Transfer {referral.reference} is asked for under: {basis.get_section_display()}",
        *group,
        f"{'With' if basis.with_restrictions else 'Without'} section 49 restrictions",
    ]


@listens("assessments.signed")
def signed(event: Event) -> None:
    """A signed assessment is there for every service asked."""
    by = actor_of(event)
    on = days.london_date(event.occurred_at)
    for referral in _open_referrals(event):
        if StepKind.ASSESSMENT in rules.steps_of(referral.kind):
            checklist.mark(referral, StepKind.ASSESSMENT, on=on, service=event.service, by=by)
            checklist.settle(referral)


@listens("assessments.currency_ended")
def currency_ended(event: Event) -> None:
    """A material change: the assessment has to be made again before anybody decides."""
    why = "The assessment is no longer current."
    for referral in _open_referrals(event):
        checklist.reopen(referral, StepKind.ASSESSMENT, why=why, by=actor_of(event))
        checklist.settle(referral)


@listens("assessments.question_answered")
def question_answered(event: Event) -> None:
    """Whoever asked is told that the answer is there."""
    for referral in _open_referrals(event)[:1]:
        asker = Service.objects.filter(pk=event.details["asked_by"])
        messages.tell(event, referral, services=asker, by=actor_of(event))


@listens("assessments.reported")
def reported(event: Event) -> None:
    """A doctor's report is the first or the second of the transfer it is about."""
    referral = _about(event)
    if referral is None:
        return
    if referral.ended_on is not None:
        raise Refused("This has ended. Nothing more can be recorded on it.")
    reports.follow(referral, _report(event), why="The doctor's report is held.", by=actor_of(event))


@listens("assessments.report_withdrawn")
def report_withdrawn(event: Event) -> None:
    """A report that is no longer believed reopens its step, and the limits that hung on the first one run on."""
    referral = _about(event)
    if referral is not None:
        reports.follow(referral, _report(event), why="The report was withdrawn.", by=actor_of(event))


def _about(event: Event) -> Referral | None:
    """The transfer that a report is about, if it is about one."""
    found = Referral.objects.filter(pk=event.about_id, patient=event.patient).first()
    return checklist.hold(found) if found and event.about_kind == "referral" else None


def _report(event: Event) -> MedicalReport:
    return MedicalReport.objects.get(pk=event.details["report"])


@listens("clock.flagged")
def flagged(events: list[Recorded]) -> None:
    """Tell those concerned of flags as sets, and lapse the warrants whose last day is behind."""
    about = [event for event in events if event.about_kind == "referral"]
    if not about:
        return
    by = Actor.system("clock.flagged", at=events[0].recorded_at)
    messages.tell_of_flags(about, by=by)
    _open_to_the_region(about, by=by)
    behind = {
        event.about_id
        for event in about
        if event.details["policy"] == policies.WARRANT and event.details["level"] == "breached"
    }
    for warrant in Warrant.objects.live().filter(referral__in=behind).select_related("referral"):
        warrants.lapse_warrant(warrant, on=by.today, by=by)


def _open_to_the_region(events: list[Recorded], *, by: Actor) -> None:
    """Whoever has to take on the top of the ladder can open the person while the transfer goes on."""
    top = {event.about_id for event in events if event.details["owner"] == FlagRule.Owner.REGION}
    found = Referral.objects.open().filter(pk__in=top).select_related("patient", "from_service")
    flags.open_to_the_region(found.order_by("patient_id") if top else (), by=by)
