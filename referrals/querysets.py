"""Reads of referrals. An analyst and an administrator see them without who the person is."""

from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from accounts.rights import Right
from core.facts import FactQuerySet
from pathways.models import Clock, Patient, Relationship
from referrals.codes import ADMISSIONS, Kind


class ReferralQuerySet(models.QuerySet):
    """Referrals as the sentences a liaison officer would say."""

    def visible_to(self, actor) -> Self:
        """Those of people with whom the actor has a relationship, or all for those who may see every one.

        Seeing a referral is not knowing who the person is: see `with_identity`.
        """
        if not actor.has(Right.SEE_TRANSFERS):
            return self.none()
        if actor.has(Right.SEE_EVERY_TRANSFER):
            return self
        return self.filter(patient__in=Patient.objects.in_population_of(actor))

    def with_identity(self, actor) -> Self:
        """Annotated `shows_identity`: whether the actor may know who the person is."""
        if not actor.has(Right.OPEN_PATIENT):
            return self.annotate(shows_identity=models.Value(False))
        named = Relationship.objects.filter(
            patient=OuterRef("patient"), user=actor.user, basis="named", during__contains=actor.at
        )
        return self.annotate(
            shows_identity=models.Case(
                models.When(patient__has_restricted_access=False, then=models.Value(True)),
                default=Exists(named),
                output_field=models.BooleanField(),
            )
        )

    def transfers(self) -> Self:
        """Transfers from prison."""
        return self.filter(kind=Kind.PRISON_TRANSFER)

    def open(self) -> Self:
        """Not ended."""
        return self.filter(ended_on=None)

    def ended(self) -> Self:
        """Ended, however."""
        return self.filter(ended_on__isnull=False)

    def received(self) -> Self:
        """Those that ended in an admission."""
        return self.filter(end_reason__in=ADMISSIONS)

    def asked_of(self, service_ids) -> Self:
        """Those in which one of some services is asked and has not been let go."""
        return self.filter(approaches__service_id__in=service_ids, approaches__closed_at=None)

    def late(self, *, on) -> Self:
        """Open, with the headline limit's last day behind on a London date."""
        clocks = Clock.objects.headline().late(on=on).filter(about_kind="referral", about_id=OuterRef("pk"))
        return self.open().filter(Exists(clocks))

    def worklist(self, *, on) -> Self:
        """In the order of a worklist: urgency, then overdue review, then days waited."""
        overdue = models.Case(
            models.When(next_review_on__lt=on, then=models.Value(0)), default=models.Value(1)
        )
        return self.order_by("urgency", overdue, "report_first_requested_on", "pk")

    def locked(self, referral):
        """The referral, read again under a lock. Lock the patient before it."""
        return self.select_for_update(no_key=True).get(pk=referral.pk)


class ApproachQuerySet(models.QuerySet):
    """Services asked."""

    def visible_to(self, actor) -> Self:
        """Approaches of referrals the actor may see."""
        referrals = self.model._meta.get_field("referral").related_model
        return self.filter(referral__in=referrals.objects.visible_to(actor))

    def open(self) -> Self:
        """Neither withdrawn nor over."""
        return self.filter(closed_at=None)

    def undecided(self) -> Self:
        """Without a decision that is believed now."""
        decisions = self.model._meta.get_field("decisions").related_model
        return self.filter(~Exists(decisions.objects.current().filter(approach=OuterRef("pk"))))

    def waiting_for_a_bed(self) -> Self:
        """Accepted, no bed date given, and still open: the service's own waiting list, most urgent first."""
        decided = Q(decisions__superseded_at=None, decisions__outcome__in=["accepted", "accepted_other_tier"])
        offers = self.model._meta.get_field("bed_offers").related_model
        return (
            self.open()
            .filter(decided, ~Exists(offers.objects.current().filter(approach=OuterRef("pk"))))
            .order_by("referral__urgency", F("decisions__decided_on").asc(), "pk")
        )


class StepQuerySet(FactQuerySet):
    """Steps done."""

    def done(self) -> Self:
        """Those believed now."""
        return self.current()
