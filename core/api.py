"""What the API says and hears: shapes of input, columns by who reads, and versions."""

from typing import Any, ClassVar

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import exceptions, serializers
from rest_framework.response import Response

from core.classed import Classed, FieldClass, class_of
from core.problems import AN_OBJECT, speak_plainly

MOST_VERSIONS = 2_147_483_647


class Input(serializers.Serializer):
    """What is sent, by shape only: the rules are asked by the action. A field that it does not name is an error.

    The context's `unknown` is what is said of one; of a list's filters it is another sentence than of a body.
    """

    def get_fields(self) -> dict[str, Any]:
        """Each says in plain words what it cannot read."""
        fields = super().get_fields()
        for field in fields.values():
            speak_plainly(field)
        return fields

    default_error_messages: ClassVar = {"invalid": AN_OBJECT}

    def run_validation(self, data: Any = serializers.empty) -> Any:
        """Nothing at all is no object either."""
        if data is None:
            raise exceptions.ValidationError({"non_field_errors": [AN_OBJECT]})
        return super().run_validation(data)

    def to_internal_value(self, data: Any) -> Any:
        unknown = set(data) - set(self.fields) if hasattr(data, "keys") else set()
        if unknown:
            said = self.context.get("unknown", "Not a field of this.")
            raise exceptions.ValidationError({name: [said] for name in sorted(map(str, unknown))})
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
