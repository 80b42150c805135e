"""Wards and beds for one person who needs a bed, each with how it answers every constraint, in the order of the rules.

For a referral of any kind. The number of queries is the same however many wards and beds there are. Says nothing of
who is in a bed, and takes from the person's record only what the reader may know.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, TextField
from django.db.models.functions import Cast
from psycopg2.extras import DateTimeTZRange

from accounts.rights import Right
from assessments.existing import existing_of
from assessments.models import SignedAssessment
from core.refusals import refusal
from organisations.actor import Actor
from organisations.models import AdmissionCriterion, Bed, WardDesignation
from pathways.bed_fit import wards_in_conflict
from pathways.codes import MhsdsLegalStatus
from pathways.models import BedUse, Diagnosis, LegalStatus
from referrals.models import Approach, LegalBasis, Referral
from referrals.rules import Act, check_may, check_open, origin_of
from referrals.rules import matching as rules
from referrals.waiting_lists import waiting_before

# The section, as an admission criterion names it, of each legal status under which somebody is in hospital. Of section
# 48 the limb says which; none is known for the statuses that are not here.
SECTION_OF: dict[str, str] = {
    MhsdsLegalStatus.S2: "2",
    MhsdsLegalStatus.S3: "3",
    MhsdsLegalStatus.S35: "35",
    MhsdsLegalStatus.S36: "36",
    MhsdsLegalStatus.S37: "37",
    MhsdsLegalStatus.S37_41: "37",
    MhsdsLegalStatus.S38: "38",
    MhsdsLegalStatus.S45A: "45A",
    MhsdsLegalStatus.S45A_ENDED: "45A",
    MhsdsLegalStatus.S47: "47",
    MhsdsLegalStatus.S47_49: "47",
    MhsdsLegalStatus.S48: "48",
    MhsdsLegalStatus.S48_49: "48",
}


@dataclass(frozen=True)
class Wanted:
    """What is looked for: the need as the rules read it, and what people read beside it.

    `tier_unknown`: where no tier is compared, what is not known and who can say; else empty.
    """

    need: rules.Need
    tier_unknown: str
    home_region: str
    special_needs: str
    signed: dict[str, Any] | None


@dataclass(frozen=True)
class MatchedBed:
    """A bed of a matched ward, and when it can be had."""

    public_id: Any
    name: str
    free: rules.Free


@dataclass(frozen=True)
class Match:
    """One ward in its place in the order. `approach`: of its service in this referral, while that is open."""

    place: int
    service_id: int
    service_public_id: Any
    service_name: str
    telephone: str
    provider: str
    region: str
    region_name: str
    ward_public_id: Any
    ward_name: str
    tier: str
    findings: dict[str, rules.Finding]
    beds: list[MatchedBed]
    approach: Any = None

    @property
    def dated(self) -> list[MatchedBed]:
        """The beds of which something is known of when they are free, soonest first."""
        return [bed for bed in self.beds if bed.free.why != rules.FreeFrom.UNKNOWN]

    @property
    def is_free_now(self) -> bool:
        """Whether a bed of it is nobody's, or held for this person."""
        return any(bed.free.is_now for bed in self.beds)

    @property
    def unmet(self) -> int:
        """How many constraints are not met."""
        return sum(one.state == rules.State.UNMET for one in self.findings.values())


def wanted_for(referral: Referral, actor: Actor) -> Wanted:
    """What the person needs, of which the reader is told no more than elsewhere."""
    patient = referral.patient
    signed = _signed(referral, actor)
    advice = signed["advice"] if signed else {}
    reads_clinical = actor.has(Right.READ_CLINICAL)
    region = patient.home_area.region if patient.home_area else None
    silence = None if advice.get("tier") else _silence_on_tier(referral, actor)
    need = rules.Need(
        tier=advice.get("tier", ""),
        also_suitable=tuple(advice.get("also_suitable", ())),
        ward_gender=advice.get("ward_gender", ""),
        stated_gender=patient.stated_gender,
        diagnoses=_diagnoses(referral) if reads_clinical else (),
        sections=_sections(referral, actor),
        region=region.code if region else "",
        **({"unread_tier": silence.short} if silence else {}),
        **({} if reads_clinical else {"unread_diagnoses": rules.KEPT_DIAGNOSES}),
    )
    unknown = silence.full if silence else ""
    return Wanted(need, unknown, region.name if region else "", advice.get("special_needs", ""), signed)


