"""What may be asked of figures and exports. No query, no clock."""

from collections.abc import Mapping
from datetime import timedelta

from core.refusals import Refused
from reports.figures.asked import slip_in_words

# What can be exported, and what may narrow it.
SUBJECTS = {"transfers": "Transfers from prison"}
FILTERS = frozenset({"from", "to", "as_at", "region", "provider", "state"})
# The questions of the form that ask for a time.
FIELDS = {"from": "first_month", "to": "last_month", "as_at": "as_at"}
STATES = {"": "All", "waiting": "Still waiting", "received": "Received", "ended": "Ended without admission"}

# How long a file can be had.
KEPT_FOR = timedelta(hours=24)
# Rows of one sheet that a spreadsheet opens, less the headings.
MOST_SHEET_ROWS = 1_048_575
MOST_VIEWS = 30


def check_export(
    subject: str, filters: Mapping[str, str], why: str, *, with_names: bool, identity_why: str
) -> None:
    """Refuse what can't be exported, and a file without a purpose."""
    if subject not in SUBJECTS or set(filters) - FILTERS or filters.get("state", "") not in STATES:
        raise Refused("That can't be exported.")
    if not why.strip():
        raise Refused("Say what the file is for.", "why")
    if with_names and not identity_why.strip():
        raise Refused("Say why names are needed.", "identity_why")


def check_meant(filters: Mapping[str, str], slips: Mapping[str, str]) -> None:
    """Refuse a file of a period that can't be meant: it would be written of another one."""
    for name, what in slips.items():
        raise Refused(f"{slip_in_words(filters[name], what)}.", FIELDS[name])


def check_sheet(rows: int) -> None:
    """Refuse a spreadsheet that nothing could open."""
    if rows > MOST_SHEET_ROWS:
        raise Refused("That is more rows than a spreadsheet holds. Ask for CSV, or for a shorter period.")


def check_view(name: str, *, kept: int) -> None:
    """Refuse a view without a name, or one too many."""
    if not name.strip():
        raise Refused("Give the view a name.", "name")
    if kept >= MOST_VIEWS:
        raise Refused(f"You have {MOST_VIEWS} views already. Remove one first.")
