"""What each act on an assessment does, and what it refuses."""

import hashlib
import json
from datetime import date, timedelta

import pytest

from assessments import actions
from assessments.codes import SectionKind
from assessments.models import (
    Assessment,
    CurrencyEnd,
    Passage,
    Rating,
    SectionConfirmation,
    SignedAssessment,
)
from assessments.seal import is_intact
from pathways.models import Event, Patient, Relationship
from tests.assessments.acting import events_of, luke, maya, refused
from tests.assessments.drafting import (
    RECOMMENDED,
    a_report,
    asked_about,
    drafted,
    signed,
    write_all,
    written,
)
from tests.world import NOW, TODAY, actor_of, england

__all__ = ["england"]


def test_a_claim_opens_a_draft_due_in_a_week_with_eleven_sections_and_a_relationship(england):
    patient = asked_about(england, england.ashdown)
    draft = drafted(england, patient, about=("referral", 7))
    assert draft.due_on == TODAY + timedelta(days=7)
    assert draft.sections.count() == 11
    kept = Relationship.objects.get(about_kind="assessment", about_id=draft.pk)
    assert (kept.service, kept.basis) == (england.ashdown, "assessment")
    event = Event.objects.get(patient=patient, kind="assessments.opened")
    assert (event.about_kind, event.about_id, event.details["referral"]) == ("assessment", draft.pk, 7)


def test_the_first_three_sections_begin_as_a_dated_copy_that_nobody_has_confirmed(england):
    draft = drafted(england)
    filled = set(draft.sections.filter(is_prefilled=True).values_list("kind", flat=True))
    assert filled == {"referral", "identity", "legal"}
    identity = Passage.objects.get(section__assessment=draft, section__kind="identity")
    assert "Copied from the record on 2 March 2026." in identity.text
    assert "Date of birth: 17 May 1990" in identity.text
    assert "HMP Wexley" in Passage.objects.get(section__assessment=draft, section__kind="referral").text
    with refused("Section not written: Referral"):
        actions.sign_assessment(draft, by=maya(england))


def test_a_second_draft_is_refused_with_who_and_when_unless_coded(england):
    patient = asked_about(england)
    drafted(england, patient)
    with refused("already being assessed by Ashdown Unit, due 9 March 2026"):
        actions.claim_assessment(patient, service=england.brook, by=luke(england))
    second = actions.claim_assessment(
        patient,
        service=england.brook,
        repeat_reason="second_opinion",
        repeat_why="The tier is in dispute.",
        by=luke(england),
    )
    assert list(Assessment.objects.repeated()) == [second]


def test_a_reason_where_nothing_is_open_is_not_counted_as_a_repeat(england):
    patient = asked_about(england)
    draft = drafted(england, patient, repeat_reason="second_opinion", repeat_why="Unsure.")
    assert (draft.repeat_reason, draft.repeats) == ("", None)


def test_a_claim_is_for_a_service_where_one_works_and_a_living_person(england):
    patient = asked_about(england)
    with refused("Choose a service where you work"):
        actions.claim_assessment(patient, service=england.brook, by=maya(england))
    with refused("written by a hospital"):
        actions.claim_assessment(patient, service=england.prison, by=actor_of(england.ines))
    Patient.objects.filter(pk=patient.pk).update(died_on=TODAY)
    with refused("has died"):
        actions.claim_assessment(patient, service=england.ashdown, by=maya(england))


def test_taking_over_moves_the_draft_to_the_other_service(england):
    draft = drafted(england)
    late = NOW + timedelta(days=8)
    with refused("It can be taken over after that day"):
        actions.take_over(draft, why="No answer.", by=luke(england, at=NOW + timedelta(days=7)))
    taken = actions.take_over(draft, why="No answer.", by=luke(england, at=late))
    assert (taken.lead_service, taken.assessor) == (england.brook, england.luke)
    assert taken.due_on == TODAY + timedelta(days=15)
    assert Event.objects.filter(kind="assessments.taken_over", about_id=draft.pk).exists()
    with refused("Only the assessing service"):
        actions.save_section(draft, "risk", texts={"none": "x"}, version=0, by=maya(england, at=late))
    actions.save_section(draft, "risk", texts={"none": "x"}, version=0, by=luke(england, at=late))


