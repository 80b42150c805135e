"""The checklist of one transfer, and every button on its page: shown, or explained by the rule that refuses it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.urls import reverse

from accounts.rights import Right
from assessments.existing import Existing
from assessments.models import MedicalReport
from core.pages import in_sentence
from core.refusals import refusal
from organisations.actor import Actor
from pathways.days import london_date
from referrals import rules
from referrals.codes import StepKind, WarrantOutcome
from referrals.models import Approach, LegalBasis, Referral, Step, Warrant
from referrals.naming import address_of
from referrals.pages.rows import owner_words

MISTAKES = (Right.RECORD_STEP, Right.RECORD_WARRANT, Right.TRIAGE)


@dataclass(frozen=True)
class Offer:
    """A button or link; `refused` is the sentence that stands in its place. `posts`: it acts at once.

    `about` is heard and not seen, where several buttons of one page have the same words.
    """

    words: str
    path: str
    refused: str | None = None
    posts: bool = False
    about: str = ""


@dataclass(frozen=True)
class Row:
    """One step of the checklist as the page shows it.

    `corrected`: what was believed before its date was put right. `met`: why a step that was not recorded needs nobody.
    """

    kind: StepKind
    owner: str
    done: Step | None
    corrected: Step | None
    days_late_entered: int
    missing: list[StepKind]
    offers: list[Offer] = field(default_factory=list)
    hint: str = ""
    is_next: bool = False
    met: str = ""


@dataclass(frozen=True)
class Standing:
    """What the rules ask of a referral, read once for the whole page. `corrected` and `met`: see Row, by kind.

    `bases`: the legal bases, the one in force first. `receiving_ids`: the services that are to receive the person.
    """

    referral: Referral
    done: Mapping[str, Step]
    corrected: Mapping[str, Step]
    approaches: Collection[Approach]
    warrants: Sequence[Warrant]
    assessed: Sequence[Existing]
    reports: Collection[MedicalReport]
    by: Actor
    met: Mapping[str, str] = field(default_factory=dict)
    bases: Sequence[LegalBasis] = ()
    receiving_ids: Collection[int] = ()

    @property
    def section(self) -> str:
        """The section in force; empty for a kind of referral that has none."""
        return self.bases[0].section if self.bases else ""

    @property
    def live_warrant(self) -> Warrant | None:
        """The warrant in force: neither used nor replaced, and its last day not behind."""
        live = [one for one in self.warrants if one.outcome == WarrantOutcome.LIVE]
        return next((one for one in live if one.ends_on >= self.by.today), None)

    @property
    def warrant_ran_out(self) -> Warrant | None:
        """The newest warrant where its days are over: somebody may have come before that."""
        newest = next(iter(self.warrants), None)
        over = newest is not None and newest.outcome == WarrantOutcome.LAPSED
        return newest if over and newest.outcome_on == newest.ends_on + timedelta(days=1) else None

    @property
    def open_approaches(self) -> list[Approach]:
        """The services still asked."""
        return [approach for approach in self.approaches if approach.closed_at is None]

    @property
    def hospital_ids(self) -> list[int]:
        """The same, as the rules ask for them."""
        return [approach.service_id for approach in self.open_approaches]

    def stands_on_report(self, kind: str) -> bool:
        """Whether a step has the date of a doctor's report that is held for the section in force."""
        held = [report for report in self.reports if report.section == self.section]
        step = self.done.get(kind)
        return kind in rules.REPORTS and step is not None and rules.stands_on(held, step.words, step.done_on)

    def path(self, name: str, *args: Any) -> str:
        """The address of a verb on this transfer."""
        return address_of(self.referral, name, *args)

    def why_not(self, kind: str = "", *, is_own: bool = False) -> str | None:
        """Why the actor may not record a step or do an act, or with none given anything at all, here."""
        referral, ids = self.referral, self.hospital_ids
        prison, origin = referral.from_service_id, rules.origin_of(referral.kind)
        ended = refusal(rules.check_open, referral.ended_on)
        if ended or not kind:
            return ended or refusal(
                rules.check_concerned, prison_id=prison, hospital_ids=ids, origin=origin, by=self.by
            )
        act = rules.Act.ASK if kind == StepKind.SERVICES_ASKED else kind
        if isinstance(act, rules.Act):
            return refusal(rules.check_may, act, prison_id=prison, is_own=is_own, origin=origin, by=self.by)
        at_end = refusal(
            rules.check_recorder, kind, prison_id=prison, hospital_ids=ids, origin=origin, by=self.by
        )
        done = set(self.done)
        if kind == StepKind.RECEIVED and self.warrant_ran_out:
            done.add(StepKind.WARRANT)
        if kind == StepKind.PLANNED and not at_end:
            return refusal(rules.check_met, self.referral.kind, done)
        return at_end or refusal(rules.check_law, kind, done)


