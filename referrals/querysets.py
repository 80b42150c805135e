"""Reads of referrals. An analyst and an administrator see them without who the person is."""

from datetime import timedelta
from typing import Self

from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Prefetch, Q

from accounts.rights import Right
from core.facts import FactQuerySet
from organisations.models import Commissioner
from pathways.models import Clock, Flag, Patient
from pathways.querysets import IdentityQuerySet
from referrals.codes import ENDED, Kind, StepKind
from referrals.rules import KINDS, OWNERS, TAKEN_BY, FlagSide, Side

# The headline limit is 14 days and its first flag is raised on day 10.
APPROACHING = timedelta(days=4)


class ReferralQuerySet(IdentityQuerySet):
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

    def transfers(self) -> Self:
        """Transfers from prison."""
        return self.filter(kind=Kind.PRISON_TRANSFER)

    def of_other_kinds(self) -> Self:
        """All but transfers from prison."""
        return self.exclude(kind=Kind.PRISON_TRANSFER)

    def open(self) -> Self:
        """Not ended."""
        return self.filter(ended_on=None)

    def open_transfer_of(self, patient):
        """The one open transfer of a person, or None."""
        return self.transfers().open().filter(patient=patient).first()

    def ended(self) -> Self:
        """Ended, however."""
        return self.filter(ended_on__isnull=False)

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

    def approaching(self, *, on) -> Self:
        """Open and in time, with four days or fewer until the headline limit (its first flag is raised on day 10)."""
        soon = (
            Clock.objects.headline()
            .running()
            .filter(about_kind="referral", about_id=OuterRef("pk"), due_on__range=(on, on + APPROACHING))
        )
        return self.open().filter(Exists(soon))

    def asking(self, service_public_id) -> Self:
        """Those in which one service is asked, or was when the transfer ended."""
        approaches = self.model._meta.get_field("approaches").related_model
        asked = approaches.objects.filter(referral=OuterRef("pk"), service__public_id=service_public_id)
        return self.filter(Exists(asked))

    def needing(self, actor) -> Self:
        """Open ones in which something waits for the actor's side, as the checklist has it.

        Who asks: their own steps, and a review that is overdue. A service asked: a decision it owes, and the
        hospital's steps where it leads or has accepted, and a move where it receives the person. A case manager:
        nobody asked yet, or a flag to acknowledge.
        """
        prison_steps = [kind for kind, owner in OWNERS.items() if owner.side != Side.HOSPITAL]
        hospital_steps = [kind for kind, owner in OWNERS.items() if owner.side != Side.PRISON]
        approaches = self.model._meta.get_field("approaches").related_model.objects.open()
        theirs = approaches.filter(referral=OuterRef("pk"), service_id__in=actor.service_ids)
        owed = theirs.undecided()
        at_prison = Q(from_service_id__in=actor.service_ids)
        wants = at_prison & (Q(next_step__in=prison_steps) | Q(next_review_on__lt=actor.today))
        wants |= Q(next_step=StepKind.ASSESSMENT, lead_service_id__in=actor.service_ids)
        wants |= Q(next_step=StepKind.ASSESSMENT, lead_service=None) & Exists(theirs)
        decided = [kind for kind, rule in KINDS.items() if StepKind.DECISION in rule.steps]
        may_decide = Q(kind__in=decided, next_step__in=[StepKind.DECISION, *StepKind.values[5:]])
        wants |= may_decide & Exists(owed)
        wants |= Q(next_step=StepKind.AGREED) & Exists(theirs)
        wants |= Q(next_step=StepKind.MOVED) & Exists(theirs.receiving())
        by_itself = {StepKind.ASSESSMENT, StepKind.DECISION, StepKind.AGREED, StepKind.MOVED}
        wants |= Q(next_step__in=set(hospital_steps) - by_itself) & Exists(theirs.accepting())
        if actor.is_case_manager:
            unanswered = self.flags_for_case_manager(actor).filter(clock__about_id=OuterRef("pk"))
            wants |= Q(next_step=StepKind.SERVICES_ASKED) | Exists(unanswered)
        return self.open().filter(wants)

    def flags_for_case_manager(self, actor) -> models.QuerySet:
        """Flags of open transfers that the actor's commissioner, or office in the region, has to take on.

        As `rules.takes_on` has it of one flag.
        """
        own = Q(commissioner__in=actor.commissioner_ids)
        own |= Q(commissioner=None, from_service__commissioner__in=actor.commissioner_ids)
        offices = Commissioner.objects.national_offices().order_by()
        here = Q(from_service__region__in=offices.filter(pk__in=actor.commissioner_ids).values("region"))
        here |= own & ~Q(from_service__region__in=offices.values("region"))
        transfers = self.model._default_manager.open()
        sides = {
            FlagSide.COMMISSIONER: transfers.filter(own),
            FlagSide.REGION: transfers.filter(here),
        }
        mine = Q(pk=None)
        for side, found in sides.items():
            owners = [owner for owner, taken_by in TAKEN_BY.items() if taken_by == side]
            mine |= Q(owner__in=owners, clock__about_id__in=found.values("pk"))
        return Flag.objects.to_acknowledge().filter(mine, clock__about_kind="referral")

    def with_approaches(self) -> Self:
        """Each with `asked`: the services asked, as `ApproachQuerySet.with_outcome` has them. One query for all.

        Of an ended transfer those that were still asked at its end, of an open one those not let go.
        """
        approach = self.model._meta.get_field("approaches").related_model
        shown = approach.objects.filter(Q(closed_at=None) | Q(referral__ended_on__isnull=False))
        asked = shown.with_outcome().order_by("asked_at", "pk")
        return self.prefetch_related(Prefetch("approaches", asked, to_attr="asked"))