def test_a_section_is_kept_by_restriction_and_a_stale_save_is_refused(england):
    draft = drafted(england)
    first = actions.save_section(
        draft, "risk", texts={"none": "Open.\r\n", "victim": "Named."}, version=0, by=maya(england)
    )
    assert (first.version, first.is_written, first.saved_by) == (1, True, england.maya)
    assert dict(first.passages.values_list("restriction", "text")) == {"none": "Open.", "victim": "Named."}
    with refused("Somebody else changed this"):
        actions.save_section(draft, "risk", texts={"none": "Other."}, version=0, by=maya(england))
    again = actions.save_section(
        draft, "risk", texts={"none": "Open.", "victim": "Named."}, version=0, by=maya(england)
    )
    assert again.version == 1, "the same save sent twice is answered as the first"


def test_a_finished_section_says_something_and_an_unfinished_one_need_not(england):
    draft = drafted(england)
    with refused("Write this section"):
        actions.save_section(draft, "risk", texts={"none": "  "}, version=0, by=maya(england))
    section = actions.save_section(
        draft, "risk", texts={"none": ""}, version=0, finished=False, by=maya(england)
    )
    assert not section.is_written


def test_words_one_may_not_read_are_neither_written_nor_lost(england):
    patient = asked_about(england)
    draft = written(england, patient, risk={"hospital_only": "Ward only."})
    Assessment.objects.filter(pk=draft.pk).update(lead_service=england.prison)
    ines = actor_of(england.ines)
    section = draft.sections.get(kind="risk")
    with refused("may not read"):
        actions.save_section(draft, "risk", texts={"hospital_only": ""}, version=section.version, by=ines)
    actions.save_section(draft, "risk", texts={"none": "Changed."}, version=section.version, by=ines)
    assert section.passages.get(restriction="hospital_only").text == "Ward only."


def test_a_recommendation_says_why_neither_lower_nor_higher(england):
    draft = drafted(england)
    with refused("why a lower tier"):
        actions.save_recommendation(
            draft, **{**RECOMMENDED, "why_not_lower": " "}, version=0, by=maya(england)
        )
    kept = actions.save_recommendation(
        draft, **RECOMMENDED, also_suitable=["low", "medium"], version=0, by=maya(england)
    )
    assert (kept.also_suitable, kept.version) == (["low"], 1)
    with refused("Somebody else changed this"):
        actions.save_recommendation(draft, **RECOMMENDED, version=0, by=maya(england))


def test_a_rating_is_noted_and_taken_off(england):
    draft = drafted(england)
    answers = {"instrument": "HoNOS-secure", "rated_on": TODAY, "rater": "Dr Made Up"}
    rating = actions.add_rating(draft, **answers, by=maya(england))
    with refused("must be in the past"):
        actions.add_rating(draft, **{**answers, "rated_on": TODAY + timedelta(1)}, by=maya(england))
    actions.remove_rating(rating, by=maya(england))
    assert not Rating.objects.exists()


def test_signing_makes_a_version_that_is_current_everywhere(england):
    patient = asked_about(england)
    version = signed(england, patient, about=("referral", 7), risk={"victim": "Named."})
    assert (version.number, version.tier, version.service) == (1, "medium", england.ashdown)
    assert version.current_until == date(2026, 9, 2)
    assert [section["kind"] for section in version.content["sections"]] == SectionKind.values
    assert version.assessment.closed_as == "signed"
    event = Event.objects.get(kind="assessments.signed", patient=patient)
    assert event.details == {"referral": 7, "signed": version.pk, "number": 1}
    assert list(SignedAssessment.objects.current(on=version.current_until)) == [version]
    assert not SignedAssessment.objects.current(on=version.current_until + timedelta(days=1))
    with refused("no longer being written"):
        actions.sign_assessment(version.assessment, by=maya(england))


