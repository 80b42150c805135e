"""Where people were by London days, and what they needed: in a few queries, however many people."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from types import SimpleNamespace
from typing import Any

from organisations.models import Service
from organisations.rules import Tier
from pathways.codes import AWAY, Elsewhere
from pathways.days import london_date
from pathways.models import Placement, ReadyPeriod, SecurityNeed
from pathways.ready_codes import ReadyEnd
from pathways.rules.lines import Place, Stay
from pathways.rules.ready import Whereabouts
from pathways.rules.security import Dated
from pathways.tiers import Designations, designations_of, tier_of

# Out of hospital, and not for a while: what was assessed before does not count for a later admission.
GONE = frozenset({Elsewhere.RELEASED, Elsewhere.ABROAD})


def stays_of(patient: Any) -> list[Whereabouts]:
    """Every place of one person as believed now, earliest first."""
    rows = list(patient.placements.current().select_related("service").order_by("during"))
    services = {row.service_id: row.service for row in rows if row.service}
    return stays_in(
        [
            Stay(Place(row.service_id, row.ward_id, row.elsewhere), row.during.lower, row.start_time_known)
            for row in rows
        ],
        services,
    )


def stays_in(line: Iterable[Stay], services: Mapping[int, Service]) -> list[Whereabouts]:
    """The places of a line, believed or only thought of. `services`: those that it names, by id."""
    stays = list(line)
    designations = designations_of(stay.place.ward_id for stay in stays)
    return [_whereabouts(stay, services.get(stay.place.service_id or 0), designations) for stay in stays]


def _whereabouts(stay: Stay, service: Service | None, designations: Designations) -> Whereabouts:
    place = SimpleNamespace(service=service, ward_id=stay.place.ward_id, elsewhere=stay.place.elsewhere)
    return Whereabouts(
        london_date(stay.since),
        stay.place.service_id or 0,
        service is not None and service.kind == Service.Kind.HOSPITAL,
        tier_of(place, stay.since, designations),
        stay.place.elsewhere,
    )


def tiers_of_many(patient_ids: Iterable[int]) -> dict[int, list[Dated]]:
    """The tiers of care of some people over time, by person, earliest first. Two queries.

    A ward whose security changed is a new tier from that day. Times at a general hospital or at large are left out:
    nobody is on a ward of ours, and nobody has left either.
    """
    found: dict[int, list[Dated]] = defaultdict(list)
    rows = list(
        Placement.objects.current()
        .filter(patient__in=patient_ids)
        .select_related("service")
        .only("patient_id", "service_id", "ward_id", "elsewhere", "during", "service__kind")
        .order_by("patient_id", "during")
    )
    designations = designations_of(row.ward_id for row in rows)
    for row in rows:
        found[row.patient_id] += tiers_during(row, designations)
    return found


def tiers_during(row: Any, designations: Designations) -> list[Dated]:
    """The tiers of care of one placement, earliest first; see `tiers_of_many`."""
    if row.elsewhere in (*AWAY, Elsewhere.DIED):
        return []
    since = london_date(row.during.lower)
    until = london_date(row.during.upper) if row.during.upper else None
    if row.elsewhere in GONE:
        return [Dated(since, until, Tier.COMMUNITY.value)]
    begins = [row.during.lower]
    for one in designations.get(row.ward_id or 0, ()):
        starts = one.during.lower
        if starts and starts > row.during.lower and (row.during.upper is None or starts < row.during.upper):
            begins.append(starts)
    days = [*map(london_date, begins), until]
    return [
        Dated(days[number], days[number + 1], tier_of(row, begin, designations), row.service_id)
        for number, begin in enumerate(begins)
    ]


def needs_of_many(patient_ids: Iterable[int]) -> dict[int, list[Dated]]:
    """What some people needed over time, by person: as assessed, and as decided when they were ready. Two queries.

    That somebody is clinically ready for a tier is a newer view of their need than the assessment before it. It ends
    when they become unwell, and stays when they move on.
    """
    ids = list(patient_ids)
    found: dict[int, list[Dated]] = defaultdict(list)
    assessed = SecurityNeed.objects.current().filter(patient__in=ids)
    for need in assessed.values_list("patient_id", "during", "tier", named=True):
        found[need.patient_id].append(assessed_need(need))
    ready = ReadyPeriod.objects.current().filter(patient__in=ids)
    for period in ready.values_list("patient_id", "during", "next_tier", "ended_as", named=True):
        found[period.patient_id].append(decided_need(period))
    return found


def assessed_need(need: Any) -> Dated:
    """A need as assessed."""
    return Dated(need.during.lower, need.during.upper, need.tier)


def decided_need(period: Any) -> Dated:
    """The need that is decided by saying that somebody is ready; see `needs_of_many`."""
    until = None if period.ended_as == ReadyEnd.MOVED else period.during.upper
    return Dated(period.during.lower, until, period.next_tier)
