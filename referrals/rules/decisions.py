"""Services asked, and what they decide about the person."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from core.pages import in_sentence, long_date
from core.refusals import Refused
from organisations.models import Service
from organisations.rules import HOSPITAL_TIERS, Tier
from referrals.codes import DeclineReason, Outcome

ACCEPTING = frozenset({Outcome.ACCEPTED, Outcome.ACCEPTED_OTHER_TIER})
# A bed is not held further ahead than this: longer is an expected date, which the decision says.
BED_DATE_WITHIN_DAYS = 180


def check_ask(service: Service, *, asked: bool, takers: Collection[str] = (Service.Kind.HOSPITAL,)) -> None:
    """Refuse a service of a kind that can't be asked for this, that is closed, or that has been asked.

    `takers`: the kinds of service that may be asked.
    """
    if service.kind not in takers:
        named = " or ".join(sorted(in_sentence(Service.Kind(one).label) for one in takers))
        raise Refused(f"Only a {named} can be asked to take somebody.", "service")
    if not service.is_open:
        raise Refused("That service is closed.", "service")
    if asked:
        raise Refused("That service has already been asked.", "service")


def check_withdrawal(*, closed: bool, why: str) -> None:
    """Refuse to let a service go twice, or without a reason."""
    if closed:
        raise Refused("That service is not asked any more.")
    if not why.strip():
        raise Refused("Say why the service is let go.", "why")


def check_lead_among(asked_ids: Collection[int]) -> None:
    """Refuse to name a lead while there is nobody to name."""
    if not asked_ids:
        raise Refused("Ask a service first: only one that is asked can lead the assessment.")


def check_lead(service_id: int, asked_ids: Collection[int]) -> None:
    """Refuse a lead that has not been asked."""
    check_lead_among(asked_ids)
    if service_id not in asked_ids:
        raise Refused("Only a service that has been asked can lead the assessment.", "service")


def check_decides(*, acts_for_it: bool, closed: bool, decided: bool) -> None:
    """Refuse anyone but the service asked, after it was let go, and a second decision beside the first."""
    if not acts_for_it:
        raise Refused("Only the service that was asked decides about the person.")
    if closed:
        raise Refused("Your service is not asked any more, so there is nothing to decide.")
    if decided:
        raise Refused("A decision is already recorded. Open it to change it.")


def check_change_of_decision(*, superseded: bool, why: str) -> None:
    """Refuse to change what has been changed already, or without a reason."""
    if superseded:
        raise Refused("That decision has been changed already. Open the newest one.")
    if not why.strip():
        raise Refused("Say why the decision is changed.", "why")


def check_acceptance(
    *, of_this_service: bool, of_this_person: bool, is_current: bool, answer: str, outcome: str
) -> None:
    """Refuse to decide but on a current signed assessment on which the service has given its word.

    After “no” it may decline or defer; to accept somebody it takes the assessment as its own.
    """
    if not of_this_person:
        raise Refused("That assessment is about somebody else.", "acceptance")
    if not of_this_service:
        raise Refused(
            "Your service has not said whether it accepts the assessment. Do that first.", "acceptance"
        )
    if not is_current:
        raise Refused("That assessment is no longer current. Decide on the current one.", "acceptance")
    if answer == "no" and outcome in ACCEPTING:
        raise Refused(
            "Your service has not accepted the assessment, so it can decline or defer and not accept. "
            "To accept the person, accept the assessment first.",
            "outcome",
        )


# What belongs to which outcome; a field of another is refused. Words belong to all.
BELONGS_TO: dict[str, frozenset[str]] = {
    "tier": ACCEPTING,
    "expected_on": ACCEPTING,
    "depends_on": ACCEPTING,
    "reason": frozenset({Outcome.DECLINED}),
    "criterion": frozenset({Outcome.DECLINED}),
    "deferred_to": frozenset({Outcome.DEFERRED}),
}
NOT_OF_THIS: dict[str, str] = {
    "tier": "A tier goes with accepting the person only. Leave it out.",
    "expected_on": "The date a bed is expected goes with accepting the person only. Leave it out.",
    "depends_on": "What the bed depends on goes with accepting the person only. Leave it out.",
    "reason": "A reason from the list goes with declining the person only. Leave it out.",
    "criterion": "A criterion goes with declining the person only. Leave it out.",
    "deferred_to": "A date to defer to goes with deferring only. Leave it out.",
}


def check_belongs(outcome: str, given: Mapping[str, object]) -> None:
    """Refuse what goes with another outcome, so that nobody reads a reason to decline beside “Accepted”."""
    for field, outcomes in BELONGS_TO.items():
        if given.get(field) and outcome not in outcomes:
            raise Refused(NOT_OF_THIS[field], field)


def tier_accepted(outcome: str, tier: str, recommended: str) -> str:
    """The tier a decision stands at: the recommended one unless another is accepted, none where nobody is."""
    if outcome not in ACCEPTING:
        return ""
    return tier or (recommended if outcome == Outcome.ACCEPTED else "")


def check_decision(
    outcome: str,
    *,
    tier: str,
    recommended: str,
    reason: str,
    words: str,
    deferred_to: date | None,
    expected_on: date | None,
    decided_on: date,
    today: date,
    asked_on: date,
    signed_on: date,
    criterion_is_own: bool,
    own_tiers: Collection[str],
) -> None:
    """Refuse a decision made too early, or without what it takes.

    That is a tier for which the service has a ward, a coded reason, a date.
    """
    if outcome not in Outcome.values:
        raise Refused("Choose what your service has decided.", "outcome")
    if decided_on > today:
        raise Refused("The date of the decision must be today or in the past.", "decided_on")
    if decided_on < asked_on:
        raise Refused(
            f"The decision is before {long_date(asked_on)}, the day your service was asked.", "decided_on"
        )
    if decided_on < signed_on:
        raise Refused(
            f"The decision is before {long_date(signed_on)}, the day the assessment was signed.", "decided_on"
        )
    if outcome in ACCEPTING:
        _check_tier(outcome, tier, recommended)
        _check_own_tier(outcome, tier or recommended, own_tiers)
    if outcome == Outcome.DECLINED:
        _check_decline(reason, words, criterion_is_own)
    if outcome == Outcome.DEFERRED and deferred_to is None:
        raise Refused("Say to which date the decision is deferred.", "deferred_to")
    if deferred_to is not None and deferred_to <= decided_on:
        raise Refused("The date deferred to must be after the decision.", "deferred_to")
    if expected_on is not None and expected_on < decided_on:
        raise Refused("The date a bed is expected must not be before the decision.", "expected_on")


def _check_tier(outcome: str, tier: str, recommended: str) -> None:
    if tier and tier not in HOSPITAL_TIERS:
        raise Refused("Choose the tier at which the person is accepted.", "tier")
    if outcome == Outcome.ACCEPTED and tier and tier != recommended:
        raise Refused("That is not the tier recommended. Choose “Accepted at another tier”.", "outcome")
    if outcome == Outcome.ACCEPTED_OTHER_TIER and not tier:
        raise Refused("Choose the tier at which the person is accepted.", "tier")
    if outcome == Outcome.ACCEPTED_OTHER_TIER and tier == recommended:
        raise Refused("That is the tier recommended. Choose “Accepted”.", "outcome")


def _check_own_tier(outcome: str, tier: str, own_tiers: Collection[str]) -> None:
    if tier in own_tiers:
        return
    missing = f"Your service had no {Tier(tier).label.lower()} ward on that day."
    if outcome == Outcome.ACCEPTED:
        raise Refused(f"{missing} Accept at another tier, or decline.", "outcome")
    raise Refused(f"{missing} Choose a tier for which it has one.", "tier")


def _check_decline(reason: str, words: str, criterion_is_own: bool) -> None:
    if reason not in DeclineReason.values:
        raise Refused("Choose why the person is declined.", "reason")
    if reason == DeclineReason.OTHER and not words.strip():
        raise Refused("Say in words why the person is declined.", "words")
    if not criterion_is_own:
        raise Refused("Choose one of your own service's criteria.", "criterion")


def everyone_declined(outcomes: Sequence[str | None]) -> bool:
    """Whether every service still asked has declined: an escalation, never an end. None has not decided."""
    return bool(outcomes) and all(outcome == Outcome.DECLINED for outcome in outcomes)


def check_bed_date(*, accepted: bool, has_one: bool, bed_is_own: bool, bed_on: date, today: date) -> None:
    """Refuse a bed date from a service that has not accepted, has given one, or of a bed that is not its own."""
    if not accepted:
        raise Refused("Accept the person before giving a bed date.")
    if has_one:
        raise Refused("A bed date is already given. Withdraw it before giving another.", "bed_on")
    if not bed_is_own:
        raise Refused("Choose a bed of your own service.", "bed")
    if bed_on < today:
        raise Refused("The bed date must be today or later.", "bed_on")
    if (bed_on - today).days > BED_DATE_WITHIN_DAYS:
        raise Refused("The bed date is more than six months ahead. Give an expected date instead.", "bed_on")


def check_bed_is_free(free_on: date | None, bed_on: date) -> None:
    """Refuse a day on which the bed is still somebody's. `free_on`: the first day on which it can be held, if any."""
    if free_on is None:
        raise Refused("That bed is taken for part of this time. Choose another bed or other dates.", "bed")
    if bed_on < free_on:
        raise Refused(f"This bed is free from {long_date(free_on)}.", "bed_on")


def check_bed_manager(*, acts_for_it: bool, closed: bool) -> None:
    """Refuse anyone but the service asked, and once it was let go."""
    if not acts_for_it:
        raise Refused("Only the service that was asked gives a bed date.")
    if closed:
        raise Refused("Your service is not asked any more, so it can't give a bed date.")


def check_bed_withdrawal(*, superseded: bool, why: str) -> None:
    """Refuse to take a bed date back twice, or without a reason."""
    if superseded:
        raise Refused("That bed date has been withdrawn already.")
    if not why.strip():
        raise Refused("Say why the bed date is withdrawn.", "why")
