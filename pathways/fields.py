"""What kind of thing each field of this app holds: see core.classed."""

from core.classed import Classed, FieldClass

FIELDS: Classed = {
    "Authority": {
        FieldClass.CLINICAL: "conditions",
        FieldClass.OPERATIONAL: (
            "id recorded_at recorded_by superseded_at superseded_by why public_id patient kind scope during "
            "reference hospital"
        ),
    },
    "BedPrice": {
        FieldClass.OPERATIONAL: "id public_id tier pounds_a_day effective price_year source",
    },
    "BedUse": {
        FieldClass.CLINICAL: "exception_why",
        FieldClass.OPERATIONAL: (
            "id recorded_at recorded_by superseded_at superseded_by why public_id bed patient "
            "during expected_end_at claimed purpose about_kind about_id exceptions tell_owner_at version"
        ),
    },
    "Clock": {
        FieldClass.OPERATIONAL: (
            "id patient policy about_kind about_id started_on due_on next_flag_on ended_on ended_as version"
        ),
    },
    "ClockPolicy": {
        FieldClass.OPERATIONAL: (
            "id code effective name start_event stop_event days first_day_counts basis is_headline is_on is_lapse "
            "version"
        ),
    },
    "Diagnosis": {
        FieldClass.CLINICAL: "icd10 diagnosed_on",
        FieldClass.OPERATIONAL: "id recorded_at recorded_by superseded_at superseded_by why public_id patient",
    },
    "Event": {
        FieldClass.OPERATIONAL: (
            "id patient kind occurred_at time_known recorded_at by service about_kind about_id details"
        ),
    },
    "Flag": {
        FieldClass.OPERATIONAL: (
            "id clock level day owner must_be_acknowledged became_on raised_at "
            "acknowledged_by acknowledged_at superseded_at"
        ),
    },
    "FlagRule": {
        FieldClass.OPERATIONAL: "id policy level day every owner must_be_acknowledged",
    },
    "KeepApart": {
        FieldClass.RESTRICTED: "apart_why ended_why",
        FieldClass.OPERATIONAL: (
            "id recorded_at recorded_by superseded_at superseded_by why public_id patient other during"
        ),
    },
    "KeyDate": {
        FieldClass.OPERATIONAL: "id recorded_at recorded_by superseded_at superseded_by why public_id patient kind on",
    },
    "Leave": {
        FieldClass.CLINICAL: "conditions absent_told ended_why bed_release_why",
        FieldClass.OPERATIONAL: (
            "id recorded_at recorded_by superseded_at superseded_by why public_id patient service kind to_ward "
            "to_where purpose agreed_by planned_from due_back_at during claimed absent_since ended_as "
            "bed_released_at version"
        ),
    },
    "LegalDuration": {
        FieldClass.OPERATIONAL: "id code form stage number unit effective legal_basis is_verified version",
    },
    "LegalStatus": {
        FieldClass.OPERATIONAL: (
            "id recorded_at recorded_by superseded_at superseded_by why public_id patient code limb form during "
            "authorised_until renewals reported_on began_at lapses_at"
        ),
    },
    "MissingAuthority": {
        FieldClass.CLINICAL: "why",
        FieldClass.OPERATIONAL: (
            "id public_id patient act on about_kind about_id service hospital noticed_at noticed_by authority "
            "settled_at settled_by"
        ),
    },
    "Patient": {
        FieldClass.IDENTITY: (
            "nhs_number no_nhs_number given_name family_name search_name born_on prison_number pnc_id"
        ),
        FieldClass.CLINICAL: "ethnicity interpreter_language",
        FieldClass.OPERATIONAL: (
            "id public_id died_on stated_gender home_area has_restricted_access registered_at version"
        ),
    },
    "PatientAlias": {
        FieldClass.IDENTITY: "name",
        FieldClass.OPERATIONAL: "id patient",
    },
    "Placement": {
        FieldClass.OPERATIONAL: (
            "id recorded_at recorded_by superseded_at superseded_by why public_id patient service ward "
            "elsewhere during start_time_known"
        ),
    },
    "ReadyPeriod": {
        FieldClass.CLINICAL: "waits_on_words ended_why",
        FieldClass.OPERATIONAL: (
            "id recorded_at recorded_by superseded_at superseded_by why public_id patient service during ready_since "
            "reason_code attributable_to next_tier waits_on waits_on_service waits_on_commissioner ended_as"
        ),
    },
    "Relationship": {
        FieldClass.CLINICAL: "why",
        FieldClass.OPERATIONAL: "id patient service user commissioner basis about_kind about_id during",
    },
    "Responsibility": {
        FieldClass.OPERATIONAL: (
            "id recorded_at recorded_by superseded_at superseded_by why patient commissioner during state"
        ),
    },
    "RiskAlert": {
        FieldClass.OPERATIONAL: "id recorded_at recorded_by superseded_at superseded_by why public_id patient words",
    },
    "SecurityNeed": {
        FieldClass.OPERATIONAL: (
            "id recorded_at recorded_by superseded_at superseded_by why patient tier during about_kind about_id"
        ),
    },
}
