"""What kind of thing each field of this app holds: see core.classed."""

from core.classed import Classed, FieldClass

FIELDS: Classed = {
    "Access": {
        FieldClass.CLINICAL: "reason",
        FieldClass.OPERATIONAL: "id at request_id user_id role service_ids action page status people address",
    },
    "AccessedPatient": {
        FieldClass.OPERATIONAL: "id access_id at patient_id",
    },
    "User": {
        FieldClass.IDENTITY: "email name",
        FieldClass.OPERATIONAL: "id password last_login public_id is_active is_demonstration date_joined version",
    },
}
