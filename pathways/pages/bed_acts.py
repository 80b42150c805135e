"""The acts on one bed: hold, take, move, swap, expect, close. Each is one short form and one action."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.rights import Right
from core.forms import PathwaysForm, render_form
from core.pages import long_date
from core.submissions import once
from organisations.doors import needs
from organisations.models import Bed
from organisations.rules import end_of_day
from pathways import bed_line, days
from pathways.actions import ward_beds as actions
from pathways.free_beds import beds_from
from pathways.models import BedUse, Patient
from pathways.pages import bed_forms as forms
from pathways.pages.bed import find_bed, find_use


def data_of(request: HttpRequest) -> Any:
    """What was sent, or None where the form is only shown."""
    return request.POST if request.method == "POST" else None


def address(bed: Bed) -> str:
    """The bed's page."""
    return reverse("pathways:bed", args=[bed.public_id])


def form_page(
    request: HttpRequest,
    bed: Bed,
    form: PathwaysForm,
    act: Callable[[], Any],
    *,
    said: str | Callable[[Any], str],
    **words: Any,
) -> HttpResponse:
    """Show a form about a bed; once sent, act, say what was done, and go back to the bed."""

    def answer() -> HttpResponse | None:
        outcome = form.attempt(act)
        if not outcome:
            return None
        messages.success(request, said(outcome.value) if callable(said) else said)
        return redirect(address(bed))

    if form.is_bound and form.is_valid():
        response = once(request, form, answer)
        if response is not None:
            return response
        if hasattr(form, "offer_again"):
            form.offer_again()
    where = f"{bed.ward.service.name}, {bed.ward.name} ward, bed {bed.name}"
    context = {"back": address(bed), "back_words": "Back to the bed", "caption": where, **words}
    return render_form(request, "core/form.jinja", form, **context)


def find_own_bed(request: HttpRequest, public_id: UUID) -> Bed:
    """A bed of a service at which the actor works; others are theirs to ring."""
    bed = find_bed(request, public_id)
    if not request.actor.works_at(bed.ward.service_id):  # type: ignore[attr-defined]
        raise PermissionDenied
    return bed


def find_own_use(request: HttpRequest, public_id: UUID, *purposes: str) -> BedUse:
    """A use, of one of these kinds, of a bed of a service at which the actor works."""
    use = find_use(request, public_id)
    if not request.actor.works_at(use.bed.ward.service_id):  # type: ignore[attr-defined]
        raise PermissionDenied
    if use.purpose not in purposes:
        raise Http404
    return use


def people_known_to(request: HttpRequest, bed: Bed) -> Any:
    """For whom the bed can be held, of those whom the actor may open."""
    actor = request.actor  # type: ignore[attr-defined]
    people = Patient.objects.visible_to(actor).concerning(bed.ward.service_id, at=actor.at)
    return _read(request, people.by_name())


def people_at(request: HttpRequest, bed: Bed) -> Any:
    """Who can go into the bed: people who are at its service now."""
    people = Patient.objects.visible_to(request.actor)  # type: ignore[attr-defined]
    return _read(request, people.at_service(bed.ward.service_id).by_name())


def _read(request: HttpRequest, people: Any) -> Any:
    """The people whom a form names, noted in the read log."""
    request.reads.saw(people.order_by().values_list("pk", flat=True))  # type: ignore[attr-defined]
    return people


