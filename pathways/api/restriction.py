"""Restricting access to people, for machines."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from rest_framework import serializers

from accounts.rights import Right
from core.api import Input
from organisations.api import Verb, saw
from pathways.actions import restriction as actions
from pathways.codes import LiftReason, RestrictionReason
from pathways.models import Patient
from pathways.naming import named_for, staff_of

STAFF = "By the e-mail address with which they sign in."


class RestrictIn(Input):
    why = serializers.ChoiceField(choices=RestrictionReason.choices)
    named_staff = serializers.ListField(
        child=serializers.EmailField(), allow_empty=False, max_length=50, help_text=STAFF
    )


class LiftIn(Input):
    why = serializers.ChoiceField(choices=LiftReason.choices)


class StaffIn(Input):
    named_staff = serializers.EmailField(help_text=STAFF)


class RestrictionVerb(Verb):
    """An act on who may know a person: one whom the actor may open, or with restricted access in their population."""

    rights = (Right.RESTRICT_ACCESS,)
    patient: Patient

    def find(self) -> None:
        key = self.kwargs["public_id"]
        patient = Patient.objects.visible_to(self.actor).filter(public_id=key).first()
        patient = patient or Patient.objects.restricted_of(self.actor).filter(public_id=key).first()
        if patient is None:
            raise Http404
        self.patient = patient
        saw(self.request, [patient.pk])

    def version_held(self) -> int | None:
        people = Patient.objects.in_population_of(self.actor)
        return people.select_for_update(no_key=True, of=["self"]).get(pk=self.patient.pk).version

    def here(self) -> str:
        """The person's address."""
        return reverse("api:patient", args=[self.patient.public_id])


class Restrict(RestrictionVerb):
    """From now on only the named staff know who this is."""

    serializer_class = RestrictIn

    def act(self, given: dict[str, Any]) -> str:
        named = staff_of(given["named_staff"])
        actions.restrict_access(self.patient, reason=given["why"], named_staff=named, by=self.actor)
        return self.here()


class Lift(RestrictionVerb):
    """Everybody with a relationship sees again who this is."""

    serializer_class = LiftIn

    def act(self, given: dict[str, Any]) -> str:
        actions.lift_restriction(self.patient, reason=given["why"], by=self.actor)
        return self.here()


class NameStaff(RestrictionVerb):
    """One more person may know who this is."""

    serializer_class = StaffIn

    def act(self, given: dict[str, Any]) -> str:
        (user,) = staff_of([given["named_staff"]])
        actions.name_staff(self.patient, user=user, by=self.actor)
        return self.here()


class RemoveNamedStaff(RestrictionVerb):
    """Somebody named may not know any more."""

    serializer_class = StaffIn

    def act(self, given: dict[str, Any]) -> str:
        named = named_for(self.patient, self.actor)
        user = get_object_or_404(named, email__iexact=given["named_staff"])
        actions.remove_named_staff(self.patient, user=user, by=self.actor)
        return self.here()
