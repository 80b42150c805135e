"""Delays, reviews, contacts, and every end of a transfer."""

import pytest

from referrals import actions
from referrals.models import Delay, Review
from tests.referrals.asking import boxes
from tests.referrals.sending import WHY, address, done, hidden, refused, says, send
from tests.referrals.transfers import (
    accepted,
    asked,
    at,
    fresh,
    on,
    ready,
    received,
)
from tests.world import NOW, actor_of, client_of


@pytest.fixture(autouse=True)
def monday(time_machine):
    """Pages read the clock; it stands on the Monday on which the world's people act."""
    time_machine.move_to(NOW, tick=False)


def delay_answers(**changed):
    return {"party": "prison", "reason": "late_request", **boxes("first_day", on(-3)), **changed}


@pytest.fixture
def late(england):
    return asked(england, report_first_requested_on=on(-9))


def test_a_delay_is_recorded_ended_disputed_and_corrected(england, late):
    given = delay_answers(
        party="service_asked", service=str(england.ashdown.public_id), reason="no_bed", contributing=["other"]
    )
    done(send(england.lena, late, "delays", **given))
    delay = Delay.objects.get()
    done(send(england.maya, late, f"delays/{delay.public_id}/dispute", why="A bed was offered"))
    refused(
        client_of(england.maya).post(address(late, f"delays/{delay.public_id}/dispute"), {"why": "Again"}),
        "This delay is disputed already.",
    )
    done(send(england.lena, late, f"delays/{delay.public_id}/end", **boxes("last_day", on(-1))))
    corrected = {**delay_answers(), "why": WHY}
    done(send(england.lena, late, f"delays/{delay.public_id}/correct", **corrected))
    assert Delay.objects.current().get().party == "prison"
    shown = says(client_of(england.lena).get(f"/transfers/{late.public_id}/"))
    assert "Corrected: Service asked: Ashdown Unit, no bed at the right tier" in shown
    assert f"corrected by Lena, 2 March 2026: {WHY}" in shown
    assert "A bed was offered" in shown
    assert client_of(england.lena).get(address(late, f"delays/{delay.public_id}/end")).status_code == 404


def test_the_prison_that_had_the_person_is_named_and_disputes_after_the_move(england, late):
    lena, luke = actor_of(england.lena, at=NOW), actor_of(england.luke, at=NOW)
    actions.record_prison_move(late, to_service=england.other_prison, on=on(-2), by=lena)
    days = {"first_day": on(-5), "last_day": on(-4), "party": "prison", "reason": "late_request"}
    delay = actions.record_delay(late, by=luke, **days)
    dispute = f"delays/{delay.public_id}/dispute"
    for user, may in ((england.lena, True), (england.owen, False)):
        shown = client_of(user).get(f"/transfers/{late.public_id}/")
        assert "Prison: HMP Wexley" in says(shown)
        assert (address(late, dispute) in shown.content.decode()) is may
    assert client_of(england.owen).get(address(late, dispute)).status_code == 404
    done(send(england.lena, late, dispute, why="Asked on the first day."))


def test_days_that_have_a_main_reason_are_not_given_a_second(england, late):
    done(send(england.lena, late, "delays", **delay_answers()))
    answer = refused(
        send(england.lena, late, "delays", **delay_answers()), "Part of this time already has a main reason."
    )
    assert 'href="#id_first_day-day"' in answer.content.decode()
    assert Delay.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "sentence", "status"),
    [
        (delay_answers(party=""), "Choose", 400),
        (delay_answers(reason=""), "Choose the main reason", 400),
        (delay_answers(reason="mystery"), "Choose one of the answers given", 400),
        (delay_answers(party="service_asked"), "Choose the service the delay is put down to.", 409),
        (
            delay_answers(**boxes("first_day", on(-20))),
            "before the day a medical report was first requested",
            409,
        ),
        (delay_answers(**boxes("last_day", on(-5))), "The last day is before the first.", 409),
        (delay_answers(**{"first_day-day": "31", "first_day-month": "2"}), "must be a real date", 400),
    ],
)
def test_a_delay_that_cannot_be_says_why(england, late, given, sentence, status):
    refused(send(england.lena, late, "delays", **given), sentence, status)
    assert not Delay.objects.exists()


