"""Addresses of Home, people, the bell and managing. Random ids only: no name and no number of a person."""

from django.urls import path

from desk.pages import bell, home, patient, patients, places, restriction
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
    path(f"{ONE}places/<int:placement_id>/correct/", places.correct_place, name="correct_place"),
    path(f"{ONE}places/<int:placement_id>/remove/", places.remove_place, name="remove_place"),
    path(f"{ONE}died/", patient.death, name="death"),
    path(f"{ONE}warnings/", patient.add_alert, name="alert"),
    path(f"{ONE}warnings/<int:alert_id>/withdraw/", patient.withdraw_alert, name="withdraw_alert"),
    path(f"{ONE}key-dates/", patient.add_key_date, name="key_date"),
]

BELL = [
    path("notifications/", bell.bell, name="bell"),
    path("notifications/read/", bell.read_all, name="read_all"),
    path("notifications/<uuid:public_id>/open/", bell.open_one, name="open_notification"),
]

urlpatterns = [path("", home.home, name="home"), *PEOPLE, *BELL, *MANAGE]
