"""What the API says and hears: shapes of input, columns by who reads, versions, and the pages' own way of saying no."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import exceptions, serializers
from rest_framework.response import Response
from rest_framework.views import exception_handler

from core.classed import Classed, FieldClass, class_of
from core.refusals import Conflicting, Refused, Stale
from core.submissions import KeyTaken
from core.views import SENTENCES

MOST_VERSIONS = 2_147_483_647


def answer_for(error: Exception, context: dict[str, Any]) -> Response | None:
    """A refusal is 409 with its sentence and field, a stale version 412, a wrong shape 400; others stay loud."""
    if isinstance(error, Refused):
        status = 412 if isinstance(error, Stale) else 409
        more = (
            {"conflicts": error.conflicts, "checked": error.checked} if isinstance(error, Conflicting) else {}
        )
        return Response({"detail": error.sentence, "field": error.field, **more}, status=status)
    if isinstance(error, KeyTaken):
        return Response({"detail": str(error), "field": None}, status=422)
    if isinstance(error, Http404 | exceptions.NotFound):
        # The same words for what is not there and for what is not yours, whatever kind of row was looked for.
        return Response({"detail": " ".join(SENTENCES[404])}, status=404)
    if isinstance(error, ValidationError):
        error = exceptions.ValidationError(getattr(error, "message_dict", None) or error.messages)
    return exception_handler(error, context)


class Input(serializers.Serializer):
    """What is sent, by shape only: the rules are asked by the action. A field that it does not name is an error."""

    def get_fields(self) -> dict[str, Any]:
        """Dates say in plain words how they are written."""
        fields = super().get_fields()
        for field in fields.values():
            if isinstance(field, serializers.DateField):
                field.error_messages["invalid"] = "Must be a real date, written as 2026-03-27."
        return fields

    def to_internal_value(self, data: Any) -> Any:
        unknown = set(data) - set(self.fields) if hasattr(data, "keys") else set()
        if unknown:
            raise exceptions.ValidationError(
                {name: ["Not a field of this."] for name in sorted(map(str, unknown))}
            )
        return super().to_internal_value(data)


class Nothing(Input):
    """An act that asks for nothing more."""


class VersionedInput(Input):
    """An act on a row that others may be changing: `version` as it was read, here or in If-Match."""

    version = serializers.IntegerField(min_value=0, max_value=MOST_VERSIONS, required=False)


class Shown(serializers.Serializer):
    """What is shown of a row. Columns that the reader may not see are null, by the table of the app's `fields.py`.

    The context's `sees(row)` says what may be seen: `.identity`, `.clinical`, `.words`. Where the pages are stricter or
    wider than the table, `typed` names words that are read with `.words`, `named` what is shown only with `.identity`.
    """

    row: ClassVar[str] = ""
    table: ClassVar[Classed] = {}
    typed: ClassVar[frozenset[str]] = frozenset()
    named: ClassVar[frozenset[str]] = frozenset()

    def to_representation(self, instance: Any) -> dict[str, Any]:
        sees = self.context["sees"](instance)
        return {
            name: self._value(field, instance) if self._is_open(name, field, sees) else None
            for name, field in self.fields.items()
        }

    @staticmethod
    def _value(field: Any, instance: Any) -> Any:
        value = field.get_attribute(instance)
        return None if value is None else field.to_representation(value)

    def _is_open(self, name: str, field: Any, sees: Any) -> bool:
        if name in self.typed:
            return bool(sees.words)
        if name in self.named:
            return bool(sees.identity)
        kind = class_of(self.table, self.row, (field.source or name).split(".")[0])
        if kind == FieldClass.RESTRICTED:
            return False
        if kind == FieldClass.IDENTITY:
            return bool(sees.identity)
        return kind != FieldClass.CLINICAL or bool(sees.clinical)


class DoneOut(serializers.Serializer):
    """Where to read what was done."""

    location = serializers.CharField(help_text="The address of what was changed.")
    id = serializers.UUIDField(
        allow_null=True, help_text="The id of what was made or changed there, if it has one."
    )


class ProblemOut(serializers.Serializer):
    """Why not."""

    detail = serializers.CharField()
    field = serializers.CharField(allow_null=True, required=False)
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
WRONG_SHAPE = {
    400: OpenApiResponse(OpenApiTypes.OBJECT, description="A wrong shape: the field and what is wrong.")
}
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
HEADERS = [
    OpenApiParameter(
        "Idempotency-Key",
        OpenApiTypes.UUID,
        OpenApiParameter.HEADER,
        description="Sent again with the same key, the same act is done once and answered the same.",
    ),
    OpenApiParameter(
        "If-Match",
        OpenApiTypes.STR,
        OpenApiParameter.HEADER,
        description='The ETag of the row as it was read, such as "3". Another version is answered 412.',
    ),
]


def version_in(header: str | None) -> int | None:
    """The version that an If-Match names; None for no header and for `*`, which any version meets."""
    if not header or header.strip() == "*":
        return None
    text = header.strip().removeprefix("W/").strip('"')
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise exceptions.ValidationError({"If-Match": ['Must be an ETag as it was given, such as "3".']})
    return int(text)


def needed_version(given: dict[str, Any]) -> int:
    """The version of an act that cannot do without one."""
    if given.get("version") is None:
        raise exceptions.ValidationError(
            {"version": ["Send the version that you read, here or in If-Match."]}
        )
    return given["version"]


def with_etag(data: Any, version: int) -> Response:
    """An answer that says which version of the row it shows."""
    return Response(data, headers={"ETag": f'"{version}"'})
