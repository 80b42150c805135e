"""Leave as it is planned, begun and put right: the authority it needs, its times, and what it leaves as it was."""

from datetime import timedelta

import pytest

from core.refusals import Refused, Stale
from pathways.actions import leave, leave_corrections, placements
from pathways.codes import Act
from pathways.models import Clock, Event, Leave, MissingAuthority, Patient
from tests.pathways.leave_world import (
    DAY,
    HOUR,
    SINCE,
    away,
    back,
    consent,
    fresh,
    in_bed,
    on_trial,
    plan,
    terms,
    trial_terms,
    uses,
)
from tests.world import NOW, a_patient, actor_of

pytestmark = pytest.mark.django_db
BED, BROOK = "Alder 1", "Birch 1"


@pytest.mark.parametrize("kind", ["escorted", "unescorted", "overnight"])
def test_leave_of_a_restricted_person_is_not_planned_without_the_ministry(england, kind):
    patient = in_bed(england, code="09")
    with pytest.raises(Refused, match="needs the agreement of the Ministry of Justice"):
        plan(england, patient, kind)
    assert not Leave.objects.exists()
    consent(england, patient, Act(f"{kind}_leave"))
    assert plan(england, patient, kind).planned_from == NOW + DAY


def test_the_authority_covers_every_day_of_the_plan(england):
    patient = in_bed(england, code="09")
    consent(england, patient, Act.OVERNIGHT_LEAVE, last_day=(NOW + 2 * DAY).date())
    plan(england, patient, due_back_at=NOW + 2 * DAY)
    with pytest.raises(Refused, match="Ministry of Justice"):
        plan(england, patient, planned_from=NOW + 2 * DAY + HOUR, due_back_at=NOW + 3 * DAY)


def test_a_consent_for_one_hospital_does_not_allow_a_trial_in_another(england):
    patient = in_bed(england, code="09")
    consent(england, patient, Act.TRIAL_LEAVE, hospital=england.elsewhere)
    with pytest.raises(Refused, match="Ministry of Justice"):
        plan(england, patient, agreed=trial_terms(england))
    consent(england, patient, Act.TRIAL_LEAVE, hospital=england.brook)
    assert plan(england, patient, agreed=trial_terms(england)).to_ward == england.brook_ward


def test_the_responsible_clinician_s_own_power_needs_nobody_else(england):
    assert plan(england, in_bed(england, code="10")).ended_as == ""


def test_what_has_happened_is_recorded_all_the_same_and_becomes_a_task(england):
    patient = in_bed(england, code="09")
    row = away(england, patient, due_back_at=NOW + DAY)
    missing = MissingAuthority.objects.get()
    assert (missing.act, missing.about_kind, missing.about_id) == ("overnight_leave", "leave", row.pk)
    assert missing.service == england.ashdown
    consent(england, patient, Act.OVERNIGHT_LEAVE)
    missing.refresh_from_db()
    assert missing.settled_at


def test_a_planned_leave_whose_consent_was_withdrawn_is_recorded_and_marked(england):
    patient = in_bed(england, code="09")
    consent(england, patient, Act.OVERNIGHT_LEAVE)
    row = plan(england, patient)
    patient.authorities.update(superseded_at=NOW)
    leave.begin_leave(row, at=NOW + DAY, by=actor_of(england.maya, at=NOW + DAY))
    assert MissingAuthority.objects.get().act == "overnight_leave"


def test_only_the_hospital_that_has_the_person_gives_leave(england):
    patient = in_bed(england)
    for stranger in (england.luke, england.sam):
        with pytest.raises(Refused, match="Only the hospital that has the person"):
            leave.record_leave(patient, left_at=NOW, terms=terms(), by=actor_of(stranger))


def test_from_prison_there_is_no_leave(england):
    by = actor_of(england.ines)
    with pytest.raises(Refused, match="not in a hospital"):
        leave.record_leave(a_patient(england), left_at=NOW, terms=terms(), by=by)