def test_who_signs_takes_it_as_their_own_and_shares_it_with_nobody_by_that(england):
    version = signed(england)
    own = version.acceptances.get()
    assert (own.service, own.tier, own.answer) == (version.service, version.tier, "yes")
    assert not SignedAssessment.objects.shared().exists()


def test_signing_needs_every_section_and_the_recommendation(england):
    draft = written(england)
    draft.recommendation.delete()
    with refused("Recommendation not written"):
        actions.sign_assessment(draft, by=maya(england))
    with refused("Only the assessing service"):
        actions.sign_assessment(draft, by=luke(england))


def test_half_a_recommendation_is_kept_and_signs_nothing(england):
    draft, by = written(england), maya(england)
    half = {"tier": "medium", "why_not_lower": "Two assaults.", "version": 1, "finished": False}
    kept = actions.save_recommendation(draft, **half, by=by)
    assert (kept.version, kept.is_written, kept.why_not_higher) == (2, False, "")
    with refused("Recommendation not written"):
        actions.sign_assessment(draft, by=by)
    with refused("Say why a higher tier is not needed"):
        actions.save_recommendation(draft, **{**half, "version": 2, "finished": True}, by=by)


def test_the_seal_is_over_content_signer_and_time_and_breaks_when_any_changes(england):
    version = SignedAssessment.objects.get(pk=signed(england).pk)
    expected = json.dumps(
        {
            "content": version.content,
            "by": version.signed_by_id,
            "at": version.signed_at.isoformat(timespec="microseconds"),
        },
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
    )
    assert version.sha256 == hashlib.sha256(expected.encode()).hexdigest()
    assert is_intact(version)
    version.content["sections"][5]["passages"][0]["text"] += " "
    assert not is_intact(version)
    version.refresh_from_db()
    version.signed_by_id += 1
    assert not is_intact(version)


def test_a_current_one_is_not_repeated_without_a_reason_and_a_change_ends_it(england):
    patient = asked_about(england)
    first = signed(england, patient)
    with refused("A current assessment was signed by Ashdown Unit and holds until 2 September 2026"):
        actions.claim_assessment(patient, service=england.brook, by=luke(england))
    second = actions.claim_assessment(
        patient,
        service=england.brook,
        repeat_reason="material_change",
        repeat_why="A new charge.",
        by=luke(england),
    )
    assert second.repeats == first
    write_all(second, luke(england))
    newer = actions.sign_assessment(second, by=luke(england))
    assert list(SignedAssessment.objects.current(on=TODAY)) == [newer]
    assert CurrencyEnd.objects.get().signed == first
    assert list(SignedAssessment.objects.repeated()) == [newer]


def test_after_the_term_a_new_one_needs_no_reason(england):
    patient = asked_about(england)
    version = signed(england, patient)
    after = NOW + timedelta(days=185)
    draft = actions.claim_assessment(patient, service=england.brook, by=luke(england, at=after))
    assert draft.repeat_reason == ""
    assert version.current_until < after.date()


