"""The bed board of one day: every bed in use with how it stands, from the one table of bed uses as believed now.

Five queries however many beds. Today is drawn as it is now, a day past as it was at noon. On a day to come somebody
who is expected to have left is not counted, and the bed says so; leave is drawn as it is planned. Names are read only
of people the reader may open.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.db.models import (
    BooleanField,
    Exists,
    ExpressionWrapper,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
)

from core.expressions import IsOneOf
from core.pages import short_date
from organisations.actor import Actor
from organisations.models import Bed, WardDesignation, WardGender
from organisations.rules import Tier
from pathways.bed_states import FREE, WEIGHT, in_use, words_of
from pathways.bed_tiles import EXPECTED_FREE, LOOKS, Bedless, Board, ServiceOfWards, Tile, WardOfBeds
from pathways.codes import LeaveKind
from pathways.days import last_day
from pathways.models import BedUse, Leave, Patient, Placement
from pathways.rules.leave import KEEPS_BED

# How far ahead of its day the board looks for whom a bed is held for next.
LOOKS_AHEAD = timedelta(days=60)

Row = dict[str, Any]


@dataclass(frozen=True)
class Known:
    """What is read of one moment for all beds: uses by bed, leave, and whom the reader may open, by id.

    `leaves`: those for which a bed is kept, by id. `to_come`: those planned for a day to come, by person.
    """

    uses: dict[int, list[Row]]
    leaves: dict[int, Row]
    to_come: dict[int, Row]
    people: dict[int, Row]
    at: datetime
    now: datetime


def beds_at(at: datetime, *, now: datetime) -> QuerySet[Any]:
    """Beds in use at an instant, past or to come, with what their ward is for then: `tier`, `gender`, `specialties`.

    A bed of a ward that is for nothing, or of a service that is out of use, is there only with somebody in it.
    """
    taken = Exists(BedUse.objects.current().staying(at, now=now).filter(bed=OuterRef("pk")))
    is_open = Q(designation__isnull=False)
    if at >= now:
        is_open &= Q(ward__service__is_open=True)
    beds = in_use(Bed.objects.all(), at=at, now=now).annotate(
        designation=FilteredRelation(
            "ward__designations",
            condition=Q(
                ward__designations__during__contains=at, ward__designations__superseded_at__isnull=True
            ),
        ),
        tier=F("designation__tier"),
        gender=F("designation__gender"),
        specialties=F("designation__specialties"),
    )
    return beds.filter(is_open | taken)


_COLUMNS = {
    "service": F("ward__service_id"),
    "service_name": F("ward__service__name"),
    "telephone": F("ward__service__referral_telephone"),
    "provider": F("ward__service__provider__name"),
    "region": F("ward__service__region__name"),
    "ward_name": F("ward__name"),
}


def board_of(beds: QuerySet[Any], actor: Actor, *, at: datetime, most: int) -> Board:
    """The board of some beds (`beds_at`) at an instant; no more than `most` of them."""
    wanted = beds.order_by("ward__service__name", "ward__name", "ward_id", "pk").values(
        "pk", "public_id", "name", "ward_id", "tier", "gender", "specialties", **_COLUMNS
    )
    rows = list(wanted[: most + 1])
    is_cut = len(rows) > most
    rows = rows[:most]
    uses, bedless = _uses(rows, at), _bedless({row["service"] for row in rows}, at)
    people = _people(uses, bedless, actor)
    leaves, to_come = _leaves(rows, uses, at=at, now=actor.at)
    known = Known(uses, leaves, to_come, people, at, actor.at)
    services = [
        _service(list(of_service), bedless[service], known)
        for service, of_service in groupby(rows, key=lambda row: row["service"])
    ]
    board = Board(services, sorted(people), dict.fromkeys(LOOKS, 0), is_cut)
    for _, _, tile in board.lines:
        board.counts[tile.state] += 1
    return board


def _uses(rows: list[Row], at: datetime) -> dict[int, list[Row]]:
    """Each bed's uses at the instant and soon after it, by the bed's id."""
    soon = Q(during__startswith__gt=at, during__startswith__lt=at + LOOKS_AHEAD)
    believed = BedUse.objects.current().filter(IsOneOf("bed_id", (row["pk"] for row in rows)))
    found = defaultdict(list)
    for use in (
        believed.filter(Q(during__contains=at) | soon)
        .order_by("during")
        .values(
            "bed_id",
            "patient_id",
            "purpose",
            "about_kind",
            "about_id",
            "expected_end_at",
            "why",
            "exceptions",
            "patient__has_restricted_access",
            # Whether, from and until when as the database says: reading a range costs more than all the rest of a row.
            is_here=ExpressionWrapper(Q(during__contains=at), BooleanField()),
            begins=F("during__startswith"),
            ends=F("during__endswith"),
        )
    ):
        found[use["bed_id"]].append(use)
    return found


def _bedless(services: Iterable[int], at: datetime) -> dict[int, list[Row]]:
    """Who is at each service at the instant and in no bed, by the service's id."""
    found = defaultdict(list)
    here = Placement.objects.filter(IsOneOf("service_id", services)).without_bed(at)
    for one in here.order_by("ward__name", "pk").values(
        "service_id", "patient_id", ward_name=F("ward__name")
    ):
        found[one["service_id"]].append(one)
    return found


