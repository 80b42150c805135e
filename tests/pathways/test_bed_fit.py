"""What is asked before a bed is held or taken; what a reason overrides, and what nothing does."""

from datetime import timedelta

import pytest

from core.pages import long_date
from core.refusals import Refused
from organisations.actions import designate_ward
from pathways.actions import apart, bed_places, beds, placements, ward_beds
from pathways.free_beds import free_beds
from pathways.models import BedUse, Diagnosis, Event
from pathways.rules import Fit, check_fit, check_possible, groups_of, reasons_needed
from tests.world import NOW, TODAY, a_patient, actor_of

DAY = timedelta(days=1)
FITS = Fit(ward_gender="men", stated_gender="1")
CONFLICT = "Conflict on this ward: ask its security lead."


@pytest.mark.parametrize(
    ("fit", "sentence"),
    [
        (Fit(bed_is_in_use=False), "not in use"),
        (Fit(service_is_open=False), "ward is closed"),
        (Fit(ward_gender=""), "ward is closed"),
        (Fit(bed_is_closed=True), "bed is closed"),
        (Fit(meets_kept_apart=True), CONFLICT),
        # What may never be comes before what a reason would override.
        (Fit(ward_gender="women", stated_gender="1", meets_kept_apart=True), CONFLICT),
    ],
)
def test_what_no_reason_overrides(fit, sentence):
    for why in ("", "The person asked for it."):
        with pytest.raises(Refused, match=sentence):
            check_fit(fit, exception_why=why)
    with pytest.raises(Refused, match=sentence):
        check_possible(fit)


def of_specialty(specialties, *codes):
    return Fit(specialties=specialties, diagnoses=codes)


@pytest.mark.parametrize(
    ("fit", "exceptions"),
    [
        (FITS, []),
        (Fit(ward_gender="women", stated_gender="2"), []),
        (Fit(ward_gender="mixed", stated_gender="2"), []),
        (Fit(ward_gender="men", stated_gender="2"), ["gender"]),
        (Fit(ward_gender="women", stated_gender="1"), ["gender"]),
        (Fit(ward_gender="men", stated_gender="9"), ["gender"]),
        (Fit(ward_gender="women", stated_gender="X"), ["gender"]),
        (of_specialty(("learning disability", "autism"), "F70.0"), []),
        (of_specialty(("Autism",), "F84.0"), []),
        (of_specialty(("autism",), "F20.0"), ["specialty"]),
        (of_specialty(("autism",), "F20.0", "F84.5"), []),
        (of_specialty(("autism",)), []),  # no diagnosis is recorded, so nothing speaks against it
        (of_specialty((), "F20.0"), []),
        (of_specialty(("deaf people",), "F20.0"), []),  # no code says whether somebody is deaf
        (
            Fit(ward_gender="men", stated_gender="2", specialties=("autism",), diagnoses=("F20",)),
            ["gender", "specialty"],
        ),
    ],
)
def test_what_needs_a_reason_and_is_counted(fit, exceptions):
    check_possible(fit)
    assert reasons_needed(fit) == exceptions
    assert check_fit(fit, exception_why="Agreed with her.") == exceptions
    if exceptions:
        with pytest.raises(Refused, match="or say why") as refused:
            check_fit(fit, exception_why="  ")
        assert refused.value.field == "exception_why"


@pytest.mark.parametrize(
    ("code", "group"),
    [
        ("F60.2", "personality disorder"),
        ("F61", "personality disorder"),
        ("F62.0", None),
        ("F79", "learning disability"),
        ("f84.0", "autism"),
        ("F83", None),
        ("F20.0", "mental illness"),
        ("F00", "mental illness"),
        ("G40", None),
    ],
)
def test_groups_of_diagnoses(code, group):
    assert groups_of([code]) == ({group} if group else set())


@pytest.fixture
def by(england):
    return actor_of(england.maya)


def inpatient(england, **known):
    patient = a_patient(england, **known)
    placements.place(patient, service=england.ashdown, at=NOW - 30 * DAY, by=actor_of(england.maya))
    return patient


def hold(england, by, patient, *, bed=None, why="", since=0, until=5):
    return beds.hold_bed(
        bed or england.bed,
        patient=patient,
        since=NOW + since * DAY,
        until=NOW + until * DAY,
        about=None,
        exception_why=why,
        by=by,
    )


def take(bed, patient, by, *, at=NOW, why=""):
    return beds.occupy_bed(bed, patient=patient, at=at, exception_why=why, by=by)


