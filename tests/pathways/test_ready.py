"""Recording that somebody is ready to move on: its reasons, its ends, its corrections, and moves entered late."""

from datetime import timedelta

import pytest

from core.refusals import Conflicting, Refused
from pathways.actions import patients, placements, ready
from pathways.days import london_date
from pathways.models import Event, ReadyPeriod
from tests.pathways.waiting import reason, waits
from tests.world import NOW, TODAY, a_patient, actor_of

DAY = timedelta(days=1)


def on(days):
    return TODAY + days * DAY


@pytest.fixture
def patient(england):
    """At Ashdown, medium secure, for a hundred days."""
    patient = a_patient(england, since=NOW - 500 * DAY)
    at = NOW - 100 * DAY
    placements.place(
        patient, service=england.ashdown, ward=england.ward, at=at, by=actor_of(england.maya, at=at)
    )
    return patient


@pytest.fixture
def by(england):
    return actor_of(england.maya)


def recorded(patient, by, days=-30, **known):
    return ready.record_ready(patient, since=on(days), **waits(**known), by=by)


def periods(patient, *, at=None):
    """What is believed, or was as known at an instant: first day, day of the end, how, in days from today."""
    rows = patient.ready_periods.as_known(at) if at else patient.ready_periods.current()
    return [
        (
            (one.during.lower - TODAY).days,
            (one.during.upper - TODAY).days if one.during.upper else None,
            one.ended_as,
        )
        for one in rows.order_by("during")
    ]


def moves(england, patient, days, *, known=0, **where):
    """A move on a day, recorded on another; whatever it goes against has been seen."""
    acts_at = actor_of(england.maya, at=NOW + known * DAY)
    where = where or {"service": england.brook, "ward": england.brook_ward}
    at = NOW + days * DAY
    try:
        return placements.place(patient, at=at, **where, by=acts_at)
    except Conflicting as seen:
        return placements.place(patient, at=at, **where, checked=seen.checked, by=acts_at)


def test_it_is_recorded_with_what_it_waits_for(england, patient, by):
    period = recorded(
        patient, by, waits_on="service", waits_on_service=england.brook, waits_on_words=" A bed "
    )
    assert periods(patient) == [(-30, None, "")]
    assert (period.service, period.reason_code, period.attributable_to) == (england.ashdown, "05", "04")
    assert (period.next_tier, period.waits_on_whom, period.waits_on_words) == ("low", "Brook House", "A bed")
    assert period.group == "Community"
    event = Event.objects.get(kind="pathways.ready")
    assert (london_date(event.occurred_at), event.service) == (on(-30), england.ashdown)
    assert event.details == {"reason": "05", "tier": "low"}


def test_who_it_waits_on_is_named_where_it_can_be(england, patient, by):
    for waits_on, field in (("service", "waits_on_service"), ("commissioner", "waits_on_commissioner")):
        with pytest.raises(Refused) as refused:
            recorded(patient, by, waits_on=waits_on)
        assert refused.value.field == field
    with pytest.raises(Refused):
        recorded(patient, by, waits_on_words=" ")
    period = recorded(
        patient,
        by,
        waits_on="commissioner",
        waits_on_commissioner=england.north,
        waits_on_service=england.brook,
    )
    assert (period.waits_on_commissioner, period.waits_on_service) == (england.north, None)


def test_it_is_recorded_once_and_only_by_the_hospital_that_has_them(england, patient, by):
    recorded(patient, by)
    with pytest.raises(Refused, match="already recorded as ready"):
        recorded(patient, by, -20)
    for user in (england.luke, england.ines):
        with pytest.raises(Refused, match="your hospital"):
            recorded(patient, actor_of(user), -20)
    with pytest.raises(Refused, match="your hospital"):
        recorded(a_patient(england), actor_of(england.ines))


def test_never_before_the_stay_began_nor_to_come(patient, by):
    for days in (-101, 1):
        with pytest.raises(Refused) as refused:
            recorded(patient, by, days)
        assert refused.value.field == "since"
    recorded(patient, by, -100)


