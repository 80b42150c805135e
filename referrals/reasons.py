"""Why something was done, in the words of whoever did it: read from the fact that keeps them, never from an event.

An event is kept for ever and names its fact by `fact` and `fact_id`; the words stay where they are classed.
"""

from collections.abc import Iterable
from typing import Any

from core.classed import FieldClass, class_of
from pathways.models import Event
from referrals.fields import FIELDS
from referrals.models import Approach, BedOffer, Step, Warrant

FACTS: dict[str, tuple[Any, str]] = {
    "approach": (Approach, "closed_why"),
    "bed_offer": (BedOffer, "why"),
    "step": (Step, "why"),
    "warrant": (Warrant, "why"),
}


def why_is_in(fact: Approach | BedOffer | Step | Warrant | None) -> dict[str, Any]:
    """The details by which an event names the fact that says why; nothing where there is none."""
    if fact is None:
        return {}
    kind = next(kind for kind, (model, _) in FACTS.items() if isinstance(fact, model))
    return {"fact": kind, "fact_id": fact.pk}


def reasons_of(events: Iterable[Event], sees: Any) -> dict[int, str]:
    """The reason of each event that has one, as far as the reader may read it. A query for each kind of fact."""
    wanted: dict[tuple[str, int], list[int]] = {}
    for event in events:
        if "fact" in event.details:
            wanted.setdefault((event.details["fact"], event.details["fact_id"]), []).append(event.pk)
    found: dict[int, str] = {}
    for kind, (model, field) in FACTS.items():
        ids = [pk for of, pk in wanted if of == kind]
        if ids and _may_read(model.__name__, field, sees):
            for pk, words in model.objects.filter(pk__in=ids).values_list("pk", field):
                found |= dict.fromkeys(wanted[kind, pk], words)
    return found


def _may_read(model: str, field: str, sees: Any) -> bool:
    # What was typed may hold more than its class says, so the pages are stricter than the table.
    return sees.words and (sees.clinical or class_of(FIELDS, model, field) == FieldClass.OPERATIONAL)
