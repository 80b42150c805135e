"""Addresses for machines, all under `/api/`. Each floor lists its own."""

from django.urls import path

from assessments.api.urls import ASSESSMENTS
from config.api_docs import Schema, docs
from organisations.api import Services
from pathways import api_restriction
from pathways.api.urls import BEDS, PEOPLE
from referrals.api.urls import TRANSFERS

app_name = "api"
RESTRICTION = "patients/<uuid:public_id>/restriction/"
urlpatterns = [
    path("schema/", Schema.as_view(), name="schema"),
    path("", docs, name="docs"),
    path("services/", Services.as_view(), name="services"),
    *PEOPLE,
    path(RESTRICTION, api_restriction.Restrict.as_view(), name="restrict"),
    path(f"{RESTRICTION}lift/", api_restriction.Lift.as_view(), name="lift_restriction"),
    path(f"{RESTRICTION}staff/", api_restriction.NameStaff.as_view(), name="name_staff"),
    path(f"{RESTRICTION}staff/remove/", api_restriction.RemoveNamedStaff.as_view(), name="remove_staff"),
    *BEDS,
    *ASSESSMENTS,
    *TRANSFERS,
]
