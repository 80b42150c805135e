"""What the law counts in hours: a recall from a community treatment order, and the other short powers."""

from datetime import UTC, date, datetime, timedelta

import pytest

from core.models import Notification
from core.refusals import Refused
from organisations.actor import Actor
from pathways import alarms, verification
from pathways.actions import legal, patients, placements
from pathways.days import LONDON
from pathways.models import LegalDuration, LegalStatus, MissingAuthority
from pathways.rules.legal import Length, Unit, lapses_at
from tests.pathways.test_law import held, running
from tests.world import NOW, TODAY, a_patient, actor_of

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
ARRIVED = NOW - 2 * HOUR
OVER = ARRIVED + 72 * HOUR


@pytest.fixture
def by(england):
    return actor_of(england.maya)


@pytest.fixture
def patient(england, by):
    """Somebody in hospital, on a community treatment order after section 3."""
    patient = a_patient(england, at_service=england.ashdown, since=NOW - 400 * DAY)
    held(patient, "03", since=TODAY - 100 * DAY, by=by)
    held(patient, "98", form="community_treatment", since=TODAY - 40 * DAY, by=by)
    return patient


@pytest.fixture(autouse=True)
def _verified(db):
    yield
    assert not verification.failures()


def recalled(patient, *, by, since=TODAY, began_at=ARRIVED):
    return held(patient, "98", form="recalled", since=since, began_at=began_at, by=by)


def told(at):
    """The subjects that anybody has been told of, once it has been asked at an instant."""
    for _ in range(2):
        alarms.tell_of_hours(by=Actor.system("tell-of-hours", at=at))
    return set(Notification.objects.filter(kind="clock.flagged").values_list("subject", flat=True))


NEAR = "Legal status: the authority to detain ends soon"
BEHIND = "Legal status: the authority to detain has ended"


@pytest.mark.parametrize(
    ("began", "over"),
    [
        (datetime(2026, 1, 10, 12, tzinfo=UTC), datetime(2026, 1, 13, 12, tzinfo=UTC)),
        # The clocks go on at 01:00 UTC on 29 March: 12:00 becomes 13:00 on the wall, and no hour longer or shorter.
        (datetime(2026, 3, 27, 12, tzinfo=UTC), datetime(2026, 3, 30, 12, tzinfo=UTC)),
        # And back at 01:00 UTC on 25 October: 13:00 becomes 12:00 on the wall.
        (datetime(2026, 10, 23, 12, tzinfo=UTC), datetime(2026, 10, 26, 12, tzinfo=UTC)),
    ],
)
def test_72_hours_are_hours_passed_whatever_the_clocks_do(began, over):
    assert lapses_at(began, Length(72, Unit.HOURS)) == over
    assert lapses_at(began.astimezone(LONDON), Length(72, Unit.HOURS)) == over
    status = LegalStatus(lapses_at=over)
    assert not status.is_over(began + 71 * HOUR + 59 * MINUTE)
    assert status.is_over(began + 72 * HOUR)
    assert not LegalStatus().is_over(over)


@pytest.mark.parametrize(
    ("since", "wall", "over"),
    [
        (date(2026, 3, 27), "30 March 2026, 13:00", datetime(2026, 3, 30, 12, tzinfo=UTC)),
        (date(2026, 10, 23), "26 October 2026, 12:00", datetime(2026, 10, 26, 12, tzinfo=UTC)),
    ],
)
def test_a_recall_over_a_clock_change_says_the_time_on_the_wall(england, since, wall, over):
    began = over - 72 * HOUR
    by = actor_of(england.maya, at=began + HOUR)
    patient = a_patient(england, at_service=england.ashdown)
    status = recalled(patient, since=since, began_at=began, by=by)
    assert (status.lapses_at, status.authorised_until) == (over, over.date())
    assert told(over - MINUTE) == {NEAR}
    assert wall in Notification.objects.first().body
    assert told(over) == {NEAR, BEHIND}


def test_a_recall_is_counted_from_the_arrival_and_told_of_before_and_when_it_is_over(england, patient, by):
    status = recalled(patient, by=by)
    assert (status.began_at, status.lapses_at) == (ARRIVED, OVER)
    assert status.authorised_until == TODAY + 3 * DAY
    assert running(patient) == {"detention-ends": TODAY + 3 * DAY}
    assert told(OVER - 12 * HOUR - MINUTE) == set()
    assert told(OVER - 12 * HOUR) == {NEAR}
    assert told(OVER - MINUTE) == {NEAR}
    assert told(OVER) == {NEAR, BEHIND}
    rows = Notification.objects.filter(subject=BEHIND)
    assert {one.mailbox for one in rows if one.mailbox} == {england.ashdown.alert_mailbox}
    assert {one.user for one in rows if one.user} == {england.maya}
    assert not any(patient.family_name in one.subject + one.body + one.path for one in rows)
    count = Notification.objects.count()
    told(OVER + DAY)
    assert Notification.objects.count() == count


