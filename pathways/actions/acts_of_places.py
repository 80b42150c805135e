"""What a move out of a hospital is in law, where somebody simply says where a person is: marked, and never refused."""

from typing import Any

from organisations.models import Service
from pathways import rules
from pathways.actions import authorities
from pathways.codes import Act, LegalForm
from pathways.days import london_date, noon
from pathways.models import LegalStatus, MissingAuthority, Patient, Placement
from pathways.rules.lines import Line, Stay

KIND = "placement"
# A discharge gives one of these, and is marked with it.
GIVEN = (LegalForm.CONDITIONAL_DISCHARGE, LegalForm.COMMUNITY_TREATMENT)


def note_act(patient: Patient, before: Line, stay: Stay, placement: Placement, *, by: Any) -> None:
    """Mark a move that needed somebody's agreement which is not on record, inside an action.

    `before`: the line without it. Moves of a referral are marked there. A discharge that gives another legal status is
    marked with that status.
    """
    had = rules.last_in_care(before, stay.since)
    hospitals = Service.objects.hospitals()
    hospital = hospitals.filter(pk__in=[had.service_id]).first() if had and had.service_id else None
    act = rules.act_of_place(hospital, placement.service, placement.elsewhere)
    on = london_date(stay.since)
    given = LegalStatus.objects.current().filter(patient=patient, during__contains=on, form__in=GIVEN)
    if act is None or (act == Act.DISCHARGE and given.exists()):
        return
    authorities.note_unauthorised(
        patient,
        act,
        on=on,
        about=(KIND, placement.pk),
        hospital=placement.service if act == Act.TRANSFER else None,
        by=by,
    )


def take_back_act(placement: Placement, *, by: Any) -> None:
    """The move was not so: there is nothing to settle about it."""
    authorities.take_back_missing(placement.patient, about=(KIND, placement.pk), by=by)


def note_corrected(old: Placement, before: Line, stay: Stay, placement: Placement, *, by: Any) -> None:
    """A move that was put right is marked as it is known now. What a referral marked stays marked there."""
    marked = MissingAuthority.objects.filter(patient=old.patient)
    elsewhere = marked.filter(on=london_date(old.during.lower)).exclude(about_kind=KIND)
    take_back_act(old, by=by)
    if not elsewhere.exists():
        note_act(old.patient, before, stay, placement, by=by)


def discharged_by_status(status: LegalStatus, *, by: Any) -> None:
    """A discharge marked when the place was said is the one that gave this status, which is marked by itself."""
    noted = MissingAuthority.objects.open().filter(
        patient=status.patient, about_kind=KIND, act=Act.DISCHARGE, on=status.during.lower
    )
    for missing in noted:
        authorities.take_back_missing(status.patient, about=(KIND, missing.about_id), by=by)


def note_set_free(before: LegalStatus, status: LegalStatus, *, by: Any) -> None:
    """Nothing holds somebody any more but custody where they are in it: a discharge, unless that is marked already."""
    patient, on = status.patient, status.during.lower
    there = Placement.objects.current().filter(patient=patient, during__contains=noon(on))
    in_custody = there.filter(service__kind__in=["prison", "removal_centre", "court"]).exists()
    marked = MissingAuthority.objects.filter(patient=patient, act=Act.DISCHARGE, on=on).exists()
    if not in_custody and not marked:
        about = ("legal_status", status.pk)
        authorities.note_under(before, patient, Act.DISCHARGE, on=on, about=about, by=by)
