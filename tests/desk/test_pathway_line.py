"""The picture of a pathway: shapes from facts, for one stay and for twenty years, and the same in words."""

import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from psycopg2.extras import DateTimeTZRange

from accounts.models import Access
from desk.journey import Held, Journey, Period, Stay, in_words, journey_of
from desk.pathway_line import LEFT, RIGHT, WIDTH, draw
from desk.recorded import Recorded
from organisations.models import Bed, WardDesignation
from organisations.rules import Tier
from pathways.actions import placements, ready
from pathways.actions.leave import Terms, record_absence, record_leave
from pathways.actions.legal import record_legal_status
from pathways.actions.movements import Outing, record_movement
from pathways.models import Patient
from tests.desk.test_patients import address
from tests.pathways.waiting import waits
from tests.referrals.asking import text
from tests.world import LONG_AGO, NOW, a_patient, a_ward, actor_of, client_of, now

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
END = datetime(2026, 11, 27, 15, tzinfo=UTC)
PLACES = {
    "prison": ("HMP Wexley", "prison", ""),
    "medium": ("Ashdown Unit", "medium", "nhs"),
    "low": ("Brook House", "low", "independent"),
    "out": ("Released to the community", "community", ""),
    "at large": ("At large", "", ""),
}


def journey(*stays, held=(), periods=(), died=False):
    """A journey of (place, days), the last of which goes on or is a death."""
    since, made = END - timedelta(days=sum(length for _, length in stays)), []
    for number, (name, length) in enumerate(stays, start=1):
        place, tier, sector = PLACES[name]
        is_last = number == len(stays)
        until = None if is_last and not died else since + timedelta(days=length)
        made.append(
            Stay(
                number,
                number,
                place,
                "",
                tier,
                sector,
                since,
                False,
                until,
                length,
                False,
                "",
                "",
                "",
                0,
                "Lena",
                END,
            )
        )
        since += timedelta(days=length)
    if died:
        made.append(
            Stay(
                len(made) + 1, 0, "Died", "", "", "", since, False, None, 0, True, "", "", "", 0, "Lena", END
            )
        )
    return Journey(tuple(made), tuple(held), tuple(periods), END)


STAYS = st.lists(
    st.tuples(st.sampled_from(list(PLACES)), st.one_of(st.integers(1, 3), st.integers(1, 3000))),
    min_size=1,
    max_size=60,
)


@given(stays=STAYS, died=st.booleans())
def test_every_stay_shown_is_seen_in_order_and_inside_the_picture(stays, died):
    drawing = draw(journey(*stays, died=died))
    assert len({bar.stay.number for bar in drawing.bars}) == len(drawing.bars)
    assert drawing.bars[-1].stay.number == len(stays)
    for bar in drawing.bars:
        assert bar.width >= 3
        assert bar.x >= LEFT
        assert bar.x + bar.width <= WIDTH - RIGHT + 0.1
    assert all(one.x <= other.x for one, other in pairwise(drawing.bars))
    assert all(LEFT < tick.x <= WIDTH for tick in drawing.ticks)
    assert all(tick.x - before.x > 20 for before, tick in pairwise(drawing.ticks))


def test_a_night_in_twenty_years_is_seen_and_said_to_be_drawn_wider():
    drawing = draw(journey(("medium", 7000), ("at large", 1), ("medium", 300)))
    assert drawing.is_stretched
    assert drawing.bars[1].width >= 12
    assert drawing.bars[1].label == "2"


def test_nothing_is_said_to_be_wider_where_nothing_is():
    assert not draw(journey(("prison", 100), ("medium", 200))).is_stretched


def test_years_in_prison_before_the_first_request_are_cut_short():
    waiting = Period("waiting", "Transfer", END - 30 * DAY, None, 30)
    drawing = draw(journey(("prison", 2000), periods=[waiting]))
    (bar,) = drawing.bars
    assert drawing.marks[0].width > 0.8 * bar.width
    assert drawing.marks[0].label == "Waiting 30 days"
    assert bar.path.endswith("-13.0 z")  # the notch of what began before


def test_only_what_is_used_has_a_whole_lane_and_prison_stands_first():
    lanes = draw(journey(("prison", 10), ("medium", 10))).lanes
    assert [lane.words for lane in lanes if lane.is_used] == ["Prison", "Medium secure"]
    assert [lane.key for lane in lanes][:2] == ["prison", "high"]
    assert "elsewhere" not in {lane.key for lane in lanes}


def test_a_move_between_lanes_is_a_step_and_one_within_a_lane_is_none():
    assert len(draw(journey(("prison", 10), ("medium", 10), ("medium", 5), ("low", 9))).steps) == 2


