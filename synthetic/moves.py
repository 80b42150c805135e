"""Moves of every kind but the transfer from prison, asked for by those who have the person, written by the actions."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import cycle, islice

from django.db.models import Exists, OuterRef

from assessments import actions as assessing
from assessments.models import SignedAssessment
from core.refusals import Refused
from organisations.actor import Actor
from organisations.models import Bed, Service
from organisations.rules import HOSPITAL_TIERS
from pathways import days
from pathways.actions import authorities
from pathways.free_beds import free_beds
from pathways.models import LegalStatus, Patient, Placement
from pathways.rules import held_of, is_restricted
from referrals import actions as referring
from referrals.models import Approach, Referral
from synthetic.by_actions import Plays

# How many of each kind are asked for among people who are in hospital, and how far each comes.
ASKED = (
    ("step_down", 12),
    ("sideways", 4),
    ("step_up", 3),
    ("remission", 4),
    ("to_community", 5),
)
STAGES = ("asked", "services asked", "decided", "bed date", "planned", "moved")
WHY = "Made up: settled on the ward, and the team sees the next step."
BEGAN = timedelta(days=30)
# A day for each stage, so that one day's acts keep their order.
STEP = timedelta(days=4)


class Moves:
    """People in hospital for whom another move is asked, each brought as far as its stage."""

    def __init__(self, plays: Plays) -> None:
        self.plays = plays
        self.index_of = {pk: index for index, pk in enumerate(plays.installed.service_ids)}
        self.stages = cycle(STAGES)
        self.tiers = self._tiers()

    def play(self) -> int:
        """Ask for them; how many there are."""
        people = self._people()
        made = 0
        for kind, count in ASKED:
            fitting = (one for one in people if self._fits(kind, one))
            for placement in islice(fitting, count):
                people.remove(placement)
                made += self._play_one(kind, placement)
        return made

    def _people(self) -> list[Placement]:
        """Those with a current assessment first; of each ward one before the second of any."""
        rows = Placement.objects.current().filter(
            during__upper_inf=True,
            service__kind=Service.Kind.HOSPITAL,
            ward__isnull=False,
            during__startswith__lt=self.plays.now - 2 * BEGAN,
            patient__died_on=None,
            patient__has_restricted_access=False,
        )
        wards: dict[int, list[Placement]] = defaultdict(list)
        current = SignedAssessment.objects.current(on=days.london_date(self.plays.now))
        assessed = Exists(current.filter(patient=OuterRef("patient")))
        ordered = rows.annotate(is_assessed=assessed).order_by("-is_assessed", "service", "pk")
        for row in ordered.select_related("service", "ward", "patient"):
            wards[row.ward_id or 0].append(row)
        queues = list(wards.values())
        return [
            queue[turn]
            for turn in range(max(map(len, queues), default=0))
            for queue in queues
            if turn < len(queue)
        ]

    def _fits(self, kind: str, placement: Placement) -> bool:
        if placement.service_id not in self.index_of:
            return False
        tier = self.tiers.get(placement.ward_id or 0, "")
        status = self._status(placement.patient)
        if kind == "remission":
            return status is not None and status.code == "15"
        if kind == "to_community":
            return tier in ("low", "step_down") and status is not None and is_restricted(*held_of(status))
        return bool(self._towards(kind, tier))

    @staticmethod
    def _status(patient: Patient) -> LegalStatus | None:
        return LegalStatus.objects.current().filter(patient=patient, during__upper_inf=True).first()

    def _tiers(self) -> dict[int, str]:
        wards = Bed.objects.values_list("ward", "ward__designations__tier").distinct()
        return dict(wards.filter(ward__designations__during__contains=self.plays.now))

    @staticmethod
    def _towards(kind: str, tier: str) -> str:
        """The tier that a move of a kind leads to from another, or nothing."""
        secure = [one for one in HOSPITAL_TIERS if one in ("high", "medium", "low")]
        if tier not in secure:
            return ""
        at = secure.index(tier) + {"step_down": 1, "step_up": -1, "sideways": 0}[kind]
        return secure[at] if 0 <= at < len(secure) else ""

    def _play_one(self, kind: str, placement: Placement) -> int:
        """One referral as far as its stage; what a rule refuses for the made-up person is left there."""
        stage = STAGES.index(next(self.stages))
        acts: list[Callable[[], object]] = list(self._acts(kind, placement))
        for act in acts[: stage + 1]:
            try:
                act()
            except Refused:
                return int(act is not acts[0])
        return 1

    def _acts(self, kind: str, placement: Placement) -> Iterator[Callable[[], object]]:
        began = self.plays.now - BEGAN
        asker = self.index_of[placement.service_id or 0]
        patient, home = placement.patient, placement.service
        assert home is not None  # noqa: S101 (only people of a service are chosen)
        made: dict[str, Referral] = {}

        def by(index: int, step: int) -> Actor:
            return self.plays.cast.clinician(index, began + step * STEP)

        def ask() -> None:
            actor = by(asker, 0)
            made["it"] = referring.refer(
                patient,
                kind=kind,
                from_service=home,
                on=days.london_date(began),
                urgency=3,
                why=WHY,
                act="conditional_discharge" if kind == "to_community" else "",
                ground="not_required" if kind == "remission" else "",
                by=actor,
            )

        def ask_service() -> None:
            for service in self._takers(kind, placement):
                referring.ask_service(made["it"], service, by=by(asker, 1))

        yield ask
        yield ask_service
        if kind in ("remission", "to_community"):
            yield lambda: self._agree(made["it"], by(asker, 2))
            yield lambda: referring.record_meeting(
                made["it"], on=days.london_date(began + 3 * STEP), by=by(asker, 3)
            )
        else:
            yield lambda: self._decide(made["it"], began + 2 * STEP)
            yield lambda: self._bed(made["it"])
        yield lambda: self._plan(made["it"], by(asker, 4))
        yield lambda: self._move(made["it"])

    def _takers(self, kind: str, placement: Placement) -> list[Service]:
        services = [self.plays.services[pk] for pk in self.index_of]
        near = sorted(services, key=lambda one: (one.region_id != placement.service.region_id, one.pk))  # type: ignore[union-attr]
        if kind == "remission":
            return [one for one in near if one.kind == Service.Kind.PRISON][:1]
        if kind == "to_community":
            return [one for one in near if one.kind == Service.Kind.COMMUNITY][:1]
        tier = self._towards(kind, self.tiers.get(placement.ward_id or 0, ""))
        wards = Bed.objects.filter(ward__service__in=[one.pk for one in near], ward__designations__tier=tier)
        having = set(wards.values_list("ward__service", flat=True))
        others = [one for one in near if one.pk in having and one.pk != placement.service_id]
        return others[:2]

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
            own = approach.service.wards.all().tiers_at(by.at)
            fits = signed.tier in own
            referring.decide(
                approach,
                acceptance=word,
                outcome="accepted" if fits else "accepted_other_tier",
                tier="" if fits else next(iter(own)),
                decided_on=by.today,
                by=by,
            )

    def _bed(self, referral: Referral) -> None:
        approach = self._approaches(referral)[0]
        beds = Bed.objects.filter(ward__service=approach.service, is_open=True).select_related(
            "ward__service"
        )
        # Held from today, so that the hold is there to be seen.
        by = self.plays.cast.clinician(self.index_of[approach.service_id], self.plays.now)
        free = [one for one in free_beds(beds, at=by.at, patient=referral.patient) if not one.misfit]
        if not free:
            raise Refused("No bed.")
        referring.give_bed_date(approach, free[0].bed, bed_on=by.today, by=by)

    def _plan(self, referral: Referral, by: Actor) -> None:
        status = self._status(referral.patient)
        act = referral.act or {"remission": "remission"}.get(referral.kind, "transfer")
        if status is not None and is_restricted(*held_of(status)):
            authorities.record_authority(
                referral.patient,
                kind="warrant" if act == "remission" else "ministry_specific",
                scope=[act],
                since=by.today,
                reference="MU-1",
                by=by,
            )
        asker = self.index_of[referral.from_service_id]
        now = self.plays.cast.clinician(asker, self.plays.now)
        referring.plan_move(referral, on=now.today + timedelta(days=2), by=now)

    def _move(self, referral: Referral) -> None:
        approach = self._approaches(referral)[0]
        service = approach.service
        by = self.plays.cast.clinician(self.index_of[referral.from_service_id], self.plays.now)
        offer = approach.bed_offers.current().select_related("bed__ward").first()
        referring.record_move(referral, service=service, bed=offer and offer.bed, at=by.at, by=by)
