"""Beds and wards that come into use and go out of it, on days: the directory together with who is in the beds."""

from datetime import date
from typing import Any

import pghistory
from django.db.models import Q
from psycopg2.extras import DateTimeTZRange

from core.actions import action
from organisations import actions as directory
from organisations.models import Bed, Ward, WardDesignation
from organisations.rules import start_of_day
from pathways import rules
from pathways.actions import beds
from pathways.models import BedUse, Placement


@action
def add_bed(ward: Ward, *, name: str, since: date, by: Any) -> Bed:
    """One more bed on a ward, which is in use from a London day on; before that it is nobody's."""
    bed = directory.add_bed(ward, name=name, by=by)
    beds.use_for_nobody(bed, BedUse.Purpose.NOT_IN_USE, None, start_of_day(since), by=by)
    return bed


@action
def give_up_bed(bed: Bed, *, since: date, why: str, by: Any) -> BedUse:
    """The ward has a bed no longer, from a London day on; whoever is in it leaves it before. Closures end with it."""
    (bed,) = Bed.objects.select_for_update(no_key=True).filter(pk=bed.pk)
    rules.check_words(why, "why")
    at = by.at if since == by.today else start_of_day(since)
    after = BedUse.objects.current().filter(bed=bed, during__overlap=DateTimeTZRange(at, None))
    rules.check_can_be_given_up(
        is_given_up=after.not_in_use().filter(during__upper_inf=True).exists(),
        is_promised=after.held().exists(),
    )
    for use in after.occupying():
        rules.check_can_be_closed(use, since=at, now=by.at)
    for use in after.filter(patient=None):
        beds.let_go(use, at, why="The bed was given up.", by=by)
    return beds.use_for_nobody(bed, BedUse.Purpose.NOT_IN_USE, at, None, why=why.strip(), by=by)


@action
def use_again(use: BedUse, *, by: Any) -> BedUse:
    """A bed is in use from now on: it was not given up after all, is taken back, or came sooner."""
    use = beds.locked_use(use)
    rules.check_use_is_open(use, purpose=BedUse.Purpose.NOT_IN_USE, at=by.at)
    return beds.let_go(use, by.at, why="The bed was not given up after all.", by=by)


@action
def close_ward(ward: Ward, *, since: date, why: str, by: Any) -> WardDesignation:
    """A ward is for nothing from a London day on. Nobody is on it then, and no bed of it is held."""
    list(Ward.objects.select_for_update(no_key=True).filter(pk=ward.pk))
    list(Bed.objects.select_for_update(no_key=True).filter(ward=ward).order_by("pk"))
    after = DateTimeTZRange(start_of_day(since), None)
    uses = BedUse.objects.current().filter(bed__ward=ward, during__overlap=after)
    leaving = Q(during__upper_inf=True, expected_end_at__gt=by.at, expected_end_at__lte=after.lower)
    staying = set(uses.occupying().exclude(leaving).values_list("patient_id", flat=True))
    in_beds = uses.occupying().values("patient_id")
    there = Placement.objects.current().filter(ward=ward, during__overlap=after)
    staying |= set(there.exclude(patient__in=in_beds).values_list("patient_id", flat=True))
    rules.check_ward_is_left(people=len(staying), holds=uses.held().count())
    with pghistory.context(why=why):
        return directory.close_ward(ward, since=since, why=why, by=by)
