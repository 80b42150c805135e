"""Who has which role where, for a time."""

from collections.abc import Collection
from datetime import date
from typing import Any

from psycopg2.extras import DateTimeTZRange

from accounts.models import User
from core.actions import action
from core.refusals import check_version
from organisations import rules
from organisations.models import Commissioner, Membership, Service


@action
def add_membership(
    user: User,
    *,
    role: str,
    service: Service | None = None,
    commissioner: Commissioner | None = None,
    duties: Collection[str] = (),
    is_on_duty: bool = True,
    since: date,
    last_day: date | None = None,
    by: Any,
) -> Membership:
    """A role at one place, from the beginning of a London day to the end of another, or until further notice."""
    rules.check_not_own_membership(user.pk, by=by)
    rules.check_place_of_role(role, service, commissioner)
    rules.check_duties(role, duties)
    rules.check_days(since, last_day)
    return Membership.objects.create(
        user=user,
        role=role,
        service=service,
        commissioner=commissioner,
        duties=sorted(duties),
        is_on_duty=is_on_duty,
        during=DateTimeTZRange(rules.start_of_day(since), rules.end_of_day(last_day)),
    )


@action
def change_membership(
    membership: Membership,
    *,
    version: int,
    duties: Collection[str],
    is_on_duty: bool,
    last_day: date | None,
    by: Any,
) -> Membership:
    """Other duties, whether they are told about flags, or its last day. A role or place is another membership."""
    rules.check_not_own_membership(membership.user_id, by=by)
    membership = Membership.objects.select_for_update(no_key=True).get(pk=membership.pk)
    check_version(membership.version, version)
    rules.check_duties(membership.role, duties)
    rules.check_days(rules.day_of(membership.during.lower), last_day)
    ends, known = membership.during.upper, rules.last_day_of(membership.during.upper)
    rules.check_last_day(last_day, before=known, today=by.today)
    if last_day != known:
        ends = rules.end_of_day(last_day)
    membership.duties = sorted(duties)
    membership.is_on_duty = is_on_duty
    membership.during = DateTimeTZRange(membership.during.lower, ends)
    membership.version += 1
    membership.save(update_fields=["duties", "is_on_duty", "during", "version"])
    return membership


@action
def end_membership(membership: Membership, *, version: int, by: Any) -> Membership:
    """End a role at this very moment: one that was given by mistake opens nothing from now on."""
    membership = Membership.objects.select_for_update(no_key=True).get(pk=membership.pk)
    check_version(membership.version, version)
    rules.check_may_end_now(membership, by=by)
    membership.during = DateTimeTZRange(membership.during.lower, by.at)
    membership.version += 1
    membership.save(update_fields=["during", "version"])
    return membership