def test_who_gives_care_is_told_by_kind_and_not_by_colour_alone():
    drawing = draw(journey(("prison", 99), ("medium", 99), ("low", 99), ("out", 99)))
    assert [bar.kind for bar in drawing.bars] == ["prison", "nhs", "independent", "elsewhere"]


def test_the_end_of_a_life_ends_the_picture():
    drawing = draw(journey(("prison", 100), ("medium", 100), died=True))
    assert drawing.ended == "Died 27 November 2026"
    assert len(drawing.bars) == 2


def test_a_restricted_status_is_told_apart():
    held = [
        Held("15", "Section 47 with section 49 restrictions", "s47/49", True, END - 90 * DAY, END - 40 * DAY),
        Held("16", "Section 47", "s47", False, END - 40 * DAY, None),
    ]
    bands = draw(journey(("prison", 10), ("medium", 90), held=held)).bands
    assert [(band.label, band.is_restricted) for band in bands] == [("s47/49", True), ("s47", False)]
    assert bands[0].x + bands[0].width < bands[1].x
    assert "restricted" in bands[0].words


def test_one_sheet_takes_the_newest_and_says_how_much_it_leaves_out():
    whole = journey(*[("prison", 30), ("medium", 30)] * 5, periods=range(9))
    fitting, left_out = whole.fitting(12)
    assert (fitting.stays, fitting.periods, left_out) == (whole.stays, (5, 6, 7, 8), 5)
    fitting, left_out = whole.fitting(4)
    assert (fitting.stays, fitting.periods, left_out) == (whole.stays[-4:], (), 6 + 9)
    assert whole.fitting(15) == (whole, 0)


def test_nobody_who_was_never_anywhere_has_a_picture():
    assert draw(Journey((), (), (), END)) is None
    assert in_words(Journey((), (), (), END)) == "No place is recorded."


@pytest.fixture
def patient(england):
    """From prison to Ashdown under s47/49 and on to Brook House, with leave and readiness."""
    patient, at = a_patient(england, since=now() - 900 * DAY), now() - 200 * DAY
    by = actor_of(england.maya, at=now())
    placements.place(patient, service=england.ashdown, ward=england.ward, at=at, by=by)
    record_legal_status(patient, code="15", limb="", since=at.date(), by=by)
    placements.place(patient, service=england.brook, ward=england.brook_ward, at=at + 150 * DAY, by=by)
    record_leave(patient, left_at=at + 20 * DAY, returned_at=at + 22 * DAY, terms=Terms("overnight"), by=by)
    ready.record_ready(patient, since=(at + 100 * DAY).date(), **waits(), by=actor_of(england.maya, at=now()))
    return patient


def test_the_facts_are_those_of_the_record(england, patient):
    found = journey_of(Recorded(patient, actor_of(england.maya, at=now())))
    assert [(stay.tier, stay.sector, stay.days) for stay in found.stays] == [
        ("prison", "", 700),
        ("medium", "nhs", 150),
        ("low", "independent", 51),  # today counts while they are there
    ]
    assert [stay.came_by for stay in found.stays] == ["", "From prison to hospital", "To lower security"]
    assert found.stays[2].crossed == "From the NHS to an independent provider"
    assert [stay.held_under for stay in found.stays] == ["", "s47/49", "s47/49"]
    assert [stay.bedless for stay in found.stays] == [0, 150, 51]
    assert [(one.kind, one.days) for one in found.periods] == [("leave", 2), ("ready", 49)]


def test_trial_leave_names_its_ward_and_absence_is_said(england, patient):
    at, by = now() - 5 * DAY, actor_of(england.luke, at=now())
    bed = Bed.objects.create(ward=a_ward(england.brook, Tier.STEP_DOWN, name="Cedar"), name="1")
    trial = Terms("trial", to_ward=bed.ward)
    row = record_leave(patient, left_at=at, terms=trial, bed=bed, by=by)
    record_absence(row, since=at + DAY, told="Police.", by=by)
    drawn = [one for one in journey_of(Recorded(patient, by)).periods if one.kind == "leave"]
    assert drawn[-1].words == "Trial leave to Brook House, Cedar ward: absent without leave"
    assert (drawn[-1].until, drawn[-1].days) == (None, 6)
    page = text(client_of(england.luke).get(address(patient)))
    assert "Trial leave to Brook House, Cedar ward: absent without leave" in page


def test_the_page_has_the_picture_and_the_same_facts_in_a_table(england, patient):
    response = client_of(england.luke).get(address(patient))
    html, page = response.content.decode(), text(response)
    svg = re.search(r"<svg class=\"app-pathway__picture.*?</svg>", html, re.S)[0]
    assert svg.count('class="app-pathway__stay"') == 3
    assert 'aria-labelledby="pathway-title pathway-words"' in svg
    assert "style=" not in svg
    for number in (1, 2, 3):
        assert f'href="#place-{number}"' in svg
        assert f'id="place-{number}"' in html
    for words in (
        "Medium secure, NHS",
        "Low secure, Independent",
        "From the NHS to an independent provider",
        "s47/49",
        "Overnight leave",
        "Clinically ready to move on",
    ):
        assert words in page


