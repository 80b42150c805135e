"""What kind of thing each field of this app holds: see core.classed."""

from core.classed import Classed, FieldClass

FIELDS: Classed = {
    "Approach": {
        FieldClass.OPERATIONAL: "id public_id referral service asked_at asked_by closed_at closed_why version",
    },
    "BedOffer": {
        FieldClass.OPERATIONAL: (
            "id recorded_at recorded_by superseded_at superseded_by why approach bed hold bed_on"
        ),
    },
    "Contact": {
        FieldClass.CLINICAL: "said",
        FieldClass.OPERATIONAL: (
            "id recorded_at recorded_by superseded_at superseded_by why referral on with_whom "
            "next_action next_on"
        ),
    },
    "Decision": {
        FieldClass.CLINICAL: "why words",
        FieldClass.OPERATIONAL: (
            "id recorded_at recorded_by superseded_at superseded_by public_id approach "
            "acceptance outcome tier reason criterion deferred_to expected_on depends_on "
            "decided_on"
        ),
    },
    "Delay": {
        FieldClass.CLINICAL: "why words disputed_why",
        FieldClass.OPERATIONAL: (
            "id recorded_at recorded_by superseded_at superseded_by public_id referral during "
            "party service reason contributing disputed_at disputed_by corrects version"
        ),
    },
    "HandOver": {
        FieldClass.OPERATIONAL: (
            "id referral from_service to_service moved_on recorded_at recorded_by taken_at taken_by"
        ),
    },
    "LegalBasis": {
        FieldClass.OPERATIONAL: (
            "id recorded_at recorded_by superseded_at superseded_by why referral section limb "
            "with_restrictions during"
        ),
    },
    "Referral": {
        FieldClass.CLINICAL: "urgency_why end_why after_care end_undone_why",
        FieldClass.OPERATIONAL: (
            "id public_id reference kind patient from_service lead_service commissioner "
            "urgency report_first_requested_on services_first_asked_on waiting_since "
            "requested_at requested_by follows is_primary act ground next_step next_review_on received_on "
            "received_service ended_on end_reason version"
        ),
    },
    "Review": {
        FieldClass.CLINICAL: "how_the_person_is interim_plan",
        FieldClass.OPERATIONAL: "id recorded_at recorded_by superseded_at superseded_by why referral on next_on",
    },
    "Step": {
        FieldClass.OPERATIONAL: (
            "id recorded_at recorded_by superseded_at superseded_by why referral kind done_on "
            "done_at service words for_on confirmed_at"
        ),
    },
    "Warrant": {
        FieldClass.OPERATIONAL: (
            "id recorded_at recorded_by superseded_at superseded_by why public_id referral "
            "section with_restrictions hospital unit given_on ends_on outcome outcome_on"
        ),
    },
}
