"""A service's own waiting list for beds, in its own order."""

from organisations.models import Service
from referrals.models import Approach


def places_of(service: Service) -> dict[int, int]:
    """The place, from 1, of each approach on the whole list of a service. Ids only: it names nobody."""
    ids = Approach.objects.places_on_waiting_list(service)
    return {pk: place for place, pk in enumerate(ids, start=1)}
