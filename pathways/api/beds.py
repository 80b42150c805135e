"""Acts on beds for machines: the same actions as those of the bed pages."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import reverse

from accounts.rights import Right
from core.api import Nothing, needed_version
from organisations.api import Verb, saw
from organisations.models import Bed
from pathways.actions import apart, ward_beds
from pathways.api import inputs
from pathways.api.finding import found_patient
from pathways.models import BedUse, KeepApart, Patient

Given = dict[str, Any]


class BedVerb(Verb):
    """An act on a bed of a service at which the actor works."""

    bed: Bed

    def find(self) -> None:
        beds = Bed.objects.visible_to(self.actor).select_related("ward__service")
        self.bed = get_object_or_404(beds, public_id=self.kwargs["public_id"])
        if not self.actor.works_at(self.bed.ward.service_id):
            raise PermissionDenied

    def here(self, made: Any) -> str:
        """The bed's address, and the use of it that was made."""
        return f"{reverse('api:bed_now', args=[self.bed.public_id])}#{made.public_id}"


class UseVerb(BedVerb):
    """An act on one use of a bed: a hold, somebody in it, a closure."""

    use: BedUse

    def find(self) -> None:
        uses = BedUse.objects.visible_to(self.actor).current().select_related("bed__ward__service", "patient")
        self.use = get_object_or_404(uses, public_id=self.kwargs["public_id"])
        self.bed = self.use.bed
        if self.use.patient_id:
            saw(self.request, [self.use.patient_id])
        if not self.actor.works_at(self.bed.ward.service_id):
            raise PermissionDenied

    def version_held(self) -> int | None:
        uses = BedUse.objects.visible_to(self.actor)
        return uses.select_for_update(no_key=True, of=["self"]).get(pk=self.use.pk).version


class Hold(BedVerb):
    """Hold the bed for somebody. Gives the id of the hold."""

    rights = (Right.OFFER_BED,)
    serializer_class = inputs.HoldIn

    def act(self, given: Given) -> str:
        return self.here(ward_beds.hold_own_bed(self.bed, by=self.actor, **given))


class Take(BedVerb):
    """Put somebody of the service into the bed, or move them there from another. Gives the id of the use."""

    rights = (Right.ADMIT,)
    serializer_class = inputs.TakeIn

    def act(self, given: Given) -> str:
        return self.here(ward_beds.take_bed(self.bed, by=self.actor, **given))


class Close(BedVerb):
    """Nobody can have the bed for a time. Gives the id of the closure."""

    rights = (Right.OFFER_BED,)
    serializer_class = inputs.CloseIn

    def act(self, given: Given) -> str:
        return self.here(ward_beds.close_own_bed(self.bed, by=self.actor, **given))


class ChangeHold(UseVerb):
    """Hold the same bed for longer, or for less long."""

    rights = (Right.OFFER_BED,)
    serializer_class = inputs.UntilIn

    def act(self, given: Given) -> str:
        version = needed_version(given)
        use = ward_beds.change_hold(self.use, until=given["until"], version=version, by=self.actor)
        return self.here(use)


class GiveBack(UseVerb):
    """The bed is not held any more."""

    rights = (Right.OFFER_BED,)
    serializer_class = Nothing

    def act(self, given: Given) -> str:
        return self.here(ward_beds.give_back(self.use, by=self.actor))


class Swap(UseVerb):
    """Two people take each other's beds. Gives the id of the first one's new use."""

    rights = (Right.ADMIT,)
    serializer_class = inputs.SwapIn

    def act(self, given: Given) -> str:
        one, _ = ward_beds.swap_beds(self.use, by=self.actor, **given)
        return self.here(one)


class ExpectDeparture(UseVerb):
    """When whoever is in the bed is expected to leave it."""

    rights = (Right.OFFER_BED,)
    serializer_class = inputs.DepartureIn

    def act(self, given: Given) -> str:
        version = needed_version(given)
        use = ward_beds.expect_departure(self.use, until=given["until"], version=version, by=self.actor)
        return self.here(use)


class Reopen(UseVerb):
    """A closed bed can be had again."""

    rights = (Right.OFFER_BED,)
    serializer_class = inputs.ReopenIn

    def act(self, given: Given) -> str:
        return self.here(ward_beds.reopen_own_bed(self.use, by=self.actor, **given))


class KeepApartVerb(Verb):
    """An act on a person and somebody who must not share a ward with them."""

    rights = (Right.KEEP_APART,)
    patient: Patient

    def find(self) -> None:
        self.patient = found_patient(self.request, self.kwargs["public_id"])

    def here(self, made: Any) -> str:
        """The person's address, and the pair."""
        return f"{reverse('api:patient', args=[self.patient.public_id])}#{made.public_id}"


class KeepThemApart(KeepApartVerb):
    """Record that two people must not share a ward. Gives the id of the pair."""

    serializer_class = inputs.KeepApartIn

    def act(self, given: Given) -> str:
        return self.here(apart.keep_apart(self.patient, by=self.actor, **given))


class EndKeepApart(KeepApartVerb):
    """They may share a ward again after a day."""

    serializer_class = inputs.EndKeepApartIn
    pair: KeepApart

    def find(self) -> None:
        super().find()
        pairs = KeepApart.objects.visible_to(self.actor).current().of(self.patient)
        self.pair = get_object_or_404(pairs, public_id=self.kwargs["apart_id"])

    def act(self, given: Given) -> str:
        return self.here(apart.end_keep_apart(self.pair, by=self.actor, **given))
