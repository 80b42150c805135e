"""What changes about a request while somebody waits, and prison moves."""

import pytest

from pathways.actions import placements, relationships
from pathways.models import KeyDate, Placement, RiskAlert
from referrals.models import HandOver
from tests.referrals.asking import boxes
from tests.referrals.sending import WHY, address, done, hidden, refused, says, send
from tests.referrals.transfers import (
    asked,
    at,
    fresh,
    on,
)
from tests.world import NOW, a_patient, actor_of, client_of


@pytest.fixture(autouse=True)
def monday(time_machine):
    """Pages read the clock; it stands on the Monday on which the world's people act."""
    time_machine.move_to(NOW, tick=False)


def test_the_first_day_is_corrected_and_a_stale_form_is_refused(england):
    referral = asked(england)
    client = client_of(england.lena)
    stale = hidden(client.get(address(referral, "request-date")))
    done(send(england.lena, referral, "request-date", why=WHY, **boxes("on", on(-3))))
    assert fresh(referral).report_first_requested_on == on(-3)
    answer = client.post(address(referral, "request-date"), {**stale, "why": WHY, **boxes("on", on(-4))})
    refused(answer, "Somebody changed this while you had it open.")
    assert WHY in answer.content.decode()
    refused(
        send(england.lena, referral, "request-date", why=WHY, **boxes("on", on(1))),
        "must be today or in the past",
        400,
    )
    answer = refused(
        send(england.lena, referral, "request-date", why=WHY, **boxes("on", on(-2000))),
        "more than three years ago. Check the year.",
    )
    assert 'href="#id_on-day"' in answer.content.decode()


def test_the_urgency_is_changed(england):
    referral = asked(england)
    done(send(england.ines, referral, "urgency", urgency="1", why="Stopped drinking"))
    assert fresh(referral).urgency == 1
    refused(
        send(england.ines, referral, "urgency", urgency="9", why="x"), "Choose one of the answers given", 400
    )


def test_the_legal_basis_is_changed_on_sentence(england):
    referral = asked(england, section="48", limb="a", with_restrictions=None)
    given = {"section": "47", "with_restrictions": "yes", **boxes("since", on(0))}
    done(send(england.lena, referral, "legal-basis", **given))
    assert referral.legal_bases.current().get(during__upper_inf=True).section == "47"
    refused(send(england.lena, referral, "legal-basis", **given), "That is the legal basis already recorded.")
    refused(
        send(england.lena, referral, "legal-basis", **{**given, "section": "48"}),
        "Choose an answer",
        400,
    )


def test_key_dates_and_risks_to_staff_stand_on_the_page(england):
    referral = asked(england)
    done(send(england.lena, referral, "key-dates", kind="release", **boxes("on", on(90))))
    done(send(england.lena, referral, "warnings", words="Two officers at the door"))
    assert KeyDate.objects.get().on == on(90)
    assert RiskAlert.objects.get()
    seen = says(client_of(england.maya).get(f"/transfers/{referral.public_id}/"))
    assert "Risk to staff: Two officers at the door" in seen
    assert "Release date: 31 May 2026" in seen
    refused(send(england.lena, referral, "warnings", words=" "), "Enter an answer", 400)
    refused(
        send(england.lena, referral, "key-dates", kind="holiday", **boxes("on", on(1))), "Choose one", 400
    )


@pytest.mark.parametrize(
    ("year", "sentence", "status"),
    [
        ("0001", "The date must be after 1899", 400),
        ("9999", "The date must be before 2101", 400),
        ("1975", "Check the year", 409),
    ],
)
def test_a_key_date_is_of_a_year_that_can_be_meant(england, year, sentence, status):
    referral = asked(england)
    given = {"kind": "remand_expiry", "on-day": "1", "on-month": "1", "on-year": year}
    refused(send(england.lena, referral, "key-dates", **given), sentence, status)
    assert not KeyDate.objects.exists()


# Moves


def test_a_prison_move_is_handed_over(england):
    referral = asked(england)
    done(
        send(
            england.lena,
            referral,
            "prison",
            to_service=str(england.other_prison.public_id),
            **boxes("on", on(0)),
        )
    )
    assert fresh(referral).from_service == england.other_prison
    owen = client_of(england.owen)
    seen = says(owen.get(f"/transfers/{referral.public_id}/"))
    assert "Not taken over yet" in seen
    refused(client_of(england.lena).post(address(referral, "prison/i-have-it")), "takes the hand-over")
    done(owen.post(address(referral, "prison/i-have-it")))
    refused(owen.post(address(referral, "prison/i-have-it")), "This hand-over has been taken already.")


def test_a_prison_move_has_its_time_where_it_is_known(england, time_machine):
    referral = asked(england)
    time_machine.move_to(at(0, 8), tick=False)
    given = {"to_service": str(england.other_prison.public_id), **boxes("on", on(0))}
    answer = send(england.lena, referral, "prison", at_time="23:00", **given)
    refused(answer, "The date must be today or in the past.")
    done(send(england.lena, referral, "prison", at_time="10:00", **given))
    now = Placement.objects.open_of(referral.patient)
    assert (now.during.lower, now.start_time_known) == (at(0, 1), True)


def test_without_a_move_there_is_no_hand_over(england):
    referral = asked(england)
    assert client_of(england.lena).post(address(referral, "prison/i-have-it")).status_code == 404


def test_a_prison_that_has_the_person_takes_the_transfer_over(england):
    referral = asked(england)
    relationships.open_relationship(
        referral.patient, service=england.other_prison, basis="named", since=NOW, by=actor_of(england.lena)
    )
    seen = says(client_of(england.owen).get(f"/transfers/{referral.public_id}/"))
    assert "take over" in seen
    done(
        send(
            england.owen,
            referral,
            "take-over",
            service=str(england.other_prison.public_id),
            **boxes("on", on(0)),
        )
    )
    assert fresh(referral).from_service == england.other_prison
    assert HandOver.objects.get().taken_by == england.owen


def test_a_transfer_is_not_taken_over_for_a_prison_that_the_person_has_left_since(england):
    patient = a_patient(england, at_service=england.other_prison, since=at(-60))
    placements.place(patient, service=england.ashdown, at=at(-9), by=actor_of(england.lena))
    placements.place(patient, service=england.prison, at=at(-5), by=actor_of(england.lena))
    referral = asked(england, patient)
    mine = {"service": str(england.other_prison.public_id), **boxes("on", on(-7))}
    refused(send(england.owen, referral, "take-over", **mine), "moved on since that day")
    assert fresh(referral).from_service == england.prison
    assert not HandOver.objects.exists()


def test_the_prison_that_a_person_has_left_is_not_offered_to_take_over(england):
    referral = asked(england)
    moved = {"to_service": str(england.other_prison.public_id), **boxes("on", on(0))}
    done(send(england.lena, referral, "prison", **moved))
    assert "take over" not in says(client_of(england.lena).get(f"/transfers/{referral.public_id}/"))


def test_ones_own_transfer_is_not_taken_over(england):
    referral = asked(england)
    refused(
        send(
            england.lena, referral, "take-over", service=str(england.prison.public_id), **boxes("on", on(0))
        ),
        "Your prison already has this transfer.",
    )
