"""Each figure against a small world counted by hand."""

from datetime import date

import pytest

from pathways.models import Event
from referrals.models import HandOver
from reports.figures import asked as question
from reports.figures import door
from tests.reports.small_world import ASKED_AT, a_delay, a_transfer, asked, correct, noon
from tests.world import a_patient, actor_of

JAN, FEB = date(2026, 1, 1), date(2026, 2, 1)


def on(month: int, day: int) -> date:
    return date(2026, month, day)


@pytest.fixture
def world(england):
    """Received after 14, 15, 28 and 40 days; waiting 10, 20 and 50; one released and one improved."""
    steps = {
        "first_report": on(1, 8),
        "second_report": on(1, 10),
        "bed_date": on(1, 11),
        "application": on(1, 12),
        "warrant": on(1, 14),
    }
    england.received = [
        a_transfer(england, on(1, 5), received_on=on(1, 19), steps=steps),
        a_transfer(england, on(1, 5), received_on=on(1, 20), hospital=england.brook),
        a_transfer(england, on(1, 5), received_on=on(2, 2)),
        a_transfer(england, on(1, 10), received_on=on(2, 19)),
    ]
    england.waiting = [
        a_transfer(england, on(2, 20)),
        a_transfer(england, on(2, 10)),
        a_transfer(england, on(1, 11)),
    ]
    england.ended = [
        a_transfer(england, on(1, 2), ended=(on(1, 12), "released")),
        a_transfer(england, on(1, 2), ended=(on(2, 1), "improved")),
    ]
    england.error = a_transfer(england, on(1, 2), ended=(on(1, 3), "entered_in_error"))
    return england


@pytest.fixture
def anna(world):
    return actor_of(world.anna, at=ASKED_AT)


def test_received_in_time(anna):
    """Day 14 is in time, day 15 is not; so are 28 and 29. Median of 14, 15, 28, 40; nine tenths between 28 and 40."""
    received = door.figures(anna, asked())["received"]
    assert received == {
        "received": 4,
        "within_14": 1,
        "within_28": 3,
        "median": 21.5,
        "ninetieth": pytest.approx(36.4),
    }


def test_those_waiting_are_kept_apart(anna):
    figures = door.figures(anna, asked())
    assert figures["waiting"] == {
        "waiting": 3,
        "over_14": 2,
        "over_28": 1,
        "longest": 50,
        "waiting_median": 20,
    }
    assert {row["reason"]: (row["n"], row["median"]) for row in figures["ended"]} == {
        "released": (1, 10),
        "improved": (1, 30),
        "entered_in_error": (1, 1),
    }
    # Nine were asked for; the tenth was asked in error.
    assert figures["asked"] == 9


def test_a_longer_wait_does_not_move_the_figures_of_those_received(anna, world):
    before = door.figures(anna, asked())["received"]
    a_transfer(world, on(1, 1))
    assert door.figures(anna, asked())["received"] == before


def test_intervals(anna):
    found = {row["number"]: row for row in door.figures(anna, asked())["intervals"]}
    assert [found[n]["n"] for n in range(7)] == [4, 1, 1, 1, 1, 1, 1]
    assert [found[n]["median"] for n in range(1, 7)] == [3, 2, 1, 1, 2, 5]


def test_a_step_done_before_the_one_above_is_no_days(anna, world):
    a_transfer(world, on(1, 5), received_on=on(1, 9), steps={"second_report": on(1, 8), "bed_date": on(1, 6)})
    intervals = {row["number"]: row for row in door.figures(anna, asked())["intervals"]}
    assert intervals[3]["n"] == 2
    assert intervals[3]["median"] == 0.5


def test_by_month_region_and_provider(anna):
    figures = door.figures(anna, asked())
    months = {row["month"]: (row["asked"], row["received"], row["within_14"]) for row in figures["by_month"]}
    assert months == {"2026-01": (7, 2, 1), "2026-02": (2, 2, 0), "2026-03": (0, 0, 0)}
    (region,) = figures["by_region"]
    assert (region["code"], region["received"], region["waiting"]) == ("Y99", 4, 3)
    providers = {row["name"]: (row["received"], row["within_28"]) for row in figures["by_provider"]}
    assert providers == {"Ashdown Trust": (3, 2), "Brook Care": (1, 1)}


def test_filters(anna, world):
    brook = str(world.brook.provider.public_id)
    assert door.figures(anna, asked(provider=brook))["received"]["received"] == 1
    assert door.figures(anna, asked(region="Y99"))["received"]["received"] == 4
    assert door.figures(anna, asked(region="Y00"))["received"]["received"] == 0
    one_month = question.read({"from": "2026-02", "to": "2026-02"}, now=ASKED_AT)
    assert door.figures(anna, one_month)["received"]["received"] == 2


