"""What machines send to a verb on a transfer: the shape only. What may be is asked of the rules by the action."""

from operator import attrgetter
from typing import Any

from rest_framework import serializers

from core.api import Input, VersionedInput
from organisations.api import PublicIdField
from organisations.models import Bed, Service
from organisations.rules import HOSPITAL_TIERS, Tier
from pathways.api.inputs import SeenIn
from pathways.codes import Limb
from pathways.models import Patient
from referrals.codes import (
    DeclineReason,
    DelayParty,
    DelayReason,
    EndReason,
    Kind,
    LegalSection,
    Outcome,
    RemissionReason,
    Urgency,
)
from referrals.forms.fields import LINE, WORDS, hospitals, prisons, services_of
from referrals.rules import END_REASONS, ENDS_BY_HAND, KINDS, ORDERS_OF_COURT, OTHER_KINDS

TIERS = [(tier.value, Tier(tier).label) for tier in HOSPITAL_TIERS]
DISCHARGES = [(act.value, act.label) for act in KINDS[Kind.TO_COMMUNITY].acts]
ORDERS = [(code.value, code.label) for code in ORDERS_OF_COURT]
BY_HAND = [(reason.value, reason.label) for reason in ENDS_BY_HAND]
EXCEPTION = "Why the bed is given although it does not fit the person. Needed only then."
ENDS = [(reason.value, EndReason(reason).label) for reason, end in END_REASONS.items() if not end.otherwise]


def line(**known: Any) -> serializers.CharField:
    """A few words."""
    return serializers.CharField(max_length=known.pop("max_length", LINE), **known)


def words(**known: Any) -> serializers.CharField:
    """Some sentences."""
    return serializers.CharField(max_length=WORDS, **known)


def may_be_empty(field: Any = line, **known: Any) -> serializers.CharField:
    """Words that need not be there."""
    return field(required=False, allow_blank=True, default="", **known)


def any_day(**known: Any) -> serializers.DateField:
    """A London date that need not be there."""
    return serializers.DateField(required=False, allow_null=True, default=None, **known)


def hospital(**known: Any) -> PublicIdField:
    """A hospital by its id."""
    return PublicIdField(among=hospitals, **known)


def beds(actor: Any) -> Any:
    """Any bed; whether it can be had, and by whom, is asked by the action."""
    return Bed.objects.visible_to(actor).select_related("ward__service")


class WhyIn(Input):
    why = line()


class WhyOfSeenIn(WhyIn, VersionedInput):
    """A reason to take back what was seen."""


class NewTransferIn(Input):
    patient = PublicIdField(among=lambda actor: Patient.objects.visible_to(actor), person_of=attrgetter("pk"))
    from_service = PublicIdField(among=prisons)
    section = serializers.ChoiceField(choices=LegalSection.choices)
    limb = serializers.ChoiceField(choices=Limb.choices, required=False, allow_blank=True, default="")
    with_restrictions = serializers.BooleanField(required=False, allow_null=True, default=None)
    urgency = serializers.ChoiceField(choices=Urgency.choices)
    urgency_why = words()
    report_first_requested_on = serializers.DateField()
    release_on = any_day()
    hearing_on = any_day()
    remand_expires_on = any_day()
    services = serializers.ListField(child=hospital(), required=False, max_length=40, default=list)


class MomentIn(Input):
    on = serializers.DateField()
    at_time = serializers.TimeField(
        required=False, allow_null=True, default=None, help_text="London time. Leave out what is not known."
    )


class AskIn(Input):
    service = PublicIdField(among=lambda actor: services_of(actor, Service.Kind.values))


class ReferIn(Input):
    patient = PublicIdField(among=lambda actor: Patient.objects.visible_to(actor))
    kind = serializers.ChoiceField(choices=[(kind.value, kind.label) for kind in OTHER_KINDS])
    from_service = PublicIdField(
        among=lambda actor: services_of(actor, Service.Kind.values).worked_at_by(actor)
    )
    on = serializers.DateField(help_text="The day it was first asked for.")
    urgency = serializers.ChoiceField(choices=Urgency.choices)
    why = words()
    act = serializers.ChoiceField(
        choices=DISCHARGES, required=False, allow_blank=True, default="", help_text="Of a discharge: which."
    )
    ground = serializers.ChoiceField(
        choices=RemissionReason.choices,
        required=False,
        allow_blank=True,
        default="",
        help_text="Of a return to prison.",
    )


class AgreementIn(Input):
    on = serializers.DateField()
    words = may_be_empty(help_text="Who agreed, by role.")


class MeetingIn(Input):
    on = any_day()
    exception = may_be_empty(max_length=180, help_text="Why there was no meeting, in place of its day.")


class PlanIn(Input):
    on = serializers.DateField()
    why = may_be_empty(help_text="Needed where another day was planned before.")


class CourtOrderIn(SeenIn):
    order = serializers.ChoiceField(choices=ORDERS)
    ordered_on = serializers.DateField()


