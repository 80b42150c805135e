"""Moves of every kind but the transfer from prison, asked for by those who have the person, written by the actions."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef
from psycopg2.extras import DateTimeTZRange

from assessments import actions as assessing
from assessments.models import SignedAssessment
from core.refusals import Refused
from organisations.actor import Actor
from organisations.models import Bed, Service
from pathways import days
from pathways.actions import authorities, legal
from pathways.codes import Act, AuthorityKind
from pathways.free_beds import free_beds
from pathways.models import BedUse, Placement
from pathways.rules import authority_needed, held_of
from pathways.rules.legal import Needed
from referrals import actions as referring
from referrals.codes import Kind
from referrals.models import Approach, Referral
from referrals.rules import KINDS, act_of
from synthetic.by_actions import Plays
from synthetic.candidates import Candidates
from synthetic.people import ward_gender_of

STAGES = ("asked", "services asked", "decided", "bed date", "planned", "moved")
# Kinds asked for among those who fit, once for each stage; and how many of them nobody has assessed yet.
KINDS_ASKED = (
    Kind.REMISSION,
    Kind.RECALL,
    Kind.ADMISSION,
    Kind.SIDEWAYS,
    Kind.STEP_UP,
    Kind.STEP_DOWN,
    Kind.TO_COMMUNITY,
)
TWICE = (Kind.STEP_DOWN, Kind.TO_COMMUNITY)
# How many days ago each was asked for, in turn; a return to prison has fourteen, and one of them is late.
ASKED_DAYS_AGO = (4, 9, 15, 20, 26, 30, 7)
REMISSION_DAYS_AGO = (2, 6, 11, 13, 24, 9)


class Order(NamedTuple):
    """An order or remand of a court: its code, how many days ago it was made, and how far the admission has come."""

    code: str
    days_ago: int
    stage: str


# Within the 28 or 7 days beginning with the order, near their end, after it, and admitted in time.
ORDERS = (
    Order("10", 3, "asked"),
    Order("09", 12, "services asked"),
    Order("12", 21, "decided"),
    Order("37", 26, "bed date"),
    Order("07", 2, "services asked"),
    Order("08", 5, "bed date"),
    Order("07", 10, "asked"),
    Order("10", 31, "decided"),
    Order("09", 18, "planned"),
    Order("12", 9, "planned"),
    Order("07", 4, "moved"),
    Order("31", 20, "moved"),
    Order("13", 6, "moved"),
)
CIVIL = ("02", "03", "01")
ORDER_UNASSESSED = Order("09", 5, "services asked")
WHY = "Made up: settled on the ward, and the team sees the next step."
WHYS = {
    Kind.STEP_UP: "Made up: assaults on the ward that it cannot manage.",
    Kind.COURT_ADMISSION: "Made up: the court has asked for a bed.",
    Kind.ADMISSION: "Made up: unwell again, and not safe where they are.",
    Kind.RECALL: "Made up: unwell, and not keeping to what was agreed.",
}
GROUNDS = ("not_required", "not_effective")


class Play:
    """One referral and the moments at which its stages were reached."""

    def __init__(self, kind: Kind, placement: Placement, stage: str, began: datetime, now: datetime) -> None:
        self.kind, self.placement, self.patient = kind, placement, placement.patient
        self.stage, self.began, self.now = STAGES.index(stage), began, now
        self.order, self.number = "", 0
        self.referral: Referral

    def at(self, stage: int) -> datetime:
        """When a stage was reached: one after another between the beginning and now."""
        return self.began + (self.now - self.began) * stage / len(STAGES)


class Moves:
    """People for whom another move is asked, each brought as far as its stage."""

    def __init__(self, plays: Plays) -> None:
        self.plays, self.candidates = plays, Candidates(plays)
        self.index_of = {pk: index for index, pk in enumerate(plays.installed.service_ids)}
        self.by_kind = {kind: [s for s in plays.services.values() if s.kind == kind] for kind in Service.Kind}

    def play(self) -> int:
        """Ask for them; how many there are."""
        made = self._court()
        for kind in KINDS_ASKED:
            people = self.candidates.take(kind, assessed=True)
            if not KINDS[kind].needs_bed:
                people = self._any(kind)
            for number, stage in enumerate(STAGES * (2 if kind in TWICE else 1)):
                made += self._play_first(kind, people, stage, number)
            if KINDS[kind].needs_bed:
                unassessed = self.candidates.take(kind, assessed=False)
                made += self._play_first(kind, unassessed, "services asked", len(STAGES))
        return made

    def _any(self, kind: Kind) -> Iterator[Placement]:
        for assessed in (False, True):
            yield from self.candidates.take(kind, assessed=assessed)

    def _court(self) -> int:
        made = 0
        assessed = self.candidates.take(Kind.COURT_ADMISSION, assessed=True)
        others = self.candidates.take(Kind.COURT_ADMISSION, assessed=False)
        for people, orders in ((assessed, ORDERS), (others, (ORDER_UNASSESSED,))):
            for order in orders:
                made += self._play_first(
                    Kind.COURT_ADMISSION,
                    people,
                    order.stage,
                    0,
                    order=order.code,
                    days_ago=order.days_ago,
                )
        return made

    def _play_first(
        self,
        kind: Kind,
        people: Iterator[Placement],
        stage: str,
        number: int,
        *,
        order: str = "",
        days_ago: int | None = None,
    ) -> int:
        """The next who fits, brought to a stage. What a rule refuses for somebody made up is left there."""
        placement = next(people, None)
        if placement is None:
            return 0
        turns = REMISSION_DAYS_AGO if kind == Kind.REMISSION else ASKED_DAYS_AGO
        ago = timedelta(days=turns[number % len(turns)] if days_ago is None else days_ago)
        play = Play(kind, placement, stage, self.plays.now - ago, self.plays.now)
        play.order, play.number = order, number
        acts = list(self._acts(play))
        for act in acts[: play.stage + 1]:
            try:
                act()
            except Refused:
                return int(act is not acts[0])
        return 1

    def _acts(self, play: Play) -> Iterator[Callable[[], object]]:
        """What is done to reach each stage, in their order."""
        asker = self._asker(play)

        def by(stage: int) -> Actor:
            return self.plays.cast.clinician(self.index_of[asker.pk], play.at(stage))

        yield lambda: self._ask(play, asker, by(0))
        yield lambda: [
            referring.ask_service(play.referral, service, by=by(1)) for service in self._takers(play)
        ]
        if KINDS[play.kind].needs_bed:
            yield lambda: self._decide(play.referral, play.at(2))
            yield lambda: self._bed(play.referral)
        else:
            yield lambda: self._agree(play.referral, by(2))
            yield lambda: referring.record_meeting(play.referral, on=by(3).today, by=by(3))
        yield lambda: self._plan(play, by(4))
        yield lambda: self._move(play)

    def _asker(self, play: Play) -> Service:
        """The court of the region, or whoever has the person."""
        here = play.placement.service
        assert here is not None  # noqa: S101 (only people of a service are chosen)
        if play.kind != Kind.COURT_ADMISSION:
            return here
        return next(one for one in self.by_kind[Service.Kind.COURT] if one.region_id == here.region_id)

    def _ask(self, play: Play, asker: Service, by: Actor) -> None:
        if play.order:
            legal.record_legal_status(play.patient, code=play.order, since=by.today, by=by)
        discharge = self.candidates.discharge_of(play.placement) if play.kind == Kind.TO_COMMUNITY else ""
        play.referral = referring.refer(
            play.patient,
            kind=play.kind.value,
            from_service=asker,
            on=by.today,
            urgency=2 if play.kind in WHYS else 3,
            why=WHYS.get(play.kind, WHY),
            act=discharge,
            ground=GROUNDS[play.number % 3 == 2] if play.kind == Kind.REMISSION else "",
            by=by,
        )

    def _takers(self, play: Play) -> list[Service]:
        """Whom the move leads to: one of a kind of place, or up to two hospitals of the tier, those nearest first."""
        here, kind = play.placement.service, play.kind
        assert here is not None  # noqa: S101

        def is_far(one: Service) -> tuple[bool, int]:
            return one.region_id != here.region_id, one.pk

        place = {Kind.REMISSION: Service.Kind.PRISON, Kind.TO_COMMUNITY: Service.Kind.COMMUNITY}.get(kind)
        if place is not None:
            return sorted(self.by_kind[place], key=is_far)[:1]
        tier = self.candidates.wanted(kind, play.placement)
        designations = {"ward__designations__tier": tier, "ward__service__in": self.index_of}
        having = set(Bed.objects.filter(**designations).values_list("ward__service", flat=True))
        hospitals = [
            one for one in self.by_kind[Service.Kind.HOSPITAL] if one.pk in having and one.pk != here.pk
        ]
        with_room = self._with_room(play, designations) if play.stage >= STAGES.index("bed date") else having
        return sorted(hospitals, key=lambda one: (one.pk not in with_room, *is_far(one)))[:2]

    def _with_room(self, play: Play, designations: dict[str, Any]) -> set[int]:
        """The services with a bed for anybody of the person's gender that nobody has or is promised."""
        gender = ward_gender_of(play.patient.stated_gender)
        used = BedUse.objects.current().filter(
            bed=OuterRef("pk"), during__overlap=DateTimeTZRange(self.plays.now, None)
        )
        beds = Bed.objects.filter(
            **designations,
            ward__designations__gender=gender,
            ward__designations__specialties=[],
        )
        return set(beds.exclude(Exists(used)).values_list("ward__service", flat=True))

    @staticmethod
    def _approaches(referral: Referral) -> list[Approach]:
        return list(
            Approach.objects.open().filter(referral=referral).select_related("service").order_by("pk")
        )

    def _agree(self, referral: Referral, by: Actor) -> None:
        for approach in self._approaches(referral):
            referring.record_agreement(approach, on=by.today, words="The team leader", by=by)

    def _decide(self, referral: Referral, at: datetime) -> None:
        for approach in self._approaches(referral):
            by = self.plays.cast.clinician(self.index_of[approach.service_id], at)
            signed = SignedAssessment.objects.of(referral.patient).current(on=by.today).first()
            if signed is None:
                raise Refused("There is no current assessment.")
            word = assessing.accept_assessment(
                signed, service=approach.service, tier=signed.tier, answer="yes", words="", by=by
            )
            referring.decide(
                approach, acceptance=word, outcome="accepted", tier="", decided_on=by.today, by=by
            )

    def _bed(self, referral: Referral) -> None:
        """A bed of the first that has one for them, held from today, so that the hold is there to be seen."""
        for approach in self._approaches(referral):
            beds = Bed.objects.filter(ward__service=approach.service).select_related("ward__service")
            by = self.plays.cast.clinician(self.index_of[approach.service_id], self.plays.now)
            free = [one for one in free_beds(beds, at=by.at, patient=referral.patient) if not one.misfit]
            if free:
                referring.give_bed_date(approach, free[0].bed, bed_on=by.today, by=by)
                return
        raise Refused("No bed.")

    def _plan(self, play: Play, by: Actor) -> None:
        act = act_of(play.referral.kind, play.referral.act)
        needed = authority_needed(act, *held_of(self.candidates.status_of(play.placement))) if act else None
        if needed is not None and needed.needs_record:
            authorities.record_authority(
                play.patient,
                kind=_granted(act, needed, play.number),
                scope=[act],
                since=by.today,
                reference="MU-1",
                by=by,
            )
        now = self.plays.cast.clinician(self.index_of[play.referral.from_service_id], self.plays.now)
        referring.plan_move(play.referral, on=now.today + timedelta(days=2), by=now)

    def _move(self, play: Play) -> None:
        approaches = self._approaches(play.referral)
        having = [one for one in approaches if one.bed_offers.current().exists()] or approaches
        offer = having[0].bed_offers.current().select_related("bed__ward").first()
        by = self.plays.cast.clinician(self.index_of[play.referral.from_service_id], self.plays.now)
        referring.record_move(
            play.referral,
            service=having[0].service,
            bed=offer and offer.bed,
            at=by.at,
            order=play.order,
            by=by,
        )
        if play.kind == Kind.ADMISSION and play.placement.service.kind == Service.Kind.COMMUNITY:  # type: ignore[union-attr]
            code = CIVIL[play.number % len(CIVIL)]
            legal.record_legal_status(play.patient, code=code, since=days.london_date(by.at), by=by)


def _granted(act: str, needed: Needed, number: int) -> str:
    """Whose authority is on record: the usual one of those that show it, of discharges a tribunal's now and then."""
    usual = [AuthorityKind.WARRANT, AuthorityKind.COURT, AuthorityKind.MINISTRY_SPECIFIC]
    if act not in (Act.REMISSION, Act.RECALL):
        usual = [AuthorityKind.MINISTRY_SPECIFIC, AuthorityKind.COURT]
    if AuthorityKind.TRIBUNAL in needed.kinds and number % 2:
        usual.insert(0, AuthorityKind.TRIBUNAL)
    return next(one for one in usual if one in needed.kinds)
