"""Asking for a transfer, and putting right what was asked."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from psycopg2.extras import DateRange

from assessments.models import MedicalReport, SignedAssessment
from core.actions import action
from core.refusals import check_version
from organisations.actor import Actor
from organisations.models import Commissioner, Service
from pathways import days, policies
from pathways.actions import clocks, key_dates, placements, relationships
from pathways.models import KeyDate, Patient, Placement, Relationship
from referrals import messages, references, rules
from referrals.actions import approaches, checklist, reports, warrants
from referrals.codes import Kind, StepKind
from referrals.models import LegalBasis, Referral
from referrals.reasons import why_is_in


@action
def request_transfer(
    patient: Patient,
    *,
    from_service: Service,
    section: str,
    limb: str = "",
    with_restrictions: bool | None = None,
    urgency: int,
    urgency_why: str,
    report_first_requested_on: date,
    release_on: date | None = None,
    hearing_on: date | None = None,
    remand_expires_on: date | None = None,
    services: Iterable[Service] = (),
    by: Actor,
) -> Referral:
    """Ask for a transfer from prison to hospital. The clocks run from the day a report was first requested."""
    (patient,) = Patient.objects.locked(patient.pk)
    services = list(services)
    restricted = rules.restrictions_for(section, limb, with_restrictions)
    rules.check_alive(patient.died_on)
    rules.check_urgency(urgency, urgency_why, field="urgency_why")
    rules.check_first_day(report_first_requested_on, today=by.today)
    dates = {"release_on": release_on, "hearing_on": hearing_on, "remand_expires_on": remand_expires_on}
    rules.check_dates_given(dates, section, limb, today=by.today)
    _be_at(patient, from_service, by=by)
    before = _followed(patient, on=report_first_requested_on)
    yield_the_lead(patient)
    lead = rules.lead_among(services, patient.home_area_id)
    referral = Referral.objects.create(
        reference=references.new_reference(),
        kind=Kind.PRISON_TRANSFER,
        patient=patient,
        from_service=from_service,
        lead_service=lead,
        commissioner=commissioner_of(patient, on=by.today),
        urgency=urgency,
        urgency_why=urgency_why.strip(),
        report_first_requested_on=report_first_requested_on,
        waiting_since=before.waiting_since if before else report_first_requested_on,
        requested_at=by.at,
        requested_by=by.user,
        follows=before,
        is_primary=True,
        next_review_on=by.today + timedelta(days=rules.REVIEW_EVERY_DAYS),
    )
    _begin_basis(referral, section, limb, restricted, since=report_first_requested_on, by=by)
    _keep_dates(patient, release_on, hearing_on, remand_expires_on, by=by)
    _begin(referral, by=by)
    late = rules.days_entered_late(report_first_requested_on, entered_on=by.today)
    event = checklist.record(
        referral,
        "referrals.requested",
        service=from_service,
        details={
            "section": section,
            "limb": limb,
            "first_requested_on": str(report_first_requested_on),
            "days_entered_late": late,
            "follows": before.reference if before else "",
        },
        by=by,
    )
    messages.tell(event, referral, services=[from_service], case_managers=True, by=by)
    for service in services:
        approaches.begin(referral, service, by=by)
    return checklist.settle(referral, "services_first_asked_on")


def yield_the_lead(patient: Patient) -> None:
    """A transfer from prison leads before every other referral of the person; inside an action."""
    for other in Referral.objects.open().filter(patient=patient, is_primary=True):
        other.is_primary = False
        other.save(update_fields=["is_primary"])


def _be_at(patient: Patient, prison: Service, *, by: Actor) -> None:
    """See that the person is at the prison that asks; somebody traced to another prison has moved here."""
    now = Placement.objects.open_of(patient)
    here = now is not None and now.service_id == prison.pk
    at_hospital = now is not None and now.is_at_hospital
    rules.check_from(prison, acts_for_it=rules.acts_for(by, prison.pk), at_hospital=at_hospital)
    rules.check_no_open_transfer(Referral.objects.open_transfer_of(patient))
    if not here:
        placements.place(patient, service=prison, at=by.at, by=by)


def _followed(patient: Patient, *, on: date) -> Referral | None:
    """The last transfer of the person, where this one goes on with its wait."""
    last = Referral.objects.transfers().ended().filter(patient=patient).order_by("-ended_on", "-pk").first()
    return last if last and rules.follows(last.end_reason, last.ended_on, asked_on=on) else None


def commissioner_of(patient: Patient, *, on: date) -> Commissioner | None:
    """Who answers for the person on a day: as agreed, else by home area."""
    agreed = (
        patient.responsibilities.current().filter(during__contains=on, commissioner__isnull=False).first()
    )
    return agreed.commissioner if agreed else patient.home_area


def _keep_dates(
    patient: Patient, release: date | None, hearing: date | None, remand: date | None, *, by: Actor
) -> None:
    kinds = KeyDate.Kind
    for kind, on in ((kinds.RELEASE, release), (kinds.HEARING, hearing), (kinds.REMAND_EXPIRY, remand)):
        if on is not None:
            key_dates.record_key_date(patient, kind=kind, on=on, by=by)


def _begin(referral: Referral, *, by: Actor) -> None:
    """What starts with a request: who may open the person because of it, the clocks, and the first steps."""
    patient, about = referral.patient, checklist.about(referral)
    for holder in ({"service": referral.from_service}, {"commissioner": referral.commissioner}):
        if any(holder.values()):
            basis = Relationship.Basis.REQUEST
            relationships.open_relationship(patient, **holder, basis=basis, about=about, since=by.at, by=by)
    first_day = referral.report_first_requested_on
    clocks.start_clocks(patient, event=policies.REQUESTED, about=about, on=first_day, by=by)
    checklist.mark(referral, StepKind.REPORT_REQUESTED, on=first_day, service=referral.from_service, by=by)
    signed = SignedAssessment.objects.of(patient).current(on=by.today).first()
    if signed is not None:
        on = days.london_date(signed.signed_at)
        checklist.mark(referral, StepKind.ASSESSMENT, on=on, service=signed.service, by=by)


def _begin_basis(
    referral: Referral, section: str, limb: str, restricted: bool, *, since: date, by: Actor
) -> LegalBasis:
    return LegalBasis.objects.create(
        referral=referral,
        section=section,
        limb=limb,
        with_restrictions=restricted,
        during=DateRange(since, None),
        recorded_at=by.at,
        recorded_by=by.user,
    )


@action
def correct_request_date(referral: Referral, *, on: date, why: str, version: int, by: Actor) -> Referral:
    """Put the first date right. Every clock is worked out again, and flags that were never true are marked so."""
    referral = checklist.hold_open(referral)
    check_version(referral.version, version)
    checklist.check_recorder(referral, StepKind.REPORT_REQUESTED, by=by)
    rules.check_first_day(on, today=by.today, field="on")
    rules.check_why(why)
    rules.check_nothing_before(on, _recorded(referral))
    before = referral.report_first_requested_on
    if referral.waiting_since == before:
        referral.waiting_since = on
    referral.report_first_requested_on = on
    referral.version += 1
    _move_basis(referral, on, why=why, by=by)
    requested = checklist.reopen(referral, StepKind.REPORT_REQUESTED, why=why, by=by)
    checklist.mark(referral, StepKind.REPORT_REQUESTED, on=on, service=referral.from_service, by=by)
    clocks.restart_clocks(about=checklist.about(referral), event=policies.REQUESTED, on=on, by=by)
    event = checklist.record(
        referral,
        "referrals.first_date_corrected",
        details={"before": str(before), "now": str(on), **why_is_in(requested)},
        by=by,
    )
    messages.tell_concerned(event, referral, by=by)
    return checklist.settle(referral, "report_first_requested_on", "waiting_since", "version")


def _recorded(referral: Referral) -> Iterator[tuple[str, date]]:
    """What happened to the transfer on a day, in words. An assessment used again may be older than the request."""
    for kind, when in checklist.dates(referral).items():
        if kind not in (StepKind.REPORT_REQUESTED, StepKind.ASSESSMENT):
            yield StepKind(kind).label, when.on
    # Those for another section than that in force are on no step.
    held = MedicalReport.objects.of(*checklist.about(referral))
    for report in held.exclude(section=checklist.section_of(referral)):
        yield "Examined for a medical report", report.examined_on
    for delay in referral.delays.current():
        yield "Delay", delay.during.lower
    for review in referral.reviews.current():
        yield "Review", review.on
    for move in referral.hand_overs.all():
        yield "Moved to another prison", move.moved_on


def _move_basis(referral: Referral, on: date, *, why: str, by: Actor) -> None:
    """The first legal basis begins with the request, whichever day that turns out to have been."""
    first = LegalBasis.objects.current().filter(referral=referral).order_by("during").first()
    if first is None or (first.during.upper is not None and first.during.upper <= on):
        return
    first.supersede(by=by, why=why)
    LegalBasis.objects.create(
        referral=referral,
        section=first.section,
        limb=first.limb,
        with_restrictions=first.with_restrictions,
        during=DateRange(on, first.during.upper),
        recorded_at=by.at,
        recorded_by=by.user,
    )


@action
def change_urgency(referral: Referral, *, urgency: int, why: str, version: int, by: Actor) -> Referral:
    """Say that it is more or less urgent than it was, and why."""
    referral = checklist.hold_open(referral)
    check_version(referral.version, version)
    checklist.check_concerned(referral, by=by)
    rules.check_urgency(urgency, why)
    before = referral.urgency
    referral.urgency, referral.urgency_why = urgency, why.strip()
    referral.version += 1
    referral.save(update_fields=["urgency", "urgency_why", "version"])
    # Why it is urgent may be clinical: it stays on the referral and out of the line.
    event = checklist.record(
        referral, "referrals.urgency_changed", details={"before": before, "now": urgency}, by=by
    )
    messages.tell_concerned(event, referral, by=by)
    return referral


@action
def change_legal_basis(
    referral: Referral,
    *,
    section: str,
    limb: str = "",
    with_restrictions: bool | None = None,
    since: date,
    version: int | None = None,
    by: Actor,
) -> Referral:
    """Go on under another section. Clocks run on; a live warrant and the application lapse, for all to see.

    So do reports for another section: their steps open again, and those of the section gone back to stand again.

    With a `version`, only if nobody changed the request since that was read.
    """
    referral = checklist.hold_open(referral)
    checklist.check_seen(referral, version)
    rules.check_may(rules.Act.LEGAL_BASIS, prison_id=referral.from_service_id, by=by)
    restricted = rules.restrictions_for(section, limb, with_restrictions)
    was = LegalBasis.objects.current().get(referral=referral, during__upper_inf=True)
    rules.check_basis_since(
        since,
        first_day=referral.report_first_requested_on,
        today=by.today,
        same=(was.section, was.limb, was.with_restrictions) == (section, limb, restricted),
    )
    if was.during.lower < since:
        was.during = DateRange(was.during.lower, since)
        was.save(update_fields=["during"])
    else:
        was.supersede(by=by, why="The legal basis changed on or before its first day.")
        since = min(since, was.during.lower)
        _make_room(referral, since, by=by)
    _begin_basis(referral, section, limb, restricted, since=since, by=by)
    lapsed = warrants.end_for_change_of_basis(referral, on=since, by=by)
    if section != was.section:
        reports.follow_basis(referral, was=was.section, by=by)
    event = checklist.record(
        referral,
        "referrals.legal_basis_changed",
        on=since,
        details={"before": was.section + was.limb, "now": section + limb, "warrant_lapsed": lapsed},
        by=by,
    )
    messages.tell_concerned(event, referral, case_managers=lapsed, by=by)
    referral.version += 1
    return checklist.settle(referral, "version")


def _make_room(referral: Referral, since: date, *, by: Actor) -> None:
    """Bases that would overlap one that begins earlier: those after it are no longer believed, the one before ends."""
    for basis in LegalBasis.objects.current().filter(referral=referral, during__endswith__gt=since):
        if basis.during.lower >= since:
            basis.supersede(by=by, why="Another legal basis held from before it.")
        else:
            basis.during = DateRange(basis.during.lower, since)
            basis.save(update_fields=["during"])
