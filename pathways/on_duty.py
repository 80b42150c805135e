"""Whom a service or a commissioner wants told: its shared mailbox, and whoever is on duty; and named staff."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from organisations.actor import Actor
from organisations.models import Membership, Service
from pathways.models import Relationship


@dataclass(frozen=True)
class Recipient:
    """Somebody to tell: a shared mailbox, or a person by the bell (and by e-mail, where they share no mailbox)."""

    user_id: int | None = None
    mailbox: str = ""

    @property
    def word(self) -> str:
        """What stands for them in a key, so that each is told once."""
        return f"user:{self.user_id}" if self.user_id else self.mailbox


class Directory:
    """Who is on duty, read once for any number of people."""

    def __init__(self, services: Iterable[Service], commissioner_ids: Iterable[int], *, by: Actor) -> None:
        self.mailboxes = {service.pk: service.alert_mailbox for service in services}
        self.on_duty: dict[int, list[Recipient]] = defaultdict(list)
        self.case_managers: dict[int, list[Recipient]] = defaultdict(list)
        self.named: dict[int, list[Recipient]] = defaultdict(list)
        on_duty = Membership.objects.on_duty(by.at).order_by("pk")
        for held in on_duty.filter(service__in=list(self.mailboxes)):
            self.on_duty[held.service_id or 0].append(Recipient(held.user_id))
        managers = on_duty.filter(
            commissioner__in=set(commissioner_ids), duties__contains=["case_manager"]
        ).select_related("user")
        for held in managers:
            self.case_managers[held.commissioner_id or 0].append(Recipient(held.user_id, held.user.email))

    def of_services(self, service_ids: Iterable[int]) -> list[Recipient]:
        """The shared mailbox of each service, and whoever is on duty there."""
        told: list[Recipient] = []
        for pk in service_ids:
            if self.mailboxes.get(pk):
                told.append(Recipient(mailbox=self.mailboxes[pk]))
            told += self.on_duty[pk]
        return told

    def learn_named(self, patient_ids: Iterable[int], *, by: Actor) -> None:
        """Know the named staff of people with restricted access too: nobody else can see whose transfer it is."""
        named = Relationship.objects.naming(by.at).filter(
            patient__in=list(patient_ids), patient__has_restricted_access=True
        )
        for held in named.filter(user__is_active=True).select_related("user").order_by("pk"):
            self.named[held.patient_id].append(Recipient(held.user_id, held.user.email))

    def of_case_managers(self, commissioner_ids: Iterable[int | None]) -> list[Recipient]:
        """The case managers of some commissioners."""
        return [one for pk in commissioner_ids if pk for one in self.case_managers[pk]]