def test_a_reason_is_kept_with_the_bed_and_not_in_the_event(england, by):
    woman = inpatient(england, stated_gender="2")
    for act in (lambda: hold(england, by, woman), lambda: take(england.bed, woman, by)):
        with pytest.raises(Refused, match="single-sex"):
            act()
    use = hold(england, by, woman, why=" Agreed with her and the ward. ")
    assert (use.exceptions, use.exception_why) == (["gender"], "Agreed with her and the ward.")
    details = Event.objects.filter(kind="pathways.bed_held").latest("pk").details
    assert details["exceptions"] == 1
    assert "Agreed" not in str(details)
    assert BedUse.objects.by_exception().count() == 1


def test_the_reason_of_the_promise_is_the_reason_of_the_stay_and_of_a_move_on_the_ward(england, by):
    woman = inpatient(england, stated_gender="2")
    hold(england, by, woman, why="Agreed with her.")
    first = take(england.bed, woman, by)
    assert first.exception_why == "Agreed with her."
    second = take(england.second_bed, woman, by, at=NOW + DAY)
    assert (second.exceptions, second.exception_why) == (["gender"], "Agreed with her.")


def test_the_reason_of_a_promise_long_over_is_not(england, by):
    woman = inpatient(england, stated_gender="2")
    hold(england, by, woman, why="For two days.", until=2)
    with pytest.raises(Refused, match="single-sex"):
        take(england.bed, woman, actor_of(england.maya, at=NOW + 3 * DAY), at=NOW + 3 * DAY)


def test_a_reason_that_nobody_asked_for_is_not_kept(england, by):
    use = hold(england, by, inpatient(england), why="Just so.")
    assert (use.exceptions, use.exception_why) == ([], "")


def test_a_ward_for_others(england, by):
    designate_ward(
        england.ward, tier="medium", gender="men", specialties=["Autism"], since=TODAY, why="New.", by=by
    )
    patient = inpatient(england)
    hold(england, by, patient, since=1, until=2)
    Diagnosis.objects.create(patient=patient, icd10="F20.0", diagnosed_on=TODAY, recorded_at=NOW)
    with pytest.raises(Refused, match="other needs"):
        hold(england, by, patient, since=3, until=4)
    assert hold(england, by, patient, since=3, until=4, why="For a week.").exceptions == ["specialty"]


def test_a_closed_service_and_a_ward_for_nothing_take_nobody(england, by):
    patient = inpatient(england)
    england.ward.designations.update(superseded_at=NOW)
    with pytest.raises(Refused, match="ward is closed"):
        hold(england, by, patient, why="All the same.")
    england.ward.designations.update(superseded_at=None)
    england.ashdown.is_open = False
    england.ashdown.save()
    with pytest.raises(Refused, match="ward is closed"):
        take(england.bed, patient, by)


def becomes(england, by, days, **known):
    """Alder ward is for others from a day on."""
    is_for = {"tier": "medium", "gender": "men", **known}
    designate_ward(england.ward, since=TODAY + days * DAY, why="New.", by=by, **is_for)


@pytest.mark.parametrize(
    ("known", "sentence", "exception"),
    [
        ({"gender": "women"}, "From 5 March 2026: this is a single-sex ward", "gender"),
        (
            {"specialties": ["Autism"]},
            "From 5 March 2026: this ward is for people with other needs",
            "specialty",
        ),
    ],
)
def test_what_the_ward_becomes_within_the_time_is_asked_too(england, by, known, sentence, exception):
    patient = inpatient(england)
    Diagnosis.objects.create(patient=patient, icd10="F20.0", diagnosed_on=TODAY, recorded_at=NOW)
    becomes(england, by, 3, **known)
    assert hold(england, by, patient, until=2).exceptions == []
    with pytest.raises(Refused, match=sentence) as refused:
        hold(england, by, patient, bed=england.second_bed, until=10)
    assert refused.value.field == "exception_why"
    use = hold(england, by, patient, bed=england.second_bed, until=10, why="Until they move.")
    assert use.exceptions == [exception]


def test_a_ward_that_closes_within_the_time_takes_nobody_for_it(england, by):
    patient = inpatient(england)
    bed_places.close_ward(england.ward, since=TODAY + 3 * DAY, why="It moves.", by=by)
    with pytest.raises(Refused, match="From 5 March 2026: that ward is closed"):
        hold(england, by, patient, until=10, why="All the same.")
    use = hold(england, by, patient, until=2)
    with pytest.raises(Refused, match="From 5 March 2026: that ward is closed"):
        beds.extend_hold(use, until=NOW + 6 * DAY, by=by)
    # Nobody knows until when who is simply in a bed will be there, and what has happened is recorded.
    take(england.bed, patient, by)


