"""Asking services, deciding about the person, giving a bed date: as a browser sends it."""

from uuid import uuid4

import pytest

from assessments import actions as assessing
from assessments.models import SignedAssessment
from pathways.models import BedUse
from referrals import actions
from referrals.models import Approach, BedOffer, Contact, Decision
from tests.referrals.asking import boxes, key_of, text
from tests.referrals.sending import address, done, hidden, refused, says, send
from tests.referrals.transfers import (
    accepted,
    accepts_assessment,
    approach_of,
    asked,
    assessed,
    at,
    bedded,
    fresh,
    on,
)
from tests.world import NOW, a_ward, actor_of, client_of


@pytest.fixture(autouse=True)
def monday(time_machine):
    """Pages read the clock; it stands on the Monday on which the world's people act."""
    time_machine.move_to(NOW, tick=False)


def test_another_service_is_asked_and_told(england):
    referral = asked(england, services=[england.ashdown])
    answer = done(send(england.lena, referral, "services", service=str(england.brook.public_id)))
    assert answer.url == f"/transfers/{referral.public_id}/#services"
    assert referral.approaches.count() == 2


def test_what_was_done_is_said_on_the_page_it_leads_to(england):
    referral = asked(england, services=[england.ashdown])
    client = client_of(england.lena)
    form = hidden(client.get(address(referral, "services")))
    answer = client.post(address(referral, "services"), {**form, "service": str(england.brook.public_id)})
    assert "Brook House has been asked and told." in says(client.get(answer.url))


def test_services_are_narrowed_as_in_the_questions_with_their_free_beds(england):
    referral = asked(england, services=[england.ashdown])
    client = client_of(england.lena)
    shown = says(client.get(address(referral, "services")))
    assert "Low secure for men, 1 bed free now" in shown
    assert "Ashdown Unit" not in shown.split("Narrow the list")[1]
    picked = {**hidden(client.get(address(referral, "services"))), "service": str(england.brook.public_id)}
    narrowed = client.post(address(referral, "services"), {**picked, "move": "filter", "tier": "medium"})
    assert narrowed.status_code == 200
    assert "Far Clinic" not in says(narrowed)  # no ward of that tier
    assert 'value="' + str(england.brook.public_id) + '" checked' in narrowed.content.decode()
    assert referral.approaches.count() == 1
    done(client.post(address(referral, "services"), picked))
    assert referral.approaches.count() == 2


def test_a_service_asked_already_is_refused_with_what_was_chosen_still_there(england):
    referral = asked(england)
    refused(
        send(england.lena, referral, "services", service=str(england.brook.public_id)),
        "That service has already been asked.",
    )


def test_nothing_chosen_and_a_service_that_is_not_there_stand_beside_the_field(england):
    referral = asked(england)
    refused(send(england.lena, referral, "services", service=""), "Choose the service", 400)
    refused(
        send(england.lena, referral, "services", service=str(uuid4())), "Choose one of the answers given", 400
    )
    refused(send(england.lena, referral, "services", service="x"), "Choose one of the answers given", 400)


def test_a_form_sent_twice_asks_once_and_gets_the_first_answer(england):
    referral = asked(england, services=[england.ashdown])
    client = client_of(england.lena)
    key = key_of(client.get(address(referral, "contacts")))
    given = {"submission": key, **boxes("on", on(0)), "with_whom": "Ward", "said": "Called."}
    first = client.post(address(referral, "contacts"), given)
    second = client.post(address(referral, "contacts"), given)
    assert first.url == second.url
    assert Contact.objects.count() == 1


def test_a_refused_form_may_be_sent_again_with_the_same_key(england):
    referral = asked(england)
    client = client_of(england.lena)
    key = key_of(client.get(address(referral, "contacts")))
    given = {"submission": key, **boxes("on", on(0)), "with_whom": "Ward", "said": "Called."}
    refused(
        client.post(address(referral, "contacts"), {**given, **boxes("next_on", on(-1))}),
        "The next action must not be before this contact.",
    )
    done(client.post(address(referral, "contacts"), given))


def test_a_service_is_let_go(england):
    referral = asked(england)
    approach = approach_of(referral, england.brook)
    done(send(england.lena, referral, f"services/{approach.public_id}/withdraw", why="Asked by mistake"))
    assert Approach.objects.get(pk=approach.pk).closed_at is not None
    refused(
        client_of(england.lena).post(
            address(referral, f"services/{approach.public_id}/withdraw"), {"why": "Again"}
        ),
        "That service is not asked any more.",
    )


def test_a_case_manager_names_the_lead_and_nobody_else_may(england):
    referral = asked(england)
    done(send(england.carl, referral, "lead", service=str(england.brook.public_id)))
    assert fresh(referral).lead_service == england.brook
    assert client_of(england.lena).get(address(referral, "lead")).status_code == 403
    refused(
        send(england.carl, referral, "lead", service=str(england.elsewhere.public_id)),
        "Choose one of the answers given",
        400,
    )


