"""Addresses of transfers for machines: the verbs are those of the pages."""

from django.urls import URLPattern, path

from referrals.api import (
    matching,
    reading,
    verbs_arriving,
    verbs_moving,
    verbs_services,
    verbs_steps,
    verbs_waiting,
)

ONE = "transfers/<uuid:public_id>/"
APPROACH = f"{ONE}services/<uuid:approach_id>/"
DELAY = f"{ONE}delays/<uuid:delay_id>/"

TRANSFERS: list[URLPattern] = [
    path("patients/arrived/", verbs_arriving.Arrive.as_view(), name="arrived"),
    path("transfers/", reading.Transfers.as_view(), name="transfers"),
    path("transfers/new/", verbs_steps.RequestTransfer.as_view(), name="new"),
    path(ONE, reading.OneTransfer.as_view(), name="transfer"),
    path(f"{ONE}services/", verbs_services.Ask.as_view(), name="ask"),
    path(f"{ONE}find-a-bed/", matching.FindABed.as_view(), name="find_a_bed"),
    path(f"{ONE}lead/", verbs_services.NameLead.as_view(), name="lead"),
    path(f"{APPROACH}withdraw/", verbs_services.Withdraw.as_view(), name="withdraw"),
    path(f"{APPROACH}decide/", verbs_services.Decide.as_view(), name="decide"),
    path(f"{APPROACH}change/", verbs_services.ChangeDecision.as_view(), name="change_decision"),
    path(f"{APPROACH}bed/", verbs_services.GiveBedDate.as_view(), name="bed"),
    path(f"{APPROACH}bed/withdraw/", verbs_services.WithdrawBedDate.as_view(), name="withdraw_bed"),
    path(f"{ONE}steps/<slug:kind>/", verbs_steps.RecordStep.as_view(), name="step"),
    path(f"{ONE}steps/<slug:kind>/correct/", verbs_steps.CorrectStep.as_view(), name="correct_step"),
    path(f"{ONE}steps/<slug:kind>/mistake/", verbs_steps.TakeBackStep.as_view(), name="take_back"),
    path(f"{ONE}reports/", verbs_steps.RecordReport.as_view(), name="report"),
    path(
        f"{ONE}reports/<uuid:report_id>/withdraw/",
        verbs_steps.WithdrawReport.as_view(),
        name="withdraw_report",
    ),
    path(f"{ONE}warrant/", verbs_steps.RecordWarrant.as_view(), name="warrant"),
    path(f"{ONE}warrant/refused/", verbs_steps.RefuseWarrant.as_view(), name="refuse_warrant"),
    path(f"{ONE}left/", verbs_steps.LeavePrison.as_view(), name="left"),
    path(f"{ONE}received/", verbs_steps.Admit.as_view(), name="admit"),
    path(f"{ONE}departure/", verbs_steps.ConfirmDeparture.as_view(), name="confirm_departure"),
    path(f"{ONE}request-date/", verbs_waiting.CorrectRequestDate.as_view(), name="request_date"),
    path(f"{ONE}urgency/", verbs_waiting.ChangeUrgency.as_view(), name="urgency"),
    path(f"{ONE}legal-basis/", verbs_waiting.ChangeLegalBasis.as_view(), name="legal_basis"),
    path(f"{ONE}key-dates/", verbs_waiting.AddKeyDate.as_view(), name="key_date"),
    path(f"{ONE}warnings/", verbs_waiting.AddRiskAlert.as_view(), name="risk_alert"),
    path(f"{ONE}prison/", verbs_waiting.RecordPrisonMove.as_view(), name="prison_move"),
    path(f"{ONE}prison/i-have-it/", verbs_waiting.TakeHandOver.as_view(), name="take_hand_over"),
    path(f"{ONE}take-over/", verbs_waiting.TakeOver.as_view(), name="take_over"),
    path(f"{ONE}flags/", verbs_waiting.Acknowledge.as_view(), name="acknowledge"),
    path(f"{ONE}delays/", verbs_waiting.RecordDelay.as_view(), name="delay"),
    path(f"{DELAY}correct/", verbs_waiting.CorrectDelay.as_view(), name="correct_delay"),
    path(f"{DELAY}end/", verbs_waiting.EndDelay.as_view(), name="end_delay"),
    path(f"{DELAY}dispute/", verbs_waiting.DisputeDelay.as_view(), name="dispute_delay"),
    path(f"{ONE}reviews/", verbs_waiting.RecordReview.as_view(), name="review"),
    path(f"{ONE}contacts/", verbs_waiting.RecordContact.as_view(), name="contact"),
    path(f"{ONE}end/", verbs_steps.End.as_view(), name="end"),
    path(f"{ONE}end/undo/", verbs_steps.UndoEnd.as_view(), name="undo_end"),
]

