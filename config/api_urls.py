"""Addresses for machines, all under `/api/`. Each floor lists its own."""

from django.urls import path

from assessments.api.urls import ASSESSMENTS
from config.api_docs import Schema, docs
from organisations.api import Services
from pathways.api import Beds, OneBed, OnePatient, Patients
from referrals.api.urls import TRANSFERS

app_name = "api"
urlpatterns = [
    path("schema/", Schema.as_view(), name="schema"),
    path("docs/", docs, name="docs"),
    path("services/", Services.as_view(), name="services"),
    path("patients/", Patients.as_view(), name="patients"),
    path("patients/<uuid:public_id>/", OnePatient.as_view(), name="patient"),
    path("beds/", Beds.as_view(), name="beds"),
    path("beds/<uuid:public_id>/", OneBed.as_view(), name="bed_now"),
    *ASSESSMENTS,
    *TRANSFERS,
]