def test_a_correction_is_a_new_version_that_says_why_and_keeps_the_term(england):
    first = signed(england, risk={"victim": "Named."})
    later = NOW + timedelta(days=10)
    with refused("Say why"):
        actions.correct(first, why="", by=maya(england, at=later))
    with refused("Only the service that signed"):
        actions.correct(first, why="Wrong year.", by=luke(england, at=later))
    draft = actions.correct(first, why="Wrong year.", by=maya(england, at=later))
    risk = draft.sections.get(kind="risk")
    assert dict(risk.passages.values_list("restriction", "text"))["victim"] == "Named."
    actions.save_section(
        draft, "risk", texts={"none": "Put right."}, version=risk.version, by=maya(england, at=later)
    )
    second = actions.sign_assessment(draft, by=maya(england, at=later))
    assert (second.number, second.supersedes, second.why) == (2, first, "Wrong year.")
    assert second.current_until == first.current_until
    held = {section["kind"]: section["holds_from"] for section in second.content["sections"]}
    assert (held["risk"], held["legal"]) == ("2026-03-12", "2026-03-02")
    assert list(SignedAssessment.objects.current(on=later.date())) == [second]
    with refused("A newer version has been signed"):
        actions.correct(first, why="Again.", by=maya(england, at=later))


def test_a_draft_is_given_up_with_a_reason_and_another_may_start(england):
    patient = asked_about(england)
    draft = drafted(england, patient)
    with refused("Say why"):
        actions.abandon(draft, why=" ", by=maya(england))
    with refused("Only the assessing service"):
        actions.abandon(draft, why="x", by=luke(england))
    closed = actions.abandon(draft, why="Transferred to another region.", by=maya(england))
    assert closed.closed_as == "abandoned"
    actions.claim_assessment(patient, service=england.brook, by=luke(england))
    assert events_of(patient) == ["assessments.opened", "assessments.abandoned", "assessments.opened"]


def test_a_section_is_confirmed_by_another_service_once_a_day(england):
    version = signed(england)
    kept = actions.confirm_section(version, "risk", service=england.brook, by=luke(england))
    assert kept.confirm_by == TODAY + timedelta(days=28)
    assert actions.confirm_section(version, "risk", service=england.brook, by=luke(england)) == kept
    assert (
        actions.confirm_section(version, "legal", service=england.brook, by=luke(england)).confirm_by is None
    )
    assert SectionConfirmation.objects.count() == 2
    with refused("Choose a section"):
        actions.confirm_section(version, "mood", service=england.brook, by=luke(england))


def test_a_material_change_ends_currency_once(england):
    version = signed(england)
    with refused("Say what has changed"):
        actions.end_currency(version, why="", by=luke(england))
    actions.end_currency(version, why="A new charge.", by=luke(england))
    assert not SignedAssessment.objects.current(on=TODAY)
    with refused("already no longer current"):
        actions.end_currency(version, why="Another.", by=luke(england))
    with refused("nothing to confirm"):
        actions.confirm_section(version, "risk", service=england.brook, by=luke(england))
    corrected = actions.sign_assessment(
        actions.correct(version, why="Wrong year.", by=maya(england)), by=maya(england)
    )
    assert not SignedAssessment.objects.current(on=TODAY), corrected


def test_a_report_is_recorded_once_a_doctor_and_withdrawn_with_a_reason(england):
    patient = asked_about(england)
    report = a_report(england, patient, "1000001")
    event = Event.objects.get(kind="assessments.reported")
    assert (event.about_kind, event.about_id, event.details["referral"]) == ("referral", 1, 1)
    assert event.details["examined_on"] == "2026-02-26"
    with refused("two different doctors"):
        a_report(england, patient, "100 0001")
    with refused("Say why"):
        actions.withdraw_report(report, why="", by=actor_of(england.ines))
    actions.withdraw_report(report, why="Wrong doctor.", by=actor_of(england.ines))
    with refused("already been withdrawn"):
        actions.withdraw_report(report, why="Wrong doctor.", by=actor_of(england.ines))
    a_report(england, patient, "1000001")


@pytest.mark.parametrize("right_name", ["lena", "adam", "anna", "sam"])
def test_who_sees_no_assessment_at_all(england, right_name):
    version = signed(england)
    actor = actor_of(getattr(england, right_name))
    assert not SignedAssessment.objects.visible_to(actor)
    assert not Assessment.objects.visible_to(actor)
    assert SignedAssessment.objects.known_to_exist_by(actor).exists() == (right_name == "lena")
    assert version.pk
