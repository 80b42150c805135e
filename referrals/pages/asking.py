"""What a request is made of: the services that can be asked, and the answers as they are read before sending."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Case, IntegerField, Q, Value, When
from django.urls import reverse

from core.models import Draft
from core.pages import long_date
from organisations.models import Bed, Service, WardGender
from organisations.rules import HOSPITAL_TIERS, Tier
from pathways.codes import Limb, StatedGender
from pathways.free_beds import free_beds
from pathways.models import Patient, Placement
from referrals import rules
from referrals.codes import LegalSection, Urgency
from referrals.forms.fields import HOSPITAL, services_of
from referrals.pages import finding, order

# More rows than anybody reads; the filter narrows them.
MOST_SHOWN = 40


@dataclass(frozen=True)
class Choice:
    """The services offered: those ticked first, then those that the filter lets through, home area first."""

    services: Any
    hints: dict[str, str]
    total: int
    tiers: list[tuple[str, str]]
    genders: list[tuple[str, str]]
    regions: list[tuple[str, str]]

    def valid(self, given: list[str]) -> list[str]:
        """Of what was ticked, what is there."""
        return [one for one in given if one in self.hints]


# Wards for whom fit a person by the gender they state; others are not guessed.
WARDS_FOR = {StatedGender.MALE: WardGender.MEN, StatedGender.FEMALE: WardGender.WOMEN}


def for_person(patient: Patient) -> dict[str, str]:
    """The filter as it begins: wards for the person's gender."""
    return {"gender": WARDS_FOR.get(StatedGender(patient.stated_gender), "")}


def narrowed_by(asked: Mapping[str, Any]) -> dict[str, str]:
    """The filter as asked for; unknown values fall away."""
    words = str(asked.get("words", ""))[:80].replace("\0", "")
    return {
        "words": words,
        "tier": asked.get("tier", "") if asked.get("tier", "") in Tier.values else "",
        "gender": asked.get("gender", "") if asked.get("gender", "") in WardGender.values else "",
        "region": str(asked.get("region", ""))[:3].replace("\0", ""),
    }


def ticked(answers: Mapping[str, Any]) -> list[str]:
    """The services ticked so far: while filtering, or as answered."""
    unsent = answers.get("ticked")
    return unsent if unsent is not None else (answers.get("services") or {}).get("services", [])


