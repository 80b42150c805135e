"""Flags are taken on by the side they were raised for, and by nobody else."""

import pytest

from core.models import Notification
from core.refusals import Refused
from desk.today.commissioner import escalations
from organisations.models import Commissioner
from pathways.actions import clocks
from pathways.models import Event, Flag, Relationship
from referrals import actions
from referrals.models import Referral
from tests.referrals.asking import text
from tests.referrals.referring import in_ashdown, referred
from tests.referrals.transfers import asked, at, fresh, on, ready, received
from tests.world import a_user, actor_of, client_of, member


def sweep(england, days: int) -> None:
    clocks.raise_flags(by=actor_of(england.adam, at=at(days)))


def owed(referral: Referral) -> dict[int, str]:
    flags = Flag.objects.to_acknowledge().filter(clock__about_id=referral.pk)
    return dict(flags.values_list("day", "owner"))


def office_of(england):
    """Nora, who works for NHS England in the region."""
    national = Commissioner.objects.create(region=england.region, kind="nhs_england", name="NHS England")
    nora = a_user("Nora")
    member(nora, "commissioner", commissioner=national, duties=["case_manager"])
    return nora


@pytest.mark.parametrize("name", ["lena", "ines", "maya", "luke", "anna"])
def test_a_rung_of_the_ladder_is_for_its_owner_alone(england, name):
    referral = asked(england)
    sweep(england, 28)
    by = actor_of(getattr(england, name), at=at(28))
    flag = Flag.objects.to_acknowledge().get(day=28)
    with pytest.raises(Refused, match="This flag is for the commissioner"):
        actions.acknowledge_flags(referral, flag=flag, by=by)
    with pytest.raises(Refused, match="waits for you"):
        actions.acknowledge_flags(referral, by=by)
    assert set(owed(referral)) == {21, 28}


def test_a_rung_covers_those_below_it_and_none_above(england):
    nora, referral = office_of(england), asked(england)
    sweep(england, 56)
    assert owed(referral) == {21: "case_manager", 28: "commissioner", 42: "region", 56: "region"}
    flag = Flag.objects.to_acknowledge().get(day=42)
    by = actor_of(nora, at=at(56))
    actions.acknowledge_flags(referral, flag=flag, by=by)
    assert owed(referral) == {56: "region"}
    assert set(Flag.objects.filter(day__in=[21, 28, 42]).values_list("acknowledged_by", flat=True)) == {
        nora.pk
    }
    assert Event.objects.filter(kind="clock.acknowledged").count() == 3


def test_one_press_takes_on_all_that_waits_for_a_side(england):
    office_of(england)
    referral = asked(england)
    sweep(england, 42)
    actions.acknowledge_flags(referral, by=actor_of(england.carl, at=at(42)))
    assert owed(referral) == {42: "region"}


def test_the_region_can_open_whom_it_answers_for_until_the_end(england):
    nora, referral = office_of(england), asked(england)
    sweep(england, 28)
    held = Relationship.objects.about("referral", referral.pk).filter(commissioner__kind="nhs_england")
    assert not held.exists()
    sweep(england, 42)
    sweep(england, 56)
    assert held.get().during.upper is None
    assert Referral.objects.visible_to(actor_of(nora, at=at(57))).filter(pk=referral.pk).exists()
    actions.end_transfer(referral, reason="released", on=on(57), by=actor_of(england.ines, at=at(57)))
    assert held.get().during.upper is not None


def test_where_the_region_has_no_office_the_case_manager_takes_on_the_top(england):
    referral = asked(england)
    sweep(england, 42)
    actions.acknowledge_flags(referral, by=actor_of(england.carl, at=at(42)))
    assert not owed(referral)


def test_after_the_end_there_is_nothing_to_acknowledge(england):
    referral = ready(england)
    clocks.raise_flags(by=actor_of(england.adam, at=at(13)))
    received(england, referral, when=at(13))
    sweep(england, 28)
    with pytest.raises(Refused, match="has ended"):
        actions.acknowledge_flags(fresh(referral), by=actor_of(england.carl, at=at(28)))


