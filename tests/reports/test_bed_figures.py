"""Each figure of beds and stays against a small world counted by hand."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from psycopg2.extras import DateRange, DateTimeTZRange

from organisations.models import Bed, Membership, Service, WardDesignation
from pathways.actions import bed_places
from pathways.models import Leave, Responsibility
from reports.figures import asked as question
from reports.figures import bed_door
from tests.reports.bed_world import a_use, at, correct, in_hospital, moved, on_leave, ready
from tests.reports.small_world import ASKED_AT
from tests.world import LONG_AGO, NOW, a_patient, actor_of, member

JANUARY = {"from": "2026-01", "to": "2026-01"}
FEBRUARY = {"from": "2026-02", "to": "2026-02"}


def asked(at_=ASKED_AT, **answers):
    return question.read({**JANUARY, **answers}, now=at_)


@pytest.fixture
def anna(england):
    return actor_of(england.anna, at=ASKED_AT)


def beds(actor, **answers):
    return bed_door.figures(actor, asked(**answers))["beds"]


def test_days_of_beds_in_january(england, anna):
    """Three beds of 31 days: one occupied from the 10th to the 12th, another closed for the last four days."""
    in_hospital(england, at(1, 10), at(1, 13))
    a_use(england.second_bed, None, at(1, 28), at(2, 5))
    assert beds(anna) == {
        "available": 3 * 31 - 4,
        "occupied": 3,
        "less_leave": 3,
        "kept": 0,
        "closed": 4,
    }


def test_leave_is_counted_once_and_can_be_left_out(england, anna):
    """Away from the 10th to the 13th with the bed kept, of ten days."""
    patient = a_patient(england)
    moved(england, patient, (at(1, 5), {"service": england.ashdown, "ward": england.ward}))
    leave = on_leave(england, patient, at(1, 10), at(1, 14))
    a_use(england.bed, patient, at(1, 5), at(1, 10))
    a_use(england.bed, patient, at(1, 10), at(1, 14), purpose="leave", about_kind="leave", about_id=leave.pk)
    a_use(england.bed, patient, at(1, 14), at(1, 15))
    found = beds(anna)
    assert (found["occupied"], found["less_leave"], found["kept"]) == (10, 6, 4)


def test_a_day_of_trial_leave_counts_for_the_bed_that_is_kept(england, anna):
    """Four days at Brook House; from the 12th the first bed is released, and the trial's counts."""
    patient = a_patient(england)
    moved(england, patient, (at(1, 5), {"service": england.ashdown, "ward": england.ward}))
    leave = on_leave(england, patient, at(1, 10), at(1, 14), ward=england.brook_ward)
    about = {"about_kind": "leave", "about_id": leave.pk}
    a_use(england.bed, patient, at(1, 5), at(1, 10))
    a_use(england.bed, patient, at(1, 10), at(1, 12), purpose="leave", **about)
    a_use(england.brook_bed, patient, at(1, 10), at(1, 14), **about)
    assert beds(anna) == {"available": 93, "occupied": 9, "less_leave": 9, "kept": 2, "closed": 0}
    by_tier = {row["code"]: row for row in bed_door.figures(anna, asked())["beds_by_tier"]}
    assert (by_tier["medium"]["occupied"], by_tier["low"]["occupied"]) == (7, 2)
    assert (by_tier["medium"]["less_leave"], by_tier["low"]["less_leave"]) == (7, 2)


def test_days_of_trial_count_for_the_bed_of_the_trial_where_the_kept_one_is_not_counted(england, anna):
    """Ten days on trial from Ashdown in a bed of Brook House, which the south commissions; absent from the 18th. The
    first bed is released on the 19th."""
    Service.objects.filter(pk=england.brook.pk).update(commissioner=england.south)
    patient = a_patient(england)
    moved(england, patient, (at(1, 5), {"service": england.ashdown, "ward": england.ward}))
    leave = on_leave(england, patient, at(1, 10), at(1, 20), ward=england.brook_ward)
    about = {"about_kind": "leave", "about_id": leave.pk}
    a_use(england.bed, patient, at(1, 5), at(1, 10))
    a_use(england.bed, patient, at(1, 10), at(1, 19), purpose="leave", **about)
    a_use(england.brook_bed, patient, at(1, 10), at(1, 18), **about)
    a_use(england.brook_bed, patient, at(1, 18), at(1, 20), purpose="leave", **about)
    member(england.carl, "commissioner", commissioner=england.south)
    Membership.objects.filter(user=england.carl, commissioner=england.north).delete()
    north, south = beds(anna), beds(actor_of(england.carl, at=ASKED_AT))
    everybody = beds(actor_of(england.adam, at=ASKED_AT))
    found = [(one["occupied"], one["less_leave"], one["kept"]) for one in (north, south, everybody)]
    assert found == [(5 + 9, 5 + 8, 9), (10, 8, 2), (5 + 10, 5 + 8, 11)]
    narrowed = bed_door.figures(actor_of(england.adam, at=ASKED_AT), asked(tier="low"))["beds"]
    assert (narrowed["occupied"], narrowed["less_leave"]) == (1, 0)


