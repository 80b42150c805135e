"""What this floor does about the flags of its own limits: those of the law."""

from organisations.actor import Actor
from pathways import alarms
from pathways.line import Recorded, listens
from pathways.rules.legal.limits import OF_THE_LAW


@listens("clock.flagged")
def flagged(events: list[Recorded]) -> None:
    """Tell those who have the person that an authority, a remand or restrictions end, or a report is due."""
    about = [event for event in events if event.about_kind in OF_THE_LAW]
    if about:
        alarms.tell_of_flags(about, by=Actor.system("clock.flagged", at=events[0].recorded_at))
