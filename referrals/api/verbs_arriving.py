"""Somebody found elsewhere has come to one's own prison, for machines."""

from typing import Any, ClassVar

from django.urls import reverse
from rest_framework import serializers

from accounts.rights import Right
from organisations.api import PublicIdField, Verb, saw
from pathways import days, tracing
from pathways.api.inputs import SeenIn
from pathways.api.people import TraceIn, may_be_left, trace_of
from pathways.models import Patient
from referrals import actions
from referrals.api.inputs import LINE, MomentIn
from referrals.api.verb import wrong
from referrals.forms.fields import prisons
from referrals.tracing import open_transfer_of

Given = dict[str, Any]


class ArrivedIn(SeenIn, MomentIn, TraceIn):
    """`patient`: the id, as a trace gave it. What they were traced by is sent again for whoever may not open them."""

    patient = serializers.UUIDField()
    service = PublicIdField(among=lambda actor: prisons(actor).worked_at_by(actor))
    reason = may_be_left(LINE, help_text="As for a trace.")


class Arrive(Verb):
    """Record that somebody has come to one's own prison; an open transfer is taken over with them.

    The answer's location is that transfer, or the person.
    """

    rights: ClassVar = (Right.REQUEST_TRANSFER, Right.TRACE_PATIENT)
    serializer_class = ArrivedIn
    patient: Patient

    def look_first(self, given: Given) -> None:
        public_id = given["patient"]
        found = Patient.objects.visible_to(self.actor).filter(public_id=public_id).first()
        if found is None:
            asked = {name: given[name] for name in TraceIn._declared_fields}
            if any(card.public_id == public_id for card in trace_of(self.request, asked)):
                found = tracing.traced(public_id, actor=self.actor)
        if found is None:
            raise wrong("patient", "What they are traced by does not find anybody with this id.")
        saw(self.request, [found.pk])
        self.patient = found

    def act(self, given: Given) -> str:
        at, time_known = days.at_or_noon(given["on"], given["at_time"])
        came: Given = {"at": at, "time_known": time_known, "checked": given["checked"], "by": self.actor}
        if transfer := open_transfer_of(self.patient):
            actions.take_over_transfer(transfer, service=given["service"], **came)
            return reverse("api:transfer", args=[transfer.public_id])
        actions.record_arrival(self.patient, prison=given["service"], **came)
        return reverse("api:patient", args=[self.patient.public_id])