def choice(
    actor: Any,
    narrowing: dict[str, str],
    given: list[str],
    *,
    home_area_id: int | None,
    but: Collection[int] = (),
    kinds: Collection[str] = HOSPITAL,
) -> Choice:
    """Open services of some kinds that the filter lets through, with those ticked already, `but` for some."""
    hospitals = services_of(actor, kinds).exclude(pk__in=but)
    if Service.Kind.HOSPITAL not in kinds:  # only hospitals have wards to choose by
        narrowing = {**narrowing, "tier": "", "gender": ""}
    chosen = [UUID(one) for one in given if _is_id(one)]
    fitting = _narrow(hospitals, narrowing, actor.at)
    near = Case(
        When(commissioner_id=home_area_id, then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    shown = list(fitting.annotate(near=near).order_by("near", "name").values_list("pk", flat=True).distinct())
    offered = (
        hospitals.filter(Q(pk__in=shown[:MOST_SHOWN]) | Q(public_id__in=chosen))
        .annotate(
            place=Case(
                When(public_id__in=chosen, then=Value(0)),
                When(commissioner_id=home_area_id, then=Value(1)),
                default=Value(2),
                output_field=IntegerField(),
            )
        )
        .order_by("place", "name")
    )
    regions = sorted(set(hospitals.values_list("region__code", "region__name")), key=lambda pair: pair[1])
    return Choice(
        services=offered,
        hints=_hints(offered, actor, home_area_id),
        total=len(shown),
        tiers=[(tier.value, tier.label) for tier in HOSPITAL_TIERS],
        genders=list(WardGender.choices),
        regions=regions,
    )


def _is_id(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False


def _narrow(hospitals: Any, narrowing: dict[str, str], at: Any) -> Any:
    """One ward must be both of the tier and for the gender, so they are asked of the same designation."""
    ward = {}
    if narrowing["tier"]:
        ward["wards__designations__tier"] = narrowing["tier"]
    if narrowing["gender"]:
        ward["wards__designations__gender__in"] = [narrowing["gender"], WardGender.MIXED]
    if ward:
        ward |= {"wards__designations__during__contains": at, "wards__designations__superseded_at": None}
        hospitals = hospitals.filter(**ward)
    if narrowing["region"]:
        hospitals = hospitals.filter(region__code=narrowing["region"])
    for word in narrowing["words"].split():
        hospitals = hospitals.filter(Q(name__icontains=word) | Q(provider__name__icontains=word))
    return hospitals


def _hints(offered: Any, actor: Any, home_area_id: int | None) -> dict[str, str]:
    """Under each service: its wards and their free beds, its region and provider, and whether it is the home area's."""
    wards = _wards(offered, actor)
    hints = {}
    for one in offered.select_related("region", "provider"):
        parts = [
            *_ward_words(one, wards[one.pk]),
            one.provider.name,
            one.region.name,
        ]
        if home_area_id and one.commissioner_id == home_area_id:
            parts.append("home area")
        hints[str(one.public_id)] = " · ".join(parts)
    return hints


def _ward_words(service: Service, wards: list[str]) -> list[str]:
    if service.kind != Service.Kind.HOSPITAL:
        return []
    return ["; ".join(wards).capitalize() or "No ward open"]


def _wards(offered: Any, actor: Any) -> dict[int, list[str]]:
    """What wards each service has, each kind with how many beds of it are free now."""
    ids = list(offered.values_list("pk", flat=True))
    beds = Bed.objects.visible_to(actor).filter(ward__service__in=ids).select_related("ward")
    free = Counter(one.bed.ward_id for one in free_beds(beds, at=actor.at) if one.free_from is None)
    kinds: dict[int, Counter[str]] = defaultdict(Counter)
    here = {"wards__designations__during__contains": actor.at, "wards__designations__superseded_at": None}
    ward = ("wards", "wards__designations__tier", "wards__designations__gender")
    for pk, ward_id, tier, gender in offered.filter(**here).values_list("pk", *ward):
        kinds[pk][f"{Tier(tier).label.lower()} for {WardGender(gender).label.lower()}"] += free[ward_id]
    return defaultdict(
        list,
        {
            pk: [f"{kind}, {_beds(count)}" for kind, count in sorted(found.items())]
            for pk, found in kinds.items()
        },
    )


def _beds(count: int) -> str:
    return "no bed free now" if not count else f"{count} {'bed' if count == 1 else 'beds'} free now"


def chosen_services(answers: Mapping[str, Any], actor: Any) -> list[Service]:
    """The services to ask, as answered; one that has closed since is left for the action to refuse."""
    ids = (answers.get("services") or {}).get("services", [])
    return list(Service.objects.visible_to(actor).hospitals().filter(public_id__in=ids).order_by("name"))


def prison_of(patient: Patient, actor: Any) -> Service | None:
    """The prison that asks: where the person is, or the only one the actor works at."""
    place = Placement.objects.visible_to(actor).open_of(patient)
    if place is not None and place.service_id and actor.works_at(place.service_id):
        return place.service
    return finding.prisons_of(actor).first()


@dataclass(frozen=True)
class Line:
    """One answer as the check page shows it."""

    key: str
    value: str
    change: str


def summary(draft: Draft, patient: Patient, found: Any, actor: Any) -> list[Line]:
    """Every answer in words, each with where to change it."""
    answers = draft.answers
    section, limb = order.basis_of(answers)
    restricted = rules.restrictions_for(section, limb, order.restrictions_of(answers))
    services = ", ".join(one.name for one in chosen_services(answers, actor))
    told = [
        ("Person", f"{patient.full_name}, born {long_date(patient.born_on)}", "person"),
        ("Prison", found.place, ""),
        ("Section", LegalSection(section).label, "section"),
        *([("Group of section 48", Limb(limb).label, "limb")] if limb else []),
        _restrictions_line(answers, restricted),
        *_date_lines(answers),
        ("Urgency", Urgency(answers["urgency"]["urgency"]).label, "urgency"),
        ("Why", answers["urgency"]["urgency_why"], "urgency"),
        (
            "Medical report first requested",
            _on(answers, "requested", "report_first_requested_on"),
            "requested",
        ),
        ("Services asked", services or "None yet", "services"),
    ]
    return [Line(key, value, _change(draft, question)) for key, value, question in told]


def _restrictions_line(answers: Mapping[str, Any], restricted: bool) -> tuple[str, str, str]:
    words = "Yes" if restricted else "No"
    if order.leaves_choice(answers):
        return "Section 49 restrictions", words, "restrictions"
    return "Section 49 restrictions", f"{words}, required by law for this group", ""


def _date_lines(answers: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    return [
        (rules.DATE_WORDS[name], _on(answers, "dates", name) or "Not known", "dates")
        for name in order.fitting_dates(answers)
    ]


def _on(answers: Mapping[str, Any], question: str, name: str) -> str:
    return long_date(order.date_of(answers, question, name))


def _change(draft: Draft, question: str) -> str:
    if not question:
        return ""
    if question == "person":
        return reverse("referrals:person", args=[draft.public_id])
    return reverse("referrals:question", args=[draft.public_id, question])