def test_another_reason_goes_on_without_a_break(england, patient, by):
    first = recorded(patient, by)
    then = ready.change_ready_reason(
        first, since=on(-10), **reason(reason="24", waits_on="ministry", waits_on_words=""), by=by
    )
    assert periods(patient) == [(-30, -10, "reason"), (-10, None, "")]
    assert (then.ready_since, then.waits_on_whom) == (on(-30), "Ministry of Justice")
    assert periods(patient, at=NOW - DAY) == []
    with pytest.raises(Refused, match="corrected already"):
        ready.change_ready_reason(first, since=on(-5), **reason(), by=by)
    with pytest.raises(Refused, match="Correct it instead"):
        ready.change_ready_reason(then, since=on(-10), **reason(), by=by)
    with pytest.raises(Refused, match="Only the hospital"):
        ready.change_ready_reason(then, since=on(-5), **reason(), by=actor_of(england.luke))


def test_it_ends_without_a_move_when_the_person_becomes_unwell(patient, by):
    period = recorded(patient, by)
    ended = ready.end_ready(period, on=on(-4), ended_as="unwell", why="Stopped treatment.", by=by)
    assert periods(patient) == [(-30, -4, "unwell")]
    assert ended.ended_why == "Stopped treatment."
    assert ReadyPeriod.objects.filter(superseded_at__isnull=False).get().during.upper is None
    again = recorded(patient, by, -2)
    assert periods(patient) == [(-30, -4, "unwell"), (-2, None, "")]
    assert again.ready_since == on(-2)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"on": on(-30)}, "on"),
        ({"on": on(1)}, "on"),
        ({"ended_as": "moved"}, "ended_as"),
        ({"why": " "}, "why"),
    ],
)
def test_an_end_has_a_day_a_cause_and_a_reason(patient, by, change, field):
    period = recorded(patient, by)
    with pytest.raises(Refused) as refused:
        ready.end_ready(period, **{"on": on(0), "ended_as": "unwell", "why": "Unwell.", **change}, by=by)
    assert refused.value.field == field
    assert periods(patient) == [(-30, None, "")]


def test_a_move_on_ends_it_as_it_happens(england, patient, by):
    period = recorded(patient, by)
    moves(england, patient, 0)
    assert periods(patient) == [(-30, 0, "moved")]
    assert ReadyPeriod.objects.get() == period
    event = Event.objects.get(kind="pathways.ready_ended")
    assert event.details == {"reason": "05", "tier": "low", "ended_as": "moved"}


def test_a_move_entered_late_ends_it_and_what_was_known_stays_known(england, patient, by):
    early = actor_of(england.maya, at=NOW - 25 * DAY)
    ready.record_ready(patient, since=on(-30), **waits(), by=early)
    moves(england, patient, -5)
    assert periods(patient) == [(-30, -5, "moved")]
    assert periods(patient, at=NOW - DAY) == [(-30, None, "")]


def test_one_recorded_after_the_move_has_ended_already(england, patient, by):
    moves(england, patient, -5)
    recorded(patient, by)
    assert periods(patient) == [(-30, -5, "moved")]
    with pytest.raises(Refused, match="same day"):
        recorded(patient, by, -5)


def test_a_move_before_it_began_leaves_nothing_of_it(england, patient, by):
    recorded(patient, by, -10)
    moves(england, patient, -20)
    assert periods(patient) == []
    assert ReadyPeriod.objects.get().why


def test_only_what_comes_after_the_move_falls(england, patient, by):
    first = recorded(patient, by)
    ready.change_ready_reason(first, since=on(-10), **reason(reason="24"), by=by)
    moves(england, patient, -15)
    assert periods(patient) == [(-30, -15, "moved")]


def test_a_death_a_release_and_higher_security_end_it(england, patient, by):
    for ends_as, act in {
        "died": lambda person: patients.record_death(person, on=TODAY, by=by),
        "moved": lambda person: placements.place(person, elsewhere="released", at=NOW, by=by),
    }.items():
        person = a_patient(england, at_service=england.ashdown)
        recorded(person, by, next_tier="community")
        act(person)
        assert periods(person) == [(-30, 0, ends_as)]


def test_being_away_or_on_another_ward_of_the_tier_does_not_end_it(england, patient, by):
    recorded(patient, by)
    moves(england, patient, -6, elsewhere="general_hospital")
    moves(england, patient, -4, service=england.ashdown)
    assert periods(patient) == [(-30, None, "")]


def test_it_follows_a_move_that_is_put_right_or_taken_back(england, patient, by):
    recorded(patient, by)
    placement = moves(england, patient, -5)
    placement = placements.correct_placement(placement, at=NOW - 8 * DAY, why="Misread.", by=by)
    assert periods(patient) == [(-30, -8, "moved")]
    placements.remove_placement(placement, why="Never went.", by=by)
    assert periods(patient) == [(-30, None, "")]


