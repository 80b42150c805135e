"""By what right a person is held from a day on."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q
from psycopg2.extras import DateRange

from core.actions import action
from core.refusals import check_version
from pathways import line, rules
from pathways.actions import acts_of_places, authorities, lapses, law, leave, legal_limits, legal_line, lines
from pathways.codes import Act, LegalForm
from pathways.days import london_date, noon
from pathways.models import Event, LegalDuration, LegalStatus, Patient, Placement
from pathways.rules.legal import rule_of
from pathways.rules.stays import in_hospital_since

DAY, MOMENT = timedelta(days=1), timedelta(microseconds=1)
# What was done when somebody is out of hospital under one of these: it needed an authority under the status before.
ACTS: dict[str, Act] = {
    LegalForm.CONDITIONAL_DISCHARGE: Act.CONDITIONAL_DISCHARGE,
    LegalForm.COMMUNITY_TREATMENT: Act.COMMUNITY_TREATMENT,
}
# The same of every status that follows from an act: nobody is recalled but from an order.
FROM_AN_ACT: dict[str, Act] = {**ACTS, LegalForm.RECALLED: Act.RECALL}


@action
def record_legal_status(
    patient: Patient,
    *,
    code: str,
    since: date,
    last_day: date | None = None,
    limb: str = "",
    form: str = "",
    authorised_until: date | None = None,
    counted_from: date | None = None,
    began_at: datetime | None = None,
    checked: str = "",
    by: Any,
) -> LegalStatus:
    """The person is, or was, held under a status from a London day, which may lie before others already recorded.

    It lasts to its `last_day`, else until the next on record begins, else it goes on: then the one before ends that
    day, also if it was its last, and another given for the same day is corrected. Anything else that stands on its
    days makes room for it once whoever acts has seen that (`checked`: see Conflicting).
    The authority's last day is the law's, unless an earlier one is given; it is counted from `counted_from` where an
    order or direction is older than the status, and of one in hours from the moment at which it `began_at`.
    """
    (patient,) = Patient.objects.locked(patient.pk)
    _check_may_be(patient, code, limb, form, since, last_day, began_at, by=by)
    known = legal_line.known_of(patient)
    during = rules.days_of(map(legal_line.days, known), since, last_day)
    before = legal_line.held_before(known, since)
    if during.until is None:
        _check_says_what_holds(patient, code, form, since, before)
    status = LegalStatus(patient=patient, code=code, limb=limb, form=form, during=DateRange(*during))
    if order := _order_that_goes_on(status, before, known, given=authorised_until):
        status.authorised_until, status.renewals = order.authorised_until, order.renewals
    else:
        until = legal_limits.until_of(
            code, form, since, given=authorised_until, counted_from=counted_from, began_at=began_at
        )
        _set(status, legal_limits.columns(until, began_at))
    changes = legal_line.changes_of(known, during)
    for change in changes:
        for rest in change.rest:
            rules.check_rest_has_begun(legal_line.days(rest), today=by.today)
    if not rules.follows_on(map(legal_line.days, known), during):
        lines.check_seen(legal_line.against(status, known, changes), checked)
    lapsed = lapses.lapsed_in_custody(patient, by=by)
    legal_line.write(status, changes, by=by)
    ends_on = legal_line.days(status).last_day
    happened_at = _happened_at(status, before)
    ended = ends_on.isoformat() if ends_on else ""
    _record("pathways.held", status, on=since, at=happened_at, ends_on=ended, by=by)
    law.follow_law(patient, on=since, by=by)
    lapses.check_followed(patient, lapsed, by=by)
    _note_acts(status, before, by=by)
    return status


def _check_may_be(
    patient: Patient,
    code: str,
    limb: str,
    form: str,
    since: date,
    last_day: date | None,
    began_at: datetime | None,
    *,
    by: Any,
) -> None:
    rules.check_legal_status(code, limb, form)
    rules.check_not_after(since, by.today, "since")
    rules.check_in_life(since, last_day, born_on=patient.born_on, died_on=patient.died_on)
    if last_day is not None:
        rules.check_status_ends(since, last_day, today=by.today)
    rules.check_moment(
        began_at,
        in_hours=legal_limits.is_in_hours(code, form, since),
        began_on=london_date(began_at) if began_at else None,
        since=since,
        now=by.at,
    )


def _order_that_goes_on(
    status: LegalStatus, before: LegalStatus | None, known: Sequence[LegalStatus], *, given: date | None
) -> LegalStatus | None:
    """The community treatment order on which somebody released after a recall is as before, section 17F(7)."""
    if (
        given
        or before is None
        or (status.form, before.form)
        != (
            LegalForm.COMMUNITY_TREATMENT,
            LegalForm.RECALLED,
        )
    ):
        return None
    orders = (one for one in known if one.form == status.form and one.during.upper == before.during.lower)
    return next(orders, None)


def _note_acts(status: LegalStatus, before: LegalStatus | None, *, by: Any) -> None:
    """What was done on the days of a status, or ended it, without the authority that it needs is a task."""
    if status.form in FROM_AN_ACT:
        about = ("legal_status", status.pk)
        authorities.note_under(
            before, status.patient, FROM_AN_ACT[status.form], on=status.during.lower, about=about, by=by
        )
    if status.form in ACTS:
        acts_of_places.discharged_by_status(status, by=by)
    elif before is not None and not rule_of(status.code, status.limb or status.form).detains:
        acts_of_places.note_set_free(before, status, by=by)
    leave.note_leaves_during(status.patient, status.during, by=by)
    if status.during.upper is None:
        return
    after = LegalStatus.objects.current().filter(
        patient=status.patient_id, during__startswith=status.during.upper, form__in=FROM_AN_ACT
    )
    for one in after:
        authorities.note_again(status, FROM_AN_ACT[one.form], ended_by=one, by=by)


@action
def correct_legal_status(
    status: LegalStatus,
    *,
    code: str,
    limb: str = "",
    form: str = "",
    since: date,
    last_day: date | None = None,
    authorised_until: date | None = None,
    began_at: datetime | None = None,
    why: str,
    by: Any,
) -> LegalStatus:
    """Put right what a person was held under, or from when to when; the one before and the one after move with it.

    Of the same status the renewals stay, and until when it authorises, unless another last day is given. A period that
    begins on another day ends on another. Of the same status and day the moment stays, unless another is given.
    """
    (patient,) = Patient.objects.locked(status.patient_id)
    status.refresh_from_db()
    rules.check_still_believed(status)
    rules.check_words(why, "why")
    _check_may_be(patient, code, limb, form, since, last_day, began_at, by=by)
    if last_day is None:
        _check_says_what_holds(status.patient, code, form, since, status)
    elif status.during.upper is None:
        rules.check_ends_outside_hospital(_hospital_since(status.patient))
    during = DateRange(since, last_day + DAY if last_day else None)
    is_same = (code, form) == (status.code, status.form)
    if is_same and since == status.during.lower:
        began_at = began_at or status.began_at
    until = (
        legal_limits.counted_again(status, since, began_at=began_at, given=authorised_until)
        if is_same
        else legal_limits.until_of(code, form, since, given=authorised_until, began_at=began_at)
    )
    corrected = LegalStatus(
        patient_id=status.patient_id,
        code=code,
        limb=limb,
        form=form,
        during=during,
        renewals=status.renewals if is_same else 0,
        reported_on=status.reported_on,
        **legal_limits.columns(until, began_at),
    )
    moved = [*_moved_before(status, during), *_moved_after(status, during)]
    lapsed = lapses.lapsed_in_custody(patient, by=by)
    for old, _ in [(status, corrected), *moved]:
        old.supersede(by=by, why=why.strip())
    for _, new in [(status, corrected), *moved]:
        legal_line.save(new, by=by)
    _record("pathways.status_corrected", corrected, on=since, by=by)
    law.follow_law(status.patient, on=by.today, corrected=True, by=by)
    lapses.check_followed(patient, lapsed, by=by)
    return corrected


@action
def take_back_legal_status(status: LegalStatus, *, why: str, by: Any) -> None:
    """The person was never held under it: what it ended goes on, and what it took the place of is believed again.

    Only of the newest, while it goes on. Whoever takes it back was asked there whether they may.
    """
    Patient.objects.locked(status.patient_id)
    status.refresh_from_db()
    rules.check_still_open(status)
    rules.check_words(why, "why")
    again = [legal_line.copy(before, during) for before, during in _ended_by(status)]
    for one in LegalStatus.objects.current().filter(_of_moment(status) | Q(pk__in=_closed_by(status))):
        one.supersede(by=by, why=why.strip())
    for before in again:
        legal_line.save(before, by=by)
    _record("pathways.status_taken_back", status, on=status.during.lower, by=by)
    law.follow_law(status.patient, on=by.today, corrected=True, by=by)


@action
def end_legal_status(status: LegalStatus, *, last_day: date, by: Any) -> LegalStatus:
    """The person is no longer held under the status; nothing else begins, so they are not in hospital any more.

    Of a court's order that has lapsed in custody what holds the person now is recorded first.
    """
    (patient,) = Patient.objects.locked(status.patient_id)
    status.refresh_from_db()
    rules.check_still_open(status)
    rules.check_status_ends(status.during.lower, last_day, today=by.today)
    rules.check_ends_outside_hospital(_hospital_since(status.patient))
    lapsed = lapses.lapsed_in_custody(patient, by=by)
    status = legal_line.ended(status, last_day + DAY, why="An end was entered after it had come.", by=by)
    _record("pathways.status_ended", status, on=last_day, by=by)
    law.follow_law(status.patient, on=last_day, by=by)
    lapses.check_followed(patient, lapsed, by=by)
    return status


@action
def renew_detention(
    status: LegalStatus, *, renewals: int, last_day: date | None = None, by: Any
) -> LegalStatus:
    """The authority to detain is renewed, up to the law's last day unless an earlier one is given.

    `renewals`: how many stood on record for whoever asks, so that one which two people record counts once.
    """
    Patient.objects.locked(status.patient_id)
    status.refresh_from_db()
    rules.check_still_open(status)
    check_version(status.renewals, renewals)
    first_day = status.authorised_until + DAY if status.authorised_until else status.during.lower
    lengths = LegalDuration.objects.lengths(status.code, status.form, on=first_day)
    longest = rules.authority_ends_on(
        first_day, lengths, renewals=status.renewals + 1, first_day=status.during.lower
    )
    until = last_day or longest or first_day
    rules.check_renewal(
        lengths=lengths, authorised_until=status.authorised_until, last_day=until, longest=longest
    )
    status.authorised_until, status.renewals = until, status.renewals + 1
    status.save(update_fields=["authorised_until", "renewals"])
    _record("pathways.renewed", status, on=by.today, by=by, ends_on=until.isoformat())
    law.follow_law(status.patient, on=by.today, by=by)
    return status


@action
def record_yearly_report(status: LegalStatus, *, on: date, by: Any) -> LegalStatus:
    """The Secretary of State has had the responsible clinician's report; the next is due within a year of it."""
    Patient.objects.locked(status.patient_id)
    status.refresh_from_db()
    rules.check_still_open(status)
    rules.check_reported(
        on,
        is_restricted=rules.is_restricted(*rules.held_of(status)),
        since=status.reported_on or status.during.lower,
        today=by.today,
    )
    status.reported_on = on
    status.save(update_fields=["reported_on"])
    _record("pathways.reported_on", status, on=on, by=by)
    law.follow_law(status.patient, on=on, by=by)
    return status


