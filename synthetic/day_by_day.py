"""What wards and prisons record day by day about the people who are there now, written by the actions."""

from collections.abc import Iterator
from datetime import time, timedelta
from functools import partial
from itertools import islice

from django.db.models import QuerySet

from core.refusals import Refused
from organisations.models import Bed, Service, Ward
from pathways import days
from pathways.actions import apart, bed_places, key_dates, movements, ward_beds
from pathways.actions.movements import Outing
from pathways.codes import MovementKind
from pathways.free_beds import free_beds
from pathways.models import BedUse, KeyDate, LegalStatus, Placement
from synthetic.by_actions import Plays

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
# So many of each in the whole country, however many people there are.
CLOSED, CLOSED_AHEAD, DEPARTURES, PAIRS = 5, 2, 40, 4
TRIBUNALS, RELEASES, HEARINGS, PAROLES, REMANDS = 12, 8, 8, 4, 6
OUT_OF_PRISONS, OUT_OF_HOSPITALS = 12, 6
TO_GO_FROM_PRISONS, TO_GO_FROM_HOSPITALS = 12, 6
ADDED_AGO, ADDED_AHEAD, GIVEN_UP_IN, GIVEN_UP_BEDS = 24 * DAY, 10 * DAY, 33 * DAY, 1
GIVEN_UP = "The room becomes a family room."
S37_41, S47_49, S47, S48_49 = "09", "15", "16", "17"
# What those who are out take turns at: kind, where to, what for; how many hours ago they left, are due, were back.
TURNS = (
    (MovementKind.COURT, "Wexley Crown Court", "Plea hearing", 2, -4, None),
    (MovementKind.EMERGENCY, "St Mary’s Hospital", "Injured hand", 4, 1, None),
    (MovementKind.COURT, "Capital Magistrates’ Court", "First hearing", 28, 22, 21),
    (MovementKind.ESCORT, "St Mary’s Hospital", "Scan", 1, -2, None),
)


# What those who are to go take turns at: kind, where to, what for, in how many days.
TO_COME = (
    (MovementKind.COURT, "Capital Crown Court", "Sentencing hearing", 3),
    (MovementKind.ESCORT, "St Mary’s Hospital", "Outpatient appointment", 6),
    (MovementKind.COURT, "Wexley Crown Court", "Plea hearing", 0),
)


