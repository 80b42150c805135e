"""Verbs of other kinds of referral than the transfer from prison."""

from typing import Any, ClassVar

from django.urls import reverse

from accounts.rights import Right
from core.api import Nothing
from organisations.api import HasOneOfTheRights, Verb, saw
from pathways import days
from referrals import actions
from referrals.api import inputs
from referrals.api.verb import ApproachVerb, TransferVerb

Given = dict[str, Any]


class ReferralVerb(TransferVerb):
    """An act on one referral that is no transfer."""

    of_other_kinds = True


class Refer(Verb):
    """Ask for a move. Gives the referral's address."""

    rights: ClassVar = (Right.REQUEST_TRANSFER,)
    serializer_class = inputs.ReferIn

    def act(self, given: Given) -> str:
        patient = given.pop("patient")
        saw(self.request, [patient.pk])
        referral = actions.refer(patient, by=self.actor, **given)
        return f"{reverse('api:referral', args=[referral.public_id])}#{referral.public_id}"


class Agree(ApproachVerb):
    """Record that those who are to receive the person agree."""

    of_other_kinds = True
    rights = (Right.RECORD_STEP,)
    serializer_class = inputs.AgreementIn

    def act(self, given: Given) -> str:
        actions.record_agreement(self.approach, by=self.actor, **given)
        return self.here()


class Meeting(ReferralVerb):
    """Record the section 117 meeting, or why there was none."""

    rights = (Right.RECORD_STEP,)
    serializer_class = inputs.MeetingIn

    def act(self, given: Given) -> str:
        actions.record_meeting(self.referral, by=self.actor, **given)
        return self.here()


class CourtOrder(ReferralVerb):
    """Record the order or remand that the court has made."""

    rights = (Right.RECORD_STEP,)
    serializer_class = inputs.CourtOrderIn

    def act(self, given: Given) -> str:
        actions.record_court_order(self.referral, on=given.pop("ordered_on"), by=self.actor, **given)
        return self.here()


class Plan(ReferralVerb):
    """Plan the move for a day, under an authority where the law wants one."""

    rights = (Right.RECORD_STEP,)
    serializer_class = inputs.PlanIn

    def act(self, given: Given) -> str:
        actions.plan_move(self.referral, by=self.actor, **given)
        return self.here()


class Moved(ReferralVerb):
    """Record that the person has moved as asked."""

    rights = (Right.ADMIT, Right.RECORD_STEP)
    permission_classes = (HasOneOfTheRights,)
    serializer_class = inputs.MovedIn

    def act(self, given: Given) -> str:
        at, time_known = days.at_or_noon(given.pop("on"), given.pop("at_time"))
        actions.record_move(self.referral, at=at, time_known=time_known, by=self.actor, **given)
        return self.here()


class MakePrimary(ReferralVerb):
    """Of several open referrals of the person this one leads."""

    rights = (Right.REQUEST_TRANSFER, Right.TRIAGE)
    permission_classes = (HasOneOfTheRights,)
    serializer_class = Nothing

    def act(self, given: Given) -> str:
        actions.make_primary(self.referral, by=self.actor)
        return self.here()


class EndReferral(ReferralVerb):
    """End it although nobody moved by it."""

    rights = (Right.END_TRANSFER,)
    serializer_class = inputs.EndReferralIn

    def act(self, given: Given) -> str:
        actions.end_referral(self.referral, by=self.actor, **given)
        return self.here()
