"""Asking for a transfer: what begins, and what is put right later."""

from datetime import date, timedelta

import pytest

from core.models import Notification
from core.refusals import Refused
from pathways.actions import clocks, placements
from pathways.models import Clock, Event, Flag, KeyDate, Patient, Placement, Relationship
from referrals import actions
from referrals.models import LegalBasis, Referral, Step
from tests.referrals.transfers import (
    accepted,
    applied,
    asked,
    assessed,
    at,
    bedded,
    fresh,
    on,
    ready,
    received,
    reported,
    standing,
    warranted,
)
from tests.world import LONG_AGO, NOW, TODAY, a_patient, a_service, actor_of


def due(referral: Referral) -> dict[str, date]:
    """The last day in time of each limit that runs."""
    return {c.policy.code: c.due_on for c in Clock.objects.running().of("referral", referral.pk)}


def flags(referral: Referral) -> list[tuple[str, int, date]]:
    """The flags that count, as policy, day and when each became true."""
    found = Flag.objects.filter(clock__about_id=referral.pk, superseded_at=None).order_by("became_on", "pk")
    return [
        (flag.clock.policy.code, flag.day, flag.became_on) for flag in found.select_related("clock__policy")
    ]


def test_asking_starts_the_clocks_the_steps_and_the_right_to_open_the_person(england):
    referral = asked(england)
    assert due(referral) == {
        "bradley-14": date(2026, 3, 16),
        "nhse-assess-14": date(2026, 3, 16),
        "mha-28": date(2026, 3, 29),
    }
    assert standing(referral) == {"report_requested", "services_asked"}
    referral = fresh(referral)
    assert referral.next_step == "first_report"
    assert referral.services_first_asked_on == TODAY
    assert referral.next_review_on == on(7)
    assert referral.commissioner == england.north
    assert referral.lead_service == england.ashdown
    for user in (england.maya, england.luke, england.carl, england.lena, england.ines):
        assert Patient.objects.visible_to(actor_of(user, at=at(0, 1))).filter(pk=referral.patient_id).exists()
    assert not Patient.objects.visible_to(actor_of(england.sam)).filter(pk=referral.patient_id).exists()


def test_asking_is_recorded_once_on_the_line_with_operational_words_only(england):
    referral = asked(england, urgency_why="A canary sentence.")
    event = Event.objects.get(kind="referrals.requested")
    assert (event.about_kind, event.about_id, event.service) == ("referral", referral.pk, england.prison)
    assert event.details["days_entered_late"] == 0
    assert not any("canary" in str(e.details) for e in Event.objects.all())


def test_the_services_asked_and_the_prison_and_the_case_manager_are_told(england):
    asked(england)
    told = Notification.objects.filter(kind="referrals.service_asked")
    assert set(told.values_list("mailbox", flat=True)) >= {
        england.ashdown.alert_mailbox,
        england.brook.alert_mailbox,
    }
    requested = Notification.objects.filter(kind="referrals.requested")
    assert set(requested.filter(user=None).values_list("mailbox", flat=True)) == {
        england.prison.alert_mailbox
    }
    assert set(requested.exclude(user=None).values_list("user", flat=True)) == {
        england.ines.pk,
        england.carl.pk,
    }
    assert requested.get(user=england.carl).mailbox == england.carl.email


def test_entered_late_is_shown_as_late_and_is_at_once_out_of_time(england):
    referral = asked(england, report_first_requested_on=on(-20))
    assert Event.objects.get(kind="referrals.requested").details["days_entered_late"] == 20
    assert Referral.objects.late(on=TODAY).get() == referral
    assert referral.days_waited(on=TODAY) == 20


def test_the_lead_is_the_home_areas_service_and_may_be_nobodys(england):
    patient = a_patient(england, home_area=england.south)
    assert asked(england, patient).lead_service is None
    assert asked(england, a_patient(england), services=[]).next_step == "first_report"


