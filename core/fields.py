"""What kind of thing each field of this app holds: see core.classed."""

from core.classed import Classed, FieldClass

FIELDS: Classed = {
    "Draft": {
        FieldClass.CLINICAL: "answers",
        FieldClass.OPERATIONAL: "id public_id user kind version begun_at saved_at",
    },
    "Job": {
        FieldClass.OPERATIONAL: (
            "id public_id kind key state payload result progress attempts asked_at asked_by "
            "heartbeat_at ended_at"
        ),
    },
    "JobRun": {
        FieldClass.OPERATIONAL: "id name period began_at",
    },
    "Notification": {
        FieldClass.OPERATIONAL: (
            "id public_id key kind user mailbox subject body path about_kind about_id made_at "
            "sent_at attempts next_try_at read_at stopped_at"
        ),
    },
    "Submission": {
        FieldClass.OPERATIONAL: "id key user location at",
    },
}
