"""Forms of limits in days, of their flags, and of how long the law lets a legal status last."""

from typing import Any

from django import forms

from core.dates import DateInputField
from desk.legal_forms import value_of, words_of
from desk.manage_forms import ChangeForm, ManageForm, line, yes_no
from pathways.codes import Limb
from pathways.models import FlagRule
from pathways.rules.legal import STATUSES, Stage, StatusKind, Unit

# Limbs of section 48 last alike.
LASTING = [
    (value_of(held), words_of(held))
    for held, rule in STATUSES.items()
    if rule.kind != StatusKind.RETIRED and held.variant not in Limb.values
]


class PolicyForm(ChangeForm):
    """Whether a limit raises flags."""

    is_on = yes_no("Does it raise flags?")


class DaysForm(ChangeForm):
    """Another number of days of a limit, from a day on."""

    days = forms.IntegerField(label="How many days?", min_value=1, max_value=365)
    since = DateInputField(
        label="For what starts from which day on?",
        limit="future",
        help_text="From tomorrow at the earliest. What started before keeps its last day.",
    )
    name = line("What is it called then?", 80)
    basis = line("On what authority?", 200, help_text="For example: Mental Health Act 1983 s37(4)")
    widths = {"days": 4, "name": 30, "basis": 30}


class FlagRuleForm(ChangeForm):
    """A flag on one day of a policy."""

    day = forms.IntegerField(label="Day", min_value=0, max_value=730, help_text="As the policy counts.")
    level = forms.ChoiceField(choices=FlagRule.Level.choices, widget=forms.RadioSelect)
    every = forms.IntegerField(
        label="Comes again after this many days",
        min_value=1,
        max_value=365,
        required=False,
        help_text="Leave it empty for a flag that comes once.",
    )
    owner = forms.ChoiceField(
        label="Whose job is it?", choices=FlagRule.Owner.choices, widget=forms.RadioSelect
    )
    must_be_acknowledged = yes_no("Must somebody acknowledge it?")


class LengthForm(ManageForm):
    """How long a known stage of a legal status lasts from a day on."""

    number = forms.IntegerField(label="How long?", min_value=1, max_value=730)
    unit = forms.ChoiceField(label="Counted in", choices=Unit.choices, widget=forms.RadioSelect)
    since = DateInputField(
        label="From which day?",
        limit="today or future",
        help_text="The day on which the law comes into force. The length before holds until then.",
    )
    legal_basis = line("By what law?", 120, help_text="For example: Mental Health Act 1983 s20(2)")
    is_verified = yes_no("Was the section read?")
    widths = {"number": 4, "legal_basis": 30}


class AddLengthForm(LengthForm):
    """The same of any stage of any legal status."""

    status = forms.ChoiceField(label="Legal status", choices=LASTING)
    stage = forms.ChoiceField(label="Which period?", choices=Stage.choices)
    field_order = ["status", "stage"]

    def answers(self) -> dict[str, Any]:
        """What the action is told."""
        known = super().answers()
        status = known.pop("status")
        return {"code": status[:2], "form": status[2:], **known}
