"""The vocabulary of the shared assessment."""

from django.db.models import TextChoices


class SectionKind(TextChoices):
    """The eleven written sections, in reading order (the composite of adult secure access assessments)."""

    REFERRAL = "referral", "Referral"
    IDENTITY = "identity", "Identity"
    LEGAL = "legal", "Legal"
    LOCATION = "location", "Current location and regime"
    PSYCHIATRIC = "psychiatric", "Psychiatric history and diagnosis"
    RISK = "risk", "Risk"
    PHYSICAL = "physical", "Physical health"
    PSYCHOSOCIAL = "psychosocial", "Family, culture and circumstances"
    TOOLS = "tools", "Instruments used"
    SECURITY = "security", "Security need"
    PURPOSE = "purpose", "Purpose of admission and way out"


class Restriction(TextChoices):
    """Why a passage is kept from some who may read the rest."""

    NONE = "none", "Not restricted"
    THIRD_PARTY = "third_party", "About or from a third party"
    VICTIM = "victim", "About a victim"
    HOSPITAL_ONLY = "hospital_only", "For hospital staff only"


class RepeatReason(TextChoices):
    """Why a second assessment is made while one is open or current."""

    MATERIAL_CHANGE = "material_change", "Material change since the last one"
    COURT_OR_TRIBUNAL = "court_or_tribunal", "A court or tribunal asked for one"
    SECOND_OPINION = "second_opinion", "Second opinion on the tier"


class AcceptanceAnswer(TextChoices):
    """Whether a service accepts the assessment as its own. About the assessment, never about the person."""

    YES = "yes", "Yes, accepted as our own"
    QUESTION = "question", "Accepted, with a question"
    NO = "no", "Not accepted"


class RecommendedUrgency(TextChoices):
    """How soon the assessor thinks admission is needed."""

    EMERGENCY = "emergency", "Emergency"
    URGENT = "urgent", "Urgent"
    SOON = "soon", "Soon"


class Closing(TextChoices):
    """How work on a draft ended."""

    SIGNED = "signed", "Signed"
    ABANDONED = "abandoned", "Given up with a reason"


class Instrument(TextChoices):
    """Instruments whose use is noted, by name only: most are licensed and none of their items is kept here."""

    HCR_20 = "HCR-20", "HCR-20"
    DUNDRUM_1 = "DUNDRUM-1", "DUNDRUM-1: triage security"
    DUNDRUM_2 = "DUNDRUM-2", "DUNDRUM-2: triage urgency"
    HONOS_SECURE = "HoNOS-secure", "HoNOS-secure"
    PCL_R = "PCL-R", "PCL-R"
    START = "START", "START"
    RSVP = "RSVP", "RSVP"
    OTHER = "Other", "Another one, named in the summary"
