"""The one way to look outside one's own people: by full identifiers, with a reason, to a minimal answer.

Whoever asks writes the read log (`Action.TRACE` with the reason and the ids of everybody met) before answering. What a
trace asked for is never in a log; that somebody with restricted access was met is told to their named staff only, who
find in the record's read log who asked.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet

from accounts.models import User
from accounts.rights import Right
from core.notifications import Message, notify
from core.refusals import Refused
from pathways import nhs_number as numbers
from pathways.models import Patient, Relationship
from pathways.rules.people import search_name_of

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Card:
    """As little as tells one person from another. Higher floors add whether a transfer and an assessment exist."""

    patient_id: int
    public_id: UUID
    name: str
    born_in: int
    more: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """What a trace found: cards to show, and `met`, everybody for the read log, those without a card among them."""

    cards: list[Card]
    met: list[int]


Fill = Callable[[list[int], Any], dict[int, dict[str, Any]]]
_FILLS: list[Fill] = []


def fills(fill: Fill) -> Fill:
    """Register what adds to cards: called with patient ids and the actor, it answers words by patient id."""
    if fill not in _FILLS:
        _FILLS.append(fill)
    return fill


def trace(
    *,
    nhs_number: str | None = None,
    prison_number: str | None = None,
    given_name: str | None = None,
    family_name: str | None = None,
    born_on: date | None = None,
    reason: str,
    actor: Any,
) -> Answer:
    """Cards of the people who match an NHS number, a prison number, or a full name with the date of birth.

    With both numbers, whoever holds one of them.

    Somebody with restricted access answers as no match does, and their named staff are told.
    """
    if not actor.has(Right.TRACE_PATIENT):
        raise PermissionDenied
    if not reason.strip():
        raise Refused("Say why you are looking for this person.", "reason")
    matches = _matching(nhs_number, prison_number, given_name, family_name, born_on)
    _count(actor)
    hidden = _tell_named_staff(matches(Patient.objects.filter(has_restricted_access=True)), actor)
    cards = cards_of(list(matches(Patient.objects.traceable(actor)).by_name()), actor=actor)
    return Answer(cards, [*(card.patient_id for card in cards), *hidden])


def cards_of(people: Sequence[Patient], *, actor: Any) -> list[Card]:
    """People as a trace tells of them, and no more."""
    more = _filled([person.pk for person in people], actor)
    return [
        Card(person.pk, person.public_id, person.full_name, person.born_on.year, more.get(person.pk, {}))
        for person in people
    ]


def traced(public_id: UUID | str, *, actor: Any) -> Patient | None:
    """Somebody on a card of the actor's own trace, for the act that makes them visible. The caller kept the card."""
    return Patient.objects.traceable(actor).filter(public_id=public_id).first()


def _matching(
    nhs_number: str | None,
    prison_number: str | None,
    given_name: str | None,
    family_name: str | None,
    born_on: date | None,
) -> Callable[[Any], Any]:
    """The filter that full identifiers ask for. Part of a name, or a name without a date of birth, is not enough."""
    held = Q()
    if nhs_number:
        cleaned = numbers.clean(nhs_number)
        numbers.check(cleaned)
        held |= Q(nhs_number=cleaned)
    if prison_number:
        cleaned = numbers.clean_prison_number(prison_number)
        numbers.check_prison_number(cleaned)
        held |= Q(prison_number=cleaned)
    if held:
        return lambda people: people.filter(held)
    if given_name and family_name and born_on:
        # The beginning of the searched name is the name itself; aliases come after it.
        name = search_name_of(given_name, family_name)
        return lambda people: people.filter(search_name__startswith=name, born_on=born_on).filter(
            given_name__iexact=given_name.strip(), family_name__iexact=family_name.strip()
        )
    raise Refused("Enter an NHS number, a prison number, or the full name and date of birth.")


def _count(actor: Any) -> None:
    """Refuse more than the agreed number of traces by one user in one hour."""
    key = f"traces:{actor.user.pk}:{actor.at:%Y%m%d%H}"
    cache.add(key, 0, HOUR.total_seconds() * 2)
    if cache.incr(key) > settings.TRACES_AN_HOUR:
        raise Refused("You have looked for too many people in the last hour. Try again later, or telephone.")


def _tell_named_staff(restricted: QuerySet[Patient], actor: Any) -> list[int]:
    """Send those who may know of a person with restricted access a task, without saying who asked to anyone else.

    Gives the people's ids.
    """
    people = list(restricted.values_list("pk", "public_id"))
    named = Relationship.objects.naming(actor.at).filter(patient__in=[pk for pk, _ in people])
    staff = {user.pk: user for user in User.objects.filter(pk__in=named.values("user"), is_active=True)}
    addresses = dict(people)
    notify(
        [
            Message(
                key=f"traced:{relationship.patient_id}:{relationship.user_id}:{actor.request_id}",
                kind="pathways.traced",
                user_id=relationship.user_id,
                mailbox=staff[relationship.user_id].email,
                subject="Somebody looked for a person with restricted access",
                body="Open the record to see for whom, and ask those who looked whether they need to know more.",
                path=f"/patients/{addresses[relationship.patient_id]}/",
                about_kind="patient",
                about_id=relationship.patient_id,
                made_at=actor.at,
            )
            for relationship in named
            if relationship.user_id in staff
        ]
    )
    return list(addresses)


def _filled(ids: list[int], actor: Any) -> dict[int, dict[str, Any]]:
    more: dict[int, dict[str, Any]] = {pk: {} for pk in ids}
    for fill in _FILLS if ids else ():
        for pk, words in fill(ids, actor).items():
            more[pk].update(words)
    return more
