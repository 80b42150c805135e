"""Asking for a transfer as a browser does it, question by question."""

import re
from datetime import date, timedelta
from typing import Any

from django.test import Client

from core.models import Draft
from tests.world import now


def today() -> date:
    return now().date()


def boxes(name: str, on: date) -> dict[str, Any]:
    """A date in three boxes."""
    return {f"{name}-day": on.day, f"{name}-month": on.month, f"{name}-year": on.year}


def begin(client: Client) -> str:
    """The id of a new draft; the browser stands at its first question."""
    response = client.post("/transfers/new/")
    assert response.status_code == 302, response.content
    return response.url.split("/")[3]


def address(draft: str, question: str) -> str:
    return f"/transfers/new/{draft}/{question}/"


def choose(client: Client, draft: str, patient: Any) -> Any:
    return client.post(address(draft, "choose"), {"person": str(patient.public_id)})


def answer(client: Client, draft: str, question: str, **given: Any) -> str:
    """Answer a question; where the answer leads."""
    response = client.post(address(draft, question), given)
    assert response.status_code == 302, text(response)
    return response.url


def answer_all(
    client: Client, draft: str, patient: Any, *, services: Any = (), requested: date | None = None
) -> None:
    """Everything up to the check, for somebody sentenced."""
    choose(client, draft, patient)
    answer(client, draft, "section", section="47")
    answer(client, draft, "restrictions", with_restrictions="yes")
    answer(client, draft, "dates", **boxes("release_on", today() + timedelta(days=400)))
    answer(client, draft, "urgency", urgency="2", urgency_why="Not eating or drinking.")
    answer(client, draft, "requested", **boxes("report_first_requested_on", requested or today()))
    chosen = {"services": [str(one.public_id) for one in services]} if services else {"none_yet": "on"}
    answer(client, draft, "services", **chosen)


def key_of(response: Any) -> str:
    """The hidden key that makes a form count once."""
    found = re.search(r'name="submission" value="([0-9a-f-]{36})"', response.content.decode())
    assert found, text(response)
    return found[1]


def send(client: Client, draft: str) -> Any:
    key = key_of(client.get(address(draft, "check")))
    return client.post(address(draft, "check"), {"submission": key})


def text(response: Any) -> str:
    """What a page says, without its tags."""
    main = response.content.decode().split("<main", 1)[-1]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


def only_draft() -> Draft:
    return Draft.objects.get()
