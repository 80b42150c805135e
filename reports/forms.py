"""Forms of exports and of views kept by name."""

from typing import Any, ClassVar

from django import forms

from core.forms import DateInputField, PathwaysForm
from organisations.models import Provider, Region
from reports import rules
from reports.figures.asked import months_after, slip_in_words, slips_in_time
from reports.models import Export

# How far back the lists of months go.
MONTHS_OFFERED = 120


def months_offered(today: Any) -> list[tuple[str, str]]:
    """Months as the address has them and in words, newest first."""
    first = today.replace(day=1)
    months = [months_after(first, -back) for back in range(MONTHS_OFFERED)]
    return [(f"{month:%Y-%m}", f"{month:%B %Y}") for month in months]


def regions_offered() -> list[tuple[str, str]]:
    """Regions by code."""
    return [(region.code, region.name) for region in Region.objects.order_by("name")]


def providers_offered() -> list[tuple[str, str]]:
    """Providers that run a hospital, by public id."""
    found = Provider.objects.filter(services__kind="hospital").order_by("name").distinct()
    return [(str(provider.public_id), provider.name) for provider in found]


class ExportForm(PathwaysForm):
    """Ask for a file of transfers."""

    sent_once = True
    form = forms.ChoiceField(
        label="What kind of file?", widget=forms.RadioSelect, choices=Export.Form, initial=Export.Form.CSV
    )
    why = forms.CharField(
        label="What is it for?",
        help_text="Kept with the file, and in the read log when you download it.",
        max_length=200,
    )
    state = forms.ChoiceField(label="Which transfers?", choices=rules.STATES, required=False)
    first_month = forms.ChoiceField(label="Asked for from", required=False)
    last_month = forms.ChoiceField(label="Asked for until", required=False)
    region = forms.ChoiceField(label="Region of the prison", required=False)
    provider = forms.ChoiceField(label="Provider of the hospital", required=False)
    as_at = DateInputField(
        label="As it was known at the end of",
        help_text="Leave empty for now.",
        required=False,
        limit="today or past",
    )
    with_names = forms.ChoiceField(
        label="Does it have to name people?",
        widget=forms.RadioSelect,
        choices=[("no", "No, pseudonyms are enough"), ("yes", "Yes")],
        initial="no",
    )
    identity_why = forms.CharField(label="Why are names needed?", max_length=200)

    reveals: ClassVar = {"identity_why": ("with_names", "yes")}

    def __init__(self, *args: Any, actor: Any, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, **kwargs)
        months = months_offered(actor.today)
        self.fields["first_month"].choices = [("", "The beginning"), *months]
        self.fields["last_month"].choices = [("", "Now"), *months]
        self.fields["region"].choices = [("", "All"), *regions_offered()]
        self.fields["provider"].choices = [("", "All"), *providers_offered()]

    def clean(self) -> None:
        """A period that ends before it begins is said beside its beginning."""
        if self.errors:
            return
        for name, what in slips_in_time(self.filters, now=self.actor.at).items():
            field = rules.FIELDS[name]
            given = dict(getattr(self.fields[field], "choices", ())).get(self.cleaned_data[field], "")
            self.add_error(field, slip_in_words(given, what))

    @property
    def filters(self) -> dict[str, str]:
        """What narrows the file, as an address has it."""
        data = self.cleaned_data
        asked = {
            "from": data["first_month"],
            "to": data["last_month"],
            "as_at": data["as_at"].isoformat() if data["as_at"] else "",
            "region": data["region"],
            "provider": data["provider"],
            "state": data["state"],
        }
        return {name: value for name, value in asked.items() if value}
