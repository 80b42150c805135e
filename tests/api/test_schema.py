"""The description of the API is whole, and its page runs nothing that our security policy forbids."""

import io

import pytest
from django.core.management import CommandError, call_command
from rest_framework import serializers

from assessments.api import reading as assessments_shown
from config.api_urls import urlpatterns
from core.api import Shown
from core.classed import class_of
from organisations.models import ApiKey, Membership
from referrals.api import shown as transfers_shown
from tests.api.asking import read, stranger
from tests.world import client_of

# Columns of no table: counted, looked up, or what another row holds. None of them is about who somebody is.
WORKED_OUT = {
    "TransferRowOut": {"person", "pseudonym", "due_on", "days_waited"},
    "TransferOut": "clocks steps services reports warrants legal_bases delays reviews contacts prison_moves".split(),
    "ReferralRowOut": {"person", "pseudonym", "days_waited"},
    "ReferralOut": {"clocks", "steps", "services", "contacts"},
    "ApproachOut": {"decision", "bed_date", "place"},
    "DelayOut": {"last_day"},
    "SignedRowOut": {"is_current"},
    "AcceptanceOut": {"replies"},
    "SignedOut": {"is_intact", "readable", "acceptances"},
    "DraftOut": {"sections", "recommendation", "ratings"},
    "PatientOut": {"place"},
    "OnePatientOut": {"warnings"},
}

# The description and its page describe everything but themselves.
OWN = ("schema/", "docs/")


def test_the_schema_validates_without_a_warning():
    out = io.StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=out)
    assert "/api/transfers/{public_id}/services/{approach_id}/decide/" in out.getvalue()
    assert "name: is_late" in out.getvalue()


def kinds(base=Shown):
    for kind in base.__subclasses__():
        yield kind
        yield from kinds(kind)


def test_every_column_shown_has_a_class_or_is_said_to_be_worked_out():
    assert {transfers_shown.TransferOut, assessments_shown.SignedOut} <= set(kinds())
    unclassed = []
    for kind in kinds():
        if not kind.row:
            continue
        known = {name for base in kind.__mro__ for name in WORKED_OUT.get(base.__name__, ())}
        for name, field in kind._declared_fields.items():
            column = (field.source or name).split(".")[0]
            if name not in known and class_of(kind.table, kind.row, column) is None:
                unclassed.append(f"{kind.__name__}.{name}")
    assert unclassed == []


def test_no_serializer_takes_its_fields_from_a_model():
    assert [
        kind
        for kind in kinds(serializers.Serializer)
        if issubclass(kind, serializers.ModelSerializer)
        and kind.__module__.split(".")[0] in {"pathways", "referrals", "assessments", "organisations"}
    ] == []


@pytest.mark.django_db
def test_the_page_of_the_api_lists_every_address_and_runs_no_script_of_its_own(england):
    response = client_of(england.lena).get("/api/")
    page = response.content.decode()
    assert response.status_code == 200
    assert page.count("<code>POST /<wbr>") + page.count("<code>GET /<wbr>") == len(urlpatterns) - len(OWN)
    assert "<script>" not in page
    assert " style=" not in page
    assert stranger().get("/api/").status_code == 302


@pytest.mark.django_db
def test_the_document_is_for_those_who_may_come_in(england):
    assert read(england.lena, "schema/").status_code == 200
    assert stranger().get("/api/schema/").status_code == 401


@pytest.mark.django_db
def test_a_key_is_made_for_a_membership_and_kept_only_as_its_hash(england):
    membership = Membership.objects.get(user=england.maya)
    out = io.StringIO()
    call_command("make_api_key", membership=str(membership.public_id), name="Bed board", stdout=out)
    key = out.getvalue().strip()
    assert key not in str(ApiKey.objects.values().get())
    response = stranger().get("/api/transfers/", headers={"Authorization": f"Token {key}"})
    assert response.status_code == 200


@pytest.mark.django_db
def test_no_key_for_a_membership_that_is_not_there(england):
    with pytest.raises(CommandError):
        call_command("make_api_key", membership="6b1f0a46-9d4c-4b53-8f0c-0d9d8a6f6a11", name="X")
