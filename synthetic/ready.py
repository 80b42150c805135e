"""Made-up times of being ready to move on, needs of security, and prices for the tiers that have none.

Shares and reasons are ours: nothing published says them for secure services.
"""

from collections import defaultdict
from datetime import date, timedelta
from random import Random

from organisations.rules import SECURITY_ORDER
from pathways.days import noon
from pathways.models import BedPrice, ReadyPeriod, SecurityNeed
from pathways.ready_codes import ReadyReason, WaitsOn
from pathways.rules import is_restricted
from pathways.rules.legal import rule_of
from synthetic.copying import Table
from synthetic.held import Law, is_for_the_court
from synthetic.installation import Installation
from synthetic.lives import Life, Stay

# Almost every step down was decided some time before it happened; of other ways out, many.
SHARE_READY = {"down": 0.93, "out": 0.6}
SHARE_READY_NOW = 0.16
# Of longer stays, those in which somebody was ready once and became unwell before they moved.
SHARE_UNWELL = 0.12
# How else than by a move on a wait ended, by where they went; of the others, those not ready for another reason.
HOW_IT_TURNED = {"died": "died", "step_up": "higher"}
SHARE_TURNED, SHARE_OTHER = 0.4, 0.15
ENDED_WHY = {
    "unwell": "Made up: unsettled again, back on enhanced observation.",
    "other": "Made up: the place was withdrawn, and the team looks again.",
}
SHARE_TWO_REASONS = 0.25
SHARE_STRAIGHT_OUT = 0.45
# Days from ready to moved: lognormal, median 45.
WAIT_MU, WAIT_SIGMA, SETTLES = 3.8, 0.9, timedelta(days=14)
NEXT_TIER = {"high": "medium", "medium": "low", "low": "step_down"}
# Reason, who has to act, to whom the wait is attributable, and its weight; for another ward, the community and prison.
WARD = [
    ("05", "commissioner", "04", 42),
    ("24", "ministry", "04", 24),
    ("12", "commissioner", "04", 9),
    ("13", "own_hospital", "04", 9),
    ("04", "commissioner", "04", 7),
    ("31", "ministry", "04", 5),
    ("31", "own_hospital", "04", 1),
    ("36", "own_hospital", "04", 3),
    ("98", "other", "04", 4),
]
COMMUNITY = [
    ("18", "housing", "07", 34),
    ("24", "ministry", "04", 16),
    ("32", "housing", "07", 10),
    ("03", "local_authority", "05", 9),
    ("04", "commissioner", "06", 9),
    ("12", "commissioner", "04", 6),
    ("01", "other", "04", 6),
    ("25", "court", "04", 6),
    ("11", "person", "04", 4),
    ("02", "other", "04", 3),
    ("07", "local_authority", "05", 3),
    ("08", "commissioner", "06", 3),
    ("09", "local_authority", "06", 3),
    ("10", "other", "06", 1),
    ("14", "housing", "07", 2),
    ("15", "housing", "07", 3),
    ("16", "person", "07", 1),
    ("17", "housing", "07", 2),
    ("19", "housing", "07", 2),
    ("26", "court", "05", 1),
    ("27", "local_authority", "05", 1),
    ("28", "court", "04", 1),
    ("33", "commissioner", "06", 1),
    ("34", "local_authority", "05", 3),
    ("35", "other", "04", 2),
    ("37", "other", "05", 1),
]
PRISON = [("06", "service", "04", 1)]
ASKED = {
    "05": "A place on a ward of the next tier",
    "24": "Consent to the move",
    "18": "A place in a staffed house",
    "98": "Not known who has to act",
    "01": "The community team is to name a care coordinator",
}
PRICES = {"step_down": 285, "general": 430, "community": 70}


