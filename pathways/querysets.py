"""Reads of people. `visible_to(actor)` is the only door; `traceable` the one named exception."""

from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from accounts.rights import Right
from core.facts import FactQuerySet
from pathways.codes import MovementKind
from pathways.policies import ADMITTED
from pathways.rules.leave import KEEPS_BED
from pathways.rules.legal.durations import lengths_of


class RelationshipQuerySet(models.QuerySet):
    """Relationships by who holds them."""

    def held_by(self, actor) -> Self:
        """Those that hold now, of the actor's services, of the actor in person, or of the commissioners they work for.

        A job of the installation holds none.
        """
        if actor.user is None:
            return self.none()
        holder = Q(user=actor.user)
        if actor.service_ids:
            holder |= Q(service_id__in=actor.service_ids)
        if actor.commissioner_ids:
            holder |= Q(commissioner_id__in=actor.commissioner_ids)
        return self.filter(holder, during__contains=actor.at)

    def about(self, kind: str, about_id: int) -> Self:
        """Those opened by one thing, for example one approach."""
        return self.filter(about_kind=kind, about_id=about_id)

    def naming(self, at) -> Self:
        """Those of named staff at an instant: they may know who somebody with restricted access is."""
        return self.filter(basis="named", during__contains=at)

    def open_at(self, instant) -> Self:
        """Those that hold at an instant."""
        return self.filter(during__contains=instant)


