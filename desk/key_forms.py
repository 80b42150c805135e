"""The form of a key by which a machine signs in."""

from typing import Any

from django import forms

from core.forms import PathwaysForm
from organisations.rules import LONGEST_KEY


class KeyForm(PathwaysForm):
    """A key by which a machine signs in."""

    name = forms.CharField(
        label="What is the key for?",
        max_length=80,
        help_text="For example, the bed board of the ward system",
    )
    days = forms.IntegerField(
        label="For how many days?",
        min_value=1,
        max_value=LONGEST_KEY,
        initial=LONGEST_KEY,
        help_text=f"No longer than {LONGEST_KEY}. Make another before it ends.",
    )
    widths = {"name": 30, "days": 4}

    def answers(self) -> dict[str, Any]:
        """What the action is told."""
        return dict(self.cleaned_data)
