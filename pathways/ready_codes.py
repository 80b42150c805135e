"""National codes of being clinically ready to move on, and the words beside them that are ours."""

from django.db.models import TextChoices


class ReadyReason(TextChoices):
    """MHSDS v6, table MHS518, CLINICALLY READY FOR DISCHARGE DELAY REASON (from April 2024)."""

    CARE_COORDINATOR = "01", "Waits for a care coordinator"
    PSYCHIATRIST = "02", "Waits for a community psychiatrist"
    SOCIAL_WORKER = "03", "Waits for a social worker"
    FUNDING = "04", "Waits for public funding or a funding panel"
    STEP_DOWN = (
        "05",
        "Waits for further NHS care outside an acute setting, such as step-down or rehabilitation",
    )
    PRISON = "06", "Waits for a place in prison or an immigration removal centre"
    CARE_HOME = "07", "Waits for a care home without nursing"
    NURSING_HOME = "08", "Waits for a care home with nursing"
    CARE_PACKAGE = "09", "Waits for a care package where they live"
    EQUIPMENT = "10", "Waits for community equipment or adaptations"
    CHOICE = "11", "Choice of the person or family"
    COMMISSIONER_DISPUTE = "12", "Dispute: who pays for care after discharge"
    PATHWAY_DISPUTE = "13", "Dispute: the pathway after discharge, between clinical teams or panels"
    PRIVATE_RENT = "14", "Housing: private rented"
    SOCIAL_RENT = "15", "Housing: social rented, by the council list"
    OWN_HOME = "16", "Housing: buying or finding a home of their own"
    NOT_ELIGIBLE = "17", "Housing: not eligible for funded care or support"
    SUPPORTED = "18", "Housing: waits for supported accommodation"
    TEMPORARY = "19", "Housing: temporary accommodation from the local authority"
    CHILDRENS_HOME = "20", "Waits for a residential children's home that is not secure"
    SECURE_CHILDRENS_HOME = "21", "Waits for a secure children's home"
    YOUNG_OFFENDERS = "22", "Waits for a young offender institution"
    FOSTER = "23", "Waits for a foster placement"
    MINISTRY = "24", "Waits for the Ministry of Justice to agree to the placement"
    LEGAL_PROCEEDINGS = "25", "Outcome of legal proceedings under mental health law"
    COURT_OF_PROTECTION = "26", "Court of Protection proceedings"
    DOLS = "27", "Deprivation of liberty safeguards application"
    COURT_JUDGEMENT = "28", "Consideration of a court judgement"
    SPECIAL_SCHOOL = "29", "Waits for a residential special school or college"
    EDUCATION = "30", "Lack of local education support"
    PUBLIC_SAFETY = (
        "31",
        "Public safety concern unrelated to clinical need (care team or Ministry of Justice)",
    )
    BESPOKE = "32", "Highly bespoke housing or care that the community does not have"
    NO_LAWFUL_SUPPORT = "33", "No lawful support in the community, social care aside"
    NO_SOCIAL_CARE = "34", "No social care support, funded placement included"
    NHS_ASSESSMENT = "35", "NHS assessments in the community are late"
    STAFF = "36", "Shortage of hospital staff"
    OTHER_ASSESSMENT = "37", "Assessments in the community not led by the NHS are late"
    NOT_KNOWN = "98", "Reason not known"


class ReadyGroup(TextChoices):
    """How NHS England groups the reasons (Acute Inpatient Dashboard, 2025)."""

    COMMUNITY = "community", "Community"
    SOCIAL_CARE = "social_care", "Social care or local authority"
    HOUSING = "housing", "Housing"
    HOSPITAL = "hospital", "Hospital"
    NOT_KNOWN = "not_known", "Not known"


_R = ReadyReason
_OTHER_GROUPS: dict[str, tuple[ReadyReason, ...]] = {
    ReadyGroup.SOCIAL_CARE: (
        _R.SOCIAL_WORKER, _R.CARE_HOME, _R.CHILDRENS_HOME, _R.SECURE_CHILDRENS_HOME, _R.NO_SOCIAL_CARE
    ),
    ReadyGroup.HOUSING: (
        _R.PRIVATE_RENT, _R.SOCIAL_RENT, _R.OWN_HOME, _R.NOT_ELIGIBLE, _R.SUPPORTED, _R.TEMPORARY, _R.BESPOKE
    ),
    ReadyGroup.HOSPITAL: (_R.CHOICE, _R.NHS_ASSESSMENT, _R.STAFF),
    ReadyGroup.NOT_KNOWN: (_R.NOT_KNOWN,),
}  # fmt: skip
# Every reason has one group; what no other group has is the community's.
GROUPS: dict[str, str] = dict.fromkeys(_R.values, ReadyGroup.COMMUNITY.value) | {
    reason.value: str(group) for group, reasons in _OTHER_GROUPS.items() for reason in reasons
}


def reasons_in(group: str) -> list[str]:
    """The codes of one group."""
    return [code for code, own in GROUPS.items() if own == group]


class AttributableTo(TextChoices):
    """NHS Data Dictionary, CLINICALLY READY FOR DISCHARGE DELAY ATTRIBUTABLE TO INDICATION CODE."""

    NHS = "04", "The NHS, housing aside"
    SOCIAL_CARE = "05", "Social care, housing aside"
    BOTH = "06", "Both the NHS and social care, housing aside"
    HOUSING = "07", "Housing"


class WaitsOn(TextChoices):
    """Who has to act next, so that it can be asked of them."""

    SERVICE = "service", "A service"
    COMMISSIONER = "commissioner", "A commissioner"
    MINISTRY = "ministry", "Ministry of Justice"
    LOCAL_AUTHORITY = "local_authority", "A local authority"
    HOUSING = "housing", "A housing provider"
    COURT = "court", "A court or tribunal"
    PERSON = "person", "The person or their family"
    OWN_HOSPITAL = "own_hospital", "The hospital where they are"
    OTHER = "other", "Somebody else"


class ReadyEnd(TextChoices):
    """How days of being ready ended. The first four follow from what else is recorded; people choose the others."""

    MOVED = "moved", "Moved on"
    HIGHER = "higher", "Moved to higher security"
    DIED = "died", "Died"
    REASON = "reason", "Goes on for another reason"
    UNWELL = "unwell", "Became unwell: no longer ready"
    OTHER = "other", "No longer ready, for another reason"


# What a move or a death ended; it follows them when they are corrected.
BY_A_MOVE = (ReadyEnd.MOVED, ReadyEnd.HIGHER, ReadyEnd.DIED)
BY_HAND = (ReadyEnd.UNWELL, ReadyEnd.OTHER)


class Confirmation(TextChoices):
    """What has to be so before somebody is clinically ready (Data Dictionary, mental health delayed discharge)."""

    CLINICAL = "clinical", "The responsible clinician has decided that they are ready"
    TEAM = "team", "The multidisciplinary team has decided so too"
    SAFE = "safe", "It is safe for them to move on"
