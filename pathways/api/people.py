"""Who a person is, for machines: traced, registered once, put right, and what warns of them."""

from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.readlog import Action
from accounts.rights import Right
from core.api import Input, VersionedInput, needed_version
from core.problems import NOT_COMING_IN, WRONG_SHAPE, problem
from organisations.api import PublicIdField, Verb, actor_of
from organisations.models import Commissioner, Service
from pathways import days, registering, tracing
from pathways.actions import key_dates, lines, patients
from pathways.api.inputs import LINE, SeenIn
from pathways.api.law import Given, LawReasonIn, PatientVerb
from pathways.codes import Ethnicity, NoNhsNumber, StatedGender
from pathways.models import KeyDate, RiskAlert
from pathways.rules.people import check_new

NUMBERS = ("nhs_number", "prison_number")
NAME = ("given_name", "family_name", "born_on")


def text(length: int, **known: Any) -> serializers.CharField:
    return serializers.CharField(max_length=length, **known)


def may_be_left(length: int, **known: Any) -> serializers.CharField:
    return text(length, required=False, allow_blank=True, default="", **known)


class TraceIn(Input):
    """One of the numbers, or the full name with the date of birth; and why."""

    nhs_number = may_be_left(20)
    prison_number = may_be_left(12)
    given_name = may_be_left(80)
    family_name = may_be_left(80)
    born_on = serializers.DateField(required=False, allow_null=True, default=None)
    reason = text(LINE, help_text="Kept with whoever asks.")


class CardOut(serializers.Serializer):
    """As little as tells one person from another."""

    id = serializers.UUIDField(source="public_id")
    name = serializers.CharField()
    born_in = serializers.IntegerField()
    transfer = serializers.CharField(
        source="more.transfer", default=None, help_text="The reference of an open transfer."
    )
    transfer_prison = serializers.CharField(source="more.transfer_prison", default=None)
    assessment = serializers.CharField(
        source="more.assessment", default=None, help_text="The service whose assessment is current."
    )


def trace_of(request: Request, given: Given) -> list[tracing.Card]:
    """Trace by what was sent; everybody whom it met is in the read log with the reason."""
    answer = tracing.trace(**given, actor=actor_of(request))
    note(request, answer, given["reason"])
    return answer.cards


def note(request: Request, answer: tracing.Answer, reason: str) -> None:
    """Write everybody whom a trace met into the read log."""
    request._request.reads.saw(answer.met, Action.TRACE, reason=reason)  # type: ignore[attr-defined]


class Trace(generics.GenericAPIView):
    """Look outside one's own people by full identifiers. Counted, and logged with the reason, as on the pages."""

    http_method_names = ("post",)
    rights: ClassVar = (Right.TRACE_PATIENT,)
    serializer_class = TraceIn
    pagination_class = None

    @extend_schema(
        responses={
            200: CardOut(many=True),
            **WRONG_SHAPE,
            **NOT_COMING_IN,
            409: problem("Too little to trace by, or too often."),
        }
    )
    def post(self, request: Request) -> Response:
        asked = self.get_serializer(data=request.data)
        asked.is_valid(raise_exception=True)
        return Response(CardOut(trace_of(request, asked.validated_data), many=True).data)


class IdentityIn(Input):
    """What is written about who somebody is."""

    given_name = text(80)
    family_name = text(80)
    born_on = serializers.DateField()
    stated_gender = serializers.ChoiceField(choices=StatedGender.choices)
    nhs_number = may_be_left(20)
    no_nhs_number = serializers.ChoiceField(
        choices=NoNhsNumber.choices,
        required=False,
        allow_blank=True,
        default="",
        help_text="Why there is none.",
    )
    prison_number = may_be_left(12)
    pnc_id = may_be_left(13)
    ethnicity = serializers.ChoiceField(
        choices=Ethnicity.choices, required=False, default=Ethnicity.NOT_KNOWN
    )
    interpreter_language = may_be_left(40)
    home_area = PublicIdField(
        among=lambda actor: Commissioner.objects.visible_to(actor),
        required=False,
        allow_null=True,
        default=None,
    )


class RegisterIn(SeenIn, IdentityIn):
    at_service = PublicIdField(
        among=lambda actor: Service.objects.visible_to(actor).prisons().worked_at_by(actor),
        help_text="The prison where the person is.",
    )
    came_on = serializers.DateField(
        required=False, allow_null=True, default=None, help_text="Left out: today."
    )
    reason = text(
        LINE, help_text="Why you register them. Kept with whoever asks, since numbers and name are traced."
    )