def _leaves(
    rows: list[Row], uses: dict[int, list[Row]], *, at: datetime, now: datetime
) -> tuple[dict[int, Row], dict[int, Row]]:
    """The leave for which beds are kept, by id; and on a day to come what is planned for it, by person."""
    kept = [
        use["about_id"]
        for of_bed in uses.values()
        for use in of_bed
        if use["purpose"] == "leave" and use["about_kind"] == "leave" and use["is_here"]
    ]
    wanted = Q(IsOneOf("pk", kept))
    if at > now:
        here = IsOneOf("service_id", {row["service"] for row in rows})
        wanted |= Q(here, during=None, ended_as="", kind__in=KEEPS_BED, claimed__contains=at)
    leaves, to_come = {}, {}
    columns = ("pk", "patient_id", "kind", "planned_from", "due_back_at", "absent_since", "during")
    for one in Leave.objects.current().filter(wanted).values(*columns):
        if one["during"] is None:
            to_come[one["patient_id"]] = one
        else:
            leaves[one["pk"]] = one
    return leaves, to_come


def _people(uses: dict[int, list[Row]], bedless: dict[int, list[Row]], actor: Actor) -> dict[int, Row]:
    """Those whom the reader may open, of everybody in a bed, for whom one is held, or without one, by id."""
    ids = {use["patient_id"] for of_bed in uses.values() for use in of_bed if use["patient_id"]}
    ids |= {one["patient_id"] for of_service in bedless.values() for one in of_service}
    known = Patient.objects.visible_to(actor).filter(IsOneOf("pk", ids))
    columns = ("pk", "public_id", "family_name", "given_name", "born_on")
    return {
        person["pk"]: {**person, "name": f"{person['family_name'].upper()}, {person['given_name']}"}
        for person in known.values(*columns)
    }


def _service(rows: list[Row], bedless: list[Row], known: Known) -> ServiceOfWards:
    first = rows[0]
    service = ServiceOfWards(first["service_name"], first["provider"], first["region"], first["telephone"])
    for _, of_ward in groupby(rows, key=lambda row: row["ward_id"]):
        service.wards.append(_ward(list(of_ward), known))
    for one in bedless:
        person = known.people.get(one["patient_id"])
        who = {"who": person["name"], "patient_id": person["public_id"]} if person else {}
        service.bedless.append(Bedless(one["ward_name"] or "", **who))
    return service


def _ward(rows: list[Row], known: Known) -> WardOfBeds:
    first = rows[0]
    ward = WardOfBeds(
        name=first["ward_name"],
        tier=str(Tier(first["tier"]).label) if first["tier"] else "",
        gender=str(WardGender(first["gender"]).label) if first["gender"] else "",
        specialties=", ".join(first["specialties"] or ()),
    )
    for row in sorted(rows, key=lambda row: (len(row["name"]), row["name"])):
        of_bed = known.uses.get(row["pk"], [])
        ward.tiles.append(_tile(row, of_bed, known))
        ward.held += sum(use["purpose"] == "held" and use["is_here"] for use in of_bed)
    return ward


