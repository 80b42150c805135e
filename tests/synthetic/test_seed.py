"""A small England in a database of its own: lawful, at every stage, and with the history of every row."""

from collections import defaultdict
from datetime import timedelta
from io import StringIO
from itertools import pairwise

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.models import F
from django.utils import timezone

from assessments.models import Recommendation, SignedAssessment
from core.models import Notification
from organisations.models import WardDesignation
from organisations.rules import is_more_secure
from pathways.models import BedUse, Event, LegalStatus, Placement, ReadyPeriod
from pathways.ready_codes import ReadyReason, WaitsOn
from pathways.rules import held_of, usually_follows
from pathways.rules.legal import StatusKind, rule_of
from pathways.verification import CHECKS, failures
from referrals.codes import Kind, StepKind
from referrals.models import Decision, Referral
from referrals.pages.line_groups import GROUPS
from tools import databases

# Enough for somebody of every kind at every stage; a fifth of the demonstration's.
PEOPLE = ["--patients", "300", "--years", "10", "--seed", "1"]


@pytest.fixture
def seeded(committed_db, launched, monkeypatch):
    owner = databases.named(launched["MIGRATE_DATABASE_URL"], committed_db)
    monkeypatch.setenv("MIGRATE_DATABASE_URL", owner)
    call_command("seed", *PEOPLE, stdout=StringIO())
    return timezone.now()


def test_a_small_england_is_lawful_complete_and_has_its_history(seeded):
    """One test, because making it up is what takes the time."""
    assert CHECKS
    assert failures() == {}
    _statuses_follow_one_another()
    _every_kind_is_open_and_over()
    _the_line_of_one_person_has_every_group()
    _alarms_are_few(seeded)
    _assessments_name_the_wards_that_take_the_person()
    _assessments_recommend_what_is_asked_for(seeded)
    _who_is_ready_waits_for_what_the_law_has_for_them()
    _beds_have_come_and_are_to_go(seeded)
    _every_row_has_its_history()
    assert not Notification.objects.filter(sent_at=None).exists()


def _statuses_follow_one_another():
    lines = defaultdict(list)
    for status in LegalStatus.objects.current().order_by("patient", "during"):
        lines[status.patient_id].append(status)
    for line in lines.values():
        for before, after in pairwise(line):
            if before.during.upper == after.during.lower:
                assert usually_follows(held_of(before), held_of(after)), (before, after)


def _every_kind_is_open_and_over():
    known = set(Referral.objects.values_list("kind", "end_reason").distinct())
    assert {kind for kind, end in known if not end} == set(Kind.values)
    assert {kind for kind, end in known if end in ("moved", "admitted")} == set(Kind.values)
    next_steps = set(Referral.objects.open().of_other_kinds().values_list("next_step", flat=True))
    assert next_steps == {
        StepKind.SERVICES_ASKED, StepKind.ASSESSMENT, StepKind.DECISION, StepKind.BED_DATE, StepKind.AUTHORITY,
        StepKind.AGREED, StepKind.AFTERCARE, StepKind.PLANNED, StepKind.MOVED,
    }  # fmt: skip


def _the_line_of_one_person_has_every_group():
    kinds = defaultdict(set)
    for patient, kind in Event.objects.values_list("patient", "kind").distinct():
        kinds[patient] |= {name for name, _, begins in GROUPS if kind.startswith(begins)}
    assert max(map(len, kinds.values())) == len(GROUPS)
    assert sum(len(groups) >= 5 for groups in kinds.values()) > len(kinds) / 3


def _alarms_are_few(now):
    """Some authorities end soon and a few have ended, so that the alarm is seen; not so many that nobody looks."""
    today = now.date()
    held = LegalStatus.objects.current().filter(during__upper_inf=True, authorised_until__isnull=False)
    assert (
        held.filter(authorised_until__gte=today).count()
        > 10 * held.filter(authorised_until__lt=today).count()
    )
    assert not held.filter(authorised_until__lt=today - timedelta(days=60)).exists()


def _assessments_name_the_wards_that_take_the_person():
    said = Recommendation.objects.exclude(ward_gender="").values_list(
        "assessment__patient__stated_gender", "ward_gender"
    )
    assert set(said) == {("1", "men"), ("2", "women")}
    signed = SignedAssessment.objects.values_list(
        "patient__stated_gender", "content__recommendation__ward_gender"
    )
    assert set(signed) == {("1", "men"), ("2", "women")}


def _assessments_recommend_what_is_asked_for(now):
    """Also of moves that are over the recommendation was the one they were decided on."""
    tiers = WardDesignation.objects.filter(during__contains=now).values_list("ward", "tier")
    tier_of, found = dict(tiers), defaultdict(set)
    for referral in Referral.objects.open().filter(kind__in=[Kind.STEP_UP, Kind.STEP_DOWN, Kind.SIDEWAYS]):
        here = tier_of[Placement.objects.open_of(referral.patient).ward_id]
        signed = SignedAssessment.objects.of(referral.patient).current(on=now.date()).first()
        if signed is not None:
            found[referral.kind].add((is_more_secure(signed.tier, here), is_more_secure(here, signed.tier)))
    assert found == {
        Kind.STEP_UP: {(True, False)},
        Kind.STEP_DOWN: {(False, True)},
        Kind.SIDEWAYS: {(False, False)},
    }
    accepted = Decision.objects.current().filter(outcome="accepted").exclude(tier="")
    assert not accepted.exclude(tier=F("acceptance__signed__tier")).exists()
    other = Decision.objects.current().filter(outcome="accepted_other_tier")
    assert not other.exclude(approach__referral__kind=Kind.PRISON_TRANSFER).exists()


def _who_is_ready_waits_for_what_the_law_has_for_them():
    periods, seen = ReadyPeriod.objects.current().select_related("patient"), set()
    for period in periods:
        status = (
            LegalStatus.objects.current()
            .filter(patient=period.patient, during__startswith__lte=period.during.lower)
            .order_by("-during")
            .first()
        )
        rule = rule_of(*held_of(status))
        assert rule.kind != StatusKind.COURT
        if period.waits_on == WaitsOn.MINISTRY:
            assert rule.is_restricted
        if period.reason_code == ReadyReason.LEGAL_PROCEEDINGS:
            assert rule.detains
        seen.add((period.waits_on == WaitsOn.MINISTRY, rule.is_restricted))
    assert seen == {(True, True), (False, True), (False, False)}


def _beds_have_come_and_are_to_go(now):
    """One of each; and whoever a bed is held for can take it, because it is not closed after."""
    added, given_up = BedUse.objects.current().not_in_use().order_by("during")
    assert now - timedelta(days=60) < added.during.upper < now < added.bed.added_at + timedelta(days=60)
    assert added.bed.added_at < added.during.upper
    assert (given_up.during.lower > now, given_up.during.upper) == (True, None)
    held = BedUse.objects.current().held().filter(during__endswith__gt=now).values("bed")
    assert not BedUse.objects.current().filter(bed__in=held, patient=None).exists()


def _every_row_has_its_history():
    for model in apps.get_models():
        kept = getattr(model, "pgh_event_model", None)
        if kept is not None:
            inserted = kept.objects.filter(pgh_label="insert").values("id").distinct().count()
            assert inserted == model.objects.count(), model._meta.label
    assert BedUse.objects.exists()
