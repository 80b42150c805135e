"""For whom another move can be asked now, by what the law and the beds allow; those with a current assessment first."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import zip_longest

from django.db.models import Case, Exists, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce

from assessments.models import SignedAssessment
from organisations.models import Bed, Service
from pathways import days
from pathways.codes import Act, LegalForm
from pathways.models import LegalStatus, Placement
from pathways.rules import Held, authority_needed, held_of
from pathways.rules.legal import WAYS_BACK, Agrees, StatusKind, rule_of
from referrals.codes import Kind
from referrals.models import Referral
from referrals.rules import KINDS
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
        assessed_tier = Coalesce(Subquery(current.values("tier")[:1]), Value(""))
        free = rows.exclude(Exists(waiting)).annotate(assessed_tier=assessed_tier)
        places: dict[tuple[int | None, int | None], list[Placement]] = defaultdict(list)
        assessed_first = Case(When(assessed_tier="", then=1), default=0)
        for row in free.order_by(assessed_first, "service", "pk").select_related(
            "service", "ward", "patient"
        ):
            places[row.service_id, row.ward_id].append(row)
        found = [row for turn in zip_longest(*places.values()) for row in turn if row is not None]
        return found[:MOST_LOOKED_AT]

    def status_of(self, placement: Placement) -> LegalStatus | None:
        """What somebody is held under now."""
        return self.held.get(placement.patient_id)

    def take(self, kind: Kind, *, assessed: bool) -> Iterator[Placement]:
        """Those for whom a kind can be asked, of each legal status one before the second of any.

        Where somebody who needs a bed was assessed, that recommends the tier to which the kind leads.
        """
        fitting: dict[Held, list[Placement]] = defaultdict(list)
        for one in self.people:
            if bool(one.assessed_tier) == assessed and self._fits(kind, one):
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
            may = fits[kind]()
        else:
            may = bool(self.wanted(kind, placement)) and not self._is_for_the_court(status)
        needs_bed = KINDS[kind].needs_bed and placement.assessed_tier  # type: ignore[attr-defined]
        return may and (not needs_bed or placement.assessed_tier == self.wanted(kind, placement))  # type: ignore[attr-defined]

    def wanted(self, kind: str, placement: Placement) -> str:
        """The tier of a ward to which a kind leads from where somebody is, or nothing."""
        if kind in (Kind.COURT_ADMISSION, Kind.RECALL):
            return "medium"
        here = self.tiers.get(placement.ward_id or 0, "")
        return "low" if kind == Kind.ADMISSION else self.towards(kind, here)

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