def rows(standing: Standing) -> list[Row]:
    """The steps of the referral, in order."""
    return [_row(kind, standing) for kind in rules.steps_of(standing.referral.kind)]


def _row(kind: StepKind, standing: Standing) -> Row:
    done = standing.done.get(kind)
    offers, hint = ([], "") if standing.referral.ended_on else _offers(kind, done, standing)
    offers += _taking_back(kind, done, standing)
    return Row(
        kind=kind,
        owner=_owner(kind, standing),
        done=done,
        corrected=standing.corrected.get(kind),
        days_late_entered=_entered_late(done, standing.corrected.get(kind)),
        missing=_missing(kind, standing) if not done else [],
        met=standing.met.get(kind, ""),
        offers=offers,
        hint=hint,
        is_next=standing.referral.next_step == kind,
    )


def _missing(kind: StepKind, standing: Standing) -> list[StepKind]:
    """What a step wants first: of the steps that this kind of referral has."""
    wanted = rules.missing_before(kind, {*standing.done, *standing.met})
    return [step for step in wanted if step in rules.steps_of(standing.referral.kind)]


def _entered_late(done: Step | None, before: Step | None) -> int:
    """A date put right was entered when the step was, not when it was put right."""
    if done is None:
        return 0
    return max(0, entered_late(done.done_on, london_date((before or done).recorded_at)))


def entered_late(done_on: date, recorded_on: date) -> int:
    """Days between what happened and its being entered here."""
    return rules.days_entered_late(done_on, entered_on=recorded_on)


def _owner(kind: StepKind, standing: Standing) -> str:
    """Who does a step: the services by name where they are known."""
    words = owner_words(standing.referral.kind, kind)
    names = _named(kind, standing)
    return f"{', '.join(names)} ({in_sentence(words)})" if names else words


def _named(kind: StepKind, standing: Standing) -> list[str]:
    referral = standing.referral
    if kind in (StepKind.ESCORT, StepKind.LEFT, StepKind.APPLICATION):
        return [referral.from_service.name]
    if kind == StepKind.ASSESSMENT:
        return [referral.lead_service.name] if referral.lead_service else ["first to claim it"]
    if kind == StepKind.DECISION:
        return [one.service.name for one in standing.open_approaches if not one.decided]
    if kind == StepKind.BED_DATE:
        return [one.service.name for one in standing.open_approaches if is_accepted(one)]
    if kind == StepKind.RECEIVED and standing.live_warrant:
        return [standing.live_warrant.hospital.name]
    if kind == StepKind.AGREED:
        return [one.service.name for one in standing.open_approaches]
    return []


def is_accepted(approach: Approach) -> bool:
    """Whether the service accepts the person, at whatever tier."""
    return any(decision.outcome in rules.ACCEPTING for decision in approach.decided)


def _offers(kind: StepKind, done: Step | None, standing: Standing) -> tuple[list[Offer], str]:
    """The buttons of a step, or why there are none."""
    owner = rules.OWNERS[kind]
    if not any(standing.by.has(right) for right in owner.rights):
        return [], "" if done else f"{owner_words(standing.referral.kind, kind)} does this."
    refused = standing.why_not(kind)
    if done:
        return ([] if refused else _corrections(kind, standing)), ""
    if refused:
        return [], refused
    return _recordings(kind, standing), ""


def _corrections(kind: StepKind, standing: Standing) -> list[Offer]:
    if kind == StepKind.REPORT_REQUESTED:
        return [Offer("Correct the date", standing.path("request_date"), about=kind.label)]
    if standing.stands_on_report(kind):
        return []
    if kind in rules.SIMPLY_DATED and standing.by.has(Right.RECORD_STEP):
        return [Offer("Correct the date", standing.path("correct_step", kind), about=kind.label)]
    if kind == StepKind.WARRANT:
        return [Offer("Record a new warrant", standing.path("warrant"))]
    if kind == StepKind.PLANNED:
        return [Offer("Plan another day", standing.path("plan"))]
    return []


