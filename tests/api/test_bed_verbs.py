"""Acts on beds and on who is kept apart, as machines ask for them."""

from datetime import timedelta

import pytest

from accounts.models import AccessedPatient
from pathways.actions import apart, bed_places, ward_beds
from pathways.models import BedUse, KeepApart
from tests.api.asking import do, read, stranger
from tests.api.test_verbs import done
from tests.pathways.test_bed_board import in_bed, inpatient, promised
from tests.world import NOW, TODAY, a_patient, actor_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _monday(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def by(england):
    return actor_of(england.maya)


def of_bed(bed, verb):
    return f"beds/{bed.public_id}/{verb}/"


def of_use(use, verb):
    return f"beds/uses/{use.public_id}/{verb}/"


def test_a_bed_is_held_for_longer_and_given_back(england):
    body = {"patient": str(inpatient(england).public_id), "since": NOW, "until": NOW + 2 * DAY}
    told = done(do(england.maya, of_bed(england.bed, "hold"), body))
    use = BedUse.objects.get()
    assert told == {"location": f"/api/beds/{england.bed.public_id}/", "id": str(use.public_id)}
    shown = read(england.maya, f"beds/{england.bed.public_id}/").json()
    assert (shown["use"], shown["use_version"]) == (str(use.public_id), 0)
    assert read(england.sam, f"beds/{england.bed.public_id}/").json()["use"] is None
    longer = {"until": NOW + 5 * DAY}
    assert do(england.maya, of_use(use, "change"), longer).status_code == 400
    assert do(england.maya, of_use(use, "change"), {**longer, "version": 7}).status_code == 412
    done(do(england.maya, of_use(use, "change"), longer, If_Match='"0"'))
    done(do(england.maya, of_use(use, "give-back")))
    refused = do(england.maya, of_use(use, "give-back"))
    assert refused.status_code in (404, 409)


def test_a_bed_is_taken_swapped_and_left_on_a_day(england, by):
    person = inpatient(england)
    body = {"patient": str(person.public_id), "at": NOW - DAY}
    done(do(england.maya, of_bed(england.bed, "take"), body))
    use = BedUse.objects.get(patient=person)
    other = in_bed(england, by, bed=england.second_bed)
    done(do(england.maya, of_use(use, "departure"), {"until": NOW + 3 * DAY, "version": 0}))
    done(do(england.maya, of_use(use, "swap"), {"other": str(other.public_id), "at": NOW}))
    now = BedUse.objects.get(patient=person, during__upper_inf=True)
    assert (now.bed, now.expected_end_at) == (england.second_bed, NOW + 3 * DAY)


def test_a_reason_is_asked_for_in_the_same_words(england):
    body = {"patient": str(inpatient(england, stated_gender="2").public_id), "at": NOW}
    refused = do(england.maya, of_bed(england.bed, "take"), body)
    assert (refused.status_code, refused.json()["field"]) == (409, "exception_why")
    done(do(england.maya, of_bed(england.bed, "take"), {**body, "exception_why": "Agreed."}))


def test_a_bed_is_closed_and_opened(england):
    done(do(england.maya, of_bed(england.bed, "close"), {"since": NOW, "why": "Paint."}))
    use = BedUse.objects.get()
    done(do(england.maya, of_use(use, "reopen"), {"at": NOW + DAY, "why": "Dry."}))
    use.refresh_from_db()
    assert use.during.upper == NOW + DAY


def test_two_people_are_kept_apart(england, by):
    one, two = inpatient(england), inpatient(england)
    path = f"patients/{one.public_id}/keep-apart/"
    body = {"other": str(two.public_id), "since": TODAY, "reason": "An assault."}
    told = done(do(england.maya, path, body))
    assert str(KeepApart.objects.get().public_id) == told["id"]
    assert do(england.maya, path, body).status_code == 409
    done(do(england.maya, f"{path}{told['id']}/end/", {"last_day": TODAY, "why": "Agreed."}))
    unknown = {**body, "other": str(a_patient(england).public_id)}
    assert do(england.maya, path, unknown).status_code == 400


def test_whoever_is_named_in_what_is_sent_is_in_the_read_log(england, by):
    one, two, three, four = (inpatient(england) for _ in range(4))
    used = in_bed(england, by, bed=england.second_bed, patient=three)
    slept = in_bed(england, by, bed=england.ward.beds.create(name="3"), patient=four)
    until = {"since": NOW, "until": NOW + DAY}
    done(do(england.maya, of_bed(england.bed, "hold"), {"patient": str(one.public_id), **until}))
    done(do(england.maya, of_use(used, "swap"), {"other": str(slept.public_id), "at": NOW}))
    apart = {"other": str(two.public_id), "since": TODAY, "reason": "An assault."}
    done(do(england.maya, f"patients/{three.public_id}/keep-apart/", apart))
    seen = set(AccessedPatient.objects.values_list("patient_id", flat=True))
    assert seen == {one.pk, two.pk, three.pk, four.pk}
    five = inpatient(england)
    bed = england.ward.beds.create(name="5")
    done(do(england.maya, of_bed(bed, "take"), {"patient": str(five.public_id), "at": NOW}))
    assert AccessedPatient.objects.filter(patient_id=five.pk).exists()


def test_verbs_are_closed_to_nobody_wrong_roles_and_others(england, by):
    held, slept = promised(england, by, until=2), in_bed(england, by, bed=england.second_bed)
    third = england.ward.beds.create(name="3")
    closed = ward_beds.close_own_bed(third, since=NOW, until=None, why="Paint.", by=by)
    pair = apart.keep_apart(held.patient, slept.patient, since=TODAY, reason="X", by=by)
    person, patient = f"patients/{held.patient.public_id}/", str(held.patient.public_id)
    verbs = {
        of_bed(england.bed, "hold"): {"patient": patient, "since": NOW + 3 * DAY, "until": NOW + 4 * DAY},
        of_bed(england.bed, "take"): {"patient": patient, "at": NOW},
        of_bed(england.bed, "close"): {"since": NOW + 3 * DAY, "why": "X"},
        of_use(held, "change"): {"until": NOW + 3 * DAY, "version": 0},
        of_use(held, "give-back"): {},
        of_use(slept, "swap"): {"other": str(slept.public_id), "at": NOW},
        of_use(slept, "departure"): {"until": None, "version": 0},
        of_use(closed, "reopen"): {"at": NOW, "why": "X"},
        f"{person}keep-apart/": {"other": patient, "since": TODAY, "reason": "X"},
        f"{person}keep-apart/{pair.public_id}/end/": {"last_day": TODAY, "why": "X"},
    }
    before = list(BedUse.objects.order_by("pk").values()), list(KeepApart.objects.values())
    for path, body in verbs.items():
        unsigned = stranger().post(f"/api/{path}", body, content_type="application/json")
        assert unsigned.status_code == 401, path
        assert do(england.lena, path, body).status_code == 403, path
        assert do(england.carl, path, body).status_code == 403, path
        assert do(england.adam, path, body).status_code == 403, path
        assert do(england.sam, path, body).status_code in (403, 404), path
    assert before == (list(BedUse.objects.order_by("pk").values()), list(KeepApart.objects.values()))


def test_a_bed_says_whether_its_ward_has_it(england, by):
    where = f"beds/{england.bed.public_id}/"
    assert read(england.maya, where).json()["is_open"] is True
    bed_places.give_up_bed(england.bed, since=TODAY, why="An office.", by=by)
    told = read(england.maya, where).json()
    assert (told["is_open"], told["state"]) == (False, "not_in_use")
