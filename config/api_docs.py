"""The description of the API: the OpenAPI document, and a page of ours that lists what it says.

The page is drawn here and not by Swagger or Redoc, because those write scripts and styles into the page, which our
security policy does not let run.
"""

import functools
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularAPIView

from accounts.rights import Right
from organisations.api_keys import HasDeclaredRight
from organisations.doors import open_to_all_signed_in


class Schema(SpectacularAPIView):
    """The OpenAPI document."""

    rights = (Right.SEE_TRANSFERS,)
    permission_classes = (HasDeclaredRight,)


@dataclass(frozen=True)
class Field:
    """One field of what is sent, or one parameter."""

    name: str
    kind: str
    is_needed: bool
    words: str


@dataclass(frozen=True)
class Operation:
    """One thing that the API does."""

    method: str
    path: str
    words: str
    fields: list[Field]
    answers: list[str]


@require_safe
@open_to_all_signed_in
def docs(request: HttpRequest) -> HttpResponse:
    """Every address with what it takes and answers, grouped as the addresses are."""
    return render(request, "api/docs.jinja", {"groups": described(), "heading": "The API"})


@functools.cache
def described() -> dict[str, list[Operation]]:
    """The operations by the first word of their address. The same as long as the process runs."""
    schema = SchemaGenerator().get_schema(request=None, public=True)
    groups: dict[str, list[Operation]] = {}
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            groups.setdefault(_group(path), []).append(_operation(method, path, operation, schema))
    return groups


def _group(path: str) -> str:
    return path.removeprefix("/api/").split("/")[0].capitalize()


def _operation(method: str, path: str, operation: dict[str, Any], schema: dict[str, Any]) -> Operation:
    asked = [_parameter(one) for one in operation.get("parameters", []) if one["in"] == "query"]
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    shape = _resolved(body, schema)
    needed = shape.get("required", [])
    sent = [
        Field(name, _kind(known, schema), name in needed, known.get("description", ""))
        for name, known in shape.get("properties", {}).items()
    ]
    words = operation.get("description", "").strip().split("\n\n")[0]
    return Operation(method.upper(), path, words, asked + sent, list(operation["responses"]))


def _parameter(known: dict[str, Any]) -> Field:
    return Field(
        known["name"], _kind(known["schema"], {}), known.get("required", False), known.get("description", "")
    )


def _resolved(shape: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """A shape, looked up where it is only named."""
    if "allOf" in shape:
        return _resolved(shape["allOf"][0], schema)
    if "$ref" not in shape:
        return shape
    return schema["components"]["schemas"][shape["$ref"].rsplit("/", 1)[-1]]


def _kind(known: dict[str, Any], schema: dict[str, Any]) -> str:
    """What a field holds, in a few words: its codes where it has some."""
    known = _resolved(known, schema)
    if codes := known.get("enum") or [code for one in known.get("oneOf", []) for code in one.get("enum", [])]:
        return " | ".join(str(code) for code in codes if code not in ("", None))
    if known.get("type") == "array":
        return f"list of {_kind(known['items'], schema)}"
    kind = known.get("format") or known.get("type", "")
    return f"{kind}, at most {known['maxLength']}" if "maxLength" in known else kind