class Register(Verb):
    """Begin the record of somebody whom a trace does not find. The answer's location is the person.

    Numbers are traced first; whoever holds one is that person. Then the name with the date of birth: who has them
    is told (409, `conflicts`), and sending `checked` back says that it is none of them.
    """

    rights: ClassVar = (Right.REQUEST_TRANSFER, Right.REGISTER_PATIENT)
    serializer_class = RegisterIn

    def look_first(self, given: Given) -> None:
        reason = given["reason"]
        if any(given[name] for name in NUMBERS):
            numbers = {name: given[name] for name in NUMBERS}
            check_new(self._look(registering.holders, numbers, reason))
        name = {key: given[key] for key in NAME}
        found = self._look(registering.alike, name, reason)
        lines.check_seen([told(card) for card in found], given["checked"])

    def _look(self, look: Any, who: Given, reason: str) -> list[tracing.Card]:
        answer = look(**who, reason=reason, actor=self.actor)
        note(self.request, answer, reason)
        return list(answer.cards)

    def act(self, given: Given) -> str:
        since, time_known = days.since(given.pop("came_on") or self.actor.today, now=self.actor.at)
        del given["reason"], given["checked"]
        patient = patients.register_patient(
            **with_numbers(given), since=since, time_known=time_known, by=self.actor
        )
        return f"{reverse('api:patient', args=[patient.public_id])}#{patient.public_id}"


def told(card: tracing.Card) -> str:
    """What a card tells, in a sentence."""
    sentence = f"{card.name}, born in {card.born_in}, is recorded already."
    if "transfer" not in card.more:
        return sentence
    return f"{sentence} Open transfer {card.more['transfer']}, asked for by {card.more['transfer_prison']}."


def with_numbers(given: Given) -> Given:
    """The same, with None for a number that was not given."""
    return {**given, **{name: given[name] or None for name in NUMBERS if name in given}}


class CorrectDetailsIn(VersionedInput, IdentityIn):
    """Only what is sent is put right."""

    why = text(LINE)

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        for name in IdentityIn._declared_fields:
            fields[name].required, fields[name].default = False, serializers.empty
        return fields


class CorrectDetails(PatientVerb):
    """Put right what is written about a person. Needs the version. Numbers that are new to them are traced first."""

    rights: ClassVar = (Right.OPEN_PATIENT, Right.REGISTER_PATIENT)
    serializer_class = CorrectDetailsIn

    def version_held(self) -> int | None:
        """The action asks for it itself."""
        return None

    def changes(self, given: Given) -> Given:
        """Only what differs from what is written."""
        sent = {name: given[name] for name in IdentityIn._declared_fields if name in given}
        if sent.get("nhs_number"):
            sent.setdefault("no_nhs_number", "")
        elif sent.get("no_nhs_number"):
            sent.setdefault("nhs_number", "")
        return {
            name: value for name, value in with_numbers(sent).items() if getattr(self.patient, name) != value
        }

    def look_first(self, given: Given) -> None:
        changes = self.changes(given)
        if not changes:
            raise exceptions.ValidationError(
                {"non_field_errors": ["Nothing is different from what is written."]}
            )
        if numbers := {name: changes[name] for name in NUMBERS if changes.get(name)}:
            note(
                self.request,
                registering.holders(**numbers, reason=given["why"], actor=self.actor),
                given["why"],
            )

    def act(self, given: Given) -> str:
        patients.correct_patient(
            self.patient,
            version=needed_version(given),
            changes=self.changes(given),
            why=given["why"],
            by=self.actor,
        )
        return reverse("api:patient", args=[self.patient.public_id])


class KeyDateIn(Input):
    kind = serializers.ChoiceField(choices=KeyDate.Kind.choices)
    on = serializers.DateField()


class AddKeyDate(PatientVerb):
    """Add a date in a court or sentence; it takes the place of one of its kind that is still to come. Gives its id."""

    rights: ClassVar = (Right.OPEN_PATIENT, Right.RECORD_STEP)
    serializer_class = KeyDateIn

    def act(self, given: Given) -> str:
        return self.here(key_dates.record_key_date(self.patient, by=self.actor, **given))


class WarningIn(Input):
    words = text(LINE)


class AddWarning(PatientVerb):
    """Warn everyone who handles the person. Gives the id of the warning."""

    rights: ClassVar = (Right.OPEN_PATIENT, Right.RECORD_STEP)
    serializer_class = WarningIn

    def act(self, given: Given) -> str:
        alert = patients.add_risk_alert(self.patient, words=given["words"], by=self.actor)
        return f"{reverse('api:patient', args=[self.patient.public_id])}#{alert.public_id}"


class WithdrawWarning(PatientVerb):
    """Stop showing a warning that no longer holds."""

    rights: ClassVar = (Right.OPEN_PATIENT, Right.RECORD_STEP)
    serializer_class = LawReasonIn
    alert: RiskAlert

    def find(self) -> None:
        super().find()
        self.alert = get_object_or_404(self.patient.risk_alerts.current(), public_id=self.kwargs["alert_id"])

    def act(self, given: Given) -> str:
        patients.withdraw_risk_alert(self.alert, why=given["why"], by=self.actor)
        return reverse("api:patient", args=[self.patient.public_id])
