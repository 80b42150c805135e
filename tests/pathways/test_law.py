"""The limits of the law: what starts them, what alone ends them, and who is told."""

from datetime import date, timedelta

import pytest
from psycopg2.extras import DateRange

from core.models import Notification
from core.refusals import Refused, Stale
from organisations.actor import Actor
from pathways import verification
from pathways.actions import clocks, key_dates, legal, patients, placements, policies
from pathways.models import Clock, ClockPolicy, Flag, LegalDuration, LegalStatus
from tests.world import NOW, TODAY, a_patient, actor_of

DAY = timedelta(days=1)


@pytest.fixture
def by(england):
    return actor_of(england.maya)


@pytest.fixture
def patient(england):
    """Somebody in hospital."""
    return a_patient(england, at_service=england.ashdown)


def held(patient, code, *, since=TODAY, by, **known):
    return legal.record_legal_status(patient, code=code, since=since, by=by, **known)


def renew(status, *, by):
    return legal.renew_detention(status, renewals=status.renewals, by=by)


def running(patient):
    """Policy and last day of each limit of the law that runs."""
    rows = Clock.objects.running().filter(patient=patient, about_kind__in=["legal_status", "key_date"])
    return dict(rows.values_list("policy__code", "due_on"))


def ended(patient):
    rows = Clock.objects.filter(patient=patient, ended_on__isnull=False).order_by("pk")
    return list(rows.values_list("policy__code", "ended_as"))


def sweep(*, on=0):
    return clocks.raise_flags(by=Actor.system("sweep", at=NOW + on * DAY))


@pytest.mark.parametrize(
    ("code", "form", "until"),
    [
        ("02", "", TODAY + 27 * DAY),
        ("03", "", date(2026, 9, 1)),
        ("10", "", date(2026, 9, 1)),
        ("16", "", date(2026, 9, 1)),
        ("07", "", TODAY + 27 * DAY),
        ("12", "", TODAY + 83 * DAY),
        ("98", "community_treatment", date(2026, 9, 1)),
        ("09", "", None),
        ("15", "", None),
        ("01", "", None),
    ],
)
def test_the_authority_ends_when_the_law_says(patient, by, code, form, until):
    status = held(patient, code, form=form, by=by)
    assert status.authorised_until == until
    assert running(patient).get("detention-ends") == until


def test_a_court_may_give_less_and_nobody_more(patient, by):
    status = held(patient, "07", authorised_until=TODAY + 13 * DAY, by=by)
    assert running(patient)["detention-ends"] == status.authorised_until == TODAY + 13 * DAY
    with pytest.raises(Refused) as refused:
        held(patient, "07", authorised_until=TODAY + 28 * DAY, by=by)
    assert refused.value.field == "authorised_until"


def test_nobody_is_held_from_a_day_to_come(patient, by):
    with pytest.raises(Refused, match="today or in the past") as refused:
        held(patient, "10", since=TODAY + DAY, by=by)
    assert refused.value.field == "since"
    assert not patient.legal_statuses.exists()


def test_a_direction_older_than_the_status_is_counted_from_its_own_day(patient, by):
    status = held(patient, "16", counted_from=TODAY - 10 * DAY, by=by)
    assert status.authorised_until == date(2026, 8, 19)


def test_when_the_act_of_2025_is_in_force_section_3_is_shorter(patient, by):
    LegalDuration.objects.filter(code="03", effective__isnull=False).update(
        effective=DateRange(date(1983, 9, 30), TODAY)
    )
    LegalDuration.objects.filter(code="03", effective=None).update(effective=DateRange(TODAY, None))
    assert held(patient, "03", since=TODAY - DAY, by=by).authorised_until == date(2026, 8, 31)
    assert held(patient, "03", by=by).authorised_until == date(2026, 6, 1)


def test_a_renewal_moves_the_end_on_and_keeps_count(patient, by):
    status = held(patient, "03", since=date(2025, 9, 10), by=by)
    assert status.authorised_until == date(2026, 3, 9)
    renew(status, by=by)
    renew(status, by=by)
    assert (status.renewals, status.authorised_until) == (2, date(2027, 9, 9))
    assert running(patient) == {"detention-ends": date(2027, 9, 9)}
    assert ended(patient) == [("detention-ends", "met")] * 2
    assert patient.events.filter(kind="pathways.renewed").count() == 2


