"""Everything that one transfer's page says, read in a number of queries that does not grow with the wait."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from accounts.rights import Right
from assessments.existing import existing_of
from assessments.models import Acceptance, MedicalReport
from core.pages import long_date
from core.refusals import refusal
from organisations.actor import Actor
from pathways.actions.authorities import missing_authority
from pathways.models import Clock, Flag
from referrals import recorded, rules
from referrals.actions.flags import sides_of
from referrals.actions.moving import receivers_of
from referrals.actions.undoing import check_undo, end_of
from referrals.codes import StepKind
from referrals.models import Approach, HandOver, Referral, Step
from referrals.pages import checklist, offers
from referrals.pages.found import Sees
from referrals.waiting_lists import Place, places_of


@dataclass(frozen=True)
class ClockLine:
    """One limit: which day of it, its last day, and how it stands. `ended_as`: met, lapsed, void or nothing."""

    name: str
    authority: str
    day: int
    days: int
    started_on: date
    due_on: date
    ended_on: date | None
    ended_as: str
    is_headline: bool
    in_force: bool


@dataclass(frozen=True)
class Asked:
    """A service asked: its word on the assessment, its decision and bed date, and what may be done."""

    approach: Approach
    word: Acceptance | None
    decision: Any
    offer: Any
    is_lead: bool
    offers: list[checklist.Offer]
    place: Place | None


def standing_of(referral: Referral, actor: Actor, sees: Sees) -> checklist.Standing:
    """What the rules ask, read once."""
    steps = recorded.STEPS.of(referral.pk)
    done = {step.kind: step for step in steps if step.superseded_at is None}
    return checklist.Standing(
        referral=referral,
        done=done,
        corrected=_corrected(steps, done),
        approaches=recorded.answers_of(referral),
        warrants=recorded.WARRANTS.of(referral.pk),
        # That assessments exist, by whom and until when; an address only for those who may read them.
        assessed=existing_of(referral.patient, actor) if sees.identity else [],
        reports=reports_of(referral, sees),
        by=actor,
        met=met_of(referral),
        bases=recorded.BASES.of(referral.pk) if referral.is_transfer else (),
        receiving_ids=() if referral.is_transfer else [one.pk for one in receivers_of(referral)],
    )


def met_of(found: Referral) -> dict[str, str]:
    """The steps that need nobody although nobody recorded them: an authority that is on record, or not needed."""
    if StepKind.AUTHORITY not in rules.steps_of(found.kind):
        return {}
    act = rules.act_of(found.kind, found.act)
    missing = missing_authority(found.patient, act, since=found.report_first_requested_on)
    return {} if missing else {StepKind.AUTHORITY: "On record, or not needed for the present legal status"}


def _corrected(steps: Sequence[Step], done: Mapping[str, Step]) -> dict[str, Step]:
    """What was believed until the date of a step was put right: superseded in the act that recorded the new one."""
    dated = {*rules.SIMPLY_DATED, StepKind.REPORT_REQUESTED} & set(done)
    return {
        step.kind: step
        for step in steps
        if step.kind in dated and step.superseded_at == done[step.kind].recorded_at
    }


def clock_line(clock: Clock, today: date) -> ClockLine:
    """A clock in words and figures. Its length is that with which it began, whatever the policy says since."""
    counting, last = clock.policy.counting, clock.ended_on or today
    return ClockLine(
        name=clock.policy.name,
        authority=clock.policy.basis,
        day=counting.day_of(last, clock.started_on),
        days=counting.day_of(clock.due_on, clock.started_on),
        started_on=clock.started_on,
        due_on=clock.due_on,
        ended_on=clock.ended_on,
        ended_as=clock.ended_as,
        is_headline=clock.policy.is_headline,
        in_force=clock.policy.is_on,
    )


def flags_of(clocks: Sequence[Clock]) -> list[Flag]:
    """Every flag of the clocks, newest first; those a corrected date made untrue among them, and marked so."""
    flags = [flag for clock in clocks for flag in clock.raised]  # type: ignore[attr-defined]
    return sorted(flags, key=lambda flag: (flag.became_on, flag.pk), reverse=True)


def flags_for(clocks: Sequence[Clock], referral: Referral, actor: Actor, sees: Sees) -> list[Flag]:
    """The flags that wait for the actor's side; a case manager takes on those of a masked transfer too."""
    if not (sees.identity or actor.is_case_manager):
        return []
    waiting = [
        flag
        for flag in flags_of(clocks)
        if flag.must_be_acknowledged and flag.acknowledged_at is None and flag.superseded_at is None
    ]
    if referral.ended_on or not waiting or not actor.has(Right.ACKNOWLEDGE_FLAG):
        return []
    sides = sides_of(referral)
    return [flag for flag in waiting if rules.takes_on(flag.owner, sides, by=actor)]


def asked_of(standing: checklist.Standing, actor: Actor, sees: Sees) -> list[Asked]:
    """The services asked, those let go last."""
    words = words_on_assessment(standing, actor, sees)
    places = places_of({one.service_id for one in standing.approaches})
    found = [_asked(approach, words, places, standing) for approach in standing.approaches]
    return sorted(
        found, key=lambda one: one.approach.closed_at is not None and not standing.referral.ended_on
    )