def test_delay_days_are_those_of_the_period(anna, world):
    first, second, _third = world.waiting
    # 20 Dec to 5 Jan: five of its days are in the period. From 25 Feb on and on: 25 to 28 February and 1, 2 March.
    a_delay(second, date(2025, 12, 20), on(1, 5), "ministry", "ministry_decision")
    a_delay(first, on(2, 25), None, "accepting_service", "no_bed")
    a_delay(world.ended[0], date(2025, 12, 1), date(2025, 12, 2), "accepting_service", "no_bed")
    assert {(row["party"], row["reason"]): row["days"] for row in door.figures(anna, asked())["delays"]} == {
        ("ministry", "ministry_decision"): 5,
        ("accepting_service", "no_bed"): 6,
    }
    behind = door.rows_behind(anna, asked(), "delayed", "accepting_service:no_bed")
    assert [row.pk for row in behind] == [first.pk]
    assert not door.rows_behind(anna, asked(), "delayed", "ministry:no_bed").exists()


def test_as_at_before_and_after_a_correction(anna, world):
    """Recorded as received on day 14; on 15 February it turns out to have been day 20."""
    step = world.received[0].steps.get(kind="received")
    correct(step, on(1, 25), corrected_on=on(2, 15))
    assert door.figures(anna, asked(as_at="2026-02-14"))["received"]["within_14"] == 1
    assert door.figures(anna, asked(as_at="2026-02-15"))["received"]["within_14"] == 0
    assert door.figures(anna, asked())["received"]["within_14"] == 0


def test_an_end_that_was_undone_counts_until_then(anna, world):
    """The released one (2 to 12 January) waits again from the day its end was undone."""
    released = world.ended[0]
    Event.objects.create(
        patient=released.patient, kind="referrals.end_undone", occurred_at=noon(on(1, 15)),
        recorded_at=noon(on(1, 15)), about_kind="referral", about_id=released.pk, details={"reason": "released"},
    )  # fmt: skip
    before, after = (
        door.figures(anna, asked(as_at=day))["waiting"]["waiting"] for day in ("2026-01-14", "2026-01-15")
    )
    assert after == before + 1


def test_as_at_an_earlier_day_those_received_since_still_wait(anna):
    figures = door.figures(anna, asked(as_at="2026-01-19"))
    # Of the four one is received, and the two that ended since the 19th, less the one of the 12th, still wait.
    assert figures["received"]["received"] == 1
    assert figures["waiting"]["waiting"] == 3 + 1 + 1
    assert figures["waiting"]["longest"] == 17


def test_a_corrected_first_day(anna, world):
    """Asked for on 20 February as first recorded; on 27 February put right to 1 February."""
    step = world.waiting[0].steps.get(kind="report_requested")
    correct(step, FEB, corrected_on=on(2, 27))
    assert door.figures(anna, asked(as_at="2026-02-26"))["waiting"]["over_14"] == 2
    assert door.figures(anna, asked())["waiting"]["over_14"] == 3


def test_an_end_is_known_from_when_it_was_recorded(anna, world):
    from pathways.models import Event

    late = a_transfer(world, on(1, 2))
    Event.objects.create(
        patient=late.patient,
        kind="referrals.ended",
        occurred_at=noon(on(2, 3)),
        recorded_at=noon(on(2, 20)),
        about_kind="referral",
        about_id=late.pk,
        details={"reason": "released"},
    )
    before = door.figures(anna, asked(as_at="2026-02-19"))
    after = door.figures(anna, asked())
    assert sum(row["n"] for row in before["ended"]) + 1 == sum(row["n"] for row in after["ended"])


def test_the_prison_is_the_one_of_that_day(anna, world):
    moved = world.waiting[2]
    HandOver.objects.create(
        referral=moved,
        from_service=world.prison,
        to_service=world.other_prison,
        moved_on=on(2, 20),
        recorded_at=noon(on(2, 20)),
    )
    moved.from_service = world.other_prison
    moved.save()
    found = door.dates_of(anna, asked(as_at="2026-02-19"), [moved.pk])[moved.pk]
    assert found["prison"] == "HMP Wexley"
    assert door.dates_of(anna, asked(), [moved.pk])[moved.pk]["prison"] == "HMP Barrow Hill"


def test_only_the_population_asked_for_counts(anna, world):
    southerner = a_patient(world, home_area=world.south)
    a_transfer(world, on(1, 5), received_on=on(1, 6), patient=southerner, commissioner=world.south)
    assert door.figures(anna, asked())["received"]["received"] == 4
    adam = actor_of(world.adam, at=ASKED_AT)
    assert door.figures(adam, asked())["received"]["received"] == 5
    lena = actor_of(world.lena, at=ASKED_AT)
    assert door.figures(lena, asked())["received"]["received"] == 0


