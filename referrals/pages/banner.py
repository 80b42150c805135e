"""Who a page is about, where they are, and who answers for them, as far as the reader may know."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from organisations.actor import Actor
from pathways.movements import out_since
from referrals import recorded
from referrals.models import Referral
from referrals.pages.found import Sees
from referrals.pages.rows import who_is


@dataclass(frozen=True)
class Banner:
    """Who the page is about. `out`: that they are at court, at A&E or under escort, since and until when."""

    who: str
    is_named: bool
    patient: Any
    place: str
    responsible: str
    alerts: list[Any]
    out: str = ""


def banner_of(referral: Referral, actor: Actor, sees: Sees) -> Banner:
    """The person's banner; without identity, what stands for them and nothing else about them."""
    who, _ = who_is(referral, actor)
    if not sees.identity:
        return Banner(who, False, None, "", referral.commissioner.name if referral.commissioner else "", [])
    patient = referral.patient
    return Banner(
        who=who,
        is_named=True,
        patient=patient,
        place=_place(patient),
        responsible=_responsible(patient, actor.today),
        alerts=recorded.ALERTS.of(patient.pk),
        out=out_words(patient, actor),
    )


def _place(patient: Any) -> str:
    now = next(iter(recorded.PLACE_NOW.of(patient.pk)), None)
    if now is None:
        return "Not known"
    if now.service is None:
        return now.get_elsewhere_display()
    return f"{now.service.name}, {now.ward.name} ward" if now.ward else now.service.name


def _responsible(patient: Any, on: date) -> str:
    held = [one for one in recorded.RESPONSIBILITIES.of(patient.pk) if on in one.during]
    found = max(held, key=lambda one: one.pk, default=None)
    if found is None or found.commissioner is None:
        return "Not known"
    return found.commissioner.name + (" (disputed)" if found.state == "disputed" else "")


def out_words(patient: Any, actor: Actor) -> str:
    """That the person is out for a time, in a sentence; nothing where they are not."""
    return " ".join(out_since(one, now=actor.at) for one in recorded.OUT_NOW.of(patient.pk))