def test_a_current_assessment_is_there_from_the_first(england):
    patient = a_patient(england)
    first = asked(england, patient)
    assessed(england, first)
    by = actor_of(england.ines, at=at(1))
    actions.end_transfer(first, reason="improved", why="Treated here.", on=on(1), by=by)
    second = asked(england, patient, by=actor_of(england.lena, at=at(2)), report_first_requested_on=on(2))
    assert "assessment" in standing(second)


def test_asked_again_within_90_days_the_wait_goes_on_from_the_first(england):
    first = asked(england)
    by = actor_of(england.ines, at=at(10))
    actions.end_transfer(first, reason="improved", why="Treated here.", on=on(10), by=by)
    again = actor_of(england.lena, at=at(100))
    second = asked(england, first.patient, by=again, report_first_requested_on=on(100))
    assert (second.follows, second.waiting_since) == (first, TODAY)
    assert second.days_waited(on=on(100)) == 0
    assert due(second)["bradley-14"] == on(114)


def test_asked_again_later_it_is_a_new_wait(england):
    first = asked(england)
    by = actor_of(england.ines, at=at(10))
    actions.end_transfer(first, reason="improved", why="Treated here.", on=on(10), by=by)
    again = actor_of(england.lena, at=at(101))
    second = asked(england, first.patient, by=again, report_first_requested_on=on(101))
    assert (second.follows, second.waiting_since) == (None, on(101))


def test_a_second_open_transfer_is_refused(england):
    first = asked(england)
    with pytest.raises(Refused, match="already has an open transfer"):
        asked(england, first.patient)
    assert Referral.objects.count() == 1


def test_somebody_recorded_at_another_prison_has_moved_to_the_one_that_asks(england):
    patient = a_patient(england, at_service=england.other_prison)
    asked(england, patient)
    placement = Placement.objects.open_of(patient)
    assert (placement.service, placement.during.lower) == (england.prison, NOW)


def test_somebody_in_hospital_or_dead_is_not_asked_for(england):
    patient = a_patient(england)
    placements.place(patient, service=england.ashdown, at=NOW, by=actor_of(england.maya))
    with pytest.raises(Refused, match="is in hospital"):
        asked(england, patient)
    died = a_patient(england)
    from pathways.actions.patients import record_death

    record_death(died, on=TODAY, by=actor_of(england.ines))
    with pytest.raises(Refused, match="has died"):
        asked(england, died)


def test_nobody_asks_for_another_prison(england):
    with pytest.raises(Refused, match="prison you work at"):
        asked(england, by=actor_of(england.owen))


def test_key_dates_are_kept_where_they_are_given(england):
    referral = asked(
        england, section="48", limb="a", with_restrictions=None, hearing_on=on(20), remand_expires_on=on(30)
    )
    kept = KeyDate.objects.current().filter(patient=referral.patient).order_by("on")
    assert list(kept.values_list("kind", "on")) == [("hearing", on(20)), ("remand_expiry", on(30))]
    assert LegalBasis.objects.get(referral=referral).with_restrictions is True


def test_a_reference_is_short_and_speakable(england):
    reference = asked(england).reference
    assert len(reference) == 8
    assert reference[3] == "-"
    assert not set(reference) & set("AEIOU01")


def test_references_differ_for_every_number():
    from referrals.references import HOW_MANY, reference_from

    assert len({reference_from(n) for n in range(0, HOW_MANY, 9973)}) == len(range(0, HOW_MANY, 9973))
    assert reference_from(HOW_MANY - 1) == "ZZZ-9999"


def test_a_reference_in_use_is_not_given_again(england, monkeypatch):
    from referrals import references

    drawn = iter([5, 5, 6])
    monkeypatch.setattr(references.secrets, "randbelow", lambda _: next(drawn))
    assert asked(england).reference == references.reference_from(5)
    assert asked(england).reference == references.reference_from(6)


def test_all_policies_run_side_by_side_on_one_transfer(england):
    referral = ready(england)
    assert due(referral) == {
        "bradley-14": date(2026, 3, 16),
        "nhse-transfer-14": date(2026, 3, 16),
        "mha-28": date(2026, 3, 29),
        "warrant-14": date(2026, 3, 15),
    }
    clocks.raise_flags(by=actor_of(england.adam, at=at(29)))
    assert "mha-28" not in {code for code, _, _ in flags(referral)}