def test_a_departure_that_is_expected_is_the_end_of_the_time(england, by):
    patient = inpatient(england)
    becomes(england, by, 3, gender="women")
    known = {"patient": patient, "at": NOW, "by": by}
    with pytest.raises(Refused, match="single-sex"):
        beds.occupy_bed(england.bed, expected_end_at=NOW + 9 * DAY, **known)
    assert beds.occupy_bed(england.bed, expected_end_at=NOW + 2 * DAY, **known).exceptions == []


def test_a_hold_is_kept_for_longer_only_for_the_reason_that_the_ward_wants_then(england, by):
    patient = inpatient(england)
    becomes(england, by, 3, gender="women")
    use = hold(england, by, patient, until=2)
    with pytest.raises(Refused, match="single-sex"):
        beds.extend_hold(use, until=NOW + 6 * DAY, by=by)
    use = hold(england, by, patient, bed=england.second_bed, until=5, why="Until they move.")
    assert beds.extend_hold(use, until=NOW + 6 * DAY, by=by).exceptions == ["gender"]
    assert beds.extend_hold(use, until=NOW + 2 * DAY, by=by).exceptions == []


def test_a_ward_for_others_now_and_for_them_later(england, by):
    patient = inpatient(england)
    becomes(england, by, 0, gender="women")
    becomes(england, by, 3)
    with pytest.raises(Refused, match=r"^This is a single-sex ward"):
        hold(england, by, patient, since=1, until=9)
    assert hold(england, by, patient, since=4, until=9).exceptions == []


def test_free_beds_say_by_the_same_rule_what_does_not_fit(england, by):
    woman, other = inpatient(england, stated_gender="2"), inpatient(england)
    ours = [england.bed, england.second_bed, england.brook_bed]
    states = {one.bed: one.state for one in free_beds(ours, at=NOW, patient=woman)}
    assert set(states.values()) == {"Free now. Needs a reason: single-sex ward"}
    apart.keep_apart(woman, other, since=TODAY, reason="An assault in 2024.", by=by)
    take(england.bed, other, by)
    states = {one.bed: one.state for one in free_beds(ours, at=NOW, patient=woman)}
    assert states[england.second_bed] == f"Free now. {CONFLICT}"
    beds.close_bed(england.second_bed, since=NOW + DAY, until=NOW + 2 * DAY, why="Paint.", by=by)
    assert "bed is closed" not in str([one.state for one in free_beds(ours, at=NOW, patient=other)])


def test_a_swap_asks_the_same(england, by):
    man, woman = inpatient(england), inpatient(england, stated_gender="2")
    england.brook_ward.service = england.ashdown
    england.brook_ward.save()
    designate_ward(england.brook_ward, tier="low", gender="women", since=TODAY - DAY, why="New.", by=by)
    one = ward_beds.take_bed(england.bed, patient=man, at=NOW - DAY / 2, by=by)
    england.brook_bed.refresh_from_db()
    other = ward_beds.take_bed(england.brook_bed, patient=woman, at=NOW - DAY / 2, by=by)
    with pytest.raises(Refused, match="single-sex"):
        ward_beds.swap_beds(one, other, at=NOW, by=by)
    assert BedUse.objects.current().filter(during__upper_inf=True).count() == 2
    swapped = ward_beds.swap_beds(one, other, at=NOW, exception_why="For one night.", by=by)
    assert [use.exceptions for use in swapped] == [["gender"], ["gender"]]


def test_beds_that_fit_come_first_and_then_the_soonest(england, by):
    designate_ward(england.brook_ward, tier="low", gender="women", since=TODAY - DAY, why="New.", by=by)
    man, other = inpatient(england), inpatient(england)
    hold(england, by, other)
    ours = [england.brook_bed, england.bed, england.second_bed]
    assert [one.bed for one in free_beds(ours, at=NOW, patient=man)] == [
        england.second_bed,
        england.bed,
        england.brook_bed,
    ]


def test_a_bed_that_is_promised_to_another_after_them_says_so_and_stands_last(england, by):
    man, other = inpatient(england), inpatient(england)
    hold(england, by, man, until=1)
    hold(england, by, other, since=2, until=4)
    found = free_beds([england.bed, england.second_bed], at=NOW, patient=man)
    assert [(one.bed, one.state) for one in found] == [
        (england.second_bed, "Free now"),
        (england.bed, f"Held for this person, and taken from {long_date(TODAY + 2 * DAY)}"),
    ]
    assert [one.state for one in free_beds([england.bed], at=NOW, patient=inpatient(england))] == [
        f"Free from {long_date(TODAY + 4 * DAY)}"
    ]
