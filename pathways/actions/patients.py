"""Who a person is: registered once, corrected with a reason, and the end of everything at death."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

import pghistory
from psycopg2.extras import DateRange

from core.actions import action
from core.refusals import Refused, check_version
from organisations.models import Commissioner, Service
from pathways import line, nhs_number, rules
from pathways.actions import beds, clocks, placements, relationships
from pathways.codes import Elsewhere, Ethnicity
from pathways.days import london_date, noon
from pathways.models import (
    BedUse,
    Diagnosis,
    Patient,
    PatientAlias,
    Placement,
    Relationship,
    Responsibility,
    RiskAlert,
)

# Between the last move of a day and a death later that day.
MOMENT = timedelta(seconds=1)

# What a correction may change; where a person is and when they died have acts of their own.
CORRECTABLE = frozenset(
    {
        "given_name",
        "family_name",
        "born_on",
        "stated_gender",
        "ethnicity",
        "nhs_number",
        "no_nhs_number",
        "prison_number",
        "pnc_id",
        "interpreter_language",
        "home_area",
    }
)


@action
def register_patient(
    *,
    given_name: str,
    family_name: str,
    born_on: date,
    stated_gender: str,
    nhs_number: str | None = None,
    no_nhs_number: str = "",
    ethnicity: str = Ethnicity.NOT_KNOWN,
    prison_number: str | None = None,
    pnc_id: str = "",
    aliases: Iterable[str] = (),
    interpreter_language: str = "",
    home_area: Commissioner | None = None,
    at_service: Service,
    since: datetime,
    time_known: bool = True,
    by: Any,
) -> Patient:
    """Begin the record of somebody who is at a service, and the right of that service and the home area to open it."""
    answers = _tidied(
        {
            "given_name": given_name,
            "family_name": family_name,
            "born_on": born_on,
            "nhs_number": nhs_number,
            "prison_number": prison_number,
        }
    )
    rules.check_identity(answers, today=by.today)
    rules.check_came(born_on, london_date(since))
    names = tuple(name.strip() for name in aliases if name.strip())
    patient = Patient.objects.create(
        **answers,
        search_name=rules.search_name_of(answers["given_name"], answers["family_name"], names),
        no_nhs_number=no_nhs_number,
        stated_gender=stated_gender,
        ethnicity=ethnicity,
        pnc_id=pnc_id,
        interpreter_language=interpreter_language,
        home_area=home_area,
        registered_at=by.at,
    )
    PatientAlias.objects.bulk_create([PatientAlias(patient=patient, name=name) for name in names])
    line.record("pathways.registered", patient=patient, service=at_service, by=by)
    placements.place(patient, service=at_service, at=since, time_known=time_known, by=by)
    _begin_responsibility(patient, home_area, since, by=by)
    return patient


@action
def correct_patient(patient: Patient, *, version: int, changes: dict[str, Any], why: str, by: Any) -> Patient:
    """Put right what is written about a person, against the version that was on the page. The reason is kept."""
    (patient,) = Patient.objects.locked(patient.pk)
    check_version(patient.version, version)
    rules.check_correction(changes, CORRECTABLE, why)
    changes = _tidied(changes)
    rules.check_identity(changes, today=by.today)
    for field, value in changes.items():
        setattr(patient, field, value)
    names = patient.aliases.values_list("name", flat=True)
    patient.search_name = rules.search_name_of(patient.given_name, patient.family_name, names)
    patient.version += 1
    with pghistory.context(why=why):
        patient.save(update_fields=[*changes, "search_name", "version"])
    if "home_area" in changes:
        _end_responsibility(patient, by.at, by=by)
        _begin_responsibility(patient, patient.home_area, by.at, by=by)
    # Which fields, never what they say: the values and the reason are in the change history.
    line.record("pathways.corrected", patient=patient, details={"fields": sorted(changes)}, by=by)
    return patient


@action
def record_death(patient: Patient, *, on: date, by: Any) -> Patient:
    """Everything stops at once: place, bed, holds and clocks. Higher floors hear of it and end what is theirs."""
    (patient,) = Patient.objects.locked(patient.pk)
    rules.check_death(patient, on, today=by.today)
    patient.died_on = on
    patient.version += 1
    patient.save(update_fields=["died_on", "version"])
    at = _moment_of_death(patient, on)
    # The bed first, so that one taken later on the same day doesn't speak against the death.
    _end_beds(patient, at, by=by)
    placements.place(patient, elsewhere=Elsewhere.DIED, at=at, time_known=False, by=by)
    clocks.end_every_clock(patient, on=on, by=by)
    line.record("pathways.died", patient=patient, on=on, by=by)
    return patient


@action
def take_back_death(patient: Patient, *, why: str, by: Any) -> Patient:
    """The death was recorded by mistake. The reason is kept; beds and limits are for the floors that know of them."""
    (patient,) = Patient.objects.locked(patient.pk)
    rules.check_words(why, "why")
    if patient.died_on is None:
        raise Refused("No death is recorded.")
    patient.died_on = None
    patient.version += 1
    with pghistory.context(why=why):
        patient.save(update_fields=["died_on", "version"])
    placements.take_back_place(patient, why=why, by=by)
    line.record("pathways.death_taken_back", patient=patient, by=by)
    return patient


@action
def add_risk_alert(patient: Patient, *, words: str, by: Any) -> RiskAlert:
    """Warn everyone who handles the person, in a few plain words."""
    rules.check_words(words, "words")
    alert = RiskAlert.objects.create(
        patient=patient, words=words.strip(), recorded_at=by.at, recorded_by=by.user
    )
    line.record("pathways.alerted", patient=patient, about=("risk_alert", alert.pk), by=by)
    return alert


@action
def withdraw_risk_alert(alert: RiskAlert, *, why: str, by: Any) -> RiskAlert:
    """Stop showing a warning that no longer holds; the reason is kept with it."""
    Patient.objects.locked(alert.patient_id)
    alert.refresh_from_db()
    rules.check_still_believed(alert)
    rules.check_words(why, "why")
    alert.supersede(by=by, why=why)
    line.record("pathways.alert_withdrawn", patient=alert.patient, about=("risk_alert", alert.pk), by=by)
    return alert


@action
def add_diagnosis(patient: Patient, *, icd10: str, diagnosed_on: date, by: Any) -> Diagnosis:
    """A diagnosis by its ICD-10 code, from a day on. The same code twice is one diagnosis."""
    Patient.objects.locked(patient.pk)
    code = rules.icd10_of(icd10)
    rules.check_not_after(diagnosed_on, by.today, "diagnosed_on")
    known = patient.diagnoses.current().filter(icd10=code).first()
    if known is not None:
        return known
    diagnosis = Diagnosis.objects.create(
        patient=patient, icd10=code, diagnosed_on=diagnosed_on, recorded_at=by.at, recorded_by=by.user
    )
    line.record("pathways.diagnosed", patient=patient, about=("diagnosis", diagnosis.pk), by=by)
    return diagnosis


@action
def withdraw_diagnosis(diagnosis: Diagnosis, *, why: str, by: Any) -> Diagnosis:
    """A diagnosis that does not hold; the reason is kept with it."""
    Patient.objects.locked(diagnosis.patient_id)
    diagnosis.refresh_from_db()
    rules.check_still_believed(diagnosis)
    rules.check_words(why, "why")
    diagnosis.supersede(by=by, why=why.strip())
    line.record("pathways.undiagnosed", patient=diagnosis.patient, about=("diagnosis", diagnosis.pk), by=by)
    return diagnosis


def _tidied(answers: dict[str, Any]) -> dict[str, Any]:
    """Names without spaces around them, numbers without spaces in them, nothing as None."""
    clean = {
        "given_name": str.strip,
        "family_name": str.strip,
        "nhs_number": lambda text: nhs_number.clean(text or "") or None,
        "prison_number": lambda text: nhs_number.clean_prison_number(text or "") or None,
    }
    return {field: clean[field](value) if field in clean else value for field, value in answers.items()}


def _moment_of_death(patient: Patient, on: date) -> datetime:
    """Noon of the day, or just after the last move where that came later on the same day."""
    last = Placement.objects.open_of(patient)
    if last is None or london_date(last.during.lower) != on:
        return noon(on)
    return max(noon(on), last.during.lower + MOMENT)


def _begin_responsibility(patient: Patient, area: Commissioner | None, since: datetime, *, by: Any) -> None:
    responsibility = Responsibility.objects.create(
        patient=patient,
        commissioner=area,
        during=DateRange(london_date(since), None),
        state=Responsibility.State.AGREED if area else Responsibility.State.NOT_KNOWN,
        recorded_at=by.at,
        recorded_by=by.user,
    )
    if area is not None:
        relationships.open_relationship(
            patient,
            commissioner=area,
            basis=Relationship.Basis.RESPONSIBILITY,
            about=("responsibility", responsibility.pk),
            since=since,
            by=by,
        )


def _end_responsibility(patient: Patient, at: datetime, *, by: Any) -> None:
    """The home area was written down wrongly: it is no longer believed, and its right to open ends after the grace."""
    for responsibility in patient.responsibilities.current():
        responsibility.supersede(by=by, why="The home area was corrected.")
        relationships.end_relationships(about=("responsibility", responsibility.pk), at=at, by=by)


def _end_beds(patient: Patient, at: datetime, *, by: Any) -> None:
    for use in BedUse.objects.current().filter(patient=patient).select_related("bed"):
        beds.let_go(use, at, why="The person has died.", by=by)
