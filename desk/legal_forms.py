"""Forms about the law that somebody is held under, and about diagnoses."""

from datetime import date, datetime
from typing import Any

from django import forms

from core.dates import DateInputField
from core.forms import SeenForm, VersionField
from pathways.codes import Act, AuthorityKind, LegalForm, Limb, MhsdsLegalStatus
from pathways.days import LONDON, at
from pathways.models import Authority, LegalStatus
from pathways.rules.legal import STATUSES, Held, StatusKind, held_of, rule_of
from referrals.forms.fields import ServiceField, VerbForm, day_field, hospitals, line_field, words_field

OTHER = "other"
SHORTER = "Leave it empty to take the longest that the law allows."
KEPT = (
    "Leave it empty to keep the present one. Another legal status then takes the longest that the law allows."
)
LASTED = (
    "Only for one that is over. Leave it empty if it holds now, or lasted until the next one on record began."
)
IN_HOURS = (
    "24-hour clock, like 14:05. Only for what the law counts in hours: section 4, 5(2), 5(4), 135 or 136, and a recall "
    "from a community treatment order, which is counted from the arrival in hospital. If nobody knows, leave it empty: "
    "the hours are then counted from the start of the day."
)


def _time_field() -> forms.TimeField:
    return forms.TimeField(
        label="At what time did it begin?",
        required=False,
        input_formats=["%H:%M", "%H.%M", "%H%M"],
        help_text=IN_HOURS,
    )


def _moment_of(given: dict[str, Any]) -> datetime | None:
    return at(given["since"], given["at_time"]) if given["at_time"] else None


def words_of(held: Held) -> str:
    """A status with its limb or form, in words."""
    if held == Held(MhsdsLegalStatus.NOT_APPLICABLE):
        return "Not held under the Act: in prison or in the community"
    label = MhsdsLegalStatus(held.code).label
    if held.variant in Limb.values:
        return f"{label}: {Limb(held.variant).label}"
    if held.variant == LegalForm.WITH_RESTRICTIONS:
        return f"{label}, with a restriction order"
    return LegalForm(held.variant).label if held.variant else label


def value_of(held: Held) -> str:
    """What stands for it in a form."""
    return held.code + held.variant


# Section 48 is asked for by its limb, for the law is another for each.
CHOICES = {
    value_of(held): held
    for held, rule in STATUSES.items()
    if rule.kind != StatusKind.RETIRED
    and held not in (Held(MhsdsLegalStatus.S48), Held(MhsdsLegalStatus.S48_49))
}


def _choices(among: Any) -> list[tuple[str, str]]:
    return [(value_of(held), words_of(held)) for held in CHOICES.values() if held in among]


def given_status(value: str) -> dict[str, str]:
    """Code, limb and form of a choice, as the actions ask for them."""
    held = CHOICES[value]
    is_limb = held.variant in Limb.values
    return {
        "code": held.code,
        "limb": held.variant if is_limb else "",
        "form": "" if is_limb else held.variant,
    }