@pytest.mark.parametrize(
    ("figure", "number"),
    [
        ("asked", 9),
        ("received", 4),
        ("within_14", 1),
        ("late", 3),
        ("within_28", 3),
        ("waiting", 3),
        ("over_14", 2),
        ("over_28", 1),
        ("ended", 3),
        ("unanswered", 0),
    ],
)
def test_the_rows_behind_a_figure_are_as_many(anna, figure, number):
    assert door.rows_behind(anna, asked(), figure).count() == number


def test_rows_by_end_reason(anna):
    assert door.rows_behind(anna, asked(), "ended", "released").count() == 1


def test_everything_is_one_query(anna, django_assert_num_queries):
    with django_assert_num_queries(1):
        door.figures(anna, asked())


def test_flags_escalations_and_assessments(anna, world):
    from assessments.models import Acceptance, Assessment, SignedAssessment
    from pathways.models import Clock, ClockPolicy, Flag

    waiting = world.waiting[2]
    policy = ClockPolicy.objects.get(code="bradley-14")
    clock = Clock.objects.create(
        patient=waiting.patient,
        policy=policy,
        about_kind="referral",
        about_id=waiting.pk,
        started_on=on(1, 11),
        due_on=on(1, 25),
    )
    facts = {"clock": clock, "owner": "concerned"}
    Flag.objects.create(level="breached", day=15, became_on=on(1, 26), raised_at=noon(on(1, 26)), **facts)
    Flag.objects.create(
        level="approaching",
        day=10,
        became_on=on(1, 21),
        raised_at=noon(on(1, 21)),
        superseded_at=noon(on(1, 22)),
        **facts,
    )
    escalated = Flag.objects.create(
        level="escalated",
        day=21,
        must_be_acknowledged=True,
        became_on=on(2, 1),
        raised_at=noon(on(2, 1)),
        **facts,
    )
    draft = {
        "patient": waiting.patient,
        "assessor": world.maya,
        "due_on": on(2, 1),
        "opened_at": noon(on(1, 20)),
    }
    first = Assessment.objects.create(
        lead_service=world.ashdown, closed_at=noon(on(1, 25)), closed_as="signed", **draft
    )
    signed = SignedAssessment.objects.create(
        assessment=first,
        patient=waiting.patient,
        service=world.ashdown,
        number=1,
        content={},
        tier="medium",
        sha256="0" * 64,
        signed_by=world.maya,
        signed_at=noon(on(1, 25)),
        current_until=on(8, 1),
    )
    word = {"signed": signed, "tier": "low", "answered_by": world.luke}
    Acceptance.objects.create(
        service=world.brook, answer="no", words="Made up.", answered_at=noon(on(1, 26)), **word
    )
    Acceptance.objects.create(service=world.brook, answer="yes", answered_at=noon(on(1, 28)), **word)
    Acceptance.objects.create(service=world.ashdown, answer="yes", answered_at=noon(on(1, 28)), **word)
    Assessment.objects.create(
        lead_service=world.brook,
        repeat_reason="second_opinion",
        repeat_why="Made up.",
        repeats=signed,
        **draft,
    )
    figures = door.figures(anna, asked())
    assert {row["level"]: row["n"] for row in figures["flags"]} == {"breached": 1, "escalated": 1}
    assert figures["unanswered"] == 1
    assert figures["assessments"] == {"signed": 1, "shared": 1, "times_shared": 1}
    brook = str(world.brook.public_id)
    assert figures["repeated"] == [
        {"reason": "second_opinion", "service": "Brook House", "service_id": brook, "n": 1}
    ]
    for figure, of, count in [
        ("flagged", "bradley-14:breached", 1),
        ("flagged", "bradley-14:approaching", 0),
        ("signed", "", 1),
        ("shared", "", 1),
        ("repeated", f"second_opinion:{brook}", 1),
        ("repeated", f"court:{brook}", 0),
    ]:
        rows = door.rows_behind(anna, asked(), figure, of)
        assert [row.pk for row in rows] == [waiting.pk] * count, (figure, of)
    assert not door.rows_behind(anna, asked(as_at="2026-01-27"), "shared").exists()
    assert door.figures(anna, asked(as_at="2026-01-27"))["assessments"]["shared"] == 0
    escalated.acknowledged_by, escalated.acknowledged_at = world.carl, noon(on(2, 10))
    escalated.save()
    assert door.figures(anna, asked())["unanswered"] == 0
    assert door.figures(anna, asked(as_at="2026-02-09"))["unanswered"] == 1


def test_other_areas_are_not_for_those_who_have_all_or_none(world, anna):
    assert door.other_areas(actor_of(world.adam, at=ASKED_AT), asked()) is None
    assert door.other_areas(actor_of(world.lena, at=ASKED_AT), asked()) is None
    (region,) = door.other_areas(anna, asked())["by_region"]
    assert region["received"] == 4
