"""Everything that one person's page says, read in a number of queries that does not grow with the years."""

from dataclasses import dataclass
from typing import Any

from accounts.rights import Right
from core.pages import days as day_words
from core.pages import long_date
from desk.journey import Journey
from desk.recorded import APPROACHES, DIAGNOSES, EVENTS, Recorded, events
from organisations.actor import Actor
from pathways import days
from pathways.models import Event, KeyDate, Patient, Placement
from pathways.rules.stays import hospital_stays
from referrals.naming import address_of, title_of
from referrals.pages import line
from referrals.pages.banner import Banner, out_words
from referrals.pages.found import CHASING, Sees
from referrals.pages.line import Line
from referrals.reasons import reasons_of
from referrals.recorded import ALERTS, KEY_DATES, RESPONSIBILITIES


def sight_of(actor: Actor) -> Sees:
    """What a reader who may open the person sees."""
    clinical = actor.has(Right.READ_CLINICAL)
    return Sees(identity=True, words=clinical or any(map(actor.has, CHASING)), clinical=clinical)


@dataclass(frozen=True)
class Replaced:
    """A place that is no longer believed: what was said, by whom, and who put it right and why."""

    place: str
    since: Any
    time_known: bool
    until: Any
    placement: Placement


def replaced_of(recorded: Recorded) -> list[Replaced]:
    """What was recorded before of where they were, the latest correction first."""
    return [
        Replaced(_where(row), row.during.lower, row.start_time_known, row.during.upper, row)
        for row in recorded.replaced
    ]


def _where(row: Placement) -> str:
    place = row.service.name if row.service else row.get_elsewhere_display()
    return f"{place}, {row.ward.name} ward" if row.ward else place


def present_stay_of(recorded: Recorded) -> str:
    """How long they have been at the hospital that has them, on all its wards, in words; “” where none has."""
    stays = hospital_stays(recorded.placements)
    if not stays or stays[-1].until is not None:
        return ""
    stay, today = stays[-1], recorded.actor.today
    name = next(one.service.name for one in recorded.placements if one.service_id == stay.service_id)
    return f"{name} has had them since {long_date(stay.since)}: {day_words(stay.days(on=today))}."


def banner_of(patient: Patient, journey: Journey, responsibilities: list[Any], actor: Actor) -> Banner:
    """The same banner as on a transfer's page."""
    place = journey.stays[-1].where if journey.stays else "Not known"
    answers = next((one for one in responsibilities if actor.today in one.during), None)
    known = answers.commissioner.name if answers and answers.commissioner else "Not known"
    disputed = " (disputed)" if answers and answers.state == "disputed" else ""
    out = out_words(patient, actor)
    return Banner(patient.full_name, True, patient, place, known + disputed, ALERTS.of(patient.pk), out)


def responsibilities_of(patient: Patient) -> list[Any]:
    """Who answers for the person, newest first."""
    return RESPONSIBILITIES.of(patient.pk)


def key_dates_of(patient: Patient) -> list[KeyDate]:
    """Dates of court and sentence, latest first."""
    return KEY_DATES.of(patient.pk)[::-1]


def diagnoses_of(patient: Patient, sees: Sees) -> list[Any]:
    """Diagnoses, for those who may read clinical text. Nothing is read for others."""
    if not sees.clinical:
        return []
    return DIAGNOSES.of(patient.pk)


def referrals_of(recorded: Recorded) -> list[dict[str, Any]]:
    """Transfers from prison and referrals of other kinds, newest first."""
    asked = APPROACHES.of(recorded.patient.pk)
    return [
        {
            "referral": one,
            "waited": one.days_waited(on=recorded.actor.today),
            "title": title_of(one),
            "path": address_of(one),
            "is_transfer": one.is_transfer,
            "ended": one.get_end_reason_display(),
            "services": sum(
                1
                for approach in asked
                if approach.referral_id == one.pk and (one.ended_on or approach.closed_at is None)
            ),
        }
        for one in recorded.referrals
    ]


def events_of(patient: Patient, *, group: str, page: int, sees: Sees) -> tuple[list[Line], bool]:
    """One page of the line of events, newest first, and whether there are older ones."""
    found = events(group, page).of(patient.pk)
    reasons = reasons_of(found[:EVENTS], sees)
    return [_line(event, reasons.get(event.pk, "")) for event in found[:EVENTS]], len(found) > EVENTS


def _line(event: Event, why: str) -> Line:
    happened, recorded = days.london_date(event.occurred_at), days.london_date(event.recorded_at)
    return Line(
        words=line.WORDS.get(event.kind) or event.kind.partition(".")[2].replace("_", " ").capitalize(),
        said=line.said(event.details, event.kind, why),
        service=event.service.name if event.service else "",
        by=event.by.name if event.by else "the system",
        event=event,
        # What the system works out by itself was not entered late by anybody.
        late=max(0, (recorded - happened).days) if event.by else 0,
    )
