"""What one person's page reads of its person: each thing once, by prepared queries, however many parts show it.

Asked of a patient that has been found by `visible_to` already. What a referral's page reads too is in
`referrals.recorded`.
"""

from functools import cached_property, lru_cache

from core.prepared import Prepared
from organisations.actor import Actor
from organisations.models import WardDesignation
from pathways.models import (
    Authority,
    BedUse,
    Clock,
    Diagnosis,
    Event,
    Leave,
    LegalDuration,
    LegalStatus,
    MissingAuthority,
    Patient,
    PatientAlias,
    Placement,
    ReadyPeriod,
    SecurityNeed,
)
from pathways.ready_lists import periods_of
from pathways.rules import held_in_passing
from pathways.tiers import Designations, by_ward
from referrals.models import Approach, Referral
from referrals.pages.line_groups import of_group

# Newest events of one page of the line.
EVENTS = 100

ALIASES = Prepared(lambda pk: PatientAlias.objects.filter(patient=pk).order_by("pk"))
# Those believed once as well: a page says what was recorded before it was put right.
PLACEMENTS = Prepared(
    lambda pk: (
        Placement.objects.filter(patient=pk)
        .select_related("service__provider", "ward", "recorded_by", "superseded_by")
        .order_by("during")
    )
)
DESIGNATIONS = Prepared(
    lambda pk: WardDesignation.objects.filter(
        ward__in=Placement.objects.current().filter(patient=pk).values("ward"), superseded_at=None
    ).order_by("during")
)
BED_USES = Prepared(
    lambda pk: (
        BedUse.objects.current().occupying().filter(patient=pk).select_related("bed__ward").order_by("pk")
    )
)
# With those whose own day another took, of which some held for a part of it.
STATUSES = Prepared(
    lambda pk: (
        (LegalStatus.objects.current() | LegalStatus.objects.replaced_on_their_day())
        .filter(patient=pk)
        .order_by("-during")
    )
)
# How long those last that have no end yet: every length ever enacted, to choose by form and day from.
LENGTHS = Prepared(
    lambda pk: LegalDuration.objects.filter(
        code__in=LegalStatus.objects.current().filter(patient=pk, during__upper_inf=True).values("code")
    )
)
LAPSED_ORDERS = Prepared(lambda pk: Clock.objects.of_lapsed_orders().filter(patient=pk))
AUTHORITIES = Prepared(
    lambda pk: (
        Authority.objects.current().filter(patient=pk).select_related("hospital").order_by("-during", "-pk")
    )
)
MISSING = Prepared(lambda pk: MissingAuthority.objects.open().filter(patient=pk).order_by("on", "pk"))
LEAVES = Prepared(
    lambda pk: Leave.objects.current().filter(patient=pk).select_related("to_ward__service", "service")
)
NEEDS = Prepared(lambda pk: SecurityNeed.objects.current().filter(patient=pk))
DIAGNOSES = Prepared(
    lambda pk: Diagnosis.objects.current().filter(patient=pk).order_by("-diagnosed_on", "-pk")
)
APPROACHES = Prepared(
    lambda pk: Approach.objects.filter(referral__patient=pk).only("referral_id", "closed_at")
)


@lru_cache(maxsize=50)
def events(group: str, page: int) -> Prepared[Event]:
    """One page of the line of events of a group, and one event more."""
    first = (page - 1) * EVENTS
    return Prepared(
        lambda pk: (
            Event.objects.filter(of_group(group), patient=pk)
            .line()
            .select_related("by", "service")[first : first + EVENTS + 1]
        )
    )


class Recorded:
    """What more than one part of the page shows, read when it is first asked for."""

    def __init__(self, patient: Patient, actor: Actor) -> None:
        self.patient, self.actor = patient, actor

    @cached_property
    def _placements(self) -> list[Placement]:
        return PLACEMENTS.of(self.patient.pk)

    @property
    def placements(self) -> list[Placement]:
        """Where they were as believed now, earliest first."""
        return [one for one in self._placements if one.superseded_at is None]

    @property
    def replaced(self) -> list[Placement]:
        """What is no longer believed of where they were, the latest correction first."""
        rows = [one for one in reversed(self._placements) if one.superseded_at is not None]
        return sorted(rows, key=lambda one: one.superseded_at, reverse=True)

    @cached_property
    def designations(self) -> Designations:
        """What each ward on which they were has been for."""
        return by_ward(DESIGNATIONS.of(self.patient.pk))

    @cached_property
    def bed_uses(self) -> list[BedUse]:
        """Beds that they were in, and that were kept for them while on leave."""
        return BED_USES.of(self.patient.pk)

    @cached_property
    def _statuses(self) -> list[LegalStatus]:
        return STATUSES.of(self.patient.pk)

    @property
    def statuses(self) -> list[LegalStatus]:
        """Legal statuses, newest first."""
        return [one for one in self._statuses if one.superseded_at is None]

    @property
    def recalls_in_passing(self) -> list[LegalStatus]:
        """Recalls that held for a part of one day, on which another status followed."""
        stood = [one for one in self._statuses if one.superseded_at is not None]
        return held_in_passing(stood, self.statuses)

    @cached_property
    def authorities(self) -> list[Authority]:
        """Authorities on record, newest first."""
        return AUTHORITIES.of(self.patient.pk)

    @cached_property
    def missing(self) -> list[MissingAuthority]:
        """What was done without an authority on record and is not settled, oldest first."""
        return MISSING.of(self.patient.pk)

    @cached_property
    def leaves(self) -> list[Leave]:
        """Every leave as believed now: planned, taken or cancelled."""
        return LEAVES.of(self.patient.pk)

    @cached_property
    def ready_periods(self) -> list[ReadyPeriod]:
        """Days of being ready to move on, newest first."""
        return periods_of(self.patient)

    @cached_property
    def referrals(self) -> list[Referral]:
        """Transfers and referrals of other kinds that the actor may see, newest first."""
        asked = Referral.objects.visible_to(self.actor).filter(patient=self.patient)
        return list(asked.select_related("from_service", "received_service").order_by("-requested_at", "-pk"))
