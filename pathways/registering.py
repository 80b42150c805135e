"""Before somebody is registered: who holds their numbers, and who has their name and date of birth already.

Whoever asks writes the read log, as for any trace: see `pathways.tracing`, and docs/decisions, “Registering asks what a
trace asks”.
"""

from datetime import date
from typing import Any

from pathways import search, tracing
from pathways.models import Patient

# More than this many of one's own people of like names are not compared: the name is too common to tell by.
MOST_ALIKE = 20


def holders(
    *, nhs_number: str | None = None, prison_number: str | None = None, reason: str, actor: Any
) -> tracing.Answer:
    """Those who hold one of the numbers, of which there is at least one, as a trace tells of them."""
    return tracing.trace(nhs_number=nhs_number, prison_number=prison_number, reason=reason, actor=actor)


def alike(*, given_name: str, family_name: str, born_on: date, reason: str, actor: Any) -> tracing.Answer:
    """Those with the name and date of birth.

    Among the actor's own people small misspellings do not matter; outside, a trace takes the full name only.
    """
    traced = tracing.trace(
        given_name=given_name, family_name=family_name, born_on=born_on, reason=reason, actor=actor
    )
    known = {card.patient_id for card in traced.cards}
    own = Patient.objects.visible_to(actor).filter(born_on=born_on).exclude(pk__in=known)
    found = search.search(own, f"{given_name} {family_name}")[:MOST_ALIKE]
    cards = tracing.cards_of(list(found), actor=actor)
    return tracing.Answer([*traced.cards, *cards], [*traced.met, *(card.patient_id for card in cards)])
