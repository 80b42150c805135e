"""The law that one person is held under, for machines: read, and recorded by the pages' own actions."""

from collections.abc import Iterable
from typing import Any, ClassVar
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rights import Right
from core.api import Input, Shown
from core.problems import TO_READ
from organisations.api import NamedOut, PublicIdField, Verb, actor_of
from organisations.models import Service
from pathways.actions import authorities, key_dates, legal
from pathways.actions.patients import add_diagnosis, withdraw_diagnosis
from pathways.api.finding import found_patient
from pathways.api.inputs import SeenIn
from pathways.api.reading import sees_of
from pathways.codes import Act, AuthorityKind, LegalForm, Limb, MhsdsLegalStatus
from pathways.fields import FIELDS
from pathways.models import KeyDate, Patient

Given = dict[str, Any]
LINE, WORDS = 200, 2000


class LegalStatusOut(Shown):
    """By what right somebody was held; `until` is the first day on which they no longer were."""

    row = "LegalStatus"
    table: ClassVar = FIELDS
    id = serializers.UUIDField(source="public_id")
    code = serializers.ChoiceField(choices=MhsdsLegalStatus.choices)
    limb = serializers.ChoiceField(choices=Limb.choices, allow_blank=True)
    form = serializers.ChoiceField(choices=LegalForm.choices, allow_blank=True)
    since = serializers.DateField(source="during.lower")
    until = serializers.DateField(source="during.upper", allow_null=True)
    authorised_until = serializers.DateField(allow_null=True)
    renewals = serializers.IntegerField()
    reported_on = serializers.DateField(allow_null=True)
    began_at = serializers.DateTimeField(allow_null=True, help_text="From when hours are counted, if known.")
    lapses_at = serializers.DateTimeField(allow_null=True, help_text="When the hours in law are over.")


class AuthorityOut(Shown):
    """What allows something planned; `until` is the first day on which it no longer does."""

    row = "Authority"
    table: ClassVar = FIELDS
    id = serializers.UUIDField(source="public_id")
    kind = serializers.ChoiceField(choices=AuthorityKind.choices)
    scope = serializers.ListField(child=serializers.ChoiceField(choices=Act.choices))
    since = serializers.DateField(source="during.lower")
    until = serializers.DateField(source="during.upper", allow_null=True)
    hospital = NamedOut(allow_null=True)
    conditions = serializers.CharField(allow_null=True)
    reference = serializers.CharField()


class MissingAuthorityOut(Shown):
    """What was done without an authority on record."""

    row = "MissingAuthority"
    table: ClassVar = FIELDS
    id = serializers.UUIDField(source="public_id")
    act = serializers.ChoiceField(choices=Act.choices)
    on = serializers.DateField()
    noticed_at = serializers.DateTimeField()
    settled_at = serializers.DateTimeField(allow_null=True)
    why = serializers.CharField(allow_null=True)


class KeyDateOut(Shown):
    """A date in a court or sentence."""

    row = "KeyDate"
    table: ClassVar = FIELDS
    id = serializers.UUIDField(source="public_id", help_text="Another one once it has been corrected.")
    kind = serializers.ChoiceField(choices=KeyDate.Kind.choices)
    on = serializers.DateField()


class LawOut(serializers.Serializer):
    """Everything of the law about one person."""

    legal_statuses = LegalStatusOut(many=True)
    authorities = AuthorityOut(many=True)
    missing_authorities = MissingAuthorityOut(many=True)
    key_dates = KeyDateOut(many=True)


class OnePatientsLaw(generics.GenericAPIView):
    """Legal statuses, authorities, what lacked one, and dates in a court or sentence."""

    rights = (Right.OPEN_PATIENT,)
    serializer_class = LawOut

    @extend_schema(responses={200: LawOut, **TO_READ})
    def get(self, request: Request, public_id: UUID) -> Response:
        patient = found_patient(request, public_id)
        row = {
            "legal_statuses": patient.legal_statuses.current().order_by("-during"),
            "authorities": patient.authorities.current()
            .select_related("hospital")
            .order_by("-during", "-pk"),
            "missing_authorities": patient.missing_authorities.order_by("-on", "-pk"),
            "key_dates": patient.key_dates.current().order_by("-on", "-pk"),
        }
        context = self.get_serializer_context() | {"sees": sees_of(actor_of(request))}
        return Response(LawOut(row, context=context).data)


def line(**known: Any) -> serializers.CharField:
    return serializers.CharField(max_length=known.pop("max_length", LINE), **known)


def any_day() -> serializers.DateField:
    return serializers.DateField(required=False, allow_null=True, default=None)