def _silence_on_tier(referral: Referral, actor: Actor) -> rules.Silence:
    """Who can say which tier, of what everybody concerned may know of the assessment: by whom, and its dates."""
    assessed = existing_of(referral.patient, actor)
    signed = next((one for one in assessed if one.is_current), None)
    writing = next((one for one in assessed if not one.is_signed), None)
    return rules.silence_on_tier(
        signed_by=signed.service if signed else "",
        signed_on=signed.on if signed else None,
        writing=writing.service if writing else "",
        due_on=writing.until if writing else None,
        lead=referral.lead_service.name if referral.lead_service else "",
    )


def _signed(referral: Referral, actor: Actor) -> dict[str, Any] | None:
    """The current shared assessment, of those that the reader may read, without its passages."""
    current = SignedAssessment.objects.visible_to(actor).of(referral.patient).current(on=actor.today)
    return current.values(
        "public_id", "signed_at", service_name=F("service__name"), advice=F("content__recommendation")
    ).first()


def _diagnoses(referral: Referral) -> tuple[str, ...]:
    held = Diagnosis.objects.current().filter(patient=referral.patient_id)
    return tuple(held.values_list("icd10", flat=True))


def _sections(referral: Referral, actor: Actor) -> tuple[str, ...]:
    """The section asked for, or else the one under which the person is."""
    here = {"during__contains": actor.today}
    asked = (
        LegalBasis.objects.current().filter(referral=referral, **here).values_list("section", "limb").first()
    )
    if asked is None:
        status = LegalStatus.objects.current().filter(patient=referral.patient_id, **here)
        held = status.values_list("code", "limb").first()
        asked = (SECTION_OF.get(held[0], ""), held[1]) if held else None
    if not asked or not asked[0]:
        return ()
    section, limb = asked
    if section != "48":
        return (section,)
    return (f"48({limb})",) if limb else ()


def matches_for(referral: Referral, need: rules.Need, actor: Actor) -> list[Match]:
    """Every ward that is open, in order."""
    at = actor.at
    beds = _beds(referral, at)
    criteria = _criteria()
    conflicts = wards_in_conflict(referral.patient, since=at, until=None)
    approaches = {
        one.service_id: one for one in Approach.objects.open().filter(referral=referral).with_outcome()
    }
    waiting = waiting_before(referral)
    found = []
    for row in _wards(at):
        service_id, ward_id, tier = row["service_id"], row["ward_id"], row["tier"]
        approach = approaches.get(service_id)
        offered = rules.Offered(
            tier=tier,
            gender=row["gender"],
            specialties=tuple(row["specialties"]),
            region=row["region"],
            region_name=row["region_name"],
            published=criteria.get(service_id, ()),
            in_conflict=ward_id in conflicts,
            is_asked=approach is not None,
            outcome=(approach.outcome or "") if approach else "",
            beds=tuple(bed.free for bed in beds.get(ward_id, ())),
            waiting=waiting.get((service_id, tier), 0),
        )
        findings = rules.findings_of(need, offered)
        found.append((rules.order_of(findings), row, findings, approach))
    found.sort(key=lambda one: (one[0], one[1]["service_name"], one[1]["ward_name"], one[1]["ward_id"]))
    return [
        _match(place, row, findings, beds.get(row["ward_id"], []), approach)
        for place, (_, row, findings, approach) in enumerate(found, start=1)
    ]


def _match(place: int, row: dict[str, Any], findings: Any, beds: list[MatchedBed], approach: Any) -> Match:
    shown = {name: value for name, value in row.items() if name not in ("ward_id", "gender", "specialties")}
    return Match(place=place, findings=findings, beds=beds, approach=approach, **shown)


def _wards(at: datetime) -> list[dict[str, Any]]:
    """Wards that are something at an instant, of services in use."""
    standing = WardDesignation.objects.filter(
        during__contains=at, superseded_at=None, ward__service__is_open=True
    )
    return list(
        standing.values(
            "ward_id",
            "tier",
            "gender",
            "specialties",
            ward_name=F("ward__name"),
            ward_public_id=F("ward__public_id"),
            service_id=F("ward__service"),
            service_public_id=F("ward__service__public_id"),
            service_name=F("ward__service__name"),
            telephone=F("ward__service__referral_telephone"),
            provider=F("ward__service__provider__name"),
            region=F("ward__service__region__code"),
            region_name=F("ward__service__region__name"),
        )
    )


