"""The pages of every kind of referral but the transfer from prison, as a browser meets them."""

from datetime import timedelta

import pytest

from pathways.actions import authorities
from referrals.models import Referral
from tests.referrals.asking import boxes, key_of, text, today
from tests.referrals.referring import accepted_by_brook, in_ashdown, referred
from tests.referrals.transfers import approach_of, asked
from tests.world import actor_of, client_of, now

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
    from pathways.actions import placements

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