def test_the_picture_names_nobody(england, patient):
    html = client_of(england.luke).get(address(patient)).content.decode()
    svg = re.search(r"<svg class=\"app-pathway__picture.*?</svg>", html, re.S)[0]
    assert patient.family_name not in svg
    assert patient.family_name.upper() not in svg


def test_those_who_may_not_place_are_offered_no_correction(england, patient):
    for user, offered in ((england.luke, True), (england.carl, False)):
        html = client_of(user).get(address(patient)).content.decode()
        assert ("/correct/" in re.sub(r"/patients/[^/]+/correct/", "", html)) is offered


def test_somebody_restricted_has_no_picture_for_others(england, patient):
    Patient.objects.filter(pk=patient.pk).update(has_restricted_access=True)
    assert client_of(england.luke).get(address(patient)).status_code == 404


def test_as_many_queries_for_one_stay_as_for_many(england, patient):
    client, one = client_of(england.luke), a_patient(england, at_service=england.brook)
    client.get(address(one))  # what a process reads once
    counts = []
    for person in (one, patient):
        with CaptureQueriesContext(connection) as seen:
            journey_of(Recorded(person, actor_of(england.maya, at=now())))
        with CaptureQueriesContext(connection) as seen_by_page:
            assert client.get(address(person)).status_code == 200
        counts.append((len(seen), len(seen_by_page)))
    assert counts[0] == counts[1]


def test_a_ward_that_changed_its_tier_had_the_one_of_the_day(england, patient):
    WardDesignation.objects.filter(ward=england.ward).update(
        during=DateTimeTZRange(LONG_AGO, now() - 100 * DAY)
    )
    WardDesignation.objects.create(
        ward=england.ward,
        tier="low",
        gender="men",
        during=DateTimeTZRange(now() - 100 * DAY, None),
        recorded_at=NOW,
    )
    found = journey_of(Recorded(patient, actor_of(england.maya, at=now())))
    assert found.stays[1].tier == "medium"
    assert found.stays[2].came_by == "To the same security"


def test_the_event_line_says_who_recorded_what_and_when(england, patient):
    page = text(client_of(england.luke).get(address(patient) + "?show=places"))
    assert "Recorded by Maya" in page

    assert "to lower security; from the NHS to an independent provider" in page


def test_the_sheet_for_paper_is_for_the_same_people_and_logged_as_a_print(england, patient):
    sheet = address(patient, "pathway/")
    response = client_of(england.luke).get(sheet)
    assert response.status_code == 200
    assert "app-pathway__picture" in response.content.decode()
    assert Access.objects.get(user_id=england.luke.pk, page="desk:pathway").action == "print"
    assert client_of(england.sam).get(sheet).status_code == 404
    assert client_of(england.anna).get(sheet).status_code == 403


def test_the_sheet_says_of_each_place_how_it_was_come_to_however_many_there_are(england, patient):
    sheet = address(patient, "pathway/")
    page = text(client_of(england.luke).get(sheet))
    assert "No. Place Came by Security and provider" in page
    assert "Came by To lower security, NHS to independent" in page
    assert "Came by From prison to hospital" in page
    cedar, by = a_ward(england.brook, Tier.LOW, name="Cedar"), actor_of(england.maya, at=now())
    for number in range(8):
        ward = cedar if number % 2 == 0 else england.brook_ward
        placements.place(patient, service=england.brook, ward=ward, at=now() - (40 - number) * DAY, by=by)
    response = client_of(england.luke).get(sheet)
    assert "app-sheet--dense" in response.content.decode()
    assert text(response).count("Came by To the same security") == 8
    assert "Came by To lower security, NHS to independent" in text(response)


def test_a_day_at_court_is_a_mark_under_the_prison_and_a_line_of_the_list(england):
    patient = a_patient(england)
    said = Outing("court", "Wexley Crown Court", "Plea hearing", NOW - 3 * HOUR)
    by = actor_of(england.lena)
    record_movement(patient, said, returned_at=NOW - HOUR, by=by)
    found = journey_of(Recorded(patient, by))
    assert [(one.kind, one.words) for one in found.periods] == [
        ("movement", "Court: Wexley Crown Court, Plea hearing")
    ]
    drawn = draw(found)
    (mark,), (bar,) = drawn.marks, drawn.bars
    assert (mark.kind, mark.label, mark.y > bar.y) == ("movement", "", True)
    page = text(client_of(england.lena).get(f"/patients/{patient.public_id}/pathway/"))
    assert "At court, A&amp;E or escorted" in page
    assert "Court: Wexley Crown Court, Plea hearing" in page
