"""Writes lives by COPY: what is more than sixty days old, as if actions had written it then."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import pairwise
from random import Random

from organisations.rules import Tier
from pathways.codes import AWAY
from pathways.days import noon
from pathways.models import (
    BedUse,
    Diagnosis,
    Event,
    Patient,
    PatientAlias,
    Placement,
    Relationship,
    Responsibility,
)
from pathways.rules import direction_of, search_name_of, sector_change_of
from pathways.rules.places import KINDS_OF_CARE
from pathways.tiers import KIND_TIERS
from synthetic.copying import Table
from synthetic.installation import Installation
from synthetic.law import Law
from synthetic.leave import Bed, Leaves
from synthetic.lives import Life, Stay
from synthetic.ready import Waits

GRACE = timedelta(days=28)
NO_NUMBER = ("not_known", "not_traced", "none")
# What most people on secure wards live with (ICD-10), and what those on a ward for some do.
DIAGNOSES = ("F20.0", "F20.0", "F20.0", "F25.9", "F31.9")
DIAGNOSES_OF_WARDS = {"personality disorder": "F60.3", "learning disability": "F70.0", "autism": "F84.0"}


class People:
    """Tables about people themselves: who they are, where they are, who may open them."""

    def __init__(
        self, installed: Installation, now: datetime, random: Random, promised: Iterable[Bed] = ()
    ) -> None:
        self.installed, self.now, self.random = installed, now, random
        self.patients, self.aliases = Table(Patient), Table(PatientAlias)
        self.responsibilities, self.relationships = Table(Responsibility), Table(Relationship)
        self.placements, self.bed_uses = Table(Placement), Table(BedUse)
        self.events, self.diagnoses = Table(Event), Table(Diagnosis)
        self.ward_genders: dict[int, str] = {}
        self.law, self.waits = Law(now, self.event), Waits(installed, now.date())
        self.leave = Leaves(
            installed,
            now,
            promised,
            bed_uses=self.bed_uses,
            relationships=self.relationships,
            events=self.events,
        )

    def tables(self) -> list[Table]:
        """In no particular order: foreign keys are checked at commit."""
        return [value for value in vars(self).values() if isinstance(value, Table)]

    def write(self, life: Life) -> int:
        """One person with every stay. The answer is the patient's id."""
        person, first = life.person, life.stays[0]
        began = noon(first.since)
        died_on = next((stay.since for stay in life.stays if stay.elsewhere == "died"), None)
        aliases = [f"{person.given_name} {person.alias}"] if person.alias else []
        patient = self.patients.add(
            nhs_number=person.nhs_number,
            no_nhs_number="" if person.nhs_number else NO_NUMBER[person.number % len(NO_NUMBER)],
            given_name=person.given_name,
            family_name=person.family_name,
            search_name=search_name_of(person.given_name, person.family_name, aliases),
            born_on=person.born_on,
            died_on=died_on,
            stated_gender=person.gender,
            ethnicity=person.ethnicity,
            prison_number=person.prison_number,
            interpreter_language=person.language,
            home_area_id=self.installed.commissioner_ids[person.home],
            has_restricted_access=person.restricted_access,
            registered_at=began,
        )
        self.ward_genders[patient] = person.ward_gender
        for name in aliases:
            self.aliases.add(patient_id=patient, name=name)
        commissioner = self.installed.commissioner_ids[person.home]
        responsibility = self.responsibilities.add(
            patient_id=patient,
            commissioner_id=commissioner,
            during=(first.since, None),
            state="agreed",
            recorded_at=began,
        )
        self.relationships.add(
            patient_id=patient,
            commissioner_id=commissioner,
            basis="responsibility",
            about_kind="responsibility",
            about_id=responsibility,
            during=(began, None),
        )
        self.event(patient, "pathways.registered", first.since, service=first.service)
        for before, stay in pairwise((None, *life.stays)):
            self._stay(patient, before, stay)
        if died_on is not None:
            self.event(patient, "pathways.died", died_on)
        self._legal(patient, life)
        self._diagnose(patient, life)
        for kind, service, on, period, details in self.waits.write(patient, life):
            self.event(patient, kind, on, service=service, about=("ready_period", period), **details)
        return patient

    def _stay(self, patient: int, before: Stay | None, stay: Stay) -> None:
        began, ended = noon(stay.since), noon(stay.until) if stay.until else None
        service = None if stay.service is None else self.installed.service_ids[stay.service]
        ward = None
        by = None if stay.service is None else self.installed.staff_of(stay.service)
        if stay.bed:
            ward = self.installed.wards[stay.service, stay.bed[0]]
        placement = self.placements.add(
            patient_id=patient,
            service_id=service,
            ward_id=ward,
            elsewhere=stay.elsewhere,
            during=(began, ended),
            start_time_known=False,
            recorded_at=began,
            recorded_by_id=by,
        )
        if service is not None:
            self.relationships.add(
                patient_id=patient,
                service_id=service,
                basis="placement",
                about_kind="placement",
                about_id=placement,
                during=(began, ended + GRACE if ended else None),
            )
        about = ("placement", placement)
        self.event(
            patient,
            "pathways.placed",
            stay.since,
            service=stay.service,
            about=about,
            elsewhere=stay.elsewhere,
            **self._codes(before, stay),
        )

    def _codes(self, before: Stay | None, stay: Stay) -> dict[str, str]:
        """Which way the move goes, and whether it crosses between sectors, as the action records it."""
        (left, came), (was, now) = zip(*map(self._tier_and_sector, (before, stay)), strict=True)
        return {"direction": str(direction_of(left, came)), "sector_change": sector_change_of(was, now).value}

    def _tier_and_sector(self, stay: Stay | None) -> tuple[str, str]:
        if stay is None or stay.service is None:
            return (Tier.COMMUNITY if stay and stay.elsewhere == "released" else ""), ""
        service = self.installed.services[stay.service]
        if stay.bed:
            return service.wards[stay.bed[0]].tier, service.sector
        return KIND_TIERS.get(service.kind, ""), service.sector if service.kind in KINDS_OF_CARE else ""

    def _legal(self, patient: int, life: Life) -> None:
        """What they were held under, each recorded by whoever had them then; and beds and leave under it."""
        for period in life.law.periods:
            at = next(stay for stay in reversed(life.stays) if stay.since <= period.since)
            by = None if at.service is None else self.installed.staff_of(at.service)
            self.law.write(patient, period, by=by, holder=at.service)
        for before, stay, after in zip(
            [None, *life.stays], life.stays, [*life.stays[1:], None], strict=False
        ):
            if stay.elsewhere in AWAY and before is not None and before.bed is not None:
                self.leave.keep_bed(
                    patient, before, noon(stay.since), noon(stay.until) if stay.until else None
                )
            if stay.bed is None or stay.since == stay.until:
                continue
            ended = noon(stay.until) if stay.until else None
            self.leave.write_stay(patient, stay, after, noon(stay.since), ended)
            self.leave.authorise(patient, stay, life.law)

    def _diagnose(self, patient: int, life: Life) -> None:
        """What was found at the first hospital; somebody on a ward for some has what that is for."""
        stays = [stay for stay in life.stays if stay.bed]
        if not stays:
            return
        wards = [self.installed.services[stay.service].wards[stay.bed[0]] for stay in stays]
        special = {DIAGNOSES_OF_WARDS[ward.specialties[0]] for ward in wards if ward.specialties}
        found_on = stays[0].since
        for code in sorted(special) or [DIAGNOSES[patient % len(DIAGNOSES)]]:
            diagnosis = self.diagnoses.add(
                patient_id=patient, icd10=code, diagnosed_on=found_on, recorded_at=noon(found_on)
            )
            about = ("diagnosis", diagnosis)
            self.event(patient, "pathways.diagnosed", found_on, service=stays[0].service, about=about)

    def event(
        self,
        patient: int,
        kind: str,
        on: date,
        *,
        service=None,
        by=None,
        about=("", None),
        recorded_on=None,
        **details,
    ) -> None:
        """One event of the line, recorded on the day unless it is said when.

        `service`: at which it happened; `by`: whose staff recorded it, where that is not the same.
        """
        recorder = service if by is None else by
        self.events.add(
            patient_id=patient,
            kind=kind,
            occurred_at=noon(on),
            time_known=False,
            recorded_at=noon(recorded_on or on),
            by_id=None if recorder is None else self.installed.staff_of(recorder),
            service_id=None if service is None else self.installed.service_ids[service],
            about_kind=about[0],
            about_id=about[1],
            details={key: value for key, value in details.items() if value},
        )