def test_a_renewal_that_two_people_record_counts_once(patient, by):
    status = held(patient, "03", since=date(2025, 9, 10), by=by)
    legal.renew_detention(status, renewals=0, by=by)
    with pytest.raises(Stale):
        legal.renew_detention(status, renewals=0, by=by)
    status.refresh_from_db()
    assert (status.renewals, status.authorised_until) == (1, date(2026, 9, 9))
    assert patient.events.filter(kind="pathways.renewed").count() == 1


def test_what_cannot_be_renewed_is_refused(patient, by):
    with pytest.raises(Refused, match="cannot be renewed"):
        renew(held(patient, "02", since=TODAY - 9 * DAY, by=by), by=by)
    with pytest.raises(Refused, match="no last day"):
        renew(held(patient, "09", by=by), by=by)


def test_the_courts_remand_is_renewed_to_twelve_weeks_and_no_further(patient, by):
    status = held(patient, "07", since=TODAY - 60 * DAY, by=by)
    for _ in range(2):
        renew(status, by=by)
    assert status.authorised_until == TODAY - 60 * DAY + 83 * DAY
    with pytest.raises(Refused):
        renew(status, by=by)


@pytest.mark.parametrize(
    ("code", "policy", "days"), [("10", "court-28", 28), ("09", "court-28", 28), ("08", "court-7", 7)]
)
def test_a_court_order_waits_for_admission_counting_its_own_day(england, by, code, policy, days):
    patient = a_patient(england)
    held(patient, code, since=TODAY - 2 * DAY, by=by)
    assert running(patient)[policy] == TODAY + (days - 3) * DAY
    placements.place(patient, service=england.ashdown, ward=england.ward, at=NOW, by=by)
    assert policy not in running(patient)
    assert (policy, "met") in ended(patient)
    placements.place(
        patient, elsewhere="general_hospital", at=NOW + DAY, by=actor_of(england.maya, at=NOW + DAY)
    )
    assert policy not in running(patient)


def test_admitted_too_late_the_order_had_lapsed(england, by):
    patient = a_patient(england)
    held(patient, "10", since=TODAY - 28 * DAY, by=by)
    placements.place(patient, service=england.ashdown, at=NOW, by=by)
    assert ("court-28", "lapsed") in ended(patient)


def test_a_move_to_another_prison_admits_nobody(england, by):
    patient = a_patient(england)
    held(patient, "10", since=TODAY - 2 * DAY, by=by)
    placements.place(patient, service=england.other_prison, at=NOW, by=by)
    assert "court-28" in running(patient)


def remand(patient, on, by):
    return key_dates.record_key_date(patient, kind="remand_expiry", on=on, by=by)


def test_the_end_of_a_remand_is_watched_until_another_date_or_status(england, by):
    patient = a_patient(england)
    remand(patient, TODAY + 5 * DAY, by)
    assert running(patient) == {"remand-expiry": TODAY + 5 * DAY}
    remand(patient, TODAY + 30 * DAY, by)
    assert running(patient) == {"remand-expiry": TODAY + 30 * DAY}
    held(patient, "15", by=by)
    assert "remand-expiry" not in running(patient)


def test_a_remand_date_that_was_wrong_is_watched_no_more_and_its_limit_never_held(england, by):
    patient = a_patient(england)
    wrong = remand(patient, TODAY + 5 * DAY, by)
    right = key_dates.correct_key_date(wrong, on=TODAY + 9 * DAY, why="Misread.", by=by)
    assert running(patient) == {"remand-expiry": TODAY + 9 * DAY}
    with pytest.raises(Refused):
        key_dates.correct_key_date(wrong, on=TODAY + 7 * DAY, why="Misread.", by=by)
    with pytest.raises(Refused, match="why"):
        key_dates.withdraw_key_date(right, why=" ", by=by)
    key_dates.withdraw_key_date(right, why="Another person's.", by=by)
    assert running(patient) == {}
    ended = Clock.objects.filter(patient=patient, about_kind="key_date").values_list("ended_as", flat=True)
    assert set(ended) == {"void"}


