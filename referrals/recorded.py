"""Everything recorded of one transfer, and of its person, as prepared queries.

Each is asked with the id of a referral, or of a patient, that has been found by `visible_to` already.
"""

from assessments.models import Acceptance, MedicalReport
from core.prepared import Prepared
from pathways.models import Clock, Flag, KeyDate, Leave, Placement, Responsibility, RiskAlert
from referrals.models import (
    Approach,
    BedOffer,
    Contact,
    Decision,
    Delay,
    HandOver,
    LegalBasis,
    Referral,
    Review,
    Step,
    Warrant,
)
from referrals.querysets import bed_dates_standing

# By the referral

# Those believed once as well: a page says what a date was before it was put right.
STEPS = Prepared(
    lambda pk: Step.objects.filter(referral=pk).select_related("recorded_by", "service", "superseded_by")
)
APPROACHES = Prepared(
    lambda pk: Approach.objects.filter(referral=pk).select_related("service").order_by("asked_at", "pk")
)
DECISIONS = Prepared(
    lambda pk: (
        Decision.objects.current().filter(approach__referral=pk).select_related("criterion", "acceptance")
    )
)
OFFERS = Prepared(lambda pk: bed_dates_standing(BedOffer).filter(approach__referral=pk))
WARRANTS = Prepared(
    lambda pk: (
        Warrant.objects.current().filter(referral=pk).select_related("hospital").order_by("-given_on", "-pk")
    )
)
CLOCKS = Prepared(
    lambda pk: Clock.objects.of("referral", pk).select_related("policy").order_by("started_on", "pk")
)
FLAGS = Prepared(
    lambda pk: Flag.objects.filter(clock__about_kind="referral", clock__about_id=pk).select_related(
        "acknowledged_by"
    )
)
HAND_OVERS = Prepared(
    lambda pk: (
        HandOver.objects.filter(referral=pk)
        .select_related("from_service", "to_service", "taken_by")
        .order_by("-pk")
    )
)
# What was corrected among them.
DELAYS = Prepared(
    lambda pk: (
        Delay.objects.filter(referral=pk)
        .select_related("service", "disputed_by", "recorded_by", "superseded_by")
        .order_by("during")
    )
)
BASES = Prepared(lambda pk: LegalBasis.objects.current().filter(referral=pk).order_by("-during"))
REVIEWS = Prepared(
    lambda pk: (
        Review.objects.current().filter(referral=pk).select_related("recorded_by").order_by("-on", "-pk")
    )
)
# For those who may not read clinical words: these are not even fetched.
REVIEWS_WITHOUT_WORDS = Prepared(
    lambda pk: (
        Review.objects.current()
        .filter(referral=pk)
        .select_related("recorded_by")
        .order_by("-on", "-pk")
        .defer("how_the_person_is", "interim_plan")
    )
)
CONTACTS = Prepared(
    lambda pk: (
        Contact.objects.current().filter(referral=pk).select_related("recorded_by").order_by("-on", "-pk")
    )
)
REPORTS = Prepared(lambda pk: MedicalReport.objects.of("referral", pk))

# By the patient

KEY_DATES = Prepared(lambda pk: KeyDate.objects.current().filter(patient=pk).order_by("on", "pk"))
ALERTS = Prepared(
    lambda pk: (
        RiskAlert.objects.current()
        .filter(patient=pk)
        .select_related("recorded_by")
        .order_by("-recorded_at", "-pk")
    )
)
PLACE_NOW = Prepared(lambda pk: Placement.objects.open().filter(patient=pk).select_related("service", "ward"))
# At court, at A&E or under escort.
OUT_NOW = Prepared(lambda pk: Leave.objects.movements().away().filter(patient=pk))
RESPONSIBILITIES = Prepared(
    lambda pk: (
        Responsibility.objects.current()
        .filter(patient=pk)
        .select_related("commissioner")
        .order_by("-during", "-pk")
    )
)
# Every word on any version of the person's assessment, oldest first.
WORDS = Prepared(lambda pk: Acceptance.objects.filter(signed__patient=pk).order_by("answered_at", "pk"))


def answers_of(referral: Referral) -> list[Approach]:
    """All services ever asked, in order, each with `decided` and `offers` as believed now. Three queries for all."""
    found = APPROACHES.of(referral.pk)
    decided, offers = DECISIONS.of(referral.pk), OFFERS.of(referral.pk)
    for approach in found:
        approach.referral = referral
        approach.decided = [one for one in decided if one.approach_id == approach.pk]  # type: ignore[attr-defined]
        approach.offers = [one for one in offers if one.approach_id == approach.pk]  # type: ignore[attr-defined]
    return found


def clocks_of(referral: Referral) -> list[Clock]:
    """The clocks of the transfer, the headline first, each with `raised`: all its flags. Two queries."""
    found, flags = CLOCKS.of(referral.pk), FLAGS.of(referral.pk)
    for clock in found:
        clock.raised = [flag for flag in flags if flag.clock_id == clock.pk]  # type: ignore[attr-defined]
        for flag in clock.raised:  # type: ignore[attr-defined]
            flag.clock = clock
    return sorted(found, key=lambda clock: (not clock.policy.is_headline, clock.ended_on is not None))