def test_somebody_who_stays_in_a_bed_closed_ahead_is_in_it(england, anna):
    patient = in_hospital(england, at(1, 10), None)
    patient.bed_uses.update(expected_end_at=at(1, 15))
    a_use(england.bed, None, at(1, 15), at(1, 25))
    patient.bed_uses.update(during=DateTimeTZRange(at(1, 10), at(1, 20)))
    found = beds(anna)
    assert (found["available"], found["occupied"], found["closed"]) == (93 - 5, 10, 5)


def test_a_bed_given_up_counts_while_somebody_had_it(england, anna):
    patient = in_hospital(england, at(1, 10), None)
    patient.bed_uses.update(expected_end_at=at(1, 12))
    a_use(england.bed, None, at(1, 12), None, purpose="not_in_use")
    patient.bed_uses.update(during=DateTimeTZRange(at(1, 10), at(1, 13)))
    found = beds(anna)
    assert (found["available"], found["occupied"], found["closed"]) == (2 * 31 + 11 + 1, 3, 0)


def test_a_bed_counts_from_the_day_on_which_its_ward_has_it(england, anna):
    a_use(england.bed, None, None, at(1, 12), purpose="not_in_use")
    assert beds(anna)["available"] == 2 * 31 + 20


def test_a_bed_added_or_given_up_today_leaves_what_was_known_as_it_was(england, anna):
    last_tuesday = {"as_at": f"{anna.today - timedelta(days=4)}"}
    before = beds(anna, **last_tuesday)
    bed_places.add_bed(england.ward, name="9", since=at(1, 11).date(), by=anna)
    bed_places.give_up_bed(england.bed, since=at(1, 21).date(), why="Found out late.", by=anna)
    bed_places.close_ward(england.brook_ward, since=at(1, 31).date(), why="Found out late.", by=anna)
    assert beds(anna, **last_tuesday) == before
    assert beds(anna)["available"] == 3 * 31 + 21 - 11 - 1


def test_a_ward_counts_from_when_it_is_for_something_and_by_what_it_is_for(england, anna):
    """Ashdown's ward becomes low secure on the 11th; Brook's opens on the 21st and is known from then."""
    opened = datetime(2026, 1, 21, tzinfo=UTC)
    WardDesignation.objects.filter(ward=england.brook_ward).update(during=DateTimeTZRange(opened, None))
    turned = datetime(2026, 1, 11, tzinfo=UTC)
    own = WardDesignation.objects.filter(ward=england.ward)
    own.update(during=DateTimeTZRange(at(1, 1, year=2020), turned))
    WardDesignation.objects.create(
        ward=england.ward,
        tier="low",
        gender="men",
        during=DateTimeTZRange(turned, None),
        recorded_at=turned,
    )
    in_hospital(england, at(1, 9), at(1, 14))
    in_hospital(england, at(1, 5), at(1, 7), bed=england.brook_bed)
    rows = {row["code"]: row for row in bed_door.figures(anna, asked())["beds_by_tier"]}
    assert {code: (row["available"], row["occupied"]) for code, row in rows.items()} == {
        "medium": (20, 2),
        "low": (2 * 21 + 11, 3),
        "": (2, 2),
    }
    assert beds(anna, tier="low")["available"] == 53
    assert beds(anna, tier="high")["available"] == 0
    assert beds(anna, gender="women")["available"] == 0
    assert beds(anna, gender="men")["available"] == 73


def test_as_at_before_and_after_a_correction(england, anna):
    """Recorded as until the 13th; on the 20th put right to the 16th."""
    patient = in_hospital(england, at(1, 10), at(1, 13))
    correct(patient.bed_uses.get(), at(1, 10), at(1, 16), corrected_at=at(1, 20))
    assert beds(anna, as_at="2026-01-19")["occupied"] == 3
    assert beds(anna, as_at="2026-01-20")["occupied"] == 6
    assert beds(anna)["occupied"] == 6
    assert beds(anna, as_at="2026-01-11")["occupied"] == 2


