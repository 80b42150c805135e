"""What machines do on assessments: one POST for each verb of the pages, by the same actions."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from rest_framework import serializers

from accounts.rights import Right
from assessments import actions, rules
from assessments.api.reading import found_draft, found_signed
from assessments.codes import (
    AcceptanceAnswer,
    Instrument,
    RecommendedUrgency,
    RepeatReason,
    Restriction,
    SectionKind,
)
from assessments.forms import LONGEST, own_services
from assessments.models import Assessment, Rating, SignedAssessment
from core.api import Input, Nothing, VersionedInput, needed_version
from core.refusals import NotYours
from organisations.api import PublicIdField, Verb
from organisations.models import WardGender
from organisations.rules import Tier
from pathways.api.finding import found_patient
from pathways.models import Patient

Given = dict[str, Any]


def words(**known: Any) -> serializers.CharField:
    """Some sentences."""
    return serializers.CharField(max_length=known.pop("max_length", 5000), **known)


class ReasonIn(Input):
    why = words(max_length=1000)


class ClaimIn(Input):
    service = PublicIdField(among=own_services)
    repeat_reason = serializers.ChoiceField(
        choices=RepeatReason.choices, required=False, allow_blank=True, default=""
    )
    repeat_why = words(max_length=1000, required=False, allow_blank=True, default="")


class TakeOverDraftIn(ReasonIn):
    service = PublicIdField(among=own_services)


class TextsIn(Input):
    none = serializers.CharField(max_length=LONGEST, required=False, allow_blank=True, trim_whitespace=False)
    third_party = serializers.CharField(
        max_length=LONGEST, required=False, allow_blank=True, trim_whitespace=False
    )
    victim = serializers.CharField(
        max_length=LONGEST, required=False, allow_blank=True, trim_whitespace=False
    )
    hospital_only = serializers.CharField(
        max_length=LONGEST, required=False, allow_blank=True, trim_whitespace=False
    )


class SectionIn(VersionedInput):
    texts = TextsIn(help_text="Words by restriction. One that is left out stays as it is.")
    finished = serializers.BooleanField(required=False, default=True)


class RecommendationIn(VersionedInput):
    tier = serializers.ChoiceField(choices=Tier.choices, allow_blank=True)
    also_suitable = serializers.ListField(
        child=serializers.ChoiceField(choices=Tier.choices),
        required=False,
        max_length=len(Tier),
        default=list,
    )
    why_not_lower = words(allow_blank=True)
    why_not_higher = words(allow_blank=True)
    urgency = serializers.ChoiceField(choices=RecommendedUrgency.choices, allow_blank=True)
    ward_gender = serializers.ChoiceField(choices=WardGender.choices, allow_blank=True)
    special_needs = words(required=False, allow_blank=True, default="")
    finished = serializers.BooleanField(
        required=False, default=True, help_text="Until it is, any answer may be left empty."
    )


class RatingIn(Input):
    instrument = serializers.ChoiceField(choices=Instrument.choices)
    instrument_version = serializers.CharField(max_length=20, required=False, allow_blank=True, default="")
    rated_on = serializers.DateField()
    rater = serializers.CharField(max_length=120)
    score = serializers.DecimalField(
        max_digits=6, decimal_places=1, required=False, allow_null=True, default=None
    )
    summary = words(required=False, allow_blank=True, default="")


class AcceptIn(Input):
    service = PublicIdField(among=own_services)
    tier = serializers.ChoiceField(choices=Tier.choices)
    answer = serializers.ChoiceField(choices=AcceptanceAnswer.choices)
    words = words(max_length=2000, required=False, allow_blank=True, default="")


class ReplyIn(Input):
    words = words(max_length=2000)


class ConfirmIn(Input):
    service = PublicIdField(among=own_services)


class Claim(Verb):
    """Start the assessment of a person. The answer's location is the draft."""

    rights = (Right.WRITE_ASSESSMENT,)
    serializer_class = ClaimIn
    patient: Patient

    def find(self) -> None:
        self.patient = found_patient(self.request, self.kwargs["public_id"])

    def act(self, given: Given) -> str:
        return draft_address(actions.claim_assessment(self.patient, by=self.actor, **given))


class DraftVerb(Verb):
    """An act on a draft of somebody the actor may open."""

    assessment: Assessment

    def find(self) -> None:
        self.assessment = found_draft(self.request, self.kwargs["public_id"])

    def version_held(self) -> int | None:
        """Of the draft; the person is locked before it, in the order of every action."""
        Patient.objects.visible_to(self.actor).locked(self.assessment.patient_id)
        return Assessment.objects.visible_to(self.actor).locked(self.assessment).version


class OwnDraftVerb(DraftVerb):
    """An act on a draft that the actor's service writes; to others its words are closed until it is signed."""

    def find(self) -> None:
        super().find()
        if not self.actor.works_at(self.assessment.lead_service_id):
            raise NotYours(rules.words_closed(self.assessment))


class SaveSection(OwnDraftVerb):
    """Save the words of one section. Needs the section's own version, here or in If-Match."""

    rights = (Right.WRITE_ASSESSMENT,)
    serializer_class = SectionIn

    def find(self) -> None:
        super().find()
        if self.kwargs["kind"] not in SectionKind.values:
            raise Http404

    def version_held(self) -> int | None:
        """The action asks for the section's version itself, and lets the same save pass twice."""
        return None

    def act(self, given: Given) -> str:
        texts = {name: given["texts"][name] for name in Restriction.values if name in given["texts"]}
        actions.save_section(
            self.assessment,
            self.kwargs["kind"],
            texts=texts,
            version=needed_version(given),
            finished=given["finished"],
            by=self.actor,
        )
        return draft_address(self.assessment)


