"""Writes the made-up organisations and the accounts that work in them."""

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.contrib.auth.hashers import make_password
from psycopg2.extras import DateTimeTZRange

from accounts.models import User
from organisations.models import (
    AdmissionCriterion,
    Bed,
    Commissioner,
    Membership,
    Provider,
    Region,
    Service,
    Ward,
    WardDesignation,
)
from pathways.days import noon
from synthetic import england

OPENED_ON = date(2000, 1, 1)
DEMONSTRATION = [
    ("liaison@demo.test", "Lena Whitlock", "liaison", "HMP Wexley", []),
    ("clinician@demo.test", "Maya Osei", "clinician", "Ashdown Unit", ["bed_manager", "mha_office"]),
    ("clinician2@demo.test", "Luke Farrant", "clinician", "Brook House", ["bed_manager"]),
    ("inreach@demo.test", "Ines Moreau", "clinician", "HMP Wexley", []),
    ("commissioner@demo.test", "Carl Enderby", "commissioner", england.COLLABORATIVES[0], ["case_manager"]),
    ("admin@demo.test", "Adah Quill", "administrator", None, []),
]
# What services take, in words and by kind, so that declines can be held against it.
# Of each: about what, whether it is taken, in words, and the codes those stand for, where codes say all of it.
CRITERIA = {
    "medium": [
        ("tier", True, "People who need medium security", ["medium"]),
        (
            "legal_basis",
            True,
            "Sections 35 to 38, 45A, 47 and 48",
            ["35", "36", "37", "38", "45A", "47", "48(a)", "48(b)", "48(c)", "48(d)"],
        ),
        ("area", True, "Home area of the collaborative first", []),
    ],
    "low": [
        ("tier", True, "People who need low security", ["low"]),
        ("legal_basis", False, "People on remand for the Crown Court", ["48(a)"]),
        (
            "diagnosis",
            True,
            "Severe mental illness, with or without personality disorder",
            ["mental illness"],
        ),
    ],
    "high": [
        ("tier", True, "A grave and immediate danger", ["high"]),
        ("gender", True, "Men; women at one hospital", []),
    ],
    "step_down": [("tier", True, "People ready to leave low security", ["step_down"])],
    "general": [("tier", True, "People who do not need a secure ward", ["general"])],
}


@dataclass
class Installation:
    """Ids of what was written, by the indexes of the plain data."""

    services: list[england.Service]
    service_ids: list[int]
    commissioner_ids: list[int]
    beds: dict[tuple[int, int, int], int]
    wards: dict[tuple[int, int], int]
    staff: dict[int, int]
    liaison: dict[int, int]
    case_managers: dict[int, int]

    def staff_of(self, service: int) -> int:
        """The user who acts for a service in the made-up past."""
        return self.staff[service]


def write(services: list[england.Service], now: datetime) -> Installation:
    """Everything that is not about a person: organisations, beds and accounts."""
    regions = Region.objects.bulk_create([Region(code=code, name=name) for code, name in england.REGIONS])
    commissioners = Commissioner.objects.bulk_create(
        [
            Commissioner(region=region, kind="collaborative", name=name)
            for region, name in zip(regions, england.COLLABORATIVES, strict=True)
        ]
        + [Commissioner(region=regions[0], kind="nhs_england", name="NHS England, high secure")]
    )
    names = {service.provider: service.sector for service in services}
    providers = {
        provider.name: provider
        for provider in Provider.objects.bulk_create(
            [
                Provider(name=name, ods_code=f"Z{number:02d}", sector=sector)
                for number, (name, sector) in enumerate(sorted(names.items()))
            ]
        )
    }
    rows = Service.objects.bulk_create(
        [
            Service(
                provider=providers[service.provider],
                kind=service.kind,
                region=regions[service.region],
                commissioner=commissioners[-1 if service.tier == "high" else service.region],
                code=f"Z{number:04d}",
                name=service.name,
                alert_mailbox=service.mailbox,
                # Ofcom keeps 01632 960000 to 960999 for drama: nobody has them.
                referral_telephone=f"01632 960{number:03d}",
            )
            for number, service in enumerate(services)
        ]
    )
    ids = [row.pk for row in rows]
    _criteria(services, rows)
    wards, beds = _wards(services, rows, now)
    staff, liaison, case_managers = _accounts(services, rows, commissioners, now)
    commissioner_ids = [commissioner.pk for commissioner in commissioners]
    return Installation(services, ids, commissioner_ids, beds, wards, staff, liaison, case_managers)


