"""A form that somebody overtook: what changed is said, nothing typed is lost, and it can be sent again."""

import pytest

from referrals import actions
from referrals.models import BedOffer, Decision, Delay, LegalBasis, Step
from tests.referrals.asking import boxes
from tests.referrals.sending import WHY, address, done, hidden, refused, says
from tests.referrals.transfers import accepted, approach_of, asked, at, bedded, fresh, on, ready
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


# What one service has said


def of_ashdown(england, referral, verb):
    return f"services/{approach_of(referral, england.ashdown).public_id}/{verb}"


def test_a_decision_changed_meanwhile_is_said_before_it_is_changed_again(england):
    referral = accepted(england)
    first = Decision.objects.get()
    by = actor_of(england.maya, at=at(0, 1))

    def declined():
        known = {"acceptance": first.acceptance, "reason": "no_bed", "decided_on": on(0)}
        actions.change_decision(first, why="The ward is full.", outcome="declined", by=by, **known)

    given = {"outcome": "deferred", "why": WHY, **boxes("deferred_to", on(5)), **boxes("decided_on", on(0))}
    said, again = overtaken(
        client_of(england.maya), address(referral, of_ashdown(england, referral, "change")), given, declined
    )
    assert "Decision changed: Declined; No bed in prospect by Maya" in said
    assert "What has your service decided? Declined" in said
    assert "When was this decided? 2" not in said.partition("What you typed")[0]
    assert Decision.objects.current().get().outcome == "deferred"
    done(again)


def test_a_bed_given_meanwhile_is_said_before_a_decision_lets_it_go(england):
    referral = accepted(england)
    given = {"outcome": "declined", "reason": "no_bed", "why": WHY, **boxes("decided_on", on(0))}
    said, again = overtaken(
        client_of(england.maya),
        address(referral, of_ashdown(england, referral, "change")),
        given,
        lambda: bedded(england, referral),
    )
    assert "Bed date given: from 5 March 2026" in said
    done(again)


def test_another_bed_date_is_not_withdrawn_for_the_first_one_s_reason(england):
    referral = accepted(england)
    bedded(england, referral)

    def another_bed():
        by = actor_of(england.maya, at=at(0, 1))
        actions.withdraw_bed_date(BedOffer.objects.current().get(), why="Flooded.", by=by)
        approach = approach_of(referral, england.ashdown)
        actions.give_bed_date(approach, england.second_bed, bed_on=on(4), by=by)

    path = address(referral, of_ashdown(england, referral, "bed/withdraw"))
    said, again = overtaken(client_of(england.maya), path, {"why": WHY}, another_bed)
    assert "Bed date withdrawn" in said
    assert "bed 2, held from 6 March 2026" in said
    done(again)
    assert not BedOffer.objects.current().exists()


# Steps


def escorted(england, referral):
    return actions.record_step(referral, "escort", on=on(0), by=actor_of(england.lena))


def test_a_step_put_right_meanwhile_is_said_before_it_is_put_right_again(england):
    referral = ready(england, report_first_requested_on=on(-9))
    step = escorted(england, referral)
    by = actor_of(england.lena, at=at(0, 1))
    said, again = overtaken(
        client_of(england.lena),
        address(referral, "steps/escort/correct"),
        {"why": WHY, **boxes("on", on(-2))},
        lambda: actions.correct_step(step, on=on(-1), why="A day earlier.", by=by),
    )
    assert "Date of a step corrected: Escort booked; from 2 March 2026 to 1 March 2026" in said
    assert "Which day was it? 1 March 2026" in said
    done(again)
    assert Step.objects.current().get(kind="escort").done_on == on(-2)


def test_a_step_put_right_meanwhile_is_not_taken_back_unseen(england):
    referral = ready(england, report_first_requested_on=on(-9))
    step = escorted(england, referral)
    by = actor_of(england.lena, at=at(0, 1))
    said, again = overtaken(
        client_of(england.lena),
        address(referral, "steps/escort/mistake"),
        {"why": WHY},
        lambda: actions.correct_step(step, on=on(-1), why="A day earlier.", by=by),
    )
    assert "Recorded for 1 March 2026." in said
    done(again)
    assert not Step.objects.current().filter(kind="escort").exists()


def test_a_form_names_a_step_of_its_own_transfer_and_kind(england):
    referral, other = ready(england), asked(england)
    escorted(england, referral)
    path, client = address(referral, "steps/escort/correct"), client_of(england.lena)
    sent = {**hidden(client.get(path)), "why": WHY, **boxes("on", on(0))}
    for wrong in (other.steps.first().pk, referral.steps.get(kind="warrant").pk, 9 * 10**9):
        assert client.post(path, {**sent, "version": str(wrong)}).status_code == 404
    assert client.post(path, {**sent, "version": "x"}).status_code == 400
