"""The delays of one transfer as its page shows them, with what may be done about each."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from core.pages import long_date
from core.refusals import refusal
from referrals import recorded, rules
from referrals.codes import DelayParty
from referrals.models import Delay, HandOver, Referral
from referrals.pages import checklist, offers


@dataclass(frozen=True)
class DelayLine:
    """A delay as recorded, with the days it takes of the wait so far, and the service it is put down to."""

    fact: Delay
    named: str
    days: int
    last_day: date | None
    offers: list[checklist.Offer]
    before: list["DelayLine"] = field(default_factory=list)


def delays_of(standing: checklist.Standing, moves: Sequence[HandOver]) -> list[DelayLine]:
    """The delays as believed now, in order, each with what it was corrected from, the newest of that first.

    `moves`: the hand-overs from prison to prison, which say whose days of the prison they are.
    """
    every = {delay.pk: delay for delay in recorded.DELAYS.of(standing.referral.pk)}
    believed = [delay for delay in every.values() if delay.superseded_at is None]
    return [
        _delay(
            delay,
            standing,
            moves,
            offers=_of_delay(delay, standing, moves),
            before=_before(delay, every, standing, moves),
        )
        for delay in believed
    ]


def _before(
    delay: Delay, every: dict[int, Delay], standing: checklist.Standing, moves: Sequence[HandOver]
) -> list[DelayLine]:
    found = []
    while (before := every.get(delay.corrects_id or 0)) is not None:
        found.append(_delay(before, standing, moves))
        delay = before
    return found


def _delay(
    delay: Delay,
    standing: checklist.Standing,
    moves: Sequence[HandOver],
    *,
    offers: Sequence[checklist.Offer] = (),
    before: Sequence[DelayLine] = (),
) -> DelayLine:
    until = last_day_of_wait(standing.referral, standing.by.today)
    upper = delay.during.upper
    return DelayLine(
        fact=delay,
        named=_name_of(delay, standing, moves),
        days=max(0, (min(upper or until, until) - delay.during.lower).days),
        last_day=upper - timedelta(days=1) if upper else None,
        offers=list(offers),
        before=list(before),
    )


def _prison_id(delay: Delay, standing: checklist.Standing, moves: Sequence[HandOver]) -> int:
    return rules.prison_on(delay.during.lower, moves, prison_id=standing.referral.from_service_id)


def _name_of(delay: Delay, standing: checklist.Standing, moves: Sequence[HandOver]) -> str:
    """The service that the delay is put down to, by name; empty for a party with nobody here."""
    if delay.party not in rules.OF_THE_PRISON:
        return delay.service.name if delay.service else ""
    prisons = [
        standing.referral.from_service,
        *(end for move in moves for end in (move.from_service, move.to_service)),
    ]
    return next(one.name for one in prisons if one.pk == _prison_id(delay, standing, moves))


def last_day_of_wait(referral: Referral, today: date) -> date:
    """The day on which the wait ended, or today."""
    return referral.received_on or referral.ended_on or today


def _of_delay(delay: Delay, standing: checklist.Standing, moves: Sequence[HandOver]) -> list[checklist.Offer]:
    may = offers.VERBS["delay"][1]
    if not standing.referral.shows_identity or not any(map(standing.by.has, may)):  # type: ignore[attr-defined]
        return []
    found = []
    prison_id = _prison_id(delay, standing, moves)
    named = rules.service_named(delay.party, delay.service_id, prison_id=prison_id)
    refused = refusal(
        rules.check_dispute,
        why="-",
        disputed=delay.disputed_at is not None,
        named_id=named,
        recorded_by_id=delay.recorded_by_id,
        by=standing.by,
    )

    def is_concerned(also: list[int | None]) -> bool:
        """Also: a service that was let go may still dispute what is put down to it, and do no more."""
        ids = [*standing.hospital_ids, *also]
        prison = standing.referral.from_service_id
        return not refusal(rules.check_concerned, prison_id=prison, hospital_ids=ids, by=standing.by)

    is_ours = is_concerned([])
    if delay.during.upper is None and is_ours:
        found.append(_about(delay, "End it", "end_delay", standing))
    if not refused and is_concerned([named]):
        found.append(_about(delay, "Dispute it", "dispute_delay", standing))
    # Who recorded the newest version stands here for who recorded the first; the action asks for the first.
    corrected = refusal(
        rules.check_delay_corrected, named_id=named, author_id=delay.recorded_by_id, by=standing.by
    )
    if is_ours and not corrected:
        found.append(_about(delay, "Correct it", "correct_delay", standing))
    return found


def _about(delay: Delay, words: str, name: str, standing: checklist.Standing) -> checklist.Offer:
    about = f"delay from {long_date(delay.during.lower)}"
    return checklist.Offer(words, standing.path(name, delay.public_id), about=about)


def delay_sums(lines: Sequence[DelayLine], *, waited: int) -> tuple[list[tuple[str, int]], int]:
    """Days by party, most first, and the days of the wait that nobody has accounted for."""
    sums: dict[str, int] = {}
    for line in lines:
        sums[line.fact.party] = sums.get(line.fact.party, 0) + line.days
    named = [(DelayParty(party).label, count) for party, count in sums.items()]
    return sorted(named, key=lambda pair: -pair[1]), max(0, waited - sum(sums.values()))