def test_a_lapsed_warrant_waits_for_the_case_manager_although_its_clock_has_ended(england):
    referral = ready(england)
    sweep(england, 14)
    carl = actor_of(england.carl, at=at(14))
    (thing,) = escalations(carl)
    assert thing.what == "Take on the flag of day 15"
    actions.acknowledge_flags(referral, by=carl)
    assert not escalations(carl)


def test_home_of_a_case_manager_lists_what_waits_for_their_side(england):
    nora = office_of(england)
    asked(england)
    sweep(england, 42)
    carl, top = actor_of(england.carl, at=at(42)), actor_of(nora, at=at(42, 1))
    assert [thing.what for thing in escalations(carl)] == ["Take on 2 flags, the last of day 28"]
    assert [thing.what for thing in escalations(top)] == ["Take on the flag of day 42"]
    own = Referral.objects.visible_to(carl).needing(carl)
    assert own.count() == 1
    actions.acknowledge_flags(own.get(), by=carl)
    assert not Referral.objects.visible_to(carl).needing(carl).exists()
    assert not escalations(carl)


def test_only_the_owner_is_asked_to_acknowledge(england):
    asked(england)
    sweep(england, 28)
    told = Notification.objects.filter(kind="clock.flagged", made_at=at(28))
    bodies = {one.user_id or one.mailbox: one.body for one in told}
    assert "Please acknowledge it on its page" in bodies[england.carl.pk]
    assert len(bodies) > 4
    for other in set(bodies) - {england.carl.pk}:
        assert "It is for the commissioner to acknowledge." in bodies[other]
        assert "Please acknowledge" not in bodies[other]


def test_a_flag_that_asks_for_no_answer_asks_nobody(england):
    asked(england)
    sweep(england, 15)
    bodies = Notification.objects.filter(kind="clock.flagged").values_list("body", flat=True)
    assert bodies
    assert not any("acknowledge" in body for body in bodies)


def test_the_page_has_one_button_for_the_owner_and_a_word_for_the_others(england, time_machine):
    referral = asked(england)
    time_machine.move_to(at(28), tick=False)
    sweep(england, 28)
    path = f"/transfers/{referral.public_id}/"
    for user in (england.lena, england.maya, england.ines):
        seen = text(client_of(user).get(path))
        assert "For the commissioner, to be acknowledged." in seen
        assert "Acknowledge all" not in seen
        assert client_of(user).post(f"{path}flags/").status_code == 409
    carl = client_of(england.carl)
    seen = text(carl.get(path))
    assert "Acknowledge all 2" in seen
    assert seen.count("For you, to be acknowledged.") == 2
    assert carl.post(f"{path}flags/").status_code == 302
    seen = text(carl.get(path))
    assert seen.count("Acknowledged by Carl") == 2
    assert "Acknowledge all" not in seen


def test_after_the_end_the_page_has_no_button_and_asks_for_nothing(england, time_machine):
    referral = asked(england)
    time_machine.move_to(at(28), tick=False)
    sweep(england, 28)
    actions.end_transfer(referral, reason="released", on=on(28), by=actor_of(england.ines, at=at(28)))
    seen = text(client_of(england.carl).get(f"/transfers/{referral.public_id}/"))
    assert "For the commissioner." in seen
    assert "to be acknowledged" not in seen
    assert "Acknowledge all" not in seen


def test_a_flag_of_a_return_to_prison_is_taken_on_where_it_is_shown(england, time_machine):
    referral = referred(england, in_ashdown(england, code="15"), "remission", ground="not_required")
    sweep(england, 21)
    assert owed(referral) == {21: "case_manager"}
    told = Notification.objects.filter(about_id=referral.pk, user=england.carl, kind="clock.flagged").get()
    assert "transfer" not in told.body.lower()
    time_machine.move_to(at(21), tick=False)
    client, address = client_of(england.carl), f"/referrals/{referral.public_id}/"
    page = text(client.get(address))
    assert "14 days for the return to prison, day 21" in page
    assert "For you, to be acknowledged" in page
    assert client.post(f"{address}flags/").url == f"{address}#flags"
    assert owed(referral) == {}
    assert "Acknowledged by Carl" in text(client.get(address))
