"""Asking the API as a machine does."""

import json
from typing import Any

from django.test import Client
from psycopg2.extras import DateTimeTZRange

from organisations.api_keys import hash_of
from organisations.models import ApiKey, Membership
from tests.world import LONG_AGO, client_of


def read(user: Any, path: str, **asked: Any) -> Any:
    """GET an address under /api/ in somebody's session."""
    return client_of(user).get(f"/api/{path}", asked)


def do(user: Any, path: str, body: Any = None, **headers: str) -> Any:
    """POST a verb under /api/ in somebody's session; a header's underscores stand for hyphens."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    sent = json.dumps(body or {}, default=str)
    return client_of(user).post(f"/api/{path}", sent, content_type="application/json", headers=named)


def key_of(user: Any) -> dict[str, str]:
    """The header of a key that acts as somebody's first membership."""
    membership = Membership.objects.filter(user=user).order_by("pk").first()
    key = f"key-of-{user.name}"
    during = DateTimeTZRange(LONG_AGO, None)
    ApiKey.objects.create(membership=membership, name="Test", hash=hash_of(key), during=during)
    return {"Authorization": f"Token {key}"}


def stranger() -> Client:
    """Nobody: neither key nor session."""
    return Client()
