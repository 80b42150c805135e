"""A death, and one that was recorded by mistake, for machines."""

from django.urls import reverse
from rest_framework import serializers

from accounts.rights import Right
from core.api import Input
from pathways.actions import patients
from pathways.api.law import Given, LawReasonIn, PatientVerb


class DiedIn(Input):
    """On which London day."""

    on = serializers.DateField()


class DeathVerb(PatientVerb):
    """An act about a death."""

    rights = (Right.OPEN_PATIENT, Right.END_TRANSFER)

    def person(self) -> str:
        """Where the person is read."""
        return reverse("api:patient", args=[self.patient.public_id])


class RecordDeath(DeathVerb):
    """The person has died: everything that is open for them ends."""

    serializer_class = DiedIn

    def act(self, given: Given) -> str:
        patients.record_death(self.patient, by=self.actor, **given)
        return self.person()


class TakeBackDeath(DeathVerb):
    """The death was recorded by mistake: they are where they were, and what it ended is open again."""

    serializer_class = LawReasonIn

    def act(self, given: Given) -> str:
        patients.take_back_death(self.patient, by=self.actor, **given)
        return self.person()
