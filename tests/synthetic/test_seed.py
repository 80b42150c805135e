"""A small England in a database of its own: lawful, at every stage, and with the history of every row."""

from collections import defaultdict
from datetime import timedelta
from io import StringIO
from itertools import pairwise

import pytest
from django.apps import apps
from django.core.management import call_command
from django.utils import timezone

from core.models import Notification
from pathways.models import BedUse, Event, LegalStatus
from pathways.rules import held_of, usually_follows
from pathways.verification import CHECKS, failures
from referrals.codes import Kind, StepKind
from referrals.models import Referral
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


def _every_row_has_its_history():
    for model in apps.get_models():
        kept = getattr(model, "pgh_event_model", None)
        if kept is not None:
            inserted = kept.objects.filter(pgh_label="insert").values("id").distinct().count()
            assert inserted == model.objects.count(), model._meta.label
    assert BedUse.objects.exists()
