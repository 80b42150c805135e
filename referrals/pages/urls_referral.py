"""Addresses of other kinds of referral than the transfer. Verbs that both have are the same views."""

from django.urls import URLPattern, path

from referrals.pages import (
    approaches,
    beds,
    ending,
    matching,
    moves,
    moving,
    refer,
    referral,
    referral_list,
    request,
    steps,
    waiting,
)

ONE = "referrals/<uuid:public_id>/"
APPROACH = f"{ONE}services/<uuid:approach_id>/"

REFERRAL: list[URLPattern] = [
    path("referrals/", referral_list.referrals, name="referrals"),
    path("referrals/new/<uuid:patient_id>/", refer.choose_kind, name="choose_kind"),
    path("referrals/new/<uuid:patient_id>/<slug:kind>/", refer.refer, name="refer"),
    path(ONE, referral.referral, name="referral"),
    path(f"{ONE}services/", approaches.ask, name="referral_ask"),
    path(f"{ONE}find-a-bed/", matching.find_a_bed, name="referral_find_a_bed"),
    path(f"{ONE}lead/", approaches.name_lead, name="referral_lead"),
    path(f"{APPROACH}withdraw/", approaches.withdraw, name="referral_withdraw"),
    path(f"{APPROACH}decide/", approaches.decide, name="referral_decide"),
    path(f"{APPROACH}change/", approaches.change_decision, name="referral_change_decision"),
    path(f"{APPROACH}bed/", beds.give_bed_date, name="referral_bed"),
    path(f"{APPROACH}bed/withdraw/", beds.withdraw_bed_date, name="referral_withdraw_bed"),
    path(f"{APPROACH}agree/", moving.agree, name="referral_agree"),
    path(f"{ONE}meeting/", moving.meeting, name="referral_meeting"),
    path(f"{ONE}court-order/", moving.court_order, name="referral_court_order"),
    path(f"{ONE}plan/", moving.plan, name="referral_plan"),
    path(f"{ONE}moved/", moving.moved, name="referral_moved"),
    path(f"{ONE}primary/", moving.make_primary, name="referral_make_primary"),
    path(f"{ONE}urgency/", request.change_urgency, name="referral_urgency"),
    path(f"{ONE}contacts/", waiting.record_contact, name="referral_contact"),
    path(f"{ONE}steps/<slug:kind>/mistake/", steps.take_back, name="referral_take_back"),
    path(f"{ONE}flags/", moves.acknowledge, name="referral_acknowledge"),
    path(f"{ONE}end/", moving.end, name="referral_end"),
    path(f"{ONE}end/undo/", ending.undo, name="referral_undo_end"),
]