# Deciding, and the bed


@pytest.fixture
def decidable(england):
    referral = asked(england)
    assessed(england, referral)
    accepts_assessment(england, referral, england.ashdown)
    return referral


def decide(england, referral, user=None, verb="decide", **given):
    approach = approach_of(referral, england.ashdown)
    given = {**boxes("decided_on", on(0)), **given}
    return send(user or england.maya, referral, f"services/{approach.public_id}/{verb}", **given)


@pytest.mark.parametrize(
    ("given", "outcome"),
    [
        ({"outcome": "accepted", "depends_on": "A discharge", **boxes("expected_on", on(5))}, "accepted"),
        ({"outcome": "accepted_other_tier", "tier": "low"}, "accepted_other_tier"),
        ({"outcome": "declined", "reason": "no_bed"}, "declined"),
        ({"outcome": "deferred", **boxes("deferred_to", on(7))}, "deferred"),
    ],
)
def test_each_way_of_deciding(england, decidable, given, outcome):
    a_ward(england.ashdown, "low", name="Larch")
    done(decide(england, decidable, **given))
    assert Decision.objects.get().outcome == outcome


def test_only_tiers_of_the_services_own_wards_are_offered(england, decidable):
    path = address(decidable, f"services/{approach_of(decidable, england.ashdown).public_id}/decide")
    shown = client_of(england.maya).get(path)
    assert "Accepted at another tier" not in says(shown)
    a_ward(england.ashdown, "low", name="Larch")
    shown = client_of(england.maya).get(path)
    assert "Accepted at another tier" in says(shown)
    assert 'value="low"' in shown.content.decode()
    assert 'value="high"' not in shown.content.decode()


def test_a_decline_is_held_against_the_services_own_criterion(england, decidable):
    criterion = england.ashdown.criteria.get()
    done(decide(england, decidable, outcome="declined", reason="gender", criterion=str(criterion.public_id)))
    assert Decision.objects.get().criterion == criterion


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"outcome": ""}, "Choose an answer"),
        ({"outcome": "perhaps"}, "Choose one of the answers given"),
        ({"outcome": "declined"}, "Choose the main reason"),
        ({"outcome": "accepted_other_tier"}, "Choose one of the answers given"),
        ({"outcome": "deferred"}, "Enter an answer"),
        ({"outcome": "accepted", **boxes("decided_on", on(1))}, "must be today or in the past"),
    ],
)
def test_a_decision_without_what_it_takes_says_so_beside_the_field(england, decidable, given, sentence):
    answer = refused(decide(england, decidable, **given), sentence, 400)
    assert "There is a problem" in text(answer)
    assert not Decision.objects.exists()


def test_what_was_typed_is_still_there_when_the_rule_refuses(england, decidable):
    answer = refused(
        decide(england, decidable, outcome="declined", reason="other", depends_on="", words=""),
        "Say in words why the person is declined.",
    )
    assert 'value="other" selected' in answer.content.decode()


def test_after_a_no_to_the_assessment_the_form_declines_or_defers(england):
    referral = asked(england)
    assessed(england, referral)
    accepts_assessment(england, referral, england.ashdown, answer="no")
    approach = approach_of(referral, england.ashdown)
    path = address(referral, f"services/{approach.public_id}/decide")
    shown = client_of(england.maya).get(path).content.decode()
    assert "it can decline or defer here" in shown
    assert 'value="declined"' in shown
    assert 'value="accepted' not in shown
    done(decide(england, referral, outcome="deferred", **boxes("deferred_to", on(7))))
    assert Decision.objects.get().outcome == "deferred"


def test_what_was_typed_for_another_outcome_is_not_kept(england, decidable):
    typed = {"reason": "no_bed", "depends_on": "A discharge", **boxes("expected_on", on(5))}
    done(decide(england, decidable, outcome="deferred", **typed, **boxes("deferred_to", on(7))))
    decision = Decision.objects.get()
    assert (decision.reason, decision.depends_on, decision.expected_on) == ("", "", None)


def test_without_a_word_on_the_assessment_the_way_to_it_is_shown(england):
    referral = asked(england)
    approach = approach_of(referral, england.brook)
    client = client_of(england.luke)
    assert "no current signed assessment" in text(
        client.get(address(referral, f"services/{approach.public_id}/decide"))
    )
    signed = assessed(england, referral)
    shown = client.get(address(referral, f"services/{approach.public_id}/decide"))
    assert f"/assessments/{signed.public_id}/accept/" in shown.content.decode()
    lead = approach_of(referral, england.ashdown)
    shown = client_of(england.maya).get(address(referral, f"services/{lead.public_id}/decide"))
    assert f"/assessments/{signed.public_id}/accept/" not in shown.content.decode()


