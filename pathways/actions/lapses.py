"""What has lapsed of somebody in custody: its alarm ends only with what holds them now, whichever act would end it."""

from typing import Any

from pathways import policies, rules
from pathways.days import london_date
from pathways.models import Clock, KeyDate, LegalStatus, Patient, Placement
from pathways.rules.legal import rule_of
from pathways.rules.legal.limits import OF_THE_LAW
from pathways.rules.stays import in_custody_since

LAPSING = frozenset({policies.COURT_ORDERED, policies.REMANDED, policies.REMAND_DATED})
# A date to come of these says until when somebody is held, by a remand or by a sentence.
HELD_UNTIL = (KeyDate.Kind.REMAND_EXPIRY, KeyDate.Kind.RELEASE, KeyDate.Kind.PAROLE)


def lapsed_in_custody(patient: Patient, *, by: Any) -> frozenset[str]:
    """The events of the limits of orders and remands that somebody has outlived in custody, without leaving it since.

    What lapsed in hospital ends there with what holds the person: see `pathways.actions.legal`.
    """
    late = Clock.objects.late(on=by.today).filter(
        patient=patient, about_kind__in=OF_THE_LAW, policy__start_event__in=LAPSING
    )
    lapsed = list(late.values_list("policy__start_event", "due_on"))
    if not lapsed:
        return frozenset()
    places = Placement.objects.current().filter(patient=patient).select_related("service").order_by("during")
    since = in_custody_since(places)
    return frozenset(event for event, due_on in lapsed if since and london_date(since) <= due_on)


def check_followed(patient: Patient, lapsed: frozenset[str], *, by: Any) -> None:
    """Refuse what has just been recorded where an alarm has gone with it and nothing says what holds them now.

    `lapsed`: as it was before that; inside the action that recorded it.
    """
    if not lapsed:
        return
    running = Clock.objects.running().filter(patient=patient, about_kind__in=OF_THE_LAW)
    silenced = lapsed - set(running.values_list("policy__start_event", flat=True))
    if silenced:
        rules.check_lapse_followed(
            of_remand=policies.REMAND_DATED in silenced, is_held=_is_held(patient, by=by)
        )


def _is_held(patient: Patient, *, by: Any) -> bool:
    now = LegalStatus.objects.current().filter(patient=patient, during__upper_inf=True).first()
    if now is not None and rule_of(now.code, now.limb or now.form).detains:
        return True
    to_come = KeyDate.objects.current().filter(patient=patient, kind__in=HELD_UNTIL, on__gte=by.today)
    return to_come.exists()
