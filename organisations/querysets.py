"""Reads of organisations. These are public facts inside the application: no row here is about a patient."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.rights import Right, carriers_of


class CommissionerQuerySet(models.QuerySet):
    """Commissioners are the same for everyone."""

    def visible_to(self, _actor) -> Self:
        """Every commissioner: who pays is no secret."""
        return self

    def national_offices(self) -> Self:
        """NHS England's own, to which the top of the ladder of escalations goes in its region."""
        return self.filter(kind="nhs_england").order_by("pk")

    def by_region(self) -> dict[int, list]:
        """Those of each region, by the region's id. One query."""
        found: dict[int, list] = {}
        for one in self:
            found.setdefault(one.region_id, []).append(one)
        return found


class ServiceQuerySet(models.QuerySet):
    """Services by kind, and by whose they are."""

    def visible_to(self, _actor) -> Self:
        """Every service: a directory that anybody who asks for a bed needs."""
        return self

    def worked_at_by(self, actor) -> Self:
        """The services at which the actor's present role is held."""
        return self.filter(pk__in=actor.service_ids)

    def open(self) -> Self:
        """Those in use."""
        return self.filter(is_open=True)

    def hospitals(self) -> Self:
        """Those that have wards."""
        return self.filter(kind="hospital")

    def prisons(self) -> Self:
        """Those from which a prison transfer is asked, removal centres among them (s48(2)(d))."""
        return self.filter(kind__in=["prison", "removal_centre"])

    def of_tier(self, tier: str, at: datetime) -> Self:
        """Hospitals with a ward of a tier at an instant."""
        wards = self.model._meta.get_field("wards").related_model.objects.of_tier(tier, at)
        return self.filter(Exists(wards.filter(service=OuterRef("pk"))))


class WardQuerySet(models.QuerySet):
    """Wards by what they are for."""

    def visible_to(self, _actor) -> Self:
        """Every ward: part of the directory."""
        return self

    def of_tier(self, tier: str, at: datetime) -> Self:
        """Wards designated to a tier at an instant."""
        return self.filter(
            designations__tier=tier, designations__during__contains=at, designations__superseded_at=None
        )

    def open_after(self, at: datetime) -> Self:
        """Wards that are for something at an instant or later."""
        designation = self.model._meta.get_field("designations").related_model
        lasting = Q(during__upper_inf=True) | Q(during__endswith__gt=at)
        standing = designation.objects.filter(lasting, ward=OuterRef("pk"), superseded_at=None)
        return self.filter(Exists(standing))

    def tiers_at(self, at: datetime) -> set[str]:
        """The tiers to which any of the wards is designated at an instant."""
        designation = self.model._meta.get_field("designations").related_model
        found = designation.objects.filter(ward__in=self, during__contains=at, superseded_at=None)
        return set(found.values_list("tier", flat=True))


class BedQuerySet(models.QuerySet):
    """Beds by whose they are; their state is a question to BedUse."""

    def visible_to(self, _actor) -> Self:
        """Every bed. Who is in it is shown only to those who may open the person."""
        return self

    def of_services(self, service_ids) -> Self:
        """Beds of the wards of some services, whether in use or not."""
        return self.filter(ward__service_id__in=service_ids)


class MembershipQuerySet(models.QuerySet):
    """Memberships by time and place."""

    def at(self, instant: datetime) -> Self:
        """Those held at an instant, of people who may sign in."""
        return self.filter(during__contains=instant, user__is_active=True)

    def carrying(self, right: Right) -> Self:
        """Those whose role or duties carry a right."""
        roles, duties = carriers_of(right)
        return self.filter(Q(role__in=roles) | Q(duties__overlap=duties))

    def on_duty(self, instant: datetime) -> Self:
        """Those whose holder wants to be told about flags."""
        return self.at(instant).filter(is_on_duty=True)


class ApiKeyQuerySet(models.QuerySet):
    """Keys by whether they let anybody in."""

    def usable(self, instant: datetime) -> Self:
        """In time and not revoked, of a membership held at the instant by somebody who may sign in."""
        held = self.model._meta.get_field("membership").related_model.objects.at(instant)
        return self.filter(during__contains=instant, revoked_at=None, membership__in=held)
