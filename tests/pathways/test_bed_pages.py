"""One bed's page and its acts; keeping people apart from a person's page."""

from datetime import timedelta

import pytest
from psycopg2.extras import DateRange

from accounts.models import AccessedPatient
from pathways.actions import apart, beds, ward_beds
from pathways.models import BedUse, KeepApart, Patient, Placement
from tests.pathways.test_bed_board import in_bed, inpatient, promised
from tests.referrals.asking import boxes
from tests.referrals.sending import done, hidden, refused, says
from tests.referrals.transfers import accepted, bedded
from tests.world import NOW, TODAY, a_patient, actor_of, client_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _monday(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def by(england):
    return actor_of(england.maya)


def bed_path(bed, act=""):
    return f"/beds/{bed.public_id}/{act}"


def use_path(use, act):
    return f"/beds/uses/{use.public_id}/{act}/"


def send(user, path, **given):
    client = client_of(user)
    page = client.get(path)
    assert page.status_code == 200, says(page)
    return client.post(path, {**hidden(page), **given})


def page_of(user, bed):
    response = client_of(user).get(bed_path(bed))
    assert response.status_code == 200
    return says(response)


def test_the_uses_of_a_bed_before_now_and_to_come(england, by):
    first = inpatient(england)
    in_bed(england, by, at=-9, patient=first)
    beds.vacate_bed(first, at=NOW - 4 * DAY, by=by)
    second = in_bed(england, by, at=-2, leaves=3).patient
    third = promised(england, by, since=3, until=6).patient
    page = page_of(england.maya, england.bed)
    order = [
        page.index(word)
        for word in ("Now", second.full_name, "To come", third.full_name, "Before", first.full_name)
    ]
    assert order == sorted(order)
    assert "3 days in this bed" in page  # 28 February, 1 and 2 March
    assert "5 days in this bed" in page
    strangers = page_of(england.sam, england.bed)
    assert not any(one.full_name in strangers for one in (first, second, third))
    assert "Move" not in strangers


def test_of_a_restricted_person_the_page_says_that_and_no_more(england, by):
    person = in_bed(england, by).patient
    Patient.objects.filter(pk=person.pk).update(has_restricted_access=True)
    page = page_of(england.maya, england.bed)
    assert "Occupied (restricted)" in page
    assert person.full_name not in page
    assert "Swap beds" not in page


def test_a_bed_is_held_and_the_page_says_what_was_done(england, by):
    patient = inpatient(england)
    given = {"patient": str(patient.public_id), **boxes("since", TODAY), **boxes("last_day", TODAY + 3 * DAY)}
    done(send(england.maya, bed_path(england.bed, "hold/"), **given))
    use = BedUse.objects.get(patient=patient)
    assert (use.purpose, use.during.lower) == ("held", NOW)
    assert use.during.upper == NOW.replace(hour=0) + 4 * DAY
    again = {**given, "patient": str(inpatient(england).public_id)}
    refused(send(england.maya, bed_path(england.bed, "hold/"), **again), "That bed has just gone.")


def test_a_bed_that_is_promised_for_later_says_from_when_and_is_held_until_then(england, by):
    first, second = inpatient(england), inpatient(england)
    path = bed_path(england.bed, "hold/")
    promised = {**boxes("since", TODAY + 4 * DAY), **boxes("last_day", TODAY + 9 * DAY)}
    done(send(england.maya, path, patient=str(first.public_id), **promised))
    page = says(client_of(england.maya).get(path))
    assert "It is taken from 6 March 2026: hold it until the day before." in page
    mine = {"patient": str(second.public_id), **boxes("since", TODAY)}
    refused(
        send(england.maya, path, **mine, **boxes("last_day", TODAY + 6 * DAY)),
        "That bed is taken for part of this time.",
    )
    done(send(england.maya, path, **mine, **boxes("last_day", TODAY + 3 * DAY)))


def test_a_form_sent_twice_counts_once(england, by):
    patient, client = inpatient(england), client_of(england.maya)
    path = bed_path(england.bed, "hold/")
    given = {"patient": str(patient.public_id), **boxes("since", TODAY), **boxes("last_day", TODAY + DAY)}
    form = {**hidden(client.get(path)), **given}
    assert [client.post(path, form).status_code for _ in range(2)] == [302, 302]
    assert BedUse.objects.count() == 1


def test_a_bed_that_does_not_fit_asks_for_a_reason_beside_the_question(england, by):
    woman = inpatient(england, stated_gender="2")
    path = bed_path(england.bed, "take/")
    given = {"patient": str(woman.public_id), **boxes("on", TODAY)}
    refused(send(england.maya, path, **given), "single-sex ward")
    done(send(england.maya, path, **given, exception_why="Agreed with her."))
    assert "By exception: single-sex ward. Agreed with her." in page_of(england.maya, england.bed)
    assert "Agreed with her" not in page_of(england.anna, england.bed)


def test_the_planned_admission_begins_after_the_expected_departure(england, by):
    in_bed(england, by, leaves=5)
    client = client_of(england.maya)
    page = client.get(bed_path(england.bed, "hold/"))
    assert "expected to leave on 7 March 2026" in says(page)
    assert 'value="7"' in page.content.decode()
    coming = inpatient(england)
    given = {
        "patient": str(coming.public_id),
        **boxes("since", TODAY + 5 * DAY),
        **boxes("last_day", TODAY + 9 * DAY),
    }
    done(send(england.maya, bed_path(england.bed, "hold/"), **given))
    assert BedUse.objects.get(patient=coming).during.lower == NOW.replace(hour=12) + 5 * DAY


def test_on_the_morning_of_the_departure_the_bed_is_held_and_closed_from_then(england, by):
    use = in_bed(england, by)
    ward_beds.expect_departure(use, until=NOW.replace(hour=12), version=0, by=by)
    coming = inpatient(england)
    days = boxes("since", TODAY) | boxes("last_day", TODAY + DAY)
    done(send(england.maya, bed_path(england.bed, "hold/"), patient=str(coming.public_id), **days))
    held = BedUse.objects.get(patient=coming)
    assert held.during.lower == NOW.replace(hour=12)
    ward_beds.give_back(held, by=by)
    done(send(england.maya, bed_path(england.bed, "close/"), **days, why="New windows."))
    assert BedUse.objects.get(purpose="closed").during.lower == NOW.replace(hour=12)


def test_a_hold_is_made_longer_and_given_back(england, by):
    use = promised(england, by)
    done(send(england.maya, use_path(use, "change"), **boxes("last_day", TODAY + 8 * DAY)))
    use.refresh_from_db()
    assert use.during.upper == NOW.replace(hour=0) + 9 * DAY
    client = client_of(england.maya)
    assert client.get(use_path(use, "give-back")).status_code == 405
    done(client.post(use_path(use, "give-back")))
    use.refresh_from_db()
    assert not BedUse.objects.current().filter(during__contains=NOW).exists()


def test_a_stale_page_changes_nothing(england, by):
    use, client = promised(england, by), client_of(england.maya)
    form = {**hidden(client.get(use_path(use, "change"))), **boxes("last_day", TODAY + 8 * DAY)}
    ward_beds.change_hold(use, until=NOW + 4 * DAY, version=0, by=by)
    refused(client.post(use_path(use, "change"), form), "Somebody changed this")


def test_a_person_is_put_into_a_bed_moved_and_swapped(england, by):
    patient = inpatient(england)
    given = {
        "patient": str(patient.public_id),
        **boxes("on", TODAY - DAY),
        "at_time": "14:05",
        **boxes("departure_on", TODAY + 9 * DAY),
    }
    done(send(england.maya, bed_path(england.bed, "take/"), **given))
    use = BedUse.objects.get(patient=patient)
    assert use.during.lower == (NOW - DAY).replace(hour=14, minute=5)
    third = england.ward.beds.create(name="3")
    done(send(england.maya, use_path(use, "move"), bed=str(third.public_id), **boxes("on", TODAY)))
    moved = BedUse.objects.get(patient=patient, during__upper_inf=True)
    assert (moved.bed, moved.expected_end_at) == (third, NOW.replace(hour=12) + 9 * DAY)
    other = in_bed(england, by, bed=england.second_bed)
    response = send(
        england.maya,
        use_path(other, "swap"),
        other=str(moved.public_id),
        **boxes("on", TODAY),
        at_time="08:00",
    )
    refused(response, "The end must be after the beginning.")


def test_two_people_swap(england, by):
    one, other = in_bed(england, by), in_bed(england, by, bed=england.second_bed)
    done(send(england.maya, use_path(one, "swap"), other=str(other.public_id), **boxes("on", TODAY)))
    beds_now = dict(
        BedUse.objects.current().filter(during__upper_inf=True).values_list("patient_id", "bed_id")
    )
    assert beds_now == {one.patient_id: england.second_bed.pk, other.patient_id: england.bed.pk}


def test_an_expected_departure_is_changed_and_forgotten(england, by):
    use = in_bed(england, by)
    done(send(england.maya, use_path(use, "departure"), **boxes("departure_on", TODAY + 5 * DAY)))
    use.refresh_from_db()
    assert use.expected_end_at == NOW.replace(hour=12) + 5 * DAY
    done(
        send(
            england.maya,
            use_path(use, "departure"),
            **{f"departure_on-{part}": "" for part in ("day", "month", "year")},
        )
    )
    use.refresh_from_db()
    assert use.expected_end_at is None


def test_a_bed_is_closed_and_opened(england, by):
    given = {**boxes("since", TODAY), "why": "The window is broken."}
    done(send(england.maya, bed_path(england.bed, "close/"), **given))
    use = BedUse.objects.get()
    assert (use.purpose, use.during.lower, use.why) == ("closed", NOW, "The window is broken.")
    done(send(england.maya, use_path(use, "reopen"), **boxes("on", TODAY + DAY), why="Mended."))
    use.refresh_from_db()
    assert use.during.upper == NOW.replace(hour=12) + DAY


ACTS_ON_BED = ["hold/", "take/", "close/"]
ACTS_ON_USE = {
    "change": "held",
    "give-back": "held",
    "move": "in",
    "swap": "in",
    "departure": "in",
    "reopen": "closed",
}


def test_other_services_and_roles_without_the_right_stay_out(england, by):
    uses = {
        "held": promised(england, by, since=0, until=2),
        "in": in_bed(england, by, bed=england.second_bed),
        "closed": ward_beds.close_own_bed(
            england.ward.beds.create(name="3"), since=NOW, until=None, why="X", by=by
        ),
    }
    for act in ACTS_ON_BED:
        found = [
            client_of(user).get(bed_path(england.bed, act)).status_code
            for user in (england.sam, england.carl, england.lena)
        ]
        assert found == [403, 403, 403], act
    for act, kind in ACTS_ON_USE.items():
        path = use_path(uses[kind], act)
        # A stranger does not learn whether it is there; nobody is in a closed bed, so that is only not theirs.
        assert client_of(england.sam).post(path).status_code == (403 if kind == "closed" else 404), act
        assert client_of(england.carl).post(path).status_code == 403, act
        assert client_of(england.lena).post(path).status_code == 403, act
    assert BedUse.objects.current().count() == 3


def test_an_act_on_another_kind_of_use_is_not_there(england, by):
    use = promised(england, by)
    client = client_of(england.maya)
    assert [
        client.get(use_path(use, act)).status_code for act in ("move", "swap", "departure", "reopen")
    ] == [404] * 4


def test_the_hold_of_a_bed_date_has_no_button_here(england, by):
    bedded(england, accepted(england))
    page = page_of(england.maya, england.bed)
    assert "Held with a bed date" in page
    assert "Give the bed back" not in page


def test_everybody_whom_a_form_names_is_in_the_read_log(england, by):
    patient = inpatient(england)
    client_of(england.maya).get(bed_path(england.bed, "take/"))
    assert AccessedPatient.objects.filter(patient_id=patient.pk).exists()


def person_page(user, patient):
    response = client_of(user).get(f"/patients/{patient.public_id}/")
    assert response.status_code == 200
    return says(response)


def keep_apart(user, patient, other, **given):
    path = f"/patients/{patient.public_id}/keep-apart/"
    answers = {"number": other.nhs_number, **boxes("since", TODAY), "reason": "An assault in 2024.", **given}
    return send(user, path, **answers)


def test_two_people_are_kept_apart_and_let_meet_again(england, by):
    one, two = inpatient(england), inpatient(england)
    done(keep_apart(england.maya, one, two))
    pair = KeepApart.objects.get()
    for person, other in ((one, two), (two, one)):
        page = person_page(england.maya, person)
        assert f"{other.full_name} : An assault in 2024." in page
    path = f"/patients/{two.public_id}/keep-apart/{pair.public_id}/end/"
    done(send(england.maya, path, **boxes("last_day", TODAY), why="Both agreed."))
    pair.refresh_from_db()
    assert (pair.during.upper, pair.ended_why) == (TODAY + DAY, "Both agreed.")
    assert other.full_name in person_page(england.maya, person)  # to the end of the last day
    KeepApart.objects.update(during=DateRange(TODAY - DAY, TODAY))
    assert other.full_name not in person_page(england.maya, person)


def test_they_share_a_ward_and_are_told_so(england, by):
    one, two = in_bed(england, by).patient, in_bed(england, by, bed=england.second_bed).patient
    client = client_of(england.maya)
    path = f"/patients/{one.public_id}/keep-apart/"
    answers = {"number": two.prison_number, **boxes("since", TODAY), "reason": "X"}
    response = client.post(path, {**hidden(client.get(path)), **answers}, follow=True)
    assert "They share a ward now: speak to its security lead." in says(response)


def test_somebody_whom_one_may_not_open_is_neither_chosen_nor_named(england, by):
    one, stranger = inpatient(england), a_patient(england)
    refused(keep_apart(england.maya, one, stranger), "Nobody whom you may open has this number.")
    apart.keep_apart(one, stranger, since=TODAY, reason="An assault.", by=by)
    page = person_page(england.maya, one)
    assert "Somebody whom you may not open" in page
    assert stranger.full_name not in page
    assert "An assault" not in page


def test_keeping_apart_is_for_those_with_the_right(england, by):
    one, two = a_patient(england), a_patient(england)
    pair = apart.keep_apart(one, two, since=TODAY, reason="An assault.", by=by)
    path = f"/patients/{one.public_id}/keep-apart/"
    assert client_of(england.lena).get(path).status_code == 403
    assert client_of(england.sam).get(path).status_code == 404
    assert client_of(england.sam).get(f"{path}{pair.public_id}/end/").status_code == 404
    assert "An assault" not in person_page(england.lena, one)
    assert "Kept apart from" not in person_page(england.lena, one)
    assert "An assault" in person_page(england.ines, one)


def test_the_conflict_names_nobody(england, by):
    one, two = in_bed(england, by).patient, inpatient(england)
    apart.keep_apart(one, two, since=TODAY, reason="An assault.", by=by)
    Placement.objects.filter(patient=two).update(ward=None)
    given = {"patient": str(two.public_id), **boxes("on", TODAY)}
    page = refused(
        send(england.maya, bed_path(england.second_bed, "take/"), **given),
        "Conflict on this ward: ask its security lead.",
    )
    errors = says(page).split("There is a problem")[1].split("Put somebody")[0]
    assert one.family_name not in errors
    assert "assault" not in errors
