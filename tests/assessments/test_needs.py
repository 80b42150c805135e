"""A signed assessment says what security somebody needs; the next one ends it, a correction takes its place."""

from datetime import timedelta

from assessments import actions
from pathways.models import SecurityNeed
from tests.assessments.drafting import asked_about, signed, written
from tests.world import NOW, TODAY, actor_of

DAY = timedelta(days=1)


def needs(patient, *, at=None):
    rows = SecurityNeed.objects.filter(patient=patient)
    rows = rows.as_known(at) if at else rows.current()
    return [
        (
            one.tier,
            (one.during.lower - TODAY).days,
            (one.during.upper - TODAY).days if one.during.upper else None,
        )
        for one in rows.order_by("during")
    ]


def test_signing_says_what_is_needed_from_that_day(england):
    patient = asked_about(england)
    version = signed(england, patient)
    assert needs(patient) == [("medium", 0, None)]
    need = SecurityNeed.objects.get()
    assert (need.about_kind, need.about_id, need.recorded_by) == (
        "signed_assessment",
        version.pk,
        england.maya,
    )


def another(england, patient, tier, *, at):
    """Assessed again because of a material change."""
    by = actor_of(england.maya, at=at)
    draft = written(
        england, patient, at=at, repeat_reason="material_change", repeat_why="Treated and settled since then."
    )
    version = draft.recommendation.version
    answers = {"why_not_higher": "Settled.", "why_not_lower": "Needs a locked door.", "urgency": "urgent"}
    actions.save_recommendation(draft, tier=tier, ward_gender="men", **answers, version=version, by=by)
    return actions.sign_assessment(draft, by=by)


def test_the_next_assessment_ends_it(england):
    patient = asked_about(england)
    signed(england, patient)
    another(england, patient, "low", at=NOW + 3 * DAY)
    assert needs(patient) == [("medium", 0, 3), ("low", 3, None)]


def test_assessed_again_on_the_same_day_only_the_last_is_believed(england):
    patient = asked_about(england)
    signed(england, patient)
    another(england, patient, "low", at=NOW + timedelta(hours=2))
    assert needs(patient) == [("low", 0, None)]
    assert SecurityNeed.objects.count() == 2


def test_a_correction_holds_for_the_days_of_what_it_corrects(england):
    patient = asked_about(england)
    first = signed(england, patient)
    another(england, patient, "low", at=NOW + 3 * DAY)
    known = NOW + 4 * DAY
    by = actor_of(england.maya, at=NOW + 5 * DAY)
    newest = SecurityNeed.objects.current().get(tier="low")
    corrected = first.__class__.objects.get(pk=newest.about_id)
    draft = actions.correct(corrected, why="The tier was mistyped.", by=by)
    answers = {"why_not_higher": "Settled.", "why_not_lower": "Needs a door.", "urgency": "urgent"}
    version = draft.recommendation.version
    actions.save_recommendation(draft, tier="high", ward_gender="men", **answers, version=version, by=by)
    actions.sign_assessment(draft, by=by)
    assert needs(patient) == [("medium", 0, 3), ("high", 3, None)]
    assert needs(patient, at=known) == [("medium", 0, 3), ("low", 3, None)]
