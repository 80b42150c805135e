"""What each figure of beds and stays is called and means (domain.md 4.1), and which stays it counts."""

from reports.figures.bed_counts import CONDITIONS
from reports.figures.catalogue import Figure

WORDS = {
    "available": "Available bed days",
    "occupied": "Occupied bed days",
    "less_leave": "Occupied less leave",
    "kept": "Kept for leave",
    "closed": "Closed bed days",
    "median": "Median days of those discharged",
    "staying_median": "Median days so far",
}
MEANINGS = {
    "available": "Days of beds in use on wards that were open, less those closed. A bed is in use from the day that "
    "its ward has it until it is given up, and for as long as somebody has it all the same.",
    "occupied": "Days for which somebody had the bed: the day of admission counts, that of discharge does not. Leave "
    "does not interrupt them. A day of trial leave counts once: for the bed that is kept where that is one of the beds "
    "counted here, else for that of the trial. Occupancy is their share of the available ones.",
    "less_leave": "Of these, those without the days of overnight leave and of absence. Days of trial leave stay: they "
    "are spent in a bed, that of the trial.",
    "kept": "Days on which a bed was kept for somebody on overnight or trial leave, or absent: reserved, not free.",
    "closed": "Days on which a bed in use was closed and nobody had it.",
    "median": "Whole stays that ended in the period, from the day of admission to the day before discharge. Half were "
    "no longer than this; nine in ten no longer than the 90th percentile.",
    "staying_median": "Stays that are not over, to the end of the period. They will grow, and are never mixed with "
    "those that ended.",
}

FIGURES = {
    figure.key: figure
    for figure in (
        Figure(
            "admitted",
            "Admissions",
            "Stays at a hospital that began in the period, also from another hospital. Another ward of the same one, "
            "and coming back from leave, a general hospital or being at large, is no admission.",
            CONDITIONS["admitted"],
        ),
        Figure(
            "discharged",
            "Discharges",
            "Stays that ended in the period by a move to another hospital, to prison or out of hospital, or by death.",
            CONDITIONS["discharged"],
        ),
        Figure(
            "in",
            "In hospital",
            "Stays that go on at the end of the last day of the period.",
            CONDITIONS["in"],
        ),
    )
}
