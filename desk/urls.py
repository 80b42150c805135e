"""Addresses of Home, people, the bell and managing. Random ids only: no name and no number of a person."""

from django.urls import path

from desk.pages import (
    bell,
    home,
    key_dates,
    leave,
    legal,
    movements,
    patient,
    patients,
    places,
    ready,
    ready_queue,
    ready_security,
    restriction,
)
from desk.pages.urls_manage import MANAGE

app_name = "desk"

ONE = "patients/<uuid:public_id>/"

PEOPLE = [
    path("patients/", patients.patients, name="patients"),
    path("patients/trace/", patients.trace, name="trace"),
    path("patients/restricted/", restriction.restricted_people, name="restricted"),
    path(ONE, patient.patient, name="patient"),
    path(f"{ONE}restriction/", restriction.restriction, name="restriction"),
    path(f"{ONE}restriction/name/", restriction.name_staff, name="name_staff"),
    path(f"{ONE}restriction/remove/", restriction.remove_staff, name="remove_staff"),
    path(f"{ONE}restriction/lift/", restriction.lift, name="lift_restriction"),
    path(f"{ONE}who-looked/", patient.looked, name="who_looked"),
    path(f"{ONE}correct/", patient.correct, name="correct"),
    path(f"{ONE}pathway/", patient.pathway_sheet, name="pathway"),
    path(f"{ONE}place/", places.place, name="place"),
    path(f"{ONE}places/<uuid:placement_id>/correct/", places.correct_place, name="correct_place"),
    path(f"{ONE}places/<uuid:placement_id>/remove/", places.remove_place, name="remove_place"),
    path(f"{ONE}died/", patient.death, name="death"),
    path(f"{ONE}died/mistake/", patient.take_back_death, name="take_back_death"),
    path(f"{ONE}warnings/", patient.add_alert, name="alert"),
    path(f"{ONE}warnings/<uuid:alert_id>/withdraw/", patient.withdraw_alert, name="withdraw_alert"),
    path(f"{ONE}key-dates/", key_dates.add, name="key_date"),
    path(f"{ONE}key-dates/<uuid:date_id>/correct/", key_dates.correct, name="correct_key_date"),
    path(f"{ONE}key-dates/<uuid:date_id>/withdraw/", key_dates.withdraw, name="withdraw_key_date"),
]

STATUS = f"{ONE}legal-status/<uuid:status_id>/"
AUTHORITY = f"{ONE}authorities/<uuid:authority_id>/"

LAW = [
    path(f"{ONE}legal-status/", legal.record, name="record_status"),
    path(f"{STATUS}correct/", legal.correct, name="correct_status"),
    path(f"{STATUS}end/", legal.end, name="end_status"),
    path(f"{STATUS}renew/", legal.renew, name="renew_status"),
    path(f"{STATUS}report/", legal.reported, name="report_status"),
    path(f"{ONE}authorities/", legal.record_authority, name="record_authority"),
    path(f"{AUTHORITY}correct/", legal.correct_authority, name="correct_authority"),
    path(f"{AUTHORITY}end/", legal.end_authority, name="end_authority"),
    path(f"{ONE}missing-authorities/<uuid:missing_id>/settle/", legal.settle, name="settle_missing"),
    path(f"{ONE}diagnoses/", legal.diagnose, name="diagnose"),
    path(f"{ONE}diagnoses/<uuid:diagnosis_id>/withdraw/", legal.undiagnose, name="undiagnose"),
]

READY_PERIOD = f"{ONE}ready/<uuid:period_id>/"

READY = [
    path("ready/", ready_queue.queue, name="ready_queue"),
    path("ready/security/", ready_security.security, name="ready_security"),
    path(f"{ONE}ready/", ready.record, name="record_ready"),
    path(f"{READY_PERIOD}reason/", ready.change_reason, name="change_ready_reason"),
    path(f"{READY_PERIOD}end/", ready.end, name="end_ready"),
    path(f"{READY_PERIOD}correct/", ready.correct, name="correct_ready"),
    path(f"{READY_PERIOD}take-back/", ready.take_back, name="take_back_ready"),
]

ONE_LEAVE = f"{ONE}leave/<uuid:leave_id>/"

LEAVE = [
    path(f"{ONE}leave/", leave.leaves, name="leaves"),
    path(f"{ONE}leave/plan/", leave.plan, name="plan_leave"),
    path(f"{ONE}leave/record/", leave.record, name="record_leave"),
    path(f"{ONE_LEAVE}begin/", leave.begin, name="begin_leave"),
    path(f"{ONE_LEAVE}return/", leave.come_back, name="return_leave"),
    path(f"{ONE_LEAVE}absent/", leave.absent, name="absent_leave"),
    path(f"{ONE_LEAVE}stay/", leave.stay, name="stay_leave"),
    path(f"{ONE_LEAVE}cancel/", leave.cancel, name="cancel_leave"),
    path(f"{ONE_LEAVE}correct/", leave.correct, name="correct_leave"),
    path(f"{ONE_LEAVE}remove/", leave.remove, name="remove_leave"),
]

ONE_MOVEMENT = f"{ONE}movements/<uuid:movement_id>/"

MOVEMENTS = [
    path(f"{ONE}movements/plan/", movements.plan, name="plan_movement"),
    path(f"{ONE}movements/record/", movements.record, name="record_movement"),
    path(f"{ONE_MOVEMENT}begin/", movements.begin, name="begin_movement"),
    path(f"{ONE_MOVEMENT}cancel/", movements.cancel, name="cancel_movement"),
    path(f"{ONE_MOVEMENT}return/", movements.come_back, name="return_movement"),
    path(f"{ONE_MOVEMENT}correct/", movements.correct, name="correct_movement"),
    path(f"{ONE_MOVEMENT}remove/", movements.remove, name="remove_movement"),
]

BELL = [
    path("notifications/", bell.bell, name="bell"),
    path("notifications/read/", bell.read_all, name="read_all"),
    path("notifications/<uuid:public_id>/open/", bell.open_one, name="open_notification"),
]

urlpatterns = [path("", home.home, name="home"), *PEOPLE, *LAW, *LEAVE, *MOVEMENTS, *READY, *BELL, *MANAGE]