class StatusIn(Input):
    code = serializers.ChoiceField(choices=MhsdsLegalStatus.choices)
    limb = serializers.ChoiceField(choices=Limb.choices, required=False, allow_blank=True, default="")
    form = serializers.ChoiceField(choices=LegalForm.choices, required=False, allow_blank=True, default="")
    since = serializers.DateField()
    began_at = serializers.DateTimeField(
        required=False, default=None, allow_null=True, help_text="Only of what the law counts in hours."
    )
    last_day = any_day()
    authorised_until = any_day()


class RecordStatusIn(SeenIn, StatusIn):
    """Without a `last_day` it lasts until the next one on record begins, or goes on."""


class CorrectStatusIn(StatusIn):
    why = line()


class LastDayIn(Input):
    last_day = serializers.DateField()


class RenewIn(Input):
    renewals = serializers.IntegerField(
        min_value=0,
        help_text="How many renewals the status had as it was read. Another number is answered 412.",
    )
    last_day = any_day()


class ReportedIn(Input):
    on = serializers.DateField()


def hospitals(actor: Any) -> Any:
    return Service.objects.visible_to(actor).open().hospitals()


class AuthorityIn(Input):
    kind = serializers.ChoiceField(choices=AuthorityKind.choices)
    scope = serializers.ListField(child=serializers.ChoiceField(choices=Act.choices))
    since = serializers.DateField()
    last_day = any_day()
    hospital = PublicIdField(among=hospitals, required=False, allow_null=True, default=None)
    conditions = serializers.CharField(max_length=WORDS, required=False, allow_blank=True, default="")
    reference = line(max_length=60, required=False, allow_blank=True, default="")


class CorrectAuthorityIn(AuthorityIn):
    why = line()


class EndAuthorityIn(LastDayIn):
    why = line()


class DiagnosisIn(Input):
    icd10 = line(max_length=6)
    diagnosed_on = serializers.DateField()


class WithdrawnDiagnosisIn(Input):
    icd10 = line(max_length=6)
    why = line()


class LawReasonIn(Input):
    why = line()


class CorrectKeyDateIn(LawReasonIn):
    on = serializers.DateField()


class PatientVerb(Verb):
    """An act about one person. Gives the id of what was made or changed."""

    patient: Patient

    def find(self) -> None:
        self.patient = found_patient(self.request, self.kwargs["public_id"])

    def one_of(self, rows: Any) -> Any:
        """The row of the person that the address names."""
        return get_object_or_404(rows, public_id=self.kwargs["row_id"])

    def here(self, made: Any) -> str:
        return f"{reverse('api:law', args=[self.patient.public_id])}#{made.public_id}"


class RecordStatus(PatientVerb):
    """Record under what somebody is, or was, held from a day on; the status before ends that day."""

    rights = (Right.OPEN_PATIENT, Right.RECORD_LEGAL_STATUS)
    serializer_class = RecordStatusIn

    def act(self, given: Given) -> str:
        return self.here(legal.record_legal_status(self.patient, by=self.actor, **given))


class StatusVerb(PatientVerb):
    """An act on one legal status."""

    rights = (Right.OPEN_PATIENT, Right.RECORD_LEGAL_STATUS)

    def find(self) -> None:
        super().find()
        self.status = self.one_of(self.patient.legal_statuses.current())


class CorrectStatus(StatusVerb):
    """Put a legal status right; those beside it move with its days."""

    serializer_class = CorrectStatusIn

    def act(self, given: Given) -> str:
        return self.here(legal.correct_legal_status(self.status, by=self.actor, **given))


class EndStatus(StatusVerb):
    """End a legal status that nothing follows."""

    serializer_class = LastDayIn

    def act(self, given: Given) -> str:
        return self.here(legal.end_legal_status(self.status, by=self.actor, **given))


class RenewStatus(StatusVerb):
    """Renew the authority to detain; without a day for as long as the law allows."""

    serializer_class = RenewIn

    def act(self, given: Given) -> str:
        return self.here(legal.renew_detention(self.status, by=self.actor, **given))


class ReportStatus(StatusVerb):
    """Record the yearly report on a restricted person."""

    serializer_class = ReportedIn

    def act(self, given: Given) -> str:
        return self.here(legal.record_yearly_report(self.status, by=self.actor, **given))


class RecordAuthority(PatientVerb):
    """Record an authority; what lacked it is settled by it."""

    rights = (Right.OPEN_PATIENT, Right.RECORD_AUTHORITY)
    serializer_class = AuthorityIn

    def act(self, given: Given) -> str:
        return self.here(authorities.record_authority(self.patient, by=self.actor, **given))


