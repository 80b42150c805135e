"""Every verb on a transfer is somebody's, and on that transfer only."""

import re
from uuid import uuid4

import pytest

from pathways.actions import clocks
from pathways.models import Flag
from referrals import actions
from tests.referrals.sending import address, done
from tests.referrals.transfers import (
    accepted,
    approach_of,
    asked,
    at,
    bedded,
    on,
    ready,
)
from tests.world import NOW, actor_of, client_of


@pytest.fixture(autouse=True)
def monday(time_machine):
    """Pages read the clock; it stands on the Monday on which the world's people act."""
    time_machine.move_to(NOW, tick=False)


# Doors

VERBS = [
    "services", "lead", "steps/escort", "warrant", "warrant/refused", "left", "received", "request-date", "urgency",
    "legal-basis", "key-dates", "warnings", "prison", "take-over", "delays", "reviews", "contacts", "end",
]  # fmt: skip


@pytest.mark.parametrize("verb", VERBS)
def test_strangers_find_nothing_and_analysts_and_administrators_may_not(england, verb):
    referral = asked(england)
    for user, status in ((england.anna, 403), (england.adam, 403)):
        assert client_of(user).get(address(referral, verb)).status_code == status
    stranger = client_of(england.sam).get(address(referral, verb))
    assert stranger.status_code in (403, 404)  # 403 only where no clinician may, so that nothing is told
    assert client_of(england.sam).post(address(referral, verb)).status_code == stranger.status_code


def test_parts_of_another_transfer_are_not_found(england):
    one, other = (
        asked(england, report_first_requested_on=on(-5)),
        asked(england, report_first_requested_on=on(-5)),
    )
    theirs = approach_of(other, england.ashdown)
    delay = actions.record_delay(
        other, first_day=on(-3), party="prison", reason="late_request", by=actor_of(england.lena)
    )
    maya, lena = client_of(england.maya), client_of(england.lena)
    for verb in ("decide", "change", "bed", "bed/withdraw"):
        assert maya.get(address(one, f"services/{theirs.public_id}/{verb}")).status_code == 404
    assert lena.get(address(one, f"services/{theirs.public_id}/withdraw")).status_code == 404
    for verb in ("end", "dispute", "correct"):
        assert lena.get(address(one, f"delays/{delay.public_id}/{verb}")).status_code == 404


@pytest.mark.parametrize("verb", ["decide", "change", "bed", "bed/withdraw"])
def test_what_another_service_does_is_not_found_by_those_asked_beside_it(england, verb):
    referral = accepted(england)
    bedded(england, referral)
    theirs = address(referral, f"services/{approach_of(referral, england.ashdown).public_id}/{verb}")
    assert client_of(england.maya).get(theirs).status_code == 200
    for user, status in ((england.luke, 404), (england.ines, 404), (england.lena, 403), (england.carl, 403)):
        assert client_of(user).get(theirs).status_code == status, user.name
        assert client_of(user).post(theirs).status_code == status, user.name


def test_a_delay_put_down_to_a_service_is_not_a_colleagues_to_dispute(england):
    referral = asked(england, report_first_requested_on=on(-5))
    days = {"first_day": on(-3), "party": "service_asked", "reason": "assessment_not_done"}
    delay = actions.record_delay(referral, service=england.ashdown, by=actor_of(england.lena), **days)
    theirs = address(referral, f"delays/{delay.public_id}/dispute")
    for user, status in ((england.maya, 200), (england.carl, 200), (england.luke, 404), (england.lena, 404)):
        assert client_of(user).get(theirs).status_code == status, user.name


def test_a_service_that_was_let_go_is_offered_to_dispute_and_nothing_else(england):
    referral = asked(england, report_first_requested_on=on(-5))
    days = {"first_day": on(-3), "party": "service_asked", "reason": "assessment_not_done"}
    delay = actions.record_delay(referral, service=england.ashdown, by=actor_of(england.lena), **days)
    approach = approach_of(referral, england.ashdown)
    one = f"/transfers/{referral.public_id}/"
    theirs = f"{one}delays/{delay.public_id}/"
    actions.withdraw_approach(approach, why="Too far.", by=actor_of(england.lena))
    page = client_of(england.maya).get(one).content.decode()
    assert f"{theirs}dispute/" in page
    assert f"{theirs}correct/" not in page
    assert f"{theirs}end/" not in page
    own = client_of(england.lena).get(one).content.decode()
    assert f"{theirs}correct/" in own
    assert f"{theirs}end/" in own


def test_acknowledging_one_transfer_leaves_the_flags_of_another(england, time_machine):
    one, other = asked(england), asked(england)
    time_machine.move_to(at(30), tick=False)
    clocks.raise_flags(by=actor_of(england.carl, at=at(30)))
    done(client_of(england.carl).post(address(one, "flags")))
    left = Flag.objects.to_acknowledge().values_list("clock__about_id", flat=True)
    assert set(left) == {other.pk}


def test_somebody_who_is_not_there_is_not_found(england):
    response = client_of(england.lena).get(f"/transfers/{uuid4()}/end/")
    assert response.status_code == 404


def test_every_button_that_is_shown_opens(england):
    referral = ready(england)
    for user in (england.lena, england.ines, england.maya, england.luke, england.carl):
        client = client_of(user)
        shown = client.get(f"/transfers/{referral.public_id}/").content.decode()
        for path in set(re.findall(r'class="nhsuk-button[^"]*app-offer" href="([^"]+)"', shown)):
            assert client.get(path).status_code == 200, (user.name, path)
