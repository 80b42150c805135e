"""Authorities on record, and what was done without one."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from psycopg2.extras import DateRange

from core.refusals import Refused
from pathways.actions import authorities, legal, placements
from pathways.codes import Act
from pathways.models import Authority, LegalDuration, LegalStatus, MissingAuthority
from tests.world import NOW, TODAY, a_patient, actor_of

DAY = timedelta(days=1)
LEAVE = Act.ESCORTED_LEAVE


@pytest.fixture
def restricted(england):
    """Somebody under sections 37 and 41 for a year."""
    patient = a_patient(england, at_service=england.ashdown)
    legal.record_legal_status(patient, code="09", since=TODAY - 365 * DAY, by=actor_of(england.maya))
    return patient


def allow(england, patient, *scope, **known):
    answers = {"kind": "ministry_standing", "since": TODAY - 30 * DAY, **known}
    return authorities.record_authority(patient, scope=scope or [LEAVE], by=actor_of(england.maya), **answers)


def note(england, patient, act=LEAVE, *, on=TODAY, about=("leave", 1), **known):
    by = actor_of(england.maya)
    return authorities.note_unauthorised(patient, act, on=on, about=about, by=by, **known)


def kinds(patient):
    return [event.kind for event in patient.events.order_by("pk")]


def test_planning_waits_for_the_authority_and_one_consent_covers_many_outings(england, restricted):
    with pytest.raises(Refused, match="agreement of the Ministry"):
        authorities.check_authorised(restricted, LEAVE, on=TODAY)
    allow(england, restricted, LEAVE, Act.UNESCORTED_LEAVE, last_day=TODAY + 9 * DAY)
    for on in (TODAY, TODAY + DAY, TODAY + 9 * DAY):
        authorities.check_authorised(restricted, LEAVE, on=on)
    with pytest.raises(Refused):
        authorities.check_authorised(restricted, LEAVE, on=TODAY + 10 * DAY)
    with pytest.raises(Refused):
        authorities.check_authorised(restricted, Act.OVERNIGHT_LEAVE, on=TODAY)


def test_planning_for_another_hospital_than_the_one_named_is_refused(england, restricted):
    allow(england, restricted, Act.TRANSFER, kind="ministry_specific", hospital=england.brook)
    authorities.check_authorised(restricted, Act.TRANSFER, on=TODAY, hospital=england.brook)
    with pytest.raises(Refused):
        authorities.check_authorised(restricted, Act.TRANSFER, on=TODAY, hospital=england.ashdown)


def test_what_has_happened_is_marked_once_and_never_refused(england, restricted):
    missing = note(england, restricted)
    assert note(england, restricted) == missing
    assert (missing.act, missing.on, missing.settled_at) == (LEAVE, TODAY, None)
    assert kinds(restricted).count("pathways.unauthorised") == 1
    assert note(england, restricted, Act.COMMUNITY_TREATMENT)


def test_letting_somebody_go_is_the_task_of_those_who_did(england, restricted):
    by = actor_of(england.maya)
    placements.place(restricted, service=england.brook, at=NOW, by=by)
    assert note(england, restricted, Act.TRANSFER, hospital=england.brook).service == england.ashdown
    assert note(england, restricted, on=TODAY + DAY, about=("leave", 2)).service == england.brook


def test_nothing_is_marked_where_nobody_need_agree_or_an_authority_covers_it(england, restricted):
    allow(england, restricted)
    assert note(england, restricted) is None
    assert note(england, restricted, on=TODAY - 31 * DAY, about=("leave", 2))
    assert note(england, a_patient(england)) is None


def test_the_law_of_that_day_counts(england, restricted):
    legal.record_legal_status(restricted, code="10", since=TODAY, by=actor_of(england.maya))
    assert note(england, restricted) is None
    assert note(england, restricted, on=TODAY - DAY, about=("leave", 2))


def test_recording_the_authority_settles_what_lacked_it(england, restricted):
    inside, outside = (
        note(england, restricted),
        note(england, restricted, on=TODAY - 60 * DAY, about=("leave", 2)),
    )
    other = note(england, restricted, Act.DISCHARGE, about=("referral", 3))
    authority = allow(england, restricted, LEAVE, Act.DISCHARGE)
    for row in (inside, outside, other):
        row.refresh_from_db()
    assert (inside.authority, inside.settled_by, inside.settled_at) == (authority, england.maya, NOW)
    assert outside.settled_at is None
    assert other.settled_at is None
    assert list(MissingAuthority.objects.open()) == [outside, other]


def test_a_reason_settles_it_too_and_once(england, restricted):
    missing, by = note(england, restricted), actor_of(england.maya)
    with pytest.raises(Refused) as refused:
        authorities.settle_missing_authority(missing, why=" ", by=by)
    assert refused.value.field == "why"
    authorities.settle_missing_authority(missing, why=" Emergency; the Ministry was told. ", by=by)
    missing.refresh_from_db()
    assert (missing.why, missing.settled_by) == ("Emergency; the Ministry was told.", england.maya)
    with pytest.raises(Refused, match="settled already"):
        authorities.settle_missing_authority(missing, why="Again.", by=by)
    # What the office has dealt with is no new task when the same is told again.
    assert note(england, restricted).settled_at


def test_an_open_authority_ends(england, restricted):
    authority, by = allow(england, restricted), actor_of(england.maya)
    ended = authorities.end_authority(authority, last_day=TODAY, why="Withdrawn.", by=by)
    assert ended.during == DateRange(TODAY - 30 * DAY, TODAY + DAY)
    authority.refresh_from_db()
    assert authority.why == "Withdrawn."
    with pytest.raises(Refused) as refused:
        authorities.end_authority(ended, last_day=TODAY, why="Again.", by=by)
    assert refused.value.field == "last_day"
    with pytest.raises(Refused):
        authorities.end_authority(ended, last_day=TODAY - DAY, why=" ", by=by)


def test_one_with_a_last_day_ends_sooner_and_what_was_said_is_kept(england, restricted):
    authority = allow(england, restricted, last_day=TODAY + 9 * DAY)
    ended = authorities.end_authority(authority, last_day=TODAY, why="Withdrawn.", by=actor_of(england.maya))
    authority.refresh_from_db()
    assert (authority.why, authority.superseded_by) == ("Withdrawn.", england.maya)
    assert list(Authority.objects.current()) == [ended]
    assert ended.scope == [LEAVE]


def correct(england, authority, **known):
    answers = {
        "kind": authority.kind,
        "scope": authority.scope,
        "since": authority.during.lower,
        "why": "Misread.",
    }
    return authorities.correct_authority(authority, **{**answers, **known}, by=actor_of(england.maya))


def test_a_correction_takes_back_what_it_no_longer_covers_and_keeps_the_rest(england, restricted):
    leave, night = note(england, restricted), note(england, restricted, Act.OVERNIGHT_LEAVE)
    authority = allow(england, restricted, LEAVE, Act.OVERNIGHT_LEAVE)
    corrected = correct(england, authority, scope=[LEAVE])
    leave.refresh_from_db()
    night.refresh_from_db()
    assert leave.authority == corrected
    assert (night.authority, night.settled_at, night.settled_by) == (None, None, None)
    authority.refresh_from_db()
    assert (authority.why, authority.superseded_at) == ("Misread.", NOW)
    with pytest.raises(Refused, match="corrected already"):
        correct(england, authority)


def test_what_lacks_its_authority_again_is_an_event(england, restricted):
    missing = note(england, restricted, on=TODAY + DAY)
    authority = allow(england, restricted)
    before = len(kinds(restricted))
    authorities.end_authority(authority, last_day=TODAY, why="Withdrawn.", by=actor_of(england.maya))
    missing.refresh_from_db()
    assert missing.settled_at is None
    assert kinds(restricted)[before:] == ["pathways.authority_ended", "pathways.unauthorised"]
    event = restricted.events.order_by("pk").last()
    assert (event.about_kind, event.about_id, event.details) == (
        "missing_authority",
        missing.pk,
        {"acts": [LEAVE]},
    )


@pytest.mark.parametrize("verb", ["end", "correct"])
def test_what_another_authority_covers_stays_settled_by_that(england, restricted, verb):
    missing = note(england, restricted, on=TODAY + DAY)
    authority, other = allow(england, restricted), allow(england, restricted, kind="ministry_specific")
    if verb == "end":
        authorities.end_authority(authority, last_day=TODAY, why="Withdrawn.", by=actor_of(england.maya))
    else:
        correct(england, authority, scope=[Act.TRANSFER])
    missing.refresh_from_db()
    assert (missing.authority, missing.settled_by, missing.settled_at) == (other, england.maya, NOW)
    assert kinds(restricted).count("pathways.unauthorised") == 1


def test_a_correction_settles_what_it_covers_now(england, restricted):
    authority = allow(england, restricted, Act.TRANSFER)
    missing = note(england, restricted)
    corrected = correct(england, authority, scope=[LEAVE])
    missing.refresh_from_db()
    assert missing.authority == corrected
    with pytest.raises(Refused):
        correct(england, corrected, why=" ")


def test_an_authority_says_whose_and_what_for(england, restricted):
    for known, field in (({"kind": "minister"}, "kind"), ({"last_day": date(2020, 1, 1)}, "last_day")):
        with pytest.raises(Refused) as refused:
            allow(england, restricted, **known)
        assert refused.value.field == field
    assert not Authority.objects.exists()


@pytest.mark.parametrize(
    ("form", "kind", "before", "missing"),
    [
        ("community_treatment", None, "09", True),
        ("community_treatment", None, "10", False),
        ("conditional_discharge", None, "09", True),
        ("conditional_discharge", "tribunal", "09", False),
        ("conditional_discharge", None, "10", True),
    ],
)
def test_out_of_hospital_without_the_authority_is_recorded_and_marked(england, form, kind, before, missing):
    patient, by = a_patient(england), actor_of(england.maya)
    legal.record_legal_status(patient, code=before, since=TODAY - 9 * DAY, by=by)
    if kind:
        allow(england, patient, Act.CONDITIONAL_DISCHARGE, kind=kind)
    status = legal.record_legal_status(patient, code="98", form=form, since=TODAY, by=by)
    assert status.form == form
    assert MissingAuthority.objects.open().filter(patient=patient).exists() is missing


def _authority(patient, **known):
    answers = {
        "kind": "court",
        "scope": [LEAVE],
        "during": DateRange(TODAY, None),
        "recorded_at": NOW,
        **known,
    }
    return Authority.objects.create(patient=patient, **answers)


def _missing(patient, **known):
    answers = {"act": LEAVE, "on": TODAY, "about_kind": "leave", "about_id": 1, "noticed_at": NOW, **known}
    return MissingAuthority.objects.create(patient=patient, **answers)


def _status(patient, **known):
    answers = {"code": "98", "during": DateRange(TODAY, None), "recorded_at": NOW, **known}
    return LegalStatus.objects.create(patient=patient, **answers)


BREAKS = {
    "an_authority_allows_something": lambda p: _authority(p, scope=[]),
    "an_authority_lasts_some_time": lambda p: _authority(p, during=DateRange(TODAY, TODAY)),
    "an_act_lacks_its_authority_once": lambda p: [_missing(p), _missing(p)],
    "a_missing_authority_is_settled_by_one_or_a_reason": lambda p: _missing(p, settled_at=NOW),
    "a_legal_form_belongs_to_its_status": lambda p: _status(p, form="with_restrictions"),
    "a_legal_status_lasts_some_time": lambda p: _status(p, during=DateRange(TODAY, TODAY)),
    "a_stage_of_a_status_has_one_length_at_a_time": lambda p: LegalDuration.objects.filter(
        code="03", stage="first"
    ).update(effective=DateRange(TODAY, None)),
    "a_length_is_at_least_one": lambda p: LegalDuration.objects.update(number=0),
}


@pytest.mark.parametrize("name", BREAKS)
def test_the_database_refuses(england, name):
    patient = a_patient(england)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        BREAKS[name](patient)
