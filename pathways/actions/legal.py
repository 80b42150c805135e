"""By what right a person is held from a day on."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from psycopg2.extras import DateRange

from core.actions import action
from core.refusals import check_version
from pathways import line, rules
from pathways.actions import authorities, clocks, law
from pathways.codes import Act, LegalForm
from pathways.days import london_date
from pathways.models import Event, LegalDuration, LegalStatus, Patient, Placement
from pathways.rules.legal import rule_of

DAY = timedelta(days=1)
# What was done when somebody is out of hospital under one of these: it needed an authority under the status before.
ACTS: dict[str, Act] = {
    LegalForm.CONDITIONAL_DISCHARGE: Act.CONDITIONAL_DISCHARGE,
    LegalForm.COMMUNITY_TREATMENT: Act.COMMUNITY_TREATMENT,
}


@action
def record_legal_status(
    patient: Patient,
    *,
    code: str,
    since: date,
    limb: str = "",
    form: str = "",
    authorised_until: date | None = None,
    counted_from: date | None = None,
    by: Any,
) -> LegalStatus:
    """The person is held under a status from a London day; the one before ends that day, also if it was its last.

    Another status given for the same day corrects the first. The authority's last day is the law's, unless an earlier
    one is given; it is counted from `counted_from` where an order or direction is older than the status.
    """
    Patient.objects.locked(patient.pk)
    rules.check_legal_status(code, limb, form)
    rules.check_not_after(since, by.today, "since")
    known = LegalStatus.objects.current().filter(patient=patient)
    before = (
        known.filter(Q(during__upper_inf=True) | Q(during__endswith=since + DAY)).order_by("-during").first()
    )
    _check_says_what_holds(patient, code, form, since, before)
    if before is not None:
        rules.check_status_follows(before.during.lower, since)
        if before.during.lower == since:
            before.supersede(by=by, why="Another legal status was given for the same day.")
        elif before.during.upper is not None:
            _said_anew(before, since, why="Another legal status was given for its last day.", by=by)
        else:
            before = _ended(before, since, why="Another legal status was entered later.", by=by)
    status = LegalStatus.objects.create(
        patient=patient,
        code=code,
        limb=limb,
        form=form,
        during=DateRange(since, None),
        authorised_until=_authorised_until(
            code, form, since, given=authorised_until, counted_from=counted_from
        ),
        recorded_at=by.at,
        recorded_by=by.user,
    )
    _record("pathways.held", status, on=since, by=by)
    law.follow_law(patient, on=since, by=by)
    if form in ACTS:
        about = ("legal_status", status.pk)
        authorities.note_under(before, patient, ACTS[form], on=since, about=about, by=by)
    return status


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
    why: str,
    by: Any,
) -> LegalStatus:
    """Put right what a person was held under, or from when to when; the one before and the one after move with it.

    Of the same status the renewals stay, and until when it authorises, unless another last day is given. A period that
    begins on another day ends on another.
    """
    Patient.objects.locked(status.patient_id)
    status.refresh_from_db()
    rules.check_still_believed(status)
    rules.check_words(why, "why")
    rules.check_legal_status(code, limb, form)
    rules.check_not_after(since, by.today, "since")
    if last_day is not None:
        rules.check_status_ends(since, last_day, today=by.today)
    if last_day is None:
        _check_says_what_holds(status.patient, code, form, since, status)
    elif status.during.upper is None:
        rules.check_ends_outside_hospital(_hospital_since(status.patient))
    during = DateRange(since, last_day + DAY if last_day else None)
    is_same = (code, form) == (status.code, status.form)
    corrected = LegalStatus(
        patient_id=status.patient_id,
        code=code,
        limb=limb,
        form=form,
        during=during,
        authorised_until=_counted_again(status, since, given=authorised_until)
        if is_same
        else _authorised_until(code, form, since, given=authorised_until),
        renewals=status.renewals if is_same else 0,
        reported_on=status.reported_on,
        recorded_at=by.at,
        recorded_by=by.user,
    )
    moved = [*_moved_before(status, during), *_moved_after(status, during)]
    for old, _ in [(status, corrected), *moved]:
        old.supersede(by=by, why=why.strip())
    for _, new in [(status, corrected), *moved]:
        new.recorded_at, new.recorded_by = by.at, by.user
        new.save(force_insert=True)
    _record("pathways.status_corrected", corrected, on=since, by=by)
    law.follow_law(status.patient, on=by.today, corrected=True, by=by)
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
    again = [_copy(before, during) for before, during in _ended_by(status)]
    for one in LegalStatus.objects.current().filter(_of_moment(status) | Q(pk__in=_closed_by(status))):
        one.supersede(by=by, why=why.strip())
    for before in again:
        before.recorded_at, before.recorded_by = by.at, by.user
        before.save(force_insert=True)
    _record("pathways.status_taken_back", status, on=status.during.lower, by=by)
    law.follow_law(status.patient, on=by.today, corrected=True, by=by)


@action
def end_legal_status(status: LegalStatus, *, last_day: date, by: Any) -> LegalStatus:
    """The person is no longer held under the status; nothing else begins, so they are not in hospital any more."""
    Patient.objects.locked(status.patient_id)
    status.refresh_from_db()
    rules.check_still_open(status)
    rules.check_status_ends(status.during.lower, last_day, today=by.today)
    rules.check_ends_outside_hospital(_hospital_since(status.patient))
    status = _ended(status, last_day + DAY, why="An end was entered after it had come.", by=by)
    _record("pathways.status_ended", status, on=last_day, by=by)
    law.follow_law(status.patient, on=last_day, by=by)
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
    """The London day on which they came to the hospital in which they are; None where they are in none."""
    now = Placement.objects.open_of(patient)
    return london_date(now.during.lower) if now is not None and now.is_at_hospital else None


def _ended(status: LegalStatus, upper: date, *, why: str, by: Any) -> LegalStatus:
    """Another end, inside an action: in place as it happens.

    An end that has passed is said anew, so that what was known until now can be read as it was.
    """
    if upper < by.today:
        return _said_anew(status, upper, why=why, by=by)
    status.during = DateRange(status.during.lower, upper)
    status.save(update_fields=["during"])
    return status


def _said_anew(status: LegalStatus, upper: date, *, why: str, by: Any) -> LegalStatus:
    """The same with another end in a row of its own, with its limits; inside an action."""
    status.supersede(by=by, why=why)
    anew = _copy(status, DateRange(status.during.lower, upper))
    anew.recorded_at, anew.recorded_by = by.at, by.user
    anew.save(force_insert=True)
    clocks.pass_on(about=("legal_status", status.pk), to=anew.pk, by=by)
    return anew


def _of_moment(status: LegalStatus) -> Q:
    """What was recorded with a status: itself, and what it left of one that it shortened."""
    return Q(patient=status.patient_id, recorded_at=status.recorded_at)


def _closed_by(status: LegalStatus) -> list[int]:
    """The status that another ended as it began, unless somebody had ended it on that day themselves."""
    before = _current(status, during__endswith=status.during.lower)
    if before is None or before.recorded_at == status.recorded_at:
        return []
    ended = Event.objects.filter(
        kind="pathways.status_ended", about_kind="legal_status", about_id=before.pk
    ).exists()
    return [] if ended else [before.pk]


def _ended_by(status: LegalStatus) -> list[tuple[LegalStatus, DateRange]]:
    """What a status ended or took the place of, each with the days that it would have without it."""
    replaced = LegalStatus.objects.filter(patient=status.patient_id, superseded_at=status.recorded_at)
    closed = LegalStatus.objects.filter(pk__in=_closed_by(status))
    return [
        *((one, one.during) for one in replaced),
        *((one, DateRange(one.during.lower, None)) for one in closed),
    ]


def _authorised_until(
    code: str, form: str, since: date, *, given: date | None = None, counted_from: date | None = None
) -> date | None:
    longest = _longest(code, form, counted_from or since)
    if given is None:
        return longest
    rules.check_authorised_until(given, since=since, longest=longest)
    return given


def _counted_again(status: LegalStatus, since: date, *, given: date | None = None) -> date | None:
    """Until when the same status authorises, put right: as known, or counted again from another first day.

    A last day earlier than the law's was given, or counted from an order older than the status: another first day
    leaves it.
    """
    known, began = status.authorised_until, status.during.lower
    longest, counted = (
        _longest(status.code, status.form, day, renewals=status.renewals) for day in (since, began)
    )
    if given is None:
        if longest is None or known is None or known == counted:
            return longest
        if since == began:
            return known
        given = min(known, longest)
    rules.check_authorised_until(given, since=since, longest=longest)
    return given


def _longest(code: str, form: str, since: date, *, renewals: int = 0) -> date | None:
    """The law's last day of a status that began on a day, after so many renewals, each for as long as it may be."""
    until, first_day = None, since
    for number in range(renewals + 1):
        lengths = LegalDuration.objects.lengths(code, form, on=first_day)
        until = rules.authority_ends_on(first_day, lengths, renewals=number, first_day=since)
        if until is None:
            break
        first_day = until + DAY
    return until