def _criteria(services: list[england.Service], rows: list[Service]) -> None:
    AdmissionCriterion.objects.bulk_create(
        [
            AdmissionCriterion(service=row, kind=kind, takes=takes, words=words, covers=covers)
            for service, row in zip(services, rows, strict=True)
            for kind, takes, words, covers in CRITERIA.get(service.tier, [])
        ]
    )


def _wards(services: list[england.Service], rows: list[Service], now: datetime):
    plain = [
        (number, place, ward)
        for number, service in enumerate(services)
        for place, ward in enumerate(service.wards)
    ]
    written = Ward.objects.bulk_create(
        [Ward(service=rows[number], name=ward.name) for number, _, ward in plain]
    )
    since = DateTimeTZRange(noon(OPENED_ON), None)
    WardDesignation.objects.bulk_create(
        [
            WardDesignation(
                ward=row,
                tier=ward.tier,
                gender=ward.gender,
                specialties=list(ward.specialties),
                during=since,
                recorded_at=noon(OPENED_ON),
            )
            for row, (_, _, ward) in zip(written, plain, strict=True)
        ]
    )
    keys = [(number, place, bed) for number, place, ward in plain for bed in range(ward.beds)]
    row_of = {(number, place): row for row, (number, place, _) in zip(written, plain, strict=True)}
    beds = Bed.objects.bulk_create([Bed(ward=row_of[key[:2]], name=f"{key[2] + 1}") for key in keys])
    return {key: row.pk for key, row in row_of.items()}, {
        key: bed.pk for key, bed in zip(keys, beds, strict=True)
    }


def _accounts(services, rows, commissioners, now: datetime):
    """A clinician for each service, a liaison officer for each prison, a case manager for each commissioner; and the
    demonstration's six.
    """
    since = DateTimeTZRange(noon(OPENED_ON), None)
    password = make_password(settings.DEMO_PASSWORD)
    by_name = {service.name: row for service, row in zip(services, rows, strict=True)}
    demo_places = {(role, place) for _, _, role, place, _ in DEMONSTRATION}
    users, memberships = [], []

    def hire(email, name, role, service=None, commissioner=None, duties=(), demonstration=False) -> User:
        user = User(
            email=email,
            name=name,
            password=password if demonstration else "!",
            is_demonstration=demonstration,
            is_active=demonstration or role != "nobody",
            date_joined=now,
        )
        users.append(user)
        memberships.append((user, role, service, commissioner, list(duties)))
        return user

    by_commissioner = {commissioner.name: commissioner for commissioner in commissioners}
    demo = {}
    for email, name, role, place, duties in DEMONSTRATION:
        demo[role, place] = hire(
            email, name, role, by_name.get(place), by_commissioner.get(place), duties, demonstration=True
        )
    staff, liaison = {}, {}
    for number, service in enumerate(services):
        place = service.name
        if ("clinician", place) in demo_places:
            staff[number] = demo["clinician", place]
        else:
            staff[number] = hire(
                f"clinician-{number}@services.test", f"Dr {place} Clinician", "clinician", rows[number]
            )
        if service.kind in ("prison", "removal_centre"):
            liaison[number] = demo.get(("liaison", place)) or hire(
                f"liaison-{number}@services.test", f"{place} Liaison", "liaison", rows[number]
            )
    case_managers = {
        number: demo.get(("commissioner", commissioner.name))
        or hire(
            f"case-manager-{number}@services.test",
            f"{commissioner.name} Case Manager",
            "commissioner",
            commissioner=commissioner,
            duties=["case_manager"],
        )
        for number, commissioner in enumerate(commissioners)
    }
    User.objects.bulk_create(users)
    Membership.objects.bulk_create(
        [
            Membership(
                user=user, role=role, service=service, commissioner=commissioner, duties=duties, during=since
            )
            for user, role, service, commissioner, duties in memberships
        ]
    )
    staff_ids, liaison_ids, manager_ids = (
        {number: user.pk for number, user in people.items()} for people in (staff, liaison, case_managers)
    )
    return staff_ids, liaison_ids, manager_ids
