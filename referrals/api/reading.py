"""Lists and details of transfers."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rights import Right
from core.api import Input, with_etag
from core.problems import TO_READ
from organisations.api import Listing, actor_of, saw
from pathways.pseudonyms import pseudonym_for
from referrals import recorded
from referrals.api.shown import ReferralOut, ReferralRowOut, TransferOut, TransferRowOut
from referrals.codes import StepKind, Urgency
from referrals.models import Referral
from referrals.pages.found import sight
from referrals.pages.rows import shows_people
from referrals.querysets import clocks_of as clocks_of_many
from referrals.rules import OTHER_KINDS
from referrals.waiting_lists import places_of

RELATED = ("from_service", "lead_service", "commissioner", "received_service")


class TransferFilters(Input):
    """Which transfers."""

    state = serializers.ChoiceField(choices=[("open", "Open"), ("ended", "Ended")], required=False)
    urgency = serializers.ChoiceField(choices=Urgency.choices, required=False)
    next_step = serializers.ChoiceField(choices=StepKind.choices, required=False)
    prison = serializers.UUIDField(required=False, help_text="The prison that has the transfer.")
    service = serializers.UUIDField(required=False, help_text="A service asked.")
    is_late = serializers.BooleanField(required=False, help_text="Past the last day of the headline limit.")


class Transfers(Listing):
    """Transfers that the key's role may see, with who it is only for those who may know."""

    rights = (Right.SEE_TRANSFERS,)
    serializer_class = TransferRowOut
    filter_class = TransferFilters

    def rows(self, asked: dict[str, Any]) -> Any:
        rows = _seen_by(self.actor)
        if state := asked.get("state"):
            rows = rows.open() if state == "open" else rows.ended()
        for name in ("urgency", "next_step"):
            if name in asked:
                rows = rows.filter(**{name: asked[name]})
        if prison := asked.get("prison"):
            rows = rows.filter(from_service__public_id=prison)
        if service := asked.get("service"):
            rows = rows.asking(service)
        if asked.get("is_late"):
            rows = rows.late(on=self.actor.today)
        return rows.worklist(on=self.actor.today)

    def prepare(self, page: list[Any]) -> Any:
        headline = clocks_of_many([row.pk for row in page]).headline().order_by("pk")
        due = {clock.about_id: clock.due_on for clock in headline}
        for row in page:
            dress(row, self.actor, due_on=due.get(row.pk))
        return [row.patient_id for row in page]

    def get_serializer_context(self) -> dict[str, Any]:
        return super().get_serializer_context() | {"sees": lambda row: sight(row, self.actor)}


class OneTransfer(generics.GenericAPIView):
    """One transfer: clocks, checklist, services asked, and everything else recorded on it."""

    rights = (Right.SEE_TRANSFERS,)
    serializer_class = TransferOut

    @extend_schema(responses={200: TransferOut, **TO_READ})
    def get(self, request: Request, public_id: UUID) -> Response:
        actor = actor_of(request)
        referral = found(request, public_id)
        sees = sight(referral, actor)
        referral.found = everything(referral, sees)
        headline = [clock.due_on for clock in referral.found.clocks if clock.policy.is_headline]
        dress(referral, actor, due_on=headline[0] if headline else None)
        context = self.get_serializer_context() | {"sees": lambda _row: sees}
        return with_etag(TransferOut(referral, context=context).data, referral.version)


class ReferralFilters(Input):
    """Which referrals."""

    state = serializers.ChoiceField(choices=[("open", "Open"), ("ended", "Ended")], required=False)
    kind = serializers.ChoiceField(choices=[(kind.value, kind.label) for kind in OTHER_KINDS], required=False)
    urgency = serializers.ChoiceField(choices=Urgency.choices, required=False)
    next_step = serializers.ChoiceField(choices=StepKind.choices, required=False)
    service = serializers.UUIDField(required=False, help_text="A service asked.")


