"""National code lists about people, as NHS England and the Data Dictionary have them."""

from django.db.models import TextChoices


class StatedGender(TextChoices):
    """NHS Data Dictionary, PERSON STATED GENDER CODE."""

    MALE = "1", "Male"
    FEMALE = "2", "Female"
    INDETERMINATE = "9", "Indeterminate"
    NOT_KNOWN = "X", "Not known"


class Ethnicity(TextChoices):
    """NHS Data Dictionary, ETHNIC CATEGORY (16+1). Z was asked and not stated; 99 is not known. Keep them apart."""

    A = "A", "White British"
    B = "B", "White Irish"
    C = "C", "Any other White background"
    D = "D", "White and Black Caribbean"
    E = "E", "White and Black African"
    F = "F", "White and Asian"
    G = "G", "Any other mixed background"
    H = "H", "Indian"
    J = "J", "Pakistani"
    K = "K", "Bangladeshi"
    L = "L", "Any other Asian background"
    M = "M", "Caribbean"
    N = "N", "African"
    P = "P", "Any other Black background"
    R = "R", "Chinese"
    S = "S", "Any other ethnic group"
    Z = "Z", "Not stated"
    NOT_KNOWN = "99", "Not known"


class NoNhsNumber(TextChoices):
    """Why a person has no NHS number here (after NHS NUMBER STATUS INDICATOR CODE 03, 04 and 07)."""

    NOT_KNOWN = "not_known", "Not known yet"
    NOT_TRACED = "not_traced", "Tracing found no match or several"
    NONE = "none", "The person has none, for example a visitor from abroad"


class MhsdsLegalStatus(TextChoices):
    """MENTAL HEALTH ACT LEGAL STATUS CLASSIFICATION CODE. There is no code 11, and none for a “notional 37”."""

    INFORMAL = "01", "Informal"
    S2 = "02", "Section 2"
    S3 = "03", "Section 3"
    S4 = "04", "Section 4"
    S5_2 = "05", "Section 5(2)"
    S5_4 = "06", "Section 5(4)"
    S35 = "07", "Section 35"
    S36 = "08", "Section 36"
    S37_41 = "09", "Section 37 with section 41 restrictions"
    S37 = "10", "Section 37"
    S38 = "12", "Section 38"
    S44 = "13", "Section 44"
    S46 = "14", "Section 46"
    S47_49 = "15", "Section 47 with section 49 restrictions"
    S47 = "16", "Section 47"
    S48_49 = "17", "Section 48 with section 49 restrictions"
    S48 = "18", "Section 48"
    S135 = "19", "Section 135"
    S136 = "20", "Section 136"
    INSANITY_ACT = "31", "Criminal Procedure (Insanity) Act 1964"
    OTHER_ACTS = "32", "Other Acts"
    SUPERVISED_DISCHARGE = "33", "Supervised discharge (no longer in use)"
    OLD_S45A = "34", "Section 45A (code no longer in use)"
    S7 = "35", "Guardianship, section 7"
    S37_GUARDIANSHIP = "36", "Guardianship, section 37"
    S45A = "37", "Section 45A, limitation direction in force"
    S45A_ENDED = "38", "Section 45A, limitation direction ended"
    NOT_APPLICABLE = "98", "Not applicable"
    NOT_KNOWN = "99", "Not known"


class Limb(TextChoices):
    """Section 48(2) of the Mental Health Act 1983: the four groups of unsentenced people."""

    CROWN_REMAND = "a", "Remanded in custody for the Crown Court, section 48(2)(a)"
    MAGISTRATES_REMAND = "b", "Remanded by a magistrates' court, section 48(2)(b)"
    CIVIL = "c", "Civil prisoner, section 48(2)(c)"
    IMMIGRATION = "d", "Detained under immigration powers, section 48(2)(d)"


