"""Finding a person: the actor's own people by list and search, anybody else only by a trace."""

from typing import Any

from django.db.models import OuterRef, Q, Subquery
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.readlog import Action
from accounts.rights import Right
from core.forms import render_form
from core.tables import Column, Filter, Table, choices_of
from desk.forms import SearchForm
from organisations.doors import needs
from organisations.models import Service
from pathways import search, tracing
from pathways.codes import Elsewhere
from pathways.models import Patient, Placement
from referrals.forms.new import TraceForm
from referrals.models import Referral
from referrals.pages.worklist import may_ask

# More than this many matches are not read: the search should be narrowed.
MOST_FOUND = 50
WHERE = dict(Elsewhere.choices)


@require_http_methods(["GET", "POST"])
@needs(Right.OPEN_PATIENT)
def patients(request: HttpRequest) -> HttpResponse:
    """The actor's own people by name. A search is posted: no name is ever in an address."""
    if request.method == "POST":
        return _search(request)
    table = _table(request)
    action = Action.EXPORT if table.is_csv else Action.PRINT if table.is_print else Action.LIST
    request.reads.saw([person.pk for person in table.rows], action)
    return table.answer(
        "desk/patients.jinja", search=SearchForm(actor=request.actor), **_ways_on(request.actor)
    )


def _search(request: HttpRequest) -> HttpResponse:
    actor = request.actor
    form = SearchForm(request.POST, actor=actor)
    found: list[Patient] = []
    if form.is_valid():
        people = _with_place(Patient.objects.visible_to(actor), actor)
        found = list(search.search(people, form.cleaned_data["words"])[: MOST_FOUND + 1])
        request.reads.saw([person.pk for person in found[:MOST_FOUND]], Action.SEARCH)
    return render_form(
        request,
        "desk/found.jinja",
        form,
        heading="Search your people",
        found=[(person, place_of(person)) for person in found[:MOST_FOUND]],
        more=len(found) > MOST_FOUND,
        back=reverse("desk:patients"),
        back_words="All your people",
        **_ways_on(actor),
    )


def _ways_on(actor: Any) -> dict[str, Any]:
    return {
        "may_trace": actor.has(Right.TRACE_PATIENT),
        "may_ask": may_ask(actor),
        "may_restrict": actor.has(Right.RESTRICT_ACCESS),
    }


def _with_place(people: Any, actor: Any) -> Any:
    """Each with where they are now and the reference of their open transfer, in the same query."""
    now = Placement.objects.visible_to(actor).open().filter(patient=OuterRef("pk"))
    transfer = Referral.objects.visible_to(actor).transfers().open().filter(patient=OuterRef("pk"))
    return people.annotate(
        at_service=Subquery(now.values("service__name")[:1]),
        at_ward=Subquery(now.values("ward__name")[:1]),
        elsewhere=Subquery(now.values("elsewhere")[:1]),
        transfer=Subquery(transfer.values("reference")[:1]),
    )


def place_of(person: Any) -> str:
    """Where somebody listed is, in words."""
    if person.died_on:
        return "Died"
    if person.at_service:
        return f"{person.at_service}, {person.at_ward} ward" if person.at_ward else person.at_service
    return WHERE.get(person.elsewhere or "", "Not known")


def _table(request: HttpRequest) -> Table:
    actor = request.actor
    services = Service.objects.visible_to(actor).open().order_by("name")
    return Table(
        request,
        _with_place(Patient.objects.visible_to(actor), actor),
        name="patients",
        caption="Patients",
        columns=[
            Column(
                "name",
                "Name",
                "full_name",
                sort="family_name",
                link=lambda one: reverse("desk:patient", args=[one.public_id]),
            ),
            Column("born", "Born", "born_on", sort="born_on"),
            Column("nhs_number", "NHS number", lambda one: one.nhs_number or ""),
            Column("prison_number", "Prison number", "prison_number", sort="prison_number"),
            Column("place", "Where now", place_of, sort="at_service"),
            Column("transfer", "Open transfer", "transfer", sort="transfer"),
        ],
        filters=[
            Filter("at", "Where now", _is_at, choices_of(services.values_list("public_id", "name"))),
            Filter(
                "whose", "Whose", _of_mine(actor), [("here", "At my services now"), ("known", "Elsewhere")]
            ),
            Filter("transfer", "Open transfer", _has_transfer, [("yes", "With one"), ("no", "Without")]),
        ],
        order=["family_name", "given_name"],
        nothing="No person fits."
        if request.GET
        else "Nobody yet. People appear here when they are placed at, or referred to, where you work.",
    )


def _is_at(people: Any, service: str) -> Any:
    held = Q(
        placements__service__public_id=service,
        placements__superseded_at=None,
        placements__during__upper_inf=True,
    )
    return people.filter(held)


def _of_mine(actor: Any) -> Any:
    def narrowed(people: Any, whose: str) -> Any:
        here = (
            Placement.objects.visible_to(actor)
            .open()
            .filter(service_id__in=actor.service_ids)
            .values("patient")
        )
        return people.filter(pk__in=here) if whose == "here" else people.exclude(pk__in=here)

    return narrowed


def _has_transfer(people: Any, answer: str) -> Any:
    return people.filter(transfer__isnull=answer == "no")


@require_http_methods(["GET", "POST"])
@needs(Right.TRACE_PATIENT)
def trace(request: HttpRequest) -> HttpResponse:
    """Somebody outside the actor's own people, by full identifiers and with a reason; minimal cards come back."""
    actor = request.actor
    form = TraceForm(request.POST if request.method == "POST" else None, actor=actor)
    cards, looked = [], False
    if form.is_bound and form.is_valid():
        reason = form.cleaned_data["reason"]
        outcome = form.attempt(tracing.trace, **form.identifiers(), reason=reason, actor=actor)
        if outcome:
            cards, looked = outcome.value.cards, True
            request.reads.saw(outcome.value.met, Action.TRACE, reason=reason)
    ids = [card.patient_id for card in cards]
    own = (
        set(Patient.objects.visible_to(actor).filter(pk__in=ids).values_list("pk", flat=True))
        if ids
        else set()
    )
    return render_form(
        request,
        "desk/trace.jinja",
        form,
        heading="Trace a person outside your own people",
        cards=[(card, card.patient_id in own) for card in cards],
        looked=looked,
        may_ask=may_ask(actor),
        back=reverse("desk:patients"),
    )
