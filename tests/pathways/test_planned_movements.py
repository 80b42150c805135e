"""Court days and escorts to come: planned with the authority that they need, begun, put right, cancelled."""

from datetime import timedelta

import pytest

from core.refusals import Refused
from pathways.actions import authorities, movements, patients, placements
from pathways.actions.movements import Outing
from pathways.codes import Act
from pathways.models import Leave, MissingAuthority
from pathways.rules import movements as rules
from tests.pathways.leave_world import consent, fresh, in_bed, on_trial, plan, uses
from tests.pathways.test_movements import back, corrected, kinds, out, outing
from tests.world import NOW, a_patient, actor_of

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
THEN = NOW + 3 * DAY


def planned(england, patient, kind="court", *, who="lena", now=NOW, **known):
    said = outing(kind, **{"left_at": THEN, "due_back_at": THEN + 7 * HOUR, **known})
    return movements.plan_movement(patient, said, by=actor_of(getattr(england, who), at=now))


def begun(england, movement, *, who="lena", at=THEN, now=None):
    by = actor_of(getattr(england, who), at=now or at)
    return movements.begin_movement(movement, at=at, by=by)


def cancelled(england, movement, *, who="lena", why="Adjourned."):
    return movements.cancel_movement(movement, why=why, by=actor_of(getattr(england, who), at=NOW + DAY))


def court_order(england, patient, **known):
    days = {"since": THEN.date(), "last_day": THEN.date(), **known}
    by = actor_of(england.maya)
    authorities.record_authority(patient, kind="court", scope=[Act.COURT_ATTENDANCE], by=by, **days)


@pytest.mark.parametrize("who", ["lena", "ines"])
def test_planned_begun_and_back(england, who):
    patient = a_patient(england)
    row = planned(england, patient, who=who)
    assert (row.service, row.planned_from, row.left_at, row.ended_as) == (england.prison, THEN, None, "")
    assert list(Leave.objects.planned()) == [row]
    row = begun(england, row, who=who, at=THEN + HOUR)
    assert (row.left_at, row.planned_from) == (THEN + HOUR, THEN)
    back(england, row, who=who, at=THEN + 9 * HOUR)
    assert kinds(patient) == ["movement_planned", "went_out", "came_back_in"]


def test_they_may_leave_later_than_they_were_expected_back(england):
    row = begun(england, planned(england, a_patient(england)), at=THEN + 8 * HOUR)
    assert fresh(row).left_at == THEN + 8 * HOUR


@pytest.mark.parametrize(
    ("known", "field", "sentence"),
    [
        ({"kind": "emergency"}, "kind", "A visit to A&E is not planned"),
        ({"kind": "overnight"}, "kind", "Choose the kind"),
        ({"to_where": " "}, "to_where", "Say where they"),
        ({"purpose": ""}, "purpose", "Say what it"),
        ({"due_back_at": None}, "due_back", "Say when they are expected back"),
        ({"due_back_at": THEN}, "due_back", "expected back after they left"),
        ({"left_at": NOW - DAY, "due_back_at": NOW}, "due_back", "Record the movement instead"),
    ],
)
def test_what_cannot_be_planned_is_refused(england, known, field, sentence):
    with pytest.raises(Refused, match=sentence) as seen:
        planned(england, a_patient(england), **known)
    assert seen.value.field == field
    assert not Leave.objects.exists()


def test_what_is_planned_is_known_beforehand():
    assert set(rules.PLANNED_KINDS) == {"court", "escort"}


def test_only_who_has_the_person_plans_begins_and_cancels(england):
    prisoner, inpatient = a_patient(england), in_bed(england)
    for patient, strangers in ((prisoner, ("maya", "owen")), (inpatient, ("lena", "luke"))):
        for who in strangers:
            with pytest.raises(Refused, match="Only the prison or hospital that has the person"):
                planned(england, patient, who=who)
    row = planned(england, prisoner)
    with pytest.raises(Refused, match="Only the prison or hospital"):
        begun(england, row, who="maya")
    with pytest.raises(Refused, match="Only the prison or hospital"):
        cancelled(england, row, who="owen")


def test_nobody_is_planned_for_who_has_died_or_is_nowhere(england):
    patient, released = a_patient(england), a_patient(england)
    patients.record_death(patient, on=NOW.date(), by=actor_of(england.lena))
    with pytest.raises(Refused, match="has died"):
        planned(england, patient)
    placements.place(released, elsewhere="released", at=NOW - DAY, by=actor_of(england.lena))
    with pytest.raises(Refused, match="neither in a prison nor in a hospital"):
        planned(england, released)


def test_a_court_day_of_somebody_restricted_needs_the_agreement_or_the_order(england):
    patient = in_bed(england, code="09")
    with pytest.raises(Refused, match="Attendance at court of a restricted person needs the agreement"):
        planned(england, patient, who="maya")
    court_order(england, patient)
    with pytest.raises(Refused, match="or the order of the court"):
        planned(england, patient, who="maya", due_back_at=THEN + DAY)
    assert planned(england, patient, who="maya")
    other = in_bed(england, code="09", bed=england.second_bed)
    consent(england, other, Act.ESCORTED_LEAVE)
    with pytest.raises(Refused, match="Attendance at court"):
        planned(england, other, who="maya")
    assert planned(england, other, "escort", who="maya")


def test_an_escort_of_somebody_restricted_needs_the_agreement(england):
    patient = in_bed(england, code="15")
    court_order(england, patient)
    with pytest.raises(Refused, match="Escorted leave of a restricted person"):
        planned(england, patient, "escort", who="maya")


