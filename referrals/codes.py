"""The vocabulary of referrals and of the transfer from prison."""

from django.db.models import IntegerChoices, TextChoices


class Kind(TextChoices):
    """What a referral is for."""

    PRISON_TRANSFER = "prison_transfer", "Transfer from prison"
    COURT_ADMISSION = "court_admission", "Admission from court"
    ADMISSION = "admission", "Admission from the community"
    STEP_UP = "step_up", "Step up"
    STEP_DOWN = "step_down", "Step down"
    SIDEWAYS = "sideways", "Sideways"
    REMISSION = "remission", "Remission to prison"
    TO_COMMUNITY = "to_community", "To the community"
    RECALL = "recall", "Recall to hospital"


class Urgency(IntegerChoices):
    """How soon; lower is sooner, so that lists sort by it."""

    EMERGENCY = 1, "Emergency"
    URGENT = 2, "Urgent"
    SOON = 3, "Soon"


class LegalSection(TextChoices):
    """The section of the Mental Health Act 1983 under which a transfer is asked."""

    S47 = "47", "Section 47: serving a sentence"
    S48 = "48", "Section 48: not sentenced, and in urgent need of treatment"


class StepKind(TextChoices):
    """The steps of a referral: the twelve of a transfer from prison in their order, then those of other kinds."""

    REPORT_REQUESTED = "report_requested", "Medical report requested"
    FIRST_REPORT = "first_report", "First psychiatric assessment and report"
    SERVICES_ASKED = "services_asked", "Services asked"
    ASSESSMENT = "assessment", "Shared access assessment signed"
    DECISION = "decision", "Decision on the person"
    SECOND_REPORT = "second_report", "Second medical report"
    BED_DATE = "bed_date", "Bed date given"
    APPLICATION = "application", "Application to the Ministry of Justice"
    WARRANT = "warrant", "Warrant given"
    ESCORT = "escort", "Escort booked"
    LEFT = "left", "Left prison"
    RECEIVED = "received", "Received in hospital"
    AGREED = "agreed", "Agreement of those who receive the person"
    AFTERCARE = "aftercare", "Section 117 meeting"
    AUTHORITY = "authority", "Authority on record"
    PLANNED = "planned", "Day of the move planned"
    MOVED = "moved", "Moved"


class Outcome(TextChoices):
    """A service's decision about the person."""

    ACCEPTED = "accepted", "Accepted"
    ACCEPTED_OTHER_TIER = "accepted_other_tier", "Accepted at another tier"
    DECLINED = "declined", "Declined"
    DEFERRED = "deferred", "Deferred to a date"


class DeclineReason(TextChoices):
    """Why a service declines a person."""

    TIER_TOO_LOW = "tier_too_low", "Needs more security than the service has"
    TIER_TOO_HIGH = "tier_too_high", "Needs less security than the service has"
    GENDER = "gender", "No ward for this gender"
    SPECIALTY = "specialty", "Needs a specialty the service does not have"
    AREA = "area", "Outside the area the service takes from"
    LEGAL_BASIS = "legal_basis", "Legal basis the service does not take"
    NO_TREATABLE_CONDITION = "not_treatable", "Hospital treatment not thought appropriate"
    NO_BED = "no_bed", "No bed in prospect"
    SAFETY = "safety", "Cannot be safe with people already there"
    OTHER = "other", "Other"


class DelayParty(TextChoices):
    """Who a day of waiting is put down to."""

    PRISON = "prison", "Prison"
    PRISON_HEALTHCARE = "prison_healthcare", "Prison healthcare"
    FIRST_DOCTOR = "first_doctor", "First doctor"
    SECOND_DOCTOR = "second_doctor", "Second doctor"
    SERVICE_ASKED = "service_asked", "Service asked"
    ACCEPTING_SERVICE = "accepting_service", "Accepting service"
    COMMISSIONER = "commissioner", "Commissioner"
    MINISTRY = "ministry", "Ministry of Justice"
    COURT = "court", "Court"
    ESCORT = "escort", "Escort"
    PATIENT = "patient", "The person"


