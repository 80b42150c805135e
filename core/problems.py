"""How the API says no: one shape for every answer, and plain sentences in place of the framework's."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404
from drf_spectacular.utils import OpenApiResponse
from rest_framework import exceptions, serializers
from rest_framework.response import Response
from rest_framework.views import exception_handler

from core.dates import slip_of
from core.refusals import Conflicting, Refused, Stale
from core.submissions import KeyTaken
from core.views import NOT_THERE

NEEDED = "This is needed."
A_DATE = "Must be a real date, written as 2026-03-27."
A_MOMENT = "Must be a real moment, written as 2026-03-27T14:05:00Z."
A_NUMBER = "Must be a whole number."
A_CODE = "Must be one of its codes, which the document at /api/schema/ lists."
AN_OBJECT = "Send one JSON object: the name of each field with its value."

# What each kind of field says of what it cannot read. A kind comes before those that it is a kind of.
PLAIN: tuple[tuple[type[serializers.Field], dict[str, str]], ...] = (
    (serializers.BooleanField, {"invalid": "Must be true or false."}),
    (serializers.EmailField, {"invalid": "Must be like name@nhs.net."}),
    (serializers.CharField, {"blank": "This cannot be empty.", "invalid": "Must be text."}),
    (serializers.UUIDField, {"invalid": "Must be an id, as this API gives them."}),
    (serializers.IntegerField, {"invalid": A_NUMBER, "max_string_length": A_NUMBER}),
    (
        serializers.DecimalField,
        {
            **dict.fromkeys(("invalid", "max_string_length"), "Must be a number, such as 12.50."),
            "max_digits": "Must have {max_digits} figures or fewer.",
            "max_decimal_places": "Must have {max_decimal_places} figures or fewer after the point.",
            "max_whole_digits": "Must have {max_whole_digits} figures or fewer before the point.",
        },
    ),
    (serializers.DateTimeField, dict.fromkeys(("invalid", "date", "make_aware", "overflow"), A_MOMENT)),
    (serializers.DateField, {"invalid": A_DATE, "datetime": A_DATE}),
    (serializers.TimeField, {"invalid": "Must be a time of day, written as 14:05."}),
    (serializers.MultipleChoiceField, {"not_a_list": "Must be a list of codes.", "invalid_choice": A_CODE}),
    (serializers.ChoiceField, {"invalid_choice": A_CODE}),
    (serializers.ListField, {"not_a_list": "Must be a list.", "empty": "Name at least one."}),
    (serializers.DictField, {"not_a_dict": AN_OBJECT, "empty": "Name at least one."}),
)
OF_EVERY_FIELD = {"required": NEEDED, "null": "This cannot be null."}
# Limits are checked by validators, which know no kind of field.
LIMITS = {
    "max_length": "Must be {limit} or fewer in length.",
    "min_length": "Must be {limit} or more in length.",
    "max_value": "Must be {limit} or less.",
    "min_value": "Must be {limit} or more.",
}
UNREADABLE = "Must be text without control characters."
OF_TEXT = dict.fromkeys(("null_characters_not_allowed", "surrogate_characters_not_allowed"), UNREADABLE)

# What is wrong with a request before anything in it is read.
OF_REQUESTS: dict[type[exceptions.APIException], str] = {
    exceptions.ParseError: f"The body is not JSON that can be read. {AN_OBJECT}",
    exceptions.UnsupportedMediaType: "Send JSON, with the header Content-Type: application/json.",
    exceptions.NotAcceptable: "Answers are JSON. Ask for application/json, or leave out the header Accept.",
    exceptions.MethodNotAllowed: "This address does not take this method. The document at /api/schema/ says which.",
    exceptions.NotAuthenticated: "Send a key: the header Authorization, with “Token ” and the key.",
}


def within_reach(on: date) -> None:
    """Refuse a date or a moment of a year that is a slip of the finger, as the pages do."""
    day = on.date() if isinstance(on, datetime) else on
    if slip := slip_of(day):
        raise serializers.ValidationError(f"{slip.capitalize()}.")


def speak_plainly(field: serializers.Field) -> None:
    """Give a field, and what it is a list of, our sentences for what it cannot read, limits among them.

    A date gets its first and last day too.
    """
    own = next((said for kind, said in PLAIN if isinstance(field, kind)), {})
    limits = {
        key: said.format(limit=limit)
        for key, said in LIMITS.items()
        if (limit := getattr(field, key, None)) is not None
    }
    field.error_messages.update({**OF_EVERY_FIELD, **own, **limits})
    if isinstance(field, serializers.DateField | serializers.DateTimeField):
        field.validators = [*field.validators, within_reach]
    validators: list[Any] = list(field.validators)
    for validator in validators:
        if (said := limits.get(getattr(validator, "code", ""))) is not None:
            validator.message = said
    if (child := getattr(field, "child", None)) is not None:
        speak_plainly(child)


def answer_for(error: Exception, context: dict[str, Any]) -> Response | None:
    """A refusal is 409 with its sentence and field, a stale version 412, a wrong shape 400; others stay loud."""
    if isinstance(error, Refused):
        status = 412 if isinstance(error, Stale) else 409
        more = (
            {"conflicts": error.conflicts, "checked": error.checked} if isinstance(error, Conflicting) else {}
        )
        return _problem(error.sentence, error.field, status=status, **more)
    if isinstance(error, KeyTaken):
        return _problem(str(error), status=422)
    if isinstance(error, Http404 | exceptions.NotFound):
        return _problem(NOT_THERE, status=404)
    if isinstance(error, ValidationError):
        error = exceptions.ValidationError(getattr(error, "message_dict", None) or error.messages)
    return _answer_of_framework(error, context)


def _answer_of_framework(error: Exception, context: dict[str, Any]) -> Response | None:
    """What the framework makes of an error, in our shape and words; None where it is none of its own."""
    response = exception_handler(error, context)
    if response is None:
        return None
    if isinstance(error, exceptions.ValidationError):
        response.data = _wrong_shape(error.detail)
    else:
        said = next((words for kind, words in OF_REQUESTS.items() if isinstance(error, kind)), None)
        response.data = {"detail": said or response.data["detail"], "field": None}
    return response


def _problem(sentence: str, field: str | None = None, *, status: int, **more: Any) -> Response:
    return Response({"detail": sentence, "field": field, **more}, status=status)


def _wrong_shape(found: Any) -> dict[str, Any]:
    """Every field with its sentences; `detail` and `field` are the first of them."""
    errors: dict[str, list[str]] = {}
    for name, sentence in _flat(found):
        errors.setdefault(name, []).append(sentence)
    (first, sentences), *_ = errors.items()
    return {"detail": sentences[0], "field": first or None, "errors": {k: v for k, v in errors.items() if k}}


def _flat(found: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Names and sentences, one by one. What is wrong with a member of a list is said of it: `contributing.0`."""
    if isinstance(found, dict):
        for key, inner in found.items():
            of_whole = key == "non_field_errors"
            yield from _flat(inner, name if of_whole else f"{name}.{key}" if name else str(key))
    elif isinstance(found, list):
        for inner in found:
            yield from _flat(inner, name)
    else:
        yield name, OF_TEXT.get(getattr(found, "code", ""), str(found))


class ProblemOut(serializers.Serializer):
    """Why not."""

    detail = serializers.CharField(help_text="A sentence that says what is wrong and what to do.")
    field = serializers.CharField(
        allow_null=True, help_text="The field that the sentence is about, if it is about one."
    )
    errors: Any = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="Of a wrong shape: every field that cannot be read, with its sentences.",
    )
    conflicts = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="What is recorded that this goes against."
    )
    checked = serializers.CharField(
        required=False, help_text="Send it back as `checked` to do it all the same."
    )


def problem(words: str) -> OpenApiResponse:
    return OpenApiResponse(ProblemOut, description=words)


NOT_COMING_IN = {
    401: problem("No key or session, or one that is out of time."),
    403: problem("The role does not allow it."),
}
NOT_FOUND = {404: problem("Not there, or not yours to see.")}
WRONG_SHAPE = {400: problem("A wrong shape: the fields and what is wrong with each.")}
TO_READ = NOT_COMING_IN | NOT_FOUND
TO_ACT = (
    WRONG_SHAPE
    | TO_READ
    | {
        409: problem("A rule refuses it; the sentence says why and what to do."),
        412: problem("Somebody changed it since it was read."),
        422: problem("The Idempotency-Key was used for something else."),
    }
)
