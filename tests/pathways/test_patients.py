"""Registering, correcting, and the end of everything at death."""

import io
from datetime import date, timedelta

import pghistory.models
import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from psycopg2.extras import DateRange, DateTimeTZRange

from core.refusals import Refused
from pathways import line, verification
from pathways.actions import beds, clocks, key_dates, legal, patients, placements
from pathways.days import noon
from pathways.models import (
    BedPrice,
    BedUse,
    Clock,
    ClockPolicy,
    Event,
    Flag,
    FlagRule,
    LegalStatus,
    Patient,
    Placement,
    ReadyPeriod,
    Relationship,
    Responsibility,
    SecurityNeed,
)
from pathways.policies import REQUESTED
from tests.pathways import test_authorities, test_leave_constraints
from tests.world import LONG_AGO, NOW, TODAY, a_nhs_number, a_patient, actor_of

DAY = timedelta(days=1)


def test_registering_places_the_person_and_lets_the_prison_and_the_home_area_in(england):
    patient = a_patient(england, given_name="Zoë", family_name="O’Hara-Díaz", aliases=["Zed  Smith", " "])
    assert patient.search_name == "zoe o’hara-diaz zed smith"
    assert patient.placements.get().service == england.prison
    assert {r.basis for r in patient.relationships.all()} == {"placement", "responsibility"}
    assert [e.kind for e in patient.events.order_by("pk")] == ["pathways.registered", "pathways.placed"]
    assert patient.responsibilities.get().state == "agreed"


def test_somebody_without_a_home_area_is_nobodys_population_yet(england):
    patient = a_patient(england, home_area=None)
    assert patient.responsibilities.get().state == "not_known"
    assert {r.basis for r in patient.relationships.all()} == {"placement"}