def test_stays_that_began_ended_and_go_on(england, anna):
    """10 days, 20 days, and two that go on, of 26 and of 5 days so far at the end of January."""
    in_hospital(england, at(1, 1), at(1, 11))
    in_hospital(england, at(12, 31, year=2025), at(1, 20), bed=england.second_bed)
    in_hospital(england, at(1, 27), None, bed=england.second_bed)
    in_hospital(england, at(1, 6), None, bed=england.brook_bed)
    figures = bed_door.figures(anna, asked())
    assert figures["admitted"] == 3
    known = {"n": 2, "median": 15, "ninetieth": 19, "longest": 20, "geometric": pytest.approx(200**0.5)}
    assert figures["discharged"].items() >= known.items()
    known = {"n": 2, "median": 15.5, "ninetieth": pytest.approx(23.9), "longest": 26}
    assert figures["staying"].items() >= known.items()
    assert {row["band"]: (row["discharged"], row["staying"]) for row in figures["lengths"]} == {
        "under_1": (2, 2)
    }
    (month,) = figures["people_by_month"]
    assert (month["admitted"], month["discharged"], month["median"]) == (3, 2, 15)


def test_lengths_without_the_days_of_being_ready(england, anna):
    """20 days, the last nine of them ready for low security; one of 26 days so far, ready since the 10th, as is known
    since the 12th: on the 15th it was put right to the 20th."""
    left = in_hospital(england, at(12, 31, year=2025), at(1, 20))
    ready(left, england.ashdown, at(1, 10).date(), at(1, 20).date())
    stays = in_hospital(england, at(1, 6), None, bed=england.second_bed)
    wrong = ready(stays, england.ashdown, at(1, 10).date(), recorded_at=at(1, 12))
    ready(stays, england.brook, at(1, 7).date(), at(1, 9).date(), superseded_at=at(1, 8))

    def lengths(as_at=""):
        figures = bed_door.figures(anna, asked(as_at=as_at))
        names = ("median", "less_ready_median", "less_ready_ninetieth", "less_ready_geometric")
        return [[figures[of][name] for name in names] for of in ("discharged", "staying")]

    assert lengths() == [[20, 11, 11, pytest.approx(11)], [26, 5, 5, pytest.approx(5)]]
    before = lengths("2026-01-14")
    assert before == [[None] * 4, [12, 8, pytest.approx(10.4), pytest.approx(55**0.5)]]
    wrong.superseded_at, wrong.why = at(1, 15), "It was misread."
    wrong.save()
    ready(stays, england.ashdown, at(1, 20).date(), recorded_at=at(1, 15))
    assert lengths("2026-01-14") == before
    assert lengths()[1] == [26, 15, 15, pytest.approx(15)]
    (row,) = bed_door.rows_behind(anna, asked(), "discharged")
    assert bed_door.facts_of(anna, asked(), [row.pk])[row.pk]["ready_days"] == 9


def test_leave_over_28_days_ends_a_spell_and_no_stay(england, anna):
    """At Ashdown from 1 November; on trial leave from 1 December, known to be back on 10 January since that day."""
    patient = a_patient(england)
    patient.responsibilities.update(recorded_at=LONG_AGO)
    moved(england, patient, (at(11, 1, year=2025), {"service": england.ashdown, "ward": england.ward}))
    leave = on_leave(england, patient, at(12, 1, year=2025), None, ward=england.brook_ward)

    def counted(as_at="", **period):
        figures = bed_door.figures(anna, asked(as_at=as_at, **period))
        spells = [(figures[of]["n"], figures[of]["longest"]) for of in ("spells_ended", "spells_on")]
        by_leave = figures["spells_ended"]["by_leave"]
        return spells, by_leave, (figures["discharged"]["n"], figures["staying"]["longest"])

    december = {"from": "2025-12", "to": "2025-12"}
    assert counted("2025-12-29", **december) == ([(0, None), (1, 59)], 0, (0, 59))
    before = counted("2026-01-09", **december)
    assert before == ([(1, 58), (0, None)], 1, (0, 61))
    leave.during, leave.ended_as = DateTimeTZRange(leave.during.lower, at(1, 10)), "returned"
    leave.save()
    assert counted("2026-01-09", **december) == before
    assert counted() == ([(0, None), (1, 22)], 0, (0, 92))
    # Put right later: back on the 28th day. What was known before stays.
    leave.pk, leave.public_id = None, uuid4()
    leave.superseded_at, leave.why = at(1, 20), "It was misread."
    leave.save()
    known = {"recorded_at": at(1, 20), "during": DateTimeTZRange(leave.during.lower, at(12, 28, year=2025))}
    Leave.objects.filter(patient=patient, superseded_at=None).update(**known)
    assert counted("2026-01-09", **december) == before
    assert counted() == ([(0, None), (1, 92)], 0, (0, 92))


