"""Everything that happens to a referral. Each act is one transaction; locks in the order patient, referral, beds."""

from referrals.actions.approaches import ask_service, name_lead, withdraw_approach
from referrals.actions.beds import give_bed_date, withdraw_bed_date
from referrals.actions.decisions import change_decision, decide
from referrals.actions.ending import end_referral, end_transfer
from referrals.actions.flags import acknowledge_flags
from referrals.actions.mistakes import take_back_step
from referrals.actions.moves import (
    follow_person,
    record_arrival,
    record_prison_move,
    take_hand_over,
    take_over_transfer,
)
from referrals.actions.moving import plan_move, record_agreement, record_meeting, record_move
from referrals.actions.orders import record_court_order
from referrals.actions.receiving import admit, confirm_departure, leave_prison
from referrals.actions.referring import make_primary, refer
from referrals.actions.reports import record_report, withdraw_report
from referrals.actions.steps import correct_step, record_step
from referrals.actions.transfers import (
    change_legal_basis,
    change_urgency,
    correct_request_date,
    request_transfer,
)
from referrals.actions.undoing import undo_end
from referrals.actions.waiting import (
    correct_delay,
    dispute_delay,
    end_delay,
    record_contact,
    record_delay,
    record_review,
)
from referrals.actions.warrants import lapse_warrants, record_refused_warrant, record_warrant

__all__ = [
    "acknowledge_flags",
    "admit",
    "ask_service",
    "change_decision",
    "change_legal_basis",
    "change_urgency",
    "confirm_departure",
    "correct_delay",
    "correct_request_date",
    "correct_step",
    "decide",
    "dispute_delay",
    "end_delay",
    "end_referral",
    "end_transfer",
    "follow_person",
    "give_bed_date",
    "lapse_warrants",
    "leave_prison",
    "make_primary",
    "name_lead",
    "plan_move",
    "record_agreement",
    "record_arrival",
    "record_contact",
    "record_court_order",
    "record_delay",
    "record_meeting",
    "record_move",
    "record_prison_move",
    "record_refused_warrant",
    "record_report",
    "record_review",
    "record_step",
    "record_warrant",
    "refer",
    "request_transfer",
    "take_back_step",
    "take_hand_over",
    "take_over_transfer",
    "undo_end",
    "withdraw_approach",
    "withdraw_bed_date",
    "withdraw_report",
]
