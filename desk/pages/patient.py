"""One person: where they are and were, by what right, what is asked and assessed, and everything that happened."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.readlog import Action
from accounts.rights import Right
from assessments.existing import existing_of
from core.forms import PathwaysForm, SeenForm, check_page, checked, render_form
from core.pages import long_date
from core.refusals import Conflicting
from core.submissions import once
from core.tables import Column, Filter, Table, choices_of
from desk import law, leave, offers, person, ready, who_looked
from desk.forms import AlertForm, CorrectForm, DeathForm, WithdrawAlertForm
from desk.journey import in_words, journey_of
from desk.pathway_line import draw
from desk.recorded import ALIASES, Recorded
from organisations.doors import needs
from pathways import tracing
from pathways.actions import patients as actions
from pathways.kept_apart import pairs_of
from pathways.models import Patient
from pathways.rules import check_death
from referrals.forms.fields import WhyForm
from referrals.pages.line_groups import GROUPS

# What one sheet of A4 takes below the picture, with the picture as large as it can be and with it smaller.
SHEET_LINES_AT_EASE, SHEET_LINES = 4, 14


def find_patient(request: HttpRequest, public_id: UUID, action: str = Action.VIEW) -> Patient:
    """Somebody the actor may open, or 404. That they were looked at, or printed, is logged."""
    people = Patient.objects.visible_to(request.actor).select_related("home_area")
    patient = get_object_or_404(people, public_id=public_id)
    request.reads.saw([patient.pk], action)
    return patient


@require_safe
@needs(Right.OPEN_PATIENT)
def patient(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The whole pathway of one person."""
    found, actor = find_patient(request, public_id), request.actor
    sees = person.sight_of(actor)
    apart = pairs_of(found, actor)
    request.reads.saw([one.other.pk for one in apart if one.other])
    recorded = Recorded(found, actor)
    journey, responsible = journey_of(recorded), person.responsibilities_of(found)
    assessed = existing_of(found, actor)
    group, page = request.GET.get("show", ""), _page(request)
    lines, has_older = person.events_of(found, group=group, page=page, sees=sees)
    return render(
        request,
        "desk/patient.jinja",
        {
            "heading": "Pathway of one person",
            "patient": found,
            "person": person.banner_of(found, journey, responsible, actor),
            "sees": sees,
            "today": actor.today,
            "aliases": [alias.name for alias in ALIASES.of(found.pk)],
            "journey": journey,
            "drawing": draw(journey),
            "journey_in_words": in_words(journey),
            "present_stay": person.present_stay_of(recorded),
            "replaced": person.replaced_of(recorded),
            "responsibilities": responsible,
            "statuses": law.statuses_of(recorded),
            "may_end_status": law.may_end_status(recorded),
            "is_held_by_nothing": law.is_held_by_nothing(recorded),
            "had_lapsed": law.had_lapsed(recorded),
            "authorities": law.authorities_of(recorded, sees),
            "missing": recorded.missing,
            "now": leave.open_leaves_of(recorded, sees),
            "key_dates": person.key_dates_of(found),
            "diagnoses": person.diagnoses_of(found, sees),
            "apart": apart,
            "referrals": person.referrals_of(recorded),
            "assessed": assessed,
            "lines": lines,
            "groups": GROUPS,
            "group": group,
            "page": page,
            "has_older": has_older,
            **ready.context_of(recorded, sees),
            "correctable": offers.places_to_correct(recorded),
            **offers.offered_to(recorded, assessed),
        },
    )


