"""What machines are shown of a transfer, column by column."""

from typing import ClassVar

from rest_framework import serializers

from assessments.fields import FIELDS as ASSESSMENT_FIELDS
from core.api import Shown
from organisations.api import NamedOut
from organisations.rules import Tier
from pathways.codes import Act, Limb
from pathways.models import Clock, FlagRule
from referrals.codes import (
    DeclineReason,
    DelayParty,
    DelayReason,
    EndReason,
    Kind,
    LegalSection,
    MoveEnd,
    Outcome,
    RemissionReason,
    StepKind,
    Urgency,
    WarrantOutcome,
)
from referrals.fields import FIELDS


class Row(Shown):
    """A row of this app."""

    table: ClassVar = FIELDS


class PersonOut(serializers.Serializer):
    """Who it is about."""

    id = serializers.UUIDField(source="public_id")
    given_name = serializers.CharField()
    family_name = serializers.CharField()
    born_on = serializers.DateField()
    nhs_number = serializers.CharField(allow_null=True)
    prison_number = serializers.CharField(allow_null=True)


class TransferRowOut(Row):
    """A transfer in a list."""

    row = "Referral"
    typed = frozenset({"after_care"})
    id = serializers.UUIDField(source="public_id")
    reference = serializers.CharField()
    version = serializers.IntegerField()
    person = PersonOut(
        source="shown_person", allow_null=True, help_text="Null where the reader may not know."
    )
    pseudonym = serializers.CharField(help_text="For readers who never know who anybody is; otherwise empty.")
    from_service = NamedOut()
    lead_service = NamedOut(allow_null=True)
    commissioner = serializers.CharField(source="commissioner.name", allow_null=True, default=None)
    urgency = serializers.ChoiceField(choices=Urgency.choices)
    urgency_why = serializers.CharField(allow_null=True, help_text="Clinical.")
    report_first_requested_on = serializers.DateField()
    waiting_since = serializers.DateField()
    requested_at = serializers.DateTimeField()
    next_step = serializers.ChoiceField(choices=StepKind.choices, allow_blank=True)
    next_review_on = serializers.DateField(allow_null=True)
    due_on = serializers.DateField(allow_null=True, help_text="The last day in time of the headline limit.")
    days_waited = serializers.IntegerField(source="waited")
    received_on = serializers.DateField(allow_null=True)
    received_service = NamedOut(allow_null=True)
    ended_on = serializers.DateField(allow_null=True)
    end_reason = serializers.ChoiceField(choices=EndReason.choices, allow_blank=True)
    end_why = serializers.CharField(allow_null=True, help_text="Clinical.")
    after_care = serializers.CharField(allow_null=True)


class DecisionOut(Row):
    """What a service decided about the person, as believed now."""

    row = "Decision"
    typed = frozenset({"depends_on"})
    id = serializers.UUIDField(source="public_id")
    outcome = serializers.ChoiceField(choices=Outcome.choices)
    tier = serializers.ChoiceField(choices=Tier.choices, allow_blank=True)
    reason = serializers.ChoiceField(choices=DeclineReason.choices, allow_blank=True)
    criterion = serializers.CharField(source="criterion.words", allow_null=True, default=None)
    words = serializers.CharField(allow_null=True, help_text="Clinical.")
    deferred_to = serializers.DateField(allow_null=True)
    expected_on = serializers.DateField(allow_null=True)
    depends_on = serializers.CharField(allow_null=True)
    decided_on = serializers.DateField()


class BedOfferOut(Row):
    """The bed date given."""

    row = "BedOffer"
    bed = serializers.UUIDField(source="bed.public_id")
    ward = serializers.CharField(source="bed.ward.name")
    bed_name = serializers.CharField(source="bed.name")
    bed_on = serializers.DateField()


class WaitingPlaceOut(serializers.Serializer):
    """A place on the service's own waiting list for beds."""

    number = serializers.IntegerField(help_text="From 1.")
    of = serializers.IntegerField(help_text="How many wait on the list.")