def _taking_back(kind: StepKind, done: Step | None, standing: Standing) -> list[Offer]:
    """For who recorded a step by mistake, and for the case manager."""
    if done is None or not any(map(standing.by.has, MISTAKES)) or standing.why_not():
        return []
    refused = refusal(
        rules.check_taken_back,
        kind,
        why="-",
        superseded=False,
        done=standing.done,
        from_report=standing.stands_on_report(kind),
        recorded_by_id=done.recorded_by_id,
        by=standing.by,
    )
    return (
        [] if refused else [Offer("Recorded by mistake", standing.path("take_back", kind), about=kind.label)]
    )


def _recordings(kind: StepKind, standing: Standing) -> list[Offer]:
    at = standing.path
    match kind:
        case StepKind.SERVICES_ASKED:
            return [Offer("Ask a service", at("ask"))]
        case StepKind.ASSESSMENT:
            return [_assessing(standing)]
        case StepKind.DECISION:
            mine = [one for one in standing.open_approaches if standing.by.works_at(one.service_id)]
            return [_named_offer("Decide", "decide", one, standing) for one in mine if not one.decided]
        case StepKind.BED_DATE:
            mine = [one for one in standing.open_approaches if standing.by.works_at(one.service_id)]
            return [_named_offer("Give a bed date", "bed", one, standing) for one in mine if is_accepted(one)]
        case StepKind.WARRANT:
            return [Offer("Record the warrant", at("warrant")), Offer("It was refused", at("refuse_warrant"))]
        case StepKind.LEFT:
            return [Offer("Record that they left", at("left"))]
        case StepKind.RECEIVED:
            return _receiving(standing)
        case StepKind.REPORT_REQUESTED:
            return []
        case StepKind.AGREED:
            return [_agreeing(one, standing) for one in standing.open_approaches if _may_agree(one, standing)]
        case StepKind.AFTERCARE:
            return [Offer("Record the meeting", at("meeting"))]
        case StepKind.AUTHORITY:
            person = standing.referral.patient.public_id
            return [Offer("Record the authority", reverse("desk:record_authority", args=[person]))]
        case StepKind.PLANNED:
            return [Offer("Plan the day", at("plan"))]
        case StepKind.MOVED:
            return [Offer("Record that they have moved", at("moved"), _may_not_move(standing))]
    return [Offer("Record it", at("step", kind), about=kind.label)]


def _may_not_move(standing: Standing) -> str | None:
    """Why the actor may not record the move, if they may not."""
    referral, ids = standing.referral, standing.hospital_ids
    by_whom = standing.receiving_ids if rules.KINDS[referral.kind].needs_bed else ids
    may = rules.acts_for(standing.by, referral.from_service_id, *by_whom)
    return refusal(rules.check_somebody_is_asked, ids) or refusal(rules.check_records_move, may=may)


def _may_agree(approach: Approach, standing: Standing) -> bool:
    asks = standing.referral.from_service_id
    return not refusal(rules.check_own_word, approach.service_id, from_service_id=asks, by=standing.by)


def _agreeing(approach: Approach, standing: Standing) -> Offer:
    return Offer(
        "Record that they agree", standing.path("agree", approach.public_id), about=approach.service.name
    )


def _assessing(standing: Standing) -> Offer:
    """Straight to the assessment that is there: the one being written, else the current one; else to starting one."""
    being_written = [one for one in standing.assessed if not one.is_signed]
    for one in being_written or [one for one in standing.assessed if one.is_current]:
        return Offer(f"Open the assessment by {one.service}", one.path)
    patient = standing.referral.patient.public_id
    return Offer("Start the shared assessment", reverse("assessments:claim", args=[patient]))


def _receiving(standing: Standing) -> list[Offer]:
    warrant = standing.live_warrant or standing.warrant_ran_out
    if warrant is None:
        return []
    if not standing.by.works_at(warrant.hospital_id):
        refused = "The hospital that the warrant names records this."
        return [Offer("Record that they are here", standing.path("admit"), refused)]
    return [Offer("Record that they are here", standing.path("admit"))]


def _named_offer(words: str, name: str, approach: Approach, standing: Standing) -> Offer:
    """A button that names the service where the actor works at more than one of them."""
    own = [one for one in standing.open_approaches if standing.by.works_at(one.service_id)]
    shown = f"{words}: {approach.service.name}" if len(own) > 1 else words
    return Offer(shown, standing.path(name, approach.public_id))
