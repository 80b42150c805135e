"""What kind of thing each field of this app holds: see core.classed."""

from core.classed import Classed, FieldClass

FIELDS: Classed = {
    "Export": {
        FieldClass.OPERATIONAL: (
            "id public_id job subject form filters why holds_identity identity_why asked_by asked_at "
            "file_name rows bytes expires_at"
        ),
    },
    "SavedView": {
        FieldClass.OPERATIONAL: "id public_id user page name query",
    },
}
