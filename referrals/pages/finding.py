"""Who the transfer is for: found among the actor's own people, traced, or registered."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.readlog import Action
from accounts.rights import Right
from assessments.models import Assessment, SignedAssessment
from core import drafts
from core.forms import render_form
from core.models import Draft
from core.refusals import Conflicting
from core.submissions import is_sent, once
from organisations.doors import needs
from organisations.models import Service
from pathways import days, registering, search, tracing
from pathways.actions import patients
from pathways.models import Patient, Placement
from pathways.rules.people import check_new, check_nobody_alike
from referrals import actions
from referrals.forms import new as forms
from referrals.models import Referral
from referrals.pages import order
from referrals.pages.drafts import mark_sent, of_own_draft, posted, question_address
from referrals.tracing import open_transfer_of

# More than this many names are not read: the search should be narrowed.
MOST_FOUND = 20


@dataclass(frozen=True)
class Found:
    """Somebody a search found, and what already exists for them."""

    patient: Patient
    place: str
    is_here: bool
    transfer: Referral | None
    can_take_over: bool
    assessment: SignedAssessment | None
    draft_by: Assessment | None


def prisons_of(actor: Any) -> Any:
    """The prisons the actor works at."""
    return Service.objects.visible_to(actor).prisons().worked_at_by(actor).order_by("name")


@require_http_methods(["GET", "POST"])
@needs(Right.REQUEST_TRANSFER)
@of_own_draft
def person(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Look among the actor's own people; a name that was typed is kept in the draft and never in the address."""
    actor = request.actor  # type: ignore[attr-defined]
    kept = draft.answers.get("search") or {}
    form = forms.PersonForm(posted(request), initial=kept, actor=actor)
    if request.method == "POST" and form.is_valid():
        drafts.keep(draft, {"search": form.cleaned_data}, by=actor)
        return redirect("referrals:person", draft.public_id)
    found, more = look(kept.get("words", ""), actor) if not form.is_bound else ([], False)
    if kept and not form.is_bound:
        request.reads.saw([one.patient.pk for one in found], Action.SEARCH)  # type: ignore[attr-defined]
    return render_form(
        request,
        "referrals/new/person.jinja",
        form,
        heading="Who is the transfer for?",
        draft=draft,
        found=found,
        more=more,
        looked=bool(kept) and not form.is_bound,
        back="/transfers/new/",
    )


def look(words: str, actor: Any) -> tuple[list[Found], bool]:
    """The best matches, what exists for each, and whether there are more. The same few queries for any number."""
    if not words:
        return [], False
    people = list(
        search.search(Patient.objects.visible_to(actor).filter(died_on=None), words)[: MOST_FOUND + 1]
    )
    return known(people[:MOST_FOUND], actor), len(people) > MOST_FOUND


def known(people: list[Patient], actor: Any) -> list[Found]:
    """Where each person is, and whether an open transfer, a draft or a current assessment exists."""
    whose = {"patient__in": people}
    places = Placement.objects.visible_to(actor).open().filter(**whose).select_related("service")
    transfers = Referral.objects.visible_to(actor).transfers().open().filter(**whose)
    signed = SignedAssessment.objects.known_to_exist_by(actor).current(on=actor.today).filter(**whose)
    being = Assessment.objects.known_to_exist_by(actor).open().filter(**whose)
    at = _by_person(places)
    open_ones = _by_person(transfers.select_related("from_service"))
    current = _by_person(signed.select_related("service"))
    written = _by_person(being.select_related("lead_service"))
    return [
        _found(one, at.get(one.pk), open_ones.get(one.pk), current.get(one.pk), written.get(one.pk), actor)
        for one in people
    ]


def _by_person(found: Any) -> dict[int, Any]:
    """The first row of each person."""
    first: dict[int, Any] = {}
    for row in found:
        first.setdefault(row.patient_id, row)
    return first


def _found(
    patient: Patient,
    place: Placement | None,
    transfer: Referral | None,
    signed: SignedAssessment | None,
    being: Assessment | None,
    actor: Any,
) -> Found:
    words = "Not known"
    if place is not None:
        words = place.service.name if place.service else place.get_elsewhere_display()
    here = bool(place and place.service_id and actor.works_at(place.service_id))
    take = bool(transfer and not actor.works_at(transfer.from_service_id))
    return Found(patient, words, here, transfer, take, signed, being)


