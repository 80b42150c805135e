"""Each service's own waiting list for beds, in its own order. It is told by number only and names nobody."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from referrals.models import Approach, Referral


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


def waiting_before(referral: Referral) -> dict[tuple[int, str], int]:
    """How many would have a bed before the person of a referral, by service and the tier they are accepted at.

    Those before them on a list that they are on; where they are not, everybody who is as urgent or more so, as they
    would come after those. One query for every list.
    """
    lists: dict[int, list[tuple[int, str, int]]] = defaultdict(list)
    rows = Approach.objects.waiting_for_a_bed().filter(referral__ended_on=None)
    for service_id, *entry in rows.values_list(
        "service_id", "referral_id", "decisions__tier", "referral__urgency"
    ):
        lists[service_id].append((entry[0], entry[1], entry[2]))
    counts: dict[tuple[int, str], int] = defaultdict(int)
    for service_id, waiting in lists.items():
        own = next((place for place, one in enumerate(waiting) if one[0] == referral.pk), None)
        before = waiting[:own] if own is not None else [one for one in waiting if one[2] <= referral.urgency]
        for _, tier, _ in before:
            counts[service_id, tier] += 1
    return counts