class Referrals(Listing):
    """Referrals of every kind but the transfer from prison."""

    rights = (Right.SEE_TRANSFERS,)
    serializer_class = ReferralRowOut
    filter_class = ReferralFilters

    def rows(self, asked: dict[str, Any]) -> Any:
        rows = _seen_by(self.actor, of_other_kinds=True)
        if state := asked.get("state"):
            rows = rows.open() if state == "open" else rows.ended()
        for name in ("kind", "urgency", "next_step"):
            if name in asked:
                rows = rows.filter(**{name: asked[name]})
        if service := asked.get("service"):
            rows = rows.asking(service)
        return rows.worklist(on=self.actor.today)

    def prepare(self, page: list[Any]) -> Any:
        for row in page:
            dress(row, self.actor, due_on=None)
        return [row.patient_id for row in page]

    def get_serializer_context(self) -> dict[str, Any]:
        return super().get_serializer_context() | {"sees": lambda row: sight(row, self.actor)}


class OneReferral(generics.GenericAPIView):
    """One referral of another kind than the transfer: its checklist and the services asked."""

    rights = (Right.SEE_TRANSFERS,)
    serializer_class = ReferralOut

    @extend_schema(responses={200: ReferralOut, **TO_READ})
    def get(self, request: Request, public_id: UUID) -> Response:
        actor = actor_of(request)
        referral = found(request, public_id, of_other_kinds=True)
        sees = sight(referral, actor)
        referral.found = everything(referral, sees)
        dress(referral, actor, due_on=None)
        context = self.get_serializer_context() | {"sees": lambda _row: sees}
        return with_etag(ReferralOut(referral, context=context).data, referral.version)


def _seen_by(actor: Any, *, of_other_kinds: bool = False) -> Any:
    seen = Referral.objects.visible_to(actor)
    rows = seen.of_other_kinds() if of_other_kinds else seen.transfers()
    rows = rows.with_identity(actor).select_related(*RELATED)
    # Without the right to know who people are, no name is even read from the database.
    return rows.select_related("patient") if shows_people(actor) else rows


def found(request: Request, public_id: UUID, *, of_other_kinds: bool = False) -> Any:
    """A transfer, or another referral, that the actor may see, or 404; noted in the read log."""
    seen = _seen_by(actor_of(request), of_other_kinds=of_other_kinds)
    referral = get_object_or_404(seen, public_id=public_id)
    saw(request, [referral.patient_id])
    return referral


def found_to_record(request: Request, public_id: UUID, *, of_other_kinds: bool = False) -> Any:
    """A transfer, or another referral, to record something on: for those who may know whose it is."""
    referral = found(request, public_id, of_other_kinds=of_other_kinds)
    if not referral.shows_identity:
        raise PermissionDenied
    return referral


def dress(referral: Any, actor: Any, *, due_on: Any) -> None:
    """Give a row who it is as far as the actor may know, and what is counted."""
    referral.shown_person = referral.patient if referral.shows_identity else None
    is_nameless = not shows_people(actor)
    referral.pseudonym = (
        pseudonym_for(actor, referral.patient_id, home_area_id=referral.home_area_id) if is_nameless else ""
    )
    referral.due_on = due_on
    referral.waited = referral.days_waited(on=actor.today)


def everything(referral: Any, sees: Any) -> SimpleNamespace:
    """What is recorded on one transfer, in a number of queries that does not grow with it."""
    reviews = recorded.REVIEWS if sees.clinical else recorded.REVIEWS_WITHOUT_WORDS
    services = recorded.answers_of(referral)
    places = places_of({one.service_id for one in services})
    for approach in services:
        approach.decision = next(iter(approach.decided), None)
        approach.bed_date = next(iter(approach.offers), None)
        approach.place = places.get(approach.pk)
    delays = [delay for delay in recorded.DELAYS.of(referral.pk) if delay.superseded_at is None]
    for delay in delays:
        delay.last_day = delay.during.upper - timedelta(days=1) if delay.during.upper else None
    steps = [step for step in recorded.STEPS.of(referral.pk) if step.superseded_at is None]
    return SimpleNamespace(
        clocks=recorded.clocks_of(referral),
        steps=sorted(steps, key=lambda step: (step.done_on, step.pk)),
        services=services,
        reports=recorded.REPORTS.of(referral.pk) if sees.identity else [],
        warrants=recorded.WARRANTS.of(referral.pk),
        legal_bases=recorded.BASES.of(referral.pk),
        delays=delays,
        reviews=reviews.of(referral.pk),
        contacts=recorded.CONTACTS.of(referral.pk) if sees.words else [],
        prison_moves=recorded.HAND_OVERS.of(referral.pk),
    )
