"""What the bed board shows: services with their wards, a tile for each bed, and who is there without one."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from core.pages import short_date
from pathways.bed_states import FREE
from pathways.days import last_day


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
    """One bed on one day. `who` is empty for somebody whom the reader may not open.

    `until`: when the bed is theirs no longer, as far as anybody knows; of one kept for leave, when they are due back.
    """

    public_id: Any
    name: str
    state: str
    words: str
    who: str = ""
    patient_id: Any = None
    born_on: date | None = None
    until: datetime | None = None
    is_overdue: bool = False
    is_due_back: bool = False
    has_left: bool = False
    why: str = ""
    leave_words: str = ""
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
            return f"{'left' if self.state == 'occupied' else 'until'} {short_date(self.until)}"
        if self.is_due_back:
            return f"{'was due' if self.is_overdue else 'due'} back {short_date(self.until)}"
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
        if self.leave_words:
            yield "", self.leave_words
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