class LegalForm(TextChoices):
    """What the national code does not say and the law turns on."""

    CONDITIONAL_DISCHARGE = "conditional_discharge", "Conditionally discharged, section 42 or 73"
    COMMUNITY_TREATMENT = "community_treatment", "On a community treatment order, section 17A"
    RECALLED = "recalled", "Recalled from a community treatment order, section 17E"
    WITH_RESTRICTIONS = "with_restrictions", "With a restriction order"


class Act(TextChoices):
    """Something done for a person that needs somebody’s authority."""

    ESCORTED_LEAVE = "escorted_leave", "Escorted leave"
    UNESCORTED_LEAVE = "unescorted_leave", "Unescorted leave"
    OVERNIGHT_LEAVE = "overnight_leave", "Overnight leave"
    TRIAL_LEAVE = "trial_leave", "Trial leave to another hospital"
    COURT_ATTENDANCE = "court_attendance", "Attendance at court"
    TRANSFER = "transfer", "Transfer to another hospital"
    CONDITIONAL_DISCHARGE = "conditional_discharge", "Conditional discharge"
    DISCHARGE = "discharge", "Discharge"
    COMMUNITY_TREATMENT = "community_treatment", "Community treatment order"
    REMISSION = "remission", "Return to prison"
    RECALL = "recall", "Recall to hospital"


class AuthorityKind(TextChoices):
    """Whose decision an authority is."""

    MINISTRY_SPECIFIC = "ministry_specific", "Ministry of Justice, specific"
    MINISTRY_STANDING = "ministry_standing", "Ministry of Justice, standing"
    TRIBUNAL = "tribunal", "Tribunal"
    COURT = "court", "Court"
    WARRANT = "warrant", "Warrant"


class LeaveKind(TextChoices):
    """How somebody is away from the ward while the placement goes on."""

    ESCORTED = "escorted", "Escorted leave"
    UNESCORTED = "unescorted", "Unescorted leave"
    OVERNIGHT = "overnight", "Overnight leave"
    TRIAL = "trial", "Trial leave to another ward"


class MovementKind(TextChoices):
    """Why somebody is taken out for a time, from prison or from a ward, and comes back to the same place."""

    COURT = "court", "Court"
    EMERGENCY = "emergency", "A&E"
    ESCORT = "escort", "Escorted movement"


class LeaveEnd(TextChoices):
    """How a leave ended. That somebody was late, or was absent without leave, is asked of its times."""

    RETURNED = "returned", "Returned"
    RECALLED = "recalled", "Recalled"
    MOVED = "moved", "Became a move"
    NOT_RETURNED = "not_returned", "Did not return"
    DIED = "died", "Died"
    CANCELLED = "cancelled", "Cancelled before it began"


class Elsewhere(TextChoices):
    """Where a person is when no service of ours holds them. `died` closes the line."""

    RELEASED = "released", "Released to the community"
    GENERAL_HOSPITAL = "general_hospital", "General hospital"
    ABROAD = "abroad", "Outside England"
    AT_LARGE = "at_large", "At large"
    DIED = "died", "Died"
    NOT_KNOWN = "not_known", "Not known"


# Away, but not moved on: the bed is still theirs to come back to, and so is the wait.
AWAY = (Elsewhere.GENERAL_HOSPITAL, Elsewhere.AT_LARGE, Elsewhere.NOT_KNOWN)


class RestrictionReason(TextChoices):
    """Why only named staff may know who somebody is."""

    HARM = "harm", "Somebody might find and harm them, or they somebody here"
    STAFF = "staff", "They or a relative work in these services"
    PUBLIC = "public", "They are well known, or the case is"
    PROTECTED = "protected", "Their identity is protected by law or by the police"


class LiftReason(TextChoices):
    """Why a restriction ends."""

    OVER = "over", "The reason has passed"
    ERROR = "error", "It was made in error"


class BedException(TextChoices):
    """In what a bed does not fit the person who has it all the same, for a reason that is kept."""

    GENDER = "gender", "Single-sex ward"
    SPECIALTY = "specialty", "Specialty of the ward"
