"""What an administrator does to the directory and to who belongs where. Each change is kept in the change history."""

from organisations.actions.keys import make_key, note_use, revoke_key
from organisations.actions.memberships import add_membership, change_membership, end_membership
from organisations.actions.places import (
    add_commissioner,
    add_provider,
    add_region,
    add_service,
    change_commissioner,
    change_provider,
    change_region,
    change_service,
)
from organisations.actions.wards import (
    add_bed,
    add_criterion,
    add_ward,
    change_criterion,
    close_ward,
    designate_ward,
    rename_bed,
    rename_ward,
)

__all__ = [
    "add_bed",
    "add_commissioner",
    "add_criterion",
    "add_membership",
    "add_provider",
    "add_region",
    "add_service",
    "add_ward",
    "change_commissioner",
    "change_criterion",
    "change_membership",
    "change_provider",
    "change_region",
    "change_service",
    "close_ward",
    "designate_ward",
    "end_membership",
    "make_key",
    "note_use",
    "rename_bed",
    "rename_ward",
    "revoke_key",
]