@require_POST
@needs(Right.REQUEST_TRANSFER)
@of_own_draft
def choose(request: HttpRequest, draft: Draft) -> HttpResponse:
    """This is the person: from the search, or from a card of the actor's own trace."""
    actor = request.actor  # type: ignore[attr-defined]
    public_id = request.POST.get("person", "")
    patient = _visible(public_id, actor)
    if patient is not None:
        (found,) = known([patient], actor)
        if found.transfer and not found.can_take_over:
            return redirect("referrals:transfer", found.transfer.public_id)
        if found.is_here and not found.transfer:
            return _is_for(draft, patient, actor)
    elif public_id not in _traced(draft):
        raise Http404
    drafts.keep(draft, {"arriving": public_id}, by=actor)
    return redirect("referrals:arrived", draft.public_id)


def _visible(public_id: str, actor: Any) -> Patient | None:
    try:
        return Patient.objects.visible_to(actor).filter(public_id=UUID(public_id)).first()
    except ValueError:
        return None


def _traced(draft: Draft) -> set[str]:
    """The people on the cards of the draft's own trace."""
    return {card["public_id"] for card in (draft.answers.get("trace") or {}).get("cards", [])}


def _is_for(draft: Draft, patient: Patient, actor: Any) -> HttpResponse:
    """Keep whom the transfer is for, and go on."""
    draft = drafts.keep(draft, {"person": {"patient": str(patient.public_id)}}, by=actor)
    return redirect(question_address(draft, order.next_question(draft.answers)))