class SaveRecommendation(OwnDraftVerb):
    """Save the recommended tier and why. Needs the recommendation's own version: 0 where there is none."""

    rights = (Right.WRITE_ASSESSMENT,)
    serializer_class = RecommendationIn

    def version_held(self) -> int | None:
        """The action asks for it itself."""
        return None

    def act(self, given: Given) -> str:
        given = {**given, "version": needed_version(given)}
        actions.save_recommendation(self.assessment, by=self.actor, **given)
        return draft_address(self.assessment)


class AddRating(OwnDraftVerb):
    """Note that an instrument was used. Never its items. Gives its id."""

    rights = (Right.WRITE_ASSESSMENT,)
    serializer_class = RatingIn

    def act(self, given: Given) -> str:
        rating = actions.add_rating(self.assessment, by=self.actor, **given)
        return draft_address(self.assessment, rating)


class RemoveRating(OwnDraftVerb):
    """Take an instrument off a draft again."""

    rights = (Right.WRITE_ASSESSMENT,)
    serializer_class = Nothing
    rating: Rating

    def find(self) -> None:
        super().find()
        self.rating = get_object_or_404(self.assessment.ratings, public_id=self.kwargs["rating_id"])

    def act(self, given: Given) -> str:
        actions.remove_rating(self.rating, by=self.actor)
        return draft_address(self.assessment)


class Sign(OwnDraftVerb):
    """Sign the draft for one's service. The answer's location is the signed version."""

    rights = (Right.SIGN_ASSESSMENT,)
    serializer_class = Nothing

    def act(self, given: Given) -> str:
        return signed_address(actions.sign_assessment(self.assessment, by=self.actor))


class TakeOver(DraftVerb):
    """Go on with another service's draft that is past its due date."""

    rights = (Right.WRITE_ASSESSMENT,)
    serializer_class = TakeOverDraftIn

    def act(self, given: Given) -> str:
        actions.take_over(self.assessment, by=self.actor, **given)
        return draft_address(self.assessment)


class GiveUp(OwnDraftVerb):
    """Give a draft up, so that another service may start."""

    rights = (Right.WRITE_ASSESSMENT,)
    serializer_class = ReasonIn

    def act(self, given: Given) -> str:
        actions.abandon(self.assessment, why=given["why"], by=self.actor)
        return draft_address(self.assessment)


class SignedVerb(Verb):
    """An act on a signed version, which itself never changes."""

    signed: SignedAssessment

    def find(self) -> None:
        self.signed = found_signed(self.request, self.kwargs["public_id"])


class Accept(SignedVerb):
    """Say what one's service makes of the assessment. Gives the id that its decision names."""

    rights = (Right.ACCEPT_ASSESSMENT,)
    serializer_class = AcceptIn

    def act(self, given: Given) -> str:
        return signed_address(self.signed, actions.accept_assessment(self.signed, by=self.actor, **given))


class AnswerQuestion(SignedVerb):
    """Answer the question that another service put with its acceptance. Gives the id of the answer."""

    rights = (Right.WRITE_ASSESSMENT,)
    serializer_class = ReplyIn

    def act(self, given: Given) -> str:
        asked = self.signed.acceptances.select_related("signed__service")
        acceptance = get_object_or_404(
            asked, public_id=self.kwargs["acceptance_id"], answer=AcceptanceAnswer.QUESTION
        )
        reply = actions.answer_question(acceptance, words=given["words"], by=self.actor)
        return signed_address(self.signed, reply)


class Confirm(SignedVerb):
    """Confirm that a section still holds."""

    rights = (Right.ACCEPT_ASSESSMENT,)
    serializer_class = ConfirmIn

    def act(self, given: Given) -> str:
        if self.kwargs["kind"] not in SectionKind.values:
            raise Http404
        actions.confirm_section(self.signed, self.kwargs["kind"], service=given["service"], by=self.actor)
        return signed_address(self.signed)


class Correct(SignedVerb):
    """Open a draft that corrects a signed version. The answer's location is the draft."""

    rights = (Right.WRITE_ASSESSMENT,)
    serializer_class = ReasonIn

    def act(self, given: Given) -> str:
        return draft_address(actions.correct(self.signed, why=given["why"], by=self.actor))


class EndCurrency(SignedVerb):
    """Say that a material change ends the currency of a version."""

    rights = (Right.WRITE_ASSESSMENT,)
    serializer_class = ReasonIn

    def act(self, given: Given) -> str:
        actions.end_currency(self.signed, why=given["why"], by=self.actor)
        return signed_address(self.signed)


def draft_address(draft: Assessment, made: Any = None) -> str:
    """Where a draft is read, and the id of what was made there: itself unless something in it."""
    return f"{reverse('api:draft', args=[draft.public_id])}#{(made or draft).public_id}"


def signed_address(signed: SignedAssessment, made: Any = None) -> str:
    """Where a signed version is read, and what was made of it."""
    return f"{reverse('api:assessment', args=[signed.public_id])}#{(made or signed).public_id}"
