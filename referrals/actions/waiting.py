"""What is recorded while somebody waits: delays, reviews, contacts."""

from collections.abc import Sequence
from datetime import date

from psycopg2.extras import DateRange

from core.actions import action
from organisations.actor import Actor
from organisations.models import Service
from referrals import messages, rules
from referrals.actions import checklist
from referrals.codes import DelayParty
from referrals.models import Contact, Delay, Referral, Review


@action
def record_delay(
    referral: Referral,
    *,
    first_day: date,
    last_day: date | None = None,
    party: str,
    service: Service | None = None,
    reason: str,
    contributing: Sequence[str] = (),
    words: str = "",
    by: Actor,
) -> Delay:
    """Put days of the wait down to a party and a main reason. The clock does not pause; the party is told."""
    referral = checklist.hold_open(referral)
    checklist.check_concerned(referral, by=by)
    delay = Delay(
        referral=referral,
        party=party,
        service=service,
        reason=reason,
        contributing=list(contributing),
        words=words.strip(),
    )
    _write(delay, first_day, last_day, by=by)
    _tell(delay, "referrals.delay_recorded", by=by)
    return delay


@action
def end_delay(delay: Delay, *, last_day: date, by: Actor) -> Delay:
    """Say which was the last day of a delay that was going on."""
    referral, delay = _held(delay)
    checklist.check_concerned(referral, by=by)
    rules.check_delay_open(superseded=delay.superseded_at is not None, ended=delay.during.upper is not None)
    rules.check_delay_end(last_day, first_day=delay.during.lower, today=by.today)
    delay.during = DateRange(*rules.days_of(delay.during.lower, last_day))
    delay.version += 1
    delay.save(update_fields=["during", "version"])
    _tell(delay, "referrals.delay_ended", by=by)
    return delay


@action
def dispute_delay(delay: Delay, *, why: str, by: Actor) -> Delay:
    """The party named does not agree: shown beside the delay, which still counts until it is corrected."""
    referral, delay = _held(delay)
    named_id = named_of(delay, referral)
    checklist.check_concerned(referral, also=[named_id], by=by)
    rules.check_delay_open(superseded=delay.superseded_at is not None, ended=False)
    rules.check_dispute(
        why=why,
        disputed=delay.disputed_at is not None,
        named_id=named_id,
        recorded_by_id=delay.recorded_by_id,
        by=by,
    )
    delay.disputed_at, delay.disputed_by, delay.disputed_why = by.at, by.user, why.strip()
    delay.version += 1
    delay.save(update_fields=["disputed_at", "disputed_by", "disputed_why", "version"])
    event = checklist.record(
        referral, "referrals.delay_disputed", service=delay.service, details={"delay": delay.pk}, by=by
    )
    messages.tell_concerned(event, referral, case_managers=True, by=by)
    return delay


@action
def correct_delay(
    delay: Delay,
    *,
    why: str,
    first_day: date,
    last_day: date | None = None,
    party: str,
    service: Service | None = None,
    reason: str,
    contributing: Sequence[str] = (),
    words: str = "",
    version: int | None = None,
    by: Actor,
) -> Delay:
    """Put a delay right, with why. What was recorded first is kept.

    With a `version`, only if nobody ended, disputed or corrected it since that was read.
    """
    referral, before = _held(delay)
    checklist.check_seen(before, version)
    checklist.check_concerned(referral, by=by)
    rules.check_delay_open(superseded=before.superseded_at is not None, ended=False)
    rules.check_why(why)
    rules.check_delay_corrected(named_id=named_of(before, referral), author_id=_author_of(before), by=by)
    moved = (before.party, before.service_id) != (party, service.pk if service else None)
    rules.check_delay_moved(moved=moved, author_id=_author_of(before), by=by)
    before.supersede(by=by, why=why.strip())
    delay = Delay(
        referral=referral,
        party=party,
        service=service,
        reason=reason,
        contributing=list(contributing),
        words=words.strip(),
        corrects=before,
        version=before.version + 1,
    )
    _write(delay, first_day, last_day, by=by)
    _tell(delay, "referrals.delay_corrected", also=before, by=by)
    return delay


def _author_of(delay: Delay) -> int | None:
    """Who first put these days down to the party that has them now, whatever else was corrected since."""
    while delay.corrects and (delay.corrects.party, delay.corrects.service_id) == (
        delay.party,
        delay.service_id,
    ):
        delay = delay.corrects
    return delay.recorded_by_id