def test_a_leave_is_from_one_stay_and_begins_in_it(england):
    patient, by = in_bed(england), actor_of(england.maya)
    planned = plan(england, patient)
    with pytest.raises(Refused, match="not in a hospital"):
        leave.begin_leave(planned, at=SINCE - DAY, by=by)
    placements.place(patient, service=england.ashdown, at=NOW - DAY, by=by)
    with pytest.raises(Refused, match="They moved before this leave would have ended"):
        leave.record_leave(patient, left_at=NOW - 2 * DAY, terms=terms(), by=by)
    row = away(england, patient, at=NOW - HOUR)
    known = {"terms": terms(), "left_at": NOW - 2 * DAY, "version": row.version}
    with pytest.raises(Refused, match="They moved before"):
        leave_corrections.correct_leave(row, **known, why="Misread.", by=by)


@pytest.mark.parametrize(
    ("known", "sentence"),
    [
        ({"due_back_at": NOW + DAY}, "due back after they leave"),
        ({"agreed": terms(due_back_at=None)}, "Say when they are due back"),
        ({"planned_from": NOW - 2 * DAY, "due_back_at": NOW - DAY}, "Record the leave instead"),
        ({"agreed": terms("trial", due_back_at=NOW + 2 * DAY)}, "Choose the ward"),
        ({"agreed": terms("walk", due_back_at=NOW + 2 * DAY)}, "Choose the kind"),
        ({"agreed": terms(agreed_by=" ", due_back_at=NOW + 2 * DAY)}, "^Say"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(england, known, sentence):
    with pytest.raises(Refused, match=sentence):
        plan(england, in_bed(england), **known)


def test_no_two_leaves_are_planned_or_taken_for_one_time(england):
    patient = in_bed(england)
    plan(england, patient)
    with pytest.raises(Refused, match="Another leave is planned"):
        plan(england, patient, "escorted", planned_from=NOW + DAY + HOUR)
    row = away(england, patient, "escorted", due_back_at=NOW + HOUR)
    with pytest.raises(Refused, match="Another leave is recorded"):
        leave.record_leave(
            patient, left_at=NOW + HOUR, terms=terms(), by=actor_of(england.maya, at=NOW + HOUR)
        )
    back(england, row, at=NOW + 2 * HOUR)


def test_no_plan_speaks_against_what_has_happened(england):
    patient = in_bed(england)
    planned = plan(england, patient)
    row = away(england, patient)
    assert fresh(row).left_at == NOW
    assert fresh(planned).ended_as == ""


def test_a_plan_may_follow_a_leave_that_is_on(england):
    patient = in_bed(england)
    away(england, patient, due_back_at=NOW + DAY)
    with pytest.raises(Refused, match="They are on leave until then"):
        plan(england, patient, planned_from=NOW + HOUR)
    assert plan(england, patient, planned_from=NOW + 2 * DAY)


def test_each_step_follows_from_the_one_before(england):
    patient, by = in_bed(england), actor_of(england.maya)
    planned = plan(england, patient)
    with pytest.raises(Refused, match="They have not left yet"):
        back(england, planned)
    leave.cancel_leave(planned, why="Unwell.", by=by)
    with pytest.raises(Refused, match="was cancelled"):
        leave.begin_leave(planned, at=NOW, by=by)
    row = away(england, patient)
    with pytest.raises(Refused, match="They have left already"):
        leave.cancel_leave(row, why="Unwell.", by=by)
    back(england, row)
    with pytest.raises(Refused, match="This leave is over"):
        back(england, row, at=NOW + 2 * DAY)
    with pytest.raises(Refused, match="Only trial leave"):
        leave.stay_on_ward(away(england, patient, at=NOW + 3 * DAY), at=NOW + 4 * DAY, by=by)


def test_nobody_is_back_before_they_left_or_were_missed(england):
    row = away(england, in_bed(england))
    with pytest.raises(Refused, match="The return must be after the leaving"):
        back(england, row, at=NOW, now=NOW + DAY)
    with pytest.raises(Refused, match="The absence must be after the leaving"):
        leave.record_absence(row, since=NOW, told="Police.", by=actor_of(england.maya, at=NOW + DAY))
    missed = actor_of(england.maya, at=NOW + 5 * HOUR)
    leave.record_absence(row, since=NOW + 4 * HOUR, told="Police.", by=missed)
    with pytest.raises(Refused, match="absent from a later time"):
        back(england, row, at=NOW + 3 * HOUR, now=NOW + DAY)


def test_what_is_entered_late_keeps_what_was_known(england):
    patient = in_bed(england)
    row = away(england, patient, at=NOW - 5 * DAY)
    back(england, row, at=NOW - 3 * DAY, now=NOW)
    known = Leave.objects.filter(patient=patient)
    (before,) = known.as_known(NOW - 2 * DAY)
    (now,) = known.current()
    assert (before.ended_at, now.ended_at) == (None, NOW - 3 * DAY)
    assert now.pk == row.pk


def test_a_correction_keeps_what_stood_with_who_and_why(england):
    patient = in_bed(england)
    row = back(england, away(england, patient, at=NOW - 2 * DAY), at=NOW - DAY)
    changed = {"terms": terms("overnight"), "left_at": NOW - 3 * DAY}
    by = actor_of(england.maya)
    with pytest.raises(Stale):
        leave_corrections.correct_leave(row, **changed, version=99, why="Misread.", by=by)
    row = leave_corrections.correct_leave(row, **changed, version=row.version, why="Misread.", by=by)
    assert row.left_at == NOW - 3 * DAY
    stood = Leave.objects.exclude(superseded_at=None).latest("pk")
    assert (stood.left_at, stood.why, stood.superseded_by) == (NOW - 2 * DAY, "Misread.", england.maya)
    assert Event.objects.filter(kind="pathways.leave_corrected").count() == 1


def test_a_corrected_plan_is_asked_for_its_authority_again(england):
    patient = in_bed(england, code="09")
    consent(england, patient, Act.OVERNIGHT_LEAVE, last_day=(NOW + 2 * DAY).date())
    row, by = plan(england, patient), actor_of(england.maya)
    with pytest.raises(Refused, match="Ministry of Justice"):
        leave_corrections.correct_leave(
            row, terms=terms(due_back_at=NOW + 5 * DAY), version=row.version, why="Longer.", by=by
        )


def test_they_never_left(england):
    patient = in_bed(england)
    row = back(england, away(england, patient, at=NOW - 3 * DAY), at=NOW - 2 * DAY)
    leave_corrections.remove_leave(row, why="Another person.", by=actor_of(england.maya))
    assert not Leave.objects.current().exists()
    assert uses(patient) == [(BED, "occupied", SINCE, None)]


def test_no_clock_is_stopped_by_leave(england):
    patient = in_bed(england)
    running = set(Clock.objects.running().values_list("pk", flat=True))
    assert running
    row = away(england, patient)
    leave.record_absence(row, since=NOW + HOUR, told="Police.", by=actor_of(england.maya, at=NOW + HOUR))
    back(england, row)
    assert set(Clock.objects.running().values_list("pk", flat=True)) == running


def test_the_trial_ward_may_open_the_person_from_the_plan_on(england):
    patient = in_bed(england)
    luke = lambda at: Patient.objects.visible_to(actor_of(england.luke, at=at)).filter(pk=patient.pk)  # noqa: E731
    assert not luke(NOW).exists()
    row = plan(england, patient, agreed=trial_terms(england))
    assert luke(NOW).exists()
    leave.cancel_leave(row, why="Unwell.", by=actor_of(england.maya))
    assert luke(NOW + DAY).exists()
    assert not luke(NOW + timedelta(days=29)).exists()


def test_either_ward_records_the_return_from_a_trial(england):
    patient = in_bed(england)
    row = on_trial(england, patient)
    row = leave.return_leave(row, at=NOW + DAY, by=actor_of(england.luke, at=NOW + DAY))
    assert row.ended_as == "returned"
