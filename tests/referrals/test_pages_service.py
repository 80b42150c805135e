"""A service's page: asked, waiting for a bed with a place, bed dates, expected, criteria, telephone."""

import csv
import re
from datetime import timedelta

from core.pages import short_date
from pathways.models import Patient
from referrals.models import Referral
from tests.referrals import transfers
from tests.referrals.asking import text, today
from tests.referrals.test_pages_worklist import ask, references
from tests.world import actor_of, client_of, now


def address(service):
    return f"/services/{service.public_id}/"


def part(page, heading, until):
    """What stands under one heading."""
    said = text(page)
    return said[said.index(heading) : said.index(until)]


def rows_of(answer):
    """The rows of a file, its heading first."""
    return list(csv.reader(b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()))


def accepted(england, **known):
    """Asked and accepted by Ashdown, now."""
    referral = ask(england, **known)
    transfers.assessed(england, referral, when=now())
    transfers.decided(
        england, referral, when=now(), expected_on=today() + timedelta(days=9), depends_on="A discharge"
    )
    return Referral.objects.get(pk=referral.pk)


def test_each_person_is_under_the_heading_of_how_far_they_have_come(england):
    asked = ask(england)
    waiting = accepted(england)
    dated = accepted(england)
    transfers.bedded(england, dated, bed_on=today() + timedelta(days=3), when=now())
    page = client_of(england.maya).get(address(england.ashdown))
    undecided = part(page, "Asked and not decided", "Accepted and waiting")
    in_line = part(page, "Accepted and waiting for a bed", "Bed date given")
    given = part(page, "Bed date given", "Expected ")
    assert asked.reference in undecided
    assert waiting.reference not in undecided
    assert waiting.reference in in_line
    assert "A discharge" in in_line
    assert dated.reference in given
    assert "Alder, bed 1" in given
    assert "From HMP Wexley" in undecided


def test_what_was_typed_about_a_masked_person_is_not_shown(england):
    referral = accepted(england)
    Patient.objects.filter(pk=referral.patient_id).update(has_restricted_access=True)
    client, where = client_of(england.maya), address(england.ashdown)
    assert "A discharge" not in text(client.get(where))
    assert "A discharge" not in str(rows_of(client.get(where, {"format": "csv"})))


def test_who_is_deferred_or_declined_is_not_counted_as_undecided(england):
    undecided = ask(england)
    deferred, declined = ask(england), ask(england)
    transfers.assessed(england, deferred, when=now())
    until = today() + timedelta(days=9)
    transfers.decided(england, deferred, when=now(), outcome="deferred", deferred_to=until, words="Unwell.")
    transfers.assessed(england, declined, when=now())
    transfers.decided(england, declined, when=now(), outcome="declined", reason="no_bed")
    page = client_of(england.maya).get(address(england.ashdown))
    first = part(page, "Asked and not decided", "Deferred to a date")
    assert "Asked and not decided 1" in first
    assert references_in(first) == {undecided.reference}
    put_off = part(page, "Deferred to a date", "Declined, still open")
    assert references_in(put_off) == {deferred.reference}
    assert short_date(until) in put_off
    assert references_in(part(page, "Declined, still open", "Accepted and waiting")) == {declined.reference}


def references_in(words):
    return set(re.findall(r"[A-Z]{3}-[0-9]{4}", words))


def test_the_lists_of_a_service_are_one_file(england):
    referral = accepted(england)
    client = client_of(england.maya)
    assert "?format=csv" in client.get(address(england.ashdown)).content.decode()
    head, row = rows_of(client.get(f"{address(england.ashdown)}?format=csv"))
    assert row[:3] == ["Accepted and waiting for a bed", "1", referral.reference]
    at_prison = rows_of(client_of(england.lena).get(f"{address(england.prison)}?format=csv"))
    assert at_prison[1][:3] == ["Waiting to go to hospital", "", referral.reference]
    assert {len(one) for one in (head, row, *at_prison)} == {len(head)}


def test_a_live_warrant_makes_a_person_expected(england):
    referral = accepted(england)
    transfers.reported(england, referral, when=now())
    transfers.bedded(england, referral, bed_on=today() + timedelta(days=3), when=now())
    transfers.applied(england, referral, when=now())
    transfers.warranted(england, referral, when=now())
    page = client_of(england.maya).get(address(england.ashdown))
    assert referral.reference in part(page, "Expected ", "Whom it takes")
    assert "Not yet" in part(page, "Expected ", "Whom it takes")


def test_places_are_those_of_the_whole_list_by_urgency(england):
    second = accepted(england, urgency=2)
    first = accepted(england, urgency=1)
    page = client_of(england.maya).get(address(england.ashdown))
    in_line = part(page, "Accepted and waiting for a bed", "Bed date given")
    assert in_line.index(first.reference) < in_line.index(second.reference)
    assert f"Place 1 Reference {first.reference}" in in_line
    assert f"Place 2 Reference {second.reference}" in in_line


def test_a_stranger_sees_the_service_and_nobody_on_it(england):
    ask(england)
    page = client_of(england.sam).get(address(england.ashdown))
    assert page.status_code == 200
    assert references(page) == []
    assert "Men aged 18 and over" in text(page)
    assert "01632 960001" in text(page)


def test_the_prison_sees_its_own_people_on_a_hospitals_page_and_on_its_own(england):
    referral = ask(england)
    lena = client_of(england.lena)
    assert references(lena.get(address(england.ashdown))) == [referral.reference]
    assert references(lena.get(address(england.prison))) == [referral.reference]


def test_analysts_and_administrators_have_no_door_and_an_unknown_service_is_not_there(england):
    for user in (england.anna, england.adam):
        assert client_of(user).get(address(england.ashdown)).status_code == 403
    assert client_of(england.maya).get("/services/00000000-0000-4000-8000-000000000000/").status_code == 404


def test_an_empty_page_says_so(england):
    said = text(client_of(england.maya).get(address(england.ashdown)))
    assert "Nobody is waiting for a decision" in said
    assert "Nobody is waiting for a bed here" in said
    assert actor_of(england.maya).works_at(england.ashdown.pk)
