"""What kind of thing a column holds about a person, so that whoever may not see it never gets it.

Each app has one table, `fields.py`: model → class → names. A test fails for a field that no table names. Pages, the
API and exports choose their columns by it.
"""

from enum import StrEnum


class FieldClass(StrEnum):
    """How close a field is to the person."""

    IDENTITY = "identity"
    CLINICAL = "clinical"
    RESTRICTED = "restricted"
    OPERATIONAL = "operational"


Classed = dict[str, dict[FieldClass, str]]


def class_of(table: Classed, model: str, field: str) -> FieldClass | None:
    """The class of a field by an app's table, or None if nobody has said."""
    for field_class, names in table.get(model, {}).items():
        if field in names.split():
            return field_class
    return None
