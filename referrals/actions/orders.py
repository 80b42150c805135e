"""The order or remand by which a court sends somebody to hospital: it holds from its own day, not from the arrival."""

from datetime import date

from core.actions import action
from organisations.actor import Actor
from pathways import policies
from pathways import rules as person_rules
from pathways.actions import legal, legal_line
from pathways.models import Clock, LegalStatus, Patient
from referrals import rules
from referrals.actions import checklist
from referrals.models import Referral


@action
def record_court_order(
    referral: Referral, *, order: str, on: date, checked: str = "", by: Actor
) -> LegalStatus:
    """The court has made its order or remand on a London day: from then its days for the admission run.

    `order`: the code of the status that it gives. The same order of that day is recorded once. `checked`: see
    Conflicting.
    """
    referral = checklist.hold_open(referral)
    checklist.check_concerned(referral, by=by)
    rules.check_order_of_court(referral.kind, order)
    known = order_on_record(referral.patient)
    rules.check_day_of_order(on, by=by.today, known_since=_since(known, order))
    if known is not None and known.code == order and known.during.lower == on:
        return known
    return legal.record_legal_status(referral.patient, code=order, since=on, checked=checked, by=by)


def order_on_record(patient: Patient) -> LegalStatus | None:
    """The order or remand of a court under which somebody is held now, if they are."""
    now = LegalStatus.objects.current().filter(patient=patient, during__upper_inf=True)
    return now.filter(code__in=rules.ORDERS_OF_COURT).first()


def lapses_on(patient: Patient) -> date | None:
    """The last day on which somebody may be admitted under the order on record, while they have not been."""
    waiting = Clock.objects.running().filter(patient=patient, policy__stop_event=policies.ADMITTED)
    return waiting.order_by("due_on").values_list("due_on", flat=True).first()


def hold_under(
    patient: Patient,
    order: str,
    ordered_on: date | None,
    *,
    known: list[LegalStatus],
    arrived_on: date,
    by: Actor,
) -> None:
    """Somebody has arrived under an order: it holds from its day, where nothing else is recorded since.

    Else it holds from the arrival, or from the end of what has ended since, and is still counted from its own day.
    `known`: the statuses believed now, any order.
    """
    now = next((one for one in known if one.during.upper is None), None)
    rules.check_day_of_order(ordered_on, by=arrived_on, known_since=_since(now, order))
    if ordered_on is None or (now is not None and _since(now, order) == ordered_on):
        return
    holds = person_rules.follows_on(map(legal_line.days, known), person_rules.Days(ordered_on))
    ended = max((one.during.upper for one in known if one.during.upper), default=arrived_on)
    since = ordered_on if holds else max(arrived_on, min(ended, by.today))
    legal.record_legal_status(patient, code=order, since=since, counted_from=ordered_on, by=by)


def _since(known: LegalStatus | None, order: str) -> date | None:
    return known.during.lower if known is not None and known.code == order else None