def _criteria() -> dict[int, tuple[rules.Published, ...]]:
    """What each service publishes, by its id."""
    found: dict[int, list[rules.Published]] = defaultdict(list)
    published = AdmissionCriterion.objects.filter(is_open=True).order_by("kind", "pk")
    for service, kind, words, takes, covers in published.values_list(
        "service_id", "kind", "words", "takes", "covers"
    ):
        found[service].append(rules.Published(kind, words, takes, tuple(covers)))
    return {service: tuple(criteria) for service, criteria in found.items()}


def _beds(referral: Referral, at: datetime) -> dict[int, list[MatchedBed]]:
    """The beds of each ward, soonest first, by the ward's id. A bed that the person is in already is no offer."""
    uses: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    lasting = BedUse.objects.current().filter(during__overlap=DateTimeTZRange(at, None))
    for use in lasting.values_list("bed_id", "patient_id", "purpose", "during__endswith", "expected_end_at"):
        uses[use[0]].append(use[1:])
    found: dict[int, list[MatchedBed]] = defaultdict(list)
    beds_in_service = Bed.objects.filter(ward__service__is_open=True)
    # As text: to make a UUID of each takes longer than everything else here.
    ids = Cast("public_id", TextField())
    for pk, public_id, name, ward_id in beds_in_service.values_list("pk", ids, "name", "ward_id"):
        free = _free(uses.get(pk, ()), referral.patient_id, at)
        if free is not None:
            found[ward_id].append(MatchedBed(public_id, name, free))
    for beds in found.values():
        beds.sort(key=lambda bed: (bed.free.order, len(bed.name), bed.name))  # bed 2 before bed 10
    return found


WHY = {
    BedUse.Purpose.OCCUPIED: rules.FreeFrom.DEPARTURE,
    BedUse.Purpose.LEAVE: rules.FreeFrom.DEPARTURE,
    BedUse.Purpose.HELD: rules.FreeFrom.HOLD,
    BedUse.Purpose.CLOSED: rules.FreeFrom.CLOSED,
    BedUse.Purpose.NOT_IN_USE: rules.FreeFrom.NEW,
}

OWN, NOW, UNKNOWN = (
    rules.Free(why) for why in (rules.FreeFrom.OWN, rules.FreeFrom.NOW, rules.FreeFrom.UNKNOWN)
)


def _free(uses: Any, patient_id: int, at: datetime) -> rules.Free | None:
    """When a bed can be had after everything that others do with it.

    None where the person is in it, and where the ward has given it up or is going to.
    """
    theirs = {purpose for patient, purpose, _, _ in uses if patient == patient_id}
    if theirs - {BedUse.Purpose.HELD}:
        return None
    others = [use for use in uses if use[0] != patient_id]
    if any(purpose == BedUse.Purpose.NOT_IN_USE and ends is None for _, purpose, ends, _ in others):
        return None
    if any(ends is None and expected is None for _, _, ends, expected in others):
        return UNKNOWN
    if theirs:
        return OWN
    if not others:
        return NOW
    # As `BedUse.claimed` has it: to the end or the expected one, whichever comes first.
    ends = [(min(filter(None, (ends, expected))), purpose) for _, purpose, ends, expected in others]
    last, purpose = max(ends)
    return rules.Free(rules.FreeFrom.OVERDUE if last <= at else WHY[BedUse.Purpose(purpose)], last)


@dataclass(frozen=True)
class Sides:
    """What somebody who looks for a bed may do with what they find: ask any service, give beds of their own."""

    may_ask: bool
    giving: frozenset[int]


ASKING = (Right.REQUEST_TRANSFER, Right.TRIAGE)
FINDING = (*ASKING, Right.OFFER_BED)


def sides_of(referral: Referral, actor: Actor) -> Sides:
    """What the actor may do with beds that are found; refused where that is nothing."""
    check_open(referral.ended_on)
    may_ask = any(map(actor.has, ASKING)) and not refusal(
        check_may,
        Act.ASK,
        prison_id=referral.from_service_id,
        origin=origin_of(referral.kind),
        by=actor,
    )
    asked = referral.approaches.open().values_list("service_id", flat=True)
    giving = frozenset(one for one in asked if actor.has(Right.OFFER_BED) and actor.works_at(one))
    rules.check_may_find(may_ask=may_ask, may_give=bool(giving))
    return Sides(may_ask, giving)
