"""What happened on the way of one made-up transfer, as plain dates: steps, services asked, decisions, delays."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from pathways.rules import is_restricted
from synthetic.england import Service
from synthetic.lives import Life, Request

# Where on the way from request (0) to hospital (1) each step falls, about; ours, after “show every interval”.
WHEN = {
    "first_report": 0.14,
    "services_asked": 0.18,
    "assessment": 0.36,
    "decision": 0.48,
    "second_report": 0.56,
    "bed_date": 0.78,
    "application": 0.84,
    "warrant": 0.90,
    "escort": 0.94,
    "left": 1.0,
}
WAITING_ENDS = ("left", "escort", "warrant")
URGENCIES = {1: 0.08, 2: 0.52, 3: 0.40}
DECLINES = {
    "tier_too_low": 0.19, "tier_too_high": 0.12, "area": 0.15, "no_bed": 0.31, "specialty": 0.08, "safety": 0.08,
    "gender": 0.01, "legal_basis": 0.02, "not_treatable": 0.02, "other": 0.02,
}  # fmt: skip
# Of the services that do not take the person, some ask to decide later.
SHARE_DEFERRED, DEFERRED_FOR = 0.06, timedelta(days=21)
DELAYS = {
    ("accepting_service", "no_bed"): 0.3,
    ("service_asked", "assessment_not_done"): 0.14,
    ("second_doctor", "second_report"): 0.1,
    ("commissioner", "commissioner_dispute"): 0.06,
    ("service_asked", "tier_disagreement"): 0.08,
    ("accepting_service", "blocked_bed"): 0.09,
    ("ministry", "ministry_incomplete"): 0.04,
    ("escort", "escort"): 0.03,
    ("first_doctor", "first_report"): 0.03,
    ("ministry", "ministry_decision"): 0.02,
    ("ministry", "warrant_lapsed"): 0.01,
    ("prison_healthcare", "late_request"): 0.02,
    ("prison", "prison_move"): 0.01,
    ("service_asked", "assessed_again"): 0.02,
    ("accepting_service", "staff_shortage"): 0.02,
    ("court", "court_date"): 0.01,
    ("patient", "physical_health"): 0.01,
    ("prison_healthcare", "other"): 0.01,
}
# Of used warrants, those that came after one that was refused, or took the place of one for another hospital.
BEFORE_A_WARRANT = {"": 0.95, "refused": 0.025, "replaced": 0.025}
# Parties of a delay that are one of the services concerned.
SERVICE_PARTIES = {"prison", "prison_healthcare", "service_asked", "accepting_service"}
# 34% of requests were not recorded on “day zero” (HM Inspectorate of Prisons, by the House of Lords, 27 January 2025).
SHARE_ENTERED_LATE = 0.34
# Of those with an escort booked, how many are on the road today; ours.
SHARE_ON_THE_ROAD = 0.45


@dataclass
class Asked:
    """A service asked, and what it said."""

    service: int
    asked_on: date
    answer: str = ""
    decided_on: date | None = None
    outcome: str = ""
    tier: str = ""
    reason: str = ""
    expected_on: date | None = None
    deferred_to: date | None = None


@dataclass
class Promise:
    """A bed promised: which (service, ward, bed), from which day, and until when it is held."""

    bed: tuple[int, int, int]
    bed_on: date
    until: date


@dataclass
class Transfer:
    """A transfer, with every date it has reached by today."""

    request: Request
    entered_on: date
    section: str
    limb: str
    restricted: bool
    urgency: int
    lead: int | None
    steps: dict[str, date]
    asked: list[Asked]
    warrants: list[tuple[date, str]] = field(default_factory=list)
    delays: list[tuple[date, date | None, str, str]] = field(default_factory=list)
    reviews: list[date] = field(default_factory=list)
    contacts: list[date] = field(default_factory=list)
    repeated: str = ""
    promised: Promise | None = None

    def party_service(self, party: str) -> int:
        """The plain service that a delay put down to a party is put down to."""
        return self.request.prison if party.startswith("prison") or self.lead is None else self.lead


def detail(life: Life, request: Request, services: list[Service], today: date, random: Random) -> Transfer:
    """Everything about one request, as far as today."""
    last = request.ended_on or today
    whole = (request.ended_on - request.requested_on).days if request.ended_on else request.planned_wait
    steps = _steps(request, whole, last, random)
    asked = _asked(life, request, services, steps, last, random)
    late = random.randint(1, 6) if random.random() < SHARE_ENTERED_LATE else 0
    entered_on = min(request.requested_on + timedelta(days=late), steps.get("first_report", last), last)
    transfer = Transfer(
        request=request,
        entered_on=entered_on,
        section="48" if request.under.variant else "47",
        limb=request.under.variant,
        restricted=is_restricted(*request.under),
        urgency=random.choices(list(URGENCIES), weights=URGENCIES.values())[0],
        lead=asked[0].service if asked else None,
        steps=steps,
        asked=asked,
        repeated=random.choice(("material_change", "second_opinion")) if random.random() < 0.06 else "",
    )
    _warrants(transfer, request, last, random)
    _waiting(transfer, last, random)
    return transfer


def _steps(request: Request, whole: int, last: date, random: Random) -> dict[str, date]:
    """The date of each step that was reached. A transfer that ends otherwise stops somewhere on the way."""
    reach = 1.0 if request.end in ("", "admitted") else random.uniform(0.05, 0.8)
    steps = {"report_requested": request.requested_on}
    previous = request.requested_on
    for kind, share in WHEN.items():
        jittered = share if kind in WAITING_ENDS else share * random.uniform(0.85, 1.1)
        on = max(previous, request.requested_on + timedelta(days=round(whole * min(jittered, 1.0))))
        if (
            on > last
            or share > reach
            or (request.end == "" and on >= request.requested_on + timedelta(days=whole))
        ):
            break
        steps[kind] = previous = on
    if request.end == "" and "escort" in steps and random.random() < SHARE_ON_THE_ROAD:
        steps["left"] = last
    if request.end == "admitted":
        for kind in WHEN:
            steps.setdefault(kind, last)
        steps["received"] = last
    return steps


def _asked(
    life: Life, request: Request, services: list[Service], steps: dict[str, date], last: date, random: Random
) -> list[Asked]:
    if "services_asked" not in steps:
        return []
    hospital = request.hospital
    if hospital is None:
        near = [
            i
            for i, s in enumerate(services)
            if s.tier in ("medium", "low") and s.region == services[request.prison].region
        ]
        hospital = random.choice(near)
    others = [
        i
        for i, s in enumerate(services)
        if s.kind == "hospital" and s.tier in ("medium", "low") and i != hospital
    ]
    near = [i for i in others if services[i].region == services[hospital].region]
    chosen = [hospital, *random.sample(near, k=min(len(near), random.choice((0, 1, 1, 2))))]
    asked = []
    for place, service in enumerate(chosen):
        one = Asked(service, steps["services_asked"])
        if "decision" in steps:
            tier = services[hospital].tier
            _decide(one, services, steps, recommended=tier, first=place == 0, last=last, random=random)
        asked.append(one)
    return asked


def _decide(
    one: Asked,
    services: list[Service],
    steps: dict[str, date],
    *,
    recommended: str,
    first: bool,
    last: date,
    random: Random,
) -> None:
    """The service first asked takes the person; of the others one in seven does, at its own tier."""
    one.decided_on = min(last, steps["decision"] + timedelta(days=0 if first else random.randint(0, 6)))
    if first or random.random() < 0.15:
        one.answer = random.choices(("yes", "question"), weights=(9, 1))[0]
        one.tier = services[one.service].tier
        one.outcome = "accepted" if one.tier == recommended else "accepted_other_tier"
        one.expected_on = one.decided_on + timedelta(days=random.randint(10, 60))
        return
    one.answer = random.choices(("yes", "question", "no"), weights=(7, 2, 1))[0]
    if one.answer != "no" and random.random() < SHARE_DEFERRED:
        one.outcome, one.deferred_to = "deferred", one.decided_on + DEFERRED_FOR
    elif one.answer != "no":
        one.outcome = "declined"
        one.reason = random.choices(list(DECLINES), weights=DECLINES.values())[0]


def _warrants(transfer: Transfer, request: Request, last: date, random: Random) -> None:
    given_on = transfer.steps.get("warrant")
    if given_on is None:
        return
    first = random.choices(list(BEFORE_A_WARRANT), weights=list(BEFORE_A_WARRANT.values()))[0]
    if first and request.end == "admitted" and (given_on - transfer.steps["application"]).days >= 1:
        transfer.warrants.append((transfer.steps["application"], first))
    final = (transfer.steps.get("received") or last) - given_on
    if final.days > 13:
        # A warrant lapses at the end of 14 days beginning with the day it is given (s47(2)); another was needed.
        transfer.warrants.append((given_on, "lapsed"))
        again = given_on + timedelta(days=14)
        if request.end == "admitted":
            again = max(again, last - timedelta(days=random.randint(1, 10)))
            transfer.steps["warrant"] = again
            transfer.steps["escort"] = max(again, transfer.steps["escort"])
        elif request.end == "":
            for kind in ("warrant", "escort", "left", "application"):
                transfer.steps.pop(kind, None)
            return
        transfer.warrants.append((again, "used" if request.end == "admitted" else "live"))
        return
    transfer.warrants.append((given_on, "used" if request.end == "admitted" else "live"))


def _waiting(transfer: Transfer, last: date, random: Random) -> None:
    """Delays that never overlap and cover most of a long wait, weekly reviews, and calls."""
    start = transfer.request.requested_on
    waited = (last - start).days
    cursor = start + timedelta(days=random.randint(5, 14))
    while (last - cursor).days > 7 and random.random() < 0.8:
        until = min(last, cursor + timedelta(days=random.randint(7, max(8, waited // 2))))
        party, reason = random.choices(list(DELAYS), weights=DELAYS.values())[0]
        open_ended = transfer.request.end == "" and until >= last
        transfer.delays.append((cursor, None if open_ended else until, party, reason))
        cursor = until + timedelta(days=random.choice((0, 0, 3)))
        if open_ended:
            break
    transfer.reviews = [start + timedelta(days=day) for day in range(6, max(7, waited), 7)][-6:]
    if random.random() < 0.25:
        transfer.reviews = transfer.reviews[:-1]
    transfer.reviews = [on for on in transfer.reviews if on <= last]
    transfer.contacts = sorted(
        start + timedelta(days=random.randrange(1, max(2, waited + 1))) for _ in range(random.randint(0, 3))
    )
    transfer.contacts = [on for on in transfer.contacts if on <= last]


class Promises:
    """Beds for those who have a bed date. The first bed of each ward is kept for somebody still waiting."""

    def __init__(self, services: list[Service], today: date) -> None:
        self.services, self.today = services, today
        self.taken: set[tuple[int, int, int]] = set()

    def promise(self, life: Life, transfer: Transfer) -> None:
        """Give the transfer its bed, or take back the steps that can't have happened without one."""
        request, steps = transfer.request, transfer.steps
        if "bed_date" not in steps or request.end not in ("", "admitted"):
            return
        if request.end == "admitted":
            stay = next(stay for stay in life.stays if stay.bed and stay.since == request.ended_on)
            if stay.bed and stay.service is not None and steps["bed_date"] < stay.since:
                transfer.promised = Promise(
                    (stay.service, *stay.bed), stay.since, stay.since + timedelta(days=3)
                )
            return
        bed = self._free_bed(transfer, life.person.ward_gender)
        if bed is None:
            for kind in ("bed_date", "application", "warrant", "escort", "left"):
                steps.pop(kind, None)
            transfer.warrants.clear()
            return
        transfer.promised = Promise(bed, self.today + timedelta(days=5), self.today + timedelta(days=8))

    def _free_bed(self, transfer: Transfer, gender: str) -> tuple[int, int, int] | None:
        if transfer.lead is None:
            return None
        for ward, plain in enumerate(self.services[transfer.lead].wards):
            bed = (transfer.lead, ward, 0)
            if plain.gender == gender and bed not in self.taken:
                self.taken.add(bed)
                return bed
        return None
