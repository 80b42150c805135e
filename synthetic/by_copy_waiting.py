"""What happens while somebody waits, by COPY: delays, weekly reviews, calls."""

from datetime import timedelta

from pathways.days import noon
from referrals.models import Contact, Delay, Review
from synthetic.by_copy import People
from synthetic.by_copy_referrals import Referrals, Written
from synthetic.copying import Table
from synthetic.transfers import SERVICE_PARTIES, Transfer


class Waiting:
    """Tables of delays, reviews and contacts."""

    def __init__(self, referrals: Referrals) -> None:
        self.of, self.installed = referrals, referrals.installed
        self.delays, self.reviews, self.contacts = Table(Delay), Table(Review), Table(Contact)

    tables = People.tables

    def write(self, of: Written, transfer: Transfer) -> None:
        """Everything of one transfer."""
        prison = transfer.request.prison
        self._delays(of, transfer)
        for on in transfer.reviews:
            next_on = on + timedelta(days=7)
            self.reviews.add(
                referral_id=of.pk,
                on=on,
                how_the_person_is="Made up: much the same; eating, not sleeping.",
                interim_plan="Daily review by the in-reach team.",
                next_on=next_on,
                recorded_at=noon(on),
                recorded_by_id=self.installed.staff_of(prison),
            )
            self.of.event(of, "referrals.reviewed", on, by=prison, next_on=next_on.isoformat())
        for on in transfer.contacts:
            contact = self.contacts.add(
                referral_id=of.pk,
                on=on,
                with_whom="Bed manager",
                said="No date yet.",
                next_action="Ring again",
                next_on=on + timedelta(days=5),
                recorded_at=noon(on),
                recorded_by_id=self.installed.liaison[prison],
            )
            self.of.event(of, "referrals.contacted", on, by=prison, contact=contact)

    def _delays(self, of: Written, transfer: Transfer) -> None:
        prison = transfer.request.prison
        for first, last, party, reason in transfer.delays:
            service = transfer.party_service(party) if party in SERVICE_PARTIES else None
            delay = self.delays.add(
                referral_id=of.pk,
                during=(first, last),
                party=party,
                service_id=None if service is None else self.installed.service_ids[service],
                reason=reason,
                words="Made up: said on the telephone." if reason == "other" else "",
                recorded_at=noon(last or first),
                recorded_by_id=self.installed.liaison[prison],
            )
            said = {"delay": delay, "party": party, "reason": reason}
            self.of.event(of, "referrals.delay_recorded", last or first, service=service, by=prison, **said)
