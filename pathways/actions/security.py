"""Recording what security somebody was assessed to need, and what a day of each tier is reckoned to cost."""

from datetime import date
from decimal import Decimal
from typing import Any

from psycopg2.extras import DateRange

from core.actions import action
from pathways.line import About
from pathways.models import BedPrice, Patient, SecurityNeed
from pathways.rules import security as rules


@action
def record_need(
    patient: Patient, *, tier: str, since: date, about: About, corrects: About | None = None, by: Any
) -> SecurityNeed:
    """What an assessment says somebody needs, from a London day until the next one.

    A correction holds for the days of what it corrects, which is no longer believed.
    """
    Patient.objects.locked(patient.pk)
    believed = SecurityNeed.objects.current().filter(patient=patient)
    old = believed.filter(about_kind=corrects[0], about_id=corrects[1]).first() if corrects else None
    if old is not None:
        old.supersede(by=by, why="The assessment was corrected.")
        return _write(patient, tier, old.during, about, by=by)
    open_now = believed.filter(during__upper_inf=True).first()
    if open_now is not None and open_now.during.lower < since:
        open_now.during = DateRange(open_now.during.lower, since)
        open_now.save(update_fields=["during"])
    elif open_now is not None:
        open_now.supersede(by=by, why="Assessed again on the same day.")
    return _write(patient, tier, DateRange(since, None), about, by=by)


def _write(patient: Patient, tier: str, during: DateRange, about: About, *, by: Any) -> SecurityNeed:
    return SecurityNeed.objects.create(
        patient=patient,
        tier=tier,
        during=during,
        about_kind=about[0],
        about_id=about[1],
        recorded_at=by.at,
        recorded_by=by.user,
    )


@action
def add_bed_price(
    *, tier: str, pounds_a_day: Decimal, since: date, price_year: int, source: str, by: Any
) -> BedPrice:
    """A price of a tier from a London day on. The one before ends there; estimates of earlier days keep it."""
    before = BedPrice.objects.select_for_update(no_key=True).filter(tier=tier).order_by("-effective").first()
    newest = before.effective.lower if before else None
    rules.check_price(pounds_a_day, price_year, source, since=since, newest_since=newest)
    if before is not None and before.effective.upper is None:
        before.effective = DateRange(newest, since)
        before.save(update_fields=["effective"])
    return BedPrice.objects.create(
        tier=tier,
        pounds_a_day=pounds_a_day,
        effective=DateRange(since, None),
        price_year=price_year,
        source=source.strip(),
    )
