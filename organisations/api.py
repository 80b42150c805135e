"""What every endpoint is built from: one act for one POST, lists by pages; and the directory of services."""

import json
from collections.abc import Callable
from typing import Any, ClassVar
from uuid import UUID

from django.db import transaction
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import exceptions, generics, serializers
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.readlog import Action
from accounts.rights import Right
from core.api import HEADERS, DoneOut, Input, Nothing, version_in
from core.problems import NOT_COMING_IN, TO_ACT, WRONG_SHAPE
from core.refusals import Stale
from core.submissions import is_sent, once_by_key
from organisations.api_keys import HasDeclaredRight
from organisations.models import Service

# Query parameters of every list, which no filter needs to name.
OF_EVERY_LIST = frozenset({"page", "page_size"})


class KeyScheme(OpenApiAuthenticationExtension):
    """How the schema tells of API keys."""

    target_class = "organisations.api_keys.ApiKeyAuthentication"
    name = "ApiKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "“Token ” and the key, which stands for one membership.",
        }


class HasOneOfTheRights(BasePermission):
    """Lets in an actor who has at least one of the rights that the view declares, as `needs_any` does for pages."""

    message = HasDeclaredRight.message

    def has_permission(self, request: Request, view: Any) -> bool:
        actor = actor_of(request)
        return bool(actor and any(actor.has(right) for right in view.rights))


def actor_of(request: Request) -> Any:
    """Whoever the key or the session acts for."""
    return request._request.actor  # type: ignore[attr-defined]


def saw(request: Request, patient_ids: Any) -> None:
    """Note in the read log whom the answer is about."""
    request._request.reads.saw(patient_ids, Action.API)  # type: ignore[attr-defined]


class PublicIdField(serializers.UUIDField):
    """The id of something that the actor may name. `among(actor)` gives what that is.

    `person_of`: the id of the person it tells of, who is noted in the read log.
    """

    default_error_messages: ClassVar = {"unknown": "There is nothing with this id that you may name here."}

    def __init__(
        self,
        *,
        among: Callable[[Any], Any],
        person_of: Callable[[Any], int | None] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.among, self.person_of = among, person_of

    def to_internal_value(self, data: Any) -> Any:
        public_id = super().to_internal_value(data)
        found = self.among(actor_of(self.context["request"])).filter(public_id=public_id).first()
        if found is None:
            self.fail("unknown")
        person = self.person_of(found) if self.person_of else None
        if person is not None:
            saw(self.context["request"], [person])
        return found


class Verb(generics.GenericAPIView):
    """One act by POST: found by `find`, checked for shape by `serializer_class`, done by `act`."""

    http_method_names = ("post",)
    rights: ClassVar[tuple[Any, ...]] = ()

    def find(self) -> None:
        """Find what the address names for whoever may see it, or raise Http404."""

    def look_first(self, given: dict[str, Any]) -> None:
        """Look up what the act depends on and is logged by itself, outside its transaction, or refuse.

        Not asked for what was sent before, which is answered as it was.
        """

    def act(self, given: dict[str, Any]) -> str:
        """Do it by the pages' action. Gives the address of what was changed, and `#id` of what was made there."""
        raise NotImplementedError

    def version_held(self) -> int | None:
        """The version of the row, read under a lock; None where the row has none."""
        return None

    @extend_schema(parameters=HEADERS, responses={200: DoneOut, **TO_ACT})
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        self.find()
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        key = self._key()
        if not is_sent(request.user, key):
            self.look_first(dict(serializer.validated_data))
        where, is_replayed = once_by_key(
            user=request.user,
            key=key,
            content=json.dumps([request.path, request.data], sort_keys=True),
            at=self.actor.at,
            act=lambda: self._act(dict(serializer.validated_data)),
        )
        location, _, public_id = where.partition("#")
        headers = {"Location": location} | ({"Idempotent-Replayed": "true"} if is_replayed else {})
        return Response({"location": location, "id": public_id or None}, headers=headers)

    @property
    def actor(self) -> Any:
        """Whoever acts."""
        return actor_of(self.request)

    def _act(self, given: dict[str, Any]) -> str:
        seen = version_in(self.request.headers.get("If-Match"))
        if seen is not None:
            given = {**given, "version": seen} if "version" in self.get_serializer().fields else given
        with transaction.atomic():
            held = self.version_held() if seen is not None or "version" in given else None
            if held is not None and held != given.get("version", seen):
                raise Stale(
                    "Somebody changed this since you read it. Read it again, then send yours once more."
                )
            return self.act(given)

    def _key(self) -> UUID | None:
        text = self.request.headers.get("Idempotency-Key")
        if not text:
            return None
        try:
            return UUID(text.strip('"'))
        except ValueError:
            raise exceptions.ValidationError({"Idempotency-Key": ["Must be a UUID."]}) from None


class Listing(generics.ListAPIView):
    """A list by pages. `filter_class` names the query parameters that narrow it; others are an error."""

    filter_class: ClassVar[type[Input]] = Nothing
    rights: ClassVar[Any] = ()

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Tell the schema of the filters."""
        super().__init_subclass__(**kwargs)
        shown: Any = cls.serializer_class
        answers = {200: shown(many=True), **WRONG_SHAPE, **NOT_COMING_IN}
        extend_schema_view(get=extend_schema(parameters=[cls.filter_class], responses=answers))(cls)

    def asked(self) -> dict[str, Any]:
        """The filters as asked for, each of the right shape."""
        query = {key: value for key, value in self.request.query_params.items() if key not in OF_EVERY_LIST}
        context = {**self.get_serializer_context(), "unknown": "There is no such filter."}
        filters = self.filter_class(data=query, context=context)
        filters.is_valid(raise_exception=True)
        return filters.validated_data

    def rows(self, asked: dict[str, Any]) -> Any:
        """The rows that the actor may see, narrowed and in a fixed order."""
        raise NotImplementedError

    def prepare(self, page: list[Any]) -> Any:
        """What else the rows of one page need; gives the ids of the people they are about, None for nobody."""
        return [row.patient_id for row in page]

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        page = list(self.paginate_queryset(self.rows(self.asked())) or [])
        people = self.prepare(page)
        if people is not None:
            saw(request, people)
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @property
    def actor(self) -> Any:
        """Whoever reads."""
        return actor_of(self.request)


class ServiceOut(serializers.Serializer):
    """A service of the directory."""

    id = serializers.UUIDField(source="public_id")
    code = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=Service.Kind.choices)
    provider = serializers.CharField(source="provider.name")
    region = serializers.CharField(source="region.name")
    is_open = serializers.BooleanField()


class NamedOut(serializers.Serializer):
    """A service by id and name."""

    id = serializers.UUIDField(source="public_id")
    name = serializers.CharField()


class ServiceFilters(Input):
    """Which services."""

    kind = serializers.ChoiceField(choices=Service.Kind.choices, required=False)


class Services(Listing):
    """The directory of services, whose ids other addresses ask for."""

    rights = (Right.SEE_TRANSFERS,)
    serializer_class = ServiceOut
    filter_class = ServiceFilters

    def rows(self, asked: dict[str, Any]) -> Any:
        services = Service.objects.visible_to(self.actor).open().filter(**asked)
        return services.select_related("provider", "region").order_by("name")

    def prepare(self, page: list[Any]) -> Any:
        return None
