"""Ending a transfer by one of the closed list."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from accounts.rights import Right
from core.pages import long_date
from organisations.doors import needs
from referrals import actions
from referrals.codes import EndReason
from referrals.forms.ending import EndForm
from referrals.models import Referral
from referrals.pages.found import find_to_record
from referrals.pages.verbs import data_of, form_page


@needs(Right.END_TRANSFER)
def end(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """End the transfer; what falls with it stands above the form."""
    referral = find_to_record(request, public_id)
    actor = request.actor  # type: ignore[attr-defined]
    form = EndForm(data_of(request), actor=actor, initial={"version": referral.version, "on": actor.today})
    return form_page(
        request,
        referral,
        form,
        lambda given: actions.end_transfer(referral, version=given["version"], by=actor, **form.end()),
        heading="End this transfer",
        intro="Was the person received under the warrant? Record that on the checklist instead.",
        falls=what_falls(referral),
        button="End the transfer",
        warning=True,
        said=_said,
    )


def what_falls(referral: Referral) -> list[str]:
    """What is open on a transfer and ends with it, in words."""
    falls = ["every clock stops"]
    for approach in referral.approaches.open().select_related("service").order_by("asked_at"):
        falls.append(f"{approach.service.name} is no longer asked")
        falls += [
            f"{offer.bed.ward.name} ward, bed {offer.bed.name}, promised from {long_date(offer.bed_on)}, is free again"
            for offer in approach.bed_offers.current().select_related("bed__ward")
        ]
    falls += [
        f"the warrant in force until {long_date(warrant.ends_on)} can no longer be used"
        for warrant in referral.warrants.live()
    ]
    if referral.delays.current().filter(during__upper_inf=True).exists():
        falls.append("the delay that goes on ends on the same day")
    return falls


def _said(referral: Referral) -> str:
    if referral.end_reason == EndReason.DIED:
        return "Recorded. Everything has stopped and no message is sent."
    return "The transfer has ended. Everyone concerned has been told."
