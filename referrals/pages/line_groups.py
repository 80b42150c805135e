"""Groups of kinds of events, by which a line of events is narrowed."""

from django.db.models import Q

# What the line can be narrowed to: a word of the address, its words, and how the kinds begin. Each kind is in one.
GROUPS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("steps", "Steps and decisions", ("referrals.",)),
    ("assessment", "Assessment and reports", ("assessments.",)),
    ("clocks", "Clocks and flags", ("clock.",)),
    (
        "places",
        "Place and bed",
        (
            "pathways.placed",
            "pathways.placement",
            "pathways.bed",
            "pathways.hold",
            "pathways.departure",
            "pathways.kept_apart",
        ),
    ),
    (
        "law",
        "Legal status and authority",
        (
            "pathways.held",
            "pathways.status",
            "pathways.renewed",
            "pathways.reported",
            "pathways.authori",
            "pathways.unauthorised",
        ),
    ),
    (
        "leave",
        "Leave and movements",
        (
            "pathways.leave",
            "pathways.went",
            "pathways.came",
            "pathways.absent",
            "pathways.kept_bed",
            "pathways.movement",
        ),
    ),
    ("ready", "Ready to move on", ("pathways.ready",)),
    (
        "person",
        "About the person",
        (
            "pathways.registered",
            "pathways.corrected",
            "pathways.diagnosed",
            "pathways.undiagnosed",
            "pathways.date",
            "pathways.alert",
            "pathways.access",
            "pathways.restriction",
            "pathways.staff",
            "pathways.named",
            "pathways.died",
            "pathways.death",
        ),
    ),
)


def of_group(name: str) -> Q:
    """The events of one group, or of all where there is none of that name."""
    beginnings = next((found for group, _, found in GROUPS if group == name), ())
    wanted = Q()
    for begins in beginnings:
        wanted |= Q(kind__startswith=begins)
    return wanted
