"""Addresses of one transfer and of every verb on it."""

from django.urls import URLPattern, path

from referrals.pages import (
    approaches,
    beds,
    ending,
    matching,
    moves,
    request,
    steps,
    transfer,
    waiting,
    warrants,
)

ONE = "transfers/<uuid:public_id>/"
APPROACH = f"{ONE}services/<uuid:approach_id>/"
DELAY = f"{ONE}delays/<uuid:delay_id>/"

TRANSFER: list[URLPattern] = [
    path(ONE, transfer.transfer, name="transfer"),
    path(f"{ONE}services/", approaches.ask, name="ask"),
    path(f"{ONE}find-a-bed/", matching.find_a_bed, name="find_a_bed"),
    path(f"{ONE}lead/", approaches.name_lead, name="lead"),
    path(f"{APPROACH}withdraw/", approaches.withdraw, name="withdraw"),
    path(f"{APPROACH}decide/", approaches.decide, name="decide"),
    path(f"{APPROACH}change/", approaches.change_decision, name="change_decision"),
    path(f"{APPROACH}bed/", beds.give_bed_date, name="bed"),
    path(f"{APPROACH}bed/withdraw/", beds.withdraw_bed_date, name="withdraw_bed"),
    path(f"{ONE}steps/<slug:kind>/", steps.record_step, name="step"),
    path(f"{ONE}steps/<slug:kind>/correct/", steps.correct_step, name="correct_step"),
    path(f"{ONE}steps/<slug:kind>/mistake/", steps.take_back, name="take_back"),
    path(f"{ONE}warrant/", warrants.record_warrant, name="warrant"),
    path(f"{ONE}warrant/refused/", warrants.refuse_warrant, name="refuse_warrant"),
    path(f"{ONE}left/", steps.leave_prison, name="left"),
    path(f"{ONE}reports/<uuid:report_id>/withdraw/", steps.withdraw_report, name="withdraw_report"),
    path(f"{ONE}received/", steps.admit, name="admit"),
    path(f"{ONE}departure/", steps.confirm_departure, name="confirm_departure"),
    path(f"{ONE}request-date/", request.correct_request_date, name="request_date"),
    path(f"{ONE}urgency/", request.change_urgency, name="urgency"),
    path(f"{ONE}legal-basis/", request.change_legal_basis, name="legal_basis"),
    path(f"{ONE}key-dates/", request.add_key_date, name="key_date"),
    path(f"{ONE}warnings/", request.add_risk_alert, name="risk_alert"),
    path(f"{ONE}prison/", moves.record_prison_move, name="prison_move"),
    path(f"{ONE}prison/i-have-it/", moves.take_hand_over, name="take_hand_over"),
    path(f"{ONE}take-over/", moves.take_over, name="take_over"),
    path(f"{ONE}flags/", moves.acknowledge, name="acknowledge"),
    path(f"{ONE}delays/", waiting.record_delay, name="delay"),
    path(f"{DELAY}correct/", waiting.correct_delay, name="correct_delay"),
    path(f"{DELAY}end/", waiting.end_delay, name="end_delay"),
    path(f"{DELAY}dispute/", waiting.dispute_delay, name="dispute_delay"),
    path(f"{ONE}reviews/", waiting.record_review, name="review"),
    path(f"{ONE}contacts/", waiting.record_contact, name="contact"),
    path(f"{ONE}end/", ending.end, name="end"),
    path(f"{ONE}end/undo/", ending.undo, name="undo_end"),
]