def test_a_corrected_first_date_moves_every_limit_and_takes_back_flags(england):
    referral = asked(england, report_first_requested_on=on(-12))
    clocks.raise_flags(by=actor_of(england.adam))
    assert ("bradley-14", 12, TODAY) in flags(referral)
    by = actor_of(england.lena, at=at(0, 1))
    known = {"on": on(-2), "why": "The report was of another person.", "by": by}
    with pytest.raises(Refused, match="Somebody changed this"):
        actions.correct_request_date(referral, version=9, **known)
    referral = actions.correct_request_date(referral, version=0, **known)
    assert (referral.report_first_requested_on, referral.waiting_since) == (on(-2), on(-2))
    assert referral.version == 1
    assert due(referral)["bradley-14"] == on(12)
    assert flags(referral) == []
    assert Flag.objects.filter(superseded_at=by.at).count() > 0
    step = Step.objects.current().get(referral=referral, kind="report_requested")
    assert step.done_on == on(-2)
    assert LegalBasis.objects.current().get(referral=referral).during.lower == on(-2)
    assert Event.objects.filter(kind="referrals.first_date_corrected").count() == 1


def test_a_correction_needs_a_reason_and_leaves_a_linked_wait_alone(england):
    first = asked(england, report_first_requested_on=on(-30))
    actions.end_transfer(first, reason="improved", why="Better.", on=TODAY, by=actor_of(england.ines))
    by = actor_of(england.lena, at=at(5))
    second = asked(england, first.patient, by=by, report_first_requested_on=on(5))
    with pytest.raises(Refused, match="Say why"):
        actions.correct_request_date(second, on=on(4), why=" ", version=0, by=by)
    second = actions.correct_request_date(second, on=on(4), why="A day earlier.", version=0, by=by)
    assert second.waiting_since == on(-30)


def test_urgency_changes_with_why_and_against_the_version_seen(england):
    referral = asked(england)
    by = actor_of(england.ines, at=at(1))
    referral = actions.change_urgency(referral, urgency=1, why="Canary: worse.", version=0, by=by)
    assert (referral.urgency, referral.urgency_why, referral.version) == (1, "Canary: worse.", 1)
    with pytest.raises(Refused, match="Somebody changed this"):
        actions.change_urgency(referral, urgency=3, why="Better.", version=0, by=by)
    event = Event.objects.get(kind="referrals.urgency_changed")
    assert "Canary" not in str(event.details)
    with pytest.raises(Refused, match="Only the prison"):
        actions.change_urgency(referral, urgency=3, why="x", version=1, by=actor_of(england.sam))


def test_a_sentence_passed_while_waiting_keeps_the_clocks_and_lapses_warrant_and_application(england):
    referral = ready(england, section="48", limb="a", with_restrictions=None)
    before = due(referral)
    by = actor_of(england.lena, at=at(2))
    actions.change_legal_basis(referral, section="47", with_restrictions=False, since=on(2), by=by)
    bases = LegalBasis.objects.current().filter(referral=referral).order_by("during")
    assert [(b.section, b.limb, b.during.lower, b.during.upper) for b in bases] == [
        ("48", "a", TODAY, on(2)),
        ("47", "", on(2), None),
    ]
    del before["warrant-14"]
    assert due(referral) == before
    assert referral.warrants.get().outcome == "lapsed"
    assert not standing(referral) & {"warrant", "application", "first_report", "second_report"}
    assert fresh(referral).next_step == "first_report"
    assert Event.objects.get(kind="referrals.legal_basis_changed").details["warrant_lapsed"] is True
    assert Notification.objects.filter(kind="referrals.legal_basis_changed", user=england.carl).exists()
    reported(england, referral, when=at(3))
    assert due(referral) == before
    assert fresh(referral).next_step == "application"
    applied(england, referral, when=at(3))
    warranted(england, referral, when=at(3))
    assert received(england, referral, when=at(4)).end_reason == "admitted"