class ApproachOut(Row):
    """A service asked."""

    row = "Approach"
    typed = frozenset({"closed_why"})
    id = serializers.UUIDField(source="public_id")
    service = NamedOut()
    asked_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(allow_null=True)
    closed_why = serializers.CharField(allow_null=True)
    version = serializers.IntegerField()
    decision = DecisionOut(allow_null=True)
    bed_date = BedOfferOut(allow_null=True)
    place = WaitingPlaceOut(
        allow_null=True, help_text="Null unless the person waits for a bed of this service."
    )


class StepOut(Row):
    """A step that was done."""

    row = "Step"
    named = frozenset({"words"})
    version = serializers.IntegerField(source="id", help_text="A step put right is another row.")
    kind = serializers.ChoiceField(choices=StepKind.choices)
    done_on = serializers.DateField()
    done_at = serializers.DateTimeField(allow_null=True)
    service = NamedOut(allow_null=True)
    words = serializers.CharField(allow_null=True)
    for_on = serializers.DateField(allow_null=True)
    recorded_at = serializers.DateTimeField()
    confirmed_at = serializers.DateTimeField(allow_null=True)


class WarrantOut(Row):
    """A warrant, whatever became of it."""

    row = "Warrant"
    typed = frozenset({"why"})
    named = frozenset({"unit"})
    id = serializers.UUIDField(source="public_id")
    section = serializers.ChoiceField(choices=LegalSection.choices)
    with_restrictions = serializers.BooleanField()
    hospital = NamedOut()
    unit = serializers.CharField(allow_null=True)
    given_on = serializers.DateField()
    ends_on = serializers.DateField()
    outcome = serializers.ChoiceField(choices=WarrantOutcome.choices)
    outcome_on = serializers.DateField(allow_null=True)
    why = serializers.CharField(allow_null=True)


class LegalBasisOut(Row):
    """Under what the transfer is or was asked."""

    row = "LegalBasis"
    section = serializers.ChoiceField(choices=LegalSection.choices)
    limb = serializers.ChoiceField(choices=Limb.choices, allow_blank=True)
    with_restrictions = serializers.BooleanField()
    since = serializers.DateField(source="during.lower")
    until = serializers.DateField(
        source="during.upper", allow_null=True, help_text="The first day of the next."
    )


class DelayOut(Row):
    """Days of the wait put down to somebody."""

    row = "Delay"
    typed = frozenset({"words", "disputed_why"})
    id = serializers.UUIDField(source="public_id")
    first_day = serializers.DateField(source="during.lower")
    last_day = serializers.DateField(allow_null=True, help_text="Null while it goes on.")
    version = serializers.IntegerField()
    party = serializers.ChoiceField(choices=DelayParty.choices)
    service = NamedOut(allow_null=True)
    reason = serializers.ChoiceField(choices=DelayReason.choices)
    contributing = serializers.ListField(child=serializers.ChoiceField(choices=DelayReason.choices))
    words = serializers.CharField(allow_null=True)
    disputed_at = serializers.DateTimeField(allow_null=True)
    disputed_why = serializers.CharField(allow_null=True)


class ReviewOut(Row):
    """A review. What was found is clinical."""

    row = "Review"
    on = serializers.DateField()
    how_the_person_is = serializers.CharField(allow_null=True)
    interim_plan = serializers.CharField(allow_null=True)
    next_on = serializers.DateField()


class ContactOut(Row):
    """A call or message; shown only to those who may read such words."""

    row = "Contact"
    typed = frozenset({"said", "with_whom", "next_action"})
    on = serializers.DateField()
    with_whom = serializers.CharField()
    said = serializers.CharField()
    next_action = serializers.CharField()
    next_on = serializers.DateField(allow_null=True)


class HandOverOut(Row):
    """A prison move while somebody waits."""

    row = "HandOver"
    from_service = NamedOut()
    to_service = NamedOut()
    moved_on = serializers.DateField()
    taken_at = serializers.DateTimeField(allow_null=True)


