"""The pages of every kind of referral but the transfer from prison, as a browser meets them."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest

from pathways.actions import authorities, placements
from referrals import actions
from referrals.models import Referral
from tests.referrals.asking import boxes, key_of, text, today
from tests.referrals.referring import accepted_by_brook, in_ashdown, referred
from tests.referrals.transfers import approach_of, asked
from tests.world import a_service, a_user, actor_of, client_of, member, now

pytestmark = pytest.mark.django_db


def on_page(england, user, path):
    return client_of(user).get(path)


def send(user, path, **given):
    """Open the form and send it, as a browser does."""
    client = client_of(user)
    shown = client.get(path)
    assert shown.status_code == 200, text(shown)
    return client.post(path, {"submission": key_of(shown), **given})


def address(referral, rest=""):
    return f"/referrals/{referral.public_id}/{rest}"


@pytest.fixture
def patient(england):
    return in_ashdown(england, code="09")


@pytest.fixture
def referral(england, patient):
    return referred(england, patient)


def test_a_person_is_referred_in_two_steps_and_the_page_says_what_is_next(england, patient):
    client = client_of(england.maya)
    assert "Refer for another move" in text(client.get(f"/patients/{patient.public_id}/"))
    kinds = client.get(f"/referrals/new/{patient.public_id}/")
    assert "Only somebody conditionally discharged" in text(kinds)
    chosen = client.post(
        f"/referrals/new/{patient.public_id}/", {"submission": key_of(kinds), "kind": "step_down"}
    )
    form = client.get(chosen.url)
    answers = {
        "submission": key_of(form),
        "from_service": str(england.ashdown.public_id),
        "urgency": "3",
        "why": "Settled for six months.",
        **boxes("on", today()),
    }
    missing = client.post(chosen.url, {**answers, "why": ""})
    assert "There is a problem" in text(missing)
    sent = client.post(chosen.url, answers)
    made = Referral.objects.get()
    assert sent.url == address(made)
    page = text(client.get(sent.url))
    assert "Needed next: services asked" in page
    assert "Settled for six months." in page
    again = client.post(chosen.url, answers)
    assert again.url == address(made)
    assert Referral.objects.count() == 1


def test_what_the_law_does_not_allow_says_why_and_keeps_what_was_typed(england, patient):
    path = f"/referrals/new/{patient.public_id}/to_community/"
    answer = send(
        england.maya,
        path,
        from_service=str(england.ashdown.public_id),
        act="community_treatment",
        urgency="3",
        why="Well enough.",
        **boxes("on", today()),
    )
    assert "41(3)(aa)" in text(answer)
    assert "Well enough." in text(answer)
    assert not Referral.objects.exists()


def test_a_prison_offers_only_what_a_prison_asks(england):
    from tests.world import a_patient

    page = text(client_of(england.lena).get(f"/referrals/new/{a_patient(england).public_id}/"))
    assert "Admission from court" in page
    assert "Step down" not in page
    assert (
        on_page(england, england.lena, f"/referrals/new/{a_patient(england).public_id}/transfer/").status_code
        == 404
    )


def test_the_other_end_sees_it_decides_and_receives(england, referral):
    approach = accepted_by_brook(england, referral)
    luke = client_of(england.luke)
    page = text(luke.get(address(referral)))
    assert "Shared assessment, signed by Ashdown Unit" in page
    assert "Give a bed date" in page
    bed = str(england.brook_bed.public_id)
    assert (
        send(
            england.luke,
            address(referral, f"services/{approach.public_id}/bed/"),
            bed=bed,
            **boxes("bed_on", today()),
        ).status_code
        == 302
    )
    refused = send(england.maya, address(referral, "plan/"), **boxes("on", today()))
    assert "needs the agreement of the Ministry of Justice" in text(refused)
    authorities.record_authority(
        referral.patient,
        kind="ministry_specific",
        scope=["transfer"],
        since=today(),
        by=actor_of(england.maya, at=now()),
    )
    planned = send(england.maya, address(referral, "plan/"), **boxes("on", today()))
    assert planned.status_code == 302, text(planned)
    moved = send(england.luke, address(referral, "moved/"), bed=bed, **boxes("on", today()))
    assert moved.status_code == 302, text(moved)
    page = text(luke.get(address(referral)))
    assert "Moved as asked" in page
    assert "At Brook House" in page


def test_another_day_is_planned_with_a_reason(england, referral):
    authorities.record_authority(
        referral.patient,
        kind="ministry_specific",
        scope=["transfer"],
        since=today(),
        by=actor_of(england.maya, at=now()),
    )
    send(england.maya, address(referral, "plan/"), **boxes("on", today()))
    later = today() + timedelta(days=2)
    assert "There is a problem" in text(send(england.maya, address(referral, "plan/"), **boxes("on", later)))
    send(england.maya, address(referral, "plan/"), why="No escort.", **boxes("on", later))
    assert referral.steps.current().get(kind="planned").for_on == later


def test_a_remission_is_agreed_and_the_meeting_may_be_an_exception(england):
    referral = referred(england, in_ashdown(england, code="15"), "remission", ground="not_required")
    asking = client_of(england.maya).get(address(referral, "services/"))
    assert "HMP Wexley" in text(asking)
    assert "Brook House" not in text(asking)
    send(england.maya, address(referral, "services/"), service=str(england.prison.public_id))
    approach = approach_of(referral, england.prison)
    agreed = send(
        england.lena,
        address(referral, f"services/{approach.public_id}/agree/"),
        words="The governor",
        **boxes("on", today()),
    )
    assert agreed.status_code == 302, text(agreed)
    send(england.maya, address(referral, "meeting/"), was_held="no", exception="Nobody could come.")
    page = text(client_of(england.maya).get(address(referral)))
    assert "No meeting: Nobody could come." in page
    assert "14 days for the return to prison" in page
    assert "Decide" not in page


def test_what_falls_stands_above_the_end(england, referral):
    approach = accepted_by_brook(england, referral)
    page = text(client_of(england.maya).get(address(referral, "end/")))
    assert "Brook House is no longer asked" in page
    version = Referral.objects.get().version
    ended = send(
        england.maya,
        address(referral, "end/"),
        reason="not_needed",
        why="Unwell again.",
        version=version,
        **boxes("on", today()),
    )
    assert ended.status_code == 302, text(ended)
    approach.refresh_from_db()
    assert approach.closed_at
    assert "No longer needed" in text(client_of(england.maya).get(address(referral)))


def test_a_step_is_taken_back_and_somebody_moved_meanwhile_is_told(england, referral, patient):
    placements.place(
        patient, service=england.brook, ward=england.brook_ward, at=now(), by=actor_of(england.maya, at=now())
    )
    page = text(client_of(england.maya).get(address(referral)))
    assert "no longer at Ashdown Unit" in page


def test_several_open_ones_show_which_leads_and_another_can_be_made_to(england, referral, patient):
    second = referred(england, patient, "sideways")
    page = text(client_of(england.maya).get(address(second)))
    assert f"Step down {referral.reference}" in page
    client_of(england.maya).post(address(second, "primary/"))
    assert Referral.objects.get(pk=second.pk).is_primary


def test_the_list_has_filters_files_and_nobody_elses_people(england, referral):
    page = text(client_of(england.maya).get("/referrals/"))
    assert referral.reference in page
    assert referral.reference not in text(client_of(england.maya).get("/referrals/?kind=recall"))
    rows = client_of(england.maya).get("/referrals/?format=csv")
    body = b"".join(rows.streaming_content) if rows.streaming else rows.content
    assert referral.reference in body.decode()
    assert referral.reference not in text(client_of(england.sam).get("/referrals/"))
    assert client_of(england.sam).get(address(referral)).status_code == 404
    assert client_of(england.sam).get(address(referral, "end/")).status_code == 404


def test_an_analyst_and_an_administrator_see_no_name(england, referral):
    for user in (england.adam, england.anna):
        page = client_of(user).get("/referrals/").content.decode()
        assert referral.patient.family_name not in page


def test_the_lists_of_transfers_have_no_other_kind_and_the_other_way(england, referral):
    transfer = asked(england)
    assert referral.reference not in text(client_of(england.maya).get("/transfers/"))
    assert referral.reference not in text(client_of(england.maya).get("/transfers/board/"))
    assert transfer.reference not in text(client_of(england.maya).get("/referrals/"))
    assert client_of(england.maya).get(f"/transfers/{referral.public_id}/").status_code == 404
    assert client_of(england.maya).get(f"/transfers/{referral.public_id}/warrant/").status_code == 404
    assert client_of(england.maya).get(address(transfer)).url == f"/transfers/{transfer.public_id}/"
    assert client_of(england.maya).get(address(transfer, "plan/")).status_code == 409


def test_a_move_sent_twice_is_answered_as_once(england, referral):
    accepted_by_brook(england, referral)
    client, path = client_of(england.luke), address(referral, "moved/")
    shown = client.get(path)
    answers = {
        "submission": key_of(shown),
        "bed": str(england.brook_bed.public_id),
        **boxes("on", today()),
    }
    assert client.post(path, answers).status_code == 302
    assert client.post(path, answers).status_code == 302
    assert "has ended" in text(client.post(path, {**answers, "submission": str(uuid4())}))


def test_a_move_out_of_hospital_sent_twice_is_answered_as_once(england):
    referral = referred(england, in_ashdown(england, code="15"), "remission", ground="not_required")
    actions.ask_service(referral, england.prison, by=actor_of(england.maya))
    client, path = client_of(england.maya), address(referral, "moved/")
    answers = {
        "submission": key_of(client.get(path)),
        "service": str(england.prison.public_id),
        **boxes("on", today()),
    }
    assert client.post(path, answers).status_code == 302
    assert client.post(path, answers).status_code == 302


def test_a_move_on_an_ended_referral_says_that_it_has_ended(england, referral):
    by = actor_of(england.maya)
    actions.end_referral(referral, reason="not_needed", why="Unwell.", on=by.today, by=by)
    answer = client_of(england.maya).get(address(referral, "moved/"))
    assert answer.status_code == 409
    assert "has ended" in text(answer)


def test_what_a_move_goes_against_is_shown_and_recorded_all_the_same(england):
    referral = referred(england, in_ashdown(england, code="15"), "remission", ground="not_required")
    maya = actor_of(england.maya)
    actions.ask_service(referral, england.prison, by=maya)
    elsewhere = actor_of(england.maya, at=now())
    placements.place(
        referral.patient, elsewhere="general_hospital", at=now() - timedelta(days=1), by=elsewhere
    )
    client, path = client_of(england.maya), address(referral, "moved/")
    answers = {
        "submission": key_of(client.get(path)),
        "service": str(england.prison.public_id),
        **boxes("on", today() - timedelta(days=3)),
    }
    shown = client.post(path, answers)
    assert "Nothing is written yet" in text(shown)
    assert Referral.objects.get().is_open
    checked = re.search(r'name="checked" value="(\w+)"', shown.content.decode()).group(1)
    sent = client.post(path, {**answers, "submission": key_of(shown), "checked": checked})
    assert sent.status_code == 302, text(sent)
    assert Referral.objects.get().end_reason == "moved"


def test_nobody_says_on_the_page_that_another_service_agrees(england):
    referral = referred(england, in_ashdown(england, code="15"), "remission", ground="not_required")
    for prison in (england.prison, england.other_prison):
        actions.ask_service(referral, prison, by=actor_of(england.maya))
    path = f"services/{approach_of(referral, england.other_prison).public_id}/agree/"
    assert address(referral, path) not in client_of(england.lena).get(address(referral)).content.decode()
    assert address(referral, path) in client_of(england.owen).get(address(referral)).content.decode()


def test_home_asks_nobody_to_decide_or_to_assess_who_only_agrees(england, patient):
    team = a_service(
        "Shires team", kind="community", provider=england.ashdown.provider, commissioner=england.north
    )
    nell = a_user("Nell")
    member(nell, "clinician", service=team)
    referral = referred(england, patient, "to_community", act="conditional_discharge")
    actions.ask_service(referral, team, by=actor_of(england.maya))
    home = text(client_of(nell).get("/"))
    assert "Say whether Shires team agrees" in home
    assert "Start the shared assessment" not in home


def test_home_speaks_of_no_warrant_for_a_bed_in_another_hospital(england, referral):
    approach, luke = accepted_by_brook(england, referral), actor_of(england.luke, at=now())
    actions.give_bed_date(approach, england.brook_bed, bed_on=luke.today, by=luke)
    home = text(client_of(england.luke).get("/"))
    assert "Bed date: Birch ward, bed" in home
    assert "warrant" not in home


def test_the_page_of_a_place_leads_to_the_referral_that_is_open(england, referral, patient):
    page = client_of(england.maya).get(f"/patients/{patient.public_id}/place/")
    assert f'href="{address(referral)}"' in page.content.decode()
    assert "it completes the referral" in text(page)


def test_a_service_sees_whom_it_is_asked_about_whatever_the_kind(england, referral):
    accepted_by_brook(england, referral)
    page = text(client_of(england.luke).get(f"/services/{england.brook.public_id}/"))
    assert f"{referral.reference} Step down" in page


def test_an_end_by_mistake_is_undone_from_the_page(england, referral):
    actions.end_referral(
        referral, reason="not_needed", why="Slip.", on=today(), by=actor_of(england.maya, at=now())
    )
    assert "Undo the end" in text(client_of(england.maya).get(address(referral)))
    sent = send(england.maya, address(referral, "end/undo/"), why="Wrong one.")
    assert sent.status_code == 302, text(sent)
    assert Referral.objects.get(pk=referral.pk).is_open


def test_a_move_is_not_offered_while_nobody_is_asked_and_its_address_says_why(england, referral):
    page = client_of(england.maya).get(address(referral))
    assert "Record that they have moved: No service is asked." in text(page)
    assert address(referral, "moved/") not in page.content.decode()
    shown = client_of(england.maya).get(address(referral, "moved/"))
    assert (shown.status_code, "No service is asked" in text(shown)) == (409, True)