@pytest.mark.parametrize("code", ["03", "07", "10", "12"])
def test_nobody_else_in_hospital_is_asked_for_one(england, code):
    assert planned(england, in_bed(england, code=code), who="maya")


def test_from_prison_no_authority_is_asked_for(england):
    assert planned(england, a_patient(england), "escort")


def test_what_has_begun_without_its_authority_is_marked_and_not_refused(england):
    patient = in_bed(england, code="09")
    court_order(england, patient)
    row = planned(england, patient, who="maya")
    begun(england, row, who="maya", at=THEN + DAY)
    missing = MissingAuthority.objects.get()
    assert (missing.act, missing.about_id, missing.on) == (
        Act.COURT_ATTENDANCE,
        row.pk,
        (THEN + DAY).date(),
    )


def test_it_moves_no_bed(england):
    patient = in_bed(england)
    before = uses(patient)
    row = begun(england, planned(england, patient, who="maya"), who="maya")
    back(england, row, who="maya", at=THEN + HOUR)
    assert uses(patient) == before


def test_it_is_cancelled_with_a_reason_and_then_done_with(england):
    row = planned(england, a_patient(england))
    with pytest.raises(Refused, match="Say why"):
        cancelled(england, row, why=" ")
    row = fresh(cancelled(england, row))
    assert (row.ended_as, row.ended_why, row.during) == ("cancelled", "Adjourned.", None)
    assert kinds(row.patient) == ["movement_planned", "movement_cancelled"]
    with pytest.raises(Refused, match="This movement was cancelled"):
        begun(england, row)
    assert planned(england, row.patient)


def test_one_at_a_time_and_beside_leave(england):
    patient = in_bed(england)
    plan(england, patient, planned_from=THEN - DAY, due_back_at=THEN + DAY)
    planned(england, patient, who="maya")
    with pytest.raises(Refused, match="Another court day or escort is planned for part of this time"):
        planned(england, patient, "escort", who="maya", left_at=THEN + HOUR)
    row = planned(england, patient, who="maya", left_at=THEN + DAY, due_back_at=THEN + 2 * DAY)
    with pytest.raises(Refused, match="They have not left yet"):
        back(england, row, who="maya", at=THEN)
    begun(england, row, who="maya", at=NOW + HOUR)
    with pytest.raises(Refused, match="They have left already"):
        cancelled(england, row, who="maya")


def test_the_ward_of_a_trial_plans_it_too(england):
    patient = in_bed(england)
    on_trial(england, patient, at=NOW - DAY)
    row = planned(england, patient, who="luke")
    assert row.service == england.ashdown
    assert begun(england, row, who="luke").left_at == THEN


def test_a_plan_is_put_right_under_its_authority_and_what_stood_is_kept(england):
    patient = in_bed(england, code="09")
    court_order(england, patient)
    row = planned(england, patient, who="maya")
    later = outing(left_at=THEN + DAY, due_back_at=THEN + DAY + HOUR, to_where="Barrow Crown Court")
    with pytest.raises(Refused, match="Attendance at court"):
        corrected(england, row, later, who="maya")
    court_order(england, patient, since=(THEN + DAY).date(), last_day=(THEN + DAY).date())
    with pytest.raises(Refused, match="A visit to A&E is not planned"):
        corrected(england, row, outing("emergency", left_at=THEN, due_back_at=THEN + HOUR), who="maya")
    row = fresh(corrected(england, row, later, who="maya"))
    assert (row.planned_from, row.to_where, row.during) == (THEN + DAY, "Barrow Crown Court", None)
    stood = Leave.objects.exclude(superseded_at=None).get()
    assert (stood.planned_from, stood.why, stood.superseded_by) == (THEN, "Misread.", england.maya)
    assert kinds(patient)[-1] == "movement_corrected"


def test_a_plan_is_cancelled_and_not_removed(england):
    row = planned(england, a_patient(england))
    with pytest.raises(Refused, match="They have not left yet"):
        movements.remove_movement(row, why="Another person.", by=actor_of(england.lena))


def test_a_move_or_a_death_takes_the_plan_with_it(england):
    patient, other = a_patient(england), a_patient(england)
    row, of_other = planned(england, patient), planned(england, other)
    placements.place(
        patient, service=england.other_prison, at=NOW + DAY, by=actor_of(england.owen, at=NOW + DAY)
    )
    patients.record_death(other, on=NOW.date(), by=actor_of(england.lena))
    for one in (row, of_other):
        assert (fresh(one).ended_as, fresh(one).ended_why) == (
            "cancelled",
            "The person moved or died before.",
        )
    assert kinds(patient) == ["movement_planned", "movement_cancelled"]


def test_they_leave_from_where_it_was_planned(england):
    patient = a_patient(england)
    placements.place(patient, service=england.other_prison, at=NOW - DAY, by=actor_of(england.owen))
    row = planned(england, patient, who="owen")
    with pytest.raises(Refused, match="They were somewhere else then"):
        begun(england, row, who="owen", at=NOW - 2 * DAY, now=NOW)
    with pytest.raises(Refused, match="today or in the past"):
        begun(england, row, who="owen", at=NOW + DAY, now=NOW)


def test_what_is_recorded_of_it_stays_apart_from_a_plan(england):
    patient = a_patient(england)
    row = planned(england, patient)
    assert out(england, patient).pk != row.pk
    assert Outing("court", "a", "b", NOW).columns()["due_back_at"] is None
