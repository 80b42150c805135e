"""The word of each service on an assessment, and the questions that it asks."""

from datetime import timedelta

import pytest

from assessments import actions
from assessments.models import (
    Acceptance,
    SignedAssessment,
)
from core.refusals import Refused
from pathways.models import Event
from tests.assessments.acting import events_of, luke, maya, refused
from tests.assessments.drafting import (
    signed,
)
from tests.world import NOW, actor_of, england

__all__ = ["england"]


@pytest.mark.parametrize(
    ("answer", "words", "sentence"),
    [
        ("yes", "", None),
        ("question", "", "Write the question"),
        ("question", "Is she on clozapine?", None),
        ("no", "", "Say why"),
        ("no", "Risk is out of date.", None),
        ("maybe", "x", "Choose whether"),
    ],
)
def test_a_service_answers_on_the_assessment(england, answer, words, sentence):
    version = signed(england)
    answers = {"service": england.brook, "tier": "low", "answer": answer, "words": words}
    if sentence:
        with refused(sentence):
            actions.accept_assessment(version, **answers, by=luke(england))
        return
    kept = actions.accept_assessment(version, **answers, by=luke(england))
    assert (kept.answer, kept.service) == (answer, england.brook)
    assert events_of(version.patient)[-1] == "assessments.accepted"
    assert SignedAssessment.objects.shared().exists() == (answer != "no")


def test_the_newest_word_of_a_service_stands_and_its_own_is_not_sharing(england):
    version = signed(england)
    answers = {"service": england.brook, "tier": "low"}
    actions.accept_assessment(version, **answers, answer="no", words="Too old.", by=luke(england))
    yes = actions.accept_assessment(version, **answers, answer="yes", by=luke(england))
    own = actions.accept_assessment(
        version, service=england.ashdown, tier="medium", answer="yes", by=maya(england)
    )
    assert set(Acceptance.objects.standing()) == {yes, own}
    assert list(Acceptance.objects.sharing()) == [yes]
    assert SignedAssessment.objects.with_services_relying().get().services_relying == 1


def test_a_word_is_for_ones_own_service_on_a_current_version(england):
    version = signed(england)
    answers = {"service": england.brook, "tier": "low", "answer": "yes"}
    with refused("where you work"):
        actions.accept_assessment(version, **answers, by=maya(england))
    for tier in ("x", "prison", "community"):
        with refused("Choose a tier"):
            actions.accept_assessment(version, **{**answers, "tier": tier}, by=luke(england))
    with refused("no longer current"):
        actions.accept_assessment(version, **answers, by=luke(england, at=NOW + timedelta(days=185)))


def test_only_the_service_that_signed_answers_and_only_a_question(england):
    version = signed(england)
    luke, maya = actor_of(england.luke), actor_of(england.maya)
    answers = {"service": england.brook, "tier": "low", "by": luke}
    question = actions.accept_assessment(version, answer="question", words="On insulin?", **answers)
    with pytest.raises(Refused, match="so it answers the question"):
        actions.answer_question(question, words="We don't know.", by=luke)
    with pytest.raises(Refused, match="Write the answer"):
        actions.answer_question(question, words=" ", by=maya)
    actions.answer_question(question, words="No.", by=maya)
    actions.answer_question(question, words="Not since 2024.", by=maya)
    assert question.replies.count() == 2
    event = Event.objects.filter(kind="assessments.question_answered").earliest("pk")
    assert event.details["asked_by"] == england.brook.pk
    plain = actions.accept_assessment(version, answer="yes", **answers)
    with pytest.raises(Refused, match="no question"):
        actions.answer_question(plain, words="No.", by=maya)