class Waits:
    """Tables of being ready, of needs, and of prices."""

    def __init__(self, installed: Installation, today: date) -> None:
        self.installed, self.today, self.random = installed, today, Random(518)
        self.periods, self.needs, self.prices = Table(ReadyPeriod), Table(SecurityNeed), Table(BedPrice)
        self.assessed: dict[int, list[tuple[date, str, int, int | None]]] = defaultdict(list)
        self.ready_for: dict[int, str] = {}
        for tier, pounds in PRICES.items():
            self.prices.add(
                tier=tier,
                pounds_a_day=pounds,
                effective=(date(2000, 1, 1), None),
                price_year=2025,
                source="Made up for this demonstration",
            )

    def tables(self) -> list[Table]:
        """In no particular order."""
        return [self.periods, self.needs, self.prices]

    def write(self, patient: int, life: Life) -> list[tuple[str, int, date, int, dict]]:
        """Every time that somebody was ready. The answer is what the line of events says of it."""
        self.said: list[tuple[str, int, date, int, dict]] = []
        for stay, after in zip(life.stays, [*life.stays[1:], None], strict=True):
            if stay.bed is not None and stay.since != stay.until:
                self._stay(patient, life, stay, after)
        return self.said

    def _stay(self, patient: int, life: Life, stay: Stay, after: Stay | None) -> None:
        tier, chance = self._tier(stay), self.random.random
        since, until = stay.since + SETTLES, stay.until or self.today
        next_tier = self._tier(after) if after else self._next(tier)
        if (until - since).days > 200 and chance() < SHARE_UNWELL:
            begins = since + timedelta(days=self.random.randrange(20, 60))
            ends = begins + timedelta(days=self.random.randrange(5, 60))
            how = "other" if chance() < SHARE_OTHER else "unwell"
            if _free_of_courts(life.law, ends) <= begins:
                self._period(patient, life, stay, begins, ends, how, NEXT_TIER.get(tier, "community"))
            since = ends + timedelta(days=30)
        turned = HOW_IT_TURNED.get(after.elsewhere or after.came_by, "") if after else ""
        if turned:
            next_tier = self._next(tier)
        if not _is_on(tier, next_tier) or chance() >= (SHARE_TURNED if turned else self._share(after)):
            return
        days = max(3, round(self.random.lognormvariate(WAIT_MU, WAIT_SIGMA)))
        begins = max(since, until - timedelta(days=days), _free_of_courts(life.law, until))
        if begins >= until:
            return
        self._wait(patient, life, stay, begins, stay.until, next_tier, turned or "moved")

    def _next(self, tier: str) -> str:
        """What somebody who is still there may need next; from low security often no other ward."""
        straight_out = tier == "low" and self.random.random() < SHARE_STRAIGHT_OUT
        return "community" if straight_out else NEXT_TIER.get(tier, "community")

    @staticmethod
    def _share(after: Stay | None) -> float:
        if after is None:
            return SHARE_READY_NOW
        return SHARE_READY["down" if after.bed else "out"]

    def _wait(
        self,
        patient: int,
        life: Life,
        stay: Stay,
        begins: date,
        until: date | None,
        next_tier: str,
        how: str,
    ) -> None:
        """One wait, sometimes for two reasons."""
        ended_as = how if until else ""
        days = ((until or self.today) - begins).days
        if days < 20 or self.random.random() >= SHARE_TWO_REASONS:
            self._period(patient, life, stay, begins, until, ended_as, next_tier)
            return
        other = begins + timedelta(days=days // 2)
        first = self._period(patient, life, stay, begins, other, "reason", next_tier)
        self._period(
            patient, life, stay, other, until, ended_as, next_tier, ready_since=begins, but_not=first
        )

    def _period(
        self,
        patient: int,
        life: Life,
        stay: Stay,
        since: date,
        until: date | None,
        ended_as: str,
        next_tier: str,
        *,
        ready_since: date | None = None,
        but_not: str = "",
    ) -> str:
        """One row; the answer is its reason."""
        among = {"community": COMMUNITY, "prison": PRISON}.get(next_tier, WARD)
        last = until - timedelta(days=1) if until else self.today
        lawful = [row for row in among if _fits_law(row[0], row[1], life.law, since, last)]
        usable = [row for row in lawful if row[0] != but_not] or lawful
        reason, waits_on, party, _ = self.random.choices(usable, weights=[row[3] for row in usable])[0]
        prison = self.installed.service_ids[life.stays[0].service or 0]
        commissioner = self.installed.commissioner_ids[life.person.home]
        period = self.periods.add(
            patient_id=patient,
            service_id=self.installed.service_ids[stay.service or 0],
            during=(since, until),
            ready_since=ready_since or since,
            reason_code=reason,
            attributable_to=party,
            next_tier=next_tier,
            waits_on=waits_on,
            waits_on_service_id=prison if waits_on == "service" else None,
            waits_on_commissioner_id=commissioner if waits_on == "commissioner" else None,
            waits_on_words=ASKED.get(reason, "" if waits_on != "other" else "To be found out"),
            ended_as=ended_as,
            ended_why=ENDED_WHY.get(ended_as, ""),
            recorded_at=noon(since),
            recorded_by_id=self.installed.staff_of(stay.service),
        )
        if until is None:
            self.ready_for[patient] = next_tier
        kind = "pathways.ready_reason_changed" if ready_since else "pathways.ready"
        details = {"reason": reason, "tier": next_tier}
        self.said.append((kind, stay.service or 0, since, period, details))
        if until is not None and ended_as != "reason":
            ended = {**details, "ended_as": ended_as}
            self.said.append(("pathways.ready_ended", stay.service or 0, until, period, ended))
        return reason

    def _tier(self, stay: Stay | None) -> str:
        if stay is None or stay.service is None:
            return "community" if stay and stay.elsewhere in ("released", "abroad") else ""
        service = self.installed.services[stay.service]
        if stay.bed:
            return service.wards[stay.bed[0]].tier
        return {"prison": "prison", "removal_centre": "prison", "community": "community"}.get(
            service.kind, ""
        )

    def assess(self, patient: int, on: date, tier: str, signed: int, by: int | None) -> None:
        """What a signed assessment says somebody needs; written once all of theirs are known."""
        self.assessed[patient].append((on, tier, signed, by))

    def write_needs(self) -> None:
        """Each need holds until the next; of two on one day, the later signed."""
        for patient, found in self.assessed.items():
            by_day = {
                on: (tier, signed, by) for on, tier, signed, by in sorted(found, key=lambda row: row[:3:2])
            }
            days = [*sorted(by_day), None]
            for number, on in enumerate(sorted(by_day)):
                tier, signed, by = by_day[on]
                self.needs.add(
                    patient_id=patient,
                    tier=tier,
                    during=(on, days[number + 1]),
                    about_kind="signed_assessment",
                    about_id=signed,
                    recorded_at=noon(on),
                    recorded_by_id=by,
                )


def _fits_law(reason: str, waits_on: str, law: Law, first: date, last: date) -> bool:
    """Whether somebody can have waited for this, by what they were held under: the Ministry agrees to moves of those
    who are restricted, and proceedings under mental health law are about those who are detained.
    """
    statuses = [law.on(first), law.on(last)]
    if waits_on == WaitsOn.MINISTRY:
        return all(one is not None and is_restricted(*one) for one in statuses)
    if reason == ReadyReason.LEGAL_PROCEEDINGS:
        return all(one is not None and rule_of(*one).detains for one in statuses)
    return True


def _free_of_courts(law: Law, before: date) -> date:
    """From when it is no court that moves them, by what they were held under before a day."""
    theirs = [one for one in law.periods if is_for_the_court(one.held) and one.since < before]
    return max((one.until or date.max for one in theirs), default=date.min)


def _is_on(tier: str, next_tier: str) -> bool:
    """Whether a next tier is one that somebody can be ready for."""
    order = [str(one) for one in SECURITY_ORDER]
    if next_tier == "prison":
        return True
    return {tier, next_tier} <= set(order) and order.index(next_tier) > order.index(tier)