def test_a_basis_that_changed_on_its_first_day_replaces_it(england):
    referral = asked(england)
    by = actor_of(england.lena)
    actions.change_legal_basis(referral, section="48", limb="b", since=TODAY, by=by)
    assert LegalBasis.objects.current().get(referral=referral).limb == "b"
    assert Event.objects.get(kind="referrals.legal_basis_changed").details["warrant_lapsed"] is False
    with pytest.raises(Refused, match="already recorded"):
        actions.change_legal_basis(referral, section="48", limb="b", since=TODAY, by=by)


def test_a_basis_found_to_have_changed_before_the_last_change_makes_room_for_itself(england):
    referral = asked(england, report_first_requested_on=on(-20))
    by = actor_of(england.lena)
    actions.change_legal_basis(referral, section="48", limb="b", since=on(-15), by=by)
    actions.change_legal_basis(referral, section="48", limb="a", since=on(-10), by=by)
    actions.change_legal_basis(referral, section="47", with_restrictions=True, since=on(-17), by=by)
    bases = LegalBasis.objects.current().filter(referral=referral).order_by("during")
    assert [(b.section, b.during.lower, b.during.upper) for b in bases] == [
        ("47", on(-20), on(-17)),
        ("47", on(-17), None),
    ]


def test_a_correction_past_a_change_of_basis_leaves_the_bases_alone(england):
    referral = asked(england, report_first_requested_on=on(-20))
    by = actor_of(england.lena)
    actions.change_legal_basis(referral, section="48", limb="b", since=on(-15), by=by)
    actions.correct_request_date(referral, on=on(-10), why="Mistyped.", version=1, by=by)
    assert LegalBasis.objects.current().filter(referral=referral).count() == 2


def test_somebody_without_a_home_area_has_no_commissioner_and_the_prisons_is_called(england):
    referral = asked(england, a_patient(england, home_area=None))
    assert referral.commissioner is None
    assert Notification.objects.filter(kind="referrals.requested", user=england.carl).exists()
    held = Relationship.objects.filter(about_kind="referral", about_id=referral.pk)
    assert [r.service for r in held] == [england.prison]


def test_a_removal_centre_asks_under_limb_d(england):
    centre = a_service(
        "Far Coast Removal Centre",
        kind="removal_centre",
        provider=england.prison.provider,
        commissioner=england.south,
    )
    from tests.world import member

    member(england.owen, "liaison", service=centre)
    patient = a_patient(england, at_service=centre, since=LONG_AGO)
    referral = asked(
        england,
        patient,
        by=actor_of(england.owen),
        from_service=centre,
        section="48",
        limb="d",
        with_restrictions=False,
    )
    assert referral.from_service == centre


def test_the_whole_way_in_time(england):
    referral = accepted(england)
    assert referral.next_step == "first_report"
    reported(england, referral)
    assert fresh(referral).next_step == "bed_date"
    bedded(england, referral)
    assert fresh(referral).next_step == "application"
    applied(england, referral)
    assert fresh(referral).next_step == "warrant"
    from tests.referrals.transfers import warranted

    warranted(england, referral)
    assert fresh(referral).next_step == "escort"
    by = actor_of(england.lena, at=at(1))
    actions.record_step(referral, "escort", on=on(1), by=by)
    assert fresh(referral).next_step == "left"
    actions.leave_prison(referral, at=at(1), by=by)
    assert fresh(referral).next_step == "received"
    received(england, referral, when=NOW + timedelta(days=1, hours=5))
    assert fresh(referral).end_reason == "admitted"


def test_nobody_in_hospital_arrives_at_a_prison_by_a_trace(england):
    patient = a_patient(england, at_service=england.ashdown)
    with pytest.raises(Refused, match="This person is in hospital"):
        actions.record_arrival(patient, prison=england.prison, at=NOW, by=actor_of(england.lena))
    assert Placement.objects.open_of(patient).service == england.ashdown


def test_somebody_arrives_only_at_the_prison_of_who_says_so(england):
    patient = a_patient(england)
    with pytest.raises(Refused, match="the prison you work at"):
        actions.record_arrival(patient, prison=england.prison, at=NOW, by=actor_of(england.owen))