@needs(Right.OFFER_BED)
def hold(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Hold the bed for somebody, now or for after the expected departure of who is in it."""
    bed, actor = find_own_bed(request, public_id), request.actor  # type: ignore[attr-defined]
    leaves, since = _leaves(bed, actor)
    form = forms.HoldForm(
        data_of(request),
        actor=actor,
        people=people_known_to(request, bed),
        leaves=leaves,
        initial={"since": since},
    )
    return form_page(
        request,
        bed,
        form,
        lambda: actions.hold_own_bed(bed, **form.answer(), by=actor),
        heading="Hold this bed",
        intro=f"The bed is held for nobody else meanwhile.{_expected(leaves)}{_taken_later(bed, since, actor.at)} "
        "For somebody in a transfer, give the bed date on the transfer instead: the prison is then told.",
        button="Hold the bed",
        said=lambda use: f"The bed is held to the end of {_end(use)}. You are told if it runs out.",
    )


def _leaves(bed: Bed, actor: Any) -> tuple[datetime | None, date]:
    """When whoever is in the bed is expected to leave it, and the first day from which something else can be."""
    here = bed_line.use_now(bed, actor.at)
    leaves = here.expected_end_at if here else None
    return leaves, max(days.london_date(leaves), actor.today) if leaves else actor.today


def _expected(leaves: datetime | None) -> str:
    return f" Whoever is in it is expected to leave on {long_date(leaves)}." if leaves else ""


def _taken_later(bed: Bed, since: date, now: datetime) -> str:
    """From when the bed is promised or closed, so that nobody asks for longer."""
    later = bed_line.next_use(bed, days.now_or_noon(since, now=now))
    if later is None:
        return ""
    from_when = later.during.lower
    until = "" if days.london_date(from_when) <= since else ": hold it until the day before"
    return f" It is taken from {long_date(from_when)}{until}."


@needs(Right.OFFER_BED)
def change_hold(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Hold it for longer, or for less long."""
    use, actor = find_own_use(request, public_id, "held"), request.actor  # type: ignore[attr-defined]
    form = forms.ChangeHoldForm(data_of(request), actor=actor, initial={"version": use.version})
    return form_page(
        request,
        use.bed,
        form,
        lambda: actions.change_hold(
            use,
            until=end_of_day(form.cleaned_data["last_day"]),
            version=form.cleaned_data["version"],
            by=actor,
        ),
        heading="Change how long the bed is held",
        intro=f"It is held to the end of {_end(use)} now.",
        button="Change it",
        said=lambda changed: f"The bed is held to the end of {_end(changed)}.",
    )


def _end(use: BedUse) -> str:
    return long_date(days.last_day(use.during.upper))


@require_POST
@needs(Right.OFFER_BED)
def give_back(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The bed is not held any more."""
    use, actor = find_own_use(request, public_id, "held"), request.actor  # type: ignore[attr-defined]
    actions.give_back(use, by=actor)
    messages.success(request, "The bed is not held any more.")
    return redirect(address(use.bed))


@needs(Right.ADMIT)
def take(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Somebody of the service goes into this bed."""
    bed, actor = find_own_bed(request, public_id), request.actor  # type: ignore[attr-defined]
    form = forms.TakeForm(
        data_of(request), actor=actor, people=people_at(request, bed), initial={"on": actor.today}
    )

    def act() -> Any:
        given = form.cleaned_data
        departs = days.noon(given["departure_on"]) if given["departure_on"] else None
        return actions.take_bed(
            bed,
            patient=given["patient"],
            at=form.moment(),
            expected_end_at=departs,
            exception_why=given["exception_why"],
            by=actor,
        )

    return form_page(
        request,
        bed,
        form,
        act,
        heading="Put somebody into this bed",
        intro="For people who are at the service already; a bed they had is left. Somebody who comes from prison is "
        "received on their transfer.",
        button="Put into the bed",
        said="Done. The person has this bed now.",
    )


@needs(Right.ADMIT)
def move(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Whoever is in the bed goes to another bed of the ward or service."""
    use, actor = find_own_use(request, public_id, "occupied"), request.actor  # type: ignore[attr-defined]
    service = use.bed.ward.service
    beds = Bed.objects.visible_to(actor).of_services([service.pk]).exclude(pk=use.bed_id)
    form = forms.MoveForm(
        data_of(request),
        actor=actor,
        beds=lambda at: beds_from(
            beds.select_related("ward__service"), at=at, now=actor.at, patient=use.patient
        ),
        initial={"on": actor.today},
    )
    return form_page(
        request,
        use.bed,
        form,
        lambda: actions.take_bed(
            form.free[form.cleaned_data["bed"]],
            patient=use.patient,
            at=form.moment(),
            expected_end_at=_still_expected(use, form),
            exception_why=form.cleaned_data["exception_why"],
            by=actor,
        ),
        heading=f"Move {use.patient.full_name}",
        intro="" if form.free else "No bed of this service is free. Two people can swap beds instead.",
        button="Move",
        said="Moved. The bed they had is free.",
    )


def _still_expected(use: BedUse, form: Any) -> Any:
    """The expected departure goes with the person, unless it is past."""
    expected = use.expected_end_at
    return expected if expected is not None and expected > form.moment() else None


@needs(Right.ADMIT)
def swap(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Two people take each other's beds."""
    use, actor = find_own_use(request, public_id, "occupied"), request.actor  # type: ignore[attr-defined]
    others = bed_line.others_in_beds(use)
    seen = Patient.objects.visible_to(actor).filter(pk__in=[one.patient_id for one in others])
    people = {one.pk: one for one in seen}
    request.reads.saw(people)  # type: ignore[attr-defined]
    known = {str(one.public_id): one for one in others if one.patient_id in people}
    form = forms.SwapForm(
        data_of(request),
        actor=actor,
        others=[
            (key, f"{one.bed.ward.name} ward, bed {one.bed.name}: {people[one.patient_id].full_name}")
            for key, one in known.items()
        ],
        initial={"on": actor.today},
    )
    return form_page(
        request,
        use.bed,
        form,
        lambda: actions.swap_beds(
            use,
            known[form.cleaned_data["other"]],
            at=form.moment(),
            exception_why=form.cleaned_data["exception_why"],
            by=actor,
        ),
        heading=f"Swap the bed of {use.patient.full_name}",
        intro="" if known else "Nobody else whom you may open is in a bed of this service.",
        button="Swap the two beds",
        said="The two have swapped beds.",
    )


@needs(Right.OFFER_BED)
def departure(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """When whoever is in the bed is expected to leave it."""
    use, actor = find_own_use(request, public_id, "occupied", "leave"), request.actor  # type: ignore[attr-defined]
    known = days.london_date(use.expected_end_at) if use.expected_end_at else None
    form = forms.DepartureForm(
        data_of(request), actor=actor, initial={"departure_on": known, "version": use.version}
    )

    def act() -> Any:
        on = form.cleaned_data["departure_on"]
        until = days.noon(on) if on else None
        return actions.expect_departure(use, until=until, version=form.cleaned_data["version"], by=actor)

    return form_page(
        request,
        use.bed,
        form,
        act,
        heading="When are they expected to leave?",
        button="Save",
        said="The expected departure is recorded.",
    )


@needs(Right.OFFER_BED)
def close(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Nobody can have the bed for a time."""
    bed, actor = find_own_bed(request, public_id), request.actor  # type: ignore[attr-defined]
    leaves, first = _leaves(bed, actor)
    form = forms.CloseForm(data_of(request), actor=actor, initial={"since": first})

    def act() -> Any:
        given = form.cleaned_data
        since = forms.begins(given["since"], actor=actor, leaves=leaves)
        until = end_of_day(given["last_day"])
        return actions.close_own_bed(bed, since=since, until=until, why=given["why"], by=actor)

    return form_page(
        request,
        bed,
        form,
        act,
        heading="Close this bed",
        intro=f"Nobody can have the bed, and it is held for nobody, while it is closed.{_expected(leaves)}",
        button="Close the bed",
        said="The bed is closed for that time.",
    )


@needs(Right.OFFER_BED)
def reopen(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A closed bed can be had again."""
    use, actor = find_own_use(request, public_id, "closed"), request.actor  # type: ignore[attr-defined]
    form = forms.ReopenForm(data_of(request), actor=actor, initial={"on": actor.today})

    def act() -> Any:
        at = forms.begins(form.cleaned_data["on"], actor=actor)
        return actions.reopen_own_bed(use, at=at, why=form.cleaned_data["why"], by=actor)

    return form_page(
        request,
        use.bed,
        form,
        act,
        heading="Open this bed again",
        intro=f"It is closed: {use.why}",
        button="Open the bed",
        said="The bed can be had again from that day.",
    )
