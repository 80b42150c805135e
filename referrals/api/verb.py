"""What verbs on a transfer have in common."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from rest_framework.exceptions import ValidationError

from organisations.api import HasOneOfTheRights, Verb
from referrals.actions import checklist
from referrals.api.reading import found_to_record
from referrals.models import Approach, Delay, Referral, Step
from referrals.pages.found import find_approach, find_delay


class TransferVerb(Verb):
    """An act on one transfer, by somebody who may know whose it is.

    `of_other_kinds`: on a referral of another kind, for what every kind has.
    """

    referral: Referral
    of_other_kinds = False

    def find(self) -> None:
        of_other_kinds = self.of_other_kinds
        self.referral = found_to_record(self.request, self.kwargs["public_id"], of_other_kinds=of_other_kinds)

    def version_held(self) -> int | None:
        return checklist.hold(self.referral).version

    def here(self, made: Any = None) -> str:
        """The referral's address, and what was made on it."""
        name = "referral" if self.of_other_kinds else "transfer"
        path = reverse(f"api:{name}", args=[self.referral.public_id])
        return f"{path}#{made.public_id}" if made is not None else path


class AnyRightTransferVerb(TransferVerb):
    """An act for which one of several rights is enough."""

    permission_classes = (HasOneOfTheRights,)


class ApproachVerb(TransferVerb):
    """An act on a service asked in a transfer."""

    approach: Approach

    def find(self) -> None:
        super().find()
        self.approach = find_approach(self.referral, self.kwargs["approach_id"])

    def version_held(self) -> int | None:
        checklist.hold(self.referral)
        return self.referral.approaches.values_list("version", flat=True).get(pk=self.approach.pk)


class StepVerb(TransferVerb):
    """An act on a step of a transfer that is done. A step put right is another row, so the row is its version."""

    step: Step

    def find(self) -> None:
        super().find()
        steps = self.referral.steps.current().select_related("referral")
        self.step = get_object_or_404(steps, kind=self.kwargs["kind"])

    def version_held(self) -> int | None:
        checklist.hold(self.referral)
        steps = self.referral.steps.current().filter(kind=self.step.kind)
        return steps.values_list("pk", flat=True).first()


class DelayVerb(TransferVerb):
    """An act on a delay of a transfer."""

    period: Delay

    def find(self) -> None:
        super().find()
        self.period = find_delay(self.referral, self.kwargs["delay_id"])

    def version_held(self) -> int | None:
        checklist.hold(self.referral)
        return self.referral.delays.values_list("version", flat=True).get(pk=self.period.pk)


def wrong(field: str, sentence: str) -> ValidationError:
    """What was sent for a field names nothing that can be meant here."""
    return ValidationError({field: [sentence]})
