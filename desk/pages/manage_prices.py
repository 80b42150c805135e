"""What a day in each tier is reckoned to cost: dated, with the year of the price and its source."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.rights import Right
from core.dates import DateInputField
from core.tables import Column, Filter, Table, choices_of
from desk import registers
from desk.manage_forms import ManageForm
from desk.pages.managing import data_of, form_page
from organisations.doors import needs
from organisations.rules import SECURITY_ORDER, Tier
from pathways.actions.security import add_bed_price

TIERS = choices_of((tier, Tier(tier).label) for tier in SECURITY_ORDER)


class PriceForm(ManageForm):
    """A new price of a tier."""

    tier = forms.ChoiceField(label="Tier", choices=TIERS, widget=forms.RadioSelect)
    pounds_a_day = forms.DecimalField(label="Pounds a day", max_digits=7, decimal_places=2)
    price_year = forms.IntegerField(label="At which year’s prices?", help_text="Like 2025")
    source = forms.CharField(
        label="Where does the price come from?", max_length=200, help_text="Shown beside every estimate."
    )
    since = DateInputField(label="From which day are estimates made with it?")
    widths = {"pounds_a_day": 10, "price_year": 4}


@require_safe
@needs(Right.MANAGE_PRICES)
def prices(request: HttpRequest) -> HttpResponse:
    """Every price that holds, held or will hold."""
    table = Table(
        request,
        registers.bed_prices(request.actor),
        name="bed-prices",
        caption="Bed prices",
        columns=[
            Column("tier", "Tier", lambda row: row.get_tier_display(), sort="tier"),
            Column("price", "Pounds a day", "pounds_a_day", sort="pounds_a_day", numeric=True),
            Column("year", "At prices of", lambda row: str(row.price_year), sort="price_year"),
            Column("source", "Source", "source"),
            Column("since", "From", lambda row: row.effective.lower, sort="effective"),
            Column("until", "Until", lambda row: row.effective.upper),
        ],
        filters=[Filter("tier", "Tier", _of_tier, TIERS)],
        order=["tier", "-effective"],
        nothing="No price fits."
        if request.GET
        else "There is no price yet. Without one nothing is estimated.",
    )
    return table.answer(
        "desk/manage_list.jinja",
        intro="For estimates only. A new price ends the one before it; estimates of earlier days keep that one.",
        actions=[("Add a price", reverse("desk:manage_add_price"))],
        back=reverse("desk:manage"),
        back_words="Manage",
    )


def _of_tier(rows: Any, tier: str) -> Any:
    return rows.filter(tier=tier)


@needs(Right.MANAGE_PRICES)
def add_price(request: HttpRequest) -> HttpResponse:
    """A price from a day on."""
    actor = request.actor
    form = PriceForm(data_of(request), actor=actor)
    return form_page(
        request,
        form,
        lambda: add_bed_price(**form.answers(), by=actor),
        heading="Add a bed price",
        intro="The price before it ends on that day. Neither can be changed afterwards.",
        button="Add the price",
        said="The price is added.",
        back=reverse("desk:manage_prices"),
    )