class PatientQuerySet(models.QuerySet):
    """People, by who may see them."""

    def in_population_of(self, actor) -> Self:
        """People with whom the actor has a relationship, whether or not the actor may know who they are."""
        relationships = self.model._meta.get_field("relationships").related_model
        held = relationships.objects.held_by(actor)
        return self.filter(pk__in=held.values("patient_id"))

    def visible_to(self, actor) -> Self:
        """People whom the actor may open: a relationship, and the right to know who people are.

        Somebody with restricted access is open only to named staff.
        """
        if not actor.has(Right.OPEN_PATIENT):
            return self.none()
        relationships = self.model._meta.get_field("relationships").related_model
        named = relationships.objects.naming(actor.at).filter(patient=OuterRef("pk"), user=actor.user)
        return self.in_population_of(actor).filter(Q(has_restricted_access=False) | Exists(named))

    def restricted_of(self, actor) -> Self:
        """People with restricted access in a privacy officer's population, who need not know who it is."""
        if not actor.has(Right.RESTRICT_ACCESS):
            return self.none()
        return self.in_population_of(actor).filter(has_restricted_access=True)

    def traceable(self, actor) -> Self:
        """Everybody whom a trace may find. Only `pathways.tracing` may ask, with full identifiers and a reason."""
        if not actor.has(Right.TRACE_PATIENT):
            return self.none()
        return self.filter(has_restricted_access=False)

    def at_service(self, service_id) -> Self:
        """People who are at a service now, as now believed."""
        here = {"superseded_at": None, "during__upper_inf": True, "service": service_id}
        return self.filter(**{f"placements__{name}": value for name, value in here.items()})

    def concerning(self, service_id, *, at) -> Self:
        """The living who are at a service, or about whom it is asked: those for whom it can hold a bed."""
        held = self.model._meta.get_field("relationships").related_model.objects.open_at(at)
        ours = held.filter(service=service_id, basis__in=["placement", "approach"])
        return self.filter(pk__in=ours.values("patient_id"), died_on=None)

    def locked(self, *ids: int) -> list:
        """The people, locked in the order of their ids, so that two actions can't wait for each other."""
        return list(self.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk"))

    def by_name(self) -> Self:
        """In the order of a register."""
        return self.order_by("family_name", "given_name", "pk")


class AboutPatientQuerySet(models.QuerySet):
    """Rows about one person: visible where the person is."""

    def visible_to(self, actor) -> Self:
        """Rows of people whom the actor may open."""
        people = self.model._meta.get_field("patient").related_model
        return self.filter(patient__in=people.objects.visible_to(actor))


class FactAboutPatientQuerySet(FactQuerySet, AboutPatientQuerySet):
    """Facts about one person."""

    def at(self, instant) -> Self:
        """Facts that hold at an instant; London days where the fact is counted in days."""
        return self.filter(during__contains=instant)


class IdentityQuerySet(models.QuerySet):
    """Rows about one person that may be seen without knowing who it is."""

    def with_identity(self, actor) -> Self:
        """Annotated `shows_identity`: whether the actor may know who it is. If never, what chooses the pseudonym."""
        if not actor.has(Right.OPEN_PATIENT):
            return self.annotate(shows_identity=models.Value(False), home_area_id=F("patient__home_area"))
        people = self.model._meta.get_field("patient").related_model
        relationships = people._meta.get_field("relationships").related_model
        named = relationships.objects.naming(actor.at).filter(patient=OuterRef("patient"), user=actor.user)
        return self.annotate(
            shows_identity=models.Case(
                models.When(patient__has_restricted_access=False, then=models.Value(True)),
                default=Exists(named),
                output_field=models.BooleanField(),
            )
        )


class ReadyPeriodQuerySet(IdentityQuerySet, FactAboutPatientQuerySet):
    """Days of being ready to move on."""

    def listed_for(self, actor) -> Self:
        """Those of the actor's people and populations, known by name or not: see `with_identity`."""
        if not actor.has(Right.SEE_READY):
            return self.none()
        people = self.model._meta.get_field("patient").related_model
        return self.filter(patient__in=people.objects.in_population_of(actor))

    def open(self) -> Self:
        """Of people who are ready now, as believed now."""
        return self.current().filter(during__upper_inf=True)

    def open_on(self, on) -> Self:
        """Of people who were ready on a London date and had not moved by its end, as believed now."""
        return self.current().filter(during__contains=on)


class LegalStatusQuerySet(FactAboutPatientQuerySet):
    """Legal statuses by whether they are believed."""

    # Said of a status when another was recorded for its own first day.
    SAME_DAY = "Another legal status was given for the same day."

    def replaced_on_their_day(self) -> Self:
        """No longer believed because another was given for the same day."""
        return self.filter(superseded_at__isnull=False, why=self.SAME_DAY)


class BedPriceQuerySet(models.QuerySet):
    """Prices, which are about nobody."""

    def visible_to(self, _actor) -> Self:
        """Every price: an estimate says by which it was made."""
        return self


class MissingAuthorityQuerySet(AboutPatientQuerySet):
    """Acts without their authority, by whether that is settled."""

    def open(self) -> Self:
        """Those that wait for the Mental Health Act office."""
        return self.filter(settled_at=None)


class LegalDurationQuerySet(models.QuerySet):
    """Lengths by when they hold."""

    def lengths(self, code: str, form: str, *, on) -> dict:
        """The lengths in force for a status on a day, by stage."""
        return lengths_of(self.filter(code=code, form=form, effective__contains=on))


class PlacementQuerySet(IdentityQuerySet, FactAboutPatientQuerySet):
    """Where people are."""

    def listed_for(self, actor) -> Self:
        """Those behind a figure, of the actor's populations, or all for those who see everybody without identity.

        To be listed is not to be known by name: see `with_identity`.
        """
        if not actor.has(Right.OPEN_FIGURES):
            return self.none()
        if actor.has(Right.SEE_EVERY_TRANSFER):
            return self
        people = self.model._meta.get_field("patient").related_model
        return self.filter(patient__in=people.objects.in_population_of(actor))

    def open(self) -> Self:
        """Placements that have not ended, as now believed."""
        return self.current().filter(during__upper_inf=True)

    def open_of(self, patient):
        """Where one person is, or None for somebody never placed."""
        return self.open().filter(patient=patient).select_related("service", "ward").first()

    def without_bed(self, at) -> Self:
        """Those at a hospital, at an instant, of people who are in no bed then, nor kept one while they are away."""
        people = self.model._meta.get_field("patient").related_model._meta
        own = {"patient": OuterRef("patient"), "during__contains": at}
        uses = people.get_field("bed_uses").related_model.objects.current().occupying().filter(**own)
        leaves = people.get_field("leaves").related_model.objects.taken().given().filter(**own)
        out_overnight = leaves.filter(Q(kind__in=KEEPS_BED) | Q(absent_since__lte=at))
        here = self.current().filter(service__kind="hospital", during__contains=at)
        return here.filter(~Exists(uses), ~Exists(out_overnight))


class BedUseQuerySet(FactAboutPatientQuerySet):
    """Uses of beds by what they are for."""

    def visible_to(self, actor) -> Self:
        """Uses by people whom the actor may open, and closures, which are about nobody."""
        people = self.model._meta.get_field("patient").related_model
        return self.filter(Q(patient__in=people.objects.visible_to(actor)) | Q(patient=None))

    def occupying(self) -> Self:
        """Somebody is in the bed, or it is kept for somebody on leave."""
        return self.filter(purpose__in=["occupied", "leave"])

    def kept_while_away(self) -> Self:
        """Kept without end for somebody who is in another place for a time, and not on leave."""
        return self.filter(purpose="leave", during__upper_inf=True).exclude(about_kind="leave")

    def staying(self, at, *, now) -> Self:
        """Those in a bed at an instant, or for whom one is kept, and not expected to have left it by then."""
        leaving = Q(during__upper_inf=True, expected_end_at__gt=now, expected_end_at__lte=at)
        return self.occupying().filter(during__contains=at).exclude(leaving)

    def not_in_use(self) -> Self:
        """The ward has not had the bed yet, or has given it up."""
        return self.filter(purpose="not_in_use")

    def held(self) -> Self:
        """Held for somebody."""
        return self.filter(purpose="held")

    def by_exception(self) -> Self:
        """Of beds that do not fit the person, given all the same for a reason."""
        return self.exclude(exceptions=[])

    def to_run_out(self, at) -> Self:
        """Holds that have run out by an instant and whose owner has not been told."""
        return self.current().filter(tell_owner_at__lte=at)


class LeaveQuerySet(FactAboutPatientQuerySet):
    """Leaves by how far they have come, as now believed."""

    def taken(self) -> Self:
        """Those on which the person has left, back or not."""
        return self.current().filter(during__isnull=False)

    def away(self) -> Self:
        """Those from which the person is not back."""
        return self.taken().filter(during__upper_inf=True)

    def planned(self) -> Self:
        """Those that have not begun and were not cancelled."""
        return self.current().filter(during=None, ended_as="")

    def planned_by_law(self) -> Self:
        """Those that are planned and may want somebody's authority: from prison no movement does."""
        from_hospital = Q(service__kind="hospital")
        return self.planned().filter(from_hospital | ~Q(kind__in=MovementKind.values))

    def movements(self) -> Self:
        """Court, A&E and escorts."""
        return self.filter(kind__in=MovementKind.values)

    def given(self) -> Self:
        """Leave that somebody gives: all that is no temporary movement."""
        return self.exclude(kind__in=MovementKind.values)

    def away_of(self, patient):
        """The leave that one person is on, or None. They may be out at court from it."""
        rows = self.given().away().filter(patient=patient)
        return rows.select_related("to_ward__service", "service").first()


class KeepApartQuerySet(FactQuerySet):
    """Pairs of people who must not share a ward."""

    def visible_to(self, actor) -> Self:
        """Pairs of which the actor may open at least one; the caller names the other only where that is open too."""
        people = self.model._meta.get_field("patient").related_model.objects.visible_to(actor)
        return self.filter(Q(patient__in=people) | Q(other__in=people))

    def of(self, patient) -> Self:
        """Pairs of which somebody is one."""
        return self.filter(Q(patient=patient) | Q(other=patient))

    def overlapping(self, days) -> Self:
        """Pairs kept apart on some of these London days."""
        return self.filter(during__overlap=days)


class ClockQuerySet(AboutPatientQuerySet):
    """Clocks by whether they run and how they stand."""

    def running(self) -> Self:
        """Those that have not ended."""
        return self.filter(ended_on=None)

    def of(self, kind: str, about_id: int) -> Self:
        """The clocks of one thing."""
        return self.filter(about_kind=kind, about_id=about_id)

    def headline(self) -> Self:
        """The limit that the product exists for."""
        return self.filter(policy__is_headline=True)

    def of_lapsed_orders(self) -> Self:
        """Those of a court's order or remand under which somebody was admitted when it had lapsed."""
        return self.filter(about_kind="legal_status", policy__stop_event=ADMITTED, ended_as="lapsed")

    def late(self, *, on) -> Self:
        """Running past the last day in time on a London date."""
        return self.running().filter(due_on__lt=on)

    def with_flags_summed(self) -> Self:
        """Each with `gravest`, the level of its gravest flag (None without one), and `owes_answer`.

        A flag that comes again every fortnight is many rows after a year; a list needs two facts of them.
        """
        flag = self.model._meta.get_field("flags").related_model
        levels = [level for level, _ in flag._meta.get_field("level").choices]
        gravity = models.Case(*(models.When(level=level, then=place) for place, level in enumerate(levels)))
        mine = flag.objects.filter(clock=OuterRef("pk"))
        gravest = mine.current().order_by(gravity.desc()).values("level")[:1]
        return self.annotate(gravest=models.Subquery(gravest), owes_answer=Exists(mine.to_acknowledge()))

    def due_for_flag(self, *, on) -> Self:
        """Running, and with a flag to raise on a London date or before."""
        return self.running().filter(next_flag_on__lte=on)


class FlagQuerySet(models.QuerySet):
    """Flags by whether they still count."""

    def visible_to(self, actor) -> Self:
        """Flags of people whom the actor may open."""
        clocks = self.model._meta.get_field("clock").related_model
        return self.filter(clock__in=clocks.objects.visible_to(actor))

    def current(self) -> Self:
        """Those that no corrected date has made untrue."""
        return self.filter(superseded_at=None)

    def to_acknowledge(self) -> Self:
        """Those that somebody has to take on, and nobody has."""
        return self.current().filter(must_be_acknowledged=True, acknowledged_at=None)

    def answerable_to(self, actor) -> Self:
        """Flags that the actor may take on: of people whom they may open, and to a case manager of their population.

        Somebody has to take on the flag of a person with restricted access, and need not know who it is.
        """
        if not actor.is_case_manager:
            return self.visible_to(actor)
        people = self.model._meta.get_field("clock").related_model._meta.get_field("patient").related_model
        return self.filter(clock__patient__in=people.objects.in_population_of(actor))


class EventQuerySet(AboutPatientQuerySet):
    """The line of events."""

    def line(self) -> Self:
        """Newest first, as a person reads it."""
        return self.order_by(F("occurred_at").desc(), F("pk").desc())
