"""What machines send to an act on a bed, or to one that may go against what is recorded: the shape only.

What may be is asked of the rules by the action.
"""

from operator import attrgetter
from typing import Any

from rest_framework import serializers

from core.api import Input, VersionedInput
from organisations.api import PublicIdField
from pathways.models import BedUse, Patient

LINE, WORDS = 200, 2000
EXCEPTION = "Why the bed is given although it does not fit the person. Needed only then."


def people(actor: Any) -> Any:
    """Somebody whom the actor may open."""
    return Patient.objects.visible_to(actor)


def uses(actor: Any) -> Any:
    """A use of a bed by somebody whom the actor may open."""
    return BedUse.objects.visible_to(actor).current().select_related("bed__ward__service", "patient")


def exception_why() -> serializers.CharField:
    """Words that are asked for only where a bed does not fit."""
    return serializers.CharField(
        max_length=LINE, required=False, allow_blank=True, default="", help_text=EXCEPTION
    )


class SeenIn(Input):
    """`checked`: given with the conflicts of a refusal (409); sent back, the act is done all the same."""

    checked = serializers.CharField(required=False, allow_blank=True, default="", max_length=16)


class HoldIn(Input):
    patient = PublicIdField(among=people, person_of=attrgetter("pk"))
    since = serializers.DateTimeField()
    until = serializers.DateTimeField()
    exception_why = exception_why()


class TakeIn(Input):
    patient = PublicIdField(among=people, person_of=attrgetter("pk"))
    at = serializers.DateTimeField()
    expected_end_at = serializers.DateTimeField(required=False, allow_null=True, default=None)
    exception_why = exception_why()


class SwapIn(Input):
    other = PublicIdField(
        among=uses,
        person_of=attrgetter("patient_id"),
        help_text="The use of the other bed by whoever is in it.",
    )
    at = serializers.DateTimeField()
    exception_why = exception_why()


class UntilIn(VersionedInput):
    until = serializers.DateTimeField()


class DepartureIn(VersionedInput):
    until = serializers.DateTimeField(allow_null=True, help_text="Null where nobody knows.")


class CloseIn(Input):
    since = serializers.DateTimeField()
    until = serializers.DateTimeField(required=False, allow_null=True, default=None)
    why = serializers.CharField(max_length=LINE)


class ReopenIn(Input):
    at = serializers.DateTimeField()
    why = serializers.CharField(max_length=LINE)


class KeepApartIn(Input):
    other = PublicIdField(among=people, person_of=attrgetter("pk"))
    since = serializers.DateField()
    last_day = serializers.DateField(required=False, allow_null=True, default=None)
    reason = serializers.CharField(max_length=WORDS)


class EndKeepApartIn(Input):
    last_day = serializers.DateField()
    why = serializers.CharField(max_length=WORDS)
