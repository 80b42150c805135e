"""The bed board of one day: every bed in use with how it stands, from the one table of bed uses as believed now.

Four queries however many beds. Today is drawn as it is now, a day past as it was at noon. On a day to come somebody
who is expected to have left is not counted, and the bed says so. Names are read only of people the reader may open.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
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
from pathways.days import last_day
from pathways.models import BedUse, Patient, Placement

# How far ahead of its day the board looks for whom a bed is held for next.
LOOKS_AHEAD = timedelta(days=60)

Row = dict[str, Any]


@dataclass(frozen=True)
class Look:
    """How a state is shown: its words, its colour, and a sign for whoever sees no colours."""

    words: str
    colour: str
    sign: str


EXPECTED_FREE = "expected_free"
LOOKS: dict[str, Look] = {
    FREE: Look("Free", "green", "○"),
    EXPECTED_FREE: Look("Expected free", "green", "◌"),
    "held": Look("Held", "yellow", "◔"),
    "occupied": Look("Occupied", "blue", "●"),
    "leave": Look("Kept for leave", "purple", "◑"),
    "closed": Look("Closed", "grey", "✕"),
    "not_in_use": Look("Not in use", "grey", "✕"),
}


@dataclass(slots=True)
class Tile:
    """One bed on one day. `who` is empty for somebody whom the reader may not open."""

    public_id: Any
    name: str
    state: str
    words: str
    who: str = ""
    patient_id: Any = None
    born_on: date | None = None
    until: datetime | None = None
    is_overdue: bool = False
    has_left: bool = False
    why: str = ""
    next_words: str = ""
    is_exception: bool = False

    @property
    def look(self) -> Look:
        """Colour and sign."""
        return LOOKS[self.state]

    @property
    def until_words(self) -> str:
        """Until when, in words that fit the state."""
        if self.until is None:
            return {"closed": "until further notice", "occupied": "no departure date"}.get(self.state, "")
        if self.has_left:
            return f"left {short_date(self.until)}"
        if self.state in ("occupied", "leave"):
            return f"{'was expected to leave' if self.is_overdue else 'expected to leave'} {short_date(self.until)}"
        return f"to {short_date(last_day(self.until))}"

    @property
    def lines(self) -> Iterator[tuple[str, str]]:
        """What there is to say below the state: each line with its class."""
        if self.who:
            yield "app-tile__who", self.who
        if until := self.until_words:
            yield "app-tile__late" if self.is_overdue else "", until[0].upper() + until[1:]
        if self.why:
            yield "", self.why
        if self.next_words:
            yield "app-quiet", f"Next: {self.next_words[0].lower()}{self.next_words[1:]}"
        if self.is_exception:
            yield "app-quiet", "By exception"


@dataclass
class WardOfBeds:
    """One ward's tiles and its net balance.

    `balance`: beds in which nobody is, that are neither kept for somebody on leave nor closed, less people to whom a
    bed of the ward is held at that moment. Below nought somebody for whom one is held waits for somebody to leave.
    """

    name: str
    tier: str
    gender: str
    specialties: str
    tiles: list[Tile] = field(default_factory=list)
    held: int = 0

    @property
    def empty(self) -> int:
        """Beds in which nobody is and which can be had, held or not."""
        return sum(tile.state in (FREE, EXPECTED_FREE, "held") for tile in self.tiles)

    @property
    def balance(self) -> int:
        """Empty beds less held."""
        return self.empty - self.held

    @property
    def exceptions(self) -> int:
        """Beds held or taken by somebody whom they do not fit, for a reason that is on record."""
        return sum(tile.is_exception for tile in self.tiles)


@dataclass(frozen=True)
class Bedless:
    """Somebody who is at a service and in no bed of any. `who` is empty for somebody whom the reader may not open."""

    ward: str
    who: str = ""
    patient_id: Any = None


@dataclass
class ServiceOfWards:
    """One service with its wards, whom to ring, and who is there without a bed."""

    name: str
    provider: str
    region: str
    telephone: str
    wards: list[WardOfBeds] = field(default_factory=list)
    bedless: list[Bedless] = field(default_factory=list)


@dataclass
class Board:
    """Services with their wards, whom the page names, and how many beds stand how."""

    services: list[ServiceOfWards]
    named: list[int]
    counts: dict[str, int]
    is_cut: bool

    @property
    def total(self) -> int:
        """How many beds are shown."""
        return sum(self.counts.values())

    @property
    def bedless(self) -> int:
        """How many people are at these services without a bed."""
        return sum(len(service.bedless) for service in self.services)

    @property
    def lines(self) -> Iterator[tuple[ServiceOfWards, WardOfBeds, Tile]]:
        """Bed by bed, for a file."""
        for service in self.services:
            for ward in service.wards:
                for tile in ward.tiles:
                    yield service, ward, tile


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
    services = [
        _service(list(of_service), uses, bedless[service], people, at=at, now=actor.at)
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


def _service(
    rows: list[Row],
    uses: dict[int, list[Row]],
    bedless: list[Row],
    people: dict[int, Row],
    *,
    at: datetime,
    now: datetime,
) -> ServiceOfWards:
    first = rows[0]
    service = ServiceOfWards(first["service_name"], first["provider"], first["region"], first["telephone"])
    for _, of_ward in groupby(rows, key=lambda row: row["ward_id"]):
        service.wards.append(_ward(list(of_ward), uses, people, at=at, now=now))
    for one in bedless:
        person = people.get(one["patient_id"])
        known = {"who": person["name"], "patient_id": person["public_id"]} if person else {}
        service.bedless.append(Bedless(one["ward_name"] or "", **known))
    return service


def _ward(
    rows: list[Row], uses: dict[int, list[Row]], people: dict[int, Row], *, at: datetime, now: datetime
) -> WardOfBeds:
    first = rows[0]
    ward = WardOfBeds(
        name=first["ward_name"],
        tier=str(Tier(first["tier"]).label) if first["tier"] else "",
        gender=str(WardGender(first["gender"]).label) if first["gender"] else "",
        specialties=", ".join(first["specialties"] or ()),
    )
    for row in sorted(rows, key=lambda row: (len(row["name"]), row["name"])):
        of_bed = uses.get(row["pk"], [])
        ward.tiles.append(_tile(row, of_bed, people, at=at, now=now))
        ward.held += sum(use["purpose"] == "held" and use["is_here"] for use in of_bed)
    return ward


def _tile(row: Row, of_bed: list[Row], people: dict[int, Row], *, at: datetime, now: datetime) -> Tile:
    here = [use for use in of_bed if use["is_here"]]
    coming = next((use for use in of_bed if not use["is_here"]), None)
    staying = [use for use in here if not _has_left(use, people, at=at, now=now)]
    next_words = _next_words(coming, people) if coming else ""
    if not staying:
        state = EXPECTED_FREE if here else FREE
        return Tile(row["public_id"], row["name"], state, LOOKS[state].words, next_words=next_words)
    use = max(staying, key=lambda one: WEIGHT[one["purpose"]])
    held = next((one for one in staying if one["purpose"] == "held" and one is not use), None)
    person = people.get(use["patient_id"])
    until = use["ends"] or use["expected_end_at"]
    return Tile(
        row["public_id"],
        row["name"],
        use["purpose"],
        _words(use, person),
        who=person["name"] if person else "",
        patient_id=person["public_id"] if person else None,
        born_on=person["born_on"] if person else None,
        until=until,
        is_overdue=until is not None and until < min(at, now),
        has_left=use["purpose"] == "occupied" and use["ends"] is not None and use["ends"] <= now,
        why=use["why"] if use["purpose"] == "closed" else "",
        next_words=_next_words(held, people) if held else next_words,
        is_exception=bool(use["exceptions"]),
    )


def _has_left(use: Row, people: dict[int, Row], *, at: datetime, now: datetime) -> bool:
    """Whether on a day to come somebody is expected to have left. Until they have, today's board has them in the bed.

    The bed of somebody with restricted access is never shown as free.
    """
    if use["patient__has_restricted_access"] and use["patient_id"] not in people:
        return False
    expected = use["expected_end_at"]
    return at > now and use["ends"] is None and expected is not None and now < expected <= at


def _words(use: Row, person: Row | None) -> str:
    """The state in words; of somebody with restricted access whom the reader may not open, that and no more."""
    words = words_of(use["purpose"], use["about_kind"])
    return f"{words} (restricted)" if use["patient__has_restricted_access"] and not person else words


def _next_words(use: Row, people: dict[int, Row]) -> str:
    person = people.get(use["patient_id"])
    whom = f" for {person['name']}" if person else ""
    return f"{_words(use, person)}{whom} from {short_date(use['begins'])}"


def specialties_at(at: datetime) -> list[str]:
    """Every specialty that some ward has at an instant."""
    standing = WardDesignation.objects.filter(during__contains=at, superseded_at=None)
    named = standing.exclude(specialties=[]).values_list("specialties", flat=True)
    return sorted({one for specialties in named for one in specialties})
