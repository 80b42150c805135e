"""What each figure is called, what it means, and which transfers it counts."""

from dataclasses import dataclass

from reports.figures.counts import (
    INSPECTORS_LIMIT_DAYS,
    IS_ASKED,
    IS_DELAYED,
    IS_FLAGGED,
    IS_GONE,
    IS_RECEIVED,
    IS_REPEATED,
    IS_SHARED,
    IS_SIGNED,
    IS_UNANSWERED,
    LIMIT_DAYS,
)


@dataclass(frozen=True)
class Figure:
    """One figure that opens onto rows."""

    key: str
    words: str
    definition: str
    condition: str


FIGURES = {
    figure.key: figure
    for figure in (
        Figure(
            "asked",
            "Asked for",
            "Transfers whose medical report was first requested in the period. Those asked in error are left out.",
            IS_ASKED,
        ),
        Figure(
            "received",
            "Received in hospital",
            "Transfers whose person was received in hospital in the period, also by a court's order or after release.",
            IS_RECEIVED,
        ),
        Figure(
            "within_14",
            "Received within 14 days",
            "Of those received: no more than 14 days after the day a medical report was first requested, which is "
            "day 0. Day 14 is in time. Clocks never pause.",
            f"{IS_RECEIVED} AND days <= {LIMIT_DAYS}",
        ),
        Figure(
            "late",
            "Received late",
            "Of those received: on day 15 or later.",
            f"{IS_RECEIVED} AND days > {LIMIT_DAYS}",
        ),
        Figure(
            "within_28",
            "Received within 28 days",
            "Of those received: no more than 28 days after the first request, the inspectorates' measure.",
            f"{IS_RECEIVED} AND days <= {INSPECTORS_LIMIT_DAYS}",
        ),
        Figure(
            "waiting",
            "Still waiting",
            "Neither received nor ended on the day asked about. Their waits are not over and are never mixed with "
            "those of people received.",
            "is_waiting",
        ),
        Figure(
            "over_14",
            "Waiting more than 14 days",
            "Still waiting on day 15 or later.",
            f"is_waiting AND days > {LIMIT_DAYS}",
        ),
        Figure(
            "over_28",
            "Waiting more than 28 days",
            "Still waiting on day 29 or later.",
            f"is_waiting AND days > {INSPECTORS_LIMIT_DAYS}",
        ),
        Figure(
            "ended",
            "Ended without admission",
            "Transfers that ended in the period with nobody received, by the reason recorded.",
            f"{IS_GONE} AND (%(of)s = '' OR reason = %(of)s)",
        ),
        Figure(
            "delayed",
            "Delayed",
            "Transfers with days of the period put down to this party for this main reason.",
            IS_DELAYED,
        ),
        Figure(
            "flagged",
            "Flagged",
            "Transfers of which this limit raised a flag of this level in the period. One may have raised several.",
            IS_FLAGGED,
        ),
        Figure(
            "signed",
            "Assessed in the period",
            "Transfers of the people whose assessment was signed, for the first time, in the period. A person with "
            "two transfers has two rows.",
            IS_SIGNED,
        ),
        Figure(
            "shared",
            "Assessed once for several services",
            "Transfers of the people whose assessment another service accepts as its own. A person with two "
            "transfers has two rows.",
            IS_SHARED,
        ),
        Figure(
            "repeated",
            "Assessed again",
            "Transfers of the people of whom this service began a second assessment for this reason in the period.",
            IS_REPEATED,
        ),
        Figure(
            "unanswered",
            "Escalations nobody has taken on",
            "Still waiting, with a flag that its owner has to acknowledge and has not.",
            f"is_waiting AND {IS_UNANSWERED}",
        ),
    )
}
CONDITIONS = {key: figure.condition for key, figure in FIGURES.items()}