@pytest.mark.parametrize(
    ("known", "field"),
    [
        ({"given_name": "  "}, "given_name"),
        ({"family_name": ""}, "family_name"),
        ({"nhs_number": "999 123 456"}, "nhs_number"),
        ({"nhs_number": "4857773456"}, "nhs_number"),
        ({"nhs_number": "99912345AB"}, "nhs_number"),
        ({"prison_number": "12345AB"}, "prison_number"),
        ({"born_on": TODAY}, "born_on"),
        ({"born_on": date(1890, 1, 1)}, "born_on"),
        ({"born_on": date(1990, 8, 6), "since": noon(date(1990, 8, 5))}, "came_on"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(england, known, field):
    with pytest.raises(Refused) as refused:
        a_patient(england, **known)
    assert refused.value.field == field
    assert not Patient.objects.exists()


def test_no_nhs_number_needs_a_reason(england):
    with pytest.raises(Refused, match="say why there is none"):
        a_patient(england, nhs_number=None)
    assert a_patient(england, nhs_number="", no_nhs_number="not_known").nhs_number is None


def test_one_number_is_one_person(england):
    number = a_nhs_number()
    a_patient(england, nhs_number=f"{number[:3]} {number[3:6]}-{number[6:]}", prison_number="a1234bc")
    with pytest.raises(Refused, match="These numbers cannot be used"):
        a_patient(england, nhs_number=number)
    with pytest.raises(Refused, match="These numbers cannot be used"):
        a_patient(england, prison_number="A1234BC")


def correct(england, patient, changes, *, version=0, why="Typed wrongly."):
    return patients.correct_patient(
        patient, version=version, changes=changes, why=why, by=actor_of(england.lena)
    )


def test_a_correction_keeps_why_and_finds_the_person_by_the_new_name(england):
    patient = correct(england, a_patient(england), {"family_name": "Renamed"})
    assert (patient.search_name, patient.version) == ("terry renamed", 1)
    event = patient.events.get(kind="pathways.corrected")
    assert event.details == {"fields": ["family_name"]}
    history = apps.get_model("pathways", "PatientEvent").objects.filter(pgh_label="update").latest("pgh_id")
    assert issubclass(type(history), pghistory.models.Event)
    assert history.pgh_context["why"] == "Typed wrongly."


@pytest.mark.parametrize(
    ("changes", "version", "why"),
    [
        ({"family_name": "Renamed"}, 1, "Typed wrongly."),
        ({"family_name": "Renamed"}, 0, " "),
        ({"died_on": TODAY}, 0, "Typed wrongly."),
        ({"nhs_number": "1"}, 0, "Typed wrongly."),
    ],
)
def test_a_correction_that_is_stale_unexplained_or_wrong_changes_nothing(england, changes, version, why):
    patient = a_patient(england)
    with pytest.raises(Refused):
        correct(england, patient, changes, version=version, why=why)
    patient.refresh_from_db()
    assert patient.version == 0


def test_a_corrected_home_area_moves_the_person_to_another_population(england):
    patient = correct(england, a_patient(england), {"home_area": england.south})
    open_now = patient.relationships.filter(during__upper_inf=True, basis="responsibility")
    assert [r.commissioner for r in open_now] == [england.south]
    assert patient.responsibilities.current().get().commissioner == england.south
    assert patient.responsibilities.as_known(NOW - DAY).count() == 0
    assert not verification.failures()


def test_death_stops_everything_at_once(england, monkeypatch):
    heard = []
    monkeypatch.setitem(line.LISTENERS, "pathways.died", [heard.append])
    by = actor_of(england.maya)
    patient = a_patient(england)
    placements.place(patient, service=england.ashdown, ward=england.ward, at=NOW - 5 * DAY, by=by)
    beds.occupy_bed(england.bed, patient=patient, at=NOW - 5 * DAY, by=by)
    beds.hold_bed(
        england.second_bed, patient=patient, since=NOW + DAY, until=NOW + 2 * DAY, about=None, by=by
    )
    clocks.start_clocks(patient, event=REQUESTED, about=("referral", 1), on=TODAY - 12 * DAY, by=by)
    patients.record_death(patient, on=TODAY - DAY, by=by)
    assert Placement.objects.open_of(patient).elsewhere == "died"
    assert set(Clock.objects.values_list("ended_as", flat=True)) == {"void"}
    assert not BedUse.objects.current().filter(during__contains=NOW).exists()
    assert not BedUse.objects.current().filter(during__contains=NOW + DAY).exists()
    assert clocks.raise_flags(by=by) == 0
    assert [event.kind for event in heard] == ["pathways.died"]
    assert not verification.failures()


def test_a_death_on_the_day_of_the_last_move_comes_after_it(england):
    patient = a_patient(england)
    by = actor_of(england.maya, at=NOW + timedelta(hours=8))
    placements.place(patient, elsewhere="general_hospital", at=NOW + timedelta(hours=7), by=by)
    patients.record_death(patient, on=TODAY, by=by)
    assert Placement.objects.open_of(patient).elsewhere == "died"


@pytest.mark.parametrize("on", [TODAY + DAY, date(1990, 5, 16)])
def test_an_impossible_day_of_death_is_refused(england, on):
    with pytest.raises(Refused):
        patients.record_death(a_patient(england), on=on, by=actor_of(england.maya))


def test_nobody_dies_twice_or_moves_after_death(england):
    patient = a_patient(england)
    by = actor_of(england.maya)
    patients.record_death(patient, on=TODAY - DAY, by=by)
    with pytest.raises(Refused, match="has died"):
        patients.record_death(patient, on=TODAY, by=by)
    with pytest.raises(Refused, match="has died"):
        placements.place(patient, service=england.ashdown, at=NOW, by=by)


def test_a_listener_that_refuses_undoes_everything(england, monkeypatch):
    def refuse(_event):
        raise Refused("No.")

    monkeypatch.setitem(line.LISTENERS, "pathways.died", [refuse])
    patient = a_patient(england)
    with pytest.raises(Refused):
        patients.record_death(patient, on=TODAY, by=actor_of(england.maya))
    patient.refresh_from_db()
    assert patient.died_on is None
    assert not Event.objects.filter(kind="pathways.died").exists()


def test_a_risk_to_staff_is_shown_until_it_is_withdrawn(england):
    by = actor_of(england.lena)
    alert = patients.add_risk_alert(a_patient(england), words=" Has assaulted staff. ", by=by)
    assert alert.words == "Has assaulted staff."
    patients.withdraw_risk_alert(alert, why="Another person.", by=by)
    assert not alert.patient.risk_alerts.current().exists()
    with pytest.raises(Refused, match="corrected already"):
        patients.withdraw_risk_alert(alert, why="Again.", by=by)
    with pytest.raises(Refused):
        patients.add_risk_alert(alert.patient, words=" ", by=by)


def record_status(england, patient, code, since, limb=""):
    return legal.record_legal_status(patient, code=code, since=since, limb=limb, by=actor_of(england.maya))


def test_one_legal_status_ends_where_the_next_begins(england):
    patient = a_patient(england)
    first = record_status(england, patient, "98", TODAY - 30 * DAY)
    record_status(england, patient, "17", TODAY, "a")
    first.refresh_from_db()
    assert first.during == DateRange(TODAY - 30 * DAY, TODAY)
    with pytest.raises(Refused, match="would record"):
        record_status(england, patient, "15", TODAY - DAY)


def test_another_status_for_the_same_day_corrects_the_first(england):
    patient = a_patient(england)
    record_status(england, patient, "18", TODAY, "c")
    second = record_status(england, patient, "16", TODAY)
    assert list(patient.legal_statuses.current()) == [second]


@pytest.mark.parametrize(("code", "limb"), [("11", ""), ("16", "a"), ("18", "a"), ("18", "b"), ("17", "e")])
def test_what_the_act_does_not_know_is_refused(england, code, limb):
    with pytest.raises(Refused):
        record_status(england, a_patient(england), code, TODAY, limb)


def test_a_new_date_takes_the_place_of_one_still_to_come(england):
    patient, by = a_patient(england), actor_of(england.lena)
    for on in (TODAY + 5 * DAY, TODAY + 5 * DAY, TODAY + 9 * DAY):
        key_dates.record_key_date(patient, kind="hearing", on=on, by=by)
    assert patient.key_dates.count() == 2
    assert patient.key_dates.current().get().on == TODAY + 9 * DAY
    with pytest.raises(Refused):
        key_dates.record_key_date(patient, kind="birthday", on=TODAY, by=by)


def _clock(patient, **known):
    policy = ClockPolicy.objects.get(code="bradley-14")
    answers = {"about_kind": "referral", "about_id": 1, "started_on": TODAY, "due_on": TODAY, **known}
    return Clock.objects.create(patient=patient, policy=policy, **answers)


def _flag(patient, **known):
    return Flag.objects.create(
        clock=Clock.objects.filter(patient=patient).first() or _clock(patient),
        level="breached",
        day=15,
        owner="concerned",
        became_on=TODAY,
        raised_at=NOW,
        **known,
    )


def _status(patient, code="98", limb=""):
    return LegalStatus.objects.create(
        patient=patient, code=code, limb=limb, during=DateRange(TODAY, None), recorded_at=NOW
    )


def _ready(patient, **known):
    said = {
        "during": DateRange(TODAY, None),
        "ready_since": TODAY,
        "reason_code": "05",
        "attributable_to": "04",
        "next_tier": "low",
        "waits_on": "ministry",
        "recorded_at": NOW,
    }
    service = patient.placements.get().service
    return ReadyPeriod.objects.create(patient=patient, service=service, **{**said, **known})


def _need(patient, **known):
    said = {"during": DateRange(TODAY, None), "about_kind": "signed_assessment", "about_id": 1}
    return SecurityNeed.objects.create(patient=patient, tier="low", recorded_at=NOW, **{**said, **known})


def _price(**known):
    said = {"tier": "step_down", "pounds_a_day": 300, "effective": DateRange(TODAY, None)}
    return BedPrice.objects.create(**{**said, "price_year": 2026, "source": "Made up", **known})


BREAKS = {
    "nobody_dies_before_birth": lambda p: Patient.objects.filter(pk=p.pk).update(died_on=date(1900, 1, 1)),
    "a_patient_has_an_nhs_number_or_a_reason_why_none": lambda p: Patient.objects.filter(pk=p.pk).update(
        no_nhs_number="none"
    ),
    "a_responsibility_names_a_commissioner_unless_not_known": lambda p: Responsibility.objects.create(
        patient=p, during=DateRange(TODAY, None), state="agreed", recorded_at=NOW
    ),
    "a_relationship_has_one_holder": lambda p: Relationship.objects.create(
        patient=p, basis="named", during=DateTimeTZRange(NOW, None)
    ),
    "a_relationship_lasts_some_time": lambda p: Relationship.objects.filter(patient=p).update(
        during=DateTimeTZRange(NOW, NOW)
    ),
    "a_person_has_one_legal_status_at_a_time": lambda p: [_status(p), _status(p)],
    "a_limb_belongs_to_section_48": lambda p: _status(p, "16", "a"),
    "a_limit_is_at_least_a_day": lambda p: ClockPolicy.objects.update(days=0),
    "there_is_one_headline_limit_at_a_time": lambda p: ClockPolicy.objects.update(is_headline=True),
    "a_limit_has_one_length_at_a_time": lambda p: ClockPolicy.objects.update(code="court-28"),
    "a_limit_holds_for_some_time": lambda p: ClockPolicy.objects.update(effective=DateRange(TODAY, TODAY)),
    "a_day_of_a_policy_has_one_flag": lambda p: FlagRule.objects.update(day=3),
    "a_clock_ends_as_something": lambda p: _clock(p, ended_on=TODAY),
    "an_ended_clock_raises_no_flag": lambda p: _clock(p, ended_on=TODAY, ended_as="met", next_flag_on=TODAY),
    "one_clock_of_a_kind_runs_at_a_time": lambda p: [_clock(p), _clock(p)],
    "a_flag_is_raised_once": lambda p: [_flag(p), _flag(p)],
    "an_acknowledged_flag_says_by_whom_and_when": lambda p: _flag(p, acknowledged_at=NOW),
    "a_person_is_ready_once_at_a_time": lambda p: [_ready(p), _ready(p)],
    "a_ready_period_lasts_some_days": lambda p: _ready(p, during=DateRange(TODAY, TODAY)),
    "a_ready_period_begins_on_or_after_the_first_day": lambda p: _ready(p, ready_since=date(2026, 3, 3)),
    "a_ready_period_that_ended_says_how": lambda p: _ready(p, ended_as="moved"),
    "a_ready_period_waits_on_whom_it_says": lambda p: _ready(p, waits_on="service"),
    "a_person_has_one_need_of_security_at_a_time": lambda p: [_need(p), _need(p)],
    "a_need_of_security_lasts_some_days": lambda p: _need(p, during=DateRange(TODAY, TODAY)),
    "a_tier_has_one_price_at_a_time": lambda p: _price(tier="high"),
    "a_price_holds_for_some_days": lambda p: _price(effective=DateRange(TODAY, TODAY)),
    "a_price_is_more_than_nothing": lambda p: _price(pounds_a_day=0),
}
SHOWN_ELSEWHERE = {  # in test_placements, test_beds, test_bed_fit and test_people_kept_apart, and above
    "a_pair_kept_apart_is_written_one_way",
    "people_are_kept_apart_for_some_days",
    "a_pair_is_kept_apart_once_at_a_time",
    "a_bed_that_does_not_fit_has_a_reason",
    "a_person_is_in_one_place_at_a_time",
    "a_placement_lasts_some_time",
    "a_placement_is_at_a_service_or_elsewhere",
    "a_bed_never_holds_two_people",
    "a_bed_is_never_promised_twice",
    "a_person_sleeps_in_one_bed",
    "a_bed_is_used_for_some_time",
    "a_bed_that_nobody_can_have_has_no_patient",
    "a_hold_has_an_end",
    "an_nhs_number_belongs_to_one_person",
    "a_prison_number_belongs_to_one_person",
}


@pytest.mark.parametrize("name", BREAKS)
def test_the_database_refuses(england, name):
    patient = a_patient(england)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        BREAKS[name](patient)


def test_every_constraint_is_shown_to_bite():
    names = {
        c.name for model in apps.get_app_config("pathways").get_models() for c in model._meta.constraints
    }
    assert (
        names
        == set(BREAKS) | set(test_authorities.BREAKS) | set(test_leave_constraints.BREAKS) | SHOWN_ELSEWHERE
    )


def test_verify_says_which_rows_disagree_with_the_facts(england):
    patient = a_patient(england)
    assert verification.failures() == {}
    Relationship.objects.filter(patient=patient, basis="placement").update(
        during=DateTimeTZRange(LONG_AGO, NOW)
    )
    assert verification.failures() == {
        "Every service that has somebody may open them": [patient.placements.get().pk]
    }
    with pytest.raises(CommandError, match="1 of"):
        call_command("verify", stderr=io.StringIO())