def test_a_review_is_recorded_by_clinicians_only(england, late):
    given = {"how_the_person_is": "Calmer", "interim_plan": "Daily visits", **boxes("on", on(0))}
    done(send(england.ines, late, "reviews", **given, **boxes("next_on", on(7))))
    assert Review.objects.get().next_on == on(7)
    refused(
        send(england.ines, late, "reviews", **given, **boxes("next_on", on(8))),
        "The next review must be within a week of this one.",
    )
    assert client_of(england.lena).get(address(late, "reviews")).status_code == 403


def test_a_contact_is_recorded_with_what_happens_next(england, late):
    given = {"with_whom": "Bed manager", "said": "Friday", "next_action": "Call", **boxes("on", on(0))}
    done(send(england.lena, late, "contacts", **given, **boxes("next_on", on(2))))
    assert "Next: Call, 4 March 2026" in says(client_of(england.lena).get(f"/transfers/{late.public_id}/"))


def test_only_the_newest_contacts_next_action_is_due(england, late):
    by = actor_of(england.lena)
    for day, what in ((-4, "Ring the ward"), (-2, "Ring the bed manager")):
        actions.record_contact(
            late, on=on(day), with_whom="A", said="B", next_action=what, next_on=on(day + 1), by=by
        )
    shown = says(client_of(england.lena).get(f"/transfers/{late.public_id}/"))
    assert "Ring the bed manager, 1 March 2026 1 day late" in shown
    assert "Ring the ward, 27 February 2026" in shown
    assert "Ring the ward, 27 February 2026 3 days late" not in shown


def test_a_dispute_without_a_reason_is_asked_for_in_the_words_of_the_page(england, late):
    known = {"first_day": on(-5), "party": "service_asked", "service": england.ashdown, "reason": "no_bed"}
    delay = actions.record_delay(late, by=actor_of(england.lena), **known)
    sent = send(england.maya, late, f"delays/{delay.public_id}/dispute", why="")
    refused(sent, "Enter an answer to “Why do you dispute it?”", 400)


# Ending


@pytest.mark.parametrize(
    ("reason", "given"),
    [
        ("admitted_by_court", {"hospital_by_court": "ashdown"}),
        ("admitted_after_release", {"hospital_after": "ashdown"}),
        ("released", {"after_care": "Sister meets him at the gate"}),
        ("left_england", {}),
        ("improved", {"why_improved": "Well on treatment"}),
        ("entered_in_error", {"why_in_error": "Another person"}),
        ("died", {}),
    ],
)
def test_each_end_of_the_closed_list(england, reason, given):
    referral = accepted(england)
    given = {
        name: str(england.ashdown.public_id) if value == "ashdown" else value for name, value in given.items()
    }
    done(send(england.ines, referral, "end", checked="yes", reason=reason, **given, **boxes("on", on(0))))
    ended = fresh(referral)
    assert ended.end_reason == reason
    assert ended.after_care == given.get("after_care", "")


def test_what_falls_with_the_end_is_shown_first(england):
    referral = ready(england)
    shown = says(client_of(england.lena).get(address(referral, "end")))
    assert "every clock stops" in shown
    assert "Ashdown Unit is no longer asked" in shown
    assert "Alder ward, bed 1, held from 5 March 2026, is free again" in shown
    assert "the warrant in force until 15 March 2026 can no longer be used" in shown


@pytest.mark.parametrize(
    ("given", "sentence", "status"),
    [
        ({"reason": ""}, "Choose an answer", 400),
        ({"reason": "admitted"}, "Choose one of the answers given", 400),
        ({"reason": "improved"}, "Enter an answer", 400),
        ({"reason": "admitted_by_court"}, "Choose an answer", 400),
        ({"reason": "improved", "why_improved": "Well"}, "Only a clinician can record that", 409),
        (
            {"reason": "released", **boxes("on", on(-1))},
            "before the day a medical report was first requested",
            409,
        ),
    ],
)
def test_an_end_without_what_it_takes_is_refused(england, given, sentence, status):
    referral = asked(england)
    refused(send(england.lena, referral, "end", **{**boxes("on", on(0)), **given}), sentence, status)
    assert fresh(referral).is_open