class MovedIn(SeenIn, MomentIn):
    service = PublicIdField(among=lambda actor: services_of(actor, Service.Kind.values))
    bed = PublicIdField(among=beds, required=False, allow_null=True, default=None)
    exception_why = may_be_empty(help_text=EXCEPTION)
    order = serializers.ChoiceField(
        choices=ORDERS,
        required=False,
        allow_blank=True,
        default="",
        help_text="Of an admission by a court, unless it is on record.",
    )
    ordered_on = any_day(help_text="The day on which the court made the order, unless it is on record.")


class EndReferralIn(VersionedInput):
    reason = serializers.ChoiceField(choices=BY_HAND)
    why = words()
    on = serializers.DateField()


class DecisionIn(Input):
    acceptance = serializers.UUIDField(help_text="Your service's word on the current assessment.")
    outcome = serializers.ChoiceField(choices=Outcome.choices)
    tier = serializers.ChoiceField(choices=TIERS, required=False, allow_blank=True, default="")
    reason = serializers.ChoiceField(
        choices=DeclineReason.choices, required=False, allow_blank=True, default=""
    )
    criterion = serializers.UUIDField(
        required=False, allow_null=True, default=None, help_text="One that your service publishes."
    )
    words = may_be_empty(words)
    deferred_to = any_day()
    expected_on = any_day()
    depends_on = may_be_empty()
    decided_on = serializers.DateField()


class ChangeDecisionIn(DecisionIn, VersionedInput):
    why = line()


class BedDateIn(Input):
    bed = PublicIdField(among=beds)
    bed_on = serializers.DateField()
    exception_why = may_be_empty(help_text=EXCEPTION)


class StepIn(Input):
    on = serializers.DateField()
    words = may_be_empty(help_text="No clinical details. For a report: which doctor.")
    for_on = serializers.DateField(
        required=False, allow_null=True, default=None, help_text="Of an escort: the day it is booked for."
    )


class ReportIn(Input):
    doctor_name = line(max_length=120)
    gmc_number = line(max_length=7)
    is_section_12_approved = serializers.BooleanField()
    examined_on = serializers.DateField()
    signed_on = serializers.DateField()
    says_urgent_need = serializers.BooleanField(required=False, default=False)


class CorrectStepIn(VersionedInput):
    on = serializers.DateField()
    why = line()


class WarrantIn(Input):
    given_on = serializers.DateField()
    hospital = hospital()
    unit = may_be_empty(max_length=80)
    with_restrictions = serializers.BooleanField()


class RefusedWarrantIn(Input):
    on = serializers.DateField()
    why = line()


class AdmitIn(SeenIn, MomentIn):
    bed = PublicIdField(among=beds)
    exception_why = may_be_empty(help_text=EXCEPTION)


class RequestDateIn(VersionedInput):
    on = serializers.DateField()
    why = line()


class UrgencyIn(VersionedInput):
    urgency = serializers.ChoiceField(choices=Urgency.choices)
    why = words()


class LegalBasisIn(VersionedInput):
    section = serializers.ChoiceField(choices=LegalSection.choices)
    limb = serializers.ChoiceField(choices=Limb.choices, required=False, allow_blank=True, default="")
    with_restrictions = serializers.BooleanField(required=False, allow_null=True, default=None)
    since = serializers.DateField()


class PrisonMoveIn(MomentIn):
    to_service = PublicIdField(among=prisons)


class TakeOverIn(SeenIn, MomentIn):
    """`on`: the day on which the person came there."""

    service = PublicIdField(among=lambda actor: prisons(actor).worked_at_by(actor))


class FlagIn(Input):
    flag = serializers.IntegerField(
        min_value=1,
        max_value=2**62,
        required=False,
        allow_null=True,
        default=None,
        help_text="Left out: every flag that waits for your side.",
    )


class DelayIn(Input):
    first_day = serializers.DateField()
    last_day = any_day()
    party = serializers.ChoiceField(choices=DelayParty.choices)
    service = PublicIdField(
        among=lambda actor: Service.objects.visible_to(actor).hospitals(),
        required=False,
        allow_null=True,
        default=None,
    )
    reason = serializers.ChoiceField(choices=DelayReason.choices)
    contributing = serializers.ListField(
        child=serializers.ChoiceField(choices=DelayReason.choices),
        required=False,
        max_length=20,
        default=list,
    )
    words = may_be_empty(words)


class CorrectDelayIn(DelayIn, VersionedInput):
    why = line()


class EndDelayIn(Input):
    last_day = serializers.DateField()


class ReviewIn(Input):
    on = serializers.DateField()
    how_the_person_is = words()
    interim_plan = words()
    next_on = serializers.DateField()


class ContactIn(Input):
    on = serializers.DateField()
    with_whom = line(max_length=120)
    said = words()
    next_action = may_be_empty()
    next_on = any_day()


class EndIn(VersionedInput):
    reason = serializers.ChoiceField(choices=ENDS)
    on = serializers.DateField()
    why = may_be_empty(words)
    after_care = may_be_empty(words)
    service = hospital(required=False, allow_null=True, default=None)
