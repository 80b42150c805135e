"""The questions of a request, one a page, each answer kept in the draft at once."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.rights import Right
from core import drafts
from core.forms import PathwaysForm, render_form
from core.models import Draft
from core.submissions import once
from organisations.doors import needs
from pathways.models import Patient
from referrals import actions, rules
from referrals.forms import new as forms
from referrals.pages import asking, finding, order
from referrals.pages.drafts import mark_sent, of_own_draft, posted, question_address

TEMPLATE = "referrals/new/question.jinja"


@dataclass(frozen=True)
class Question:
    """A page that asks one thing with one form. A heading means that the form has more fields than one."""

    form: type[PathwaysForm]
    heading: str = ""
    intro: str = ""


QUESTIONS = {
    "section": Question(forms.SectionForm),
    "limb": Question(forms.LimbForm),
    "restrictions": Question(forms.RestrictionsForm),
    "dates": Question(
        forms.DatesForm,
        "Dates of the court or sentence",
        "Leave a date empty if it is not known. You can add it later.",
    ),
    "urgency": Question(forms.UrgencyForm, "How urgent is it?"),
    "requested": Question(forms.RequestedForm),
}


@require_http_methods(["GET", "POST"])
@needs(Right.REQUEST_TRANSFER)
@of_own_draft
def question(request: HttpRequest, draft: Draft, question: str) -> HttpResponse:
    """One question; the answer leads to the next that is open, or back to the check of all."""
    patient = patient_of(draft, request.actor)  # type: ignore[attr-defined]
    if patient is None:
        return redirect("referrals:person", draft.public_id)
    if question in PAGES:
        return PAGES[question](request, draft, patient)
    if question not in QUESTIONS or question not in order.asked(draft.answers):
        raise Http404
    return _ask(request, draft, patient, question)


def patient_of(draft: Draft, actor: Any) -> Patient | None:
    """Whom the draft is for, while the actor may still open them."""
    chosen = (draft.answers.get("person") or {}).get("patient")
    return Patient.objects.visible_to(actor).filter(public_id=chosen).first() if chosen else None


def _ask(request: HttpRequest, draft: Draft, patient: Patient, question: str) -> HttpResponse:
    actor, asked = request.actor, QUESTIONS[question]  # type: ignore[attr-defined]
    given = order.initial(asked.form, draft.answers.get(question))
    more = {"fitting": order.fitting_dates(draft.answers)} if question == "dates" else {}
    form = asked.form(posted(request), initial=given, actor=actor, **more)
    # A page whose every field may be left empty is still an answer.
    if request.method == "POST" and form.is_valid():
        return keep_answer(request, draft, question, order.kept(form))
    request.reads.saw([patient.pk])  # type: ignore[attr-defined]
    (found,) = finding.known([patient], actor)
    return render_form(
        request,
        TEMPLATE,
        form,
        heading=asked.heading or next(iter(form.fields.values())).label,
        single=not asked.heading,
        intro=asked.intro,
        found=found if question == "section" else None,
        **about(draft, patient, question),
    )


def about(draft: Draft, patient: Patient, question: str) -> dict[str, Any]:
    """What every page of the flow shows: for whom it is, and the way back."""
    before = order.previous(question, draft.answers)
    back = question_address(draft, before) if before else "/transfers/new/"
    return {"draft": draft, "patient": patient, "back": back}


def keep_answer(request: HttpRequest, draft: Draft, question: str, answer: dict[str, Any]) -> HttpResponse:
    """Keep an answer and go on. Another legal basis asks again what depends on it."""
    kept = {question: answer}
    before = order.basis_of(draft.answers)
    if question in ("section", "limb") and order.basis_of({**draft.answers, **kept}) != before and before[0]:
        kept |= {"dates": None, "restrictions": None}
    draft = drafts.keep(draft, kept, by=request.actor)  # type: ignore[attr-defined]
    return redirect(question_address(draft, order.next_question(draft.answers)))


def services(request: HttpRequest, draft: Draft, patient: Patient) -> HttpResponse:
    """The services to ask. The filter is part of the same form, so that it never loses a tick."""
    actor = request.actor  # type: ignore[attr-defined]
    narrowing = asking.narrowed_by(
        request.POST
        if request.method == "POST"
        else draft.answers.get("narrowed") or asking.for_person(patient)
    )
    given = request.POST.getlist("services") if request.method == "POST" else asking.ticked(draft.answers)
    choice = asking.choice(actor, narrowing, given, home_area_id=patient.home_area_id)
    if request.method == "POST" and request.POST.get("move") == "filter":
        kept = {"narrowed": narrowing, "ticked": choice.valid(given)}
        drafts.keep(draft, kept, by=actor)
        return redirect(question_address(draft, "services"))
    initial = {"services": given, "none_yet": (draft.answers.get("services") or {}).get("none_yet", False)}
    form = forms.ServicesForm(
        posted(request), initial=initial, actor=actor, services=choice.services, hints=choice.hints
    )
    if request.method == "POST" and form.is_valid():
        draft = drafts.keep(draft, {"ticked": None, "narrowed": None}, by=actor)
        return keep_answer(request, draft, "services", order.kept(form))
    request.reads.saw([patient.pk])  # type: ignore[attr-defined]
    return render_form(
        request,
        "referrals/new/services.jinja",
        form,
        heading="Which services do you ask?",
        choice=choice,
        narrowing=narrowing,
        **about(draft, patient, "services"),
    )


def check(request: HttpRequest, draft: Draft, patient: Patient) -> HttpResponse:
    """Everything that was answered, with a way to change each; sent once."""
    actor = request.actor  # type: ignore[attr-defined]
    missing = order.next_question(draft.answers)
    if missing != order.CHECK:
        return redirect(question_address(draft, missing))
    form = forms.CheckForm(posted(request), actor=actor)
    if request.method == "POST" and form.is_valid():
        answer = once(request, form, lambda: send(request, form, draft, patient))
        if answer is not None:
            return answer
    request.reads.saw([patient.pk])  # type: ignore[attr-defined]
    (found,) = finding.known([patient], actor)
    return render_form(
        request,
        "referrals/new/check.jinja",
        form,
        heading="Check your answers before you ask for this transfer",
        rows=asking.summary(draft, patient, found, actor),
        found=found,
        days_late=_days_late(draft, actor),
        transfer=found.transfer,
        **about(draft, patient, "check"),
    )


def _days_late(draft: Draft, actor: Any) -> int:
    """How many days after the first request it is being entered."""
    first_day = order.date_of(draft.answers, "requested", "report_first_requested_on")
    return rules.days_entered_late(first_day, entered_on=actor.today) if first_day else 0


def send(request: HttpRequest, form: PathwaysForm, draft: Draft, patient: Patient) -> HttpResponse | None:
    """Ask for the transfer; the draft has become what it was for."""
    actor, answers = request.actor, draft.answers  # type: ignore[attr-defined]
    section, limb = order.basis_of(answers)
    outcome = form.attempt(
        actions.request_transfer,
        patient,
        from_service=asking.prison_of(patient, actor),
        section=section,
        limb=limb,
        with_restrictions=order.restrictions_of(answers),
        urgency=answers["urgency"]["urgency"],
        urgency_why=answers["urgency"]["urgency_why"],
        report_first_requested_on=order.date_of(answers, "requested", "report_first_requested_on"),
        services=asking.chosen_services(answers, actor),
        **{name: order.date_of(answers, "dates", name) for name in order.fitting_dates(answers)},
        by=actor,
    )
    if not outcome:
        return None
    address = reverse("referrals:asked", args=[outcome.value.public_id])
    mark_sent(draft, address, by=actor)
    return redirect(address)


PAGES: dict[str, Callable[[HttpRequest, Draft, Patient], HttpResponse]] = {
    "services": services,
    "check": check,
}