@pytest.mark.parametrize(("limb", "watched"), [("a", False), ("b", True)])
def test_under_section_48_only_the_magistrates_remand_ends_the_direction(patient, by, limb, watched):
    held(patient, "17", limb=limb, by=by)
    remand(patient, TODAY + 5 * DAY, by)
    assert ("remand-expiry" in running(patient)) is watched


def test_whoever_is_released_is_on_no_remand(england, by):
    patient = a_patient(england)
    remand(patient, TODAY + 5 * DAY, by)
    placements.place(patient, elsewhere="released", at=NOW, by=by)
    assert running(patient) == {}


def test_restrictions_end_on_the_release_date_and_section_47_goes_on(patient, by):
    held(patient, "15", since=TODAY - 9 * DAY, by=by)
    key_dates.record_key_date(patient, kind="release", on=TODAY + 20 * DAY, by=by)
    assert running(patient)["restriction-ends"] == TODAY + 20 * DAY
    held(patient, "16", by=by)
    assert set(running(patient)) == {"detention-ends"}


def test_a_release_date_of_somebody_unrestricted_ends_nothing(patient, by):
    held(patient, "16", by=by)
    key_dates.record_key_date(patient, kind="release", on=TODAY + 20 * DAY, by=by)
    assert "restriction-ends" not in running(patient)


def test_a_restricted_person_is_reported_on_within_each_year(patient, by):
    status = held(patient, "09", since=TODAY - 300 * DAY, by=by)
    assert running(patient) == {"yearly-report": date(2026, 5, 5)}
    legal.record_yearly_report(status, on=TODAY, by=by)
    assert running(patient) == {"yearly-report": date(2027, 3, 1)}
    with pytest.raises(Refused, match="before the last report"):
        legal.record_yearly_report(status, on=TODAY - DAY, by=by)
    with pytest.raises(Refused, match="Only a restricted"):
        legal.record_yearly_report(held(patient, "10", by=by), on=TODAY, by=by)


def test_an_ended_status_leaves_nothing_to_watch(patient, by):
    status = held(patient, "02", since=TODAY - 5 * DAY, by=by)
    placements.place(patient, elsewhere="abroad", at=NOW - 2 * DAY, by=by)
    was = LegalStatus.objects.get(pk=status.pk)
    now = legal.end_legal_status(status, last_day=TODAY - 2 * DAY, by=by)
    assert now.during == DateRange(TODAY - 5 * DAY, TODAY - DAY)
    was.refresh_from_db()
    assert (was.during, was.superseded_at) == (DateRange(TODAY - 5 * DAY, None), by.at)
    assert running(patient) == {}
    assert ended(patient) == [("detention-ends", "met")]
    with pytest.raises(Refused, match="has ended"):
        legal.end_legal_status(now, last_day=TODAY, by=by)


def test_an_ended_status_is_neither_renewed_nor_reported_on(patient, by):
    civil = held(patient, "03", since=TODAY - 9 * DAY, by=by)
    restricted = held(patient, "09", since=TODAY - 5 * DAY, by=by)
    placements.place(patient, elsewhere="abroad", at=NOW - 2 * DAY, by=by)
    restricted = legal.end_legal_status(restricted, last_day=TODAY - DAY, by=by)
    with pytest.raises(Refused, match="has ended"):
        renew(civil, by=by)
    with pytest.raises(Refused, match="has ended"):
        legal.record_yearly_report(restricted, on=TODAY, by=by)


def test_a_death_ends_every_limit(patient, by):
    held(patient, "02", by=by)
    patients.record_death(patient, on=TODAY, by=by)
    assert running(patient) == {}


