"""Who may open a person, from when and until when."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import DateTimeRangeField
from django.db.models import DateTimeField, ExpressionWrapper, F, Func, Q, QuerySet, Value
from django.db.models.functions import Greatest
from psycopg2.extras import DateTimeTZRange

from accounts.models import User
from core.actions import action
from organisations.models import Commissioner, Service
from pathways.line import About
from pathways.models import Patient, Placement, Relationship


@action
def open_relationship(
    patient: Patient,
    *,
    service: Service | None = None,
    user: User | None = None,
    commissioner: Commissioner | None = None,
    basis: str,
    about: About | None = None,
    since: datetime,
    why: str = "",
    by: Any,
) -> Relationship:
    """Let a service, a user or a commissioner open the person. Does nothing while the same relationship is open."""
    Patient.objects.locked(patient.pk)
    kind, about_id = about or ("", None)
    holder = {"service": service, "user": user, "commissioner": commissioner}
    same = {"patient": patient, "basis": basis, "about_kind": kind, "about_id": about_id, **holder}
    already = Relationship.objects.filter(**same, during__upper_inf=True).first()
    return already or Relationship.objects.create(**same, during=DateTimeTZRange(since, None), why=why)


@action
def end_relationships(*, about: About, at: datetime, service: Service | None = None, by: Any) -> int:
    """End what one thing opened, for one service or for all; it can still be used for the grace (in days) after.

    Answers how many ended.
    """
    grace_ends = at + timedelta(days=settings.RELATIONSHIP_GRACE_DAYS)
    still_open = Relationship.objects.about(*about).filter(during__upper_inf=True)
    if service is not None:
        still_open = still_open.filter(service=service)
    return still_open.update(during=_until(grace_ends))


@action
def end_at_once(held: QuerySet[Relationship], *, by: Any) -> int:
    """End relationships now, without grace, where somebody must not know any more. Answers how many ended."""
    return held.update(during=_until(by.at, least=timedelta(microseconds=1)))


@action
def follow_placement(placement: Placement, *, instead_of: int | None = None, by: Any) -> None:
    """Let the service of a placement open the person while they are there and for the grace (in days) after.

    `instead_of`: the placement that this one corrects, whose relationship goes on as this one's.
    """
    ended = placement.during.upper
    grace_ends = ended + timedelta(days=settings.RELATIONSHIP_GRACE_DAYS) if ended else None
    known = {
        "about_id": placement.pk,
        "during": DateTimeTZRange(placement.during.lower, grace_ends),
    }
    already = Relationship.objects.about("placement", instead_of or 0).filter(service=placement.service)
    if placement.service is None or already.update(**known):
        return
    Relationship.objects.create(
        patient=placement.patient,
        service=placement.service,
        basis=Relationship.Basis.PLACEMENT,
        about_kind="placement",
        **known,
    )


@action
def withdraw_relationships(*, about: About, by: Any) -> None:
    """What was recorded in error opens nobody any more, without the grace of a departure."""
    goes_on = Q(during__upper_inf=True) | Q(during__endswith__gt=by.at)
    end_at_once(Relationship.objects.about(*about).filter(goes_on), by=by)


def _until(instant: datetime, *, least: timedelta = timedelta(seconds=1)) -> Func:
    """The same period up to an instant, never before its own beginning, even where that is put right to long ago."""
    began = Func(F("during"), function="lower", output_field=DateTimeField())
    a_moment_on = ExpressionWrapper(began + Value(least), output_field=DateTimeField())
    ends = Greatest(Value(instant, output_field=DateTimeField()), a_moment_on)
    return Func(began, ends, function="tstzrange", output_field=DateTimeRangeField())