def named_of(delay: Delay, referral: Referral) -> int | None:
    """The id of the service that a delay is put down to; of a prison, the one that had the person when it began."""
    moves = list(referral.hand_overs.all())
    prison_id = rules.prison_on(delay.during.lower, moves, prison_id=referral.from_service_id)
    return rules.service_named(delay.party, delay.service_id, prison_id=prison_id)


def _held(delay: Delay) -> tuple[Referral, Delay]:
    """The transfer, ended or not, and the delay as they are now: delays are argued about afterwards too."""
    referral = checklist.hold(delay.referral)
    return referral, Delay.objects.select_related("service").get(pk=delay.pk)


def _write(delay: Delay, first_day: date, last_day: date | None, *, by: Actor) -> None:
    rules.check_delay(
        first_day=first_day,
        last_day=last_day,
        party=delay.party,
        has_service=delay.service_id is not None,
        reason=delay.reason,
        contributing=delay.contributing,
        words=delay.words,
        waiting_from=delay.referral.report_first_requested_on,
        ended_on=delay.referral.ended_on,
        today=by.today,
    )
    delay.during = DateRange(*rules.days_of(first_day, last_day))
    others = Delay.objects.current().filter(referral=delay.referral, during__overlap=delay.during)
    rules.check_no_other_delay(found=others.exists())
    delay.recorded_at, delay.recorded_by = by.at, by.user
    delay.save()


def _tell(delay: Delay, kind: str, *, also: Delay | None = None, by: Actor) -> None:
    """Put it on the line, and tell the party named, and the one that was named before a correction."""
    referral = delay.referral
    details = {"delay": delay.pk, "party": delay.party, "reason": delay.reason}
    event = checklist.record(referral, kind, service=delay.service, details=details, by=by)
    named = [one for one in (delay, also) if one is not None]
    ids = [named_of(one, referral) for one in named]
    commissioner = any(one.party == DelayParty.COMMISSIONER for one in named)
    services = Service.objects.filter(pk__in=[pk for pk in ids if pk]).order_by("pk")
    whose = next((service.name for service in services if service.pk == ids[0]), "")
    words = f"{delay.get_party_display()}: {whose}" if whose else delay.get_party_display()
    messages.tell(
        event, referral, services=services, case_managers=commissioner, more=f"Put down to {words}.", by=by
    )


@action
def record_review(
    referral: Referral,
    *,
    on: date,
    how_the_person_is: str,
    interim_plan: str,
    next_on: date,
    by: Actor,
) -> Review:
    """Record how the person is while they wait, the plan meanwhile, and when they are looked at next."""
    referral = checklist.hold_open(referral)
    checklist.check_concerned(referral, by=by)
    rules.check_review(
        on=on,
        next_on=next_on,
        today=by.today,
        how=how_the_person_is,
        plan=interim_plan,
        first_day=referral.report_first_requested_on,
    )
    review = Review.objects.create(
        referral=referral,
        on=on,
        how_the_person_is=how_the_person_is.strip(),
        interim_plan=interim_plan.strip(),
        next_on=next_on,
        recorded_at=by.at,
        recorded_by=by.user,
    )
    newest = Review.objects.current().filter(referral=referral).order_by("on", "pk").last()
    referral.next_review_on = newest.next_on if newest else next_on
    referral.save(update_fields=["next_review_on"])
    checklist.record(referral, "referrals.reviewed", on=on, details={"next_on": str(next_on)}, by=by)
    return review


@action
def record_contact(
    referral: Referral,
    *,
    on: date,
    with_whom: str,
    said: str,
    next_action: str = "",
    next_on: date | None = None,
    by: Actor,
) -> Contact:
    """Record a call or message that moves things on, and what comes next."""
    referral = checklist.hold_open(referral)
    checklist.check_concerned(referral, by=by)
    rules.check_contact(on=on, today=by.today, with_whom=with_whom, said=said, next_on=next_on)
    contact = Contact.objects.create(
        referral=referral,
        on=on,
        with_whom=with_whom.strip(),
        said=said.strip(),
        next_action=next_action.strip(),
        next_on=next_on,
        recorded_at=by.at,
        recorded_by=by.user,
    )
    checklist.record(referral, "referrals.contacted", on=on, details={"contact": contact.pk}, by=by)
    return contact
