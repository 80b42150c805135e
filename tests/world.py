"""The same few made-up people everywhere: a small England of one region, made in a moment.

`england()` makes it (or use the fixture of the same name); `actor_of(user)` acts for somebody; `a_patient(england)` is
somebody in HMP Wexley. Everything has been so since long before `NOW`, so that an actor at any later time sees it too.
"""

import functools
import itertools
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.utils import timezone
from psycopg2.extras import DateTimeTZRange

from accounts.models import User
from accounts.rights import Duty, Role
from organisations.actor import Actor, actor_for, capacities_held
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
    WardGender,
)
from organisations.rules import Tier
from pathways.actions.patients import register_patient
from pathways.models import Patient

# A Monday in winter, 9 in the morning in London.
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
PASSWORD = "Made-up-people-1"

_numbers = itertools.count(1)


@dataclass
class England:
    """The people and places that tests name."""

    region: Region
    north: Commissioner
    south: Commissioner
    prison: Service  # HMP Wexley
    other_prison: Service  # HMP Barrow Hill
    ashdown: Service  # medium secure
    brook: Service  # low secure, of another provider
    elsewhere: Service  # medium secure, where the stranger works
    ward: Ward  # of Ashdown, men, two beds
    bed: Bed
    second_bed: Bed
    brook_ward: Ward
    brook_bed: Bed
    lena: User  # liaison at Wexley
    ines: User  # in-reach clinician at Wexley
    owen: User  # liaison at Barrow Hill
    maya: User  # clinician and bed manager at Ashdown
    luke: User  # clinician at Brook House
    sam: User  # clinician elsewhere: a stranger
    anna: User  # analyst of the north
    carl: User  # case manager of the north
    adam: User  # administrator


def a_user(name: str) -> User:
    """Somebody who may sign in with PASSWORD."""
    user = User(email=f"{name.lower()}@example.test", name=name, date_joined=LONG_AGO)
    user.password = _hashed_password()
    user.save()
    return user


@functools.cache
def _hashed_password() -> str:
    """One hash for everybody: each takes as long as it should, and tests make many people."""
    return make_password(PASSWORD)


def member(
    user: User, role: str, *, service: Any = None, commissioner: Any = None, duties: Any = ()
) -> Membership:
    """A role that somebody has had for a long time."""
    return Membership.objects.create(
        user=user,
        role=role,
        service=service,
        commissioner=commissioner,
        duties=list(duties),
        during=DateTimeTZRange(LONG_AGO, None),
    )


def a_service(
    name: str, *, kind: str = "hospital", provider: Provider, commissioner: Commissioner
) -> Service:
    """A service with a shared mailbox."""
    number = next(_numbers)
    return Service.objects.create(
        provider=provider,
        kind=kind,
        region=commissioner.region,
        commissioner=commissioner,
        code=f"T{number:04d}",
        name=name,
        alert_mailbox=f"service{number}@example.test",
        referral_telephone="01632 960001",
    )


def a_ward(service: Service, tier: str, *, name: str = "Alder", gender: str = WardGender.MEN) -> Ward:
    """A ward that has been of one tier for a long time."""
    ward = Ward.objects.create(service=service, name=name)
    WardDesignation.objects.create(
        ward=ward, tier=tier, gender=gender, during=DateTimeTZRange(LONG_AGO, None), recorded_at=LONG_AGO
    )
    return ward