class AuthorityVerb(PatientVerb):
    """An act on one authority."""

    rights = (Right.OPEN_PATIENT, Right.RECORD_AUTHORITY)

    def find(self) -> None:
        super().find()
        self.authority = self.one_of(self.patient.authorities.current())


class CorrectAuthority(AuthorityVerb):
    """Put an authority right; what it no longer covers is without one again."""

    serializer_class = CorrectAuthorityIn

    def act(self, given: Given) -> str:
        return self.here(authorities.correct_authority(self.authority, by=self.actor, **given))


class EndAuthority(AuthorityVerb):
    """End an authority sooner."""

    serializer_class = EndAuthorityIn

    def act(self, given: Given) -> str:
        return self.here(authorities.end_authority(self.authority, by=self.actor, **given))


class SettleMissing(PatientVerb):
    """Say why something done without an authority on record needs none."""

    rights = (Right.OPEN_PATIENT, Right.RECORD_AUTHORITY)
    serializer_class = LawReasonIn

    def find(self) -> None:
        super().find()
        self.missing = self.one_of(self.patient.missing_authorities.all())

    def act(self, given: Given) -> str:
        return self.here(authorities.settle_missing_authority(self.missing, by=self.actor, **given))


class KeyDateVerb(PatientVerb):
    """An act on one date in a court or sentence. It is added on the transfer."""

    rights = (Right.OPEN_PATIENT, Right.RECORD_STEP)
    key_date: KeyDate

    def find(self) -> None:
        super().find()
        self.key_date = self.one_of(self.patient.key_dates.current())


class CorrectKeyDate(KeyDateVerb):
    """Put right when it is; a limit that follows from it is worked out again."""

    serializer_class = CorrectKeyDateIn

    def act(self, given: Given) -> str:
        return self.here(key_dates.correct_key_date(self.key_date, by=self.actor, **given))


class WithdrawKeyDate(KeyDateVerb):
    """There is no such date; a limit that follows from it ends."""

    serializer_class = LawReasonIn

    def act(self, given: Given) -> str:
        return self.here(key_dates.withdraw_key_date(self.key_date, by=self.actor, **given))


class Diagnose(PatientVerb):
    """Record a diagnosis by its ICD-10 code."""

    rights = (Right.OPEN_PATIENT, Right.WRITE_ASSESSMENT)
    serializer_class = DiagnosisIn

    def act(self, given: Given) -> str:
        add_diagnosis(self.patient, by=self.actor, **given)
        return reverse("api:patient", args=[self.patient.public_id])


class Undiagnose(PatientVerb):
    """Withdraw a diagnosis, named by its code: in what is sent, since no clinical word is ever in an address."""

    rights = (Right.OPEN_PATIENT, Right.WRITE_ASSESSMENT)
    serializer_class = WithdrawnDiagnosisIn

    def act(self, given: Given) -> str:
        found = get_object_or_404(self.patient.diagnoses.current(), icd10=given["icd10"])
        withdraw_diagnosis(found, why=given["why"], by=self.actor)
        return reverse("api:patient", args=[self.patient.public_id])


ONE = "patients/<uuid:public_id>/"
STATUS = f"{ONE}legal-status/<uuid:row_id>/"
AUTHORITY = f"{ONE}authorities/<uuid:row_id>/"
KEY_DATE = f"{ONE}key-dates/<uuid:row_id>/"

LAW: Iterable[URLPattern] = [
    path(f"{ONE}law/", OnePatientsLaw.as_view(), name="law"),
    path(f"{ONE}legal-status/", RecordStatus.as_view(), name="record_status"),
    path(f"{STATUS}correct/", CorrectStatus.as_view(), name="correct_status"),
    path(f"{STATUS}end/", EndStatus.as_view(), name="end_status"),
    path(f"{STATUS}renew/", RenewStatus.as_view(), name="renew_status"),
    path(f"{STATUS}report/", ReportStatus.as_view(), name="report_status"),
    path(f"{ONE}authorities/", RecordAuthority.as_view(), name="record_authority"),
    path(f"{AUTHORITY}correct/", CorrectAuthority.as_view(), name="correct_authority"),
    path(f"{AUTHORITY}end/", EndAuthority.as_view(), name="end_authority"),
    path(f"{ONE}missing-authorities/<uuid:row_id>/settle/", SettleMissing.as_view(), name="settle_missing"),
    path(f"{KEY_DATE}correct/", CorrectKeyDate.as_view(), name="correct_key_date"),
    path(f"{KEY_DATE}withdraw/", WithdrawKeyDate.as_view(), name="withdraw_key_date"),
    path(f"{ONE}diagnoses/", Diagnose.as_view(), name="diagnose"),
    path(f"{ONE}diagnoses/withdraw/", Undiagnose.as_view(), name="undiagnose"),
]