class FlagOut(serializers.Serializer):
    """A flag that a clock raised."""

    id = serializers.IntegerField(source="pk", help_text="What flags/ acknowledges.")
    level = serializers.ChoiceField(choices=FlagRule.Level.choices)
    day = serializers.IntegerField()
    became_on = serializers.DateField()
    must_be_acknowledged = serializers.BooleanField()
    acknowledged_at = serializers.DateTimeField(allow_null=True)
    superseded_at = serializers.DateTimeField(
        allow_null=True, help_text="When a corrected date made it untrue."
    )


class ClockOut(serializers.Serializer):
    """A limit that runs or ran."""

    policy = serializers.CharField(source="policy.code")
    name = serializers.CharField(source="policy.name")
    is_headline = serializers.BooleanField(source="policy.is_headline")
    started_on = serializers.DateField()
    due_on = serializers.DateField(help_text="The last day in time.")
    ended_on = serializers.DateField(allow_null=True)
    ended_as = serializers.ChoiceField(choices=Clock.End.choices, allow_blank=True)
    flags = FlagOut(many=True, source="raised")


class ReportOut(Shown):
    """A doctor's report, as the law needs it; what it says is with whoever holds it."""

    row = "MedicalReport"
    table: ClassVar = ASSESSMENT_FIELDS
    id = serializers.UUIDField(source="public_id")
    doctor_name = serializers.CharField()
    gmc_number = serializers.CharField()
    is_section_12_approved = serializers.BooleanField()
    examined_on = serializers.DateField()
    signed_on = serializers.DateField()


class TransferOut(TransferRowOut):
    """One transfer with everything recorded on it that the reader may see."""

    clocks = ClockOut(many=True, source="found.clocks")
    steps = StepOut(many=True, source="found.steps")
    services = ApproachOut(many=True, source="found.services")
    reports = ReportOut(
        many=True, source="found.reports", help_text="Empty for those who may not know whose they are."
    )
    warrants = WarrantOut(many=True, source="found.warrants")
    legal_bases = LegalBasisOut(many=True, source="found.legal_bases")
    delays = DelayOut(many=True, source="found.delays")
    reviews = ReviewOut(many=True, source="found.reviews")
    contacts = ContactOut(
        many=True, source="found.contacts", help_text="Empty for those who may not read them."
    )
    prison_moves = HandOverOut(many=True, source="found.prison_moves")


class ReferralRowOut(Row):
    """A referral of another kind than the transfer, in a list."""

    row = "Referral"
    id = serializers.UUIDField(source="public_id")
    reference = serializers.CharField()
    version = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=Kind.choices)
    person = PersonOut(
        source="shown_person", allow_null=True, help_text="Null where the reader may not know."
    )
    pseudonym = serializers.CharField(help_text="For readers who never know who anybody is; otherwise empty.")
    from_service = NamedOut()
    commissioner = serializers.CharField(source="commissioner.name", allow_null=True, default=None)
    urgency = serializers.ChoiceField(choices=Urgency.choices)
    urgency_why = serializers.CharField(allow_null=True, help_text="Why the move is asked for. Clinical.")
    act = serializers.ChoiceField(choices=Act.choices, allow_blank=True, help_text="Of a discharge: which.")
    ground = serializers.ChoiceField(
        choices=RemissionReason.choices, allow_blank=True, help_text="Of a return to prison."
    )
    is_primary = serializers.BooleanField(help_text="Of several open ones of a person, whether it leads.")
    first_day = serializers.DateField(source="report_first_requested_on")
    requested_at = serializers.DateTimeField()
    next_step = serializers.ChoiceField(choices=StepKind.choices, allow_blank=True)
    days_waited = serializers.IntegerField(source="waited")
    received_service = NamedOut(allow_null=True)
    ended_on = serializers.DateField(allow_null=True)
    end_reason = serializers.ChoiceField(choices=MoveEnd.choices, allow_blank=True)
    end_why = serializers.CharField(allow_null=True, help_text="Clinical.")


class ReferralOut(ReferralRowOut):
    """One referral of another kind than the transfer, with what is recorded on it."""

    clocks = ClockOut(many=True, source="found.clocks")
    steps = StepOut(many=True, source="found.steps")
    services = ApproachOut(many=True, source="found.services")
    contacts = ContactOut(
        many=True, source="found.contacts", help_text="Empty for those who may not read them."
    )