def words_on_assessment(standing: checklist.Standing, actor: Actor, sees: Sees) -> dict[int, Acceptance]:
    """Each service's newest word on any version, for those who may open the person and read assessments."""
    if not sees.identity or not actor.has(Right.READ_ASSESSMENT):
        return {}
    return {word.service_id: word for word in recorded.WORDS.of(standing.referral.patient_id)}


def _asked(
    approach: Approach,
    words: dict[int, Acceptance],
    places: dict[int, Place],
    standing: checklist.Standing,
) -> Asked:
    decision = next(iter(approach.decided), None)
    return Asked(
        approach=approach,
        word=words.get(approach.service_id) or (decision.acceptance if decision else None),
        decision=decision,
        offer=next(iter(approach.offers), None),
        is_lead=approach.service_id == standing.referral.lead_service_id,
        offers=offers.of_approach(approach, standing),
        place=places.get(approach.pk),
    )


def reports_of(referral: Referral, sees: Sees) -> list[MedicalReport]:
    """The doctors' reports for this transfer, for those who may open the person."""
    return recorded.REPORTS.of(referral.pk) if sees.identity else []


def hand_over_of(standing: checklist.Standing) -> tuple[list[HandOver], checklist.Offer | None]:
    """The prison moves, newest first, and “I have it” for the prison that has not said so yet."""
    found = recorded.HAND_OVERS.of(standing.referral.pk)
    newest = found[0] if found else None
    if newest is None or newest.taken_at or standing.referral.ended_on:
        return found, None
    if not any(map(standing.by.has, offers.VERBS["prison_move"][1])):
        return found, None
    refused = refusal(
        rules.check_hand_over, taken=False, acts_for_it=rules.acts_for(standing.by, newest.to_service_id)
    )
    return found, checklist.Offer("I have it", standing.path("take_hand_over"), refused, posts=True)


def take_over_of(standing: checklist.Standing, hand_overs: Sequence[HandOver]) -> checklist.Offer | None:
    """Taking the transfer over, for somebody at another prison who may ask for transfers.

    Not for a prison that the person has left: where they come back, its staff find them as any arrival.
    """
    if standing.referral.ended_on or not standing.by.has(Right.REQUEST_TRANSFER):
        return None
    left = {one.from_service_id for one in hand_overs}
    places = [held.service for held in standing.by.memberships if held.service_id not in {None, *left}]
    from_id = standing.referral.from_service_id
    may = [place for place in places if not refusal(rules.check_take_over, from_id, place, acts_for_it=True)]
    if not may or standing.by.works_at(from_id):
        return None
    return checklist.Offer("They are at our prison now: take over", standing.path("take_over"))


def departure_of(standing: checklist.Standing) -> checklist.Offer | None:
    """The prison's word that the person received is the one who left, while it is owed."""
    received = standing.done.get(StepKind.RECEIVED)
    if (
        received is None
        or received.confirmed_at
        or not any(map(standing.by.has, offers.VERBS["key_date"][1]))
    ):
        return None
    refused = refusal(
        rules.check_departure,
        received=True,
        confirmed=False,
        acts_for_prison=rules.acts_for(standing.by, standing.referral.from_service_id),
    )
    return checklist.Offer("Confirm that they left", standing.path("confirm_departure"), refused, posts=True)


def undo_of(standing: checklist.Standing) -> checklist.Offer | None:
    """Undoing the end, for the prison and the case manager while it can be undone."""
    referral, by = standing.referral, standing.by
    may = (Right.END_TRANSFER, Right.TRIAGE)
    if not referral.ended_on or not referral.shows_identity or not any(map(by.has, may)):  # type: ignore[attr-defined]
        return None
    if refusal(check_undo, referral, end_of(referral), why="-", by=by):
        return None
    return checklist.Offer("Undo the end: it was a mistake", standing.path("undo_end"))


def troubles_of(standing: checklist.Standing) -> list[str]:
    """What has gone wrong and needs somebody: said above everything else."""
    if standing.referral.ended_on:
        return []
    troubles = []
    outcomes = [one.decided[0].outcome if one.decided else None for one in standing.open_approaches]
    if rules.everyone_declined(outcomes):
        troubles.append("Every service asked has declined. The case manager decides whom to ask next.")
    last = max(standing.warrants, key=lambda one: (one.recorded_at, one.pk), default=None)
    if last is not None and last.outcome in WARRANT_TROUBLES and StepKind.APPLICATION not in standing.done:
        troubles.append(WARRANT_TROUBLES[last.outcome])
    overdue = [one for one in standing.assessed if not one.is_signed and one.until < standing.by.today]
    return troubles + [
        f"The assessment by {one.service} was due on {long_date(one.until)}." for one in overdue
    ]


WARRANT_TROUBLES = {
    "refused": "The warrant was refused. A new application is needed.",
    "lapsed": "The warrant lapsed. A new application and a new warrant are needed.",
}


def how_it_ended(referral: Referral) -> str:
    """The end in words, or nothing."""
    return referral.get_end_reason_display()
