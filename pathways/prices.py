"""What an installation reckons a day in each tier to cost until somebody enters better prices.

Old figures, and the only published ones found (domain.md 4.2): a year's cost by 365. Estimates show year and source.
There is none for step-down, general psychiatry and the community: what waits for those is not estimated.
"""

from datetime import date
from decimal import Decimal

SINCE = date(2000, 1, 1)
DURCAN = "Durcan 2011, cited by Fazel 2016 (£{:,} a year)"
CENTRE = "Centre for Mental Health, which gives no year; 2011 is assumed (£{:,} a year)"
# Tier, pounds a year, year of the price, source.
PRICES = (
    ("high", 273_000, 2011, DURCAN),
    ("medium", 165_000, 2011, CENTRE),
    ("low", 152_000, 2011, DURCAN),
)


def rows() -> list[dict]:
    """As the table has them."""
    return [
        {
            "tier": tier,
            "pounds_a_day": (Decimal(a_year) / 365).quantize(Decimal("0.01")),
            "price_year": year,
            "source": source.format(a_year),
            "since": SINCE,
        }
        for tier, a_year, year, source in PRICES
    ]
