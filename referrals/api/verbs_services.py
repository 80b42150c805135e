"""Asking services, naming the lead, deciding, and giving a bed date."""

from typing import Any

from django.http import Http404

from accounts.rights import Right
from assessments.models import Acceptance
from organisations.api import HasOneOfTheRights
from referrals import actions
from referrals.api import inputs
from referrals.api.verb import AnyRightTransferVerb, ApproachVerb, TransferVerb, wrong
from referrals.forms.approaches import own_criteria

Given = dict[str, Any]
ASKING = (Right.REQUEST_TRANSFER, Right.TRIAGE)


class Ask(AnyRightTransferVerb):
    """Ask one more service. Gives the id of the approach."""

    rights = ASKING
    serializer_class = inputs.AskIn

    def act(self, given: Given) -> str:
        return self.here(actions.ask_service(self.referral, given["service"], by=self.actor))


class Withdraw(ApproachVerb):
    """Let a service go; or, of one's own, step back."""

    rights = ASKING
    permission_classes = (HasOneOfTheRights,)
    serializer_class = inputs.WhyIn

    def act(self, given: Given) -> str:
        return self.here(actions.withdraw_approach(self.approach, why=given["why"], by=self.actor))


class NameLead(TransferVerb):
    """Say which service asked leads the one assessment."""

    rights = (Right.TRIAGE,)
    serializer_class = inputs.AskIn

    def act(self, given: Given) -> str:
        actions.name_lead(self.referral, given["service"], by=self.actor)
        return self.here()


class Decide(ApproachVerb):
    """Record what a service decides about the person. Gives the id of the decision."""

    rights = (Right.DECIDE,)
    serializer_class = inputs.DecisionIn

    def act(self, given: Given) -> str:
        return self.here(actions.decide(self.approach, by=self.actor, **self.answer(given)))

    def answer(self, given: Given) -> Given:
        """What was decided, with what its ids mean for this service."""
        words = Acceptance.objects.visible_to(self.actor).filter(service=self.approach.service)
        acceptance = words.filter(public_id=given["acceptance"]).first()
        if acceptance is None:
            raise wrong("acceptance", "Your service has given no such word on an assessment.")
        criterion = None
        if given["criterion"]:
            criterion = own_criteria(self.approach.service).filter(public_id=given["criterion"]).first()
            if criterion is None:
                raise wrong("criterion", "The service publishes no criterion with this id.")
        return {**given, "acceptance": acceptance, "criterion": criterion}


class ChangeDecision(Decide):
    """Decide otherwise, with why. Gives the id of the new decision."""

    serializer_class = inputs.ChangeDecisionIn

    def act(self, given: Given) -> str:
        before = self.approach.decisions.current().first()
        if before is None:
            raise Http404
        return self.here(actions.change_decision(before, by=self.actor, **self.answer(given)))


class GiveBedDate(ApproachVerb):
    """Give a bed date: a bed is held for this person from that day."""

    rights = (Right.OFFER_BED,)
    serializer_class = inputs.BedDateIn

    def act(self, given: Given) -> str:
        actions.give_bed_date(self.approach, by=self.actor, **given)
        return self.here()


class WithdrawBedDate(ApproachVerb):
    """Take a bed date back."""

    rights = (Right.OFFER_BED,)
    serializer_class = inputs.WhyOfSeenIn

    def act(self, given: Given) -> str:
        offer = self.approach.bed_offers.current().select_related("bed__ward", "approach__referral").first()
        if offer is None:
            raise Http404
        actions.withdraw_bed_date(offer, by=self.actor, **given)
        return self.here()