class LegalStatusForm(SeenForm, VerbForm):
    """Under what somebody is or was held from a day on. What usually follows the present one is offered first."""

    status = forms.ChoiceField(label="Under what is or was the person held?", widget=forms.RadioSelect)
    other = forms.ChoiceField(label="Which?", choices=())
    since = day_field("Since which day?")
    at_time = _time_field()
    last_day = day_field("To which day?", required=False, help_text=LASTED)
    authorised_until = DateInputField(
        label="Last day of the authority to detain", required=False, help_text=SHORTER
    )
    reveals = {"other": ("status", OTHER)}
    widths = {"at_time": 5}

    def __init__(self, *args: Any, before: LegalStatus | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        follow = rule_of(*held_of(before)).may_follow if before else frozenset()
        usual, rest = _choices(follow), _choices(set(STATUSES) - follow)
        self.fields["status"].choices = [
            *usual,
            (OTHER, "Another legal status" if usual else "Choose from the list"),
        ]
        self.fields["other"].choices = rest
        if not usual:
            self.initial["status"] = OTHER

    def answers(self) -> dict[str, Any]:
        """As the action asks for it."""
        given = self.cleaned_data
        value = given["other"] if given["status"] == OTHER else given["status"]
        return {
            **given_status(value),
            **{name: given[name] for name in ("since", "last_day", "authorised_until", "checked")},
            "began_at": _moment_of(given),
        }


class CorrectStatusForm(VerbForm):
    """A status put right."""

    status = forms.ChoiceField(label="Under what was the person held?", choices=_choices(set(STATUSES)))
    since = day_field("From which day?")
    at_time = _time_field()
    last_day = day_field("To which day?", required=False, help_text="Leave it empty if it has not ended.")
    authorised_until = DateInputField(
        label="Last day of the authority to detain", required=False, help_text=KEPT
    )
    why = line_field("Why is it corrected?", help_text="Kept with what stood before.")
    widths = {"at_time": 5}

    def answers(self) -> dict[str, Any]:
        """As the action asks for it."""
        given = self.cleaned_data
        return {
            **given_status(given["status"]),
            **{name: given[name] for name in ("since", "last_day", "authorised_until", "why")},
            "began_at": _moment_of(given),
        }


def status_as_it_is(status: LegalStatus, last_day: date | None) -> dict[str, Any]:
    """What a form of corrections begins with."""
    return {
        "status": value_of(held_of(status)),
        "since": status.during.lower,
        "at_time": f"{status.began_at.astimezone(LONDON):%H:%M}" if status.began_at else None,
        "last_day": last_day,
    }


class EndStatusForm(VerbForm):
    """The last day."""

    last_day = day_field(
        "On which day did it end?", help_text="The last day on which the person was held under it."
    )


class RenewForm(VerbForm):
    """Until when the authority is renewed. The version is how many renewals whoever asks has seen."""

    version = VersionField()
    last_day = DateInputField(label="New last day", required=False, help_text=SHORTER)


class ReportedForm(VerbForm):
    """When the yearly report was made."""

    on = day_field("When was the report sent to the Ministry of Justice?")


class AuthorityForm(VerbForm):
    """Whose decision allows what, and when."""

    kind = forms.ChoiceField(
        label="Whose decision is it?", choices=AuthorityKind.choices, widget=forms.RadioSelect
    )
    scope = forms.MultipleChoiceField(
        label="What does it allow?", choices=Act.choices, widget=forms.CheckboxSelectMultiple
    )
    since = DateInputField(label="From which day?")
    last_day = DateInputField(
        label="To which day?", required=False, help_text="Leave it empty if it says none."
    )
    hospital = ServiceField(
        label="Hospital", required=False, empty_label="None named", help_text="Where the authority names one."
    )
    conditions = words_field("Conditions", required=False)
    reference = line_field("Reference", required=False, length=60)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["hospital"].queryset = hospitals(self.actor)

    def answers(self) -> dict[str, Any]:
        """As the action asks for it."""
        return {name: value for name, value in self.cleaned_data.items() if name != "submission"}


class CorrectAuthorityForm(AuthorityForm):
    """An authority put right."""

    why = line_field("Why is it corrected?", help_text="Kept with what stood before.")


def as_it_is(authority: Authority, last_day: date | None) -> dict[str, Any]:
    """What a form of corrections begins with."""
    kept = ("kind", "scope", "conditions", "reference")
    return {
        **{name: getattr(authority, name) for name in kept},
        "since": authority.during.lower,
        "last_day": last_day,
        "hospital": authority.hospital and authority.hospital.public_id,
    }


class EndAuthorityForm(VerbForm):
    """The last day, and why."""

    last_day = DateInputField(label="What is the last day?")
    why = line_field("Why does it end?")


class DiagnosisForm(VerbForm):
    """A code of ICD-10, from a day on."""

    icd10 = forms.CharField(label="ICD-10 code", max_length=6, help_text="For example, F20.0")
    diagnosed_on = day_field("When was it diagnosed?")
    widths = {"icd10": 5}