def _check_says_what_holds(
    patient: Patient, code: str, form: str, since: date, before: LegalStatus | None
) -> None:
    detained = before is not None and rule_of(before.code, before.limb or before.form).detains
    if detained:
        rules.check_says_what_holds(code, form, since=since, hospital_since=_hospital_since(patient))


def _hospital_since(patient: Patient) -> date | None:
    """The London day since which they have not left hospital; None where they are in none, nor only away from one."""
    places = Placement.objects.current().filter(patient=patient).select_related("service").order_by("during")
    since = in_hospital_since(places)
    return london_date(since) if since else None


def _of_moment(status: LegalStatus) -> Q:
    """What was recorded with a status: itself, and what it left of one that it shortened."""
    return Q(patient=status.patient_id, recorded_at=status.recorded_at)


def _closed_by(status: LegalStatus) -> list[int]:
    """The status that another ended as it began, unless somebody had ended it on that day themselves.

    Or unless one that this took the place of on its own day had ended it.
    """
    before = _current(status, during__endswith=status.during.lower)
    if before is None or before.recorded_at == status.recorded_at:
        return []
    if _replaced_by(status).filter(during__startswith=status.during.lower).exists():
        return []
    ended = Event.objects.filter(
        kind="pathways.status_ended", about_kind="legal_status", about_id=before.pk
    ).exists()
    return [] if ended else [before.pk]


