"""The Secretary of State's warrant, given or refused."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from accounts.rights import Right
from core.pages import long_date
from organisations.doors import needs
from referrals import actions, recorded
from referrals.codes import WarrantOutcome
from referrals.forms.steps import RefusedWarrantForm, WarrantForm
from referrals.models import Warrant
from referrals.pages.found import find_to_record
from referrals.pages.steps import basis_of
from referrals.pages.verbs import data_of, form_page

PART = "warrants"


@needs(Right.RECORD_WARRANT)
def record_warrant(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A warrant, under the section that was applied for."""
    referral = find_to_record(request, public_id)
    actor = request.actor  # type: ignore[attr-defined]
    basis = basis_of(referral)
    live = referral.warrants.live().first()
    ids = set(referral.approaches.open().accepting().values_list("pk", flat=True))
    accepting = [one for one in recorded.answers_of(referral) if one.pk in ids]
    form = WarrantForm(
        data_of(request),
        actor=actor,
        limb=basis.limb,
        accepting=[one.service for one in accepting],
        initial={
            "hospital": _expected(accepting),
            "with_restrictions": "yes" if basis.with_restrictions else "no",
        },
    )
    return form_page(
        request,
        referral,
        form,
        lambda given: actions.record_warrant(
            referral,
            section=basis.section,
            with_restrictions=given["with_restrictions"] == "yes",
            hospital=given["hospital"],
            unit=given["unit"],
            given_on=given["given_on"],
            by=actor,
        ),
        heading=f"Warrant under section {basis.section}",
        intro="Is the section another one? Change the legal basis first.",
        falls=[f"the warrant in force until {long_date(live.ends_on)} is replaced"] if live else [],
        button="Record the warrant",
        said=_said,
        part=PART,
    )


def _expected(accepting: list[Any]) -> UUID | None:
    """The hospital that the warrant is likely to name: the one that gave a bed date, or the only one that accepts."""
    likely = [one for one in accepting if one.offers] or accepting
    return likely[0].service.public_id if len(likely) == 1 else None


def _said(warrant: Warrant) -> str:
    if warrant.outcome == WarrantOutcome.LAPSED:
        return (
            f"Warrant recorded. Its last day was {long_date(warrant.ends_on)}, so it has lapsed. "
            "A new application and a new warrant are needed. Everyone concerned has been told."
        )
    return (
        f"Warrant recorded. Its last day is {long_date(warrant.ends_on)}. Everyone concerned has been told."
    )


@needs(Right.RECORD_WARRANT)
def refuse_warrant(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The Secretary of State refused: no end, but up to the case manager."""
    referral = find_to_record(request, public_id)
    actor = request.actor  # type: ignore[attr-defined]
    return form_page(
        request,
        referral,
        RefusedWarrantForm(data_of(request), actor=actor),
        lambda given: actions.record_refused_warrant(referral, on=given["on"], why=given["why"], by=actor),
        heading="Warrant refused",
        intro="The transfer goes on: the case managers are called, and a new application is needed.",
        falls=["the application is open again on the checklist"],
        button="Record the refusal",
        said="Refusal recorded. The case managers and everyone concerned have been told.",
        part=PART,
    )
