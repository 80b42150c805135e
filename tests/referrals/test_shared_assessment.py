"""What a transfer gives the shared assessment to begin with."""

import pytest

from assessments import actions as assessing
from assessments.models import Passage
from pathways.actions.legal import record_legal_status
from tests.referrals.transfers import asked
from tests.world import TODAY, a_patient, actor_of

S48B = "Remanded by a magistrates' court, section 48(2)(b)"


def legal_section(england, patient):
    draft = assessing.claim_assessment(patient, service=england.ashdown, by=actor_of(england.maya))
    return Passage.objects.get(section__assessment=draft, section__kind="legal").text.splitlines()


@pytest.mark.parametrize(
    ("known", "lines"),
    [
        ({}, ["Section 47: serving a sentence", "With section 49 restrictions"]),
        ({"with_restrictions": False}, ["Section 47: serving a sentence", "Without section 49 restrictions"]),
        (
            {"section": "48", "limb": "b"},
            [
                "Section 48: not sentenced, and in urgent need of treatment",
                f"Group of section 48: {S48B}",
                "With section 49 restrictions",
            ],
        ),
    ],
)
def test_the_legal_section_begins_with_the_section_asked_for(england, known, lines):
    referral = asked(england, **known)
    under, *rest = lines
    assert legal_section(england, referral.patient) == [
        "Copied from the record on 2 March 2026.",
        f"Transfer {referral.reference} is asked for under: {under}",
        *rest,
    ]


def test_what_else_is_held_stays_beside_it(england):
    referral = asked(england)
    record_legal_status(referral.patient, code="10", since=TODAY, by=actor_of(england.lena))
    held, asked_under = legal_section(england, referral.patient)[1:3]
    assert held.startswith("Legal status: ")
    assert "is asked for under: Section 47" in asked_under


def test_without_a_transfer_nothing_is_said_of_a_section(england):
    patient = a_patient(england, at_service=england.ashdown)
    assert legal_section(england, patient)[1:] == ["Nothing about legal status is held."]