def test_what_somebody_ended_stays_when_a_later_move_comes(england, patient, by):
    ready.end_ready(recorded(patient, by), on=on(-20), ended_as="unwell", why="Unwell.", by=by)
    moves(england, patient, -5)
    assert periods(patient) == [(-30, -20, "unwell")]


def test_it_is_corrected_and_what_stood_is_kept(england, patient, by):
    first = recorded(patient, by)
    then = ready.change_ready_reason(first, since=on(-10), **reason(reason="24"), by=by)
    first = ReadyPeriod.objects.current().get(patient=patient, during__startswith=on(-30))
    corrected = ready.correct_ready(
        first, since=on(-40), **reason(reason="18", next_tier="step_down"), why="Misread.", by=by
    )
    assert periods(patient) == [(-40, -10, "reason"), (-10, None, "")]
    assert (corrected.reason_code, corrected.next_tier) == ("18", "step_down")
    assert set(patient.ready_periods.current().values_list("ready_since", flat=True)) == {on(-40)}
    then = patient.ready_periods.current().get(during__upper_inf=True)
    ready.correct_ready(then, since=on(-12), **reason(reason="24"), why="Misread.", by=by)
    assert periods(patient) == [(-40, -12, "reason"), (-12, None, "")]
    assert {one.why for one in patient.ready_periods.exclude(superseded_at=None)} >= {"Misread."}
    for days in (-41 - 60, 1):
        with pytest.raises(Refused):
            ready.correct_ready(
                patient.ready_periods.current().order_by("during").first(),
                since=on(days),
                **reason(),
                why="Misread.",
                by=by,
            )


def test_an_end_by_hand_is_corrected_or_found_never_to_have_been(patient, by):
    period = ready.end_ready(recorded(patient, by), on=on(-4), ended_as="unwell", why="Unwell.", by=by)
    period = ready.correct_ready(period, since=on(-30), until=on(-6), **reason(), why="Misread.", by=by)
    assert periods(patient) == [(-30, -6, "unwell")]
    assert period.ended_why == "Unwell."
    ready.correct_ready(period, since=on(-30), **reason(), why="Another person.", by=by)
    assert periods(patient) == [(-30, None, "")]


def test_the_newest_is_taken_back_and_the_one_before_goes_on(patient, by):
    first = recorded(patient, by)
    then = ready.change_ready_reason(first, since=on(-10), **reason(reason="24"), by=by)
    first = patient.ready_periods.current().get(during__startswith=on(-30))
    with pytest.raises(Refused, match="later reason"):
        ready.take_back_ready(first, why="Mistake.", by=by)
    ready.take_back_ready(then, why="Mistake.", by=by)
    assert periods(patient) == [(-30, None, "")]
    ready.take_back_ready(patient.ready_periods.current().get(), why="Mistake.", by=by)
    assert periods(patient) == []
    assert ReadyPeriod.objects.count() == 4


def test_what_a_late_move_takes_back_is_shown_before_anything_is_written(england, patient, by):
    first = recorded(patient, by)
    then = ready.change_ready_reason(first, since=on(-10), **reason(reason="24"), by=by)
    before = periods(patient)
    with pytest.raises(Conflicting) as refused:
        moves_unseen(england, patient, -15, by)
    assert refused.value.conflicts == (
        "They are recorded as clinically ready from 20 February 2026. That would no longer be believed.",
    )
    assert periods(patient) == before
    ready.end_ready(then, on=on(-2), ended_as="unwell", why="Unwell.", by=by)
    with pytest.raises(Conflicting, match="would end on 25 February 2026, with the move"):
        moves_unseen(england, patient, -5, by)


@pytest.mark.parametrize("died", [0, -1])
def test_a_death_is_recorded_whatever_was_said_of_being_ready_since(patient, by, died):
    recorded(patient, by, days=0)
    patients.record_death(patient, on=on(died), by=by)
    assert periods(patient) == []


def test_a_move_that_only_ends_it_asks_nothing(england, patient, by):
    recorded(patient, by)
    moves_unseen(england, patient, -5, by)
    assert periods(patient) == [(-30, -5, "moved")]


def moves_unseen(england, patient, days, by):
    return placements.place(
        patient, service=england.brook, ward=england.brook_ward, at=NOW + days * DAY, by=by
    )
