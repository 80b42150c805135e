"""Temporary movements: who may record them, what they leave as it was, and how they are put right."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from psycopg2.extras import DateTimeTZRange

from core.refusals import Conflicting, Refused, Stale
from pathways.actions import authorities, leave, movements, patients, placements
from pathways.actions.movements import Outing
from pathways.codes import Act, MovementKind
from pathways.models import BedUse, Clock, Flag, Leave, MissingAuthority, Placement
from pathways.rules import movements as rules
from referrals.models import Approach, BedOffer, Referral, Step
from tests.pathways.leave_world import away, consent, fresh, in_bed, on_trial, plan, uses
from tests.referrals.transfers import accepted, bedded
from tests.world import NOW, a_patient, actor_of

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def outing(kind="court", **known):
    answers = {"to_where": "Wexley Crown Court", "purpose": "Plea hearing", "left_at": NOW, **known}
    return Outing(kind, **answers)


def out(england, patient, kind="court", *, who="lena", now=NOW, returned_at=None, **known):
    by = actor_of(getattr(england, who), at=now)
    return movements.record_movement(patient, outing(kind, **known), returned_at=returned_at, by=by)


def back(england, movement, *, who="lena", at=NOW + HOUR, now=None):
    by = actor_of(getattr(england, who), at=now or at)
    return movements.return_movement(movement, at=at, by=by)


def corrected(england, movement, said, *, who="lena", now=NOW + DAY, **known):
    known = {"version": movement.version, "why": "Misread.", **known}
    return movements.correct_movement(movement, said, by=actor_of(getattr(england, who), at=now), **known)


def kinds(patient):
    about = patient.events.filter(about_kind="leave").order_by("pk")
    return [kind.removeprefix("pathways.") for kind in about.values_list("kind", flat=True)]


def test_every_kind_says_where_somebody_is_meanwhile():
    assert set(rules.MOVEMENTS) == set(MovementKind)


@pytest.mark.parametrize(
    ("kind", "from_kind", "act"),
    [
        ("court", "prison", None),
        ("emergency", "prison", None),
        ("escort", "prison", None),
        ("escort", "removal_centre", None),
        ("court", "hospital", Act.COURT_ATTENDANCE),
        ("emergency", "hospital", None),
        ("escort", "hospital", Act.ESCORTED_LEAVE),
    ],
)
def test_from_hospital_a_court_day_and_an_escort_ask_for_an_authority(kind, from_kind, act):
    assert rules.act_of(kind, from_kind) == act


@pytest.mark.parametrize("who", ["lena", "ines"])
def test_the_prison_records_that_they_went_and_came_back(england, who):
    patient = a_patient(england)
    row = out(england, patient, who=who, due_back_at=NOW + 6 * HOUR)
    assert (row.service, row.left_at, row.ended_at, row.ended_as) == (england.prison, NOW, None, "")
    row = fresh(back(england, row, who=who, at=NOW + 5 * HOUR))
    assert (row.ended_at, row.ended_as) == (NOW + 5 * HOUR, "returned")
    assert kinds(patient) == ["went_out", "came_back_in"]


def test_the_ward_records_it_of_somebody_in_hospital_and_no_bed_day_is_lost(england):
    patient = in_bed(england)
    before = uses(patient)
    row = out(england, patient, "emergency", who="maya", to_where="St Mary’s", purpose="Injured hand")
    assert uses(patient) == before
    back(england, row, who="maya", at=NOW + 2 * DAY)
    assert uses(patient) == before
    assert not MissingAuthority.objects.exists()


def standing(patient):
    """Everything that a movement must leave as it is."""
    tables = (
        (Referral, {"patient": patient}),
        (Approach, {"referral__patient": patient}),
        (BedOffer, {"approach__referral__patient": patient}),
        (Step, {"referral__patient": patient}),
        (Placement, {"patient": patient}),
        (BedUse, {"patient": patient}),
        (Clock, {"patient": patient}),
        (Flag, {"clock__patient": patient}),
    )
    return {model.__name__: list(model.objects.filter(**of).order_by("pk").values()) for model, of in tables}


@pytest.mark.parametrize("kind", MovementKind.values)
def test_a_movement_while_a_transfer_is_open_closes_nothing(england, kind):
    referral = accepted(england)
    bedded(england, referral)
    patient = referral.patient
    before = standing(patient)
    assert all(before[name] for name in ("Referral", "Approach", "BedOffer", "Placement", "BedUse", "Clock"))
    row = out(england, patient, kind)
    assert standing(patient) == before
    row = back(england, row)
    assert standing(patient) == before
    row = corrected(england, row, outing(kind, left_at=NOW - HOUR))
    assert standing(patient) == before
    movements.remove_movement(row, why="Another person.", by=actor_of(england.lena, at=NOW + DAY))
    assert standing(patient) == before


@pytest.mark.parametrize(
    ("known", "field", "sentence"),
    [
        ({"kind": "overnight"}, "kind", "Choose the kind"),
        ({"to_where": " "}, "to_where", "Say where they went"),
        ({"purpose": ""}, "purpose", "Say what it was for"),
        ({"left_at": NOW + HOUR}, "on", "today or in the past"),
        ({"due_back_at": NOW}, "due_back", "expected back after they left"),
        ({"returned_at": NOW - HOUR, "left_at": NOW - 2 * HOUR, "kind": "home"}, "kind", "Choose the kind"),
        ({"returned_at": NOW}, "at_time", "The return must be after the leaving"),
        ({"returned_at": NOW + HOUR}, "on", "today or in the past"),
    ],
)
def test_what_cannot_have_been_is_refused(england, known, field, sentence):
    patient = a_patient(england)
    with pytest.raises(Refused, match=sentence) as seen:
        out(england, patient, **known)
    assert seen.value.field == field
    assert not Leave.objects.exists()


def test_only_who_has_the_person_records_it(england):
    prisoner, inpatient = a_patient(england), in_bed(england)
    for patient, strangers in ((prisoner, ("maya", "owen", "sam")), (inpatient, ("lena", "luke"))):
        for who in strangers:
            with pytest.raises(Refused, match="Only the prison or hospital that has the person"):
                out(england, patient, who=who)
    row = out(england, prisoner)
    for who in ("maya", "owen"):
        with pytest.raises(Refused, match="Only the prison or hospital"):
            back(england, row, who=who)
        with pytest.raises(Refused, match="Only the prison or hospital"):
            corrected(england, row, outing(), who=who)


def test_nobody_is_taken_out_from_where_they_are_not(england):
    patient = a_patient(england)
    placements.place(patient, elsewhere="released", at=NOW - DAY, by=actor_of(england.lena))
    with pytest.raises(Refused, match="neither in a prison nor in a hospital"):
        out(england, patient)
    with pytest.raises(Refused, match="They moved before this would have ended"):
        out(england, patient, left_at=NOW - 2 * DAY)
    row = out(england, patient, left_at=NOW - 2 * DAY, returned_at=NOW - DAY - HOUR)
    assert row.service == england.prison


def test_nobody_who_has_died_goes_out(england):
    patient = a_patient(england)
    patients.record_death(patient, on=NOW.date(), by=actor_of(england.lena))
    with pytest.raises(Refused, match="has died"):
        out(england, patient)


def test_one_at_a_time_and_in_order(england):
    patient = a_patient(england)
    row = out(england, patient)
    with pytest.raises(Refused, match="Another movement is recorded for part of this time"):
        out(england, patient, "emergency", now=NOW + HOUR, left_at=NOW + HOUR)
    with pytest.raises(Refused, match="They are not back yet"):
        corrected(england, row, outing(), returned_at=NOW + HOUR)
    with pytest.raises(Refused, match="The return must be after the leaving"):
        back(england, row, at=NOW, now=NOW + HOUR)
    row = back(england, row)
    with pytest.raises(Refused, match="This movement is over"):
        back(england, row, at=NOW + 2 * HOUR)


def test_what_is_no_longer_believed_is_not_changed_again(england):
    row = out(england, a_patient(england))
    movements.remove_movement(row, why="Another person.", by=actor_of(england.lena))
    with pytest.raises(Refused, match="changed since you opened"):
        back(england, row)


def test_somebody_on_leave_goes_to_court_from_it(england):
    patient = in_bed(england)
    trial = on_trial(england, patient, at=NOW - DAY)
    row = out(england, patient, who="luke")
    assert (row.service, fresh(trial).ended_as) == (england.ashdown, "")
    back(england, row, who="luke")
    leave.return_leave(trial, at=NOW + DAY, by=actor_of(england.maya, at=NOW + DAY))
    assert fresh(trial).ended_as == "returned"


def test_somebody_at_court_has_leave_planned_and_takes_another_bed(england):
    patient = in_bed(england)
    out(england, patient, who="maya")
    assert plan(england, patient)
    assert Leave.objects.away_of(patient) is None


def test_an_escort_from_hospital_is_escorted_leave_and_asks_for_its_authority(england):
    patient = in_bed(england, code="09")
    row = out(england, patient, "escort", who="maya")
    missing = MissingAuthority.objects.get()
    assert (missing.act, missing.about_id, missing.settled_at) == (Act.ESCORTED_LEAVE, row.pk, None)
    corrected(england, row, outing("emergency"), who="maya")
    assert MissingAuthority.objects.get().settled_at
    consent(england, patient, Act.ESCORTED_LEAVE)
    other = in_bed(england, code="09", bed=england.second_bed)
    row = out(england, other, "escort", who="maya")
    movements.remove_movement(row, why="Another person.", by=actor_of(england.maya))
    assert not MissingAuthority.objects.open().exists()


def test_a_court_day_of_somebody_restricted_is_marked_until_the_order_of_the_court_is_on_record(england):
    patient = in_bed(england, code="09")
    row = out(england, patient, who="maya")
    missing = MissingAuthority.objects.get()
    assert (missing.act, missing.about_id) == (Act.COURT_ATTENDANCE, row.pk)
    authorities.record_authority(
        patient,
        kind="court",
        scope=[Act.COURT_ATTENDANCE],
        since=NOW.date(),
        by=actor_of(england.maya),
    )
    assert not MissingAuthority.objects.open().exists()


@pytest.mark.parametrize("code", ["03", "07", "10", "12", "20"])
def test_nobody_else_is_marked_for_a_court_day(england, code):
    out(england, in_bed(england, code=code), who="maya")
    assert not MissingAuthority.objects.exists()


def test_a_move_from_the_place_ends_it_and_one_to_another_ward_does_not(england):
    patient = in_bed(england)
    row = out(england, patient, who="maya")
    by = actor_of(england.maya, at=NOW + HOUR)
    placements.place(patient, service=england.ashdown, at=NOW + HOUR, by=by)
    assert fresh(row).ended_as == ""
    by = actor_of(england.maya, at=NOW + 2 * HOUR)
    placements.record_place(patient, elsewhere="at_large", at=NOW + 2 * HOUR, by=by)
    row = fresh(row)
    assert (row.ended_as, row.ended_at) == ("not_returned", NOW + 2 * HOUR)
    assert kinds(patient) == ["went_out", "movement_ended"]


def test_moved_from_court_to_another_prison(england):
    patient = a_patient(england)
    row = out(england, patient)
    by = actor_of(england.owen, at=NOW + 8 * HOUR)
    placements.place(patient, service=england.other_prison, at=NOW + 8 * HOUR, by=by)
    assert (fresh(row).ended_as, fresh(row).ended_at) == ("moved", NOW + 8 * HOUR)


def test_a_move_entered_late_shows_what_it_goes_against(england):
    patient = a_patient(england)
    row = out(england, patient, left_at=NOW - 2 * HOUR, returned_at=NOW - HOUR)
    by = actor_of(england.owen)
    with pytest.raises(Conflicting, match="They are recorded at court from") as seen:
        placements.place(patient, service=england.other_prison, at=NOW - 3 * HOUR, by=by)
    checked = seen.value.checked
    placements.place(patient, service=england.other_prison, at=NOW - 3 * HOUR, checked=checked, by=by)
    assert fresh(row).superseded_at


def test_a_correction_keeps_what_stood_with_who_and_why(england):
    row = back(england, out(england, a_patient(england)))
    said = outing("emergency", to_where="St Mary’s", purpose="Injured hand", left_at=NOW - HOUR)
    with pytest.raises(Stale):
        corrected(england, row, said, version=row.version + 1)
    with pytest.raises(Refused, match="Say why"):
        corrected(england, row, said, why=" ")
    row = fresh(corrected(england, row, said, returned_at=NOW + 2 * HOUR))
    assert (row.kind, row.to_where, row.left_at, row.ended_at) == (
        "emergency",
        "St Mary’s",
        NOW - HOUR,
        NOW + 2 * HOUR,
    )
    stood = Leave.objects.exclude(superseded_at=None).latest("pk")
    assert (stood.kind, stood.left_at, stood.why, stood.superseded_by) == (
        "court",
        NOW,
        "Misread.",
        england.lena,
    )
    assert kinds(row.patient)[-1] == "movement_corrected"


def test_a_return_by_mistake_is_put_right_and_so_is_none(england):
    patient = a_patient(england)
    row = back(england, out(england, patient))
    row = fresh(corrected(england, row, outing(), how="not_back"))
    assert (row.ended_as, row.ended_at) == ("", None)
    placements.place(
        patient, service=england.other_prison, at=NOW + DAY, by=actor_of(england.owen, at=NOW + DAY)
    )
    row = fresh(row)
    with pytest.raises(Refused, match="Say when they were back"):
        corrected(england, row, outing(), how="returned")
    with pytest.raises(Refused, match="A movement ends with the return"):
        corrected(england, row, outing(), how="recalled", returned_at=NOW + HOUR)
    with pytest.raises(Refused, match="They moved before this would have ended"):
        corrected(england, row, outing(), how="returned", returned_at=NOW + DAY + HOUR, now=NOW + 2 * DAY)
    row = fresh(corrected(england, row, outing(), how="returned", returned_at=NOW + HOUR))
    assert (row.ended_as, row.ended_at) == ("returned", NOW + HOUR)


def test_a_movement_is_corrected_from_the_place_that_it_was_from(england):
    patient = a_patient(england)
    placements.place(patient, service=england.other_prison, at=NOW - DAY, by=actor_of(england.owen))
    row = out(england, patient, who="owen")
    with pytest.raises(Refused, match="They were somewhere else then"):
        corrected(england, row, outing(left_at=NOW - 2 * DAY), who="owen")


def test_leave_is_not_planned_begun_or_corrected_as_a_movement(england):
    patient = in_bed(england)
    with pytest.raises(Refused, match="Choose the kind of leave"):
        away(england, patient, "court")
    row = out(england, patient, who="maya")
    with pytest.raises(Leave.DoesNotExist):
        leave.return_leave(row, at=NOW + HOUR, by=actor_of(england.maya, at=NOW + HOUR))
    with pytest.raises(Leave.DoesNotExist):
        back(england, away(england, patient), who="maya")


def a_row(england, **known):
    answers = {
        "patient": a_patient(england),
        "service": england.prison,
        "kind": "court",
        "to_where": "Wexley Crown Court",
        "purpose": "Plea hearing",
        "during": DateTimeTZRange(NOW, None),
        "recorded_at": NOW,
    }
    return Leave.objects.create(**{**answers, **known})


def test_the_database_refuses_two_movements_at_a_time(england):
    row = a_row(england)
    with pytest.raises(IntegrityError, match="a_person_is_on_one_movement_at_a_time"), transaction.atomic():
        a_row(england, patient=row.patient)


@pytest.mark.parametrize(
    "known",
    [
        {"to_where": ""},
        {"purpose": ""},
        {"kind": "overnight"},
        {"kind": "overnight", "purpose": ""},
    ],
)
def test_the_database_refuses_a_movement_that_says_too_little_and_a_leave_that_says_so_much(england, known):
    with pytest.raises(IntegrityError, match="a_movement_says_where_to_and_why"), transaction.atomic():
        a_row(england, **known)
