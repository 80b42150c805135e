"""What may be, about people, places, beds, the law and clocks. Pure: no query, no clock, no request."""

from pathways.rules.beds import (
    check_bed_in_use,
    check_bed_period,
    check_hold_is_to_come,
    check_occupant_on_ward,
    check_use_is_hold,
    check_use_is_open,
)
from pathways.rules.clocks import Counting, FlagDay, check_request_date, flags_owed, next_flag_on, outcome_of
from pathways.rules.legal import (
    ENDS_BY,
    MAY_FOLLOW,
    RESTRICTED_CODES,
    check_key_date_kind,
    check_legal_status,
    check_status_follows,
    is_restricted,
    usually_follows,
)
from pathways.rules.people import (
    check_alive,
    check_birth_date,
    check_correction,
    check_death,
    check_identity,
    check_still_believed,
    check_words,
    search_name_of,
)
from pathways.rules.places import (
    Direction,
    check_has_happened,
    check_move,
    check_place,
    direction_of,
)

__all__ = [
    "ENDS_BY",
    "MAY_FOLLOW",
    "RESTRICTED_CODES",
    "Counting",
    "Direction",
    "FlagDay",
    "check_alive",
    "check_bed_in_use",
    "check_bed_period",
    "check_birth_date",
    "check_correction",
    "check_death",
    "check_has_happened",
    "check_hold_is_to_come",
    "check_identity",
    "check_key_date_kind",
    "check_legal_status",
    "check_move",
    "check_occupant_on_ward",
    "check_place",
    "check_request_date",
    "check_status_follows",
    "check_still_believed",
    "check_use_is_hold",
    "check_use_is_open",
    "check_words",
    "direction_of",
    "flags_owed",
    "is_restricted",
    "next_flag_on",
    "outcome_of",
    "search_name_of",
    "usually_follows",
]