@require_http_methods(["GET", "POST"])
@needs(Right.REQUEST_TRANSFER, Right.TRACE_PATIENT)
@of_own_draft
def trace(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Somebody outside the actor's own people, by full identifiers and with a reason; minimal cards come back."""
    actor = request.actor  # type: ignore[attr-defined]
    form = forms.TraceForm(posted(request), actor=actor)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        outcome = form.attempt(tracing.trace, **form.identifiers(), reason=reason, actor=actor)
        if outcome:
            _keep_trace(request, draft, outcome.value, reason)
            return redirect("referrals:trace", draft.public_id)
    kept = draft.answers.get("trace")
    if kept and not form.is_bound:
        # Logged where the cards are shown, each time: the answer that made them may have been withheld.
        shown = [card["patient_id"] for card in kept["cards"]]
        request.reads.saw(shown, Action.TRACE, reason=kept.get("reason", ""))  # type: ignore[attr-defined]
    return render_form(
        request,
        "referrals/new/trace.jinja",
        form,
        heading="Trace a person outside your prison",
        draft=draft,
        cards=(kept or {}).get("cards", []),
        looked=kept is not None and not form.is_bound,
        back=question_address(draft, "person"),
    )


def _keep_trace(request: HttpRequest, draft: Draft, answer: tracing.Answer, reason: str) -> Draft:
    """Note in the read log whom a trace met, and keep its cards, from which a person may be chosen."""
    request.reads.saw(answer.met, Action.TRACE, reason=reason)  # type: ignore[attr-defined]
    cards = [_card(one) for one in answer.cards]
    return drafts.keep(draft, {"trace": {"cards": cards, "reason": reason}}, by=request.actor)  # type: ignore[attr-defined]


def _card(card: Any) -> dict[str, Any]:
    known = {"patient_id": card.patient_id, "public_id": str(card.public_id)}
    return {**known, "name": card.name, "born_in": card.born_in, **card.more}


@require_http_methods(["GET", "POST"])
@needs(Right.REQUEST_TRANSFER, Right.TRACE_PATIENT)
@of_own_draft
def arrived(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Somebody found elsewhere has come to the actor's prison: take over their open transfer, or record the move."""
    actor = request.actor  # type: ignore[attr-defined]
    patient = _arriving(draft, actor)
    request.reads.saw([patient.pk], must_be_logged=True)  # type: ignore[attr-defined]
    transfer = open_transfer_of(patient)
    form = forms.ArrivedForm(posted(request), actor=actor, prisons=prisons_of(actor))
    if request.method == "POST" and form.is_valid():
        answer = once(
            request,
            form,
            lambda: (
                _take_over(form, transfer, draft, actor, request)
                if transfer
                else _place(form, patient, draft, actor)
            ),
        )
        if answer is not None:
            return answer
    against = form.refused if isinstance(form.refused, Conflicting) else None
    if against:
        form.show_again(against)
    return render_form(
        request,
        "referrals/new/arrived.jinja",
        form,
        conflicts=against.conflicts if against else (),
        heading="Take over the open transfer" if transfer else "Has this person come to your prison?",
        draft=draft,
        transfer=transfer,
        card=_arriving_card(draft, patient),
        back=question_address(draft, "person"),
    )


def _arriving(draft: Draft, actor: Any) -> Patient:
    """The person chosen, if a search or a trace of this draft still allows it."""
    public_id = draft.answers.get("arriving") or ""
    patient = _visible(public_id, actor)
    if patient is None and public_id in _traced(draft):
        patient = tracing.traced(public_id, actor=actor)
    if patient is None:
        raise Http404
    return patient


def _arriving_card(draft: Draft, patient: Patient) -> dict[str, Any]:
    """Name and year of birth: no more than a trace gives."""
    return {"name": patient.full_name, "born_in": patient.born_on.year}


def _take_over(
    form: Any, transfer: Referral, draft: Draft, actor: Any, request: HttpRequest
) -> HttpResponse | None:
    if not form.attempt(actions.take_over_transfer, transfer, service=form.prison, **form.came(), by=actor):
        return None
    address = reverse("referrals:transfer", args=[transfer.public_id])
    mark_sent(draft, address, by=actor)
    messages.success(
        request, f"{form.prison} now has transfer {transfer.reference}. Everyone concerned is told."
    )
    return redirect(address)


def _place(form: Any, patient: Patient, draft: Draft, actor: Any) -> HttpResponse | None:
    placed = form.attempt(actions.record_arrival, patient, prison=form.prison, **form.came(), by=actor)
    return _is_for(draft, patient, actor) if placed else None


@require_http_methods(["GET", "POST"])
@needs(Right.REQUEST_TRANSFER, Right.REGISTER_PATIENT)
@of_own_draft
def register(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Begin the record of somebody whom neither search nor trace finds.

    Numbers that were typed are traced first, and then the name with the date of birth, with a trace's reason, count,
    log and cards, so that nobody learns more by registering than by a trace.
    """
    actor = request.actor  # type: ignore[attr-defined]
    initial = {"reason": (draft.answers.get("trace") or {}).get("reason", "")}
    form = forms.RegisterForm(posted(request), actor=actor, prisons=prisons_of(actor), initial=initial)
    cards: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        if not is_sent(request.user, form.submission_key):
            cards = _holders(request, form, draft) or _alike(request, form, draft)
        answer = None if form.refused else once(request, form, lambda: _register(form, draft, actor))
        if answer is not None:
            return answer
    return render_form(
        request,
        "referrals/new/register.jinja",
        form,
        heading="Register a person",
        draft=draft,
        cards=cards,
        may_be_nobody=bool(cards) and not form.numbers_found,
        back=question_address(draft, "person"),
    )


def _holders(request: HttpRequest, form: Any, draft: Draft) -> list[dict[str, Any]]:
    """Cards of those who hold the numbers that were typed. With any, or where the trace is refused, so is the form."""
    cards = _kept_cards(request, form, draft, registering.holders, form.numbers())
    form.attempt(check_new, cards)
    form.numbers_found = bool(cards)
    return cards


def _alike(request: HttpRequest, form: Any, draft: Draft) -> list[dict[str, Any]]:
    """Cards of those with the name and date of birth that were typed, until it is said that it is none of them."""
    who = form.who()
    if form.refused or (form.cleaned_data["is_nobody_found"] and draft.answers.get("alike") == who):
        return []
    name = {key: form.cleaned_data[key] for key in ("given_name", "family_name", "born_on")}
    cards = _kept_cards(request, form, draft, registering.alike, name)
    if cards:
        drafts.keep(draft, {"alike": who}, by=request.actor)  # type: ignore[attr-defined]
    form.attempt(check_nobody_alike, cards)
    return cards


def _kept_cards(
    request: HttpRequest, form: Any, draft: Draft, look: Callable[..., tracing.Answer], who: dict[str, Any]
) -> list[dict[str, Any]]:
    """What a look tells, noted in the read log and kept with the draft; nothing where it is refused or asks nothing."""
    if form.refused or not any(who.values()):
        return []
    reason = form.cleaned_data["reason"]
    outcome = form.attempt(look, **who, reason=reason, actor=request.actor)  # type: ignore[attr-defined]
    if not outcome:
        return []
    cards: list[dict[str, Any]] = _keep_trace(request, draft, outcome.value, reason).answers["trace"]["cards"]
    return cards


def _register(form: Any, draft: Draft, actor: Any) -> HttpResponse | None:
    since, time_known = days.since(form.cleaned_data["came_on"] or actor.today, now=actor.at)
    registered = form.attempt(
        patients.register_patient,
        **form.answers(),
        at_service=form.prison,
        since=since,
        time_known=time_known,
        by=actor,
    )
    return _is_for(draft, registered.value, actor) if registered else None