def _tile(row: Row, of_bed: list[Row], known: Known) -> Tile:
    here = [use for use in of_bed if use["is_here"]]
    coming = next((use for use in of_bed if not use["is_here"]), None)
    staying = [use for use in here if not _has_left(use, known)]
    next_words = _next_words(coming, known) if coming else ""
    if not staying:
        state = EXPECTED_FREE if here else FREE
        return Tile(row["public_id"], row["name"], state, LOOKS[state].words, next_words=next_words)
    use = max(staying, key=lambda one: WEIGHT[one["purpose"]])
    held = next((one for one in staying if one["purpose"] == "held" and one is not use), None)
    person = known.people.get(use["patient_id"])
    tile = Tile(
        row["public_id"],
        row["name"],
        use["purpose"],
        _words(use, person),
        who=person["name"] if person else "",
        patient_id=person["public_id"] if person else None,
        born_on=person["born_on"] if person else None,
        until=use["ends"] or use["expected_end_at"],
        has_left=use["purpose"] in ("occupied", "leave")
        and use["ends"] is not None
        and use["ends"] <= known.now,
        why=use["why"] if use["purpose"] == "closed" else "",
        next_words=_next_words(held, known) if held else next_words,
        is_exception=bool(use["exceptions"]),
    )
    if use["ends"] is None and (use["purpose"] == "leave" or use["patient_id"] in known.to_come):
        _say_leave(tile, use, known)
    tile.is_overdue = tile.until is not None and tile.until < min(known.at, known.now)
    return tile


def _say_leave(tile: Tile, use: Row, known: Known) -> None:
    """When somebody on leave is due back; on a day to come that they are expected back by then, or to be away."""
    leave = known.leaves.get(use["about_id"]) if use["purpose"] == "leave" else None
    if use["about_kind"] == "leave" and use["purpose"] == "occupied":
        return  # The bed of a trial stays as it is, whatever is planned.
    due = leave["due_back_at"] if leave and leave["absent_since"] is None else None
    person = known.people.get(use["patient_id"])
    if due and leave and leave["kind"] != LeaveKind.TRIAL and known.now < due <= known.at:
        tile.state, tile.words = "occupied", _in_words(LOOKS["occupied"].words, use, person)
        tile.leave_words = f"Expected back from leave {short_date(due)}"
    elif due:
        tile.until, tile.is_due_back = due, True
    to_come = known.to_come.get(use["patient_id"])
    if to_come and tile.state == "occupied":
        tile.state, tile.words = "leave", _in_words(LOOKS["leave"].words, use, person)
        tile.leave_words = f"Leave planned from {short_date(to_come['planned_from'])}"
        tile.until, tile.is_due_back = to_come["due_back_at"], True


def _has_left(use: Row, known: Known) -> bool:
    """Whether on a day to come somebody is expected to have left. Until they have, today's board has them in the bed.

    The bed of somebody with restricted access is never shown as free.
    """
    if use["patient__has_restricted_access"] and use["patient_id"] not in known.people:
        return False
    expected = use["expected_end_at"]
    return (
        known.at > known.now
        and use["ends"] is None
        and expected is not None
        and known.now < expected <= known.at
    )


def _words(use: Row, person: Row | None) -> str:
    return _in_words(words_of(use["purpose"], use["about_kind"]), use, person)


def _in_words(words: str, use: Row, person: Row | None) -> str:
    """The state in words; of somebody with restricted access whom the reader may not open, that and no more."""
    return f"{words} (restricted)" if use["patient__has_restricted_access"] and not person else words


def _next_words(use: Row, known: Known) -> str:
    person = known.people.get(use["patient_id"])
    whom = f" for {person['name']}" if person else ""
    until = f" to {short_date(last_day(use['ends']))}" if use["ends"] else ""
    return f"{_words(use, person)}{whom} from {short_date(use['begins'])}{until}"


def specialties_at(at: datetime) -> list[str]:
    """Every specialty that some ward has at an instant."""
    standing = WardDesignation.objects.filter(during__contains=at, superseded_at=None)
    named = standing.exclude(specialties=[]).values_list("specialties", flat=True)
    return sorted({one for specialties in named for one in specialties})
