"""A form that somebody overtook: what changed is said, nothing typed is lost, and it can be sent again."""

import pytest

from referrals import actions
from referrals.models import Delay, LegalBasis
from tests.referrals.asking import boxes
from tests.referrals.sending import WHY, address, done, hidden, refused, says
from tests.referrals.transfers import asked, fresh, on
from tests.world import NOW, actor_of, client_of

STALE = "Somebody changed this while you had it open."


@pytest.fixture(autouse=True)
def monday(time_machine):
    """Pages read the clock; it stands on the Monday on which the world's people act."""
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def waiting(england):
    return asked(england, report_first_requested_on=on(-9))


def overtaken(client, path, given, act):
    """Open a form, let somebody else act, send it; gives the refusal and what a second sending comes to."""
    shown = hidden(client.get(path))
    act()
    first = refused(client.post(path, {**shown, **given}), STALE)
    again = client.post(path, {**given, **hidden(first)})
    return says(first), again


def test_an_urgency_that_was_overtaken_is_said_and_sent_again(england, waiting):
    by = actor_of(england.carl)
    said, again = overtaken(
        client_of(england.lena),
        address(waiting, "urgency"),
        {"urgency": "3", "why": "Eating again."},
        lambda: actions.change_urgency(waiting, urgency=1, why="Worse.", version=0, by=by),
    )
    assert "Changed since you opened this page: Urgency changed: from Urgent to Emergency by Carl" in said
    assert "How urgent is it? Emergency" in said
    assert "Eating again." in said
    done(again)
    assert fresh(waiting).urgency == 3


def test_two_changes_of_the_request_are_both_said(england, waiting):
    def two():
        by = actor_of(england.carl)
        actions.change_urgency(waiting, urgency=1, why="Worse.", version=0, by=by)
        actions.name_lead(waiting, england.brook, by=by)

    given = {"why": WHY, **boxes("on", on(-8))}
    said, again = overtaken(client_of(england.lena), address(waiting, "request-date"), given, two)
    assert "Urgency changed" in said
    assert "Lead named" in said
    done(again)


def test_a_legal_basis_is_not_put_over_another(england, waiting):
    by = actor_of(england.ines)
    basis = {"section": "48", "limb": "a", "since": on(0)}
    given = {"section": "48", "limb": "d", "with_restrictions": "no", **boxes("since", on(0))}
    said, again = overtaken(
        client_of(england.lena),
        address(waiting, "legal-basis"),
        given,
        lambda: actions.change_legal_basis(waiting, by=by, **basis),
    )
    assert "Legal basis changed: from section 47 to section 48(a) by Ines" in said
    done(again)
    assert LegalBasis.objects.current().get(referral=waiting, during__upper_inf=True).limb == "d"


def test_an_end_is_not_recorded_over_a_change(england, waiting):
    by = actor_of(england.carl)
    said, again = overtaken(
        client_of(england.lena),
        address(waiting, "end"),
        {"reason": "released", "checked": "yes", **boxes("on", on(0))},
        lambda: actions.change_urgency(waiting, urgency=1, why="Worse.", version=0, by=by),
    )
    assert "Urgency changed" in said
    assert "It now says" not in said
    done(again)


def test_a_delay_corrected_meanwhile_is_shown_and_corrected_again(england, waiting):
    known = {"first_day": on(-5), "party": "court", "reason": "court_date"}
    delay = actions.record_delay(waiting, by=actor_of(england.lena), **known)
    given = {"party": "court", "reason": "escort", "why": WHY, **boxes("first_day", on(-4))}

    def corrected():
        now = {**known, "first_day": on(-6)}
        actions.correct_delay(delay, why="A day earlier.", by=actor_of(england.ines), **now)

    path = address(waiting, f"delays/{delay.public_id}/correct")
    said, again = overtaken(client_of(england.lena), path, given, corrected)
    assert "Delay corrected" in said
    assert "First day of the delay 24 February 2026" in said
    done(again)
    newest = Delay.objects.current().get()
    assert (newest.reason, newest.corrects.corrects) == ("escort", delay)


def test_a_dispute_makes_an_open_correction_stale(england, waiting):
    known = {"first_day": on(-5), "party": "service_asked", "service": england.ashdown, "reason": "no_bed"}
    delay = actions.record_delay(waiting, by=actor_of(england.lena), **known)
    given = {
        "party": "service_asked", "service": str(england.ashdown.public_id), "reason": "no_bed", "why": WHY,
        **boxes("first_day", on(-4)),
    }  # fmt: skip
    said, again = overtaken(
        client_of(england.lena),
        address(waiting, f"delays/{delay.public_id}/correct"),
        given,
        lambda: actions.dispute_delay(delay, why="A bed was offered.", by=actor_of(england.maya)),
    )
    assert "Delay disputed" in said
    done(again)
