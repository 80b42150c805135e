"""Restricted access: only named staff know who somebody is. Their bed and their wait are counted all the same."""

from collections.abc import Collection
from typing import Any

from accounts.models import User
from accounts.rights import Right
from core.actions import action
from core.notifications import Message, notify
from organisations.models import Membership
from pathways import line
from pathways.actions import relationships
from pathways.models import Patient, Relationship
from pathways.rules import restriction as rules

NAMED = Relationship.Basis.NAMED


@action
def restrict_access(patient: Patient, *, reason: str, named_staff: Collection[User], by: Any) -> Patient:
    """From now on only the named staff know who this is; everybody else sees that somebody is there."""
    (patient,) = Patient.objects.locked(patient.pk)
    rules.check_restrict(patient.has_restricted_access, reason)
    _check_able(named_staff, by)
    _mark(patient, True)
    line.record("pathways.access_restricted", patient=patient, details={"reason": reason}, by=by)
    for user in named_staff:
        _name(patient, user, by=by)
    return patient


@action
def lift_restriction(patient: Patient, *, reason: str, by: Any) -> Patient:
    """Everybody with a relationship sees again who this is. Those who were named lose what they had by it."""
    (patient,) = Patient.objects.locked(patient.pk)
    rules.check_restricted(patient.has_restricted_access)
    rules.check_lift(reason)
    relationships.end_at_once(_named(patient, by), by=by)
    _mark(patient, False)
    line.record("pathways.restriction_lifted", patient=patient, details={"reason": reason}, by=by)
    return patient


@action
def name_staff(patient: Patient, *, user: User, by: Any) -> Patient:
    """One more person may know who this is."""
    (patient,) = Patient.objects.locked(patient.pk)
    rules.check_restricted(patient.has_restricted_access)
    rules.check_not_oneself(user.pk, by=by)
    _check_able([user], by)
    rules.check_not_named(_named(patient, by).filter(user=user).exists())
    _name(patient, user, by=by)
    return patient


@action
def remove_named_staff(patient: Patient, *, user: User, by: Any) -> Patient:
    """Somebody named may not know any more, from this moment and without grace. The last one stays."""
    (patient,) = Patient.objects.locked(patient.pk)
    rules.check_restricted(patient.has_restricted_access)
    named = _named(patient, by)
    theirs = named.filter(user=user)
    rules.check_removal(is_named=theirs.exists(), others=named.exclude(user=user).count())
    relationships.end_at_once(theirs, by=by)
    line.record("pathways.named_staff_removed", patient=patient, details={"user": user.pk}, by=by)
    return patient


def _check_able(users: Collection[User], by: Any) -> None:
    openers = Membership.objects.at(by.at).carrying(Right.OPEN_PATIENT).filter(user__in=users)
    rules.check_named_staff(
        len({user.pk for user in users}), len(set(openers.values_list("user", flat=True)))
    )


def _mark(patient: Patient, restricted: bool) -> None:
    patient.has_restricted_access = restricted
    patient.version += 1
    patient.save(update_fields=["has_restricted_access", "version"])


def _named(patient: Patient, by: Any) -> Any:
    return Relationship.objects.naming(by.at).filter(patient=patient)


def _name(patient: Patient, user: User, *, by: Any) -> None:
    relationships.open_relationship(patient, user=user, basis=NAMED, since=by.at, by=by)
    event = line.record("pathways.staff_named", patient=patient, details={"user": user.pk}, by=by)
    if by.user is not None and user.pk == by.user.pk:
        return
    notify(
        [
            Message(
                key=f"named:{event.pk}",
                kind="pathways.staff_named",
                user_id=user.pk,
                mailbox=user.email,
                subject="You are named for a person with restricted access",
                body="You may open the record, and are asked about it: flags to acknowledge come to your Home page.",
                path=f"/patients/{patient.public_id}/",
                about_kind="patient",
                about_id=patient.pk,
                made_at=by.at,
            )
        ]
    )