@pytest.mark.parametrize(("code", "form"), [("03", ""), ("98", "community_treatment"), ("01", "")])
def test_only_what_follows_ends_the_alarm(england, patient, by, code, form):
    status = recalled(patient, by=by)
    for nothing in ("98", "99"):
        with pytest.raises(Refused, match="Say what they are held under now"):
            held(patient, nothing, since=TODAY, by=by)
    with pytest.raises(Refused, match="Record the legal status that follows"):
        legal.end_legal_status(status, last_day=TODAY, by=by)
    with pytest.raises(Refused, match="cannot be renewed"):
        legal.renew_detention(status, renewals=0, by=by)
    later = actor_of(england.maya, at=NOW + DAY)
    held(patient, code, form=form, since=TODAY + DAY, by=later)
    assert told(OVER + HOUR) == set()
    assert not MissingAuthority.objects.exists()


def test_revoked_the_section_before_it_begins_anew(england, patient, by):
    recalled(patient, by=by)
    revoked = held(patient, "03", since=TODAY + DAY, by=actor_of(england.maya, at=NOW + DAY))
    assert (revoked.authorised_until, revoked.renewals) == (date(2026, 9, 2), 0)


@pytest.mark.parametrize("days", [0, 2])
def test_released_they_are_on_the_order_as_before(england, patient, by, days):
    order = LegalStatus.objects.current().get(patient=patient, during__upper_inf=True)
    legal.renew_detention(order, renewals=0, by=by)
    recalled(patient, by=by)
    released = held(
        patient,
        "98",
        form="community_treatment",
        since=TODAY + days * DAY,
        by=actor_of(england.maya, at=NOW + days * DAY),
    )
    assert (released.authorised_until, released.renewals) == (order.authorised_until, 1)
    assert running(patient) == {"detention-ends": order.authorised_until}
    assert released.lapses_at is None


def test_a_recall_from_anything_but_an_order_is_recorded_and_marked(england, by):
    patient = a_patient(england, at_service=england.ashdown)
    held(patient, "09", since=TODAY - 9 * DAY, by=by)
    status = recalled(patient, by=by)
    (missing,) = MissingAuthority.objects.all()
    assert (missing.act, missing.on, missing.about_id) == ("recall", TODAY, status.pk)
    assert status.lapses_at == OVER


def test_a_death_ends_the_alarm(patient, by):
    recalled(patient, by=by)
    patients.record_death(patient, on=TODAY, by=by)
    assert told(OVER) == set()


def test_wherever_no_service_has_the_person_the_case_manager_is_told(england, patient, by):
    recalled(patient, by=by)
    placements.place(patient, elsewhere="at_large", at=NOW, by=by)
    assert told(OVER) == {BEHIND}
    assert set(Notification.objects.values_list("user", flat=True)) == {england.carl.pk}


@pytest.mark.parametrize(("code", "hours"), [("04", 72), ("05", 72), ("06", 6), ("19", 24), ("20", 24)])
def test_every_other_power_in_hours_has_its_moment_too(england, by, code, hours):
    patient = a_patient(england, at_service=england.ashdown)
    status = held(patient, code, since=TODAY, began_at=ARRIVED, by=by)
    assert status.lapses_at == ARRIVED + hours * HOUR
    assert told(status.lapses_at - MINUTE) == {NEAR}
    assert told(status.lapses_at) == {NEAR, BEHIND}


def test_where_nobody_knows_the_time_the_alarm_comes_early_and_not_late(england, by):
    patient = a_patient(england, at_service=england.ashdown)
    status = held(patient, "05", since=TODAY, by=by)
    assert status.began_at is None
    assert status.lapses_at == datetime(2026, 3, 5, 0, 0, tzinfo=UTC)
    assert status.authorised_until == TODAY + 2 * DAY


@pytest.mark.parametrize(
    ("code", "began_at", "says"),
    [
        ("03", ARRIVED, "counts in hours"),
        ("05", NOW - DAY, "another day"),
        ("05", NOW + MINUTE, "not be in the future"),
    ],
)
def test_a_time_that_cannot_be_is_refused(england, by, code, began_at, says):
    patient = a_patient(england, at_service=england.ashdown)
    with pytest.raises(Refused, match=says) as refused:
        held(patient, code, since=TODAY, began_at=began_at, by=by)
    assert refused.value.field == "at_time"
    assert not patient.legal_statuses.exists()


def test_a_time_put_right_counts_again_and_one_left_out_stays(england, patient, by):
    status = recalled(patient, by=by)
    kept = legal.correct_legal_status(status, code="98", form="recalled", since=TODAY, why="Limb.", by=by)
    assert (kept.began_at, kept.lapses_at) == (ARRIVED, OVER)
    earlier = legal.correct_legal_status(
        kept, code="98", form="recalled", since=TODAY, began_at=ARRIVED - HOUR, why="Misread.", by=by
    )
    assert earlier.lapses_at == OVER - HOUR
    moved = legal.correct_legal_status(
        earlier, code="98", form="recalled", since=TODAY - DAY, why="A day early.", by=by
    )
    assert (moved.began_at, moved.lapses_at) == (None, datetime(2026, 3, 4, 0, 0, tzinfo=UTC))
    other = legal.correct_legal_status(moved, code="03", since=TODAY - DAY, why="Revoked.", by=by)
    assert (other.began_at, other.lapses_at) == (None, None)


def test_the_72_hours_are_dated_reference_data_with_their_law():
    length = LegalDuration.objects.get(code="98", form="recalled")
    assert (length.number, length.unit, length.stage) == (72, "hours", "first")
    assert length.effective.lower == date(2008, 11, 3)
    assert "s17F" in length.legal_basis
