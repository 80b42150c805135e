"""The bed date of an accepting service, and the hold that goes with it."""

from datetime import date, datetime, timedelta

from psycopg2.extras import DateTimeTZRange

from core.actions import action
from organisations.actor import Actor
from organisations.models import Bed
from pathways import days
from pathways.actions import beds as bed_uses
from pathways.free_beds import free_beds
from pathways.models import BedUse, Patient
from referrals import messages, rules
from referrals.actions import checklist, escalation
from referrals.codes import StepKind
from referrals.models import Approach, BedOffer, Decision, Referral, Warrant
from referrals.reasons import why_is_in


@action
def give_bed_date(
    approach: Approach,
    bed: Bed,
    *,
    bed_on: date,
    exception_why: str = "",
    seen_at: datetime | None = None,
    by: Actor,
) -> BedOffer:
    """Hold a bed from a day, for some days after, and under a live warrant to the end of that.

    `seen_at`: when it was looked up which beds are free; now, unless said.
    """
    referral = checklist.hold_open(approach.referral)
    approach = Approach.objects.select_related("service").get(pk=approach.pk)
    accepted = Decision.objects.current().filter(approach=approach, outcome__in=rules.ACCEPTING).exists()
    rules.check_bed_manager(
        acts_for_it=rules.acts_for(by, approach.service_id), closed=approach.closed_at is not None
    )
    rules.check_bed_date(
        accepted=accepted,
        has_one=BedOffer.objects.current().filter(approach=approach).exists(),
        bed_is_own=bed.ward.service_id == approach.service_id,
        bed_on=bed_on,
        today=by.today,
    )
    in_force = Warrant.objects.in_force(on=by.today)
    warrant = in_force.filter(referral=referral, hospital=approach.service_id).first()
    period = DateTimeTZRange(
        max(by.at, days.noon(bed_on)), rules.hold_until(bed_on, warrant.ends_on if warrant else None)
    )
    if _was_taken(bed, referral.patient, period, before=seen_at or by.at):
        rules.check_bed_is_free(_free_on(bed, referral.patient, by=by), bed_on)
    held = bed_uses.hold_bed(
        bed,
        patient=referral.patient,
        since=period.lower,
        until=period.upper,
        about=checklist.about(referral),
        exception_why=exception_why,
        by=by,
    )
    offer = BedOffer.objects.create(
        approach=approach, bed=bed, hold=held, bed_on=bed_on, recorded_at=by.at, recorded_by=by.user
    )
    checklist.move_on(approach)
    checklist.mark(referral, StepKind.BED_DATE, on=by.today, service=approach.service, by=by)
    event = checklist.record(
        referral,
        "referrals.bed_date_given",
        service=approach.service,
        details={"bed_on": str(bed_on)},
        by=by,
    )
    messages.tell(event, referral, services=[referral.from_service], by=by)
    checklist.settle(referral)
    return offer


def _was_taken(bed: Bed, patient: Patient, period: DateTimeTZRange, *, before: datetime) -> bool:
    """Whether the bed is somebody else's for part of a time, and was when its list was looked at.

    What was taken since has just gone, which the database says (`a_bed_is_never_promised_twice`).
    """
    others = BedUse.objects.current().filter(bed=bed, claimed__overlap=period)
    known = [use.recorded_at < before for use in others.exclude(patient=patient).only("recorded_at")]
    return bool(known) and all(known)


def _free_on(bed: Bed, patient: Patient, *, by: Actor) -> date | None:
    """The first day from which the bed can be held, or None where nobody knows when it will be free."""
    free = next(iter(free_beds([bed], at=by.at, patient=patient)), None)
    if free is None or free.free_from is None:
        return None
    on = days.london_date(free.free_from)
    return on if days.noon(on) >= free.free_from else on + timedelta(days=1)


@action
def withdraw_bed_date(offer: BedOffer, *, why: str, version: int | None = None, by: Actor) -> BedOffer:
    """Take a bed date back, with why; the hold on the bed ends.

    With a `version` of the approach, only if its bed date is the one that was seen.
    """
    referral = checklist.hold_open(offer.approach.referral)
    offer = BedOffer.objects.select_related("hold", "approach__service").get(pk=offer.pk)
    service = offer.approach.service
    rules.check_bed_manager(acts_for_it=rules.acts_for(by, service.pk), closed=False)
    checklist.check_seen(offer.approach, version)
    rules.check_bed_withdrawal(superseded=offer.superseded_at is not None, why=why)
    let_go(offer, why=why, by=by)
    checklist.move_on(offer.approach)
    event = checklist.record(
        referral, "referrals.bed_date_withdrawn", service=service, details=why_is_in(offer), by=by
    )
    messages.tell(event, referral, services=[referral.from_service], case_managers=True, by=by)
    escalation.look(referral, by=by)
    checklist.settle(referral)
    return offer


def let_go(offer: BedOffer, *, why: str, by: Actor) -> None:
    """Stop believing a bed date and end its hold, where that has not ended by itself; inside an action."""
    offer.supersede(by=by, why=why)
    until = offer.hold.during.upper
    if offer.hold.superseded_at is None and until > by.at:
        bed_uses.release_bed(offer.hold, at=by.at, by=by)


def hold_under(warrant: Warrant, referral: Referral, *, by: Actor) -> None:
    """Hold the bed of the hospital that a new warrant names to the end of the warrant; inside an action."""
    offers = BedOffer.objects.current().filter(
        approach__referral=referral, approach__service=warrant.hospital, approach__closed_at=None
    )
    for offer in offers.select_related("hold"):
        until = rules.hold_until(offer.bed_on, warrant.ends_on)
        if by.at < offer.hold.during.upper < until:
            bed_uses.extend_hold(offer.hold, until=until, by=by)