def test_a_second_decision_beside_the_first_is_refused_and_the_first_can_be_changed(england, decidable):
    client = client_of(england.maya)
    path = address(decidable, f"services/{approach_of(decidable, england.ashdown).public_id}/decide")
    stale = hidden(client.get(path))
    done(decide(england, decidable, outcome="accepted"))
    given = {**stale, "outcome": "declined", "reason": "no_bed", **boxes("decided_on", on(0))}
    refused(client.post(path, given), "A decision is already recorded. Open it to change it.")
    done(
        decide(
            england, decidable, verb="change", outcome="declined", reason="no_bed", why="The ward has closed"
        )
    )
    assert Decision.objects.current().get().outcome == "declined"
    assert Decision.objects.count() == 2


def test_a_decision_on_an_assessment_that_is_no_longer_current_is_refused(england, decidable):
    client = client_of(england.maya)
    path = address(decidable, f"services/{approach_of(decidable, england.ashdown).public_id}/decide")
    stale = hidden(client.get(path))
    assessing.end_currency(SignedAssessment.objects.get(), why="New charges", by=actor_of(england.maya))
    given = {**stale, "outcome": "accepted", **boxes("decided_on", on(0))}
    refused(client.post(path, given), "That assessment is no longer current.")


def test_another_service_cannot_decide_for_it(england, decidable):
    path = address(decidable, f"services/{approach_of(decidable, england.ashdown).public_id}/decide")
    given = {"outcome": "accepted", **boxes("decided_on", on(0))}
    assert client_of(england.luke).post(path, given).status_code == 404
    assert not Decision.objects.exists()


def give_bed(england, referral, bed, *, day=3, client=None):
    approach = approach_of(referral, england.ashdown)
    verb = f"services/{approach.public_id}/bed"
    return send(england.maya, referral, verb, bed=str(bed.public_id), **boxes("bed_on", on(day)))


def test_a_bed_date_holds_the_bed(england):
    referral = accepted(england)
    done(give_bed(england, referral, england.bed))
    assert BedUse.objects.get().purpose == "held"
    assert BedOffer.objects.get().bed == england.bed


def test_a_bed_just_gone_is_said_and_the_beds_are_offered_afresh(england):
    referral, other = accepted(england), accepted(england)
    client = client_of(england.maya)
    path = address(referral, f"services/{approach_of(referral, england.ashdown).public_id}/bed")
    stale = hidden(client.get(path))
    actions.give_bed_date(
        approach_of(other, england.ashdown), england.bed, bed_on=on(3), by=actor_of(england.maya)
    )
    given = {**stale, "bed": str(england.bed.public_id), **boxes("bed_on", on(3))}
    answer = refused(client.post(path, given), "That bed has just gone. Choose another bed or other dates.")
    assert "Alder ward, bed 1 Free from 12 March 2026" in says(answer)
    assert "Alder ward, bed 2 Free now" in says(answer)


def test_a_bed_chosen_before_it_is_free_is_said_to_be_free_later(england):
    referral, other = accepted(england), accepted(england)
    before = actor_of(england.maya, at=at(-1))
    actions.give_bed_date(approach_of(other, england.ashdown), england.bed, bed_on=on(3), by=before)
    client = client_of(england.maya)
    path = address(referral, f"services/{approach_of(referral, england.ashdown).public_id}/bed")
    shown = client.get(path)
    assert "Alder ward, bed 1 Free from 12 March 2026" in says(shown)
    chosen = {"bed": str(england.bed.public_id), **boxes("bed_on", on(3))}
    answer = refused(client.post(path, {**hidden(shown), **chosen}), "This bed is free from 12 March 2026.")
    assert 'href="#id_bed_on-day"' in answer.content.decode()
    assert not BedOffer.objects.filter(approach__referral=referral).exists()
    done(client.post(path, {**hidden(answer), **chosen, **boxes("bed_on", on(10))}))


def test_a_bed_in_use_without_an_end_and_of_another_service_cannot_be_chosen(england):
    referral = accepted(england)
    refused(give_bed(england, referral, england.brook_bed), "Choose one of the answers given", 400)


def test_a_bed_date_is_withdrawn_and_then_there_is_none_to_withdraw(england):
    referral = accepted(england)
    bedded(england, referral)
    verb = f"services/{approach_of(referral, england.ashdown).public_id}/bed/withdraw"
    done(send(england.maya, referral, verb, why="The ward is closed"))
    assert not BedOffer.objects.current().exists()
    assert client_of(england.maya).get(address(referral, verb)).status_code == 404


def test_a_lead_is_named_only_once_somebody_is_asked(england):
    referral = asked(england, services=[])
    refused(client_of(england.carl).get(address(referral, "lead")), "Ask a service first", 409)
