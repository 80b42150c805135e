"""Addresses of people and beds for machines: the verbs are those of the pages."""

from django.urls import URLPattern, path

from pathways.api import beds, deaths, people, places, reading, restriction

PERSON = "patients/<uuid:public_id>/"
PLACE = f"{PERSON}places/<uuid:placement_id>/"
RESTRICTION = f"{PERSON}restriction/"
BED = "beds/<uuid:public_id>/"
USE = "beds/uses/<uuid:public_id>/"

PEOPLE: list[URLPattern] = [
    path("patients/", reading.Patients.as_view(), name="patients"),
    path("patients/trace/", people.Trace.as_view(), name="trace"),
    path("patients/register/", people.Register.as_view(), name="register"),
    path(PERSON, reading.OnePatient.as_view(), name="patient"),
    path(f"{PERSON}correct/", people.CorrectDetails.as_view(), name="correct_patient"),
    path(f"{PERSON}key-dates/", people.AddKeyDate.as_view(), name="add_key_date"),
    path(f"{PERSON}warnings/", people.AddWarning.as_view(), name="warning"),
    path(
        f"{PERSON}warnings/<uuid:alert_id>/withdraw/",
        people.WithdrawWarning.as_view(),
        name="withdraw_warning",
    ),
    path(f"{PERSON}places/", places.Placements.as_view(), name="places"),
    path(f"{PERSON}place/", places.RecordPlace.as_view(), name="place"),
    path(f"{PLACE}correct/", places.CorrectPlace.as_view(), name="correct_place"),
    path(f"{PLACE}remove/", places.RemovePlace.as_view(), name="remove_place"),
    path(f"{PERSON}died/", deaths.RecordDeath.as_view(), name="death"),
    path(f"{PERSON}died/mistake/", deaths.TakeBackDeath.as_view(), name="take_back_death"),
    path(f"{PERSON}keep-apart/", beds.KeepThemApart.as_view(), name="keep_apart"),
    path(f"{PERSON}keep-apart/<uuid:apart_id>/end/", beds.EndKeepApart.as_view(), name="end_keep_apart"),
    path(RESTRICTION, restriction.Restrict.as_view(), name="restrict"),
    path(f"{RESTRICTION}lift/", restriction.Lift.as_view(), name="lift_restriction"),
    path(f"{RESTRICTION}staff/", restriction.NameStaff.as_view(), name="name_staff"),
    path(f"{RESTRICTION}staff/remove/", restriction.RemoveNamedStaff.as_view(), name="remove_staff"),
]

BEDS: list[URLPattern] = [
    path("beds/", reading.Beds.as_view(), name="beds"),
    path(BED, reading.OneBed.as_view(), name="bed_now"),
    path(f"{BED}hold/", beds.Hold.as_view(), name="hold_bed"),
    path(f"{BED}take/", beds.Take.as_view(), name="take_bed"),
    path(f"{BED}close/", beds.Close.as_view(), name="close_bed"),
    path(f"{USE}change/", beds.ChangeHold.as_view(), name="change_hold"),
    path(f"{USE}give-back/", beds.GiveBack.as_view(), name="give_back"),
    path(f"{USE}swap/", beds.Swap.as_view(), name="swap_beds"),
    path(f"{USE}departure/", beds.ExpectDeparture.as_view(), name="expect_departure"),
    path(f"{USE}reopen/", beds.Reopen.as_view(), name="reopen_bed"),
]