def make_england() -> England:
    """The whole small world."""
    region = Region.objects.create(code="Y99", name="Middle Shires")
    north = Commissioner.objects.create(
        region=region, kind="collaborative", name="North Shires collaborative"
    )
    south = Commissioner.objects.create(
        region=region, kind="collaborative", name="South Shires collaborative"
    )
    justice = Provider.objects.create(name="Shires Justice Health", ods_code="TJ1", sector="nhs")
    trust = Provider.objects.create(name="Ashdown Trust", ods_code="TA1", sector="nhs")
    company = Provider.objects.create(name="Brook Care", ods_code="TB1", sector="independent")
    prison = a_service("HMP Wexley", kind="prison", provider=justice, commissioner=north)
    other_prison = a_service("HMP Barrow Hill", kind="prison", provider=justice, commissioner=south)
    ashdown = a_service("Ashdown Unit", provider=trust, commissioner=north)
    brook = a_service("Brook House", provider=company, commissioner=north)
    elsewhere = a_service("Far Clinic", provider=company, commissioner=south)
    ward, brook_ward = a_ward(ashdown, Tier.MEDIUM), a_ward(brook, Tier.LOW, name="Birch")
    AdmissionCriterion.objects.create(service=ashdown, kind="gender", words="Men aged 18 and over")
    users = {
        name.lower(): a_user(name)
        for name in ("Lena", "Ines", "Owen", "Maya", "Luke", "Sam", "Anna", "Carl", "Adam")
    }
    england = England(
        region=region,
        north=north,
        south=south,
        prison=prison,
        other_prison=other_prison,
        ashdown=ashdown,
        brook=brook,
        elsewhere=elsewhere,
        ward=ward,
        bed=Bed.objects.create(ward=ward, name="1"),
        second_bed=Bed.objects.create(ward=ward, name="2"),
        brook_ward=brook_ward,
        brook_bed=Bed.objects.create(ward=brook_ward, name="1"),
        **users,
    )
    _employ(england)
    return england


def _employ(england: England) -> None:
    member(england.lena, Role.LIAISON, service=england.prison)
    member(england.ines, Role.CLINICIAN, service=england.prison)
    member(england.owen, Role.LIAISON, service=england.other_prison)
    member(england.maya, Role.CLINICIAN, service=england.ashdown, duties=[Duty.BED_MANAGER, Duty.MHA_OFFICE])
    member(england.luke, Role.CLINICIAN, service=england.brook)
    member(england.sam, Role.CLINICIAN, service=england.elsewhere)
    member(england.anna, Role.COMMISSIONER, commissioner=england.north)
    member(england.carl, Role.COMMISSIONER, commissioner=england.north, duties=[Duty.CASE_MANAGER])
    member(england.adam, Role.ADMINISTRATOR)


@pytest.fixture
def england(db: None) -> England:
    """The small world, in the test's transaction."""
    return make_england()


def actor_of(user: User, *, capacity: str | None = None, at: datetime = NOW) -> Actor:
    """Somebody acting in a capacity (the usual one of their first membership, unless said) at an instant."""
    memberships = list(Membership.objects.at(at).filter(user=user).order_by("pk"))
    chosen = capacity or capacities_held(memberships[:1])[0]
    return actor_for(user, memberships, capacity=chosen, at=at, request_id=uuid4())


def a_nhs_number() -> str:
    """The next number with a valid check digit from the range that is never issued (999 000 0000 onwards)."""
    while True:
        nine = f"999{next(_numbers):06d}"
        digit = (11 - sum(int(n) * w for n, w in zip(nine, range(10, 1, -1), strict=True)) % 11) % 11
        if digit < 10:
            return f"{nine}{digit}"


def a_patient(england: England, *, at_service: Service | None = None, **known: Any) -> Patient:
    """Somebody made up, in HMP Wexley for a long time unless said, whose home area is the north."""
    number = next(_numbers)
    answers: dict[str, Any] = {
        "given_name": "Terry",
        "family_name": f"Example{number}",
        "born_on": date(1990, 5, 17),
        "stated_gender": "1",
        "nhs_number": a_nhs_number(),
        "prison_number": f"A{number % 10000:04d}{chr(65 + number // 10000)}Z",
        "home_area": england.north,
        "since": LONG_AGO,
    }
    by = actor_of(england.lena, at=max(NOW, known.get("since", NOW)))
    return register_patient(at_service=at_service or england.prison, by=by, **{**answers, **known})


def client_of(user: User) -> Client:
    """A browser in which somebody has signed in."""
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def now() -> datetime:
    """The present instant, for tests of pages, which read the clock themselves."""
    return timezone.now()