def bed_dates_standing(offer) -> models.QuerySet:
    """Bed dates as believed now; of a transfer that has ended, those that stood until it did."""
    at_the_end = Q(why=ENDED, approach__referral__ended_on__isnull=False)
    return (
        offer.objects.filter(Q(superseded_at=None) | at_the_end).select_related("bed__ward").order_by("-pk")
    )


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

    def accepting(self) -> Self:
        """With a decision to accept that is believed now."""
        return self.filter(self._accepts())

    def _accepts(self) -> Exists:
        decisions = self.model._meta.get_field("decisions").related_model
        yes = decisions.objects.current().filter(
            approach=OuterRef("pk"), outcome__in=["accepted", "accepted_other_tier"]
        )
        return Exists(yes)

    def receiving(self) -> Self:
        """Who is to receive the person, of those still asked: who holds a bed for them, else who said yes, else all.

        A prison or a community team says yes by agreeing.
        """
        offers = self.model._meta.get_field("bed_offers").related_model.objects.current()
        steps = self.model._meta.get_field("referral").related_model._meta.get_field("steps").related_model
        agreed = steps.objects.current().filter(
            kind=StepKind.AGREED, referral=OuterRef("referral"), service=OuterRef("service")
        )
        holds = Q(Exists(offers.filter(approach=OuterRef("pk"))))
        says_yes = Q(self._accepts()) | Q(Exists(agreed))
        asked = self.model._default_manager.open().filter(referral=OuterRef("referral"))
        nobody_holds, nobody_says_yes = ~Exists(asked.filter(holds)), ~Exists(asked.filter(says_yes))
        return self.open().filter(holds | Q(nobody_holds) & (says_yes | Q(nobody_says_yes)))

    def waiting_for_a_bed(self) -> Self:
        """Accepted, no bed date given, and still open: the service's own waiting list, most urgent first."""
        decided = Q(decisions__superseded_at=None, decisions__outcome__in=["accepted", "accepted_other_tier"])
        offers = self.model._meta.get_field("bed_offers").related_model
        return (
            self.open()
            .filter(decided, ~Exists(offers.objects.current().filter(approach=OuterRef("pk"))))
            .order_by("referral__urgency", F("decisions__decided_on").asc(), "pk")
        )

    def on_waiting_lists(self, service_ids) -> models.QuerySet:
        """Service and approach for each on the services' own waiting lists, first place first. Ids: it names nobody."""
        return (
            self.waiting_for_a_bed()
            .filter(service__in=service_ids, referral__ended_on=None)
            .values_list("service_id", "pk")
        )

    def with_outcome(self) -> Self:
        """Each with `service_name`, the `outcome` decided or None, and `has_bed_date` (see `bed_dates_standing`)."""
        decisions = self.model._meta.get_field("decisions").related_model.objects.current()
        offers = bed_dates_standing(self.model._meta.get_field("bed_offers").related_model).order_by()
        return self.annotate(
            service_name=F("service__name"),
            outcome=models.Subquery(decisions.filter(approach=OuterRef("pk")).values("outcome")[:1]),
            has_bed_date=Exists(offers.filter(approach=OuterRef("pk"))),
        )

    def with_standing(self, *, on) -> Self:
        """Each with `decided`, `offers`, `warrant_until` and `has_left` on a London date. Two more queries for all."""
        decision = self.model._meta.get_field("decisions").related_model
        offer = self.model._meta.get_field("bed_offers").related_model
        referral = self.model._meta.get_field("referral").related_model
        warrants = referral._meta.get_field("warrants").related_model.objects.in_force(on=on)
        steps = referral._meta.get_field("steps").related_model.objects.current()
        live = warrants.filter(referral=OuterRef("referral"), hospital=OuterRef("service"))
        left = steps.filter(referral=OuterRef("referral"), kind=StepKind.LEFT)
        until = models.Subquery(live.values("ends_on")[:1])
        return self.annotate(warrant_until=until, has_left=Exists(left)).prefetch_related(
            Prefetch("decisions", decision.objects.current(), to_attr="decided"),
            Prefetch("bed_offers", offer.objects.current().select_related("bed__ward"), to_attr="offers"),
        )


def clocks_of(referral_ids) -> models.QuerySet:
    """The clocks of some referrals, for rows that have been found by `visible_to` already."""
    return Clock.objects.filter(about_kind="referral", about_id__in=referral_ids)


class WarrantQuerySet(FactQuerySet):
    """Warrants by whether they are in force."""

    def live(self) -> Self:
        """Given, and not yet said to be used, lapsed or replaced. Its days may have run out: see `in_force`."""
        return self.current().filter(outcome="live")

    def ran_out(self) -> Self:
        """Lapsed because their days were over, and for no other reason; the newest first."""
        day_after = ExpressionWrapper(F("ends_on") + timedelta(days=1), output_field=models.DateField())
        return self.current().filter(outcome="lapsed", outcome_on=day_after).order_by("-given_on", "-pk")

    def to_receive_under(self):
        """The warrant under which somebody is received, or was before it ran out; None where there is neither."""
        return self.live().first() or self.ran_out().first()

    def in_force(self, *, on) -> Self:
        """Live, and within its days on a London date."""
        return self.live().filter(given_on__lte=on, ends_on__gte=on)