@pytest.mark.parametrize(
    ("verb", "status"),
    [
        ("steps/escort", 409),
        ("steps/application", 409),
        ("warrant/refused", 409),
        ("contacts", 409),
        ("prison", 409),
        ("urgency", 409),
        ("legal-basis", 409),
        ("request-date", 409),
        ("services", 409),
        ("end", 409),
        ("key-dates", 200),
        ("warnings", 200),
        ("end/undo", 200),
    ],
)
def test_the_form_of_what_an_end_refuses_is_not_shown(england, verb, status):
    referral = asked(england)
    actions.end_transfer(referral, reason="released", on=on(0), by=actor_of(england.lena))
    shown = client_of(england.lena).get(address(referral, verb))
    assert (shown.status_code, "This has ended." in says(shown)) == (status, status == 409)
    assert f'href="/transfers/{referral.public_id}/' in shown.content.decode()


def test_a_transfer_that_has_ended_offers_nothing_and_refuses_what_comes_late(england):
    referral = asked(england)
    client = client_of(england.lena)
    stale = hidden(client.get(address(referral, "contacts")))
    actions.end_transfer(referral, reason="released", on=on(0), by=actor_of(england.lena))
    given = {**stale, "with_whom": "Ward", "said": "Called.", **boxes("on", on(0))}
    refused(client.post(address(referral, "contacts"), given), "This has ended.")
    check = {
        **hidden(client.get("/transfers/new/")),
        "reason": "released",
        "version": "9",
        **boxes("on", on(0)),
    }
    refused(client.post(address(referral, "end"), check), "This has ended.")
    shown = says(client.get(f"/transfers/{referral.public_id}/"))
    assert "Record a contact" not in shown
    assert "Released or bailed without admission" in shown


def test_an_end_is_read_again_before_it_is_recorded(england):
    referral = ready(england)
    given = {"reason": "died", **boxes("on", on(0))}
    shown = send(england.ines, referral, "end", **given)
    assert shown.status_code == 200
    assert "Check before you record the death" in says(shown)
    assert "no message is sent" in says(shown)
    assert fresh(referral).is_open
    again = client_of(england.ines).post(
        address(referral, "end"), {**hidden(shown), **given, "change": "yes"}
    )
    assert "How did it end?" in says(again)
    assert fresh(referral).is_open
    done(client_of(england.ines).post(address(referral, "end"), {**hidden(shown), **given, "checked": "yes"}))
    assert fresh(referral).end_reason == "died"


def test_an_end_is_undone_from_the_transfers_page(england):
    referral = ready(england)
    actions.end_transfer(referral, reason="released", on=on(0), by=actor_of(england.lena))
    page = f"/transfers/{referral.public_id}/"
    assert "Undo the end" in says(client_of(england.lena).get(page))
    assert "Undo the end" not in says(client_of(england.maya).get(page))
    done(send(england.lena, referral, "end/undo", why=WHY))
    assert fresh(referral).is_open


def test_a_reception_by_mistake_is_undone_by_the_hospital_from_the_transfers_page(england, time_machine):
    referral = received(england, ready(england), when=at(1))
    time_machine.move_to(at(2), tick=False)
    assert "Undo the end" in says(client_of(england.maya).get(f"/transfers/{referral.public_id}/"))
    asked_why = says(client_of(england.maya).get(address(referral, "end/undo")))
    assert "the legal status that began with the move" in asked_why
    done(send(england.maya, referral, "end/undo", why=WHY))
    assert fresh(referral).is_open
    shown = says(client_of(england.maya).get(f"/patients/{referral.patient.public_id}/"))
    assert "In the bed taken back" in shown


def test_a_step_is_taken_back_from_the_checklist(england):
    referral = ready(england)
    actions.record_step(referral, "escort", on=on(0), by=actor_of(england.lena))
    page = f"/transfers/{referral.public_id}/"
    button = "/steps/escort/mistake/"
    assert button in client_of(england.lena).get(page).content.decode()
    assert button in client_of(england.carl).get(page).content.decode()
    assert button not in client_of(england.ines).get(page).content.decode()
    done(send(england.carl, referral, "steps/escort/mistake", why=WHY))
    assert fresh(referral).next_step == "escort"
