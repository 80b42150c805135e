"""Asking services, letting them go, naming the lead, and what each decides about the person."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.rights import Right
from assessments.codes import AcceptanceAnswer
from assessments.models import Acceptance, SignedAssessment
from organisations.doors import needs, needs_any
from organisations.rules import Tier
from referrals import actions, rules
from referrals.codes import StepKind
from referrals.forms.approaches import AskForm, ChangeDecisionForm, DecisionForm, LeadForm
from referrals.forms.fields import WhyForm
from referrals.models import Approach, Decision, Referral
from referrals.naming import address_of
from referrals.pages import asking, line
from referrals.pages.ending import what_falls_with
from referrals.pages.found import caption, find_any_to_record, find_approach, find_own_approach
from referrals.pages.verbs import address, data_of, form_page

PART = "services"


def find_path(referral: Referral) -> str:
    """Where wards are compared for the person."""
    return address_of(referral, "find_a_bed")


def asked_ids(referral: Referral) -> list[int]:
    """The services that are asked and have not been let go."""
    return list(referral.approaches.open().values_list("service_id", flat=True))


@needs_any(Right.REQUEST_TRANSFER, Right.TRIAGE)
def ask(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Ask one more service."""
    referral = find_any_to_record(request, public_id)
    actor = request.actor  # type: ignore[attr-defined]
    only_narrows = request.POST.get("move") == "filter"
    posted = data_of(request)
    given = [request.POST.get("service", "") or request.GET.get("service", "")]
    narrowing = asking.narrowed_by(posted or asking.for_person(referral.patient))
    offered = asking.choice(
        actor,
        narrowing,
        given,
        home_area_id=referral.patient.home_area_id,
        but=asked_ids(referral),
        kinds=rules.KINDS[referral.kind].asked,
    )
    form = AskForm(
        None if only_narrows else posted,
        actor=actor,
        offered=offered.services,
        kinds=rules.KINDS[referral.kind].asked,
        hints=offered.hints,
        initial={"service": given[0]},
    )
    return form_page(
        request,
        referral,
        form,
        lambda given: actions.ask_service(referral, given["service"], by=actor),
        template="referrals/ask.jinja",
        choice=offered,
        narrowing=narrowing,
        heading="Ask another service",
        intro="The service is told at once and can open the person's record from now on.",
        links=[("Find a bed: every ward, with what is met and what is not", find_path(referral))]
        if rules.KINDS[referral.kind].needs_bed
        else [],
        button="Ask this service",
        said=lambda approach: f"{approach.service.name} has been asked and told.",
        part=PART,
    )


@needs_any(Right.REQUEST_TRANSFER, Right.TRIAGE)
def withdraw(request: HttpRequest, public_id: UUID, approach_id: UUID) -> HttpResponse:
    """Let a service go; or, of one's own, step back."""
    referral = find_any_to_record(request, public_id)
    approach = find_approach(referral, approach_id)
    actor = request.actor  # type: ignore[attr-defined]
    name = approach.service.name
    words = (_stepping_back if actor.works_at(approach.service_id) else _stopping)(name)
    return form_page(
        request,
        referral,
        WhyForm(data_of(request), actor=actor, label=f"Why is {name} no longer asked?"),
        lambda given: actions.withdraw_approach(approach, why=given["why"], by=actor),
        warning=True,
        part=PART,
        falls=[*what_falls_with(approach), *words.pop("then")],
        **{**words, **({} if _decides(referral) else {"intro": ""})},
    )


def _decides(referral: Referral) -> bool:
    """Whether the services asked decide about the person; a prison or a community team agrees or not."""
    return StepKind.DECISION in rules.steps_of(referral.kind)


def _stopping(name: str) -> dict[str, Any]:
    return {
        "heading": f"Stop asking {name}",
        "then": [
            "the service is told, and some weeks later can no longer open the person's record",
        ],
        "button": "Stop asking this service",
        "said": f"{name} is no longer asked and has been told.",
    }


def _stepping_back(name: str) -> dict[str, Any]:
    return {
        "heading": f"Step back: {name}",
        "intro": "To say that the person does not fit your service, decline instead: that is a decision.",
        "then": [
            "those who asked and the case manager are told",
            "some weeks later your service can no longer open the person's record",
        ],
        "button": "Step back",
        "said": f"{name} has stepped back. Those who asked and the case manager have been told.",
    }


