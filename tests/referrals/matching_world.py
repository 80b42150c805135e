"""A bed looked for, as tests do it."""

import csv
import io
from datetime import timedelta

from organisations.actions import designate_ward
from pathways.actions import apart, patients, placements, ward_beds
from tests.referrals.sending import address
from tests.world import NOW, a_patient, actor_of, client_of

DAY = timedelta(days=1)


def page(user, referral, **given):
    return client_of(user).get(address(referral, "find-a-bed"), given)


def rows(user, referral, **given):
    """The wards as a file, by service and ward, in order."""
    response = page(user, referral, format="csv", **given)
    assert response.status_code == 200
    lines = csv.DictReader(io.StringIO(response.getvalue().decode("utf-8-sig")))
    return {f"{row['Service']}, {row['Ward']}": row for row in lines}


def inpatient(england, **known):
    patient = a_patient(england, **known)
    placements.place(
        patient, service=england.ashdown, ward=england.ward, at=NOW - 30 * DAY, by=actor_of(england.maya)
    )
    return patient


def in_bed(england, bed, *, leaves=None, patient=None):
    return ward_beds.take_bed(
        bed,
        patient=patient or inpatient(england),
        at=NOW - 5 * DAY,
        expected_end_at=NOW + leaves * DAY if leaves is not None else None,
        by=actor_of(england.maya),
    )


def keeps_apart(england, referral):
    other = inpatient(england, family_name="Otherperson")
    in_bed(england, england.bed, patient=other)
    apart.keep_apart(
        referral.patient, other, since=NOW.date(), reason="They fought.", by=actor_of(england.maya)
    )
    return other


def redesignated(england, *, tier="medium", gender="men", specialties=()):
    designate_ward(
        england.ward,
        tier=tier,
        gender=gender,
        specialties=specialties,
        since=NOW.date(),
        why="Agreed.",
        by=actor_of(england.adam),
    )


def becomes_for_autism(england, referral):
    patients.add_diagnosis(
        referral.patient, icd10="F20.0", diagnosed_on=NOW.date(), by=actor_of(england.maya)
    )
    redesignated(england, specialties=["autism"])
