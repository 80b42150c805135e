"""Beds and wards that come into use and go out of it: on days, never over somebody's head."""

from datetime import timedelta

import pytest

from core.refusals import Refused
from organisations.actions import designate_ward
from organisations.models import WardDesignation
from organisations.rules import start_of_day
from pathways.actions import bed_places, beds, placements, ward_beds
from pathways.models import BedUse
from tests.pathways.test_bed_board import in_bed, inpatient, promised
from tests.world import LONG_AGO, NOW, TODAY, actor_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def by(england):
    return actor_of(england.maya, at=NOW)


def give_up(england, by, *, since=3, why="An office."):
    return bed_places.give_up_bed(england.bed, since=TODAY + since * DAY, why=why, by=by)


def test_a_bed_is_nobodys_before_its_ward_has_it(england, by):
    bed = bed_places.add_bed(england.ward, name="9", since=TODAY + 3 * DAY, by=by)
    assert bed.added_at == NOW
    with pytest.raises(Refused, match="not in use for part of this time"):
        promised(england, by, since=2, until=4, bed=bed)
    promised(england, by, since=3, until=4, bed=bed)


def test_a_bed_is_nobodys_once_it_is_given_up(england, by):
    use = give_up(england, by)
    with pytest.raises(Refused, match="taken for part of this time"):
        promised(england, by, since=1, until=6)
    with pytest.raises(Refused, match="not in use for part of this time"):
        beds.close_bed(england.bed, since=NOW, until=NOW + 9 * DAY, why="Paint", by=by)
    with pytest.raises(Refused, match="given up already"):
        give_up(england, by, since=9)
    bed_places.use_again(use, by=by)
    promised(england, by, since=1, until=6)
    with pytest.raises(Refused, match="already ended"):
        bed_places.use_again(use, by=by)


def test_a_bed_that_was_given_up_is_taken_back_from_now_on(england, by):
    use = give_up(england, by, since=0)
    later = actor_of(england.maya, at=NOW + 5 * DAY)
    bed_places.use_again(use, by=later)
    use.refresh_from_db()
    assert (use.during.lower, use.during.upper) == (NOW, NOW + 5 * DAY)


def test_a_new_bed_can_come_sooner(england, by):
    bed = bed_places.add_bed(england.ward, name="9", since=TODAY + 30 * DAY, by=by)
    bed_places.use_again(BedUse.objects.get(bed=bed), by=by)
    promised(england, by, since=0, until=4, bed=bed)


def test_a_bed_is_not_given_up_over_somebodys_head(england, by):
    use = in_bed(england, by)
    with pytest.raises(Refused, match="Somebody is in that bed"):
        give_up(england, by)
    ward_beds.expect_departure(use, until=NOW + 2 * DAY, version=use.version, by=by)
    given_up = give_up(england, by)
    bed_places.use_again(given_up, by=by)
    promised(england, by, since=2, until=4)
    with pytest.raises(Refused, match="held for somebody after that"):
        give_up(england, by)


def test_closures_end_where_the_bed_is_given_up(england, by):
    running = beds.close_bed(england.bed, since=NOW - DAY, until=NOW + 4 * DAY, why="Paint", by=by)
    coming = beds.close_bed(england.bed, since=NOW + 6 * DAY, why="Floor", by=by)
    give_up(england, by)
    running.refresh_from_db()
    coming.refresh_from_db()
    assert running.during.upper == start_of_day(TODAY + 3 * DAY)
    assert coming.superseded_at is not None


def test_a_reason_is_asked(england, by):
    for act in (
        lambda: give_up(england, by, why=" "),
        lambda: bed_places.close_ward(england.ward, since=TODAY, why=" ", by=by),
    ):
        with pytest.raises(Refused, match="Say why"):
            act()


def test_a_ward_is_closed_once_nobody_is_left_on_it(england, by):
    def close():
        return bed_places.close_ward(england.ward, since=TODAY + 5 * DAY, why="It moves.", by=by)

    use = in_bed(england, by)
    without_bed = inpatient(england)
    with pytest.raises(Refused, match=r"^2 people are on this ward"):
        close()
    ward_beds.expect_departure(use, until=NOW + 2 * DAY, version=use.version, by=by)
    with pytest.raises(Refused, match=r"^1 person is on this ward"):
        close()
    placements.place(without_bed, service=england.brook, ward=england.brook_ward, at=NOW, by=by)
    held = promised(england, by, since=3, until=9, patient=inpatient_at_brook(england, by))
    with pytest.raises(Refused, match=r"^1 bed is held"):
        close()
    ward_beds.give_back(held, by=by)
    assert close().during.upper == start_of_day(TODAY + 5 * DAY)
    with pytest.raises(Refused, match="closed, or to be closed, already"):
        close()


def inpatient_at_brook(england, by):
    """Somebody of Brook House about whom Ashdown is concerned, having had them until now."""
    patient = inpatient(england)
    placements.place(patient, service=england.brook, ward=england.brook_ward, at=NOW - DAY, by=by)
    return patient


def test_what_a_ward_was_for_is_kept_as_it_was_known(england, by):
    designation = england.ward.designations.get()
    bed_places.close_ward(england.ward, since=TODAY - 5 * DAY, why="Found out late.", by=by)
    designation.refresh_from_db()
    assert (designation.superseded_at, designation.during.upper) == (NOW, None)
    ended = WardDesignation.objects.get(ward=england.ward, superseded_at=None)
    assert (ended.during.upper, ended.recorded_at) == (start_of_day(TODAY - 5 * DAY), NOW)
    assert designation.recorded_at <= LONG_AGO


def test_a_closed_ward_opens_again_for_something_else(england, by):
    bed_places.close_ward(england.ward, since=TODAY + DAY, why="It moves.", by=by)
    designate_ward(england.ward, tier="low", gender="men", since=TODAY + 9 * DAY, why="It is back.", by=by)
    standing = england.ward.designations.filter(superseded_at=None).order_by("during")
    assert [one.tier for one in standing] == ["medium", "low"]