class DayByDay:
    """Beds closed, departures expected, people kept apart, dates of courts and sentences, and who is out today."""

    def __init__(self, plays: Plays) -> None:
        self.plays = plays
        self.today = days.london_date(plays.now)
        self.index_of = {pk: index for index, pk in enumerate(plays.installed.service_ids)}

    def play(self) -> int:
        """Record all of it; how much there is. What a rule refuses for somebody made up is left out."""
        acts = [
            *islice(self._closures(), CLOSED + CLOSED_AHEAD),
            *islice(self._beds_come_and_go(), 1 + GIVEN_UP_BEDS),
            *islice(self._departures(), DEPARTURES),
            *islice(self._pairs(), PAIRS),
            *islice(self._dates(S37_41, KeyDate.Kind.TRIBUNAL, 9), TRIBUNALS),
            *islice(self._dates(S47_49, KeyDate.Kind.RELEASE, 12), RELEASES),
            *islice(self._dates(S48_49, KeyDate.Kind.HEARING, 6), HEARINGS),
            *islice(self._dates(S47, KeyDate.Kind.PAROLE, 20), PAROLES),
            *islice(self._remands(), REMANDS),
            *islice(self._movements(Service.Kind.PRISON), OUT_OF_PRISONS),
            *islice(self._movements(Service.Kind.HOSPITAL), OUT_OF_HOSPITALS),
            *islice(self._plans(Service.Kind.PRISON), TO_GO_FROM_PRISONS),
            *islice(self._plans(Service.Kind.HOSPITAL), TO_GO_FROM_HOSPITALS),
        ]
        return sum(self._does(act) for act in acts)

    @staticmethod
    def _does(act) -> bool:
        try:
            act()
        except Refused:
            return False
        return True

    def _by(self, service_id: int):
        return self.plays.cast.clinician(self.index_of[service_id], self.plays.now)

    def _closures(self) -> Iterator:
        """A bed of every other hospital that is nobody's, the last ones from next week on."""
        for number, hospital in enumerate(self._hospitals()[::2]):
            unused = self._unused(hospital)
            if not unused:
                continue
            ahead = number >= CLOSED
            since = days.noon(self.today + 7 * DAY) if ahead else self.plays.now
            until = days.noon(self.today + 14 * DAY) if ahead or number % 2 else None
            why = "The room is to be made safe." if ahead else "The window is broken."
            yield lambda bed=unused[-1], since=since, until=until, why=why: ward_beds.close_own_bed(
                bed, since=since, until=until, why=why, by=self._by(bed.ward.service_id)
            )

    def _beds_come_and_go(self) -> Iterator:
        """A ward has one bed more since some weeks ago; another hospital gives one up that is nobody's."""
        by, since = self.plays.cast.administrator, self.today - ADDED_AGO
        ward = Ward.objects.filter(service__in=self._hospitals()).order_by("service", "pk").first()
        name, entered = str(ward.beds.count() + 1), days.noon(since - ADDED_AHEAD)
        yield partial(bed_places.add_bed, ward, name=name, since=since, by=by(entered))
        for hospital in self._hospitals()[1::2]:
            for bed in self._unused(hospital)[-1:]:
                up_from = self.today + GIVEN_UP_IN
                yield partial(bed_places.give_up_bed, bed, since=up_from, why=GIVEN_UP, by=by(self.plays.now))

    def _hospitals(self) -> QuerySet:
        return Service.objects.hospitals().filter(pk__in=self.index_of).order_by("pk")

    def _unused(self, hospital: Service) -> list[Bed]:
        """The beds of a hospital that nobody has, now or later."""
        beds = Bed.objects.filter(ward__service=hospital).select_related("ward__service")
        return [one.bed for one in free_beds(beds, at=self.plays.now) if one.free_from is None]

    def _departures(self) -> Iterator:
        """Some on every ward are expected to leave within weeks, a few of them by now."""
        occupied = BedUse.objects.current().filter(
            purpose=BedUse.Purpose.OCCUPIED, during__upper_inf=True, expected_end_at=None
        )
        uses = occupied.filter(bed__ward__service__in=self.index_of).select_related(
            "bed__ward__service", "patient"
        )
        for number, use in enumerate(uses.order_by("bed__name", "bed")[: 2 * DEPARTURES]):
            until = days.noon(self.today + (number % 30 - 2) * DAY)
            yield lambda use=use, until=until: ward_beds.expect_departure(
                use, until=until, version=use.version, by=self._by(use.bed.ward.service_id)
            )

    def _pairs(self) -> Iterator:
        """Two of one hospital on different wards, who were in a fight."""
        there = Placement.objects.current().filter(during__upper_inf=True, ward__isnull=False)
        for hospital in self._hospitals():
            first = there.filter(service=hospital).select_related("patient").order_by("pk").first()
            other = (
                first and there.filter(service=hospital).exclude(ward=first.ward_id).order_by("-pk").first()
            )
            if first and other:
                yield lambda one=first, two=other: apart.keep_apart(
                    one.patient,
                    two.patient,
                    since=self.today - 20 * DAY,
                    reason="A fight on the ward.",
                    by=self._by(one.service_id),
                )

    def _dates(self, code: str, kind: str, every: int) -> Iterator:
        """A date to come for some who are held under a status."""
        held = LegalStatus.objects.current().filter(code=code, during__upper_inf=True, patient__died_on=None)
        for number, status in enumerate(held.select_related("patient").order_by("pk")):
            place = Placement.objects.open_of(status.patient)
            if place is None or place.service_id not in self.index_of:
                continue
            on = self.today + (5 + number * every % 160) * DAY
            yield lambda patient=status.patient, on=on, at=place.service_id: key_dates.record_key_date(
                patient, kind=kind, on=on, by=self._by(at)
            )

    def _remands(self) -> Iterator:
        """People in prison whose remand runs out within weeks."""
        prisons = Service.objects.filter(kind=Service.Kind.PRISON, pk__in=self.index_of)
        there = Placement.objects.current().filter(during__upper_inf=True, service__in=prisons)
        for number, place in enumerate(there.select_related("patient").order_by("-pk")):
            on = self.today + (2 + 5 * number) * DAY
            yield lambda patient=place.patient, on=on, at=place.service_id: key_dates.record_key_date(
                patient, kind=KeyDate.Kind.REMAND_EXPIRY, on=on, by=self._by(at)
            )

    def _movements(self, kind: str) -> Iterator:
        """Whoever came last to each prison, or hospital, is at court, at A&E or out under escort, or was yesterday."""
        there = Placement.objects.current().filter(during__upper_inf=True, service__in=self.index_of)
        newest = there.filter(service__kind=kind).order_by("service", "-pk").distinct("service")
        for number, place in enumerate(newest.select_related("patient")):
            what, where, purpose, left, due, back = TURNS[number % len(TURNS)]
            outing = Outing(what, where, purpose, self.plays.now - left * HOUR, self.plays.now - due * HOUR)
            returned_at = self.plays.now - back * HOUR if back else None
            yield (
                lambda patient=place.patient, said=outing, back=returned_at, at=place.service_id: (
                    movements.record_movement(patient, said, returned_at=back, by=self._by(at))
                )
            )

    def _plans(self, kind: str) -> Iterator:
        """Whoever has been in each prison, or hospital, for longest of those there is to go to court or elsewhere."""
        there = Placement.objects.current().filter(during__upper_inf=True, service__in=self.index_of)
        oldest = there.filter(service__kind=kind).order_by("service", "pk").distinct("service")
        for number, place in enumerate(oldest.select_related("patient")):
            what, where, purpose, ahead = TO_COME[number % len(TO_COME)]
            leaves_at = days.at(self.today + ahead * DAY, time(9, 30))
            outing = Outing(what, where, purpose, leaves_at, max(leaves_at, self.plays.now) + 7 * HOUR)
            yield lambda patient=place.patient, said=outing, at=place.service_id: movements.plan_movement(
                patient, said, by=self._by(at)
            )
