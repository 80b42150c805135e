"""For whom another move can be asked now, by what the law and the beds allow; those with a current assessment first."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import zip_longest

from django.db.models import Exists, OuterRef

from assessments.models import SignedAssessment
from organisations.models import Bed, Service
from pathways import days
from pathways.codes import Act, LegalForm
from pathways.models import LegalStatus, Placement
from pathways.rules import Held, authority_needed, held_of
from pathways.rules.legal import WAYS_BACK, Agrees, StatusKind, rule_of
from referrals.codes import Kind
from referrals.models import Referral
from synthetic.by_actions import Plays

SETTLED = timedelta(days=60)
# A nation has many more than are asked for.
MOST_LOOKED_AT = 3_000
SECURE = ("high", "medium", "low")
TOWARDS = {Kind.STEP_DOWN: 1, Kind.STEP_UP: -1, Kind.SIDEWAYS: 0}
DISCHARGES = (Act.CONDITIONAL_DISCHARGE, Act.COMMUNITY_TREATMENT, Act.DISCHARGE)
COMMUNITY_FORMS = (LegalForm.CONDITIONAL_DISCHARGE, LegalForm.COMMUNITY_TREATMENT)
PLACES = Service.Kind


class Candidates:
    """Everybody who is somewhere since a while, nothing else being asked for them; each is given out once."""

    def __init__(self, plays: Plays) -> None:
        self.plays, self.today = plays, days.london_date(plays.now)
        wards = Bed.objects.values_list("ward", "ward__designations__tier").distinct()
        self.tiers = dict(wards.filter(ward__designations__during__contains=plays.now))
        held = LegalStatus.objects.current().filter(during__upper_inf=True)
        self.held = {status.patient_id: status for status in held}
        self.people = self._people(plays)

    def _people(self, plays: Plays) -> list[Placement]:
        """Of each place one before the second of any."""
        current = SignedAssessment.objects.current(on=self.today).filter(patient=OuterRef("patient"))
        waiting = Referral.objects.open().filter(patient=OuterRef("patient"))
        rows = Placement.objects.current().filter(
            during__upper_inf=True,
            service__in=plays.installed.service_ids,
            during__startswith__lt=plays.now - SETTLED,
            patient__died_on=None,
            patient__has_restricted_access=False,
        )
        free = rows.exclude(Exists(waiting)).annotate(is_assessed=Exists(current))
        places: dict[tuple[int | None, int | None], list[Placement]] = defaultdict(list)
        for row in free.order_by("-is_assessed", "service", "pk").select_related(
            "service", "ward", "patient"
        ):
            places[row.service_id, row.ward_id].append(row)
        found = [row for turn in zip_longest(*places.values()) for row in turn if row is not None]
        return found[:MOST_LOOKED_AT]

    def status_of(self, placement: Placement) -> LegalStatus | None:
        """What somebody is held under now."""
        return self.held.get(placement.patient_id)

    def take(self, kind: Kind, *, assessed: bool) -> Iterator[Placement]:
        """Those for whom a kind can be asked, of each legal status one before the second of any."""
        fitting: dict[Held, list[Placement]] = defaultdict(list)
        for one in self.people:
            if one.is_assessed == assessed and self._fits(kind, one):
                fitting[held_of(self.status_of(one))].append(one)
        for turn in zip_longest(*fitting.values()):
            for one in turn:
                if one is not None and one in self.people:
                    self.people.remove(one)
                    yield one

    def _fits(self, kind: Kind, placement: Placement) -> bool:
        assert placement.service is not None  # noqa: S101 (only people at a service are looked at)
        at, status = placement.service.kind, self.status_of(placement)
        tier = self.tiers.get(placement.ward_id or 0, "")
        fits: dict[Kind, Callable[[], bool]] = {
            Kind.COURT_ADMISSION: lambda: at == PLACES.PRISON,
            Kind.ADMISSION: lambda: tier == "general" or (at == PLACES.COMMUNITY and self._is_free(status)),
            Kind.RECALL: lambda: (
                at == PLACES.COMMUNITY and status is not None and status.form in COMMUNITY_FORMS
            ),
            Kind.REMISSION: lambda: at == PLACES.HOSPITAL and held_of(status) in WAYS_BACK,
            Kind.TO_COMMUNITY: lambda: tier in ("low", "step_down") and not self._is_for_the_court(status),
        }
        if kind in fits:
            return fits[kind]()
        return bool(self.towards(kind, tier)) and not self._is_for_the_court(status)

    @staticmethod
    def _is_free(status: LegalStatus | None) -> bool:
        return status is None or rule_of(*held_of(status)).kind == StatusKind.NONE

    @staticmethod
    def _is_for_the_court(status: LegalStatus | None) -> bool:
        return status is None or rule_of(*held_of(status)).kind == StatusKind.COURT

    @staticmethod
    def towards(kind: str, tier: str) -> str:
        """The tier that a move of a kind leads to from another, or nothing."""
        if tier not in SECURE:
            return ""
        at = SECURE.index(tier) + TOWARDS[Kind(kind)]
        return SECURE[at] if 0 <= at < len(SECURE) else ""

    def discharge_of(self, placement: Placement) -> str:
        """How somebody can be discharged under what holds."""
        held = held_of(self.status_of(placement))
        possible = (act for act in DISCHARGES if authority_needed(act, *held).agrees != Agrees.IMPOSSIBLE)
        return next(possible)