def _moved_before(status: LegalStatus, during: Any) -> list[tuple[LegalStatus, LegalStatus]]:
    """The status that ended where this one began, ending where it begins now."""
    if during.lower == status.during.lower:
        return []
    before = _current(status, during__endswith=status.during.lower)
    if before is None:
        return []
    rules.check_neighbour(before.during.lower, during.lower)
    return [(before, _copy(before, DateRange(before.during.lower, during.lower)))]


def _moved_after(status: LegalStatus, during: Any) -> list[tuple[LegalStatus, LegalStatus]]:
    """The status that began where this one ended, beginning where it ends now."""
    if status.during.upper is None or during.upper == status.during.upper:
        return []
    after = _current(status, during__startswith=status.during.upper)
    if after is None:
        return []
    rules.check_neighbour(during.upper, after.during.upper)
    moved = _copy(after, DateRange(during.upper, after.during.upper))
    moved.authorised_until = _counted_again(after, during.upper)
    return [(after, moved)]


def _current(status: LegalStatus, **where: Any) -> LegalStatus | None:
    return LegalStatus.objects.current().filter(patient=status.patient_id, **where).first()


def _copy(status: LegalStatus, during: Any) -> LegalStatus:
    """The same with other days, not saved yet."""
    kept = ("patient_id", "code", "limb", "form", "authorised_until", "renewals", "reported_on")
    return LegalStatus(during=during, **{name: getattr(status, name) for name in kept})


def _record(kind: str, status: LegalStatus, *, on: date, by: Any, **more: Any) -> None:
    details = {"code": status.code, "limb": status.limb, "form": status.form, **more}
    line.record(
        kind,
        patient=status.patient,
        on=on,
        about=("legal_status", status.pk),
        details={name: value for name, value in details.items() if value or name in ("code", "limb")},
        by=by,
    )
