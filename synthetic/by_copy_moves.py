"""Referrals of every kind but the transfer, by COPY: by which people moved lately, and which came to nothing."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from random import Random

from organisations.rules import HOSPITAL_TIERS
from pathways.codes import Act, AuthorityKind
from pathways.days import noon
from pathways.policies import REMISSION_ASKED
from pathways.rules import Held, authority_needed
from referrals.codes import Kind, MoveEnd, RemissionReason, StepKind
from referrals.rules import KINDS, act_of
from synthetic import held
from synthetic.by_copy_clocks import Clocks
from synthetic.by_copy_referrals import Referrals, Written
from synthetic.england import Service
from synthetic.lives import NEXT_TIER, SHARE_BACK, Life, Stay
from synthetic.transfers import DECLINES, Asked, Promise

DAY = timedelta(days=1)
# Moves of these days have a referral behind them; earlier ones were asked for before there were any here.
LATELY = timedelta(days=730)
# Days from asking to moving, at least and at most; a return to prison has fourteen. Ours.
ASKED_BEFORE = {
    Kind.REMISSION: (4, 20),
    Kind.RECALL: (1, 12),
    Kind.COURT_ADMISSION: (8, 40),
    Kind.ADMISSION: (3, 40),
}
USUALLY_ASKED_BEFORE = (20, 110)
# Where on the way from asked (0) to moved (1) each step falls, about; ours.
WHEN = {
    StepKind.SERVICES_ASKED: 0.05,
    StepKind.ASSESSMENT: 0.3,
    StepKind.DECISION: 0.45,
    StepKind.AGREED: 0.4,
    StepKind.AFTERCARE: 0.55,
    StepKind.BED_DATE: 0.7,
    StepKind.PLANNED: 0.85,
    StepKind.MOVED: 1.0,
}
ON_THE_LINE = {StepKind.AGREED, StepKind.AFTERCARE, StepKind.PLANNED}
# Of longer stays lately, those in which a move was asked for that came to nothing, and how it ended. Ours.
SHARE_FAILED = 0.2
FAILED = {
    MoveEnd.NOT_NEEDED: 0.35,
    MoveEnd.NOT_POSSIBLE: 0.35,
    MoveEnd.OVERTAKEN: 0.2,
    MoveEnd.ENTERED_IN_ERROR: 0.1,
}
ONE_WITHOUT_AUTHORITY_IN = 20
# Of those who have been at a place of a kind for some time, one in so many was assessed lately; ours.
ONE_REVIEWED_IN = {"hospital": 5, "prison": 5, "community": 18}
# What reviews on a ward of each tier recommend, in turn; ours. Prisons and the community have one answer.
REVIEWED = {
    "high": ("high", "medium"),
    "medium": ("medium", "low", "high", "low"),
    "low": ("low", "medium", "step_down"),
    "step_down": ("step_down",),
    "general": ("general", "low"),
}
ACTS = {held.CONDITIONAL: Act.CONDITIONAL_DISCHARGE, held.CTO: Act.COMMUNITY_TREATMENT}
WHY = {
    Kind.STEP_UP: "Made up: assaults on the ward that it could not manage.",
    Kind.COURT_ADMISSION: "Made up: the court asks for a bed, two doctors agree.",
    Kind.ADMISSION: "Made up: unwell again, and not safe where they are.",
    Kind.RECALL: "Made up: unwell, and not keeping to what was agreed.",
}
USUAL_WHY = "Made up: settled on the ward, and the team sees the next step."


class AskedMoves:
    """Writes them into the tables of every referral."""

    def __init__(self, referrals: Referrals, clocks: Clocks, today: date) -> None:
        self.of, self.clocks, self.today = referrals, clocks, today
        self.people, self.installed = referrals.people, referrals.installed
        self.written, self.services = referrals.written, referrals.installed.services
        self.deck = held.Deck(Random(0))
        self.courts = self._by_region("court")
        self.teams = self._by_region("community")
        self.without_authority, self.reviewed = 0, Counter[str]()
        self.remission = next(one for one in clocks.policies if one.start_event == REMISSION_ASKED)

    def _by_region(self, kind: str) -> dict[int, int]:
        return {one.region: index for index, one in enumerate(self.services) if one.kind == kind}

    def write(self, patient: int, life: Life) -> None:
        """Every one of somebody's, and the review by which the next can be asked."""
        self._asked(patient, life)
        self._reassess(patient, life)

    def _reassess(self, patient: int, life: Life) -> None:
        """Some have been assessed again lately by those who have them, or who are asked to look at them."""
        last = life.stays[-1]
        waits = any(not request.end for request in life.requests)
        if last.service is None or waits or last.since > self.today - 90 * DAY:
            return
        here = self.services[last.service]
        self.reviewed[here.kind] += 1
        if self.reviewed[here.kind] % ONE_REVIEWED_IN.get(here.kind, 1_000_000):
            return
        signed_on = self.today - (30 + self.reviewed[here.kind] % 45) * DAY
        if self.written.current(patient, signed_on) is None:
            near = (
                index
                for index, one in enumerate(self.services)
                if (one.tier, one.region) == ("medium", here.region)
            )
            by = last.service if last.bed else next(near)
            tier = self._needed(patient, life, here)
            self.written.sign(patient, by, signed_on - 7 * DAY, signed_on, None, tier=tier)

    def _needed(self, patient: int, life: Life, here: Service) -> str:
        """The tier that a review recommends: that for which they are ready, else of REVIEWED in turn."""
        if here.tier not in REVIEWED:
            return "low" if here.kind == "community" and life.law.now not in SHARE_BACK else "medium"
        next_tier = self.people.waits.ready_for.get(patient)
        if next_tier is not None:
            return next_tier if next_tier in HOSPITAL_TIERS else NEXT_TIER.get(here.tier, here.tier)
        self.reviewed[here.tier] += 1
        return REVIEWED[here.tier][self.reviewed[here.tier] % len(REVIEWED[here.tier])]

    def _asked(self, patient: int, life: Life) -> None:
        random = Random(f"moves {patient} {life.person.number}")
        for before, stay in pairwise(life.stays):
            if stay.since < self.today - LATELY:
                continue
            if stay.came_by:
                self._moved(patient, life, before, stay, random)
            elif stay.elsewhere == "died" and before.bed and random.random() < SHARE_FAILED:
                self._failed(patient, life, before, MoveEnd.DIED, stay.since, random)
        for stay in life.stays:
            until = stay.until or self.today
            is_long = stay.bed and until > self.today - LATELY and (until - stay.since).days > 200
            if is_long and random.random() < SHARE_FAILED:
                end = random.choices(list(FAILED), weights=list(FAILED.values()))[0]
                first = max(stay.since + 60 * DAY, self.today - LATELY)
                ended_on = first + random.randrange((until - first).days or 1) * DAY
                self._failed(patient, life, stay, end, ended_on, random)

    def _moved(self, patient: int, life: Life, before: Stay, stay: Stay, random: Random) -> None:
        kind, moved_on = Kind(stay.came_by), stay.since
        days = random.randint(*ASKED_BEFORE.get(kind, USUALLY_ASKED_BEFORE))
        asked_on = max(before.since, moved_on - days * DAY)
        status = life.law.on(moved_on - DAY)
        act = ACTS.get(life.law.on(moved_on), Act.DISCHARGE) if kind == Kind.TO_COMMUNITY else ""  # type: ignore[arg-type]
        of = self._refer(
            patient, life, kind, before, asked_on, moved_on, MoveEnd.MOVED, act, random, stay.service
        )
        asker = self._asker(kind, life, before)
        on = {
            step: asked_on + timedelta(days=round((moved_on - asked_on).days * share))
            for step, share in WHEN.items()
        }
        self._go_through(of, kind, asker, stay, on, random)
        self._authorise(of, kind, act, status, asker, on[StepKind.BED_DATE], moved_on)
        if kind == Kind.REMISSION:
            manager = self.installed.case_managers[life.person.home]
            self.clocks.write(of, self.remission, asked_on, moved_on, "met", manager=manager)
        self.of.event(of, "referrals.moved", moved_on, service=stay.service)

    def _asker(self, kind: Kind, life: Life, before: Stay) -> int:
        """The plain service that asks: the court, the community team, or whoever has the person."""
        if kind == Kind.COURT_ADMISSION:
            return self.courts[self.services[before.service or 0].region]
        if before.service is None or kind == Kind.RECALL:
            return self.teams[life.person.home]
        return before.service

    def _refer(
        self,
        patient: int,
        life: Life,
        kind: Kind,
        before: Stay,
        asked_on: date,
        ended_on: date,
        end: MoveEnd,
        act: str,
        random: Random,
        to: int | None,
    ) -> Written:
        asker, ids = self._asker(kind, life, before), self.installed.service_ids
        has_lead = to is not None and KINDS[kind].needs_bed
        is_moved = end == MoveEnd.MOVED
        grounds = list(RemissionReason)
        of = self.of.refer(
            patient,
            kind=kind.value,
            from_service_id=ids[asker],
            lead_service_id=ids[to] if has_lead and to is not None else None,
            commissioner_id=self.installed.commissioner_ids[life.person.home],
            urgency=2 if kind in WHY else 3,
            urgency_why=WHY.get(kind, USUAL_WHY),
            report_first_requested_on=asked_on,
            services_first_asked_on=None if to is None else asked_on,
            waiting_since=asked_on,
            requested_at=noon(asked_on),
            requested_by_id=self.installed.staff_of(asker),
            act=act,
            ground=random.choices(grounds, weights=(3, 1))[0].value if kind == Kind.REMISSION else "",
            received_on=ended_on if is_moved else None,
            received_service_id=ids[to] if is_moved and to is not None else None,
            ended_on=ended_on,
            end_reason=end.value,
            end_why="" if end in (MoveEnd.MOVED, MoveEnd.DIED) else "Made up: see the line of events.",
        )
        self.of.show(of, asker, "request", asked_on)
        said = {"referral": kind.value, "acts": [act] if act else []}
        self.of.event(of, "referrals.referred", asked_on, service=asker, **said)
        return of

    def _go_through(
        self, of: Written, kind: Kind, asker: int, stay: Stay, on: dict[StepKind, date], random: Random
    ) -> None:
        """Each step of the kind, in its order, done by whose it is."""
        assert stay.service is not None  # noqa: S101 (every kind leads to a service)
        steps, to = KINDS[kind].steps, stay.service
        by_id = self.installed.staff_of(asker)
        approach = self.of.ask(of, to, on[StepKind.SERVICES_ASKED], by_id=by_id, by=asker)
        if KINDS[kind].needs_bed and stay.bed:
            signed, signed_on = self._assessed(of, to, on)
            on = {**on, StepKind.ASSESSMENT: signed_on}
            tier = self.services[to].tier
            asked = Asked(to, on[StepKind.SERVICES_ASKED], "yes", on[StepKind.DECISION], "accepted", tier)
            self.of.answer(of, approach, asked, signed)
            for other in self._others(asker, to, random):
                self._declines(of, other, asker, signed, on, random)
            promised = Promise((to, *stay.bed), stay.since, stay.since + 3 * DAY)
            self.of.offer(of, approach, promised, on[StepKind.BED_DATE])
        theirs = {StepKind.DECISION, StepKind.BED_DATE, StepKind.AGREED, StepKind.MOVED, StepKind.ASSESSMENT}
        for step in steps:
            if step in WHEN:
                for_on = {"for_on": stay.since} if step == StepKind.PLANNED else {}
                service = to if step in theirs else asker
                self.of.step(of, step.value, on[step], service, with_event=step in ON_THE_LINE, **for_on)

    def _assessed(self, of: Written, service: int, on: dict[StepKind, date]) -> tuple[int, date]:
        """The current assessment where it recommends what is asked for, else one that the service then writes."""
        asked_on, decided_on = on[StepKind.SERVICES_ASKED], on[StepKind.DECISION]
        current = self.written.current(of.patient, asked_on)
        if current is not None and current.tier == self.services[service].tier:
            return current.pk, current.on
        if current is not None:
            self.written.end_currency(of.patient, current, service, asked_on)
        signed_on = min(on[StepKind.ASSESSMENT], decided_on)
        return self.written.sign(of.patient, service, asked_on, signed_on, of.pk), signed_on

    def _others(self, asker: int, to: int, random: Random) -> list[int]:
        """Services of the same tier in the region that are asked beside the one that takes the person."""
        wanted = self.services[to]
        near = [
            index
            for index, one in enumerate(self.services)
            if index not in (asker, to)
            and (one.tier, one.region, one.kind) == (wanted.tier, wanted.region, "hospital")
        ]
        return random.sample(near, k=min(len(near), random.choice((0, 0, 1))))

    def _declines(
        self, of: Written, service: int, asker: int, signed: int, on: dict[StepKind, date], random: Random
    ) -> None:
        approach = self.of.ask(
            of, service, on[StepKind.SERVICES_ASKED], by_id=self.installed.staff_of(asker), by=asker
        )
        reason = random.choices(list(DECLINES), weights=list(DECLINES.values()))[0]
        asked = Asked(
            service, on[StepKind.SERVICES_ASKED], "yes", on[StepKind.DECISION], "declined", reason=reason
        )
        self.of.answer(of, approach, asked, signed)

    def _authorise(
        self, of: Written, kind: Kind, act: str, status: Held | None, asker: int, on: date, moved_on: date
    ) -> None:
        """What the law wants for the move; of a few it was not there, and became a task."""
        named = act_of(kind, act)
        needed = authority_needed(named, *status) if named and status else None
        if needed is None or not needed.needs_record or not needed.kinds:
            return
        self.without_authority += 1
        if self.without_authority % ONE_WITHOUT_AUTHORITY_IN == 0:
            self._lacks(of, named, asker, moved_on)
            return
        usual = (AuthorityKind.WARRANT, AuthorityKind.COURT, AuthorityKind.MINISTRY_SPECIFIC)
        by_tribunal = AuthorityKind.TRIBUNAL in needed.kinds and of.pk % 2
        first = usual[::-1] if named == Act.TRANSFER else usual
        granted = AuthorityKind.TRIBUNAL if by_tribunal else next(one for one in first if one in needed.kinds)
        authority = self.people.leave.authorities.add(
            patient_id=of.patient,
            kind=granted.value,
            scope=[named],
            during=(on, moved_on + 14 * DAY),
            reference="Made up",
            recorded_at=noon(on),
            recorded_by_id=self.installed.staff_of(asker),
        )
        about, said = ("authority", authority), {"authority": granted.value, "acts": [str(named)]}
        self.people.event(of.patient, "pathways.authorised", on, by=asker, about=about, **said)

    def _lacks(self, of: Written, act: str, asker: int, moved_on: date) -> None:
        """Moved without it; whoever let them go has settled it where that is some time ago."""
        is_settled = moved_on < self.today - 45 * DAY
        settled = {
            "settled_at": noon(moved_on + 9 * DAY),
            "settled_by_id": self.installed.staff_of(asker),
            "why": "Made up: the letter was found in the post.",
        }
        missing = self.people.leave.missing.add(
            patient_id=of.patient,
            act=act,
            on=moved_on,
            about_kind="referral",
            about_id=of.pk,
            service_id=self.installed.service_ids[asker],
            noticed_at=noon(moved_on),
            noticed_by_id=self.installed.staff_of(asker),
            **(settled if is_settled else {}),
        )
        for kind, on in (
            ("pathways.unauthorised", moved_on),
            ("pathways.authority_settled", moved_on + 9 * DAY),
        ):
            if kind == "pathways.unauthorised" or is_settled:
                about = ("missing_authority", missing)
                self.people.event(of.patient, kind, on, by=asker, about=about, acts=[str(act)])

    def _failed(
        self, patient: int, life: Life, stay: Stay, end: MoveEnd, ended_on: date, random: Random
    ) -> None:
        """A move asked for from where they were, that ended without one."""
        asked_on = ended_on - random.randint(12, 50) * DAY
        if asked_on < stay.since:
            return
        kind, act = self._could_be(life.law.on(asked_on), stay, random)
        takers = list(self._takers(kind, stay, life))
        if not takers:
            return
        to = random.choice(takers)
        of = self._refer(patient, life, kind, stay, asked_on, ended_on, end, act, random, to)
        asker = stay.service or 0
        if kind == Kind.REMISSION:
            manager = self.installed.case_managers[life.person.home]
            self.clocks.write(of, self.remission, asked_on, ended_on, "void", manager=manager)
        self.of.step(of, "services_asked", asked_on, asker, with_event=False)
        on = {
            step: asked_on + timedelta(days=round((ended_on - asked_on).days * share))
            for step, share in WHEN.items()
        }
        if KINDS[kind].needs_bed and end in (MoveEnd.NOT_POSSIBLE, MoveEnd.OVERTAKEN):
            signed, signed_on = self._assessed(of, to, on)
            self.of.step(of, "assessment", signed_on, to, with_event=False)
            self._declines(of, to, asker, signed, on, random)
        else:
            self.of.ask(of, to, asked_on, by_id=self.installed.staff_of(asker), by=asker)
        self.of.event(of, "referrals.ended", ended_on, by=asker, reason=end.value)

    def _could_be(self, status: Held | None, stay: Stay, random: Random) -> tuple[Kind, str]:
        """A kind that the law allows for them, and how they would be discharged."""
        kinds = [Kind.STEP_DOWN, Kind.STEP_DOWN, Kind.SIDEWAYS, Kind.STEP_UP, Kind.TO_COMMUNITY]
        kind = random.choice([*kinds, Kind.REMISSION] if held.may_return(status) else kinds)
        if kind != Kind.TO_COMMUNITY:
            return kind, ""
        return kind, ACTS.get(self.deck.after_discharge(status), Act.DISCHARGE)

    def _takers(self, kind: Kind, stay: Stay, life: Life) -> Iterator[int]:
        """The plain services that could be asked for a move of a kind from a stay."""
        here: Service = self.services[stay.service or 0]
        if kind == Kind.REMISSION:
            yield life.stays[0].service or 0
        elif kind == Kind.TO_COMMUNITY:
            yield self.teams[life.person.home]
        else:
            tiers = ["high", "medium", "low", "step_down"]
            steps = {Kind.STEP_DOWN: 1, Kind.STEP_UP: -1, Kind.SIDEWAYS: 0}[kind]
            at = tiers.index(here.tier) + steps if here.tier in tiers else -1
            wanted = tiers[at] if 0 <= at < len(tiers) else ""
            yield from (
                index
                for index, one in enumerate(self.services)
                if one.tier == wanted and index != stay.service
            )
