"""Finding a person for machines."""

from uuid import UUID

from django.shortcuts import get_object_or_404
from rest_framework.request import Request

from organisations.api import actor_of, saw
from pathways.models import Patient


def found_patient(request: Request, public_id: UUID) -> Patient:
    """Somebody the actor may open, or 404. That they were looked at is logged."""
    patient = get_object_or_404(Patient.objects.visible_to(actor_of(request)), public_id=public_id)
    saw(request, [patient.pk])
    return patient
