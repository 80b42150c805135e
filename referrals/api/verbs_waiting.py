"""What changes about a request, who has it, and what is recorded while somebody waits."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.rights import Right
from core.api import Nothing, needed_version
from pathways import days
from pathways.actions.key_dates import record_key_date
from pathways.actions.patients import add_risk_alert
from pathways.api.people import KeyDateIn, WarningIn
from pathways.models import Flag
from referrals import actions
from referrals.api import inputs
from referrals.api.reading import found, found_to_record
from referrals.api.verb import AnyRightTransferVerb, DelayVerb, TransferVerb

Given = dict[str, Any]


class CorrectRequestDate(TransferVerb):
    """Put right the day on which a medical report was first requested. Needs the version."""

    rights = (Right.REQUEST_TRANSFER,)
    serializer_class = inputs.RequestDateIn

    def act(self, given: Given) -> str:
        given = {**given, "version": needed_version(given)}
        actions.correct_request_date(self.referral, by=self.actor, **given)
        return self.here()


class ChangeUrgency(AnyRightTransferVerb):
    """Say that it is more or less urgent. Needs the version."""

    rights = (Right.REQUEST_TRANSFER, Right.TRIAGE)
    serializer_class = inputs.UrgencyIn

    def act(self, given: Given) -> str:
        given = {**given, "version": needed_version(given)}
        actions.change_urgency(self.referral, by=self.actor, **given)
        return self.here()


class ChangeLegalBasis(TransferVerb):
    """Go on under another section; an application and a warrant in force lapse."""

    rights = (Right.REQUEST_TRANSFER,)
    serializer_class = inputs.LegalBasisIn

    def act(self, given: Given) -> str:
        actions.change_legal_basis(self.referral, by=self.actor, **given)
        return self.here()


class AddKeyDate(TransferVerb):
    """Add a date in a court or sentence."""

    rights = (Right.RECORD_STEP,)
    serializer_class = KeyDateIn

    def act(self, given: Given) -> str:
        record_key_date(self.referral.patient, by=self.actor, **given)
        return self.here()


class AddRiskAlert(TransferVerb):
    """Warn everyone who handles the person."""

    rights = (Right.RECORD_STEP,)
    serializer_class = WarningIn

    def act(self, given: Given) -> str:
        add_risk_alert(self.referral.patient, words=given["words"], by=self.actor)
        return self.here()


class RecordPrisonMove(TransferVerb):
    """Record that the person has moved to another prison, which then has the transfer."""

    rights = (Right.RECORD_STEP,)
    serializer_class = inputs.PrisonMoveIn

    def act(self, given: Given) -> str:
        at, time_known = days.at_or_noon(given["on"], given.pop("at_time"))
        actions.record_prison_move(self.referral, at=at if time_known else None, by=self.actor, **given)
        return self.here()


class TakeHandOver(TransferVerb):
    """“I have it”: the new prison takes the transfer."""

    rights = (Right.RECORD_STEP,)
    serializer_class = Nothing

    def act(self, given: Given) -> str:
        newest = self.referral.hand_overs.select_related("referral").order_by("-pk").first()
        if newest is None:
            raise Http404
        actions.take_hand_over(newest, by=self.actor)
        return self.here()


class TakeOver(TransferVerb):
    """The person is at one's own prison now, which takes the transfer over."""

    rights = (Right.REQUEST_TRANSFER,)
    serializer_class = inputs.TakeOverIn

    def act(self, given: Given) -> str:
        at, time_known = days.at_or_noon(given["on"], given["at_time"])
        actions.take_over_transfer(
            self.referral,
            service=given["service"],
            at=at,
            time_known=time_known,
            checked=given["checked"],
            by=self.actor,
        )
        return self.here()


class Acknowledge(TransferVerb):
    """Take on a flag and those below it on the same clock; with none named, every one that waits for your side.

    A case manager also those of a transfer whose person is not named to them.
    """

    rights = (Right.ACKNOWLEDGE_FLAG,)
    serializer_class = inputs.FlagIn

    def find(self) -> None:
        find = found if self.actor.is_case_manager else found_to_record
        self.referral = find(self.request, self.kwargs["public_id"], of_other_kinds=self.of_other_kinds)

    def act(self, given: Given) -> str:
        flag = None
        if given["flag"]:
            flags = Flag.objects.answerable_to(self.actor)
            here = {"clock__about_kind": "referral", "clock__about_id": self.referral.pk}
            flag = get_object_or_404(flags, pk=given["flag"], **here)
        actions.acknowledge_flags(self.referral, flag=flag, by=self.actor)
        return self.here()


class RecordDelay(TransferVerb):
    """Put days of the wait down to somebody, for a reason. Gives the id of the delay."""

    rights = (Right.RECORD_DELAY,)
    serializer_class = inputs.DelayIn

    def act(self, given: Given) -> str:
        return self.here(actions.record_delay(self.referral, by=self.actor, **given))


class CorrectDelay(DelayVerb):
    """Put a delay right. Gives the id of the new one."""

    rights = (Right.RECORD_DELAY,)
    serializer_class = inputs.CorrectDelayIn

    def act(self, given: Given) -> str:
        return self.here(actions.correct_delay(self.period, by=self.actor, **given))


class EndDelay(DelayVerb):
    """Say the last day of a delay that goes on."""

    rights = (Right.RECORD_DELAY,)
    serializer_class = inputs.EndDelayIn

    def act(self, given: Given) -> str:
        return self.here(actions.end_delay(self.period, last_day=given["last_day"], by=self.actor))


class DisputeDelay(DelayVerb):
    """The party named does not agree."""

    rights = (Right.RECORD_DELAY,)
    serializer_class = inputs.WhyIn

    def act(self, given: Given) -> str:
        return self.here(actions.dispute_delay(self.period, why=given["why"], by=self.actor))


class RecordReview(TransferVerb):
    """Record how the person is while they wait."""

    rights = (Right.RECORD_REVIEW,)
    serializer_class = inputs.ReviewIn

    def act(self, given: Given) -> str:
        actions.record_review(self.referral, by=self.actor, **given)
        return self.here()


class RecordContact(TransferVerb):
    """Record a call or message that moves things on."""

    rights = (Right.RECORD_CONTACT,)
    serializer_class = inputs.ContactIn

    def act(self, given: Given) -> str:
        actions.record_contact(self.referral, by=self.actor, **given)
        return self.here()
