"""The buttons of a referral's page beside its checklist: each shown, or explained by the rule that refuses it."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from accounts.rights import Right
from assessments.models import MedicalReport
from core.refusals import refusal
from referrals import rules
from referrals.codes import Kind, Outcome, StepKind
from referrals.models import Approach
from referrals.pages.checklist import Offer, Standing, is_accepted

# Verbs beside the checklist: the words, the address, the rights of which one is enough, and the act whose table says
# who may, or the step whose end of the transfer records it (none: anybody concerned).
VERBS: dict[str, tuple[str, frozenset[Right], str]] = {
    "ask": (
        "Ask another service",
        frozenset({Right.REQUEST_TRANSFER, Right.TRIAGE}),
        rules.Act.ASK,
    ),
    "lead": ("Name the lead", frozenset({Right.TRIAGE}), ""),
    "request_date": ("Correct the first day", frozenset({Right.REQUEST_TRANSFER}), StepKind.REPORT_REQUESTED),
    "urgency": ("Change the urgency", frozenset({Right.REQUEST_TRANSFER, Right.TRIAGE}), ""),
    "legal_basis": ("Change the legal basis", frozenset({Right.REQUEST_TRANSFER}), rules.Act.LEGAL_BASIS),
    "key_date": ("Add a date", frozenset({Right.RECORD_STEP}), ""),
    "risk_alert": ("Add a risk to staff", frozenset({Right.RECORD_STEP}), ""),
    "prison_move": ("Moved to another prison", frozenset({Right.RECORD_STEP}), rules.Act.PRISON_MOVE),
    "delay": ("Record a delay", frozenset({Right.RECORD_DELAY}), ""),
    "review": ("Record a review", frozenset({Right.RECORD_REVIEW}), ""),
    "contact": ("Record a contact", frozenset({Right.RECORD_CONTACT}), ""),
    "end": ("End this transfer", frozenset({Right.END_TRANSFER}), rules.Act.END),
}


# What other kinds of referral have of these, and what they call otherwise.
OF_EVERY_KIND = ("ask", "lead", "urgency", "contact", "end")
END_OTHERWISE = "End this referral"


def verbs_of_other_kind(standing: Standing) -> dict[str, Offer | None]:
    """The same for a referral that is no transfer from prison."""
    offered = dict(verbs(standing, OF_EVERY_KIND))
    end = offered["end"]
    offered["end"] = replace(end, words=END_OTHERWISE) if end else None
    if StepKind.ASSESSMENT not in rules.steps_of(standing.referral.kind):
        offered["lead"] = None
    offered["court_order"] = _of_court(standing)
    may_lead = not (standing.referral.is_primary or standing.referral.ended_on) and offered["urgency"]
    offered["make_primary"] = (
        Offer("Make this the one that leads", standing.path("make_primary"), posts=True) if may_lead else None
    )
    return offered


def _of_court(standing: Standing) -> Offer | None:
    """The order that an admission by a court waits for, or stands on."""
    identity = standing.referral.shows_identity  # type: ignore[attr-defined]
    is_awaited = standing.referral.kind == Kind.COURT_ADMISSION and not standing.referral.ended_on
    if not (identity and is_awaited and standing.by.has(Right.RECORD_STEP)):
        return None
    return Offer("Record the court’s order", standing.path("court_order"), standing.why_not())


def verbs(standing: Standing, names: Collection[str] = ()) -> dict[str, Offer | None]:
    """Every verb, or those named: a button, a button with why not, or None where the role has nothing to do with it."""
    identity = standing.referral.shows_identity  # type: ignore[attr-defined]
    offered: dict[str, Offer | None] = {
        name: Offer(words, standing.path(name), standing.why_not(kind))
        if identity and not standing.referral.ended_on and any(map(standing.by.has, rights))
        else None
        for name, (words, rights, kind) in VERBS.items()
        if not names or name in names
    }
    offered["find"] = _finding(standing) if identity else None
    lead = offered["lead"]
    if lead and not lead.refused:
        offered["lead"] = replace(lead, refused=refusal(rules.check_lead_among, standing.hospital_ids))
    return offered


def _finding(standing: Standing) -> Offer | None:
    """Looking for a bed: for those who may ask a service, and for services asked that give beds."""
    may_ask = any(map(standing.by.has, VERBS["ask"][1])) and not standing.why_not(rules.Act.ASK)
    may_give = standing.by.has(Right.OFFER_BED) and any(map(standing.by.works_at, standing.hospital_ids))
    needs_bed = rules.KINDS[standing.referral.kind].needs_bed
    found = needs_bed and not standing.referral.ended_on and (may_ask or may_give)
    return Offer("Find a bed", standing.path("find_a_bed")) if found else None


def another_report(standing: Standing) -> Offer | None:
    """Two reports that the law does not take, for example neither by an approved doctor, want a third."""
    both_there = StepKind.SECOND_REPORT in standing.done and StepKind.APPLICATION not in standing.done
    if not both_there or standing.why_not(StepKind.SECOND_REPORT) or not standing.by.has(Right.RECORD_REPORT):
        return None
    return Offer("Record another report", standing.path("step", StepKind.SECOND_REPORT))


def withdrawable(reports: Iterable[MedicalReport], standing: Standing) -> set[int]:
    """The reports that the actor may say were recorded wrongly, by id."""
    if not (standing.by.has(Right.RECORD_REPORT) and standing.referral.shows_identity):  # type: ignore[attr-defined]
        return set()
    user = standing.by.user
    return {
        report.pk
        for report in reports
        if not standing.why_not(
            rules.Act.WITHDRAW_REPORT, is_own=user is not None and report.recorded_by_id == user.pk
        )
    }


def of_approach(approach: Approach, standing: Standing) -> list[Offer]:
    """What may be done about one service asked."""
    if approach.closed_at or standing.referral.ended_on or not standing.referral.shows_identity:  # type: ignore[attr-defined]
        return []
    offers = []
    if standing.by.works_at(approach.service_id):
        offers += _own(approach, standing)
    is_own = standing.by.works_at(approach.service_id)
    declined = any(decision.outcome == Outcome.DECLINED for decision in approach.decided)
    may_stop = not declined and not standing.why_not(rules.Act.STOP_ASKING, is_own=is_own)
    if may_stop and any(map(standing.by.has, VERBS["ask"][1])):
        offers.append(_about(approach, "Step back" if is_own else "Stop asking", "withdraw", standing))
    return offers


def _own(approach: Approach, standing: Standing) -> list[Offer]:
    offers = []
    if standing.by.has(Right.DECIDE) and StepKind.DECISION in rules.steps_of(standing.referral.kind):
        name, words = ("change_decision", "Change the decision") if approach.decided else ("decide", "Decide")
        offers.append(_about(approach, words, name, standing))
    if standing.by.has(Right.OFFER_BED) and approach.offers:
        offers.append(_about(approach, "Withdraw the bed date", "withdraw_bed", standing))
    elif standing.by.has(Right.OFFER_BED) and is_accepted(approach):
        offers.append(_about(approach, "Give a bed date", "bed", standing))
    return offers


def _about(approach: Approach, words: str, name: str, standing: Standing) -> Offer:
    return Offer(words, standing.path(name, approach.public_id), about=approach.service.name)
