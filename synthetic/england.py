"""A made-up England: regions, commissioners, providers, services, wards and beds, as plain data.

Region codes and names are real; every provider, hospital and prison is invented.
"""

from dataclasses import dataclass, field
from random import Random

REGIONS = [
    ("Y56", "London"),
    ("Y58", "South West"),
    ("Y59", "South East"),
    ("Y60", "Midlands"),
    ("Y61", "East of England"),
    ("Y62", "North West"),
    ("Y63", "North East and Yorkshire"),
]
COLLABORATIVES = [
    "Capital Secure Care Collaborative",
    "Western Secure Care Collaborative",
    "Downs and Coast Secure Care Collaborative",
    "Heart of England Secure Care Collaborative",
    "Eastern Secure Care Collaborative",
    "Pennine Secure Care Collaborative",
    "Northern Secure Care Collaborative",
]
TRUSTS = [
    "Thamesmere NHS Foundation Trust",
    "Severnside NHS Foundation Trust",
    "Wealden NHS Foundation Trust",
    "Trentbridge NHS Foundation Trust",
    "Fenland NHS Foundation Trust",
    "Ribbleway NHS Foundation Trust",
    "Wearmoor NHS Foundation Trust",
]
COMPANIES = ["Larkfield Healthcare", "Oakhaven Hospitals", "Brookfield Care Group", "St Alban's Hospitals"]
PRISONS = [
    ("Wexley", "Marsh Lane"), ("Combe Down", "Tarrant"), ("Ashcombe", "Ferring"), ("Calder Heath", "Swinbrook"),
    ("Fenwick", "Wash End"), ("Lonsdale Moor", "Harle"), ("Tyne Cross", "Blackmoor"),
]  # fmt: skip
COURT_TOWNS = ["Wexley", "Combe Down", "Ashcombe", "Calder Heath", "Fenwick", "Lonsdale Moor", "Tyne Cross"]
MEDIUM = [
    ("Ashdown Unit", "Limehouse Clinic"), ("Mendip Unit", "Avon View"), ("Chiltern Unit", "Arun House"),
    ("Arden Unit", "Malvern Clinic"), ("Broadland Unit", "Icknield House"), ("Rossendale Unit", "Lune Clinic"),
    ("Cheviot Unit", "Swale House"),
]  # fmt: skip
LOW = [
    ("Brook House", "Elm Court"), ("Quantock House", "Dart Court"), ("Weald House", "Rother Court"),
    ("Soar House", "Teme Court"), ("Nene House", "Stour Court"), ("Hodder House", "Irwell Court"),
    ("Aire House", "Derwent Court"),
]  # fmt: skip
HIGH = ["Marlwood Hospital", "Ravensmere Hospital", "Thornhill Hospital"]
HIGH_REGIONS = [2, 3, 5]
TREES = (
    "Alder Aspen Beech Birch Cedar Cherry Elder Fir Hawthorn Hazel Holly Juniper Larch Maple "
    "Oak Pine Poplar Rowan Willow Yew "
).split()
BEDS_ON_A_WARD, BEDS_ON_A_SMALL_WARD = 12, 6
# Of those in secure care fewer than one in six are women (our assumption).
WOMENS_WARD_EVERY = 6
# Medium secure is about 35% independent (Voellm et al 2018); low secure more (our assumption).
INDEPENDENT_SHARE = {"medium": 0.35, "low": 0.5}
# The last ward of every third service of a tier is for these; all others take whoever needs the tier.
SPECIALTIES: dict[str, tuple[str, ...]] = {
    "high": ("personality disorder",),
    "medium": ("personality disorder",),
    "low": ("learning disability", "autism"),
}
# How beds divide over the tiers: just over 700 high and about 3,500 medium of 7,000 to 8,000 (domain.md 4.2).
BED_SHARES = {"high": 0.09, "medium": 0.42, "low": 0.37, "step_down": 0.06, "general": 0.06}


@dataclass
class Ward:
    """A ward and how many beds it has."""

    name: str
    tier: str
    gender: str
    beds: int
    specialties: tuple[str, ...] = ()


@dataclass
class Service:
    """A service before any row is written."""

    name: str
    kind: str
    tier: str
    region: int
    provider: str
    sector: str
    wards: list[Ward] = field(default_factory=list)

    @property
    def mailbox(self) -> str:
        """A shared mailbox at a host that can't exist."""
        return f"{self.name.lower().replace(' ', '-').replace(chr(39), '')}@services.test"


def services(beds: int, random: Random) -> list[Service]:
    """Every service of the made-up England, with about `beds` hospital beds over its wards."""
    found: list[Service] = []
    for region, trust in enumerate(TRUSTS):
        found += [
            Service(f"HMP {name}", "prison", "prison", region, trust, "nhs") for name in PRISONS[region]
        ]
        for tier, names in (("medium", MEDIUM[region]), ("low", LOW[region])):
            for place, name in enumerate(names):
                # The first of each pair is the trust's; the low secure one named first is always a company's, so that
                # the demonstration's two clinicians work for different providers.
                ours = (
                    place == 0
                    if tier == "medium"
                    else place == 1 and random.random() > INDEPENDENT_SHARE[tier]
                )
                provider = trust if ours else COMPANIES[(region + place) % len(COMPANIES)]
                found.append(
                    Service(name, "hospital", tier, region, provider, "nhs" if ours else "independent")
                )
        stem = trust.split()[0]
        found.append(Service(f"{stem} Step-down House", "hospital", "step_down", region, trust, "nhs"))
        found.append(Service(f"{stem} General Hospital", "hospital", "general", region, trust, "nhs"))
        found.append(
            Service(f"{stem} Community Forensic Team", "community", "community", region, trust, "nhs")
        )
    for name, region in zip(HIGH, HIGH_REGIONS, strict=True):
        found.append(Service(name, "hospital", "high", region, TRUSTS[region], "nhs"))
    found.append(Service("Harbour Road Removal Centre", "removal_centre", "prison", 2, TRUSTS[2], "nhs"))
    for region, (trust, town) in enumerate(zip(TRUSTS, COURT_TOWNS, strict=True)):
        # The trust's people at the court, who ask for hospital on its behalf.
        found.append(Service(f"{town} Crown Court", "court", "court", region, trust, "nhs"))
    for tier, share in BED_SHARES.items():
        _add_wards([service for service in found if service.tier == tier], beds * share)
    return found


def _add_wards(of_tier: list[Service], beds: float) -> None:
    """Wards for men, and for women one ward in six, or in a small England a small one of every other service."""
    wards_each = max(1, round(beds / BEDS_ON_A_WARD / len(of_tier)))
    is_small = wards_each <= 2
    for place, service in enumerate(of_tier):
        wards = (2 if place % 2 == 0 else 1) if is_small else wards_each
        special = SPECIALTIES.get(service.tier, ()) if place % 3 == 2 and wards > 1 else ()
        for number in range(wards):
            name = TREES[number % len(TREES)] + (
                f" {number // len(TREES) + 1}" if number >= len(TREES) else ""
            )
            gender = "women" if number % WOMENS_WARD_EVERY == 1 else "men"
            has_few = is_small and (gender == "women" or service.tier == "general")
            size = BEDS_ON_A_SMALL_WARD if has_few else BEDS_ON_A_WARD
            specialties = special if number == wards - 1 else ()
            service.wards.append(Ward(name, service.tier, gender, size, specialties))