def _replaced_by(status: LegalStatus) -> Any:
    return LegalStatus.objects.filter(patient=status.patient_id, superseded_at=status.recorded_at)


def _ended_by(status: LegalStatus) -> list[tuple[LegalStatus, DateRange]]:
    """What a status ended or took the place of, each with the days that it would have without it."""
    replaced = _replaced_by(status)
    closed = LegalStatus.objects.filter(pk__in=_closed_by(status))
    return [
        *((one, one.during) for one in replaced),
        *((one, DateRange(one.during.lower, None)) for one in closed),
    ]


def _moved_before(status: LegalStatus, during: Any) -> list[tuple[LegalStatus, LegalStatus]]:
    """The status that ended where this one began, ending where it begins now."""
    if during.lower == status.during.lower:
        return []
    before = _current(status, during__endswith=status.during.lower)
    if before is None:
        return []
    rules.check_neighbour(before.during.lower, during.lower)
    return [(before, legal_line.copy(before, DateRange(before.during.lower, during.lower)))]


def _moved_after(status: LegalStatus, during: Any) -> list[tuple[LegalStatus, LegalStatus]]:
    """The status that began where this one ended, beginning where it ends now."""
    if status.during.upper is None or during.upper == status.during.upper:
        return []
    after = _current(status, during__startswith=status.during.upper)
    if after is None:
        return []
    rules.check_neighbour(during.upper, after.during.upper)
    return [(after, legal_line.moved(after, DateRange(during.upper, after.during.upper)))]


def _current(status: LegalStatus, **where: Any) -> LegalStatus | None:
    return LegalStatus.objects.current().filter(patient=status.patient_id, **where).first()


def _set(status: LegalStatus, known: dict[str, Any]) -> None:
    for name, value in known.items():
        setattr(status, name, value)


def _happened_at(status: LegalStatus, before: LegalStatus | None) -> datetime | None:
    """When a status began, where its moment is known or it followed on the same day one whose moment is; else None.

    So that a recall and what it became stand on the line of events in their order.
    """
    if status.began_at is not None or before is None or before.began_at is None:
        return status.began_at
    on = status.during.lower
    return max(noon(on), before.began_at + MOMENT) if before.during.lower == on else None


def _record(
    kind: str, status: LegalStatus, *, on: date, at: datetime | None = None, by: Any, **more: Any
) -> None:
    details = {"code": status.code, "limb": status.limb, "form": status.form, **more}
    line.record(
        kind,
        patient=status.patient,
        on=on,
        occurred_at=at,
        time_known=at is None or at == status.began_at,
        about=("legal_status", status.pk),
        details={name: value for name, value in details.items() if value or name in ("code", "limb")},
        by=by,
    )
