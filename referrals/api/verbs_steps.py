"""Asking for a transfer, the steps of its checklist, and its end."""

from typing import Any, ClassVar

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from accounts.rights import Right
from assessments.models import MedicalReport
from core.api import Nothing
from core.refusals import Refused
from organisations.api import HasOneOfTheRights, Verb
from pathways import days
from referrals import actions, rules
from referrals.api import inputs
from referrals.api.verb import AnyRightTransferVerb, StepVerb, TransferVerb
from referrals.codes import StepKind
from referrals.pages.checklist import MISTAKES
from referrals.pages.steps import basis_of

Given = dict[str, Any]


class RequestTransfer(Verb):
    """Ask for a transfer from prison. The answer's location is the new transfer."""

    rights: ClassVar = (Right.REQUEST_TRANSFER,)
    serializer_class = inputs.NewTransferIn

    def act(self, given: Given) -> str:
        patient = given.pop("patient")
        referral = actions.request_transfer(patient, by=self.actor, **given)
        return f"{reverse('api:transfer', args=[referral.public_id])}#{referral.public_id}"


class RecordStep(TransferVerb):
    """Record a step that is simply dated. A clinician records a report at `reports/`."""

    rights = (Right.RECORD_STEP,)
    serializer_class = inputs.StepIn

    def act(self, given: Given) -> str:
        kind = self.kwargs["kind"]
        if kind not in rules.SIMPLY_DATED or kind == StepKind.LEFT:
            raise Http404
        if kind in rules.REPORTS and self.actor.has(Right.RECORD_REPORT):
            raise Refused("Record the report itself: its doctor, dates and what it says.")
        actions.record_step(self.referral, kind, by=self.actor, **given)
        return self.here()


class CorrectStep(StepVerb):
    """Put the date of a step right."""

    rights = (Right.RECORD_STEP,)
    serializer_class = inputs.CorrectStepIn

    def act(self, given: Given) -> str:
        actions.correct_step(self.step, on=given["on"], why=given["why"], by=self.actor)
        return self.here()


class TakeBackStep(StepVerb):
    """Take back a step that was recorded by mistake, or the warrant with its step."""

    rights = MISTAKES
    permission_classes = (HasOneOfTheRights,)
    serializer_class = inputs.WhyOfSeenIn

    def act(self, given: Given) -> str:
        actions.take_back_step(self.step, why=given["why"], by=self.actor)
        return self.here()


class RecordReport(TransferVerb):
    """Record a doctor's report, as the law needs it. Gives its id."""

    rights = (Right.RECORD_STEP, Right.RECORD_REPORT)
    serializer_class = inputs.ReportIn

    def act(self, given: Given) -> str:
        return self.here(actions.record_report(self.referral, by=self.actor, **given))


class WithdrawReport(TransferVerb):
    """A report that was recorded wrongly is believed no more; its step opens again."""

    rights = (Right.RECORD_REPORT,)
    serializer_class = inputs.WhyIn
    report: MedicalReport

    def find(self) -> None:
        super().find()
        held = MedicalReport.objects.visible_to(self.actor).of("referral", self.referral.pk)
        self.report = get_object_or_404(held, public_id=self.kwargs["report_id"])

    def act(self, given: Given) -> str:
        actions.withdraw_report(self.report, why=given["why"], by=self.actor)
        return self.here()


class RecordWarrant(TransferVerb):
    """Record a warrant, under the section that was applied for. Gives its id."""

    rights = (Right.RECORD_WARRANT,)
    serializer_class = inputs.WarrantIn

    def act(self, given: Given) -> str:
        section = basis_of(self.referral).section
        return self.here(actions.record_warrant(self.referral, section=section, by=self.actor, **given))


class RefuseWarrant(TransferVerb):
    """Record that the Secretary of State refused."""

    rights = (Right.RECORD_WARRANT,)
    serializer_class = inputs.RefusedWarrantIn

    def act(self, given: Given) -> str:
        return self.here(actions.record_refused_warrant(self.referral, by=self.actor, **given))


class LeavePrison(TransferVerb):
    """Record that the person has left prison for the hospital."""

    rights = (Right.RECORD_STEP,)
    serializer_class = inputs.MomentIn

    def act(self, given: Given) -> str:
        at, time_known = days.at_or_noon(given["on"], given["at_time"])
        when = {"at": at} if time_known else {"on": given["on"]}
        actions.leave_prison(self.referral, by=self.actor, **when)
        return self.here()


class Admit(TransferVerb):
    """Record that the hospital which the warrant names has received the person."""

    rights = (Right.ADMIT,)
    serializer_class = inputs.AdmitIn

    def act(self, given: Given) -> str:
        warrant = self.referral.warrants.select_related("hospital").to_receive_under()
        if warrant is None:
            # The rule's own sentence where there is no warrant to receive anybody under.
            done = set(self.referral.steps.current().values_list("kind", flat=True))
            rules.check_law(StepKind.RECEIVED, done)
            raise Http404
        at, time_known = days.at_or_noon(given["on"], given["at_time"])
        actions.admit(
            self.referral,
            service=warrant.hospital,
            bed=given["bed"],
            at=at,
            time_known=time_known,
            exception_why=given["exception_why"],
            checked=given["checked"],
            by=self.actor,
        )
        return self.here()


class ConfirmDeparture(TransferVerb):
    """The prison confirms that the person received is the one who left."""

    rights = (Right.RECORD_STEP,)
    serializer_class = Nothing

    def act(self, given: Given) -> str:
        actions.confirm_departure(self.referral, by=self.actor)
        return self.here()


class End(TransferVerb):
    """End the transfer by one of the closed list."""

    rights = (Right.END_TRANSFER,)
    serializer_class = inputs.EndIn

    def act(self, given: Given) -> str:
        actions.end_transfer(self.referral, by=self.actor, **given)
        return self.here()


class UndoEnd(AnyRightTransferVerb):
    """Undo an end that was recorded by mistake, within days of it."""

    rights = (Right.END_TRANSFER, Right.TRIAGE)
    serializer_class = inputs.WhyIn

    def act(self, given: Given) -> str:
        actions.undo_end(self.referral, why=given["why"], by=self.actor)
        return self.here()