def test_an_alarm_is_raised_on_the_day_after_and_nobody_can_dismiss_it(patient, by):
    status = held(patient, "02", since=TODAY - 27 * DAY, by=by)
    sweep()
    assert not Flag.objects.filter(level="breached").exists()
    sweep(on=1)
    flag = Flag.objects.get(level="breached")
    assert flag.became_on == TODAY + DAY
    with pytest.raises(Refused, match="cannot be acknowledged away"):
        clocks.acknowledge_flag(flag, by=by)
    later = actor_of(by.user, at=NOW + DAY)
    held(patient, "03", since=TODAY + DAY, by=later)
    assert ended(patient)[0] == ("detention-ends", "lapsed")
    assert status.pk != patient.legal_statuses.current().get(during__upper_inf=True).pk


def test_a_section_of_years_ago_entered_today_is_one_alarm_at_once(patient, by):
    held(patient, "03", since=date(2020, 1, 1), by=by)
    held(patient, "09", since=date(2020, 2, 1), by=by)
    sweep()
    assert [flag.level for flag in Flag.objects.all()] == ["breached"]
    assert not verification.failures()
    sweep(on=60)
    assert Flag.objects.count() == 3
    assert not verification.failures()


def test_flags_of_days_before_anybody_could_know_are_not_raised(patient, by):
    held(patient, "05", by=by)
    sweep()
    sweep(on=2)
    assert set(Flag.objects.values_list("became_on", flat=True)) == {TODAY}
    sweep(on=3)
    assert Flag.objects.get(level="breached").became_on == TODAY + 3 * DAY


def test_those_who_have_the_person_are_told_by_mailbox_and_bell_and_no_name_goes_with_it(
    england, patient, by
):
    held(patient, "02", since=TODAY - 28 * DAY, by=by)
    sweep()
    told = Notification.objects.filter(kind="clock.flagged")
    assert {one.mailbox for one in told if one.mailbox} >= {england.ashdown.alert_mailbox}
    assert {one.user for one in told if one.user} == {england.maya, england.carl}
    breached = told.filter(subject="Legal status: the authority to detain has ended")
    assert breached.exists()
    assert not any(patient.family_name in one.subject + one.body + one.path for one in told)
    before = told.count()
    sweep()
    assert told.count() == before


def test_whom_no_service_has_the_case_manager_is_told_of(england, by):
    patient = a_patient(england)
    held(patient, "10", since=TODAY - 20 * DAY, by=by)
    placements.place(patient, elsewhere="not_known", at=NOW, by=by)
    sweep()
    assert set(Notification.objects.values_list("user", flat=True)) == {england.carl.pk}


def test_a_warrant_lapses_whatever_an_administrator_would_like(england):
    policy = ClockPolicy.objects.get(code="warrant-14")
    with pytest.raises(Refused, match="cannot be switched off"):
        clocks.change_policy(policy, version=0, is_on=False, by=actor_of(england.adam))


@pytest.mark.parametrize("code", ["court-28", "court-7", "remand-expiry", "detention-ends"])
def test_no_administrator_silences_a_lapse(england, code):
    policy, adam = ClockPolicy.objects.get(code=code), actor_of(england.adam)
    ended = policy.flag_rules.get(level="breached")
    for less in ({"level": "approaching", "every": 7}, {"level": "breached", "every": None}):
        with pytest.raises(Refused, match="stays “breached” and comes again"):
            policies.set_flag_rule(
                policy,
                version=0,
                day=ended.day,
                owner="concerned",
                must_be_acknowledged=False,
                by=adam,
                **less,
            )
    with pytest.raises(Refused, match="cannot be switched off"):
        clocks.change_policy(policy, version=0, is_on=False, by=adam)
    with pytest.raises(Refused, match="this flag stays"):
        policies.remove_flag_rule(policy.flag_rules.get(level="breached"), version=0, by=adam)
    policies.remove_flag_rule(policy.flag_rules.get(level="imminent"), version=0, by=adam)


def test_a_prompt_may_be_switched_off(england):
    policy = ClockPolicy.objects.get(code="yearly-report")
    clocks.change_policy(policy, version=0, is_on=False, by=actor_of(england.adam))
    patient = a_patient(england)
    held(patient, "15", by=actor_of(england.maya))
    assert Clock.objects.get(policy=policy).next_flag_on is None
