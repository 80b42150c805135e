"""What was known of somebody's legal status last Tuesday stays so, whatever is entered today."""

from datetime import timedelta

from psycopg2.extras import DateRange

from pathways.actions import legal, placements
from pathways.models import LegalStatus
from tests.pathways.test_law import held
from tests.world import NOW, TODAY, a_patient, actor_of

DAY = timedelta(days=1)
TUESDAY = NOW - 3 * DAY


def known(patient, at):
    believed = LegalStatus.objects.as_known(at).filter(patient=patient).order_by("during")
    return [(one.code, one.during) for one in believed]


def test_a_status_entered_late_leaves_what_was_known_before(england):
    patient = a_patient(england, at_service=england.ashdown)
    held(patient, "02", since=TODAY - 30 * DAY, by=actor_of(england.maya, at=NOW - 20 * DAY))
    before = known(patient, TUESDAY)
    held(patient, "03", since=TODAY - 9 * DAY, by=actor_of(england.maya))
    assert known(patient, TUESDAY) == before == [("02", DateRange(TODAY - 30 * DAY, None))]
    assert known(patient, NOW) == [
        ("02", DateRange(TODAY - 30 * DAY, TODAY - 9 * DAY)),
        ("03", DateRange(TODAY - 9 * DAY, None)),
    ]


def test_an_end_entered_late_leaves_what_was_known_before(england):
    patient = a_patient(england, at_service=england.ashdown)
    status = held(patient, "02", since=TODAY - 30 * DAY, by=actor_of(england.maya, at=NOW - 20 * DAY))
    by = actor_of(england.maya)
    placements.place(patient, elsewhere="released", at=NOW - 9 * DAY, by=by)
    legal.end_legal_status(status, last_day=TODAY - 9 * DAY, by=by)
    assert known(patient, TUESDAY) == [("02", DateRange(TODAY - 30 * DAY, None))]
    assert known(patient, NOW) == [("02", DateRange(TODAY - 30 * DAY, TODAY - 8 * DAY))]
