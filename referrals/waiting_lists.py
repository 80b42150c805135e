"""Each service's own waiting list for beds, in its own order. It is told by number only and names nobody."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from referrals.models import Approach


@dataclass(frozen=True)
class Place:
    """The place of one approach, from 1, on the whole list of its service."""

    number: int
    of: int

    @property
    def words(self) -> str:
        """As it is said: 3rd of 7."""
        tens, ones = divmod(self.number, 10)
        ending = "th" if tens % 10 == 1 else {1: "st", 2: "nd", 3: "rd"}.get(ones, "th")
        return f"{self.number}{ending} of {self.of}"


def places_of(service_ids: Collection[int]) -> dict[int, Place]:
    """The place of each approach that waits for a bed of some services, by its id. One query for all of them."""
    lists: dict[int, list[int]] = defaultdict(list)
    for service_id, pk in Approach.objects.on_waiting_lists(service_ids):
        lists[service_id].append(pk)
    return {
        pk: Place(number, len(waiting))
        for waiting in lists.values()
        for number, pk in enumerate(waiting, start=1)
    }