@require_safe
@needs(Right.OPEN_PATIENT)
def pathway_sheet(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The picture and its table alone, on one page for paper."""
    found, actor = find_patient(request, public_id, Action.PRINT), request.actor
    journey, responsible = journey_of(Recorded(found, actor)), person.responsibilities_of(found)
    fitting, left_out = journey.fitting(SHEET_LINES)
    return render(
        request,
        "desk/pathway_sheet.jinja",
        {
            "fitting": fitting,
            "left_out": left_out,
            "is_dense": len(fitting.stays) + len(fitting.periods) / 2 > SHEET_LINES_AT_EASE,
            "heading": "Pathway",
            "patient": found,
            "person": person.banner_of(found, journey, responsible, actor),
            "journey": journey,
            "drawing": draw(journey),
            "journey_in_words": in_words(journey),
            "back": address(found, "pathway"),
            "back_words": "Back to the person",
        },
    )


def _page(request: HttpRequest) -> int:
    asked = request.GET.get("page", "1")
    return int(asked) if asked.isascii() and asked.isdecimal() and 0 < len(asked) < 5 and int(asked) else 1


@require_safe
@needs(Right.OPEN_PATIENT, Right.READ_WHO_LOOKED)
def looked(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Who looked at the record, when, as what and why."""
    found, actor = find_patient(request, public_id), request.actor
    words: dict[int, who_looked.Look] = {}
    table = Table(
        request,
        who_looked.looks_at(found, actor),
        name="who-looked",
        caption="Who looked at this record",
        columns=[
            Column("when", "When", "at", sort="at"),
            Column("who", "Who", lambda row: words[row.pk].name),
            Column("role", "As", lambda row: words[row.pk].role, sort="role"),
            Column("places", "Working at", lambda row: words[row.pk].places),
            Column("action", "What", lambda row: words[row.pk].action, sort="action"),
            Column("reason", "Reason given", lambda row: words[row.pk].reason),
        ],
        filters=[
            Filter(
                "action",
                "What",
                lambda rows, value: rows.filter(action=value),
                choices_of(who_looked.ACTIONS.items()),
            )
        ],
        order=["-at"],
        nothing="Nobody has looked at this record.",
    )
    words.update(who_looked.in_words(table.rows))
    if table.is_csv or table.is_print:
        request.reads.saw([found.pk], Action.EXPORT if table.is_csv else Action.PRINT)
    return table.answer(
        "desk/who_looked.jinja", patient=found, back=address(found), back_words="Back to the person"
    )


def address(found: Patient, part: str = "") -> str:
    """The person's page, at one of its parts."""
    path = reverse("desk:patient", args=[found.public_id])
    return f"{path}#{part}" if part else path


def form_page(
    request: HttpRequest,
    found: Patient,
    form: PathwaysForm,
    act: Callable[[], Any],
    *,
    said: str,
    part: str = "",
    template: str = "core/form.jinja",
    acts: bool = True,
    **words: Any,
) -> HttpResponse:
    """Show a form about the person; once sent, act, say what was done, and go back to their page.

    What the act goes against is shown before anything is written, where the form can be sent again with that seen.
    """

    def answer() -> HttpResponse | None:
        if not form.attempt(act):
            return None
        messages.success(request, said)
        return redirect(address(found, part))

    sent = once(request, form, answer) if acts and form.is_bound and form.is_valid() else None
    if isinstance(form.refused, Conflicting) and isinstance(form, SeenForm):
        words |= {"conflicts": form.refused.conflicts, "button": f"{words['button']} all the same"}
        form.show_again(form.refused)
    around = {"back": address(found, part), "back_words": "Back to the person", "caption": caption_of(found)}
    words = {**around, **words}
    if isinstance(form.refused, Conflicting) and isinstance(form, SeenForm):
        words |= {"conflicts": form.refused.conflicts, "button": f"{words['button']} all the same"}
        form.show_again(form.refused)
    return sent or render_form(request, template, form, **words)


def caption_of(found: Patient) -> str:
    """Who a form is about."""
    return f"{found.full_name}, born {long_date(found.born_on)}"


def data_of(request: HttpRequest) -> Any:
    """What was sent, or None where the form is only shown."""
    return request.POST if request.method == "POST" else None


@needs(Right.OPEN_PATIENT, Right.REGISTER_PATIENT)
def correct(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Put right what is written about the person. Other numbers are traced first, as when somebody is registered."""
    found, actor = find_patient(request, public_id), request.actor
    form = CorrectForm(data_of(request), actor=actor, patient=found)
    if form.is_bound and form.is_valid() and form.numbers():
        why = form.cleaned_data["why"]
        outcome = form.attempt(tracing.trace, **form.numbers(), reason=why, actor=actor)
        if outcome:
            request.reads.saw(outcome.value.met, Action.TRACE, reason=why)
    return form_page(
        request,
        found,
        form,
        lambda: actions.correct_patient(
            found,
            version=form.cleaned_data["version"],
            changes=form.changes(),
            why=form.cleaned_data["why"],
            by=actor,
        ),
        heading="Correct details",
        button="Correct the details",
        said="The details are corrected. What stood before is kept, with your reason.",
    )


@needs(Right.OPEN_PATIENT, Right.END_TRANSFER)
def death(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Record that the person has died."""
    found, actor = find_patient(request, public_id), request.actor
    form = DeathForm(data_of(request), actor=actor)
    falls = "An open transfer and every clock end with it, a bed is given back, and nothing more is sent."
    if form.is_bound and form.is_valid() and not checked(request):
        on = form.cleaned_data["on"]
        if "change" not in request.POST and form.attempt(check_death, found, on, today=actor.today):
            return check_page(
                request,
                heading="Check before you record the death",
                caption=caption_of(found),
                pairs=[("Person", found.full_name), ("Died on", long_date(on))],
                falls=[falls],
                button="Record the death",
                back=address(found),
            )
    return form_page(
        request,
        found,
        form,
        lambda: actions.record_death(found, on=form.cleaned_data["on"], by=actor),
        heading="Record that this person has died",
        acts=checked(request),
        intro=falls,
        button="Continue",
        warning=True,
        said="The death is recorded. Everything that was open for this person has ended.",
    )


@needs(Right.OPEN_PATIENT, Right.END_TRANSFER)
def take_back_death(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The death was recorded by mistake, often of another person."""
    found, actor = find_patient(request, public_id), request.actor
    form = WhyForm(data_of(request), actor=actor, label="What was wrong?")
    return form_page(
        request,
        found,
        form,
        lambda: actions.take_back_death(found, why=form.cleaned_data["why"], by=actor),
        heading="This person has not died",
        intro=(
            "For a death that was recorded by mistake. They are again where they were, in their bed if nobody else "
            "has it; referrals that the death ended are open again, and their clocks run on from the same first day. "
            "Messages that were stopped are not sent."
        ),
        button="Take the death back",
        warning=True,
        said="The death is taken back. Everyone concerned with an open referral has been told.",
    )


@needs(Right.OPEN_PATIENT, Right.RECORD_STEP)
def add_alert(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Warn everyone who handles the person."""
    found, actor = find_patient(request, public_id), request.actor
    form = AlertForm(data_of(request), actor=actor)
    return form_page(
        request,
        found,
        form,
        lambda: actions.add_risk_alert(found, words=form.cleaned_data["words"], by=actor),
        heading="Add a risk to staff",
        intro="Everyone who may open the person sees it at the top of every page about them.",
        button="Add the warning",
        said="The warning now stands at the top of the person’s pages.",
        part="alerts",
    )


@needs(Right.OPEN_PATIENT, Right.RECORD_STEP)
def withdraw_alert(request: HttpRequest, public_id: UUID, alert_id: UUID) -> HttpResponse:
    """Stop showing a warning that no longer holds."""
    found, actor = find_patient(request, public_id), request.actor
    alert = get_object_or_404(found.risk_alerts.current(), public_id=alert_id)
    form = WithdrawAlertForm(data_of(request), actor=actor)
    return form_page(
        request,
        found,
        form,
        lambda: actions.withdraw_risk_alert(alert, why=form.cleaned_data["why"], by=actor),
        heading="Withdraw a risk to staff",
        intro=f"Now shown: {alert.words}",
        button="Withdraw the warning",
        said="The warning is no longer shown. It is kept, with your reason.",
        part="alerts",
    )
