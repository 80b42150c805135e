"""What an export of transfers holds: the one list from which the file, its dictionary and its schema all come."""

from dataclasses import dataclass

from core.classed import FieldClass, class_of
from organisations.fields import FIELDS as ORGANISATIONS
from pathways.fields import FIELDS as PATHWAYS
from pathways.models.clocks import FlagRule
from referrals.codes import EndReason, LegalSection, StepKind, Urgency
from referrals.fields import FIELDS as REFERRALS
from reports.exports.neutral import neutral
from reports.figures.counts import INSPECTORS_LIMIT_DAYS, LIMIT_DAYS

# Classes that a file may hold; identity only where it is asked for with a reason.
ALLOWED = {FieldClass.OPERATIONAL, FieldClass.IDENTITY}
TYPES = {"text": "string", "date": "date", "number": "integer", "yes or no": "boolean"}


@dataclass(frozen=True)
class Column:
    """One column. `source` names the model's field that it is taken or worked out from, which gives its class."""

    key: str
    heading: str
    kind: str
    source: str
    sql: str
    meaning: str

    @property
    def field_class(self) -> FieldClass:
        """How close the column is to the person."""
        model, field = self.source.split(".")
        for table in (REFERRALS, PATHWAYS, ORGANISATIONS):
            found = class_of(table, model, field)
            if found is not None:
                return found
        raise LookupError(f"{self.source} is not classed")

    @property
    def expression(self) -> str:
        """The SQL of the cell as the file has it."""
        if self.kind == "yes or no":
            return f"CASE WHEN {self.sql} THEN 'Yes' WHEN NOT ({self.sql}) THEN 'No' END"
        return self.sql


def _words(column: str, choices: list[tuple[object, str]]) -> str:
    """SQL: a code in words. The words are our own, so that none begins a formula."""
    cases = " ".join(f"WHEN '{code}' THEN '{words.replace(chr(39), chr(39) * 2)}'" for code, words in choices)
    return f"CASE ({column})::text {cases} END"


def _person(field: str) -> str:
    """SQL: something of the person, but not of somebody with restricted access, whom only named staff may know."""
    return f"CASE WHEN NOT person.has_restricted_access THEN {field} END"


def _step(kind: StepKind, column: str = "") -> Column:
    return Column(
        f"{kind.value}_on",
        kind.label,
        "date",
        "Step.done_on",
        column or f"t.{kind.value}_on",
        f"Day on which this step was done: {kind.label.lower()}.",
    )


# “person” stands for the pseudonym, which the worker writes in place of the person's id.
PSEUDONYM = "person"

