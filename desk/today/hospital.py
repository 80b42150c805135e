"""What waits for the clinicians of a hospital."""

from typing import Any

from django.db.models import Exists, F, OuterRef, Subquery
from django.db.models.functions import Greatest
from django.urls import reverse

from accounts.rights import Right
from assessments.models import Acceptance, Assessment, SignedAssessment
from core.pages import long_date
from desk.today.things import MOST, SOON, Thing
from organisations.actor import Actor
from pathways.days import london_date
from pathways.models import BedUse, Placement
from referrals.codes import StepKind
from referrals.models import Approach, BedOffer, Step, Warrant
from referrals.rules import KINDS


def own_approaches(actor: Actor) -> Any:
    """Where the actor's services are asked, of transfers that are open."""
    return (
        Approach.objects.visible_to(actor)
        .open()
        .filter(service_id__in=actor.service_ids, referral__ended_on=None)
        .order_by("referral__urgency", "referral__report_first_requested_on", "pk")
    )


def decisions(actor: Actor) -> list[Thing]:
    """What the decisions that the actor's services owe want next: the assessment begun, signed, or the decision."""
    if not actor.has(Right.DECIDE):
        return []
    current = SignedAssessment.objects.visible_to(actor).current(on=actor.today).order_by()
    being_written = Assessment.objects.visible_to(actor).open().order_by("opened_at", "pk")
    of_the_person = {"patient": OuterRef("referral__patient")}
    decided = [kind for kind, rule in KINDS.items() if StepKind.DECISION in rule.steps]
    owed = (
        own_approaches(actor)
        .undecided()
        .filter(referral__kind__in=decided)
        .annotate(
            has_current=Exists(current.filter(**of_the_person)),
            draft_id=Subquery(being_written.filter(**of_the_person).values("pk")[:1]),
        )
        .select_related("service", "referral__lead_service")[:MOST]
    )
    drafts = being_written.select_related("lead_service").in_bulk([one.draft_id for one in owed])
    things = [_decision(one, drafts.get(one.draft_id), actor) for one in owed]
    # Two services of one's own that may both start it are one thing to do.
    return list(dict.fromkeys(thing for thing in things if thing))


def _decision(approach: Any, draft: Assessment | None, actor: Actor) -> Thing | None:
    """Nothing where another list of the same page says it."""
    on = {"referral_id": approach.referral_id}
    lead = approach.referral.lead_service
    if approach.has_current:
        return Thing(f"Decide for {approach.service.name}", by_clock=True, part="services", **on)
    if draft:
        return None if actor.works_at(draft.lead_service_id) else _being_written(draft, actor, **on)
    if lead is None or lead == approach.service:
        return Thing("Start the shared assessment", by_clock=True, part="checklist", **on)
    if actor.works_at(lead.pk):
        return None
    return Thing(
        f"Waits for {lead.name} to start the shared assessment", by_clock=True, part="services", **on
    )


def _being_written(draft: Assessment, actor: Actor, **on: Any) -> Thing:
    path = reverse("assessments:draft", args=[draft.public_id])
    due = long_date(draft.due_on)
    if draft.due_on < actor.today:
        what = f"{draft.lead_service.name} has not signed the assessment, due {due}: it can be taken over"
    else:
        what = f"{draft.lead_service.name} writes the assessment until {due}: decide once it is signed"
    return Thing(what, draft.due_on, path=path, **on)


def assessments(actor: Actor) -> list[Thing]:
    """Shared assessments that the actor's services are writing."""
    writing = Assessment.objects.written_by(actor).select_related("patient").order_by("due_on", "pk")[:MOST]
    return [
        Thing(
            "Finish and sign the shared assessment",
            one.due_on,
            path=reverse("assessments:draft", args=[one.public_id]),
            who=one.patient.full_name,
            patient_id=one.patient_id,
        )
        for one in writing
    ]


def questions(actor: Actor) -> list[Thing]:
    """Unanswered questions of other services about a current assessment signed by the actor's services."""
    own = SignedAssessment.objects.visible_to(actor).current(on=actor.today).order_by()
    asked = (
        Acceptance.objects.visible_to(actor)
        .standing()
        .by_another_service()
        .unanswered()
        .filter(signed__in=own.filter(service_id__in=actor.service_ids).values("pk"))
        .select_related("signed__patient", "service")
        .defer("signed__content")
        .order_by("-answered_at", "-pk")
    )
    return [
        Thing(
            f"Answer the question of {one.service.name}, asked {long_date(one.answered_at)}",
            path=reverse("assessments:answer_question", args=[one.signed.public_id, one.public_id]),
            who=one.signed.patient.full_name,
            patient_id=one.signed.patient_id,
        )
        for one in asked[:MOST]
    ]


def bed_dates(actor: Actor) -> list[Thing]:
    """People accepted who have no bed date yet."""
    if not actor.has(Right.OFFER_BED):
        return []
    waiting = own_approaches(actor).waiting_for_a_bed().annotate(expected_on=F("decisions__expected_on"))
    return [
        Thing(
            "Give a bed date",
            one.expected_on,
            by_clock=one.expected_on is None,
            referral_id=one.referral_id,
            part="services",
        )
        for one in waiting[:MOST]
    ]


def arrivals(actor: Actor) -> list[Thing]:
    """People expected within a week: under a warrant to the actor's hospital, or already on the way."""
    left = Step.objects.current().filter(referral=OuterRef("approach__referral"), kind=StepKind.LEFT)
    live = Warrant.objects.in_force(on=actor.today).filter(referral=OuterRef("approach__referral"))
    offers = (
        BedOffer.objects.current()
        .filter(approach__in=own_approaches(actor).order_by().values("pk"), bed_on__lte=actor.today + SOON)
        .select_related("approach__referral", "bed__ward")
        .annotate(on_the_way=Exists(left), has_warrant=Exists(live))
        .order_by("bed_on", "pk")
    )
    return [
        Thing(_arrival(one), one.bed_on, referral_id=one.approach.referral_id, part="checklist")
        for one in offers[:MOST]
    ]


def _arrival(offer: Any) -> str:
    bed = f"{offer.bed.ward.name} ward, bed {offer.bed.name}"
    if offer.on_the_way:
        return f"On the way: receive into {bed}"
    if not offer.approach.referral.is_transfer:
        return f"Bed date: {bed}"
    return f"Arrives: {bed}" if offer.has_warrant else f"Bed date: {bed}; no warrant yet"


def in_no_bed(actor: Actor) -> list[Thing]:
    """People who are at one of the actor's hospitals and in no bed. They stand here until they are in one, or move."""
    if not actor.has(Right.ADMIT):
        return []
    left = BedUse.objects.current().occupying().filter(patient=OuterRef("patient")).order_by("-during")
    here = (
        Placement.objects.visible_to(actor)
        .open()
        .filter(service_id__in=actor.service_ids)
        .without_bed(actor.at)
        .annotate(since=Greatest("during__startswith", Subquery(left.values("during__endswith")[:1])))
        .select_related("patient", "ward")
        .order_by("since", "pk")
    )
    return [
        Thing(
            f"In no bed since {long_date(one.since)}{f', {one.ward.name} ward' if one.ward else ''}: give them one",
            london_date(one.since),
            now=True,
            path=reverse("pathways:beds"),
            who=one.patient.full_name,
            patient_id=one.patient_id,
        )
        for one in here[:MOST]
    ]


SOURCES = (decisions, assessments, questions, bed_dates, arrivals, in_no_bed)
