"""A legal status that held earlier is entered today: conflicts are shown, what stood is kept, limits follow."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from psycopg2.extras import DateRange, DateTimeTZRange

from core.refusals import Conflicting, Refused
from pathways import verification
from pathways.actions import legal, patients
from pathways.models import Clock, Leave, LegalStatus, MissingAuthority
from tests.pathways.moves_world import confirmed
from tests.pathways.test_law import ended, held, running
from tests.pathways.test_legal_as_known import known
from tests.world import NOW, TODAY, a_patient, actor_of

DAY = timedelta(days=1)
FEBRUARY = date(2026, 2, 12)


@pytest.fixture
def by(england):
    return actor_of(england.maya)


@pytest.fixture
def patient(england):
    """Somebody in hospital, whom everybody has known for long."""
    return a_patient(england, at_service=england.ashdown, since=NOW - 400 * DAY)


@pytest.fixture
def detained(england, patient):
    """Under section 3 since 20 February, as was known the next day."""
    held(patient, "03", since=date(2026, 2, 20), by=actor_of(england.maya, at=NOW - 9 * DAY))
    return patient


@pytest.fixture(autouse=True)
def _verified(db):
    yield
    assert not verification.failures()


def late(patient, code, since, last_day=None, *, by, **more):
    """Entered late, having seen what it goes against: the status and the sentences."""
    return confirmed(
        lambda **known: held(patient, code, since=since, last_day=last_day, by=by, **more, **known)
    )


def statuses(patient):
    believed = patient.legal_statuses.current().order_by("during")
    return [(one.code, one.during.lower, one.during.upper) for one in believed]


def outcomes(patient):
    """Each limit that was met or lapsed: policy, last day, on which day it ended, as what."""
    rows = Clock.objects.filter(patient=patient, ended_as__in=["met", "lapsed"])
    return sorted(rows.values_list("policy__code", "due_on", "ended_on", "ended_as"))


def test_one_before_the_present_lasts_until_it_begins(england, detained, by):
    limit, then = running(detained), known(detained, NOW - DAY)
    with pytest.raises(Conflicting):
        held(detained, "02", since=FEBRUARY, by=by)
    assert statuses(detained) == [("03", date(2026, 2, 20), None)]
    status, conflicts = late(detained, "02", FEBRUARY, by=by)
    assert conflicts == (
        (
            "This would record “Section 2” from 12 February 2026 to 19 February 2026. “Section 3”, recorded from "
            "20 February 2026 on, stays."
        ),
    )
    assert statuses(detained) == [("02", FEBRUARY, date(2026, 2, 20)), ("03", date(2026, 2, 20), None)]
    assert running(detained) == limit
    assert known(detained, NOW - DAY) == then
    (event,) = detained.events.filter(kind="pathways.held", about_id=status.pk)
    assert event.details["ends_on"] == "2026-02-19"


def test_what_was_seen_is_asked_again_once_it_is_something_else(detained, by):
    with pytest.raises(Conflicting) as refused:
        held(detained, "02", since=FEBRUARY, by=by)
    held(detained, "05", since=FEBRUARY + DAY, last_day=FEBRUARY + DAY, checked=seen(detained, by), by=by)
    with pytest.raises(Conflicting):
        held(detained, "02", since=FEBRUARY, checked=refused.value.checked, by=by)


def seen(patient, by):
    with pytest.raises(Conflicting) as refused:
        held(patient, "05", since=FEBRUARY + DAY, last_day=FEBRUARY + DAY, by=by)
    return refused.value.checked


def test_one_between_two_others_shortens_the_first(england, detained, by):
    late(detained, "02", FEBRUARY - 9 * DAY, by=actor_of(england.maya, at=NOW - 2 * DAY))
    first = detained.legal_statuses.current().get(code="02")
    _, conflicts = late(detained, "07", FEBRUARY, by=by)
    assert conflicts[1:] == (
        (
            "Of “Section 2”, recorded from 3 February 2026 to 19 February 2026, only from 3 February 2026 to "
            "11 February 2026 would stay."
        ),
        "“Section 35” does not usually follow “Section 2”.",
    )
    assert statuses(detained) == [
        ("02", FEBRUARY - 9 * DAY, FEBRUARY),
        ("07", FEBRUARY, date(2026, 2, 20)),
        ("03", date(2026, 2, 20), None),
    ]
    first.refresh_from_db()
    assert (first.superseded_by, first.why) == (by.user, "Another legal status was entered later.")


def test_what_lies_within_its_days_is_no_longer_believed_and_is_kept(detained, by):
    late(detained, "02", FEBRUARY, FEBRUARY + 3 * DAY, by=by)
    gone = detained.legal_statuses.current().get(code="02")
    _, conflicts = late(detained, "16", FEBRUARY - DAY, FEBRUARY + 5 * DAY, by=by)
    assert (
        "“Section 2”, recorded from 12 February 2026 to 15 February 2026, would no longer be believed."
        in conflicts
    )
    assert [code for code, _, _ in statuses(detained)] == ["16", "03"]
    gone.refresh_from_db()
    assert gone.superseded_by == by.user
    assert ("detention-ends", "void") in ended(detained)


def test_one_interrupts_another_which_goes_on_after_it_as_it_was(england, patient, by):
    held(patient, "01", since=FEBRUARY, by=actor_of(england.maya, at=NOW - 9 * DAY))
    _, conflicts = late(patient, "05", FEBRUARY + 2 * DAY, FEBRUARY + 3 * DAY, by=by)
    assert (
        "only from 12 February 2026 to 13 February 2026 and from 16 February 2026 on would stay"
        in (conflicts[1])
    )
    assert statuses(patient) == [
        ("01", FEBRUARY, FEBRUARY + 2 * DAY),
        ("05", FEBRUARY + 2 * DAY, FEBRUARY + 4 * DAY),
        ("01", FEBRUARY + 4 * DAY, None),
    ]


def test_an_interrupted_authority_ends_no_later_for_it(detained, by):
    limit = running(detained)
    late(detained, "07", date(2026, 2, 22), date(2026, 2, 23), by=by)
    rest = detained.legal_statuses.current().get(during__upper_inf=True)
    assert (rest.code, rest.during.lower) == ("03", date(2026, 2, 24))
    assert running(detained) == limit == {"detention-ends": rest.authorised_until}


def test_the_present_one_begins_later_and_is_counted_again(detained, by):
    _, conflicts = late(detained, "02", FEBRUARY, date(2026, 2, 22), by=by)
    assert "Its authority would be counted again, to 22 August 2026." in conflicts[1]
    assert statuses(detained) == [("02", FEBRUARY, date(2026, 2, 23)), ("03", date(2026, 2, 23), None)]
    assert running(detained) == {"detention-ends": date(2026, 8, 22)}
    assert ("detention-ends", "void") in ended(detained)


def test_a_shorter_authority_that_was_given_stays_and_stops_nobody_from_recording(england, patient, by):
    then = actor_of(england.maya, at=NOW - 9 * DAY)
    held(patient, "07", since=date(2026, 2, 20), authorised_until=date(2026, 2, 24), by=then)
    late(patient, "02", FEBRUARY, date(2026, 2, 26), by=by)
    assert running(patient)["detention-ends"] == date(2026, 2, 24)


def test_where_the_newest_has_ended_one_entered_from_the_middle_of_it_goes_on(patient, by):
    first = held(patient, "02", since=FEBRUARY, by=by)
    LegalStatus.objects.filter(pk=first.pk).update(during=DateRange(FEBRUARY, FEBRUARY + 9 * DAY))
    late(patient, "03", FEBRUARY + 5 * DAY, by=by)
    assert statuses(patient) == [
        ("02", FEBRUARY, FEBRUARY + 5 * DAY),
        ("03", FEBRUARY + 5 * DAY, None),
    ]
    assert set(running(patient)) == {"detention-ends"}


def test_nothing_is_asked_where_nothing_else_is_recorded(patient, by):
    held(patient, "02", since=FEBRUARY, last_day=FEBRUARY + DAY, by=by)
    held(patient, "01", since=FEBRUARY + 5 * DAY, last_day=FEBRUARY + 6 * DAY, by=by)
    assert [code for code, _, _ in statuses(patient)] == ["02", "01"]
    assert running(patient) == {}


@pytest.mark.parametrize(
    ("since", "last_day", "says", "field"),
    [
        (TODAY + DAY, None, "today or in the past", "since"),
        (date(1900, 1, 1), None, "before the person was born", "since"),
        (FEBRUARY, FEBRUARY - DAY, "before the first", "last_day"),
        (FEBRUARY, TODAY + DAY, "today or in the past", "last_day"),
        (FEBRUARY, TODAY, "holding now", "last_day"),
    ],
)
def test_days_that_cannot_be_are_refused_plainly(detained, by, since, last_day, says, field):
    with pytest.raises(Refused, match=says) as refused:
        held(detained, "02", since=since, last_day=last_day, by=by)
    assert refused.value.field == field
    assert not isinstance(refused.value, Conflicting)
    assert statuses(detained) == [("03", date(2026, 2, 20), None)]


def test_nobody_is_held_after_their_death_and_what_was_before_it_is_recorded(detained, by):
    patients.record_death(detained, on=date(2026, 2, 25), by=by)
    for since, last_day in ((date(2026, 2, 26), None), (FEBRUARY, date(2026, 2, 26))):
        with pytest.raises(Refused, match="had died by then"):
            held(detained, "02", since=since, last_day=last_day, by=by)
    late(detained, "02", FEBRUARY, by=by)
    assert statuses(detained)[0] == ("02", FEBRUARY, date(2026, 2, 20))
    assert running(detained) == {}


def test_a_correction_asks_for_the_life_of_the_person_too(detained, by):
    status = detained.legal_statuses.current().get()
    with pytest.raises(Refused, match="before the person was born"):
        legal.correct_legal_status(status, code="03", since=date(1900, 1, 1), why="Misread.", by=by)


# What hangs on them


def test_days_without_authority_are_said_and_lapsed_on_record(detained, by):
    since = date(2026, 1, 10)
    _, conflicts = late(detained, "02", since, by=by)
    assert conflicts[1] == (
        "Its authority ended on 6 February 2026: from then to 19 February 2026 the person was held without one."
    )
    assert ("detention-ends", date(2026, 2, 6), date(2026, 2, 20), "lapsed") in outcomes(detained)


def test_one_that_had_lapsed_is_judged_by_the_day_on_which_it_ended_after_all(detained, by):
    late(detained, "02", date(2026, 1, 10), by=by)
    late(detained, "16", date(2026, 1, 20), by=by)
    found = outcomes(detained)
    assert ("detention-ends", date(2026, 2, 6), date(2026, 1, 20), "met") in found
    assert not [one for one in found if one[3] == "lapsed"]


def test_in_whatever_order_they_are_entered_the_limits_come_out_the_same(england, by):
    entered = [("02", 90), ("16", 70), ("07", 60), ("09", 20), ("10", 9)]
    found = []
    for order in (entered, list(reversed(entered)), [entered[n] for n in (2, 4, 0, 3, 1)]):
        patient = a_patient(england, at_service=england.ashdown, since=NOW - 400 * DAY)
        for code, days in order:
            try:
                held(patient, code, since=TODAY - days * DAY, by=by)
            except Conflicting as seen_now:
                held(patient, code, since=TODAY - days * DAY, checked=seen_now.checked, by=by)
        found.append((statuses(patient), running(patient), outcomes(patient)))
    assert found[0] == found[1] == found[2]
    assert ("detention-ends", TODAY - 33 * DAY, TODAY - 20 * DAY, "lapsed") in found[0][2]


def test_an_order_before_which_somebody_was_restricted_lacked_its_authority(detained, by):
    held(detained, "98", form="community_treatment", since=TODAY - DAY, by=by)
    assert not MissingAuthority.objects.exists()
    late(detained, "09", TODAY - 4 * DAY, by=by)
    (missing,) = MissingAuthority.objects.all()
    assert (missing.act, missing.on) == ("community_treatment", TODAY - DAY)
    late(detained, "09", TODAY - 6 * DAY, by=by)
    assert MissingAuthority.objects.count() == 1


def test_an_order_entered_late_lacked_the_authority_of_what_was_before_it(detained, by):
    late(detained, "09", FEBRUARY - 30 * DAY, FEBRUARY, by=by)
    late(detained, "98", FEBRUARY + DAY, form="conditional_discharge", by=by)
    (missing,) = MissingAuthority.objects.all()
    assert (missing.act, missing.on) == ("conditional_discharge", FEBRUARY + DAY)


def test_leave_of_days_that_were_restricted_lacked_its_authority(england, detained, by):
    went = datetime.combine(FEBRUARY, time(9), tzinfo=UTC)
    for at in (went, went - 9 * DAY):
        Leave.objects.create(
            patient=detained,
            service=england.ashdown,
            kind="escorted",
            planned_from=at,
            during=DateTimeTZRange(at, at + timedelta(hours=3)),
            ended_as="returned",
            agreed_by="Dr A",
            recorded_at=at,
        )
    late(detained, "09", FEBRUARY, by=by)
    (missing,) = MissingAuthority.objects.all()
    assert (missing.act, missing.on) == ("escorted_leave", FEBRUARY)
