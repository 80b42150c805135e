"""What kind of thing each field of this app holds: see core.classed."""

from core.classed import Classed, FieldClass

FIELDS: Classed = {
    "Acceptance": {
        FieldClass.CLINICAL: "words",
        FieldClass.OPERATIONAL: "id public_id signed service tier answer answered_by answered_at",
    },
    "Assessment": {
        FieldClass.CLINICAL: "repeat_why closed_why corrects_why taken_over_why",
        FieldClass.OPERATIONAL: (
            "id public_id patient lead_service assessor opened_at due_on repeats "
            "repeat_reason corrects about_kind about_id closed_at closed_as version"
        ),
    },
    "CurrencyEnd": {
        FieldClass.CLINICAL: "why",
        FieldClass.OPERATIONAL: "id signed at by",
    },
    "MedicalReport": {
        FieldClass.OPERATIONAL: (
            "id recorded_at recorded_by superseded_at superseded_by why public_id patient "
            "about_kind about_id doctor_name gmc_number is_section_12_approved examined_on "
            "signed_on section says_urgent_need"
        ),
    },
    "Passage": {
        FieldClass.RESTRICTED: "text",
        FieldClass.OPERATIONAL: "id section restriction",
    },
    "Rating": {
        FieldClass.IDENTITY: "rater",
        FieldClass.CLINICAL: "instrument instrument_version rated_on score summary",
        FieldClass.OPERATIONAL: "id public_id assessment",
    },
    "Recommendation": {
        FieldClass.CLINICAL: (
            "tier also_suitable why_not_lower why_not_higher urgency ward_gender special_needs"
        ),
        FieldClass.OPERATIONAL: "id assessment is_written version",
    },
    "Reply": {
        FieldClass.CLINICAL: "words",
        FieldClass.OPERATIONAL: "id public_id acceptance answered_by answered_at",
    },
    "Section": {
        FieldClass.OPERATIONAL: "id assessment kind saved_at saved_by is_prefilled is_written version",
    },
    "SectionConfirmation": {
        FieldClass.OPERATIONAL: "id signed kind service confirmed_by confirmed_at confirm_by",
    },
    "SignedAssessment": {
        FieldClass.RESTRICTED: "content",
        FieldClass.CLINICAL: "why",
        FieldClass.OPERATIONAL: (
            "id public_id assessment patient service number tier sha256 signed_by signed_at "
            "current_until supersedes"
        ),
    },
}