class DelayReason(TextChoices):
    """Why a day is waited (Mental Health Act 2025 s37 sets shortage of beds and of staff apart: never exceptional)."""

    LATE_REQUEST = "late_request", "Request made or recorded late"
    FIRST_REPORT = "first_report", "Waiting for the first doctor"
    SECOND_REPORT = "second_report", "Waiting for the second doctor"
    ASSESSMENT_NOT_DONE = "assessment_not_done", "Access assessment not done"
    ASSESSED_AGAIN = "assessed_again", "Assessed again by another service"
    TIER_DISAGREEMENT = "tier_disagreement", "Disagreement on the tier of security"
    NO_BED = "no_bed", "No bed at the right tier"
    BLOCKED_BED = "blocked_bed", "Bed blocked by somebody ready to move on"
    STAFF_SHORTAGE = "staff_shortage", "Shortage of hospital staff"
    COMMISSIONER_DISPUTE = "commissioner_dispute", "Dispute about the responsible commissioner"
    MINISTRY_INCOMPLETE = "ministry_incomplete", "Application incomplete"
    MINISTRY_DECISION = "ministry_decision", "Waiting for the Ministry's decision"
    WARRANT_LAPSED = "warrant_lapsed", "Warrant lapsed"
    ESCORT = "escort", "No escort or transport"
    PRISON_MOVE = "prison_move", "Moved between prisons"
    COURT_DATE = "court_date", "Court date"
    PHYSICAL_HEALTH = "physical_health", "Physical health"
    OTHER = "other", "Other"


class EndReason(TextChoices):
    """The closed list of ends of a prison transfer."""

    ADMITTED = "admitted", "Admitted under section 47 or 48"
    ADMITTED_BY_COURT = "admitted_by_court", "Admitted under a court order"
    ADMITTED_AFTER_RELEASE = (
        "admitted_after_release",
        "Admitted after release (section 2, section 3 or informal)",
    )
    RELEASED = "released", "Released or bailed without admission"
    LEFT_ENGLAND = "left_england", "Removed from the country or moved outside England"
    IMPROVED = "improved", "Improved; treatment in prison agreed"
    ENTERED_IN_ERROR = "entered_in_error", "Asked in error"
    DIED = "died", "Died"


class MoveEnd(TextChoices):
    """The closed list of ends of a referral of another kind."""

    MOVED = "moved", "Moved as asked"
    NOT_NEEDED = "not_needed", "No longer needed"
    NOT_POSSIBLE = "not_possible", "Not possible: nobody takes the person"
    OVERTAKEN = "overtaken", "Overtaken by another move"
    ENTERED_IN_ERROR = "entered_in_error", "Asked in error"
    DIED = "died", "Died"


class RemissionReason(TextChoices):
    """Why somebody may be returned to prison: the two grounds of sections 50(1), 51(3), 52(5) and 53(2)."""

    NOT_REQUIRED = "not_required", "No longer requires treatment in hospital for mental disorder"
    NOT_EFFECTIVE = "not_effective", "No effective treatment can be given in the hospital"


ADMISSIONS = (EndReason.ADMITTED, EndReason.ADMITTED_BY_COURT, EndReason.ADMITTED_AFTER_RELEASE)


# Why what was open on a transfer is not believed any more: that it ended, and nothing else.
ENDED = "The transfer ended."
# Why the warrant, its application and having left under it are not believed any more once its days are over.
RAN_OUT = "The warrant lapsed."
# Why the warrant, its application and the reports are not believed any more under another section.
BASIS_CHANGED = "The legal basis changed."
# Why a delay that was to begin on the day of the end, or later, is not believed.
NEVER_BEGAN = "The transfer ended before it."


class WarrantOutcome(TextChoices):
    """What became of a warrant."""

    LIVE = "live", "Live"
    USED = "used", "Used"
    LAPSED = "lapsed", "Lapsed"
    REPLACED = "replaced", "Replaced"
    REFUSED = "refused", "Refused by the Secretary of State"
