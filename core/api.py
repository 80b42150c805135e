"""How the API says no: the same exceptions as the pages, as JSON."""

from typing import Any

from django.core.exceptions import ValidationError
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from core.refusals import Refused


def answer_for(error: Exception, context: dict[str, Any]) -> Response | None:
    """A refusal is 409 with its sentence and field; a shape that is wrong 400; an unknown error stays loud."""
    if isinstance(error, Refused):
        return Response({"detail": error.sentence, "field": error.field}, status=409)
    if isinstance(error, ValidationError):
        error = exceptions.ValidationError(getattr(error, "message_dict", None) or error.messages)
    return exception_handler(error, context)
