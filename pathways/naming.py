"""The named staff of people with restricted access: found by the address with which they sign in."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from core.refusals import Refused
from pathways.models import Patient, Placement, Relationship


def staff_of(addresses: Iterable[str]) -> list[User]:
    """The accounts of some e-mail addresses, each once; refused where one is nobody's."""
    wanted = list(dict.fromkeys(address.strip().lower() for address in addresses if address.strip()))
    found = {user.email.lower(): user for user in User.objects.filter(email__in=wanted, is_active=True)}
    if len(found) < len(wanted):
        raise Refused("Somebody you named has no account here. Check the e-mail addresses.", "named_staff")
    return [found[address] for address in wanted]


def named_for(patient: Patient, actor: Any) -> QuerySet[User]:
    """Who may know who the person is."""
    named = Relationship.objects.naming(actor.at).filter(patient=patient)
    return User.objects.filter(pk__in=named.values("user")).order_by("name")


def places_of(patients: Iterable[Patient]) -> dict[int, str]:
    """Where people with restricted access are, by id: that a place is taken is no secret."""
    placements = Placement.objects.open().filter(patient__in=patients).select_related("service")
    return {
        one.patient_id: one.service.name if one.service else one.get_elsewhere_display() for one in placements
    }
