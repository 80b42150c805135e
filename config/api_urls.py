"""Addresses for machines, all under `/api/`. Each floor lists its own."""

from django.urls import path

from assessments.api.urls import ASSESSMENTS
from config.api_docs import Schema, docs
from organisations.api import Services
from pathways.api.law import LAW
from pathways.api.leave import LEAVES
from pathways.api.movements import MOVEMENTS
from pathways.api.ready import READY
from pathways.api.urls import BEDS, PEOPLE
from referrals.api.urls import REFERRALS, TRANSFERS

app_name = "api"
urlpatterns = [
    path("schema/", Schema.as_view(), name="schema"),
    path("", docs, name="docs"),
    path("services/", Services.as_view(), name="services"),
    *PEOPLE,
    *BEDS,
    *LAW,
    *LEAVES,
    *MOVEMENTS,
    *READY,
    *ASSESSMENTS,
    *TRANSFERS,
    *REFERRALS,
]