def test_another_ward_and_times_away_are_one_stay(england, anna):
    """Ashdown from the 2nd, another ward from the 5th, in a general hospital from the 8th to the 9th, back to prison on
    the 12th."""
    patient = a_patient(england)
    ashdown = {"service": england.ashdown}
    moved(
        england,
        patient,
        (at(1, 2), {**ashdown, "ward": england.ward}),
        (at(1, 5), ashdown),
        (at(1, 8), {"elsewhere": "general_hospital"}),
        (at(1, 9), {**ashdown, "ward": england.ward}),
        (at(1, 12), {"service": england.prison}),
    )
    figures = bed_door.figures(anna, asked())
    assert (figures["admitted"], figures["discharged"]["n"], figures["discharged"]["median"]) == (1, 1, 10)


def test_somebody_away_at_the_end_of_the_period_is_still_in(england, anna):
    patient = a_patient(england)
    moved(
        england,
        patient,
        (at(12, 2, year=2025), {"service": england.ashdown, "ward": england.ward}),
        (at(12, 20, year=2025), {"elsewhere": "general_hospital"}),
    )
    assert bed_door.figures(anna, asked())["staying"]["n"] == 1


def test_another_hospital_is_a_discharge_and_an_admission(england, anna):
    patient = a_patient(england)
    moved(
        england,
        patient,
        (at(1, 2), {"service": england.ashdown, "ward": england.ward}),
        (at(1, 12), {"service": england.brook, "ward": england.brook_ward}),
    )
    figures = bed_door.figures(anna, asked())
    rows = {row["code"]: row for row in figures["people_by_tier"]}
    assert (figures["admitted"], figures["discharged"]["n"], figures["staying"]["n"]) == (2, 1, 1)
    assert (rows["medium"]["admitted"], rows["medium"]["discharged"], rows["medium"]["median"]) == (1, 1, 10)
    assert (rows["low"]["admitted"], rows["low"]["staying"], rows["low"]["staying_median"]) == (1, 1, 20)
    providers = {row["name"]: row["admitted"] for row in figures["people_by_provider"]}
    assert providers == {"Ashdown Trust": 1, "Brook Care": 1}


def test_who_came_and_went_on_one_day_has_no_day(england, anna):
    in_hospital(england, at(1, 10, 8), at(1, 10, 20))
    figures = bed_door.figures(anna, asked())
    assert (figures["beds"]["occupied"], figures["admitted"]) == (0, 1)
    assert (figures["discharged"]["n"], figures["discharged"]["median"]) == (1, 0)


def test_as_at_an_earlier_day_those_who_left_since_are_in(england, anna):
    in_hospital(england, at(1, 5), at(1, 20))
    before = bed_door.figures(anna, asked(as_at="2026-01-14"))
    assert (before["discharged"]["n"], before["staying"]["n"], before["staying"]["median"]) == (0, 1, 10)
    assert bed_door.figures(anna, asked())["discharged"]["n"] == 1


def test_the_month_and_the_day_are_londons(england, anna):
    """23:30 UTC on 31 January is still January, on 31 May already June."""
    late = datetime(2026, 5, 31, 23, 30, tzinfo=UTC)
    in_hospital(england, late, None)
    in_hospital(england, datetime(2026, 1, 31, 23, 30, tzinfo=UTC), at(2, 2), bed=england.second_bed)
    months = {"from": "2026-01", "to": "2026-06"}
    rows = bed_door.figures(anna, asked(at(6, 20), **months))["people_by_month"]
    assert {row["month"]: (row["occupied"], row["admitted"]) for row in rows if row["occupied"]} == {
        "2026-01": (1, 1),
        "2026-02": (1, 0),
        "2026-06": (20, 1),
    }