REFERRAL = "referrals/<uuid:public_id>/"
REFERRAL_APPROACH = f"{REFERRAL}services/<uuid:approach_id>/"
# Verbs that a transfer has too are the same classes.
OTHER = {"of_other_kinds": True}

REFERRALS: list[URLPattern] = [
    path("referrals/", reading.Referrals.as_view(), name="referrals"),
    path("referrals/new/", verbs_moving.Refer.as_view(), name="refer"),
    path(REFERRAL, reading.OneReferral.as_view(), name="referral"),
    path(f"{REFERRAL}services/", verbs_services.Ask.as_view(**OTHER), name="referral_ask"),
    path(f"{REFERRAL}find-a-bed/", matching.FindABed.as_view(**OTHER), name="referral_find_a_bed"),
    path(f"{REFERRAL}lead/", verbs_services.NameLead.as_view(**OTHER), name="referral_lead"),
    path(f"{REFERRAL_APPROACH}withdraw/", verbs_services.Withdraw.as_view(**OTHER), name="referral_withdraw"),
    path(f"{REFERRAL_APPROACH}decide/", verbs_services.Decide.as_view(**OTHER), name="referral_decide"),
    path(
        f"{REFERRAL_APPROACH}change/",
        verbs_services.ChangeDecision.as_view(**OTHER),
        name="referral_change_decision",
    ),
    path(f"{REFERRAL_APPROACH}bed/", verbs_services.GiveBedDate.as_view(**OTHER), name="referral_bed"),
    path(
        f"{REFERRAL_APPROACH}bed/withdraw/",
        verbs_services.WithdrawBedDate.as_view(**OTHER),
        name="referral_withdraw_bed",
    ),
    path(f"{REFERRAL_APPROACH}agree/", verbs_moving.Agree.as_view(), name="referral_agree"),
    path(f"{REFERRAL}meeting/", verbs_moving.Meeting.as_view(), name="referral_meeting"),
    path(f"{REFERRAL}court-order/", verbs_moving.CourtOrder.as_view(), name="referral_court_order"),
    path(f"{REFERRAL}plan/", verbs_moving.Plan.as_view(), name="referral_plan"),
    path(f"{REFERRAL}moved/", verbs_moving.Moved.as_view(), name="referral_moved"),
    path(f"{REFERRAL}primary/", verbs_moving.MakePrimary.as_view(), name="referral_make_primary"),
    path(f"{REFERRAL}urgency/", verbs_waiting.ChangeUrgency.as_view(**OTHER), name="referral_urgency"),
    path(f"{REFERRAL}flags/", verbs_waiting.Acknowledge.as_view(**OTHER), name="referral_acknowledge"),
    path(f"{REFERRAL}contacts/", verbs_waiting.RecordContact.as_view(**OTHER), name="referral_contact"),
    path(
        f"{REFERRAL}steps/<slug:kind>/mistake/",
        verbs_steps.TakeBackStep.as_view(**OTHER),
        name="referral_take_back",
    ),
    path(f"{REFERRAL}end/", verbs_moving.EndReferral.as_view(), name="referral_end"),
    path(f"{REFERRAL}end/undo/", verbs_steps.UndoEnd.as_view(**OTHER), name="referral_undo_end"),
]