COLUMNS = (
    Column(
        PSEUDONYM,
        "Person",
        "text",
        "Referral.patient",
        "NULL::text",
        "What stands for the person: the same in every export of this installation, and made from a secret key.",
    ),
    Column(
        "nhs_number", "NHS number", "text", "Patient.nhs_number", _person("person.nhs_number"), "NHS number."
    ),
    Column(
        "family_name",
        "Last name",
        "text",
        "Patient.family_name",
        _person(neutral("person.family_name")),
        "Last name.",
    ),
    Column(
        "given_name",
        "First name",
        "text",
        "Patient.given_name",
        _person(neutral("person.given_name")),
        "First name.",
    ),
    Column(
        "born_on", "Date of birth", "date", "Patient.born_on", _person("person.born_on"), "Date of birth."
    ),
    Column(
        "prison_number",
        "Prison number",
        "text",
        "Patient.prison_number",
        _person(neutral("person.prison_number")),
        "Prison number.",
    ),
    Column(
        "reference",
        "Reference",
        "text",
        "Referral.reference",
        "referral.reference",
        "The short reference that everybody concerned with the transfer uses.",
    ),
    Column(
        "state",
        "State",
        "text",
        "Step.done_on",
        "CASE WHEN t.is_waiting THEN 'Waiting' WHEN t.received_on IS NOT NULL THEN 'Received' ELSE 'Ended' END",
        "Waiting, received in hospital, or ended without admission.",
    ),
    Column(
        "urgency",
        "Urgency",
        "text",
        "Referral.urgency",
        # What it was before the first change recorded since; nobody changes the event that says so.
        _words("coalesce(urgency_then.urgency, referral.urgency)", list(Urgency.choices)),
        "How soon admission was said to be needed, as known then.",
    ),
    Column(
        "section",
        "Legal basis",
        "text",
        "LegalBasis.section",
        _words("basis.section", list(LegalSection.choices)),
        "Section of the Mental Health Act 1983 under which the transfer was last asked for.",
    ),
    Column(
        "limb",
        "Limb of section 48",
        "text",
        "LegalBasis.limb",
        "nullif(basis.limb, '')",
        "Group of section 48(2), a to d.",
    ),
    Column(
        "with_restrictions",
        "With restrictions",
        "yes or no",
        "LegalBasis.with_restrictions",
        "basis.with_restrictions",
        "Whether section 49 restrictions go with it.",
    ),
    Column(
        "prison",
        "Prison",
        "text",
        "Service.name",
        neutral("prison.name"),
        "The prison that had the transfer.",
    ),
    Column(
        "region", "Region", "text", "Region.name", neutral("region.name"), "NHS England region of the prison."
    ),
    Column(
        "commissioner",
        "Commissioner",
        "text",
        "Commissioner.name",
        neutral("commissioner.name"),
        "Who answered for the person when the transfer was asked for.",
    ),
    Column(
        "requested_on",
        "Medical report first requested",
        "date",
        "Step.done_on",
        "t.requested_on",
        "Day 0 of the wait.",
    ),
    Column(
        "entered_on",
        "Entered",
        "date",
        "Referral.requested_at",
        "(referral.requested_at AT TIME ZONE 'Europe/London')::date",
        "Day on which the transfer was entered here.",
    ),
    *(
        _step(kind)
        for kind in (
            StepKind.FIRST_REPORT,
            StepKind.ASSESSMENT,
            StepKind.DECISION,
            StepKind.SECOND_REPORT,
            StepKind.BED_DATE,
            StepKind.APPLICATION,
            StepKind.WARRANT,
            StepKind.ESCORT,
            StepKind.LEFT,
            StepKind.RECEIVED,
        )
    ),
    Column(
        "ended_on",
        "Ended",
        "date",
        "Event.occurred_at",
        "t.ended_on",
        "Day on which the transfer ended, however.",
    ),
    Column(
        "end_reason",
        "How it ended",
        "text",
        "Event.details",
        _words("t.reason", list(EndReason.choices)),
        "From the closed list of ends.",
    ),
    Column(
        "hospital",
        "Hospital",
        "text",
        "Service.name",
        neutral("hospital.name"),
        "Where the person was received, else the service that accepts them.",
    ),
    Column(
        "provider", "Provider", "text", "Provider.name", neutral("provider.name"), "Who runs the hospital."
    ),
    Column(
        "sector",
        "Sector",
        "text",
        "Provider.sector",
        _words("provider.sector", [("nhs", "NHS"), ("independent", "Independent")]),
        "NHS or independent.",
    ),
    Column(
        "days",
        "Days",
        "number",
        "Step.done_on",
        "t.days",
        "From day 0 to the day of receipt, else of the end, else to the day on which the file stands.",
    ),
    Column(
        "within_14",
        "Within 14 days",
        "yes or no",
        "Step.done_on",
        f"CASE WHEN t.received_on IS NOT NULL THEN t.days <= {LIMIT_DAYS} END",
        "Of those received: whether on day 14 or before. Empty for others.",
    ),
    Column(
        "within_28",
        "Within 28 days",
        "yes or no",
        "Step.done_on",
        f"CASE WHEN t.received_on IS NOT NULL THEN t.days <= {INSPECTORS_LIMIT_DAYS} END",
        "Of those received: whether on day 28 or before. Empty for others.",
    ),
    Column(
        "services_asked",
        "Services asked",
        "number",
        "Approach.service",
        "coalesce(approached.asked, 0)",
        "How many services were asked.",
    ),
    Column(
        "services_declined",
        "Services that declined",
        "number",
        "Decision.outcome",
        "coalesce(approached.declined, 0)",
        "How many of them declined, as last decided.",
    ),
    Column(
        "delay_days",
        "Days with a reason",
        "number",
        "Delay.during",
        "coalesce(delayed.days, 0)",
        "Days of the wait that are put down to a party and a reason. They are not taken off the wait.",
    ),
    Column(
        "gravest_flag",
        "Gravest flag",
        "text",
        "Flag.level",
        _words("flagged.level", list(FlagRule.Level.choices)),
        "The gravest flag raised by the headline limit.",
    ),
)


def columns_for(*, with_names: bool) -> list[Column]:
    """The columns of a file, by the class of what they hold."""
    allowed = ALLOWED if with_names else ALLOWED - {FieldClass.IDENTITY}
    return [column for column in COLUMNS if column.field_class in allowed]


def table_schema(*, with_names: bool) -> dict[str, object]:
    """The Frictionless table schema of the file."""
    fields = [
        {
            "name": column.heading,
            "type": TYPES[column.kind],
            "description": column.meaning,
            **({"trueValues": ["Yes"], "falseValues": ["No"]} if column.kind == "yes or no" else {}),
        }
        for column in columns_for(with_names=with_names)
    ]
    return {"fields": fields, "missingValues": [""]}
