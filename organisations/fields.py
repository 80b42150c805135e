"""What kind of thing each field of this app holds: see core.classed."""

from core.classed import Classed, FieldClass

FIELDS: Classed = {
    "AdmissionCriterion": {
        FieldClass.OPERATIONAL: "id public_id service kind takes words covers is_open version",
    },
    "ApiKey": {
        FieldClass.OPERATIONAL: (
            "id public_id membership name hash during made_by last_used_on revoked_at revoked_by why_revoked"
        ),
    },
    "Bed": {
        FieldClass.OPERATIONAL: "id public_id ward name added_at version",
    },
    "Commissioner": {
        FieldClass.OPERATIONAL: "id public_id region kind name version",
    },
    "Membership": {
        FieldClass.OPERATIONAL: "id public_id user role service commissioner duties is_on_duty during version",
    },
    "Provider": {
        FieldClass.OPERATIONAL: "id public_id name ods_code sector version",
    },
    "Region": {
        FieldClass.OPERATIONAL: "id code name version",
    },
    "Service": {
        FieldClass.OPERATIONAL: (
            "id public_id provider kind region commissioner code name alert_mailbox "
            "referral_telephone is_open version"
        ),
    },
    "Ward": {
        FieldClass.OPERATIONAL: "id public_id service name version",
    },
    "WardDesignation": {
        FieldClass.OPERATIONAL: (
            "id ward tier gender specialties during recorded_at recorded_by superseded_at superseded_by why"
        ),
    },
}