def test_beds_are_by_whose_service_and_people_by_who_answers(england, anna):
    """A southerner in Ashdown's bed, a northerner in Far Clinic; the north answers for the latter from the 11th."""
    from tests.world import a_ward

    far = Bed.objects.create(ward=a_ward(england.elsewhere, "medium"), name="1")
    in_hospital(england, at(1, 1), at(1, 11), home_area=england.south)
    away = in_hospital(england, at(1, 6), at(1, 21), bed=far)
    figures = bed_door.figures(anna, asked())
    assert (figures["beds"]["available"], figures["beds"]["occupied"]) == (93, 10)
    assert (figures["people"]["occupied"], figures["admitted"], figures["discharged"]["n"]) == (15, 1, 1)
    Responsibility.objects.filter(patient=away).update(during=DateRange(at(1, 11).date(), None))
    figures = bed_door.figures(anna, asked())
    assert (figures["people"]["occupied"], figures["admitted"], figures["discharged"]["n"]) == (10, 0, 1)
    everybody = bed_door.figures(actor_of(england.adam, at=ASKED_AT), asked())
    assert (everybody["beds"]["available"], everybody["beds"]["occupied"]) == (4 * 31, 25)
    assert (everybody["people"]["occupied"], everybody["admitted"]) == (25, 2)


def test_a_hospital_counts_its_own_beds_and_whoever_is_in_them(england):
    in_hospital(england, at(1, 1), at(1, 11), home_area=england.south)
    in_hospital(england, at(1, 1), at(1, 3), bed=england.brook_bed)
    figures = bed_door.figures(actor_of(england.maya, at=ASKED_AT), asked())
    assert (figures["beds"]["available"], figures["beds"]["occupied"]) == (62, 10)
    assert (figures["people"]["occupied"], figures["admitted"]) == (10, 1)
    assert [row["name"] for row in figures["people_by_provider"]] == ["Ashdown Trust"]
    nobody = bed_door.figures(actor_of(england.lena, at=ASKED_AT), asked())
    assert (nobody["beds"]["available"], nobody["people"]["occupied"], nobody["admitted"]) == (0, 0, 0)


def test_filters(england, anna):
    in_hospital(england, at(1, 1), at(1, 11))
    in_hospital(england, at(1, 1), at(1, 3), bed=england.brook_bed)
    brook = str(england.brook.provider.public_id)
    figures = bed_door.figures(anna, asked(provider=brook))
    assert (figures["beds"]["available"], figures["beds"]["occupied"], figures["admitted"]) == (31, 2, 1)
    assert bed_door.figures(anna, asked(region="Y99"))["beds"]["occupied"] == 12
    elsewhere = bed_door.figures(anna, asked(region="Y00"))
    assert (elsewhere["beds"]["available"], elsewhere["admitted"]) == (0, 0)
    low = bed_door.figures(anna, asked(tier="low"))
    assert (low["people"]["occupied"], low["admitted"], low["discharged"]["n"]) == (2, 1, 1)
    assert bed_door.figures(anna, asked(gender="women"))["discharged"]["n"] == 0
    assert beds(anna, **FEBRUARY)["available"] == 3 * 28


def test_rows_are_as_many_as_the_figure_counts(england, anna):
    in_hospital(england, at(1, 1), at(1, 11))
    in_hospital(england, at(12, 1, year=2023), None, bed=england.second_bed)
    for figure, of, count in [
        ("admitted", "", 1),
        ("discharged", "", 1),
        ("discharged", "over_10", 0),
        ("in", "", 1),
        ("in", "2_to_5", 1),
        ("in", "under_1", 0),
    ]:
        assert bed_door.rows_behind(anna, asked(), figure, of).count() == count, (figure, of)
    (row,) = bed_door.rows_behind(anna, asked(), "discharged")
    known = bed_door.facts_of(anna, asked(), [row.pk])[row.pk]
    assert (known["hospital"], known["tier"], known["days"]) == ("Ashdown Unit", "medium", 10)


def test_everything_is_one_query(anna, django_assert_num_queries):
    with django_assert_num_queries(1):
        bed_door.figures(anna, asked())


def test_other_areas_are_all_england_and_not_for_those_who_have_it(england, anna):
    in_hospital(england, at(1, 1), at(1, 11), home_area=england.south)
    (region,) = bed_door.other_areas(anna, asked(tier="low", region="Y00"))["by_region"]
    assert (region["occupied"], region["people"], region["admitted"]) == (10, 1, 1)
    for user in (england.adam, england.maya, england.lena):
        assert bed_door.other_areas(actor_of(user, at=ASKED_AT), asked()) is None


def test_an_analyst_without_a_commissioner_counts_nothing(england):
    in_hospital(england, at(1, 1), at(1, 11))
    Membership.objects.filter(user=england.anna).update(commissioner=england.south)
    figures = bed_door.figures(actor_of(england.anna, at=NOW), asked())
    assert (figures["beds"]["occupied"], figures["people"]["occupied"], figures["admitted"]) == (0, 0, 0)
