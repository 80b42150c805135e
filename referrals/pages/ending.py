"""Ending a transfer by one of the closed list."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from accounts.rights import Right
from core.forms import check_page, checked
from core.pages import long_date
from organisations.doors import needs, needs_any
from organisations.models import Service
from referrals import actions, rules
from referrals.actions import undoing
from referrals.codes import EndReason, StepKind
from referrals.forms.ending import EndForm
from referrals.forms.fields import WhyForm
from referrals.models import Approach, Referral
from referrals.naming import title_of
from referrals.pages.found import caption, find_any_to_record, find_to_record
from referrals.pages.sheet import how_it_ended
from referrals.pages.verbs import address, data_of, form_page

HEADING = "End this transfer"


@needs(Right.END_TRANSFER)
def end(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """End the transfer: what falls with it stands above the form, and the answers are read again before it ends."""
    referral = find_to_record(request, public_id)
    actor = request.actor  # type: ignore[attr-defined]
    form = EndForm(data_of(request), actor=actor, initial={"version": referral.version, "on": actor.today})
    sent = form.is_bound and form.is_valid() and not checked(request)
    if sent and _may_be(form, referral, actor) and "change" not in request.POST:
        return _check(request, referral, form)
    return _end_page(request, referral, form)


def _end_page(request: HttpRequest, referral: Referral, form: EndForm) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    return form_page(
        request,
        referral,
        form,
        lambda given: actions.end_transfer(referral, version=given["version"], by=actor, **form.end()),
        acts=checked(request),
        heading=HEADING,
        intro="Was the person received under the warrant? Record that on the checklist instead.",
        falls=what_falls(referral),
        button="Continue",
        said=_said,
    )


def _may_be(form: EndForm, referral: Referral, actor: Any) -> bool:
    """Whether the rules let it end so, asked before anybody is made to read it again."""
    given = form.end()
    return bool(
        form.attempt(rules.check_open, referral.ended_on)
        and form.attempt(
            rules.check_end,
            given["reason"],
            why=given["why"],
            on=given["on"],
            first_day=referral.report_first_requested_on,
            today=actor.today,
            has_service=given["service"] is not None,
            by=actor,
        )
    )


def _check(request: HttpRequest, referral: Referral, form: EndForm) -> HttpResponse:
    given = form.end()
    died = given["reason"] == EndReason.DIED
    pairs = [("How it ended", EndReason(given["reason"]).label), ("On which day", long_date(given["on"]))]
    pairs += [("Hospital", given["service"].name)] if given["service"] else []
    silent = ["everything stops at once, also what is not sent yet", "no message is sent"] if died else []
    return check_page(
        request,
        heading="Check before you record the death" if died else "Check before the transfer ends",
        caption=caption(referral, request.actor),  # type: ignore[attr-defined]
        pairs=pairs,
        falls=[*what_falls(referral), *silent],
        button="Record the death" if died else "End the transfer",
        back=address(referral),
    )


@needs_any(Right.END_TRANSFER, Right.TRIAGE)
def undo(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Open a transfer again whose end was a mistake; what cannot be as it was is said first."""
    referral = find_any_to_record(request, public_id)
    actor = request.actor  # type: ignore[attr-defined]
    arrived = "the bed they were given, the legal status that began with the move and the steps of that day go with it"
    taken_back = [arrived] if referral.end_reason in undoing.ARRIVED else []
    lost = [f"not restored: {words}" for words in undoing.not_restored(referral, at=actor.at)]
    return form_page(
        request,
        referral,
        WhyForm(data_of(request), actor=actor, label="Why is the end undone?"),
        lambda given: actions.undo_end(referral, why=given["why"], by=actor),
        after_end=True,
        heading=f"Undo the end: {title_of(referral)}",
        intro="For an end that was recorded by mistake. That it was, and why, stays on the record.",
        pairs=[("Ended", long_date(referral.ended_on)), ("How", how_it_ended(referral))],
        falls=[
            "the clocks run on from the same first day, as if it had never ended",
            "the person is again where they were before the end, unless they have been elsewhere since",
            *taken_back,
            "the services asked then are asked again, with their decisions, and beds still free are held again",
            *lost,
        ],
        button="Undo the end",
        warning=True,
        said="It is open again. Everyone concerned has been told.",
    )


def what_falls(referral: Referral, *, to: Service | None = None) -> list[str]:
    """What is open on a referral and ends with it, in words. `to`: where the person has moved by it."""
    falls = ["every clock stops"]
    for approach in referral.approaches.open().select_related("service").order_by("asked_at"):
        receives = approach.service == to
        falls += [] if receives else [f"{approach.service.name} is no longer asked"]
        falls += beds_that_fall(approach, receives=receives)
    falls += [
        f"the warrant in force until {long_date(warrant.ends_on)} can no longer be used"
        for warrant in referral.warrants.live()
    ]
    if referral.delays.current().filter(during__upper_inf=True).exists():
        falls.append("the delay that goes on ends on the same day")
    return falls


def what_falls_with(approach: Approach) -> list[str]:
    """What is open on a referral and falls when one service is let go or steps back, in words."""
    referral, name = approach.referral, approach.service.name
    falls = beds_that_fall(approach)
    falls += [
        f"the warrant in force until {long_date(warrant.ends_on)} names {name}: another hospital needs a new one"
        for warrant in referral.warrants.live().filter(hospital=approach.service)
    ]
    if referral.lead_service_id == approach.service_id:
        falls.append("no service leads the assessment any more")
    if referral.steps.current().filter(kind=StepKind.AGREED, service=approach.service).exists():
        falls.append(f"the agreement of {name} no longer counts, and is open again on the checklist")
    if not referral.approaches.open().exclude(pk=approach.pk).exists():
        falls.append("no service is asked any more, and asking one is open again on the checklist")
    return falls


def beds_that_fall(approach: Approach, *, receives: bool = False) -> list[str]:
    """The bed that a service gives, in words: it is free again. `receives`: the person has moved to the service."""
    free = "is free again unless they moved into it" if receives else "is free again"
    return [
        f"{offer.bed.ward.name} ward, bed {offer.bed.name}, held from {long_date(offer.bed_on)}, {free}"
        for offer in approach.bed_offers.current().select_related("bed__ward")
    ]


def _said(referral: Referral) -> str:
    if referral.end_reason == EndReason.DIED:
        return "Recorded. Everything has stopped and no message is sent."
    return "The transfer has ended. Everyone concerned has been told."
