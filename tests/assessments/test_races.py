"""Two at once: one wins, the other is told so in a sentence. Commits are real here."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connections

from assessments import actions
from assessments.models import Assessment, SignedAssessment
from core.refusals import Refused
from tests.assessments.drafting import asked_about, signed, written
from tests.world import NOW, actor_of, make_england

pytestmark = pytest.mark.race


def at_once(*acts):
    """Start every act at the same moment; what each answered, or its refusal's sentence."""
    start = Barrier(len(acts))

    def run(act):
        try:
            start.wait(10)
            return act()
        except Refused as refusal:
            return refusal.sentence
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


def test_two_services_start_a_draft_at_once_and_one_wins(committed_db):
    england = make_england()
    patient = asked_about(england)
    maya, luke = actor_of(england.maya), actor_of(england.luke)
    answers = at_once(
        lambda: actions.claim_assessment(patient, service=england.ashdown, by=maya),
        lambda: actions.claim_assessment(patient, service=england.brook, by=luke),
    )
    assert Assessment.objects.count() == 1
    refused = [answer for answer in answers if isinstance(answer, str)]
    assert len(refused) == 1
    assert "already being assessed by" in refused[0]


def test_two_colleagues_sign_at_once_and_there_is_one_version(committed_db):
    england = make_england()
    draft = written(england)
    maya = actor_of(england.maya)
    answers = at_once(*[lambda: actions.sign_assessment(draft, by=maya)] * 2)
    assert SignedAssessment.objects.count() == 1
    assert [answer for answer in answers if isinstance(answer, str)] == [
        "This assessment is no longer being written. Open the signed version, or start a new assessment."
    ]


def test_two_save_a_section_at_once_and_neither_text_is_lost_unsaid(committed_db):
    england = make_england()
    draft = written(england)
    section = draft.sections.get(kind="risk")
    maya = actor_of(england.maya)

    def save(words):
        return actions.save_section(draft, "risk", texts={"none": words}, version=section.version, by=maya)

    answers = at_once(lambda: save("One."), lambda: save("Two."))
    assert len([answer for answer in answers if isinstance(answer, str)]) == 1
    assert section.passages.get().text in ("One.", "Two.")


def test_two_open_a_correction_at_once_and_one_wins(committed_db):
    england = make_england()
    version = signed(england)
    later = actor_of(england.maya, at=NOW + timedelta(days=1))
    answers = at_once(*[lambda: actions.correct(version, why="Wrong year.", by=later)] * 2)
    refused = [answer for answer in answers if isinstance(answer, str)]
    assert len(refused) == 1
    assert "already" in refused[0]
    assert Assessment.objects.filter(corrects=version).count() == 1