@needs(Right.TRIAGE)
def name_lead(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Say which service leads the one assessment."""
    referral = find_any_to_record(request, public_id)
    rules.check_lead_among(asked_ids(referral))
    actor = request.actor  # type: ignore[attr-defined]
    form = LeadForm(
        data_of(request),
        actor=actor,
        asked_ids=asked_ids(referral),
        initial={"service": referral.lead_service and referral.lead_service.public_id},
    )
    return form_page(
        request,
        referral,
        form,
        lambda given: actions.name_lead(referral, given["service"], by=actor),
        heading="Name the service that leads the assessment",
        intro="There is one assessment, which every service asked uses.",
        button="Name the lead",
        said=lambda told: f"{told.lead_service.name} leads the assessment. Everyone concerned has been told.",
        part=PART,
    )


@needs(Right.DECIDE)
def decide(request: HttpRequest, public_id: UUID, approach_id: UUID) -> HttpResponse:
    """What a service decides about the person."""
    referral = find_any_to_record(request, public_id)
    approach = find_own_approach(referral, approach_id, request.actor)  # type: ignore[attr-defined]
    return _decision_page(request, referral, approach, None)


@needs(Right.DECIDE)
def change_decision(request: HttpRequest, public_id: UUID, approach_id: UUID) -> HttpResponse:
    """Decide otherwise, with why."""
    referral = find_any_to_record(request, public_id)
    approach = find_own_approach(referral, approach_id, request.actor)  # type: ignore[attr-defined]
    decision = approach.decisions.current().select_related("criterion", "approach").first()
    if decision is None:
        raise Http404
    return _decision_page(request, referral, approach, decision)


def _decision_page(
    request: HttpRequest, referral: Referral, approach: Approach, before: Decision | None
) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    word = standing_word(referral, approach, actor)
    if word is None and request.method != "POST":
        return _assessment_first(request, referral, approach)
    kind: Any = ChangeDecisionForm if before else DecisionForm
    form = kind(
        data_of(request),
        actor=actor,
        service=approach.service,
        recommended=word.signed.tier if word else Tier.LOW,
        may_accept=not (word and word.answer == AcceptanceAnswer.NO),
        initial=_initial(word, before, actor),
    )

    def act(given: dict[str, Any]) -> Decision:
        seen = acceptance_seen(given["acceptance"], actor)
        if before:
            return actions.change_decision(
                before,
                why=given["why"],
                acceptance=seen,
                version=given["version"],
                by=actor,
                **form.answer(),
            )
        return actions.decide(approach, acceptance=seen, by=actor, **form.answer())

    return form_page(
        request,
        referral,
        form,
        act,
        history=line.history_of_approach(approach),
        heading=f"{'Change the decision' if before else 'Decide'}: {approach.service.name}",
        intro=_about_the_person(word),
        pairs=_in_view(word),
        links=[("Read the assessment", _path_of(word.signed))] if word else [],
        button="Record the decision",
        said=lambda decision: (
            f"{decision.get_outcome_display()}. {referral.from_service.name} has been told."
        ),
        part=PART,
    )


def standing_word(referral: Referral, approach: Approach, actor: Any) -> Acceptance | None:
    """The service's word on the current assessment: the newest that accepts it, or else the newest."""
    words = Acceptance.objects.visible_to(actor).standing()
    current = SignedAssessment.objects.visible_to(actor).of(referral.patient).current(on=actor.today)
    mine = words.filter(service=approach.service, signed__in=current.values("pk"))
    newest = list(mine.select_related("signed__service").order_by("-answered_at", "-pk"))
    return min(newest, key=lambda word: word.answer == AcceptanceAnswer.NO, default=None)


def acceptance_seen(public_id: UUID, actor: Any) -> Acceptance:
    """The word that the form was written under; whether it still serves is the rule's to say."""
    found = Acceptance.objects.visible_to(actor).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def _assessment_first(request: HttpRequest, referral: Referral, approach: Approach) -> HttpResponse:
    """Say what is missing before a decision can be made, and where to do it."""
    actor = request.actor  # type: ignore[attr-defined]
    signed = SignedAssessment.objects.visible_to(actor).of(referral.patient).current(on=actor.today).first()
    return render(
        request,
        "referrals/assessment_first.jinja",
        {
            "heading": f"Decide: {approach.service.name}",
            "caption": caption(referral, actor),
            "back": address(referral, PART),
            "signed": signed,
            "accept_path": reverse("assessments:accept", args=[signed.public_id]) if signed else "",
        },
    )


def _about_the_person(word: Acceptance | None) -> str:
    if word and word.answer == AcceptanceAnswer.NO:
        return (
            "Your service has not accepted the assessment, so it can decline or defer here. "
            "To accept the person, accept the assessment first."
        )
    return "This is about the person. What your service thinks of the assessment is said there."


def _initial(word: Acceptance | None, before: Decision | None, actor: Any) -> dict[str, Any]:
    initial = {"acceptance": word and word.public_id, "decided_on": actor.today}
    if before is None:
        return initial
    names = ("outcome", "tier", "reason", "words", "deferred_to", "expected_on", "depends_on")
    kept = {name: getattr(before, name) for name in names}
    criterion = before.criterion and before.criterion.public_id
    return initial | kept | {"criterion": criterion, "version": before.approach.version}


def _in_view(word: Acceptance | None) -> list[tuple[str, Any]]:
    if word is None:
        return []
    signed = word.signed
    return [
        ("Assessment", f"Signed by {signed.service.name}, version {signed.number}"),
        ("Tier recommended", Tier(signed.tier).label),
        ("Your service's word on it", word.get_answer_display()),
    ]


def _path_of(signed: SignedAssessment) -> str:
    return reverse("assessments:signed", args=[signed.public_id])
